package fault

import "time"

// List gathers what is wrong with an input, in the order in which it is looked at.
type List []Field

// At adds a fault where something is bad.
func (l *List) At(bad bool, path, code, fr, en string) {
	if bad {
		*l = append(*l, At(path, code, fr, en))
	}
}

// Day adds the fault of a text that is no civil day; an empty one is none told.
func (l *List) Day(path, text string) {
	_, err := time.Parse(time.DateOnly, text)
	l.At(text != "" && err != nil, path, "not_a_date", "Une date comme 2026-12-04.", "A date such as 2026-12-04.")
}

// Err refuses the input whole, every fault located; nil without any.
func (l List) Err() error {
	if len(l) == 0 {
		return nil
	}
	return Invalid(l...)
}
