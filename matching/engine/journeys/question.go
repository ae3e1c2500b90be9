package journeys

import (
	"github.com/paulmach/orb"

	"maillage/nomenclatures"
	"maillage/territories"
)

// question is a position on a day, ready to be asked of many people.
type question struct {
	r       *Rules
	p       *Position
	asOf    day
	start   day
	history bool
	exact   bool // trust no quick measure: see Rules.Scan

	placed bool
	point  orb.Point
	at     vec
	reach  float64

	targets []uint32
	every   bool       // it is for every trade: see Position.ForEveryTrade
	near    []relative // of the targets, the closest first
	values  []float64  // how close each occupation is to a target, by number
	slots   nomenclatures.Slots

	licences, languages, entry []want
	gives                      []want // of a training, beyond what it asks to enter
	skills                     []want // required, then wished
	required                   int    // how many are required
	barred                     map[Seat]bool
	untaught                   bool // what is missing can be spoken of, whether or not a session gives it

	told told
}

// want is something to hold, with the sessions that would give it.
type want struct {
	word     uint32
	level    uint8
	kind     Facts // the list where it is looked for
	sessions []*session
}

// ask prepares a position. The room is for values: as long as it is given back,
// clean, the next question allocates nothing for it.
func (r *Rules) ask(p *Position, asOf territories.Date, s *school, room []float64) question {
	q := r.where(p)
	if s != nil {
		q.barred = s.barred
	}
	q.asOf, q.start, q.history = dayOf(asOf), dayOf(p.starts(asOf)), p.history(asOf)
	q.targets = r.targets(p)
	q.every = len(q.targets) > 0 && q.targets[0] == everyTrade
	q.relate(room)
	q.licences = q.wants(s, nil, nil, p.Licences, nil)
	q.languages = q.wants(s, nil, nil, nil, p.Languages)
	q.skills = q.wants(s, nil, p.Required, nil, nil)
	q.required = len(q.skills)
	q.skills = q.wants(s, q.skills, p.Wished, nil, nil)
	if e, a := &p.Prerequisites, p.adds(); p.Kind == Training {
		q.entry = q.wants(s, nil, e.Skills, e.Licences, e.Languages)
		q.gives = q.wants(nil, nil, a.Skills, a.Licences, a.Languages)
	}
	return q
}

// where prepares what a position asks of the way.
func (r *Rules) where(p *Position) question {
	q := question{r: r, p: p, reach: p.reach(), slots: p.Slots & nomenclatures.AllWeek}
	if q.point, q.placed = r.pointOf(p.Point, p.HasPoint, p.Place); q.placed {
		q.at = vecOf(q.point)
	}
	return q
}

// relate says how close each occupation is to the nearest target.
func (q *question) relate(room []float64) {
	book := &q.r.book
	for _, t := range q.targets {
		q.near = append(q.near, book.relatives(t)...)
	}
	if n := book.trades.len(); cap(room) < n {
		room = make([]float64, n, n+n/4)
	}
	q.values = room[:cap(room)]
	kept := q.near[:0]
	for _, x := range q.near {
		if int(x.code) < len(q.values) && x.value > q.values[x.code] {
			q.values[x.code] = x.value
			kept = append(kept, x)
		}
	}
	q.near = sortRelatives(kept, q.values)
}

// clean empties the room for the next question.
func (q *question) clean() {
	for _, x := range q.near {
		q.values[x.code] = 0
	}
}

// value is how close an occupation is to what is asked.
func (q *question) value(code uint32) float64 {
	if int(code) >= len(q.values) {
		return 0
	}
	return q.values[code]
}

// wants lists what is to be held, after what is already listed.
func (q *question) wants(s *school, out []want, skills []Need, licences []Licence, languages []Language) []want {
	other := &q.r.book.other
	add := func(text string, level uint8, kind Facts) {
		w := want{word: other.number(text), level: level, kind: kind}
		w.sessions = s.around(q, w.word, level)
		out = append(out, w)
	}
	for _, n := range skills {
		add(skillWord(n.Code), uint8(n.Level), ToldSkills)
	}
	for _, l := range licences {
		add(licenceWord(l), 0, ToldLicences)
	}
	for _, l := range languages {
		add(languageWord(l.Code), uint8(l.Level), ToldLanguages)
	}
	return out
}

// The words of the three lists never meet.
func skillWord(code string) string    { return "s:" + code }
func licenceWord(l Licence) string    { return "l:" + string(l) }
func languageWord(code string) string { return "g:" + code }
