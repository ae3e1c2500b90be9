package release_test

import (
	"bytes"
	"encoding/csv"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The lexical forms of XML Schema that CSV on the Web names, for those used here.
var csvwForms = map[string]*regexp.Regexp{
	"string":  regexp.MustCompile(`^.*$`),
	"gYear":   regexp.MustCompile(`^[0-9]{4}$`),
	"integer": regexp.MustCompile(`^-?[0-9]+$`),
	"decimal": regexp.MustCompile(`^-?[0-9]+\.[0-9]+$`),
}

// read checks a file against its table and counts the null cells.
func (table csvwTable) read(t *testing.T, data []byte) int {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil || len(rows) == 0 || len(rows[0]) != len(table.TableSchema.Columns) {
		t.Fatalf("%s: %v, %d rows", table.URL, err, len(rows))
	}
	nulls, keys := 0, map[string]bool{}
	for _, row := range rows[1:] {
		var key []string
		for i, c := range table.TableSchema.Columns {
			if !slices.Contains(c.Titles["fr"], rows[0][i]) || !slices.Contains(c.Titles["en"], rows[0][i]) {
				t.Errorf("%s: the header %s is no title", table.URL, rows[0][i])
			}
			none := slices.Contains(c.Null, row[i]) || len(c.Null) == 0 && row[i] == ""
			switch {
			case none && c.Required:
				t.Errorf("%s: %s is required", table.URL, c.Name)
			case none:
				nulls++
			case !csvwForms[c.Datatype.Base].MatchString(row[i]) || c.Datatype.Minimum == "0" && strings.HasPrefix(row[i], "-"):
				t.Errorf("%s: %s is %q, no %s", table.URL, c.Name, row[i], c.Datatype.Base)
			}
			if slices.Contains(table.TableSchema.PrimaryKey, c.Name) {
				key = append(key, row[i])
			}
		}
		if k := strings.Join(key, "\x00"); keys[k] {
			t.Errorf("%s: the key %v is there twice", table.URL, key)
		} else {
			keys[k] = true
		}
	}
	return nulls
}
