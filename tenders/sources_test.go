package tenders

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/tenders/fetch"
)

func newSources(t *testing.T, answer http.HandlerFunc) (*Sources, string) {
	t.Helper()
	return sourcesOn(t, testkit.SQLite(t), answer)
}

func sourcesOn(t *testing.T, st *store.Store, answer http.HandlerFunc) (*Sources, string) {
	t.Helper()
	h := newHouse(t, st)
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return NewSources(h.Service, fetch.New(fetch.Config{Now: h.clock, Folder: t.TempDir(), Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")},
		Sleep: func(context.Context, time.Duration) error { return nil }})), server.URL
}

// TestASourceRunsAgainWithoutEffect: the cursor moves, and the same notices change nothing.
func TestASourceRunsAgainWithoutEffect(t *testing.T) {
	t.Parallel()
	broken := false
	s, at := newSources(t, func(w http.ResponseWriter, _ *http.Request) {
		if broken {
			fmt.Fprint(w, `{"nhits":1,"records":[{"recordid":"a"}]}`)
			return
		}
		fmt.Fprint(w, `{"total_count":1,"results":[{"idweb":"26-1","objet":"Nettoyage","nomacheteur":"Ville","nature":"APPEL_OFFRE","etat":"INITIAL","dateparution":"2026-11-24","code_departement":["26"]}]}`)
	})
	ctx := context.Background()
	if err := s.Configure(ctx, Feed{Name: "boamp", Kind: fetch.BOAMP, URL: at, Enabled: true}); err != nil {
		t.Fatal(err)
	}
	if r, err := s.ImportURL(ctx, strings.Replace(at, "http:", "HTTP:", 1), ImportOptions{}); err != nil || r.Made != 1 {
		t.Fatalf("an address in capitals: %+v: %v", r, err)
	}
	first, more, err := s.Run(ctx, "boamp", ImportOptions{})
	if err != nil || more || first.Unchanged == 0 {
		t.Fatalf("first run: %+v, more %v: %v", first, more, err)
	}
	again, _, err := s.Run(ctx, "boamp", ImportOptions{})
	if err != nil || again.Made+again.Updated != 0 || again.Unchanged == 0 {
		t.Errorf("second run: %+v: %v", again, err)
	}
	before, err := s.Feed(ctx, "boamp")
	if err != nil || before.Cursor.Day != "2026-11-25" || before.Runs != 2 || before.LastSuccess == nil || before.RunningSince != nil {
		t.Fatalf("after two runs: %+v: %v", before, err)
	}
	broken = true
	changed, _, err := s.Run(ctx, "boamp", ImportOptions{})
	var schema *fetch.SchemaError
	if !errors.As(err, &schema) || changed.Quarantined != 1 {
		t.Errorf("another schema: %+v: %v", changed, err)
	}
	after, err := s.Feed(ctx, "boamp")
	if err != nil || !reflect.DeepEqual(after.Cursor, before.Cursor) || after.LastError == "" {
		t.Errorf("the cursor moved to %+v, error %q: %v", after.Cursor, after.LastError, err)
	}
	if runs, err := s.RunsOf(ctx, "boamp", 10); err != nil || len(runs) != 3 || runs[0].Error == "" {
		t.Errorf("runs %+v: %v", runs, err)
	}
}

// TestANoticeThatIsNotGiven goes to quarantine with its reason, the others are
// imported, and it is resolved when the server gives it.
func TestANoticeThatIsNotGiven(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join("testdata", "eforms-call.xml"))
	if err != nil {
		t.Fatal(err)
	}
	at, gone := "", true
	s, at := newSources(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPost:
			fmt.Fprintf(w, `{"totalNoticeCount":1,"notices":[{"publication-number":"1-2026","links":{"xml":{"MUL":"%s/1"}}}]}`, at)
		case gone:
			w.WriteHeader(http.StatusNotFound)
		default:
			_, _ = w.Write(raw)
		}
	})
	ctx := context.Background()
	if err := s.Configure(ctx, Feed{Name: "ted", Kind: fetch.TED, URL: at, Enabled: true}); err != nil {
		t.Fatal(err)
	}
	first, _, err := s.Run(ctx, "ted", ImportOptions{})
	list, listing := s.ListQuarantined(ctx, 0, 10)
	if err != nil || listing != nil || first.Quarantined != 2 || len(list) != 1 || list[0].Code != RefusedLost {
		t.Fatalf("%+v, quarantine %+v: %v %v", first, list, err, listing)
	}
	if said := list[0].Text().FR; !strings.Contains(said, "la source annonce cet avis et ne le donne pas (avis 1-2026) : ") || !strings.HasSuffix(said, "répond 404") {
		t.Errorf("the reason is %q", said)
	}
	gone = false
	if again, _, err := s.Run(ctx, "ted", ImportOptions{}); err != nil || again.Made != 1 {
		t.Errorf("then: %+v: %v", again, err)
	}
	if n, err := s.CountQuarantined(ctx); err != nil || n != 0 {
		t.Errorf("%d are left in quarantine: %v", n, err)
	}
}

func TestOnlyOneRunAtATime(t *testing.T) {
	t.Parallel()
	s, at := newSources(t, func(http.ResponseWriter, *http.Request) {})
	ctx := context.Background()
	if err := s.Configure(ctx, Feed{Name: "decp", Kind: fetch.DECP, URL: at, Enabled: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.claim(ctx, "decp"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Run(ctx, "decp", ImportOptions{}); fault.Of(err).Kind != fault.KindConflict {
		t.Errorf("a second run: %v", err)
	}
	for i, want := range []int{1, 0} {
		if n, err := s.EnqueueDue(ctx); err != nil || n != want {
			t.Errorf("look %d: %d due, want %d: %v", i, n, want, err)
		}
	}
	if err := s.Enable(ctx, "nowhere", true); fault.Of(err).Kind != fault.KindNotFound {
		t.Errorf("a source that is not: %v", err)
	}
	for _, f := range []Feed{{Name: "A b", Kind: fetch.OCDS, URL: at}, {Name: "a", Kind: "x", URL: at}, {Name: "a", Kind: fetch.OCDS, URL: "file:///etc"}, {Name: "a", Kind: fetch.BOAMP, Seconds: 1}} {
		if err := s.Configure(ctx, f); fault.Of(err).Kind != fault.KindInvalid {
			t.Errorf("%+v is taken: %v", f, err)
		}
	}
}
