package publication_test

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"maillage/indicators/publication"
	"maillage/internal/testkit/highs"
)

// moves are how many persons left each enterprise for a durable job, and for none, between
// a version and the next: by region, enterprise and outcome.
type moves [4][4][2]int

// Up to four versions of an invented federation, where few or many leave in between: HiGHS, which
// has all that they tell and knows which regions did not move, finds no difference of a few
// persons, whatever is taken from what. MAILLAGE_TEST_SEEDS asks for more federations.
func TestManyVersionsTellNothingSmall(t *testing.T) {
	t.Parallel()
	seeds, _ := strconv.Atoi(cmp.Or(os.Getenv("MAILLAGE_TEST_SEEDS"), "2"))
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			sqlite(t, func(h *house) { h.manyVersions(uint64(seed)) })
		})
	}
}

func (h *house) manyVersions(seed uint64) {
	chance := rand.New(rand.NewPCG(seed, 31))
	var all []moves // of the versions that were published, since the one before
	var since moves
	for n := range 4 {
		var lines []string
		for r := range 4 {
			many := n == 0 || chance.IntN(2) == 0
			for e := range 4 {
				for outcome, motive := range []string{"cdi", "autre"} {
					more := 0
					switch {
					case many:
						more = 2 + chance.IntN(5)
					case e == 0 && chance.IntN(3) == 0:
						more = 1
					}
					since[r][e][outcome] += more
					lines = append(lines, left(fmt.Sprintf("E%d%d", r, e), fmt.Sprintf("%c%d", "DN"[outcome], n), more, motive)...)
				}
			}
		}
		if n == 0 {
			h.leavers([4]int{}, [4]int{})
		}
		h.later(lines)
		if r := h.publish(byRegion(durableExits)); r.State == publication.Published {
			all, since = append(all, since), moves{}
		}
	}
	if len(all) < 2 {
		h.t.Fatal("nothing is published twice")
	}
	h.noSmallMove(all)
}

// column is that of a region and an outcome in a version.
func column(version, region, outcome int) int { return (version*4+region)*2 + outcome }

// noSmallMove attacks every difference of two versions that a few persons or groups made.
func (h *house) noSmallMove(all []moves) {
	places := map[string][]int{"FR": {0, 1, 2, 3}, "R84": {0}, "R76": {1}, "R32": {2}, "R53": {3}}
	outcomes := map[string][]int{"exits.observed.3m": {0, 1}, "exits.durable.3m": {0}, "": {1}}
	base := highs.Model{Lower: make([]float64, 8*len(all)), Upper: make([]float64, 8*len(all))}
	for i := range base.Upper {
		base.Upper[i] = math.Inf(1)
	}
	told := 0
	for measure, parts := range outcomes {
		for version, values := range h.shown(measure) {
			for at, n := range values {
				row := highs.Row{RHS: float64(n)}
				for _, r := range places[at[:len(at)-len(" all")]] {
					for _, o := range parts {
						row.Terms = append(row.Terms, highs.Term{Column: column(int(version)-1, r, o), Value: 1})
					}
				}
				base.Rows = append(base.Rows, row)
				told++
			}
		}
	}
	for v := 1; v < len(all); v++ {
		for r := range 4 {
			if all[v][r] != ([4][2]int{}) {
				continue
			}
			for o := range 2 {
				base.Rows = append(base.Rows, highs.Row{Terms: []highs.Term{{Column: column(v, r, o), Value: 1}, {Column: column(v-1, r, o), Value: -1}}})
			}
		}
	}
	var models []highs.Model
	var what []string
	var moved []float64
	for then := range all {
		for now := then + 1; now < len(all); now++ {
			for place, regions := range places {
				for measure, parts := range outcomes {
					cost, persons, groups := moveOf(all[then+1:now+1], now, then, regions, parts)
					if persons == 0 || persons >= 5 && groups >= 3 {
						continue
					}
					for _, up := range []bool{false, true} {
						m := base
						m.Cost, m.Maximize = cost, up
						models = append(models, m)
					}
					what, moved = append(what, fmt.Sprintf("%s %q from %d to %d", place, measure, then+1, now+1)), append(moved, float64(persons))
				}
			}
		}
	}
	h.t.Logf("%d versions, %d figures, %d small differences attacked", len(all), told, len(what))
	if len(what) == 0 {
		return
	}
	answers := highs.Solve(h.t, models)
	for i, d := range moved {
		low, high := answers[2*i].Value, answers[2*i+1].Value
		if answers[2*i].Status == "Unbounded" {
			low = math.Inf(-1)
		}
		if answers[2*i+1].Status == "Unbounded" {
			high = math.Inf(1)
		}
		if low > d-1+1e-6 || high < d+1-1e-6 || high-low < 5-1e-6 {
			h.t.Errorf("%s is %v: a reader finds [%v, %v]", what[i], d, low, high)
		}
	}
}

// moveOf is a difference: its terms, and the persons and groups who made it.
func moveOf(between []moves, now, then int, regions, parts []int) (terms []highs.Term, persons, groups int) {
	by := map[[2]int]int{}
	for _, r := range regions {
		for _, o := range parts {
			terms = append(terms, highs.Term{Column: column(now, r, o), Value: 1}, highs.Term{Column: column(then, r, o), Value: -1})
			for _, m := range between {
				for e := range 4 {
					by[[2]int{r, e}] += m[r][e][o]
				}
			}
		}
	}
	for _, n := range by {
		if persons += n; n > 0 {
			groups++
		}
	}
	return terms, persons, groups
}
