package fetch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

var today = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// misbehaving is a client that may ask this machine, with a clock that does not
// wait, and the waits it would have made.
func misbehaving(t *testing.T, cfg Config) (*Client, *[]time.Duration) {
	t.Helper()
	waits := new([]time.Duration)
	cfg.Allow = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	cfg.Folder = t.TempDir()
	cfg.Now = func() time.Time { return today }
	cfg.Jitter = func() float64 { return 0 }
	cfg.Sleep = func(_ context.Context, d time.Duration) error { *waits = append(*waits, d); return nil }
	t.Cleanup(func() {
		left, err := os.ReadDir(cfg.Folder)
		if err != nil || len(left) > 0 {
			t.Errorf("files are left behind: %v, %v", left, err)
		}
	})
	return New(cfg), waits
}

func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func content(t *testing.T, b *Body) string {
	t.Helper()
	defer b.Close()
	raw, err := os.ReadFile(b.Path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestABusyServerIsAskedAgainWhenItSays(t *testing.T) {
	t.Parallel()
	n := 0
	at := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		switch n++; n {
		case 1:
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(http.StatusTooManyRequests)
		case 2:
			w.Header().Set("Retry-After", today.Add(9*time.Second).Format(http.TimeFormat))
			w.WriteHeader(http.StatusServiceUnavailable)
		case 3:
			w.WriteHeader(http.StatusInternalServerError)
		default:
			fmt.Fprint(w, "here")
		}
	})
	c, waits := misbehaving(t, Config{})
	b, err := c.Download(context.Background(), Request{URL: at})
	if err != nil {
		t.Fatal(err)
	}
	if got := content(t, b); got != "here" {
		t.Errorf("body %q", got)
	}
	if want := []time.Duration{7 * time.Second, 9 * time.Second, 4 * time.Second}; !slices.Equal(*waits, want) {
		t.Errorf("waits %v, want %v", *waits, want)
	}
}

func TestWhatIsGivenUp(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		status int
		asked  int
	}{
		"always 500": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }, http.StatusInternalServerError, 5},
		"not found":  {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) }, http.StatusNotFound, 1},
		"a day to wait": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "86400")
			w.WriteHeader(http.StatusTooManyRequests)
		}, http.StatusTooManyRequests, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := 0
			at := serve(t, func(w http.ResponseWriter, r *http.Request) { asked++; c.answer(w, r) })
			client, _ := misbehaving(t, Config{})
			_, err := client.Download(context.Background(), Request{URL: at})
			var status *StatusError
			if !errors.As(err, &status) || status.Status != c.status || asked != c.asked {
				t.Errorf("%v after %d requests, want %d after %d", err, asked, c.status, c.asked)
			}
		})
	}
}

func TestACutBodyIsTakenUp(t *testing.T) {
	t.Parallel()
	whole := strings.Repeat("0123456789", 20_000)
	var ranges []string
	at := serve(t, func(w http.ResponseWriter, r *http.Request) {
		ranges = append(ranges, r.Header.Get("Range"))
		w.Header().Set("ETag", `"one"`)
		w.Header().Set("Accept-Ranges", "bytes")
		if r.Header.Get("Range") == "" {
			w.Header().Set("Content-Length", strconv.Itoa(len(whole)))
			fmt.Fprint(w, whole[:150_000])
			return // the server closes: the body is cut
		}
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(whole))
	})
	c, _ := misbehaving(t, Config{})
	b, err := c.Download(context.Background(), Request{URL: at})
	if err != nil {
		t.Fatal(err)
	}
	if content(t, b) != whole || len(ranges) != 2 || ranges[1] == "" {
		t.Errorf("the body is not whole after ranges %q", ranges)
	}
}

func TestABodyThatStaysCutIsRefused(t *testing.T) {
	t.Parallel()
	at := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		fmt.Fprint(w, "half")
	})
	c, _ := misbehaving(t, Config{Attempts: 3})
	if b, err := c.Download(context.Background(), Request{URL: at}); err == nil {
		t.Errorf("a cut body is taken for whole: %q", content(t, b))
	}
}

