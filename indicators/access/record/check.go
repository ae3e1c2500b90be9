package record

import (
	"fmt"
	"slices"
	"strings"
)

// Check refuses a file with a column that is not on the list, a value that is not
// in its column's, or a class that is too small, tells a sensitive value or has too
// few groups behind it, for one of its readers.
func (p *Protected) Check() error {
	if len(p.In) != len(p.Rows) || len(p.Kept.From) != len(p.Rows) {
		return fmt.Errorf("%d rows, and the files of %d and the senders of %d: %w", len(p.Rows), len(p.In), len(p.Kept.From), ErrUnsafe)
	}
	vars := slices.Concat(keys(), secrets())
	for c, name := range p.Columns {
		i := slices.IndexFunc(vars, func(v Variable) bool { return v.Name == name })
		if i < 0 || vars[i].Sensitive != (c >= p.Keys) {
			return fmt.Errorf("column %d is not one of the file's: %w", c, ErrUnsafe)
		}
		for n, r := range p.Rows {
			if !vars[i].holds(r[c], p.In[n]) {
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

// holds tells whether a value is one of the variable's, for a record that some files hold.
func (v Variable) holds(value string, in uint) bool {
	switch {
	case v.Name == days().Name && in&inExits == 0, v.Name == placements().Name && in&inWorkers == 0:
		return value == absent
	case v.Name == motive().Name && in&inExits != 0 && (value == "still" || value == NotCollected),
		v.Name == motive().Name && in&inExits == 0 && value != "still" && value != NotCollected:
		return false
	case value == NotCollected, value == Suppressed && !v.Sensitive:
		return true
	}
	return slices.ContainsFunc(v.Codes, func(c Code) bool {
		form, open := strings.CutSuffix(c.Value, "…")
		code, under := strings.CutPrefix(value, form)
		return c.Value == value || open && under && len(code) >= 1 && len(code) <= 3
	})
}

// tuple is what a row tells besides its keys, and who sent it.
type tuple struct {
	in      uint
	secrets []string
	from    string
}

// classes are the rows that share the keys of a mask.
func (p *Protected) classes(mask uint) map[string][]tuple {
	out := map[string][]tuple{}
	for i, r := range p.Rows {
		at := make([]string, p.Keys)
		for k := range at {
			if mask&(1<<k) != 0 {
				at[k] = r[k]
			}
		}
		key := strings.Join(at, "\x00")
		out[key] = append(out[key], tuple{p.In[i], r[p.Keys:], p.Kept.From[i]})
	}
	return out
}

// safe tells whether rows tell of nobody, to any reader.
func (p *Protected) safe(rows []tuple) bool {
	for _, r := range readers() {
		var from []string
		seen := map[int]map[string]bool{}
		for _, t := range rows {
			if !r.looksAt(t.in) {
				continue
			}
			from = append(from, t.from)
			for c, v := range t.secrets {
				if seen[c] == nil {
					seen[c] = map[string]bool{}
				}
				if v != NotCollected && v != absent {
					seen[c][v] = true
				}
			}
		}
		if len(from) > 0 && (len(from) < LeastShared || !shared(from) || !p.diverse(r, seen)) {
			return false
		}
	}
	return true
}

// diverse tells whether a reader finds two values of each variable that they would learn.
func (p *Protected) diverse(r reader, seen map[int]map[string]bool) bool {
	all := secrets()
	for c, name := range p.Columns[p.Keys:] {
		for _, l := range r.learns {
			if all[l].Name == name && len(seen[c]) < LeastDiverse {
				return false
			}
		}
	}
	return true
}
