package journeys

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"maillage/nomenclatures"
	"maillage/territories"
)

// Change is one thing that a person could do next. Exactly one field is set.
type Change struct {
	Licence    Licence    `json:"licence,omitempty"`
	Skill      Need       `json:"skill,omitzero"`
	Language   Language   `json:"language,omitzero"`
	Kilometres float64    `json:"km,omitempty"` // a range longer by so much
	Occupation Occupation `json:"occupation,omitempty"`
}

// Gain is what a change would open.
type Gain struct {
	Change  Change   `json:"change"`
	Total   int      `json:"total"`   // positions gained
	Open    int      `json:"open"`    // of them, those that can still be taken
	Matches []Match  `json:"matches"` // without their criteria
	Courses []Course `json:"courses"` // sessions that bring it, the nearest first
}

// Course is a session that a person can follow, and which of the positions gained it
// serves: see Closing.
type Course struct {
	Session PositionID   `json:"session"`
	Km      float64      `json:"km"`
	Serves  []PositionID `json:"serves"`
}

// Closing is a training session that would give what a person lacks for a position: one
// that they can follow, and that serves it.
type Closing struct {
	Session  PositionID       `json:"session"`
	Km       float64          `json:"km"`
	StartsOn territories.Date `json:"starts_on,omitzero"`
	Skill    Need             `json:"skill,omitzero"`
	Licence  Licence          `json:"licence,omitempty"`
	Language Language         `json:"language,omitzero"`
}

// WhatIf says, for each change, which positions given now or within the year
// before would suit the person that do not suit them as they are.
func (v *View) WhatIf(p *Person, changes []Change, asOf territories.Date) []Gain {
	o := Options{PassedToo: true, Since: yearBefore(asOf), Brief: true}
	before := map[PositionID]bool{}
	for _, m := range v.PositionsFor(p, asOf, o).Matches {
		before[m.Position] = true
	}
	lacks := v.x.rules.read(p, nil)
	gains := make([]Gain, 0, len(changes))
	for _, c := range changes {
		g, w := Gain{Change: c, Matches: []Match{}, Courses: []Course{}}, v.x.rules.read(c.apply(p), nil)
		h := v.prizes(&w, asOf, o)
		h.matches = slices.DeleteFunc(h.matches, func(z prize) bool { return before[z.p.ID] })
		if word := c.word(); word != "" {
			for _, z := range h.matches {
				q := h.ask(z.p)
				g.school(&q, &lacks, v.x.rules.book.other.number(word))
				q.clean()
			}
		}
		for _, m := range h.answer().Matches {
			g.add(m)
		}
		gains = append(gains, g)
	}
	return gains
}

// word is what a change gives, among what sessions give; empty where they give nothing of it.
func (c Change) word() string {
	switch {
	case c.Licence != "":
		return licenceWord(c.Licence)
	case c.Skill.Code != "":
		return skillWord(c.Skill.Code)
	case c.Language.Code != "":
		return languageWord(c.Language.Code)
	}
	return ""
}

// school adds the sessions that give a word to somebody for a position gained.
func (g *Gain) school(q *question, w *who, word uint32) {
	for _, list := range [][]want{q.licences, q.languages, q.entry} {
		for i := range list {
			if list[i].word != word {
				continue
			}
			for _, c := range q.closings(w, &list[i]) {
				g.course(c).serve(q.p.ID)
			}
		}
	}
}

// course is the one of a session, among those of the gain, the nearest first.
func (g *Gain) course(c Closing) *Course {
	i, known := slices.BinarySearchFunc(g.Courses, c, func(a Course, c Closing) int {
		return cmp.Or(cmp.Compare(a.Km, c.Km), cmp.Compare(a.Session, c.Session))
	})
	if !known {
		g.Courses = slices.Insert(g.Courses, i, Course{Session: c.Session, Km: c.Km})
	}
	return &g.Courses[i]
}

func (c *Course) serve(id PositionID) {
	if !slices.Contains(c.Serves, id) {
		c.Serves = append(c.Serves, id)
	}
}

func (g *Gain) add(m Match) {
	g.Total++
	if !m.History {
		g.Open++
	}
	g.Matches = append(g.Matches, m)
}

func yearBefore(d territories.Date) territories.Date {
	return territories.DateOf(time.Date(d.Year-1, d.Month, d.Day, 0, 0, 0, 0, time.UTC))
}

// apply is the person after the change; p is left as it is.
func (c Change) apply(p *Person) *Person {
	q := *p
	if c.Licence != "" {
		q.Licences = append(slices.Clip(q.Licences), c.Licence)
	}
	if c.Skill.Code != "" {
		q.Skills = append(slices.Clip(q.Skills), Skill{Code: c.Skill.Code, Level: c.Skill.Level})
	}
	if c.Language.Code != "" {
		q.Languages = append(slices.Clip(q.Languages), c.Language)
	}
	if c.Occupation != "" {
		q.Wished = append(slices.Clip(q.Wished), c.Occupation)
	}
	if c.Kilometres > 0 {
		q.widen(c.Kilometres)
	}
	return &q
}

// widen lengthens the range and every mode that say how far they go: what is not
// known stays so.
func (p *Person) widen(km float64) {
	if p.Kilometres > 0 || p.Told&ToldRange != 0 {
		p.Kilometres += km
	}
	p.Mobility = slices.Clone(p.Mobility)
	for i := range p.Mobility {
		m := &p.Mobility[i]
		if reach, _ := m.reach(0); reach > 0 {
			m.Km = reach + km
		}
	}
}

// ClosingTrainings lists the sessions that a person can follow, that serve a position and
// that give what they lack for it: the requirements first, then the wishes, the nearest
// session first. What has not been told is not known to be lacking, and closes nothing.
func (v *View) ClosingTrainings(p *Person, position *Position, asOf territories.Date) []Closing {
	r := v.x.rules
	q := r.ask(position, asOf, v.school, nil)
	w := r.read(p, nil)
	out := []Closing{}
	for _, list := range [][]want{q.licences, q.languages, q.entry, q.skills} {
		for i := range list {
			out = append(out, q.closings(&w, &list[i])...)
		}
	}
	return out
}

// closings are the sessions that give what is wanted to somebody who lacks it.
func (q *question) closings(w *who, x *want) (out []Closing) {
	if len(x.sessions) == 0 || w.said().has(x) != Missed {
		return nil
	}
	for _, t := range x.sessions {
		if km, ok := q.follows(w, t); ok {
			out = append(out, Closing{Session: t.p.ID, Km: km, StartsOn: t.p.StartsOn}.giving(q.r.book.other.text(x.word), x.level))
		}
	}
	slices.SortFunc(out, func(a, b Closing) int {
		return cmp.Or(cmp.Compare(a.Km, b.Km), a.StartsOn.Compare(b.StartsOn), cmp.Compare(a.Session, b.Session))
	})
	return out
}

// giving names what a session gives.
func (c Closing) giving(word string, level uint8) Closing {
	list, name, _ := strings.Cut(word, ":")
	switch list {
	case "s":
		c.Skill = Need{Code: name, Level: nomenclatures.Mastery(level)}
	case "l":
		c.Licence = Licence(name)
	default:
		c.Language = Language{Code: name, Level: nomenclatures.Fluency(level)}
	}
	return c
}
