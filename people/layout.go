package people

import (
	"slices"
	"strings"

	"maillage/internal/fault"
	"maillage/territories"
)

// columnSort is what becomes of a column of a file of journeys.
type columnSort uint8

const (
	unknownColumn  columnSort = iota
	plainColumn               // in the journey
	identityColumn            // sealed, and in no rejected row
	traitColumn               // for the audit of outcomes alone, and in no rejected row
	bannedColumn              // kept nowhere
	reportColumn              // that this program adds to rejected rows
)

// columnsOf are the columns of a file of journeys, in the order of docs/import-parcours.md.
var columnsOf = []struct {
	name string
	sort columnSort
}{
	{"numero", plainColumn}, {"commune", plainColumn}, {"code_postal", plainColumn}, {"code_insee", plainColumn},
	{"mobilite", plainColumn}, {"metiers_souhaites", plainColumn}, {"metiers_exerces", plainColumn},
	{"permis_titres", plainColumn}, {"savoirs", plainColumn}, {"langues", plainColumn},
	{"heures_min", plainColumn}, {"heures_max", plainColumn}, {"horaires", plainColumn}, {"coupures", plainColumn},
	{"disponible_le", plainColumn}, {"entree_le", plainColumn}, {"contrat_jusqu_au", plainColumn},
	{"pass_iae_du", plainColumn}, {"pass_iae_au", plainColumn}, {"conseiller", plainColumn},
	{"nom", identityColumn}, {"prenom", identityColumn}, {"date_naissance", identityColumn},
	{"telephone", identityColumn}, {"courriel", identityColumn}, {"pass_iae_numero", identityColumn},
	{"sexe", traitColumn}, {"annee_naissance", traitColumn}, {"qpv", traitColumn},
	{"ligne", reportColumn}, {"a_corriger", reportColumn},
}

// bannedWords are what a header may speak of that is kept nowhere: why a person
// is eligible, health, debts, justice, family, origin, and any free text.
var bannedWords = []string{
	"motif", "raison", "cause", "critere", "eligib", "situation", "difficult", "frein", "obstacle", "problem",
	"sante", "handicap", "rqth", "aah", "boeth", "maladie", "medic", "addict", "psych", "invalid", "inaptitude", "grossesse",
	"dette", "surendett", "banque", "ressource", "revenu", "rsa", "ass", "minima", "allocation", "caf",
	"justice", "judiciaire", "casier", "prison", "deten", "peine", "probation", "spip",
	"famil", "enfant", "marital", "conjoint", "logement", "heberge", "sdf", "violence",
	"origine", "nationalit", "pays", "refugi", "asile", "sejour", "religion", "ethni", "syndic", "politi",
	"commentaire", "observation", "remarque", "note", "libre", "divers", "suivi", "bilan",
	"secu", "nir", "nss", "adresse", "rue", "naissance_lieu", "lieu_naissance", "photo", "iban", "rib",
}

// wholeWords are those that mean what they say as a whole word only.
var wholeWords = []string{"ass", "aah", "rsa", "caf", "nir", "nss", "rib", "rue", "sdf", "note", "notes", "cause", "pays", "secu", "libre"}

func columnName(header string) string {
	return strings.ReplaceAll(territories.Fold(header), " ", "_")
}

func sortOf(column string) columnSort {
	for _, c := range columnsOf {
		if c.name == column {
			return c.sort
		}
	}
	for _, w := range bannedWords {
		if slices.Contains(wholeWords, w) {
			if slices.Contains(strings.Split(column, "_"), w) {
				return bannedColumn
			}
			continue
		}
		if strings.Contains(column, w) {
			return bannedColumn
		}
	}
	return unknownColumn
}

// known counts the columns that are read: it tells a separator from another.
func known(header []string) int {
	n := 0
	for _, h := range header {
		if s := sortOf(columnName(h)); s != unknownColumn {
			n++
		}
	}
	return n
}

// layout is where the columns of a file are.
type layout struct {
	at     map[string]int
	width  int
	kept   []int    // those that a rejected row may keep
	names  []string // of those
	unread []Unread
}

// Unread is a column of a file of which nothing is kept, anywhere, and why.
type Unread struct {
	Column string
	Banned bool // it would say why somebody is eligible, their health, their debts…
	Why    fault.Text
}

func readLayout(header []string) (layout, error) {
	l := layout{at: map[string]int{}, width: len(header)}
	for i, h := range header {
		name := columnName(h)
		if _, twice := l.at[name]; twice && name != "" {
			return l, fault.Invalid(fault.At("header", "repeated", "La colonne « "+name+" » figure deux fois.", "The column “"+name+"” is there twice."))
		}
		l.at[name] = i
		switch sortOf(name) {
		case plainColumn:
			l.kept, l.names = append(l.kept, i), append(l.names, name)
		case bannedColumn:
			l.unread = append(l.unread, Unread{name, true, fault.Text{
				FR: "ce parcours ne garde ni motif d’éligibilité, ni santé, ni dettes, ni justice, ni famille, ni texte libre : la colonne n’est conservée nulle part",
				EN: "a journey keeps no reason of eligibility, health, debts, justice, family nor free text: the column is kept nowhere"}})
		case unknownColumn:
			if name != "" {
				l.unread = append(l.unread, Unread{Column: name, Why: fault.Text{FR: "colonne inconnue : elle n’est conservée nulle part", EN: "unknown column: it is kept nowhere"}})
			}
		}
	}
	if _, ok := l.at["numero"]; !ok {
		return l, fault.Invalid(fault.At("header", "unknown-layout", "Colonne manquante : numero. Voir docs/import-parcours.md.", "Missing column: numero. See docs/import-parcours.md."))
	}
	return l, nil
}

func (l layout) has(sort columnSort) bool {
	for name := range l.at {
		if sortOf(name) == sort {
			return true
		}
	}
	return false
}

// keptCells are the cells of a rejected row that may be kept: none that
// identifies, none that is kept nowhere, and none at fault or left unread, which
// could hold a name or a story typed in the wrong column. A row that has more
// cells than the header has shifted: nothing of it is kept.
func (l layout) keptCells(e *entry, faults []Located) []string {
	out := make([]string, len(l.kept))
	cells := e.row.Cells
	if len(cells) > l.width {
		return out
	}
	for i, at := range l.kept {
		if at < len(cells) && !atFault(faults, l.names[i]) && !slices.Contains(e.unread, l.names[i]) {
			out[i] = cells[at]
		}
	}
	return out
}

// atFault tells whether a column is among those of some faults.
func atFault(faults []Located, column string) bool {
	return slices.ContainsFunc(faults, func(f Located) bool { return slices.Contains(strings.Split(f.Column, ", "), column) })
}
