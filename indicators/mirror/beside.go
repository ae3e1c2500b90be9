package mirror

import (
	"math/big"

	"maillage/indicators/compute"
	"maillage/indicators/figures"
)

// place is where a released count is: a year, a région (empty: the federation), a
// kind, a measure and a sex.
type place struct {
	year    int
	region  string
	kind    compute.Kind
	measure compute.Measure
	sex     compute.Sex
}

// shelf is the released cells, where they are looked for.
type shelf map[place]Cell

func shelved(cells []Cell) shelf {
	out := shelf{}
	for _, c := range cells {
		out[place{c.Year, c.Region, c.Kind, c.Measure, c.Sex}] = c
	}
	return out
}

// holds tells whether anything of a year was released.
func (s shelf) holds(year int) bool {
	for at := range s {
		if at.year == year {
			return true
		}
	}
	return false
}

// of computes an indicator of a région or of the federation from its released
// counts, of the enterprise's own kind where they were released, else of every kind.
func (s shelf) of(f compute.Formula, o *figures.Own, region string) Beside {
	if b := s.rate(f, o.Year, region, o.Kind); b.Status != NotReleased {
		return b
	}
	return s.rate(f, o.Year, region, compute.AllKinds)
}

// rate is published with every count that it is made of, and not otherwise.
func (s shelf) rate(f compute.Formula, year int, region string, kind compute.Kind) Beside {
	out := Beside{Status: Value, Kind: kind}
	numerator := s.sum(&out, f.Numerator, year, region, kind)
	base := s.sum(&out, f.Base, year, region, kind)
	if out.Status != Value {
		return out
	}
	out.Exact = numerator.Mul(numerator, big.NewRat(f.Times, 1))
	if len(f.Base) == 0 {
		return out
	}
	if base.Sign() == 0 {
		out.Status, out.Exact = NoBase, nil
		return out
	}
	out.Exact.Quo(out.Exact, base)
	return out
}

// sum adds released terms, and keeps the least that is known of one of them: what
// was not released first, then what was hidden, then what was not collected.
func (s shelf) sum(out *Beside, terms []compute.Term, year int, region string, kind compute.Kind) *big.Rat {
	sum := new(big.Rat)
	for _, t := range terms {
		c, there := s[place{year, region, kind, t.Measure, t.Of}]
		if !there {
			c.Status = NotReleased
		}
		out.Status = lesser(out.Status, c.Status)
		if out.Status != Value {
			continue
		}
		if out.Frame == 0 || c.Replied < out.Replied {
			out.Frame, out.Replied = c.Frame, c.Replied
		}
		out.Release = c.Release
		sum.Add(sum, new(big.Rat).Mul(big.NewRat(t.Weight, 1), c.Exact))
	}
	return sum
}

func lesser(a, b Status) Status {
	for _, s := range []Status{NotReleased, Hidden, ND, Awaited} {
		if a == s || b == s {
			return s
		}
	}
	return Value
}
