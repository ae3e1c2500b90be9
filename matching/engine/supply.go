package engine

import (
	"cmp"
	"slices"

	"maillage/nomenclatures"
	"maillage/territories"
)

// trade is who does a sector, and who does something near it.
type trade struct {
	does    []offer // close enough to be taken for it
	sibling []offer // near enough to be spoken of
}

// offer is one activity of an enterprise that can be proposed.
type offer struct {
	e     *Enterprise
	a     *Activity
	close float64
}

func (o offer) assumed() bool { return o.a.AssumedTrade || o.a.AssumedZone }

// offering says that an enterprise can be proposed at all.
func offering(e *Enterprise) bool { return e.Active && e.Reachable != No }

// tradeOf sorts the enterprises by how close they are to a sector, with the
// thresholds of the gate.
func (s *surveyor) tradeOf(sector nomenclatures.Sector) *trade {
	if t := s.trades[sector]; t != nil {
		return t
	}
	info, _ := nomenclatures.LookupSector(sector)
	t, near := &trade{}, map[nomenclatures.Code]float64{}
	for _, e := range s.v.everyEnterprise() {
		if !offering(e) {
			continue
		}
		for i := range e.Activities {
			t.put(offer{e, &e.Activities[i], closest(&e.Activities[i], sector.Code(), near)}, info.Staffing)
		}
	}
	s.trades[sector] = t
	return t
}

// closest is how close an activity is to a sector; what was compared is remembered.
func closest(a *Activity, sector nomenclatures.Code, near map[nomenclatures.Code]float64) (best float64) {
	for _, c := range a.Codes {
		v, known := near[c]
		if !known {
			_, v = nomenclatures.Closeness(c, sector)
			near[c] = v
		}
		best = max(best, v)
	}
	return best
}

// put files an offer. Lending people is the trade of lenders, whatever their
// occupations.
func (t *trade) put(o offer, staffing bool) {
	if o.a.Zone == nil || len(o.a.Codes) == 0 {
		return
	}
	if staffing && lends(o.e, o.a) {
		o.close = max(o.close, lentAnyTrade)
	}
	switch {
	case o.close >= closeEnough:
		t.does = append(t.does, o)
	case o.close >= nearEnough:
		t.sibling = append(t.sibling, o)
	}
}

// supply is what is offered in a territory.
type supply struct {
	covered, supposed float64
	sure, assumed     int
}

// supply joins the zones of those who do a sector, and measures what is left of
// the territory.
func (s *surveyor) supply(sector nomenclatures.Sector, area *surveyed) (out supply) {
	sure, all := area.set, area.set // what is left to cover
	counted := map[*Enterprise]bool{}
	for _, o := range s.tradeOf(sector).does {
		if !o.a.Zone.Set.Intersects(area.set) {
			continue
		}
		counted[o.e] = counted[o.e] || !o.assumed()
		all = all.AndNot(o.a.Zone.Set)
		if !o.assumed() {
			sure = sure.AndNot(o.a.Zone.Set)
		}
	}
	out.sure, out.assumed = told(counted)
	out.covered, out.supposed = s.coveredShare(area, sure), s.coveredShare(area, all)
	return out
}

// able counts, of those who do a hole's trade there, who could answer one of the lots that wait.
func (s *surveyor) able(h *Hole, area *surveyed, open []question) (sure, assumed int) {
	counted := map[*Enterprise]bool{}
	for _, o := range s.tradeOf(h.Sector).does {
		if o.a.Zone.Set.Intersects(area.set) && s.could(o, open) {
			counted[o.e] = counted[o.e] || !o.assumed()
		}
	}
	return told(counted)
}

// told counts enterprises by whether what they do is known.
func told(counted map[*Enterprise]bool) (sure, assumed int) {
	for _, known := range counted {
		if known {
			sure++
		} else {
			assumed++
		}
	}
	return sure, assumed
}

// waiting are the lots of a hole that nobody answers for sure; all of them where each is answered
// and too few people are covered.
func (s *surveyor) waiting(h *Hole) (open []question) {
	ids := slices.Concat(h.Unmet, h.Unsure)
	if len(ids) == 0 {
		ids = h.Demand.Lots
	}
	for _, id := range ids {
		if lot, ok := s.v.Lot(id); ok {
			open = append(open, s.r.ask(lot, s.asOf))
		}
	}
	return open
}

// could says that an activity is done in a way that one of the lots accepts, by an enterprise that
// its reservation admits: what neither a wider zone nor a trade that is confirmed would change.
func (s *surveyor) could(o offer, open []question) bool {
	return slices.ContainsFunc(open, func(q question) bool { return q.mode(o.a.Modes).state != missed && q.reserved(o.e).state != missed })
}

// coveredShare is the share of a territory that is not left.
func (s *surveyor) coveredShare(area *surveyed, left *territories.Set) float64 {
	if area.people == 0 {
		return 1 - float64(left.Len())/float64(area.set.Len())
	}
	return 1 - float64(s.r.atlas.Population(left))/float64(area.people)
}

// toSpecify counts the enterprises that cover some of a territory and whose trade
// nobody has said: one of them may be the answer.
func (s *surveyor) toSpecify(area *surveyed) int {
	if area.toSpecify >= 0 {
		return area.toSpecify
	}
	area.toSpecify = 0
	for _, e := range s.nameless {
		if slices.ContainsFunc(e.Activities, func(a Activity) bool { return a.Zone != nil && a.Zone.Set.Intersects(area.set) }) {
			area.toSpecify++
		}
	}
	return area.toSpecify
}

// everyLot lists the lots by number.
func (v *View) everyLot() (out []*Lot) {
	for i := range v.lots.n {
		if p := *v.lots.at(i); p != nil {
			out = append(out, p.lot)
		}
	}
	slices.SortFunc(out, func(a, b *Lot) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// everyEnterprise lists the enterprises by number.
func (v *View) everyEnterprise() (out []*Enterprise) {
	for i := range v.enterprises.n {
		if e := *v.enterprises.at(i); e != nil {
			out = append(out, e)
		}
	}
	slices.SortFunc(out, func(a, b *Enterprise) int { return cmp.Compare(a.ID, b.ID) })
	return out
}
