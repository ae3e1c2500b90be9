package record

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"

	"maillage/indicators/release"
)

// Terms are what the files given under an agreement say of it. They name no person.
type Terms struct {
	Number, Institution, Purpose, PurposeEN, Reference string
	FromOn, UntilOn                                    string
	Variables                                          []string // none: all
}

// Part is a file of a year and its label, as "exits-2011.v1".
type Part struct {
	*View
	Label  string
	MadeAt time.Time
	Hash   string // of the whole file, with the columns that the agreement leaves out
}

// Write writes the ZIP of an agreement: CSV, workbook, descriptor, codebook, what was
// done, README, hashes. The same terms and parts give the same bytes.
func Write(w io.Writer, t Terms, parts []Part) error {
	if len(parts) == 0 {
		return errors.New("write the files of an agreement: there is none")
	}
	at := parts[0].MadeAt
	for _, p := range parts {
		if p.MadeAt.After(at) {
			at = p.MadeAt
		}
	}
	at = at.UTC().Truncate(24 * time.Hour)
	files, err := files(t, parts, at)
	if err != nil {
		return fmt.Errorf("write the files of agreement %s: %w", t.Number, err)
	}
	return release.Pack(w, append(files, release.Sums(files)), at)
}

func files(t Terms, parts []Part, at time.Time) (out []release.File, err error) {
	for _, p := range parts {
		data, err := p.table(t)
		if err != nil {
			return nil, err
		}
		out = append(out, release.File{Path: p.path(), Data: data})
	}
	book, err := workbook(t, parts, at)
	if err != nil {
		return nil, err
	}
	report, err := report(parts)
	if err != nil {
		return nil, err
	}
	kind := parts[0].Kind
	out = append(out, release.File{Path: "data/" + string(kind) + ".xlsx", Data: book}, release.File{Path: "protection.json", Data: report},
		release.File{Path: "codebook.fr.md", Data: codebook(kind, "fr")}, release.File{Path: "codebook.en.md", Data: codebook(kind, "en")},
		release.File{Path: "README.md", Data: readme(t, parts)})
	described, err := describe(t, parts, out)
	return append(out, release.File{Path: "datapackage.json", Data: described}), err
}

func (p Part) path() string { return fmt.Sprintf("data/%s-%d.csv", p.Kind, p.Year) }

// lines are the header and the rows that an agreement opens, with their year.
func (p Part) lines(t Terms) [][]string {
	columns, rows := p.Only(t.Variables)
	year := strconv.Itoa(p.Year)
	out := [][]string{append([]string{"year"}, columns...)}
	for _, r := range rows {
		out = append(out, append([]string{year}, r...))
	}
	return out
}

func (p Part) table(t Terms) ([]byte, error) {
	var b bytes.Buffer
	err := csv.NewWriter(&b).WriteAll(p.lines(t))
	return b.Bytes(), err
}

func report(parts []Part) ([]byte, error) {
	type done struct {
		File   string `json:"file"`
		MadeOn string `json:"made_on"`
		Hash   string `json:"hash"`
		K      int    `json:"k"`
		L      int    `json:"l"`
		Done
	}
	var all []done
	for _, p := range parts {
		all = append(all, done{p.Label, p.MadeAt.UTC().Format(time.DateOnly), "sha256:" + p.Hash, LeastShared, LeastDiverse, p.Done})
	}
	return indented(all)
}

func indented(v any) ([]byte, error) {
	data, err := json.MarshalIndent(v, "", "  ")
	return append(data, '\n'), err
}

// workbook has a sheet a year, every value a text.
func workbook(t Terms, parts []Part, at time.Time) (_ []byte, err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	day := at.Format(time.DateOnly) + "T00:00:00Z"
	if err := f.SetDocProps(&excelize.DocProperties{Title: t.Number, Creator: "Maillage", LastModifiedBy: "Maillage", Created: day, Modified: day}); err != nil {
		return nil, err
	}
	for i, p := range parts {
		name := strconv.Itoa(p.Year)
		if i == 0 {
			err = f.SetSheetName("Sheet1", name)
		} else {
			_, err = f.NewSheet(name)
		}
		if err == nil {
			err = fill(f, name, p.lines(t))
		}
		if err != nil {
			return nil, err
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		return nil, err
	}
	return release.Repack(b.Bytes(), at)
}

func fill(f *excelize.File, sheet string, lines [][]string) error {
	w, err := f.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	for i, line := range lines {
		cells := make([]any, len(line))
		for c, v := range line {
			cells[c] = v
		}
		if err := w.SetRow(fmt.Sprintf("A%d", i+1), cells); err != nil {
			return err
		}
	}
	return w.Flush()
}
