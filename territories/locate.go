package territories

import (
	"slices"
	"strings"
)

// Locate places an address: the commune of that name with that postal code.
// Arrondissements roll up to their commune ("PARIS 12", "Lyon 3e"), "CEDEX"
// is dropped, a former commune gives the one that holds its place. It is ok
// only when one commune answers both; a postal code that is not in the
// official list (those of CEDEX are not) counts for its département, no
// postal code at all for nothing. Otherwise alternatives are the communes
// that could be meant, the most populated first, for a person to choose: the
// homonyms, or what the postal code covers. When ok, alternatives are the
// homonyms that were set aside.
func (a *Atlas) Locate(name, postcode string) (ord int, alternatives []int, ok bool) {
	x := a.names()
	folded := placeName(name)
	postcode = strings.TrimSpace(postcode)
	named := a.communesNamed(x, folded)
	area, official := a.postalArea(postcode)
	if postcode == "" {
		return choose(named, nil)
	}
	if here := keep(named, area); len(here) > 0 {
		return choose(here, named)
	}
	if former := a.formerly(folded, postcode, area); len(former) > 0 {
		return choose(former, named)
	}
	inArea := a.byPopulation(area)
	if !official {
		return 0, append(slices.Clone(named), inArea[:min(len(inArea), 10)]...), false
	}
	if like := a.namedLike(folded, inArea); len(like) > 0 {
		return choose(like, named)
	}
	return 0, append(inArea, keepNot(named, area)...), false
}

// placeName folds a name and drops what an address adds to it.
func placeName(name string) string {
	words := foldWords(name)
	if i := slices.Index(words, "cedex"); i > 0 {
		words = words[:i]
	}
	if len(words) > 1 && slices.Contains([]string{"paris", "lyon", "marseille"}, words[0]) {
		return words[0]
	}
	return strings.Join(words, " ")
}

// communesNamed lists the communes of a name, its article left out or not,
// the most populated first.
func (a *Atlas) communesNamed(x *nameIndex, folded string) []int {
	var out []int
	for _, ids := range [][]int32{x.full[folded], x.bare[folded], x.full[bareName(folded)]} {
		for _, id := range ids {
			if int(id) < len(a.communes) && !slices.Contains(out, int(id)) { // communes are indexed first
				out = append(out, int(id))
			}
		}
	}
	slices.SortStableFunc(out, func(i, j int) int { return a.communes[j].Population - a.communes[i].Population })
	return out
}

// postalArea is the communes of a postal code, or those of its département
// when the code is not official.
func (a *Atlas) postalArea(postcode string) (area *Set, official bool) {
	if s, ok := a.of(Ref{KindPostal, postcode}); ok {
		return s, true
	}
	var b builder
	for _, d := range postalDepartements(postcode) {
		if s, ok := a.of(Ref{KindDepartement, d}); ok {
			b.or(s)
		}
	}
	return b.set(), false
}

// postalDepartements is the départements that a postal code can be of, by its
// first figures; nothing for what is not one.
func postalDepartements(postcode string) []string {
	if len(postcode) != 5 || !digits(postcode) {
		return nil
	}
	return []string{postcode[:2], postcode[:3], corsica(postcode)}
}

// corsica gives the département of a Corsican postal code: 200 and 201 are
// the south, 202 and 206 the north.
func corsica(postcode string) string {
	switch postcode[:3] {
	case "200", "201":
		return "2A"
	case "202", "206":
		return "2B"
	}
	return ""
}

// formerly lists who holds the place of the former communes of a name: those
// of the area, else those whose code was of the département of the postal
// code, which a commune keeps when it changes département.
func (a *Atlas) formerly(folded, postcode string, area *Set) []int {
	h, err := a.history()
	if err != nil {
		return nil
	}
	var here, moved []int
	for _, c := range h.formerNames()[folded] {
		for _, heir := range h.current(c, a.vintage, h.holders(c, a.vintage)) {
			ord, ok := a.ordinals[heir]
			switch {
			case !ok:
			case area.Contains(int(ord)):
				here = append(here, int(ord))
			case slices.Contains(postalDepartements(postcode), c.Departement()):
				moved = append(moved, int(ord))
			}
		}
	}
	if len(here) == 0 {
		here = moved
	}
	slices.Sort(here)
	return slices.Compact(here)
}

// namedLike keeps the communes whose name holds all the words, or is spelled
// nearly so: "Romans" in 26100 is Romans-sur-Isère.
func (a *Atlas) namedLike(folded string, ords []int) []int {
	words := strings.Fields(folded)
	if len(words) == 0 {
		return nil
	}
	x := a.names()
	var holds, near []int
	for _, o := range ords {
		have := x.entries[o].folded
		all := true // or the other way round: "Berck sur Mer" is Berck
		for _, w := range words {
			all = all && hasWordPrefix(have, w)
		}
		if all || strings.HasPrefix(folded, have+" ") {
			holds = append(holds, o)
		}
		if withinEdits(strings.ReplaceAll(folded, " ", ""), strings.ReplaceAll(have, " ", ""), 1+len(folded)/8) {
			near = append(near, o)
		}
	}
	if len(holds) > 0 {
		return holds
	}
	return near
}

// choose gives the only candidate, or none of several.
func choose(candidates, others []int) (int, []int, bool) {
	if len(candidates) != 1 {
		return 0, candidates, false
	}
	return candidates[0], slices.DeleteFunc(slices.Clone(others), func(o int) bool { return o == candidates[0] }), true
}

func keep(ords []int, s *Set) []int {
	return slices.DeleteFunc(slices.Clone(ords), func(o int) bool { return !s.Contains(o) })
}

func keepNot(ords []int, s *Set) []int {
	return slices.DeleteFunc(slices.Clone(ords), s.Contains)
}
