package store_test

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	"maillage/internal/store"
	"maillage/internal/testkit"
)

// same gives the SQLite type that stands for a PostgreSQL one.
var same = map[string]string{
	"bigint": "integer", "integer": "integer", "smallint": "integer", "boolean": "integer",
	"double precision": "real", "text": "text", "jsonb": "text", "timestamp with time zone": "text", "bytea": "blob",
}

// The two folders of migrations describe the same tables, columns, types and nullability.
func TestTheTwoSchemasAgree(t *testing.T) {
	t.Parallel()
	lite := columns(t, testkit.SQLite(t), `
		SELECT m.name || '.' || c.name || ' ' || lower(c.type) || CASE WHEN c."notnull" = 1 OR c.pk > 0 THEN '' ELSE ' null' END
		  FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'`, nil)
	pg := columns(t, testkit.PostgreSQL(t), `
		SELECT table_name || '.' || column_name || ' ' || data_type || CASE WHEN is_nullable = 'YES' THEN ' null' ELSE '' END
		  FROM information_schema.columns WHERE table_schema = 'public'`, same)
	for _, line := range lite {
		if !slices.Contains(pg, line) {
			t.Errorf("SQLite has %q, PostgreSQL has not", line)
		}
	}
	for _, line := range pg {
		if !slices.Contains(lite, line) {
			t.Errorf("PostgreSQL has %q, SQLite has not", line)
		}
	}
	if len(lite) < 20 {
		t.Errorf("only %d columns compared", len(lite))
	}
}

// notOurs are the tables of the migration tools and of the job queue.
var notOurs = regexp.MustCompile(`^(river_|bun_|sqlite_)`)

func columns(t *testing.T, st *store.Store, query string, names map[string]string) []string {
	t.Helper()
	var rows, out []string
	if err := st.Read().NewRaw(query).Scan(context.Background(), &rows); err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if notOurs.MatchString(r) {
			continue
		}
		column, kind, _ := strings.Cut(r, " ")
		kind, null := strings.CutSuffix(kind, " null")
		if n, ok := names[kind]; ok {
			kind = n
		}
		if null {
			kind += " null"
		}
		out = append(out, column+" "+kind)
	}
	slices.Sort(out)
	return out
}
