package placement_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching/placement"
	"maillage/opportunities"
	"maillage/people"
)

// seen is all that somebody outside of the structure can read about a position.
func (r *room) seen(ctx context.Context, lot opportunities.LotID) string {
	r.t.Helper()
	var all []any
	keep := func(v any, err error) {
		if err != nil {
			v = err.Error()
		}
		all = append(all, v)
	}
	cards, err := r.placement.Received(ctx, lot)
	keep(cards, err)
	needs, err := r.placement.Needs(ctx)
	keep(needs, err)
	found, err := r.placement.PeopleFor(ctx, lot, placement.Query{Near: 50})
	keep(found, err)
	board, err := r.placement.Board(ctx)
	keep(board, err)
	agreements, err := r.people.AgreementsFor(ctx, int64(lot), int64(r.here.ID))
	keep(agreements, err)
	counts, err := r.placement.Counts(ctx, lot)
	keep(counts, err)
	l, err := r.lots.Lot(ctx, lot)
	r.must(err)
	keep(l, nil)
	events, err := r.lots.Events(ctx, l.OpportunityID, 50)
	keep(events, err)
	out, err := json.Marshal(all)
	r.must(err)
	return string(out)
}

// Whatever a person says no to, an employer and an officer read the very same
// before and after, to the byte: lists, counts, dates and histories.
func TestARefusalNeverLeavesTheStructure(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		folk := r.crowd(9)
		lot := r.publish(r.kitchen()).Lots[0].ID
		r.agree(lot, folk[0], folk[1])
		r.propose(lot, folk[0])
		for _, who := range []context.Context{r.employer, r.officer, r.rival} {
			r.clock.Advance(time.Hour)
			before, rows := r.seen(who, lot), r.count("proposal_events")
			_, err := r.people.Ask(r.cip, folk[2].ID, int64(lot))
			r.must(err)
			_, err = r.people.Refuse(r.cip, folk[2].ID, int64(lot))
			r.must(err)
			_, err = r.placement.Propose(r.cip, placement.Offer{Person: folk[2].ID, Lot: lot})
			r.refused(err, "no-agreement")
			r.work()
			if after := r.seen(who, lot); after != before {
				t.Errorf("a refusal shows:\n%s\n%s", before, after)
			}
			if n := r.count("proposal_events"); n != rows {
				t.Errorf("a refusal wrote %d events", n-rows)
			}
		}
	})
}

// However a proposal ends before the employer said a word, the employer is left
// with the same: nothing. And at once, before any job.
func TestWhatEndsAProposalIsNotTold(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ends := map[string]func(r *room, p *people.Person, made *placement.Proposal){
			"the person takes the agreement back": func(r *room, p *people.Person, made *placement.Proposal) {
				_, err := r.people.Withdraw(r.cip, p.ID, int64(made.LotID))
				r.must(err)
			},
			"the journey is paused": func(r *room, p *people.Person, _ *placement.Proposal) {
				_, err := r.people.Pause(r.cip, p.ID, 0)
				r.must(err)
			},
			"the journey ends": func(r *room, p *people.Person, _ *placement.Proposal) {
				_, err := r.people.End(r.cip, p.ID, 0, "")
				r.must(err)
			},
			"the agreement runs out": func(r *room, _ *people.Person, _ *placement.Proposal) { r.clock.Advance(31 * 24 * time.Hour) },
			"the structure withdraws": func(r *room, _ *people.Person, made *placement.Proposal) {
				_, err := r.placement.Withdraw(r.cip, made.ID, 0)
				r.must(err)
			},
		}
		var first string
		for _, name := range slices.Sorted(func(yield func(string) bool) {
			for n := range ends {
				if !yield(n) {
					return
				}
			}
		}) {
			r := open(t, st2(t, st))
			folk := r.crowd(8)
			lot := r.publish(r.kitchen()).Lots[0].ID
			r.agree(lot, folk[0], folk[1])
			silent, answered := r.propose(lot, folk[0]), r.propose(lot, folk[1])
			_, err := r.placement.Answer(r.employer, lot, answered.Ref, 0, placement.Reply{State: placement.Interested})
			r.must(err)
			for i, p := range []*placement.Proposal{silent, answered} {
				ends[name](r, folk[i], p)
			}
			atOnce := r.cards(lot)
			r.work()
			r.must(r.placement.SettleDue(context.Background()))
			r.must(r.placement.SettleDue(context.Background()))
			if later := r.cards(lot); later != atOnce {
				t.Errorf("%s: the job changes what is read: %s then %s", name, atOnce, later)
			}
			if strings.Contains(atOnce, silent.Ref) || strings.Contains(atOnce, "contact") || !strings.Contains(atOnce, "n’est plus proposée") {
				t.Errorf("%s: the employer reads %s", name, atOnce)
			}
			if first == "" {
				first = atOnce
			}
			if atOnce != first {
				t.Errorf("%s is told apart: %s, not %s", name, atOnce, first)
			}
			for _, p := range []*placement.Proposal{silent, answered} {
				_, err := r.placement.Answer(r.employer, lot, p.Ref, 0, placement.Reply{State: placement.Met})
				r.refused(err, "no-longer-proposed")
			}
			if n := r.count("proposal_events"); n != 5 {
				t.Errorf("%s: %d events, want 5", name, n)
			}
		}
	})
}

