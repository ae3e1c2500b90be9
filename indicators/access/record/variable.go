package record

import (
	"slices"

	"maillage/internal/fault"
)

// Kind is which records a file holds.
type Kind string

// The files.
const (
	Exits   Kind = "exits"   // one record a worker who left in the year: the last exit
	Workers Kind = "workers" // one record a worker under contract, paid, or who left in the year
)

// The files as bits of what holds a record.
const (
	inExits uint = 1 << iota
	inWorkers
)

func (k Kind) bit() uint {
	if k == Exits {
		return inExits
	}
	return inWorkers
}

// Kinds lists them.
func Kinds() []Kind { return []Kind{Exits, Workers} }

// Title says which records they are.
func (k Kind) Title() fault.Text {
	if k == Exits {
		return fault.Text{FR: "Sorties de l’année", EN: "Exits of the year"}
	}
	return fault.Text{FR: "Salarié·es de l’année", EN: "Workers of the year"}
}

// The two tokens of a cell without a value, those of a release.
const (
	NotCollected = "ND"
	Suppressed   = "suppressed"
)

// Any is a value that its column no longer tells.
const Any = "any"

// absent is the value of a variable of a file that does not hold the record: it is never read.
const absent = "-"

// Code is a value and what it means.
type Code struct {
	Value string
	Label fault.Text
}

// Variable is a column of a file.
type Variable struct {
	Name      string
	Label     fault.Text
	Says      fault.Text
	Sensitive bool   // what a reader must not learn of somebody; the others are keys
	Codes     []Code // closed; of a place, those of its form
	cost      float64
	levels    []map[string]string // by the value as it comes
}

func text(fr, en string) fault.Text { return fault.Text{FR: fr, EN: en} }

// Variables are the columns of a file, keys first; the year comes before them.
func (k Kind) Variables() []Variable {
	if k == Exits {
		return append(keys(), motive(), days())
	}
	return append(keys(), motive().orStill(), placements())
}

func keys() []Variable { return []Variable{place(), kindOf(), sex(), age(), public()} }

// secrets are the sensitive variables of all the files, in the order of a row's.
func secrets() []Variable { return []Variable{motive().orStill(), days(), placements()} }

// Where each is among them.
const (
	theMotive = iota
	theDays
	thePlacement
)

// Names are those of the variables.
func (k Kind) Names() []string {
	var out []string
	for _, v := range k.Variables() {
		out = append(out, v.Name)
	}
	return out
}

func place() Variable {
	return Variable{Name: "place", cost: 2, Label: text("Lieu de la structure", "Place of the enterprise"),
		Says: text("Département (dep-26) ou région (reg-84) du siège, selon la liste des communes du jour où le fichier est fait. Un lieu n’est dit d’un type que si trois groupes économiques de ce type au moins y ont transmis, sans qu’aucun n’ait plus de 85 % des enregistrements ; le reste est réuni sous « fr » à la même condition, sinon il n’est pas donné.",
			"Département (dep-26) or région (reg-84) of the seat, by the list of communes of the day when the file is made. A place is told of a kind only where three economic groups of that kind at least sent records, none of them more than 85% of these; the rest is put together under “fr” on the same condition, and is not given otherwise."),
		Codes: []Code{{"dep-…", text("département, code INSEE", "département, INSEE code")}, {"reg-…", text("région, code INSEE", "région, INSEE code")}, {"fr", text("France, sans lieu plus précis", "France, no place more precise")}}}
}

func kindOf() Variable {
	return Variable{Name: "kind", cost: 2, Label: text("Type de structure", "Kind of enterprise"),
		Says: text("Le type, ou son groupe.", "The kind, or its group."),
		Codes: []Code{{"ACI", text("atelier et chantier d’insertion", "ACI")}, {"EI", text("entreprise d’insertion", "EI")}, {"EITI", text("entreprise d’insertion par le travail indépendant", "EITI")},
			{"AI", text("association intermédiaire", "AI")}, {"ETTI", text("entreprise de travail temporaire d’insertion", "ETTI")}, {"other", text("hors insertion par l’activité économique", "outside insertion by economic activity")},
			{"production", text("ACI, EI ou EITI", "ACI, EI or EITI")}, {"posting", text("AI ou ETTI", "AI or ETTI")}, {Any, text("tous types", "any kind")}},
		levels: []map[string]string{{"ACI": "production", "EI": "production", "EITI": "production", "AI": "posting", "ETTI": "posting", "other": "other"},
			toAny("ACI", "EI", "EITI", "AI", "ETTI", "other")}}
}

func toAny(values ...string) map[string]string {
	out := map[string]string{NotCollected: Any}
	for _, v := range values {
		out[v] = Any
	}
	return out
}

