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
	b := &builder{v: v, q: q, since: q.AsOf.AddDate(0, -q.Months, 0), in: v.Areas.In(q.In), rows: map[nomenclatures.ROME]*Row{}, skills: map[nomenclatures.Aptitude]*Skill{},
		near: map[int]bool{}, compared: map[string]Compared{}, awarded: map[award]bool{}}
	b.over = v.Areas.union(b.in)
	b.awards()
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
	near   map[int]bool // whether a commune is near the territory
	rows   map[nomenclatures.ROME]*Row
	skills map[nomenclatures.Aptitude]*Skill
	out    Outlook
	// over is where people are counted, and compared what is asked there, by
	// occupation or aptitude: the word compares two things of one territory.
	over     *territories.Set
	compared map[string]Compared
	awarded  map[award]bool
}

// award is a lot of a procurement; an empty number is all of them.
type award struct {
	procurement int64
	lot         string
}

// awards notes the lots whose insertion hours are counted as those of the contract
// that was awarded: they must not be counted as those of the call too.
// An award whose lot is not one of the call's stands for the whole of it.
func (b *builder) awards() {
	called := map[award]bool{}
	for _, a := range b.v.Asks {
		if a.Source == Tender {
			called[award{a.Opportunity, a.Lot}] = true
		}
	}
	for _, a := range b.v.Asks {
		if a.Source != Hours || a.Follows == 0 || !a.within(b.since, b.q.AsOf) {
			continue
		}
		of := award{a.Follows, a.FollowsLot}
		if !called[of] {
			of.lot = ""
		}
		b.awarded[of] = true
	}
}

// twice tells whether the hours of a lot are those of an awarded contract as well.
func (b *builder) twice(a *Ask) bool {
	return a.Source == Tender && (b.awarded[award{a.Opportunity, ""}] || a.Lot != "" && b.awarded[award{a.Opportunity, a.Lot}])
}

// isNear tells whether a place is in the territory or at most so many kilometres
// from one of its communes.
func (b *builder) isNear(place *territories.Set) (near bool) {
	if place.Intersects(b.q.In) {
		return true
	}
	place.Each(func(ord int) bool {
		near = b.communeNear(ord)
		return !near
	})
	return near
}

func (b *builder) communeNear(ord int) bool {
	near, known := b.near[ord]
	if !known {
		c := b.v.Areas.atlas.Commune(ord)
		near = c.HasPoint && b.v.Areas.atlas.Within(c.Point, nearbyKm).Intersects(b.q.In)
		b.near[ord] = near
	}
	return near
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
	b.compare(a)
	share := b.share(a)
	if share == 0 {
		return
	}
	if len(a.Occupations) == 0 {
		b.out.Unsorted++
		return
	}
	twice := b.twice(a)
	for _, code := range a.Occupations {
		b.row(code).ask(a, share, twice, b.q.AsOf)
	}
	if a.Source == Post {
		b.aptitudes(a)
	}
}

// compare adds what a thing asks where people are counted.
func (b *builder) compare(a *Ask) {
	share := b.v.shareOf(a, b.over)
	if a.Source == Expected || share < leastShare {
		return
	}
	worth := Compared{Posts: max(a.Posts, 1)}
	if a.Source != Post {
		if worth = (Compared{FTE: a.FullTime() * share / float64(max(len(a.Occupations), 1))}); b.twice(a) {
			return
		}
	}
	for _, code := range a.Occupations {
		b.compared[string(code)] = b.compared[string(code)].and(worth)
	}
	for _, code := range slices.Concat(a.Required, a.Liked) {
		if a.Source == Post {
			b.compared[aptitudeKey(code)] = b.compared[aptitudeKey(code)].and(worth)
		}
	}
}

func (c Compared) and(d Compared) Compared { return Compared{c.Posts + d.Posts, c.FTE + d.FTE} }

func aptitudeKey(code nomenclatures.Aptitude) string { return "aptitude:" + string(code) }

// share is the part of the people of a place who live in the territory; 0 for
// what is not asked there.
func (b *builder) share(a *Ask) float64 {
	if a.Place == nil || a.Place.Len() == 0 {
		b.out.Unplaced++
		return 0
	}
	share := b.v.shareOf(a, b.q.In)
	if share < leastShare {
		if a.Place.Intersects(b.q.In) {
			b.out.Wide++
		}
		return 0
	}
	return share
}

// shareOf is the part of the people of the place of what is asked who live in a
// territory; 0 where the place is not known.
func (v *View) shareOf(a *Ask, in *territories.Set) float64 {
	switch {
	case a.Place == nil || a.Place.Len() == 0 || !a.Place.Intersects(in):
		return 0
	case in.Covers(a.Place):
		return 1
	}
	return float64(v.Areas.atlas.SharedPopulation(a.Place, in)) / float64(max(a.People, 1))
}

// session adds a training that can still be joined, in the territory or near.
func (b *builder) session(a *Ask) {
	if !a.open(b.q.AsOf) || a.On != "" && a.On < b.q.AsOf.Format(time.DateOnly) || a.Place == nil || !b.isNear(a.Place) {
		return
	}
	for _, code := range a.Occupations {
		r := b.row(code)
		r.Sessions, r.Places = append(r.Sessions, a), r.Places+a.Left()
	}
	for _, code := range a.Gives {
		s := b.skill(code)
		s.Sessions, s.Places = append(s.Sessions, a), s.Places+a.Left()
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
// the share of the place and in equal parts between its occupations; those that an
// awarded contract asks as well are counted with the contract.
func (r *Row) ask(a *Ask, share float64, twice bool, asOf time.Time) {
	d := &r.Demand
	switch a.Source {
	case Expected:
		r.Expected = append(r.Expected, a)
		return
	case Post:
		open, passed := a.places(asOf)
		d.Open, d.Passed = d.Open+open, d.Passed+passed
	case Hours:
		d.Contract++
		d.weigh(a, share)
	default:
		d.Lots++
		if !twice {
			d.weigh(a, share)
		}
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
	open, passed := a.places(b.q.AsOf)
	add := func(codes []nomenclatures.Aptitude, to func(*Skill) *int) {
		for _, code := range codes {
			s := b.skill(code)
			*to(s) += open + passed
			s.Open += open
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
		asked := b.compared[aptitudeKey(s.Code)].People()
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
	r.Compared = b.compared[code]
	r.Tension, r.Sure = tension(r.Compared.People(), r.Wish)
	r.Gap = r.Compared.People() - float64(r.Wish.Low)
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
