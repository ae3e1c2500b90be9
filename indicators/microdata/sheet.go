package microdata

import (
	"slices"
	"strings"

	"maillage/accounts"
	"maillage/indicators/compute"
	"maillage/internal/fault"
	"maillage/territories"
)

// Sheet is one of the files that may be imported.
type Sheet string

// The sheets, in the order in which they are sent.
const (
	Enterprises Sheet = "entreprises"
	Workers     Sheet = "salaries"
	Contracts   Sheet = "contrats"
	Hours       Sheet = "heures"
	Exits       Sheet = "sorties"
	Placements  Sheet = "placements"
	Trainings   Sheet = "formations"
	Answers     Sheet = "reponses"
	References  Sheet = "references"
	Breaks      Sheet = "ruptures"
)

// Sheets lists them in the order in which they are sent.
func Sheets() []Sheet {
	return []Sheet{Enterprises, Workers, Contracts, Hours, Exits, Placements, Trainings, Answers, References, Breaks}
}

// ParseSheet reads the name of a sheet.
func ParseSheet(s string) (Sheet, error) {
	if sheet := Sheet(territories.Fold(s)); slices.Contains(Sheets(), sheet) {
		return sheet, nil
	}
	return "", fault.Invalid(fault.At("sheet", "unknown", "Ce tableau n’existe pas : "+names(Sheets())+".", "There is no such sheet: "+names(Sheets())+"."))
}

// Action is what the policy is asked of who sends a sheet: those that are about no
// enterprise are the federation's.
func (s Sheet) Action() accounts.Action {
	if s == References || s == Breaks {
		return accounts.ObservatoryEdit
	}
	return accounts.ObservatoryImport
}

func names[T ~string](of []T) string {
	out := make([]string, len(of))
	for i, s := range of {
		out[i] = string(s)
	}
	return strings.Join(out, ", ")
}

// Title names a sheet for people.
func (s Sheet) Title() fault.Text {
	return map[Sheet]fault.Text{
		Enterprises: {FR: "Entreprises de l’année", EN: "Enterprises of the year"}, Workers: {FR: "Salariés en parcours", EN: "Insertion workers"},
		Contracts: {FR: "Contrats", EN: "Contracts"}, Hours: {FR: "Heures par mois", EN: "Hours by month"}, Exits: {FR: "Sorties", EN: "Exits"},
		Placements: {FR: "Placements et immersions", EN: "Placements and immersions"}, Trainings: {FR: "Formations", EN: "Trainings"},
		Answers: {FR: "Réponses des entreprises", EN: "Answers of enterprises"}, References: {FR: "Heures de référence", EN: "Reference hours"},
		Breaks: {FR: "Ruptures de série", EN: "Breaks in series"},
	}[s]
}

// Column is a column that a sheet reads, and what to write in it. Those of the key
// tell one record from another and are in every row; another that is required is
// asked of a new record, and left as it is known where its cell is empty.
type Column struct {
	Name     string
	Key      bool
	Required bool
	Example  string
	Says     fault.Text
}

func said(name, example, fr, en string) Column {
	return Column{Name: name, Example: example, Says: fault.Text{FR: fr, EN: en}}
}

func asked(name, example, fr, en string) Column {
	c := said(name, example, fr, en)
	c.Required = true
	return c
}

func keyed(name, example, fr, en string) Column {
	c := asked(name, example, fr, en)
	c.Key = true
	return c
}

// optional makes a column one of the key that may be empty.
func optional(c Column) Column {
	c.Key = true
	return c
}

func ofEnterprise() Column {
	return keyed("entreprise", "11000001700012-ACI", "Le code de l’entreprise, le même d’année en année.", "The code of the enterprise, the same year after year.")
}

func ofWorker() Column {
	return keyed("salarie", "S-014", "Le numéro que l’entreprise donne à la personne : un chiffre au moins, jamais un nom. Majuscules et zéros de tête ne comptent pas (S-014 est s-14). Il n’est pas conservé, seule son empreinte l’est.",
		"The number that the enterprise gives the person: a digit at least, never a name. Capitals and leading zeros do not count (S-014 is s-14). It is not kept, only its digest is.")
}

func removable() Column {
	return said("supprimer", "", "oui retire cet enregistrement, importé par erreur.", "oui takes this record away, imported by mistake.")
}

func inYear(fr, en string) Column { return keyed("annee", "2011", fr, en) }

