// Package fetch brings public notices from where they are published: the BOAMP
// and TED interfaces, files of DECP or OCDS, a folder. It hands each body over
// as a bounded file on disk, with the cursor to start from next time, and knows
// nothing of what is in a notice. It refuses private networks unless they are
// allowed, any scheme but http and https, bodies over a bound, and to go on
// from a place it is not sure of: what was not wholly received is asked again.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"maillage/internal/outbound"
)

// Config tunes a Client; its zero value works.
type Config struct {
	// Allow names networks that may be asked though they are not public.
	Allow []netip.Prefix
	// MaxBody bounds one body, in bytes; default 1 GiB.
	MaxBody int64
	// Attempts is how often a request is made before it is given up; default 5.
	Attempts int
	// Patience is the longest wait that a server may ask for; default 2 minutes.
	Patience time.Duration
	// Stall is how long a server may send nothing; default 30 seconds.
	Stall time.Duration
	// Total bounds one body, all attempts and waits together; default 15 minutes.
	Total time.Duration
	// Folder holds the bodies under way; default the system's temporary folder.
	Folder string
	// Transport replaces the network, and with it the check of addresses.
	Transport http.RoundTripper
	// Now, Sleep and Jitter (in [0, 1)) default to the real ones.
	Now    func() time.Time
	Sleep  func(context.Context, time.Duration) error
	Jitter func() float64
}

// Client asks servers for bodies. It is safe for concurrent use.
type Client struct {
	cfg  Config
	http *http.Client
}

// maxRedirects bounds a chain of redirects.
const maxRedirects = 5

// agent is how the client names itself to the publishers.
const agent = "Maillage/1 (public notices)"

// New makes a client.
func New(cfg Config) *Client {
	orInt := func(v *int64, d int64) {
		if *v <= 0 {
			*v = d
		}
	}
	orInt(&cfg.MaxBody, 1<<30)
	orInt((*int64)(&cfg.Patience), int64(2*time.Minute))
	orInt((*int64)(&cfg.Stall), int64(30*time.Second))
	orInt((*int64)(&cfg.Total), int64(15*time.Minute))
	if cfg.Attempts <= 0 {
		cfg.Attempts = 5
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Sleep == nil {
		cfg.Sleep = sleep
	}
	if cfg.Jitter == nil {
		cfg.Jitter = rand.Float64
	}
	if cfg.Transport == nil {
		cfg.Transport = transport(cfg)
	}
	return &Client{cfg: cfg, http: &http.Client{Transport: cfg.Transport, CheckRedirect: redirect}}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// transport checks each address when it is dialled, after its name was resolved:
// a name that changes its mind, and a redirect, are checked like the first. No
// proxy is used: it would be the proxy's address that is checked.
func transport(cfg Config) *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: outbound.Guard(cfg.Allow)}
	return &http.Transport{
		DialContext: dialer.DialContext, TLSHandshakeTimeout: 10 * time.Second,
		ResponseHeaderTimeout: cfg.Stall, IdleConnTimeout: time.Minute, MaxIdleConnsPerHost: 2,
		MaxResponseHeaderBytes: 64 << 10, ForceAttemptHTTP2: true,
		DisableCompression: true, // ranges count the bytes that are kept
	}
}

func redirect(req *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return fmt.Errorf("%w: more than %d redirects", ErrAddress, maxRedirects)
	}
	if via[0].URL.Scheme == "https" && req.URL.Scheme != "https" {
		return fmt.Errorf("%w: a redirect leaves https", ErrAddress)
	}
	_, err := CheckURL(req.URL.String())
	return err
}

// The reasons for which a body is not had.
var (
	// ErrAddress: the address is none that may be asked.
	ErrAddress = outbound.ErrAddress
	// ErrTooLarge: the body is over the bound.
	ErrTooLarge = errors.New("the body is larger than the bound")
	// ErrCut: the body ends before its end. A server that gives no length and
	// closes the connection can't be told from one that was cut, but by what is
	// in the body.
	ErrCut = errors.New("the body is cut before its end")
)

// StatusError is an answer of a server that is not the body.
type StatusError struct {
	URL    string
	Status int
	// After is how long the server asks to wait; 0: it does not say.
	After time.Duration
}

// Error says what the server answered.
func (e *StatusError) Error() string {
	return fmt.Sprintf("%s answers %d %s", e.URL, e.Status, http.StatusText(e.Status))
}

// again tells whether the same request may succeed later.
func (e *StatusError) again() bool {
	return e.Status >= 500 && e.Status != http.StatusNotImplemented ||
		e.Status == http.StatusTooManyRequests || e.Status == http.StatusRequestTimeout || e.Status == http.StatusTooEarly
}

// SchemaError is a body that came whole and is not what the source publishes:
// its interface has changed.
type SchemaError struct{ URL, What string }

// Error says what is not as expected.
func (e *SchemaError) Error() string {
	return "the schema of " + e.URL + " is not the known one: " + e.What
}

// CheckURL reads a web address: http or https, a host, no name or password.
func CheckURL(text string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil {
		return nil, fmt.Errorf("%w: it is no address", ErrAddress)
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || u.User != nil {
		return nil, fmt.Errorf("%w: %s is not http(s)://host/…", ErrAddress, u.Redacted())
	}
	return u, nil
}

// backoff is the wait before attempt n+1 (n from 1): a second, doubled each
// time, a minute at most, of which up to a half is left out at random so that
// those who were refused together do not come back together.
func (c *Client) backoff(n int) time.Duration {
	d := min(time.Second<<min(n-1, 6), time.Minute)
	return d - time.Duration(c.cfg.Jitter()*float64(d)/2)
}

// retryAfter reads the header: seconds, or a date (RFC 9110, 10.2.3).
func retryAfter(header string, now time.Time) time.Duration {
	if header == "" {
		return 0
	}
	if seconds, err := strconv.Atoi(header); err == nil {
		return time.Duration(max(0, min(seconds, 1<<30))) * time.Second
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