func TestEndlessAndSilentBodiesAreRefused(t *testing.T) {
	t.Parallel()
	endless := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		for {
			if _, err := w.Write(make([]byte, 4096)); err != nil {
				return
			}
		}
	})
	c, waits := misbehaving(t, Config{MaxBody: 1 << 20, Attempts: 2, Stall: 60 * time.Millisecond})
	if _, err := c.Download(context.Background(), Request{URL: endless}); !errors.Is(err, ErrTooLarge) || len(*waits) > 0 {
		t.Errorf("endless: %v after waits %v", err, *waits)
	}
	slow := serve(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "a")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	if _, err := c.Download(context.Background(), Request{URL: slow}); !errors.Is(err, errStalled) {
		t.Errorf("silent: %v", err)
	}
}

func TestPrivateAddressesAreRefused(t *testing.T) {
	t.Parallel()
	asked := false
	inside := serve(t, func(http.ResponseWriter, *http.Request) { asked = true })
	if _, err := New(Config{Folder: t.TempDir()}).Download(context.Background(), Request{URL: inside}); !errors.Is(err, ErrAddress) {
		t.Errorf("this machine is asked: %v", err)
	}
	if asked {
		t.Error("the server was reached")
	}
	for _, target := range []string{"http://10.0.0.1/", "http://[fd00::1]/", "http://169.254.169.254/latest", "http://127.0.0.2/", "ftp://example.org/", "http://[::ffff:10.0.0.1]/", "file:///etc/passwd"} {
		from := serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", target)
			w.WriteHeader(http.StatusFound)
		})
		c, waits := misbehaving(t, Config{})
		if _, err := c.Download(context.Background(), Request{URL: from}); !errors.Is(err, ErrAddress) || len(*waits) > 0 {
			t.Errorf("a redirect to %s: %v after %v", target, err, *waits)
		}
	}
	var turning string
	turning = serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, turning, http.StatusFound) })
	c, _ := misbehaving(t, Config{})
	if _, err := c.Download(context.Background(), Request{URL: turning}); !errors.Is(err, ErrAddress) {
		t.Errorf("redirects in circles: %v", err)
	}
}

// board is a BOAMP that holds some notices a day and obeys the bounds.
type board struct {
	perDay  int
	queries int
	broken  bool
	fail    string // the first day of a slice that is refused
	most    int    // records of a page, whatever is asked; 0: as asked
	stuck   bool   // every page is the first one
}

func (b *board) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.queries++
	q := r.URL.Query()
	var first, last string
	if _, err := fmt.Sscanf(strings.NewReplacer("'", " ").Replace(q.Get("where")), "dateparution >= date %s and dateparution <= date %s", &first, &last); err != nil {
		http.Error(w, "where", http.StatusBadRequest)
		return
	}
	limit, _ := strconv.Atoi(q.Get("limit"))
	offset, _ := strconv.Atoi(q.Get("offset"))
	if limit > 100 || offset+limit > 10_000 || first == b.fail {
		http.Error(w, "bounds", http.StatusBadRequest)
		return
	}
	if b.broken {
		fmt.Fprint(w, `{"nhits": 2, "records": [{"fields": {}}]}`)
		return
	}
	from, _ := time.Parse(day, first)
	to, _ := time.Parse(day, last)
	total := (int(to.Sub(from)/(24*time.Hour)) + 1) * b.perDay
	if b.most > 0 {
		limit = min(limit, b.most)
	}
	if b.stuck {
		offset = 0
	}
	results := []map[string]string{}
	for i := offset; i < min(total, offset+limit); i++ {
		results = append(results, map[string]string{"idweb": fmt.Sprintf("%s-%d", from.AddDate(0, 0, i/b.perDay).Format(day), i%b.perDay)})
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"total_count": total, "results": results})
}

