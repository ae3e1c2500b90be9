package publication

import (
	"math/big"

	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
	"maillage/indicators/release"
	"maillage/internal/fault"
)

// C11 is read criterion by criterion: who met it at entry, among everybody who began in
// the year. Criteria overlap, so that the shares are shares of one base and make no sum.
// A share of nobody, or of everybody, tells of each person: it is hidden with what is
// left of it.

// ByCriterion is the indicator that has no number without its criterion.
const ByCriterion catalogue.ID = "C11"

// checkCriterion asks the breakdown without which there is nothing to read.
func (p Plan) checkCriterion(path string, c Chosen) []fault.Field {
	if c.ID != ByCriterion || p.Public {
		return nil
	}
	return []fault.Field{fault.At(path, "breakdown", string(c.ID)+" se lit public par public : demandez ce détail.", string(c.ID)+" is read public by public: ask for that breakdown.")}
}

// everybodyOf is the figure of everybody beside the one of a criterion.
func everybodyOf(k key) key {
	k.Public = total
	return k
}

// criterionCells are the base and the share beside the count of a criterion.
func (sh *sheet) criterionCells(k key, n release.Cell) []release.Cell {
	k.Measure = sh.formula.Numerator[0].Measure
	base := sh.verdict.cell(everybodyOf(k))
	if s, lacks := lacking(n, base); lacks {
		return []release.Cell{base, {Status: s}}
	}
	if base.Number == 0 {
		return []release.Cell{base, {Status: release.NoBase}}
	}
	return []release.Cell{base, release.Number(compute.Rounded(big.NewRat(100*n.Number, base.Number), rateDecimals))}
}

// criterionFields are their columns.
func (sh *sheet) criterionFields(n release.Field, i *catalogue.Indicator, v catalogue.Version) []release.Field {
	base, share := n, n
	base.Name, base.Label, base.Definition = n.Name+"_everybody", say(i.Label.FR+" : base", i.Label.EN+": base"), *v.Denominator
	share.Name, share.Kind, share.Decimals, share.Adds, share.Unit, share.Definition = "rate", release.Decimal, rateDecimals, release.NoSum, i.Unit.Label(), v.Definition
	share.Ratio = &release.Ratio{Numerator: n.Name, Denominator: base.Name, Per: 100}
	return []release.Field{base, share}
}

// ofCriterion makes a share of the reading of a criterion.
func (r Reading) ofCriterion(by map[key]figure, k key) Reading {
	switch f := by[everybodyOf(k)]; {
	case r.Mark == Given && f.Status == hiddenFigure:
		r.Mark, r.Value = Hidden, nil
	case r.Mark == Given && f.Status != shownFigure:
		r.Mark, r.Value = absence(f), nil
	case r.Mark == Given && f.Value == 0:
		r.Mark, r.Value = NoBase, nil
	case r.Mark == Given:
		r.Numerator, r.Base = r.Value, inUnits(f.Value, k.Measure)
		r.Value = new(big.Rat).Mul(new(big.Rat).Quo(r.Numerator, r.Base), big.NewRat(100, 1))
	}
	return r
}
