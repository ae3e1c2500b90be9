package outlook

import (
	"io"
	"strconv"

	"maillage/internal/sheet"
	"maillage/matching/engine/outlook"
)

// columns names them.
func columns() []sheet.Column {
	return []sheet.Column{
		{"nature", "nature"}, {"code", "code"}, {"intitule", "label"}, {"postes_ouverts", "posts_open"}, {"postes_de_la_periode", "posts_of_the_period"}, {"lots", "lots"},
		{"contrats_avec_heures", "contracts_with_hours"}, {"heures", "hours"}, {"etp_annee", "fte_year"}, {"appels_attendus", "calls_expected"}, {"premier_attendu", "first_expected"}, {"souhaitent_affiche", "wish_shown"},
		{"souhaitent_au_moins", "wish_at_least"}, {"souhaitent_au_plus", "wish_at_most"}, {"ont_pratique_affiche", "practised_shown"}, {"ont_les_savoir_faire_affiche", "have_the_skills_shown"}, {"viendraient_affiche", "would_come_shown"}, {"sessions", "sessions"},
		{"places", "places"}, {"tension", "tension"}, {"sur", "sure"}, {"tension_code", "tension_code"},
	}
}

// WriteCSV writes an outlook for a spreadsheet, as sheet.Write does. An empty figure of
// people is one that is not shown; tension says one in the words of the reader.
func WriteCSV(w io.Writer, lang string, o *outlook.Outlook, tension func(outlook.Tension) string) error {
	var rows [][]string
	for i := range o.Rows {
		rows = append(rows, rowCells(&o.Rows[i], lang, tension))
	}
	for i := range o.Skills {
		rows = append(rows, skillCells(&o.Skills[i], lang, tension))
	}
	return sheet.Write(w, lang, columns(), rows)
}

func rowCells(r *outlook.Row, lang string, tension func(outlook.Tension) string) []string {
	first, coming, d := "", "", r.Demand
	if len(r.Expected) > 0 {
		first = r.Expected[0].On
	}
	if r.Coming != nil {
		coming = shown(*r.Coming)
	}
	return []string{sheet.Said(lang, "métier", "occupation"), string(r.Code), r.Code.Label(), strconv.Itoa(d.Open), strconv.Itoa(d.Posts()), strconv.Itoa(d.Lots), strconv.Itoa(d.Contract), sheet.Number(lang, d.Hours, 1), sheet.Number(lang, d.FTE, 1),
		strconv.Itoa(len(r.Expected)), first, shown(r.Wish), strconv.Itoa(r.Wish.Low), strconv.Itoa(r.Wish.High), shown(r.Practice), shown(r.Able), coming,
		strconv.Itoa(len(r.Sessions)), strconv.Itoa(r.Places), tension(r.Tension), sure(r.Sure, lang), string(r.Tension)}
}

func skillCells(s *outlook.Skill, lang string, tension func(outlook.Tension) string) []string {
	return []string{"aptitude", string(s.Code), AptitudeLabel(s.Code, lang), strconv.Itoa(s.Open), strconv.Itoa(s.Required + s.Liked), "", "", "", "", "", "",
		shown(s.Hold), strconv.Itoa(s.Hold.Low), strconv.Itoa(s.Hold.High), "", "", "", strconv.Itoa(len(s.Sessions)), strconv.Itoa(s.Places), tension(s.Tension), sure(s.Sure, lang), string(s.Tension)}
}

func shown(f outlook.Figure) string {
	if f.None() {
		return ""
	}
	return strconv.Itoa(f.Shown)
}

func sure(yes bool, lang string) string {
	if yes {
		return sheet.Said(lang, "oui", "yes")
	}
	return sheet.Said(lang, "non", "no")
}
