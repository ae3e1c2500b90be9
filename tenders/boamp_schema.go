package tenders

import (
	"slices"
	"strings"
)

// WarnUnread: the record or its full text holds fields that are not read; they
// are set aside with the notice, and the message names the first of them.
const WarnUnread = "unread_fields"

// maxUnread bounds the paths named by one WarnUnread.
const maxUnread = 20

// boampSchema says where one structure of donnees keeps its facts. Paths are
// keys joined by "/"; those of several candidates are tried in order.
type boampSchema struct {
	// sections: the description of the contract is under the first that exists;
	// empty when it is the body itself.
	sections []string
	// From the body.
	buyer, documents, submission []string
	// identifiers: keys under organisation that may hold a SIRET, at any depth.
	organisation string
	identifiers  []string
	// From the section.
	title, text, value, places, deadline []string
	lots                                 string
	passages                             []boampPassage
	// criteria: keys of award criteria, at any depth outside the lots.
	criteria []string
	// winners: the list of decisions, each with its holders.
	winners string
	// known: the paths that are read, or left aside on purpose, from the body.
	known []string
}

// boampPassage is a text that may bear a clause.
type boampPassage struct{ name, path string }

// boampCPV are the keys of a code of the vocabulary.
var boampCPV = []string{"classPrincipale", "codeCPV", "cpv", "CPV", "PRINCIPAL", "SUPPLEMENTAIRE", "OBJET_COMPLEMENTAIRE"}

var boampLot = struct{ number, title, text, value, info []string }{
	number: []string{"numLot", "numeroLot", "num", "NUM"},
	title:  []string{"intitule", "objet", "INTITULE", "description", "DESCRIPTION"},
	text:   []string{"description", "DESCRIPTION"},
	value:  []string{"valeurEstimee", "valeurEstimee/valeur", "VALEUR", "ESTIMATION/VALEUR"},
	info:   []string{"INFO_COMPL", "infosComp", "infosComplementaires", "OPTIONS_DESCRIPTION"},
}

// schemaMAPA is that of calls under the threshold, seen in real records.
var schemaMAPA = boampSchema{
	sections:     []string{"initial", "rectificatif", "annulation", "attribution"},
	buyer:        []string{"organisme/acheteurPublic"},
	submission:   []string{"organisme/urlProfilAcheteur"},
	documents:    []string{"organisme/urlProfilAcheteur"},
	organisation: "organisme",
	identifiers:  []string{"siret", "SIRET", "codeIdentificationNational", "numeroNationalIdentification"},
	text:         []string{"description/objet"},
	places:       []string{"description/lieuExecutionLivraison"},
	deadline:     []string{"delais/receptionOffres"},
	lots:         "lots/lot",
	passages: []boampPassage{
		{"additional_information", "renseignements/rensgComplt"},
		{"conditions", "conditions"},
		{"characteristics", "caracteristiques"},
		{"change", "rectification"},
	},
	criteria: []string{"critere"},
	known: []string{
		"organisme",
		"initial/adressesComplt", "initial/caracteristiques", "initial/conditions", "initial/criteres", "initial/delais", "initial/description",
		"initial/duree", "initial/justifications", "initial/lots", "initial/marcheUnique", "initial/natureMarche", "initial/procedure",
		"initial/renseignements",
		"rectificatif", "annulation", "attribution",
	},
}

