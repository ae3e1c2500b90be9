package placement

import (
	"strconv"
	"strings"
	"testing"

	"maillage/matching/engine/assignment"
	"maillage/people"
)

// Every reason that a batch can give has its sentence, in both languages.
func TestEveryReasonOfABatchHasItsSentence(t *testing.T) {
	t.Parallel()
	want := func(what string, words Text) {
		t.Helper()
		if words.FR == "" || words.EN == "" || words.FR == words.EN {
			t.Errorf("%s has no sentence: %+v", what, words)
		}
	}
	reasons, whys, parts := enumerated[assignment.Reason](), enumerated[assignment.Why](), enumerated[assignment.Part]()
	if len(reasons) != 4 || len(whys) != 7 || len(parts) != 5 {
		t.Fatalf("%v %v %v", reasons, whys, parts)
	}
	for _, key := range reasons {
		want(key, outcomeWords(key))
	}
	for _, key := range whys {
		want(key, whyWords(&batchPerson{Why: key, Held: 2}))
	}
	for _, key := range parts {
		want(key, gapWords(PlanTotals{Gap: key, GapMost: 250, Points: 900}))
		want(key, gapWords(PlanTotals{Gap: key}))
	}
	for _, key := range []string{onlyOne, bestOne, nextOne} {
		want(key, lineReasonWords(key))
	}
	for _, s := range append(LineStates(), Suggested) {
		want(string(s), s.Words())
	}
	for _, s := range BatchSources() {
		want(string(s), s.Words())
	}
	for _, o := range []assignment.Objective{assignment.FitFirst, assignment.WaitingFirst} {
		want(o.String(), ObjectiveWords(o.String()))
	}
}

// enumerated lists the keys of an enumeration, which ends where its String panics.
func enumerated[T interface {
	~int
	String() string
}]() (out []string) {
	defer func() { _ = recover() }()
	for x := T(0); ; x++ {
		out = append(out, x.String())
	}
}

// What a computation stopped early may have missed is told in points, which is
// what was proven: in suggestions it would be no bound.
func TestAGapIsToldAsItIsProven(t *testing.T) {
	t.Parallel()
	p := assignment.Problem{}
	for i := range 10 { // each block: the best pair leaves the other person with nothing
		a, b := assignment.PersonID(2*i+1), assignment.PersonID(2*i+2)
		x, y := assignment.PositionID(2*i+1), assignment.PositionID(2*i+2)
		p.People = append(p.People, assignment.Person{ID: a, Waiting: 20}, assignment.Person{ID: b, Waiting: 10})
		p.Positions = append(p.Positions, assignment.Position{ID: x, AtMost: 1}, assignment.Position{ID: y, AtMost: 1})
		p.Edges = append(p.Edges, assignment.Edge{Person: a, Position: x, Fit: 100}, assignment.Edge{Person: a, Position: y, Fit: 60}, assignment.Edge{Person: b, Position: x, Fit: 60})
	}
	early, err := assignment.Compare(p, assignment.Config{K: 1, Seed: 1, Budget: 1})
	if err != nil {
		t.Fatal(err)
	}
	best, err := assignment.Compare(p, assignment.Config{K: 1, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	d := &draftBatch{}
	d.persons = map[people.ID]*people.Person{}
	for _, x := range p.People {
		d.persons[people.ID(x.ID)] = &people.Person{}
	}
	d.s = NewService(Config{})
	got := d.counted(early.FitFirst)
	if got.Gap != "fit" || int64(best.FitFirst.Totals.Fit-got.Points) > got.GapMost {
		t.Fatalf("stopped early: %+v, the best has %d points", got, best.FitFirst.Totals.Fit)
	}
	words := gapWords(got)
	if !strings.Contains(words.FR, strconv.FormatInt(got.GapMost, 10)+nbsp+"points") || strings.Contains(words.FR, "pistes") {
		t.Errorf("a gap of %+v is told %q", got, words.FR)
	}
}
