package engine

import (
	"slices"

	"maillage/nomenclatures"
	"maillage/territories"
)

// teller says why, for the matches of one question. Ranked by score, two matches
// in a row often have the same trade, the same zone or the same modes: what they
// share is said once and copied, figures included, which are read only.
type teller struct {
	*Rules
	q *question
	room

	time     Finding
	open     [met + 1]Finding      // by state
	reserved Finding               // of a lot that is open to all
	record   [3]Finding            // of those without references: known or not; of the last one that has some
	mode     [Mandate << 1]Finding // by the modes offered
	zone     memo[zoneSaid]
	trade    tradeSaid
	capacity [capacities]memo[measure] // by the figure of the enterprise
}

// capacities is how many figures are remembered: most are small whole numbers.
const capacities = 32

// room is where the reasons of an answer are written. One that is no longer
// needed is used again: a question then allocates next to nothing.
type room struct {
	findings []Finding
	params   []Params
}

// memo is the last finding said and what it was said of.
type memo[K comparable] struct {
	of   K
	said Finding
}

// about tells whether the finding is already that of k, which it is from now on.
func (m *memo[K]) about(k K) bool {
	if m.said.Key != "" && m.of == k {
		return true
	}
	m.of = k
	return false
}

type zoneSaid struct {
	zone    *territories.Perimeter
	assumed bool
}

type tradeSaid struct {
	codes   []nomenclatures.Code
	fit     fit
	assumed bool
	said    Finding
}

func (t *tradeSaid) about(a *Activity, f fit) bool {
	if t.said.Key != "" && t.fit == f && t.assumed == a.AssumedTrade && slices.Equal(t.codes, a.Codes) {
		return true
	}
	t.codes, t.fit, t.assumed = a.Codes, f, a.AssumedTrade
	return false
}

// begin begins the reasons of so many matches, in the room of others.
func (t *teller) begin(matches int, in room) {
	t.time = t.q.explainTime()
	t.findings = slices.Grow(in.findings[:0], matches*t.each())
	t.params = slices.Grow(in.params[:0], matches) // distances are of each match
}

// each is how many findings most matches have.
func (t *teller) each() int {
	if len(t.q.lot.Certifications) > 0 {
		return 9
	}
	return 8
}

// explain writes one match out.
func (r *Rules) explain(q *question, e *Enterprise, v verdict, o Options) Match {
	m := q.head(e, v)
	if !o.Brief {
		t := teller{Rules: r, q: q}
		t.begin(1, room{})
		m.Findings = t.tell(e, &v)
	}
	return m
}

// head is a match without its reasons.
func (q *question) head(e *Enterprise, v verdict) Match {
	return Match{
		Lot: q.lot.ID, LotRevision: q.lot.Revision,
		Enterprise: e.ID, EnterpriseRevision: e.Revision, Activity: e.Activities[v.part].ID,
		Score: v.score, Confidence: v.confidence, Level: LevelOf(v.confidence), History: q.history,
	}
}

// tell writes the reasons out, criterion by criterion.
func (t *teller) tell(e *Enterprise, v *verdict) []Finding {
	q, a, from := t.q, &e.Activities[v.part], len(t.findings)
	out := append(t.findings, *t.tellOpen(e), *t.tellReserved(e), *t.tellTrade(e, a, v.fit), *t.tellMode(a))
	out = append(out, *t.tellZone(a, v.cover))
	if q.placed {
		t.tellDistance(&out[len(out)-1], e)
	}
	out = append(out, *t.tellCapacity(e, a))
	if len(q.lot.Certifications) > 0 {
		out = append(out, q.explainCertified(e))
	}
	out = append(out, t.time, *t.tellReferences(e))
	if len(e.Ties) > 0 {
		if f, ok := q.explainTies(e); ok {
			out = append(out, f)
		}
	}
	t.findings = out
	return out[from:len(out):len(out)]
}

// figures gives room for the figures of one match.
func (t *teller) figures() *Params {
	t.params = append(t.params, Params{})
	return &t.params[len(t.params)-1]
}

func (t *teller) tellOpen(e *Enterprise) *Finding {
	f := &t.open[t.q.open(e).state]
	if f.Key == "" || f.State == Missed { // there are several ways of being closed
		*f = t.q.explainOpen(e)
	}
	return f
}

func (t *teller) tellReserved(e *Enterprise) *Finding {
	if f := &t.reserved; f.Key == "" || t.q.lot.Reservation != Unreserved {
		*f = t.q.explainReserved(e)
	}
	return &t.reserved
}

func (t *teller) tellTrade(e *Enterprise, a *Activity, f fit) *Finding {
	if !t.trade.about(a, f) {
		t.trade.said = t.q.explainTrade(e, a, f)
	}
	return &t.trade.said
}

func (t *teller) tellMode(a *Activity) *Finding {
	f := &t.mode[a.Modes%Modes(len(t.mode))]
	if f.Key == "" || f.Params.Modes != a.Modes {
		*f = t.q.explainMode(a)
	}
	return f
}

func (t *teller) tellZone(a *Activity, c cover) *Finding {
	if !t.zone.about(zoneSaid{a.Zone, a.AssumedZone}) {
		t.zone.said = t.explainZone(t.q, a, c).with(t.q.territory(a.AssumedZone, c))
	}
	return &t.zone.said
}

// tellDistance adds the distance to what is said of a zone.
func (t *teller) tellDistance(f *Finding, e *Enterprise) {
	p := t.figures()
	*p = *f.Params
	p.Km, p.HasKm = t.away(e, t.q.centre)
	f.Params = p
}

func (t *teller) tellCapacity(e *Enterprise, a *Activity) *Finding {
	m, ok := t.q.shortest(e, a)
	f := &t.capacity[uint64(m.have)%capacities]
	if !f.about(m) {
		f.said = t.q.explainCapacity(m, ok, t.figures())
	}
	return &f.said
}

func (t *teller) tellReferences(e *Enterprise) *Finding {
	f := &t.record[0]
	switch {
	case len(e.References) > 0:
		f = &t.record[2]
		f.Key = ""
	case e.ReferencesKnown:
		f = &t.record[1]
	}
	if f.Key == "" {
		*f = t.q.explainReferences(e)
	}
	return f
}
