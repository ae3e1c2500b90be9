package compute

import (
	"math/big"
	"slices"
	"strings"
)

// Text is a label in both languages.
type Text struct{ FR, EN string }

// ReportRow is a line of one of the two tables of the federation's report.
type ReportRow struct {
	ID     string
	Parent string // the line that this one is a part of; empty: none
	Label  Text
	Depth  int // 0 for the widest total
}

// Number is one number of a table: exact, awaited, or ND. Rounding is the reader's, once.
type Number struct {
	Known   bool
	Awaited bool     // not known, and somebody was asked; where neither, it is ND
	Exact   *big.Rat // nil unless Known
	Cells   []Cell   // the counts it is made of, for who decides what may be shown
	Frame   int
	Asked   int // who responded
}

// Year is one year of the federation: the rows over all kinds, and those of each kind.
type Year struct {
	Year   int
	All    Rows
	ByKind map[Kind]Rows
	Scale  func(Measure) int64
}

// Unit is what the workforce is counted in.
type Unit string

// The units of the workforce.
const (
	Headcount Unit = "headcount"
	InFTE     Unit = "fte"
)

// Units lists them as the report does.
func Units() []Unit { return []Unit{Headcount, InFTE} }

// WorkforceRows are the lines of the table of the workforce, totals first.
func WorkforceRows() []ReportRow {
	return []ReportRow{
		{"iae_total", "ensemble", Text{"Total insertion par l’activité économique", "Total insertion by economic activity"}, 1},
		{"iae_insertion", "iae_total", Text{"dont salariés en parcours d’insertion", "of which insertion workers"}, 2},
		{"iae_permanent", "iae_total", Text{"dont permanents", "of which permanent staff"}, 2},
		{"proxim_total", "ensemble", Text{"Total services à la personne", "Total home services"}, 1},
		{"proxim_home_workers", "proxim_total", Text{"dont intervenants à domicile", "of which home workers"}, 2},
		{"proxim_managers", "proxim_total", Text{"dont encadrants", "of which supervisors"}, 2},
		{"ensemble", "", Text{"Ensemble", "All"}, 0},
	}
}

// Workforce gives one line of one year. A total is the sum of its parts where the
// same enterprises gave them all, so that the table closes; it is ND over an ND
// and awaited over what has not come, unless the enterprises concerned gave the
// total itself. A total of several blocks is known where each of them is.
func Workforce(y Year, id string, u Unit) Number {
	of := map[string][2]Measure{
		"iae_insertion": {Workers, FTE}, "iae_permanent": {PermanentPersons, PermanentFTE},
		"proxim_home_workers": {HomeWorkerPersons, HomeWorkerFTE}, "proxim_managers": {ManagerPersons, ManagerFTE},
	}
	i := slices.Index(Units(), u)
	if m, leaf := of[id]; leaf {
		return y.value(y.All[m[i]], m[i])
	}
	switch id {
	case "iae_total":
		return y.block(InsertionKinds(), i)
	case "proxim_total":
		return y.block([]Kind{SAP}, i)
	}
	return sum(y.block(InsertionKinds(), i), y.block([]Kind{SAP}, i))
}

// block is everybody who works in the enterprises of some kinds: known where every
// enterprise of which something is known gave all of it.
func (y Year) block(kinds []Kind, unit int) Number {
	total, begun := []Measure{StaffPersons, StaffFTE}[unit], []Measure{StaffPersonsBegun, StaffFTEBegun}[unit]
	out, some := Number{Exact: new(big.Rat)}, 0
	missing := false
	for _, k := range kinds {
		r := y.ByKind[k][total]
		if r == nil {
			continue
		}
		out.Frame, out.Asked, missing = out.Frame+r.Frame, out.Asked+r.Responded, missing || r.Missing > 0
		out.Awaited = out.Awaited || r.Awaited > 0
		if b := y.ByKind[k][begun]; b != nil {
			some += b.Responded
		}
		c := r.At(Total)
		out.Exact.Add(out.Exact, big.NewRat(c.Amount, y.Scale(total)))
		out.Cells = append(out.Cells, c)
	}
	out.Known = !missing && out.Asked > 0 && out.Asked == some
	if !out.Known {
		return Number{Awaited: !missing && out.Awaited, Frame: out.Frame, Asked: out.Asked}
	}
	out.Awaited = false
	return out
}

