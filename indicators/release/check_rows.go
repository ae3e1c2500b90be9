package release

import (
	"fmt"
	"slices"
	"strings"
)

func (c *checker) field(path string, t Table, f Field) {
	c.want(name.MatchString(f.Name) && !strings.HasSuffix(f.Name, statusSuffix), path+".name")
	c.want(both(f.Label), path+".label")
	c.want(both(f.Definition), path+".definition")
	c.want(slices.Contains([]Kind{Code, Key, Year, Integer, Decimal, Note}, f.Kind), path+".kind")
	c.want((f.Kind == Decimal) == (f.Decimals > 0) && f.Decimals <= 6, path+".decimals")
	c.want(f.Kind != Code || len(f.Codes) > 0, path+".codes")
	c.codes(path, f)
	if !f.Measure() {
		c.want(f.Adds == NoSum && f.Ratio == nil && f.Bound == nil, path+".adds")
		return
	}
	c.want(both(f.Unit), path+".unit")
	c.want(both(f.Rule), path+".rule")
	c.want(line(f.Edition), path+".edition")
	c.want(slices.Contains([]Closing{NoSum, Exact, Rounded}, f.Adds), path+".adds")
	c.coverage(path+".coverage", f.Coverage)
	c.ratio(path+".ratio", t, f)
	c.bound(path+".bound", t, f)
}

// codes asks for a closed list without doubles, and sums made of it.
func (c *checker) codes(path string, f Field) {
	known, totals := map[string]bool{}, map[string]int{}
	for _, w := range f.Codes {
		c.want(word(w.Code) && both(w.Label) && !known[w.Code], path+".codes."+clip(w.Code))
		known[w.Code] = true
	}
	for i, s := range f.Sums {
		once := map[string]bool{s.Total: true}
		ok := f.Kind == Code && known[s.Total] && len(s.Parts) > 0
		for _, p := range s.Parts {
			ok = ok && known[p] && !once[p]
			once[p] = true
		}
		totals[s.Total]++
		c.want(ok && totals[s.Total] <= maxSums, fmt.Sprintf("%s.sums.%d", path, i+1))
	}
}

// ratio asks that a rate be of two other measures of its row.
func (c *checker) ratio(path string, t Table, f Field) {
	if f.Ratio == nil {
		return
	}
	n, d := t.find(f.Ratio.Numerator), t.find(f.Ratio.Denominator)
	c.want(n >= 0 && d >= 0 && n != d && t.Fields[n].Measure() && t.Fields[d].Measure() &&
		t.Fields[n].Ratio == nil && t.Fields[d].Ratio == nil && f.Ratio.Per > 0 && f.Ratio.Per <= 1_000_000, path)
}

// rows checks the cells, then what the table claims of itself.
func (c *checker) rows(path string, t Table) {
	c.cells(path, t)
	if len(c.faults) > 0 { // a claim is about cells that hold
		return
	}
	for _, w := range t.claims() {
		c.add(fmt.Sprintf("%s.%d.%s", path, w.Row+1, t.Fields[w.Field].Name), w.Code, w.Message.FR, w.Message.EN)
	}
}

// cells checks each cell by its field, and that no two rows have the same key.
func (c *checker) cells(path string, t Table) {
	seen, lists := make(map[string]int, len(t.Rows)), make([]map[string]bool, len(t.Fields))
	for i, f := range t.Fields {
		lists[i] = f.list()
	}
	for i, row := range t.Rows {
		at := fmt.Sprintf("%s.%d", path, i+1)
		if len(row) != len(t.Fields) {
			c.add(at, "width", "Cette ligne n’a pas une cellule par champ.", "This row has not one cell a field.")
			continue
		}
		for j, f := range t.Fields {
			if why, ok := f.holds(row[j], lists[j]); !ok {
				c.add(at+"."+f.Name, "cell", why.FR, why.EN)
			}
		}
		key := t.key(row)
		if first, double := seen[key]; double {
			c.add(at, "double", fmt.Sprintf("Cette ligne a les mêmes dimensions que la ligne %d.", first), fmt.Sprintf("This row has the dimensions of row %d.", first))
		}
		seen[key] = i + 1
	}
}

// key joins the dimensions of a row; no word holds the separator.
func (t Table) key(row []Cell) string {
	var parts []string
	for _, i := range t.keyed() {
		parts = append(parts, t.Fields[i].format(row[i]))
	}
	return strings.Join(parts, "\x1f")
}

// word is a code that no reader takes for something else: a formula of a
// spreadsheet, a status, or another code with a space around it.
func word(s string) bool { return len(s) <= maxWord && readAsIs(s) }

// note is a text of one line that no reader takes for something else.
func note(s string) bool { return len(s) <= maxNote && readAsIs(s) }

func readAsIs(s string) bool {
	switch {
	case s == "" || s != strings.TrimSpace(s) || !line(s):
		return false
	case strings.ContainsAny(s[:1], "=+-@"):
		return false
	}
	return s != tokenND && s != tokenSuppressed && s != tokenNoBase && s != tokenAwaited && !strings.ContainsAny(s, "\t\r")
}
