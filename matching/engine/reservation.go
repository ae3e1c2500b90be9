package engine

import (
	"slices"

	"maillage/nomenclatures"
	"maillage/territories"
)

// minimumShare is the share of workers concerned that makes a "structure
// équivalente" (Code de la commande publique, R2113-7).
const minimumShare = 0.5

// standing is what an enterprise is to a reservation on a day.
type standing struct {
	state  state
	key    string
	status Status
	by     float64
	unit   Unit
}

// reserved asks whether the enterprise's legal status, on the day of the
// deadline, opens the reservation. The kind alone never does.
func (q *question) reserved(e *Enterprise) mark {
	if q.lot.Reservation == Unreserved {
		return gate(met)
	}
	s := q.standing(e)
	m := gate(s.state)
	m.assumed = s.status.Assumed
	return m
}

// standing reads the reservation. SIAE: L2113-13. EA and ESAT: L2113-12. Both:
// L2113-14. Enterprises of the ESS: L2113-15 and -16. Prison: L2113-13-1. All
// of the Code de la commande publique.
func (q *question) standing(e *Enterprise) standing {
	switch q.lot.Reservation {
	case Unreserved:
		return standing{state: met, key: "reservation.none"}
	case ReservedSIAE:
		return q.holds(e, siae())
	case ReservedEAESAT:
		return q.holds(e, disabled())
	case ReservedBoth:
		return better(q.holds(e, siae()), q.holds(e, disabled()))
	case ReservedESS:
		return q.standingESS(e)
	case ReservedPrison:
		return q.holds(e, prison())
	}
	return standing{state: unknown, key: "reservation.unclear"}
}

// family is a set of statuses that open one reservation, and the kinds that
// usually hold one of them: for those, a status nobody recorded is unknown
// rather than missing.
type family struct {
	statuses   []StatusKind
	equivalent StatusKind
	kinds      []Kind
	others     bool // an equivalence recorded for another reservation may be one here too: to be checked
}

// siae: L5132-4 of the Code du travail.
func siae() family {
	return family{
		statuses:   []StatusKind{ConventionAI, ConventionACI, ConventionEI, ConventionETTI, ConventionEITI},
		equivalent: EquivalentDisadvantaged,
		kinds:      []Kind{AI, ACI, EI, ETTI, EITI},
	}
}

func disabled() family {
	return family{statuses: []StatusKind{AgrementEA, AgrementESAT}, equivalent: EquivalentDisabled, kinds: []Kind{EA, ESAT}}
}

// social: associations, cooperatives and the like; any kind may be one. L2113-15
// opens to "structures équivalentes" of its own, which no share of workers makes:
// those recorded are of L2113-12 or L2113-13.
func social() family {
	return family{
		statuses: []StatusKind{StatusESS},
		kinds:    []Kind{AI, ACI, EI, ETTI, EITI, GEIQ, EA, ESAT, SAP, Regie, Training, Other},
		others:   true,
	}
}

func prison() family {
	return family{statuses: []StatusKind{StatusPrison}, kinds: []Kind{ACI, EI, EA, ESAT}}
}

// holds looks for the best standing that any recorded status gives.
func (q *question) holds(e *Enterprise, f family) standing {
	best := standing{state: missed, key: "reservation.no_status", unit: Requirement, by: 1}
	if !e.StatusesKnown && slices.Contains(f.kinds, e.Kind) {
		best = standing{state: unknown, key: "reservation.not_recorded"}
	}
	for i := range e.Statuses {
		best = better(best, q.holdsBy(&e.Statuses[i], f))
	}
	return best
}

func (q *question) holdsBy(s *Status, f family) standing {
	switch {
	case slices.Contains(f.statuses, s.Kind):
		return dated(*s, q.day, standing{state: met, key: "reservation.status", status: *s})
	case f.others && (s.Kind == EquivalentDisadvantaged || s.Kind == EquivalentDisabled):
		return dated(*s, q.day, standing{state: unknown, key: "reservation.ess_equivalent", status: *s})
	case f.equivalent == "" || s.Kind != f.equivalent:
		return standing{state: missed, key: "reservation.no_status", unit: Requirement, by: 1}
	case s.Share < minimumShare:
		return standing{state: missed, key: "reservation.share", status: *s, unit: Percentage, by: 100 * (minimumShare - s.Share)}
	case s.Proof == "":
		return standing{state: missed, key: "reservation.proof", status: *s, unit: Requirement, by: 1}
	}
	return dated(*s, q.day, standing{state: met, key: "reservation.equivalent", status: *s})
}

