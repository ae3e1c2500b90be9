package opportunities_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/territories"
)

func offers(t testing.TB, st *store.Store, s *opportunities.Service) {
	t.Helper()
	trades := []string{"90911200", "77310000", "55320000"}
	places := []string{`{"territory":"commune:26362"}`, `{"territory":"departement:38"}`, `{"territory":"region:84"}`}
	for i := range 24 {
		in := opportunities.Imported{Origin: fmt.Sprint("n:", i), Opportunity: opportunities.Opportunity{
			Kind: opportunities.Tender, Key: fmt.Sprint("k:", i), Source: "boamp", Title: fmt.Sprintf("Marché numéro %d", i), BuyerName: "Département",
			Codes: []nomenclatures.Code{{Scheme: nomenclatures.SchemeCPV, Value: trades[i%3]}}, Place: opportunities.Place{Perimeter: places[i/3%3]},
		}}
		if i%4 != 0 {
			deadline := at("2026-12-01T10:00:00Z").Add(time.Duration(i%5) * 24 * time.Hour)
			in.Opportunity.Deadline = &deadline
		}
		if i%6 == 1 {
			in.Opportunity.Clause = opportunities.Clause{Verdict: opportunities.ClauseReserved, ReservedTo: opportunities.ReservedSIAE, Confidence: 1}
		}
		if i%6 == 2 {
			in.Opportunity.Place = opportunities.Place{Scope: opportunities.WholeCountry}
		}
		upsert(t, st, s, in)
	}
}

func TestPagesMakeTheWhole(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx := context.Background()
		s, _ := service(t, st)
		offers(t, st, s)
		isere, err := territories.ParseExpr([]byte(`{"territory":"departement:38"}`))
		if err != nil {
			t.Fatal(err)
		}
		for name, f := range map[string]struct {
			filter opportunities.Filter
			want   int
		}{
			"all":       {opportunities.Filter{}, 24},
			"open":      {opportunities.Filter{Open: true}, 24},
			"text":      {opportunities.Filter{Text: "marche NUMERO 1"}, 12},
			"sector":    {opportunities.Filter{Codes: []nomenclatures.Code{{Scheme: nomenclatures.SchemeSector, Value: "nettoyage-locaux"}}}, 8},
			"reserved":  {opportunities.Filter{Verdicts: []opportunities.Verdict{opportunities.ClauseReserved}, Reservations: []opportunities.Reservation{opportunities.ReservedSIAE, opportunities.ReservedEA}}, 4},
			"territory": {opportunities.Filter{Territory: isere, PlaceKnown: true}, 13},
			"deadline":  {opportunities.Filter{From: *at("2026-12-02T00:00:00Z"), To: *at("2026-12-03T23:00:00Z")}, 8},
			"closed":    {opportunities.Filter{States: []opportunities.State{opportunities.Closed}}, 0},
		} {
			for _, order := range []opportunities.Order{opportunities.Soonest, opportunities.Newest} {
				whole := pages(ctx, t, s, f.filter, opportunities.Request{Limit: 200, Order: order})
				cut := pages(ctx, t, s, f.filter, opportunities.Request{Limit: 5, Order: order})
				if len(whole) != f.want || !slices.Equal(whole, cut) {
					t.Errorf("%s, %s: %d found, want %d; by pages %v, whole %v", name, order, len(whole), f.want, cut, whole)
				}
			}
		}
		counts, err := s.Counts(ctx, opportunities.Filter{})
		if err != nil || counts.Total != 24 || counts.Open != 24 || counts.Fresh != 24 || counts.Reserved != 4 || len(counts.Sectors) < 3 || counts.Sectors[0].Open != 8 {
			t.Errorf("%+v, %v", counts, err)
		}
		if _, err := s.List(ctx, opportunities.Filter{}, opportunities.Request{After: "x"}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("a page that does not exist: %v", err)
		}
	})
}

func pages(ctx context.Context, t testing.TB, s *opportunities.Service, f opportunities.Filter, r opportunities.Request) []opportunities.ID {
	t.Helper()
	var out []opportunities.ID
	for {
		page, err := s.List(ctx, f, r)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range page.Items {
			out = append(out, o.ID)
		}
		if r.After = page.Next; r.After == "" {
			return out
		}
		if len(page.Items) != r.Limit {
			t.Fatalf("a page of %d with another after it", len(page.Items))
		}
	}
}

func TestFaultsOfAnOpportunityAreLocated(t *testing.T) {
	t.Parallel()
	s, _ := service(t, testkit.SQLite(t))
	o := cleaning()
	o.Title = " "
	o.Lots[1].Number = "1"
	o.Lots[0].Modes = []string{"troc"}
	o.Lots[0].Place = opportunities.Place{Perimeter: `{"territory":"commune:00000"}`}
	o.Lots[0].StartsOn, o.Lots[0].EndsOn = "2026-05-01", "2026-04-01"
	o.Lots[1].FTE = -1
	o.Codes = []nomenclatures.Code{{Scheme: "cpv", Value: "x"}}
	_, err := s.Create(context.Background(), opportunities.By{}, o)
	var paths []string
	for _, f := range fault.Of(err).Fields {
		paths = append(paths, f.Path)
	}
	for _, want := range []string{"title", "codes[0]", "lots[0].modes[0]", "lots[0].place.perimeter", "lots[0].ends_on", "lots[1].number", "lots[1].fte"} {
		if !slices.Contains(paths, want) {
			t.Errorf("%s is not among %v", want, paths)
		}
	}
}
