// Package estimate says how sure an estimated figure is: the time to an event with
// those for whom it has not happened yet kept (Kaplan–Meier), a proportion (Wilson)
// and a mean (Student), each with its interval. Formulas are closed: nothing is
// drawn at random, so that the same data give the same figures everywhere.
//
// It refuses to call an interval what a count needs none for: exhaustive counts are
// not estimates. It knows no database and no words.
package estimate
