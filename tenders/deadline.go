package tenders

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // overseas zones must not depend on the machine
)

// Warnings of a Deadline.
const (
	// WarnWrongOffset: the printed offset is in force nowhere the notice could
	// mean; the wall clock was read in the zone of the place.
	WarnWrongOffset = "wrong_offset"
	// WarnUTCOrLocal: printed as UTC, which may be true or a mislabelled wall
	// clock; the instant is the earlier reading.
	WarnUTCOrLocal = "utc_or_local"
	// WarnParisOrLocal: an overseas place with an offset of Paris, be it that of
	// the other season; the instant is the earlier reading.
	WarnParisOrLocal = "paris_or_local"
	// WarnLabelOrLocal: an overseas place, and a wall clock that the BOAMP labels
	// +00:00 whatever it is. The label says nothing: the clock may be that of the
	// place, or that of Paris, where the records are printed; the instant is the
	// earlier reading.
	WarnLabelOrLocal = "label_or_local"
	// WarnAmbiguousHour: the wall clock happens twice that night (or not at
	// all); the instant is the earlier reading.
	WarnAmbiguousHour = "ambiguous_hour"
	// WarnNoTime: only a date is given. It may mean the beginning or the end of
	// that day: the instant is the earlier reading, its first minute.
	WarnNoTime = "no_time"
	// WarnUnknownZone: a foreign notice without an offset; read as Europe/Paris.
	WarnUnknownZone = "unknown_zone"
)

const (
	paris      = "Europe/Paris"
	wallLayout = "2006-01-02T15:04:05"
)

// printed is a date and time as a notice prints it, not yet an instant.
type printed struct {
	raw      string
	wall     time.Time // the clock face, carried in UTC
	offset   time.Duration
	anOffset bool
	anHour   bool
}

var printedForm = regexp.MustCompile(`^(\d{4})-?(\d{2})-?(\d{2})(Z|[+-]\d{2}:?\d{2})?(?:[T ]\s*(\d{1,2})[:h](\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$`)

var errNotDate = errors.New("not a date")

// parsePrinted reads "2024-03-15T12:00:00+00:00", "2019-06-24Z 16:00:00Z",
// "20190718 12:00", "15/03/2024 à 12h00", "15 mars 2024 à midi" and the like; a
// day written in figures comes before its month, as it does in France. Years
// outside 2000–2100 are refused: they are slips of the key (0222), and no such
// deadline can be answered.
func parsePrinted(raw string) (printed, error) {
	m := printedForm.FindStringSubmatch(plainTime(tidy(raw)))
	if m == nil {
		return printed{}, fmt.Errorf("%w: %.40q", errNotDate, raw)
	}
	num := func(i int) int { v, _ := strconv.Atoi(m[i]); return v }
	p := printed{raw: tidy(raw), anHour: m[5] != ""}
	p.wall = time.Date(num(1), time.Month(num(2)), num(3), num(5), num(6), num(7), 0, time.UTC)
	midnight := num(5) == 24 && num(6) == 0 && num(7) == 0
	day := time.Date(num(1), time.Month(num(2)), num(3), 0, 0, 0, 0, time.UTC).Day() == num(3)
	if num(1) < 2000 || num(1) > 2100 || num(2) < 1 || num(2) > 12 || !day || num(5) > 23 && !midnight || num(6) > 59 || num(7) > 60 {
		return printed{}, fmt.Errorf("%w: %.40q", errNotDate, raw)
	}
	label := m[8]
	if label == "" {
		label = m[4]
	}
	p.offset, p.anOffset = parseOffset(label)
	return p, nil
}

