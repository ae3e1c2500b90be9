package placement_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"maillage/internal/fault"
	"maillage/internal/testkit"
	"maillage/matching/engine/assignment"
	"maillage/matching/placement"
	"maillage/opportunities"
	"maillage/people"
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
