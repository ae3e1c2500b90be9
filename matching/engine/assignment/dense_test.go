package assignment_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"maillage/matching/engine/assignment"
)

// dense is the Hungarian algorithm on the full matrix, one column a card and
// one a person for staying out: another way to the greatest total fit for K = 1.
// It reads n(m+n) cells for each of n people, where the sparse search reads edges.
type dense struct {
	cost     [][]int // of a person in a column; 0 where there is no edge
	row, col []int   // potentials
	person   []int   // in a column, 1-based; 0: nobody
}

func newDense(p assignment.Problem) *dense {
	column := map[assignment.PositionID]int{}
	columns := 0
	for _, at := range p.Positions {
		column[at.ID] = columns
		columns += at.AtMost
	}
	d := &dense{}
	row := map[assignment.PersonID]int{}
	for n, who := range p.People {
		row[who.ID] = n
		d.cost = append(d.cost, make([]int, columns+len(p.People)))
	}
	capacity := map[assignment.PositionID]int{}
	for _, at := range p.Positions {
		capacity[at.ID] = at.AtMost
	}
	for _, e := range p.Edges {
		for n := range capacity[e.Position] {
			d.cost[row[e.Person]][column[e.Position]+n] = -e.Fit
		}
	}
	return d
}

func (d *dense) fit() int {
	n, m := len(d.cost), len(d.cost[0])
	d.row, d.col, d.person = make([]int, n+1), make([]int, m+1), make([]int, m+1)
	for i := 1; i <= n; i++ {
		d.enter(i, m)
	}
	total := 0
	for j := 1; j <= m; j++ {
		if i := d.person[j]; i > 0 {
			total -= d.cost[i-1][j-1]
		}
	}
	return total
}

func (d *dense) enter(i, m int) {
	least, way, read := make([]int, m+1), make([]int, m+1), make([]bool, m+1)
	for j := range least {
		least[j] = math.MaxInt
	}
	d.person[0] = i
	at := 0
	for d.person[at] != 0 {
		read[at] = true
		from, delta, next := d.person[at], math.MaxInt, 0
		for j := 1; j <= m; j++ {
			if read[j] {
				continue
			}
			if c := d.cost[from-1][j-1] - d.row[from] - d.col[j]; c < least[j] {
				least[j], way[j] = c, at
			}
			if least[j] < delta {
				delta, next = least[j], j
			}
		}
		for j := range read {
			if read[j] {
				d.row[d.person[j]] += delta
				d.col[j] -= delta
			} else {
				least[j] -= delta
			}
		}
		at = next
	}
	for at != 0 {
		d.person[at] = d.person[way[at]]
		at = way[at]
	}
}

// On batches too large to read every plan, the total fit is that of another algorithm.
func TestTotalFitEqualsTheHungarianAlgorithm(t *testing.T) {
	t.Parallel()
	crowds(t, func(rt *rapid.T, r *rand.Rand, p assignment.Problem, _ assignment.Config) {
		for n := range p.People {
			p.People[n].Pending = 0
		}
		for n := range p.Positions {
			p.Positions[n].AtLeast = 0
		}
		if got, want := solve(rt, p, assignment.Config{}).Totals.Fit, newDense(p).fit(); got != want {
			rt.Fatalf("fit %d, the Hungarian algorithm finds %d", got, want)
		}
	})
}

func BenchmarkAgainstHungarian(b *testing.B) {
	p := town(2000, 300, 40, false)
	for n := range p.People {
		p.People[n].Pending = 0
	}
	var sparse, full time.Duration
	for b.Loop() {
		var plan *assignment.Plan
		plan, sparse = timed(b, p, assignment.Config{}, assignment.Solve)
		start := time.Now()
		fit := newDense(p).fit()
		full = time.Since(start)
		if fit != plan.Totals.Fit {
			b.Fatalf("fit %d, the Hungarian algorithm finds %d", plan.Totals.Fit, fit)
		}
	}
	b.ReportMetric(float64(full)/float64(sparse), "hungarian/solve")
	b.ReportMetric(full.Seconds()*1e3, "hungarian-ms")
	b.ReportMetric(sparse.Seconds()*1e3, "solve-ms")
}
