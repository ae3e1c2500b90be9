package web

import (
	"slices"
	"unicode"

	"maillage/network"
)

// byDistance makes rows of members, the nearest to a commune first, each with its distance.
func (c *call) byDistance(here int, members []*network.Organisation) []OrgRow {
	type placed struct {
		row   OrgRow
		km    float64
		known bool
	}
	var all []placed
	for _, o := range members {
		one := placed{row: c.memberRow(o)}
		if site := mainSite(o); site != nil {
			if there, ok := c.s.cfg.Atlas.Ordinal(site.Commune); ok {
				one.km, one.known = c.s.cfg.Atlas.Distance(here, there)
			}
		}
		switch {
		case one.known && one.km < 0.5:
			one.row.Over = joined(", ", one.row.Over, c.T("distance.here"))
		case one.known:
			one.row.Over = joined(", ", one.row.Over, c.Km(one.km))
		}
		all = append(all, one)
	}
	slices.SortStableFunc(all, func(a, b placed) int {
		switch {
		case a.known != b.known && a.known:
			return -1
		case a.known != b.known:
			return 1
		case a.km < b.km:
			return -1
		case a.km > b.km:
			return 1
		}
		return 0
	})
	rows := make([]OrgRow, 0, len(all))
	for _, one := range all {
		rows = append(rows, one.row)
	}
	return first(rows, shortList)
}

func toLower(r rune) rune { return unicode.ToLower(r) }
