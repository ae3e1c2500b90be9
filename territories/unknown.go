package territories

import (
	"errors"
	"fmt"
	"strings"

	"github.com/paulmach/orb"
)

// ErrNoPoint is for a radius around a commune whose point is not published.
var ErrNoPoint = errors.New("no representative point is published for this commune: a radius needs one")

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
	for i, h := range e.Nearest {
		sep := ", "
		if i == 0 {
			sep = "; the nearest: "
		}
		fmt.Fprintf(&b, "%s%s (%s)", sep, h.Ref, h.Name)
	}
	return b.String()
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
