package activity_test

import (
	"context"
	"maps"
	"slices"
	"strings"

	"maillage/internal/store"
)

func keysOf(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }

// defaults completes a row with the zero values of the columns that must have one.
func defaults(st *store.Store, table string, values map[string]any) map[string]any {
	var columns []struct {
		Name string `bun:"name"`
		Type string `bun:"type"`
	}
	query := "SELECT name, lower(type) AS type FROM pragma_table_info('" + table + "') WHERE \"notnull\" = 1 AND dflt_value IS NULL AND pk = 0"
	if st.Engine() == store.PostgreSQL {
		query = "SELECT column_name AS name, data_type AS type FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = '" + table + "' AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'"
	}
	if err := st.Read().NewRaw(query).Scan(context.Background(), &columns); err != nil {
		panic(err)
	}
	for _, c := range columns {
		if _, there := values[c.Name]; there {
			continue
		}
		switch {
		case strings.HasPrefix(c.Type, "json"):
			values[c.Name] = "[]"
		case c.Type == "boolean":
			values[c.Name] = false
		case c.Type == "integer", c.Type == "bigint", c.Type == "real", strings.HasPrefix(c.Type, "double"):
			values[c.Name] = 0
		default:
			values[c.Name] = ""
		}
	}
	return values
}
