package placement_test

import (
	"context"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching/engine/assignment"
	"maillage/matching/placement"
	"maillage/network"
	"maillage/opportunities"
	"maillage/people"
	"maillage/territories"
)

// A card whose agreement ran out takes nobody's place in a batch, whether or not
// a job has written it: what a batch counts is what the counsellor is shown.
func TestABatchCountsNoCardThatNoAgreementHolds(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		all := r.crowd(9)
		o := r.kitchen()
		o.Lots[0].StartsOn = "2027-03-01"
		lot := r.publish(o).Lots[0].ID
		r.agree(lot, all[:3]...)
		r.propose(lot, all[0])
		r.propose(lot, all[1])
		r.wantCounted(lot, 1, 7, 7)
		r.clock.Advance(40 * 24 * time.Hour)
		r.wantCounted(lot, 3, 9, 9)
	})
}

// What a structure noted of a session of its own led nobody to an employer: in a batch
// they wait since their journey began, as everywhere.
func TestAPlaceInOnesOwnSessionEndsNoWaiting(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		session := r.session(opportunities.ForJourneys).Lots[0].ID
		learner := r.cook()
		learner.Profile.Wished = append(learner.Profile.Wished, people.Wish{ROME: "N1101"})
		p := r.person(learner)
		r.publish(r.kitchen())
		waits := func() int {
			t.Helper()
			b, err := r.placement.PreviewBatch(r.cip, placement.BatchRules{})
			r.must(err)
			if len(b.People) != 1 {
				t.Fatalf("%+v", b.People)
			}
			return b.People[0].Who.Waiting
		}
		before := waits()
		r.agree(session, p)
		_, err := r.placement.Conclude(r.cip, p.ID, session, placement.Hired)
		if r.must(err); before == 0 || waits() != before {
			t.Errorf("%d days of waiting, %d once they have a place in a session", before, waits())
		}
	})
}

func (r *room) wantCounted(lot opportunities.LotID, capacity, suits, idle int) {
	r.t.Helper()
	shown, err := r.placement.PeopleFor(r.cip, lot, placement.Query{})
	r.must(err)
	b, err := r.placement.PreviewBatch(r.cip, placement.BatchRules{})
	r.must(err)
	if p := b.Positions[0]; p.Capacity != capacity || shown.Room != capacity || p.Suits != suits {
		r.t.Errorf("%d places, %d shown elsewhere, for %d people; want %d for %d", p.Capacity, shown.Room, p.Suits, capacity, suits)
	}
	b, err = r.placement.PreviewBatch(r.cip, placement.BatchRules{Idle: true})
	r.must(err)
	if len(b.People) != idle {
		r.t.Errorf("%d people are free, want %d", len(b.People), idle)
	}
}

// A position of which every place is filled is no one's to speak about, though it
// is still published; who chose it reads that it was left out.
func TestAFilledPositionIsInNoBatch(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		all := r.crowd(7)
		lot := r.publish(r.kitchen()).Lots[0].ID
		r.agree(lot, all[0])
		p := r.propose(lot, all[0])
		_, err := r.placement.Answer(r.employer, lot, p.Ref, 0, placement.Reply{State: placement.Hired})
		r.must(err)
		b, err := r.placement.PreviewBatch(r.cip, placement.BatchRules{Source: placement.ChosenLots, Lots: []opportunities.LotID{lot}})
		r.must(err)
		if len(b.Positions) != 0 || b.Totals.Pairs != 0 || !strings.Contains(b.Words[len(b.Words)-1].FR, "choisi") {
			t.Errorf("a filled position is in a batch: %+v, %v", b.Positions, b.Words)
		}
		wide, err := r.placement.Reach(r.officer, placement.ReachChoice{})
		r.must(err)
		if len(wide.Positions) != 0 {
			t.Errorf("an officer reads how far a filled position reaches: %+v", wide.Positions)
		}
		got, err := r.placement.PeopleFor(r.cip, lot, placement.Query{})
		r.must(err)
		if got.Refused == nil || !strings.Contains(got.Refused.FR, "pourvues") {
			t.Errorf("the candidates of a filled position are told %+v", got.Refused)
		}
	})
}

func (r *room) keep(ctx context.Context, key string, rules placement.BatchRules) *placement.BatchView {
	r.t.Helper()
	out, err := r.placement.KeepBatch(ctx, key, rules)
	r.must(err)
	return out
}

