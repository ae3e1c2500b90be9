// Package fairness compares what happens to groups of people: who is proposed,
// who is met, hired or not retained, and how often the engine puts them first.
//
// It is pure: it knows no database and no clock. It gives figures of groups, each
// with its uncertainty, and never a line about a person: a group under [K] is
// withheld, with others when it could be found by subtraction (see [Protect]). A
// difference that it shows is not by itself a discrimination, nor its absence a
// proof that there is none: docs/fairness.md says what may be read of it.
package fairness
