package disclosure_test

import (
	"context"
	"slices"
	"testing"

	"maillage/indicators/disclosure"
)

func protected(t testing.TB, task disclosure.Task) *disclosure.Outcome {
	t.Helper()
	o, err := disclosure.Protect(context.Background(), task)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func checked(t testing.TB, task disclosure.Task) *disclosure.Outcome {
	t.Helper()
	o, err := disclosure.Check(context.Background(), task)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// deduced gives what the attack finds of a primary cell of the first table.
func deduced(t testing.TB, o *disclosure.Outcome, codes ...string) [2]float64 {
	t.Helper()
	for _, r := range o.Results() {
		if slices.Equal(r.Codes, codes) && r.Interval != nil {
			return [2]float64{r.Interval.Low, r.Interval.High}
		}
	}
	t.Fatalf("%v was not attacked", codes)
	return [2]float64{}
}

// mutants publishes each secondary in turn, or one of so many: the attack must
// succeed every time.
func mutants(t *testing.T, o *disclosure.Outcome, every int) {
	t.Helper()
	seen, tried := 0, 0
	for i, v := range o.System.Variables {
		if v.Status != disclosure.Secondary {
			continue
		}
		if seen++; seen%every != 0 {
			continue
		}
		tried++
		mutant := *o.System
		mutant.Variables = slices.Clone(o.System.Variables)
		mutant.Variables[i].Status = disclosure.Published
		a, err := mutant.Attack(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if a.Safe() {
			t.Errorf("publishing %q opens nothing", v.Name)
		}
	}
	if tried == 0 {
		t.Error("no secondary to publish")
	}
	t.Logf("%d mutants", tried)
}
