package quality

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"maillage/opportunities"
)

// Names says groups in words for a table: a region by its INSEE code, a kind by its own.
type Names struct {
	Region, Kind func(code string) string
	State        func(State) string
}

// WriteFigures writes how many hold what, for a spreadsheet: a line a group, of
// three cuts (label, region, kind).
func WriteFigures(w io.Writer, b *Book, f *Figures, n Names) error {
	rows := [][]string{{"coupe", "code", "nom", "certifiees", "structures", "au"}}
	line := func(cut, code, name string, held, of int) {
		rows = append(rows, []string{cut, code, name, strconv.Itoa(held), strconv.Itoa(of), f.On})
	}
	line("ensemble", "", "", f.Certified, f.Members)
	for _, c := range f.ByLabel {
		l, _ := b.Get(c.Key)
		line("label", string(c.Key), l.Name, c.Held, c.Of)
	}
	for _, c := range f.ByRegion {
		line("region", c.Key, n.Region(c.Key), c.Held, c.Of)
	}
	for _, c := range f.ByKind {
		line("type", string(c.Key), n.Kind(string(c.Key)), c.Held, c.Of)
	}
	return table(w, rows)
}

// WriteRows writes paths for a spreadsheet, in the order of the list.
func WriteRows(w io.Writer, all []Row, n Names) error {
	rows := [][]string{{"parcours", "structure", "type", "commune", "code_label", "label", "etat", "etat_dit", "valable_du", "valable_au", "renouvellement_engage", "derniere_etape"}}
	for _, r := range all {
		renewing := ""
		if r.Renewing {
			renewing = "oui"
		}
		rows = append(rows, []string{strconv.FormatInt(int64(r.ID), 10), r.Name, string(r.Kind), string(r.Commune), string(r.Path.Label), r.Label.Name, string(r.Now), n.State(r.Now), r.From, r.Until, renewing, r.LastOn})
	}
	return table(w, rows)
}

// table is as the other tables: UTF-8 with its mark, semicolons, CRLF, and no
// cell that a spreadsheet would run.
func table(w io.Writer, rows [][]string) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return fmt.Errorf("write a table: %w", err)
	}
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = ';', true
	for _, row := range rows {
		for i := range row {
			row[i] = opportunities.Inert(row[i])
		}
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write a table: %w", err)
	}
	return nil
}
