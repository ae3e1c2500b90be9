package territories

import (
	"fmt"
	"slices"
)

// Verdict is what a new list of communes does to a stored perimeter.
type Verdict string

// The verdicts, from the least to the most serious.
const (
	Renamed Verdict = "renamed" // other codes, the same ground: communes merged or changed code
	Altered Verdict = "altered" // other ground: what the expression names has moved
	Split   Verdict = "split"   // a commune it names is shared out: a person decides
	Refused Verdict = "refused" // it no longer compiles: a code it names is gone
)

// Revision is one stored perimeter that a new vintage, or the time since a
// date, changes.
type Revision struct {
	Expr     Expr
	Verdict  Verdict
	Before   int           // communes before
	After    int           // communes after
	Gone     []CommuneCode // in the set before, not after
	Come     []CommuneCode // in the set after, not before
	Shared   []CommuneCode // communes of the set before whose place several hold now
	Err      error         // why it is refused
	Proposal Expr          // with the codes of today, when each code that is gone has one heir
	Proposed bool
}

// Revise is the dry run before a vintage is loaded: it lists, in their order,
// the stored expressions whose set of communes would change from one atlas to
// another, and says how. Nothing is written; the caller applies what a person
// agrees to, above all where a commune was split: a code that goes on over
// less ground is a change too.
func Revise(from, to *Atlas, stored []Expr) ([]Revision, error) {
	var out []Revision
	for _, e := range stored {
		p, err := from.Compile(e)
		if err != nil {
			return nil, fmt.Errorf("revise perimeter %s: %w", e, err)
		}
		r, changed, err := to.compare(e, from.Codes(p.Set), from.vintage)
		if err != nil {
			return nil, fmt.Errorf("revise perimeter %s: %w", e, err)
		}
		if changed {
			out = append(out, r)
		}
	}
	return out, nil
}

// ReviseSince lists the expressions whose set of communes has changed since a
// date, from what they named then.
func (a *Atlas) ReviseSince(on Date, stored []Expr) ([]Revision, error) {
	v, err := a.view(on)
	if err != nil {
		return nil, fmt.Errorf("revise perimeters: %w", err)
	}
	var out []Revision
	for _, e := range stored {
		s, err := a.evalThen(v, e.node())
		if err != nil {
			return nil, fmt.Errorf("revise perimeter %s: %w", e, err)
		}
		var then []CommuneCode
		s.Each(func(ord int) bool { then = append(then, v.codes[ord]); return true })
		r, changed, err := a.compare(e, then, on)
		if err != nil {
			return nil, fmt.Errorf("revise perimeter %s: %w", e, err)
		}
		if changed {
			out = append(out, r)
		}
	}
	return out, nil
}

// compare says what an expression that gave those codes on a date gives now.
func (a *Atlas) compare(e Expr, before []CommuneCode, on Date) (Revision, bool, error) {
	h, err := a.history()
	if err != nil {
		return Revision{}, false, err
	}
	r := Revision{Expr: e, Before: len(before)}
	var expected builder
	for _, c := range before {
		heirs := h.follow([]CommuneCode{c}, on, Date{})
		if len(heirs) > 1 {
			r.Shared = append(r.Shared, c)
		}
		for _, heir := range heirs {
			if ord, ok := a.ordinals[heir]; ok {
				expected.add(int(ord))
			}
		}
	}
	p, err := a.Compile(e)
	if err != nil {
		r.Verdict, r.Err, r.Gone = Refused, err, before
		r.Proposal, r.Proposed = a.propose(h, e.node(), on)
		if len(r.Shared) > 0 {
			r.Verdict, r.Proposed = Split, false
		}
		return r, true, nil
	}
	after := a.Codes(p.Set)
	r.After, r.Gone, r.Come = len(after), without(before, after), without(after, before)
	carried := expected.set()
	if len(r.Gone) == 0 && len(r.Come) == 0 && carried.Equal(p.Set) {
		return r, false, nil
	}
	r.Verdict = a.verdict(h, &r, carried, p.Set)
	return r, true, nil
}

// verdict weighs a change. A split that stays inside (the département of a
// commune restored) is a change of codes; one that the perimeter cuts through
// is for a person.
func (a *Atlas) verdict(h *history, r *Revision, expected, now *Set) Verdict {
	if expected.Equal(now) {
		return Renamed
	}
	for _, c := range r.Shared {
		for _, heir := range h.heirsNow(c) {
			if ord, ok := a.ordinals[heir]; ok && !now.Contains(int(ord)) {
				return Split
			}
		}
	}
	return Altered
}

// heirsNow is who holds in the vintage any part of what a code ever held.
func (h *history) heirsNow(c CommuneCode) []CommuneCode {
	var out []CommuneCode
	for _, s := range h.steps[c] {
		out = append(out, h.follow(s.to, s.on, Date{})...)
	}
	return out
}

// propose writes an expression again with the heirs of the communes that are
// gone, or gives up where there are several.
func (a *Atlas) propose(h *history, n *node, on Date) (Expr, bool) {
	heir := func(c CommuneCode) (CommuneCode, bool) {
		if _, ok := a.Ordinal(c); ok {
			return c, true
		}
		if len(h.lives[c]) == 0 {
			return "", false
		}
		to := h.current(c, on, h.holders(c, on))
		return append(to, "")[0], len(to) == 1
	}
	switch n.op {
	case opTerritory, opNeighbours:
		if n.ref.Kind != KindCommune {
			_, known := a.of(n.ref)
			return Expr{n}, known
		}
		c, ok := heir(CommuneCode(n.ref.Code))
		if n.op == opNeighbours {
			return NeighboursOf(Ref{KindCommune, string(c)}), ok
		}
		return In(Ref{KindCommune, string(c)}), ok
	case opRadius:
		if n.centre == "" {
			return Expr{n}, true
		}
		c, ok := heir(n.centre)
		return RadiusOf(c, n.km), ok
	case opAny, opBoth, opExcept:
		return a.proposeAll(h, n, on)
	}
	return Expr{n}, true
}

func (a *Atlas) proposeAll(h *history, n *node, on Date) (Expr, bool) {
	kids := make([]Expr, len(n.kids))
	for i, k := range n.kids {
		e, ok := a.propose(h, k.node(), on)
		if !ok {
			return Expr{}, false
		}
		kids[i] = e
	}
	switch n.op {
	case opAny:
		return AnyOf(kids...), true
	case opBoth:
		return BothOf(kids...), true
	}
	return Except(kids[0], kids[1]), true
}

// without lists what is in x and not in y, both sorted.
func without(x, y []CommuneCode) []CommuneCode {
	var out []CommuneCode
	for _, c := range x {
		if _, found := slices.BinarySearch(y, c); !found {
			out = append(out, c)
		}
	}
	return out
}
