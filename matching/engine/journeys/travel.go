package journeys

import (
	"math"

	"maillage/nomenclatures"
)

// fadeOut is what the last kilometre of a range is worth less than the first.
const fadeOut = 0.8

// reaches asks whether the person lives within the reach of the position.
func (q *question) reaches(g *gauge) mark {
	switch {
	case !g.known:
		return gate(Unknown)
	case g.within(q.reach):
		return gate(Met)
	}
	return gate(Missed)
}

func (q *question) explainReach(g *gauge) Finding {
	f := Finding{Criterion: Reach, Gate: true, Key: "reach.unknown"}
	m := q.reaches(g)
	if m.state == Unknown {
		return f.with(m)
	}
	f.Key, f.Params.Have, f.Params.Want = "reach.within", g.shown(), q.reach
	if m.state == Missed {
		f.Key, f.By, f.Unit = "reach.beyond", float32(max(f.Params.Have-q.reach, 0)), Kilometres
	}
	return f.with(m)
}

// way is how a person gets to a position.
type way struct {
	mark
	km    float64 // range of the mode, or of the person
	mode  Mode
	slots nomenclatures.Slots // of work, when no mode that goes so far runs
	split bool                // a day cut in two, which the person does not accept
	far   bool                // no mode goes so far
	some  bool                // one goes farther than km, and not at all of the hours
}

// near says that what is missed can be spoken of: one thing, that can change. A
// distance is none when no mode runs at the hours of the work, however far it goes.
func (t *way) near(g *gauge) bool {
	switch {
	case t.split:
		return !t.far && t.slots == 0
	case t.far:
		return t.slots == 0 && g.known && g.within(t.km+nearKm)
	}
	return true
}

// travels asks whether a mode takes the person there at the hours of the work,
// and grades what is left of its range. A day cut in two needs their agreement.
func (q *question) travels(w *who, g *gauge) way {
	d := w.said()
	t := q.rides(w, d, g)
	switch {
	case q.p.SplitShift != Yes:
	case d.split == Unsaid:
		t.assumed = true
	case d.split == No:
		t.mark, t.split = mark{state: Missed, counted: true, weight: weightTravel}, true
	}
	return t
}

func (q *question) rides(w *who, d *dossier, g *gauge) way {
	switch {
	case !g.known:
		return way{mark: unsaid(weightTravel)}
	case len(d.rides) > 0:
		return q.byMode(d, g)
	case w.traits&ranged == 0:
		return way{mark: unsaid(weightTravel)}
	case !g.within(w.km):
		return way{mark: mark{state: Missed, counted: true, weight: weightTravel}, far: true, km: w.km}
	}
	return way{mark: travelled(g.km, float64(float32(w.km))), km: w.km}
}

// travelled grades a distance that is within a range.
func travelled(km, within float64) mark {
	return mark{state: Met, counted: true, weight: weightTravel, value: 1 - float64(fadeOut*min(1, km/max(within, 0.1)))}
}

// byMode joins the modes that go so far: by bus in the morning, carried at night.
// Where none does, its range is how far they go together at all of the hours.
func (q *question) byMode(d *dossier, g *gauge) way {
	best := way{far: true, mark: mark{state: Missed, counted: true, weight: weightTravel}}
	var runs nomenclatures.Slots
	assumed := true
	for i := range d.rides {
		t := &d.rides[i]
		if !g.within(t.km) {
			continue
		}
		runs |= t.slots
		if best.far || t.km > best.km {
			best.far, best.km, best.mode = false, t.km, t.mode
		}
		if t.said && (!t.always || q.slots == 0) {
			assumed = false
		}
	}
	switch {
	case best.far:
		q.together(d.rides, &best)
		return best
	case q.slots&^runs != 0:
		best.slots = q.slots &^ runs
		return best
	}
	best.mark = mark{state: Unknown, counted: true, weight: weightTravel}
	if best.km < unlimited {
		best.mark = travelled(g.km, best.km)
		best.assumed = assumed
	}
	return best
}

// together says how far a person goes at all of the hours: as far as the modes that
// go the farthest and make up these hours. What stays in slots no mode ever serves.
func (q *question) together(rides []ride, w *way) {
	farthest := &rides[0]
	for i := range rides {
		if rides[i].km > farthest.km {
			farthest = &rides[i]
		}
	}
	w.km, w.mode, w.slots = farthest.km, farthest.mode, q.slots
	for w.slots != 0 {
		var next *ride
		for i := range rides {
			if r := &rides[i]; r.slots&w.slots != 0 && (next == nil || r.km > next.km) {
				next = r
			}
		}
		if next == nil {
			return
		}
		w.km, w.mode, w.slots = next.km, next.mode, w.slots&^next.slots
	}
	w.some = w.km < farthest.km
}

func (q *question) explainTravel(t *way, g *gauge) Finding {
	f := Finding{Criterion: Travel, Gate: true, Key: "travel.unknown"}
	f.Params.Mode = t.mode
	if g.known {
		f.Params.Have = g.shown()
	}
	if t.km < unlimited {
		f.Params.Want = t.km
	}
	switch {
	case t.state == Unknown:
	case t.split && !t.far:
		f.Key = "travel.split"
	case t.far:
		if f.Key = "travel.beyond"; t.some {
			f.Key = "travel.beyond_hours"
		}
		f.By, f.Unit = float32(math.Max(f.Params.Have-t.km, 0)), Kilometres
	case t.slots != 0:
		f.Key, f.By, f.Unit, f.Params.Slots = "travel.hours", float32(t.slots.Count()), HalfDays, t.slots
	case t.mode != 0:
		f.Key = "travel.mode"
	default:
		f.Key = "travel.within"
	}
	return f.with(t.mark)
}
