package web

import (
	"slices"
	"strconv"
	"strings"

	"maillage/indicators/compute"
	"maillage/indicators/publication"
)

// breakText says the reasons of breaks as one sentence.
func (l *Locale) breakText(list []compute.Break) string {
	var said []string
	for _, b := range list {
		text := b.Said()
		why := typo(text.FR)
		if l.Lang == English {
			why = text.EN
		}
		if why = strings.TrimRight(why, " ."); !slices.Contains(said, why) {
			said = append(said, why)
		}
	}
	if len(said) == 0 {
		return ""
	}
	return strings.Join(said, l.T("chart.semicolon")) + "."
}

// yearHead names a year, with the sign of a break before it.
func (l *Locale) yearHead(year int, broken bool) string {
	if broken {
		return l.T("report.broken", "Year", strconv.Itoa(year))
	}
	return strconv.Itoa(year)
}

// breaksOfYear says, each in a sentence after its year, why figures of a year of the table
// are not read beside those of the year before; none where all are.
func (c *call) breaksOfYear(t *publication.Table, year int) []string {
	var all []compute.Break
	for _, r := range t.Readings {
		if r.Year == year {
			all = append(all, r.Breaks...)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return []string{c.yearHead(year, true) + c.T("chart.colon") + " " + c.breakText(all)}
}
