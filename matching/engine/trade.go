package engine

import (
	"maillage/nomenclatures"
)

const (
	// closeEnough is the proximity from which two trades are taken for one
	// another. Below it, down to nearEnough, the miss is a near one: a
	// neighbouring sector.
	closeEnough = 0.45
	nearEnough  = 0.25
	// lentAnyTrade is what a lender is worth to a lot that takes people lent,
	// when none of its occupations is close: lending is its trade.
	lentAnyTrade = 0.5
)

// trade asks whether the activity is what the lot wants. The value is the
// proximity of the two closest codes, as [nomenclatures.Closeness] gives it.
func (q *question) trade(assumed bool, f fit) mark {
	if !f.known {
		return mark{counted: true, weight: weightTrade}
	}
	m := graded(weightTrade, f.value, assumed)
	if f.value < closeEnough {
		m.state = missed
	}
	return m
}

// proximity says how close one code is to another; it is nomenclatures.Closeness
// or a memory of it.
type proximity func(offered, asked nomenclatures.Code) (nomenclatures.Kinship, float64)

// fits compares every code of the activity with every code of the lot and keeps
// the closest.
func (q *question) fits(e *Enterprise, a *Activity, near proximity) fit {
	f := fit{known: len(a.Codes) > 0 && q.rankable()}
	if !f.known {
		return f
	}
	for _, asked := range q.lot.Codes {
		for _, offered := range a.Codes {
			if _, v := near(offered, asked); v > f.value {
				f.value = v
			}
		}
	}
	return q.lend(e, a, f)
}

// lend raises the fit of a lender for a lot that takes people lent.
func (q *question) lend(e *Enterprise, a *Activity, f fit) fit {
	if q.borrows && f.value < lentAnyTrade && lends(e, a) {
		f.value = lentAnyTrade
	}
	return f
}

func lends(e *Enterprise, a *Activity) bool {
	return e.Kind.Lends() && (a.Modes == 0 || a.Modes&Secondment != 0)
}

func (q *question) explainTrade(e *Enterprise, a *Activity, f fit) Finding {
	out := Finding{Criterion: Trade, Gate: true, Key: "activity.none", Params: &Params{}}
	var best float64
	for _, asked := range q.lot.Codes {
		for _, offered := range a.Codes {
			kin, v := nomenclatures.Closeness(offered, asked)
			if v > best {
				best = v
				out.Key = "activity." + string(kin)
				out.Params = &Params{Offered: offered.String(), Asked: asked.String(), Kinship: string(kin)}
			}
		}
	}
	switch {
	case !f.known:
		out.Key = "activity.unknown"
	case f.value > best:
		out.Key, out.Params = "activity.lent", &Params{Kinship: "lent"}
	case f.value < closeEnough:
		out.Key, out.By, out.Unit = "activity.far", closeEnough-f.value, Proximity
		if f.value >= nearEnough {
			out.Key = "activity.near"
		}
	}
	if len(a.Codes) > 0 && out.Params.Offered == "" {
		out.Params.Offered = a.Codes[0].String()
	}
	if len(q.lot.Codes) > 0 && out.Params.Asked == "" {
		out.Params.Asked = q.lot.Codes[0].String()
	}
	return out.with(q.trade(a.AssumedTrade, f))
}
