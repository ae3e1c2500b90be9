package territories

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// Bounds of an expression: beyond them it is refused, so that no stored or
// posted perimeter can cost more than a fraction of a second.
const (
	MaxDepth    = 16      // nested any, both, except, on
	MaxTerms    = 5_000   // leaves and operators
	MaxDates    = 24      // pins to a date: each list of communes costs some 15 ms
	MaxVertices = 20_000  // of all its polygons
	MaxText     = 1 << 20 // bytes of its JSON
	MaxKm       = 5_000   // of a radius
)

// operator is the form of a node of an expression.
type operator uint8

const (
	opNowhere operator = iota
	opEverywhere
	opTerritory
	opNeighbours
	opRadius
	opPolygon
	opAny
	opBoth
	opExcept
	opOn
)

// Expr is a perimeter expression in its canonical form: flattened, sorted,
// without repetition or needless nesting, so that equal texts are equal
// perimeters and the text can be a key. The zero value is nowhere: a
// forgotten perimeter reaches nobody. An Expr is immutable.
type Expr struct{ n *node }

type node struct {
	op       operator
	ref      Ref              // territory, neighbours
	centre   CommuneCode      // radius around a commune or an arrondissement
	point    orb.Point        // radius around a point
	km       float64          // radius
	shape    orb.MultiPolygon // polygon
	kids     []Expr           // any, both; base then minus; of
	on       Date             // on
	text     string           // canonical JSON
	depth    int
	terms    int
	vertices int
	dates    int
	fault    error // what a constructor was given and should not have been
}

var nowhere = &node{op: opNowhere, text: `{"nowhere":true}`, depth: 1, terms: 1}
var everywhere = &node{op: opEverywhere, text: `{"everywhere":true}`, depth: 1, terms: 1}

func (e Expr) node() *node {
	if e.n == nil {
		return nowhere
	}
	return e.n
}

// String is the canonical JSON of the expression.
func (e Expr) String() string { return e.node().text }

// Equal reports that two expressions have one canonical text.
func (e Expr) Equal(f Expr) bool { return e.String() == f.String() }

// IsNowhere reports the empty perimeter as such; an expression can also be
// empty by what it holds, which only Compile can tell.
func (e Expr) IsNowhere() bool { return e.node().op == opNowhere }

// IsEverywhere reports the whole country.
func (e Expr) IsEverywhere() bool { return e.node().op == opEverywhere }

// Territory gives the one territory the expression names, if it is just that.
func (e Expr) Territory() (Ref, bool) {
	n := e.node()
	return n.ref, n.op == opTerritory
}

// Refs lists the territories that the expression names, repeated or not, in
// the order of its text; those of the radii are communes.
func (e Expr) Refs() []Ref {
	switch n := e.node(); {
	case n.op == opTerritory || n.op == opNeighbours:
		return []Ref{n.ref}
	case n.op == opRadius && n.centre != "":
		return []Ref{communeRef(n.centre)}
	default:
		var out []Ref
		for _, k := range n.kids {
			out = append(out, k.Refs()...)
		}
		return out
	}
}

func communeRef(c CommuneCode) Ref {
	if c.arrondissement() {
		return Ref{KindArrondissement, string(c)}
	}
	return Ref{KindCommune, string(c)}
}

// Nowhere is the empty perimeter.
func Nowhere() Expr { return Expr{nowhere} }

// Everywhere is the whole of the vintage, COM included.
func Everywhere() Expr { return Expr{everywhere} }

// leaf finishes a node without children.
func leaf(n node) Expr {
	n.depth, n.terms = 1, 1
	n.text = n.print()
	return Expr{&n}
}

// In is one territory. An arrondissement given as a commune is named as what
// it is; either stands for its commune.
func In(r Ref) Expr {
	return leaf(node{op: opTerritory, ref: tidy(r), fault: r.check()})
}

