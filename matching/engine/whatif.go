package engine

import (
	"cmp"
	"slices"
	"time"

	"maillage/nomenclatures"
	"maillage/territories"
)

// WhatIf is what an enterprise found over a period, what it nearly found, and
// what each change alone would have brought it.
//
// The period counts the lots that ended since Since and those still open. Calls
// that nobody has published yet are left out. A lot that ended is judged by its
// own date, as [Rules.Scan] does: a status or a certificate must have been valid
// on the day of its deadline.
type WhatIf struct {
	Enterprise EnterpriseID `json:"enterprise"`
	AsOf       time.Time    `json:"as_of"`
	Since      time.Time    `json:"since"`
	Version    string       `json:"engine"`
	ToSpecify  bool         `json:"to_specify"` // no activity says its trade: nothing can be supposed
	Matched    int          `json:"matched"`    // lots of the period that suit it as it is
	Short      int          `json:"short"`      // among them, those it is not large enough for
	Misses     []Misses     `json:"misses"`     // one gate missed, by criterion
	Gains      []Gain       `json:"gains"`      // the most lots first
	Pair       *Gain        `json:"pair,omitempty"`
}

// Misses are the near misses of one criterion.
type Misses struct {
	Criterion Criterion `json:"criterion"`
	Lots      []LotID   `json:"lots"`
}

// Gain is what suppositions bring together: lots that suit the enterprise with
// them and don't without. Gains overlap: they can't be added.
type Gain struct {
	Suppositions []Supposition `json:"suppositions"`
	Apart        bool          `json:"apart"`           // a sector that is no neighbour of its own trades
	Lots         []LotID       `json:"lots"`            // the latest deadline first
	Raised       []LotID       `json:"raised"`          // already suited, and now large enough for them
	Beyond       int           `json:"beyond"`          // of a step of km: lots that the step before doesn't bring; of a pair: lots that neither brings alone
	Amount       float64       `json:"amount"`          // euros, of the lots that say it
	AmountOf     int           `json:"amount_known_of"` // how many say it
	Hours        float64       `json:"hours"`           // of insertion
	HoursOf      int           `json:"hours_known_of"`
}

// Asking bounds the question. The zero value asks for the last twelve months.
type Asking struct {
	Months int // 0: 12
}

// The steps that are tried.
func kmSteps() [4]float64       { return [...]float64{5, 10, 20, 50} }
func capacitySteps() [3]float64 { return [...]float64{1.5, 2, 3} }

// mostTried bounds the sectors of each sort and the certificates that are tried.
const mostTried = 8

// WhatIf answers for an enterprise, which need not be in the index. What it gives
// for a supposition is the difference of two [View.LotsFor], lot for lot.
func (v *View) WhatIf(e *Enterprise, asOf time.Time, o Asking) WhatIf {
	w := v.wonder(e, asOf, o)
	out := WhatIf{
		Enterprise: e.ID, AsOf: asOf, Since: w.since, Version: Version, ToSpecify: unspecified(e),
		Matched: len(w.matched), Short: len(w.short), Misses: w.countMisses(), Gains: []Gain{},
	}
	if out.ToSpecify {
		return out
	}
	out.Gains = w.gains(w.suppositions())
	out.Pair = w.bestPair(out.Gains)
	slices.SortStableFunc(out.Gains, func(a, b Gain) int {
		return cmp.Or(cmp.Compare(len(b.Lots), len(a.Lots)), cmp.Compare(len(b.Raised), len(a.Raised)))
	})
	return out
}

// Suppositions answers for given suppositions instead of those that the near
// misses lead to, each taken together.
func (v *View) Suppositions(e *Enterprise, asOf time.Time, o Asking, all ...Supposition) Gain {
	return v.wonder(e, asOf, o).gain(all...)
}

// wondering is one question: what the enterprise has as it is.
type wondering struct {
	v       *View
	r       *Rules
	e       *Enterprise
	asOf    time.Time
	since   time.Time
	matched map[LotID]bool
	short   []*Lot // matched, and larger than the enterprise
	near    []nearLot
	apart   []nomenclatures.Sector // tried, and no neighbours of its trades
}

