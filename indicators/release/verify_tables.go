package release

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"maillage/internal/fault"
)

const descriptorName = "datapackage.json"

// described reads datapackage.json back into a dataset, and checks each resource by its
// hash and size and each schema by what this package says of its fields.
func (v *verification) described() int {
	p, err := readDescriptor(v.files[descriptorName])
	if err != nil {
		v.findErr(descriptorName, err)
		return 0
	}
	v.report.Dataset, v.report.Version = clip(p.Name), clip(p.Version)
	named := map[string]bool{descriptorName: true, sumsName: true}
	for _, r := range p.Resources {
		if named[r.Path] {
			v.say(descriptorName, "le fichier %s est décrit deux fois", "the file %s is described twice", clip(r.Path))
		}
		named[r.Path] = true
		v.resource(r)
	}
	for _, path := range v.paths() {
		if !named[path] {
			v.say(path, "datapackage.json ne décrit pas ce fichier", "datapackage.json does not describe this file")
		}
	}
	v.dataset = p.dataset()
	v.dataset.Certificate = v.files[certificateName]
	c := &checker{}
	c.head(v.dataset)
	for _, t := range v.dataset.Tables {
		c.table("tables."+t.Name, t)
	}
	c.want(len(v.dataset.Tables) > 0 && len(v.dataset.Tables) <= maxTables, "tables")
	for _, f := range c.faults {
		v.find(descriptorName, 0, f.Path, f.Message)
	}
	return len(p.Resources)
}

func readDescriptor(data []byte) (*descriptor, error) {
	if data == nil {
		return nil, said("ce fichier manque", "this file is missing")
	}
	var p descriptor
	if err := json.Unmarshal(data, &p); err != nil {
		return nil, said("ce fichier ne se lit pas : "+clip(err.Error()), "this file does not read: "+clip(err.Error()))
	}
	if p.Own.Format != formatName {
		return nil, said("ce n’est pas une publication "+formatName, "this is no "+formatName)
	}
	return &p, nil
}

// dataset is what a descriptor says of a release, its tables without rows.
func (p *descriptor) dataset() Dataset {
	o := p.Own
	d := Dataset{ID: p.Name, Version: p.Version, Title: o.Title, Abstract: o.Abstract, URL: p.Homepage, DOI: strings.TrimPrefix(p.ID, "https://doi.org/"),
		Coverage: o.Coverage, Keywords: o.Keywords, Reproduce: o.Reproduce, Sources: o.Sources, Changelog: o.Changelog}
	d.IssuedOn, _ = time.Parse(time.RFC3339, p.Created) // a date that is none is found with the head
	if len(p.Licenses) == 1 {
		d.Licence = p.Licenses[0]
	}
	for _, c := range p.Contributors {
		if slices.Contains(c.Roles, "publisher") {
			d.Publisher = c.Title
		} else {
			d.Creators = append(d.Creators, c.Title)
		}
	}
	for _, r := range p.Resources {
		if r.Own != nil {
			d.Tables = append(d.Tables, Table{Name: r.Name, Title: r.Own.Title, Fields: r.Own.Fields})
		}
	}
	return d
}

func (v *verification) resource(r resource) {
	data, ok := v.files[r.Path]
	switch {
	case !ok:
		v.say(clip(r.Path), "datapackage.json décrit ce fichier, qui manque", "datapackage.json describes this file, which is missing")
	case r.Bytes != len(data) || r.Hash != "sha256:"+sum(data):
		v.say(r.Path, "ce fichier n’a pas la taille ou l’empreinte que dit datapackage.json", "this file has not the size or the hash that datapackage.json says")
	}
	if (r.Own == nil) == strings.HasSuffix(r.Path, ".csv") {
		v.say(descriptorName, "%s : seul un CSV a un schéma, et tout CSV en a un", "%s: only a CSV has a schema, and every CSV has one", clip(r.Path))
	}
	if r.Own == nil {
		return
	}
	t := Table{Name: r.Name, Fields: r.Own.Fields}
	own := t.schema()
	given, _ := json.Marshal(r.Schema)
	derived, _ := json.Marshal(own)
	if !bytes.Equal(given, derived) || r.Path != t.csvPath() {
		v.say(descriptorName, "le schéma de %s contredit la description de ses champs", "the schema of %s contradicts the description of its fields", clip(r.Path))
	}
}

