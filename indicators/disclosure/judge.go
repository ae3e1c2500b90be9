package disclosure

import "slices"

// judge gives the primary rule that each cell of the table breaks. Group
// disclosure is asked last: a cell that another rule hides keeps that rule.
func (g *grid) judge() []Rule {
	rules := make([]Rule, len(g.Cells))
	for i, c := range g.Cells {
		rules[i] = g.Rules.Judge(c)
	}
	if g.Rules.Group == nil {
		return rules
	}
	d := slices.IndexFunc(g.Dimensions, func(d Dimension) bool { return d.Name == g.Rules.Group.Dimension })
	if d < 0 {
		return rules
	}
	for _, l := range g.lines(d) {
		g.judgeGroup(d, l, rules)
	}
	return rules
}

// addNobody gives the parts of a group in which there is nobody a cell, where that
// nobody is there tells something: a row that was left out is judged as one of zero.
func (g *grid) addNobody() {
	d := slices.IndexFunc(g.Dimensions, func(d Dimension) bool { return g.Rules.Group != nil && d.Name == g.Rules.Group.Dimension })
	if d < 0 || !g.Rules.Group.None || g.Absent != AbsentZero {
		return
	}
	codes := g.codes(d)
	for _, l := range g.lines(d) {
		if whole, there := l.cells[g.Dimensions[d].Total]; !there || !(g.persons(whole) > 0) {
			continue
		}
		for _, code := range codes {
			_, there := l.cells[code]
			if there || !g.Rules.Group.tells(code) || g.OmitTotals && len(g.under[d][code]) > 0 {
				continue
			}
			nobody := Cell{Codes: slices.Clone(l.codes)}
			nobody.Codes[d] = code
			g.add(nobody)
		}
	}
}

// judgeGroup looks at one group of people and how it is shared out: a part that
// is everybody, or nobody, tells something of each of them.
func (g *grid) judgeGroup(d int, l line, rules []Rule) {
	whole, there := l.cells[g.Dimensions[d].Total]
	if !there || g.persons(whole) <= 0 || !known(g.persons(whole)) {
		return
	}
	group := g.Rules.Group
	for code, i := range l.cells {
		if i == whole || rules[i] != NoRule || !group.tells(code) {
			continue
		}
		all := group.All && g.persons(i) == g.persons(whole)
		none := group.None && g.persons(i) == 0
		few := group.Complement && under(g.persons(whole)-g.persons(i), g.Rules.MinimumCount)
		if all || none || few {
			rules[i] = GroupDisclosure
		}
	}
}

func (r *Group) tells(code string) bool { return len(r.Codes) == 0 || slices.Contains(r.Codes, code) }

// persons is the count of a cell, or its value where the value is the count.
func (g *grid) persons(i int) float64 {
	if c := g.Cells[i]; known(c.Count) {
		return c.Count
	}
	return g.Cells[i].Value
}
