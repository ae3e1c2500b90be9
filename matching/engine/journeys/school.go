package journeys

import (
	"cmp"
	"maps"
	"slices"

	"github.com/paulmach/orb"
)

// school finds the training sessions that give something.
type school struct {
	gives map[uint32][]*session // by word
}

// session is a training for people in journeys, by what it gives.
type session struct {
	p      *Position
	point  orb.Point
	placed bool
	start  day
	gives  []held
	needs  []want
}

func (r *Rules) session(p *Position) *session {
	s := &session{p: p, start: dayOf(p.StartsOn)}
	s.point, s.placed = r.pointOf(p.Point, p.HasPoint, p.Place)
	q := question{r: r}
	for _, x := range q.wants(nil, nil, p.Outcomes.Skills, p.Outcomes.Licences, p.Outcomes.Languages) {
		s.gives = append(s.gives, held{x.word, x.level})
	}
	s.needs = q.wants(nil, nil, p.Prerequisites.Skills, p.Prerequisites.Licences, p.Prerequisites.Languages)
	return s
}

// newSchool lists the trainings among positions.
func (r *Rules) newSchool(positions []*Position) *school {
	s := &school{}
	for _, p := range positions {
		if p.Kind == Training {
			s = s.with(r.session(p))
		}
	}
	return s
}

// with is the school and one session more; without, one less. Readers of the
// school before keep theirs.
func (s *school) with(t *session) *school {
	out := &school{gives: maps.Clone(s.gives)}
	if out.gives == nil {
		out.gives = map[uint32][]*session{}
	}
	for _, g := range t.gives {
		out.gives[g.word] = append(slices.Clip(out.gives[g.word]), t)
	}
	return out
}

func (s *school) without(p *Position) *school {
	out := &school{gives: maps.Clone(s.gives)}
	for word, list := range out.gives {
		if slices.ContainsFunc(list, func(t *session) bool { return t.p == p }) {
			out.gives[word] = slices.DeleteFunc(slices.Clone(list), func(t *session) bool { return t.p == p })
		}
	}
	return out
}

// around lists the sessions that give a word at a level, are still to come, have
// ended when the position begins, and are not too far from anybody within reach of the position. A session does not
// close what is needed to enter it.
func (s *school) around(q *question, word uint32, level uint8) []*session {
	if s == nil {
		return nil
	}
	var out []*session
	for _, t := range s.gives[word] {
		if t.late(q) || t.p == q.p || t.p.ID == q.p.ID || t.p.history(q.asOf.date()) || t.start != noDay && t.start < q.asOf || !t.reaches(word, level) {
			continue
		}
		if q.placed && t.placed {
			g := gauge{exact: true, far: -1, p: q.point, q: t.point}
			if !g.within(q.reach + nearKm + t.p.reach()) {
				continue
			}
		}
		out = append(out, t)
	}
	return out
}

// late says that a session has not ended when a position begins that is still to begin.
func (t *session) late(q *question) bool {
	begins, ends := dayOf(q.p.StartsOn), dayOf(t.p.EndsOn)
	if ends == noDay {
		ends = t.start
	}
	return begins != noDay && begins > q.asOf && ends != noDay && ends >= begins
}

// reaches says that a session gives a word at a level, or at none it names.
func (t *session) reaches(word uint32, level uint8) bool {
	return slices.ContainsFunc(t.gives, func(g held) bool { return g.word == word && (g.level == 0 || g.level >= level) })
}

// session is the one that a person would follow to get what they lack: within its
// reach and their range, open to them; the nearest, then the first to begin.
func (q *question) session(w *who, x *want) *session {
	var best *session
	var bestKm float64
	for _, t := range x.sessions {
		km, ok := q.attends(w, t)
		if !ok || !t.admits(w.said()) || t.shuts(q, w.said()) {
			continue
		}
		if best == nil || cmp.Or(cmp.Compare(km, bestKm), cmp.Compare(t.start, best.start), cmp.Compare(t.p.ID, best.p.ID)) < 0 {
			best, bestKm = t, km
		}
	}
	return best
}

// attends says how far a session is from a person, and whether they can go there.
// That of one whose home isn't known is measured from the position.
func (q *question) attends(w *who, t *session) (km float64, ok bool) {
	switch {
	case !t.placed:
		return 0, true
	case w.traits&placed == 0 && !q.placed:
		return 0, true
	}
	g := gauge{far: -1, p: w.point, q: t.point}
	if w.traits&placed == 0 {
		g.p = q.point
	}
	km = g.kilometres()
	return km, km <= t.p.reach() && (w.traits&placed == 0 || km <= w.farthest())
}

// admits says that nothing that a session requires is known to be missing.
func (t *session) admits(d *dossier) bool {
	return !slices.ContainsFunc(t.needs, func(x want) bool { return d.has(&x) == Missed })
}

// shuts says that to follow a session would leave a position closed: what nobody knew to
// be missing would be, as what it gives tells a list of which nothing was told, or a level
// that was not said and is too low; or, of a training, nothing would be left to learn there.
func (t *session) shuts(q *question, d *dossier) bool {
	gives := &t.p.Outcomes
	tells := func(of Facts) bool {
		return of == ToldSkills && len(gives.Skills) > 0 || of == ToldLicences && len(gives.Licences) > 0 || of == ToldLanguages && len(gives.Languages) > 0
	}
	shut := func(x want) bool {
		level, ok := d.levelOf(&x)
		unsaid := ok && level == 0 && t.reaches(x.word, 0) || !ok && d.told&x.kind == 0 && tells(x.kind)
		return unsaid && !t.reaches(x.word, x.level)
	}
	if slices.ContainsFunc(q.licences, shut) || slices.ContainsFunc(q.languages, shut) || slices.ContainsFunc(q.entry, shut) {
		return true
	}
	left := func(x want) bool { return d.has(&x) != Met && !t.reaches(x.word, x.level) }
	return len(q.gives) > 0 && !slices.ContainsFunc(q.gives, left)
}
