package followup_test

import (
	"context"
	"testing"
	"time"

	"maillage/followup"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
)

func TestAnAnswerFromSeenToWon(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		id, me := r.ids[0], r.as(0)
		r.must(st.InTx(r.ctx, func(ctx context.Context, tx store.Tx) error { return r.follow.Tell(ctx, tx, id) }))
		r.must(r.follow.See(r.as(1), id)) // somebody else's page is not theirs
		r.must(r.follow.See(me, id))
		r.must(r.follow.See(me, id))
		r.clock.Advance(time.Hour)
		p, err := r.follow.Move(me, id, 3, followup.Step{To: followup.Go, Note: " bons pour nous "},
			followup.Step{To: followup.Answering, Role: followup.Lead, Partners: []network.ID{r.members[1].ID, r.members[1].ID}})
		r.must(err)
		if p.State != followup.Answering || p.Role != followup.Lead || len(p.Partners) != 1 || p.Revision != 5 {
			t.Fatalf("answering %+v", p)
		}
		again, err := r.follow.Move(me, id, 3, followup.Step{To: followup.Go}, followup.Step{To: followup.Answering, Role: followup.Lead, Partners: []network.ID{r.members[1].ID}})
		r.must(err)
		if again.Revision != 5 {
			t.Fatalf("the same gesture again: %+v", again)
		}
		if _, err := r.follow.Move(me, id, 4, followup.Step{To: followup.Submitted}); !fault.Is(err, fault.KindPrecondition) {
			t.Fatalf("a step from an older revision: %v", err)
		}
		_, err = r.follow.Move(r.officer("departement:26"), id, 5, followup.Step{To: followup.Submitted, SubmittedOn: "2026-11-23"})
		r.must(err)
		r.clock.Advance(20 * 24 * time.Hour)
		p, err = r.follow.Move(me, id, 0, followup.Step{To: followup.Won})
		r.must(err)
		if p.State != followup.Won || p.Role != followup.Lead || p.SubmittedOn != "2026-11-23" {
			t.Fatalf("won %+v", p)
		}
		if got, want := r.history(id), "proposed>notified notified>seen seen>go go>answering answering>submitted submitted>won "; got != want {
			t.Fatalf("history %q, want %q", got, want)
		}
		m, err := r.matches.Get(r.ctx, id)
		r.must(err)
		if m.Reply != matching.Interested || m.RepliedBy == nil || *m.RepliedBy != 100 {
			t.Fatalf("what matching reads: %+v", m)
		}
	})
}

func TestARefusalSaysWhyAndIsReopened(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		id, me := r.ids[0], r.as(0)
		if _, err := r.follow.Move(me, id, 0, followup.Step{To: followup.Declined}); !at(err, "reason") {
			t.Fatalf("a refusal without a reason: %v", err)
		}
		if _, err := r.follow.Move(me, id, 0, followup.Step{To: followup.Declined, Reason: followup.Outbid}); !at(err, "reason") {
			t.Fatalf("a refusal with the reason of a loss: %v", err)
		}
		_, err := r.follow.Move(me, id, 0, followup.Step{To: followup.Declined, Reason: matching.TooFar, Note: "l’an prochain"})
		r.must(err)
		m, err := r.matches.Get(r.ctx, id)
		r.must(err)
		if m.Reply != matching.NotForUs || m.ReplyReason != matching.TooFar || m.ReplyNote != "l’an prochain" {
			t.Fatalf("what matching reads: %+v", m)
		}
		if _, err := r.follow.Move(me, id, 0, followup.Step{To: followup.Submitted}); !fault.Is(err, fault.KindConflict) {
			t.Fatalf("submitted what was declined: %v", err)
		}
		_, err = r.follow.Move(me, id, 0, followup.Step{To: followup.Go})
		r.must(err)
		if got, want := r.history(id), "proposed>declined declined>go "; got != want {
			t.Fatalf("history %q, want %q", got, want)
		}
	})
}

func at(err error, path string) bool {
	f := fault.Of(err)
	return f.Kind == fault.KindInvalid && len(f.Fields) > 0 && f.Fields[0].Path == path
}

