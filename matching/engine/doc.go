// Package engine says which enterprises can answer a lot, which lots an
// enterprise can answer, how well, and why.
//
// It is pure: it reads no database, no clock and no network. The date is an
// argument, so that a lot whose deadline has passed is still matched, as
// history. The same inputs give the same answer whatever their order, and the
// index gives what a plain scan over all candidates gives (see [Rules.Scan]).
//
// Each criterion has its own file. A gate must be met; a graded criterion
// contributes to the score; what is unknown never fails a gate and leaves the
// denominator: it lowers the confidence shown beside the score.
//
// It refuses to rank by popularity, by past exits or by any trait of a person,
// and to rank an enterprise whose trade nobody has said: such an enterprise
// stands apart, to be specified.
package engine

// Version names the rules of this engine. It is stored beside each match, so
// that a score can be read later with the rules that made it. It changes with
// any rule that can change a score.
const Version = "1.6"
