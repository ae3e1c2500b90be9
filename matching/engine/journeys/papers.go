package journeys

import "strings"

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

// has says whether a word is held at its level. What has not been told is
// unknown; a skill whose level is not said is taken for enough, a language is not.
func (d *dossier) has(x *want) State {
	level, ok := d.levelOf(x)
	switch {
	case ok && (level >= x.level || level == 0 && x.kind == ToldSkills):
		return Met
	case !ok && d.told&x.kind == 0, ok && level == 0:
		return Unknown
	}
	return Missed
}

// paper is how a list of requirements is held.
type paper struct {
	state     State
	trainable bool // a session nearby gives each one that is missing, and together they leave it open
	held      int
	missing   int
}

// holds asks for every one.
func (q *question) holds(w *who, list []want) paper {
	p := paper{state: Met, trainable: true}
	var room [8]*session
	followed := room[:0]
	d := w.said()
	for i := range list {
		switch d.has(&list[i]) {
		case Met:
			p.held++
		case Unknown:
			if p.state == Met {
				p.state = Unknown
			}
		default:
			p.state = Missed
			p.missing++
			if p.trainable {
				t := q.session(w, &list[i])
				p.trainable, followed = t != nil, append(followed, t)
			}
		}
	}
	p.trainable = p.trainable && (p.missing < 2 || q.leaves(d, followed...))
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

// named is the code of what is wanted.
func (q *question) named(x *want) string {
	_, name, _ := strings.Cut(q.r.book.other.text(x.word), ":")
	return name
}

// detail says which are held, trainable and missing; what has not been told is
// in none of them.
func (q *question) detail(w *who, list []want) *Detail {
	out, d := &Detail{}, w.said()
	for i := range list {
		x := &list[i]
		name := q.named(x)
		switch d.has(x) {
		case Met:
			out.Held = append(out.Held, name)
		case Missed:
			if s := q.session(w, x); s != nil {
				out.Trainable, out.Sessions = append(out.Trainable, name), append(out.Sessions, s.p.ID)
				continue
			}
			out.Missing = append(out.Missing, name)
		}
	}
	return out
}
