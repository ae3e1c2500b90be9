package placement_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
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

// small is a batch read again through the other use cases: what a counsellor sees
// of each position, from which every plan can be tried.
type small struct {
	persons []people.ID
	waiting map[people.ID]int
	pending map[people.ID]int
	room    map[opportunities.LotID]int
	fits    map[people.ID]map[opportunities.LotID]int
}

// plan is a choice of positions for each person.
type plan map[people.ID][]opportunities.LotID

// again reads the edges from what the counsellor is shown, position by position.
func (d *driver) again() small {
	d.t.Helper()
	out := small{waiting: map[people.ID]int{}, pending: map[people.ID]int{}, room: map[opportunities.LotID]int{}, fits: map[people.ID]map[opportunities.LotID]int{}}
	for _, p := range d.persons {
		got, err := d.placement.PositionsFor(d.by(p), p.ID, placement.Query{})
		d.must(err)
		if p.OrganisationID == int64(d.here.ID) && !got.Paused {
			out.persons = append(out.persons, p.ID)
			out.waiting[p.ID], out.fits[p.ID] = *got.Person.WaitingDays, map[opportunities.LotID]int{}
		}
	}
	board, err := d.placement.Board(d.cip)
	d.must(err)
	for _, f := range board.Running {
		out.pending[f.Person]++
	}
	for _, p := range d.made {
		if p.OrganisationID == int64(d.here.ID) && d.led(p) {
			out.waiting[p.PersonID] = 0 // in this test everything happens in a day
		}
	}
	for _, lot := range d.lots {
		got, err := d.placement.PeopleFor(d.cip, lot, placement.Query{Limit: 200})
		if fault.Is(err, fault.KindNotFound) {
			continue
		}
		d.must(err)
		if got.Refused != nil || got.Position.Kind == opportunities.TrainingSession {
			continue
		}
		out.room[lot] = got.Room
		for _, c := range got.People {
			no := c.Agreement.State == people.Refused || c.Agreement.State == people.Withdrawn
			if !no && !d.answered(c.Person.ID, lot) {
				out.fits[c.Person.ID][lot] = c.Score
			}
		}
	}
	return out
}

// led tells a proposal after which the person was met or hired.
func (d *driver) led(p *placement.Proposal) bool {
	_, events, err := d.placement.Get(d.cip, p.ID)
	d.must(err)
	return slices.ContainsFunc(events, func(e placement.Event) bool { return e.To == placement.Met || e.To == placement.Hired })
}

// answered tells a pair that runs, or on which the employer has had its last word.
func (d *driver) answered(person people.ID, lot opportunities.LotID) bool {
	return slices.ContainsFunc(d.made, func(p *placement.Proposal) bool {
		if p.PersonID != person || p.LotID != lot {
			return false
		}
		got, _, err := d.placement.Get(d.cip, p.ID)
		d.must(err)
		return got.State.Runs() && d.agrees(p.Ref) || got.State == placement.NotRetained || got.State == placement.Hired
	})
}

// worth ranks a plan by an objective: the total fit, and who is served, level by
// level and the longest waiting first.
func (w small) worth(p plan, k int, waitingFirst bool) []int {
	fit := 0
	days := map[int]bool{}
	for id, lots := range p {
		for _, lot := range lots {
			fit += w.fits[id][lot]
		}
	}
	for _, id := range w.persons {
		days[w.waiting[id]] = true
	}
	var classes, precedence []int
	for n := range days {
		classes = append(classes, n)
	}
	slices.SortFunc(classes, func(a, b int) int { return cmp.Compare(b, a) })
	for level := range k {
		for _, n := range classes {
			served := 0
			for _, id := range w.persons {
				if w.waiting[id] == n && w.pending[id] <= level && w.pending[id]+len(p[id]) > level {
					served++
				}
			}
			precedence = append(precedence, served)
		}
	}
	switch {
	case waitingFirst && len(days) < len(w.persons):
		return precedence // between people who wait as long, a draw decides before the fit
	case waitingFirst:
		return append(precedence, fit)
	}
	return append([]int{fit}, precedence...)
}

// best tries every plan.
func (w small) best(k int, waitingFirst bool) []int {
	var top []int
	p := plan{}
	var next func(i int)
	next = func(i int) {
		if i == len(w.persons) {
			if now := w.worth(p, k, waitingFirst); top == nil || slices.Compare(now, top) > 0 {
				top = now
			}
			return
		}
		id := w.persons[i]
		lots := sortedLots(w.fits[id])
		for mask := range 1 << len(lots) {
			p[id] = w.take(lots, mask)
			if len(p[id]) == 0 || len(p[id])+w.pending[id] <= k && w.fit(p[id], -1) {
				next(i + 1)
				w.fit(p[id], 1)
			}
		}
		p[id] = nil
	}
	next(0)
	return top
}

