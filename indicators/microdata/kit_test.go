package microdata_test

import (
	"context"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/indicators/microdata"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/territories"
)

// house is an observatory on one engine.
type house struct {
	*microdata.Service
	t     testing.TB
	st    *store.Store
	clock *testkit.Clock
	atlas *territories.Atlas
}

func newHouse(t testing.TB, st *store.Store) *house {
	t.Helper()
	atlas, err := territories.Load()
	must(t, err)
	clock := testkit.NewClock("2026-12-01T08:00:00Z")
	return &house{Service: microdata.NewService(microdata.Config{Store: st, Atlas: atlas, Now: clock.Now}), t: t, st: st, clock: clock, atlas: atlas}
}

func each(t *testing.T, body func(t *testing.T, h *house)) {
	t.Helper()
	testkit.Each(t, func(t *testing.T, st *store.Store) { body(t, newHouse(t, st)) })
}

func system() context.Context { return accounts.With(context.Background(), accounts.TheSystem()) }

// in imports lines as a file.
func (h *house) in(ctx context.Context, s microdata.Sheet, lines ...string) *microdata.Report {
	h.t.Helper()
	r, err := h.Import(ctx, microdata.File{Sheet: s, Name: string(s) + ".csv", Content: strings.NewReader(strings.Join(lines, "\n"))})
	must(h.t, err)
	return r
}

// kept imports lines of which none may be refused.
func (h *house) kept(s microdata.Sheet, lines ...string) *microdata.Report {
	h.t.Helper()
	r := h.in(system(), s, lines...)
	if r.Rejected > 0 {
		h.t.Fatalf("%s: %+v", s, r.Refused)
	}
	return r
}

// count counts the rows of a table.
func (h *house) count(table string) int {
	h.t.Helper()
	n, err := h.st.Read().NewSelect().Table(table).Count(context.Background())
	must(h.t, err)
	return int(n)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// told writes the faults of a report in one line.
func told(r *microdata.Report) string {
	var out []string
	for _, row := range r.Refused {
		for _, f := range row.Faults {
			out = append(out, string(rune('0'+row.Line))+":"+f.Column)
		}
	}
	return strings.Join(out, " ")
}
