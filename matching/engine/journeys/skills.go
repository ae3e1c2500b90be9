package journeys

import "strings"

// What counts in the grade of skills: a required one for two wished ones, and
// one that a session nearby gives for half of one that is held.
const (
	requiredWorth  = 2
	trainableWorth = 0.5
)

// levelOf is the level at which a person holds a word of a list; ok is false
// where they don't.
func (d *dossier) levelOf(x *want) (level uint8, ok bool) {
	list := d.skills
	switch x.kind {
	case ToldLicences:
		for _, l := range d.licences {
			if l == x.word {
				return 0, true
			}
		}
		return 0, false
	case ToldLanguages:
		list = d.speaks
	}
	for i := range list {
		if list[i].word == x.word {
			level, ok = max(level, list[i].level), true
		}
	}
	return level, ok
}

// paper is how a list of requirements is held.
type paper struct {
	state     State
	trainable bool // a session nearby gives each one that is missing
	held      int
	missing   int
}

// holds asks for every one: what has not been told is unknown, never missed.
func (q *question) holds(w *who, list []want) paper {
	p := paper{state: Met, trainable: true}
	d := w.said()
	for i := range list {
		x := &list[i]
		level, ok := d.levelOf(x)
		switch {
		case ok && (level >= x.level || level == 0 && x.kind == ToldSkills):
			p.held++
		case !ok && d.told&x.kind == 0, ok && level == 0:
			if p.state == Met {
				p.state = Unknown
			}
		default:
			p.state = Missed
			p.missing++
			p.trainable = p.trainable && q.session(w, x) != nil
		}
	}
	return p
}

func (q *question) explainHeld(c Criterion, w *who, list []want) Finding {
	p := q.holds(w, list)
	f := Finding{Criterion: c, Gate: true}
	f.Params.Have, f.Params.Want = float64(p.held), float64(len(list))
	f.Params.Detail = q.detail(w, list)
	f.Key = c.String() + [...]string{".unknown", ".missed", "", ".held"}[p.state]
	if p.state == Missed {
		f.By, f.Unit = float32(p.missing), Count
		if p.trainable {
			f.Key = c.String() + ".trainable"
		}
	}
	return f.with(gate(p.state))
}

// know is how the skills asked are held.
type know struct{ mark }

// skilled grades them, by level.
func (q *question) skilled(w *who) know {
	d := w.said()
	if d.told&ToldSkills == 0 {
		return know{unsaid(weightSkills)}
	}
	sum, of := 0.0, 0.0
	for i := range q.skills {
		worth := 1.0
		if i < q.required {
			worth = requiredWorth
		}
		of += worth
		sum += float64(worth * q.worth(w, d, &q.skills[i]))
	}
	return know{graded(weightSkills, sum/of)}
}

// worth is what a person brings of one skill, 0 to 1.
func (q *question) worth(w *who, d *dossier, x *want) float64 {
	level, ok := d.levelOf(x)
	if ok && (level >= x.level || level == 0) {
		return 1
	}
	got := 0.0
	if ok {
		got = float64(level) / float64(x.level)
	}
	if got < trainableWorth && q.session(w, x) != nil {
		return trainableWorth
	}
	return got
}

func (q *question) explainSkills(w *who) Finding {
	k := q.skilled(w)
	f := Finding{Criterion: Skills, Key: "skills.unknown"}
	f.Params.Want = float64(len(q.skills))
	if k.state == Unknown {
		return f.with(k.mark)
	}
	d := q.detail(w, q.skills)
	f.Params.Detail, f.Params.Have = d, float64(len(d.Held))
	switch {
	case len(d.Held) == len(q.skills):
		f.Key = "skills.held"
	case len(d.Missing) == 0:
		f.Key = "skills.trainable"
	case len(d.Held) == 0 && len(d.Trainable) == 0:
		f.Key = "skills.missing"
	default:
		f.Key = "skills.some"
	}
	if n := len(q.skills) - len(d.Held); n > 0 {
		f.By, f.Unit = float32(n), Count
	}
	return f.with(k.mark)
}

// detail says which are held, trainable and missing; what has not been told is
// in none of them.
func (q *question) detail(w *who, list []want) *Detail {
	out, d := &Detail{}, w.said()
	for i := range list {
		x := &list[i]
		level, ok := d.levelOf(x)
		text := q.r.book.other.text(x.word)
		_, name, _ := strings.Cut(text, ":")
		s := (*session)(nil)
		switch {
		case ok && (level >= x.level || level == 0 && x.kind == ToldSkills):
			out.Held = append(out.Held, name)
			continue
		case !ok && d.told&x.kind == 0, ok && level == 0:
			continue
		default:
			s = q.session(w, x)
		}
		if s == nil {
			out.Missing = append(out.Missing, name)
			continue
		}
		out.Trainable = append(out.Trainable, name)
		out.Sessions = append(out.Sessions, s.p.ID)
	}
	return out
}

// experience grades the years in the occupation asked, or in one close to it.
func (q *question) experience(w *who) (m mark, years float64) {
	d := w.said()
	if d.told&ToldPractice == 0 {
		return unsaid(weightExperience), 0
	}
	practised := w.occs[len(w.occs)-len(d.years):]
	for i, o := range practised {
		if v := q.value(o &^ heldBit); v >= closeEnough {
			years = max(years, float64(d.years[i])*v)
		}
	}
	return graded(weightExperience, years/q.p.Years), years
}

func (q *question) explainExperience(w *who) Finding {
	m, years := q.experience(w)
	f := Finding{Criterion: Experience, Key: "experience.enough"}
	f.Params.Have, f.Params.Want = years, q.p.Years
	switch m.state {
	case Unknown:
		f.Key = "experience.unknown"
	case Partial:
		f.Key = "experience.some"
	case Missed:
		f.Key = "experience.none"
	}
	if m.state == Partial || m.state == Missed {
		f.By, f.Unit = float32(q.p.Years-years), YearsHeld
	}
	return f.with(m)
}