// first is the first suggestion of a batch.
func first(t *testing.T, b *placement.BatchView) placement.BatchSuggestion {
	t.Helper()
	for _, p := range b.People {
		if len(p.Suggestions) > 0 {
			return p.Suggestions[0]
		}
	}
	t.Fatal("nothing is suggested")
	return placement.BatchSuggestion{}
}

// A batch is written once, whoever asks twice and at the same time; a gesture too.
func TestABatchIsWrittenOnce(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		r.crowd(4)
		r.publish(r.kitchen())
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if _, err := r.placement.KeepBatch(r.cip, "lundi", placement.BatchRules{}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		b := r.keep(r.cip, "lundi", placement.BatchRules{})
		again, err := r.placement.RecomputeBatch(r.cip, b.ID, b.Number)
		r.must(err)
		if r.count("batches") != 1 || again.ID != b.ID || r.count("batch_lines") != 3 || r.count("batch_events") != 1 {
			t.Errorf("%d batches, %d lines, %d events, %d then %d", r.count("batches"), r.count("batch_lines"), r.count("batch_events"), b.ID, again.ID)
		}
		x := first(t, b)
		for range 2 {
			got, err := r.placement.SettleLine(r.cip, b.ID, x.Line, placement.Talked, x.Revision, "")
			r.must(err)
			if got.State != placement.Talked || got.Revision != x.Revision+1 {
				t.Errorf("the suggestion is %+v", got)
			}
		}
		if r.count("agreements") != 1 || r.count("batch_events") != 2 || r.count("proposals") != 0 {
			t.Errorf("%d agreements, %d events, %d proposals", r.count("agreements"), r.count("batch_events"), r.count("proposals"))
		}
	})
}

// Only "asked" begins an agreement; a revision that is not the one read is refused.
func TestOnlyAskingAsks(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		all := r.crowd(2)
		lot := r.publish(r.kitchen()).Lots[0].ID
		b := r.keep(r.cip, "a", placement.BatchRules{})
		x := b.People[0].Suggestions[0]
		for _, to := range []placement.LineState{placement.ToDiscuss, placement.SetAside, placement.ToDiscuss} {
			_, err := r.placement.SettleLine(r.cip, b.ID, x.Line, to, 0, "")
			r.must(err)
		}
		if r.count("agreements") != 0 {
			t.Error("an agreement began without a question")
		}
		_, err := r.placement.SettleLine(r.cip, b.ID, x.Line, placement.Talked, x.Revision, "")
		r.refused(err, "stale")
		_, err = r.placement.SettleLine(r.other, b.ID, x.Line, placement.Talked, 0, "")
		r.refused(err, "not-found")
		_, err = r.placement.SettleLine(r.officer, b.ID, x.Line, placement.Talked, 0, "")
		r.refused(err, "forbidden")
		_, err = r.placement.SettleLine(r.cip, b.ID, x.Line, "proposed", 0, "")
		r.refused(err, "invalid")
		r.agree(lot, all[0])
		_, err = r.people.Withdraw(r.cip, all[0].ID, int64(lot))
		r.must(err)
		for _, p := range b.People {
			if p.Who.Person.ID == all[0].ID {
				_, err = r.placement.SettleLine(r.cip, b.ID, p.Suggestions[0].Line, placement.Talked, 0, "")
				r.refused(err, "said-no")
			}
		}
		r.wantStale(b.ID, "dit non")
	})
}

// A batch says what changed since; computed again it is a new version, and what
// was made of a suggestion stays with it.
func TestABatchSaysWhatChanged(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st, func(c *placement.Config) { c.Crowd = -1 })
		all := r.crowd(3)
		o := r.publish(r.kitchen())
		b := r.keep(r.cip, "a", placement.BatchRules{})
		x := first(t, b)
		_, err := r.placement.SettleLine(r.cip, b.ID, x.Line, placement.ToDiscuss, 0, "")
		r.must(err)
		r.clock.Advance(time.Minute)
		for _, step := range []struct {
			words string
			do    func()
		}{
			{"une personne est arrivée", func() { r.person(r.cook()) }},
			{"parcours", func() { all[0].Profile.Mobility[0].Km = 13; _, err := r.people.Update(r.cip, 0, all[0]); r.must(err) }},
			{"proposition", func() { r.agree(o.Lots[0].ID, all[1]); r.propose(o.Lots[0].ID, all[1]) }},
			{"ouvert", func() { r.publish(r.kitchen()) }},
			{"n’est plus à pourvoir", func() { _, err := r.lots.Close(system(), opportunities.By{}, o.ID, 0); r.must(err) }},
		} {
			step.do()
			r.wantStale(b.ID, step.words)
		}
		next, err := r.placement.RecomputeBatch(r.cip, b.ID, 1)
		r.must(err)
		if next.ID == b.ID || next.Number != 2 || len(next.Stale) != 0 || next.Rules.Seed != b.Rules.Seed {
			t.Errorf("computed again: %+v", next)
		}
		old, err := r.placement.ReadBatch(r.cip, b.ID)
		r.must(err)
		if old.Last != next.ID || len(old.People) != 3 || first(t, old).Score != x.Score {
			t.Errorf("the version before is %+v", old)
		}
		_, err = r.placement.SettleLine(r.cip, b.ID, x.Line, placement.SetAside, 0, "")
		r.refused(err, "batch-superseded")
	})
}

