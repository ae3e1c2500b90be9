package people

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"maillage/internal/fault"
)

// Column is a column that an import reads, and what to write in it.
type Column struct {
	Name    string
	Example string
	Says    fault.Text
}

// ModelColumns lists what an import reads, in the order of the model.
func ModelColumns() []Column {
	return []Column{
		{"numero", "2026-014", fault.Text{FR: "Obligatoire. Le numéro de la structure : il a un chiffre, jamais un nom.", EN: "Required. The structure’s own number: it has a digit, never a name."}},
		{"commune", "Crest", fault.Text{FR: "La commune où la personne habite.", EN: "The commune where the person lives."}},
		{"code_postal", "26400", fault.Text{FR: "Le code postal, si deux communes ont le même nom.", EN: "The postal code, where two communes have the same name."}},
		{"code_insee", "26108", fault.Text{FR: "Ou le code INSEE : il suffit.", EN: "Or the INSEE code: it is enough."}},
		{"mobilite", "vélo 8 km | bus 45 min", fault.Text{FR: "Un moyen, puis des km ou des minutes.", EN: "A way of moving, then km or minutes."}},
		{"metiers_souhaites", "K2204 | A1203", fault.Text{FR: "Dans l’ordre de la personne : codes ROME ou noms de métiers.", EN: "In the person’s order: ROME codes or names of occupations."}},
		{"metiers_exerces", "K2204 24 mois", fault.Text{FR: "Le métier, puis la durée.", EN: "The occupation, then how long."}},
		{"permis_titres", "permis-b | sst jusqu’au 31/12/2027", fault.Text{FR: "Permis et titres, avec leur fin s’ils en ont une.", EN: "Licences and certificates, with their end if they have one."}},
		{"savoirs", "consignes:3 | equipe:4", fault.Text{FR: "Savoir-faire et niveau : 1 notions, 2 avec aide, 3 seul, 4 peut montrer.", EN: "Skills and level: 1 notions, 2 with help, 3 alone, 4 can show."}},
		{"langues", "fr:B1 | ar", fault.Text{FR: "Langue et niveau, de A1 à C2.", EN: "Language and level, from A1 to C2."}},
		{"heures_min", "20", fault.Text{FR: "Heures par semaine, au moins.", EN: "Hours a week, at least."}},
		{"heures_max", "35", fault.Text{FR: "Heures par semaine, au plus.", EN: "Hours a week, at most."}},
		{"horaires", "matin lun-ven | après-midi lun-ven", fault.Text{FR: "Quand la personne peut travailler.", EN: "When the person can work."}},
		{"coupures", "non", fault.Text{FR: "Accepte une journée en deux fois : oui ou non.", EN: "Accepts split shifts: oui or non."}},
		{"disponible_le", "07/12/2026", fault.Text{FR: "Premier jour possible.", EN: "First day possible."}},
		{"entree_le", "02/03/2026", fault.Text{FR: "Premier jour du parcours.", EN: "First day of the journey."}},
		{"contrat_jusqu_au", "28/02/2027", fault.Text{FR: "Dernier jour du contrat en cours.", EN: "Last day of the present contract."}},
		{"pass_iae_du", "02/03/2026", fault.Text{FR: "Premier jour du PASS IAE.", EN: "First day of the PASS IAE."}},
		{"pass_iae_au", "01/03/2028", fault.Text{FR: "Dernier jour du PASS IAE.", EN: "Last day of the PASS IAE."}},
		{"conseiller", "", fault.Text{FR: "Adresse électronique du compte de la personne qui accompagne.", EN: "E-mail address of the account of the counsellor."}},
		{"nom", "", fault.Text{FR: "Scellé à part : seule la structure le lit.", EN: "Sealed apart: the structure alone reads it."}},
		{"prenom", "", fault.Text{FR: "Scellé à part.", EN: "Sealed apart."}},
		{"date_naissance", "", fault.Text{FR: "Scellée à part.", EN: "Sealed apart."}},
		{"telephone", "", fault.Text{FR: "Scellé à part.", EN: "Sealed apart."}},
		{"courriel", "", fault.Text{FR: "Scellé à part.", EN: "Sealed apart."}},
		{"pass_iae_numero", "", fault.Text{FR: "Scellé à part : douze caractères.", EN: "Sealed apart: twelve characters."}},
		{"sexe", "", fault.Text{FR: "Facultatif, f ou m : sert seulement à vérifier que personne n’est écarté.", EN: "Optional, f or m: it only serves to check that nobody is left out."}},
		{"annee_naissance", "", fault.Text{FR: "Facultatif, même usage.", EN: "Optional, same use."}},
		{"qpv", "", fault.Text{FR: "Facultatif, oui ou non, même usage.", EN: "Optional, oui or non, same use."}},
	}
}

// WriteModelCSV writes an empty file to fill: a header, in UTF-8 with a mark,
// with semicolons, as spreadsheets in French expect.
func WriteModelCSV(w io.Writer) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.Comma = ';'
	if err := out.Write(columnNames()); err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

func columnNames() []string {
	var names []string
	for _, c := range ModelColumns() {
		names = append(names, c.Name)
	}
	return names
}

// The sheets of the model: the first one is what an import reads.
const modelSheet = "Parcours"

// WriteModelXLSX writes an empty workbook to fill: one sheet with the header,
// another that explains each column with an invented example.
func WriteModelXLSX(w io.Writer, lang string) error {
	f := excelize.NewFile()
	defer f.Close()
	help := "Lisez-moi"
	if strings.HasPrefix(lang, "en") {
		help = "Read me"
	}
	if err := f.SetSheetName("Sheet1", modelSheet); err != nil {
		return fmt.Errorf("name the sheet: %w", err)
	}
	if _, err := f.NewSheet(help); err != nil {
		return fmt.Errorf("add a sheet: %w", err)
	}
	for i, c := range ModelColumns() {
		head, err := excelize.CoordinatesToCellName(i+1, 1)
		if err != nil {
			return err
		}
		if err := f.SetCellStr(modelSheet, head, c.Name); err != nil {
			return err
		}
		for j, text := range []string{c.Name, c.Says.In(lang), c.Example} {
			cell, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err != nil {
				return err
			}
			if err := f.SetCellStr(help, cell, text); err != nil {
				return err
			}
		}
	}
	f.SetActiveSheet(0)
	return f.Write(w)
}
