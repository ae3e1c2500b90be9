package activity

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// csvHead names the columns; they are the same in both languages.
var csvHead = []string{"dernier_mois", "niveau", "code", "nom", "dans", "mois", "marches_proposes", "avec_une_reponse", "reponses_remises", "gagnes", "heures_insertion", "etp"}

// Withheld is what a file says in the place of a figure that is withheld.
const Withheld = "s"

// WriteCSV writes a row a place and month of some editions, as French spreadsheets
// open it: UTF-8 with its mark, semicolons, CRLF, a decimal comma. name names a
// place; the months together are "all", what lies in several places has no code.
func WriteCSV(w io.Writer, editions []Edition, name func(Row) string) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return fmt.Errorf("write a table: %w", err)
	}
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = ';', true
	rows := [][]string{csvHead}
	for _, e := range editions {
		for _, r := range e.Rows {
			row := []string{e.Until, string(r.Level), r.Code, name(r), r.In, r.Month}
			for _, m := range Measures() {
				row = append(row, written(r.Figures[m]))
			}
			rows = append(rows, row)
		}
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write a table: %w", err)
	}
	return nil
}

func written(v *float64) string {
	if v == nil {
		return Withheld
	}
	return strings.Replace(strconv.FormatFloat(*v, 'f', -1, 64), ".", ",", 1)
}
