package release

import (
	"fmt"
	"slices"

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
		lines := t.lines(i)
		for _, line := range lines {
			for _, s := range dim.Sums {
				more, n := t.closes(line, s)
				bad, checked = append(bad, more...), checked+n
			}
		}
	}
	slices.SortStableFunc(bad, func(a, b wrong) int { return a.Row - b.Row })
	return bad, checked
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
func (t Table) closes(line map[string]int, s Sum) (bad []wrong, checked int) {
	total, ok := line[s.Total]
	if !ok {
		return nil, 0
	}
	for i, f := range t.Fields {
		if f.Adds == NoSum || t.Rows[total][i].Status != Value {
			continue
		}
		sum, whole := t.add(line, s.Parts, i)
		if whole {
			checked++
		}
		if why, ok := f.agrees(t.Rows[total][i].Number, sum, len(s.Parts), whole); !ok {
			bad = append(bad, wrong{total, i, "sum", why})
		}
	}
	return bad, checked
}

// add sums the published parts, and says whether they all are.
func (t Table) add(line map[string]int, parts []string, field int) (sum int64, whole bool) {
	whole = true
	for _, p := range parts {
		row, ok := line[p]
		if !ok || t.Rows[row][field].Status != Value {
			whole = false
			continue
		}
		sum += t.Rows[row][field].Number
	}
	return sum, whole
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
