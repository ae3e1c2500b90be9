package release

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"maillage/internal/fault"
)

// closings checks every sum that a table declares, for every measure that adds up,
// and says how many had all their terms published. Where a part is hidden the
// published ones may not exceed the total of a measure that is never negative.
// A missing row is a term that is not published.
func (t Table) closings() (bad []wrong, checked int) {
	for i, dim := range t.Fields {
		if len(dim.Sums) == 0 {
			continue
		}
		sums := indexed(dim.Sums)
		for _, line := range t.lines(i) {
			for total := range line {
				for _, s := range sums[total] {
					more, n := t.closes(line, total, s)
					bad, checked = append(bad, more...), checked+n
				}
			}
		}
	}
	slices.SortFunc(bad, func(a, b wrong) int {
		return cmp.Or(a.Row-b.Row, a.Field-b.Field, strings.Compare(a.Message.EN, b.Message.EN))
	})
	return bad, checked
}

// parts are the terms of one sum, to be walked through or looked up.
type parts struct {
	codes []string
	has   map[string]bool
}

// indexed gives the sums of each total: a line asks for those of its own codes alone.
func indexed(sums []Sum) map[string][]parts {
	by := map[string][]parts{}
	for _, s := range sums {
		p := parts{s.Parts, map[string]bool{}}
		for _, code := range s.Parts {
			p.has[code] = true
		}
		by[s.Total] = append(by[s.Total], p)
	}
	return by
}

// lines groups the rows that differ by one dimension alone: code → row.
func (t Table) lines(dimension int) []map[string]int {
	at, all := map[string]int{}, []map[string]int(nil)
	for r, row := range t.Rows {
		rest := slices.Clone(row)
		code := rest[dimension].Text
		rest[dimension] = Cell{}
		key := t.key(rest)
		i, known := at[key]
		if !known {
			i = len(all)
			at[key] = i
			all = append(all, map[string]int{})
		}
		all[i][code] = r
	}
	return all
}

// closes checks one sum along one line, measure by measure.
func (t Table) closes(line map[string]int, total string, s parts) (bad []wrong, checked int) {
	row, terms := line[total], s.rows(line)
	for i, f := range t.Fields {
		if f.Adds == NoSum || t.Rows[row][i].Status != Value {
			continue
		}
		sum, published := t.add(terms, i)
		whole := published == len(s.codes)
		if whole {
			checked++
		}
		if why, ok := f.agrees(t.Rows[row][i].Number, sum, len(s.codes), whole); !ok {
			bad = append(bad, wrong{row, i, "sum", why})
		}
	}
	return bad, checked
}

// rows gives the rows of the terms that the line has, by the shorter way: a stranger's
// table may have many lines or long sums.
func (s parts) rows(line map[string]int) []int {
	var rows []int
	if len(s.codes) <= len(line) {
		for _, code := range s.codes {
			if row, ok := line[code]; ok {
				rows = append(rows, row)
			}
		}
		return rows
	}
	for code, row := range line {
		if s.has[code] {
			rows = append(rows, row)
		}
	}
	return rows
}

// add sums the published terms and counts them; it stops far above any total, before
// the sum would turn around.
func (t Table) add(rows []int, field int) (sum int64, published int) {
	const roof = math.MaxInt64 / 2
	for _, row := range rows {
		c := t.Rows[row][field]
		if c.Status != Value {
			continue
		}
		published++
		if sum < roof && sum > -roof {
			sum += c.Number
		}
	}
	return sum, published
}

// agrees compares a total with its parts. Parts that were each rounded once may miss
// their total, rounded once too, by half a unit for each of them and for itself.
func (f Field) agrees(total, sum int64, parts int, whole bool) (fault.Text, bool) {
	slack := int64(0)
	if f.Adds == Rounded {
		slack = int64(parts+1) / 2
	}
	switch {
	case whole && max(total-sum, sum-total) > slack:
		return fault.Text{FR: fmt.Sprintf("le total %s n’est pas la somme de ses parties, %s", f.format(Number(total)), f.format(Number(sum))),
			EN: fmt.Sprintf("the total %s is not the sum of its parts, %s", f.format(Number(total)), f.format(Number(sum)))}, false
	case !whole && !f.Signed && sum-total > slack:
		return fault.Text{FR: fmt.Sprintf("les parties publiées, %s, dépassent le total %s", f.format(Number(sum)), f.format(Number(total))),
			EN: fmt.Sprintf("the published parts, %s, exceed the total %s", f.format(Number(sum)), f.format(Number(total)))}, false
	}
	return fault.Text{}, true
}
