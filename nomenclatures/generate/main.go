// Command generate re-expresses the public tables that the nomenclatures
// package embeds. It reads the folder of samples and writes tables/*.tsv, the
// same bytes for the same input:
//
//	go run ./nomenclatures/generate -samples ../shared/data -out nomenclatures/tables
//
// It fails rather than write a table it cannot vouch for: a CPV whose parent or
// level is not what its digits say, an appellation without occupation, a label
// that holds a tab. naf.tsv, headings.tsv and crosswalk.txt are written by hand
// and are not its business.
package main

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

func main() {
	samples := flag.String("samples", filepath.Join("..", "shared", "data"), "folder of the sample data")
	out := flag.String("out", filepath.Join("nomenclatures", "tables"), "folder to write")
	flag.Parse()
	if err := run(*samples, *out); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run(samples, out string) error {
	tables, err := build(samples)
	if err != nil {
		return err
	}
	for name, content := range tables {
		if err := os.WriteFile(filepath.Join(out, name), content, 0o644); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	return nil
}

// build returns the content of each table by file name.
func build(samples string) (map[string][]byte, error) {
	steps := []struct {
		name, source string
		columns      []string
		rows         func([][]string) ([][]string, error)
	}{
		{"cpv.tsv", "nomenclatures/cpv2008_fr.csv", []string{"code", "check_digit", "level", "parent", "label_fr", "social_service_annex"}, cpvRows},
		{"rome.tsv", "nomenclatures/rome.csv", []string{"code", "nom"}, sortedRows},
		{"appellations.tsv", "nomenclatures/rome_appellations.csv", []string{"rome", "code", "nom"}, appellationRows},
		{"descriptors.tsv", "tenders/codelists/boamp_descripteurs_observes.csv", []string{"code", "libelle"}, numberedRows},
	}
	tables := map[string][]byte{}
	for _, s := range steps {
		rows, err := readColumns(filepath.Join(samples, filepath.FromSlash(s.source)), s.columns)
		if err != nil {
			return nil, err
		}
		if rows, err = s.rows(rows); err != nil {
			return nil, fmt.Errorf("%s: %w", s.source, err)
		}
		if tables[s.name], err = encode(rows); err != nil {
			return nil, fmt.Errorf("%s: %w", s.source, err)
		}
	}
	return tables, nil
}

// readColumns gives the named columns of a CSV file with a header, in the
// order asked.
func readColumns(path string, columns []string) ([][]string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	records, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff")))).ReadAll()
	if err != nil || len(records) == 0 {
		return nil, fmt.Errorf("read %s: %w", path, cmp.Or(err, errors.New("no header")))
	}
	at := make([]int, len(columns))
	for i, name := range columns {
		if at[i] = slices.Index(records[0], name); at[i] < 0 {
			return nil, fmt.Errorf("read %s: no column %q", path, name)
		}
	}
	rows := make([][]string, 0, len(records)-1)
	for _, record := range records[1:] {
		row := make([]string, len(at))
		for i, j := range at {
			row[i] = strings.Join(strings.Fields(record[j]), " ")
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// cpvRows checks that parent and level can be told from the digits, which lets
// the table do without them, and keeps code, check digit, annex and label.
func cpvRows(rows [][]string) ([][]string, error) {
	known := map[string]bool{}
	for _, r := range rows {
		known[r[0]] = true
	}
	out := make([][]string, 0, len(rows))
	for _, r := range rows {
		code, check, level, parent, label, annex := r[0], r[1], r[2], r[3], r[4], r[5]
		if got := parentOf(code, known); got != parent {
			return nil, fmt.Errorf("CPV %s: the parent is %q, its digits say %q", code, parent, got)
		}
		if got := levelOf(code); got != level {
			return nil, fmt.Errorf("CPV %s: the level is %q, its digits say %q", code, level, got)
		}
		out = append(out, []string{code, check, annex, label})
	}
	return sortedRows(out)
}

func stem(code string) string {
	s := strings.TrimRight(code, "0")
	return s + "00"[:max(0, 2-len(s))]
}

func parentOf(code string, known map[string]bool) string {
	for s := stem(code); len(s) > 2; {
		s = s[:len(s)-1]
		if p := s + "00000000"[len(s):]; p != code && known[p] {
			return p
		}
	}
	return ""
}

func levelOf(code string) string {
	switch len(stem(code)) {
	case 2:
		return "division"
	case 3:
		return "group"
	case 4:
		return "class"
	case 5:
		return "category"
	}
	return "subcategory"
}

func appellationRows(rows [][]string) ([][]string, error) {
	for _, r := range rows {
		if len(r[0]) != 5 {
			return nil, fmt.Errorf("appellation %s: %q is no occupation", r[1], r[0])
		}
	}
	return orderedBy(rows, func(a, b []string) int {
		return cmp.Or(strings.Compare(a[0], b[0]), compareNumbers(a[1], b[1]))
	})
}

func sortedRows(rows [][]string) ([][]string, error) {
	return orderedBy(rows, func(a, b []string) int { return strings.Compare(a[0], b[0]) })
}

func numberedRows(rows [][]string) ([][]string, error) {
	return orderedBy(rows, func(a, b []string) int { return compareNumbers(a[0], b[0]) })
}

func compareNumbers(a, b string) int {
	x, errX := strconv.Atoi(a)
	y, errY := strconv.Atoi(b)
	if errX != nil || errY != nil {
		return strings.Compare(a, b)
	}
	return cmp.Compare(x, y)
}

// orderedBy sorts and refuses two rows that compare equal.
func orderedBy(rows [][]string, compare func(a, b []string) int) ([][]string, error) {
	slices.SortFunc(rows, compare)
	for i := 1; i < len(rows); i++ {
		if compare(rows[i-1], rows[i]) == 0 {
			return nil, fmt.Errorf("%s is listed twice", rows[i][0])
		}
	}
	return rows, nil
}

func encode(rows [][]string) ([]byte, error) {
	var out bytes.Buffer
	for _, row := range rows {
		for _, field := range row {
			if strings.ContainsAny(field, "\t\n") {
				return nil, fmt.Errorf("%q holds a tab or a line break", field)
			}
		}
		out.WriteString(strings.Join(row, "\t"))
		out.WriteByte('\n')
	}
	return out.Bytes(), nil
}
