package record

import (
	"fmt"
	"slices"
	"strings"
)

// Check refuses a file with a column that is not on the list, a value that is not
// in its column's, or a class that is too small or tells a sensitive value.
func (p *Protected) Check() error {
	vars := p.Kind.Variables()
	for c, name := range p.Columns {
		i := slices.IndexFunc(vars, func(v Variable) bool { return v.Name == name })
		if i < 0 || vars[i].Sensitive != (c >= p.Keys) {
			return fmt.Errorf("column %d is not one of the file's: %w", c, ErrUnsafe)
		}
		for _, r := range p.Rows {
			if !vars[i].holds(r[c]) {
				return fmt.Errorf("column %s holds a value that is not of its list: %w", name, ErrUnsafe)
			}
		}
	}
	for _, class := range p.classes(1<<p.Keys - 1) {
		if !p.safe(class) {
			return fmt.Errorf("a class of %d records of the %d: %w", len(class), len(p.Rows), ErrUnsafe)
		}
	}
	return nil
}

// holds tells whether a value is one of the variable's.
func (v Variable) holds(value string) bool {
	if value == NotCollected || value == Suppressed && !v.Sensitive {
		return true
	}
	return slices.ContainsFunc(v.Codes, func(c Code) bool {
		form, open := strings.CutSuffix(c.Value, "…")
		code, under := strings.CutPrefix(value, form)
		return c.Value == value || open && under && len(code) >= 1 && len(code) <= 3
	})
}

// classes are the rows that share the keys of a mask.
func (p *Protected) classes(mask uint) map[string][][]string {
	out := map[string][][]string{}
	for _, r := range p.Rows {
		at := make([]string, p.Keys)
		for k := range at {
			if mask&(1<<k) != 0 {
				at[k] = r[k]
			}
		}
		key := strings.Join(at, "\x00")
		out[key] = append(out[key], r[p.Keys:])
	}
	return out
}

// safe tells whether so many tuples of sensitive values tell of nobody.
func (p *Protected) safe(tuples [][]string) bool {
	if len(tuples) < LeastShared {
		return false
	}
	for s := range tuples[0] {
		seen := map[string]bool{}
		for _, t := range tuples {
			if t[s] != NotCollected {
				seen[t[s]] = true
			}
		}
		if len(seen) < LeastDiverse {
			return false
		}
	}
	return true
}
