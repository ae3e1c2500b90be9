package matching

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"maillage/matching/engine"
	"maillage/opportunities"
)

// holesHead names the columns, the same in both languages.
func holesHead() []string {
	return []string{"cle", "secteur", "territoire", "code_territoire", "habitants", "manque", "part_couverte", "part_supposee", "lots", "sans_reponse_possible", "reponse_supposee", "attendus",
		"montant_ht", "lots_avec_montant", "heures_insertion", "lots_avec_heures", "a_preciser", "plus_proches", "poles"}
}

// WriteHolesCSV writes needs that nobody covers for a spreadsheet, as
// opportunities.WriteCSV does: UTF-8 with its mark, semicolons, CRLF, a decimal
// comma, and no cell that it would run.
func WriteHolesCSV(w io.Writer, lang string, holes []Hole) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return fmt.Errorf("write a table: %w", err)
	}
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = ';', true
	rows := [][]string{holesHead()}
	for i := range holes {
		rows = append(rows, holeRow(&holes[i], lang))
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write a table: %w", err)
	}
	return nil
}

func holeRow(h *Hole, lang string) []string {
	var near, poles []string
	for _, n := range h.Nearest {
		near = append(near, n.Organisation.Name+" : "+n.Words.In(lang))
	}
	for _, p := range h.Poles {
		name := p.Name
		if p.Km > 0 { // else they touch
			name += " : " + engine.Writer{Lang: lang}.Amount(p.Km, engine.Kilometres)
		}
		poles = append(poles, name)
	}
	row := []string{h.Key, h.Label.In(lang), h.Place, h.Territory.String(), strconv.FormatInt(h.People, 10), string(h.Lack), commaOf(h.Covered, 3), commaOf(h.Supposed, 3),
		strconv.Itoa(len(h.Demand.Lots)), strconv.Itoa(len(h.Unmet)), strconv.Itoa(len(h.Unsure)), strconv.Itoa(h.Expected),
		commaOf(h.Demand.Amount, 2), strconv.Itoa(h.Demand.AmountOf), commaOf(h.Demand.Hours, 1), strconv.Itoa(h.Demand.HoursOf), strconv.Itoa(h.ToSpecify),
		strings.Join(near, " | "), strings.Join(poles, " | ")}
	for i := range row {
		row[i] = opportunities.Inert(row[i])
	}
	return row
}

// commaOf writes a number as a French spreadsheet reads it.
func commaOf(v float64, decimals int) string {
	scale := math.Pow(10, float64(decimals))
	return strings.Replace(strconv.FormatFloat(math.Round(v*scale)/scale, 'f', -1, 64), ".", ",", 1)
}
