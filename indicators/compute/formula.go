package compute

import (
	"math/big"
	"slices"
	"strings"
)

// Definition names one of the published ways to define an indicator. The records
// are the same; the choice is made when figures are read.
type Definition string

// The definitions.
const (
	COORACE  Definition = "coorace"    // the federation's: more than six months
	Dares    Definition = "dares"      // at least six months
	COORACE3 Definition = "coorace_3m" // the same, of exits after three months of presence or more
	Dares3   Definition = "dares_3m"
)

// presentRule is the first year whose exits are observed after 2.65 months of
// presence: version 2 of C08 in the catalogue.
const presentRule = 2026

// In is a definition with the rule of presence of a year.
func (d Definition) In(year int) Definition {
	if year >= presentRule {
		return d
	}
	return map[Definition]Definition{COORACE: COORACE3, Dares: Dares3}[d]
}

// of is the count of exits under a definition.
func (d Definition) of(m Measure) Measure {
	if d == COORACE3 || d == Dares3 {
		return m.older()
	}
	return m
}

// Term is a measure with its weight in a sum; Of narrows it to one sex.
type Term struct {
	Measure Measure
	Weight  int64
	Of      Sex
}

// Formula makes an indicator of the catalogue from measures.
type Formula struct {
	Indicator  string // C01, R4.2…
	Definition Definition
	Numerator  []Term
	Base       []Term // empty: the indicator is the numerator itself
	Times      int64  // 100 for a percentage
	Digits     int    // after the comma, when it is published
	Personal   bool   // broken down by sex, age and public
}

// one is a measure alone, rate the percentage of one in another, ratio their quotient.
func one(m Measure) []Term { return []Term{{m, 1, AnySex}} }

func count(id string, m Measure, digits int, personal bool) Formula {
	return Formula{id, COORACE, one(m), nil, 1, digits, personal}
}

func rate(id string, d Definition, of, in Measure, personal bool) Formula {
	return Formula{id, d, one(of), one(in), 100, 0, personal}
}

// share is the percentage of the exits observed under a definition.
func share(id string, d Definition, of Measure) Formula {
	return rate(id, d, d.of(of), d.of(ExitsObserved), true)
}

func ratio(id string, of, in Measure, digits int, personal bool) Formula {
	return Formula{id, COORACE, one(of), one(in), 1, digits, personal}
}

// Formulas lists what is computed, in the order of the catalogue. What it lacks:
// R4.6 and R6.3 need places that are not collected, R6.2
// is a model with its own assumptions, R6.5 is an estimate of durations; C11 is
// read from the entrants by public, which overlap.
func Formulas() []Formula {
	return []Formula{
		count("C01", Workers, 0, true), count("C02", FTE, 0, true),
		count("C03", PermanentPersons, 0, false), {"C03.fte", COORACE, one(PermanentFTE), nil, 1, 0, false},
		share("C04", COORACE, ExitsDurable), share("C04", Dares, ExitsDurableDares), share("C04", COORACE3, ExitsDurable), share("C04", Dares3, ExitsDurableDares),
		share("C05", COORACE, ExitsTransition), share("C05", Dares, ExitsTransitionDares), share("C05", COORACE3, ExitsTransition), share("C05", Dares3, ExitsTransitionDares),
		share("C06", COORACE, ExitsPositive), share("C06", COORACE3, ExitsPositive),
		share("C07", COORACE, ExitsDynamic), share("C07", COORACE3, ExitsDynamic),
		count("C08", ExitsObserved, 0, true), {"C08", COORACE3, one(ExitsObserved.older()), nil, 1, 0, true},
		rate("C09", COORACE, EmployedAt6, FollowedAt6, false),
		{"C10", COORACE, []Term{{Workers, 1, Women}}, []Term{{Workers, 1, Women}, {Workers, 1, Men}}, 100, 0, true},
		{"C11", COORACE, one(Entrants), nil, 1, 0, true},
		ratio("R1.1", PaidHours, Workers, 0, true),
		count("R1.1.under_150", HoursUnder150, 0, true), count("R1.1.150_to_599", Hours150To599, 0, true), count("R1.1.600_to_1039", Hours600To1039, 0, true), count("R1.1.from_1040", HoursFrom1040, 0, true),
		ratio("R1.2", Quarters, Workers, 1, true), rate("R1.3", COORACE, HealthCovered.Among(Workers), Workers.Among(HealthCovered), false), rate("R1.4", COORACE, NoGap, SixMonthsIn, true),
		rate("R1.5", COORACE, Trained.Among(Workers), Workers.Among(Trained), true), rate("R1.6", COORACE, FullerMonths, ContractMonths, true),
		rate("R2.1", COORACE, BarriersResolved, BarriersIdentified, false), ratio("R2.2", RightsOpened.Among(Workers), Workers.Among(RightsOpened), 2, false), ratio("R2.3", ScaleChange, ScalePairs, 2, false),
		rate("R2.4", COORACE, BodyMembers, BodyEligible, false), {"R2.5", COORACE, one(Certifications.Among(ExitsObserved)), one(ExitsObserved.Among(Certifications)), 100, 1, true},
		{"R2.5", COORACE3, one(Certifications.Among(ExitsObserved)), one(ExitsObserved.older().Among(Certifications)), 100, 1, true},
		count("R3.1", Clients, 0, false), rate("R3.2", COORACE, TeamsMixed, Teams, false), count("R3.3", VolunteerHours, 0, false),
		{"R3.4", COORACE, []Term{{ClientsPositive, 1, AnySex}, {ClientsNegative, -1, AnySex}}, one(ClientsAsked), 100, 0, false}, count("R3.5", OpenEvents, 0, false), count("R3.5.participants", OpenParticipants, 0, false),
		count("R4.1", LocalPayroll, 0, false), rate("R4.2", COORACE, LocalPurchases, Purchases, false), rate("R4.3", COORACE, Sales, Income, false),
		{"R4.4", COORACE, []Term{{PermanentEnd, 1, AnySex}, {PermanentStart, -1, AnySex}}, nil, 1, 1, false}, count("R4.5", ClauseHours, 0, false),
		count("R5.1", Innovations, 0, false), rate("R5.2", COORACE, Cooperating, Enterprises.Among(Cooperating), false), ratio("R5.3", PublicBodies, Enterprises.Among(PublicBodies), 1, false),
		count("R5.4", Tonnes, 0, false), rate("R5.5", COORACE, PositionsOfWomen, Positions, false),
		{"R6.1", COORACE, []Term{{PublicAid.Among(FTE), 1, AnySex}, {Contributions.Among(FTE), -1, AnySex}}, one(FTE.Among(PublicAid)), 1, 0, false}, rate("R6.4", COORACE, DurableAt12, FollowedAt12, false),
	}
}

