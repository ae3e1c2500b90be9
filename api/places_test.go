package api_test

import (
	"context"
	"slices"
	"testing"

	"maillage/api"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/opportunities"
)

// A need says how many of its places are left, and is open no more once all are
// taken; a tender has no places.
func TestANeedSaysItsPlaces(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		var o api.Opportunity
		w.ask("employer", "POST", "/v1/opportunities", needOfTwoPlaces).want(201).into(&o)
		w.ask("employer", "POST", "/v1/opportunities/"+id(o.ID)+"/publish", nil).want(200)
		listed := func(query string) int {
			var all struct {
				Items []api.Opportunity `json:"items"`
			}
			w.ask("", "GET", "/v1/opportunities?limit=100&kind=job_need"+query, nil).want(200).into(&all)
			n := 0
			for _, one := range all.Items {
				if one.ID == o.ID {
					n++
					if one.Open != o.Open || one.Filled != o.Filled || one.Lots[0].Filled != o.Lots[0].Filled || *one.Lots[0].PlacesLeft != *o.Lots[0].PlacesLeft {
						t.Errorf("the list says %+v", one)
					}
				}
			}
			return n
		}
		read := func() int {
			w.ask("", "GET", "/v1/opportunities/"+id(o.ID), nil).want(200).into(&o)
			left := 0
			for _, l := range o.Lots {
				var lot api.Lot
				w.ask("", "GET", "/v1/lots/"+id(l.ID), nil).want(200).into(&lot)
				if *lot.PlacesLeft != *l.PlacesLeft || lot.Filled != l.Filled || l.Filled != (*l.PlacesLeft == 0) {
					t.Errorf("a lot says %+v, alone %+v", l, lot)
				}
				left += *l.PlacesLeft
			}
			return left
		}
		for left := read(); left > 0; left = read() {
			if !o.Open || o.Filled || listed("&open=true") != 1 {
				t.Fatalf("with %d places left: open %v, filled %v", left, o.Open, o.Filled)
			}
			at := slices.IndexFunc(o.Lots, func(l api.Lot) bool { return !l.Filled })
			must(t, st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error {
				return w.opportunities.Take(ctx, tx, opportunities.LotID(o.Lots[at].ID), w.clock.Now())
			}))
		}
		if o.Open || !o.Filled || o.State != "published" || listed("&open=true") != 0 || listed("") != 1 {
			t.Errorf("with no place left: %s, open %v, filled %v, listed as open %d", o.State, o.Open, o.Filled, listed("&open=true"))
		}
		var tender api.Opportunity
		w.ask("", "GET", "/v1/opportunities/"+id(w.tender.ID), nil).want(200).into(&tender)
		if tender.Filled || tender.Lots[0].Filled || tender.Lots[0].PlacesLeft != nil {
			t.Errorf("a tender says places: %+v", tender.Lots[0])
		}
	})
}