// The enterprise alone decides; whoever follows it up notes what happened since;
// an officer of elsewhere sees nothing.
func TestWhoMayMoveAPursuit(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		id := r.ids[0]
		goes := followup.Step{To: followup.Go}
		for name, c := range map[string]struct {
			ctx  context.Context
			want fault.Kind
		}{
			"another member":           {r.as(1), fault.KindNotFound},
			"an officer of elsewhere":  {r.officer("departement:59"), fault.KindNotFound},
			"the officer of the place": {r.officer("departement:26"), fault.KindForbidden},
			"a visitor":                {context.Background(), fault.KindUnauthenticated},
		} {
			if _, err := r.follow.Move(c.ctx, id, 0, goes); !fault.Is(err, c.want) {
				t.Errorf("%s decides: %v", name, err)
			}
		}
		if _, err := r.follow.Get(r.officer("departement:59"), id); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("an officer of elsewhere reads: %v", err)
		}
		_, err := r.follow.Move(r.as(0), id, 0, goes)
		r.must(err)
		_, err = r.follow.Move(r.officer("departement:26"), id, 0, followup.Step{To: followup.Withdrawn, Reason: followup.NoPartner})
		r.must(err)
	})
}

// An award is a suggestion that somebody confirms: it counts where it names the
// enterprise, and nobody says by itself that it won what it never submitted.
func TestAnAwardIsConfirmed(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		id, me := r.ids[0], r.as(0)
		if _, err := r.follow.Move(me, id, 0, followup.Step{To: followup.Won}); !fault.Is(err, fault.KindConflict) {
			t.Fatalf("won without a word: %v", err)
		}
		if _, err := r.follow.Confirm(me, id, 0); fault.Of(err).Code != "not-named" {
			t.Fatalf("confirmed what no award says: %v", err)
		}
		r.award(0)
		if _, err := r.follow.Move(me, id, 0, followup.Step{To: followup.Won}); fault.Of(err).Code != "transition" {
			t.Fatalf("won by hand what was never submitted: %v", err)
		}
		p, err := r.follow.Confirm(me, id, 0)
		r.must(err)
		if p.State != followup.Won {
			t.Fatalf("confirmed %+v", p)
		}
		again, err := r.follow.Confirm(me, id, 1)
		r.must(err)
		if again.Revision != p.Revision {
			t.Fatalf("confirmed twice %+v", again)
		}
		events, err := r.follow.Events(r.ctx, id)
		r.must(err)
		if len(events) != 1 || events[0].Origin != followup.ByAward {
			t.Fatalf("history %+v", events)
		}
	})
}

// award credits a member with the call, as its award does.
func (r *room) award(member int) {
	r.t.Helper()
	r.must(r.st.InTx(r.ctx, func(ctx context.Context, tx store.Tx) error {
		_, err := r.network.Credit(ctx, tx, r.call.Key, []network.Award{{SIRET: r.members[member].SIRET,
			Reference: network.Reference{Title: "Espaces verts", Code: "77310000", Buyer: "Ville de Livron", Year: 2026}}})
		return err
	}))
}

// A match that no longer holds gets no first answer; one that was gone for goes on.
func TestAMatchThatNoLongerHolds(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		_, err := r.follow.Move(r.as(0), r.ids[0], 0, followup.Step{To: followup.Go}, followup.Step{To: followup.Answering, Role: followup.Alone})
		r.must(err)
		_, err = r.lots.Cancel(r.ctx, opportunities.By{Note: "sans suite"}, r.call.ID, 0)
		r.must(err)
		r.work()
		if _, err := r.follow.Move(r.as(1), r.ids[1], 0, followup.Step{To: followup.Interested}); fault.Of(err).Code != "withdrawn" {
			t.Fatalf("answered a withdrawn match: %v", err)
		}
		_, err = r.follow.Move(r.as(0), r.ids[0], 0, followup.Step{To: followup.Withdrawn, Reason: followup.CallChanged})
		r.must(err)
	})
}

