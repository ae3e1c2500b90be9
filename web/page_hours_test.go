package web

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"maillage/accounts"
)

// school writes a notice of one procurement of two lots.
func school(t testing.TB, id, day, nature string, body map[string]any) string {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(map[string]any{"idweb": id, "contractfolderid": "dossier-ecole", "objet": "Rénovation de l’école des Platanes", "nomacheteur": "Ville de Crest",
		"nature": nature, "etat": "INITIAL", "famille": "FNS", "dateparution": day, "code_departement": []string{"26"}, "donnees": string(text)})
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func schoolCall(t testing.TB) string {
	lot := func(number, title, cpv string) map[string]any {
		return map[string]any{"numLot": number, "intitule": title, "codeCPV": map[string]any{"objetPrincipal": map[string]any{"classPrincipale": cpv}}}
	}
	return school(t, "26-820001", "2026-09-15", "APPEL_OFFRE", map[string]any{"FNSimple": map[string]any{"initial": map[string]any{
		"natureMarche": map[string]any{"intitule": "Rénovation de l’école des Platanes", "lieuExecution": "26400 Crest",
			"description": "Le lot 1 comporte une clause sociale d’insertion : 1 500 heures d’insertion pour des demandeurs d’emploi de longue durée, avec le PLIE de la Drôme. Le lot 2 comporte une clause sociale : 5 % des heures travaillées vont à des personnes éloignées de l’emploi."},
		"lots": map[string]any{"lot": []any{lot("1", "Gros œuvre", "45262522"), lot("2", "Espaces verts", "77310000")}}}}})
}

func schoolAward(t testing.TB) string {
	won := func(lot, name string) map[string]any {
		return map[string]any{"NUM_LOT": lot, "TITULAIRE": map[string]any{"DENOMINATION": name}}
	}
	return school(t, "26-820002", "2026-11-10", "ATTRIBUTION", map[string]any{"IDENTITE": map[string]any{"DENOMINATION": "Ville de Crest"},
		"ATTRIBUTION": map[string]any{"DECISION": []any{won("1", "Bâtisseurs du Diois SAS"), won("2", "Paysages de Saou SARL")}}})
}

// TestHoursAreRead: the procurement leads to the hours that its award leaves to
// fill, each says who holds them and until when, and leads back; cancelled, they
// say why. The filter of kinds and the API find them.
func TestHoursAreRead(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.imports(t, schoolCall(t), schoolAward(t))
	officer := s.visit(t, accounts.Officer)
	list := officer.get("/marches?nature=insertion_hours&quoi=platanes").ok().says("Heures d’insertion à réaliser : Rénovation de l’école des Platanes, lot 1 : Gros œuvre")
	list.says("titulaire : Bâtisseurs du Diois SAS · 1 500 h", "titulaire : Paysages de Saou SARL · 5 % du temps de travail", "jusqu’au 10 novembre 2027", "durée supposée")
	first := list.link(`/marches/\d+`)
	page := officer.get(first).ok()
	page.says("Suit l’attribution du marché :", "Rénovation de l’école des Platanes", "1 500 h", "Bâtisseurs du Diois SAS", "demandeurs d’emploi de longue durée",
		"PLIE de la Drôme", "attribué le 10 novembre 2026", "durée supposée")
	if strings.Contains(page.body, "Paysages de Saou") {
		t.Error("the holder of the other lot is named")
	}
	call := regexp.MustCompile(`(?s)Suit l’attribution.*?href="(/marches/\d+)"`).FindStringSubmatch(page.body)
	if call == nil || !strings.Contains(page.body, "<mark>") {
		t.Fatalf("no way back, or no quoted evidence: %v", call)
	}
	back := officer.get(call[1]).ok()
	back.says("Heures d’insertion à réaliser", "Demandées par la clause des contrats attribués", "lot 1 : Gros œuvre", "lot 2 : Espaces verts")
	officer.get(first + "/echeances.ics").ok().says("DTSTART;VALUE=DATE:20271110")
	s.visit(t, "").get(first).ok().says("Bâtisseurs du Diois SAS")

	s.imports(t, `{"idweb":"26-820003","contractfolderid":"dossier-ecole","objet":"Rénovation de l’école des Platanes, lot 1","nomacheteur":"Ville de Crest","nature":"ANNULATION","etat":"INITIAL","famille":"FNS","dateparution":"2026-11-20","code_departement":["26"]}`)
	officer.get(first).ok().says("Ces heures ne sont plus demandées. L’attribution est annulée.")
	officer.get("/marches?nature=insertion_hours&quoi=platanes").ok().says("lot 2 : Espaces verts")
}
