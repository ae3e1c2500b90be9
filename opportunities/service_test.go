package opportunities_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/territories"
)

func atlas(t testing.TB) *territories.Atlas {
	t.Helper()
	a, err := territories.Load()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func service(t testing.TB, st *store.Store) (*opportunities.Service, *testkit.Clock) {
	t.Helper()
	clock := testkit.NewClock("2026-11-23T08:00:00Z")
	return opportunities.NewService(opportunities.Config{Store: st, Atlas: atlas(t), Now: clock.Now}), clock
}

func at(text string) *time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return &t
}

func cleaning() *opportunities.Opportunity {
	return &opportunities.Opportunity{
		Kind: opportunities.Tender, Title: "Nettoyage des écoles", BuyerName: "Ville de Valence", Source: "officer",
		Place:    opportunities.Place{Perimeter: `{"territory":"commune:26362"}`, Words: "Valence"},
		Deadline: at("2026-12-15T11:00:00Z"), Amount: 90_000,
		Lots: []opportunities.Lot{
			{Number: "1", Title: "Écoles du nord", Codes: []nomenclatures.Code{{Scheme: nomenclatures.SchemeCPV, Value: "90911200"}}},
			{Number: "2", Title: "Écoles du sud", Codes: []nomenclatures.Code{{Scheme: nomenclatures.SchemeCPV, Value: "90911200"}},
				Clause: opportunities.Clause{Verdict: opportunities.ClauseReserved, ReservedTo: opportunities.ReservedSIAE, Confidence: 1}},
		},
	}
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func TestTheLifeOfATender(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx := context.Background()
		s, clock := service(t, st)
		ok := must[*opportunities.Opportunity](t)
		o := ok(s.Create(ctx, opportunities.By{UserID: 7}, cleaning()))
		if o.State != opportunities.Draft || o.Revision != 1 || len(o.Lots) != 2 || o.Lots[0].ID == 0 {
			t.Fatalf("created %+v", o)
		}
		wantAnnounced(t, st, o.Lots[0].ID, o.Lots[1].ID)
		o = ok(s.Publish(ctx, opportunities.By{UserID: 7}, o.ID, o.Revision))
		o = ok(s.Get(ctx, o.ID))
		if o.State != opportunities.Published || o.Revision != 2 || o.Lots[1].Revision != 2 || o.PublishedAt == nil {
			t.Fatalf("published %+v", o)
		}
		if _, err := s.Publish(ctx, opportunities.By{}, o.ID, 0); !fault.Is(err, fault.KindConflict) {
			t.Fatalf("published twice: %v", err)
		}
		if _, err := s.Close(ctx, opportunities.By{}, o.ID, 1); !fault.Is(err, fault.KindPrecondition) {
			t.Fatalf("closed from an old revision: %v", err)
		}
		o.Lots[0].Title = "Écoles du nord et crèche"
		o.Lots[0].Hours = 600
		o = ok(s.Update(ctx, opportunities.By{UserID: 7}, o.Revision, o))
		o = ok(s.Get(ctx, o.ID))
		if o.Revision != 3 || o.Lots[0].Revision != 3 || o.Lots[1].Revision != 2 {
			t.Fatalf("after a change of lot 1: revisions %d, %d, %d", o.Revision, o.Lots[0].Revision, o.Lots[1].Revision)
		}
		events := must[[]opportunities.Event](t)(s.Events(ctx, o.ID, 0))
		fields := []string{}
		for _, d := range events[0].Diff {
			fields = append(fields, d.Field)
		}
		if !slices.Equal(fields, []string{"lots[1].title", "lots[1].hours"}) || len(events) != 3 || *events[0].ActorID != 7 {
			t.Fatalf("events %+v", events)
		}
		same := ok(s.Update(ctx, opportunities.By{}, 0, o))
		if same.Revision != 3 {
			t.Fatal("an update that changes nothing raised the revision")
		}
		clock.Advance(30 * 24 * time.Hour)
		if n, err := s.CloseLate(ctx); n != 1 || err != nil {
			t.Fatalf("closed %d late ones: %v", n, err)
		}
		if n, err := s.CloseLate(ctx); n != 0 || err != nil {
			t.Fatalf("closed %d again: %v", n, err)
		}
		o = ok(s.Award(ctx, opportunities.By{Note: "Balluchon"}, o.ID, 0))
		if _, err := s.Update(ctx, opportunities.By{}, 0, o); !fault.Is(err, fault.KindConflict) {
			t.Fatalf("changed an awarded one: %v", err)
		}
	})
}

// wantAnnounced checks that the journal and the queue hold these lots.
func wantAnnounced(t *testing.T, st *store.Store, lots ...opportunities.LotID) {
	t.Helper()
	changes, _, err := st.ChangesSince(context.Background(), store.Cursor{})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range lots {
		if !slices.Contains(changes, store.Change{Entity: "lot", ID: int64(id)}) {
			t.Errorf("lot %d is not in the journal: %v", id, changes)
		}
	}
	n, err := st.Read().NewSelect().Table("river_job").Where("kind = ?", "lots.changed").Count(context.Background())
	if err != nil || n == 0 {
		t.Errorf("%d jobs: %v", n, err)
	}
}

func TestBuyersAreKnownByTheirSIRET(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx := context.Background()
		s, _ := service(t, st)
		town := &network.Organisation{Role: network.Buyer, SIRET: "73282932000074", Name: "Ville de Valence", Active: true}
		town, err := network.NewService(network.Config{Store: st, Atlas: atlas(t)}).Save(ctx, town, 0)
		if err != nil {
			t.Fatal(err)
		}
		in := call("1", nil)
		in.Opportunity.BuyerSIRET = string(town.SIRET)
		if _, o := upsert(t, st, s, in); o.BuyerID == nil || *o.BuyerID != int64(town.ID) {
			t.Fatalf("buyer %v", o.BuyerID)
		}
		o := cleaning()
		nobody := int64(99)
		o.BuyerID = &nobody
		if _, err := s.Create(ctx, opportunities.By{}, o); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("a buyer that does not exist: %v", err)
		}
	})
}

func TestMadeAndPublishedOrNeither(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx := context.Background()
		s, _ := service(t, st)
		late := cleaning()
		late.Deadline = at("2026-11-20T11:00:00Z")
		if _, err := s.CreateAndPublish(ctx, opportunities.By{UserID: 7}, late); !fault.Is(err, fault.KindConflict) {
			t.Fatalf("published late: %v", err)
		}
		if page := must[opportunities.Page](t)(s.List(ctx, opportunities.Filter{}, opportunities.Request{})); len(page.Items) != 0 {
			t.Fatal("a draft remains of what could not be published")
		}
		made := must[*opportunities.Opportunity](t)(s.CreateAndPublish(ctx, opportunities.By{UserID: 7}, cleaning()))
		kept := must[*opportunities.Opportunity](t)(s.Get(ctx, made.ID))
		if kept.State != opportunities.Published || kept.PublishedAt == nil || kept.Revision != made.Revision {
			t.Fatalf("kept %+v", kept)
		}
		if events := must[[]opportunities.Event](t)(s.Events(ctx, made.ID, 0)); len(events) != 2 {
			t.Fatalf("events %+v", events)
		}
	})
}
