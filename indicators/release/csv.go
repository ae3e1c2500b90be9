package release

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
)

// writeCSV writes the canonical form of a table: UTF-8 without a mark, commas, LF,
// one header, statuses as their tokens.
func (t Table) writeCSV() ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	record := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		record[i] = f.Name
	}
	if err := w.Write(record); err != nil {
		return nil, err
	}
	for _, row := range t.Rows {
		for i, f := range t.Fields {
			record[i] = f.format(row[i])
		}
		if err := w.Write(record); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// readCSV reads the rows of a table written by writeCSV, each cell by its field. A
// fault is located by its line and column; reading goes on after it.
func (t Table) readCSV(data []byte, say func(line int, column string, why error)) [][]Cell {
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord, r.ReuseRecord = -1, true
	header, err := r.Read()
	if err != nil {
		say(1, "", said("il n’y a pas d’en-tête", "there is no header"))
		return nil
	}
	if why := t.sameHeader(header); why != nil {
		say(1, "", why)
		return nil
	}
	var rows [][]Cell
	for len(rows) < maxRows {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows
		}
		if err != nil {
			var at *csv.ParseError
			if errors.As(err, &at) {
				say(at.Line, "", at.Err)
			}
			return rows
		}
		line, _ := r.FieldPos(0)
		if row, ok := t.readRecord(record, line, say); ok {
			rows = append(rows, row)
		}
	}
	say(maxRows, "", errTooLarge)
	return rows
}

func (t Table) sameHeader(header []string) error {
	if len(header) != len(t.Fields) {
		return said(fmt.Sprintf("%d colonnes, et %d dans datapackage.json", len(header), len(t.Fields)), fmt.Sprintf("%d columns, and %d in datapackage.json", len(header), len(t.Fields)))
	}
	for i, f := range t.Fields {
		if header[i] != f.Name {
			return said(fmt.Sprintf("la colonne %d s’appelle %s, et %s dans datapackage.json", i+1, quoted(header[i]), f.Name), fmt.Sprintf("column %d is %s, and %s in datapackage.json", i+1, quoted(header[i]), f.Name))
		}
	}
	return nil
}

func (t Table) readRecord(record []string, line int, say func(int, string, error)) ([]Cell, bool) {
	if len(record) != len(t.Fields) {
		say(line, "", said(fmt.Sprintf("%d cellules pour %d colonnes", len(record), len(t.Fields)), fmt.Sprintf("%d cells for %d columns", len(record), len(t.Fields))))
		return nil, false
	}
	row, ok := make([]Cell, len(record)), true
	for i, f := range t.Fields {
		c, err := f.parse(record[i])
		if err != nil {
			say(line, f.Name, err)
			ok = false
		}
		row[i] = c
	}
	return row, ok
}