func sortedLots(m map[opportunities.LotID]int) (out []opportunities.LotID) {
	for id := range m {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

func (w small) take(lots []opportunities.LotID, mask int) (out []opportunities.LotID) {
	for i, lot := range lots {
		if mask>>i&1 == 1 {
			out = append(out, lot)
		}
	}
	return out
}

// fit takes places or gives them back; false, nothing taken, when one lacks.
func (w small) fit(lots []opportunities.LotID, by int) bool {
	for _, lot := range lots {
		if w.room[lot]+by < 0 {
			return false
		}
	}
	for _, lot := range lots {
		w.room[lot] += by
	}
	return true
}

// The batch of a counsellor is the best of all the plans that can be made of what
// the same counsellor is shown elsewhere, under both objectives.
func TestABatchIsTheBestOfAllItsPlans(t *testing.T) {
	t.Parallel()
	suggestions, contested := 0, 0
	for range 12 {
		seed := rand.Uint64()
		d := &driver{room: open(t, testkit.SQLite(t), func(c *placement.Config) { c.PerPost, c.Crowd = 1, -1 }), d: rand.New(rand.NewPCG(seed, 3))}
		d.world()
		for k := 1; k <= 2; k++ {
			for _, waitingFirst := range []bool{false, true} {
				n, tight := d.wantBest(k, waitingFirst, seed)
				suggestions, contested = suggestions+n, contested+tight
			}
		}
	}
	if suggestions == 0 || contested == 0 {
		t.Errorf("%d suggestions, %d people left out of what suits them: nothing was tried", suggestions, contested)
	}
}

// world is a few people and positions, with a past.
func (d *driver) world() {
	d.t.Helper()
	for i := range 7 {
		p := d.random()
		p.OrganisationID, p.EnteredOn = int64(d.here.ID), fmt.Sprintf("2026-0%d-%02d", 1+d.d.IntN(3), 2+i)
		if i == 6 {
			p.OrganisationID = int64(d.there.ID)
		}
		p.Profile.Mobility[0].Km = 40
		d.persons = append(d.persons, d.person(p))
	}
	for range 4 {
		d.offer()
	}
	for range 8 {
		d.consent()
		if d.d.IntN(2) == 0 {
			d.propose()
		}
	}
}

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
		for _, who := range []context.Context{r.cip, r.officer} {
			b, err := r.placement.PreviewBatch(who, placement.BatchRules{Source: placement.ChosenLots, Lots: []opportunities.LotID{lot}})
			r.must(err)
			if len(b.Positions) != 0 || b.Totals.Pairs != 0 || !strings.Contains(b.Words[len(b.Words)-1].FR, "choisi") {
				t.Errorf("a filled position is in a batch: %+v, %v", b.Positions, b.Words)
			}
		}
		got, err := r.placement.PeopleFor(r.cip, lot, placement.Query{})
		r.must(err)
		if got.Refused == nil || !strings.Contains(got.Refused.FR, "pourvues") {
			t.Errorf("the candidates of a filled position are told %+v", got.Refused)
		}
	})
}

