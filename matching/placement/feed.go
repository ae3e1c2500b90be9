package placement

import (
	"time"

	"maillage/matching/engine/journeys"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/people"
	"maillage/territories"
)

// feed turns what the nouns hold into what the engine reads. It is given a
// journey and a profile, never rights, traits or an identity: they are elsewhere.
type feed struct {
	atlas *territories.Atlas
}

// person reads a journey on a day, and where they stand with the jobs they were hired
// for; ok is false for one that is not matched.
func (f feed) person(p *people.Person, w work, today string) (*journeys.Person, bool) {
	if p.State != people.Active {
		return nil, false
	}
	q := &p.Profile
	out := &journeys.Person{
		ID: journeys.PersonID(p.ID), Revision: p.Revision, Employer: journeys.EmployerID(p.OrganisationID),
		Home: journeys.NoHome, WaitingSince: date(w.waitsSince(p)),
		Hours: journeys.Span{Min: q.Hours.Min, Max: q.Hours.Max}, Slots: q.Slots, SplitShifts: tri(q.Split),
	}
	from, free := w.free(p.AvailableOn)
	out.From, out.Available = date(from), free
	if ord, ok := f.atlas.Ordinal(p.Commune); ok && p.Commune != "" {
		out.Home = ord
	}
	if p.LastProposed != nil {
		out.LastProposed = *p.LastProposed
	}
	for _, w := range q.Wished {
		out.Wished = append(out.Wished, journeys.Occupation(w.ROME))
	}
	for _, h := range q.Held {
		out.Held = append(out.Held, journeys.Practice{Occupation: journeys.Occupation(h.ROME), Years: float64(h.Months) / 12})
	}
	for _, h := range q.Aptitudes {
		f.holding(out, h, today)
	}
	for _, l := range q.Languages {
		out.Languages = append(out.Languages, journeys.Language{Code: l.Language, Level: l.Level})
	}
	for _, m := range q.Mobility {
		out.Mobility = append(out.Mobility, journeys.Mobility{Mode: modeOf(m.Mode), Km: m.Km, Minutes: m.Minutes, Slots: m.Slots})
	}
	return out, true
}

// holding adds a licence, a certificate or a skill that is still valid. One that
// has lapsed leaves the list told: it is missing, not unknown.
func (f feed) holding(out *journeys.Person, h people.Holding, today string) {
	if isSkill(h.Code) {
		out.Told |= journeys.ToldSkills
	} else {
		out.Told |= journeys.ToldLicences
	}
	switch {
	case lapsed(h, today):
	case isSkill(h.Code):
		out.Skills = append(out.Skills, journeys.Skill{Code: string(h.Code), Level: h.Level, On: date(h.On)})
	default:
		out.Licences = append(out.Licences, journeys.Licence(h.Code))
	}
}

func lapsed(h people.Holding, today string) bool { return h.Until != "" && h.Until < today }

func isSkill(a nomenclatures.Aptitude) bool {
	info, known := nomenclatures.LookupAptitude(a)
	return !known || info.Kind == nomenclatures.Skill
}

func tri(b *bool) journeys.Tri {
	switch {
	case b == nil:
		return journeys.Unsaid
	case *b:
		return journeys.Yes
	}
	return journeys.No
}

func modeOf(m people.Mode) journeys.Mode {
	switch m {
	case people.OnFoot:
		return journeys.Walk
	case people.Bicycle:
		return journeys.Bike
	case people.Transit:
		return journeys.Transit
	case people.Moped:
		return journeys.Moped
	case people.Carried:
		return journeys.Carried
	}
	return journeys.Car
}

// position reads a place for people as it stands in its opportunity; ok is false
// for what nobody is matched to: a draft, what was cancelled or withdrawn, and the
// trainings of the structures' own staff, which are never for people in journeys.
func (f feed) position(l *opportunities.Lot) (*journeys.Position, bool) {
	o := l.Opportunity
	switch {
	case !o.Kind.HasPositions() || l.Withdrawn,
		o.State == opportunities.Draft, o.State == opportunities.Cancelled,
		o.Kind == opportunities.TrainingSession && (l.Terms == nil || l.Terms.Audience != opportunities.ForJourneys):
		return nil, false
	}
	return f.asked(l), true
}

