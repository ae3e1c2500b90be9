package placement

import "maillage/opportunities"

// headOf is a position of which so many people were hired: one whose places are all
// taken can no longer be taken, however long its publication still runs. Package
// people, which must not know this one, refuses by the same count to ask about it.
func (s *Service) headOf(l *opportunities.Lot, hired int) Head {
	h := s.head(l)
	h.Filled = h.Open && hired >= max(1, l.Posts)
	h.Open = h.Open && !h.Filled
	return h
}

// head is a position that the dresser has read the proposals of.
func (d *dresser) head(l *opportunities.Lot) Head { return d.s.headOf(l, hiredAmong(d.there[l.ID])) }

func hiredAmong(there []*Proposal) (n int) {
	for _, p := range there {
		if p.State == Hired {
			n++
		}
	}
	return n
}
