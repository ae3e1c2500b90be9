package outbound

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Config tunes a Poster; its zero value works.
type Config struct {
	// Allow names networks that may be reached though they are not public.
	Allow []netip.Prefix
	// Timeout bounds one request, its connection included; default 15 seconds.
	Timeout time.Duration
	// Roots are the certification authorities to trust; nil: the system's.
	Roots *x509.CertPool
}

// Poster hands bodies to addresses over HTTPS. It follows no redirect: whoever
// gave the address gives the new one. It is safe for concurrent use.
type Poster struct {
	http  *http.Client
	allow []netip.Prefix
}

// NewPoster makes a poster.
func NewPoster(cfg Config) *Poster {
	if cfg.Timeout <= 0 {
		cfg.Timeout = 15 * time.Second
	}
	dialer := &net.Dialer{Timeout: cfg.Timeout, Control: Guard(cfg.Allow)}
	return &Poster{allow: cfg.Allow, http: &http.Client{
		Timeout: cfg.Timeout,
		Transport: &http.Transport{DialContext: dialer.DialContext, TLSHandshakeTimeout: cfg.Timeout, TLSClientConfig: &tls.Config{RootCAs: cfg.Roots, MinVersion: tls.VersionTLS12},
			MaxResponseHeaderBytes: 64 << 10, DisableKeepAlives: true, ForceAttemptHTTP2: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// answerMost is how much of an answer is read before the connection is closed:
// nothing of it is kept.
const answerMost = 16 << 10

// Post sends a body and gives the status of the answer. Where there is none, the
// error says why; ErrAddress in its chain means that the address leads where
// nothing may be sent.
func (p *Poster) Post(ctx context.Context, address string, headers map[string]string, body []byte) (int, error) {
	u, err := p.Check(address)
	if err != nil {
		return 0, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u, bytes.NewReader(body))
	if err != nil {
		return 0, fmt.Errorf("%w: it cannot be read", ErrAddress)
	}
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	res, err := p.http.Do(req)
	if err != nil {
		return 0, fmt.Errorf("post: %w", errors.Unwrap(err)) // without the address, which may hold a secret
	}
	defer func() { _ = res.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, answerMost))
	return res.StatusCode, nil
}

// Check reads an address as it is typed, without asking anybody: https, a host
// with a dot in it, no name nor password. A number must be one that may be
// reached; what a name leads to is checked at each connection.
func (p *Poster) Check(text string) (string, error) {
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Fragment != "" || u.Opaque != "" || len(text) > 2000 {
		return "", fmt.Errorf("%w: it is not https://host/…", ErrAddress)
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if at, err := netip.ParseAddr(host); err == nil {
		if !Allowed(at, p.allow) {
			return "", fmt.Errorf("%w: %s is not a public address", ErrAddress, at)
		}
		return u.String(), nil
	}
	last := host[strings.LastIndex(host, ".")+1:]
	if last == host || strings.Trim(last, "0123456789") == "" || last == "localhost" || last == "local" || last == "internal" {
		return "", fmt.Errorf("%w: %s is not a public name", ErrAddress, host)
	}
	return u.String(), nil
}
