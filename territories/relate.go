package territories

import "math/bits"

// Population is the number of inhabitants of a set.
func (a *Atlas) Population(s *Set) int64 {
	var sum int64
	if s == nil {
		return 0
	}
	at := int(s.span)
	for k, m := range s.data[:s.span] {
		for ; m != 0; m &= m - 1 {
			sum += a.popOf((int(s.first)+k)<<6|bits.TrailingZeros64(m), s.data[at])
			at++
		}
	}
	return sum
}

// SharedPopulation is the number of inhabitants of the communes in both sets;
// nothing is allocated.
func (a *Atlas) SharedPopulation(x, y *Set) int64 {
	var sum int64
	eachCommon(x, y, func(word int, w uint64) { sum += a.popOf(word, w) })
	return sum
}

// popOf sums the communes of one word: those that are there, or the whole
// less those that are not, whichever are fewer.
func (a *Atlas) popOf(word int, w uint64) int64 {
	pop := a.pop[word<<6 : word<<6+64 : word<<6+64]
	var sum uint32
	if bits.OnesCount64(w) <= 32 {
		for ; w != 0; w &= w - 1 {
			sum += pop[bits.TrailingZeros64(w)]
		}
		return int64(sum)
	}
	for w = ^w; w != 0; w &= w - 1 {
		sum += pop[bits.TrailingZeros64(w)]
	}
	return int64(a.wordPop[word] - sum)
}

// RelationKind is how one perimeter stands to another.
type RelationKind string

// The five relations. Two empty perimeters are equal; an empty one is
// disjoint from any other.
const (
	Equal    RelationKind = "equal"
	Covers   RelationKind = "covers"
	Within   RelationKind = "within"
	Overlaps RelationKind = "overlaps"
	Disjoint RelationKind = "disjoint"
)

// Relation is how x stands to y, with what they share. Rank by population,
// never by a scale: an EPCI can be larger than a département. Overlap works
// both ways: OfX says how much of x is concerned, OfY how much of y is served.
type Relation struct {
	Kind           RelationKind
	Communes       int   // in common
	Population     int64 // in common
	CommunesOfX    float64
	CommunesOfY    float64
	PopulationOfX  float64 // share of x's inhabitants who are in y, 0 to 1
	PopulationOfY  float64
	TotalX, TotalY int64 // inhabitants of each
}

// Relate compares two perimeters. Shares are 0 when the whole is empty or has
// no inhabitant.
func (a *Atlas) Relate(x, y *Set) Relation {
	r := Relation{
		Communes: x.AndLen(y), Population: a.SharedPopulation(x, y),
		TotalX: a.Population(x), TotalY: a.Population(y),
	}
	r.CommunesOfX, r.CommunesOfY = share(int64(r.Communes), int64(x.Len())), share(int64(r.Communes), int64(y.Len()))
	r.PopulationOfX, r.PopulationOfY = share(r.Population, r.TotalX), share(r.Population, r.TotalY)
	switch n := r.Communes; {
	case n == x.Len() && n == y.Len():
		r.Kind = Equal
	case n == 0:
		r.Kind = Disjoint
	case n == y.Len():
		r.Kind = Covers
	case n == x.Len():
		r.Kind = Within
	default:
		r.Kind = Overlaps
	}
	return r
}

func share(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
