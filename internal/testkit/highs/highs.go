// Package highs asks HiGHS, compiled to WebAssembly and run by Node, what our own
// linear programs answer: an oracle that shares no line with them. It is for tests
// only; where Node or the npm package is absent they say so in one line.
package highs

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"maillage/internal/testkit"
)

//go:embed solve.mjs
var script []byte

// Term is a coefficient of a column, numbered from 0.
type Term struct {
	Column int
	Value  float64
}

// Row says that its terms sum to RHS.
type Row struct {
	Terms []Term
	RHS   float64
}

// Model is a linear program; infinite bounds are none.
type Model struct {
	Lower, Upper []float64
	Rows         []Row
	Cost         []Term
	Maximize     bool
}

// Answer is HiGHS's: its status ("Optimal", "Infeasible", "Unbounded"…) and the
// value of the cost, for an optimum.
type Answer struct {
	Status string  `json:"status"`
	Value  float64 `json:"value"`
}

// Solve answers the models in one run of Node, or skips the test for want of it.
func Solve(t testing.TB, models []Model) []Answer {
	t.Helper()
	node, module := find(t)
	texts := make([]string, len(models))
	for i, m := range models {
		texts[i] = m.text()
	}
	input, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "solve.mjs")
	if err := os.WriteFile(path, script, 0o600); err != nil {
		t.Fatal(err)
	}
	address := url.URL{Scheme: "file", Path: module}
	cmd := exec.CommandContext(t.Context(), node, path, address.String())
	var out, problems bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(input), &out, &problems
	if err := cmd.Run(); err != nil {
		t.Fatalf("HiGHS: %v\n%s", err, problems.String())
	}
	var answers []Answer
	if err := json.Unmarshal(out.Bytes(), &answers); err != nil {
		t.Fatalf("HiGHS said %.200q: %v", out.String(), err)
	}
	return answers
}

func find(t testing.TB) (node, module string) {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		testkit.Absent(t, "highs", "no Node in PATH")
	}
	module = filepath.Join(testkit.Root(), "web", "assets", "node_modules", "highs", "build", "highs.mjs")
	if _, err := os.Stat(module); err != nil {
		testkit.Absent(t, "highs", "the npm package is not installed: run make assets")
	}
	return node, module
}

// text writes the model in CPLEX's LP format. Every column is in the cost, so that
// those without a row are known.
func (m Model) text() string {
	var b strings.Builder
	b.WriteString(map[bool]string{false: "Minimize\n", true: "Maximize\n"}[m.Maximize])
	b.WriteString("cost:")
	cost := append([]Term(nil), m.Cost...)
	for j := range m.Lower {
		cost = append(cost, Term{j, 0})
	}
	terms(&b, cost)
	b.WriteString("\nSubject To\n")
	for i, row := range m.Rows {
		fmt.Fprintf(&b, "r%d:", i)
		terms(&b, append([]Term{{0, 0}}, row.Terms...))
		fmt.Fprintf(&b, " = %s\n", number(row.RHS))
	}
	b.WriteString("Bounds\n")
	for j := range m.Lower {
		fmt.Fprintf(&b, "%s <= x%d <= %s\n", number(m.Lower[j]), j, number(m.Upper[j]))
	}
	b.WriteString("End\n")
	return b.String()
}

func terms(b *strings.Builder, list []Term) {
	sums, order := map[int]float64{}, []int{}
	for _, t := range list {
		if _, seen := sums[t.Column]; !seen {
			order = append(order, t.Column)
		}
		sums[t.Column] += t.Value
	}
	for i, j := range order {
		if i%10 == 9 {
			b.WriteString("\n")
		}
		fmt.Fprintf(b, " %+g x%d", sums[j], j)
	}
}

func number(v float64) string {
	switch {
	case math.IsInf(v, 1):
		return "+inf"
	case math.IsInf(v, -1):
		return "-inf"
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}
