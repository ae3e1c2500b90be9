package lp

import "slices"

// perturb moves the bounds of the basic columns outwards, each a little and by an
// amount of its own, so that a corner where thousands of bounds meet becomes many
// corners, and steps of length zero become steps. No point leaves its bounds by
// it. restore takes the bounds back.
func (s *simplex) perturb() {
	s.loosen()
	for _, j := range s.head {
		if j >= s.a.structural {
			continue
		}
		unit := 1e3 * s.tolerance[j]
		s.lower[j] = s.trueLower[j] - unit*noise(2*j)
		s.upper[j] = s.trueUpper[j] + unit*noise(2*j+1)
	}
	s.stalled = 0
}

// loosen keeps the true bounds before some are moved.
func (s *simplex) loosen() {
	if s.trueLower == nil {
		s.trueLower, s.trueUpper = slices.Clone(s.lower), slices.Clone(s.upper)
	}
}

// restore takes the true bounds back, and the columns that stand on them, the logical
// ones too: one that left the basis a hair beyond its bound would be off it for good,
// and the rows with it. It says whether they had been moved.
func (s *simplex) restore() bool {
	if s.trueLower == nil {
		return false
	}
	for j := range s.x {
		if s.basic(j) {
			continue
		}
		switch s.x[j] {
		case s.lower[j]:
			s.x[j] = s.trueLower[j]
		case s.upper[j]:
			s.x[j] = s.trueUpper[j]
		}
	}
	s.lower, s.upper, s.trueLower, s.trueUpper = s.trueLower, s.trueUpper, nil, nil
	s.settle()
	return true
}
