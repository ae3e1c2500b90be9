package people_test

import (
	"context"
	"testing"
	"time"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/opportunities"
	"maillage/people"
)

// A person is asked about what they could take: another's draft is not there,
// what has ended and what is for the permanent staff say so.
func TestAPersonIsAskedAboutWhatIsOpenToThem(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		ctx, id := h.as(), h.made(h.gardener()).ID
		s := opportunities.NewService(opportunities.Config{Store: st, Atlas: h.atlas, Now: h.clock.Now})
		draft := h.draft(s, opportunities.JobNeed, "")
		staff, forThem := h.draft(s, opportunities.TrainingSession, opportunities.ForStaff), h.draft(s, opportunities.TrainingSession, opportunities.ForJourneys)
		over, given := h.draft(s, opportunities.JobNeed, ""), h.draft(s, opportunities.JobNeed, "")
		for _, o := range []*opportunities.Opportunity{staff, forThem, over, given} {
			_, err := s.Publish(ctx, opportunities.By{}, o.ID, 0)
			must(t, err)
		}
		_, err := h.Ask(ctx, id, int64(given.Lots[0].ID))
		must(t, err)
		for _, o := range []*opportunities.Opportunity{over, given} {
			_, err = s.Cancel(ctx, opportunities.By{}, o.ID, 0)
			must(t, err)
		}
		_, err = h.Ask(ctx, id, int64(draft.Lots[0].ID))
		wantKind(t, err, fault.KindNotFound)
		_, err = h.Ask(ctx, id, int64(staff.Lots[0].ID))
		wantCode(t, err, "staff-training")
		_, err = h.Ask(ctx, id, int64(forThem.Lots[0].ID))
		must(t, err)
		_, err = h.Ask(ctx, id, int64(over.Lots[0].ID))
		wantCode(t, err, "position-closed")
		_, err = h.Give(ctx, id, int64(given.Lots[0].ID), "")
		wantCode(t, err, "position-closed")
		_, err = h.Refuse(ctx, id, int64(given.Lots[0].ID)) // what they say of it can still be written
		must(t, err)
	})
}

// draft is an opportunity of one place that nobody has published.
func (h *house) draft(s *opportunities.Service, kind opportunities.Kind, audience opportunities.Audience) *opportunities.Opportunity {
	h.t.Helper()
	lot := opportunities.Lot{Number: "1", Title: "Une place", Posts: 1, StartsOn: "2026-12-07"}
	if audience != "" {
		lot.Terms = &opportunities.Terms{Audience: audience, Outcomes: []opportunities.Gain{{Code: "sst"}}}
	}
	o, err := s.Create(context.Background(), opportunities.By{}, &opportunities.Opportunity{Kind: kind, Title: "Une place", Source: "employer",
		Place: opportunities.Place{Scope: opportunities.InCommunes, Perimeter: `{"territory":"commune:26281"}`}, Lots: []opportunities.Lot{lot}})
	must(h.t, err)
	return o
}

// What a counsellor writes while the sweep runs stays: on an engine with several
// writers, the sweep waits for them and reads again.
func TestTheSweepWritesOverNothing(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		if st.Engine() != store.PostgreSQL {
			t.Skip("one writer at a time")
		}
		h := newHouse(t, st)
		ctx, id := h.as(), h.made(h.gardener()).ID
		_, err := h.Ask(ctx, id, h.job)
		must(t, err)
		_, err = h.Give(ctx, id, h.job, "2026-11-24")
		must(t, err)
		h.clock.Advance(48 * time.Hour)
		done := make(chan error, 1)
		must(t, st.InTx(context.Background(), func(c context.Context, tx store.Tx) error {
			for _, write := range []string{"UPDATE people SET revision = revision WHERE id = ?",
				"UPDATE agreements SET state = 'given', expires_on = '2026-12-20', revision = revision + 2 WHERE person_id = ?"} {
				if _, err := tx.NewRaw(write, id).Exec(c); err != nil {
					return err
				}
			}
			go func() { _, err := h.ExpireLate(system()); done <- err }()
			time.Sleep(300 * time.Millisecond) // the sweep has begun to wait
			return nil
		}))
		must(t, <-done)
		all, err := h.AgreementsOf(ctx, id)
		must(t, err)
		if all[0].State != people.Given || all[0].ExpiresOn != "2026-12-20" {
			t.Errorf("the sweep wrote over a renewal: %+v", all[0])
		}
	})
}

// Two tabs: the later one does not write over what it has not read.
func TestAnAgreementReadEarlierIsNotWrittenOver(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	ctx, id := h.as(), h.made(h.gardener()).ID
	read, err := h.Ask(ctx, id, h.job)
	must(t, err)
	_, err = h.Say(ctx, id, h.job, people.Saying{State: people.Given, Expected: read.Revision})
	must(t, err)
	_, err = h.Say(ctx, id, h.job, people.Saying{State: people.Withdrawn, Expected: read.Revision})
	wantCode(t, err, "stale")
}

// What was given and is taken back reaches the matching at once.
func TestAnAgreementTakenBackIsTold(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	ctx, id := h.as(), h.made(h.gardener()).ID
	_, err := h.Ask(ctx, id, h.job)
	must(t, err)
	_, err = h.Give(ctx, id, h.job, "")
	must(t, err)
	before, err := h.st.Present(context.Background())
	must(t, err)
	_, err = h.Withdraw(ctx, id, h.job)
	must(t, err)
	changes, _, err := h.st.ChangesSince(context.Background(), before)
	must(t, err)
	if len(changes) != 1 {
		t.Errorf("the matching is told %v", changes)
	}
}
