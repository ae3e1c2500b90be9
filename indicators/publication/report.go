package publication

import (
	"context"
	"slices"
	"strconv"

	"maillage/accounts"
	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
	"maillage/indicators/figures"
	"maillage/indicators/release"
)

// reportMeasures are the counts that the two tables of the activity report are made of,
// under both readings of six months, with the rule of presence of the year.
func reportMeasures(year int) (list []compute.Measure) {
	rule := compute.Measure("")
	if compute.COORACE.In(year) == compute.COORACE3 {
		rule = olderRule
	}
	for _, m := range []compute.Measure{compute.ExitsObserved, compute.ExitsDynamic, compute.ExitsDurable, compute.ExitsDurableDares, compute.ExitsTransition, compute.ExitsTransitionDares, compute.ExitsPositive,
		compute.ExitsCDI, compute.ExitsOver6, from6, compute.ExitsCreation, compute.ExitsPublic, compute.ExitsUnder6, upTo6, compute.ExitsAided, compute.ExitsTraining, compute.ExitsSIAE, compute.ExitsTimedUnsaid, compute.ExitsOther} {
		list = append(list, m+rule)
	}
	return append(list, workforceMeasures()...)
}

func workforceMeasures() []compute.Measure {
	return []compute.Measure{compute.Workers, compute.FTE, compute.PermanentPersons, compute.PermanentFTE, compute.HomeWorkerPersons, compute.HomeWorkerFTE, compute.ManagerPersons, compute.ManagerFTE}
}

// ReleasedReport is the activity report as it was released: figures of the ledger, none
// of which is a count that was not.
type ReleasedReport struct {
	figures.Report
	Version *Version // the latest that any of it comes from; nil: nothing is released
}

// Report reads the two tables from released figures alone, year by year from the latest
// release of the report that stands and has it.
func (s *Service) Report(ctx context.Context, d compute.Definition) (*ReleasedReport, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.StatisticsRead); err != nil {
		return nil, err
	}
	all, err := standing(ctx, s.store.Read())
	if err != nil {
		return nil, err
	}
	r := &ReleasedReport{Report: figures.Report{Definition: d}}
	years := map[int]*column{}
	for i := range all {
		if !all[i].Plan().Report {
			continue
		}
		if r.Version == nil {
			r.Version = &all[i]
		}
		if err := s.gather(ctx, &all[i], years); err != nil {
			return nil, err
		}
	}
	r.lay(years, d)
	r.broken(years)
	r.Mark()
	return r, nil
}

// broken gathers the breaks as the version that gives each year kept them.
func (r *ReleasedReport) broken(years map[int]*column) {
	list := slices.Sorted(mapsKeys(years))
	for i, year := range list {
		if i > 0 {
			kept := figures.Reported(years[year].version.Breaks())
			r.Breaks = append(r.Breaks, slices.DeleteFunc(kept, func(b compute.Break) bool { return b.Year <= list[i-1] || b.Year > year })...)
		}
	}
}

// column is what a version gave of a year.
type column struct {
	year    int
	version *Version
	by      map[compute.Measure]figure
	hidden  map[compute.Measure]bool
}

// gather takes the years of a version that no later one has.
func (s *Service) gather(ctx context.Context, v *Version, years map[int]*column) error {
	for _, year := range v.Plan().Years {
		if years[year] != nil {
			continue
		}
		all, err := figuresOf(ctx, s.store.Read(), v.ID, reportMeasures(year))
		if err != nil {
			return err
		}
		c := &column{year, v, map[compute.Measure]figure{}, map[compute.Measure]bool{}}
		for _, f := range all {
			if f.Year == year {
				c.by[f.Measure], c.hidden[f.Measure] = f, f.Status == hiddenFigure
			}
		}
		years[year] = c
	}
	return nil
}