// Columns lists what a sheet reads, in the order of its model.
func (s Sheet) Columns() []Column {
	switch s {
	case Enterprises:
		return enterpriseColumns()
	case Workers:
		return []Column{ofEnterprise(), ofWorker(),
			said("sexe", "f", "f ou m.", "f or m."), said("annee_naissance", "1985", "Quatre chiffres.", "Four digits."),
			said("tranche_age", "26-49", "-25, 26-49 ou 50+, si l’année de naissance n’est pas connue.", "-25, 26-49 or 50+, where the year of birth is not known."),
			said("publics", "DELD | QPV", "Critères à l’entrée : "+publicNames()+" ; aucun s’il n’en remplit pas ; rien : non dit.", "Criteria at entry: "+publicNames()+"; aucun (none) where none is met; nothing: not said."),
			said("code_insee", "26281", "Commune de résidence.", "Commune of residence."), removable()}
	case Contracts:
		return []Column{ofEnterprise(), ofWorker(), keyed("debut", "03/01/2011", "Premier jour.", "First day."), said("fin", "02/07/2011", "Dernier jour ; rien s’il court.", "Last day; nothing while it runs."),
			said("heures_hebdo", "26", "Heures par semaine.", "Hours a week."), removable()}
	case Hours:
		return []Column{ofEnterprise(), ofWorker(), keyed("mois", "2011-03", "Le mois.", "The month."), said("heures_payees", "112,5", "Heures payées.", "Hours paid."),
			said("heures_travaillees", "104", "Heures travaillées.", "Hours worked."), said("heures_clause", "0", "Dont sous clause sociale.", "Of which under a social clause."), removable()}
	case Exits:
		return []Column{ofEnterprise(), ofWorker(), keyed("date", "30/06/2011", "Dernier jour du parcours.", "Last day of the journey."), asked("motif", "cdd", "Un de : "+motiveNames()+".", "One of: "+motiveNames()+"."),
			said("jours", "210", "Durée en jours du CDD ou de la mission obtenus.", "Length in days of the fixed-term contract or mission obtained."), said("entree_le", "05/01/2010", "Premier jour du parcours ; rien : celui du premier contrat.", "First day of the journey; nothing: that of the first contract."),
			said("constatee", "oui", "oui ou non, si l’entreprise l’a déclarée ; rien : la règle décide.", "oui or non, where the enterprise declared it; nothing: the rule decides."), removable()}
	case Placements:
		return []Column{ofEnterprise(), ofWorker(), keyed("debut", "02/05/2011", "Premier jour.", "First day."), keyed("nature", "immersion", "embauche, immersion ou mission.", "embauche (hired), immersion or mission."), removable()}
	case Trainings:
		return []Column{ofEnterprise(), ofWorker(), keyed("debut", "14/03/2011", "Premier jour.", "First day."), said("heures", "21", "Durée.", "Length."),
			optional(said("certification", "caces", "Obtenue : "+strings.Join(Certifications(), ", ")+" ; rien sinon.", "Obtained: "+strings.Join(Certifications(), ", ")+"; else nothing.")), removable()}
	case Answers:
		return []Column{ofEnterprise(), inYear("L’année.", "The year."), keyed("question", "permanent.persons", "Le code de la question.", "The code of the question."),
			asked("valeur", "12", "Un nombre ; ND : non collecté. Zéro est un nombre.", "A number; ND: not collected. Zero is a number."), removable()}
	case References:
		return []Column{keyed("type", "ACI", "Le type d’entreprise.", "The kind of enterprise."), inYear("L’année.", "The year."), asked("heures", "1820", "Heures d’un ETP.", "Hours of one FTE."),
			asked("base", "payees", "payees ou travaillees.", "payees (paid) or travaillees (worked)."), asked("source", "Arrêté du …", "Le texte qui le dit.", "The text that says so."), removable()}
	}
	return []Column{inYear("La première année après la rupture.", "The first year after the break."), keyed("indicateur", "C02", "L’indicateur du catalogue.", "The indicator of the catalogue."),
		optional(said("type", "ACI", "Le type d’entreprise ; rien : tous.", "The kind of enterprise; nothing: all.")), asked("raison_fr", "", "Pourquoi, en français.", "Why, in French."), asked("raison_en", "", "Pourquoi, en anglais.", "Why, in English."), removable()}
}

func enterpriseColumns() []Column {
	out := []Column{ofEnterprise(), inYear("L’année observée.", "The year observed."),
		asked("type", "ACI", "AI, ACI, EI, ETTI, EITI, SAP (services à la personne), GEIQ, EA, RQ ou OTHER.", "AI, ACI, EI, ETTI, EITI, SAP (home services), GEIQ, EA, RQ or OTHER."),
		said("siret", "11000001700012", "Relie l’entreprise à sa fiche sur la plateforme.", "Ties the enterprise to its page on the platform."),
		said("code_insee", "26281", "Commune du siège, telle qu’elle était cette année-là.", "Commune of the seat, as it was that year."),
		said("groupe", "G-07", "Groupe économique, s’il en est un : il compte pour un seul contributeur.", "Economic group, where there is one: it is a single contributor.")}
	for _, s := range sections() {
		out = append(out, said(s.column, "collecte", "collecte : transmis pour l’année, zéro compris ; ND : non collecté ; rien : attendu.", "collecte: sent for the year, zero included; ND: not collected; nothing: awaited."))
	}
	return append(out, removable())
}

// sections pairs each section with its column and its sheet.
func sections() []struct {
	section compute.Section
	column  string
	sheet   Sheet
} {
	return []struct {
		section compute.Section
		column  string
		sheet   Sheet
	}{{compute.Contracts, "contrats", Contracts}, {compute.Hours, "heures", Hours}, {compute.Exits, "sorties", Exits}, {compute.Placements, "placements", Placements}, {compute.Trainings, "formations", Trainings}}
}

func publicNames() string {
	var out []string
	for _, p := range compute.Publics() {
		out = append(out, p.String())
	}
	return strings.Join(out, ", ")
}

// motiveWords are how a file says each motive.
var motiveWords = []struct {
	word   string
	motive compute.Motive
}{
	{"cdi", compute.CDI}, {"cdd", compute.CDD}, {"interim", compute.Interim}, {"creation", compute.Creation}, {"fonction publique", compute.PublicPost}, {"contrat aide", compute.Aided},
	{"formation", compute.Qualifying}, {"siae", compute.OtherSIAE}, {"recherche emploi", compute.JobSeeking}, {"inactivite", compute.Inactive}, {"sans nouvelle", compute.Unknown},
	{"autre", compute.OtherExit}, {"retrait", compute.Withdrawn},
}

func motiveNames() string {
	var out []string
	for _, m := range motiveWords {
		out = append(out, m.word)
	}
	return strings.Join(out, ", ")
}
