package journeys

// free says that somebody can be there from a day on.
func (w *who) free(on day) bool { return w.available && w.said().from <= on }

// available asks whether the person is free at the start. One who is free later
// can be spoken of; one who is not, cannot.
func (q *question) available(w *who) (m mark, near bool) {
	from := w.said().from
	switch {
	case !w.available:
		return gate(Missed), false
	case from > q.start:
		end := dayOf(q.p.EndsOn) // to wait until it is over is no remedy
		return gate(Missed), end == noDay || from <= end
	}
	return gate(Met), false
}

func (q *question) explainAvailable(w *who) Finding {
	m, _ := q.available(w)
	f := Finding{Criterion: Available, Gate: true, Key: "availability.now"}
	from := w.said().from
	switch {
	case !w.available:
		f.Key = "availability.no"
	case from > q.start:
		f.Key, f.By, f.Unit = "availability.later", float32(from-q.start), Days
	case from > q.asOf:
		f.Key = "availability.by_start"
	}
	if from > q.asOf {
		f.Params.Detail = &Detail{From: from.date(), Start: q.start.date()}
	}
	return f.with(m)
}
