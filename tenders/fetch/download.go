package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

// Request is a body to bring.
type Request struct {
	URL string
	// Post is the JSON to send; nil: GET.
	Post []byte
	// Since makes a GET conditional on what is known of the body.
	Since Stamp
	// Max bounds the body below the bound of the client; 0: that of the client.
	Max int64
}

// Stamp is what a server says of the version of a body (RFC 9110, 8.8).
type Stamp struct {
	ETag     string `json:"etag,omitempty"`
	Modified string `json:"modified,omitempty"`
}

// Body is a body on disk. The one who asked for it closes it.
type Body struct {
	// Name is where it came from: an address, or the path of a file.
	Name  string
	Path  string
	Size  int64
	Stamp Stamp
	// Unchanged: the server holds the version that was known; there is no file.
	Unchanged bool
	// Lost is why the body can't be had, though the source announces it; there
	// is no file.
	Lost      error
	temporary bool
}

// Close removes the file, unless it was there before.
func (b *Body) Close() error {
	if b == nil || !b.temporary {
		return nil
	}
	return os.Remove(b.Path)
}

// download is one body under way.
type download struct {
	*Client
	req     Request
	file    *os.File
	have    int64 // bytes received
	stamp   Stamp // of the bytes received
	resumes bool  // the server takes up where it was cut
}

// Download brings a whole body to disk. It tries again on a network that fails,
// on 408, 425, 429 and 5xx, waiting as asked or longer each time, and takes up
// a body that was cut where the server allows it. What comes back is whole: a
// body that stays cut, too large or refused is an error and leaves no file.
func (c *Client) Download(ctx context.Context, req Request) (_ *Body, err error) {
	if _, err := CheckURL(req.URL); err != nil {
		return nil, err
	}
	if req.Max <= 0 || req.Max > c.cfg.MaxBody {
		req.Max = c.cfg.MaxBody
	}
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Total)
	defer cancel()
	f, err := os.CreateTemp(c.cfg.Folder, "notices-*")
	if err != nil {
		return nil, fmt.Errorf("make a file for %s: %w", req.URL, err)
	}
	d := &download{Client: c, req: req, file: f}
	unchanged, err := d.attempts(ctx)
	if closed := f.Close(); err == nil && closed != nil {
		err = fmt.Errorf("write %s: %w", req.URL, closed)
	}
	if err != nil || unchanged {
		err = errors.Join(err, os.Remove(f.Name()))
	}
	if err != nil {
		return nil, err
	}
	return &Body{Name: req.URL, Path: f.Name(), Size: d.have, Stamp: d.stamp, Unchanged: unchanged, temporary: !unchanged}, nil
}

func (d *download) attempts(ctx context.Context) (unchanged bool, err error) {
	for n := 1; ; n++ {
		unchanged, err = d.once(ctx)
		if err == nil || !again(err) || ctx.Err() != nil {
			return unchanged, err
		}
		if n == d.cfg.Attempts {
			return false, fmt.Errorf("after %d attempts: %w", n, err)
		}
		wait := d.backoff(n)
		var status *StatusError
		if errors.As(err, &status) && status.After > 0 {
			if status.After > d.cfg.Patience {
				return false, fmt.Errorf("asks to wait %s: %w", status.After, err)
			}
			wait = status.After
		}
		if err := d.cfg.Sleep(ctx, wait); err != nil {
			return false, fmt.Errorf("wait for %s: %w", d.req.URL, err)
		}
	}
}

// again tells whether what failed may succeed later.
func again(err error) bool {
	var status *StatusError
	switch {
	case errors.As(err, &status):
		return status.again()
	case errors.Is(err, ErrAddress), errors.Is(err, ErrTooLarge), errors.Is(err, context.Canceled), errors.Is(err, errDisk):
		return false
	}
	return true
}

var (
	errDisk    = errors.New("the file cannot be written")
	errStalled = errors.New("the server sends nothing more")
)

