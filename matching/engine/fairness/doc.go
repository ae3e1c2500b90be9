// Package fairness compares what happens to groups of people: who is proposed,
// who is met, hired or not retained, and how often the engine puts them first.
//
// It is pure: it knows no database and no clock, and the draw is an argument. It
// gives figures of groups, each with its uncertainty, and never a line about a
// person. Every count is protected once (see [K], [Step] and [sample]) and all
// that is said is worked out from these protected counts: no total, margin, rate,
// interval or standardised rate is of the counts as they were. A difference that
// it shows is not by itself a discrimination, nor its absence a proof that there is
// none: docs/fairness.md says what may be read of it.
package fairness