// nearLot is a near miss before it is written out.
type nearLot struct {
	lot    *Lot
	missed Criterion
}

func (v *View) wonder(e *Enterprise, asOf time.Time, o Asking) *wondering {
	if o.Months == 0 {
		o.Months = 12
	}
	w := &wondering{v: v, r: v.x.rules, e: e, asOf: asOf, since: asOf.AddDate(0, -o.Months, 0), matched: map[LotID]bool{}}
	reached := w.reached()
	v.eachAround(e, true, func(lot *Lot) {
		q := w.r.ask(lot, asOf)
		if !q.recent(w.since) {
			return
		}
		switch best, ok := w.r.judge(&q, e); {
		case !ok:
		case best.matches():
			w.match(&q, best)
		case best.near() && speakable(lot, best, reached):
			w.near = append(w.near, nearLot{lot, gateOf(best.tally.missed)})
		}
	})
	slices.SortFunc(w.near, func(a, b nearLot) int { return compareLate(a.lot, b.lot) })
	return w
}

func (w *wondering) match(q *question, best verdict) {
	w.matched[q.lot.ID] = true
	if m := q.capacity(w.e, &w.e.Activities[best.part]); m.state == partial || m.state == missed {
		w.short = append(w.short, q.lot)
	}
}

// recent says that a lot is open, or ended since an instant.
func (q *question) recent(since time.Time) bool {
	if q.lot.Kind == ExpectedCall {
		return false
	}
	return !q.history || !q.closing().Before(since)
}

// closing is when a lot of history ended: at its deadline, or before it.
func (q *question) closing() time.Time {
	d, e := q.lot.Deadline, q.lot.Ended
	if d.IsZero() || !e.IsZero() && e.Before(d) {
		return e
	}
	return d
}

// reached gives, for each activity, its zone as widened by what is still a near
// miss; nil for one whose zone is not known.
func (w *wondering) reached() []*territories.Perimeter {
	out, made := make([]*territories.Perimeter, len(w.e.Activities)), map[*territories.Perimeter]*territories.Perimeter{}
	for i := range w.e.Activities {
		zone := w.e.Activities[i].Zone
		if zone == nil {
			continue
		}
		if made[zone] == nil {
			made[zone] = w.r.Wider(zone, nearKm)
		}
		out[i] = made[zone]
	}
	return out
}

// speakable is what nearMiss lets through: a place too far from the zone is no
// near miss.
func speakable(lot *Lot, best verdict, reached []*territories.Perimeter) bool {
	if best.tally.missed != 1<<bitTerritory {
		return true
	}
	wide := reached[best.part]
	return wide != nil && lot.Place != nil && wide.Set.Intersects(lot.Place.Set)
}

// eachAround calls f with the lots worth comparing with an enterprise, near
// misses included when asked.
func (v *View) eachAround(e *Enterprise, near bool, f func(*Lot)) {
	for slot := range v.around(e, near) {
		f((*v.lots.at(int(slot))).lot)
	}
}

// countMisses lists the near misses by criterion, the most missed first.
func (w *wondering) countMisses() []Misses {
	var by [16][]LotID
	for _, n := range w.near {
		at := slices.Index(Criteria(), n.missed)
		by[at] = append(by[at], n.lot.ID)
	}
	out := []Misses{}
	for i, c := range Criteria() {
		if len(by[i]) > 0 {
			out = append(out, Misses{Criterion: c, Lots: by[i]})
		}
	}
	slices.SortStableFunc(out, func(a, b Misses) int { return len(b.Lots) - len(a.Lots) })
	return out
}

// suppositions are those worth trying: what the near misses lack the most often.
func (w *wondering) suppositions() []Supposition {
	out := w.zoneSuppositions()
	var neighbours []nomenclatures.Sector
	neighbours, w.apart = w.sectors()
	for _, s := range slices.Concat(neighbours, w.apart) {
		out = append(out, Supposition{Kind: SupposeSector, Sector: s})
	}
	for _, code := range w.certifications() {
		out = append(out, Supposition{Kind: SupposeCertification, Certification: code})
	}
	if len(w.short) > 0 {
		for _, f := range capacitySteps() {
			out = append(out, Supposition{Kind: SupposeCapacity, Factor: f})
		}
	}
	return out
}

