package release

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"path"

	"maillage/internal/fault"
)

// formatName names what this package writes; another number when a reader of this one would err.
const formatName = "maillage-release/1"

// descriptor is datapackage.json, version 2 of https://datapackage.org/standard. What the
// standard has no word for is under "maillage", so that the release reads back whole.
type descriptor struct {
	Schema       string        `json:"$schema"`
	Name         string        `json:"name"`
	ID           string        `json:"id,omitempty"`
	Title        string        `json:"title"`
	Description  string        `json:"description"`
	Homepage     string        `json:"homepage,omitempty"`
	Version      string        `json:"version"`
	Created      string        `json:"created"`
	Keywords     []string      `json:"keywords,omitempty"`
	Contributors []contributor `json:"contributors"`
	Licenses     []Licence     `json:"licenses"`
	Sources      []source      `json:"sources"`
	Resources    []resource    `json:"resources"`
	Own          ownPackage    `json:"maillage"`
}

type contributor struct {
	Title string   `json:"title"`
	Roles []string `json:"roles"`
}

type source struct {
	Title string `json:"title"`
	Path  string `json:"path,omitempty"`
}

// ownPackage is what the standard does not say of a dataset.
type ownPackage struct {
	Format    string       `json:"format"`
	Title     fault.Text   `json:"title"`
	Abstract  fault.Text   `json:"abstract"`
	Coverage  Coverage     `json:"coverage"`
	Keywords  []fault.Text `json:"keywords,omitempty"`
	Reproduce fault.Text   `json:"reproduce"`
	Sources   []Source     `json:"sources"`
	Changelog []Entry      `json:"changelog"`
}

type resource struct {
	Name      string       `json:"name"`
	Type      string       `json:"type,omitempty"`
	Path      string       `json:"path"`
	Title     string       `json:"title,omitempty"`
	Format    string       `json:"format"`
	Mediatype string       `json:"mediatype"`
	Encoding  string       `json:"encoding,omitempty"`
	Bytes     int          `json:"bytes"`
	Hash      string       `json:"hash"`
	Dialect   *dialect     `json:"dialect,omitempty"`
	Schema    *tableSchema `json:"schema,omitempty"`
	Own       *ownTable    `json:"maillage,omitempty"`
}

type dialect struct {
	Delimiter      string `json:"delimiter"`
	LineTerminator string `json:"lineTerminator"`
}

// ownTable is what the standard does not say of a table.
type ownTable struct {
	Title  fault.Text `json:"title"`
	Fields []Field    `json:"fields"`
}

type tableSchema struct {
	Fields        []schemaField  `json:"fields"`
	PrimaryKey    []string       `json:"primaryKey"`
	MissingValues []missingValue `json:"missingValues"`
}

type schemaField struct {
	Name        string         `json:"name"`
	Type        string         `json:"type"`
	Title       string         `json:"title"`
	Description string         `json:"description"`
	Categories  []missingValue `json:"categories,omitempty"`
	Constraints map[string]any `json:"constraints,omitempty"`
}

type missingValue struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// describe writes datapackage.json over the files that are there already.
func (d Dataset) describe(files []file) ([]byte, error) {
	p := descriptor{Schema: "https://datapackage.org/profiles/2.0/datapackage.json", Name: d.ID, Title: d.Title.FR, Description: d.Abstract.FR,
		Homepage: d.URL, Version: d.Version, Created: day(d.IssuedOn) + "T00:00:00Z", Licenses: []Licence{d.Licence},
		Own: ownPackage{formatName, d.Title, d.Abstract, d.Coverage, d.Keywords, d.Reproduce, d.Sources, d.Changelog}}
	if d.DOI != "" {
		p.ID = "https://doi.org/" + d.DOI
	}
	for _, k := range d.Keywords {
		p.Keywords = append(p.Keywords, k.FR)
	}
	for _, c := range d.Creators {
		p.Contributors = append(p.Contributors, contributor{c, []string{"creator"}})
	}
	p.Contributors = append(p.Contributors, contributor{d.Publisher, []string{"publisher"}})
	for _, s := range d.Sources {
		p.Sources = append(p.Sources, source{s.Title.FR, s.URL})
	}
	for _, f := range files {
		p.Resources = append(p.Resources, d.resource(f))
	}
	return indented(p)
}

// resource describes one file: a CSV with its schema, any other with its hash alone.
func (d Dataset) resource(f file) resource {
	ext := path.Ext(f.Path)
	r := resource{Name: path.Base(f.Path), Path: f.Path, Format: ext[1:], Mediatype: mediatype(ext), Bytes: len(f.Data), Hash: "sha256:" + sum(f.Data)}
	for _, t := range d.Tables {
		if f.Path != t.csvPath() {
			continue
		}
		schema := t.schema()
		r.Name, r.Type, r.Title, r.Encoding = t.Name, "table", t.Title.FR, "utf-8"
		r.Dialect, r.Schema, r.Own = &dialect{",", "\n"}, &schema, &ownTable{t.Title, t.Fields}
	}
	return r
}

// schema is the Table Schema of the CSV of a table.
func (t Table) schema() tableSchema {
	var s tableSchema
	for _, f := range t.Fields {
		s.Fields = append(s.Fields, f.schema())
		if f.Dimension() {
			s.PrimaryKey = append(s.PrimaryKey, f.Name)
		}
	}
	for _, m := range statuses() {
		s.MissingValues = append(s.MissingValues, missingValue{m.Token, m.Label.FR + " / " + m.Label.EN})
	}
	return s
}

func (f Field) schema() schemaField {
	s := schemaField{Name: f.Name, Title: f.Label.FR, Description: f.Definition.FR}
	for _, w := range f.Codes {
		s.Categories = append(s.Categories, missingValue{w.Code, w.Label.FR})
	}
	if f.Dimension() {
		s.Constraints = map[string]any{"required": true}
	}
	if f.Measure() && !f.Signed {
		s.Constraints = map[string]any{"minimum": 0}
	}
	s.Type = map[Kind]string{Code: "string", Key: "string", Note: "string", Year: "year", Integer: "integer", Decimal: "number"}[f.Kind]
	return s
}

func (t Table) csvPath() string     { return "data/" + t.Name + ".csv" }
func (t Table) parquetPath() string { return "data/" + t.Name + ".parquet" }
func (d Dataset) xlsxPath() string  { return "data/" + d.ID + ".xlsx" }

// mediatype is by a list of ours: that of the machine differs from one to the next.
func mediatype(ext string) string {
	known := map[string]string{
		".csv": "text/csv", ".json": "application/json", ".xml": "application/xml", ".md": "text/markdown", ".html": "text/html", ".pdf": "application/pdf",
		".parquet": "application/vnd.apache.parquet", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	}
	return known[ext]
}

func sum(data []byte) string {
	h := sha256.Sum256(data)
	return hex.EncodeToString(h[:])
}

// indented writes JSON as people read it: two spaces, no escapes of HTML, one LF at the end.
func indented(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
