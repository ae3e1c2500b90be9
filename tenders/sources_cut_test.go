package tenders

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/tenders/fetch"
)

// page is a BOAMP page of so many invented notices.
func page(n int) string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf(`{"idweb":"26-%d","objet":"Nettoyage %d","nomacheteur":"Ville %d","nature":"APPEL_OFFRE","etat":"INITIAL","dateparution":"2026-11-24","code_departement":["26"]}`, i+1, i+1, i+1))
	}
	return fmt.Sprintf(`{"total_count":%d,"results":[%s]}`, n, strings.Join(list, ",\n"))
}

// withoutLength answers so much of a text and closes the connection, so that
// nothing but the text says that there is more. It knows the version it gave.
func withoutLength(w http.ResponseWriter, r *http.Request, text string, share float64) {
	w.Header().Set("ETag", `"one"`)
	if r.Header.Get("If-None-Match") == `"one"` {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Connection", "close")
	w.Header().Set("Transfer-Encoding", "identity")
	_, _ = w.Write([]byte(text[:int(share*float64(len(text)))]))
}

// TestACutBodyIsAskedAgainWhole: a body without a length that stops is no
// version of the source: what was read of it stays, the run says so, and the
// next one asks for all of it.
func TestACutBodyIsAskedAgainWhole(t *testing.T) {
	t.Parallel()
	call, err := os.ReadFile(filepath.Join("testdata", "eforms-call.xml"))
	if err != nil {
		t.Fatal(err)
	}
	tail := `{"version":"1.1","uri":"https://example.org/1","releases":[` + release(1) + "," + release(2) + `],"links":{"self":"x"}}`
	for name, c := range map[string]struct {
		kind  fetch.Kind
		text  string
		share float64
		all   int
	}{
		"a file":              {fetch.DECP, page(30), 0.6, 30},
		"a document":          {fetch.DECP, string(call), 0.9, 1},
		"a table":             {fetch.DECP, "id,acheteur_id,objet,montant\n1,21260362800016,Voirie,10\n2,21260362800016,Nettoyage,20", 0.9, 2},
		"a page of BOAMP":     {fetch.BOAMP, page(30), 0.6, 30},
		"release package":     {fetch.OCDS, tail, 0.6, 2},
		"after the releases":  {fetch.OCDS, tail, 0.97, 2},
		"between the records": {fetch.DECP, page(2), 0.5, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			share := c.share
			s, at := newSources(t, func(w http.ResponseWriter, r *http.Request) { withoutLength(w, r, c.text, share) })
			ctx := context.Background()
			if err := s.Configure(ctx, Feed{Name: "cut", Kind: c.kind, URL: at, Enabled: true}); err != nil {
				t.Fatal(err)
			}
			first, _, err := s.Run(ctx, "cut", ImportOptions{})
			if f, reading := s.Feed(ctx, "cut"); !errors.Is(err, fetch.ErrCut) || reading != nil || f.Cursor.ETag+f.Cursor.Digest+f.Cursor.Day != "" || !strings.Contains(f.Why().EN, "stops before its end") {
				t.Fatalf("%+v, cursor %+v, said %q: %v %v", first, f.Cursor, f.Why().EN, err, reading)
			}
			share = 1
			if again, _, err := s.Run(ctx, "cut", ImportOptions{}); err != nil || first.Made+again.Made != c.all {
				t.Errorf("first %+v, then %+v: %v", first, again, err)
			}
			if n, err := s.CountQuarantined(ctx); err != nil || n != 0 {
				t.Errorf("%d halves wait though the whole came: %v", n, err)
			}
		})
	}
}

func release(n int) string {
	return fmt.Sprintf(`{"ocid":"ocds-x-%d","id":"%d","date":"2026-11-20T00:00:00Z","tag":["tender"],"initiationType":"tender","buyer":{"name":"Ville %d"},"tender":{"id":"t%d","title":"Entretien %d","status":"active"}}`, n, n, n, n, n)
}

// TestACutNoticeIsAskedAgain: one of the notices of a list that was cut does
// not stop the others, and is asked for in the next run.
func TestACutNoticeIsAskedAgain(t *testing.T) {
	t.Parallel()
	call, err := os.ReadFile(filepath.Join("testdata", "eforms-call.xml"))
	if err != nil {
		t.Fatal(err)
	}
	award, err := os.ReadFile(filepath.Join("testdata", "eforms-planning.xml"))
	if err != nil {
		t.Fatal(err)
	}
	at, share := "", 0.5
	s, at := newSources(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPost:
			fmt.Fprintf(w, `{"totalNoticeCount":2,"notices":[{"publication-number":"1-2026","links":{"xml":{"MUL":"%[1]s/1"}}},{"publication-number":"2-2026","links":{"xml":{"MUL":"%[1]s/2"}}}]}`, at)
		case r.URL.Path == "/1":
			withoutLength(w, r, string(call), share)
		default:
			_, _ = w.Write(award)
		}
	})
	ctx := context.Background()
	if err := s.Configure(ctx, Feed{Name: "ted", Kind: fetch.TED, URL: at, Enabled: true, FirstDay: "2026-11-24"}); err != nil {
		t.Fatal(err)
	}
	first, _, err := s.Run(ctx, "ted", ImportOptions{})
	if f, reading := s.Feed(ctx, "ted"); err != nil || reading != nil || len(f.Cursor.Lost) != 1 || first.Made != 0 {
		t.Fatalf("%+v, cursor %+v: %v %v", first, f.Cursor, err, reading)
	}
	share = 1
	if again, _, err := s.Run(ctx, "ted", ImportOptions{}); err != nil || again.Made != 1 {
		t.Errorf("then %+v: %v", again, err)
	}
	if n, err := s.CountQuarantined(ctx); err != nil || n != 0 {
		t.Errorf("%d wait: %v", n, err)
	}
}

