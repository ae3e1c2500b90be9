package publication

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
	"maillage/indicators/disclosure"
	"maillage/internal/fault"
)

// A figure that was published and is published again otherwise publishes its
// difference too: who knows which enterprise corrected its records reads from it what
// changed there. The difference of two versions is a table of its own, judged as any
// table is: its base, its parts, what they leave of it, and that everybody who came, or
// nobody, is of one part. What may not be told of it is attacked with everything else, and
// hides what would tell it in the new version; the earlier ones stand.

// tooLittle is the code of that refusal.
const tooLittle = "too_little"

// counting is a family as it was counted for some versions, or as it is now.
type counting struct {
	*linked
	id    int64 // of the snapshot; 0: now
	cells map[string]place
	told  map[string]bool // what readers have of it
	apart map[string]bool // cells whose figure is told from the same one of a later counting
}

// countings are those that somebody has read of, the oldest first, then the one of now.
func (l *linked) countings() (list []*counting) {
	for _, e := range l.before {
		list = append(list, newCounting(e.linked, e.edition.id, e.edition.known))
	}
	return append(list, newCounting(l, 0, l.told))
}

func newCounting(l *linked, id int64, told map[key]bool) *counting {
	c := &counting{linked: l, id: id, cells: map[string]place{}, told: map[string]bool{}, apart: map[string]bool{}}
	for t := range l.tables {
		for i := range l.tables[t].Cells {
			at := place{t, i}
			if _, twice := c.cells[c.nameAt(at)]; !twice {
				c.cells[c.nameAt(at)] = at
			}
		}
	}
	for k, at := range l.at {
		c.told[c.nameAt(at)] = c.told[c.nameAt(at)] || told[k] && l.exact[k] != nil
	}
	return c
}

// keptApart tells a figure that did not move since readers had it, and is not for them to
// know the same.
func (l *linked) keptApart(k key) bool {
	return l.revised != nil && slices.ContainsFunc(l.revised.all, func(c *counting) bool { return c.apart[l.nameAt(l.at[k])] })
}

func (l *linked) nameAt(at place) string {
	t := l.tables[at.table]
	return cellName(t, t.Cells[at.cell])
}

// value is a figure of a counting; false where it has none.
func (c *counting) value(name string) (float64, bool) {
	at, there := c.cells[name]
	if !there {
		return 0, false
	}
	v := c.tables[at.table].Cells[at.cell].Value
	return v, !math.IsNaN(v)
}

// revised is what two versions of a family may not tell of what is between them.
type revised struct {
	all         []*counting
	differences []disclosure.Difference
	least       bool // some of it is of the whole federation
}

// revise judges the differences of every two countings of a family. Where readers have the
// older figure, the later one is hidden as a primary is, in this version and for ever; where
// it did not move it is kept apart from the older one, told or not. Where they may find it only, the
// difference itself is attacked. What they have of both is lost.
func (l *linked) revise(p Plan) error {
	if len(l.before) == 0 {
		return nil
	}
	r := &revised{all: l.countings()}
	l.revised = r
	var hidden, found []revision
	for i, here := range r.all {
		for _, older := range r.all[:i] {
			names, err := here.tellsTooMuch(older)
			if err != nil {
				return err
			}
			for _, name := range names {
				was, _ := older.value(name)
				is, _ := here.value(name)
				switch still := was == is; {
				case here.told[name] || !still && r.told(here, name):
				case still, older.told[name]:
					older.apart[name] = older.apart[name] || still
					hidden = append(hidden, revision{name, here, older})
				case l.whole.Whole() || !here.readable(name):
					found = append(found, revision{name, here, older})
				}
			}
		}
	}
	for _, c := range r.all {
		c.hide(hidden)
	}
	for _, u := range found {
		r.differences = append(r.differences, r.difference(u))
	}
	if r.least = slices.ContainsFunc(slices.Concat(hidden, found), revision.least); !r.least {
		return nil
	}
	return l.saysLess(p, func(k key) bool {
		return slices.ContainsFunc(hidden, func(u revision) bool { return u.least() && u.name == l.nameAt(l.at[k]) })
	})
}

