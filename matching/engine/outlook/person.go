package outlook

import (
	"slices"
	"strings"

	"maillage/nomenclatures"
)

// Person is what is counted of a journey under way.
type Person struct {
	Area      int32   // of the home; Nowhere: not known
	Reached   []int32 // other areas within the person's own range
	Wished    []nomenclatures.ROME
	Held      []nomenclatures.ROME // practised
	Aptitudes []nomenclatures.Aptitude
}

// Measure is one way in which people hold an occupation or an aptitude. Of an
// occupation a person is in one at most, so that they add up.
type Measure uint8

// The measures.
const (
	Wish     Measure = iota // wishes the occupation
	Practice                // practised it without wishing it
	Able                    // neither, and holds two at least of the aptitudes that it usually asks
	Hold                    // of an aptitude: holds it today
	Anybody                 // is in a journey at all
)

// enoughAptitudes is from how many of the aptitudes that an occupation usually
// asks somebody is counted as able.
const enoughAptitudes = 2

// usual lists the occupations that usually ask for an aptitude, by the
// beginnings that the nomenclature gives.
type usual map[nomenclatures.Aptitude][]nomenclatures.ROME

func newUsual(codes []nomenclatures.ROME) usual {
	out := usual{}
	for _, info := range nomenclatures.Aptitudes() {
		for _, code := range codes {
			if slices.ContainsFunc(info.ROME, func(head string) bool { return strings.HasPrefix(string(code), head) }) {
				out[info.Code] = append(out[info.Code], code)
			}
		}
	}
	return out
}

// able lists the occupations of which a person holds enough of the usual
// aptitudes and that are in none of their lists.
func (u usual) able(p *Person) []nomenclatures.ROME {
	n := map[nomenclatures.ROME]int{}
	for _, a := range p.Aptitudes {
		for _, code := range u[a] {
			n[code]++
		}
	}
	var out []nomenclatures.ROME
	for code, held := range n {
		if held >= enoughAptitudes && !slices.Contains(p.Wished, code) && !slices.Contains(p.Held, code) {
			out = append(out, code)
		}
	}
	slices.Sort(out)
	return out
}