// TestAnAddressChangedDuringARun: the cursor of the old address, or of the old
// first day, does not go to the new one.
func TestAnAddressChangedDuringARun(t *testing.T) {
	t.Parallel()
	testkit.Each(t, addressChangedDuringARun)
}

func addressChangedDuringARun(t *testing.T, st *store.Store) {
	asked, goOn := make(chan struct{}), make(chan struct{})
	var waits atomic.Bool
	s, at := sourcesOn(t, st, func(w http.ResponseWriter, r *http.Request) {
		if waits.Load() {
			asked <- struct{}{}
			<-goOn
		}
		withoutLength(w, r, page(2), 1)
	})
	ctx := context.Background()
	run := func(name string, change Feed) {
		t.Helper()
		ended := make(chan error)
		waits.Store(true)
		go func() { _, _, err := s.Run(ctx, name, ImportOptions{}); ended <- err }()
		<-asked
		waits.Store(false)
		if change.Name != "" {
			if err := s.Configure(ctx, change); err != nil {
				t.Error(err)
			}
		}
		goOn <- struct{}{}
		select {
		case err := <-ended:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(20 * time.Second):
			t.Fatal("the run goes on")
		}
	}
	for name, c := range map[string]struct{ was, is Feed }{
		"address": {Feed{Kind: fetch.DECP, URL: at + "/slow"}, Feed{Kind: fetch.DECP, URL: at + "/other"}},
		"kind":    {Feed{Kind: fetch.DECP, URL: at}, Feed{Kind: fetch.OCDS, URL: at}},
		"day":     {Feed{Kind: fetch.BOAMP, URL: at, FirstDay: "2026-11-24"}, Feed{Kind: fetch.BOAMP, URL: at, FirstDay: "2026-11-20"}},
	} {
		c.was.Name, c.is.Name = name, name
		if err := s.Configure(ctx, c.was); err != nil {
			t.Fatal(err)
		}
		run(name, c.is)
		f, err := s.Feed(ctx, name)
		if err != nil || f.Cursor.ETag+f.Cursor.Digest+f.Cursor.Day != "" || f.RunningSince != nil || f.Runs != 1 || f.URL != c.is.URL {
			t.Errorf("%s: the new source begins at %+v: %v", name, f, err)
		}
		run(name, Feed{})
		if f, err = s.Feed(ctx, name); err != nil || f.Cursor.ETag+f.Cursor.Day == "" {
			t.Errorf("%s: then at %+v: %v", name, f.Cursor, err)
		}
	}
}

// TestASourceCountsWhatWaits: the refusals of a source are its records that
// wait, however often they were read, and one that is settled is no more.
func TestASourceCountsWhatWaits(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		s, _ := sourcesOn(t, st, func(http.ResponseWriter, *http.Request) {})
		ctx, root := context.Background(), t.TempDir()
		write := func(text string) {
			if err := os.WriteFile(filepath.Join(root, "a.jsonl"), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Configure(ctx, Feed{Name: "waits", Kind: fetch.Folder, URL: root, Enabled: true}); err != nil {
			t.Fatal(err)
		}
		for turn := range 3 {
			write(flat("26-71") + "\n{\"idweb\":\"1\"}\n{\"idweb\":\"2\"}" + strings.Repeat("\n", turn))
			if _, _, err := s.Run(ctx, "waits", ImportOptions{}); err != nil {
				t.Fatal(err)
			}
		}
		list, err := s.Feeds(ctx)
		if err != nil || len(list) != 1 || list[0].Quarantined != 2 || list[0].Runs != 3 {
			t.Fatalf("%+v: %v", list, err)
		}
		held, err := s.ListQuarantined(ctx, 0, 10)
		if err != nil || len(held) != 2 || held[0].Feed != "waits" {
			t.Fatalf("%+v: %v", held, err)
		}
		if _, err := s.Retry(ctx, held[0].ID, []byte(flat("26-72"))); err != nil {
			t.Fatal(err)
		}
		if f, err := s.Feed(ctx, "waits"); err != nil || f.Quarantined != 1 {
			t.Errorf("after one was settled: %+v: %v", f, err)
		}
	})
}
