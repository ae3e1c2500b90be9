package journeys

import "maillage/territories"

// Scan answers for a position by comparing it with every person, one after the
// other, without any index, every distance by the exact formula. It is the
// reference that the index must equal. The sessions are the trainings that may
// close what somebody lacks; other positions among them count for nothing.
func (r *Rules) Scan(p *Position, people []*Person, sessions []*Position, asOf territories.Date, o Options) Candidates {
	whos := make([]who, len(people))
	for i, x := range people { // first, so that the question knows their occupations
		whos[i] = r.read(x, nil)
	}
	q := r.ask(p, asOf, r.newSchool(sessions), nil)
	q.exact, q.untaught = true, o.Untaught
	var matches, nears []rank
	for i, x := range people {
		w := &whos[i]
		if o.Employer != 0 && x.Employer != o.Employer {
			continue
		}
		read := q.reading(w)
		v := q.judge(w, &read)
		k := r.rankOf(p.ID, w.id, w.more, v.score, uint32(i))
		switch {
		case v.matches():
			matches = append(matches, k)
		case v.near():
			nears = append(nears, k)
		}
	}
	total := len(matches)
	matches, nears = best(matches, o.Limit), nearest(nears, o)
	var c Candidates
	q.answer(&c, total, matches, nears, o, func(at uint32) *who { return &whos[at] })
	return c
}

// nearest keeps the near misses that are asked for.
func nearest(nears []rank, o Options) []rank {
	if o.Near <= 0 {
		return nil
	}
	return best(nears, o.Near)
}

// answer explains what is returned, and only that, in the room of the answer before.
func (q *question) answer(c *Candidates, total int, matches, nears []rank, o Options, at func(uint32) *who) {
	*c = Candidates{Position: q.p.ID, AsOf: q.asOf.date(), Version: Version, History: q.history, ToSpecify: len(q.targets) == 0, Total: total,
		Matches: roomFor(c.Matches, len(matches)), Near: make([]Near, len(nears)), room: c.room}
	each := q.asks()
	if !o.Brief {
		c.room = roomFor(c.room, len(matches)*each)
	}
	for i := range matches {
		w := at(matches[i].at)
		r := q.reading(w)
		v := q.judge(w, &r)
		c.Matches[i] = q.match(w, &r, &v, findingsAt(c.room, i, each, o))
	}
	for i := range nears {
		w := at(nears[i].at)
		r := q.reading(w)
		v := q.judge(w, &r)
		c.Near[i] = q.nearMiss(w, &r, &v, o)
	}
}

// roomFor gives n things, in the room given when there is enough.
func roomFor[T any](room []T, n int) []T {
	if room != nil && cap(room) >= n {
		return room[:n]
	}
	return make([]T, n)
}
