package outlook

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"maillage/matching/engine/outlook"
	"maillage/opportunities"
)

// columns are the same in both languages.
func columns() []string {
	return []string{"nature", "code", "intitule", "postes_ouverts", "postes_de_la_periode", "lots", "contrats_avec_heures", "heures", "etp_annee", "appels_attendus", "premier_attendu",
		"souhaitent_affiche", "souhaitent_au_moins", "souhaitent_au_plus", "ont_pratique_affiche", "ont_les_savoir_faire_affiche", "viendraient_affiche",
		"sessions", "places", "tension", "sur"}
}

// WriteCSV writes an outlook for a spreadsheet, as opportunities.WriteCSV does:
// UTF-8 with its mark, semicolons, CRLF, a decimal comma, and no cell that it
// would run. An empty figure of people is one that is not shown.
func WriteCSV(w io.Writer, lang string, o *outlook.Outlook) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return fmt.Errorf("write a table: %w", err)
	}
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = ';', true
	rows := [][]string{columns()}
	for i := range o.Rows {
		rows = append(rows, rowCells(&o.Rows[i]))
	}
	for i := range o.Skills {
		rows = append(rows, skillCells(&o.Skills[i], lang))
	}
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

func rowCells(r *outlook.Row) []string {
	first, coming, d := "", "", r.Demand
	if len(r.Expected) > 0 {
		first = r.Expected[0].On
	}
	if r.Coming != nil {
		coming = shown(*r.Coming)
	}
	return []string{"métier", string(r.Code), r.Code.Label(), strconv.Itoa(d.Open), strconv.Itoa(d.Posts()), strconv.Itoa(d.Lots), strconv.Itoa(d.Contract), comma(d.Hours), comma(d.FTE),
		strconv.Itoa(len(r.Expected)), first, shown(r.Wish), strconv.Itoa(r.Wish.Low), strconv.Itoa(r.Wish.High), shown(r.Practice), shown(r.Able), coming,
		strconv.Itoa(len(r.Sessions)), strconv.Itoa(r.Places), string(r.Tension), sure(r.Sure)}
}

func skillCells(s *outlook.Skill, lang string) []string {
	return []string{"aptitude", string(s.Code), AptitudeLabel(s.Code, lang), strconv.Itoa(s.Open), strconv.Itoa(s.Required + s.Liked), "", "", "", "", "", "",
		shown(s.Hold), strconv.Itoa(s.Hold.Low), strconv.Itoa(s.Hold.High), "", "", "", strconv.Itoa(len(s.Sessions)), strconv.Itoa(s.Places), string(s.Tension), sure(s.Sure)}
}

func shown(f outlook.Figure) string {
	if f.None() {
		return ""
	}
	return strconv.Itoa(f.Shown)
}

func sure(yes bool) string {
	if yes {
		return "oui"
	}
	return "non"
}

func comma(v float64) string {
	return strings.Replace(strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64), ".", ",", 1)
}
