package journeys

import "math"

// stepKm is how finely a longer range is spoken of.
const stepKm = 5.0

// nearMiss writes a near miss out.
func (q *question) nearMiss(w *who, r *reading, v *verdict, o Options) Near {
	n := Near{Missed: gateOf(v.missed)}
	findings := q.explain(w, r, make([]Finding, 0, findingsMost))
	n.Match = q.match(w, r, v, nil)
	for i := range findings {
		if findings[i].Criterion == n.Missed {
			n.Remedy = q.remedy(&findings[i], r)
		}
	}
	if !o.Brief {
		n.Findings = findings
	}
	return n
}

// remedy says what would make the miss a match.
func (q *question) remedy(f *Finding, r *reading) Remedy {
	out := Remedy{Key: "remedy." + f.Key, By: f.By, Unit: f.Unit, Params: f.Params}
	switch {
	case f.Criterion == Reach:
		out.By = wider(&r.gauge, q.reach)
	case f.Criterion == Travel && f.Unit == Kilometres:
		out.By = wider(&r.gauge, r.way.km)
	}
	return out
}

// wider is by how many times five kilometres a range must be longer to take in a
// distance, to the last bit.
func wider(g *gauge, within float64) float32 {
	by := stepKm * math.Max(1, math.Ceil((g.shown()-within)/stepKm))
	for !g.within(within + by) {
		by += stepKm
	}
	return float32(by)
}
