package publication

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"maillage/indicators/compute"
	"maillage/indicators/figures"
)

// scope is where a tally is: a territory and a kind, total for all of them.
type scope struct{ territory, kind string }

// tally is one quantity of one scope and cross, group by group.
type tally struct {
	missing bool // somebody's was not collected, or nobody answered
	frame   int
	replied int
	awaited int // asked, and not come
	groups  map[string]int64
	present map[string]int64 // persons of each group, those that have none of it included
	persons int64
}

// whole is France, the one territory at the top.
const whole = figures.Whole

// unplaced is where the enterprises are whose commune nobody said: never published.
const unplaced = "ZZ"

// book is the contributions of a year, sorted into scopes once.
type book struct {
	year  int
	by    map[scope][]*figures.Contribution
	level Level
	top   bool // the whole federation alone

	zonings []*zoning
}

// newBook sorts contributions into every scope of a level and above.
func newBook(year int, level Level, all []figures.Contribution, zonings ...*zoning) *book {
	b := &book{year: year, by: map[scope][]*figures.Contribution{}, level: level, zonings: zonings}
	for i := range all {
		c := consistent(&all[i])
		for _, t := range b.places(c) {
			for _, k := range []string{total, string(c.Counts.Kind)} {
				b.by[scope{t, k}] = append(b.by[scope{t, k}], c)
			}
		}
	}
	return b
}

// places are every territory that an enterprise counts in. Where the country is cut in
// several ways at once, what they have in common is one too: their differences.
func (b *book) places(c *figures.Contribution) []string {
	list := b.administrative(c)
	finest := list[1:][max(0, len(list)-2):]
	for i, z := range b.zonings {
		code := z.of[c.Commune]
		if code == "" {
			code = unplaced + "z" + strconv.Itoa(i)
		}
		if !slices.Contains(list, code) { // two ways may have a zone in common
			list = append(list, code)
		}
		finest = append(slices.Clone(finest), code)
	}
	if len(finest) > 1 {
		list = append(list, atomPrefix+strings.Join(finest, "|"))
	}
	return list
}

func (b *book) administrative(c *figures.Contribution) []string {
	switch {
	case b.level == Federation:
		return []string{whole}
	case c.Region == "":
		return []string{whole, unplaced}
	case b.level == Region:
		return []string{whole, regionCode(c.Region)}
	case c.Departement == "":
		return []string{whole, regionCode(c.Region), unplaced + c.Region}
	}
	return []string{whole, regionCode(c.Region), c.Departement}
}

// regionCode tells a region from a department of the same number.
func regionCode(code string) string { return "R" + code }

// territories lists the codes of the book, France first, and how each way of cutting it
// puts them one above the other.
func (b *book) territories() (codes []string, above []map[string]string) {
	ways := len(b.zonings)
	if b.level != Federation {
		ways++
	}
	above = make([]map[string]string, max(1, ways))
	for i := range above {
		above[i] = map[string]string{}
	}
	for s, list := range b.by {
		if s.kind != total || b.top && s.territory != whole {
			continue
		}
		codes = append(codes, s.territory)
		b.under(above, s.territory, list[0], ways)
	}
	slices.Sort(codes)
	if at := slices.Index(codes, whole); at > 0 {
		codes = append([]string{whole}, slices.Delete(codes, at, at+1)...)
	}
	return codes, slices.DeleteFunc(above, func(m map[string]string) bool { return len(m) == 0 })
}

// under files a territory under those above it.
func (b *book) under(above []map[string]string, code string, c *figures.Contribution, ways int) {
	places := b.administrative(c)
	if len(places) == 3 && code == places[2] {
		above[0][code] = places[1]
	}
	atom := b.places(c)
	if ways < 2 || code != atom[len(atom)-1] || !strings.HasPrefix(code, atomPrefix) {
		return
	}
	for i, part := range strings.Split(strings.TrimPrefix(code, atomPrefix), "|") {
		above[i][code] = part
	}
}

// kinds lists those of the book to whom a measure means something.
func (b *book) kinds(m compute.Measure) (list []string) {
	for _, k := range compute.Kinds() {
		if len(b.by[scope{whole, string(k)}]) > 0 && m.Applies(k) {
			list = append(list, string(k))
		}
	}
	return list
}

// tally counts a quantity in a scope, for each of some crosses added together less others.
func (b *book) tally(s scope, q quantity, plus, minus []compute.Cross) tally {
	t := tally{groups: map[string]int64{}, present: map[string]int64{}}
	for _, c := range b.by[s] {
		if !q.plus[0].Applies(c.Counts.Kind) {
			continue
		}
		t.frame++
		known, waits := true, false
		for _, m := range q.measures() {
			line, said := c.Counts.Lines[m]
			known = known && said
			t.missing = t.missing || said && line.Status == compute.ND
			waits = waits || !said && c.Counts.Awaits(m)
		}
		if _, counted := c.Counts.Lines[compute.Workers]; q.perWorker() && counted != known {
			t.missing = true // hours beside the workers of others make no rate
		}
		if waits {
			t.awaited++
		}
		if !known {
			continue
		}
		t.replied++
		for i, m := range q.measures() {
			sign := int64(1)
			if i >= len(q.plus) {
				sign = -1
			}
			t.add(c, m, sign, plus)
			t.add(c, m, -sign, minus)
		}
	}
	t.missing = t.missing || t.replied == 0
	return t
}

func (t *tally) add(c *figures.Contribution, m compute.Measure, sign int64, crosses []compute.Cross) {
	for _, n := range c.Counts.Lines[m].Counts {
		if slices.Contains(crosses, n.Cross) {
			persons := behind(c, m, n)
			t.groups[c.Counts.Group] += sign * n.Amount
			t.persons += sign * persons
			t.present[c.Counts.Group] += sign * persons
		}
	}
}

// sum is the amount, and the contributions of the groups that have some, the largest first
// whatever their sign.
func (t *tally) sum() (amount int64, parts []int64) {
	for _, n := range t.groups {
		if n != 0 {
			amount += n
			parts = append(parts, n)
		}
	}
	slices.SortFunc(parts, func(a, b int64) int { return cmp.Or(cmp.Compare(max(b, -b), max(a, -a)), cmp.Compare(b, a)) })
	return amount, parts
}
