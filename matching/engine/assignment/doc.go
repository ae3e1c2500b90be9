// Package assignment prepares a batch of proposals: which people to speak with
// first about which positions, when many wait and places are few.
//
// It prepares and never decides: its answer is a draft that a counsellor reads,
// changes, and speaks about with each person. It refuses to know more than
// opaque identifiers, days of waiting, proposals already pending and fits
// computed elsewhere: no trait of a person can enter it, it fills no position
// by itself, remembers nothing and ranks nobody towards an employer. A pair
// that must not be proposed (refused, already pending, no agreement) is an edge
// that the caller leaves out.
//
// # What is best
//
// A person gets at most K proposals, pending ones counted; a position holds at
// most its AtMost. Among such plans the best is the first in lexicographic
// order, exact and in integers:
//
//   - [FitFirst], the default: (1) the fewest places missing under the AtLeast
//     of the positions; (2) the greatest total fit; (3) the longest waiting
//     served: nobody's second proposal counts before somebody's first, then the
//     longest waiting, then a draw from the seed.
//   - [WaitingFirst]: (1) the same; (3) before (2): as many of the longest
//     waiting as can be served, then the fit.
//
// Total fit leads by default because a batch is read pair by pair: a proposal
// that does not hold costs the person a refusal, and serving more people with
// worse proposals is a choice, not a computation. The other choice is
// offered openly, and [Compare] says what it costs in fit. A minimum comes
// first in both, because someone typed it for this batch; it is a wish, so that
// one that can't be met leaves a shortfall instead of no plan. "At least n or
// none at all" is refused: it would make the problem NP-hard.
//
// # Why it is exact
//
// The plans are the flows of a network: people, positions, one unit an edge.
// Fits, minimums and precedence are packed in one integer cost whose tiers
// can't carry into each other ([ErrTooLarge] when 64 bits don't hold them).
// Precedence needs no powers of two: how many proposals each person gets in
// plans of equal minimums and fit forms a generalised polymatroid, where the
// best choice for any decreasing weights depends on their order alone (greedy
// is exact), so the plain rank R, R-1, …, 1 serves as weight. See Murota,
// Discrete Convex Analysis, SIAM 2003, chapters 6 and 9 (M♮-concavity of network
// flow), and Federgruen and Groenevelt, Operations Research 34 (1986). Tests
// compare with every plan of small cases, precedence read place by place.
//
// People enter one by one, longest waiting first, each along a shortest
// augmenting path with potentials (Edmonds and Karp 1972). The prices left on
// the positions then bound every plan by Lagrangian duality; the [Gap] is
// computed from them alone, so that an optimum is proven and not believed, and
// a search stopped by its budget says what it may have missed, after lowering
// that bound price by price. The budget counts edges read: the same batch stops
// at the same place on any machine.
//
// Where minimums, fits and precedence leave several plans, which position goes
// to whom follows an order of the positions: the least asked for their capacity
// first, then a draw from the seed. The order of the input changes nothing.
package assignment

// Version names the rules by which a batch is chosen. It is kept beside each
// batch and changes with any rule that can change a plan.
const Version = "assignment-1.0"