// PartsOf are the other numbers of an indicator that is told in several: the FTE of C03
// beside its persons, the participants of R3.5 beside its activities, the workers of each
// band of hours beside the mean of R1.1.
func PartsOf(indicator string) []Formula {
	return slices.DeleteFunc(Formulas(), func(f Formula) bool { return !strings.HasPrefix(f.Indicator, indicator+".") || !isIndicator(indicator) })
}

// isIndicator tells the id of an indicator from a register or a part.
func isIndicator(id string) bool {
	return slices.ContainsFunc(Formulas(), func(f Formula) bool { return f.Indicator == id })
}

// FormulaOf finds the formula of an indicator under a definition; an indicator
// that a body defines as everybody does has the first one only.
func FormulaOf(indicator string, d Definition) (Formula, bool) {
	all := Formulas()
	wanted := []Definition{d, COORACE}
	if d == Dares3 {
		wanted = []Definition{d, COORACE3, COORACE}
	}
	for _, want := range wanted {
		if i := slices.IndexFunc(all, func(f Formula) bool { return f.Indicator == indicator && f.Definition == want }); i >= 0 {
			return all[i], true
		}
	}
	return Formula{}, false
}

// Outcome says how a figure came out.
type Outcome string

// The outcomes.
const (
	Value    Outcome = "value"
	Missing  Outcome = "nd"
	Awaited  Outcome = "awaited" // asked, and nobody answered
	NoBase   Outcome = "no_base" // collected, and what it divides by is zero
	Unasked  Outcome = "unasked" // means nothing for these enterprises
	NotBroke Outcome = "not_broken_down"
)

// Figure is an indicator computed for one cell; nothing in it is rounded.
type Figure struct {
	Formula   Formula
	Cross     Cross
	Outcome   Outcome
	Numerator *big.Rat // in units; nil unless known
	Base      *big.Rat // nil without a base
	Exact     *big.Rat // nil unless Outcome is Value
	Persons   int64    // of the base, or of the numerator where there is none
	Unsaid    int64    // left out of the base, since their sex is not said
	Groups    int64    // contributors, of the smallest of the counts it is made of
	Top       *big.Rat // the largest contributor's share of them, at most; nil unless known
	Frame     int
	Responded int
	uneven    bool // its counts are not of the same enterprises: there is no rate of them
}

// Rows are the rows of one scope, by measure.
type Rows map[Measure]*Row

// Index makes Rows of what Sum gives.
func Index(rows []Row) Rows {
	out := Rows{}
	for i := range rows {
		out[rows[i].Measure] = &rows[i]
	}
	return out
}

