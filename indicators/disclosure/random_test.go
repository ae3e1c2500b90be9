package disclosure_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"maillage/indicators/disclosure"
)

// invented is a small table of counts by two or three dimensions, with margins,
// sometimes with a level between, and a few unsafe cells.
func invented(t *rapid.T, most int) disclosure.Task {
	sizes := rapid.SliceOfN(rapid.IntRange(2, 3), 2, 3).Draw(t, "sizes")
	if len(sizes) == 3 {
		sizes = []int{2, 2, 2}
	}
	table := disclosure.Table{Name: "t", Measure: "persons", Rules: disclosure.Rules{MinimumCount: 3},
		Protection: disclosure.Protection{Lower: disclosure.Margin{AtLeast: 1}, Upper: disclosure.Margin{AtLeast: 1}}}
	table.Protection.Sliding.AtLeast = float64(rapid.IntRange(0, 3).Draw(t, "width"))
	for d := range sizes {
		table.Dimensions = append(table.Dimensions, disclosure.Dimension{Name: fmt.Sprint("d", d), Total: "T"})
	}
	if sizes[0] == 3 && rapid.Bool().Draw(t, "level") {
		table.Dimensions[0].Groupings = []map[string]string{{"0": "low", "1": "low"}}
	}
	leaves(sizes, func(codes []string) {
		value := float64(rapid.IntRange(0, most).Draw(t, "value"))
		table.Cells = append(table.Cells, disclosure.Cell{Codes: codes, Value: value, Count: value, Contributors: disclosure.Unknown()})
	})
	return disclosure.Task{Tables: []disclosure.Table{table}, Integer: true}
}

// leaves goes through the codes of every leaf.
func leaves(sizes []int, visit func(codes []string)) {
	codes := make([]string, len(sizes))
	var down func(d int)
	down = func(d int) {
		if d == len(sizes) {
			visit(append([]string(nil), codes...))
			return
		}
		for i := range sizes[d] {
			codes[d] = strconv.Itoa(i)
			down(d + 1)
		}
	}
	down(0)
}

// exhaustive is a reader who tries every table of whole numbers that agrees with
// what is published, cell by cell: the leaves, then the sums they make.
type exhaustive struct {
	system    *disclosure.System
	low, high []float64
	value     []float64
	order     []int // leaves first: the variables that no relation sums
	sums      []whole
	bound     float64
	tables    int
	steps     int // bounded: a table with too many possibilities is another reader's
}

// whole is a total and its parts.
type whole struct {
	total int
	parts []int
}

func sides(r disclosure.Relation) (total int, parts []int) {
	for _, t := range r.Terms {
		if t.Factor > 0 {
			total = t.Variable
			continue
		}
		parts = append(parts, t.Variable)
	}
	return total, parts
}

const maxSteps = 300_000

func attackByHand(s *disclosure.System) *exhaustive {
	e := &exhaustive{system: s, low: make([]float64, len(s.Variables)), high: make([]float64, len(s.Variables)), value: make([]float64, len(s.Variables))}
	parent := map[int]bool{}
	for _, r := range s.Relations {
		total, parts := sides(r)
		parent[total] = true
		e.sums = append(e.sums, whole{total, parts})
	}
	for i, v := range s.Variables {
		e.low[i], e.high[i] = math.Inf(1), math.Inf(-1)
		e.bound = max(e.bound, v.Value)
		if !parent[i] {
			e.order = append(e.order, i)
		}
	}
	e.bound += 8 // more than any width that is asked
	e.try(0)
	return e
}

func (e *exhaustive) try(n int) {
	if n == len(e.order) {
		e.settle()
		return
	}
	if e.steps++; e.steps > maxSteps {
		return
	}
	v := e.order[n]
	from, to := 0.0, e.bound
	if e.system.Variables[v].Known() {
		from, to = e.system.Variables[v].Value, e.system.Variables[v].Value
	}
	for x := from; x <= to; x++ {
		e.value[v] = x
		if e.possible(n) {
			e.try(n + 1)
		}
	}
}

// possible says whether no published sum is passed, or missed once all its leaves are set.
func (e *exhaustive) possible(n int) bool {
	set := make([]bool, len(e.value))
	for _, v := range e.order[:n+1] {
		set[v] = true
	}
	for _, r := range e.sums {
		total := e.system.Variables[r.total]
		sum, whole := 0.0, true
		for _, part := range r.parts {
			if set[part] {
				sum += e.value[part]
			} else {
				whole = false
			}
		}
		if total.Known() && (sum > total.Value || whole && sum != total.Value) {
			return false
		}
	}
	return true
}

