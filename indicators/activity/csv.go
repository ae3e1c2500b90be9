package activity

import (
	"io"

	"maillage/internal/sheet"
)

// Withheld is what a file says in the place of a figure that is withheld.
const Withheld = "s"

// Names says the cells of a table in words, in a language: a place, what holds it, and a level.
type Names struct {
	Lang      string
	Place, In func(Row) string
	Level     func(Level) string
}

// WriteCSV writes a row a place and month of some editions for a spreadsheet, as
// sheet.Write does; codes come last. What lies in several places has no code.
func WriteCSV(w io.Writer, editions []Edition, n Names) error {
	head := []sheet.Column{
		{"dernier_mois", "last_month"}, {"niveau", "level"}, {"nom", "name"}, {"dans", "in"}, {"mois", "month"}, {"marches_proposes", "tenders_proposed"}, {"avec_une_reponse", "answered"},
		{"reponses_remises", "bids_submitted"}, {"gagnes", "won"}, {"heures_insertion", "insertion_hours"}, {"etp", "fte"}, {"niveau_code", "level_code"}, {"code", "code"}, {"dans_code", "in_code"},
	}
	var rows [][]string
	for _, e := range editions {
		for _, r := range e.Rows {
			month := r.Month
			if month == Whole {
				month = sheet.Said(n.Lang, "tous", "all")
			}
			row := []string{e.Until, n.Level(r.Level), n.Place(r), n.In(r), month}
			for _, m := range Measures() {
				row = append(row, written(n.Lang, r.Figures[m]))
			}
			rows = append(rows, append(row, string(r.Level), r.Code, r.In))
		}
	}
	return sheet.Write(w, n.Lang, head, rows)
}

func written(lang string, v *float64) string {
	if v == nil {
		return Withheld
	}
	return sheet.Number(lang, *v, -1)
}
