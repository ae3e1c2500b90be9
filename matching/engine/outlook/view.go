package outlook

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"maillage/nomenclatures"
	"maillage/territories"
)

// View is what is asked and who there is, at one moment. It never changes.
type View struct {
	Areas *Areas
	Held  *Table
	Asks  []*Ask
}

// Ask answers a query.
func (v *View) Ask(q Query) *Outlook {
	if q.Months <= 0 {
		q.Months = 12
	}
	b := &builder{v: v, q: q, since: q.AsOf.AddDate(0, -q.Months, 0), in: v.Areas.In(q.In), rows: map[nomenclatures.ROME]*Row{}, skills: map[nomenclatures.Aptitude]*Skill{}}
	b.near = b.widened()
	for _, a := range v.Asks {
		b.count(a)
	}
	b.held()
	return b.answer()
}

// builder is one answer under way.
type builder struct {
	v      *View
	q      Query
	since  time.Time
	in     []int32
	near   *territories.Set
	rows   map[nomenclatures.ROME]*Row
	skills map[nomenclatures.Aptitude]*Skill
	out    Outlook
}

// widened is the territory and what is near it.
func (b *builder) widened() *territories.Set {
	out := b.q.In
	atlas := b.v.Areas.atlas
	if out.Len() == atlas.Len() {
		return out
	}
	b.v.edge(b.q.In, func(ord int) { out = out.Or(atlas.Within(atlas.Commune(ord).Point, nearbyKm)) })
	return out
}

// edge calls f with communes of a set enough to widen it: the first of each cell
// of a tenth of a degree, so that a whole region is not walked commune by commune.
func (v *View) edge(set *territories.Set, f func(ord int)) {
	seen := map[[2]int]bool{}
	set.Each(func(ord int) bool {
		c := v.Areas.atlas.Commune(ord)
		cell := [2]int{int(c.Point[0] * 10), int(c.Point[1] * 10)}
		if c.HasPoint && !seen[cell] {
			seen[cell] = true
			f(ord)
		}
		return true
	})
}

// count adds one thing asked, where it is of the territory and of the period.
func (b *builder) count(a *Ask) {
	if a.Source == Session {
		b.session(a)
		return
	}
	if !a.within(b.since, b.q.AsOf) || a.Source == Expected && !a.open(b.q.AsOf) {
		return
	}
	share := b.share(a)
	if share == 0 {
		return
	}
	if len(a.Occupations) == 0 {
		b.out.Unsorted++
		return
	}
	for _, code := range a.Occupations {
		b.row(code).ask(a, share, b.q.AsOf)
	}
	if a.Source == Post {
		b.aptitudes(a)
	}
}

// share is the part of the people of a place who live in the territory; 0 for
// what is not asked there.
func (b *builder) share(a *Ask) float64 {
	switch {
	case a.Place == nil || a.Place.Len() == 0:
		b.out.Unplaced++
		return 0
	case !a.Place.Intersects(b.q.In):
		return 0
	case b.q.In.Covers(a.Place):
		return 1
	}
	share := float64(b.v.Areas.atlas.SharedPopulation(a.Place, b.q.In)) / float64(max(a.People, 1))
	if share < leastShare {
		b.out.Wide++
		return 0
	}
	return share
}

// session adds a training that can still be joined, in the territory or near.
func (b *builder) session(a *Ask) {
	if !a.open(b.q.AsOf) || a.On != "" && a.On < b.q.AsOf.Format(time.DateOnly) || a.Place == nil || !a.Place.Intersects(b.near) {
		return
	}
	for _, code := range a.Occupations {
		r := b.row(code)
		r.Sessions, r.Places = append(r.Sessions, a), r.Places+a.Posts
	}
	for _, code := range a.Gives {
		s := b.skill(code)
		s.Sessions, s.Places = append(s.Sessions, a), s.Places+a.Posts
	}
}

func (b *builder) row(code nomenclatures.ROME) *Row {
	r := b.rows[code]
	if r == nil {
		r = &Row{Code: code}
		b.rows[code] = r
	}
	return r
}

func (b *builder) skill(code nomenclatures.Aptitude) *Skill {
	s := b.skills[code]
	if s == nil {
		s = &Skill{Code: code}
		b.skills[code] = s
	}
	return s
}

