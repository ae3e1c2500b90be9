package release

import "path"

// csvwGroup is data/csv-metadata.json, where a reader of CSV on the Web looks for it
// (W3C, Metadata Vocabulary for Tabular Data, 2015, 5.2).
type csvwGroup struct {
	Context []any        `json:"@context"`
	Title   []csvwString `json:"dc:title"`
	Issued  csvwDate     `json:"dc:issued"`
	Licence csvwID       `json:"dc:license"`
	Tables  []csvwTable  `json:"tables"`
}

type csvwString struct {
	Value string `json:"@value"`
	Lang  string `json:"@language"`
}

type csvwDate struct {
	Value string `json:"@value"`
	Type  string `json:"@type"`
}

type csvwID struct {
	ID string `json:"@id"`
}

type csvwTable struct {
	URL     string            `json:"url"`
	Title   []csvwString      `json:"dc:title"`
	Dialect map[string]any    `json:"dialect"`
	Schema  csvwSchema        `json:"tableSchema"`
	Notes   []csvwMissingNote `json:"notes"`
}

type csvwMissingNote struct {
	Token string       `json:"null"`
	Label []csvwString `json:"dc:description"`
}

type csvwSchema struct {
	Columns    []csvwColumn `json:"columns"`
	PrimaryKey []string     `json:"primaryKey"`
}

type csvwColumn struct {
	Name        string            `json:"name"`
	Titles      any               `json:"titles"`
	Description []csvwString      `json:"dc:description"`
	Datatype    map[string]string `json:"datatype"`
	Null        []string          `json:"null,omitempty"`
	Required    bool              `json:"required,omitempty"`
}

func inBoth(fr, en string) []csvwString { return []csvwString{{fr, "fr"}, {en, "en"}} }

func (d Dataset) writeCSVW() ([]byte, error) {
	g := csvwGroup{Context: []any{"http://www.w3.org/ns/csvw", map[string]string{"@language": "fr"}}, Title: inBoth(d.Title.FR, d.Title.EN),
		Issued: csvwDate{day(d.IssuedOn), "xsd:date"}, Licence: csvwID{d.Licence.URL}}
	for _, t := range d.Tables {
		g.Tables = append(g.Tables, t.csvw())
	}
	return indented(g)
}

func (t Table) csvw() csvwTable {
	out := csvwTable{URL: path.Base(t.csvPath()), Title: inBoth(t.Title.FR, t.Title.EN), Dialect: map[string]any{"header": true, "encoding": "utf-8", "delimiter": ","}}
	for _, f := range t.Fields {
		out.Schema.Columns = append(out.Schema.Columns, f.csvw())
		if f.Dimension() {
			out.Schema.PrimaryKey = append(out.Schema.PrimaryKey, f.Name)
		}
	}
	for _, m := range statuses() {
		out.Notes = append(out.Notes, csvwMissingNote{m.Token, inBoth(m.Label.FR, m.Label.EN)})
	}
	return out
}

// csvw describes a column; its first title is the header of the CSV, as the standard asks.
func (f Field) csvw() csvwColumn {
	base := map[Kind]string{Code: "string", Key: "string", Note: "string", Year: "gYear", Integer: "integer", Decimal: "decimal"}[f.Kind]
	c := csvwColumn{Name: f.Name, Titles: map[string][]string{"fr": {f.Name, f.Label.FR}, "en": {f.Name, f.Label.EN}},
		Description: inBoth(f.Definition.FR, f.Definition.EN), Datatype: map[string]string{"base": base}, Required: f.Dimension()}
	if !f.Measure() {
		return c
	}
	if !f.Signed {
		c.Datatype["minimum"] = "0"
	}
	for _, m := range statuses() {
		c.Null = append(c.Null, m.Token)
	}
	return c
}
