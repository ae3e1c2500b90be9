package publication

import (
	"strings"

	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
	"maillage/indicators/disclosure"
	"maillage/internal/fault"
)

// A figure that was published and is published again otherwise publishes its
// difference too: who knows which enterprise corrected its records reads from it what
// changed there. Differences are judged as cells are: by the persons, the economic
// groups and the largest group behind them. What may not be told is hidden in the new
// version; the earlier one stands.

// tooLittle is the code of that refusal.
const tooLittle = "too_little"

// mayBeTold tells whether the difference of two tallies may be read; most is how much of
// it one person may have.
func mayBeTold(now, then tally, r disclosure.Rules, ofPersons bool, most int64) bool {
	change := tally{groups: map[string]int64{}}
	for g, n := range now.groups {
		change.groups[g] += n
	}
	for g, n := range then.groups {
		change.groups[g] -= n
	}
	for g, n := range change.groups {
		change.groups[g] = max(n, -n)
	}
	moved, parts := change.sum()
	c := disclosure.Cell{Value: float64(moved), Count: movers(now, then, change), Contributors: float64(len(parts))}
	if ofPersons {
		c.Count = c.Value / float64(most)
	}
	for _, p := range parts[:min(2, len(parts))] {
		c.Top = append(c.Top, float64(p))
	}
	r.Group = nil
	return r.Judge(c) == disclosure.NoRule
}

// movers is how many persons made a difference, at least: in each group that changed,
// those who are more or fewer, or one whose amount is another. Nobody knows of an amount
// that is of enterprises.
func movers(now, then, change tally) float64 {
	if now.persons == 0 && then.persons == 0 {
		return disclosure.Unknown()
	}
	count := int64(0)
	for g, n := range change.groups {
		if more := now.present[g] - then.present[g]; n != 0 {
			count += max(more, -more, 1)
		}
	}
	return float64(count)
}

// hideRevisions marks what moved too little since an earlier edition that showed it.
// It fails where that is the total of the whole federation: a version without it would
// say less than the one that stands.
func (l *linked) hideRevisions(e earlier, p Plan) error {
	for k, at := range l.at {
		was := e.exact[k]
		if !e.knows(k) || was == nil || l.exact[k] == nil || was.Cmp(l.exact[k]) == 0 {
			continue
		}
		rules := l.tables[at.table].Rules
		if sensitive(k.Public) {
			rules.MinimumCount = max(rules.MinimumCount, l.least)
		}
		if mayBeTold(l.tallyOf(k), e.tallyOf(k), rules, l.whole.Whole() && l.ofPersons(), mostEach(l.whole)) {
			continue
		}
		if k.Territory == whole && k.Kind == total && k.Sex == total && k.Age == total && k.Public == total && p.covers(k) {
			return fault.New(fault.KindConflict, tooLittle, "Depuis ce qui est publié, trop peu de personnes ou d’entreprises ont changé pour que la différence soit dite : une nouvelle version attend d’autres corrections.",
				"Since what is published, too few persons or enterprises have changed for the difference to be told: a new version awaits other corrections.")
		}
		for _, same := range l.places(k, at) {
			l.tables[same.table].Cells[same.cell].Given = disclosure.Primary
		}
	}
	return nil
}

// tallyOf counts a figure again, group by group.
func (l *linked) tallyOf(k key) tally {
	code := string(k.Measure)
	if k.Measure == l.whole {
		code = total
	}
	p := person{k.Sex, k.Age, k.Public}
	lay := layerOf(p)
	lay.unsaid = strings.HasPrefix(p.public, unsaidPublic)
	for _, c := range lay.cells() {
		if c.person == p {
			return l.book.tally(scope{k.Territory, k.Kind}, l.cuts[l.at[k].table].quantity(code), c.plus, c.minus)
		}
	}
	return tally{groups: map[string]int64{}}
}

// together are the families that tell of one another: FTE are hours divided by those of
// a full time, that everybody knows, neither passes what persons can do, hours open
// quarters of pension, and the bands of hours share out the workers.
var together = append([]compute.Measure{compute.Workers, compute.FTE, compute.PaidHours, compute.Quarters, health.said, rights.said}, bandMeasures()...)

// floor is the rule of every family that counts persons, whatever its indicator asks:
// where the persons behind a figure are known, they are five at least.
func (l *linked) floor(r catalogue.Publication) catalogue.Publication {
	if !l.ofPersons() {
		return r
	}
	return strictest(r, catalogue.Publication{Persons: 5, Sensitive: 11})
}