// settle computes the sums, from the leaves up, and notes the extremes.
func (e *exhaustive) settle() {
	set := make([]bool, len(e.value))
	for _, v := range e.order {
		set[v] = true
	}
	for moved := true; moved; {
		moved = false
		for _, r := range e.sums {
			sum, whole := 0.0, true
			for _, part := range r.parts {
				sum, whole = sum+e.value[part], whole && set[part]
			}
			total := r.total
			if !whole {
				continue
			}
			if set[total] && e.value[total] != sum || e.system.Variables[total].Known() && e.system.Variables[total].Value != sum {
				return
			}
			if !set[total] {
				e.value[total], set[total], moved = sum, true, true
			}
		}
	}
	e.tables++
	for i, x := range e.value {
		e.low[i], e.high[i] = min(e.low[i], x), max(e.high[i], x)
	}
}

// A reader who tries every table finds no more than the attack says, and nothing
// that is too narrow in what is called safe.
func TestExhaustiveAttacker(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		task := invented(t, 6)
		o, err := disclosure.Protect(context.Background(), task)
		if err != nil {
			t.Fatal(err)
		}
		byHand := attackByHand(o.System)
		if byHand.steps > maxSteps {
			t.Skip("too many possibilities")
		}
		if byHand.tables == 0 {
			t.Fatal("the reader finds no table at all")
		}
		for _, i := range o.Attack.Intervals {
			low, high := byHand.low[i.Variable], byHand.high[i.Variable]
			v := o.System.Variables[i.Variable]
			if low < i.Low {
				t.Fatalf("%q: the attack says from %v, the reader finds %v", v.Name, i.Low, low)
			}
			reached := high >= v.Value+v.Up && low <= v.Value-v.Down && high-low >= v.Width && high > low
			if i.Safe && !reached {
				t.Fatalf("%q is %v, safe in [%v, %v], but the reader finds [%v, %v]", v.Name, v.Value, i.Low, i.High, low, high)
			}
		}
	})
}

// The same of tables where anything is hidden at random: what is called safe is.
func TestExhaustiveAttackerOfAnyPattern(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		task := invented(t, 6)
		for i := range task.Tables[0].Cells {
			if c := &task.Tables[0].Cells[i]; c.Count < 3 && c.Count > 0 {
				c.Given = disclosure.Primary
			} else if rapid.Bool().Draw(t, "hidden") {
				c.Given = disclosure.Secondary
			}
		}
		o, err := disclosure.Check(context.Background(), task)
		if err != nil {
			t.Fatal(err)
		}
		byHand := attackByHand(o.System)
		if byHand.steps > maxSteps {
			t.Skip("too many possibilities")
		}
		for _, i := range o.Attack.Intervals {
			low, high, v := byHand.low[i.Variable], byHand.high[i.Variable], o.System.Variables[i.Variable]
			if low < i.Low || high > i.High {
				t.Fatalf("%q: the attack says [%v, %v], the reader finds [%v, %v]", v.Name, i.Low, i.High, low, high)
			}
			if i.Safe && (high < v.Value+v.Up || low > v.Value-v.Down || high-low < v.Width || high == low) {
				t.Fatalf("%q is %v, safe in [%v, %v], but the reader finds [%v, %v]", v.Name, v.Value, i.Low, i.High, low, high)
			}
		}
	})
}

// Over ten thousand small tables nothing is too narrow but what would be with every
// cell hidden. The time is bounded to half a minute; MAILLAGE_TEST_TABLES asks for
// another number of tables, whatever it takes.
func TestTenThousandTables(t *testing.T) {
	t.Parallel()
	wanted, deadline := 10_000, time.Now().Add(30*time.Second)
	if n, err := strconv.Atoi(os.Getenv("MAILLAGE_TEST_TABLES")); err == nil {
		wanted, deadline = n, time.Now().Add(10*time.Minute)
	}
	done, unsafe := 0, 0
	for seed := 0; done < wanted && time.Now().Before(deadline); seed++ {
		task := rapid.Custom(func(t *rapid.T) disclosure.Task { return invented(t, 30) }).Example(seed)
		o := protected(t, task)
		if done++; o.Safe() {
			continue
		}
		unsafe++
		hopeless := narrowWhateverIsHidden(t, o)
		for _, i := range o.Attack.Intervals {
			if !i.Safe && !hopeless[i.Variable] {
				t.Fatalf("table %d: %q is in [%v, %v], %v to %v is needed", seed, o.System.Variables[i.Variable].Name, i.Low, i.High, i.Least, i.Most)
			}
		}
	}
	t.Logf("%d tables, %d that nothing could protect", done, unsafe)
}

// narrowWhateverIsHidden gives the primaries that hiding everything does not protect.
func narrowWhateverIsHidden(t *testing.T, o *disclosure.Outcome) map[int]bool {
	t.Helper()
	all := *o.System
	all.Variables = append([]disclosure.Variable(nil), o.System.Variables...)
	for i := range all.Variables {
		if all.Variables[i].Status == disclosure.Published {
			all.Variables[i].Status = disclosure.Secondary
		}
	}
	a, err := all.Attack(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	narrow := map[int]bool{}
	for _, i := range a.Intervals {
		if !i.Safe {
			narrow[i.Variable] = true
		}
	}
	return narrow
}
