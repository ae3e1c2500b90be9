package engine

import "maillage/territories"

// timeLeft asks whether the working days left are enough to answer, and
// grades what there is: the share of the days needed that is left. A lot
// that has ended, or whose deadline has passed, is history: the question no
// longer counts. Nor does it where nothing is due: see undue.
func (q *question) timeLeft() mark {
	switch {
	case q.history, q.lot.undue():
		return mark{}
	case q.lot.Deadline.IsZero():
		return mark{counted: true, weight: weightTime}
	}
	return graded(weightTime, float64(q.left)/float64(q.needed), false)
}

func (q *question) explainTime() Finding {
	f := Finding{Criterion: TimeLeft, Key: "time.enough"}
	f.Params = &Params{Have: float64(q.left), Want: float64(q.needed)}
	switch {
	case q.lot.Kind == ExpectedCall:
		f.Key, f.Params = "time.expected", &Params{}
	case q.history && !q.asOf.After(q.lot.Deadline), q.history && q.lot.Deadline.IsZero():
		f.Key, f.Params = "time.ended", &Params{}
	case q.lot.undue() && !q.lot.Until.IsZero():
		f.Key, f.Params = "time.hours_until", &Params{Date: q.lot.Until}
	case q.lot.undue():
		f.Key, f.Params = "time.hours", &Params{}
	case q.lot.Deadline.IsZero():
		f.Key, f.Params = "time.unknown", &Params{}
	case q.history:
		f.Key, f.Params = "time.history", &Params{Date: q.day}
	case q.left < q.needed:
		f.Key, f.By, f.Unit = "time.short", float64(q.needed-q.left), WorkDays
	}
	if q.day != (territories.Date{}) && !q.lot.Deadline.IsZero() {
		f.Params.Date = q.day
	}
	return f.with(q.time)
}
