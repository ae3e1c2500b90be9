package publication

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"maillage/indicators/compute"
	"maillage/indicators/disclosure"
)

// ofPerson are the persons whose FTE a measure is.
var ofPerson = map[compute.Measure]compute.Measure{compute.FTE: compute.Workers, compute.PermanentFTE: compute.PermanentPersons,
	compute.HomeWorkerFTE: compute.HomeWorkerPersons, compute.ManagerFTE: compute.ManagerPersons, compute.StaffFTE: compute.StaffPersons}

// circles are the families that tell of one another: each is protected and attacked as one.
func circles() [][]compute.Measure {
	list := [][]compute.Measure{together}
	for fte, persons := range ofPerson {
		if fte != compute.FTE {
			list = append(list, []compute.Measure{persons, fte})
		}
	}
	return list
}

// grouped puts together what tells of one another; what stands alone by whether a reader
// knows that it is whole.
func grouped(all []*linked) (groups [][]*linked) {
	var whole, amounts []*linked
	rest := slices.Clone(all)
	for _, circle := range circles() {
		var own []*linked
		for _, l := range rest {
			if slices.Contains(circle, l.name) {
				own = append(own, l)
			}
		}
		if slices.ContainsFunc(own, func(l *linked) bool { return !l.whole.Whole() }) {
			groups = append(groups, own)
			rest = slices.DeleteFunc(rest, func(l *linked) bool { return slices.Contains(own, l) })
		}
	}
	for _, l := range rest {
		if l.whole.Whole() {
			whole = append(whole, l)
		} else {
			amounts = append(amounts, l)
		}
	}
	slices.SortFunc(groups, func(a, b []*linked) int { return cmp.Compare(a[0].measureName(), b[0].measureName()) })
	return append([][]*linked{whole, amounts}, groups...)
}

// dear is what hiding a whole number costs beside an amount that tells of it.
const dear = 8

// weighed is the tables of a family beside others: numbers of persons are missed most.
func (l *linked) weighed() []disclosure.Table {
	list := slices.Clone(l.tables)
	for i := range list {
		list[i].Cells = slices.Clone(list[i].Cells)
		most := 1.0
		for _, c := range list[i].Cells {
			most = max(most, c.Value)
		}
		for j := range list[i].Cells {
			if c := &list[i].Cells[j]; l.whole.Whole() && c.Cost == 0 && !math.IsNaN(c.Value) {
				c.Cost = dear * (1 + 0.1*c.Value/most)
			}
		}
	}
	return list
}

// limits are what everybody knows of two measures cell by cell: there are no more FTE
// than persons, FTE are hours over those of a full time of the kind, and quarters of
// pension are opened by hours, four at most for each person.
func limits(systems []*linked) (list []disclosure.Limit) {
	for _, l := range systems {
		list = append(list, limitsOf(l.name, l.year)...)
		if l.name == compute.PaidHours {
			list = append(list, bandHours(l, systems)...)
		}
		for _, o := range systems {
			switch {
			case l.name != compute.FTE || o.year != l.year:
			case o.name == compute.PaidHours:
				list = append(list, fullTime(l, o)...)
			case o.name == compute.Quarters:
				list = append(list, quartersOf(l, o)...)
			}
		}
	}
	return list
}

// limitsOf are those that hold by what a measure is, whatever the figures.
func limitsOf(m compute.Measure, year int) (list []disclosure.Limit) {
	at := func(m compute.Measure) string { return fmt.Sprintf("%s@%d", m, year) }
	if p, is := ofPerson[m]; is {
		list = append(list, disclosure.Limit{Factors: map[string]float64{at(p): 1, at(m): -1}})
	}
	switch m {
	case compute.Quarters:
		list = append(list, disclosure.Limit{Factors: map[string]float64{at(compute.Workers): compute.MostQuarters, at(m): -1}})
	case compute.PaidHours:
		list = append(list, disclosure.Limit{Factors: map[string]float64{at(m): 1, at(compute.Quarters): -float64(compute.QuarterHours(year))}})
	case compute.HoursUnder150:
		list = append(list, bandLimits(year)...)
	}
	return list
}

