package matching

import (
	"io"
	"strconv"
	"strings"

	"maillage/internal/sheet"
	"maillage/matching/engine"
)

// holesHead names the columns.
func holesHead() []sheet.Column {
	return []sheet.Column{
		{"cle", "key"}, {"secteur", "sector"}, {"territoire", "territory"}, {"code_territoire", "territory_code"}, {"habitants", "inhabitants"}, {"manque", "lack"},
		{"part_couverte", "share_covered"}, {"part_supposee", "share_supposed"}, {"lots", "lots"}, {"sans_reponse_possible", "without_possible_answer"}, {"reponse_supposee", "supposed_answer"}, {"attendus", "expected"},
		{"montant_ht", "amount"}, {"lots_avec_montant", "lots_with_amount"}, {"heures_insertion", "insertion_hours"}, {"lots_avec_heures", "lots_with_hours"}, {"a_preciser", "to_specify"}, {"plus_proches", "nearest"},
		{"poles", "poles"}, {"manque_code", "lack_code"},
	}
}

// WriteHolesCSV writes needs that nobody covers for a spreadsheet, as sheet.Write does;
// lack says what is lacking in the words of the reader.
func WriteHolesCSV(w io.Writer, lang string, holes []Hole, lack func(engine.Lack) string) error {
	var rows [][]string
	for i := range holes {
		rows = append(rows, holeRow(&holes[i], lang, lack))
	}
	return sheet.Write(w, lang, holesHead(), rows)
}

func holeRow(h *Hole, lang string, lack func(engine.Lack) string) []string {
	var near, poles []string
	for _, n := range h.Nearest {
		near = append(near, n.Organisation.Name+sheet.Said(lang, " : ", ": ")+n.Words.In(lang))
	}
	for _, p := range h.Poles {
		name := p.Name
		if p.Km > 0 { // else they touch
			name += sheet.Said(lang, " : ", ": ") + engine.Writer{Lang: lang}.Amount(p.Km, engine.Kilometres)
		}
		poles = append(poles, name)
	}
	return []string{h.Key, h.Label.In(lang), h.Place, h.Territory.String(), strconv.FormatInt(h.People, 10), lack(h.Lack), sheet.Number(lang, h.Covered, 3), sheet.Number(lang, h.Supposed, 3),
		strconv.Itoa(len(h.Demand.Lots)), strconv.Itoa(len(h.Unmet)), strconv.Itoa(len(h.Unsure)), strconv.Itoa(h.Expected),
		sheet.Number(lang, h.Demand.Amount, 2), strconv.Itoa(h.Demand.AmountOf), sheet.Number(lang, h.Demand.Hours, 1), strconv.Itoa(h.Demand.HoursOf), strconv.Itoa(h.ToSpecify),
		strings.Join(near, " | "), strings.Join(poles, " | "), string(h.Lack)}
}
