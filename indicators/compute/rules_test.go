package compute_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
)

// amount is the total of a measure of one enterprise; -1: ND, -2: awaited.
func amount(p *compute.Part, m compute.Measure) int64 {
	line, known := p.Lines[m]
	switch {
	case !known:
		return -2
	case line.Status == compute.ND:
		return -1
	case len(line.Counts) == 0:
		return 0
	}
	return line.Counts[0].Amount
}

func TestALengthOfSixMonthsIsWhatTwoBodiesDisagreeAbout(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		exit                  string
		days                  int
		durable, dares, short int64
	}{
		{"2011-06-30", 184, 0, 1, 1}, // July to December: 184 days are six months exactly
		{"2011-06-30", 185, 1, 1, 0},
		{"2010-12-31", 181, 0, 1, 1}, // January to June
		{"2010-12-31", 180, 0, 0, 1},
	} {
		e := &compute.Enterprise{ID: 1, Year: day(t, c.exit).Year(), Kind: compute.EI, Group: "g", Sections: map[compute.Section]compute.Status{compute.Exits: compute.Collected},
			Workers: []compute.Worker{{Sex: compute.Women, Exits: []compute.Exit{{On: day(t, c.exit), Motive: compute.CDD, Days: c.days, Declared: compute.DeclaredYes}}}}}
		p := counted(t, e)
		if got := [3]int64{amount(p, compute.ExitsDurable), amount(p, compute.ExitsDurableDares), amount(p, compute.ExitsTransition)}; got != [3]int64{c.durable, c.dares, c.short} {
			t.Errorf("%s, %d days: durable %d, Dares %d, transition %d", c.exit, c.days, got[0], got[1], got[2])
		}
		if amount(p, compute.ExitsDynamic) != 1 || amount(p, compute.ExitsObserved) != 1 {
			t.Error("an exit of any length is dynamic and counted once")
		}
	}
}

func TestWhichExitsAreObserved(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name                  string
		kind                  compute.Kind
		entered               string
		hours                 int64 // hundredths; below zero: not collected
		motive                compute.Motive
		declared              compute.Declared
		observed, older, none int64 // none: in neither count nor awaited
		where                 compute.Measure
	}{
		{"ACI of four months", compute.ACI, "2011-03-01", 300_00, compute.CDI, "", 1, 1, 0, ""},
		{"ACI of 81 days", compute.ACI, "2011-04-11", 300_00, compute.CDI, "", 1, 0, 0, ""},
		{"ACI of 80 days", compute.ACI, "2011-04-12", 300_00, compute.CDI, "", 0, 0, 1, compute.ExitsIneligible},
		{"ACI of three months to the day", compute.ACI, "2011-04-01", 300_00, compute.CDI, "", 1, 1, 0, ""},
		{"EI without an hour", compute.EI, "2011-01-01", 0, compute.CDI, "", 0, 0, 1, compute.ExitsIneligible},
		{"EI whose entry nobody said", compute.EI, "", 300_00, compute.CDI, "", 0, 0, 1, compute.ExitsUndecided},
		{"AI of 150 hours", compute.AI, "", 150_00, compute.CDI, "", 1, 1, 0, ""},
		{"AI of 149.99 hours", compute.AI, "", 149_99, compute.CDI, "", 0, 0, 1, compute.ExitsIneligible},
		{"ETTI whose hours nobody collected", compute.ETTI, "2010-01-01", -1, compute.CDI, "", 0, 0, 1, compute.ExitsUndecided},
		{"EITI of one hour", compute.EITI, "", 1_00, compute.CDI, "", 1, 1, 0, ""},
		{"declared, whatever the rule", compute.AI, "", -1, compute.CDI, compute.DeclaredYes, 1, 1, 0, ""},
		{"declared not observed", compute.ACI, "2009-01-01", 300_00, compute.CDI, compute.DeclaredNo, 0, 0, 1, compute.ExitsIneligible},
		{"withdrawn leaves the denominator", compute.ACI, "2009-01-01", 300_00, compute.Withdrawn, compute.DeclaredYes, 0, 0, 1, compute.ExitsWithdrawn},
	} {
		e := &compute.Enterprise{ID: 1, Year: 2011, Kind: c.kind, Group: "g", Sections: map[compute.Section]compute.Status{compute.Exits: compute.Collected}}
		w := compute.Worker{Sex: compute.Men, Exits: []compute.Exit{{On: day(t, "2011-06-30"), Motive: c.motive, Declared: c.declared}}}
		if c.entered != "" {
			w.Contracts = []compute.Contract{{Begins: day(t, c.entered)}}
		}
		if c.hours >= 0 {
			e.Sections[compute.Hours] = compute.Collected
			w.Months = []compute.Month{{Month: 6, Worked: hundredths(c.hours)}}
		}
		e.Workers = []compute.Worker{w}
		p := counted(t, e)
		if o, old := amount(p, compute.ExitsObserved), amount(p, compute.ExitsObserved+".3m"); o != c.observed || old != c.older {
			t.Errorf("%s: observed %d, under the older rule %d", c.name, o, old)
		}
		if c.where != "" && amount(p, c.where) != 1 {
			t.Errorf("%s: not in %s", c.name, c.where)
		}
	}
}

