package outbound_test

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"maillage/internal/outbound"
)

func TestWhichAddressesMayBeReached(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"8.8.8.8": true, "2a00:1450:4007::1": true,
		"127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "169.254.169.254": false, "0.0.0.0": false, "100.64.0.1": false,
		"198.18.0.1": false, "::1": false, "::127.0.0.1": false, "fe80::1%eth0": false, "fc00::1": false, "fd00:ec2::254": false, "::ffff:10.0.0.1": false, "64:ff9b::a00:1": false, "2002:a00:1::1": false, "224.0.0.1": false, "255.255.255.255": false,
	} {
		if got := outbound.Allowed(netip.MustParseAddr(text), nil); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
	if !outbound.Allowed(netip.MustParseAddr("::ffff:10.1.2.3"), []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}) {
		t.Error("a network allowed by name is refused")
	}
}

func TestWhichAddressesMayBeTyped(t *testing.T) {
	t.Parallel()
	p := outbound.NewPoster(outbound.Config{})
	for text, want := range map[string]bool{
		"https://hooks.example.org/maillage?x=1": true, "https://hooks.example.org:8443/": true, " https://8.8.8.8/ ": true,
		"http://hooks.example.org/": false, "ftp://hooks.example.org/": false, "https://": false, "hooks.example.org": false, "": false,
		"https://zoe:secret@example.org/": false, "https://localhost/": false, "https://intranet/": false, "https://printer.local/": false,
		"https://metadata.google.internal/": false, "https://a.localhost./": false, "https://127.0.0.1/": false, "https://[::1]/": false,
		"https://169.254.169.254/latest/": false, "https://2130706433/": false, "https://127.1/": false, "https://0x7f.1/": false, "https://example.org/#a": false,
	} {
		if _, err := p.Check(text); (err == nil) != want {
			t.Errorf("%q: %v", text, err)
		} else if err != nil && !errors.Is(err, outbound.ErrAddress) {
			t.Errorf("%q: %v is not told apart", text, err)
		}
	}
}

// server answers over TLS on this machine.
func server(t *testing.T, answer http.HandlerFunc) (string, *x509.CertPool) {
	t.Helper()
	s := httptest.NewTLSServer(answer)
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return s.URL, roots
}

var here = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

// A name is checked when it has become a number: what leads to this machine is
// not connected to, whoever chose the name.
func TestANameThatLeadsInsideIsRefused(t *testing.T) {
	t.Parallel()
	url, roots := server(t, func(http.ResponseWriter, *http.Request) { t.Error("it was reached") })
	p := outbound.NewPoster(outbound.Config{Roots: roots})
	if err := outbound.Guard(nil)("tcp", strings.TrimPrefix(url, "https://"), nil); !errors.Is(err, outbound.ErrAddress) {
		t.Errorf("the guard lets it through: %v", err)
	}
	if _, err := p.Post(context.Background(), url, nil, nil); !errors.Is(err, outbound.ErrAddress) {
		t.Errorf("%v", err)
	}
}

func TestABodyIsPostedAndNoRedirectFollowed(t *testing.T) {
	t.Parallel()
	var got string
	url, roots := server(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "https://127.0.0.1:1/", http.StatusTemporaryRedirect)
		case "/slow":
			select {
			case <-r.Context().Done():
			case <-time.After(5 * time.Second):
			}
		default:
			body, _ := io.ReadAll(r.Body)
			got = r.Method + " " + r.Header.Get("Webhook-Id") + " " + string(body)
			w.WriteHeader(http.StatusNoContent)
		}
	})
	p := outbound.NewPoster(outbound.Config{Allow: here, Roots: roots, Timeout: time.Second})
	if status, err := p.Post(context.Background(), url, map[string]string{"webhook-id": "msg_1"}, []byte("{}")); err != nil || status != 204 || got != "POST msg_1 {}" {
		t.Errorf("%d %v %q", status, err, got)
	}
	if status, err := p.Post(context.Background(), url+"/moved", nil, nil); err != nil || status != 307 {
		t.Errorf("a redirect: %d %v", status, err)
	}
	if _, err := p.Post(context.Background(), url+"/slow?key=s3cr3t", nil, nil); err == nil || strings.Contains(err.Error(), "s3cr3t") {
		t.Errorf("a slow one: %v", err)
	}
	if _, err := outbound.NewPoster(outbound.Config{Allow: here}).Post(context.Background(), url, nil, nil); err == nil {
		t.Error("a certificate that nobody vouches for is taken")
	}
}
