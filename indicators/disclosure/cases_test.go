package disclosure_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"maillage/indicators/disclosure"
	"maillage/indicators/disclosure/spec"
	"maillage/internal/testkit"
)

const inseeSpec = `{
  "dimensions": [
    {"column": "ACTIVITY", "total": "Total", "hierarchies": [{"file": "activity_corr_table.csv", "levels": ["A10", "A21", "A88"]}]},
    {"column": "SIZE", "total": "Total"}
  ],
  "value": "TOT", "count": "N_OBS", "top": "MAX",
  "rules": {"minimum_count": 3, "dominance": [{"n": 1, "percent": 85}]},
  "protection": {"lower": {"percent": 10}, "upper": {"percent": 10}}
}`

func samples() string { return os.Getenv("MAILLAGE_SAMPLES") }

func system(t testing.TB, text, file string) *disclosure.System {
	t.Helper()
	_ = testkit.Root()
	s, err := spec.Parse("spec.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	task, err := s.Task(file, func(name string) (io.ReadCloser, error) {
		return os.Open(filepath.Join(samples(), "indicators", "disclosure", name))
	})
	if err != nil {
		t.Fatal(err)
	}
	sys, err := disclosure.NewSystem(task)
	if err != nil {
		t.Fatal(err)
	}
	return sys
}

func TestInsee(t *testing.T) {
	s := system(t, inseeSpec, "turnover_act_size.csv")
	t.Log(len(s.Variables), len(s.Relations), s.Warnings)
	rules := map[disclosure.Rule]int{}
	for _, v := range s.Variables {
		rules[v.Rule]++
	}
	t.Log(rules)
	start := time.Now()
	if err := s.Suppress(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Log("suppress", time.Since(start))
	start = time.Now()
	a, err := s.Attack(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Log("attack", time.Since(start), a.Recovered, a.Narrow, a.MinimalWidth)
	st := map[disclosure.Status]int{}
	for _, v := range s.Variables {
		st[v.Status]++
	}
	t.Log(st)
}
