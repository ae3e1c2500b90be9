package compute_test

import (
	"math/big"
	"testing"

	"maillage/indicators/compute"
)

// A cross is one number for ever: what is kept of earlier counts reads the same.
func TestACrossKeepsItsNumber(t *testing.T) {
	t.Parallel()
	seen := map[compute.Cross]bool{}
	for s := compute.AnySex; s <= compute.SexUnsaid; s++ {
		for a := compute.AnyAge; a <= compute.AgeUnsaid; a++ {
			for p := compute.AnyPublic; p <= compute.ZRR.Unsaid(); p++ {
				if p > compute.ZRR && s != compute.AnySex && a != compute.AnyAge {
					continue // three at once are not counted
				}
				c := compute.CrossOf(s, a, p)
				if s2, a2, p2 := c.Split(); s2 != s || a2 != a || p2 != p || seen[c] {
					t.Errorf("%d %d %d is %d, which is %d %d %d", s, a, p, c, s2, a2, p2)
				}
				seen[c] = true
			}
		}
	}
	if n := compute.CrossOf(compute.Men, compute.From50, compute.ZRR); n != 125 || len(seen) != 244 {
		t.Errorf("%d, of %d", n, len(seen))
	}
}

// Where nobody said the sex, the age or the criteria, the breakdown is not collected,
// apart from zero; where some did, it counts them, and the others apart.
func TestWhatNobodySaidIsNotZero(t *testing.T) {
	t.Parallel()
	figure := func(c compute.Cross, folk ...compute.Worker) compute.Figure {
		e := &compute.Enterprise{ID: 1, Year: 2023, Kind: compute.ACI, Group: "g", Sections: map[compute.Section]compute.Status{compute.Hours: compute.Collected}}
		for i, w := range folk {
			w.ID, w.Months = int64(i), []compute.Month{{Month: 1, Paid: hundredths(100_00)}}
			e.Workers = append(e.Workers, w)
		}
		f, _ := compute.FormulaOf("C01", compute.COORACE)
		return f.Of(compute.Index(compute.Sum([]*compute.Part{counted(t, e)})), c, scaleOf(t, 2023))
	}
	nothing := compute.Worker{Sex: compute.SexUnsaid, Age: compute.AgeUnsaid}
	said := compute.Worker{Sex: compute.Men, Born: 1990, Known: compute.Publics()}
	ofQPV := compute.Worker{Sex: compute.SexUnsaid, Age: compute.AgeUnsaid, Publics: []compute.Public{compute.QPV}, Known: []compute.Public{compute.QPV}}
	women, young, rsa, qpv := compute.CrossOf(compute.Women, 0, 0), compute.CrossOf(0, compute.Under26, 0), compute.CrossOf(0, 0, compute.RSA), compute.CrossOf(0, 0, compute.QPV)
	for _, c := range []struct {
		name string
		of   compute.Cross
		folk []compute.Worker
		want int64 // -1: not collected
	}{
		{"women, nobody said", women, []compute.Worker{nothing, nothing}, -1},
		{"young, nobody said", young, []compute.Worker{nothing, nothing}, -1},
		{"RSA, nobody said", rsa, []compute.Worker{nothing, nothing}, -1},
		{"women of RSA, nobody said", compute.CrossOf(compute.Women, 0, compute.RSA), []compute.Worker{nothing, said}, 0},
		{"women under 26, nobody said the age", compute.CrossOf(compute.Women, compute.Under26, 0), []compute.Worker{{Sex: compute.Women, Age: compute.AgeUnsaid}, said}, -1},
		{"women, one man said", women, []compute.Worker{nothing, said}, 0},
		{"RSA, one of none", rsa, []compute.Worker{nothing, said}, 0},
		{"RSA unsaid", compute.CrossOf(0, 0, compute.RSA.Unsaid()), []compute.Worker{nothing, said, ofQPV}, 2},
		{"RSA where QPV alone is asked", rsa, []compute.Worker{ofQPV}, -1},
		{"QPV where QPV alone is asked", qpv, []compute.Worker{ofQPV, nothing}, 1},
		{"women of nobody", women, nil, 0},
	} {
		g := figure(c.of, c.folk...)
		if c.want < 0 && (g.Outcome != compute.Missing || g.Exact != nil) || c.want >= 0 && (g.Outcome != compute.Value || g.Exact.Cmp(big.NewRat(c.want, 1)) != 0) {
			t.Errorf("%s: %s %v", c.name, g.Outcome, g.Exact)
		}
	}
}