func (y Year) value(r *Row, m Measure) Number {
	if r == nil {
		return Number{}
	}
	v := Number{Frame: r.Frame, Asked: r.Responded}
	switch r.Status() {
	case ND:
		return v
	case Waiting:
		v.Awaited = true
		return v
	}
	c := r.At(Total)
	v.Known, v.Exact, v.Cells = true, big.NewRat(c.Amount, y.Scale(m)), []Cell{c}
	return v
}

// beside adds counts of the same enterprises, which all come from one section.
func beside(parts ...Number) Number {
	out := sum(parts...)
	out.Frame, out.Asked = 0, 0
	for i, p := range parts {
		out.Frame = max(out.Frame, p.Frame)
		if i == 0 || p.Asked < out.Asked {
			out.Asked = p.Asked
		}
	}
	return out
}

// sum adds numbers of different enterprises; over an ND, or over nothing, it is
// ND, and awaited over what has not come.
func sum(parts ...Number) Number {
	out := Number{Known: len(parts) > 0, Exact: new(big.Rat)}
	nd := len(parts) == 0
	for _, p := range parts {
		out.Frame, out.Asked = out.Frame+p.Frame, out.Asked+p.Asked
		out.Known = out.Known && p.Known
		nd = nd || !p.Known && !p.Awaited
		if out.Known {
			out.Exact.Add(out.Exact, p.Exact)
			out.Cells = append(out.Cells, p.Cells...)
		}
	}
	if !out.Known {
		out.Exact, out.Cells, out.Awaited = nil, nil, !nd
	}
	return out
}

// exitLine is a line of the table of exits and the counts it sums.
type exitLine struct {
	ReportRow
	of    []Measure
	dares []Measure // where Dares differs
	rare  bool      // shown only where somebody is in it
}

func exitLines() []exitLine {
	return []exitLine{
		{ReportRow{"durable", "dynamic", Text{"Sorties vers l’emploi durable", "Exits to durable employment"}, 1}, []Measure{ExitsDurable}, []Measure{ExitsDurableDares}, false},
		{ReportRow{"durable.cdi", "durable", Text{"CDI", "Permanent contract (CDI)"}, 2}, []Measure{ExitsCDI}, nil, false},
		{ReportRow{"durable.cdd_gt6m", "durable", Text{"CDD ou intérim de plus de 6 mois", "Fixed-term or temporary work, more than 6 months"}, 2}, []Measure{ExitsOver6}, []Measure{ExitsOver6, ExitsAt6}, false},
		{ReportRow{"durable.creation", "durable", Text{"Création ou reprise d’activité", "Creation or takeover of a business"}, 2}, []Measure{ExitsCreation}, nil, false},
		{ReportRow{"durable.public", "durable", Text{"Titularisation dans la fonction publique", "Tenure in the public service"}, 2}, []Measure{ExitsPublic}, nil, true},
		{ReportRow{"transition", "dynamic", Text{"Sorties vers un emploi de transition", "Exits to transition employment"}, 1}, []Measure{ExitsTransition}, []Measure{ExitsTransitionDares}, false},
		{ReportRow{"transition.cdd_lt6m", "transition", Text{"CDD ou intérim de 6 mois au plus", "Fixed-term or temporary work, 6 months at most"}, 2}, []Measure{ExitsUnder6, ExitsAt6}, []Measure{ExitsUnder6}, false},
		{ReportRow{"transition.aided", "transition", Text{"Contrat aidé hors SIAE", "Aided contract outside a SIAE"}, 2}, []Measure{ExitsAided}, nil, false},
		{ReportRow{"positive", "dynamic", Text{"Sorties positives", "Positive exits"}, 1}, []Measure{ExitsPositive}, nil, false},
		{ReportRow{"positive.training", "positive", Text{"Formation", "Training"}, 2}, []Measure{ExitsTraining}, nil, false},
		{ReportRow{"positive.siae", "positive", Text{"Poursuite de parcours en SIAE", "Journey continued in a SIAE"}, 2}, []Measure{ExitsSIAE}, nil, false},
		{ReportRow{"dynamic.length_unsaid", "dynamic", Text{"CDD ou intérim de durée non dite", "Fixed-term or temporary work of unsaid length"}, 2}, []Measure{ExitsTimedUnsaid}, nil, true},
		{ReportRow{"dynamic", "all_exits", Text{"Total sorties dynamiques", "Total dynamic exits"}, 0}, []Measure{ExitsDynamic}, nil, false},
		{ReportRow{"other", "all_exits", Text{"Autres sorties", "Other exits"}, 0}, []Measure{ExitsOther}, nil, false},
	}
}

