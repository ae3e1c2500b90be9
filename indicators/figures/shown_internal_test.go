package figures

import (
	"math/big"
	"testing"

	"maillage/indicators/compute"
)

// In a column that is withheld, what nobody gave stays awaited or not collected.
func TestWhatNobodyGaveIsNotWithheld(t *testing.T) {
	t.Parallel()
	in := TableColumn{Withheld: true}
	if n := shown(compute.Number{Awaited: true, Frame: 8}, in); n.Withheld || !n.Awaited {
		t.Errorf("awaited: %+v", n)
	}
	if n := shown(compute.Number{}, in); n.Withheld || n.Known {
		t.Errorf("not collected: %+v", n)
	}
	if n := shown(compute.Number{Known: true, Exact: big.NewRat(3, 1)}, in); !n.Withheld || n.Exact != nil {
		t.Errorf("known: %+v", n)
	}
}
