package compute

// Margin is a margin, and who in it nobody said the sex, the age or the criterion of.
type Margin struct{ Of, Unsaid Cross }

// Unsaid are the margins over each dimension that a cross fixes, with the others fixed
// and without: where everybody of one is unsaid, nothing is known of the cross. What is
// itself of the unsaid is always known.
func (c Cross) Unsaid() []Margin {
	s, a, p := c.Split()
	var out []Margin
	add := func(of, unsaid Cross) { out = append(out, Margin{of, unsaid}) }
	if s == Women || s == Men {
		add(Total, CrossOf(SexUnsaid, AnyAge, AnyPublic))
		add(CrossOf(AnySex, a, p), CrossOf(SexUnsaid, a, p))
	}
	if a != AnyAge && a != AgeUnsaid {
		add(Total, CrossOf(AnySex, AgeUnsaid, AnyPublic))
		add(CrossOf(s, AnyAge, p), CrossOf(s, AgeUnsaid, p))
	}
	if p != AnyPublic && p < publics {
		add(Total, CrossOf(AnySex, AnyAge, p.Unsaid()))
		if s == AnySex || a == AnyAge { // three at once are not counted
			add(CrossOf(s, a, AnyPublic), CrossOf(s, a, p.Unsaid()))
		}
	}
	return out
}