// schemaFNSimple is that of the national forms since 2022.
var schemaFNSimple = boampSchema{
	sections:     schemaMAPA.sections,
	buyer:        []string{"organisme/acheteurPublic", "organisme/nomOrganisme", "organisme/denomination"},
	submission:   []string{"organisme/urlProfilAcheteur"},
	documents:    []string{"initial/communication/urlDocConsul", "organisme/urlProfilAcheteur"},
	organisation: "organisme",
	identifiers:  schemaMAPA.identifiers,
	title:        []string{"natureMarche/intitule"},
	text:         []string{"natureMarche/description", "description/objet"},
	value:        []string{"natureMarche/valeurEstimee", "natureMarche/valeurEstimee/valeur"},
	places:       []string{"natureMarche/lieuExecution", "description/lieuExecutionLivraison"},
	deadline:     []string{"procedure/dateReceptionOffres", "delais/receptionOffres"},
	lots:         "lots/lot",
	passages: []boampPassage{
		{"additional_information", "informComplementaires"},
		{"conditions", "conditions"},
		{"conditions", "natureMarche/conditionsParticulieres"},
		{"change", "rectification"},
		{"change", "descriptionModification"},
	},
	criteria: []string{"critereAttrib", "criteresAttribution", "critere"},
	winners:  "decision",
	known: []string{
		"organisme",
		"initial/communication",
		"initial/procedure",
		"initial/natureMarche/intitule", "initial/natureMarche/typeMarche", "initial/natureMarche/codeCPV", "initial/natureMarche/description",
		"initial/natureMarche/lieuExecution", "initial/natureMarche/dureeMois", "initial/natureMarche/valeurEstimee", "initial/natureMarche/tranches",
		"initial/natureMarche/lotsDivises", "initial/natureMarche/marcheReserve", "initial/natureMarche/reservationMarche",
		"initial/natureMarche/conditionsParticulieres",
		"initial/lots", "initial/informComplementaires", "initial/conditions", "initial/description", "initial/delais",
		"rectificatif", "annulation", "attribution",
	},
}

// schemaUpper is that of all families before 2022 (JOUE, FNS, DSP, MAPA), as
// XML or as JSON.
var schemaUpper = boampSchema{
	buyer:        []string{"IDENTITE/DENOMINATION"},
	submission:   []string{"IDENTITE/URL_PARTICIPATION", "IDENTITE/URL_PROFIL_ACHETEUR"},
	documents:    []string{"IDENTITE/URL_DOCUMENT", "IDENTITE/URL_PROFIL_ACHETEUR"},
	organisation: "IDENTITE",
	identifiers:  []string{"SIRET", "CODE_IDENT_NATIONAL", "NUM_NATIONAL_IDENTIFICATION", "CODE_IDENTIFICATION_NATIONAL"},
	title:        []string{"OBJET/TITRE_MARCHE"},
	text:         []string{"OBJET/OBJET_COMPLET", "OBJET/DESCRIPTION"},
	value:        []string{"OBJET/CARACTERISTIQUES/VALEUR_TOTALE", "OBJET/CARACTERISTIQUES/VALEUR", "ATTRIBUTION/VALEUR_TOTALE"},
	places:       []string{"OBJET/LIEU_EXEC_LIVR", "OBJET/LIEU_EXEC", "OBJET/LIEU_LIVR"},
	deadline:     []string{"CONDITION_DELAI/RECEPT_OFFRES", "CONDITION_DELAI/RECEPT_CANDIDATURES", "CONDITION_DELAI/RECEPT_CANDIDAT"},
	lots:         "OBJET/LOTS/LOT",
	passages: []boampPassage{
		{"performance_conditions", "CONDITION_PARTICIPATION/CONDITION_PARTICULIERE_EXECUTION"},
		{"performance_conditions", "CONDITION_RELATIVE_MARCHE/CONDITION_PARTICULIERE_EXECUTION"},
		{"conditions", "CONDITION_PARTICIPATION/MARCHE_RESERVE_OUI"},
		{"conditions", "CONDITION_PARTICIPATION/SITUATION_JURIDIQUE"},
		{"conditions", "CONDITION_PARTICIPATION/CRITERE_SELECTION"},
		{"characteristics", "OBJET/CARACTERISTIQUES/QUANTITE"},
		{"additional_information", "RENSEIGNEMENTS_COMPLEMENTAIRES/RENS_COMPLEMENT"},
		{"change", "RECTIF"},
		{"change", "MODIFICATION"},
		{"change", "ANNULATION"},
	},
	criteria: []string{"CRITERE", "CRITERES_LIBRE"},
	winners:  "ATTRIBUTION/DECISION",
	known: []string{
		"IDENTITE", "TYPE_ORGANISME", "TYPE_POUVOIR_ADJUDICATEUR", "ACTIVITE_PRINCIPALE", "CONDITION_ADMINISTRATIVE", "CONDITION_DELAI",
		"CONDITION_PARTICIPATION", "CONDITION_RELATIVE_MARCHE", "PROCEDURE", "RECTIF", "MODIFICATION", "ANNULATION", "RENSEIGNEMENTS_COMPLEMENTAIRES",
		"ATTRIBUTION/ATTRIBUE_PAR_LOTS_MARCHES", "ATTRIBUTION/DATE_DECISION", "ATTRIBUTION/DECISION", "ATTRIBUTION/SANS_SUITE", "ATTRIBUTION/VALEUR_TOTALE",
		"OBJET/CARACTERISTIQUES", "OBJET/CPV", "OBJET/DIV_EN_LOTS", "OBJET/LIEU_EXEC_LIVR", "OBJET/LIEU_EXEC", "OBJET/LIEU_LIVR", "OBJET/LOTS",
		"OBJET/LOTS_RESERVE_POUVOIR_ADJUDICATEUR", "OBJET/NB_LOT_ATTRIB_MAX", "OBJET/OBJET_COMPLET", "OBJET/DESCRIPTION", "OBJET/REF_MARCHE",
		"OBJET/TITRE_MARCHE", "OBJET/TYPE_MARCHE",
	},
}