// ExitRows are the lines of the table of exits over some years: the rare ones are
// left out where nobody is in them. Their labels say the length of the definition.
func ExitRows(d Definition, years ...Year) []ReportRow {
	var out []ReportRow
	for _, l := range exitLines() {
		l.Label = l.labelIn(d)
		used := slices.ContainsFunc(years, func(y Year) bool {
			n := y.counted(COORACE.In(y.Year), l.of)
			return n.Known && n.Exact.Sign() > 0
		})
		if !l.rare || used {
			out = append(out, l.ReportRow)
		}
	}
	return out
}

// labelIn says the length of a definition: a contract of six months to the day is on
// one side or the other.
func (l exitLine) labelIn(d Definition) Text {
	if label, other := map[string]Text{
		"durable.cdd_gt6m":    {"CDD ou intérim d’au moins 6 mois", "Fixed-term or temporary work, at least 6 months"},
		"transition.cdd_lt6m": {"CDD ou intérim de moins de 6 mois", "Fixed-term or temporary work, less than 6 months"},
	}[l.ID]; other && d == Dares {
		return label
	}
	return l.Label
}

// Rare tells a line of the exits that is shown only where somebody is in it.
func (r ReportRow) Rare() bool {
	return slices.ContainsFunc(exitLines(), func(l exitLine) bool { return l.ID == r.ID && l.rare })
}

// Indicator is the indicator of the catalogue that a line of the report is a number
// of; empty for a total that is none.
func (r ReportRow) Indicator() string {
	kind, _, _ := strings.Cut(r.ID, ".")
	return map[string]string{"durable": "C04", "transition": "C05", "positive": "C06", "dynamic": "C07", "other": "C08", "observed": "C08", "withdrawn": "C08",
		"iae_insertion": "C01", "iae_permanent": "C03"}[kind]
}

// ExitsWithdrawnIn is how many exits left the exits observed: their number is
// published apart.
func ExitsWithdrawnIn(y Year) Number { return y.value(y.All[ExitsWithdrawn], ExitsWithdrawn) }

// ExitShare is the share of the exits observed that a line counts, in percent,
// exact: from the counts, never from rounded shares. Zero exits give no share. The
// definition is COORACE's or Dares's, with the rule of presence of the year.
func ExitShare(y Year, id string, d Definition) Number {
	n, base := ExitCount(y, id, d), ExitsObservedIn(y)
	if !n.Known || !base.Known || base.Exact.Sign() == 0 {
		return Number{Awaited: n.Awaited && (base.Known || base.Awaited), Frame: base.Frame, Asked: base.Asked}
	}
	share := new(big.Rat).Quo(n.Exact, base.Exact)
	return Number{Known: true, Exact: share.Mul(share, big.NewRat(100, 1)), Cells: append(n.Cells, base.Cells...), Frame: base.Frame, Asked: base.Asked}
}

// ExitCount is how many exits a line counts.
func ExitCount(y Year, id string, d Definition) Number {
	for _, l := range exitLines() {
		if l.ID != id {
			continue
		}
		of := l.of
		if d == Dares && l.dares != nil {
			of = l.dares
		}
		return y.counted(d.In(y.Year), of)
	}
	return Number{}
}

// ExitsObservedIn is the base of the shares.
func ExitsObservedIn(y Year) Number {
	return y.counted(COORACE.In(y.Year), []Measure{ExitsObserved})
}

func (y Year) counted(d Definition, of []Measure) Number {
	var parts []Number
	for _, m := range of {
		parts = append(parts, y.value(y.All[d.of(m)], m))
	}
	return beside(parts...)
}