func (d *driver) wantBest(k int, waitingFirst bool, seed uint64) (suggestions, contested int) {
	d.t.Helper()
	rules := placement.BatchRules{Most: k, PerPost: 1, Seed: 7}
	if waitingFirst {
		rules.Objective = assignment.WaitingFirst.String()
	}
	got, err := d.placement.PreviewBatch(d.cip, rules)
	d.must(err)
	w, p := d.again(), plan{}
	for _, x := range got.People {
		for _, s := range x.Suggestions {
			id := x.Who.Person.ID
			if fit, ok := w.fits[id][s.Position.Lot]; !ok || fit != s.Score {
				d.t.Fatalf("seed %d: %d for %d is no pair of what is shown (fit %d, %d)", seed, id, s.Position.Lot, s.Score, fit)
			}
			p[id] = append(p[id], s.Position.Lot)
			suggestions++
		}
		if x.Reason == "all-full" {
			contested++
		}
	}
	for id, lots := range p {
		if len(lots)+w.pending[id] > k || !w.fit(lots, -1) {
			d.t.Fatalf("seed %d: %d has %v, which the places or k do not allow", seed, id, lots)
		}
	}
	for _, lots := range p {
		w.fit(lots, 1)
	}
	if now, top := w.worth(p, k, waitingFirst), w.best(k, waitingFirst); !slices.Equal(now, top) {
		d.t.Fatalf("seed %d, k %d, waiting first %t: the batch is worth %v, the best plan %v", seed, k, waitingFirst, now, top)
	}
	return suggestions, contested
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
			got, err := r.placement.SettleLine(r.cip, b.ID, x.Line, placement.Talked, x.Revision)
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
			_, err := r.placement.SettleLine(r.cip, b.ID, x.Line, to, 0)
			r.must(err)
		}
		if r.count("agreements") != 0 {
			t.Error("an agreement began without a question")
		}
		_, err := r.placement.SettleLine(r.cip, b.ID, x.Line, placement.Talked, x.Revision)
		r.refused(err, "stale")
		_, err = r.placement.SettleLine(r.other, b.ID, x.Line, placement.Talked, 0)
		r.refused(err, "not-found")
		_, err = r.placement.SettleLine(r.officer, b.ID, x.Line, placement.Talked, 0)
		r.refused(err, "forbidden")
		_, err = r.placement.SettleLine(r.cip, b.ID, x.Line, "proposed", 0)
		r.refused(err, "invalid")
		r.agree(lot, all[0])
		_, err = r.people.Withdraw(r.cip, all[0].ID, int64(lot))
		r.must(err)
		for _, p := range b.People {
			if p.Who.Person.ID == all[0].ID {
				_, err = r.placement.SettleLine(r.cip, b.ID, p.Suggestions[0].Line, placement.Talked, 0)
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
		_, err := r.placement.SettleLine(r.cip, b.ID, x.Line, placement.ToDiscuss, 0)
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
		_, err = r.placement.SettleLine(r.cip, b.ID, x.Line, placement.SetAside, 0)
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
		_, err := r.placement.SettleLine(r.cip, b.ID, b.People[0].Suggestions[0].Line, placement.Talked, 0)
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
		_, err := r.placement.SettleLine(r.cip, b.ID, x.Line, placement.SetAside, 0)
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

// federation is an officer's world: two structures, the second too small to be
// named. All ten suit a position that takes nine.
func (r *room) federation() (lot opportunities.LotID, all []*people.Person) {
	r.t.Helper()
	all = r.crowd(7)
	for range 3 {
		p := r.cook()
		p.OrganisationID = int64(r.there.ID)
		all = append(all, r.person(p))
	}
	o := r.kitchen()
	o.Lots[0].Posts, o.Lots[0].Terms.Reach = 3, 50
	return r.publish(o).Lots[0].ID, all
}

// An officer reads labels: no person, no commune, nothing of what anybody said,
// and nothing that changes when somebody refuses or a counsellor sets aside.
func TestARefusalNeverReachesAnOfficer(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		lot, all := r.federation()
		rules := placement.BatchRules{Seed: 5}
		b := r.keep(r.officer, "a", rules)
		if len(b.People) != 9 || !b.Unnamed || len(b.Positions) != 1 || len(b.Positions[0].Suggestions) != 9 {
			t.Fatalf("the batch is %+v", b)
		}
		before := r.asOfficer(b.ID)
		r.secrets(before, all)
		for _, p := range all {
			ctx := r.cip
			if p.OrganisationID == int64(r.there.ID) {
				ctx = r.other
			}
			_, err := r.people.Ask(ctx, p.ID, int64(lot))
			r.must(err)
			_, err = r.people.Refuse(ctx, p.ID, int64(lot))
			r.must(err)
		}
		own, err := r.placement.ReadBatch(r.cip, b.ID)
		r.must(err)
		if len(own.People) != 7 || own.Totals != nil || own.Owned || own.People[0].SaidNo == nil || own.People[0].Suggestions[0].Agreement.State != people.Refused {
			t.Errorf("their counsellor reads %+v", own)
		}
		_, err = r.placement.SettleLine(r.cip, b.ID, own.People[0].Suggestions[0].Line, placement.SetAside, 0)
		r.must(err)
		if after := r.asOfficer(b.ID); after != before {
			t.Errorf("an officer sees refusals:\n%s\n%s", before, after)
		}
		r.wantSuggested(rules, 5)
	})
}

