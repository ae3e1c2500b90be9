// Package release writes the published figures of the observatory as one ZIP, and verifies
// such a ZIP: the same inputs give the same bytes whatever the machine's time zone, locale,
// number of processors or the order of the input. The figures are exact: an integer, or a
// fixed number of decimals held as an integer; never a binary fraction.
//
// It refuses to compute an indicator, to decide what is protected, to read a clock or a
// database: its caller gives figures that went through disclosure control, their
// certificate, and the date of issue. A figure that is not collected, one that is awaited,
// one that is suppressed and a zero are four things, here and in every file that is written.
package release

import (
	"encoding/json"
	"time"

	"maillage/internal/fault"
)

// Dataset is one version of what is published.
type Dataset struct {
	ID          string // slug, the same for every version: "exits-by-region"
	Version     string // "2.1.0", see Next
	Title       fault.Text
	Abstract    fault.Text
	IssuedOn    time.Time // the only date of every file: its day in UTC
	Licence     Licence
	Publisher   string
	Creators    []string // organisations: a release names no person
	URL         string   // where the release is published; optional
	DOI         string   // "10.1234/abcd"; optional
	Coverage    Coverage // of the whole
	Keywords    []fault.Text
	Reproduce   fault.Text // what was asked and how the figures are computed again
	Tables      []Table
	Sources     []Source
	Changelog   []Entry         // the latest first; the first is of this version
	Certificate json.RawMessage // of disclosure control, as it gave it
}

// Licence is what a reader may do.
type Licence struct {
	Name  string `json:"name"` // identifier of opendefinition.org or SPDX, as "etalab-2.0"
	Title string `json:"title"`
	URL   string `json:"path"`
}

// Source is where figures come from.
type Source struct {
	Title fault.Text `json:"title"`
	URL   string     `json:"url,omitempty"`
}

// Coverage is whom a figure is about. A rate of response is counted, never typed.
type Coverage struct {
	Frame     fault.Text `json:"frame"` // the population: "every member on 31 December"
	Territory fault.Text `json:"territory"`
	From      int        `json:"from"` // first and last year
	To        int        `json:"to"`
	Answered  int        `json:"answered"` // enterprises that answered
	Asked     int        `json:"asked"`    // enterprises that were asked; 0 when nobody had to answer
	Vintage   fault.Text `json:"vintage"`  // of the list of members
}

// Entry is what a version changed.
type Entry struct {
	Version string       `json:"version"`
	On      string       `json:"date"` // 2006-01-02
	Changes []fault.Text `json:"changes"`
}

// Table is one table: its dimensions make the key of a row.
type Table struct {
	Name   string // slug, and the name of its files
	Title  fault.Text
	Fields []Field
	Rows   [][]Cell // one cell a field; in any order
}

// Kind is what the cells of a field hold.
type Kind string

// The kinds.
const (
	Code    Kind = "code"    // a word of the field's list, in Cell.Text
	Year    Kind = "year"    // 2025, in Cell.Number
	Integer Kind = "integer" // Cell.Number
	Decimal Kind = "decimal" // Cell.Number, in units of 10^-Field.Decimals
	Note    Kind = "note"    // a short text, as "break in series"
	Key     Kind = "key"     // a word of no closed list, in Cell.Text: a commune
)

// Closing is how a measure adds up.
type Closing string

// The ways: a part is exact, or was rounded once on its own.
const (
	NoSum   Closing = ""
	Exact   Closing = "exact"
	Rounded Closing = "rounded"
)

// Field is one column: a dimension (Code, Key, Year), a measure (Integer, Decimal) or a note.
type Field struct {
	Name       string     `json:"name"` // [a-z][a-z0-9_]*
	Kind       Kind       `json:"kind"`
	Decimals   int        `json:"decimals,omitempty"` // of a Decimal, 1 to 6
	Label      fault.Text `json:"label"`
	Definition fault.Text `json:"definition"`
	Indicator  string     `json:"indicator,omitempty"` // of the catalogue, as "C07"; empty for a dimension
	Edition    string     `json:"edition,omitempty"`   // version of the definition, as "coorace-2012"
	Unit       fault.Text `json:"unit,omitzero"`
	Coverage   Coverage   `json:"coverage,omitzero"`
	Rule       fault.Text `json:"rule,omitzero"` // when a figure is published

	Codes  []CodeLabel `json:"codes,omitempty"`  // the closed list of a Code
	Sums   []Sum       `json:"sums,omitempty"`   // of a dimension: which codes make which total
	Adds   Closing     `json:"adds,omitempty"`   // of a measure: whether those sums hold for it
	Ratio  *Ratio      `json:"ratio,omitempty"`  // of a measure that is a rate of two others
	Bound  *Bound      `json:"bound,omitempty"`  // of a measure that is an end of an interval
	Signed bool        `json:"signed,omitempty"` // of a measure that may be below zero
}

// CodeLabel is one word of a dimension.
type CodeLabel struct {
	Code  string     `json:"code"`
	Label fault.Text `json:"label"`
}

// Sum is a total and the codes that make it, without overlap nor gap.
type Sum struct {
	Total string   `json:"total"`
	Parts []string `json:"parts"`
}

// Ratio says that a measure is Per × numerator ÷ denominator of the same row,
// rounded once to the field's decimals, halves away from zero.
type Ratio struct {
	Numerator   string `json:"numerator"`
	Denominator string `json:"denominator"`
	Per         int64  `json:"per"` // 100 for a percentage
}

// Status is what is known of a figure.
type Status uint8

// The statuses. Zero is a value like another.
const (
	Value        Status = iota
	NotCollected        // nobody asked
	Suppressed          // known, and protected
	NoBase              // a rate whose denominator is published and zero
	Awaited             // asked, and nobody has answered yet
)

// Cell is one figure, code or note.
type Cell struct {
	Status Status
	Number int64  // in units of the field's last decimal
	Text   string // of a Code or a Note
}

// Number is a figure in units of its field's last decimal: with two, 1250 is 12.50.
func Number(units int64) Cell { return Cell{Number: units} }

// Word is a code or a note.
func Word(s string) Cell { return Cell{Text: s} }

// Dimension says whether a field is a part of the key.
func (f Field) Dimension() bool { return f.Kind == Code || f.Kind == Year || f.Kind == Key }

// worded says whether a field holds words.
func (f Field) worded() bool { return f.Kind == Code || f.Kind == Note || f.Kind == Key }

// Measure says whether a field holds figures.
func (f Field) Measure() bool { return f.Kind == Integer || f.Kind == Decimal }

// find gives the place of a field, or -1.
func (t Table) find(name string) int {
	for i, f := range t.Fields {
		if f.Name == name {
			return i
		}
	}
	return -1
}

// keyed gives the places of the dimensions.
func (t Table) keyed() []int {
	var at []int
	for i, f := range t.Fields {
		if f.Dimension() {
			at = append(at, i)
		}
	}
	return at
}
