package web

import (
	"slices"
	"strconv"
	"strings"

	"maillage/indicators/catalogue"
	"maillage/indicators/publication"
)

// SourceLine says of some figures which definitions they follow, whom they cover, and
// the release that gives them.
type SourceLine struct {
	Text    string
	Release Link
}

// releaseLink leads to the version that gives a figure, as it is cited.
func releaseLink(v *publication.Version) Link {
	return Link{v.Dataset + " " + v.Version, datasetPath(v.Dataset, v.Version)}
}

// coverage says how many enterprises a figure is of.
func (c *Locale) coverage(replied, frame int) string {
	return c.N("releases.coverage", replied, "Frame", c.Num(frame))
}

// coverageIn is that of a figure, with its year; empty where it was not kept, or where
// the figure is hidden, since it would tell who is behind it.
func (c *call) coverageIn(r publication.Reading) string {
	if r.Frame == 0 || r.Mark == publication.Hidden {
		return ""
	}
	return c.coverage(r.Replied, r.Frame) + c.T("releases.in_year", "Year", strconv.Itoa(r.Year))
}

// sourcesOf says a series figure by figure, years that say the same together.
func (c *call) sourcesOf(list []publication.Reading) (lines []SourceLine) {
	var years [][]string
	for _, r := range list {
		covers := ""
		if r.Frame > 0 && r.Mark != publication.Hidden {
			covers = ", " + c.coverage(r.Replied, r.Frame)
		}
		line := SourceLine{r.Cites() + covers, releaseLink(r.Version)}
		if n := len(lines); n > 0 && lines[n-1] == line {
			years[n-1] = append(years[n-1], strconv.Itoa(r.Year))
			continue
		}
		lines, years = append(lines, line), append(years, []string{strconv.Itoa(r.Year)})
	}
	for n := range lines {
		lines[n].Text = strings.Join(years[n], ", ") + c.T("chart.colon") + " " + lines[n].Text
	}
	return lines
}

// filesOf are the ZIPs that the figures are in, the latest first.
func (c *call) filesOf(list []publication.Reading) (files []Link) {
	seen := map[int64]bool{}
	for _, r := range slices.Backward(list) {
		if !seen[r.Version.ID] {
			seen[r.Version.ID] = true
			files = append(files, Link{c.T("releases.download"), datasetPath(r.Version.Dataset, r.Version.Version) + "/fichier"})
		}
	}
	for i := range files {
		if len(files) > 1 { // two buttons alike are told apart
			files[i].Text += ", " + strings.Split(files[i].Href, "/")[3]
		}
	}
	return files
}

// placeSources are the releases of a year's table, with the places that each gives where
// there are several.
func (c *call) placeSources(t *publication.Table, shown released) (lines []SourceLine) {
	from := t.From(func(r publication.Reading) bool { return r.Year == shown.year })
	for _, v := range from {
		line := SourceLine{Release: releaseLink(v)}
		var names []string
		for _, p := range shown.places {
			if slices.ContainsFunc(shown.kinds, func(k string) bool { r := shown.at[[2]string{p, k}]; return r.Version == v }) {
				names = append(names, c.words(c.s.cfg.Releases.PlaceName(p)))
			}
		}
		if len(from) > 1 {
			line.Text = strings.Join(names, ", ")
		}
		lines = append(lines, line)
	}
	return lines
}

// coveredTable adds to the line of each place how many of its enterprises are in it.
func (c *call) coveredTable(t ChartTable, shown released) ChartTable {
	t.Head = append(t.Head, c.T("releases.replied"))
	for i, p := range shown.places {
		r, there := shown.at[[2]string{p, everything}]
		cell := Value{Text: c.T("releases.not_told")}
		if there && r.Frame > 0 && r.Mark != publication.Hidden {
			cell.Text = c.T("mirror.of", "N", c.Num(r.Replied), "Base", c.Num(r.Frame))
		}
		t.Rows[i].Cells = append(t.Rows[i].Cells, cell)
	}
	return t
}

// certificateOf leads to the certificate of the figure that is asked about, else of the
// first that is hidden.
func (c *call) certificateOf(t *publication.Table, at map[[2]string]publication.Reading, year int) string {
	place, kind, _ := strings.Cut(c.query("case"), "-")
	r, there := at[[2]string{place, kind}]
	if !there {
		from := t.From(func(r publication.Reading) bool { return r.Year == year && r.Mark == publication.Hidden })
		return releaseLink(from[0]).Href + "#certificat"
	}
	return releaseLink(r.Version).Href + "#certificat"
}

