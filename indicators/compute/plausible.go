package compute

import "math/big"

// AlertCode names what is implausible.
type AlertCode string

// The alerts. None refuses anything: somebody looks, and confirms or corrects.
const (
	OutOfLine      AlertCode = "out_of_line"           // persons and FTE do not move together
	MoreFTE        AlertCode = "more_fte_than_persons" // in one year
	UndecidedExits AlertCode = "undecided_exits"       // a fact of the rule of exits was not collected
)

// Alert is one thing to look at.
type Alert struct {
	Code    AlertCode
	Year    int
	Measure Measure  // of persons
	Persons *big.Rat // the move since the year before, as a fraction (0.206); or the persons, or the exits
	FTE     *big.Rat // the move of the FTE; or the FTE
}

// pairs are the persons and the FTE of the same people.
var pairs = [][2]Measure{{Workers, FTE}, {PermanentPersons, PermanentFTE}, {HomeWorkerPersons, HomeWorkerFTE}, {ManagerPersons, ManagerFTE}, {StaffPersons, StaffFTE}}

// The bounds of what is plausible, assumptions of this project: two moves that
// part by 15 points, or by 10 in opposite directions, are looked at, unless fewer
// than ten persons make them.
var (
	mostApart     = big.NewRat(15, 100)
	mostOpposed   = big.NewRat(10, 100)
	leastCompared = big.NewRat(10, 1)
)

// Alerts looks at one year beside the year before; an empty Year before compares nothing.
func Alerts(before, now Year) []Alert {
	var out []Alert
	for _, p := range pairs {
		persons, fte := now.value(now.All[p[0]], p[0]), now.value(now.All[p[1]], p[1])
		if persons.Known && fte.Known && fte.Exact.Cmp(persons.Exact) > 0 {
			out = append(out, Alert{MoreFTE, now.Year, p[0], persons.Exact, fte.Exact})
		}
		if before.Scale == nil {
			continue
		}
		a, b := move(before.value(before.All[p[0]], p[0]), persons), move(before.value(before.All[p[1]], p[1]), fte)
		if apart(a, b) && before.value(before.All[p[0]], p[0]).Exact.Cmp(leastCompared) >= 0 {
			out = append(out, Alert{OutOfLine, now.Year, p[0], a, b})
		}
	}
	if n := now.counted(COORACE, []Measure{ExitsUndecided}); n.Known && n.Exact.Sign() > 0 {
		out = append(out, Alert{UndecidedExits, now.Year, ExitsUndecided, n.Exact, nil})
	}
	return out
}

// move is the change from one value to another, as a fraction; nil where one is
// unknown or there was nothing.
func move(from, to Number) *big.Rat {
	if !from.Known || !to.Known || from.Exact.Sign() == 0 {
		return nil
	}
	d := new(big.Rat).Sub(to.Exact, from.Exact)
	return d.Quo(d, from.Exact)
}

func apart(a, b *big.Rat) bool {
	if a == nil || b == nil {
		return false
	}
	gap := new(big.Rat).Sub(a, b)
	gap.Abs(gap)
	return gap.Cmp(mostApart) >= 0 || a.Sign()*b.Sign() < 0 && gap.Cmp(mostOpposed) >= 0
}
