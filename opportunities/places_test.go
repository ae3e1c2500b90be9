package opportunities_test

import (
	"context"
	"testing"
	"time"

	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/territories"
)

// hire takes a place of a lot.
func hire(t testing.TB, st *store.Store, s *opportunities.Service, lot opportunities.LotID, at time.Time) {
	t.Helper()
	if err := st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error { return s.Take(ctx, tx, lot, at) }); err != nil {
		t.Fatal(err)
	}
}

// TestAFilledNeedIsOpenNoMore: what can still be answered is listed and counted, by
// the database as by the noun; a need of which one site is filled is, but not for
// the territory of that site; a tender, which has no places, always is.
func TestAFilledNeedIsOpenNoMore(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		s, clock := service(t, st)
		ctx := context.Background()
		need := housekeeping()
		need.Lots[1].Place = opportunities.Place{Scope: opportunities.InCommunes, Perimeter: `{"territory":"commune:26281"}`}
		need = must[*opportunities.Opportunity](t)(s.CreateAndPublish(ctx, opportunities.By{}, need))
		must[*opportunities.Opportunity](t)(s.CreateAndPublish(ctx, opportunities.By{}, cleaning()))
		here := func(code string) territories.Expr {
			return territories.In(territories.Ref{Kind: territories.KindCommune, Code: code})
		}
		look := func(when string, left int, open, valence, romans bool) {
			t.Helper()
			o := must[*opportunities.Opportunity](t)(s.Get(ctx, need.ID))
			if got, of := o.Places(); got != left || of != 3 || o.Open(clock.Now()) != open || !o.Running(clock.Now()) || o.Filled() == open {
				t.Fatalf("%s: %d of %d places left, open %v, filled %v", when, got, of, o.Open(clock.Now()), o.Filled())
			}
			jobs := []opportunities.Kind{opportunities.JobNeed}
			for name, one := range map[string]struct {
				f    opportunities.Filter
				want bool
			}{
				"open": {opportunities.Filter{Open: true}, open}, "unfilled": {opportunities.Filter{Unfilled: true}, open}, "any": {opportunities.Filter{Public: true}, true},
				"in Valence": {opportunities.Filter{Open: true, Territory: here("26362")}, valence}, "in Romans": {opportunities.Filter{Open: true, Territory: here("26281")}, romans},
				"of the trade": {opportunities.Filter{Open: true, Codes: rome("G1501")}, open}, "of another": {opportunities.Filter{Open: true, Codes: rome("N1101")}, false},
			} {
				one.f.Kinds = jobs
				if got := pages(ctx, t, s, one.f, opportunities.Request{}); (len(got) == 1) != one.want {
					t.Errorf("%s, %s: %v", when, name, got)
				}
				if n := must[[]*opportunities.Opportunity](t)(s.Latest(ctx, one.f, time.Time{}, 9)); (len(n) == 1) != one.want {
					t.Errorf("%s, the latest %s: %d", when, name, len(n))
				}
			}
			counts := must[opportunities.Counts](t)(s.Counts(ctx, opportunities.Filter{Public: true}))
			if want := map[bool]int{true: 2, false: 1}[open]; counts.Total != 2 || counts.Open != want {
				t.Errorf("%s, %d open of %d", when, counts.Open, counts.Total)
			}
		}
		look("once published", 3, true, true, true)
		hire(t, st, s, need.Lots[0].ID, clock.Now())
		look("one hired", 2, true, true, true)
		hire(t, st, s, need.Lots[0].ID, clock.Now())
		look("a site filled", 1, true, false, true)
		hire(t, st, s, need.Lots[1].ID, clock.Now())
		look("all filled", 0, false, false, false)
	})
}

// TestAFilledNeedIsNoNews: letters tell nobody of a need whose places are taken
// before they leave, nor of what is corrected in it; with a place more, it is news.
func TestAFilledNeedIsNoNews(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		o := open(t, st)
		ctx := context.Background()
		me := person(t, st, "ana@example.test")
		must[opportunities.Search](t)(o.SaveSearch(me, "Besoins", opportunities.Criteria{Text: "commis"}, opportunities.Daily))
		o.morning(24)
		o.wants()
		need := must[*opportunities.Opportunity](t)(o.CreateAndPublish(ctx, opportunities.By{}, &opportunities.Opportunity{Kind: opportunities.JobNeed, Title: "Un commis", Place: valence(),
			Lots: []opportunities.Lot{{Posts: 1, Codes: []nomenclatures.Code{nomenclatures.ROME("G1602").Code()}}}}))
		hire(t, st, o.Service, need.Lots[0].ID, o.clock.Now())
		o.morning(25)
		o.wants()
		need.Lots[0].Posts = 2
		must[*opportunities.Opportunity](t)(o.Update(ctx, opportunities.By{}, 0, need))
		o.morning(26)
		if told := o.write(); len(told) != 1 {
			t.Errorf("with a place more, the letters say %q", told)
		}
	})
}