// counts are the rows of the column as package compute reads them. What is hidden is
// ND there, or zero where guess says so, which tells the two apart.
func (c *column) counts(guess bool) compute.Year {
	y := compute.Year{Year: c.year, All: compute.Rows{}, Scale: func(m compute.Measure) int64 {
		return inUnits(1, m).Denom().Int64()
	}}
	for m, f := range c.by {
		row := &compute.Row{Measure: m, Frame: f.Frame, Responded: max(f.Replied, 1), Cells: compute.Cells{{Cross: compute.Total, Amount: f.Value}}}
		switch {
		case f.awaited():
			row.Responded, row.Awaited = 0, f.Awaited
		case f.Status == absentFigure, f.Status == hiddenFigure && !guess:
			row.Missing = 1
		}
		y.All[m] = row
	}
	for _, pair := range [][3]compute.Measure{{upTo6, compute.ExitsUnder6, compute.ExitsAt6}, {from6, compute.ExitsOver6, compute.ExitsAt6}} {
		c.sixMonths(y, pair)
	}
	return y
}

// sixMonths gives the exits of exactly six months where both their sum with the others
// and the others are released: the report adds them again.
func (c *column) sixMonths(y compute.Year, pair [3]compute.Measure) {
	for _, rule := range []compute.Measure{"", olderRule} {
		sum, part := y.All[pair[0]+rule], y.All[pair[1]+rule]
		if sum == nil || part == nil || y.All[pair[2]+rule] != nil {
			continue
		}
		at := &compute.Row{Measure: pair[2] + rule, Frame: sum.Frame, Responded: sum.Responded, Missing: max(sum.Missing, part.Missing), Cells: compute.Cells{{Cross: compute.Total}}}
		if at.Missing == 0 {
			at.Cells[0].Amount = sum.Cells[0].Amount - part.Cells[0].Amount
		}
		y.All[pair[2]+rule] = at
	}
}

// lay makes the two tables, the years in their order.
func (r *ReleasedReport) lay(years map[int]*column, d compute.Definition) {
	var with, guessed []compute.Year
	var columns []*column
	for _, year := range slices.Sorted(mapsKeys(years)) {
		c := years[year]
		columns = append(columns, c)
		with, guessed = append(with, c.counts(false)), append(guessed, c.counts(true))
	}
	for _, row := range compute.ExitRows(d, guessed...) {
		line := figures.Line{ReportRow: row}
		for i := range with {
			n := told(compute.ExitShare(with[i], row.ID, d), compute.ExitShare(guessed[i], row.ID, d))
			n.Count = told(compute.ExitCount(with[i], row.ID, d), compute.ExitCount(guessed[i], row.ID, d)).Exact
			line.Numbers = append(line.Numbers, n)
		}
		r.Exits.Lines = append(r.Exits.Lines, line)
	}
	for i, c := range columns {
		base := compute.ExitsObservedIn(with[i])
		r.Observed = append(r.Observed, told(base, compute.ExitsObservedIn(guessed[i])))
		r.Exits.Columns = append(r.Exits.Columns, figures.TableColumn{Year: c.year, Frame: base.Frame, Responded: c.replied(compute.COORACE.In(c.year)), Dataset: c.version.Dataset, Version: c.version.Version})
	}
	for _, u := range compute.Units() {
		for i, c := range columns {
			r.workforce(c, u, with[i], guessed[i])
		}
	}
}

// replied is how many enterprises the exits of the year are of.
func (c *column) replied(d compute.Definition) int {
	m := compute.ExitsObserved
	if d == compute.COORACE3 {
		m += olderRule
	}
	return c.by[m].Replied
}

// workforce adds one column, where anything of it was collected.
func (r *ReleasedReport) workforce(c *column, u compute.Unit, with, guessed compute.Year) {
	rows := compute.WorkforceRows()
	if len(r.Workforce.Lines) == 0 {
		for _, row := range rows {
			r.Workforce.Lines = append(r.Workforce.Lines, figures.Line{ReportRow: row})
		}
	}
	var numbers []figures.Number
	out, some := figures.TableColumn{Year: c.year, Unit: u, Dataset: c.version.Dataset, Version: c.version.Version}, false
	for _, row := range rows {
		n := compute.Workforce(with, row.ID, u)
		said := told(n, compute.Workforce(guessed, row.ID, u))
		numbers, some = append(numbers, said), some || said.Known || said.Withheld
		if n.Known && n.Frame > out.Frame {
			out.Frame, out.Responded = n.Frame, n.Asked
		}
	}
	if !some {
		return
	}
	r.Workforce.Columns = append(r.Workforce.Columns, out)
	for i := range numbers {
		r.Workforce.Lines[i].Numbers = append(r.Workforce.Lines[i].Numbers, numbers[i])
	}
}