// zoneSuppositions widens by steps, then with the département and the EPCI of the
// site where the zone doesn't hold them yet.
func (w *wondering) zoneSuppositions() (out []Supposition) {
	zone := w.r.zonesOf(w.e)
	if zone == nil || zone.Set.Len() == w.r.atlas.Len() {
		return nil
	}
	for _, km := range kmSteps() {
		out = append(out, Supposition{Kind: SupposeKm, Km: km})
	}
	if w.e.Site < 0 || w.e.Site >= w.r.atlas.Len() {
		return out
	}
	c := w.r.atlas.Commune(w.e.Site)
	for _, s := range []Supposition{
		{Kind: SupposeTerritory, Territory: territories.Ref{Kind: territories.KindDepartement, Code: c.Departement}},
		{Kind: SupposeNeighbours, Territory: territories.Ref{Kind: territories.KindEPCI, Code: c.EPCI}},
	} {
		if more := w.r.supposedPlace(s); s.Territory.Code != "" && more != nil && !zone.Set.Covers(more) {
			out = append(out, s)
		}
	}
	return out
}

// sectors are those that would bring the most lots: first the neighbours of its
// trades, then the others, which are asked around it all the same.
func (w *wondering) sectors() (neighbours, apart []nomenclatures.Sector) {
	near, far := map[nomenclatures.Sector]int{}, map[nomenclatures.Sector]int{}
	for sector, n := range w.asked() {
		if w.neighbours(sector) {
			near[sector] = n
		} else {
			far[sector] = n
		}
	}
	return most(near), most(far)
}

// neighbours says that a sector is close enough to a trade of the enterprise to be
// spoken of with it.
func (w *wondering) neighbours(sector nomenclatures.Sector) bool {
	for i := range w.e.Activities {
		for _, c := range w.e.Activities[i].Codes {
			if _, v := nomenclatures.Closeness(c, sector.Code()); v >= nearEnough {
				return true
			}
		}
	}
	return false
}

// asked counts, sector by sector, the lots that one more activity in it would
// bring: those that nothing else keeps away. Nothing is around an enterprise whose
// zone is not known, but the neighbours of its trades.
func (w *wondering) asked() map[nomenclatures.Sector]int {
	times, zones := map[nomenclatures.Sector]int{}, w.r.zonesOf(w.e)
	probe, suits := *w.e, map[LotID]bool{}
	for _, info := range nomenclatures.Sectors() {
		if zones == nil && !w.neighbours(info.Code) {
			continue
		}
		probe.Activities = []Activity{{ID: supposedActivity, Codes: []nomenclatures.Code{info.Code.Code()}, Modes: modesOfAll(w.e.Activities), Zone: zones}}
		w.v.eachAround(&probe, false, func(lot *Lot) {
			brought, known := suits[lot.ID]
			if !known {
				brought = w.tradeApart(lot, &probe)
				suits[lot.ID] = brought
			}
			if brought {
				times[info.Code]++
			}
		})
	}
	return times
}

// tradeApart says that nothing but the trade keeps a lot of the period from the
// one activity of an enterprise.
func (w *wondering) tradeApart(lot *Lot, probe *Enterprise) bool {
	if w.matched[lot.ID] {
		return false
	}
	q, a := w.r.ask(lot, w.asOf), &probe.Activities[0]
	return q.recent(w.since) && q.weigh(probe, a, fit{known: true, value: 1}, w.r.covers(lot, a.Zone)).missed == 0
}

// certifications are those that keep lots away.
func (w *wondering) certifications() []string {
	times := map[string]int{}
	for _, n := range w.near {
		if n.missed != Certifications {
			continue
		}
		q := w.r.ask(n.lot, w.asOf)
		if code := q.firstMissing(w.e); code != "" {
			times[code]++
		}
	}
	return most(times)
}

// most lists the keys met the most often.
func most[K cmp.Ordered](times map[K]int) []K {
	var out []K
	for k := range times {
		out = append(out, k)
	}
	slices.SortFunc(out, func(a, b K) int { return cmp.Or(cmp.Compare(times[b], times[a]), cmp.Compare(a, b)) })
	return out[:min(len(out), mostTried)]
}

