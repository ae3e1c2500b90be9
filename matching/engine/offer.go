package engine

import (
	"time"

	"maillage/nomenclatures"
	"maillage/territories"
)

// Offer is what an enterprise could bring to a lot beside others. Each member of
// a group passes alone the gates of being open to it and of the reservation; the
// trades, the place, the capacity, the references and the certifications are the
// group's, which is looked at as a whole.
type Offer struct {
	Missed   Criterion // the gate that keeps it out of any group for the lot; empty: none
	Reserved Finding   // how it stands to the reservation
	Score    int       // 0 to 100, of its best activity as if it answered alone
	Acts     []Act
	// Whole is the share of what the lot asks that all its activities together
	// carry, where only the conventions tell it; 0: nobody says.
	Whole     float64
	Certified []Tri   // in the order of the lot's certifications
	Similar   float64 // references that count
	SimilarTo Tri     // Unsaid: it has said nothing of its references
	Turnover  float64 // euros a year; 0: nobody says
	Km        float64 // from its site to the centre of the place
	HasKm     bool
}

// Act is one activity that serves the lot in a way it accepts.
type Act struct {
	ID    int64
	Near  []float64 // how close it is to each code of the lot; 0: not close enough
	Lent  bool      // it lends people in any trade, to a lot that takes them
	Zone  *territories.Perimeter
	Share float64 // of what the lot asks, by the dimension in which it is shortest; 0: nobody says

	AssumedTrade, AssumedZone bool
}

// Offer reads what an enterprise could bring to a lot on a date.
func (r *Rules) Offer(lot *Lot, e *Enterprise, asOf time.Time) Offer {
	q := r.ask(lot, asOf)
	o := Offer{Reserved: q.explainReserved(e), Turnover: e.Turnover}
	switch {
	case q.open(e).state == missed:
		o.Missed = Open
	case q.reserved(e).state == missed:
		o.Missed = Reserved
	}
	if v, ok := r.judge(&q, e); ok {
		o.Score = v.score
	}
	for i := range e.Activities {
		if a := &e.Activities[i]; q.mode(a.Modes).state != missed {
			o.Acts = append(o.Acts, q.act(e, a))
		}
	}
	o.Whole = q.whole(e)
	o.credentials(&q, e)
	if q.placed {
		o.Km, o.HasKm = r.away(e, q.centre)
	}
	return o
}

func (q *question) act(e *Enterprise, a *Activity) Act {
	out := Act{ID: a.ID, Near: make([]float64, len(q.lot.Codes)), Lent: q.borrows && lends(e, a), Zone: a.Zone,
		AssumedTrade: a.AssumedTrade, AssumedZone: a.AssumedZone}
	for i, asked := range q.lot.Codes {
		for _, offered := range a.Codes {
			if _, v := nomenclatures.Closeness(offered, asked); v >= closeEnough && v > out.Near[i] {
				out.Near[i] = v
			}
		}
	}
	out.Share = q.carried(a.Capacity)
	return out
}

// carried is the share of what the lot asks that a capacity carries, by its
// shortest dimension; 0 where the two sides tell none in common.
func (q *question) carried(c Capacity) float64 {
	if c.Hours == 0 && c.FTE > 0 {
		c.Hours = c.FTE * yearHours * q.years()
	}
	share := 0.0
	for _, m := range [3]measure{{have: c.FTE, want: q.lot.Asked.FTE}, {have: c.Hours, want: q.lot.Asked.Hours}, {have: c.Amount, want: q.lot.Asked.Amount}} {
		if m.known() && (share == 0 || m.ratio() < share) {
			share = m.ratio()
		}
	}
	return share
}

// whole bounds an enterprise by the FTE of its conventions, where an activity
// says no capacity of its own: they are counted once over all its activities.
func (q *question) whole(e *Enterprise) float64 {
	fte, own, silent := q.financed(e), 0.0, false
	for i := range e.Activities {
		own += e.Activities[i].Capacity.FTE
		silent = silent || e.Activities[i].Capacity == (Capacity{})
	}
	if !silent || fte == 0 {
		return 0
	}
	return q.carried(Capacity{FTE: max(fte, own)})
}

func (o *Offer) credentials(q *question, e *Enterprise) {
	for _, w := range q.lot.Certifications {
		held := Unsaid
		switch _, ok := q.certificate(e, w.Code); {
		case ok:
			held = Yes
		case e.CertificationsKnown || len(e.Certifications) > 0:
			held = No
		}
		o.Certified = append(o.Certified, held)
	}
	o.Similar = q.similar(e)
	switch {
	case o.Similar > 0:
		o.SimilarTo = Yes
	case e.ReferencesKnown || len(e.References) > 0:
		o.SimilarTo = No
	}
}
