package lp

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
)

// linked is figures as a release and the ledger have them: tables by some of place,
// kind, sex, age and outcome, over finest cells that nobody publishes, and the places
// in departments, regions and the whole. Everything is a deviation from the truth.
type linked struct {
	random  *rand.Rand
	sizes   []int
	up      [][]int // by dimension, the group of each code: −1 in none
	finest  []float64
	problem Problem
	targets []int
}

// figuresOf draws a program of the shape of a release; scale 1 is a small one.
func figuresOf(seed uint64, scale int) *linked {
	random := rand.New(rand.NewPCG(seed, 77))
	l := &linked{random: random, sizes: []int{2 + random.IntN(2+3*scale), 1 + random.IntN(1+scale), 1 + random.IntN(2), 1 + random.IntN(1+scale), 2 + random.IntN(2)}}
	l.group()
	l.draw()
	l.tables(2 + random.IntN(3+scale))
	return l
}

// group puts the codes of the first dimension under regions.
func (l *linked) group() {
	l.up = make([][]int, len(l.sizes))
	groups := 1 + l.random.IntN(max(1, l.sizes[0]/2))
	for range l.sizes[0] {
		l.up[0] = append(l.up[0], l.random.IntN(groups))
	}
}

// draw gives each finest cell its value: many are zero, most are small.
func (l *linked) draw() {
	n := 1
	for _, size := range l.sizes {
		n *= size
	}
	empty := 0.2 + 0.6*l.random.Float64()
	for range n {
		v := 0.0
		if l.random.Float64() > empty {
			e := l.random.ExpFloat64()
			v = float64(int(e * e * 6))
		}
		l.finest = append(l.finest, v)
		l.column(v)
	}
}

func (l *linked) column(v float64) int {
	l.problem.Lower, l.problem.Upper = append(l.problem.Lower, -v), append(l.problem.Upper, inf)
	return len(l.problem.Lower) - 1
}

// tables publishes some crosses, each with the totals of every dimension it has: a
// figure is one column however many tables have it, or none once it is published.
func (l *linked) tables(n int) {
	columns, seen := map[string]int{}, map[string]bool{}
	for range n {
		cross := 1 + l.random.IntN(1<<len(l.sizes)-1)
		for _, codes := range l.cells(cross) {
			name := spell(codes)
			if !seen[name] {
				seen[name] = true
				l.figure(name, codes, columns)
			}
			l.sums(codes, columns, seen)
		}
	}
	slices.Sort(l.targets)
}

// cells lists the codes of a cross: the total of a dimension is −1, of a region −2 and below.
func (l *linked) cells(cross int) [][]int {
	all := [][]int{nil}
	for d, size := range l.sizes {
		codes := []int{-1}
		if cross>>d&1 == 1 {
			for code := range size {
				codes = append(codes, code)
			}
			for _, g := range l.up[d] {
				codes = append(codes, -2-g)
			}
			slices.Sort(codes)
			codes = slices.Compact(codes)
		}
		var longer [][]int
		for _, head := range all {
			for _, code := range codes {
				longer = append(longer, append(slices.Clone(head), code))
			}
		}
		all = longer
	}
	return all
}

func spell(codes []int) string {
	name := make([]byte, 0, 2*len(codes))
	for _, c := range codes {
		name = append(name, byte('a'+c+20), ' ')
	}
	return string(name)
}

// figure adds the row of one figure over the finest cells; hidden, it has a column.
func (l *linked) figure(name string, codes []int, columns map[string]int) {
	var r Row
	sum := 0.0
	for cell, v := range l.finest {
		if l.within(cell, codes) {
			r.Entries = append(r.Entries, Entry{cell, 1})
			sum += v
		}
	}
	columns[name] = -1
	if sum > 0 && sum < 5 || sum < 60 && l.random.Float64() < 0.4 {
		columns[name] = l.column(sum)
		l.targets = append(l.targets, columns[name])
		r.Entries = append(r.Entries, Entry{columns[name], -1})
	}
	l.problem.Rows = append(l.problem.Rows, r)
}

