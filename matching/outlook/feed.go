package outlook

import (
	"math"
	"time"

	"maillage/matching/engine/outlook"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/people"
	"maillage/territories"
)

// feed turns what the nouns hold into what the engine counts.
type feed struct {
	areas *outlook.Areas
	atlas *territories.Atlas
	day   string
	near  map[ranged][]int32 // areas reached, by home and whole kilometres
	sets  map[string]place   // compiled perimeters, by their text
	ended map[opportunities.ID]time.Time
}

type ranged struct{ home, km int }

type place struct {
	set    *territories.Set
	people int64
}

func newFeed(areas *outlook.Areas, atlas *territories.Atlas, day string) *feed {
	return &feed{areas: areas, atlas: atlas, day: day, near: map[ranged][]int32{}, sets: map[string]place{}}
}

// person reads a journey under way. The codes that a licence has lapsed are not held.
func (f *feed) person(p *people.Person) *outlook.Person {
	out := &outlook.Person{Area: outlook.Nowhere}
	if home, ok := f.atlas.Ordinal(p.Commune); ok && p.Commune != "" {
		out.Area, out.Reached = f.areas.Of(home), f.reached(home, p.Profile.Mobility)
	}
	for _, w := range p.Profile.Wished {
		out.Wished = append(out.Wished, w.ROME)
	}
	for _, h := range p.Profile.Held {
		out.Held = append(out.Held, h.ROME)
	}
	for _, h := range p.Profile.Aptitudes {
		if h.Until == "" || h.Until >= f.day {
			out.Aptitudes = append(out.Aptitudes, h.Code)
		}
	}
	return out
}

// reached are the areas within the person's own range: of the mode that goes the
// farthest, to the whole kilometre.
func (f *feed) reached(home int, modes []people.Mobility) []int32 {
	km := 0.0
	for _, m := range modes {
		km = max(km, m.Reach())
	}
	key := ranged{home, int(math.Round(km))}
	all, known := f.near[key]
	if !known {
		all = f.areas.Reached(home, float64(key.km))
		f.near[key] = all
	}
	return all
}

// ask reads a lot as it stands in its opportunity; nil for what asks nothing of
// people: a draft, what was cancelled or withdrawn, a call for partners, the
// trainings of the structures' own staff.
func (f *feed) ask(l *opportunities.Lot) *outlook.Ask {
	o := l.Opportunity
	source, ok := sourceOf(l)
	if !ok || l.Withdrawn || o.State == opportunities.Draft || o.State == opportunities.Cancelled {
		return nil
	}
	a := &outlook.Ask{ID: int64(l.ID), Opportunity: int64(o.ID), Lot: l.Number, Source: source, Title: titleOf(l), Posts: l.Posts, Taken: l.Taken, FTE: l.FTE, Hours: l.Clause.Hours, Closed: closed(l, f.ended[o.ID])}
	if a.Hours == 0 {
		a.Hours = l.Hours
	}
	if o.PublishedAt != nil {
		a.Opened = *o.PublishedAt
	}
	if o.Kind == opportunities.InsertionHours && o.ProcurementID != nil {
		a.Follows = int64(*o.ProcurementID)
		if o.Insertion != nil {
			a.FollowsLot = o.Insertion.Lot
		}
	}
	a.Occupations, a.Derived = occupations(l.Codes)
	f.terms(a, l)
	if l.Place.Scope == opportunities.InCommunes {
		where := f.place(l.Place.Perimeter)
		a.Place, a.People = where.set, where.people
	}
	return a
}

// titleOf names a lot so that it stands alone: of several, it may be a place only.
func titleOf(l *opportunities.Lot) string {
	if l.Title == "" || l.Title == l.Opportunity.Title {
		return l.Opportunity.Title
	}
	return l.Opportunity.Title + " · " + l.Title
}

func sourceOf(l *opportunities.Lot) (outlook.Source, bool) {
	o := l.Opportunity
	switch o.Kind {
	case opportunities.JobNeed, opportunities.Mission, opportunities.Immersion:
		return outlook.Post, true
	case opportunities.TrainingSession:
		return outlook.Session, l.Terms != nil && l.Terms.Audience == opportunities.ForJourneys
	case opportunities.InsertionHours:
		return outlook.Hours, true
	case opportunities.Expected:
		return outlook.Expected, o.Forecast != nil && o.Forecast.End == ""
	}
	return outlook.Tender, o.Kind != opportunities.PartnerCall && o.Kind != opportunities.Takeover
}

// terms reads what is asked of people or given to them, and the days that matter.
func (f *feed) terms(a *outlook.Ask, l *opportunities.Lot) {
	if w := l.Opportunity.Forecast; w != nil && a.Source == outlook.Expected {
		a.From, a.On, a.Until = w.From, w.On, w.Until
	}
	if l.Terms == nil {
		return
	}
	if a.Source == outlook.Session {
		a.On, a.Until, a.Hours = l.StartsOn, l.EndsOn, 0
		if len(l.Terms.Leads) > 0 {
			a.Occupations, a.Derived = l.Terms.Leads, false
		}
	}
	for _, g := range l.Terms.Outcomes {
		a.Gives = append(a.Gives, g.Code)
	}
	for _, w := range l.Terms.Requires() {
		a.Required = append(a.Required, w.Code)
	}
	for _, w := range l.Terms.Appreciates() {
		a.Liked = append(a.Liked, w.Code)
	}
}

// closed is when it could no longer be answered: its deadline, or the moment it was
// closed or awarded, whichever came first. What changed since does not move it.
func closed(l *opportunities.Lot, ended time.Time) time.Time {
	var out time.Time
	if l.Deadline != nil && l.Opportunity.Kind != opportunities.Expected {
		out = *l.Deadline
	}
	o := l.Opportunity
	if ended.IsZero() { // older than its history
		ended = o.UpdatedAt
	}
	if filled := l.FilledSince(); !filled.IsZero() && (out.IsZero() || filled.Before(out)) {
		out = filled // every place is taken: it is asked no more
	}
	if o.State != opportunities.Published && (out.IsZero() || ended.Before(out)) {
		out = ended
	}
	return out
}

// occupations are those that the codes name, or else those that the first code
// that tells of a trade leads to.
func occupations(codes []nomenclatures.Code) (out []nomenclatures.ROME, derived bool) {
	for _, c := range codes {
		if c.Scheme == nomenclatures.SchemeROME {
			out = append(out, nomenclatures.ROME(c.Value))
		}
	}
	for _, c := range codes {
		if len(out) > 0 {
			break
		}
		out, derived = nomenclatures.OccupationsOf(c)
	}
	return out, derived && len(out) > 0
}

// place compiles a perimeter once; what cannot be read is not known.
func (f *feed) place(text string) place {
	if p, known := f.sets[text]; known || text == "" {
		return p
	}
	var out place
	if p, err := f.atlas.CompileText(text); err == nil {
		out = place{p.Set, f.atlas.Population(p.Set)}
	}
	f.sets[text] = out
	return out
}