func st2(t *testing.T, st *store.Store) *store.Store {
	t.Helper()
	if st.Engine() == store.PostgreSQL {
		return testkit.PostgreSQL(t)
	}
	return testkit.SQLite(t)
}

func (r *room) cards(lot opportunities.LotID) string {
	r.t.Helper()
	got, err := r.placement.Received(r.employer, lot)
	r.must(err)
	out, err := json.Marshal(got.Cards)
	r.must(err)
	return string(out)
}

// Closing a position, its deadline and the end of its agreement withdraw what runs.
func TestAClosedPositionWithdrawsWhatRuns(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		folk := r.crowd(7)
		need := r.publish(r.kitchen())
		lot := need.Lots[0].ID
		r.agree(lot, folk[0])
		p := r.propose(lot, folk[0])
		r.work()
		_, err := r.lots.Close(system(), opportunities.By{}, need.ID, 0)
		r.must(err)
		for range 2 {
			r.work()
			r.must(r.placement.RefreshPositions(context.Background(), []opportunities.LotID{lot}))
		}
		got, events, err := r.placement.Get(r.cip, p.ID)
		r.must(err)
		if got.State != placement.Withdrawn || len(events) != 2 || events[1].ActorID != nil || got.Reason == nil {
			t.Errorf("%+v, %+v", got.Line, events)
		}
		_, err = r.placement.Propose(r.cip, placement.Offer{Person: folk[0].ID, Lot: lot})
		r.refused(err, "position-closed")
	})
}

// The order of cards is drawn: the same draws give the same order whoever is the
// better match, and different draws every order.
func TestTheOrderOfCardsTellsNothing(t *testing.T) {
	t.Parallel()
	order := func(seed uint64, betterLast bool) string {
		r := open(t, testkit.SQLite(t), func(c *placement.Config) { c.Random = dice(seed) })
		r.crowd(6)
		good, poor := r.cook(), r.cook()
		poor.Profile.Held, poor.Profile.Wished[0].ROME = nil, "G1603"
		presented := []*people.Person{r.person(good), r.person(poor)}
		if betterLast {
			slices.Reverse(presented)
		}
		lot := r.publish(r.kitchen()).Lots[0].ID
		r.agree(lot, presented...)
		labels := map[string]int{}
		for i, p := range presented {
			labels[r.propose(lot, p).Label] = i
		}
		got, err := r.placement.Received(r.employer, lot)
		r.must(err)
		var out strings.Builder
		for _, c := range got.Cards {
			out.WriteByte(byte('0' + labels[c.Label]))
		}
		return out.String()
	}
	seen := map[string]bool{}
	for seed := range uint64(12) {
		a := order(seed, false)
		if b := order(seed, true); a != b {
			t.Fatalf("draw %d: %s when the better one comes first, %s when last", seed, a, b)
		}
		seen[a] = true
	}
	if len(seen) != 2 {
		t.Errorf("12 draws gave only the orders %v", seen)
	}
}

// A failing source of chance presents nobody.
func TestNoChanceNoProposal(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t), func(c *placement.Config) { c.Random = io.LimitReader(dice(1), 20) })
	folk := r.crowd(7)
	lot := r.publish(r.kitchen()).Lots[0].ID
	r.agree(lot, folk[0])
	if _, err := r.placement.Propose(r.cip, placement.Offer{Person: folk[0].ID, Lot: lot}); !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		t.Fatalf("got %v", err)
	}
	if r.count("proposals") != 0 {
		t.Error("a proposal was written")
	}
}

// What the audit keeps of a proposal is a number and who acted, never why.
func TestTheTrailSaysNoReason(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	folk := r.crowd(7)
	lot := r.publish(r.kitchen()).Lots[0].ID
	r.agree(lot, folk[0])
	p := r.propose(lot, folk[0])
	_, err := r.people.Withdraw(r.cip, folk[0].ID, int64(lot))
	r.must(err)
	r.work()
	rows, err := r.accounts.AuditTrail(accounts.With(context.Background(), accounts.Identity{UserID: 1, Role: accounts.Admin}), accounts.AuditFilter{Entity: "proposal", EntityID: int64(p.ID)})
	r.must(err)
	if len(rows) != 2 || rows[0].Fields != "state" || rows[0].BeforeDigest != "" {
		t.Errorf("the trail says %+v", rows)
	}
}