// Of computes an indicator for one cross. scale gives the scale of a measure.
func (f Formula) Of(rows Rows, c Cross, scale func(Measure) int64) Figure {
	g := Figure{Formula: f, Cross: c, Outcome: Value}
	if c != Total && !f.Personal || f.tooFine(c) {
		g.Outcome = NotBroke
		return g
	}
	base := f.gather(&g, f.Base, rows, c, scale)
	g.Numerator = f.gather(&g, f.Numerator, rows, c, scale)
	if g.Outcome != Value {
		g.Numerator = nil
		return g
	}
	g.Exact = new(big.Rat).Mul(g.Numerator, big.NewRat(f.Times, 1))
	if len(f.Base) == 0 {
		return g
	}
	g.Base = base
	if g.Base.Sign() == 0 {
		g.Outcome, g.Exact = NoBase, nil
		return g
	}
	if g.uneven {
		g.Outcome, g.Exact = Awaited, nil
		return g
	}
	g.Exact.Quo(g.Exact, g.Base)
	return g
}

// gather sums terms; the base comes first, so that the persons are its own.
func (f Formula) gather(g *Figure, terms []Term, rows Rows, c Cross, scale func(Measure) int64) *big.Rat {
	sum := new(big.Rat)
	for _, t := range terms {
		row := rows[t.Measure]
		if row == nil {
			g.Outcome = Unasked
			return nil
		}
		g.Outcome = lesser(g.Outcome, outcomeOf(row.Status()))
		g.covers(row)
		at := narrowed(c, t.Of)
		if row.Unknown(at) {
			g.Outcome = lesser(g.Outcome, Missing)
		}
		cell := row.At(at)
		g.weigh(cell)
		sum.Add(sum, big.NewRat(t.Weight*cell.Amount, scale(t.Measure)))
	}
	g.leave(terms, rows, c, sum)
	return sum
}

func outcomeOf(s Status) Outcome {
	return map[Status]Outcome{Collected: Value, ND: Missing, Waiting: Awaited}[s]
}

// lesser is the outcome of which less is known: what means nothing first, then what
// was not collected, then what has not come.
func lesser(a, b Outcome) Outcome {
	for _, o := range []Outcome{Unasked, Missing, Awaited} {
		if a == o || b == o {
			return o
		}
	}
	return Value
}

// leave counts who is in neither part of a rate by sex, since theirs is not said.
// Where nobody's is, the sex was not collected.
func (g *Figure) leave(terms []Term, rows Rows, c Cross, sum *big.Rat) {
	if len(terms) < 2 || terms[0].Of == AnySex || rows[terms[0].Measure].Status() != Collected {
		return
	}
	g.Unsaid = rows[terms[0].Measure].At(narrowed(c, SexUnsaid)).Persons
	g.Persons = 0
	for _, t := range terms {
		g.Persons += rows[t.Measure].At(narrowed(c, t.Of)).Persons
	}
	if sum.Sign() == 0 && g.Unsaid > 0 {
		g.Outcome = Missing
	}
}

// tooFine tells a cross that a term narrows to more than is counted.
func (f Formula) tooFine(c Cross) bool {
	return slices.ContainsFunc(f.Numerator, func(t Term) bool { return narrowed(c, t.Of).margins() == 0 })
}

// narrowed is a cross limited to one sex.
func narrowed(c Cross, to Sex) Cross {
	if to == AnySex {
		return c
	}
	_, a, p := c.Split()
	return CrossOf(to, a, p)
}

// covers keeps the least coverage of the measures that a figure is made of.
func (g *Figure) covers(r *Row) {
	g.uneven = g.uneven || g.Frame > 0 && r.Responded != g.Responded
	if g.Frame == 0 || r.Responded < g.Responded {
		g.Frame, g.Responded = r.Frame, r.Responded
	}
}

// weigh keeps what disclosure control asks: the persons of the first count, the
// fewest contributors and the highest share among them.
func (g *Figure) weigh(c Cell) {
	if c.Contributors == 0 {
		return
	}
	if g.Persons == 0 {
		g.Persons = c.Persons
	}
	if g.Groups == 0 || c.Contributors < g.Groups {
		g.Groups = c.Contributors
	}
	if c.Amount == 0 {
		return
	}
	share := big.NewRat(c.Top, c.Amount)
	if g.Top == nil || share.Cmp(g.Top) > 0 {
		g.Top = share
	}
}

// Rounded rounds an exact number once, to so many digits, halves away from zero,
// and gives it in the unit of the last digit: 27.6 to no digit is 28.
func Rounded(exact *big.Rat, digits int) int64 {
	power := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil)
	x := new(big.Rat).Mul(new(big.Rat).Abs(exact), new(big.Rat).SetInt(power))
	half := new(big.Rat).Add(x, big.NewRat(1, 2))
	n := new(big.Int).Quo(half.Num(), half.Denom()).Int64()
	if exact.Sign() < 0 {
		return -n
	}
	return n
}

// Measures lists what the formula counts.
func (f Formula) Measures() []Measure {
	var out []Measure
	for _, t := range append(slices.Clone(f.Numerator), f.Base...) {
		out = append(out, t.Measure)
	}
	return out
}