func taken(ids map[string]int) Take {
	return func(_ context.Context, b *Body) error {
		var page struct {
			Results []struct {
				ID string `json:"idweb"`
			} `json:"results"`
		}
		raw, err := os.ReadFile(b.Path)
		if err != nil {
			return err
		}
		_ = json.Unmarshal(raw, &page)
		for _, r := range page.Results {
			ids[r.ID]++
		}
		return nil
	}
}

func TestBOAMPIsCutInSlices(t *testing.T) {
	t.Parallel()
	b := &board{perDay: 2_500}
	at := serve(t, b.ServeHTTP)
	c, _ := misbehaving(t, Config{})
	ids := map[string]int{}
	feed := Feed{Kind: BOAMP, URL: at, First: today.AddDate(0, 0, -6)}
	next, more, err := c.Pull(context.Background(), feed, Cursor{}, taken(ids))
	if err != nil || more || next.Day != "2026-11-23" {
		t.Fatalf("cursor %+v, more %v: %v", next, more, err)
	}
	if len(ids) != 7*2_500 {
		t.Errorf("%d notices, want %d", len(ids), 7*2_500)
	}
	for id, n := range ids {
		if n != 1 {
			t.Fatalf("%s came %d times", id, n)
		}
	}
	again := map[string]int{}
	if _, _, err := c.Pull(context.Background(), feed, next, taken(again)); err != nil || len(again) != 2*2_500 {
		t.Errorf("the overlap brings %d notices: %v", len(again), err)
	}
	b.perDay = 10_000
	if got, _, err := c.Pull(context.Background(), feed, next, taken(again)); err == nil || !reflect.DeepEqual(got, next) {
		t.Errorf("a day over the bound: cursor %+v, %v", got, err)
	}
}

// TestBOAMPGivesShortPages: a server that caps its pages loses no record, and
// one that gives the same page again is not believed.
func TestBOAMPGivesShortPages(t *testing.T) {
	t.Parallel()
	b := &board{perDay: 120, most: 50}
	at := serve(t, b.ServeHTTP)
	c, _ := misbehaving(t, Config{})
	ids := map[string]int{}
	feed := Feed{Kind: BOAMP, URL: at, First: today}
	if next, _, err := c.Pull(context.Background(), feed, Cursor{}, taken(ids)); err != nil || len(ids) != 120 || next.Day != "2026-11-23" {
		t.Errorf("%d notices of 120, cursor %+v: %v", len(ids), next, err)
	}
	b.perDay, ids = 9_999, map[string]int{}
	if _, _, err := c.Pull(context.Background(), feed, Cursor{}, taken(ids)); err != nil || len(ids) != 9_999 {
		t.Errorf("%d notices of 9999: %v", len(ids), err)
	}
	b.stuck = true
	if next, _, err := c.Pull(context.Background(), feed, Cursor{}, taken(ids)); err == nil || next.Day != "" {
		t.Errorf("the same page again moves the cursor to %+v", next)
	}
}

func TestTheCursorStopsWhereTheSourceFails(t *testing.T) {
	t.Parallel()
	b := &board{perDay: 3, fail: "2026-11-08"}
	at := serve(t, b.ServeHTTP)
	c, _ := misbehaving(t, Config{})
	first := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	next, more, err := c.Pull(context.Background(), Feed{Kind: BOAMP, URL: at, First: first}, Cursor{}, taken(map[string]int{}))
	if err == nil || !more || next.Day != "2026-11-07" {
		t.Errorf("cursor %+v, more %v: %v", next, more, err)
	}
	b.fail, b.broken = "", true
	seen := 0
	got, _, err := c.Pull(context.Background(), Feed{Kind: BOAMP, URL: at}, next, func(context.Context, *Body) error { seen++; return nil })
	var changed *SchemaError
	if !errors.As(err, &changed) || !reflect.DeepEqual(got, next) || seen != 1 {
		t.Errorf("another schema: cursor %+v, %d bodies kept: %v", got, seen, err)
	}
}

