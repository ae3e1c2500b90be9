package figures_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/indicators/figures"
	"maillage/indicators/microdata"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/territories"
)

// house is an observatory on one engine.
type house struct {
	*figures.Service
	t     testing.TB
	data  *microdata.Service
	st    *store.Store
	clock *testkit.Clock
}

func newHouse(t testing.TB, st *store.Store) *house {
	t.Helper()
	atlas, err := territories.Load()
	must(t, err)
	clock := testkit.NewClock("2026-12-01T08:00:00Z")
	return &house{Service: figures.NewService(figures.Config{Store: st, Atlas: atlas, Now: clock.Now}), t: t, st: st, clock: clock,
		data: microdata.NewService(microdata.Config{Store: st, Atlas: atlas, Now: clock.Now})}
}

func each(t *testing.T, body func(t *testing.T, h *house)) {
	t.Helper()
	testkit.Each(t, func(t *testing.T, st *store.Store) { body(t, newHouse(t, st)) })
}

func system() context.Context { return accounts.With(context.Background(), accounts.TheSystem()) }

// in imports rows of a sheet; the header is the names of the columns.
func (h *house) in(s microdata.Sheet, header string, rows ...string) {
	h.t.Helper()
	r, err := h.data.Import(system(), microdata.File{Sheet: s, Name: "x.csv", Content: strings.NewReader(header + "\n" + strings.Join(rows, "\n"))})
	must(h.t, err)
	if r.Rejected > 0 {
		h.t.Fatalf("%s: %+v", s, r.Refused[0])
	}
}

func (h *house) refresh() figures.Done {
	h.t.Helper()
	d, err := h.Refresh(system())
	must(h.t, err)
	return d
}

func (h *house) exec(text string) {
	h.t.Helper()
	must(h.t, h.st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error { _, err := tx.NewRaw(text).Exec(ctx); return err }))
}

// dump is every count that is kept.
func (h *house) dump() string {
	h.t.Helper()
	var out []string
	for _, q := range []string{
		"SELECT year || '|' || level || '|' || territory || '|' || kind || '|' || measure || '|' || frame || '|' || responded || '|' || missing || '|' || amount || '|' || persons || '|' || contributors || '|' || top || '|' || cells FROM figure_rows ORDER BY year, level, territory, kind, measure",
		"SELECT enterprise_id || '|' || year || '|' || kind || '|' || commune || '|' || departement || '|' || region || '|' || economic_group || '|' || lines FROM figure_parts ORDER BY enterprise_id, year",
		"SELECT 'left ' || enterprise_id || ' ' || year FROM figure_changes ORDER BY enterprise_id, year",
		"SELECT 'stale ' || year || level || territory || kind FROM figure_stale ORDER BY year, level, territory, kind",
	} {
		var rows []string
		must(h.t, h.st.Read().NewRaw(q).Scan(context.Background(), &rows))
		out = append(out, rows...)
	}
	return strings.Join(out, "\n")
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// apart shows the first line where two dumps differ.
func apart(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return fmt.Sprintf("line %d of %d and %d:\n%s\n%s", i, len(x), len(y), x[i], y[i])
		}
	}
	return fmt.Sprintf("%d and %d lines", len(x), len(y))
}
