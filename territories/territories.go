// Package territories knows the communes of France and compiles any
// perimeter a user can name (a commune, an EPCI, a département, an old
// région, a drawn polygon, "30 km around Romans") to a set of communes of
// one vintage. Whether a member serves the place of a tender is then an
// intersection of sets, and how much of it a sum of populations.
//
// It resolves codes on a date from the INSEE's movements, because codes are
// born, die and come back; it searches names; it relates perimeters.
//
// It refuses to guess: a code is never read without its kind (3,056 values
// are both an INSEE code and a postal code), an unknown code is an error
// that proposes its nearest, and the 94 communes of the COM, for which no
// point is published, are in no radius and no polygon. The sets and the
// geometry of this package are pure: no store, no network, no clock.
package territories
