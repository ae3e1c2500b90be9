package testkit

import (
	"bytes"
	"database/sql"
	"encoding/hex"
	"fmt"
	"slices"
	"testing"

	"maillage/internal/store"
)

// Holding gives the tables of a database of which a row holds some words or bytes,
// whatever the column: what was to be forgotten is nowhere, or is told where.
func Holding(t testing.TB, st *store.Store, what string) []string {
	t.Helper()
	list := "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
	if st.Engine() == store.PostgreSQL {
		list = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
	}
	var tables, out []string
	if err := st.Read().NewRaw(list).Scan(t.Context(), &tables); err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		rows, err := st.Read().QueryContext(t.Context(), `SELECT * FROM "`+table+`"`)
		if err != nil {
			t.Fatalf("read %s: %v", table, err)
		}
		if holds(t, rows, []byte(what)) {
			out = append(out, table)
		}
	}
	return out
}

func holds(t testing.TB, rows *sql.Rows, what []byte) (found bool) {
	t.Helper()
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	cells := make([]any, len(columns))
	into := make([]any, len(columns))
	for i := range cells {
		into[i] = &cells[i]
	}
	inHex := []byte(hex.EncodeToString(what)) // as one engine writes bytes in words
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		found = found || slices.ContainsFunc(cells, func(cell any) bool {
			written, plain := cell.([]byte)
			if !plain {
				written = fmt.Append(nil, cell)
			}
			return bytes.Contains(written, what) || bytes.Contains(written, inHex)
		})
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return found
}
