package assignment

import (
	"errors"
	"fmt"
	"math"
)

// PersonID and PositionID are opaque: they are compared, drawn and given back.
type (
	PersonID   int64
	PositionID int64
)

// MaxFit is the greatest fit of an edge.
const MaxFit = 100

// Person waits for a proposal.
type Person struct {
	ID      PersonID
	Waiting int // days since they have waited without a proposal that led somewhere
	Pending int // proposals already made and not answered: they count in K
}

// Position can receive cards.
type Position struct {
	ID      PositionID
	AtLeast int // cards wished for, met before anything else; 0: none
	AtMost  int // capacity in cards left: see [Capacity]
}

// Edge says that a person may be proposed to a position.
type Edge struct {
	Person   PersonID
	Position PositionID
	Fit      int // 0 to MaxFit
}

// Problem is a batch to prepare. The order of its lists has no meaning.
type Problem struct {
	People    []Person
	Positions []Position
	Edges     []Edge
}

// Capacity is the number of cards for some posts, or 0 if one of the numbers is not positive.
func Capacity(posts, cardsPerPost int) int {
	if posts <= 0 || cardsPerPost <= 0 || posts > math.MaxInt32/cardsPerPost {
		return 0
	}
	return posts * cardsPerPost
}

// ErrInvalid is wrapped by every fault of a problem or of its configuration.
var ErrInvalid = errors.New("invalid batch")

// ErrTooLarge says that exact costs don't fit in 64 bits. With minimums it takes
// about 225,000 possible proposals, without them tens of millions.
var ErrTooLarge = errors.New("batch too large for exact costs")

// check refuses a bad problem whole, with every fault located.
func (p Problem) check() error {
	var faults []error
	bad := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("%w: "+format, append([]any{ErrInvalid}, args...)...))
	}
	people := checkPeople(p.People, bad)
	positions := checkPositions(p.Positions, bad)
	checkEdges(p.Edges, people, positions, bad)
	return errors.Join(faults...)
}

func checkPeople(all []Person, bad func(string, ...any)) map[PersonID]bool {
	seen := make(map[PersonID]bool, len(all))
	for _, p := range all {
		if seen[p.ID] {
			bad("person %d is there twice", p.ID)
		}
		if p.Waiting < 0 || p.Pending < 0 {
			bad("person %d: waiting %d days, %d pending", p.ID, p.Waiting, p.Pending)
		}
		seen[p.ID] = true
	}
	return seen
}

func checkPositions(all []Position, bad func(string, ...any)) map[PositionID]bool {
	seen := make(map[PositionID]bool, len(all))
	for _, p := range all {
		if seen[p.ID] {
			bad("position %d is there twice", p.ID)
		}
		if p.AtLeast < 0 || p.AtMost < p.AtLeast {
			bad("position %d: at least %d, at most %d", p.ID, p.AtLeast, p.AtMost)
		}
		seen[p.ID] = true
	}
	return seen
}

func checkEdges(all []Edge, people map[PersonID]bool, positions map[PositionID]bool, bad func(string, ...any)) {
	type pair struct {
		person   PersonID
		position PositionID
	}
	seen := make(map[pair]bool, len(all))
	for _, e := range all {
		at := pair{e.Person, e.Position}
		if seen[at] {
			bad("edge %d–%d is there twice", e.Person, e.Position)
		}
		if !people[e.Person] || !positions[e.Position] {
			bad("edge %d–%d has an unknown end", e.Person, e.Position)
		}
		if e.Fit < 0 || e.Fit > MaxFit {
			bad("edge %d–%d: fit %d", e.Person, e.Position, e.Fit)
		}
		seen[at] = true
	}
}
