package territories

import (
	"slices"
	"strings"

	"github.com/paulmach/orb"
)

// The Métropole de Lyon holds the powers of a département on its territory:
// "69M" for the statistics, "69D" being the rest of the Rhône.
const metropoleDeLyon = "200046977"

// Vintage is the date of the list of communes, "2026-01-01".
func (a *Atlas) Vintage() string { return a.vintage.String() }

// Membership is the date of the EPCI and EPT memberships, "2025-01-01".
func (a *Atlas) Membership() string { return a.membership.String() }

// Len is the number of communes; ordinals go from 0 to Len()-1.
func (a *Atlas) Len() int { return len(a.communes) }

// Commune is the commune of an ordinal; the caller must not change it.
func (a *Atlas) Commune(ord int) *Commune { return &a.communes[ord] }

// Ordinal finds a current commune by its code. An arrondissement gives its
// commune: "75101" is in Paris, and must reach whatever Paris belongs to.
func (a *Atlas) Ordinal(c CommuneCode) (int, bool) {
	if i, ok := a.ordinals[c]; ok {
		return int(i), true
	}
	if i, ok := a.parts[c]; ok {
		return int(a.ordinals[a.arrondissements[i].Commune]), true
	}
	return 0, false
}

// Arrondissement finds a municipal arrondissement by its code.
func (a *Atlas) Arrondissement(c CommuneCode) (Arrondissement, bool) {
	i, ok := a.parts[c]
	if !ok {
		return Arrondissement{}, false
	}
	return a.arrondissements[i], true
}

// Departement gives what is known of a département.
func (a *Atlas) Departement(code string) (Departement, bool) {
	i, ok := slices.BinarySearchFunc(a.departements, code, func(d Departement, c string) int { return strings.Compare(d.Code, c) })
	if !ok {
		return Departement{}, false
	}
	return a.departements[i], true
}

// NUTS lists the départements of a NUTS code of any level, of the 2021 or the
// 2013 version: "FRK26" and "FR716" are the Rhône, "FRK" and "FR7" its
// regions, "FR" all that have a code. The two versions never give one code to
// two places.
func (a *Atlas) NUTS(code string) ([]string, bool) {
	code = strings.ToUpper(strings.TrimSpace(code))
	if len(code) < 2 || len(code) > 5 || code[:2] != "FR" {
		return nil, false
	}
	var out []string
	for _, d := range a.departements {
		if strings.HasPrefix(d.NUTS2021, code) || strings.HasPrefix(d.NUTS2013, code) {
			out = append(out, d.Code)
		}
	}
	return out, len(out) > 0
}

// Name is the official name of a territory; that of a postal code is the
// code itself.
func (a *Atlas) Name(r Ref) (string, bool) {
	if r.Kind == KindCommune {
		if i, ok := a.ordinals[CommuneCode(r.Code)]; ok {
			return a.communes[i].Name, true
		}
		r.Kind = KindArrondissement // 75101 named as a commune
	}
	switch r {
	case Ref{KindDepartement, "69D"}:
		return "Rhône hors Métropole de Lyon", true
	case Ref{KindDepartement, "69M"}:
		return "Métropole de Lyon", true
	}
	if l := a.layers[r.Kind]; l != nil {
		if i, ok := l.index[r.Code]; ok {
			return l.names[i], true
		}
	}
	return "", false
}

// Type is the INSEE's type of a grouping: CC, CA, CU, METRO, MET69 or EPT.
func (a *Atlas) Type(r Ref) string {
	if l := a.layers[r.Kind]; l != nil {
		if i, ok := l.index[r.Code]; ok {
			return l.types[i]
		}
	}
	return ""
}

// Refs lists the territories of a kind, sorted by code; the Rhône is one
// département there, 69.
func (a *Atlas) Refs(k Kind) []Ref {
	if k == KindCommune {
		out := make([]Ref, len(a.communes))
		for i := range a.communes {
			out[i] = Ref{KindCommune, string(a.communes[i].Code)}
		}
		return out
	}
	if l := a.layers[k]; l != nil {
		return slices.Clone(l.refs)
	}
	return nil
}

// Of is the set of communes of a territory in this vintage. An arrondissement
// gives its commune. An unknown code is an *UnknownError.
func (a *Atlas) Of(r Ref) (*Set, error) {
	if s, ok := a.of(r); ok {
		return s, nil
	}
	return nil, a.unknown(r)
}

func (a *Atlas) of(r Ref) (*Set, bool) {
	if r.Kind == KindCommune {
		ord, ok := a.Ordinal(CommuneCode(r.Code))
		if !ok {
			return nil, false
		}
		return SetOf(uint32(ord)), true
	}
	l := a.layers[r.Kind]
	if l == nil {
		return nil, false
	}
	if s, ok := l.of(r.Code); ok {
		return s, true
	}
	if r.Kind == KindDepartement && strings.HasPrefix(r.Code, "69") {
		return a.rhone(r.Code)
	}
	return nil, false
}

// rhone is one of the two halves of the Rhône.
func (a *Atlas) rhone(code string) (*Set, bool) {
	whole, ok := a.layers[KindDepartement].of("69")
	lyon, ok2 := a.layers[KindEPCI].of(metropoleDeLyon)
	switch {
	case !ok || !ok2:
		return nil, false
	case code == "69M":
		return lyon, true
	case code == "69D":
		return whole.AndNot(lyon), true
	}
	return nil, false
}

// All is every commune of the vintage.
func (a *Atlas) All() *Set { return a.all }

// Codes lists the codes of a set, sorted.
func (a *Atlas) Codes(s *Set) []CommuneCode {
	out := make([]CommuneCode, 0, s.Len())
	s.Each(func(ord int) bool {
		out = append(out, a.communes[ord].Code)
		return true
	})
	return out
}

// Bound is the smallest box around the representative points of a set, in
// degrees; false when none of its communes has one.
func (a *Atlas) Bound(s *Set) (orb.Bound, bool) {
	var b orb.Bound
	found := false
	s.Each(func(ord int) bool {
		switch c := &a.communes[ord]; {
		case !c.HasPoint:
		case !found:
			b, found = c.Point.Bound(), true
		default:
			b = b.Extend(c.Point)
		}
		return true
	})
	return b, found
}
