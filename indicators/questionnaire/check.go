package questionnaire

import (
	"math/big"
	"slices"

	"maillage/indicators/compute"
)

// Answers are those of one enterprise for one year, by question.
type Answers map[compute.Measure]compute.Answer

// Finding is one thing that does not hold, where it is shown.
type Finding struct {
	Check    string
	Question compute.Measure
	Level    Level
	Text     Text
	Left     int64 // what was found, in hundredths
	Right    int64 // what it was held against
}

// Check looks at the answers of an enterprise of a kind, beside those of the
// year before, in the order of the questions. It looks only at what is
// collected: nothing is missing to it, and ND goes with everything.
func (b *Book) Check(kind compute.Kind, now, before Answers) []Finding {
	var out []Finding
	for _, c := range b.Checks {
		if f, found := c.look(kind, now, before); found {
			out = append(out, f)
		}
	}
	out = append(out, b.partings(now, before)...)
	out = append(out, b.jumps(kind, now, before)...)
	slices.SortStableFunc(out, func(x, y Finding) int { return b.place(x.Question) - b.place(y.Question) })
	return out
}

func (b *Book) place(code compute.Measure) int {
	return slices.IndexFunc(b.Questions, func(q Question) bool { return q.Code == code })
}

// total adds answers; false where one is not collected.
func (a Answers) total(of []compute.Measure) (int64, bool) {
	var sum int64
	for _, m := range of {
		if a[m].Status != compute.Collected {
			return 0, false
		}
		sum += a[m].Value
	}
	return sum, true
}

func (c Check) look(kind compute.Kind, now, before Answers) (Finding, bool) {
	f := Finding{Check: c.Code, Question: c.Left[0], Level: c.Level, Text: c.Text}
	beside := now
	if c.Rule == SameAsLast {
		beside = before
	}
	left, ok := now.total(c.Left)
	right, known := beside.total(c.Right)
	if !ok || !known || !c.holdsFor(kind) {
		return f, false
	}
	f.Left, f.Right = left, right+c.Bound
	return f, !c.holds(f.Left, f.Right)
}

// holds is the rule on amounts in hundredths.
func (c Check) holds(left, right int64) bool {
	switch c.Rule {
	case AtMost:
		return left <= right
	case Within:
		return max(left, -left) <= c.Times*right
	}
	slack := int64(0)
	if c.Rule == Sum && !c.Left[0].Whole() {
		slack = int64(len(c.Right)) // each part was rounded to a hundredth
	}
	return max(left-right, right-left) <= slack
}

// partings are the persons and the FTE that do not move together (compute.Alerts).
func (b *Book) partings(now, before Answers) []Finding {
	var out []Finding
	for _, p := range compute.Pairs() {
		persons, fte := change(now, before, p.Persons), change(now, before, p.FTE)
		if compute.PartWays(persons, fte) {
			out = append(out, Finding{Check: "out_of_line", Question: p.Persons, Level: Confirm, Left: percent(persons.Move()), Right: percent(fte.Move()),
				Text: Text{FR: "Les personnes et les ETP n’évoluent pas ensemble depuis l’an dernier.", EN: "Persons and FTE do not move together since last year."}})
		}
	}
	return out
}

// leastJump is the amount, in units, under which a jump means nothing.
var leastJump = big.NewRat(10, 1)

// jumps are the amounts whose move since last year parts from that of the FTE by
// more points than their question allows. Where the move of the FTE is not
// known, there was none.
func (b *Book) jumps(kind compute.Kind, now, before Answers) []Finding {
	work := b.workMove(kind, now, before)
	var out []Finding
	for _, q := range b.Questions {
		c := change(now, before, q.Code)
		moved := c.Move()
		if q.Jump == 0 || moved == nil || c.Before.Cmp(leastJump) < 0 {
			continue
		}
		gap := new(big.Rat).Sub(moved, work)
		if gap.Abs(gap).Cmp(big.NewRat(q.Jump, 100)) > 0 {
			out = append(out, Finding{Check: "jump", Question: q.Code, Level: Confirm, Left: percent(moved), Right: percent(work),
				Text: Text{FR: "Ce chiffre bouge beaucoup depuis l’an dernier, sans que les ETP bougent autant.", EN: "This figure moves a lot since last year, and the FTE do not move as much."}})
		}
	}
	return out
}

// workMove is the move of the FTE of everybody since last year; zero where it is not known.
func (b *Book) workMove(kind compute.Kind, now, before Answers) *big.Rat {
	for _, of := range [][]compute.Measure{{compute.StaffFTE}, b.Parts(compute.StaffFTE, kind)} {
		n, ok := now.total(of)
		then, known := before.total(of)
		if ok && known && then > 0 {
			return compute.Change{Before: big.NewRat(then, 100), Now: big.NewRat(n, 100)}.Move()
		}
	}
	return new(big.Rat)
}

func change(now, before Answers, code compute.Measure) compute.Change {
	if now[code].Status != compute.Collected || before[code].Status != compute.Collected {
		return compute.Change{}
	}
	return compute.Change{Before: big.NewRat(before[code].Value, 100), Now: big.NewRat(now[code].Value, 100)}
}

// percent is a fraction as a percentage in hundredths: 0.206 is 2060.
func percent(x *big.Rat) int64 {
	return compute.Rounded(new(big.Rat).Mul(x, big.NewRat(100, 1)), 2)
}
