package release

import "testing"

// An end of an interval that its counts do not make, on the wrong side of its rate or
// published without it, is found.
func TestAFalseBoundIsFound(t *testing.T) {
	t.Parallel()
	low, high, ok := Wilson(81, 263, 100, 1)
	if !ok || low != 255 || high != 367 { // 25.53 to 36.62 %, rounded outwards
		t.Fatalf("%d to %d", low, high)
	}
	table := func(c Cell) Table {
		of := func(high bool) *Bound { return &Bound{"rate", high, 95, OfAnswers} }
		return Table{Fields: []Field{{Name: "n", Kind: Integer}, {Name: "d", Kind: Integer}, {Name: "rate", Kind: Decimal, Decimals: 1, Ratio: &Ratio{"n", "d", 100}},
			{Name: "rate_low", Kind: Decimal, Decimals: 1, Bound: of(false)}, {Name: "rate_high", Kind: Decimal, Decimals: 1, Bound: of(true)}},
			Rows: [][]Cell{{Number(81), Number(263), Number(308), c, Number(high)}}}
	}
	for _, x := range []struct {
		cell  Cell
		found int
	}{{Number(low), 0}, {Cell{Status: Suppressed}, 0}, {Number(low - 5), 1}, {Number(309), 1}, {Cell{Status: NoBase}, 1}} {
		if bad := table(x.cell).bounds(); len(bad) != x.found {
			t.Errorf("%+v: %+v", x.cell, bad)
		}
	}
	hidden := table(Number(low))
	hidden.Rows[0][2] = Cell{Status: Suppressed}
	if bad := hidden.bounds(); len(bad) != 2 {
		t.Errorf("%+v", bad)
	}
	c := &checker{}
	other := table(Number(low))
	other.Fields[3].Bound.Of = "n"
	c.bound("x", other, other.Fields[3])
	if len(c.faults) != 1 {
		t.Error("an end of what is no rate is taken")
	}
}
