package lp

// largerPivots makes the factor again with pivots that lose fewer digits.
func (s *simplex) largerPivots() {
	s.factoring.threshold = strict
	s.refactor()
}

// restart forgets the basis: it starts again from that of the logical columns, where
// nothing that was computed before is left.
func (s *simplex) restart() {
	for j := range s.place {
		s.place[j] = -1
		s.rest(j)
	}
	for p := range s.head {
		s.head[p], s.place[s.a.structural+p] = s.a.structural+p, p
		s.steep[p] = 1
	}
	s.budget.limit = s.budget.used + s.allowance()
	s.refactor()
}

// byBland restarts, and lets Bland's rule choose from the first step on.
func (s *simplex) byBland() {
	s.patience = -1
	s.restart()
}

// slow says that Bland's rule alone chooses.
func (s *simplex) slow() bool { return s.patience < 0 }