// ask adds one thing to an occupation: posts whole, hours and full-time years by
// the share of the place and in equal parts between its occupations.
func (r *Row) ask(a *Ask, share float64, asOf time.Time) {
	d := &r.Demand
	switch a.Source {
	case Expected:
		r.Expected = append(r.Expected, a)
		return
	case Post:
		n := max(a.Posts, 1)
		if a.open(asOf) {
			d.Open += n
		} else {
			d.Passed += n
		}
	case Hours:
		d.Contract++
		d.weigh(a, share)
	default:
		d.Lots++
		d.weigh(a, share)
	}
	d.Asks = append(d.Asks, a)
}

func (d *Demand) weigh(a *Ask, share float64) {
	part := share / float64(len(a.Occupations))
	if a.Hours > 0 {
		d.HoursOf++
		d.Hours += a.Hours * part
	}
	if fte := a.FullTime(); fte > 0 {
		d.FTEOf++
		d.FTE += fte * part
	}
}

func (b *builder) aptitudes(a *Ask) {
	n := max(a.Posts, 1)
	add := func(codes []nomenclatures.Aptitude, to func(*Skill) *int) {
		for _, code := range codes {
			s := b.skill(code)
			*to(s) += n
			if a.open(b.q.AsOf) {
				s.Open += n
			}
		}
	}
	add(a.Required, func(s *Skill) *int { return &s.Required })
	add(a.Liked, func(s *Skill) *int { return &s.Liked })
}

// held adds the people, and the occupations and aptitudes that they alone hold.
func (b *builder) held() {
	for _, code := range b.v.Held.codesIn(b.in, Wish, Practice) {
		b.row(nomenclatures.ROME(code))
	}
	for _, code := range b.v.Held.codesIn(b.in, Hold) {
		b.skill(nomenclatures.Aptitude(code))
	}
	if b.q.Detail != "" {
		b.row(b.q.Detail)
	}
	for _, r := range b.rows {
		b.fill(r)
	}
	for _, s := range b.skills {
		s.Hold = b.v.Held.Living(b.in, Hold, string(s.Code))
		asked := float64(s.Required + s.Liked)
		s.Tension, s.Sure = tension(asked, s.Hold)
		s.Gap = asked - float64(s.Hold.Low)
		slices.SortFunc(s.Sessions, soonest)
	}
}

func (b *builder) fill(r *Row) {
	code := string(r.Code)
	r.Wish, r.Practice, r.Able = b.v.Held.Living(b.in, Wish, code), b.v.Held.Living(b.in, Practice, code), b.v.Held.Living(b.in, Able, code)
	if len(b.in) == 1 {
		f := b.v.Held.Coming(b.in[0], Wish, code)
		r.Coming = &f
	}
	if r.Code == b.q.Detail {
		for _, i := range b.in {
			r.Areas = append(r.Areas, AreaFigures{b.v.Areas.At(i), b.v.Held.Living([]int32{i}, Wish, code), b.v.Held.Coming(i, Wish, code)})
		}
	}
	r.Tension, r.Sure = tension(r.Demand.People(), r.Wish)
	r.Gap = r.Demand.People() - float64(r.Wish.Low)
	slices.SortFunc(r.Expected, soonest)
	slices.SortFunc(r.Sessions, soonest)
	slices.SortFunc(r.Demand.Asks, func(x, y *Ask) int {
		return cmp.Or(-cmp.Compare(one(x.open(b.q.AsOf)), one(y.open(b.q.AsOf))), y.Opened.Compare(x.Opened), cmp.Compare(x.ID, y.ID))
	})
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func soonest(x, y *Ask) int {
	return cmp.Or(strings.Compare(x.On, y.On), cmp.Compare(x.ID, y.ID))
}

// codesIn lists what is shown of the people who live in some areas.
func (t *Table) codesIn(in []int32, measures ...Measure) []string {
	var out []string
	wanted, seen := make([]bool, t.areas.Len()), make([]bool, len(t.codes))
	for _, area := range in {
		wanted[area] = true
	}
	for x := range t.shown {
		if i := x.code(); !x.away() && wanted[x.area()] && !seen[i] && slices.Contains(measures, x.measure()) {
			seen[i] = true
			out = append(out, t.codes[i])
		}
	}
	return distinct(out)
}
