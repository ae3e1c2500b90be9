package publication

import (
	"math"
	"slices"
	"sync"

	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
	"maillage/indicators/disclosure"
	"maillage/indicators/figures"
)

// A figure is judged by the persons behind it. Records tell them one by one; an answer does
// not: of a part of their time, the enterprise has answered how many they are beside it;
// else they are as many at least as the amount is times what one may have, which of a
// number of people is their number.

// headcount is the number of the persons whose time a measure is; empty: it is no time.
func headcount(m compute.Measure) compute.Measure {
	if m == compute.PaidHours {
		return compute.Workers
	}
	return ofPerson[m]
}

// ofPeople are the measures of the families that some indicator reads as numbers of
// persons or of what each has, or of which the catalogue asks for so many persons.
var ofPeople = sync.OnceValue(func() map[compute.Measure]bool {
	names := map[compute.Measure]bool{}
	for fte, persons := range ofPerson {
		names[familyOf(fte).name], names[familyOf(persons).name] = true, true
	}
	names[familyOf(compute.PaidHours).name] = true
	all, err := catalogue.Load()
	for _, f := range compute.Formulas() {
		asks := f.Personal
		if err == nil && !asks {
			i, there := all.Get(catalogue.ID(f.Indicator))
			asks = there && i.Publication.Persons > 0
		}
		for _, m := range f.Measures() {
			names[familyOf(m).name] = names[familyOf(m).name] || asks
		}
	}
	of := map[compute.Measure]bool{}
	for _, m := range compute.Measures() {
		of[m] = names[familyOf(m).name]
	}
	return of
})

// ofPersons tells the families whose figures are numbers of people, or of what they have.
func (l *linked) ofPersons() bool { return ofPeople()[l.name] }

// behind is how many persons are behind a count of an enterprise: as the records tell, or
// as it answered beside a part of their time. Zero where nobody said.
func behind(c *figures.Contribution, m compute.Measure, n compute.Count) int64 {
	if n.Persons > 0 || n.Amount == 0 {
		return n.Persons
	}
	persons := c.Counts.Lines[headcount(m)].Counts
	if i := slices.IndexFunc(persons, func(o compute.Count) bool { return o.Cross == n.Cross }); i >= 0 {
		return persons[i].Amount
	}
	return 0
}

// persons is how many are behind an amount, at the least. Nobody knows of what is of
// enterprises, nor of hours alone.
func (l *linked) persons(n *tally, value float64) float64 {
	count := float64(n.persons)
	if l.whole.Whole() || count == 0 {
		count = max(count, l.fewest(value))
	}
	if count > 0 || value == 0 {
		return count
	}
	return disclosure.Unknown()
}

// fewest is how many persons an amount takes, by what one may have of it.
func (l *linked) fewest(value float64) float64 {
	if !l.ofPersons() || l.whole == compute.PaidHours {
		return 0
	}
	return math.Ceil(math.Abs(value) / float64(mostEach(l.whole)))
}
