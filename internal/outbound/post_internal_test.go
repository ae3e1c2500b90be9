package outbound

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
)

// The connection itself is guarded: what a name turns out to lead to is refused
// though the name was not.
func TestTheConnectionIsGuarded(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was reached") }))
	t.Cleanup(s.Close)
	res, err := NewPoster(Config{}).http.Get(s.URL)
	if err == nil {
		_ = res.Body.Close()
	}
	if !errors.Is(err, ErrAddress) {
		t.Errorf("%v", err)
	}
}
