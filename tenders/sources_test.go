package tenders

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"maillage/internal/fault"
	"maillage/internal/testkit"
	"maillage/tenders/fetch"
)

func newSources(t *testing.T, answer http.HandlerFunc) (*Sources, string) {
	t.Helper()
	h := newHouse(t, testkit.SQLite(t))
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
	first, more, err := s.Run(ctx, "boamp", ImportOptions{})
	if err != nil || more || first.Made != 1 {
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
	if err != nil || after.Cursor != before.Cursor || after.LastError == "" {
		t.Errorf("the cursor moved to %+v, error %q: %v", after.Cursor, after.LastError, err)
	}
	if runs, err := s.RunsOf(ctx, "boamp", 10); err != nil || len(runs) != 3 || runs[0].Error == "" {
		t.Errorf("runs %+v: %v", runs, err)
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