// csvs reads the rows of every CSV, each cell by its field, and asks for the one
// canonical writing: sorted rows, LF, no spare quotes.
func (v *verification) csvs() int {
	rows := 0
	for i := range v.dataset.Tables {
		t := &v.dataset.Tables[i]
		path, data := t.csvPath(), v.files[t.csvPath()]
		if data == nil {
			continue // found with the description
		}
		t.Rows = t.readCSV(data, func(line int, column string, why error) { v.find(path, line, column, inWords(why)) })
		rows += len(t.Rows)
		if v.failed {
			continue
		}
		v.cells(*t)
		t.Rows = t.sorted()
		if again, err := t.writeCSV(); err != nil || !bytes.Equal(again, data) {
			v.say(path, "les lignes ne sont pas triées, ou le fichier n’est pas écrit en forme de référence (UTF-8, virgules, LF)", "rows are not sorted, or the file is not in canonical form (UTF-8, commas, LF)")
		}
	}
	return rows
}

// cells checks each cell and each key; a row is one line after the header.
func (v *verification) cells(t Table) {
	c := &checker{}
	c.cells("", t)
	for _, f := range c.faults {
		row, column, _ := strings.Cut(strings.TrimPrefix(f.Path, "."), ".")
		n, _ := strconv.Atoi(row)
		v.find(t.csvPath(), n+1, column, f.Message)
	}
}

// agree reads the Parquet files and the workbook back and compares every cell with the CSV.
func (v *verification) agree() int {
	cells := 0
	book := v.dataset.xlsxPath()
	f, err := openWorkbook(v.files[book])
	if err != nil {
		v.findErr(book, err)
	} else {
		defer func() { _ = f.Close() }()
	}
	for _, t := range v.dataset.Tables {
		rows, failure := t.readParquet(v.files[t.parquetPath()], len(t.Rows))
		cells += v.compare(t, t.parquetPath(), rows, failure, 1)
		if err == nil {
			rows, failure = t.readSheet(f, len(t.Rows))
			cells += v.compare(t, book+"#"+t.Name, rows, failure, 2)
		}
	}
	return cells
}

// compare says where the rows of another format differ from those of the CSV; first
// is the number of its first row.
func (v *verification) compare(t Table, file string, rows [][]Cell, failure error, first int) int {
	if failure != nil {
		v.findErr(file, failure)
		return 0
	}
	if len(rows) != len(t.Rows) {
		v.say(file, "%d lignes, et %d dans le CSV", "%d rows, and %d in the CSV", len(rows), len(t.Rows))
		return 0
	}
	for i, row := range rows {
		for j, f := range t.Fields {
			if row[j] != t.Rows[i][j] {
				a, b := clip(f.format(row[j])), clip(f.format(t.Rows[i][j]))
				v.find(file, i+first, f.Name, fault.Text{FR: fmt.Sprintf("%s ici, %s dans le CSV", a, b), EN: fmt.Sprintf("%s here, %s in the CSV", a, b)})
			}
		}
	}
	return len(rows) * len(t.Fields)
}

func (v *verification) totals() int {
	checked := 0
	for _, t := range v.dataset.Tables {
		bad, n := t.closings()
		checked += n
		v.wrongs(t, bad)
	}
	return checked
}

func (v *verification) rates() int {
	checked := 0
	for _, t := range v.dataset.Tables {
		bad, n := t.rates()
		checked += n
		v.wrongs(t, append(bad, t.bounds()...))
	}
	return checked
}

func (v *verification) wrongs(t Table, bad []wrong) {
	for _, w := range bad {
		v.find(t.csvPath(), w.Row+2, t.Fields[w.Field].Name, w.Message)
	}
}

// attacked runs the attack that the caller plugged in, or is left out.
func (v *verification) attacked() func() int {
	if v.attack == nil {
		return nil
	}
	return func() int {
		if err := v.attack(v.ctx, v.dataset.Tables, v.dataset.Certificate); err != nil {
			v.findErr(certificateName, err)
		}
		return 1
	}
}
