package disclosure_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"maillage/indicators/disclosure"
)

var (
	kinds   = []string{"ACI", "AI", "EI", "ETTI", "SAP"}
	sexes   = []string{"F", "M"}
	motives = []string{"dynamic", "durable", "transition", "other", "withdrawn"}
	regions = 18
)

// enterprise is one invented member: nothing of it is drawn from a real one.
type enterprise struct {
	region, kind string
	group        int // economic: a tenth of the enterprises share one
	exits        int
}

// federation invents 500 enterprises with about 44,500 exits, always the same.
// Regions and kinds are uneven, sizes are log-normal.
func federation() []enterprise {
	chance := rand.New(rand.NewPCG(2012, 500))
	weights := make([]float64, regions)
	for i := range weights {
		weights[i] = 1 / (1 + 0.22*float64(i))
	}
	var all []enterprise
	for i := range 500 {
		e := enterprise{region: fmt.Sprintf("R%02d", drawn(chance, weights)+1), kind: kinds[drawn(chance, []float64{38, 26, 18, 12, 6})], group: i}
		if chance.Float64() < 0.1 && i > 0 {
			e.group = all[chance.IntN(i)].group
		}
		e.exits = 1 + int(math.Exp(4.19+0.9*chance.NormFloat64()))
		all = append(all, e)
	}
	return all
}

func drawn(chance *rand.Rand, weights []float64) int {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	x := chance.Float64() * sum
	for i, w := range weights {
		if x -= w; x < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// exitsOf counts the exits of the federation by region, kind, sex and motive,
// with all margins: 19 × 6 × 3 × 6 = 2,052 cells.
func exitsOf(all []enterprise) (disclosure.Table, int) {
	chance := rand.New(rand.NewPCG(2012, 44500))
	byGroup := map[string]map[int]float64{}
	total := 0
	for _, e := range all {
		women := 0.25 + 0.5*chance.Float64()
		for range e.exits {
			total++
			sex := sexes[drawn(chance, []float64{women, 1 - women})]
			motive := motives[drawn(chance, []float64{24, 20, 12, 36, 8})]
			for m := range 16 {
				codes := []string{e.region, e.kind, sex, motive}
				for d := range codes {
					if m>>d&1 == 1 {
						codes[d] = "Total"
					}
				}
				key := disclosure.Label(codes)
				if byGroup[key] == nil {
					byGroup[key] = map[int]float64{}
				}
				byGroup[key][e.group]++
			}
		}
	}
	return tabled(byGroup), total
}

func tabled(byGroup map[string]map[int]float64) disclosure.Table {
	t := disclosure.Table{Name: "exits", Measure: "exits",
		Rules:      disclosure.Rules{MinimumCount: 5, MinimumContributors: 3, Dominance: []disclosure.Dominance{{N: 1, Percent: 85}}},
		Protection: disclosure.Protection{Lower: disclosure.Margin{AtLeast: 1}, Upper: disclosure.Margin{AtLeast: 1}, Sliding: disclosure.Margin{AtLeast: 5}}}
	for _, name := range []string{"region", "kind", "sex", "exit"} {
		t.Dimensions = append(t.Dimensions, disclosure.Dimension{Name: name, Total: "Total"})
	}
	areas := []string{"Total"}
	for i := range regions {
		areas = append(areas, fmt.Sprintf("R%02d", i+1))
	}
	for _, r := range areas {
		for _, k := range append([]string{"Total"}, kinds...) {
			for _, s := range append([]string{"Total"}, sexes...) {
				for _, m := range append([]string{"Total"}, motives...) {
					codes := []string{r, k, s, m}
					t.Cells = append(t.Cells, cellOf(codes, byGroup[disclosure.Label(codes)]))
				}
			}
		}
	}
	return t
}

func cellOf(codes []string, groups map[int]float64) disclosure.Cell {
	c := disclosure.Cell{Codes: codes, Contributors: float64(len(groups))}
	for _, n := range groups {
		c.Value += n
		c.Top = append(c.Top, n)
	}
	c.Count = c.Value
	slices.SortFunc(c.Top, func(a, b float64) int { return int(b - a) })
	c.Top = c.Top[:min(len(c.Top), 2)]
	return c
}

func federationTask() (disclosure.Task, int) {
	table, total := exitsOf(federation())
	return disclosure.Task{Tables: []disclosure.Table{table}, Integer: true}, total
}

// primaryOnly is what becomes of a task when nothing but the primary cells is hidden.
func primaryOnly(t testing.TB, task disclosure.Task) *disclosure.Outcome {
	t.Helper()
	s, err := disclosure.NewSystem(context.Background(), task)
	if err != nil {
		t.Fatal(err)
	}
	a, err := s.Attack(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return &disclosure.Outcome{System: s, Attack: a}
}

// The federation has the shape that the design measured: hiding the primary
// cells alone lets many be recomputed.
func TestFederationNeedsMoreThanPrimaries(t *testing.T) {
	t.Parallel()
	task, total := federationTask()
	o := primaryOnly(t, task)
	if n := o.Counts(); n.Cells != 2052 || n.Primary < 350 || n.Primary > 450 || total < 44_000 || total > 45_000 || len(o.System.Warnings) > 0 {
		t.Errorf("%+v of %d exits in %d tables", n, total, len(task.Tables))
	}
	if o.Safe() || o.Attack.Recovered < 100 {
		t.Errorf("%d recovered with the primaries alone", o.Attack.Recovered)
	}
	t.Logf("%d exits, %+v, %v, %d recovered exactly", total, o.Counts(), o.Rules(), o.Attack.Recovered)
}

// The whole federation, protected: the attack fails, and the mutants that are
// tried are caught. It takes half a minute: left out of -short.
func TestFederationIsProtected(t *testing.T) {
	if testing.Short() {
		t.Skip("left out: half a minute of computing")
	}
	t.Parallel()
	task, _ := federationTask()
	o := protected(t, task)
	if !o.Safe() || o.Attack.Recovered != 0 {
		t.Errorf("%d recovered, %d narrow", o.Attack.Recovered, o.Attack.Narrow)
	}
	t.Logf("%+v, least relative width %.3f", o.Counts(), o.Attack.MinimalWidth)
	mutants(t, o, 12)
}

func BenchmarkFederation2052(b *testing.B) {
	task, _ := federationTask()
	benchmark(b, task)
}

func BenchmarkInsee414(b *testing.B) {
	benchmark(b, taskOf(b, insee, "turnover_act_size.csv"))
}

func benchmark(b *testing.B, task disclosure.Task) {
	b.Helper()
	for b.Loop() {
		n := protected(b, task).Counts()
		b.ReportMetric(float64(n.Primary), "primary")
		b.ReportMetric(float64(n.Secondary), "secondary")
	}
}

func BenchmarkAttackFederation(b *testing.B) {
	task, _ := federationTask()
	o := protected(b, task)
	b.ResetTimer()
	for b.Loop() {
		if _, err := o.System.Attack(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
}
