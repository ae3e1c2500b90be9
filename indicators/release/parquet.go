package release

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"

	"github.com/parquet-go/parquet-go"
)

// statusSuffix ends the name of the column that says why a figure is null: Parquet has
// one null only, and a figure not collected is not one suppressed.
const statusSuffix = "_status"

// column is one column of a Parquet file: the value of a field, or its status.
type column struct {
	Field  int
	Status bool
}

// columns gives the columns of a table in order: each measure is followed by its status.
func (t Table) columns() []column {
	var all []column
	for i, f := range t.Fields {
		all = append(all, column{i, false})
		if f.Measure() {
			all = append(all, column{i, true})
		}
	}
	return all
}

// parquetSchema is built from a Go struct: the library sorts any other group by name.
func (t Table) parquetSchema() *parquet.Schema {
	var fields []reflect.StructField
	for i, c := range t.columns() {
		f := t.Fields[c.Field]
		tag, kind := f.Name, reflect.TypeFor[string]()
		switch {
		case c.Status:
			tag += statusSuffix
		case f.Kind == Decimal:
			tag, kind = fmt.Sprintf("%s,decimal(%d:18)", tag, f.Decimals), reflect.TypeFor[*int64]()
		case f.Measure():
			kind = reflect.TypeFor[*int64]()
		case f.Kind == Year:
			kind = reflect.TypeFor[int64]()
		}
		fields = append(fields, reflect.StructField{Name: fmt.Sprintf("F%d", i), Type: kind, Tag: reflect.StructTag(`parquet:"` + tag + `,plain"`)})
	}
	return parquet.NewSchema("table", parquet.SchemaOf(reflect.New(reflect.StructOf(fields)).Interface()))
}

// writeParquet writes a table as one row group of plain values, not compressed: every
// reader knows them, the ZIP compresses them, and a codec may give other bytes on
// another processor.
func (t Table) writeParquet() ([]byte, error) {
	var b bytes.Buffer
	w := parquet.NewWriter(&b, t.parquetSchema(), parquet.Compression(&parquet.Uncompressed),
		parquet.CreatedBy("maillage", "1", "release"), parquet.MaxRowsPerRowGroup(maxRows))
	columns := t.columns()
	for part := range slices.Chunk(t.Rows, 1024) {
		rows := make([]parquet.Row, len(part))
		for i, row := range part {
			rows[i] = t.parquetRow(columns, row)
		}
		if _, err := w.WriteRows(rows); err != nil {
			return nil, fmt.Errorf("write %s as Parquet: %w", t.Name, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("close %s as Parquet: %w", t.Name, err)
	}
	return b.Bytes(), nil
}

func (t Table) parquetRow(columns []column, row []Cell) parquet.Row {
	out := make(parquet.Row, len(columns))
	for i, c := range columns {
		f, cell := t.Fields[c.Field], row[c.Field]
		switch {
		case c.Status:
			out[i] = parquet.ByteArrayValue([]byte(statusWord(cell.Status))).Level(0, 0, i)
		case f.Measure() && cell.Status != Value:
			out[i] = parquet.NullValue().Level(0, 0, i)
		case f.Measure():
			out[i] = parquet.Int64Value(cell.Number).Level(0, 1, i)
		case f.Kind == Year:
			out[i] = parquet.Int64Value(cell.Number).Level(0, 0, i)
		default:
			out[i] = parquet.ByteArrayValue([]byte(cell.Text)).Level(0, 0, i)
		}
	}
	return out
}

func statusWord(s Status) string {
	if s == Value {
		return "value"
	}
	return statusTokens[s]
}

// readParquet reads the rows back. A file that says it has other columns, or another
// number of rows than wanted, is not read further: it may be a bomb.
func (t Table) readParquet(data []byte, want int) (rows [][]Cell, err error) {
	defer func() { // the library panics on some broken files
		if r := recover(); r != nil {
			rows, err = nil, fmt.Errorf("not a readable Parquet file: %v", r)
		}
	}()
	if !footed(data) {
		return nil, errParquet
	}
	f, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)), parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return nil, fmt.Errorf("open as Parquet: %w", err)
	}
	if got, own := f.Schema().String(), t.parquetSchema().String(); got != own {
		return nil, said("ses colonnes ne sont pas celles de datapackage.json", "its columns are not those of datapackage.json")
	}
	if f.NumRows() != int64(want) {
		return nil, said(fmt.Sprintf("%d lignes, et %d dans le CSV", f.NumRows(), want), fmt.Sprintf("%d rows, and %d in the CSV", f.NumRows(), want))
	}
	if err := bounded(f, data, want); err != nil {
		return nil, err
	}
	for _, g := range f.RowGroups() {
		more, err := t.readGroup(g, want-len(rows))
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	if len(rows) != want {
		return nil, said("il a moins de lignes qu’il ne le dit", "it has fewer rows than it says")
	}
	return rows, nil
}

func (t Table) readGroup(g parquet.RowGroup, most int) (out [][]Cell, err error) {
	r := g.Rows()
	defer func() { err = errors.Join(err, r.Close()) }()
	columns, buffer := t.columns(), make([]parquet.Row, 256)
	for {
		n, err := r.ReadRows(buffer)
		for _, row := range buffer[:n] {
			cells, err := t.parquetCells(columns, row)
			if err != nil {
				return nil, located{len(out) + 1, "", err}
			}
			out = append(out, cells)
		}
		switch {
		case errors.Is(err, io.EOF):
			return out, nil
		case err != nil:
			return nil, err
		case n == 0 || len(out) > most:
			return nil, said("ses lignes ne finissent pas", "its rows do not end")
		}
	}
}

func (t Table) parquetCells(columns []column, row parquet.Row) ([]Cell, error) {
	if len(row) != len(columns) {
		return nil, said("il n’y a pas une valeur par colonne", "there is not one value a column")
	}
	cells := make([]Cell, len(t.Fields))
	for i, c := range columns {
		cell, f, v := &cells[c.Field], t.Fields[c.Field], row[i]
		switch {
		case c.Status:
			status, known := wordStatus(v.String())
			if !known || (status == Value) == row[i-1].IsNull() {
				return nil, said(f.Name+statusSuffix+" et sa valeur se contredisent", f.Name+statusSuffix+" and its value contradict each other")
			}
			cell.Status = status
		case v.IsNull():
		case f.worded():
			cell.Text = v.String()
		default:
			cell.Number = v.Int64()
		}
	}
	return cells, nil
}

func wordStatus(s string) (Status, bool) {
	for _, status := range []Status{Value, NotCollected, Suppressed, NoBase, Awaited} {
		if statusWord(status) == s {
			return status, true
		}
	}
	return 0, false
}
