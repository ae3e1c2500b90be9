package publication

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"maillage/indicators/compute"
	"maillage/indicators/disclosure"
	"maillage/indicators/release"
	"maillage/internal/fault"
)

// structure is what a reader needs to attack a table again: how its cells hold together,
// and which places and kinds have any. It says nothing of a hidden value.
type structure struct {
	Table      string                 `json:"table"`
	Measure    string                 `json:"measure"`
	Whole      compute.Measure        `json:"whole"`
	Year       int                    `json:"year"`
	Dimensions []disclosure.Dimension `json:"dimensions"`
	Scopes     [][2]string            `json:"scopes"`           // territory and kind
	Codes      []string               `json:"codes"`            // of the parts
	Shared     map[string]string      `json:"shared,omitempty"` // of the codes whose figures another table has: its measure
}

func (l *linked) structures() (list []structure) {
	for i, t := range l.tables {
		st := structure{Table: t.Name, Measure: t.Measure, Whole: l.whole, Year: l.year, Dimensions: t.Dimensions, Codes: l.cuts[i].codes}
		for _, c := range t.Cells {
			s := [2]string{c.Codes[0], c.Codes[1]}
			if code := c.Codes[len(c.Codes)-1]; c.Measure != "" {
				if st.Shared == nil {
					st.Shared = map[string]string{}
				}
				st.Shared[code] = c.Measure
			}
			if n := len(st.Scopes); n == 0 || st.Scopes[n-1] != s {
				st.Scopes = append(st.Scopes, s)
			}
		}
		list = append(list, st)
	}
	return list
}

// layer is the dimensions of persons of the table.
func (st structure) layer() (l layer) {
	for _, d := range st.Dimensions {
		l.sex, l.age = l.sex || d.Name == "sex", l.age || d.Name == "age"
		if name, is := strings.CutPrefix(d.Name, "public."); is {
			l.public, _ = compute.ParsePublic(name)
			l.unsaid = len(d.Groupings) > 0
		}
	}
	return l
}

// Attack tries to find, from what a release publishes alone, anything that it
// suppresses. It is release.Attack: the certificate says how the tables hold together,
// the tables say what is known. A certificate of another form is refused.
func Attack(ctx context.Context, tables []release.Table, certificate json.RawMessage) error {
	var all struct {
		Format  string            `json:"format"`
		Systems []certifiedSystem `json:"systems"`
	}
	if err := json.Unmarshal(certificate, &all); err != nil || all.Format != certificateFormat || len(all.Systems) == 0 {
		return fault.New(fault.KindInvalid, "certificate", "Ce certificat n’est pas de ceux que l’attaque sait lire.", "This certificate is none that the attack can read.")
	}
	read := figuresIn(tables)
	for k, f := range read {
		if f.status == release.Suppressed && !slices.ContainsFunc(all.Systems, func(s certifiedSystem) bool { return s.holds(k) }) {
			return fault.Conflict("uncovered", "Le certificat ne porte pas sur toutes les valeurs masquées.", "The certificate is not about every suppressed figure.")
		}
	}
	for _, s := range all.Systems {
		if !s.Certificate.Safe || s.Certificate.Attack.Recovered+s.Certificate.Attack.Narrow > 0 {
			return fault.Conflict("unsafe", "Le certificat dit lui-même que la protection ne tient pas.", "The certificate itself says that the protection does not hold.")
		}
		if s.Everywhere != nil && s.Everywhere.Attack.Recovered+s.Everywhere.Attack.Narrow > 0 {
			return fault.Conflict("unsafe", "Le certificat dit lui-même que la protection de toute la fédération ne tient pas.", "The certificate itself says that the protection of the whole federation does not hold.")
		}
		if err := s.attack(ctx, read); err != nil {
			return err
		}
	}
	return nil
}