// schemaOf recognises the structure of donnees and gives its body; nil when it
// is none of those that are read.
func schemaOf(donnees jnode) (*boampSchema, jnode) {
	if body := donnees.at("MAPA"); body.v != nil {
		return &schemaMAPA, body
	}
	if body := donnees.at("FNSimple"); body.v != nil {
		return &schemaFNSimple, body
	}
	bodies := []jnode{donnees}
	if keys := donnees.keys(); len(keys) == 1 {
		bodies = append(bodies, donnees.at(keys[0])) // wrapped under the name of its family
	}
	for _, body := range bodies {
		if body.at("IDENTITE").v != nil || body.at("OBJET", "OBJET_COMPLET").v != nil {
			return &schemaUpper, body
		}
	}
	return nil, jnode{}
}

// one is the first of the paths that holds something.
func (j jnode) one(paths []string) jnode {
	for _, path := range paths {
		if found := j.at(strings.Split(path, "/")...); found.v != nil && found.v != "" {
			return found
		}
	}
	return jnode{}
}

// money is the first of the paths that holds a text, with its currency.
func (j jnode) amount(paths []string) (raw, currency, path string) {
	for _, p := range paths {
		if n := j.at(strings.Split(p, "/")...); n.str() != "" {
			return n.str(), firstNonEmpty(n.at("@DEVISE").str(), n.at("@devise").str()), n.path
		}
	}
	return "", "", ""
}

// boampFields are the fields of a record of the API that are read, or left
// aside on purpose: they repeat others, or serve the site of the BOAMP.
var boampFields = strings.Fields(`
	idweb contractfolderid famille famille_libelle nature nature_libelle nature_categorise nature_categorise_libelle
	sousnature sousnature_libelle etat dateparution datefindiffusion datelimitereponse objet nomacheteur titulaire
	code_departement code_departement_prestation descripteur_code descripteur_libelle dc criteres annonce_lie
	annonces_anterieures annonces_anterieures_schema_v110 annonce_reference_schema_v110 donnees gestion source_schema
	url_avis url_pdf id filename perimetre type_avis type_marche type_marche_facette type_procedure soustype_procedure
	procedure_libelle procedure_categorise marche_public_simplifie marche_public_simplifie_label`)

// unread lists what is below at paths that are not known, in the order of keys.
// A prefix of a known path is looked into.
func unread(j jnode, known []string, prefix string) (left []jnode) {
	j = j.first()
	for _, key := range j.keys() {
		path, part := prefix+key, j.at(key)
		if slices.Contains(known, path) || strings.HasPrefix(key, "@") || !part.holds() {
			continue
		}
		inside := slices.ContainsFunc(known, func(k string) bool { return strings.HasPrefix(k, path+"/") })
		if inside {
			left = append(left, unread(part, known, path+"/")...)
			continue
		}
		left = append(left, part)
	}
	return left
}
