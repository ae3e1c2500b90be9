package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"testing"
)

// pages serves so many release packages that lead one to the next.
func pages(t *testing.T, last int, link func(n int) string) (address string, asked *[]int) {
	asked = new([]int)
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.URL.Query().Get("page"))
		*asked = append(*asked, n)
		next := ""
		if n < last {
			next = fmt.Sprintf(`,"links":{"next":%q}`, link(n+1))
		}
		fmt.Fprintf(w, `{"version":"1.1","releases":[{"ocid":"ocds-1-%d"}]%s}`, n, next)
	}) + "/releases", asked
}

// TestPackagesLeadToTheNext: all the pages of a list are taken at each run; one
// that leads elsewhere or back is refused, and the run goes on from there.
func TestPackagesLeadToTheNext(t *testing.T) {
	t.Parallel()
	c, _ := misbehaving(t, Config{})
	address, asked := pages(t, 3, func(n int) string { return fmt.Sprint("/releases?page=", n) })
	for range 2 {
		taken := 0
		cursor, more, err := c.Pull(context.Background(), Feed{Kind: OCDS, URL: address}, Cursor{}, func(context.Context, *Body) error { taken++; return nil })
		if err != nil || more || cursor.Page != "" || taken != 4 {
			t.Fatalf("%d pages, %+v, more %v: %v", taken, cursor, more, err)
		}
	}
	if want := []int{0, 1, 2, 3, 0, 1, 2, 3}; !slices.Equal(*asked, want) {
		t.Errorf("asked %v, want %v", *asked, want)
	}
	for name, link := range map[string]func(int) string{
		"elsewhere": func(int) string { return "https://other.example.org/releases" },
		"back":      func(n int) string { return fmt.Sprint("/releases?page=", n%2) },
	} {
		address, _ := pages(t, 9, link)
		var schema *SchemaError
		if _, _, err := c.Pull(context.Background(), Feed{Kind: OCDS, URL: address}, Cursor{}, func(context.Context, *Body) error { return nil }); !errors.As(err, &schema) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestAListGoesOnWhereItStopped: the page that failed is the one asked first.
func TestAListGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	c, _ := misbehaving(t, Config{})
	address, asked := pages(t, 3, func(n int) string { return fmt.Sprint("/releases?page=", n) })
	broken := errors.New("the database is down")
	taken := 0
	cursor, more, err := c.Pull(context.Background(), Feed{Kind: OCDS, URL: address}, Cursor{}, func(context.Context, *Body) error {
		if taken++; taken == 3 {
			return broken
		}
		return nil
	})
	if !errors.Is(err, broken) || !more {
		t.Fatalf("%+v, more %v: %v", cursor, more, err)
	}
	*asked = nil
	if _, _, err := c.Pull(context.Background(), Feed{Kind: OCDS, URL: address}, cursor, func(context.Context, *Body) error { return nil }); err != nil || !slices.Equal(*asked, []int{2, 3}) {
		t.Errorf("asked %v: %v", *asked, err)
	}
}
