package matching

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/territories"
)

// BenchmarkFollow measures what a change costs the next reader beyond its write,
// with 100,000 enterprises held: of one enterprise, of one lot, and of nothing,
// which is what every other reader pays.
//
//	go test ./matching -run '^$' -bench Follow -benchtime 300x
func BenchmarkFollow(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *store.Store{"sqlite": testkit.SQLite, "postgres": testkit.PostgreSQL} {
		b.Run(name, func(b *testing.B) {
			h := newHeld(b, open(b), 100_000)
			b.Run("nothing", func(b *testing.B) { h.measure(b, func() {}) })
			b.Run("enterprise", func(b *testing.B) { h.measure(b, h.changeEnterprise) })
			b.Run("lot", func(b *testing.B) { h.measure(b, h.changeLot) })
		})
	}
}

// held is a service that holds many enterprises and one lot.
type held struct {
	tb     testing.TB
	ctx    context.Context
	s      *Service
	member *network.Organisation
	offer  *opportunities.Opportunity
}

func newHeld(tb testing.TB, st *store.Store, n int) *held {
	atlas, err := territories.Load()
	if err != nil {
		tb.Fatal(err)
	}
	h := &held{tb: tb, ctx: context.Background(), s: NewService(Config{Store: st, Atlas: atlas})}
	codes := []nomenclatures.Code{{Scheme: nomenclatures.SchemeCPV, Value: "77310000"}}
	h.member, err = h.s.network.Save(h.ctx, &network.Organisation{
		Role: network.Member, Kind: network.KindACI, Name: "Brindesaule", Email: "contact@brindesaule.example", Active: true, Source: "demo",
		Sites:    []network.Site{{Main: true, Commune: "26108"}},
		Statuses: []network.Status{{Kind: network.ConventionACI, From: "2026-01-01", Origin: network.Declared}},
		Activities: []network.Activity{
			{Codes: codes, Modes: []network.Mode{network.Provision}, Zone: `{"territory":"departement:26"}`, Origin: network.Declared, ZoneOrigin: network.Declared},
			{Codes: codes, Modes: []network.Mode{network.Provision}, Zone: `{"everywhere":true}`, Origin: network.Declared, ZoneOrigin: network.Declared},
		},
	}, 0)
	h.must(err)
	h.offer, err = h.s.opportunities.CreateAndPublish(h.ctx, opportunities.By{}, &opportunities.Opportunity{
		Kind: opportunities.Tender, Title: "Espaces verts", Source: "officer",
		Place: opportunities.Place{Scope: opportunities.InCommunes, Perimeter: `{"territory":"commune:26165"}`},
		Lots:  []opportunities.Lot{{Number: "1", Title: "Espaces verts", Codes: codes, FTE: 5}},
	})
	h.must(err)
	for _, table := range []string{"organisations", "sites", "legal_statuses", "activities"} {
		h.multiply(table, n)
	}
	_, err = h.s.view(h.ctx)
	h.must(err)
	return h
}

func (h *held) must(err error) {
	h.tb.Helper()
	if err != nil {
		h.tb.Fatal(err)
	}
}

// multiply copies the rows of the first organisation for n others; numbers are
// given in order, so that the copies are of the same ones in each table.
func (h *held) multiply(table string, n int) {
	columns := slices.DeleteFunc(h.columns(table), func(c string) bool { return c == "id" })
	values := strings.Join(columns, ", ")
	values = strings.Replace(values, "organisation_id", "organisation_id + k", 1)
	values = strings.Replace(values, "codes", h.otherCodes(), 1)
	h.must(h.s.store.InTx(h.ctx, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewRaw("WITH RECURSIVE many (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM many WHERE k < ?) INSERT INTO "+table+
			" ("+strings.Join(columns, ", ")+") SELECT "+values+" FROM "+table+", many ORDER BY k", n).Exec(ctx)
		return err
	}))
}

func (h *held) columns(table string) []string {
	rows, err := h.s.store.Read().QueryContext(h.ctx, "SELECT * FROM "+table+" LIMIT 0")
	h.must(err)
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	h.must(err)
	h.must(rows.Err())
	return columns
}

// otherCodes is the SQL that gives each copy one of the trades of the sectors, so
// that the enterprises are spread over them.
func (h *held) otherCodes() string {
	var list strings.Builder
	n := 0
	for _, s := range nomenclatures.Sectors() {
		for _, c := range s.CPV {
			if len(c) == 8 {
				list.WriteString(string(c))
				n++
			}
		}
	}
	text, back := "codes", ""
	if h.s.store.Engine() == store.PostgreSQL {
		text, back = "codes::text", "::jsonb"
	}
	return fmt.Sprintf("replace(%s, '77310000', substr('%s', CAST(1 + 8 * (k %% %d) AS int), 8))%s", text, list.String(), n, back)
}

func (h *held) changeEnterprise() {
	h.member.Activities[0].FTE++
	saved, err := h.s.network.Save(h.ctx, h.member, 0)
	h.must(err)
	h.member = saved
}

func (h *held) changeLot() {
	h.offer.Lots[0].FTE++
	saved, err := h.s.opportunities.Update(h.ctx, opportunities.By{}, 0, h.offer)
	h.must(err)
	h.offer = saved
}

func (h *held) measure(b *testing.B, change func()) {
	took := make([]time.Duration, 0, b.N)
	for b.Loop() {
		b.StopTimer()
		change()
		b.StartTimer()
		began := time.Now()
		_, err := h.s.view(h.ctx)
		took = append(took, time.Since(began))
		h.must(err)
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}
