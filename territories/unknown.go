package territories

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/paulmach/orb"
)

// ErrNoPoint is for a radius around, or the neighbours of, a commune whose
// point is not published.
var ErrNoPoint = errors.New("no representative point is published for this place")

// ErrNoMesh is for neighbours asked of an atlas that has no adjacency.
var ErrNoMesh = errors.New("which communes touch is not known: this atlas has no mesh")

// UnknownError is a code that names nothing in this vintage, with what was
// perhaps meant.
type UnknownError struct {
	Ref     Ref
	Held    []CommuneCode // a commune that is no more: who holds its place now
	Nearest []Hit         // territories of a near code or of the same code in another kind
}

func (e *UnknownError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s names no current territory", e.Ref)
	if len(e.Held) > 0 {
		fmt.Fprintf(&b, "; its place is held by %s", joinCodes(e.Held))
	}
	return b.String() + listHits("; the nearest: ", e.Nearest)
}

func joinCodes(codes []CommuneCode) string {
	out := make([]string, len(codes))
	for i, c := range codes {
		out[i] = string(c)
	}
	return strings.Join(out, ", ")
}

// centre is the point of a commune or of an arrondissement.
func (a *Atlas) centre(c CommuneCode) (orb.Point, error) {
	if p, ok := a.Arrondissement(c); ok {
		return p.Point, nil
	}
	ord, ok := a.Ordinal(c)
	if !ok {
		return orb.Point{}, a.unknown(communeRef(c))
	}
	if !a.communes[ord].HasPoint {
		return orb.Point{}, fmt.Errorf("%s %s: %w", c, a.communes[ord].Name, ErrNoPoint)
	}
	return a.communes[ord].Point, nil
}

// unknown says what a code that names nothing was perhaps meant to be.
func (a *Atlas) unknown(r Ref) error {
	e := &UnknownError{Ref: r}
	if r.Kind == KindCommune || r.Kind == KindArrondissement {
		for _, c := range a.Resolve(CommuneCode(r.Code), a.vintage).Current {
			e.Held = append(e.Held, c.Code)
		}
	}
	e.Nearest = a.nearest(r)
	return e
}

// nearest proposes at most five territories: the same code in another kind
// first, then the codes of this kind that are one character away (or, when
// none is, those around it), the most populated first.
func (a *Atlas) nearest(r Ref) []Hit {
	const most = 5
	x := a.names()
	var same, near []int32
	for i := range x.entries {
		e := &x.entries[i]
		switch {
		case e.ref.Kind != r.Kind && e.ref.Code == r.Code && !e.history:
			same = append(same, int32(i))
		case e.ref.Kind == r.Kind && withinEdits(e.ref.Code, r.Code, nearCode(r.Kind)):
			near = append(near, int32(i))
		}
	}
	slices.SortStableFunc(near, func(i, j int32) int {
		e, f := &x.entries[i], &x.entries[j]
		return cmp.Or(cmp.Compare(edits(e.ref.Code, r.Code), edits(f.ref.Code, r.Code)), cmp.Compare(f.pop, e.pop))
	})
	out := make([]Hit, 0, most)
	for _, id := range append(same, near...) {
		if len(out) < most {
			out = append(out, x.hit(id))
		}
	}
	return out
}

// nearCode is how many characters of a code may be wrong: the long ones and
// the names of the federation's regions bear more.
func nearCode(k Kind) int {
	switch k {
	case KindEPCI, KindEPT:
		return 2
	case KindFederation2012:
		return 4
	}
	return 1
}