// quartersOf bounds quarters by the FTE whose hours open them: how many hours make one of
// a kind is public, and readers suppose that no more are paid wherever no figure shows it.
func quartersOf(fte, quarters *linked) (list []disclosure.Limit) {
	references, err := compute.DefaultReferences()
	if err != nil {
		return nil
	}
	longest := 0.0
	for _, kind := range fte.book.kinds(compute.FTE) {
		r, known := references.Of(compute.Kind(kind), fte.year)
		if !known {
			continue
		}
		longest = max(longest, float64(r.Hours))
		list = append(list, opening(fte, quarters, kind, float64(r.Hours))...)
	}
	return append(list, opening(fte, quarters, "", longest)...)
}

// opening is the bound of one kind, of every cell where it names none.
func opening(fte, quarters *linked, kind string, hours float64) []disclosure.Limit {
	each, far := float64(compute.QuarterHours(fte.year)), 0.0
	for k, n := range quarters.exact {
		at := k
		at.Measure = compute.FTE
		if f := fte.exact[at]; f != nil && f.Sign() > 0 && (kind == "" || k.Kind == kind) {
			far = max(far, inFloat(n)*each/(inFloat(f)*hours)-1)
		}
	}
	at := slices.IndexFunc(apart, func(d float64) bool { return far <= d })
	if at < 0 || hours == 0 {
		return nil
	}
	l := disclosure.Limit{Factors: map[string]float64{fte.measureName(): hours * (1 + apart[at]), quarters.measureName(): -each}}
	if kind != "" {
		l.Where = map[string]string{"kind": kind}
	}
	return []disclosure.Limit{l}
}

// apart are how far hours and FTE may stand from one another, as a part of the hours,
// for a reader to use the one for the other; past the last, neither tells of the other.
var apart = []float64{1e-9, .001, .003, .01, .03, .1, .3}

// fullTime bounds the hours of each kind by its FTE, and the reverse, as closely as they
// really hold: a reader has the hours of a full time, and what is published to try them on.
func fullTime(fte, hours *linked) (list []disclosure.Limit) {
	for _, kind := range compute.Kinds() {
		per, far := fullTimeOf(fte, hours, string(kind))
		for _, d := range apart {
			if per == 0 || far > d {
				continue
			}
			where := map[string]string{"kind": string(kind)}
			if d == apart[0] {
				list = append(list, disclosure.Limit{Where: where, Equal: true, Factors: map[string]float64{hours.measureName(): 1, fte.measureName(): -per}})
				break
			}
			list = append(list, disclosure.Limit{Where: where, Factors: map[string]float64{hours.measureName(): 1, fte.measureName(): -per * (1 - d)}},
				disclosure.Limit{Where: where, Factors: map[string]float64{hours.measureName(): -1, fte.measureName(): per * (1 + d)}})
			break
		}
	}
	return list
}

// fullTimeOf is how many hours one FTE of a kind is over the whole, and how far from it
// the cells are at most.
func fullTimeOf(fte, hours *linked, kind string) (per, far float64) {
	k := key{compute.FTE, fte.year, whole, kind, total, total, total}
	h := k
	h.Measure = compute.PaidHours
	if fte.exact[k] == nil || hours.exact[h] == nil || fte.exact[k].Sign() == 0 {
		return 0, 0
	}
	per = inFloat(hours.exact[h]) / inFloat(fte.exact[k])
	for at, n := range fte.exact {
		h := at
		h.Measure = compute.PaidHours
		if at.Kind != kind || hours.exact[h] == nil || n.Sign() == 0 {
			continue
		}
		far = max(far, math.Abs(inFloat(hours.exact[h])/(per*inFloat(n))-1))
	}
	return per, far
}