// wantSuggested computes for both: a refusal counts for the counsellor alone.
func (r *room) wantSuggested(rules placement.BatchRules, wide int) {
	r.t.Helper()
	again, err := r.placement.PreviewBatch(r.officer, rules)
	r.must(err)
	mine, err := r.placement.PreviewBatch(r.cip, rules)
	r.must(err)
	if again.Totals.Fit.Proposals != wide || mine.Totals.Fit.Proposals != 0 {
		r.t.Errorf("after the refusals an officer is suggested %d pairs, the counsellor %d", again.Totals.Fit.Proposals, mine.Totals.Fit.Proposals)
	}
}

// An officer who chooses one position and one person a place learns no score and no
// wait of whom it goes to, under either rule: nothing follows anybody to another
// batch. Their counsellor still reads their own people's.
func TestAnOfficerMeasuresNobody(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		lot, all := r.federation()
		first := all[0]
		first.EnteredOn = "2025-01-06"
		_, err := r.people.Update(r.cip, 0, first)
		r.must(err)
		rules := placement.BatchRules{Source: placement.ChosenLots, Lots: []opportunities.LotID{lot}, PerPost: 1, Seed: 3}
		for _, o := range []assignment.Objective{assignment.FitFirst, assignment.WaitingFirst} {
			rules.Objective = o.String()
			b := r.keep(r.officer, o.String(), rules)
			r.secrets(r.asOfficer(b.ID), all)
			raw, err := json.Marshal(b)
			r.must(err)
			r.secrets(string(raw), all)
			if len(b.Compared) == 0 || len(b.People) != 3 || b.Totals.Fit.Served != 0 || b.Totals.Fit.Left != 5 {
				t.Errorf("an officer is told %+v %v", b.Totals, b.Compared)
			}
			own, err := r.placement.ReadBatch(r.cip, b.ID)
			r.must(err)
			if own.People[0].Who.Waiting == nil || *own.People[0].Who.Waiting < 600 {
				t.Errorf("their counsellor reads %+v", own.People[0])
			}
		}
	})
}

func (r *room) asOfficer(id placement.BatchID) string {
	r.t.Helper()
	b, err := r.placement.ReadBatch(r.officer, id)
	r.must(err)
	out, err := json.Marshal(b)
	r.must(err)
	return string(out)
}

// secrets looks for what an officer must not read.
func (r *room) secrets(read string, all []*people.Person) {
	r.t.Helper()
	for _, p := range all {
		if strings.Contains(read, p.Code) {
			r.t.Errorf("an officer reads the code %s", p.Code)
		}
	}
	for _, word := range []string{`"person"`, `"town"`, `"waiting_days"`, `"agreement"`, `"line"`, `"state_words"`, `"criteria"`, `"score"`, `"said_no"`, `"average_fit"`, `"longest_wait"`, `"first_wait"`, `"points"`, `"gap_most"`, `"better"`, `"longer"`, "sur 100", "jours", "mois", "elle attend", "elles attendent", "Entreprise de la Drôme", "Romans"} {
		if strings.Contains(read, word) {
			r.t.Errorf("an officer reads %s:\n%s", word, read)
		}
	}
	if !strings.Contains(read, "Chantier du Rhône") {
		r.t.Error("a structure with enough people is not named")
	}
}

// Nobody reads a batch but whose it is, and the structures with people in an officer's.
func TestABatchIsReadByWhoseItIs(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		r.federation()
		mine, wide := r.keep(r.cip, "a", placement.BatchRules{}), r.keep(r.officer, "a", placement.BatchRules{})
		for name, c := range map[string]struct {
			who  context.Context
			id   placement.BatchID
			code string
		}{
			"another counsellor": {r.other, mine.ID, "not-found"}, "an officer": {r.officer, mine.ID, "not-found"},
			"an employer": {r.employer, wide.ID, "forbidden"}, "nobody": {context.Background(), wide.ID, "unauthenticated"},
		} {
			_, err := r.placement.ReadBatch(c.who, c.id)
			if err == nil || fault.Of(err).Code != c.code {
				t.Errorf("%s reads the batch: %v", name, err)
			}
		}
		_, err := r.placement.RecomputeBatch(r.cip, wide.ID, 0)
		r.refused(err, "not-found")
		for who, want := range map[context.Context]int{r.cip: 2, r.other: 1, r.officer: 1} {
			items, _, err := r.placement.Batches(who, 0, 0)
			r.must(err)
			if len(items) != want {
				t.Errorf("%d batches are listed, want %d: %+v", len(items), want, items)
			}
		}
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
