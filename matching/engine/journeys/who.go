package journeys

import (
	"math"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"maillage/nomenclatures"
	"maillage/territories"
)

// who is a person as they are judged: numbers instead of texts. The index keeps
// it in columns; the scan makes it of each person.
type who struct {
	id        PersonID
	revision  int64
	point     orb.Point
	km        float64  // range where no mode is told
	occs      []uint32 // wished in order of preference, then held with heldBit
	more      *dossier // nil: nothing else is said
	at        vec
	traits    traits
	available bool
}

// traits are what is always known of a person.
type traits uint8

const (
	placed  traits = 1 << iota
	ranged         // km is said
	wishing        // wished something
)

const heldBit = 1 << 31

// occupationsMost bounds the wishes, and what was practised, of one person: there
// are 532 occupations in ROME. The others are not read.
const occupationsMost = 4096

// dossier is what is said of some people and not of others.
type dossier struct {
	employer EmployerID
	proposed int64 // microseconds; 0: never
	from     day
	waiting  day // noDay: not known
	hours    Span
	slots    nomenclatures.Slots
	split    Tri
	told     Facts
	skills   []held
	licences []uint32
	speaks   []held
	rides    []ride
	years    []float32 // beside the held occupations
}

// held is a skill or a language, with its level.
type held struct {
	word  uint32
	level uint8
}

// ride is a mode with how far it goes.
type ride struct {
	km     float64
	slots  nomenclatures.Slots
	mode   Mode
	said   bool // not reckoned from minutes
	always bool // its hours aren't said
}

// day is a date as a number of days; noDay is no date.
type day int32

const noDay day = math.MinInt32

func dayOf(d territories.Date) day {
	if d.IsZero() {
		return noDay
	}
	return day(time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

func (d day) date() territories.Date {
	if d == noDay {
		return territories.Date{}
	}
	return territories.DateOf(time.Unix(int64(d)*86400, 0).UTC())
}

// read turns a person into numbers. Only what it returns in occs uses the room given.
func (r *Rules) read(p *Person, room []uint32) who {
	w := who{id: p.ID, revision: p.Revision, km: p.Kilometres, available: p.Available}
	if point, ok := r.pointOf(p.Point, p.HasPoint, p.Home); ok {
		w.point, w.at, w.traits = point, vecOf(point), placed
	}
	if p.Kilometres > 0 || p.Told&ToldRange != 0 {
		w.traits |= ranged
	}
	w.occs = room
	for _, o := range p.Wished[:min(len(p.Wished), occupationsMost)] {
		if n := r.book.trade(o); !slices.Contains(w.occs, n) {
			w.occs = append(w.occs, n)
		}
	}
	if len(w.occs) > 0 {
		w.traits |= wishing
	}
	d := r.dossier(p)
	for _, h := range p.Held[:min(len(p.Held), occupationsMost)] {
		w.occs = append(w.occs, r.book.trade(h.Occupation)|heldBit)
	}
	w.more = d
	return w
}

// pointOf places a thing: its own point, else that of its commune.
func (r *Rules) pointOf(p orb.Point, has bool, ord int) (orb.Point, bool) {
	switch {
	case has:
		return p, true
	case ord < 0 || r.atlas == nil || ord >= r.atlas.Len():
		return orb.Point{}, false
	}
	c := r.atlas.Commune(ord)
	return c.Point, c.HasPoint
}

// dossier keeps what is said beyond the place, the range and the wishes; nil
// when nothing is.
func (r *Rules) dossier(p *Person) *dossier {
	if p.plain() {
		return nil
	}
	d := &dossier{employer: p.Employer, from: dayOf(p.From), waiting: dayOf(p.WaitingSince), hours: p.Hours,
		slots: p.Slots & nomenclatures.AllWeek, split: p.SplitShifts, told: p.Told}
	if !p.LastProposed.IsZero() {
		d.proposed = max(1, p.LastProposed.UnixMicro())
	}
	for _, h := range p.Held[:min(len(p.Held), occupationsMost)] {
		d.years = append(d.years, float32(h.Years))
	}
	for _, s := range p.Skills {
		d.skills = append(d.skills, held{r.book.other.number(skillWord(s.Code)), uint8(s.Level)})
	}
	for _, l := range p.Licences {
		d.licences = append(d.licences, r.book.other.number("l:"+string(l)))
	}
	for _, l := range p.Languages {
		d.speaks = append(d.speaks, held{r.book.other.number(languageWord(l.Code)), uint8(l.Level)})
	}
	d.rides = ridesOf(p)
	d.tell()
	return d
}

func (p *Person) plain() bool {
	return p.Employer == 0 && p.From.IsZero() && p.WaitingSince.IsZero() && p.LastProposed.IsZero() && p.Hours.IsZero() &&
		p.Slots == 0 && p.SplitShifts == Unsaid && p.Told&^ToldRange == 0 && len(p.Held) == 0 && len(p.Skills) == 0 &&
		len(p.Licences) == 0 && len(p.Languages) == 0 && len(p.Mobility) == 0
}

// tell notes that a list which isn't empty has been told.
func (d *dossier) tell() {
	for _, f := range []struct {
		n   int
		bit Facts
	}{{len(d.years), ToldPractice}, {len(d.skills), ToldSkills}, {len(d.licences), ToldLicences}, {len(d.speaks), ToldLanguages}} {
		if f.n > 0 {
			d.told |= f.bit
		}
	}
}

func ridesOf(p *Person) []ride {
	otherwise := unlimited
	if p.Kilometres > 0 || p.Told&ToldRange != 0 {
		otherwise = p.Kilometres
	}
	var out []ride
	for _, m := range p.Mobility {
		t := ride{slots: m.Slots & nomenclatures.AllWeek, mode: m.Mode}
		t.km, t.said = m.reach(otherwise)
		if t.slots == 0 {
			t.slots, t.always = nomenclatures.AllWeek, true
		}
		out = append(out, t)
	}
	return out
}

// nothing is what is said of a person of whom nothing is said.
var nothing = &dossier{from: noDay, waiting: noDay}

func (w *who) said() *dossier {
	if w.more == nil {
		return nothing
	}
	return w.more
}

// farthest is the greatest distance at which the person may still be reached.
func (w *who) farthest() float64 {
	rides := w.said().rides
	if len(rides) == 0 {
		if w.traits&ranged == 0 {
			return unlimited
		}
		return w.km
	}
	most := 0.0
	for i := range rides {
		most = max(most, rides[i].km)
	}
	return most
}
