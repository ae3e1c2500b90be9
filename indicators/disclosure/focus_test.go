package disclosure_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"maillage/indicators/disclosure"
	"maillage/internal/testkit/highs"
)

// people are those of an invented place, by sex then age.
type people map[[2]string]float64

// triangleOf is people by place and sex, place and age, sex and age. Everywhere all men
// are old and no woman is, but in the three first places: of the first a reader of the
// three tables knows the men within one, unless more is hidden.
func triangleOf(places int) disclosure.Task {
	first := []people{
		{{"m", "old"}: 4, {"f", "old"}: 1, {"f", "young"}: 30, {"f", "other"}: 30},
		{{"m", "old"}: 10, {"f", "young"}: 10, {"f", "other"}: 10},
		{{"m", "old"}: 100, {"f", "old"}: 4, {"f", "young"}: 100, {"f", "other"}: 100},
	}
	tables := []disclosure.Table{triangleTable("place", "sex"), triangleTable("place", "age"), triangleTable("sex", "age")}
	sums := map[string]int{}
	for n := range places {
		who := people{{"m", "old"}: 100, {"f", "young"}: 100, {"f", "other"}: 100}
		if n < len(first) {
			who = first[n]
		}
		for _, sex := range []string{"m", "f"} {
			for _, age := range []string{"old", "young", "other"} {
				place := fmt.Sprintf("p%05d", n)
				for i, codes := range [][]string{{place, sex}, {place, age}, {sex, age}} {
					name := fmt.Sprint(i, codes)
					if _, there := sums[name]; !there {
						sums[name] = len(tables[i].Cells)
						tables[i].Cells = append(tables[i].Cells, disclosure.Cell{Codes: codes, Contributors: disclosure.Unknown()})
					}
					c := &tables[i].Cells[sums[name]]
					c.Value += who[[2]string{sex, age}]
					c.Count = c.Value
				}
			}
		}
	}
	return disclosure.Task{Tables: tables, Integer: true}
}

func triangleTable(dims ...string) disclosure.Table {
	t := disclosure.Table{Name: fmt.Sprint(dims), Measure: "people", Rules: disclosure.Rules{MinimumCount: 5},
		Protection: disclosure.Protection{Lower: disclosure.Margin{AtLeast: 1}, Upper: disclosure.Margin{AtLeast: 1}, Sliding: disclosure.Margin{AtLeast: 5}}}
	for _, name := range dims {
		t.Dimensions = append(t.Dimensions, disclosure.Dimension{Name: name, Total: "all"})
	}
	return t
}

// With more base cells than are let go at once the guarantee stands: what HiGHS finds
// with all of them is never narrower than what is claimed, and no more is hidden than
// where there are few.
func TestManyBaseCellsKeepTheGuarantee(t *testing.T) {
	t.Parallel()
	few, many := protected(t, triangleOf(20)), protected(t, triangleOf(1_100))
	if !many.Safe() || many.System.Model != disclosure.BaseCells || many.Counts().Secondary > few.Counts().Secondary {
		t.Errorf("%s, safe %t, %+v, beside %+v", many.System.Model, many.Safe(), many.Counts(), few.Counts())
	}
	for _, i := range many.Attack.Intervals {
		low, high := reader(t, many.System, i.Variable)
		if low > i.Low+1e-6 || high < i.High-1e-6 || low > i.Least || high < i.Most || high-low < 5 {
			t.Errorf("%s: between %v and %v, claimed %v and %v, wanted %v and %v", many.System.Variables[i.Variable].Name, low, high, i.Low, i.High, i.Least, i.Most)
		}
	}
}

// reader asks HiGHS how low and how high a figure can be for whoever knows that nobody
// is counted less than never, everything published, and how it all sums.
func reader(t *testing.T, s *disclosure.System, v int) (low, high float64) {
	t.Helper()
	m := highs.Model{Cost: []highs.Term{{Column: v, Value: 1}}}
	for _, x := range s.Variables {
		if x.Known() {
			m.Lower, m.Upper = append(m.Lower, x.Value), append(m.Upper, x.Value)
			continue
		}
		m.Lower, m.Upper = append(m.Lower, 0), append(m.Upper, math.Inf(1))
	}
	for _, r := range s.Relations {
		var row highs.Row
		for _, term := range r.Terms {
			row.Terms = append(row.Terms, highs.Term{Column: term.Variable, Value: term.Factor})
		}
		m.Rows = append(m.Rows, row)
	}
	most := m
	most.Maximize = true
	got := highs.Solve(t, []highs.Model{m, most})
	return extreme(t, got[0], -1), extreme(t, got[1], 1)
}

func extreme(t *testing.T, a highs.Answer, sign int) float64 {
	t.Helper()
	switch a.Status {
	case "Optimal":
		return a.Value
	case "Unbounded", "Primal infeasible or unbounded": // the truth is feasible
		return math.Inf(sign)
	}
	t.Fatalf("HiGHS says %+v", a)
	return 0
}

// Beyond the room there is for base cells nothing is called safe.
func TestBeyondTheRoomNothingIsProved(t *testing.T) {
	t.Parallel()
	var task disclosure.Task
	for _, dims := range [][]string{{"a", "b"}, {"b", "c"}, {"a", "c"}} {
		table := triangleTable(dims...)
		leaves([]int{32, 32}, func(codes []string) {
			table.Cells = append(table.Cells, disclosure.Cell{Codes: codes, Value: 32, Count: 32, Contributors: disclosure.Unknown()})
		})
		task.Tables = append(task.Tables, table)
	}
	o, err := disclosure.Protect(context.Background(), task)
	if err != nil {
		t.Fatal(err)
	}
	c, err := o.Certificate()
	if err != nil || o.Safe() || o.Proved() || c.Safe || c.Proved || c.Model != disclosure.ImpliedTotals || o.Attack.Narrow > 0 {
		t.Errorf("safe %t, proved %t, %+v, %v", o.Safe(), o.Proved(), c, err)
	}
}