// readable tells a cell that some version may give.
func (c *counting) readable(name string) bool {
	at := c.cells[name]
	from := c.from[at.table][at.cell]
	return c.read(from.code, from.person, from.scope)
}

// hide makes primaries of the cells of a counting, in every table that has them.
func (c *counting) hide(all []revision) {
	mine := map[string]bool{}
	for _, u := range all {
		mine[u.name] = mine[u.name] || u.here == c
	}
	for t := range c.tables {
		for i := range c.tables[t].Cells {
			if mine[c.nameAt(place{t, i})] {
				c.tables[t].Cells[i].Given = disclosure.Primary
			}
		}
	}
}

// revision is a cell of two countings.
type revision struct {
	name        string
	here, older *counting
}

// least tells the whole federation of now.
func (u revision) least() bool {
	at := u.here.cells[u.name]
	from := u.here.from[at.table][at.cell]
	return u.here.id == 0 && from.scope == (scope{whole, total}) && from.person == everybody
}

func (r *revised) difference(u revision) disclosure.Difference {
	at := u.here.cells[u.name]
	t := u.here.tables[at.table]
	c := t.Cells[at.cell]
	base := cmp.Or(c.Measure, t.Measure)
	return disclosure.Difference{Dimensions: t.Dimensions, Codes: c.Codes, Protection: t.Protection, Measure: base + r.since(u.here, u.name), Other: base + r.since(u.older, u.name)}
}

// told tells whether readers have a figure of a counting, from any that has the same.
func (r *revised) told(c *counting, name string) bool {
	value, _ := c.value(name)
	for _, o := range r.all {
		if v, there := o.value(name); there && v == value && o.told[name] {
			return true
		}
	}
	return false
}

// since names the counting whose figure it is: the same figure has one name, whichever
// countings have it. Empty: that of now.
func (r *revised) since(c *counting, name string) string {
	value, _ := c.value(name)
	if !c.apart[name] {
		for _, o := range append([]*counting{r.all[len(r.all)-1]}, r.all...) {
			if v, there := o.value(name); there && v == value && !o.apart[name] {
				c = o
				break
			}
		}
	}
	if c.id == 0 {
		return ""
	}
	return fmt.Sprintf("#%d", c.id)
}

// tellsTooMuch names the cells whose difference since an older counting may not be told.
func (c *counting) tellsTooMuch(older *counting) (names []string, err error) {
	for t, table := range c.tables {
		moves := disclosure.Table{Name: table.Name, Measure: table.Measure, Dimensions: table.Dimensions, OmitTotals: true, Rules: table.Rules}
		for i, cell := range table.Cells {
			name := cellName(table, cell)
			is, now := c.value(name)
			was, then := older.value(name)
			if now && then {
				moves.Cells = append(moves.Cells, c.move(place{t, i}, older, older.cells[name], is == was))
			}
		}
		rules, err := moves.Judge()
		if err != nil {
			return nil, fmt.Errorf("judge what moved: %w", err)
		}
		for i, rule := range rules {
			if rule != disclosure.NoRule {
				names = append(names, cellName(moves, moves.Cells[i]))
			}
		}
	}
	return names, nil
}

// move is the difference of two cells, as a cell: by the persons, the economic groups and
// the largest group that made it.
func (c *counting) move(at place, older *counting, was place, still bool) disclosure.Cell {
	cell := disclosure.Cell{Codes: c.tables[at.table].Cells[at.cell].Codes}
	from := c.from[at.table][at.cell]
	l := c.linked
	q := l.cuts[at.table].quantity(from.code)
	if still && !shared(q.plus[0]) && (banded(l.whole) || !l.ofAll(from.person)) {
		return cell
	}
	now, then := l.tallyOf(q, from), older.tallyOf(older.cuts[was.table].quantity(from.code), older.from[was.table][was.cell])
	change := now.since(then)
	net, _ := now.sum()
	before, _ := then.sum()
	net -= before
	if change.persons < 0 {
		change.persons, net = -change.persons, -net
	}
	if change.alike(q.plus[0], net) || l.wholly(older.linked, from, net) {
		cell.Given = disclosure.Primary
	}
	if still {
		return cell
	}
	moved, parts := change.sum()
	cell.Value, cell.Contributors = float64(moved), float64(len(parts))
	cell.Count = l.movers(now, then, change, q.plus[0])
	for _, p := range parts[:min(2, len(parts))] {
		cell.Top = append(cell.Top, float64(p))
	}
	if sensitive(from.public) && cell.Count > 0 && cell.Count < l.least {
		cell.Given = disclosure.Primary
	}
	return cell
}

