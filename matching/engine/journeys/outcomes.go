package journeys

import "slices"

// everyTrade stands for the occupations of a training that names none: it is the
// first number of every codebook, and no text of an occupation.
const (
	everyTrade     uint32     = 0
	everyTradeText Occupation = "\x00"
)

// everyWorth is what such a training is worth beside one that leads to a wish. It
// is a choice of this project.
const everyWorth = 0.5

// adds is what a training gives beyond what it asks to enter: a renewal adds
// nothing, and is for those who hold it.
func (p *Position) adds() (out Attainments) {
	if p.Kind != Training {
		return out
	}
	asks := &p.Prerequisites
	for _, n := range p.Outcomes.Skills {
		if !slices.ContainsFunc(asks.Skills, func(a Need) bool { return a.Code == n.Code && max(a.Level, 1) >= n.Level }) {
			out.Skills = append(out.Skills, n)
		}
	}
	for _, l := range p.Outcomes.Licences {
		if !slices.Contains(asks.Licences, l) && !slices.Contains(p.Licences, l) {
			out.Licences = append(out.Licences, l)
		}
	}
	for _, l := range p.Outcomes.Languages {
		enough := func(a Language) bool { return a.Code == l.Code && max(a.Level, 1) >= l.Level }
		if !slices.ContainsFunc(asks.Languages, enough) && !slices.ContainsFunc(p.Languages, enough) {
			out.Languages = append(out.Languages, l)
		}
	}
	return out
}

func (a *Attainments) none() bool { return len(a.Skills)+len(a.Licences)+len(a.Languages) == 0 }

// ForEveryTrade says that a position is a training which gives something, and names
// no occupation: French at work, a driving licence, first aid.
func (p *Position) ForEveryTrade() bool {
	if p.Kind != Training || len(p.targets()) > 0 {
		return false
	}
	a := p.adds()
	return !a.none()
}

// targets are the numbers of the occupations of a position.
func (r *Rules) targets(p *Position) []uint32 {
	if p.ForEveryTrade() {
		return []uint32{everyTrade}
	}
	var out []uint32
	for _, o := range p.targets() {
		out = append(out, r.book.trade(o))
	}
	return out
}

// learns says that something was told of what a person can do or holds: what is
// not in it, they may learn.
func (w *who) learns() bool {
	return w.said().told&(ToldSkills|ToldLicences|ToldLanguages) != 0
}

// fitsEvery is how somebody answers a training for every trade: whoever has been
// asked what they can do. What they already have, the outcomes tell.
func (q *question) fitsEvery(w *who) fit {
	f := fit{every: true, close: everyWorth, value: everyWorth}
	if w.learns() {
		f.class = fitting
	}
	return f
}

// gains asks whether a training gives something that the person has not: missed
// where they hold all of it, unknown where nobody said.
func (q *question) gains(w *who) State {
	state, d := Missed, w.said()
	for i := range q.gives {
		switch d.has(&q.gives[i]) {
		case Missed:
			return Met
		case Unknown:
			state = Unknown
		}
	}
	return state
}

func (q *question) explainOutcomes(w *who) Finding {
	state, d := q.gains(w), &Detail{}
	for i := range q.gives {
		switch x := &q.gives[i]; w.said().has(x) {
		case Met:
			d.Held = append(d.Held, q.named(x))
		case Missed:
			d.Missing = append(d.Missing, q.named(x))
		default:
			if state == Unknown {
				d.Missing = append(d.Missing, q.named(x))
			}
		}
	}
	f := Finding{Criterion: Outcomes, Gate: true, Key: "outcomes" + [...]string{".unknown", ".held", "", ".gives"}[state]}
	f.Params.Detail = d
	return f.with(gate(state))
}
