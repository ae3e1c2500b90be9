package journeys

import (
	"cmp"
	"slices"

	"maillage/territories"
)

// ScanPositions answers for a person by comparing them with every position.
func (r *Rules) ScanPositions(p *Person, positions []*Position, asOf territories.Date, o Options) Prospects {
	w, s := r.read(p, nil), r.newSchool(positions)
	h := prizes{r: r, w: &w, s: s, o: o, asOf: asOf, exact: true}
	for _, x := range positions {
		if o.leaves(x, asOf) {
			continue
		}
		h.judge(x)
	}
	return h.answer()
}

// leaves tells a position that is not asked for.
func (o Options) leaves(p *Position, asOf territories.Date) bool {
	if len(o.Kinds) > 0 && !slices.Contains(o.Kinds, cmp.Or(p.Kind, Job)) {
		return true
	}
	return p.history(asOf) && (!o.PassedToo || !o.Since.IsZero() && p.closed().Before(o.Since))
}

// prizes are the positions found for a person.
type prizes struct {
	r              *Rules
	w              *who
	s              *school
	o              Options
	asOf           territories.Date
	exact          bool
	room           []float64
	matches, nears []prize
}

// prize is a position with what ranks it.
type prize struct {
	p *Position
	v verdict
	k prizeRank
}

// prizeRank orders by score, then the first to close or begin, then the draw.
type prizeRank struct {
	score int
	until day
	draw  uint64
	id    PositionID
}

// judge keeps a position that suits, or nearly.
func (h *prizes) judge(p *Position) {
	q := h.ask(p)
	r := q.reading(h.w)
	v := q.judge(h.w, &r)
	q.clean()
	switch {
	case v.matches():
		h.matches = append(h.matches, prize{p, v, h.rank(p, v.score)})
	case h.o.Near > 0 && v.near():
		h.nears = append(h.nears, prize{p, v, h.rank(p, v.score)})
	}
}

// ask prepares one position; what it wrote in the room must be cleaned.
func (h *prizes) ask(p *Position) question {
	q := h.r.ask(p, h.asOf, h.s, h.room)
	q.exact, h.room = h.exact, q.values
	return q
}

func (h *prizes) rank(p *Position, score int) prizeRank {
	k := prizeRank{score: score, until: noWait, draw: h.r.draw(p.ID, h.w.id), id: p.ID}
	for _, d := range [2]territories.Date{p.Deadline, p.StartsOn} {
		if n := dayOf(d); n != noDay {
			k.until = min(k.until, n)
		}
	}
	return k
}

func comparePrizes(a, b prize) int {
	return cmp.Or(b.k.score-a.k.score, cmp.Compare(a.k.until, b.k.until), cmp.Compare(a.k.draw, b.k.draw), cmp.Compare(a.k.id, b.k.id))
}

func (h *prizes) answer() Prospects {
	slices.SortFunc(h.matches, comparePrizes)
	slices.SortFunc(h.nears, comparePrizes)
	total := len(h.matches)
	if h.o.Limit > 0 {
		h.matches = h.matches[:min(h.o.Limit, total)]
	}
	h.nears = h.nears[:min(h.o.Near, len(h.nears))]
	out := Prospects{Person: h.w.id, AsOf: h.asOf, Version: Version, ToSpecify: len(h.w.occs) == 0, Total: total,
		Matches: make([]Match, len(h.matches)), Near: make([]Near, len(h.nears))}
	for i := range h.matches {
		q := h.ask(h.matches[i].p)
		r := q.reading(h.w)
		out.Matches[i] = q.match(h.w, &r, &h.matches[i].v, h.findings(&q))
		q.clean()
	}
	for i := range h.nears {
		q := h.ask(h.nears[i].p)
		r := q.reading(h.w)
		out.Near[i] = q.nearMiss(h.w, &r, &h.nears[i].v, h.o)
		q.clean()
	}
	return out
}

// findings makes room for those of one position; nil when they aren't wanted.
func (h *prizes) findings(q *question) []Finding {
	if h.o.Brief {
		return nil
	}
	return make([]Finding, 0, q.asks())
}
