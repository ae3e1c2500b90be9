package web

import (
	"regexp"
	"strings"
	"time"

	"maillage/nomenclatures"
	"maillage/people"
)

// occupationWords names an occupation or a job title, with the ROME code that
// tells one from another: what a form shows, it reads again.
func occupationWords(rome nomenclatures.ROME, appellation string) string {
	label := rome.Label()
	if of, name, ok := nomenclatures.LookupAppellation(appellation); ok && of == rome {
		label = name
	}
	if label == "" {
		return string(rome)
	}
	return label + " (" + string(rome) + ")"
}

func (c *call) wishWords(w people.Wish) string { return occupationWords(w.ROME, w.Appellation) }

var withCode = regexp.MustCompile(`^(.*\S)\s*\(([A-Za-z]\d{4})\)$`)

// parseWish reads what occupationWords writes, a code, or the exact name of an
// occupation or of a job title.
func parseWish(words string) (people.Wish, bool) {
	words = strings.TrimSpace(words)
	if m := withCode.FindStringSubmatch(words); m != nil {
		rome, err := nomenclatures.ParseROME(m[2])
		if err != nil || !rome.Known() {
			return people.Wish{}, false
		}
		if of, number, err := nomenclatures.ParseOccupation(m[1]); err == nil && of == rome && m[1] != rome.Label() {
			return people.Wish{ROME: rome, Appellation: number}, true
		}
		return people.Wish{ROME: rome}, true
	}
	rome, number, err := nomenclatures.ParseOccupation(words)
	return people.Wish{ROME: rome, Appellation: number}, err == nil
}

// wishesFor are the occupations that everyday words may mean, as a form writes them.
func wishesFor(words string, most int) (out []string) {
	seen := map[string]bool{}
	for _, found := range nomenclatures.Search(nomenclatures.SchemeROME, words, most) {
		rome := nomenclatures.ROME(found.Code.Value)
		text := occupationWords(rome, "")
		if of, number, err := nomenclatures.ParseOccupation(found.Matched); err == nil && of == rome {
			text = occupationWords(rome, number)
		}
		if !seen[text] {
			seen[text] = true
			out = append(out, text)
		}
	}
	return out
}

// mobilityWords says one way of moving: "à vélo, 8 km, du lundi au vendredi en journée".
func (c *call) mobilityWords(m people.Mobility) string {
	words := c.T("journey.mode." + string(m.Mode))
	switch {
	case m.Km > 0:
		words = joined(", ", words, c.T("journey.up_to_km", "Km", c.Km(m.Km)))
	case m.Minutes > 0:
		words = joined(", ", words, c.T("journey.up_to_minutes", "N", m.Minutes, "Km", c.Km(m.Reach())))
	default:
		words = joined(", ", words, c.T("journey.reach_unknown"))
	}
	if m.Slots != 0 {
		words = joined(", ", words, c.slotsWords(m.Slots))
	}
	return upperFirst(words)
}

func (c *call) heldWords(h people.Held) string {
	words := occupationWords(h.ROME, "")
	if h.Months > 0 {
		return joined(", ", words, c.monthsWords(h.Months))
	}
	return words
}

func (c *call) monthsWords(n int) string {
	if n >= 24 && n%12 == 0 {
		return c.N("journey.years", n/12)
	}
	return c.N("journey.months", n)
}

// holdingWords says a licence, a certificate or a skill, who says so and when.
func (c *call) holdingWords(h people.Holding) string {
	words := c.aptitudeName(h.Code)
	if h.Level > 0 {
		words += nbsp + ": " + c.T("journey.level."+string('0'+rune(h.Level)))
	}
	if h.Source != "" {
		words = joined(", ", words, c.T("journey.source."+string(h.Source)))
	}
	if day := c.civilDay(h.On); day != "" {
		words = joined(", ", words, c.T("journey.on", "Day", day))
	}
	if day := c.civilDay(h.Until); day != "" {
		key := "journey.valid_until"
		if h.Until < c.today() {
			key = "journey.was_valid_until"
		}
		words = joined(", ", words, c.T(key, "Day", day))
	}
	return words
}

func (c *call) aptitudeName(code nomenclatures.Aptitude) string {
	info, ok := nomenclatures.LookupAptitude(code)
	if !ok {
		return string(code)
	}
	return info.Label(string(c.Lang))
}

func (c *call) speaksWords(l people.Speaks) string {
	words := upperFirst(c.languageName(l.Language))
	if l.Level > 0 {
		words += nbsp + ": " + c.T("journey.fluency."+l.Level.String())
	}
	return words
}

// weeklyWords says the hours wished a week.
func (c *call) weeklyWords(h people.WeeklyHours) string {
	switch {
	case h.Min > 0 && h.Max > 0 && h.Min == h.Max:
		return c.T("journey.hours_exactly", "N", c.Decimal(h.Min, 1))
	case h.Min > 0 && h.Max > 0:
		return c.T("journey.hours_between", "Min", c.Decimal(h.Min, 1), "Max", c.Decimal(h.Max, 1))
	case h.Max > 0:
		return c.T("journey.hours_most", "Max", c.Decimal(h.Max, 1))
	case h.Min > 0:
		return c.T("journey.hours_least", "Min", c.Decimal(h.Min, 1))
	}
	return ""
}

func (c *call) splitWords(split *bool) string {
	if split == nil {
		return ""
	}
	if *split {
		return c.T("journey.split_yes")
	}
	return c.T("journey.split_no")
}

// spanWords says from when to when.
func (c *call) spanWords(from, until string) string {
	switch {
	case from != "" && until != "":
		return c.T("journey.from_to", "From", c.civilDay(from), "To", c.civilDay(until))
	case until != "":
		return c.T("journey.until", "To", c.civilDay(until))
	}
	return c.T("journey.since", "From", c.civilDay(from))
}

// today is the day in Paris, as dates are kept.
func (c *call) today() string { return c.now.In(c.zone).Format(time.DateOnly) }
