package opportunities_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/opportunities"
)

// afterAward is what a notice told of a contract whose hours are to be filled.
func afterAward() opportunities.Imported {
	o := opportunities.Opportunity{
		Kind: opportunities.InsertionHours, Key: "procedure:1#heures:1", Source: "boamp", Title: "Heures d’insertion à réaliser : voirie", BuyerName: "Ville de Crest",
		State:     opportunities.Published,
		Insertion: &opportunities.Insertion{Holders: []opportunities.Holder{{Name: "Chaussées SA"}, {Name: "Pavés SARL"}}, Awarded: "2026-11-10", Supposed: true},
		Clause:    opportunities.Clause{Verdict: opportunities.ClauseExecution, Hours: 1500},
		Lots:      []opportunities.Lot{{Number: "1", Title: "Voirie", StartsOn: "2026-11-10", EndsOn: "2027-11-10", Clause: opportunities.Clause{Verdict: opportunities.ClauseExecution, Hours: 1500}}},
	}
	return opportunities.Imported{Opportunity: o, Origin: "boamp:26-1:", Whole: true, NoticedAt: *at("2026-11-10T00:00:00Z"), FirstAt: *at("2026-11-10T00:00:00Z")}
}

// TestHoursGoOut in the three outlets: their holders, their number, their end.
func TestHoursGoOut(t *testing.T) {
	t.Parallel()
	o := afterAward().Opportunity
	o.ID = 7
	var atom, table bytes.Buffer
	items := []*opportunities.Opportunity{&o}
	if err := opportunities.WriteAtom(&atom, outlet, items); err != nil {
		t.Fatal(err)
	}
	if err := opportunities.WriteCSV(&table, outlet, items); err != nil {
		t.Fatal(err)
	}
	for want, text := range map[string]string{
		"Ville de Crest · titulaire : Chaussées SA, Pavés SARL · 1500 h · jusqu’au 2027-11-10": atom.String(),
		";Chaussées SA, Pavés SARL;1500;2027-11-10;insertion_hours;published;execution;":       table.String(),
		"DTSTART;VALUE=DATE:20271110\r\n":                          calendarOf(t, &o),
		"SUMMARY:Fin : Heures d’insertion à réaliser : voirie\r\n": calendarOf(t, &o),
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	o.State = opportunities.Cancelled
	if text := calendarOf(t, &o); !strings.Contains(text, "STATUS:CANCELLED\r\n") || !strings.Contains(text, "UID:opportunity-7@maillage.example\r\n") {
		t.Errorf("cancelled:\n%s", text)
	}
}

// TestHoursAreNotClosedForTheirSilence: they have no deadline and nobody speaks
// of them again; they run until the end of the contract, and then say why.
func TestHoursAreNotClosedForTheirSilence(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx := context.Background()
		s, clock := service(t, st)
		in := afterAward()
		err := st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
			_, _, err := s.Upsert(ctx, tx, in)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		clock.Advance(at("2027-11-10T20:00:00Z").Sub(clock.Now()))
		if n := must[int](t)(s.CloseLate(ctx)); n != 0 {
			t.Errorf("%d closed on the last day", n)
		}
		clock.Advance(at("2027-11-11T02:00:00Z").Sub(clock.Now()))
		if n := must[int](t)(s.CloseLate(ctx)); n != 1 {
			t.Errorf("%d closed after the last day", n)
		}
		o := must[*opportunities.Opportunity](t)(s.ByKey(ctx, in.Opportunity.Key))
		if why := must[string](t)(s.Why(ctx, o)); o.State != opportunities.Closed || why != "le marché dont il faut remplir les heures a pris fin" {
			t.Errorf("%s: %q", o.State, why)
		}
	})
}
