package journeys

import "math"

// nearMiss writes a near miss out.
func (q *question) nearMiss(w *who, r *reading, v *verdict, o Options) Near {
	n := Near{Missed: gateOf(v.missed)}
	findings := q.explain(w, r, make([]Finding, 0, findingsMost))
	n.Match = q.match(w, r, v, nil)
	for i := range findings {
		if findings[i].Criterion == n.Missed {
			n.Remedy = remedy(&findings[i])
		}
	}
	if !o.Brief {
		n.Findings = findings
	}
	return n
}

// remedy says what would make the miss a match.
func remedy(f *Finding) Remedy {
	r := Remedy{Key: "remedy." + f.Key, By: f.By, Unit: f.Unit, Params: f.Params}
	if f.Criterion == Reach || f.Criterion == Travel && f.Unit == Kilometres {
		r.By = float32(5 * math.Max(1, math.Ceil(float64(f.By)/5)))
	}
	return r
}
