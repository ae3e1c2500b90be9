package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// theFiles is the column of what is kept that says which files hold a row.
const theFiles = "files"

// Facts digests the records that a year is made from: the same records, in any
// order, give the same digest. It tells of nobody: it is never shown.
func Facts(sources []Source) string {
	rows, _ := people(sources)
	lines := make([]string, len(rows))
	for i, r := range rows {
		lines[i] = fmt.Sprintf("%q", slices.Concat([]string{r.departement, r.region, r.contributor, strconv.Itoa(int(r.in))}, r.keys, r.secrets))
	}
	slices.Sort(lines)
	h := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(h[:])
}

// CSV is the whole file as it is kept: UTF-8, commas, LF, one header.
func (p *Protected) CSV() (string, error) {
	lines := [][]string{append(slices.Clone(p.Columns), theFiles)}
	for i, r := range p.Rows {
		lines = append(lines, append(slices.Clone(r), strconv.Itoa(int(p.In[i]))))
	}
	return written(lines)
}

func written(lines [][]string) (string, error) {
	var b bytes.Buffer
	err := csv.NewWriter(&b).WriteAll(lines)
	return b.String(), err
}

// Read reads what CSV wrote, with what was kept beside it, and checks it.
func Read(year int, content string, kept Kept) (*Protected, error) {
	all, err := csv.NewReader(strings.NewReader(content)).ReadAll()
	if err != nil || len(all) == 0 {
		return nil, fmt.Errorf("read the records of %d: not a table (%w)", year, err)
	}
	p := &Protected{Year: year, Keys: len(keys()), Kept: kept}
	last := len(all[0]) - 1
	if last < p.Keys || all[0][last] != theFiles {
		return nil, fmt.Errorf("read the records of %d: %d columns: %w", year, len(all[0]), ErrUnsafe)
	}
	p.Columns = all[0][:last]
	for _, r := range all[1:] {
		in, err := strconv.ParseUint(r[last], 10, 8)
		if err != nil || in == 0 || in > uint64(inExits|inWorkers) {
			return nil, fmt.Errorf("read the records of %d: a row of no file: %w", year, ErrUnsafe)
		}
		p.Rows, p.In = append(p.Rows, r[:last]), append(p.In, uint(in))
	}
	return p, p.Check()
}

// View is a file of a year: some rows and columns of what is protected, in its order.
type View struct {
	Kind    Kind
	Year    int
	Columns []string
	Rows    [][]string
	Done    Done
}

// View is one of the files. Without rows there is none.
func (p *Protected) View(k Kind) *View {
	v := &View{Kind: k, Year: p.Year, Done: p.Done[k]}
	var at []int
	for c, name := range p.Columns {
		if slices.Contains(k.Names(), name) {
			at, v.Columns = append(at, c), append(v.Columns, name)
		}
	}
	for i, r := range p.Rows {
		if p.In[i]&k.bit() != 0 {
			v.Rows = append(v.Rows, picked(r, at))
		}
	}
	return v
}

// CSV is the whole view.
func (v *View) CSV() (string, error) { return written(append([][]string{v.Columns}, v.Rows...)) }

// Only keeps some columns, in the order of the file; none keeps all. Every reader
// of a year has the same rows in the same order.
func (v *View) Only(names []string) (columns []string, rows [][]string) {
	var at []int
	for i, c := range v.Columns {
		if len(names) == 0 || slices.Contains(names, c) {
			at, columns = append(at, i), append(columns, c)
		}
	}
	for _, r := range v.Rows {
		rows = append(rows, picked(r, at))
	}
	return columns, rows
}

func picked(line []string, at []int) []string {
	out := make([]string, len(at))
	for i, c := range at {
		out[i] = line[c]
	}
	return out
}
