// Package journeys says which people in a journey of insertion a position suits,
// which positions suit a person, how well, and why.
//
// It is pure: it reads no database, no clock and no network; the day is an
// argument. The same inputs give the same answer whatever their order, and the
// index gives what a plain scan gives (see [Rules.Scan]).
//
// A gate must be met; a graded criterion contributes to the score; what is
// unknown never fails a gate and leaves the denominator: it lowers the
// confidence shown beside the score. A wish is never overridden: what a person
// practised without wishing it decides only where they wished nothing, and then
// with less confidence.
//
// It prepares what a counsellor and a person decide together; it does not
// choose. It refuses to know sex, age, origin, health, an address in a QPV or
// why somebody is eligible: these have no field here. What the law says of a
// person's rights alerts elsewhere, and is no criterion.
package journeys

// Version names the rules of this engine. It is stored beside each answer, so
// that a score can be read later with the rules that made it. It changes with
// any rule that can change a score.
const Version = "journeys-1.2"