// holds tells whether a system says how a figure holds to others.
func (s certifiedSystem) holds(k key) bool {
	return slices.ContainsFunc(s.Structure, func(st structure) bool {
		return st.Year == k.Year && slices.Contains(st.Scopes, [2]string{k.Territory, k.Kind}) && (k.Measure == st.Whole || slices.Contains(st.Codes, string(k.Measure)))
	})
}

const certificateFormat = "maillage-disclosure/1"

// known is a cell as a reader has it.
type known struct {
	status release.Status
	value  float64
}

// attack solves for every suppressed figure of a system, and asks again of each that
// is published what can be asked without knowing who is behind it.
func (s certifiedSystem) attack(ctx context.Context, read map[key]known) error {
	claimed := map[string]disclosure.CertifiedTable{}
	rules := map[string]disclosure.Rules{}
	for _, c := range s.Certificate.Tables {
		claimed[c.Name], rules[c.Name] = c, c.Rules
	}
	o, task, err := s.solve(ctx, read, rules)
	if err != nil {
		return err
	}
	found, err := o.Certificate()
	if err != nil {
		return err
	}
	for _, t := range found.Tables {
		if claimed[t.Name].Cells != t.Cells || claimed[t.Name].Published != publishedIn(task, t.Name) {
			return fault.Conflict("counts", "Le certificat ne compte pas les mêmes valeurs publiées.", "The certificate does not count the same published figures.")
		}
	}
	return nil
}

// solve attacks what readers have, by the rules of each table.
func (s certifiedSystem) solve(ctx context.Context, read map[key]known, rules map[string]disclosure.Rules) (*disclosure.Outcome, disclosure.Task, error) {
	var task disclosure.Task
	for _, st := range s.Structure {
		task.Tables = append(task.Tables, st.table(read, rules[st.Table]))
		task.Limits = append(task.Limits, limitsOf(st.Whole, st.Year)...)
	}
	o, err := disclosure.Check(ctx, task)
	switch {
	case err != nil:
		return nil, task, fmt.Errorf("attack a release: %w", err)
	case !o.Proved() && o.Attack.Narrow == o.Attack.Unproved:
		return nil, task, fault.Conflict("unproved", "L’attaque n’a pas pu regarder partout : rien n’est trouvé, et rien n’est prouvé.", "The attack could not look everywhere: nothing is found, and nothing is proved.")
	case !o.Safe():
		return nil, task, fault.Conflict("recovered", fmt.Sprintf("%d valeur(s) protégée(s) se retrouvent.", o.Attack.Narrow), fmt.Sprintf("%d protected figure(s) can be found.", o.Attack.Narrow))
	}
	return o, task, nil
}

// stands makes the attack that anybody may make on what is about to be released, then with
// everything that was released before: what would be found by them is not released,
// whatever was judged and proved of the counts.
func (v *verdict) stands(ctx context.Context, d release.Dataset, before ledger) error {
	if err := Attack(ctx, d.Tables, d.Certificate); err != nil {
		return err
	}
	read, more := figuresIn(d.Tables), false
	for _, l := range v.systems {
		for k := range l.at {
			if _, here := read[k]; !here && same(before.figures, l, k) {
				value, _ := inUnits(before.figures[k].Value, k.Measure).Float64()
				read[k], more = known{release.Value, value}, true
			}
		}
	}
	for _, s := range v.sheets {
		if !more {
			break
		}
		if _, _, err := s.solve(ctx, read, nil); err != nil {
			return err
		}
	}
	return nil
}

func publishedIn(task disclosure.Task, name string) (n int) {
	for _, t := range task.Tables {
		for _, c := range t.Cells {
			if t.Name == name && c.Given == disclosure.Published {
				n++
			}
		}
	}
	return n
}

// exactly is how close a figure must be known to be found.
func exactly(m compute.Measure) float64 {
	if m.Whole() {
		return 0.5
	}
	return 0.05
}