func (l *linked) within(cell int, codes []int) bool {
	for d := len(l.sizes) - 1; d >= 0; d-- {
		code := cell % l.sizes[d]
		cell /= l.sizes[d]
		if codes[d] >= 0 && codes[d] != code || codes[d] <= -2 && l.up[d][code] != -2-codes[d] {
			return false
		}
	}
	return true
}

// sums adds what the tables say of themselves: rows that depend on the others.
func (l *linked) sums(codes []int, columns map[string]int, seen map[string]bool) {
	for d := range codes {
		if codes[d] != -1 {
			continue
		}
		var r Row
		whole := true
		for code := range l.sizes[d] {
			part := slices.Clone(codes)
			part[d] = code
			at, there := columns[spell(part)]
			if whole = whole && there; there && at >= 0 {
				r.Entries = append(r.Entries, Entry{at, -1})
			}
		}
		name := spell(codes) + string(byte('0'+d))
		if at := columns[spell(codes)]; whole && !seen[name] {
			seen[name] = true
			if at >= 0 {
				r.Entries = append(r.Entries, Entry{at, 1})
			}
			l.problem.Rows = append(l.problem.Rows, r)
		}
	}
}

// ask puts the questions of an attack, at most so many, to one solver.
func (l *linked) ask(t testing.TB, most int) (list []question) {
	t.Helper()
	s, err := New(l.problem)
	if err != nil {
		t.Fatal(err)
	}
	for n, target := range l.targets {
		if n*2 >= most {
			break
		}
		for _, maximize := range []bool{false, true} {
			q := question{problem: l.problem, cost: []Entry{{target, 1}}, maximize: maximize}
			ask := s.Minimize
			if maximize {
				ask = s.Maximize
			}
			if q.got, err = ask(context.Background(), q.cost); err != nil || q.got.Status == Stopped {
				t.Fatalf("column %d of %d, %d rows: %v %v", target, len(l.problem.Lower), len(l.problem.Rows), q.got.Status, err)
			}
			s.onBounds(t)
			list = append(list, q)
		}
	}
	return list
}

// onBounds checks that every column out of the basis stands on a bound: the rows that
// depend on others are kept only then.
func (s *Solver) onBounds(t testing.TB) {
	t.Helper()
	for j, x := range s.simplex.x {
		if l, u := s.simplex.lower[j], s.simplex.upper[j]; !s.simplex.basic(j) && x != l && x != u && (x != 0 || l > 0 || u < 0) {
			t.Fatalf("column %d of %d is at %v, off its bounds %v and %v", j, s.simplex.a.structural, x, l, u)
		}
	}
}

// The programs of releases end, each question with a proof.
func TestLinkedFiguresAlwaysEnd(t *testing.T) {
	t.Parallel()
	asked := 0
	for seed := range uint64(120) {
		asked += len(figuresOf(seed, 1+int(seed%3)).ask(t, 60))
	}
	t.Logf("%d questions", asked)
}

// Some of them against HiGHS. The campaign, with hundreds of large ones, is
// BenchmarkLinkedFigures.
func TestLinkedFiguresAgainstHiGHS(t *testing.T) {
	t.Parallel()
	var questions []question
	for seed := range uint64(25) {
		questions = append(questions, figuresOf(1000+seed, 1+int(seed%2)).ask(t, 8)...)
	}
	agree(t, questions)
}

// BenchmarkLinkedFigures asks everything of 300 programs up to the size of the largest
// releases, and compares some of the answers with HiGHS: each must end with a proof.
//
//	go test ./indicators/disclosure/lp -run '^$' -bench LinkedFigures -benchtime 1x
func BenchmarkLinkedFigures(b *testing.B) {
	asked, columns, rows := 0, 0, 0
	for b.Loop() {
		for seed := range uint64(300) {
			l := figuresOf(5000+seed, 2+int(seed%4))
			answers := l.ask(b, 400)
			asked, columns, rows = asked+len(answers), max(columns, len(l.problem.Lower)), max(rows, len(l.problem.Rows))
			agree(b, answers[:min(2, len(answers))])
		}
	}
	b.ReportMetric(float64(asked), "questions")
	b.ReportMetric(float64(columns), "columns")
	b.ReportMetric(float64(rows), "rows")
}