// Computed again, a counsellor's own batch suggests nothing to which the person has
// said no since; asked once more and agreeing, they are suggested again.
func TestComputedAgainWhoSaidNoIsNotSuggested(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		all := r.crowd(2)
		lot := int64(r.publish(r.kitchen()).Lots[0].ID)
		b := r.keep(r.cip, "refus", placement.BatchRules{Seed: 11})
		_, err := r.placement.SettleLine(r.cip, b.ID, b.People[0].Suggestions[0].Line, placement.Talked, 0, "")
		r.must(err)
		who := b.People[0].Who.Person.ID
		_, err = r.people.Refuse(r.cip, who, lot)
		r.must(err)
		r.wantStale(b.ID, "dit non")
		next, err := r.placement.RecomputeBatch(r.cip, b.ID, 1)
		r.must(err)
		if next.Number != 2 || next.Totals.Fit.Proposals != len(all)-1 || len(next.Stale) != 0 {
			t.Fatalf("computed again: version %d, %+v, %v", next.Number, next.Totals, next.Stale)
		}
		same, err := r.placement.RecomputeBatch(r.cip, next.ID, 2)
		r.must(err)
		if same.ID != next.ID {
			t.Error("nothing has changed, and a version was written")
		}
		_, err = r.people.Ask(r.cip, who, lot)
		r.must(err)
		again, err := r.placement.RecomputeBatch(r.cip, next.ID, 2)
		r.must(err)
		if again.Number != 3 || again.Totals.Fit.Proposals != len(all) {
			t.Errorf("asked once more: version %d, %+v", again.Number, again.Totals)
		}
	})
}

func (r *room) wantStale(id placement.BatchID, words string) {
	r.t.Helper()
	got, err := r.placement.ReadBatch(r.cip, id)
	r.must(err)
	for _, w := range got.Stale {
		if strings.Contains(strings.ToLower(w.FR), words) {
			return
		}
	}
	r.t.Errorf("the batch does not say %q: %v", words, got.Stale)
}

// What is made of a suggestion stays with it in the next version.
func TestAGestureOutlivesTheVersion(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		r.crowd(2)
		r.publish(r.kitchen())
		b := r.keep(r.cip, "a", placement.BatchRules{})
		x := first(t, b)
		_, err := r.placement.SettleLine(r.cip, b.ID, x.Line, placement.SetAside, 0, "")
		r.must(err)
		r.clock.Advance(time.Minute)
		r.person(r.cook())
		next, err := r.placement.RecomputeBatch(r.cip, b.ID, 0)
		r.must(err)
		for _, p := range next.People {
			if p.Who.Person.ID == x.Who.Person.ID && (p.Suggestions[0].Line == x.Line || p.Suggestions[0].State != placement.SetAside) {
				t.Errorf("the suggestion became %s", p.Suggestions[0].State)
			}
		}
	})
}

// All that a batch recorded about a person can be read by their structure for them: what
// it suggests, and who set it aside; by no other structure.
func TestWhatWasPreparedCanBeRead(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		r.crowd(3)
		r.publish(r.kitchen())
		b := r.keep(r.cip, "a", placement.BatchRules{})
		x := first(t, b)
		_, err := r.placement.SettleLine(r.cip, b.ID, x.Line, placement.SetAside, x.Revision, "")
		r.must(err)
		kept, err := r.placement.BatchesOf(r.cip, x.Who.Person.ID)
		r.must(err)
		if len(kept) != 1 || kept[0].Batch != b.ID || kept[0].Reason != "served" || len(kept[0].Suggestions) != 1 {
			t.Fatalf("what was prepared is read as %+v", kept)
		}
		if l := kept[0].Suggestions[0]; l.Score != x.Score || len(l.Criteria) != len(x.Criteria) || l.State != placement.SetAside || l.SettledBy == nil || len(l.Steps) != 1 || l.Position.Lot != x.Position.Lot {
			t.Errorf("a suggestion is read as %+v", l)
		}
		_, err = r.placement.BatchesOf(r.officer, x.Who.Person.ID)
		r.refused(err, "forbidden")
	})
}

