package journeys

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"maillage/territories"
)

// school finds the training sessions that give something.
type school struct {
	gives  map[uint32][]*session // by word
	barred map[Seat]bool
}

// Seat is a person in a training session.
type Seat struct {
	Person  PersonID
	Session PositionID
}

// Barring is the view with sessions that people can enter no more, whatever they ask: they
// follow none of these.
func (v *View) Barring(seats map[Seat]bool) *View {
	out := *v
	out.school = &school{gives: v.school.gives, barred: seats}
	return &out
}

// session is a training for people in journeys, by what it gives, and as it is asked
// of who would follow it.
type session struct {
	question // where and at what hours it is, and its way: nothing that is to be held
	begins   day
	ends     day
	needs    []want
	brings   []held
}

func (r *Rules) session(p *Position) *session {
	t := &session{question: r.where(p), begins: dayOf(p.StartsOn)}
	t.exact = true // an index and a scan choose the same
	t.ends = max(t.begins, dayOf(p.EndsOn))
	for _, x := range t.wants(nil, nil, p.Outcomes.Skills, p.Outcomes.Licences, p.Outcomes.Languages) {
		t.brings = append(t.brings, held{x.word, x.level})
	}
	t.needs = t.wants(nil, nil, nil, p.Licences, p.Languages)
	t.needs = t.wants(nil, t.needs, p.Prerequisites.Skills, p.Prerequisites.Licences, p.Prerequisites.Languages)
	return t
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
	for _, g := range t.brings {
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

// around lists the sessions that give a word at a level and serve the position, and are
// not too far from anybody within reach of it.
func (s *school) around(q *question, word uint32, level uint8) []*session {
	if s == nil || len(s.gives[word]) == 0 {
		return nil
	}
	var out []*session
	by := q.trainedBy()
	for _, t := range s.gives[word] {
		if t.p.ID == q.p.ID || !t.joinable(q.asOf) || max(t.ends, q.asOf) > by || !t.teaches(word, level) {
			continue
		}
		if q.placed && t.placed {
			g := gauge{exact: true, far: -1, p: q.point, q: t.point}
			if !g.within(q.reach + nearKm + t.reach) {
				continue
			}
		}
		out = append(out, t)
	}
	return out
}

// joinable says that a session still takes people: it has places, and has not begun.
func (t *session) joinable(asOf day) bool {
	past := func(d day) bool { return d != noDay && d < asOf }
	return !t.p.Filled && !t.p.history(asOf.date()) && !past(t.begins) && !past(t.ends)
}

// always is after any day.
const always day = math.MaxInt32

// trainedBy is the last day on which a session may end and still serve the position: the
// day after, whoever followed it can be proposed, and begins with the others or, where
// it has begun, before it is over. One that can no longer be taken stands for those to
// come that ask the same: it has no such day.
func (q *question) trainedBy() day {
	by := always
	if q.history {
		return by
	}
	before := func(d territories.Date, days day) {
		if !d.IsZero() {
			by = min(by, dayOf(d)-days)
		}
	}
	before(q.p.EndsOn, 1)
	before(q.p.Deadline, 1)
	before(q.p.Ended, 2) // it can no longer be taken on that day
	if q.start > q.asOf {
		by = min(by, q.start-1)
	}
	return by
}

// teaches says that a session gives a word at a level, or at none it names.
func (t *session) teaches(word uint32, level uint8) bool {
	return slices.ContainsFunc(t.brings, func(g held) bool { return g.word == word && (g.level == 0 || g.level >= level) })
}

// session is the one that a person would follow to get what they lack: the nearest, then
// the first to begin.
func (q *question) session(w *who, x *want) *session {
	var best *session
	var bestKm float64
	for _, t := range x.sessions {
		km, ok := q.follows(w, t)
		if ok && (best == nil || cmp.Or(cmp.Compare(km, bestKm), cmp.Compare(t.begins, best.begins), cmp.Compare(t.p.ID, best.p.ID)) < 0) {
			best, bestKm = t, km
		}
	}
	return best
}

// follows says whether a person can follow a session that serves the position, and how
// far it is: it takes them still, they are free when it begins, get there at its hours and
// may enter it, and it leaves the position open to them.
func (q *question) follows(w *who, t *session) (km float64, ok bool) {
	if q.barred[Seat{w.id, t.p.ID}] || !w.free(max(t.begins, q.asOf)) {
		return 0, false
	}
	if km, ok = q.attends(w, t); !ok {
		return km, false
	}
	d := w.said()
	return km, t.admits(d) && !t.shuts(q, d)
}

// attends asks of a session what any position asks of the way. That of one whose home
// isn't known is measured from the position.
func (q *question) attends(w *who, t *session) (km float64, ok bool) {
	g := t.gaugeOf(w)
	switch {
	case g.known:
		km = g.kilometres()
	case w.traits&placed == 0 && q.placed && t.placed:
		from := gauge{far: -1, p: q.point, q: t.point}
		if km = from.kilometres(); km > t.reach {
			return km, false
		}
	}
	if t.reaches(&g).state == Missed {
		return km, false
	}
	way := t.travels(w, &g)
	return km, way.state != Missed
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
		unsaid := ok && level == 0 && t.teaches(x.word, 0) || !ok && d.told&x.kind == 0 && tells(x.kind)
		return unsaid && !t.teaches(x.word, x.level)
	}
	if slices.ContainsFunc(q.licences, shut) || slices.ContainsFunc(q.languages, shut) || slices.ContainsFunc(q.entry, shut) {
		return true
	}
	return !q.leaves(d, t)
}

// leaves says that a training still gives something to who has followed sessions.
func (q *question) leaves(d *dossier, followed ...*session) bool {
	taught := func(x *want) bool {
		return slices.ContainsFunc(followed, func(t *session) bool { return t.teaches(x.word, x.level) })
	}
	return len(q.gives) == 0 || slices.ContainsFunc(q.gives, func(x want) bool { return d.has(&x) != Met && !taught(&x) })
}