// NeighboursOf is what touches a territory and is not it: the neighbouring
// territories of the same kind, whole ("the départements around the Drôme"),
// or for a commune, an arrondissement or a postal code the neighbouring
// communes.
func NeighboursOf(r Ref) Expr {
	return leaf(node{op: opNeighbours, ref: tidy(r), fault: r.check()})
}

func tidy(r Ref) Ref {
	if r.Kind == KindCommune {
		return communeRef(CommuneCode(r.Code))
	}
	return r
}

// RadiusOf is what lies within km kilometres of a commune's (or an
// arrondissement's) representative point, measured as Atlas.Within does. The
// distance counts to the metre.
func RadiusOf(c CommuneCode, km float64) Expr {
	_, err := ParseCommuneCode(string(c))
	n := node{op: opRadius, centre: c, km: round(km, 1e3), fault: err}
	n.checkRadius()
	return leaf(n)
}

// RadiusAt is what lies within km kilometres of a point in degrees; the point
// counts to the millionth of a degree.
func RadiusAt(p orb.Point, km float64) Expr {
	n := node{op: opRadius, point: roundPoint(p), km: round(km, 1e3)}
	if !validPoint(p) {
		n.fault = unread("le point %v n'est pas une longitude de -180 à 180 et une latitude de -90 à 90",
			"the point %v is not a longitude from -180 to 180 and a latitude from -90 to 90", [2]float64(p))
	}
	n.checkRadius()
	return leaf(n)
}

func (n *node) checkRadius() {
	if n.fault == nil && !(n.km >= 0 && n.km <= MaxKm) {
		n.fault = unread("un rayon de %v km : donnez de 0 à %d", "a radius of %v km: give 0 to %d", n.km, MaxKm)
	}
}

// round drops what is below 1/scale, and the sign of zero.
func round(f, scale float64) float64 { return math.Round(f*scale)/scale + 0 }

func roundPoint(p orb.Point) orb.Point { return orb.Point{round(p[0], 1e6), round(p[1], 1e6)} }

// AnyOf is the union; of nothing, it is nowhere.
func AnyOf(es ...Expr) Expr { return combine(opAny, opNowhere, opEverywhere, es) }

// BothOf is the intersection; of nothing, it is everywhere.
func BothOf(es ...Expr) Expr { return combine(opBoth, opEverywhere, opNowhere, es) }

// combine flattens, drops what changes nothing, sorts and merges.
func combine(op, neutral, absorbing operator, es []Expr) Expr {
	var kids []Expr
	for _, e := range es {
		switch n := e.node(); n.op {
		case op:
			kids = append(kids, n.kids...)
		case neutral:
		default:
			kids = append(kids, Expr{n})
		}
	}
	slices.SortFunc(kids, compareText)
	kids = slices.CompactFunc(kids, Expr.Equal)
	for _, k := range kids {
		if k.node().op == absorbing {
			return k
		}
	}
	kids = absorb(op, kids)
	switch len(kids) {
	case 0:
		return map[operator]Expr{opNowhere: Nowhere(), opEverywhere: Everywhere()}[neutral]
	case 1:
		return kids[0]
	}
	return branch(node{op: op, kids: kids})
}

func compareText(e, f Expr) int { return strings.Compare(e.String(), f.String()) }

// absorb drops from a union the intersections (and from an intersection the
// unions) that hold another of its terms: A or (A and B) is A.
func absorb(op operator, kids []Expr) []Expr {
	dual := opBoth
	if op == opBoth {
		dual = opAny
	}
	has := make(map[string]bool, len(kids))
	for _, k := range kids {
		has[k.String()] = true
	}
	return slices.DeleteFunc(kids, func(k Expr) bool {
		n := k.node()
		return n.op == dual && slices.ContainsFunc(n.kids, func(g Expr) bool { return has[g.String()] })
	})
}

