package contours

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestOpenFetchesAnAddress(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/contours.geojson" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte(fc(square("26362", 4.87, 44.91))))
	}))
	t.Cleanup(server.Close)
	body, err := Open(context.Background(), server.URL+"/contours.geojson")
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	if report, err := check(t, Input{Reader: body}); err != nil || report.Territories != 1 {
		t.Errorf("%+v %v", report, err)
	}
	if _, err := Open(context.Background(), server.URL+"/absent"); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("got %v", err)
	}
}
