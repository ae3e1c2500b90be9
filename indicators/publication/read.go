package publication

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"maillage/accounts"
	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
)

// Mark is what a reader gets of a figure.
type Mark string

// The marks: hidden, awaited, not collected and zero are four things.
const (
	Given   Mark = "value"
	Hidden  Mark = "suppressed"
	ND      Mark = "nd"      // nobody asked
	Awaited Mark = "awaited" // asked, and nobody has answered yet
	NoBase  Mark = "no_base"
)

// absent tells the marks of what nobody gave.
func (m Mark) absent() bool { return m == ND || m == Awaited }

// Reading is a released figure: its value and the counts that it is made of, exactly
// as they were published.
type Reading struct {
	Year      int
	Territory string // FR, R84, 26
	Kind      string // all, ACI…
	Sex       string
	Age       string
	Public    string
	Mark      Mark
	Value     *big.Rat // nil unless given
	Numerator *big.Rat // of a rate
	Base      *big.Rat
	Low, High *big.Rat // interval at 95 % of a rate that is estimated; nil: none

	Indicator  catalogue.ID
	Definition int      // the version of the indicator that it follows
	Presence   int      // the version of C08 that it counts exits under; 0: it counts none
	Version    *Version // the release that gives it
	Frame      int      // enterprises of that place and kind that were asked; 0: it was not kept
	Replied    int      // the fewest of them that answered one of its counts

	Breaks []compute.Break // why it is not read beside the same figure of the year before
}

// Cites are the definitions that the figure follows, as they are cited: C04 v1, C08 v1.
func (r *Reading) Cites() string {
	own := fmt.Sprintf("%s v%d", r.Indicator, r.Definition)
	if r.Presence == 0 || r.Indicator == presence {
		return own
	}
	return fmt.Sprintf("%s, %s v%d", own, presence, r.Presence)
}

// presence is the indicator whose definition says which exits are observed.
const presence catalogue.ID = "C08"

// presenceOf is the version of C08 that a formula counts exits under; 0: it counts none.
func presenceOf(f compute.Formula) int {
	for _, m := range f.Measures() {
		if !strings.HasPrefix(string(m), "exits.") {
			continue
		}
		if strings.HasSuffix(string(m), olderRule) {
			return 1
		}
		return 2
	}
	return 0
}

// reading is a figure as it was published, a rate with both its counts.
func reading(f compute.Formula, by map[key]figure, k key) Reading {
	r := Reading{Year: k.Year, Territory: k.Territory, Kind: k.Kind, Sex: k.Sex, Age: k.Age, Public: k.Public, Mark: Given}
	var values []*big.Rat
	for _, m := range f.Measures() {
		k.Measure = m
		c, there := by[k]
		r.covers(c, there)
		switch c.Status {
		case shownFigure:
			values = append(values, inUnits(c.Value, m))
		case absentFigure, "":
			if r.Mark != ND {
				r.Mark = absence(by[k.ofEverybody()])
			}
		case hiddenFigure:
			if r.Mark == Given {
				r.Mark = Hidden
			}
		}
	}
	switch {
	case r.Mark != Given:
		return r
	case len(values) == 1:
		r.Value = values[0]
		return r
	}
	r.Numerator, r.Base = values[0], values[1]
	if r.Base.Sign() == 0 {
		r.Mark = NoBase
		return r
	}
	r.Value = new(big.Rat).Mul(new(big.Rat).Quo(r.Numerator, r.Base), big.NewRat(f.Times, 1))
	return r
}

// absence is why a count of everybody has no value, and so those of any of them.
func absence(f figure) Mark {
	if f.awaited() {
		return Awaited
	}
	return ND
}

// covers keeps the coverage of the count that the fewest answered.
func (r *Reading) covers(c figure, there bool) {
	if there && c.Frame > 0 && (r.Frame == 0 || c.Replied < r.Replied) {
		r.Frame, r.Replied = c.Frame, c.Replied
	}
}

// Nearest is the nearest figure above one that is hidden and that may be read: the same
// of every kind there, of the kind in the wider territory, then of everything there.
// The answer is the same whether the hidden figure was unsafe itself or protects another.
func (t *Table) Nearest(r Reading, above func(string) string) (Reading, bool) {
	for place := r.Territory; place != ""; place = above(place) {
		for _, kind := range []string{r.Kind, total} {
			for _, o := range t.Readings {
				same := o.Year == r.Year && o.Sex == r.Sex && o.Age == r.Age && o.Public == r.Public
				if same && o.Mark == Given && o.Territory == place && o.Kind == kind {
					return o, true
				}
			}
		}
	}
	return Reading{}, false
}

// Above is the territory over another; empty above France.
func (s *Service) Above(code string) string {
	switch levelOf(code) {
	case Federation:
		return ""
	case Region:
		return whole
	}
	if d, ok := s.atlas.Departement(code); ok {
		return regionCode(d.Region)
	}
	return whole
}

// Answering lists what is already released that answers a plan whole, or a part of it:
// the same indicators under the same definitions, of some of its years.
func (s *Service) Answering(ctx context.Context, p Plan) ([]Version, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.StatisticsRead); err != nil {
		return nil, err
	}
	all, err := standing(ctx, s.store.Read())
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(v Version) bool {
		have := v.Plan()
		if len(have.Territories) > 0 && !slices.ContainsFunc(p.Territories, func(code string) bool { return s.chooses(have, code) }) && !slices.ContainsFunc(have.Territories, func(code string) bool { return s.chooses(p, code) }) {
			return true // it is of other territories
		}
		return !slices.ContainsFunc(have.Indicators, func(c Chosen) bool { return slices.Contains(p.Indicators, c) }) ||
			!slices.ContainsFunc(have.Years, func(y int) bool { return slices.Contains(p.Years, y) })
	}), nil
}