// Whoever is erased or deleted leaves no row in any batch.
func TestWhoIsErasedLeavesTheBatches(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		all := r.crowd(2)
		r.publish(r.kitchen())
		r.keep(r.cip, "a", placement.BatchRules{})
		r.must(r.people.Erase(r.cip, all[0].ID, 0))
		if r.count("batch_lines") != 1 || r.count("batch_people") != 1 {
			t.Errorf("%d lines and %d people are left", r.count("batch_lines"), r.count("batch_people"))
		}
	})
}

// A convention covers the positions of its territory whose employer signed it, or
// whose occupation is of its sectors; not the others.
func TestAConventionCoversItsPositions(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		r.crowd(1)
		in := r.publish(r.kitchen())
		far := r.kitchen()
		far.Place.Perimeter = `{"territory":"commune:59350"}`
		r.publish(far)
		p, err := r.network.SavePartnership(system(), &network.Partnership{Key: "hcr", Name: "Convention", Sectors: nil, From: "2026-01-01", Until: "2027-12-31",
			Territory: territories.In(territories.Ref{Kind: territories.KindDepartement, Code: "26"}).String(), Signatories: []network.ID{r.hotel.ID}})
		r.must(err)
		rules := placement.BatchRules{Source: placement.OfPartnership, Partnership: p.ID}
		b, err := r.placement.PreviewBatch(r.cip, rules)
		r.must(err)
		if len(b.Positions) != 1 || b.Positions[0].Position.Lot != in.Lots[0].ID {
			t.Errorf("a convention signed by the employer covers %+v", b.Positions)
		}
		p.Signatories, p.Sectors = []network.ID{r.regional.ID}, nil
		_, err = r.network.SavePartnership(system(), p)
		r.must(err)
		if b, err = r.placement.PreviewBatch(r.cip, rules); err != nil || len(b.Positions) != 0 {
			t.Errorf("a convention signed by somebody else covers %+v, %v", b, err)
		}
		p.Revision, p.Until = 0, "2026-06-30"
		_, err = r.network.SavePartnership(system(), p)
		r.must(err)
		_, err = r.placement.PreviewBatch(r.cip, rules)
		r.refused(err, "invalid")
	})
}

// A computation that is stopped early says so in words, and still gives a plan.
func TestABatchStoppedEarlySaysSo(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		d := &driver{room: open(t, testkit.SQLite(t), func(c *placement.Config) { c.PerPost, c.Crowd = 1, -1 }), d: rand.New(rand.NewPCG(seed, 5))}
		d.world()
		b, err := d.placement.PreviewBatch(d.cip, placement.BatchRules{Budget: 1, Objective: assignment.WaitingFirst.String(), Most: 2})
		d.must(err)
		if b.Totals.Pairs == 0 {
			continue
		}
		said, early := b.Words[len(b.Words)-1].FR, b.Totals.Waiting.Gap != assignment.Proven.String()
		if early != strings.Contains(said, "arrêté avant la fin") || early == strings.Contains(said, "prouvé") {
			t.Errorf("stopped early: %+v %v", b.Totals.Waiting, b.Words)
		}
		if early {
			return
		}
	}
	t.Error("no computation was stopped")
}

// What is asked for and cannot be is refused whole, every fault located.
func TestABatchRefusesWhatItCannotDo(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	_, err := r.placement.PreviewBatch(r.cip, placement.BatchRules{Source: "all", PerPost: 99, Most: 99, Objective: "best", Seed: -1})
	if f := fault.Of(err); len(f.Fields) != 5 {
		t.Errorf("the faults are %+v", f.Fields)
	}
	_, err = r.placement.PreviewBatch(r.employer, placement.BatchRules{})
	r.refused(err, "forbidden")
	_, err = r.placement.KeepBatch(r.cip, "a b", placement.BatchRules{})
	r.refused(err, "invalid")
	b := r.keep(r.cip, "a", placement.BatchRules{})
	if again := r.keep(r.cip, "a", placement.BatchRules{PerPost: 3, Source: placement.WithinReach}); again.ID != b.ID {
		t.Error("the same rules, written out, are another batch")
	}
	_, err = r.placement.KeepBatch(r.cip, "a", placement.BatchRules{PerPost: 2})
	r.refused(err, "key-taken")
}