// ND, zero and awaited are three things.
func TestZeroIsANumberAndNDIsNot(t *testing.T) {
	t.Parallel()
	of := func(s compute.Status, answers map[compute.Measure]compute.Answer) *compute.Part {
		return counted(t, &compute.Enterprise{ID: 1, Year: 2011, Kind: compute.EI, Group: "g", Sections: map[compute.Section]compute.Status{compute.Hours: s}, Answers: answers})
	}
	zero, nd, awaited := of(compute.Collected, nil), of(compute.ND, nil), of(compute.Waiting, nil)
	if amount(zero, compute.Workers) != 0 || amount(nd, compute.Workers) != -1 || amount(awaited, compute.Workers) != -2 {
		t.Error("zero, ND and awaited are not told apart")
	}
	own := of(compute.ND, map[compute.Measure]compute.Answer{compute.Workers: {Status: compute.Collected, Value: 12_00}})
	if amount(own, compute.Workers) != 12 {
		t.Error("a total that was collected itself is not ND")
	}
	rows := compute.Index(compute.Sum([]*compute.Part{zero, nd}))
	if rows[compute.Workers].Status() != compute.ND {
		t.Error("a sum over an ND is ND")
	}
	part := compute.Index(compute.Sum([]*compute.Part{own, awaited}))
	if r := part[compute.Workers]; r.Status() != compute.Collected || r.Frame != 2 || r.Responded != 1 || r.At(compute.Total).Amount != 12 {
		t.Errorf("an answer that has not come lowers the coverage and is no ND: %+v", r)
	}
	if r := compute.Index(compute.Sum([]*compute.Part{awaited}))[compute.Workers]; r.Status() != compute.Waiting || r.Awaited != 1 {
		t.Errorf("it was asked and nobody answered: awaited: %+v", r)
	}
	if r := compute.Index(compute.Sum([]*compute.Part{zero}))[compute.PermanentPersons]; r.Status() != compute.ND {
		t.Errorf("nobody was asked: ND: %+v", r)
	}
	f, _ := compute.FormulaOf("C07", compute.COORACE)
	none := counted(t, &compute.Enterprise{ID: 1, Year: 2011, Kind: compute.EI, Group: "g", Sections: map[compute.Section]compute.Status{compute.Exits: compute.Collected}})
	if g := f.Of(compute.Index(compute.Sum([]*compute.Part{none})), compute.Total, scaleOf(t, 2011)); g.Outcome != compute.NoBase || g.Exact != nil {
		t.Errorf("zero exits have no rate: %+v", g)
	}
}

func TestATotalOverNDIsNDUnlessCollectedItself(t *testing.T) {
	t.Parallel()
	answers := map[compute.Measure]compute.Answer{compute.HomeWorkerPersons: {Status: compute.Collected, Value: 80_00}, compute.ManagerPersons: {Status: compute.ND}}
	e := &compute.Enterprise{ID: 1, Year: 2011, Kind: compute.SAP, Group: "g", Answers: answers}
	if amount(counted(t, e), compute.StaffPersons) != -1 {
		t.Error("a total over an ND is not ND")
	}
	answers[compute.StaffPersons] = compute.Answer{Status: compute.Collected, Value: 93_00}
	p := counted(t, e)
	if amount(p, compute.StaffPersons) != 93 {
		t.Error("a total that was collected itself is lost")
	}
	if got := compute.Workforce(yearOf(t, 2011, []*compute.Part{p}), "proxim_total", compute.Headcount); !got.Known || got.Exact.Cmp(big.NewRat(93, 1)) != 0 {
		t.Errorf("the table does not show it: %+v", got)
	}
}

