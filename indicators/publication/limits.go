package publication

import (
	"fmt"
	"math"

	"maillage/indicators/compute"
	"maillage/indicators/disclosure"
)

// limits are what everybody knows of two measures cell by cell: there are no more FTE
// than persons, FTE are hours over those of a full time of the kind, and quarters of
// pension are opened by hours, four at most for each person.
func limits(systems []*linked) (list []disclosure.Limit) {
	persons := map[compute.Measure]compute.Measure{compute.FTE: compute.Workers, compute.PermanentFTE: compute.PermanentPersons,
		compute.HomeWorkerFTE: compute.HomeWorkerPersons, compute.ManagerFTE: compute.ManagerPersons, compute.StaffFTE: compute.StaffPersons}
	for _, l := range systems {
		if p, is := persons[l.name]; is {
			list = append(list, disclosure.Limit{Factors: map[string]float64{fmt.Sprintf("%s@%d", p, l.year): 1, l.measureName(): -1}})
		}
		if l.name == compute.Quarters {
			list = append(list, disclosure.Limit{Factors: map[string]float64{fmt.Sprintf("%s@%d", compute.Workers, l.year): compute.MostQuarters, l.measureName(): -1}})
		}
		if l.name == compute.HoursUnder150 {
			list = append(list, bandLimits(l.year)...)
		}
		if l.name == compute.PaidHours {
			list = append(list, bandHours(l, systems)...)
			list = append(list, disclosure.Limit{Factors: map[string]float64{l.measureName(): 1, fmt.Sprintf("%s@%d", compute.Quarters, l.year): -float64(compute.QuarterHours(l.year))}})
		}
		for _, o := range systems {
			if l.name == compute.FTE && o.name == compute.PaidHours && o.year == l.year {
				list = append(list, fullTime(l, o)...)
			}
		}
	}
	return list
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