// told is a number as it was released: known, withheld, or not collected.
func told(n, guessed compute.Number) figures.Number {
	switch {
	case n.Known:
		return figures.Number{Known: true, Exact: n.Exact, Frame: n.Frame, Responded: n.Asked}
	case guessed.Known:
		return figures.Number{Withheld: true}
	}
	return figures.Number{Awaited: n.Awaited, Frame: n.Frame, Responded: n.Asked}
}

// reportTables are the counts of the report as files have them: a line a year.
func (s *Service) reportTables(p Plan, v *verdict) (list []release.Table) {
	if !p.Report {
		return nil
	}
	for n, years := range byRule(p.canonical().Years) {
		measures := reportMeasures(years[0])
		exits := measures[:len(measures)-len(workforceMeasures())]
		for _, t := range []struct {
			name     string
			fr, en   string
			measures []compute.Measure
		}{{"exits", "Sorties constatées", "Observed exits", exits}, {"workforce", "Effectifs", "Workforce", workforceMeasures()}} {
			table := release.Table{Name: "report-" + t.name, Title: say(t.fr, t.en)}
			if n > 0 {
				table.Name += "-" + strconv.Itoa(years[0])
			}
			table.Fields = s.reportFields(v, p, years, t.measures)
			for _, year := range years {
				row := []release.Cell{release.Word(whole), release.Number(int64(year))}
				for _, m := range t.measures {
					row = append(row, v.cell(key{m, year, whole, total, total, total, total}))
				}
				table.Rows = append(table.Rows, row)
			}
			list = append(list, table)
		}
	}
	return list
}

// byRule parts the years by their rule of presence, in order.
func byRule(years []int) (list [][]int) {
	for _, y := range years {
		if n := len(list); n > 0 && compute.COORACE.In(list[n-1][0]) == compute.COORACE.In(y) {
			list[n-1] = append(list[n-1], y)
			continue
		}
		list = append(list, []int{y})
	}
	return list
}

func (s *Service) reportFields(v *verdict, p Plan, years []int, measures []compute.Measure) []release.Field {
	p.Years = years
	list := []release.Field{{Name: "territory", Kind: release.Code, Label: say("Territoire", "Territory"), Definition: say("Territoire", "Territory"), Codes: []release.CodeLabel{{Code: whole, Label: s.PlaceName(whole)}}},
		yearField(p.broken(v.breaks), figures.ReportedIndicators()...)}
	for _, m := range measures {
		f := release.Field{Name: columnOf(m), Kind: release.Integer, Label: say(string(m), string(m)), Definition: reportWords(m), Unit: unitOf(m), Edition: "v1", Coverage: s.coverage(v, p), Rule: ruleWords(ruleOf(m))}
		if decimals(m) > 0 {
			f.Kind, f.Decimals = release.Decimal, decimals(m)
		}
		list = append(list, f)
	}
	return list
}

// reportWords says what a count of the report is.
func reportWords(m compute.Measure) (t catalogue.Text) {
	switch m {
	case upTo6, upTo6 + olderRule:
		return say("CDD ou intérim de six mois au plus, lecture COORACE. Comptage exhaustif : sans intervalle.", "Fixed-term or temporary work of six months at most, as COORACE reads it. Exhaustive count: no interval.")
	case from6, from6 + olderRule:
		return say("CDD ou intérim d’au moins six mois, lecture Dares. Comptage exhaustif : sans intervalle.", "Fixed-term or temporary work of at least six months, as Dares reads it. Exhaustive count: no interval.")
	}
	return say("Ligne du rapport d’activité de la fédération : "+string(m)+".", "Line of the activity report of the federation: "+string(m)+".")
}
