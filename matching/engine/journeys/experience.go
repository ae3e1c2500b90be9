package journeys

// experience grades the years in the occupation asked, or in one close to it.
func (q *question) experience(w *who) (m mark, years float64) {
	d := w.said()
	if d.told&ToldPractice == 0 {
		return unsaid(weightExperience), 0
	}
	practised := w.occs[len(w.occs)-len(d.years):]
	for i, o := range practised {
		if v := q.value(o &^ heldBit); v >= closeEnough {
			years = max(years, float64(d.years[i])*v)
		}
	}
	return graded(weightExperience, years/q.p.Years), years
}

func (q *question) explainExperience(w *who) Finding {
	m, years := q.experience(w)
	f := Finding{Criterion: Experience, Key: "experience.enough"}
	f.Params.Have, f.Params.Want = years, q.p.Years
	switch m.state {
	case Unknown:
		f.Key = "experience.unknown"
	case Partial:
		f.Key = "experience.some"
	case Missed:
		f.Key = "experience.none"
	}
	if m.state == Partial || m.state == Missed {
		f.By, f.Unit = float32(q.p.Years-years), YearsHeld
	}
	return f.with(m)
}