func TestABacklogIsTakenInRuns(t *testing.T) {
	t.Parallel()
	at := serve(t, (&board{perDay: 1}).ServeHTTP)
	c, _ := misbehaving(t, Config{})
	ids, cursor, more := map[string]int{}, Cursor{}, true
	for runs := 0; more; runs++ {
		var err error
		if cursor, more, err = c.Pull(context.Background(), Feed{Kind: BOAMP, URL: at, First: today.AddDate(0, 0, -99)}, cursor, taken(ids)); err != nil || runs > 9 {
			t.Fatalf("run %d: %v", runs, err)
		}
	}
	if len(ids) != 100 || cursor.Day != "2026-11-23" {
		t.Errorf("%d days, cursor %+v", len(ids), cursor)
	}
}

func TestTEDBringsEachNotice(t *testing.T) {
	t.Parallel()
	var at string
	var queries []tedQuery
	at = serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			fmt.Fprintf(w, "<notice>%s</notice>", r.URL.Path)
			return
		}
		var q tedQuery
		_ = json.NewDecoder(r.Body).Decode(&q)
		queries = append(queries, q)
		number := strconv.Itoa(len(queries))
		_ = json.NewEncoder(w).Encode(map[string]any{"totalNoticeCount": 2, "iterationNextToken": "next" + q.Token, "notices": []any{
			map[string]any{"publication-number": number, "links": map[string]any{"xml": map[string]string{"MUL": at + "/" + number + "/xml"}}}}})
	})
	c, _ := misbehaving(t, Config{})
	var names []string
	next, _, err := c.Pull(context.Background(), Feed{Kind: TED, URL: at, First: today}, Cursor{}, func(_ context.Context, b *Body) error { names = append(names, b.Name); return nil })
	if err != nil || next.Day != "2026-11-23" || !slices.Equal(names, []string{at + "/1/xml", at + "/2/xml"}) {
		t.Errorf("cursor %+v, bodies %v: %v", next, names, err)
	}
	if len(queries) != 2 || queries[0].Token != "" || queries[1].Token != "next" || !strings.Contains(queries[0].Query, "publication-date>=20261123") {
		t.Errorf("queries %+v", queries)
	}
}

func TestAFileIsAskedOnceAVersion(t *testing.T) {
	t.Parallel()
	version, asked := "one", []string{}
	at := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Header.Get("If-None-Match"))
		w.Header().Set("ETag", `"`+version+`"`)
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(version))
	})
	c, _ := misbehaving(t, Config{})
	var cursor Cursor
	seen := 0
	pull := func() {
		var err error
		cursor, _, err = c.Pull(context.Background(), Feed{Kind: DECP, URL: at}, cursor, func(context.Context, *Body) error { seen++; return nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	pull()
	pull()
	version = "two"
	pull()
	if seen != 2 || !slices.Equal(asked, []string{"", `"one"`, `"one"`}) {
		t.Errorf("%d bodies, asked with %q", seen, asked)
	}
	before := cursor
	version = "three"
	got, _, err := c.Pull(context.Background(), Feed{Kind: OCDS, URL: at}, cursor, func(context.Context, *Body) error { return errors.New("no") })
	if err == nil || !reflect.DeepEqual(got, before) {
		t.Errorf("a body that could not be taken moves the cursor to %+v", got)
	}
}

func TestAFolderIsReadWhenItChanges(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("a.xml")
	write(".hidden")
	c, _ := misbehaving(t, Config{})
	var cursor Cursor
	for i, want := range []int{1, 0, 2} {
		if i == 2 {
			write("b.xml")
		}
		seen := 0
		var err error
		cursor, _, err = c.Pull(context.Background(), Feed{Kind: Folder, URL: dir}, cursor, func(context.Context, *Body) error { seen++; return nil })
		if err != nil || seen != want {
			t.Errorf("run %d: %d files, want %d: %v", i, seen, want, err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "a.xml")); err != nil {
		t.Error("a file of the folder was removed")
	}
}