// thresholds says the bounds that are asked, and no other.
func (c *call) thresholds(p catalogue.Publication) string {
	var said []string
	for _, b := range []struct {
		key string
		n   int
	}{{"persons", p.Persons}, {"groups", p.Contributors}, {"share", p.Dominance}} {
		if b.n > 0 {
			said = append(said, c.N("releases.threshold_"+b.key, b.n))
		}
	}
	return c.T("releases.thresholds", "All", strings.Join(said, ", "))
}

// compared sets the figures of every definition and part of an indicator side by side,
// for the whole country; nil where there is one only, or nothing is released.
func (c *call) compared(i *catalogue.Indicator, all []*publication.Table) *ChartTable {
	var years []int
	for _, t := range all {
		years = append(years, t.Years()...)
	}
	slices.Sort(years)
	years = slices.Compact(years)
	t := ChartTable{Caption: c.T("releases.compared", "Name", c.words(i.Label)), Corner: c.T("indicator.version")}
	for _, y := range years {
		broken := slices.ContainsFunc(all, func(t *publication.Table) bool {
			return slices.ContainsFunc(nationwide(t), func(r publication.Reading) bool { return r.Year == y && len(r.Breaks) > 0 })
		})
		t.Head = append(t.Head, c.yearHead(y, broken))
	}
	for _, v := range i.Versions {
		parts := c.partsOf(all, v.Number)
		for _, one := range parts {
			row := c.comparedRow(i, v, one, years)
			if len(parts) > 1 {
				row.Name += ", " + c.T("mirror."+or(one.Part, firstPart(i.ID)))
			}
			t.Rows = append(t.Rows, row)
		}
	}
	if row, ok := c.medianRow(all, years); ok {
		t.Rows = append(t.Rows, row)
	}
	if len(t.Rows) < 2 || len(years) == 0 {
		return nil
	}
	t.Key = keyOf(t.Rows)
	return &t
}

// partsOf are the tables of a definition; one that is empty where nothing is released of it.
func (c *call) partsOf(all []*publication.Table, definition int) (list []*publication.Table) {
	for _, t := range all {
		if t.Definition == definition {
			list = append(list, t)
		}
	}
	if len(list) == 0 {
		list = append(list, &publication.Table{Definition: definition})
	}
	return list
}

func (c *call) comparedRow(i *catalogue.Indicator, v catalogue.Version, t *publication.Table, years []int) ChartRow {
	row := ChartRow{Name: upperFirst(c.words(v.Name)) + " (" + string(i.ID) + " v" + strconv.Itoa(v.Number) + ")"}
	of := nationwide(t)
	for _, y := range years {
		at := slices.IndexFunc(of, func(r publication.Reading) bool { return r.Year == y })
		if at < 0 {
			row.Cells = append(row.Cells, Value{Status: Unreleased})
			continue
		}
		cell := c.readingValue(t, i, of[at])
		if cell.Status == Masked {
			cell.Href = ""
		}
		row.Cells = append(row.Cells, cell)
	}
	return row
}

// others leads to the figures of each definition.
func (p *IndicatorPage) others(c *call, i *catalogue.Indicator, all []*publication.Table) {
	if len(i.Versions) < 2 {
		return
	}
	if p.asked == 0 {
		p.Choices = append(p.Choices, Option{Value: c.with("version", "", "case", ""), Text: c.T("indicator.usual"), Selected: true})
	} else {
		p.Choices = append(p.Choices, Option{Value: c.with("version", "", "case", ""), Text: c.T("indicator.usual")})
	}
	for _, v := range i.Versions {
		text := upperFirst(c.words(v.Name))
		if publication.Choose(all, v.Number) == nil {
			text += c.T("indicator.unreleased")
		}
		p.Choices = append(p.Choices, Option{Value: c.with("version", strconv.Itoa(v.Number), "case", ""), Text: text, Selected: v.Number == p.asked})
	}
}

// firstPart names the first number of an indicator that has several.
func firstPart(id catalogue.ID) string {
	switch id {
	case "R3.5":
		return "events"
	case "R1.1":
		return "mean"
	}
	return "persons"
}