// An answer to a lot that was removed, or to a call that was cancelled, goes no
// further: it is neither handed in nor won, it can only end. What was told before stays.
func TestWhatIsGoneIsNotWon(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		code string
		gone func(r *room)
	}{
		"a lot that was removed": {"lot-removed", func(r *room) { r.write("UPDATE lots SET withdrawn = ? WHERE id = ?", true, r.call.Lots[0].ID) }},
		"a call that was cancelled": {"call-cancelled", func(r *room) {
			_, err := r.lots.Cancel(r.ctx, opportunities.By{Note: "sans suite"}, r.call.ID, 0)
			r.must(err)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testkit.Each(t, func(t *testing.T, st *store.Store) {
				r := open(t, st)
				goes, alone, handed := followup.Step{To: followup.Go}, followup.Step{To: followup.Answering, Role: followup.Alone}, followup.Step{To: followup.Submitted}
				for i, steps := range [][]followup.Step{{goes}, {goes, alone}, {goes, alone, handed}} {
					_, err := r.follow.Move(r.as(i), r.ids[i], 0, steps...)
					r.must(err)
				}
				r.clock.Advance(20 * 24 * time.Hour)
				c.gone(r)
				for i, next := range []followup.Step{alone, handed, {To: followup.Won}} {
					if _, err := r.follow.Move(r.as(i), r.ids[i], 0, next); fault.Of(err).Code != c.code {
						t.Errorf("%s after all: %v", next.To, err)
					}
				}
				r.award(2)
				if _, err := r.follow.Confirm(r.as(2), r.ids[2], 0); fault.Of(err).Code != c.code {
					t.Errorf("confirmed after all: %v", err)
				}
				for i, end := range []followup.Step{{To: followup.Withdrawn, Reason: followup.CallChanged}, {To: followup.Withdrawn, Reason: followup.CallChanged}, {To: followup.NoAward}} {
					_, err := r.follow.Move(r.as(i), r.ids[i], 0, end)
					r.must(err)
				}
				p, err := r.follow.Get(r.as(2), r.ids[2])
				r.must(err)
				if p.SubmittedOn != "2026-11-23" {
					t.Errorf("what was handed in before is told as %+v", p)
				}
			})
		})
	}
}

// A win told before the call was cancelled stays, and is taken back if it was a mistake.
func TestAWinBeforeACancellation(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		id, me := r.ids[0], r.as(0)
		_, err := r.follow.Move(me, id, 0, followup.Step{To: followup.Go}, followup.Step{To: followup.Answering, Role: followup.Alone}, followup.Step{To: followup.Submitted})
		r.must(err)
		r.clock.Advance(20 * 24 * time.Hour)
		_, err = r.follow.Move(me, id, 0, followup.Step{To: followup.Won})
		r.must(err)
		_, err = r.lots.Cancel(r.ctx, opportunities.By{Note: "sans suite"}, r.call.ID, 0)
		r.must(err)
		p, err := r.follow.Move(me, id, 0, followup.Step{To: followup.Won})
		r.must(err)
		if p.State != followup.Won {
			t.Fatalf("the win %+v", p)
		}
		_, err = r.follow.Move(me, id, 0, followup.Step{To: followup.Submitted, SubmittedOn: "2026-11-23"}, followup.Step{To: followup.NoAward})
		r.must(err)
	})
}

// A public call is won by nobody while it can still be answered; a private buyer
// chooses on any day. Nothing is handed in before there is a call.
func TestAWinAndAnAnswerHaveTheirTime(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		goes, alone := followup.Step{To: followup.Go}, followup.Step{To: followup.Answering, Role: followup.Alone}
		for i, id := range r.ids[:2] {
			if _, err := r.follow.Move(r.as(i), id, 0, goes, alone, followup.Step{To: followup.Submitted, SubmittedOn: "1800-01-01"}); !at(err, "submitted_on") {
				t.Fatalf("handed in before the call: %v", err)
			}
			_, err := r.follow.Move(r.as(i), id, 0, goes, alone, followup.Step{To: followup.Submitted, SubmittedOn: "2026-11-23"})
			r.must(err)
			if _, err := r.follow.Move(r.as(i), id, 0, followup.Step{To: followup.Won}); fault.Of(err).Code != "still-open" {
				t.Fatalf("won while it can be answered: %v", err)
			}
		}
		r.write("UPDATE opportunities SET kind = ? WHERE id = ?", opportunities.PrivatePurchase, r.call.ID)
		_, err := r.follow.Move(r.as(0), r.ids[0], 0, followup.Step{To: followup.Won})
		r.must(err)
		r.write("UPDATE opportunities SET kind = ? WHERE id = ?", opportunities.Tender, r.call.ID)
		r.clock.Advance(20 * 24 * time.Hour)
		_, err = r.follow.Move(r.as(0), r.ids[0], 0, followup.Step{To: followup.Submitted})
		r.must(err)
		_, err = r.follow.Move(r.as(1), r.ids[1], 0, followup.Step{To: followup.Won})
		r.must(err)
	})
}