func sex() Variable {
	return Variable{Name: "sex", cost: 2, Label: text("Sexe", "Sex"), Says: text("Tel que la structure l’a transmis.", "As the enterprise sent it."),
		Codes: []Code{{"f", text("femme", "woman")}, {"m", text("homme", "man")}, {Any, text("non dit", "not told")}}, levels: []map[string]string{toAny("f", "m")}}
}

func age() Variable {
	return Variable{Name: "age", cost: 1, Label: text("Âge atteint dans l’année", "Age reached in the year"), Says: text("Tranche d’âge.", "Age band."),
		Codes: []Code{{"-25", text("25 ans au plus", "25 at most")}, {"26-49", text("26 à 49 ans", "26 to 49")}, {"50+", text("50 ans ou plus", "50 or more")},
			{"26+", text("26 ans ou plus", "26 or more")}, {Any, text("non dit", "not told")}},
		levels: []map[string]string{{"-25": "-25", "26-49": "26+", "50+": "26+", NotCollected: NotCollected}, toAny("-25", "26-49", "50+")}}
}

func public() Variable {
	return Variable{Name: "public", cost: 1, Label: text("Public à l’entrée", "Public at entry"),
		Says: text("Le premier des groupes qui convient. « other » dit seulement que ni l’un ni l’autre n’a été transmis : un autre critère, dont ceux qui relèvent de la santé (AAH, TH), ou aucun. ND : la structure n’a transmis de critère pour personne.",
			"The first group that holds. “other” says only that neither was sent: another criterion, those about health (AAH, TH) among them, or none. ND: the enterprise sent no criterion for anybody."),
		Codes: []Code{{"minima", text("RSA ou ASS", "RSA or ASS")}, {"jobless", text("sans emploi depuis un an ou plus", "jobless for a year or more")}, {"other", text("ni l’un ni l’autre transmis", "neither sent")},
			{"distance", text("RSA, ASS ou sans emploi depuis un an ou plus", "RSA, ASS or jobless for a year or more")}, {Any, text("non dit", "not told")}},
		levels: []map[string]string{{"minima": "distance", "jobless": "distance", "other": "other", NotCollected: NotCollected}, toAny("minima", "jobless", "other")}}
}

func motive() Variable {
	return Variable{Name: "motive", Sensitive: true, Label: text("Motif de sortie", "Motive of the exit"), Says: text("Catégorie du motif ; jamais un détail de santé, de justice ou de famille.", "Category of the motive; never a detail of health, justice or family."),
		Codes: []Code{{"cdi", text("CDI", "permanent contract")}, {"timed", text("CDD ou intérim", "fixed-term or temporary work")}, {"creation", text("création ou reprise d’entreprise, ou intégration dans la fonction publique", "creation or takeover of an enterprise, or a public post")},
			{"aided", text("contrat aidé hors SIAE", "aided contract outside a SIAE")}, {"training", text("formation", "training")}, {"siae", text("autre SIAE", "another SIAE")},
			{"none", text("ni emploi ni formation, ou sans nouvelles", "neither work nor training, or no news")}, {"withdrawn", text("retirée du constat", "withdrawn from the exits observed")}}}
}

func (v Variable) orStill() Variable {
	v.Codes = append(slices.Clone(v.Codes), Code{"still", text("toujours là au 31 décembre, ou pas de sortie transmise", "still there on 31 December, or no exit sent")})
	return v
}

func days() Variable {
	return Variable{Name: "contract_days", Sensitive: true, Label: text("Durée du contrat obtenu", "Length of the contract obtained"),
		Says: text("D’un CDD ou d’un intérim. « six » est ce que les deux lectures de six mois classent autrement (COORACE : plus de six ; Dares : au moins six).", "Of a fixed-term contract or temporary work. “six” is what the two readings of six months class otherwise (COORACE: more than six; Dares: at least six)."),
		Codes: []Code{{"under_3m", text("moins de trois mois", "under three months")}, {"under_6m", text("trois mois à moins de six", "three months to under six")}, {"six", text("six mois exactement", "exactly six months")},
			{"over_6m", text("plus de six mois", "over six months")}, {"no_term", text("sans objet : le motif n’a pas de durée", "not applicable: the motive has no length")}}}
}

func placements() Variable {
	return Variable{Name: "placements", Sensitive: true, Label: text("Mises en relation dans l’année", "Placements of the year"), Says: text("La plus proche de l’emploi de celles de l’année.", "That of the year nearest to employment."),
		Codes: []Code{{"hired", text("embauche", "hiring")}, {"mission", text("mission", "mission")}, {"immersion", text("immersion (PMSMP)", "immersion (PMSMP)")}, {"no_placement", text("aucune transmise", "none sent")}}}
}
