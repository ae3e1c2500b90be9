// Package spec reads what `maillage protect` is given: a table as CSV and a
// specification as JSON (docs/protect.schema.json), with the files it names:
// hierarchies, linked tables, tables released before. It refuses to guess: what
// it does not understand is an error that says where.
package spec

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"maillage/indicators/disclosure"
	"maillage/internal/fault"
)

// Spec says how to read and protect a table. The fields of Table at the top are
// those of the table of the command line.
type Spec struct {
	Table
	Schema   string             `json:"$schema,omitempty"`
	Linked   []Table            `json:"linked,omitempty"`
	Released []Table            `json:"released,omitempty"`
	Limits   []disclosure.Limit `json:"limits,omitempty"`
	Integer  bool               `json:"integer,omitempty"`

	where *written
}

// Table says how to read one CSV.
type Table struct {
	File         string                 `json:"file,omitempty"`
	Name         string                 `json:"name,omitempty"`
	Measure      string                 `json:"measure,omitempty"`
	Dimensions   []Dimension            `json:"dimensions,omitempty"`
	Value        string                 `json:"value,omitempty"`
	Count        string                 `json:"count,omitempty"`
	Contributors string                 `json:"contributors,omitempty"`
	Top          Columns                `json:"top,omitempty"`
	Status       string                 `json:"status,omitempty"`
	Statuses     map[string]string      `json:"statuses,omitempty"`
	Cost         string                 `json:"cost,omitempty"`
	Ceiling      string                 `json:"ceiling,omitempty"`
	Keep         string                 `json:"keep,omitempty"`
	Delimiter    string                 `json:"delimiter,omitempty"`
	Decimal      string                 `json:"decimal,omitempty"`
	NotCollected []string               `json:"not_collected,omitempty"`
	Suppressed   []string               `json:"suppressed,omitempty"`
	Absent       string                 `json:"absent,omitempty"`
	Totals       string                 `json:"totals,omitempty"`
	Tolerance    float64                `json:"tolerance,omitempty"`
	Inconsistent string                 `json:"inconsistent,omitempty"`
	Negative     bool                   `json:"negative,omitempty"`
	Rules        *disclosure.Rules      `json:"rules,omitempty"`
	Protection   *disclosure.Protection `json:"protection,omitempty"`
}

// Dimension is one breakdown: the column of its codes, the label of its total
// and how its codes are grouped.
type Dimension struct {
	Column      string      `json:"column"`
	Name        string      `json:"name,omitempty"` // the column when empty; the same name is the same dimension in every table
	Total       string      `json:"total,omitempty"`
	Hierarchies []Hierarchy `json:"hierarchies,omitempty"`
}

// Hierarchy is one grouping of the codes, in one of four ways: a file of child →
// parent, a file with one column for each level, the pairs themselves, or other
// columns of the table.
type Hierarchy struct {
	File    string            `json:"file,omitempty"`
	Child   string            `json:"child,omitempty"`  // column of the file; "child" when empty
	Parent  string            `json:"parent,omitempty"` // column of the file; "parent" when empty
	Levels  []string          `json:"levels,omitempty"` // columns of the file, from the widest to the finest
	Parents map[string]string `json:"parents,omitempty"`
	Columns []string          `json:"columns,omitempty"` // of the table, from the widest
}

// Columns is one column or several.
type Columns []string

// UnmarshalJSON reads "MAX" or ["MAX1", "MAX2"].
func (c *Columns) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*c = Columns{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(c))
}

// Parse reads a specification; name says where it comes from. The error is a
// fault with every field located.
func Parse(name string, text []byte) (*Spec, error) {
	var s Spec
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return nil, malformed(name, text, d.InputOffset(), err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, malformed(name, text, d.InputOffset(), errors.New("one JSON object is expected, and nothing after it"))
	}
	where, err := placed(name, text)
	if err != nil {
		return nil, err
	}
	if len(where.twice) > 0 {
		return nil, fault.Invalid(where.twice...)
	}
	s.inherit()
	s.where = where
	if err := s.check(where); err != nil {
		return nil, err
	}
	return &s, nil
}

func malformed(name string, text []byte, offset int64, err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.Is(err, io.ErrUnexpectedEOF):
		offset = int64(len(text))
	case errors.As(err, &kind):
		return mistyped(name, text, kind)
	}
	line, column := (&written{text: text}).at(offset)
	where := fmt.Sprintf("%s:%d:%d", name, line, column)
	said := strings.TrimPrefix(err.Error(), "json: ")
	fr := said
	if field, unknown := strings.CutPrefix(said, "unknown field "); unknown {
		fr = "champ inconnu " + field
	}
	return fault.Invalid(fault.At(where, "json", "spécification illisible : "+fr, "unreadable specification: "+said))
}

// mistyped says what is expected of a field, by its name in the specification.
func mistyped(name string, text []byte, err *json.UnmarshalTypeError) error {
	line, column := (&written{text: text}).at(err.Offset)
	field := strings.TrimPrefix(strings.TrimPrefix(err.Field, "Table"), ".")
	fr, en := "un objet", "an object"
	switch err.Type.Kind() {
	case reflect.String:
		fr, en = "un texte", "a string"
	case reflect.Bool:
		fr, en = "true ou false", "true or false"
	case reflect.Slice:
		fr, en = "une liste", "a list"
	case reflect.Float64, reflect.Int:
		fr, en = "un nombre", "a number"
	}
	where := strings.TrimSpace(fmt.Sprintf("%s:%d:%d %s", name, line, column, field))
	return fault.Invalid(fault.At(where, "json", "spécification illisible : attendu "+fr, "unreadable specification: "+en+" is expected"))
}

// inherit gives the linked and released tables what they leave to the main one. Of a
// table that was published, totals that are not in it were not.
func (s *Spec) inherit() {
	for i := range s.Released {
		inherited(&s.Released[i].Totals, "omit")
	}
	for _, tables := range [][]Table{s.Linked, s.Released} {
		for i := range tables {
			tables[i].inherit(s.Table)
		}
	}
}

func (t *Table) inherit(main Table) {
	inherited(&t.Measure, main.Measure)
	inherited(&t.Value, main.Value)
	inherited(&t.Delimiter, main.Delimiter)
	inherited(&t.Decimal, main.Decimal)
	inherited(&t.Absent, main.Absent)
	inherited(&t.Totals, main.Totals)
	inherited(&t.Inconsistent, main.Inconsistent)
	if t.Rules == nil {
		t.Rules = main.Rules
	}
	if t.Protection == nil {
		t.Protection = main.Protection
	}
	if t.Dimensions == nil {
		t.Dimensions = main.Dimensions
	}
	if t.NotCollected == nil {
		t.NotCollected = main.NotCollected
	}
	if t.Statuses == nil {
		t.Statuses = main.Statuses
	}
}

func inherited(field *string, value string) {
	if *field == "" {
		*field = value
	}
}

// Files gives the names of every file that the specification needs, sorted.
func (s *Spec) Files() []string {
	var names []string
	for _, t := range slices.Concat([]Table{s.Table}, s.Linked, s.Released) {
		names = append(names, t.File)
		for _, d := range t.Dimensions {
			for _, h := range d.Hierarchies {
				names = append(names, h.File)
			}
		}
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(n string) bool { return n == "" })
}
