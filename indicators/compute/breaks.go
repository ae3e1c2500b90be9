package compute

import (
	"fmt"
	"slices"
)

// Break marks that an indicator of a year cannot be read beside the year before.
type Break struct {
	Year      int
	Indicator string
	Kind      Kind // empty: every kind
	Why       Text
}

// BrokenBy lists the indicators whose breaks are those of another one: itself, and those
// that count one of its terms, as the observed exits of a rate of exits.
func BrokenBy(indicator string) []string {
	out := []string{indicator}
	for _, f := range Formulas() {
		if f.Indicator != indicator {
			continue
		}
		for _, o := range Formulas() {
			if len(o.Base) == 0 && len(o.Numerator) == 1 && !slices.Contains(out, o.Indicator) && slices.ContainsFunc(f.Measures(), func(m Measure) bool { return m.Root() == o.Numerator[0].Measure }) {
				out = append(out, o.Indicator)
			}
		}
	}
	return out
}

// Between are the breaks of some indicators after a year and up to another one, that
// concern a kind (AllKinds: a total over kinds, which each of them is in), each reason once.
func Between(all []Break, after, until int, kind Kind, indicators ...string) []Break {
	var out []Break
	for _, b := range all {
		said := slices.ContainsFunc(out, func(o Break) bool { return o.Why == b.Why && o.Kind == b.Kind })
		concerns := kind == AllKinds || b.Kind == AllKinds || b.Kind == kind
		if b.Year > after && b.Year <= until && concerns && slices.Contains(indicators, b.Indicator) && !said {
			out = append(out, b)
		}
	}
	return out
}

// Said is the reason of a break, after the kind that it is of.
func (b Break) Said() Text {
	if b.Kind == AllKinds {
		return b.Why
	}
	return Text{FR: string(b.Kind) + " : " + b.Why.FR, EN: string(b.Kind) + ": " + b.Why.EN}
}

// RuleBreaks are those that follow from the rule of presence of the exits observed,
// version 2 of C08, which asks less time of an exit than version 1 did.
func RuleBreaks(from, until int) []Break {
	var out []Break
	if from >= presentRule || until < presentRule {
		return nil
	}
	for _, id := range []string{"C04", "C05", "C06", "C07", "C08", "R2.5"} {
		out = append(out, Break{presentRule, id, AllKinds, Text{
			FR: "En ACI et en EI, une sortie est constatée après plus de 2,65 mois de présence, et l’était après 3 mois ou plus l’année d’avant.",
			EN: "In an ACI or an EI an exit is observed after more than 2.65 months of presence, and was after 3 months or more the year before."}})
	}
	return out
}

// BreaksOf are those that follow from the reference hours between two years: the
// same hours make another number of FTE.
func (rs References) BreaksOf(from, until int) []Break {
	var out []Break
	for year := from + 1; year <= until; year++ {
		for _, k := range InsertionKinds() {
			before, ok := rs.Of(k, year-1)
			now, also := rs.Of(k, year)
			if !ok || !also || before.Hours == now.Hours && before.Basis == now.Basis {
				continue
			}
			for _, id := range []string{"C02", "R6.1"} {
				out = append(out, Break{year, id, k, why(before, now)})
			}
		}
	}
	return out
}

func why(before, now Reference) Text {
	fr, en := map[Basis]string{OnPaid: "payées", OnWorked: "travaillées"}, map[Basis]string{OnPaid: "paid", OnWorked: "worked"}
	return Text{
		FR: fmt.Sprintf("L’ETP compte %d heures %s, et %d heures %s l’année d’avant.", now.Hours, fr[now.Basis], before.Hours, fr[before.Basis]),
		EN: fmt.Sprintf("One FTE is %d hours %s, and was %d hours %s the year before.", now.Hours, en[now.Basis], before.Hours, en[before.Basis]),
	}
}
