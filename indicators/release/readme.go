package release

import (
	"bytes"
	_ "embed" // the text of README.md
	"fmt"
	"strings"
	"text/template"

	"maillage/internal/fault"
)

//go:embed readme.md.tmpl
var readmeText string

// FileName is the name under which a release is offered: "exits-by-region-2.1.0.zip".
func (d Dataset) FileName() string { return d.ID + "-" + d.Version + ".zip" }

type readmePage struct {
	D                      Dataset
	Day, XLSX, File        string
	CiteFR, CiteEN, BibTeX string
	Statuses               []missing
	Tables                 []readmeTable
}

type readmeTable struct {
	Title        fault.Text
	CSV, Parquet string
	Count        int
}

func (d Dataset) writeReadme() ([]byte, error) {
	t, err := template.New("readme").Funcs(template.FuncMap{
		"cover": Coverage.words,
		"cell":  func(s string) string { return strings.NewReplacer("|", `\|`, "\n", " ").Replace(s) },
	}).Parse(readmeText)
	if err != nil {
		return nil, err
	}
	p := readmePage{D: d, Day: day(d.IssuedOn), XLSX: d.xlsxPath(), File: d.FileName(), CiteFR: d.cite("fr"), CiteEN: d.cite("en"), BibTeX: d.bibtex(), Statuses: statuses()}
	for _, t := range d.Tables {
		p.Tables = append(p.Tables, readmeTable{t.Title, t.csvPath(), t.parquetPath(), len(t.Rows)})
	}
	var b bytes.Buffer
	if err := t.Execute(&b, p); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// writeChangelog writes every version, the latest first, in both languages.
func (d Dataset) writeChangelog() ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s\n", d.Title.FR)
	for _, e := range d.Changelog {
		fmt.Fprintf(&b, "\n## %s, %s\n\n", e.Version, e.On)
		for _, c := range e.Changes {
			fmt.Fprintf(&b, "- %s  \n  *%s*\n", flat(c.FR), flat(c.EN))
		}
	}
	return b.Bytes(), nil
}

func flat(s string) string { return strings.Join(strings.Fields(s), " ") }
