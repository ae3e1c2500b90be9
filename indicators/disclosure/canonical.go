package disclosure

import (
	"cmp"
	"slices"
)

// canonical orders the variables by their names and the relations by their terms,
// so that the order of the rows in a file changes nothing.
func (s *System) canonical() {
	order := make([]int, len(s.Variables))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(s.Variables[a].Name, s.Variables[b].Name) })
	to, variables := make([]int, len(order)), make([]Variable, len(order))
	for at, from := range order {
		to[from], variables[at] = at, s.Variables[from]
		s.names[variables[at].Name] = at
	}
	s.Variables = variables
	for _, t := range s.linked { // the places of the tables are these same slices
		for i := range t.places {
			t.places[i] = to[t.places[i]]
		}
	}
	for _, r := range s.Relations {
		for i := range r.Terms {
			r.Terms[i].Variable = to[r.Terms[i].Variable]
		}
	}
	s.distinct()
}

// distinct orders the relations and drops those that say the same thing twice.
func (s *System) distinct() {
	for _, r := range s.Relations {
		slices.SortFunc(r.Terms, Term.compare)
	}
	slices.SortFunc(s.Relations, Relation.compare)
	s.Relations = slices.CompactFunc(s.Relations, func(a, b Relation) bool { return a.compare(b) == 0 })
}

func (t Term) compare(o Term) int {
	return cmp.Or(cmp.Compare(t.Variable, o.Variable), cmp.Compare(t.Factor, o.Factor))
}

func (r Relation) compare(o Relation) int {
	return cmp.Or(slices.CompareFunc(r.Terms, o.Terms, Term.compare), cmp.Compare(bit(r.AtLeast), bit(o.AtLeast)), cmp.Compare(r.Slack, o.Slack))
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
