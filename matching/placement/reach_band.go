package placement

import (
	"maillage/matching/placement/card"
	"maillage/people"
)

// Band is how many people, as far as it may be told.
type Band string

// The bands. What is unsaid is of fewer than five people, of nobody, of all but fewer
// than five, or of people of fewer than three structures on one side.
const (
	Unsaid Band = "unsaid"
	Some   Band = "some" // five to nineteen
	Many   Band = "many" // twenty at least
)

// manyPeople is where a crowd is many, and fewStructures from how many structures at
// least its people and the others are: who holds the journeys of one structure knows
// them all, and could add some.
const (
	manyPeople    = 20
	fewStructures = 3
)

// crowd counts people by structure.
type crowd map[int64]int

func crowdOf(folk map[people.ID]*people.Person) crowd {
	out := crowd{}
	for _, p := range folk {
		out[p.OrganisationID]++
	}
	return out
}

// size is how many people a crowd has.
func (c crowd) size() (n int) {
	for _, of := range c {
		n += of
	}
	return n
}

// without are those of a crowd who are not in a part of it.
func (c crowd) without(part crowd) crowd {
	out := crowd{}
	for structure, n := range c {
		if n > part[structure] {
			out[structure] = n - part[structure]
		}
	}
	return out
}

// told tells whether a crowd hides each of its people.
func (c crowd) told() bool { return c.size() >= card.K && len(c) >= fewStructures }

// band tells a crowd among all. The thresholds are the same for everybody and
// everything, on each side, so that neither who is in nor who is out is known.
func band(in, all crowd) Band {
	switch {
	case !in.told() || !all.without(in).told():
		return Unsaid
	case in.size() < manyPeople:
		return Some
	}
	return Many
}