// asked reads a position whatever its state: that of a draft is looked at by who
// prepares it.
func (f feed) asked(l *opportunities.Lot) *journeys.Position {
	o := l.Opportunity
	out := &journeys.Position{
		ID: journeys.PositionID(l.ID), Revision: l.Revision, Kind: kindOf(o.Kind), Posts: l.Posts, Filled: l.Filled(), Place: journeys.NoPlace,
		StartsOn: date(l.StartsOn), EndsOn: date(l.EndsOn), Opened: dayOf(o.PublishedAt), Deadline: dayOf(l.Deadline),
	}
	if o.State == opportunities.Closed || o.State == opportunities.Awarded {
		out.Ended = dayOf(&o.UpdatedAt)
	}
	for _, c := range l.Codes {
		if c.Scheme == nomenclatures.SchemeROME {
			out.Occupations = append(out.Occupations, journeys.Occupation(c.Value))
		}
	}
	if ords := f.communes(l); len(ords) == 1 {
		out.Place = int(ords[0])
	}
	if l.Terms != nil {
		f.terms(out, l.Terms)
	}
	return out
}

func kindOf(k opportunities.Kind) journeys.Kind {
	switch k {
	case opportunities.Mission:
		return journeys.Mission
	case opportunities.Immersion:
		return journeys.Immersion
	case opportunities.TrainingSession:
		return journeys.Training
	}
	return journeys.Job
}

// terms reads what is asked. A licence, a certificate or a language that is only
// appreciated is told, not scored: the engine has no grade for them.
func (f feed) terms(out *journeys.Position, t *opportunities.Terms) {
	out.Reach, out.Slots = t.Reach, t.Slots
	if t.Hours > 0 {
		out.Hours = journeys.Span{Min: t.Hours, Max: t.Hours}
	}
	if t.Split {
		out.SplitShift = journeys.Yes
	}
	into := &journeys.Attainments{}
	for _, w := range t.Aptitudes {
		need := journeys.Need{Code: string(w.Code), Level: w.Level}
		switch {
		case !isSkill(w.Code) && w.Required:
			into.Licences = append(into.Licences, journeys.Licence(w.Code))
		case !isSkill(w.Code):
		case w.Required:
			into.Skills = append(into.Skills, need)
		default:
			out.Wished = append(out.Wished, need)
		}
	}
	for _, s := range t.Languages {
		if s.Required {
			into.Languages = append(into.Languages, journeys.Language{Code: s.Language, Level: s.Level})
		}
	}
	if out.Kind != journeys.Training {
		out.Required, out.Licences, out.Languages = into.Skills, into.Licences, into.Languages
		return
	}
	out.Prerequisites, out.Outcomes = *into, outcomes(t)
}

// outcomes is what a training gives.
func outcomes(t *opportunities.Terms) (out journeys.Attainments) {
	for _, g := range t.Outcomes {
		if isSkill(g.Code) {
			out.Skills = append(out.Skills, journeys.Need{Code: string(g.Code), Level: g.Level})
			continue
		}
		out.Licences = append(out.Licences, journeys.Licence(g.Code))
	}
	for _, r := range t.Leads {
		out.Occupations = append(out.Occupations, journeys.Occupation(r))
	}
	return out
}

// communes are where a position is, by their ordinals; none where it is not known
// or is the whole country.
func (f feed) communes(l *opportunities.Lot) []uint32 {
	if l.Place.Scope != opportunities.InCommunes || l.Place.Perimeter == "" {
		return nil
	}
	p, err := f.atlas.CompileText(l.Place.Perimeter)
	if err != nil {
		return nil
	}
	return p.Set.Ordinals()
}

// date reads a stored date; an empty or unreadable one is open.
func date(text string) territories.Date {
	d, err := territories.ParseDate(text)
	if err != nil {
		return territories.Date{}
	}
	return d
}

func dayOf(t *time.Time) territories.Date {
	if t == nil || t.IsZero() {
		return territories.Date{}
	}
	return territories.DateOf(t.UTC())
}