// wholly tells a move of nobody, or of everybody, of those whom a figure is a part of. Bands
// of hours are left: who came late in the records is nearly always in one of them.
func (l *linked) wholly(then *linked, from origin, net int64) bool {
	if banded(l.whole) || !l.ofAll(from.person) {
		return false
	}
	moved := l.among(l.book, from.scope, from.personCell) - then.among(then.book, from.scope, from.personCell)
	return moved != 0 && (net == 0 || max(net, -net) == max(moved, -moved))
}

// since is what changed of a tally, group by group, whichever way; its persons are those
// who are more.
func (n tally) since(then tally) tally {
	change := tally{groups: map[string]int64{}, persons: n.persons - then.persons}
	for g, amount := range n.groups {
		change.groups[g] += amount
	}
	for g, amount := range then.groups {
		change.groups[g] -= amount
	}
	for g, amount := range change.groups {
		change.groups[g] = max(amount, -amount)
	}
	return change
}

// movers is how many persons made a difference, at least: in each group that changed,
// those who are more or fewer, no fewer than the amount is times what one may have, or one.
// Nobody knows of an amount that is of enterprises.
func (l *linked) movers(now, then, change tally, m compute.Measure) float64 {
	if !l.ofPersons() && now.persons == 0 && then.persons == 0 {
		return disclosure.Unknown()
	}
	count := 0.0
	for g, n := range change.groups {
		if n == 0 {
			continue
		}
		more := now.present[g] - then.present[g]
		amount, _ := l.unit(m, n).Float64()
		count += max(float64(max(more, -more)), l.fewest(amount), 1)
	}
	return count
}

// tallyOf counts a cell again, group by group.
func (l *linked) tallyOf(q quantity, from origin) tally {
	return l.book.tally(from.scope, q, from.plus, from.minus)
}

// lessThanBefore refuses a version that no longer tells of the whole federation what an
// earlier one does, because of what is between them: it would say less than what stands.
func (v *verdict) lessThanBefore(p Plan) error {
	for _, l := range v.systems {
		if l.revised == nil || !l.revised.least {
			continue
		}
		if err := l.saysLess(p, func(k key) bool { return !v.shown[k] }); err != nil {
			return err
		}
	}
	return nil
}

// saysLess refuses to hide a figure of the whole federation that an earlier version gives.
func (l *linked) saysLess(p Plan, hides func(key) bool) error {
	for k := range l.at {
		if k.Territory != whole || k.Kind != total || (person{k.Sex, k.Age, k.Public}) != everybody || !p.covers(k) || l.exact[k] == nil || !hides(k) {
			continue
		}
		if slices.ContainsFunc(l.before, func(e earlier) bool { return e.knows(k) }) {
			return fault.New(fault.KindConflict, tooLittle, "Depuis ce qui est publié, trop peu de personnes ou d’entreprises ont changé pour que la différence soit dite : une nouvelle version attend d’autres corrections.",
				"Since what is published, too few persons or enterprises have changed for the difference to be told: a new version awaits other corrections.")
		}
	}
	return nil
}

// together are the families that tell of one another: FTE are hours divided by those of
// a full time, that everybody knows, neither passes what persons can do, hours open
// quarters of pension, and the bands of hours share out the workers.
var together = append([]compute.Measure{compute.Workers, compute.FTE, compute.PaidHours, compute.Quarters, health.said, rights.said}, bandMeasures()...)

// floor is the rule of every family that counts persons, whatever its indicator asks:
// where the persons behind a figure are known, they are five at least.
func (l *linked) floor(r catalogue.Publication) catalogue.Publication {
	if !l.ofPersons() {
		return r
	}
	return strictest(r, catalogue.Publication{Persons: 5, Sensitive: 11})
}
