package compute

import "slices"

// Sex is one of the dimensions; the zero value is the margin.
type Sex uint8

// The sexes.
const (
	AnySex Sex = iota
	Women
	Men
	SexUnsaid
	sexes
)

// Age is the band of the age reached in the year; the zero value is the margin.
type Age uint8

// The bands of the catalogue.
const (
	AnyAge     Age = iota
	Under26        // 25 at most
	From26To49     // 26 to 49
	From50         // 50 or more
	AgeUnsaid
	ages
)

// Public is a criterion of eligibility at entry; the zero value is the margin.
// Publics overlap: their counts do not sum to the margin.
type Public uint8

// The publics of the catalogue. A value above them is a criterion of which nothing
// was said: see Unsaid.
const (
	AnyPublic Public = iota
	RSA              // revenu de solidarité active
	ASS              // allocation de solidarité spécifique
	AAH              // allocation aux adultes handicapés
	DETLD            // seeking work for two years or more
	DELD             // seeking work for one year or more
	TH               // recognised as a disabled worker
	QPV              // lives in a priority neighbourhood
	ZRR              // lives in a rural revitalisation zone
	publics
)

// Unsaid is who nobody said whether they meet the criterion: they are apart from
// those who do not. The margin has none.
func (p Public) Unsaid() Public { return publics - 1 + p }

// The names of the values of each dimension, in the order of the values.
var (
	sexNames    = []string{"", "f", "m", "unsaid"}
	ageNames    = []string{"", "-25", "26-49", "50+", "unsaid"}
	publicNames = []string{"", "RSA", "ASS", "AAH", "DETLD", "DELD", "TH", "QPV", "ZRR"}
)

// String names the sex: f, m, unsaid; empty for the margin.
func (s Sex) String() string { return nameOf(sexNames, int(s)) }

// String names the band: -25, 26-49, 50+, unsaid; empty for the margin.
func (a Age) String() string { return nameOf(ageNames, int(a)) }

// String names the public by its acronym, with a mark where nothing was said of it;
// empty for the margin.
func (p Public) String() string {
	if p >= publics {
		return nameOf(publicNames, int(p-publics+1)) + "?"
	}
	return nameOf(publicNames, int(p))
}

func nameOf(names []string, i int) string {
	if i < len(names) {
		return names[i]
	}
	return ""
}

// ParseSex reads what String writes.
func ParseSex(s string) (Sex, bool) { i := slices.Index(sexNames, s); return Sex(max(i, 0)), i >= 0 }

// ParseAge reads what String writes.
func ParseAge(s string) (Age, bool) { i := slices.Index(ageNames, s); return Age(max(i, 0)), i >= 0 }

// ParsePublic reads what String writes.
func ParsePublic(s string) (Public, bool) {
	i := slices.Index(publicNames, s)
	return Public(max(i, 0)), i >= 0
}

// Publics lists them, the margin left out.
func Publics() []Public {
	var out []Public
	for p := RSA; p < publics; p++ {
		out = append(out, p)
	}
	return out
}

// AgeIn is the band of somebody born in a year; 0 is not said.
func AgeIn(year, born int) Age {
	switch age := year - born; {
	case born == 0:
		return AgeUnsaid
	case age < 26:
		return Under26
	case age < 50:
		return From26To49
	}
	return From50
}

// Cross is a cell of the dimensions of a person: sex × age × public. At most two
// of the three are not margins: a table of persons crosses two of them, beside
// the territory, the kind and the year. Three at once leave nothing to publish.
type Cross uint8

// Total is the cross of the three margins.
const Total Cross = 0

// crosses is how many values a Cross may take, margins included: those of what is
// said, then those of criteria of which nothing was. Crosses are kept for ever, with
// what was released of them: a value never changes its meaning.
const (
	saidCrosses = int(sexes) * int(ages) * int(publics)
	unsaidEach  = int(sexes) - 1 + int(ages) // by no sex nor age, by sex, by age
	crosses     = saidCrosses + (int(publics)-1)*unsaidEach
)

// CrossOf makes the cross.
func CrossOf(s Sex, a Age, p Public) Cross {
	if p < publics {
		return Cross((int(s)*int(ages)+int(a))*int(publics) + int(p))
	}
	by := int(s)
	if a != AnyAge {
		by = int(sexes) - 1 + int(a)
	}
	return Cross(saidCrosses + int(p-publics)*unsaidEach + by)
}

// Split gives the three dimensions of a cross.
func (c Cross) Split() (Sex, Age, Public) {
	i := int(c)
	if i >= saidCrosses {
		p, by := publics+Public((i-saidCrosses)/unsaidEach), (i-saidCrosses)%unsaidEach
		if by >= int(sexes) {
			return AnySex, Age(by - int(sexes) + 1), p
		}
		return Sex(by), AnyAge, p
	}
	return Sex(i / int(publics) / int(ages)), Age(i / int(publics) % int(ages)), Public(i % int(publics))
}

// margins counts the dimensions that are margins.
func (c Cross) margins() int {
	s, a, p := c.Split()
	n := 0
	for _, margin := range []bool{s == AnySex, a == AnyAge, p == AnyPublic} {
		if margin {
			n++
		}
	}
	return n
}

// crossesOf lists the cells that somebody counts in.
func crossesOf(s Sex, a Age, held []Public) []Cross {
	out := []Cross{Total, CrossOf(s, AnyAge, AnyPublic), CrossOf(AnySex, a, AnyPublic), CrossOf(s, a, AnyPublic)}
	for _, p := range held {
		out = append(out, CrossOf(AnySex, AnyAge, p), CrossOf(s, AnyAge, p), CrossOf(AnySex, a, p))
	}
	return out
}

// unsaid are the cells of what an enterprise gave as a total alone: nobody said
// of whom, and the sexes, the ages and what is said of a criterion still sum to the margin.
func unsaid() []Cross { return crossesOf(SexUnsaid, AgeUnsaid, unsaidOf(nil)) }

// unsaidOf are the criteria of which nothing was said, beside those of which it was.
func unsaidOf(said []Public) []Public {
	var out []Public
	for _, p := range Publics() {
		if !slices.Contains(said, p) {
			out = append(out, p.Unsaid())
		}
	}
	return out
}
