package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// Facts digests the records that a file is made from: the same records, in any
// order, give the same digest. It tells of nobody: it is never shown.
func Facts(k Kind, sources []Source) string {
	rows, _ := k.rows(sources)
	lines := make([]string, len(rows))
	for i, r := range rows {
		lines[i] = fmt.Sprintf("%q", slices.Concat([]string{r.departement, r.region, r.contributor}, r.keys, r.secrets))
	}
	slices.Sort(lines)
	h := sha256.Sum256([]byte(string(k) + "\n" + strings.Join(lines, "\n")))
	return hex.EncodeToString(h[:])
}

// CSV is the whole file: UTF-8, commas, LF, one header, no column of a year.
func (p *Protected) CSV() (string, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.Write(p.Columns); err != nil {
		return "", err
	}
	if err := w.WriteAll(p.Rows); err != nil {
		return "", err
	}
	return b.String(), w.Error()
}

// Read reads what CSV wrote, and checks it.
func Read(k Kind, year int, content string) (*Protected, error) {
	all, err := csv.NewReader(strings.NewReader(content)).ReadAll()
	if err != nil || len(all) == 0 {
		return nil, fmt.Errorf("read %s of %d: not a table (%w)", k, year, err)
	}
	p := &Protected{Kind: k, Year: year, Columns: all[0], Rows: all[1:]}
	for _, v := range k.Variables() {
		if !v.Sensitive {
			p.Keys++
		}
	}
	if len(p.Columns) < p.Keys {
		return nil, fmt.Errorf("read %s of %d: %d columns: %w", k, year, len(p.Columns), ErrUnsafe)
	}
	return p, p.Check()
}

// Only keeps some columns, in the order of the file; none keeps all. Every reader
// of a year has the same rows in the same order.
func (p *Protected) Only(names []string) (columns []string, rows [][]string) {
	var at []int
	for i, c := range p.Columns {
		if len(names) == 0 || slices.Contains(names, c) {
			at, columns = append(at, i), append(columns, c)
		}
	}
	for _, r := range p.Rows {
		line := make([]string, len(at))
		for i, c := range at {
			line[i] = r[c]
		}
		rows = append(rows, line)
	}
	return columns, rows
}
