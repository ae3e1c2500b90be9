package api

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"maillage/internal/fault"
)

// What a caller may invent (cursors, versions, languages, file names) is read or
// refused, never more.
func FuzzWhatCallersInvent(f *testing.F) {
	f.Add(cursor(1))
	f.Add(`"12.9Jt2bE6sJcoN9M2n"`)
	f.Add("en-GB,en;q=0.9")
	f.Add("../../etc/passwd")
	f.Add("Bearer mlg_x")
	f.Fuzz(func(t *testing.T, s string) {
		if n, err := number(s); err == nil && s != "" {
			if again, err := number(cursor(n)); n <= 0 || err != nil || again != n {
				t.Fatalf("cursor %q reads as %d", s, n)
			}
		} else if err != nil && !fault.Is(err, fault.KindInvalid) {
			t.Fatalf("cursor %q: %v", s, err)
		}
		if n, err := (IfMatch{s}).revision(); (err == nil && n < 0) || (err != nil && !fault.Is(err, fault.KindPrecondition)) {
			t.Fatalf("If-Match %q: %d %v", s, n, err)
		}
		r := httptest.NewRequest(http.MethodGet, "/v1/sectors", nil)
		r.Header.Set("Accept-Language", s)
		if lang := spoken(r, "fr"); lang != "fr" && lang != "en" {
			t.Fatalf("language %q from %q", lang, s)
		}
		if name := fileName(s); name == "" || strings.ContainsAny(name, "/\\\x00") || strings.Trim(name, ".") == "" {
			t.Fatalf("file %q from %q", name, s)
		}
		if code, text := reading(s); code == "" || text.FR == "" || text.EN == "" {
			t.Fatalf("%q reads as nothing", s)
		}
		among(s, `"1.a"`)
		bearer(s)
	})
}

func TestCursorsAndVersionsComeBack(t *testing.T) {
	t.Parallel()
	for _, n := range []int64{1, 35, 36, 1 << 40} {
		if got, err := number(cursor(n)); err != nil || got != n {
			t.Errorf("cursor of %d: %d %v", n, got, err)
		}
		if got, err := (IfMatch{tag(n)}).revision(); err != nil || got != n {
			t.Errorf("tag of %d: %d %v", n, got, err)
		}
	}
}
