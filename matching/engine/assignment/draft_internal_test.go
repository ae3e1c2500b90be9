package assignment

import "testing"

// One who waits longest goes before two who wait less, though their ranks sum higher.
func TestDraftsAreComparedPlaceByPlace(t *testing.T) {
	t.Parallel()
	p := Problem{Positions: []Position{{ID: 9, AtMost: 3}}}
	for n := range 3 {
		p.People = append(p.People, Person{ID: PersonID(n), Waiting: 30 - n})
		p.Edges = append(p.Edges, Edge{Person: PersonID(n), Position: 9, Fit: 50})
	}
	g := newGraph(p, Config{K: 1})
	longest, others := newDraft(g), newDraft(g)
	longest.add(0)
	others.add(1)
	others.add(2)
	if longest.score().rank > others.score().rank {
		t.Fatal("the longest must not outrank the two together")
	}
	if longest.compare(others, WaitingFirst) <= 0 || others.compare(longest, WaitingFirst) >= 0 {
		t.Error("the longest waiting does not come first")
	}
	if longest.compare(others, FitFirst) >= 0 {
		t.Error("the greatest fit does not come first")
	}
}