func TestContinuityAndHoursAWeek(t *testing.T) {
	t.Parallel()
	of := func(contracts ...compute.Contract) *compute.Part {
		return counted(t, &compute.Enterprise{ID: 1, Year: 2011, Kind: compute.ACI, Group: "g", Sections: map[compute.Section]compute.Status{compute.Contracts: compute.Collected},
			Workers: []compute.Worker{{Sex: compute.Women, Contracts: contracts}}})
	}
	c := func(from, until string, weekly int64) compute.Contract {
		out := compute.Contract{Begins: day(t, from), Weekly: hundredths(weekly)}
		if until != "" {
			out.Ends = day(t, until)
		}
		return out
	}
	kept := of(c("2011-01-01", "2011-03-31", 26_00), c("2011-05-01", "2011-07-31", 19_00)) // 30 days between
	if amount(kept, compute.SixMonthsIn) != 1 || amount(kept, compute.NoGap) != 1 {
		t.Error("thirty days are no gap")
	}
	lost := of(c("2011-01-01", "2011-03-30", 26_00), c("2011-05-01", "", 26_00))
	if amount(lost, compute.SixMonthsIn) != 1 || amount(lost, compute.NoGap) != 0 {
		t.Error("thirty-one days are a gap")
	}
	if amount(kept, compute.ContractMonths) != 6 || amount(kept, compute.FullerMonths) != 3 || amount(kept, compute.Entrants) != 1 {
		t.Errorf("months %d, of 20 hours %d", amount(kept, compute.ContractMonths), amount(kept, compute.FullerMonths))
	}
	over := of(c("2011-01-01", "", 26_00), c("2011-03-01", "", 12_00), c("2011-05-10", "2011-05-20", 12_00)) // an end was not said
	if amount(over, compute.ContractMonths) != 12 || amount(over, compute.FullerMonths) != 12 {
		t.Errorf("a month of somebody is one month: %d, of 20 hours %d", amount(over, compute.ContractMonths), amount(over, compute.FullerMonths))
	}
	unsaid := of(compute.Contract{Begins: day(t, "2011-02-01")})
	if amount(unsaid, compute.FullerMonths) != -1 || amount(unsaid, compute.ContractMonths) != 11 {
		t.Error("hours a week that nobody said are ND, the months are counted")
	}
}

// The FTE of kinds whose references differ sum exactly, and are rounded once.
func TestFTEAreExactOverKinds(t *testing.T) {
	t.Parallel()
	var parts []*compute.Part
	for i, k := range compute.InsertionKinds() {
		ref, _ := references(t).Of(k, 2020)
		m := compute.Month{Month: 1, Paid: hundredths(ref.Hours * 100 / 4), Worked: hundredths(ref.Hours * 100 / 4)}
		parts = append(parts, counted(t, &compute.Enterprise{ID: int64(i), Year: 2020, Kind: k, Group: string(k), Sections: map[compute.Section]compute.Status{compute.Hours: compute.Collected},
			Workers: []compute.Worker{{Sex: compute.Women, Months: []compute.Month{m}}, {ID: 1, Sex: compute.Men, Months: []compute.Month{m}}}}))
	}
	f, _ := compute.FormulaOf("C02", compute.COORACE)
	g := f.Of(compute.Index(compute.Sum(parts)), compute.Total, scaleOf(t, 2020))
	if g.Outcome != compute.Value || g.Exact.Cmp(big.NewRat(5, 2)) != 0 || g.Groups != 5 {
		t.Errorf("five kinds of half an FTE are %v, of %d groups", g.Exact, g.Groups)
	}
}

func TestRoundingIsOnceAndAwayFromZero(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n, d   int64
		digits int
		want   int64
	}{{276, 10, 0, 28}, {5, 2, 0, 3}, {-5, 2, 0, -3}, {1, 3, 2, 33}, {2, 3, 2, 67}, {0, 1, 0, 0}, {1999, 1000, 1, 20}} {
		if got := compute.Rounded(big.NewRat(c.n, c.d), c.digits); got != c.want {
			t.Errorf("%d/%d to %d digits: %d, want %d", c.n, c.d, c.digits, got, c.want)
		}
	}
}

func TestFormulasAndMeasuresAgree(t *testing.T) {
	t.Parallel()
	all := compute.Measures()
	seen := map[string]bool{}
	for _, f := range compute.Formulas() {
		key := f.Indicator + string(f.Definition)
		if seen[key] {
			t.Errorf("%s twice", key)
		}
		seen[key] = true
		for _, term := range append(slices.Clone(f.Numerator), f.Base...) {
			if !slices.Contains(all, term.Measure) {
				t.Errorf("%s counts %s, which nothing measures", f.Indicator, term.Measure)
			}
		}
	}
	if f, ok := compute.FormulaOf("C06", compute.Dares); !ok || f.Definition != compute.COORACE {
		t.Error("a body that defines an indicator as everybody has that formula")
	}
	if _, ok := compute.FormulaOf("R6.2", compute.COORACE); ok {
		t.Error("R6.2 is a model, not a count")
	}
}

