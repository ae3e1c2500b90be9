package release

import (
	"reflect"
	"slices"
	"strings"

	"maillage/internal/fault"
)

// compare tells two canonical datasets apart: their structure, their words, their rows.
func compare(before, after Dataset) Difference {
	var d Difference
	for _, t := range before.Tables {
		i := slices.IndexFunc(after.Tables, func(o Table) bool { return o.Name == t.Name })
		if i < 0 {
			d.breaks("Le tableau "+t.Name+" est retiré.", "Table "+t.Name+" is removed.")
			continue
		}
		d.table(t, after.Tables[i])
	}
	for _, t := range after.Tables {
		if !slices.ContainsFunc(before.Tables, func(o Table) bool { return o.Name == t.Name }) {
			d.tells("Le tableau "+t.Name+" est ajouté.", "Table "+t.Name+" is added.")
		}
	}
	d.head(before, after)
	return d
}

func (d *Difference) breaks(fr, en string) {
	d.Breaking = append(d.Breaking, fault.Text{FR: fr, EN: en})
}
func (d *Difference) tells(fr, en string) {
	d.Described = append(d.Described, fault.Text{FR: fr, EN: en})
}

// head tells what is said of the whole otherwise.
func (d *Difference) head(a, b Dataset) {
	if a.Licence != b.Licence {
		d.breaks("La licence change : "+b.Licence.Title+".", "The licence changes: "+b.Licence.Title+".")
	}
	if a.Coverage != b.Coverage {
		d.tells("La couverture change.", "The coverage changes.")
	}
	if a.Title != b.Title || a.Abstract != b.Abstract || a.Reproduce != b.Reproduce || !slices.Equal(a.Keywords, b.Keywords) || !slices.Equal(a.Sources, b.Sources) {
		d.tells("La présentation ou les sources changent.", "The presentation or the sources change.")
	}
}

// table compares the fields, then the rows where the fields are the same.
func (d *Difference) table(a, b Table) {
	if !slices.EqualFunc(a.Fields, b.Fields, sameShape) {
		d.breaks("Les variables du tableau "+a.Name+" changent : "+fieldNames(b)+".", "The variables of table "+a.Name+" change: "+fieldNames(b)+".")
		return
	}
	for i, f := range a.Fields {
		d.field(a.Name, f, b.Fields[i])
	}
	if a.Title != b.Title {
		d.tells("Le titre du tableau "+a.Name+" change.", "The title of table "+a.Name+" changes.")
	}
	if t := a.rowsApart(b); len(t.Added)+len(t.Removed)+len(t.Revised)+t.statuses() > 0 {
		d.Tables = append(d.Tables, t)
	}
}

func sameShape(a, b Field) bool {
	return a.Name == b.Name && a.Kind == b.Kind && a.Decimals == b.Decimals && a.Unit == b.Unit
}

func fieldNames(t Table) string {
	var names []string
	for _, f := range t.Fields {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

// field tells a definition of another version, codes that are gone, and other words.
func (d *Difference) field(table string, a, b Field) {
	where := table + "." + a.Name
	if a.Edition != b.Edition || a.Indicator != b.Indicator || !reflect.DeepEqual(a.Ratio, b.Ratio) {
		d.breaks("La définition de "+where+" change : "+b.Edition+" (avant : "+a.Edition+").", "The definition of "+where+" changes: "+b.Edition+" (before: "+a.Edition+").")
	}
	listed := b.list()
	for _, c := range a.Codes {
		if !listed[c.Code] {
			d.breaks("Le code "+c.Code+" de "+where+" est retiré.", "Code "+c.Code+" of "+where+" is removed.")
		}
	}
	a.Edition, a.Indicator, a.Ratio = b.Edition, b.Indicator, b.Ratio
	if !reflect.DeepEqual(a, b) {
		d.tells("La description de "+where+" change.", "The description of "+where+" changes.")
	}
}

// rowsApart compares the rows of two tables of one shape. The two values of a figure are
// told only where both versions publish it.
func (t Table) rowsApart(b Table) TableDifference {
	d := TableDifference{Name: t.Name}
	old := map[string][]Cell{}
	for _, row := range t.Rows {
		old[t.key(row)] = row
	}
	for _, row := range b.Rows {
		key := b.key(row)
		before, known := old[key]
		delete(old, key)
		if !known {
			d.Added = append(d.Added, readable(key))
			continue
		}
		d.row(b, readable(key), before, row)
	}
	for _, row := range t.Rows { // in the order of the table, which a map has not
		if _, gone := old[t.key(row)]; gone {
			d.Removed = append(d.Removed, readable(t.key(row)))
		}
	}
	return d
}

func (d *TableDifference) row(t Table, key string, before, after []Cell) {
	for i, f := range t.Fields {
		a, b := before[i], after[i]
		switch {
		case a == b:
		case a.Status != Value && b.Status != Value:
			d.Restated++
		case a.Status != Value:
			d.Shown++
		case b.Status != Value:
			d.Hidden++
		default:
			d.Revised = append(d.Revised, Revision{key, f.Name, f.format(a), f.format(b)})
		}
	}
}

func readable(key string) string { return strings.ReplaceAll(key, "\x1f", " · ") }
