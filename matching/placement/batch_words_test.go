package placement

import (
	"testing"

	"maillage/matching/engine/assignment"
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
		want(key, gapWords(PlanTotals{Gap: key, GapMost: 250}))
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
