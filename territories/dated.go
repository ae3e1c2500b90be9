package territories

import (
	"fmt"
	"slices"
	"sync"
	"time"
)

// view is the list of communes on a date. Its ordinals are its own.
type view struct {
	on       Date
	codes    []CommuneCode
	ordinals map[CommuneCode]uint32
	heirs    [][]uint32      // by ordinal of the view: who holds the place in the vintage
	held     [][]uint32      // by ordinal of the vintage: the communes of the view it holds
	deps     map[string]*Set // by the département that the codes name
	all      *Set
}

// views keeps the last dates asked: perimeters are pinned to few.
type views struct {
	mu   sync.Mutex
	kept []*view
}

const viewsKept = 8

// view builds the list of a date, or gives the one kept.
func (a *Atlas) view(on Date) (*view, error) {
	a.views.mu.Lock()
	defer a.views.mu.Unlock()
	for i, v := range a.views.kept {
		if v.on == on {
			copy(a.views.kept[1:i+1], a.views.kept[:i])
			a.views.kept[0] = v
			return v, nil
		}
	}
	v, err := a.newView(on)
	if err != nil {
		return nil, err
	}
	a.views.kept = slices.Insert(a.views.kept, 0, v)
	a.views.kept = a.views.kept[:min(len(a.views.kept), viewsKept)]
	return v, nil
}

func (a *Atlas) newView(on Date) (*view, error) {
	h, err := a.historyOn(on)
	if err != nil {
		return nil, fmt.Errorf("list communes on %s: %w", on, err)
	}
	v := &view{on: on, codes: h.communes(on), held: make([][]uint32, len(a.communes))}
	if len(v.codes) > maxWords*64 {
		return nil, fmt.Errorf("%d communes on %s, at most %d fit", len(v.codes), on, maxWords*64)
	}
	v.ordinals, v.heirs = make(map[CommuneCode]uint32, len(v.codes)), make([][]uint32, len(v.codes))
	var all builder
	deps := map[string][]uint32{}
	for i, c := range v.codes {
		v.ordinals[c] = uint32(i)
		all.add(i)
		deps[c.Departement()] = append(deps[c.Departement()], uint32(i))
		for _, heir := range h.follow(v.codes[i:i+1:i+1], on, Date{}) {
			ord := a.ordinals[heir]
			v.heirs[i] = append(v.heirs[i], ord)
			v.held[ord] = append(v.held[ord], uint32(i))
		}
	}
	v.all, v.deps = all.set(), make(map[string]*Set, len(deps))
	for d, ords := range deps {
		v.deps[d] = fromSorted(ords)
	}
	return v, nil
}

// today gives the communes of the vintage that hold the place of a set of the
// view, whole or in part.
func (v *view) today(s *Set) *Set {
	var b builder
	s.Each(func(ord int) bool {
		for _, o := range v.heirs[ord] {
			b.add(int(o))
		}
		return true
	})
	return b.set()
}

// then gives the communes of the view whose place is held, whole or in part,
// by a set of the vintage.
func (v *view) then(s *Set) *Set {
	var b builder
	s.Each(func(ord int) bool {
		for _, o := range v.held[ord] {
			b.add(int(o))
		}
		return true
	})
	return b.set()
}

// evalOn computes what an expression named on its date, then who holds it
// today. The whole algebra is done among the communes of the date: taking out
// a commune that has merged since must not take out those it merged with.
func (a *Atlas) evalOn(n *node) (*Set, error) {
	v, err := a.view(n.on)
	if err != nil {
		return nil, err
	}
	s, err := a.evalThen(v, n.kids[0].node())
	if err != nil {
		return nil, err
	}
	return v.today(s), nil
}

// evalThen is eval among the communes of a date. Points and neighbours are
// those of the vintage: a commune of then is there when a holder of its place
// is.
func (a *Atlas) evalThen(v *view, n *node) (*Set, error) {
	switch n.op {
	case opEverywhere:
		return v.all, nil
	case opTerritory:
		return a.ofThen(v, n.ref)
	case opRadius, opPolygon, opNeighbours, opOn:
		s, err := a.eval(n)
		return v.then(s), err
	case opAny, opBoth, opExcept:
		return combineSets(n, func(k *node) (*Set, error) { return a.evalThen(v, k) })
	}
	return &Set{}, nil
}

// regions2016 is the day the régions of today replaced the former ones.
var regions2016 = Date{2016, time.January, 1}

// ofThen is the communes of a territory on a date. What was not published for
// that date is refused: the members of EPCI and EPT and the postal codes are
// known at one date only.
func (a *Atlas) ofThen(v *view, r Ref) (*Set, error) {
	refuse := func(fr, en string) (*Set, error) { return nil, &DatedError{r, v.on, Reason{fr, en}} }
	switch r.Kind {
	case KindCommune, KindArrondissement:
		return a.communeThen(v, r)
	case KindDepartement:
		return a.departementThen(v, r)
	case KindRegion:
		if v.on.Before(regions2016) {
			return refuse("les régions actuelles existent depuis 2016 ; avant, nommez une ancienne région (region2015)",
				"the régions of today exist since 2016-01-01; name region2015 before")
		}
		return a.unionThen(v, r, a.departementsOf(r.Code))
	case KindRegion2015, KindFederation2012:
		deps, ok := a.unions[r]
		if !ok {
			return nil, a.unknown(r)
		}
		return a.unionThen(v, r, deps)
	}
	if _, ok := a.of(r); !ok {
		return nil, a.unknown(r)
	}
	if !v.on.Before(a.membership) {
		s, err := a.Of(r)
		return v.then(s), err
	}
	return refuse("ses communes ne sont connues que depuis le "+dateFR(a.membership), "its communes are known only since "+a.membership.String())
}

func (a *Atlas) communeThen(v *view, r Ref) (*Set, error) {
	code := CommuneCode(r.Code)
	if p, ok := a.Arrondissement(code); ok {
		code = p.Commune
	}
	ord, ok := v.ordinals[code]
	if !ok {
		res := a.Resolve(code, v.on)
		return nil, &DatedError{Ref{KindCommune, string(code)}, v.on, res.Reason}
	}
	return SetOf(ord), nil
}

// departementThen reads the département in the codes of the date: the Seine
// (75) before 1968, Corsica (20) before 1976.
func (a *Atlas) departementThen(v *view, r Ref) (*Set, error) {
	if s, ok := a.rhone(r.Code); ok {
		if v.on.Before(Date{2015, time.January, 1}) {
			return nil, &DatedError{r, v.on, Reason{"la Métropole de Lyon n'existe que depuis le 1er janvier 2015", "the Métropole de Lyon left the Rhône on 2015-01-01"}}
		}
		return v.then(s), nil
	}
	s, ok := v.deps[r.Code]
	if !ok {
		return nil, a.unknown(r)
	}
	return s, nil
}

// unionThen unites départements. Corsica was one, 20, before 1976.
func (a *Atlas) unionThen(v *view, r Ref, deps []string) (*Set, error) {
	if len(deps) == 0 {
		return nil, a.unknown(r)
	}
	var b builder
	for _, d := range deps {
		b.or(v.deps[d])
		if d == "2A" {
			b.or(v.deps["20"])
		}
	}
	return b.set(), nil
}

func (a *Atlas) departementsOf(region string) []string {
	var out []string
	for _, d := range a.departements {
		if d.Region == region {
			out = append(out, d.Code)
		}
	}
	return out
}