// gains tries each supposition alone. A sector, a certificate or a capacity that
// brings nothing isn't worth saying; a zone that brings nothing is an answer.
func (w *wondering) gains(all []Supposition) []Gain {
	out, before := []Gain{}, 0
	for _, s := range all {
		g := w.gain(s)
		g.Apart = s.Kind == SupposeSector && slices.Contains(w.apart, s.Sector)
		if s.Kind == SupposeKm {
			g.Beyond, before = len(g.Lots)-before, len(g.Lots)
		}
		if s.Kind == SupposeKm || len(g.Lots)+len(g.Raised) > 0 {
			out = append(out, g)
		}
	}
	return out
}

func (w *wondering) gain(all ...Supposition) Gain {
	changed := w.r.Suppose(w.e, all...)
	var won []*Lot
	w.v.eachAround(changed, false, func(lot *Lot) {
		if w.matched[lot.ID] {
			return
		}
		q := w.r.ask(lot, w.asOf)
		if !q.recent(w.since) {
			return
		}
		if best, ok := w.r.judge(&q, changed); ok && best.matches() {
			won = append(won, lot)
		}
	})
	g := Gain{Suppositions: all, Lots: numbers(won), Raised: numbers(w.raised(changed))}
	for _, lot := range won {
		g.add(lot)
	}
	return g
}

func (g *Gain) add(lot *Lot) {
	if lot.Asked.Amount > 0 {
		g.Amount += lot.Asked.Amount
		g.AmountOf++
	}
	if lot.InsertionHours > 0 {
		g.Hours += lot.InsertionHours
		g.HoursOf++
	}
}

// raised are the lots that it suits already and is now large enough for.
func (w *wondering) raised(changed *Enterprise) (out []*Lot) {
	for _, lot := range w.short {
		q := w.r.ask(lot, w.asOf)
		best, ok := w.r.judge(&q, changed)
		if ok && best.matches() && q.capacity(changed, &changed.Activities[best.part]).state == met {
			out = append(out, lot)
		}
	}
	return out
}

// numbers orders lots by deadline, the latest first.
func numbers(lots []*Lot) []LotID {
	slices.SortFunc(lots, compareLate)
	out := make([]LotID, len(lots))
	for i, l := range lots {
		out[i] = l.ID
	}
	return out
}

func compareLate(a, b *Lot) int {
	return cmp.Or(b.Deadline.Compare(a.Deadline), cmp.Compare(a.ID, b.ID))
}

// bestPair tries two changes of different kinds together, from the best of each
// kind, and keeps the pair that brings the most lots; nil unless some pair brings
// a lot that neither brings alone.
func (w *wondering) bestPair(gains []Gain) *Gain {
	var best *Gain
	singles := bestOfKinds(gains)
	for i := range singles {
		for j := range i {
			g := w.gain(singles[j].Suppositions[0], singles[i].Suppositions[0])
			g.Beyond = len(g.Lots) - union(singles[i].Lots, singles[j].Lots)
			if g.Beyond > 0 && (best == nil || len(g.Lots) > len(best.Lots)) {
				best = &g
			}
		}
	}
	return best
}

// bestOfKinds keeps, of the zones, the ten kilometres; of the sectors and of the
// certificates, the one that brings the most.
func bestOfKinds(gains []Gain) (out []Gain) {
	kinds := [...]SuppositionKind{SupposeKm, SupposeSector, SupposeCertification}
	for _, kind := range kinds {
		at := -1
		for i, g := range gains {
			s := g.Suppositions[0]
			if s.Kind != kind || kind == SupposeKm && s.Km != pairKm {
				continue
			}
			if at < 0 || len(g.Lots) > len(gains[at].Lots) {
				at = i
			}
		}
		if at >= 0 {
			out = append(out, gains[at])
		}
	}
	return out
}

// pairKm is the wider zone that is tried with another change.
const pairKm = 10

func union(a, b []LotID) int {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return len(slices.Compact(all))
}