// Except is base without minus.
func Except(base, minus Expr) Expr {
	if b := base.node(); b.op == opExcept {
		base, minus = b.kids[0], AnyOf(b.kids[1], minus)
	}
	b, m := base.node(), minus.node()
	switch {
	case b.op == opNowhere || m.op == opNowhere:
		return Expr{b}
	case m.op == opEverywhere || b.text == m.text:
		return Nowhere()
	case m.op == opAny && slices.ContainsFunc(m.kids, base.Equal):
		return Nowhere()
	}
	return branch(node{op: opExcept, kids: []Expr{{b}, {m}}})
}

// On pins an expression to a date: the communes that answered to it then,
// given as those that hold their place today. What a date cannot change
// (nowhere, everywhere, another pin) is left as it is.
func On(d Date, e Expr) Expr {
	switch e.node().op {
	case opNowhere, opEverywhere, opOn:
		return e
	}
	n := node{op: opOn, on: d, dates: 1, kids: []Expr{e}}
	if _, err := ParseDate(d.String()); err != nil {
		n.fault = err
	}
	return branch(n)
}

// branch finishes a node with children.
func branch(n node) Expr {
	n.terms = 1
	for _, k := range n.kids {
		n.depth = max(n.depth, k.node().depth)
		n.terms += k.node().terms
		n.vertices += k.node().vertices
		n.dates += k.node().dates
		if n.fault == nil {
			n.fault = k.node().fault
		}
	}
	n.depth++
	n.text = n.print()
	return Expr{&n}
}

// Check reports what makes the expression unusable: a code of a wrong shape
// given to a constructor, a bound passed. ParseExpr has already checked.
func (e Expr) Check() error {
	n := e.node()
	switch {
	case n.fault != nil:
		return n.fault
	case n.depth > MaxDepth:
		return unread("le périmètre a %d niveaux, au plus %d", "the perimeter is nested %d deep, at most %d", n.depth, MaxDepth)
	case n.terms > MaxTerms:
		return unread("le périmètre a %d termes, au plus %d", "the perimeter has %d terms, at most %d", n.terms, MaxTerms)
	case n.dates > MaxDates:
		return unread("le périmètre est fixé à %d dates, au plus %d", "the perimeter is pinned to %d dates, at most %d", n.dates, MaxDates)
	case n.vertices > MaxVertices:
		return unread("les polygones du périmètre ont %d sommets, au plus %d", "the perimeter's polygons have %d vertices, at most %d", n.vertices, MaxVertices)
	case len(n.text) > MaxText:
		return unread("le texte du périmètre a %d octets, au plus %d", "the perimeter's text has %d bytes, at most %d", len(n.text), MaxText)
	}
	return nil
}

// print writes the canonical JSON of a node from those of its children.
func (n *node) print() string {
	switch n.op {
	case opEverywhere:
		return everywhere.text
	case opTerritory:
		return `{"territory":` + strconv.Quote(n.ref.String()) + `}`
	case opNeighbours:
		return `{"neighbours":` + strconv.Quote(n.ref.String()) + `}`
	case opRadius:
		return `{"radius":{` + n.printCentre() + `,"km":` + decimal(n.km) + `}}`
	case opPolygon:
		return `{"polygon":` + printShape(n.shape) + `}`
	case opAny:
		return `{"any":[` + join(n.kids) + `]}`
	case opBoth:
		return `{"both":[` + join(n.kids) + `]}`
	case opExcept:
		return `{"except":[` + join(n.kids) + `]}`
	case opOn:
		return `{"on":` + strconv.Quote(n.on.String()) + `,"of":` + n.kids[0].String() + `}`
	}
	return nowhere.text
}

func (n *node) printCentre() string {
	if n.centre != "" {
		return `"commune":` + strconv.Quote(string(n.centre))
	}
	return `"lon":` + decimal(n.point[0]) + `,"lat":` + decimal(n.point[1])
}

func decimal(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func join(es []Expr) string {
	texts := make([]string, len(es))
	for i, e := range es {
		texts[i] = e.String()
	}
	return strings.Join(texts, ",")
}
