package journeys

import "math"

// week is how the hours of a week agree.
type week struct {
	mark
	by float64 // hours too many or too few
}

// hours grades how far the hours wished are from those of the position: none
// when they meet. A training of few hours is no lack: it goes with what else fills the week.
func (q *question) hours(w *who) week {
	mine, asked := w.said().hours, q.p.Hours
	if mine.IsZero() {
		return week{mark: unsaid(weightHours)}
	}
	gap := math.Max(0, asked.Min-upper(mine))
	if q.p.Kind != Training {
		gap = math.Max(gap, mine.Min-upper(asked))
	}
	return week{mark: graded(weightHours, 1-gap/math.Max(upper(asked), 1)), by: gap}
}

// upper is the maximum of a span; one that has none has no bound.
func upper(s Span) float64 {
	if s.Max == 0 {
		return math.Inf(1)
	}
	return s.Max
}

func (q *question) explainHours(w *who) Finding {
	h := q.hours(w)
	mine, asked := w.said().hours, q.p.Hours
	f := Finding{Criterion: WeeklyHours, Key: "hours.agree"}
	f.Params.Have, f.Params.Want = middle(mine), middle(asked)
	switch {
	case h.state == Unknown:
		f.Key = "hours.unknown"
	case h.by > 0 && mine.Min > asked.Min:
		f.Key, f.By, f.Unit = "hours.fewer", float32(h.by), HoursAWeek
	case h.by > 0:
		f.Key, f.By, f.Unit = "hours.more", float32(h.by), HoursAWeek
	}
	return f.with(h.mark)
}

// middle is the number said for a span: its maximum, or its minimum alone.
func middle(s Span) float64 {
	if s.Max == 0 {
		return s.Min
	}
	return s.Max
}

// timeSlots grades the share of the parts of the week that suit the person.
func (q *question) timeSlots(w *who) mark {
	mine := w.said().slots
	if mine == 0 {
		return unsaid(weightSlots)
	}
	return graded(weightSlots, float64((mine&q.slots).Count())/float64(q.slots.Count()))
}

func (q *question) explainSlots(w *who) Finding {
	m := q.timeSlots(w)
	mine := w.said().slots
	f := Finding{Criterion: TimeSlots, Key: "slots.all"}
	f.Params.Have, f.Params.Want = float64((mine & q.slots).Count()), float64(q.slots.Count())
	switch m.state {
	case Unknown:
		f.Key = "slots.unknown"
		return f.with(m)
	case Partial:
		f.Key = "slots.some"
	case Missed:
		f.Key = "slots.none"
	}
	if f.Params.Slots = q.slots &^ mine; f.Params.Slots != 0 {
		f.By, f.Unit = float32(f.Params.Slots.Count()), HalfDays
	}
	return f.with(m)
}