// once makes one attempt.
func (d *download) once(ctx context.Context) (unchanged bool, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stall := time.AfterFunc(d.cfg.Stall, func() { cancel(errStalled) })
	defer stall.Stop()
	defer func() {
		if err != nil && errors.Is(context.Cause(ctx), errStalled) {
			err = fmt.Errorf("read %s: %w", d.req.URL, errStalled)
		}
	}()
	req, err := d.request(ctx)
	if err != nil {
		return false, err
	}
	res, err := d.http.Do(req)
	if err != nil {
		return false, fmt.Errorf("ask: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusNotModified && d.req.Since != (Stamp{}) && d.have == 0 {
		d.stamp = d.req.Since
		return true, nil
	}
	if err := d.place(res); err != nil {
		return false, err
	}
	return false, d.receive(res, stall)
}

func (d *download) request(ctx context.Context) (*http.Request, error) {
	method, body := http.MethodGet, io.Reader(nil)
	if d.req.Post != nil {
		method, body = http.MethodPost, bytes.NewReader(d.req.Post)
	}
	req, err := http.NewRequestWithContext(ctx, method, d.req.URL, body)
	if err != nil {
		return nil, fmt.Errorf("%w: %s", ErrAddress, d.req.URL)
	}
	req.Header.Set("User-Agent", agent)
	set := func(name, value string) {
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	if d.req.Post != nil {
		set("Content-Type", "application/json")
		return req, nil
	}
	if d.have > 0 && d.resumes {
		set("Range", fmt.Sprintf("bytes=%d-", d.have))
		set("If-Range", d.validator())
		return req, nil
	}
	set("If-None-Match", d.req.Since.ETag)
	set("If-Modified-Since", d.req.Since.Modified)
	return req, nil
}

// validator names the version received; a weak tag can't join two halves.
func (d *download) validator() string {
	if d.stamp.ETag != "" && !strings.HasPrefix(d.stamp.ETag, "W/") {
		return d.stamp.ETag
	}
	return ""
}

// place puts the file where the answer goes on: at its end for a part that
// joins it, at its beginning otherwise.
func (d *download) place(res *http.Response) error {
	switch {
	case res.StatusCode == http.StatusPartialContent && d.have > 0 &&
		strings.HasPrefix(res.Header.Get("Content-Range"), fmt.Sprintf("bytes %d-", d.have)):
		return nil
	case res.StatusCode == http.StatusOK:
	case res.StatusCode == http.StatusPartialContent, res.StatusCode == http.StatusRequestedRangeNotSatisfiable:
		d.resumes = false
		return errors.Join(d.restart(), fmt.Errorf("%s does not take up where it was cut", d.req.URL))
	default:
		return &StatusError{URL: d.req.URL, Status: res.StatusCode, After: retryAfter(res.Header.Get("Retry-After"), d.cfg.Now())}
	}
	if res.ContentLength > d.req.Max {
		return fmt.Errorf("read %s: %w (%d bytes)", d.req.URL, ErrTooLarge, d.req.Max)
	}
	d.stamp = Stamp{ETag: res.Header.Get("ETag"), Modified: res.Header.Get("Last-Modified")}
	d.resumes = d.req.Post == nil && d.validator() != "" && res.Header.Get("Accept-Ranges") == "bytes"
	return d.restart()
}

func (d *download) restart() error {
	d.have = 0
	if err := d.file.Truncate(0); err != nil {
		return fmt.Errorf("%w: %w", errDisk, err)
	}
	if _, err := d.file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("%w: %w", errDisk, err)
	}
	return nil
}

// receive copies what comes, until its end, its bound or a silence.
func (d *download) receive(res *http.Response, stall *time.Timer) error {
	buffer := make([]byte, 64<<10)
	for {
		n, err := res.Body.Read(buffer)
		stall.Reset(d.cfg.Stall)
		if d.have+int64(n) > d.req.Max {
			return fmt.Errorf("read %s: %w (%d bytes)", d.req.URL, ErrTooLarge, d.req.Max)
		}
		if _, writing := d.file.Write(buffer[:n]); writing != nil {
			return fmt.Errorf("%w: %w", errDisk, writing)
		}
		d.have += int64(n)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", d.req.URL, err)
		}
	}
}
