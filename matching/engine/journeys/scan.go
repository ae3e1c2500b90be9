package journeys

import "maillage/territories"

// Scan answers for a position by comparing it with every person, one after the
// other, without any index, every distance by the exact formula. It is the
// reference that the index must equal. The sessions are the trainings that may
// close what somebody lacks; other positions among them count for nothing.
func (r *Rules) Scan(p *Position, people []*Person, sessions []*Position, asOf territories.Date, o Options) Candidates {
	q := r.ask(p, asOf, r.newSchool(sessions), nil)
	q.exact = true
	whos, verdicts := make([]who, len(people)), make([]verdict, len(people))
	var matches, nears []rank
	for i, x := range people {
		whos[i] = r.read(x, nil)
		w := &whos[i]
		if o.Employer != 0 && x.Employer != o.Employer {
			continue
		}
		verdicts[i] = q.judge(w)
		k := r.rankOf(p.ID, w.id, w.more, verdicts[i].score, uint32(i))
		switch v := &verdicts[i]; {
		case v.matches():
			matches = append(matches, k)
		case v.near():
			nears = append(nears, k)
		}
	}
	total := len(matches)
	matches, nears = best(matches, o.Limit), nearest(nears, o)
	return q.answer(total, matches, nears, o, func(at uint32) (*who, verdict) { return &whos[at], verdicts[at] })
}

// nearest keeps the near misses that are asked for.
func nearest(nears []rank, o Options) []rank {
	if o.Near <= 0 {
		return nil
	}
	return best(nears, o.Near)
}

// answer explains what is returned, and only that.
func (q *question) answer(total int, matches, nears []rank, o Options, at func(uint32) (*who, verdict)) Candidates {
	c := Candidates{Position: q.p.ID, AsOf: q.asOf.date(), Version: Version, History: q.history,
		ToSpecify: len(q.targets) == 0, Total: total, Matches: make([]Match, len(matches)), Near: make([]Near, len(nears))}
	room := rooms(len(matches), q.asks(), o)
	for i := range matches {
		w, v := at(matches[i].at)
		c.Matches[i] = q.match(w, &v, room(i))
	}
	for i := range nears {
		w, v := at(nears[i].at)
		c.Near[i] = q.nearMiss(w, &v, o)
	}
	return c
}
