package placement_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching/placement"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/people"
	"maillage/territories"
)

// BenchmarkFederation measures what a counsellor waits for in a federation of 500
// structures, 80,000 people and 2,000 positions:
//
//	go test ./matching/placement -run '^$' -bench Federation -benchtime 20x
func BenchmarkFederation(b *testing.B) {
	st := testkit.SQLite(b)
	atlas, err := territories.Load()
	if err != nil {
		b.Fatal(err)
	}
	clock := testkit.NewClock("2026-11-23T08:00:00Z")
	fill(b, st, atlas, clock)
	s := placement.NewService(placement.Config{Store: st, Atlas: atlas, Now: clock.Now})
	cip := accounts.With(context.Background(), accounts.Identity{UserID: 1, Role: accounts.Counsellor, OrganisationID: 7})
	began := time.Now()
	board, err := s.Board(cip)
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("loaded and read in %s: %d new positions suit %d people", time.Since(began).Round(time.Millisecond), len(board.Fresh), board.FreshFor)
	b.Run("board", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.Board(cip); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("people", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.PeopleFor(cip, board.Fresh[0].Position.Lot, placement.Query{Near: 5}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("positions", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.PositionsFor(cip, 961, placement.Query{Near: 5}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("whatif", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.WhatIf(cip, 961); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// fill writes a federation: each structure in a commune of its own, its people
// within reach of it.
func fill(b *testing.B, st *store.Store, atlas *territories.Atlas, clock *testkit.Clock) {
	b.Helper()
	const structures, each, positions = 500, 160, 2000
	r := rand.New(rand.NewPCG(1, 2))
	trades := []nomenclatures.ROME{"G1602", "G1603", "G1605", "K2204", "K1304", "N1103", "N1101", "A1203", "F1606", "F1704", "G1501", "D1507"}
	ctx := context.Background()
	now := clock.Now()
	houses := network.NewService(network.Config{Store: st, Atlas: atlas, Now: clock.Now})
	write := func(f func(ctx context.Context, tx store.Tx) error) {
		if err := st.InTx(ctx, f); err != nil {
			b.Fatal(err)
		}
	}
	for i := range structures {
		seat := atlas.Commune(r.IntN(atlas.Len()))
		around := atlas.Within(seat.Point, 15).Ordinals()
		_, err := houses.Save(system(), &network.Organisation{Role: network.Member, Kind: network.KindACI, Name: fmt.Sprint("Structure ", i), Active: true, Source: "demo",
			Sites: []network.Site{{Main: true, Commune: seat.Code}}}, 0)
		if err != nil {
			b.Fatal(err)
		}
		write(func(ctx context.Context, tx store.Tx) error {
			var folk []*people.Person
			for j := range each {
				t := trades[r.IntN(len(trades))]
				folk = append(folk, &people.Person{OrganisationID: int64(i + 1), Code: fmt.Sprintf("P-%d-%d", i, j), State: people.Active, Revision: 1, CreatedAt: now, UpdatedAt: now,
					Commune: atlas.Commune(int(around[r.IntN(len(around))])).Code, Profile: people.Profile{Wished: []people.Wish{{ROME: t}, {ROME: trades[r.IntN(len(trades))]}},
						Held: []people.Held{{ROME: t, Months: 10}}, Aptitudes: []people.Holding{{Code: "permis-b"}}, Languages: []people.Speaks{{Language: "fr", Level: 3}},
						Mobility: []people.Mobility{{Mode: people.Car, Km: float64(10 + r.IntN(30))}}}})
			}
			_, err := tx.NewInsert().Model(&folk).Exec(ctx)
			return err
		})
	}
	lots := opportunities.NewService(opportunities.Config{Store: st, Atlas: atlas, Now: clock.Now})
	for i := range positions {
		c := atlas.Commune(r.IntN(atlas.Len()))
		if i%8 == 0 { // some around the structure that is measured
			var home string
			if err := st.Read().NewRaw("SELECT commune FROM people WHERE organisation_id = 7 LIMIT 1").Scan(ctx, &home); err != nil {
				b.Fatal(err)
			}
			ord, _ := atlas.Ordinal(territories.CommuneCode(home))
			c = atlas.Commune(ord)
		}
		made, err := lots.Create(system(), opportunities.By{}, &opportunities.Opportunity{Kind: opportunities.JobNeed, Title: "Poste", Source: "demo",
			Place: opportunities.Place{Scope: opportunities.InCommunes, Perimeter: fmt.Sprintf(`{"territory":"commune:%s"}`, c.Code)},
			Lots:  []opportunities.Lot{{Number: "1", Title: "Poste", Codes: rome(string(trades[r.IntN(len(trades))])), Terms: &opportunities.Terms{Hours: 30}}}})
		if err == nil {
			_, err = lots.Publish(system(), opportunities.By{}, made.ID, 0)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}