// Coming back to an answer handed in keeps the day that is known; another day corrects it.
func TestTheDayOfAnAnswerIsKept(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		id, me := r.ids[0], r.as(0)
		_, err := r.follow.Move(me, id, 0, followup.Step{To: followup.Go}, followup.Step{To: followup.Answering, Role: followup.Alone}, followup.Step{To: followup.Submitted})
		r.must(err)
		r.clock.Advance(20 * 24 * time.Hour)
		for _, end := range []followup.Step{{To: followup.Won}, {To: followup.Lost, Reason: followup.Outbid}, {To: followup.NoAward}, {To: followup.Withdrawn, Reason: followup.NoPartner}} {
			_, err = r.follow.Move(me, id, 0, end)
			r.must(err)
			p, err := r.follow.Move(me, id, 0, followup.Step{To: followup.Submitted})
			r.must(err)
			if p.SubmittedOn != "2026-11-23" || p.Role != followup.Alone {
				t.Errorf("opened again after %s: %+v", end.To, p)
			}
		}
		if _, err := r.follow.Move(me, id, 0, followup.Step{To: followup.Submitted, SubmittedOn: "2026-12-08"}); !at(err, "submitted_on") {
			t.Errorf("handed in after the deadline: %v", err)
		}
		p, err := r.follow.Move(me, id, 0, followup.Step{To: followup.Submitted, SubmittedOn: "2026-12-07"})
		r.must(err)
		if p.SubmittedOn != "2026-12-07" {
			t.Errorf("corrected %+v", p)
		}
	})
}

// Once the deadline has passed, or the call was awarded, nobody begins to answer; what
// was handed in in time is recorded afterwards, in one gesture.
func TestWhatIsOverIsNotAnswered(t *testing.T) {
	t.Parallel()
	for name, over := range map[string]func(r *room){
		"the deadline has passed": func(r *room) { r.clock.Advance(15 * 24 * time.Hour) },
		"the call was awarded": func(r *room) {
			r.clock.Advance(15 * 24 * time.Hour)
			r.write("UPDATE opportunities SET state = ? WHERE id = ?", opportunities.Awarded, r.call.ID)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testkit.Each(t, func(t *testing.T, st *store.Store) {
				r := open(t, st)
				goes, alone := followup.Step{To: followup.Go}, followup.Step{To: followup.Answering, Role: followup.Alone}
				_, err := r.follow.Move(r.as(1), r.ids[1], 0, goes)
				r.must(err)
				_, err = r.follow.Move(r.as(2), r.ids[2], 0, goes, alone, followup.Step{To: followup.Withdrawn, Reason: followup.NoPartner})
				r.must(err)
				over(r)
				for i, steps := range [][]followup.Step{{goes}, {alone}, {goes}} {
					if _, err := r.follow.Move(r.as(i), r.ids[i], 0, steps...); fault.Of(err).Code != "call-over" {
						t.Errorf("%d begins to answer: %v", i, err)
					}
				}
				handed := followup.Step{To: followup.Submitted, SubmittedOn: "2026-12-04"}
				late := followup.Step{To: followup.Submitted}
				for i, steps := range [][]followup.Step{{goes, alone}, {alone}, {}} {
					if _, err := r.follow.Move(r.as(i), r.ids[i], 0, append(steps, late)...); !at(err, "submitted_on") {
						t.Errorf("%d hands in today: %v", i, err)
					}
					p, err := r.follow.Move(r.as(i), r.ids[i], 0, append(steps, handed)...)
					r.must(err)
					if p.State != followup.Submitted || p.SubmittedOn != "2026-12-04" || p.Role != followup.Alone {
						t.Errorf("%d recorded afterwards: %+v", i, p)
					}
				}
			})
		})
	}
}

// A lot that one enterprise won alone is won alone by no other, until it corrects that.
func TestALotIsWonAloneOnce(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		for i := range 2 {
			_, err := r.follow.Move(r.as(i), r.ids[i], 0, followup.Step{To: followup.Go}, followup.Step{To: followup.Answering, Role: followup.Alone}, followup.Step{To: followup.Submitted})
			r.must(err)
		}
		r.clock.Advance(20 * 24 * time.Hour)
		won := followup.Step{To: followup.Won}
		_, err := r.follow.Move(r.as(0), r.ids[0], 0, won)
		r.must(err)
		if _, err := r.follow.Move(r.as(1), r.ids[1], 0, won); fault.Of(err).Code != "won-by-another" {
			t.Errorf("won alone twice: %v", err)
		}
		r.award(1)
		_, err = r.follow.Move(r.as(1), r.ids[1], 0, won) // the award names it: it is believed before who says so
		r.must(err)
		_, err = r.follow.Move(r.as(1), r.ids[1], 0, followup.Step{To: followup.Submitted})
		r.must(err)
		_, err = r.follow.Move(r.as(0), r.ids[0], 0, followup.Step{To: followup.Submitted}, followup.Step{To: followup.Lost, Reason: followup.Outbid})
		r.must(err)
		_, err = r.follow.Move(r.as(1), r.ids[1], 0, won)
		r.must(err)
	})
}
