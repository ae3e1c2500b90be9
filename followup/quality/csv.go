package quality

import (
	"io"
	"strconv"

	"maillage/internal/sheet"
)

// Names says groups in words for a table, in a language: a region by its INSEE code, a
// kind by its own.
type Names struct {
	Lang         string
	Region, Kind func(code string) string
	State        func(State) string
}

// WriteFigures writes how many hold what, for a spreadsheet: a line a group, of
// three cuts (label, region, kind).
func WriteFigures(w io.Writer, b *Book, f *Figures, n Names) error {
	head := []sheet.Column{{"coupe", "cut"}, {"code", "code"}, {"nom", "name"}, {"certifiees", "certified"}, {"structures", "structures"}, {"au", "on"}}
	var rows [][]string
	line := func(cut, code, name string, held, of int) {
		rows = append(rows, []string{cut, code, name, strconv.Itoa(held), strconv.Itoa(of), f.On})
	}
	line(sheet.Said(n.Lang, "ensemble", "all"), "", "", f.Certified, f.Members)
	for _, c := range f.ByLabel {
		l, _ := b.Get(c.Key)
		line("label", string(c.Key), l.Name, c.Held, c.Of)
	}
	for _, c := range f.ByRegion {
		line("region", c.Key, n.Region(c.Key), c.Held, c.Of)
	}
	for _, c := range f.ByKind {
		line(sheet.Said(n.Lang, "type", "kind"), string(c.Key), n.Kind(string(c.Key)), c.Held, c.Of)
	}
	return sheet.Write(w, n.Lang, head, rows)
}

// WriteRows writes paths for a spreadsheet, in the order of the list; codes come last.
func WriteRows(w io.Writer, all []Row, n Names) error {
	head := []sheet.Column{
		{"parcours", "path"}, {"structure", "structure"}, {"type", "kind"}, {"commune", "commune"}, {"label", "label"}, {"etat", "state"}, {"valable_du", "valid_from"}, {"valable_au", "valid_until"},
		{"renouvellement_engage", "renewal_begun"}, {"derniere_etape", "last_step"}, {"type_code", "kind_code"}, {"label_code", "label_code"}, {"etat_code", "state_code"},
	}
	var rows [][]string
	for _, r := range all {
		renewing := ""
		if r.Renewing {
			renewing = sheet.Said(n.Lang, "oui", "yes")
		}
		rows = append(rows, []string{strconv.FormatInt(int64(r.ID), 10), r.Name, n.Kind(string(r.Kind)), string(r.Commune), r.Label.Name, n.State(r.Now), r.From, r.Until, renewing, r.LastOn, string(r.Kind), string(r.Path.Label), string(r.Now)})
	}
	return sheet.Write(w, n.Lang, head, rows)
}
