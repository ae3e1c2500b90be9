package outlook

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"maillage/nomenclatures"
)

// first orders what is told: what is said to lack, then what may lack, then the rest.
func first(t Tension) int { return slices.Index([]Tension{Lack, Unsaid, Balance, Offer}, t) }

// answer puts the rows in order, what lacks the most first, and sums them by domain.
func (b *builder) answer() *Outlook {
	b.out.AsOf, b.out.Since = b.q.AsOf, b.since
	for _, i := range b.in {
		b.out.Areas = append(b.out.Areas, b.v.Areas.At(i))
	}
	for _, code := range slices.Sorted(maps.Keys(b.rows)) {
		if r := b.rows[code]; b.q.Domain == "" || code.MajorDomain() == b.q.Domain {
			b.out.Rows = append(b.out.Rows, *r)
		}
	}
	b.out.Totals = b.totals(b.out.Rows)
	slices.SortStableFunc(b.out.Rows, func(x, y Row) int {
		return cmp.Or(cmp.Compare(first(x.Tension), first(y.Tension)), -cmp.Compare(x.Gap, y.Gap), strings.Compare(string(x.Code), string(y.Code)))
	})
	for _, code := range slices.Sorted(maps.Keys(b.skills)) {
		b.out.Skills = append(b.out.Skills, *b.skills[code])
	}
	slices.SortStableFunc(b.out.Skills, func(x, y Skill) int {
		return cmp.Or(cmp.Compare(first(x.Tension), first(y.Tension)), -cmp.Compare(x.Gap, y.Gap))
	})
	return &b.out
}

// totals sums occupations, which come in the order of their codes, by domain. A
// thing asked in three occupations of a domain is one.
func (b *builder) totals(rows []Row) []Total {
	var out []Total
	var seen map[int64]bool
	for i := range rows {
		r := &rows[i]
		domain := r.Code.MajorDomain()
		if n := len(out); n == 0 || out[n-1].Domain != domain {
			out, seen = append(out, Total{Domain: domain}), map[int64]bool{}
		}
		t := &out[len(out)-1]
		t.Occupations++
		t.FTE += r.Demand.FTE
		t.Wish = t.Wish.And(r.Wish)
		for _, a := range slices.Concat(r.Demand.Asks, r.Expected, r.Sessions) {
			if !seen[a.ID] {
				seen[a.ID] = true
				t.add(a, b.q.AsOf)
			}
		}
	}
	return out
}

func (t *Total) add(a *Ask, asOf time.Time) {
	switch {
	case a.Source == Expected:
		t.Expected++
	case a.Source == Session:
		t.Places += a.Left()
	case a.Source != Post:
		t.Lots++
	default:
		open, passed := a.places(asOf)
		t.Open, t.Passed = t.Open+open, t.Passed+passed
	}
}

// Find is the row of an occupation, with zeros where there is none.
func (o *Outlook) Find(code nomenclatures.ROME) (Row, bool) {
	for _, r := range o.Rows {
		if r.Code == code {
			return r, true
		}
	}
	return Row{Code: code}, false
}
