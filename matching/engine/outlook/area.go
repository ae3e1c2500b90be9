package outlook

import (
	"cmp"
	"slices"

	"maillage/territories"
)

// Nowhere is the area of a home that is not known.
const Nowhere = int32(-1)

// Areas cut the country once and for all: people are counted in these and in
// nothing smaller. They are the groupings of communes; the few communes that
// belong to none are one area a département.
type Areas struct {
	atlas *territories.Atlas
	of    []int32 // by ordinal of a commune
	all   []Area
}

// Area is one of them.
type Area struct {
	Ref    territories.Ref // the grouping; a département for the communes outside any
	Set    *territories.Set
	People int64
}

// NewAreas cuts the country of an atlas.
func NewAreas(atlas *territories.Atlas) *Areas {
	a := &Areas{atlas: atlas, of: make([]int32, atlas.Len())}
	at, members := map[territories.Ref]int32{}, [][]uint32{}
	for ord := range a.of {
		ref := areaOf(atlas.Commune(ord))
		i, known := at[ref]
		if !known {
			i = int32(len(members))
			at[ref], members, a.all = i, append(members, nil), append(a.all, Area{Ref: ref})
		}
		a.of[ord], members[i] = i, append(members[i], uint32(ord))
	}
	for i := range a.all {
		a.all[i].Set = territories.SetOf(members[i]...)
		a.all[i].People = atlas.Population(a.all[i].Set)
	}
	return a
}

func areaOf(c *territories.Commune) territories.Ref {
	if c.EPCI != "" {
		return territories.Ref{Kind: territories.KindEPCI, Code: c.EPCI}
	}
	return territories.Ref{Kind: territories.KindDepartement, Code: c.Departement}
}

// Of is the area of a commune, by its ordinal.
func (a *Areas) Of(ord int) int32 { return a.of[ord] }

// At describes an area.
func (a *Areas) At(i int32) Area { return a.all[i] }

// Len is how many there are.
func (a *Areas) Len() int { return len(a.all) }

// In lists the areas that stand for a territory: those of which it holds half of
// the people at least. A territory smaller than any is stood for by the area
// that holds the most of its people.
func (a *Areas) In(set *territories.Set) []int32 {
	type part struct {
		area   int32
		people int64
	}
	var out []int32
	var parts []part
	for _, i := range a.touched(set) {
		shared := a.atlas.SharedPopulation(a.all[i].Set, set)
		parts = append(parts, part{i, shared})
		if set.Covers(a.all[i].Set) || 2*shared >= a.all[i].People && shared > 0 {
			out = append(out, i)
		}
	}
	if len(out) == 0 && len(parts) > 0 {
		most := slices.MaxFunc(parts, func(x, y part) int { return cmp.Or(cmp.Compare(x.people, y.people), cmp.Compare(y.area, x.area)) })
		out = append(out, most.area)
	}
	return out
}

// union is the communes of some areas.
func (a *Areas) union(in []int32) *territories.Set {
	out := territories.SetOf()
	for _, i := range in {
		out = out.Or(a.all[i].Set)
	}
	return out
}

// touched lists the areas that a set meets, in order.
func (a *Areas) touched(set *territories.Set) []int32 {
	var out []int32
	set.Each(func(ord int) bool {
		if n := len(out); n == 0 || out[n-1] != a.of[ord] {
			out = append(out, a.of[ord])
		}
		return true
	})
	slices.Sort(out)
	return slices.Compact(out)
}

// Reached lists the areas within so many kilometres of a commune, as the crow
// flies between the points of communes, its own left out.
func (a *Areas) Reached(home int, km float64) []int32 {
	c := a.atlas.Commune(home)
	if !c.HasPoint || km <= 0 {
		return nil
	}
	return slices.DeleteFunc(a.touched(a.atlas.Within(c.Point, km)), func(i int32) bool { return i == a.of[home] })
}