// dated refuses a status that doesn't hold on the day, and says by how much.
func dated(s Status, day territories.Date, ok standing) standing {
	switch {
	case s.on(day) && s.Undated:
		return standing{state: unknown, key: "reservation.undated", status: s}
	case s.on(day):
		return ok
	case !s.From.IsZero() && day.Before(s.From):
		return standing{state: missed, key: "reservation.later", status: s, unit: Days, by: float64(daysBetween(day, s.From))}
	}
	return standing{state: missed, key: "reservation.expired", status: s, unit: Days, by: float64(daysBetween(s.Until, day))}
}

// longestESS is the longest that a contract reserved to the ESS may last, in
// months (L2113-16).
const longestESS = 36

// standingESS adds to the status the conditions of L2113-15 and -16: a contract
// exclusively of the services that the notice annexed to the code lists, three
// years at most, and none reserved in the same way by the same buyer in the
// three years before. The first two are the buyer's to mend: they leave the
// question open.
func (q *question) standingESS(e *Enterprise) standing {
	s := q.holds(e, social())
	if s.state == missed {
		return s
	}
	since := yearsBefore(q.day, 3)
	for i := range e.References {
		r := &e.References[i]
		if r.ReservedESS && sameUnit(r.BuyerSIRET, q.lot.BuyerSIRET) && !r.On.Before(since) && r.On.Year <= q.day.Year { // often known by its year
			return standing{state: missed, key: "reservation.ess_awarded", status: Status{From: r.On}, unit: Requirement, by: 1}
		}
	}
	switch {
	case s.state != met:
		return s
	case !reservableToESS(q.lot.Codes):
		return standing{state: unknown, key: "reservation.ess_unlisted", status: s.status}
	case q.lot.DurationMonths > longestESS:
		return standing{state: unknown, key: "reservation.ess_long", status: s.status}
	}
	return s
}

// reservableToESS asks that every CPV of the lot be listed, and that there be
// one: the other nomenclatures say nothing of the list.
func reservableToESS(codes []nomenclatures.Code) bool {
	listed := false
	for _, c := range codes {
		if c.Scheme != nomenclatures.SchemeCPV {
			continue
		}
		if !nomenclatures.CPV(c.Value).ReservableToESS() {
			return false
		}
		listed = true
	}
	return listed
}

// better keeps the standing that serves the enterprise most: met, then unknown,
// then the nearest miss. Equal ones are told apart so that the order in which
// statuses are recorded changes nothing.
func better(a, b standing) standing {
	order := func(s standing) int { return [...]int{unknown: 1, missed: 2, partial: 3, met: 0}[s.state] }
	switch x, y := order(a), order(b); {
	case x != y:
		return pick(x < y, a, b)
	case a.status.Assumed != b.status.Assumed:
		return pick(b.status.Assumed, a, b)
	case missRank(a) != missRank(b):
		return pick(missRank(a) < missRank(b), a, b)
	case a.by != b.by:
		return pick(a.by < b.by, a, b)
	case a.status.Kind != b.status.Kind:
		return pick(a.status.Kind > b.status.Kind, a, b)
	}
	return pick(!a.status.Until.Before(b.status.Until), a, b)
}

func pick(first bool, a, b standing) standing {
	if first {
		return a
	}
	return b
}

// missRank orders the misses by what it takes to mend them: a date, a proof, a
// share, a status.
func missRank(s standing) int {
	return slices.Index([]string{"reservation.expired", "reservation.later", "reservation.proof", "reservation.share", "reservation.no_status"}, s.key)
}

// article says where each reservation is written.
func (r Reservation) article() string {
	switch r {
	case ReservedSIAE:
		return "L2113-13"
	case ReservedEAESAT:
		return "L2113-12"
	case ReservedBoth:
		return "L2113-14"
	case ReservedESS:
		return "L2113-15"
	case ReservedPrison:
		return "L2113-13-1"
	}
	return ""
}

func (q *question) explainReserved(e *Enterprise) Finding {
	s := q.standing(e)
	f := Finding{Criterion: Reserved, Gate: true, Key: s.key, By: s.by, Unit: s.unit}
	f.Params = &Params{
		Asked: string(q.lot.Reservation), Article: q.lot.Reservation.article(),
		Status: string(s.status.Kind), Date: s.status.Until, Have: 100 * s.status.Share, Want: 100 * minimumShare,
	}
	if s.key == "reservation.ess_long" {
		f.Params.Have, f.Params.Want = float64(q.lot.DurationMonths), longestESS
	}
	if s.key == "reservation.later" || s.key == "reservation.ess_awarded" {
		f.Params.Date = s.status.From
	}
	return f.with(q.reserved(e))
}

func daysBetween(a, b territories.Date) int { return dateNumber(b) - dateNumber(a) }