func TestBreaksFollowTheReferenceHours(t *testing.T) {
	t.Parallel()
	got := references(t).BreaksOf(2008, 2016)
	if !slices.ContainsFunc(got, func(b compute.Break) bool {
		return b.Year == 2014 && b.Indicator == "C02" && b.Kind == compute.ACI && b.Why.FR != ""
	}) {
		t.Errorf("2014 has no break for ACI: %+v", got)
	}
	if slices.ContainsFunc(got, func(b compute.Break) bool { return b.Kind == compute.AI || b.Year != 2014 }) {
		t.Errorf("breaks where the hours are the same: %+v", got)
	}
}

func TestPartsAndCellsAreReadAsWritten(t *testing.T) {
	t.Parallel()
	p := &compute.Part{Lines: map[compute.Measure]compute.Line{
		compute.Workers: {Status: compute.Collected, Counts: []compute.Count{{Amount: 3, Persons: 3}, {Cross: compute.CrossOf(compute.Women, 0, 0), Amount: 1, Persons: 1}}},
		compute.FTE:     {Status: compute.ND}, compute.Entrants: {Status: compute.Collected}}}
	b, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var back compute.Part
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	if back.Lines[compute.FTE].Status != compute.ND || back.Lines[compute.Entrants].Status != compute.Collected || len(back.Lines[compute.Workers].Counts) != 2 {
		t.Errorf("%s read back as %+v", b, back)
	}
}

// The contributor is the economic group, whatever the number of its enterprises;
// who leaves twice is one person and two exits.
func TestContributorsAreGroupsAndPersonsArePersons(t *testing.T) {
	t.Parallel()
	var parts []*compute.Part
	exit := compute.Exit{On: day(t, "2011-03-01"), Motive: compute.CDI, Declared: compute.DeclaredYes}
	for i, c := range []struct {
		group   string
		workers int
	}{{"b", 1}, {"a", 3}, {"b", 1}, {"a", 2}, {"c", 0}} {
		e := &compute.Enterprise{ID: int64(i), Year: 2011, Kind: compute.EI, Group: c.group, Sections: map[compute.Section]compute.Status{compute.Exits: compute.Collected}}
		for range c.workers {
			e.Workers = append(e.Workers, compute.Worker{Sex: compute.Women, Exits: []compute.Exit{exit, exit}})
		}
		parts = append(parts, counted(t, e))
	}
	got := compute.Index(compute.Sum(parts))[compute.ExitsCDI].At(compute.Total)
	if want := (compute.Cell{Amount: 14, Persons: 7, Contributors: 2, Top: 10}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	// The largest group counts, be it the first or the last.
	last := append(slices.Clone(parts), counted(t, &compute.Enterprise{ID: 9, Year: 2011, Kind: compute.EI, Group: "z", Sections: map[compute.Section]compute.Status{compute.Exits: compute.Collected},
		Workers: []compute.Worker{{Sex: compute.Men, Exits: []compute.Exit{exit}}}}))
	if got := compute.Index(compute.Sum(last))[compute.ExitsCDI].At(compute.Total); got.Top != 10 || got.Contributors != 3 {
		t.Errorf("%+v", got)
	}
}

// The rule of presence of a year is the catalogue's.
func TestTheRuleOfPresenceIsTheCatalogues(t *testing.T) {
	t.Parallel()
	all, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	c08, _ := all.Get("C08")
	for _, year := range []int{2008, 2025, 2026, 2030} {
		older := c08.Default(day(t, fmt.Sprintf("%d-06-30", year))).Number == 1
		if got := compute.COORACE.In(year) == compute.COORACE3; got != older {
			t.Errorf("%d: the older rule is %v in the catalogue, %v here", year, older, got)
		}
	}
	for _, f := range compute.Formulas() {
		id := f.Indicator
		if _, ok := all.Get(catalogue.ID(id)); !ok {
			id = id[:strings.LastIndexByte(id, '.')]
		}
		if _, ok := all.Get(catalogue.ID(id)); !ok {
			t.Errorf("%s is not in the catalogue", f.Indicator)
		}
	}
}