// table is a table as its readers have it.
func (st structure) table(read map[key]known, rules disclosure.Rules) disclosure.Table {
	t := disclosure.Table{Name: st.Table, Measure: st.Measure, Dimensions: st.Dimensions, OmitTotals: true, Tolerance: 1e-3, Whole: st.Whole.Whole(),
		Protection: disclosure.Protection{Sliding: disclosure.Margin{AtLeast: exactly(st.Whole)}}}
	if rules.MinimumCount > 0 && st.Whole.Whole() && !shared(st.Whole) { // what is counted is people: the count is the value
		t.Rules = disclosure.Rules{MinimumCount: rules.MinimumCount, Group: rules.Group}
	}
	lay := st.layer()
	for _, s := range st.Scopes {
		for _, p := range lay.cells() {
			for _, code := range st.Codes {
				c := disclosure.Cell{Codes: lay.codes(scope{s[0], s[1]}, p.person, code), Measure: st.Shared[code], Value: disclosure.Unknown(), Count: disclosure.Unknown(), Contributors: disclosure.Unknown(), Given: disclosure.Secondary}
				m := compute.Measure(code)
				if code == total {
					m = st.Whole
				}
				if k, there := read[key{m, st.Year, s[0], s[1], p.sex, p.age, p.public}]; there {
					c.Given, c.Value = k.given()
					if c.Given == disclosure.NotCollected && p.person != everybody && !read[key{m, st.Year, s[0], s[1], total, total, total}].absent() {
						c.Given, c.Value = disclosure.Published, 0 // nobody said it, and everybody knows so
					}
					c.Count = c.Value
				}
				t.Cells = append(t.Cells, c)
			}
		}
	}
	return t
}

// absent tells what nobody gave.
func (k known) absent() bool {
	return k.status == release.NotCollected || k.status == release.Awaited
}

func (k known) given() (disclosure.Status, float64) {
	switch k.status {
	case release.Value:
		return disclosure.Published, k.value
	case release.NotCollected, release.Awaited:
		return disclosure.NotCollected, disclosure.Unknown()
	}
	return disclosure.Primary, disclosure.Unknown()
}

// figuresIn is every figure of the tables by its key; rates are left: they are quotients.
func figuresIn(tables []release.Table) map[key]known {
	out := map[key]known{}
	for _, t := range tables {
		measures := map[int]compute.Measure{}
		for i, f := range t.Fields {
			if m, is := measureNamed(f.Name); is && f.Measure() && f.Ratio == nil {
				measures[i] = m
			}
		}
		if len(measures) == 0 {
			continue
		}
		for _, row := range t.Rows {
			k := key{Kind: total, Sex: total, Age: total, Public: total}
			for i, f := range t.Fields {
				k.read(f, row[i])
			}
			for i, m := range measures {
				k.Measure = m
				value, _ := inUnits(row[i].Number, m).Float64()
				out[k] = known{row[i].Status, value}
			}
		}
	}
	return out
}

// read takes a dimension of a row.
func (k *key) read(f release.Field, c release.Cell) {
	switch f.Name {
	case "territory":
		k.Territory = c.Text
	case "year":
		k.Year = int(c.Number)
	case "kind":
		k.Kind = c.Text
	case "sex":
		k.Sex = c.Text
	case "age":
		k.Age = c.Text
	case "public":
		switch k.Public = c.Text; {
		case strings.HasPrefix(c.Text, unsaidCode):
			k.Public = unsaidPublic + strings.TrimPrefix(c.Text, unsaidCode)
		case c.Text != total:
			k.Public = inPublic + c.Text
		}
	}
}

// measureNamed finds the measure of a column.
func measureNamed(column string) (compute.Measure, bool) {
	all := append(compute.Measures(), upTo6, from6, upTo6+olderRule, from6+olderRule)
	i := slices.IndexFunc(all, func(m compute.Measure) bool { return columnOf(m) == column })
	if i < 0 {
		return "", false
	}
	return all[i], true
}
