package engine

// yearHours is the yearly working time of one FTE (Code du travail, L3121-41).
const yearHours = 1607

// measure is one dimension of capacity: what there is and what is wanted.
type measure struct {
	name    string
	key     string // of the sentence
	have    float64
	want    float64
	unit    Unit
	assumed bool
}

func (m measure) known() bool    { return m.want > 0 && m.have > 0 }
func (m measure) ratio() float64 { return min(1, m.have/m.want) }

// capacity asks whether the enterprise is large enough, by the dimension in
// which it is shortest among those that both sides tell.
func (q *question) capacity(e *Enterprise, a *Activity) mark {
	m, ok := q.shortest(e, a)
	return m.mark(ok)
}

// mark grades a measure; ok is false when neither side tells one in common.
func (m measure) mark(ok bool) mark {
	if !ok {
		return mark{counted: true, weight: weightCapacity}
	}
	return graded(weightCapacity, m.ratio(), m.assumed)
}

func (q *question) shortest(e *Enterprise, a *Activity) (worst measure, ok bool) {
	if q.lot.Asked == (Capacity{}) && q.lot.TurnoverFloor == 0 && q.lot.InsuranceFloor == 0 {
		return measure{}, false
	}
	for _, m := range q.measures(e, a) {
		if m.known() && (!ok || m.ratio() < worst.ratio()) {
			worst, ok = m, true
		}
	}
	return worst, ok
}

// measures leaves out what the lot doesn't ask, so as not to read it.
func (q *question) measures(e *Enterprise, a *Activity) [5]measure {
	var turnover, insurance measure
	if want := q.lot.TurnoverFloor; want > 0 {
		turnover = measure{name: "turnover", key: "capacity.turnover", have: e.Turnover, want: want, unit: Euros}
	}
	if want := q.lot.InsuranceFloor; want > 0 {
		insurance = measure{name: "insurance", key: "capacity.insurance", have: e.Insurance, want: want, unit: Euros}
	}
	fte := a.Capacity.FTE
	if fte == 0 {
		fte = q.financed(e)
	}
	hours := measure{name: "hours", key: "capacity.hours", have: a.Capacity.Hours, want: q.lot.Asked.Hours, unit: WorkHours}
	if hours.have == 0 && fte > 0 {
		hours.have, hours.assumed = fte*yearHours*q.years(), true
	}
	return [5]measure{
		{name: "fte", key: "capacity.fte", have: fte, want: q.lot.Asked.FTE, unit: FTEs},
		hours,
		{name: "amount", key: "capacity.amount", have: a.Capacity.Amount, want: q.lot.Asked.Amount, unit: Euros},
		turnover, insurance,
	}
}

// financed sums the FTE of the conventions that hold on the day.
func (q *question) financed(e *Enterprise) float64 {
	sum := 0.0
	for i := range e.Statuses {
		if e.Statuses[i].on(q.day) {
			sum += e.Statuses[i].FTE
		}
	}
	return sum
}

// years is the duration of the lot, one year when it isn't told.
func (q *question) years() float64 {
	if q.lot.DurationMonths == 0 {
		return 1
	}
	return float64(q.lot.DurationMonths) / 12
}

// explainCapacity says what shortest found, in the room given for its figures,
// which is empty.
func (q *question) explainCapacity(m measure, ok bool, in *Params) Finding {
	f := Finding{Criterion: Strength, Key: "capacity.not_said", Params: in}
	switch {
	case ok:
		f.Key = m.key
		in.Have, in.Want, in.Name = m.have, m.want, m.name
		f.Unit = m.unit
		f.By = max(0, m.want-m.have)
	case q.lot.Asked != (Capacity{}) || q.lot.TurnoverFloor > 0 || q.lot.InsuranceFloor > 0:
		f.Key = "capacity.unknown"
	}
	return f.with(m.mark(ok))
}
