package publication

import (
	"cmp"
	"slices"
	"strings"

	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
)

// layer is which dimensions of persons a table is cut by. One criterion of public
// at a time: they overlap, so that each is shared out into "in" and "out", and those
// of whom nobody said where there are some.
type layer struct {
	sex, age bool
	public   compute.Public
	unsaid   bool
}

// layers are those of a plan: one, or one for each criterion.
func (p Plan) layers() []layer {
	if !p.Public {
		return []layer{{sex: p.Sex, age: p.Age}}
	}
	list := []layer{{sex: p.Sex, age: p.Age}} // the margins without any criterion
	for _, c := range compute.Publics() {
		list = append(list, layer{sex: p.Sex, age: p.Age, public: c})
	}
	return list
}

func compareLayers(a, b layer) int {
	n := func(x bool) int {
		if x {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(n(a.sex), n(b.sex)), cmp.Compare(n(a.age), n(b.age)), cmp.Compare(a.public, b.public))
}

// person is one cell of the dimensions of persons, by the codes that are published.
type person struct{ sex, age, public string }

const (
	inPublic     = "in:"
	outPublic    = "out:"
	unsaidPublic = "unsaid:"
	unsaidCode   = "unsaid-" // of a release, before the criterion
)

// everybody is the margin of the dimensions of persons.
var everybody = person{total, total, total}

// publicCode is how a release writes what a criterion says.
func publicCode(public string) string {
	if name, is := strings.CutPrefix(public, unsaidPublic); is {
		return unsaidCode + name
	}
	return strings.TrimPrefix(public, inPublic)
}

// ageCodes write the bands so that no spreadsheet takes one for a number below zero.
var ageCodes = map[compute.Age]string{compute.AnyAge: total, compute.Under26: "under-26", compute.From26To49: "26-49", compute.From50: "50-over", compute.AgeUnsaid: "unsaid"}

var sexCodes = map[compute.Sex]string{compute.AnySex: total, compute.Women: "f", compute.Men: "m", compute.SexUnsaid: "unsaid"}

func sexes(cut bool) []compute.Sex {
	if !cut {
		return []compute.Sex{compute.AnySex}
	}
	return []compute.Sex{compute.AnySex, compute.Women, compute.Men, compute.SexUnsaid}
}

func ages(cut bool) []compute.Age {
	if !cut {
		return []compute.Age{compute.AnyAge}
	}
	return []compute.Age{compute.AnyAge, compute.Under26, compute.From26To49, compute.From50, compute.AgeUnsaid}
}

// cell is a cell of persons and the crosses that it is the sum of, less others.
type personCell struct {
	person
	plus, minus []compute.Cross
	margin      []compute.Cross // of everybody of whom it is said, whatever they answer: the first, less the others
	cross       compute.Cross
}

// cells lists those of a layer, the margins included.
func (l layer) cells() (list []personCell) {
	for _, s := range sexes(l.sex) {
		for _, a := range ages(l.age) {
			of := person{sexCodes[s], ageCodes[a], total}
			all := compute.CrossOf(s, a, compute.AnyPublic)
			list = append(list, personCell{of, []compute.Cross{all}, nil, []compute.Cross{all}, all})
			if l.public == compute.AnyPublic {
				continue
			}
			in := compute.CrossOf(s, a, l.public)
			if s != compute.AnySex && a != compute.AnyAge {
				continue // three at once are not counted
			}
			unsaid := compute.CrossOf(s, a, l.public.Unsaid())
			said, out := []compute.Cross{all}, []compute.Cross{in}
			if l.unsaid {
				list = append(list, personCell{person{of.sex, of.age, unsaidPublic + l.public.String()}, []compute.Cross{unsaid}, nil, nil, unsaid})
				said, out = append(said, unsaid), append(out, unsaid)
			}
			list = append(list, personCell{person{of.sex, of.age, inPublic + l.public.String()}, []compute.Cross{in}, nil, said, in},
				personCell{person{of.sex, of.age, outPublic + l.public.String()}, []compute.Cross{all}, out, said, in})
		}
	}
	return list
}

// layerOf finds the layer that a cell needs.
func layerOf(p person) layer {
	l := layer{sex: p.sex != total, age: p.age != total}
	for _, c := range compute.Publics() {
		if strings.HasSuffix(p.public, ":"+c.String()) {
			l.public = c
		}
	}
	return l
}

// covering are the fewest layers that hold all of some.
func covering(all []layer) []layer {
	all = slices.Clone(all)
	slices.SortFunc(all, compareLayers)
	all = slices.Compact(all)
	var kept []layer
	for _, l := range all {
		if !slices.ContainsFunc(all, func(o layer) bool { return o != l && o.holds(l) }) {
			kept = append(kept, l)
		}
	}
	return kept
}

func (l layer) holds(o layer) bool {
	return (l.sex || !o.sex) && (l.age || !o.age) && (o.public == compute.AnyPublic || o.public == l.public)
}

// sensitive tells whether a cell is of a criterion that asks for more persons.
func sensitive(public string) bool {
	_, criterion, _ := strings.Cut(public, ":")
	return catalogue.Public(criterion).Sensitive()
}
