package territories

import (
	"fmt"
	"runtime"
	"sync"
	"weak"
)

// Perimeter is an expression compiled against one vintage. Two expressions of
// equal canonical text are the same Perimeter as long as one is in use, so
// that pointers and identifiers can be compared. It is immutable.
type Perimeter struct {
	ID         uint32 // of this process only: never store it
	Expr       Expr
	Text       string
	Set        *Set
	Population int64
}

// pool interns the perimeters in use. It holds them weakly: the perimeters of
// passing searches go away with them.
type pool struct {
	mu   sync.Mutex
	last uint32
	held map[string]weak.Pointer[Perimeter]
}

func newPool() *pool {
	return &pool{held: map[string]weak.Pointer[Perimeter]{}}
}

func (p *pool) get(text string) *Perimeter {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.held[text].Value()
}

// put keeps the first perimeter compiled for a text, whoever else compiled it
// at the same time.
func (p *pool) put(e Expr, s *Set, population int64) *Perimeter {
	p.mu.Lock()
	defer p.mu.Unlock()
	if have := p.held[e.String()].Value(); have != nil {
		return have
	}
	p.last++
	made := &Perimeter{ID: p.last, Expr: e, Text: e.String(), Set: s, Population: population}
	p.held[made.Text] = weak.Make(made)
	runtime.AddCleanup(made, p.forget, made.Text)
	return made
}

// forget drops the entry of a perimeter nobody uses any more, unless it was
// compiled again meanwhile.
func (p *pool) forget(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.held[text].Value() == nil {
		delete(p.held, text)
	}
}

// Compile gives the communes of an expression in this vintage. Unknown codes
// are refused with the nearest names (*UnknownError); what the facts cannot
// tell (an EPCI on a date whose members are not published, neighbours without
// a mesh) is refused too, never approximated.
func (a *Atlas) Compile(e Expr) (*Perimeter, error) {
	if have := a.interned.get(e.String()); have != nil {
		return have, nil
	}
	if err := e.Check(); err != nil {
		return nil, fmt.Errorf("compile perimeter: %w", err)
	}
	s, err := a.eval(e.node())
	if err != nil {
		return nil, fmt.Errorf("compile perimeter: %w", err)
	}
	return a.interned.put(e, s, a.Population(s)), nil
}

// CompileText is Compile of an expression as it is stored; the text must be one.
func (a *Atlas) CompileText(text string) (*Perimeter, error) {
	e, err := ParseExpr([]byte(text))
	if err != nil {
		return nil, err
	}
	return a.Compile(e)
}

// eval computes the set of a node against the current vintage.
func (a *Atlas) eval(n *node) (*Set, error) {
	switch n.op {
	case opEverywhere:
		return a.all, nil
	case opTerritory:
		return a.Of(n.ref)
	case opNeighbours:
		return a.neighbours(n.ref)
	case opRadius, opPolygon:
		return a.evalShape(n)
	case opAny, opBoth, opExcept:
		return combineSets(n, a.eval)
	case opOn:
		return a.evalOn(n)
	}
	return &Set{}, nil
}

func (a *Atlas) evalShape(n *node) (*Set, error) {
	var b builder
	if n.op == opPolygon {
		for _, p := range n.shape {
			a.near.inside(p, &b)
		}
		return b.set(), nil
	}
	centre := n.point
	if n.centre != "" {
		p, err := a.centre(n.centre)
		if err != nil {
			return nil, err
		}
		centre = p
	}
	a.near.within(centre, n.km, &b)
	return b.set(), nil
}

// combineSets applies any, both and except to what eval gives for each child.
func combineSets(n *node, eval func(*node) (*Set, error)) (*Set, error) {
	if n.op == opAny {
		var b builder
		for _, k := range n.kids {
			s, err := eval(k.node())
			if err != nil {
				return nil, err
			}
			b.or(s)
		}
		return b.set(), nil
	}
	out, err := eval(n.kids[0].node())
	if err != nil {
		return nil, err
	}
	for _, k := range n.kids[1:] {
		s, err := eval(k.node())
		if err != nil {
			return nil, err
		}
		if n.op == opBoth {
			out = out.And(s)
		} else {
			out = out.AndNot(s)
		}
	}
	return out, nil
}
