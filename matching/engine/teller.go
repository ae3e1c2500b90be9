package engine

import (
	"slices"

	"maillage/nomenclatures"
	"maillage/territories"
)

// teller says why, for the matches of one question. What doesn't depend on the
// enterprise is said once, and so is what two of them in a row share: ranked by
// score, they often have the same trade and the same zone.
type teller struct {
	*Rules
	q     *question
	time  Finding
	zone  *territories.Perimeter
	zoned Finding // of that zone
	codes []nomenclatures.Code
	fit   fit
	trade Finding // of those codes and that fit
}

func (r *Rules) teller(q *question) teller { return teller{Rules: r, q: q, time: q.explainTime()} }

// explain writes one match out.
func (r *Rules) explain(q *question, e *Enterprise, v verdict, o Options) Match {
	m := q.head(e, v)
	if !o.Brief {
		t := r.teller(q)
		m.Findings = t.findings(e, v)
	}
	return m
}

// head is a match without its reasons.
func (q *question) head(e *Enterprise, v verdict) Match {
	return Match{
		Lot: q.lot.ID, LotRevision: q.lot.Revision,
		Enterprise: e.ID, EnterpriseRevision: e.Revision, Activity: e.Activities[v.part].ID,
		Score: v.score, Confidence: v.confidence, Level: levelOf(v.confidence), History: q.history,
	}
}

// findings writes the reasons out, criterion by criterion.
func (t *teller) findings(e *Enterprise, v verdict) []Finding {
	q, a := t.q, &e.Activities[v.part]
	certified, ties := len(q.lot.Certifications) > 0, len(e.Ties) > 0
	out := make([]Finding, 0, 8+count(certified)+count(ties))
	out = append(out, q.explainOpen(e), q.explainReserved(e), t.explainTrade(e, a, v.fit), q.explainMode(a),
		t.explainTerritory(e, a, v.cover), q.explainCapacity(e, a))
	if certified {
		out = append(out, q.explainCertified(e))
	}
	out = append(out, t.time, q.explainReferences(e))
	if ties {
		if f, ok := q.explainTies(e); ok {
			out = append(out, f)
		}
	}
	return out
}

func count(asked bool) int {
	if asked {
		return 1
	}
	return 0
}

func (t *teller) explainTrade(e *Enterprise, a *Activity, f fit) Finding {
	if t.trade.Key == "" || t.fit != f || !slices.Equal(t.codes, a.Codes) {
		t.codes, t.fit, t.trade = a.Codes, f, t.q.explainTrade(e, a, f)
	}
	return t.trade.with(t.q.trade(a.AssumedTrade, f))
}

func (t *teller) explainTerritory(e *Enterprise, a *Activity, c cover) Finding {
	if t.zoned.Key == "" || t.zone != a.Zone {
		t.zone, t.zoned = a.Zone, t.explainZone(t.q, a, c)
	}
	f := t.zoned
	if t.q.placed {
		f.Params.Km, f.Params.HasKm = t.away(e, t.q.centre)
	}
	return f.with(t.q.territory(a.AssumedZone, c))
}
