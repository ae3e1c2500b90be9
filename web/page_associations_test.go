package web

import (
	"net/url"
	"testing"

	"maillage/accounts"
)

// An administrator notes an association once; an officer can be of it, and it has its report.
func TestAnAssociationIsNoted(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	admin := s.visit(t, accounts.Admin)
	form := url.Values{"nom": {"Réseau des Cévennes"}, "nature": {"regional_association"}, "siret": {"999 000 052 00004"}, "siege": {"Atlantide"}, "site": {"reseau-cevennes.example"}}
	admin.post(associationsPath, url.Values{"siret": {"12"}}).is(422).says("Ce SIRET n’est pas lisible")
	admin.post(associationsPath, url.Values{"nom": {"Réseau"}, "siret": {"99900005200004"}}).is(422).says("Choisissez une fédération ou une association")
	admin.post(associationsPath, form).is(422).says("Cette commune n’est pas trouvée")
	form.Set("siege", "Valence (Drôme)")
	for _, said := range []string{"L’association est notée", "était déjà notée"} {
		admin.post(associationsPath, form).ok().says(said, "Réseau des Cévennes", "Valence (Drôme)", "https://reseau-cevennes.example")
	}
	admin.get(activityReportPath).ok().says("Réseau des Cévennes")
	admin.post("/admin/comptes", url.Values{"email": {"ines@reseau.example"}, "role": {"officer"}, "siret": {"99900005200004"}, "perimetre": {"Drôme"}}).ok().says("L’invitation est envoyée")
	officer := s.visit(t, accounts.Officer)
	officer.get(associationsPath).is(403)
	officer.post(associationsPath, form).is(403)
}
