package engine

import (
	"cmp"
	"slices"
	"time"
)

// Scan answers for a lot by comparing it with every enterprise, one after the
// other, without any index. It is the reference that the index must equal.
func (r *Rules) Scan(lot *Lot, enterprises []*Enterprise, asOf time.Time, o Options) (c Candidates) {
	q := r.ask(lot, asOf)
	var matches, nears []rival
	var apart []*Enterprise
	for _, e := range enterprises {
		switch v, ok := r.judge(&q, e); {
		case ok && v.matches():
			matches = append(matches, r.rival(lot, e, v))
		case ok && v.near():
			nears = append(nears, r.rival(lot, e, v))
		case unspecified(e) && q.rankable() && r.apart(&q, e):
			apart = append(apart, e)
		}
	}
	slices.SortFunc(matches, compareRivals)
	slices.SortFunc(nears, compareRivals)
	r.answer(&c, &q, matches, nears, apart, len(matches), o)
	return c
}

// rival is an enterprise with what ranks it.
type rival struct {
	e     *Enterprise
	v     verdict
	score int
	last  int64  // when a lot was last proposed to it
	draw  uint64 // settles the rest
}

func (r *Rules) rival(lot *Lot, e *Enterprise, v verdict) rival {
	return rival{e: e, v: v, score: v.score, last: proposedAt(e.LastProposed), draw: r.draw(lot.ID, e.ID)}
}

func proposedAt(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return max(1, t.UnixMicro())
}

// compareRivals ranks by score, then the least recently proposed, then the draw.
func compareRivals(a, b rival) int {
	return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.last, b.last),
		cmp.Compare(a.draw, b.draw), cmp.Compare(a.e.ID, b.e.ID))
}

// answer explains what is returned, and only that. matches and nears are ranked.
func (r *Rules) answer(c *Candidates, q *question, matches, nears []rival, apart []*Enterprise, total int, o Options) {
	*c = Candidates{
		Lot: q.lot.ID, AsOf: q.asOf, Version: Version, History: q.history,
		ToSpecify: !q.rankable(), Total: total, ApartOf: len(apart),
		Matches: c.Matches[:0], Near: []Near{}, Apart: []Apart{}, room: c.room,
	}
	if o.Limit > 0 && len(matches) > o.Limit {
		matches = matches[:o.Limit]
	}
	r.answerMatches(c, q, matches, o)
	for _, m := range nears {
		if len(c.Near) == o.Near {
			break
		}
		if n, ok := r.nearMiss(q, m.e, m.v, o); ok {
			c.Near = append(c.Near, n)
		}
	}
	if o.Apart > 0 {
		c.Apart = r.listApart(q, apart, o.Apart)
	}
}

func (r *Rules) answerMatches(c *Candidates, q *question, matches []rival, o Options) {
	if c.Matches = slices.Grow(c.Matches, len(matches))[:len(matches)]; c.Matches == nil {
		c.Matches = []Match{}
	}
	for i := range matches { // apart from the reasons: its reads go far
		c.Matches[i] = q.head(matches[i].e, matches[i].v)
	}
	if o.Brief {
		return
	}
	t := teller{Rules: r, q: q}
	t.begin(len(matches), c.room)
	for i := range matches {
		c.Matches[i].Findings = t.tell(matches[i].e, &matches[i].v)
	}
	c.room = t.room
}

// listApart lists the nearest first, then by the draw.
func (r *Rules) listApart(q *question, found []*Enterprise, limit int) []Apart {
	out := make([]Apart, 0, len(found))
	for _, e := range found {
		a := Apart{Enterprise: e.ID, Revision: e.Revision}
		if q.placed {
			a.Km, a.HasKm = r.away(e, q.centre)
		}
		out = append(out, a)
	}
	slices.SortFunc(out, func(a, b Apart) int {
		if a.HasKm != b.HasKm {
			if a.HasKm {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.Km, b.Km),
			cmp.Compare(r.draw(q.lot.ID, a.Enterprise), r.draw(q.lot.ID, b.Enterprise)), cmp.Compare(a.Enterprise, b.Enterprise))
	})
	return out[:min(limit, len(out))]
}

// ScanLots answers for an enterprise by comparing it with every lot.
func (r *Rules) ScanLots(e *Enterprise, lots []*Lot, asOf time.Time, o Options) Lots {
	var matches, nears []prize
	for _, lot := range lots {
		q := r.ask(lot, asOf)
		if o.leaves(&q) {
			continue
		}
		switch v, ok := r.judge(&q, e); {
		case ok && v.matches():
			matches = append(matches, r.prize(q, e, v))
		case ok && v.near():
			nears = append(nears, r.prize(q, e, v))
		}
	}
	slices.SortFunc(matches, comparePrizes)
	slices.SortFunc(nears, comparePrizes)
	return r.answerLots(e, asOf, matches, nears, len(matches), o)
}

// prize is a lot with what ranks it for one enterprise.
type prize struct {
	q        question
	v        verdict
	score    int
	deadline int64
	draw     uint64
}

func (r *Rules) prize(q question, e *Enterprise, v verdict) prize {
	p := prize{q: q, v: v, score: v.score, draw: r.draw(q.lot.ID, e.ID), deadline: 1<<63 - 1}
	if !q.lot.Deadline.IsZero() {
		p.deadline = q.lot.Deadline.UnixMicro()
	}
	return p
}

// comparePrizes ranks by score, then the nearest deadline, then the draw.
func comparePrizes(a, b prize) int {
	return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.deadline, b.deadline),
		cmp.Compare(a.draw, b.draw), cmp.Compare(a.q.lot.ID, b.q.lot.ID))
}

func (r *Rules) answerLots(e *Enterprise, asOf time.Time, matches, nears []prize, total int, o Options) Lots {
	l := Lots{
		Enterprise: e.ID, AsOf: asOf, Version: Version, ToSpecify: unspecified(e), Total: total,
		Matches: []Match{}, Near: []Near{},
	}
	if o.Limit > 0 && len(matches) > o.Limit {
		matches = matches[:o.Limit]
	}
	for i := range matches {
		l.Matches = append(l.Matches, r.explain(&matches[i].q, e, matches[i].v, o))
	}
	for i := range nears {
		if len(l.Near) == o.Near {
			break
		}
		if n, ok := r.nearMiss(&nears[i].q, e, nears[i].v, o); ok {
			l.Near = append(l.Near, n)
		}
	}
	return l
}
