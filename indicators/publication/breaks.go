package publication

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"maillage/indicators/compute"
	"maillage/indicators/figures"
	"maillage/indicators/release"
)

// breaks are those of every indicator up to the last year of a plan, as they stand when
// it is released: a version keeps them, and what is imported later is of a later one.
func (s *Service) breaks(ctx context.Context, p Plan) ([]compute.Break, error) {
	known, err := s.counts.Years(ctx)
	if err != nil {
		return nil, err
	}
	return s.counts.Breaks(ctx, slices.Min(append(known, p.Years...))-1, slices.Max(p.Years))
}

// breaksText keeps the breaks of a verdict.
func (v *verdict) breaksText() string {
	text, _ := json.Marshal(append([]compute.Break{}, v.breaks...)) //nolint:errchkjson // strings and numbers always marshal
	return string(text)
}

// Breaks are those of every indicator, up to the last year of the version, as they stood
// when it was released; none of a version made before they were kept.
func (v *Version) Breaks() (list []compute.Break) {
	if json.Unmarshal([]byte(v.BreaksText), &list) != nil {
		return nil
	}
	return list
}

// Broken are the breaks that concern the figures of the version itself: in one of its
// years, or between two of them, of one of its indicators or of what that one counts.
func (v *Version) Broken() []compute.Break { return v.Plan().broken(v.Breaks()) }

func (p Plan) broken(all []compute.Break) (list []compute.Break) {
	all = p.between(all)
	if p.Report {
		return figures.Reported(all)
	}
	var of []string
	for _, c := range p.Indicators {
		of = append(of, compute.BrokenBy(string(c.ID))...)
	}
	for _, b := range all {
		if slices.Contains(of, b.Indicator) {
			list = append(list, b)
		}
	}
	return list
}

func (p Plan) between(all []compute.Break) (list []compute.Break) {
	for _, b := range all {
		if b.Year >= slices.Min(p.Years) && b.Year <= slices.Max(p.Years) {
			list = append(list, b)
		}
	}
	return list
}

// mark says of each figure why it is not read beside that of the year before, of the
// same place and persons: by the breaks that its own release kept.
func (t *Table) mark() {
	before, kept := map[readingKey]Reading{}, map[int64][]compute.Break{}
	of := compute.BrokenBy(string(t.Indicator))
	for i := range t.Readings {
		r := &t.Readings[i]
		if _, read := kept[r.Version.ID]; !read {
			kept[r.Version.ID] = r.Version.Breaks()
		}
		r.Breaks = nil
		k := readingKey{0, r.Territory, r.Kind, r.Sex, r.Age, r.Public}
		if last, there := before[k]; there {
			r.Breaks = compute.Between(kept[r.Version.ID], last.Year, r.Year, kindOf(r.Kind), of...)
			r.Breaks = append(r.Breaks, otherRule(last, *r)...)
		}
		before[k] = *r
	}
}

func kindOf(code string) compute.Kind {
	if code == total {
		return compute.AllKinds
	}
	return compute.Kind(code)
}

// otherRule is the break between two figures whose exits are observed by two rules, where
// a release chose the rule and no break of the year says so already.
func otherRule(last, r Reading) []compute.Break {
	if last.Presence == r.Presence || slices.ContainsFunc(r.Breaks, func(b compute.Break) bool { return slices.Contains(compute.RuleBreaks(b.Year-1, b.Year), b) }) {
		return nil
	}
	return []compute.Break{{Year: r.Year, Indicator: string(presence), Why: compute.Text{
		FR: fmt.Sprintf("Les sorties sont constatées par la version %d de C08, et l’étaient par la version %d en %d.", r.Presence, last.Presence, last.Year),
		EN: fmt.Sprintf("Exits are observed by version %d of C08, and were by version %d in %d.", r.Presence, last.Presence, last.Year)}}}
}

// breakTable says the breaks of a release; none where there is none.
func breakTable(all []compute.Break) (list []release.Table) {
	type cell struct {
		indicator, kind string
		year            int
	}
	var keys []cell
	why := map[cell][]compute.Text{}
	for _, b := range all {
		k := cell{b.Indicator, string(b.Kind), b.Year}
		if b.Kind == compute.AllKinds {
			k.kind = total
		}
		if why[k] == nil {
			keys = append(keys, k)
		}
		why[k] = append(why[k], b.Why)
	}
	if len(keys) == 0 {
		return nil
	}
	t := release.Table{Name: "breaks", Title: say("Ruptures de série", "Breaks in series")}
	indicator := release.Field{Name: "indicator", Kind: release.Code, Label: say("Indicateur", "Indicator"), Definition: say("Indicateur du catalogue dont la série est rompue", "Indicator of the catalogue whose series is broken")}
	kind := release.Field{Name: "kind", Kind: release.Code, Label: say("Type d’entreprise", "Kind of enterprise"), Definition: say("Type que la rupture concerne", "Kind that the break is of")}
	for _, k := range keys {
		indicator.Codes, kind.Codes = listCode(indicator.Codes, k.indicator), listCode(kind.Codes, k.kind)
		var fr, en []string
		for _, w := range why[k] {
			fr, en = append(fr, oneLine(w.FR)), append(en, oneLine(w.EN))
		}
		t.Rows = append(t.Rows, []release.Cell{release.Word(k.indicator), release.Number(int64(k.year)), release.Word(k.kind), release.Word(strings.Join(fr, " ; ")), release.Word(strings.Join(en, "; "))})
	}
	t.Fields = []release.Field{indicator, {Name: "year", Kind: release.Year, Label: say("Année", "Year"), Definition: say("Première année qui ne se lit pas à côté des précédentes", "First year that is not read beside those before")}, kind,
		{Name: "why_fr", Kind: release.Note, Label: say("Pourquoi, en français", "Why, in French"), Definition: say("Raison de la rupture", "Reason of the break")},
		{Name: "why_en", Kind: release.Note, Label: say("Pourquoi, en anglais", "Why, in English"), Definition: say("Raison de la rupture", "Reason of the break")}}
	return []release.Table{t}
}

// oneLine is a reason as a cell of a file holds it: no spreadsheet takes it for a formula,
// nor a reader for the word of a status.
func oneLine(s string) string {
	s = strings.TrimLeft(strings.Join(strings.Fields(s), " "), "=+-@ ")
	if len(s) < 4 {
		return s + "."
	}
	return s
}

// listCode adds a code to the list of a dimension, once, in order.
func listCode(list []release.CodeLabel, code string) []release.CodeLabel {
	at, there := slices.BinarySearchFunc(list, code, func(c release.CodeLabel, code string) int { return strings.Compare(c.Code, code) })
	if there {
		return list
	}
	return slices.Insert(list, at, release.CodeLabel{Code: code, Label: wordOf(code)})
}

// yearField is the column of years, which says the breaks of the table beside it.
func yearField(all []compute.Break, indicators ...string) release.Field {
	f := release.Field{Name: "year", Kind: release.Year, Label: say("Année", "Year"), Definition: say("Année civile", "Calendar year")}
	for _, b := range all {
		if slices.Contains(indicators, b.Indicator) {
			text := b.Said()
			f.Definition.FR += fmt.Sprintf(". Rupture de série en %d (%s) : %s", b.Year, b.Indicator, strings.TrimSuffix(text.FR, "."))
			f.Definition.EN += fmt.Sprintf(". Break in series in %d (%s): %s", b.Year, b.Indicator, strings.TrimSuffix(text.EN, "."))
		}
	}
	return f
}