var (
	frenchDay   = regexp.MustCompile(`^(?:le )?(?:(?:lun|mar|mercre|jeu|vendre|same)di |dimanche )?(?:le )?(\d{1,2})(?:er)?(?:[/.-](\d{1,2})[/.-]| ([a-z]+)\.? )(\d{4})(?:\D|$)`)
	frenchClock = regexp.MustCompile(`^(?:,? ?(?:avant|jusqu'a|a|au plus tard a)?,? ?)?(?:(\d{1,2}) ?(?:[:h]|heures?)(?: ?(\d{2})(?: ?mi?n(?:utes)?\.?)?(?::\d{2})?)?|(midi|minuit))(?:,? ?\(?(?:heure |h\. ?)?(?:locale|de paris|precises?)?\)?)?\.?$`)
	isoDay      = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})[t ]`)
)

var frenchMonths = map[string]int{
	"janvier": 1, "janv": 1, "fevrier": 2, "fevr": 2, "fev": 2, "mars": 3, "avril": 4, "avr": 4, "mai": 5, "juin": 6,
	"juillet": 7, "juil": 7, "aout": 8, "septembre": 9, "sept": 9, "octobre": 10, "oct": 10, "novembre": 11, "nov": 11, "decembre": 12, "dec": 12,
}

// plainTime puts a French date, a French hour or both in the form of the
// machines; another text comes back as it is. "minuit" is the end of the day
// that it follows, as 24:00 is.
func plainTime(text string) string {
	if printedForm.MatchString(text) || len(text) > 80 {
		return text
	}
	said := foldText(text)
	day, rest := "", ""
	if m := isoDay.FindStringSubmatch(said); m != nil {
		day, rest = m[1], said[len(m[0]):]
	} else if m := frenchDay.FindStringSubmatchIndex(said); m != nil {
		day, rest = frenchDate(said, m), said[m[9]:]
	}
	if day == "" || rest == "" {
		return firstNonEmpty(day, text)
	}
	m := frenchClock.FindStringSubmatch(strings.TrimLeft(rest, " ,"))
	if m == nil {
		return text
	}
	switch m[3] {
	case "midi":
		return day + " 12:00"
	case "minuit":
		return day + " 24:00"
	}
	if m[2] == "" {
		m[2] = "00"
	}
	return day + " " + m[1] + ":" + m[2]
}

func frenchDate(said string, m []int) string {
	part := func(i int) string {
		if m[2*i] < 0 {
			return ""
		}
		return said[m[2*i]:m[2*i+1]]
	}
	day, _ := strconv.Atoi(part(1))
	month, _ := strconv.Atoi(part(2))
	if part(3) != "" {
		month = frenchMonths[part(3)]
	}
	if month == 0 {
		return ""
	}
	return fmt.Sprintf("%s-%02d-%02d", part(4), month, day)
}

func parseOffset(label string) (time.Duration, bool) {
	if label == "Z" {
		return 0, true
	}
	t, err := time.Parse("-07:00", label)
	if err != nil {
		t, err = time.Parse("-0700", label)
	}
	if err != nil {
		return 0, false
	}
	_, sec := t.Zone()
	return time.Duration(sec) * time.Second, true
}

// reading says how the clock of a source is to be understood.
type reading struct {
	// zone is the IANA zone of the place, "" for a foreign notice.
	zone string
	// utcIsLabel: the source prints wall clocks labelled +00:00 (BOAMP other
	// than JOUE), so UTC is not a reading: the clock is that of Paris or, for an
	// overseas place, of Paris or of the place.
	utcIsLabel bool
}

// deadline turns what is printed into an instant (trap 1): the wall clock is
// read in the zone of the place, a wrong offset is flagged, and where two
// readings remain the earlier one is kept. So for an overseas place: an offset
// of Paris leaves its clock and that of Paris, and so does +00:00 where it is a
// mere label; 12:00 in Guyane is then 11:00 or 10:00 in UTC, not 15:00.
func (p printed) deadline(how reading) *Deadline {
	d := &Deadline{Wall: p.wall.Format(wallLayout), Raw: p.raw, Zone: how.zone}
	if how.zone == "" {
		return p.foreign(d)
	}
	at, sure := localInstant(p.wall, zoneOf(how.zone))
	d.Instant = at
	switch {
	case !p.anHour:
		d.Warning = WarnNoTime
	case !p.anOffset:
		if !sure {
			d.Warning = WarnAmbiguousHour
		}
	default:
		p.confront(d, how)
	}
	return d
}

// confront compares the local reading with the printed offset.
func (p printed) confront(d *Deadline, how reading) {
	stated := p.wall.Add(-p.offset)
	here := zoneOf(how.zone)
	if _, sec := stated.In(here).Zone(); time.Duration(sec)*time.Second == p.offset {
		d.Instant = stated
		return
	}
	switch {
	case p.offset == 0 && how.utcIsLabel && how.zone != paris:
		d.Warning = WarnLabelOrLocal
		d.earlierInParis(p.wall)
	case p.offset == 0 && how.utcIsLabel:
		d.Warning = WarnWrongOffset
	case p.offset == 0:
		d.Warning = WarnUTCOrLocal
		d.earlier(stated, "UTC")
	case how.zone != paris && (p.offset == time.Hour || p.offset == 2*time.Hour):
		d.Warning = WarnParisOrLocal
		d.earlierInParis(p.wall) // whatever the offset, often that of the other season
	default:
		d.Warning = WarnWrongOffset
	}
}

func (d *Deadline) earlier(other time.Time, zone string) {
	if other.Before(d.Instant) {
		d.Instant, d.Zone = other, zone
	}
}

// earlierInParis keeps the clock of Paris where it reaches that hour first.
func (d *Deadline) earlierInParis(wall time.Time) {
	there, _ := localInstant(wall, zoneOf(paris))
	d.earlier(there, paris)
}

// foreign trusts the printed offset: we know no zone better.
func (p printed) foreign(d *Deadline) *Deadline {
	if !p.anOffset {
		d.Zone, d.Warning = paris, WarnUnknownZone
		d.Instant, _ = localInstant(p.wall, zoneOf(paris))
		return d
	}
	d.Instant = p.wall.Add(-p.offset)
	d.Zone = d.Instant.In(time.FixedZone("", int(p.offset/time.Second))).Format("-07:00")
	if !p.anHour {
		d.Warning = WarnNoTime
	}
	return d
}

// localInstant reads a clock face in a zone. An hour that happens twice, or is
// skipped, gives its earlier reading and false.
func localInstant(wall time.Time, zone *time.Location) (time.Time, bool) {
	before, after := offsetAt(wall.Add(-24*time.Hour), zone), offsetAt(wall.Add(24*time.Hour), zone)
	first, second := wall.Add(-before), wall.Add(-after)
	if second.Before(first) {
		first, second = second, first
	}
	fits := func(t time.Time) bool { return t.In(zone).Format(wallLayout) == wall.Format(wallLayout) }
	switch okFirst, okSecond := fits(first), fits(second); {
	case okFirst && (first.Equal(second) || !okSecond):
		return first, true
	case !okFirst && okSecond:
		return second, true
	}
	return first, false
}

func offsetAt(t time.Time, zone *time.Location) time.Duration {
	_, sec := t.In(zone).Zone()
	return time.Duration(sec) * time.Second
}

// zones holds the time zones where French notices are performed: parsing one
// from the database costs more than reading a deadline.
var zones = sync.OnceValue(func() map[string]*time.Location {
	list := map[string]*time.Location{}
	for _, name := range []string{paris, "America/Guadeloupe", "America/Martinique", "America/Cayenne", "Indian/Reunion", "Indian/Mayotte",
		"America/Miquelon", "America/St_Barthelemy", "America/Marigot", "Indian/Kerguelen", "Pacific/Wallis", "Pacific/Tahiti", "Pacific/Noumea"} {
		if loc, err := time.LoadLocation(name); err == nil {
			list[name] = loc
		}
	}
	return list
})

// zoneOf is a zone by its name in the facts of the territories.
func zoneOf(name string) *time.Location {
	if loc := zones()[name]; loc != nil {
		return loc
	}
	if loc, err := time.LoadLocation(name); err == nil {
		return loc
	}
	return time.UTC
}
