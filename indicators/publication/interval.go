package publication

import (
	"math/big"
	"slices"

	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
	"maillage/indicators/estimate"
	"maillage/indicators/figures"
	"maillage/indicators/release"
)

// Basis says what a rate is made from, hence whether it has an interval.
type Basis string

// The bases. A total of answers is the total of those that answered, with its coverage:
// it is not carried over to the others, and has no interval.
const (
	Exhaustive    Basis = "exhaustive"     // every event of the frame is counted
	OfAnswers     Basis = "of_answers"     // persons who answered, among those who left
	OfEnterprises Basis = "of_enterprises" // enterprises that answered, among those asked
	AnswersSummed Basis = "answers_summed" // a total of what was answered
)

// BasisOf tells what the figures of an indicator are made from.
func BasisOf(i *catalogue.Indicator) Basis {
	survey := slices.ContainsFunc(i.Sources, func(s catalogue.Source) bool { return s.Kind == catalogue.Survey })
	f, _ := compute.FormulaOf(string(i.ID), compute.COORACE)
	switch {
	case !survey:
		return Exhaustive
	case len(f.Base) == 0:
		return AnswersSummed
	case i.Population == respondents:
		return OfAnswers
	}
	return OfEnterprises
}

func (b Basis) method() release.Method {
	if b == OfAnswers {
		return release.OfAnswers
	}
	return release.OfSample
}

// respondents is the population of a survey of persons, in the catalogue.
const respondents catalogue.Population = "respondents"

// estimated tells the bases whose rates have an interval.
func (b Basis) estimated() bool { return b == OfAnswers || b == OfEnterprises }

// leastGroups is how many economic groups must have answered for an interval over them:
// with fewer, who knows its own answers would learn of the others' from the spread.
const leastGroups = 10

// span is an interval in units of the rate's last decimal.
type span struct{ low, high int64 }

// spread keeps the intervals over enterprises of what a plan asks of a year, by the key
// of the numerator. Where too few groups answered there is none.
func (v *verdict) spread(year int, p Plan, all *catalogue.Catalogue, parts []figures.Contribution, unit func(compute.Measure, int64) *big.Rat) {
	var b *book
	for _, c := range p.Indicators {
		i, _ := all.Get(c.ID)
		f, ok := formula(c, []int{year}, p.Indicators)
		if !ok || BasisOf(i) != OfEnterprises {
			continue
		}
		if b == nil {
			b = newBook(year, p.Level, parts)
		}
		for s := range b.by {
			if in, ok := b.quotient(s, f, unit); ok {
				v.spans[key{f.Numerator[0].Measure, year, s.territory, s.kind, total, total, total}] = in
			}
		}
	}
}

// quotient is the interval of one scope, over the groups of its enterprises that answered.
func (b *book) quotient(s scope, f compute.Formula, unit func(compute.Measure, int64) *big.Rat) (span, bool) {
	n, d := f.Numerator[0].Measure, f.Base[0].Measure
	q := quantity{plus: []compute.Measure{n, d}}
	above, below := map[string]float64{}, map[string]float64{}
	frame, replied := 0, 0
	for _, c := range b.by[s] {
		if !n.Applies(c.Counts.Kind) {
			continue
		}
		frame++
		if !answered(c, q) {
			continue
		}
		replied++
		above[c.Counts.Group] += inFloat(unit(n, amountOf(c, n)))
		below[c.Counts.Group] += inFloat(unit(d, amountOf(c, d)))
	}
	if len(below) < leastGroups {
		return span{}, false
	}
	groups := slices.Sorted(mapsKeys(below))
	var tops, bases []float64
	for _, g := range groups {
		tops, bases = append(tops, above[g]), append(bases, below[g])
	}
	in, err := estimate.Quotient(tops, bases, replied, frame, confidence)
	if err != nil {
		return span{}, false
	}
	scale := float64(f.Times * 10) // the rate has one decimal
	low, high := release.Outward(max(in.Low, 0)*scale, in.High*scale)
	if t, is := tellingOf(n); partOf[n] == d || is && t.said == d { // a part is no more than its whole
		high = min(high, f.Times*10)
	}
	return span{low, high}, true
}

// confidence is the level of every interval.
const confidence = 0.95

func answered(c *figures.Contribution, q quantity) bool {
	for _, m := range q.measures() {
		if line, said := c.Counts.Lines[m]; !said || line.Status == compute.ND {
			return false
		}
	}
	return true
}

func amountOf(c *figures.Contribution, m compute.Measure) (sum int64) {
	for _, n := range c.Counts.Lines[m].Counts {
		if n.Cross == compute.Total {
			sum += n.Amount
		}
	}
	return sum
}

func inFloat(x *big.Rat) float64 { f, _ := x.Float64(); return f }

// ends are the two cells of an interval beside its rate: hidden with it.
func (sh *sheet) ends(k key, cells []release.Cell, rate release.Cell) []release.Cell {
	if rate.Status != release.Value {
		return []release.Cell{rate, rate}
	}
	in, ok := sh.verdict.spans[k]
	if sh.basis == OfAnswers {
		in.low, in.high, ok = release.Wilson(cells[0].Number, cells[1].Number, sh.formula.Times, rateDecimals)
	}
	if !ok {
		return []release.Cell{{Status: release.Suppressed}, {Status: release.Suppressed}}
	}
	return []release.Cell{release.Number(min(in.low, rate.Number)), release.Number(max(in.high, rate.Number))}
}

// endFields are the columns of an interval.
func (sh *sheet) endFields(of release.Field) (list []release.Field) {
	for _, high := range []bool{false, true} {
		f := of
		f.Ratio, f.Bound = nil, &release.Bound{Of: of.Name, High: high, Level: int(confidence * 100), Method: sh.basis.method()}
		f.Name, f.Label = of.Name+"_low", say(of.Label.FR+", borne basse à 95 %", of.Label.EN+", lower bound at 95 %")
		if high {
			f.Name, f.Label = of.Name+"_high", say(of.Label.FR+", borne haute à 95 %", of.Label.EN+", upper bound at 95 %")
		}
		list = append(list, f)
	}
	return list
}

// words says in a definition whether its figures are counted or estimated.
func (b Basis) words() (fr, en string) {
	switch b {
	case OfAnswers:
		return " Estimé sur les réponses : intervalle à 95 % dans les colonnes rate_low et rate_high.", " Estimated from answers: interval at 95 % in columns rate_low and rate_high."
	case OfEnterprises:
		return " Estimé sur les entreprises qui ont répondu : intervalle à 95 % dans les colonnes rate_low et rate_high.", " Estimated from the enterprises that answered: interval at 95 % in columns rate_low and rate_high."
	case AnswersSummed:
		return " Total de celles qui ont répondu, non étendu aux autres : sans intervalle.", " Total of those that answered, not carried over to the others: no interval."
	}
	return " Comptage exhaustif : sans intervalle.", " Exhaustive count: no interval."
}

// around is the interval of a rate as the release that holds it gave it.
func (b Basis) around(f compute.Formula, by map[key]figure, k key, r Reading) (low, high *big.Rat) {
	k.Measure = f.Numerator[0].Measure
	n := by[k]
	lower, upper := n.Low, n.High
	if b == OfAnswers && r.Base != nil {
		if l, h, ok := release.Wilson(r.Numerator.Num().Int64(), r.Base.Num().Int64(), f.Times, rateDecimals); ok {
			lower, upper = &l, &h
		}
	}
	if lower == nil || upper == nil {
		return nil, nil
	}
	return big.NewRat(*lower, 10), big.NewRat(*upper, 10)
}
