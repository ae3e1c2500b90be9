package placement

import (
	"maillage/matching/engine/assignment"
	"maillage/matching/placement/card"
)

// step is what an officer's counts of people are rounded down to.
const step = card.K

func floored(n int) int { return n - n%step }

// least is how many people must be alike for one of them to be shown.
func (s *Service) least() int {
	if s.crowd == 0 {
		return card.K
	}
	return s.crowd
}

// byRule is why somebody else has a place in an officer's batch: that the others
// wait longer, or that it suits them better, would set people side by side.
const byRule = "by-rule"

// blind takes out of an officer's batch what is measured on people, before it is
// kept and each time that it is read. A total over whom an officer can choose one
// by one is a fact about one: an average of one person is a score, the longest
// wait is always somebody's, and a wait that two versions share follows whom the
// labels hide. Their own structure keeps the wait of each of its people.
func (p *planned) blind() {
	if !p.row.Wide {
		return
	}
	p.row.Totals = p.row.Totals.blind()
	for _, x := range p.people {
		x.blind()
	}
}

// blind keeps of a comparison with others that there are others.
func (p *batchPerson) blind() {
	switch p.Why {
	case assignment.BetterFit.String(), assignment.LongerWaiting.String(), assignment.Drawn.String(), assignment.WholeBatch.String():
		p.Why = byRule
	}
	p.Better, p.Longer = 0, 0
}

// blind says about how many, never how well nor for how long: the exact count of
// two batches that differ by one person or structure is a fact about it.
func (t BatchTotals) blind() BatchTotals {
	t.People, t.Pairs, t.Differ, t.ServedMore = floored(t.People), floored(t.Pairs), floored(t.Differ), floored(t.ServedMore)
	t.Fit, t.Waiting = t.Fit.blind(), t.Waiting.blind()
	return t
}

func (t PlanTotals) blind() PlanTotals {
	return PlanTotals{Proposals: floored(t.Proposals), Served: floored(t.Served), Left: floored(t.Left), Gap: t.Gap}
}
