package contours

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

// Open gives a file of the disk, or what a http or https address answers. The
// caller closes it.
func Open(ctx context.Context, name string) (io.ReadCloser, error) {
	if !strings.HasPrefix(name, "https://") && !strings.HasPrefix(name, "http://") {
		f, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("open the contours: %w", err)
		}
		return f, nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, name, nil)
	if err != nil {
		return nil, fmt.Errorf("fetch the contours: %w", err)
	}
	client := &http.Client{Transport: &http.Transport{
		Proxy: http.ProxyFromEnvironment, ResponseHeaderTimeout: 30 * time.Second, TLSHandshakeTimeout: 15 * time.Second,
	}}
	resp, err := client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("fetch the contours: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		_ = resp.Body.Close()
		return nil, fmt.Errorf("fetch the contours: %s answers %s", req.URL.Host, resp.Status)
	}
	return resp.Body, nil
}
