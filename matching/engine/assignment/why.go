package assignment

import "cmp"

// Why says what stands between a person and a position that suits them.
type Why int

const (
	NoBetter      Why = iota // they have their K proposals, each suits them at least as well
	AtK                      // they have their K proposals, pending ones counted; the position had a place left or all were pending
	Closed                   // the position takes no card
	BetterFit                // full: those there fit it better (or as well and wait longer, or longest and fit better)
	LongerWaiting            // full: those there wait longer (same)
	Drawn                    // full: someone equal in fit and waiting was drawn
	WholeBatch               // full: someone there has less claim on it, but moving them would cost the batch more
)

// String is a stable key for a sentence.
func (w Why) String() string {
	return [...]string{"no-better", "at-k", "closed", "better-fit", "longer-waiting", "drawn", "whole-batch"}[w]
}

// Alternative is a position that suits a person and is not proposed to them.
// The counts are facts about those who hold it.
type Alternative struct {
	Position PositionID
	Fit      int
	Why      Why
	Held     int // people there
	Better   int // of whom fit it strictly better
	Longer   int // of whom wait strictly longer
}

// Why explains a pair that is not proposed; false when it is, or is no edge.
func (p *Plan) Why(person PersonID, position PositionID) (Alternative, bool) {
	i, known := p.person[person]
	if !known {
		return Alternative{}, false
	}
	from, to := p.draft.edges(i)
	for e := from; e < to; e++ {
		if p.draft.positions[p.draft.to[e]].ID == position && p.draft.slot[e] < 0 {
			return *p.alternative(e), true
		}
	}
	return Alternative{}, false
}

// alternative counts those who hold the position; the one with the weakest
// claim is the one to displace, and gives the reason.
func (p *Plan) alternative(e int32) *Alternative {
	d := p.draft
	j := d.to[e]
	a := &Alternative{Position: d.positions[j].ID, Fit: int(d.fit[e]), Why: AtK, Held: len(d.held[j])}
	reasons, weakest := p.reasons(), 0
	for _, other := range d.held[j] {
		fit, waiting := d.claim(other, e)
		a.Better += max(0, fit)
		a.Longer += max(0, waiting)
		weakest = max(weakest, p.weakness(fit, waiting))
	}
	switch i := d.owner[e]; {
	case d.asked[j].AtMost == 0:
		a.Why = Closed
	case d.content(i, d.fit[e]):
		a.Why = NoBetter
	case d.room[i] > 0 && !d.free(j):
		a.Why = reasons[weakest]
	}
	return a
}

// content says whether a person has all the proposals they may have, none under a fit.
func (d *draft) content(i int32, fit uint8) bool {
	from, to := d.edges(i)
	for e := from; e < to; e++ {
		if d.slot[e] >= 0 && d.fit[e] < fit {
			return false
		}
	}
	return d.served[i] > 0 && d.served[i] == d.room[i]
}

// claim compares the one who holds with the one who asks: 1, 0 or -1 by fit and by waiting.
func (d *draft) claim(held, asked int32) (fit, waiting int) {
	a, b := d.people[d.owner[held]], d.people[d.owner[asked]]
	return cmp.Compare(d.fit[held], d.fit[asked]), cmp.Compare(a.Waiting, b.Waiting)
}

// reasons by weakness of the claim, in the order of the objective.
func (p *Plan) reasons() [4]Why {
	if p.Objective == WaitingFirst {
		return [4]Why{LongerWaiting, BetterFit, Drawn, WholeBatch}
	}
	return [4]Why{BetterFit, LongerWaiting, Drawn, WholeBatch}
}

// weakness of a claim: 0 ahead by what leads, 1 equal there and ahead next, 2 equal in both, 3 behind.
func (p *Plan) weakness(fit, waiting int) int {
	lead, next := fit, waiting
	if p.Objective == WaitingFirst {
		lead, next = waiting, fit
	}
	switch {
	case lead > 0:
		return 0
	case lead < 0 || next < 0:
		return 3
	case next > 0:
		return 1
	}
	return 2
}
