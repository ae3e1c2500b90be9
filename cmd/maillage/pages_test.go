package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"maillage/accounts"
	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/territories"
	"maillage/web"
)

// Every page of the route table, as somebody who may see it: axe finds nothing,
// in both languages, light and dark, wide and narrow; nothing is wider than the
// screen, nothing heavier than a slow phone can take. A new route that is not in
// this table makes the test fail.
//
// How much is looked at is MAILLAGE_TEST_LOOKS. Unset: each page in one language, one
// page in two in French on a wide and light screen, the others in English on a narrow
// and dark one, which keeps `make test` quick. "both", of the whole check (.ci/run):
// each page both ways. "all": every combination. MAILLAGE_TEST_PAGES=pattern keeps
// the pages whose address matches, both ways at least; MAILLAGE_TEST_PICTURES=folder
// keeps a picture of each look.

// stop is a page and who sees it; status is what it answers, 200 when zero.
type stop struct {
	role   accounts.Role
	path   string
	status int
}

// pieces are the addresses that answer something else than a page.
func (s *site) pieces(t testing.TB) map[string]string {
	t.Helper()
	call := s.id(t, "SELECT min(id) FROM opportunities WHERE state = 'published' AND deadline IS NOT NULL")
	secret := s.followed(t)
	return map[string]string{
		"/carte":                               "/carte?offre=departement:26",
		"/apercu/zone":                         "/apercu/zone?zone=Dr%C3%B4me",
		"/apercu/lieu":                         "/apercu/lieu?lieu=Crest",
		"/suggestions/territoires":             "/suggestions/territoires?q=crest",
		"/suggestions/metiers":                 "/suggestions/metiers?q=tonte",
		"/suggestions/competences":             "/suggestions/competences?q=chariot",
		"/langue/{code}":                       "/langue/en?retour=/aide",
		"/marches.ics":                         "/marches.ics?ou=departement:26",
		"/marches.atom":                        "/marches.atom",
		"/dossier/pieces/{id}":                 fmt.Sprintf("/dossier/pieces/%d", s.id(t, "SELECT min(id) FROM dossier_pieces")),
		"/dossier/candidat.xlsx":               "/dossier/candidat.xlsx",
		"/reponses/{id}/archives/{number}":     fmt.Sprintf("/reponses/%d/archives/1", s.id(t, "SELECT min(match_id) FROM answer_archives")),
		"/marches.csv":                         "/marches.csv",
		"/observatoire/activite.csv":           "/observatoire/activite.csv",
		"/marches.ocds.json":                   "/marches.ocds.json",
		"/a-venir.csv":                         "/a-venir.csv?ou=departement:26",
		"/parcours/import/modele.csv":          "/parcours/import/modele.csv",
		"/observatoire/rapport/sorties.csv":    "/observatoire/rapport/sorties.csv",
		"/observatoire/rapport/sorties.xlsx":   "/observatoire/rapport/sorties.xlsx",
		"/observatoire/rapport/effectifs.csv":  "/observatoire/rapport/effectifs.csv",
		"/observatoire/rapport/effectifs.xlsx": "/observatoire/rapport/effectifs.xlsx",
		"/observatoire/import/modele/{sheet}":  "/observatoire/import/modele/sorties",
		"/parcours/import/modele.xlsx":         "/parcours/import/modele.xlsx",
		"/marches/{id}/echeances.ics":          fmt.Sprintf("/marches/%d/echeances.ics", call),
		"/flux/{secret}/echeances.ics":         "/flux/" + secret + "/echeances.ics",
		"/flux/{secret}/marches.atom":          "/flux/" + secret + "/marches.atom",
		"/flux/{secret}/marches.csv":           "/flux/" + secret + "/marches.csv",
		"/qualite.csv":                         "/qualite.csv",
		"/agenda.ics":                          "/agenda.ics",
		"/flux/{secret}/agenda.ics":            "/flux/" + s.diary(t) + "/agenda.ics",
		// officers', read whole in web: a visitor is led to sign in
		"/qualite/suivi.csv":        "/qualite/suivi.csv",
		"/agenda/{id}/presence.csv": "/agenda/1/presence.csv",
		"/besoins-non-couverts.csv": "/besoins-non-couverts.csv",
		"/competences.csv":          "/competences.csv",
		"/equite.csv":               "/equite.csv",
		// a researcher's and a member's, read whole in web
		"/observatoire/donnees/{id}/{version}/fichier": "/observatoire/donnees/" + s.text(t, "SELECT min(dataset) FROM release_versions") + "/1.0.0/fichier",
		"/recherche/microdonnees/{id}/fichiers.zip":    "/recherche/microdonnees/1/fichiers.zip",
		"/lundi/rapport.pdf":                           "/lundi/rapport.pdf",
		"/lundi/rapport.xlsx":                          "/lundi/rapport.xlsx",
		"/mon-miroir/rapport.pdf":                      "/mon-miroir/rapport.pdf",
		"/mon-miroir/rapport.xlsx":                     "/mon-miroir/rapport.xlsx",
		// a member's and an officer's, read whole in web
		"/campagnes/{annee}/reponses.csv":     "/campagnes/2025/reponses.csv",
		"/campagnes/{annee}/reponses.xlsx":    "/campagnes/2025/reponses.xlsx",
		"/campagnes/{annee}/import/{fichier}": "/campagnes/2025/import/1.csv",
		"/besoins-non-couverts.geojson":       "/besoins-non-couverts.geojson",
	}
}

// text is one text that the demonstration holds.
func (s *site) text(t testing.TB, query string) string {
	t.Helper()
	var text string
	if err := s.store.Read().NewRaw(query).Scan(context.Background(), &text); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return text
}

// id is one number that the demonstration holds.
func (s *site) id(t testing.TB, query string, args ...any) int64 {
	t.Helper()
	var id int64
	if err := s.store.Read().NewRaw(query, args...).Scan(context.Background(), &id); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return id
}

// hole is a need of the Drôme that nobody covers, with a pole nearby, and makes it
// a project.
func (s *site) hole(t testing.TB) string {
	t.Helper()
	drome, err := s.atlas.Of(territories.Ref{Kind: territories.KindDepartement, Code: "26"})
	if err != nil {
		t.Fatal(err)
	}
	all, err := s.matching.Coverage(s.env.system(), matching.CoverageQuery{Within: drome, Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range all.Holes {
		if len(h.Poles) > 0 && len(h.Nearest) > 0 {
			if _, _, err := s.matching.ProposeProject(s.env.system(), s.id(t, "SELECT min(id) FROM poles"), h.Key, 12); err != nil {
				t.Fatal(err)
			}
			return h.Key
		}
	}
	t.Fatal("the demonstration leaves no need uncovered in the Drôme")
	return ""
}

// stops lists the visits of each route.
func (s *site) stops(t testing.TB) map[string][]stop {
	t.Helper()
	users, err := s.accounts.Users(s.env.system(), accounts.UserFilter{Role: accounts.Member, Limit: 1})
	if err != nil || len(users) != 1 {
		t.Fatal(users, err)
	}
	open := s.id(t, "SELECT o.id FROM opportunities o JOIN lots l ON l.opportunity_id = o.id JOIN matches m ON m.lot_id = l.id WHERE o.state = 'published' AND m.state = 'proposed' AND m.organisation_id = ? GROUP BY o.id ORDER BY count(*) DESC, o.id LIMIT 1", users[0].OrganisationID)
	archived := s.id(t, "SELECT min(match_id) FROM answer_archives")
	match := s.id(t, "SELECT min(id) FROM matches WHERE state = 'proposed' AND organisation_id = ?", users[0].OrganisationID)
	lot := s.id(t, "SELECT lot_id FROM matches WHERE id = ?", match)
	s.exec(t, "UPDATE opportunities SET source = 'officer' WHERE id = ?", open) // a person wrote it, and may edit it
	cancelled := s.id(t, "SELECT min(id) FROM opportunities WHERE state = 'cancelled'")
	letter, stopping := s.lettered(t)
	shared, group := s.grouped(t)
	at := func(path string, id int64) string { return fmt.Sprintf(path, id) }
	public, member, officer, admin, counsellor, researcher := accounts.Public, accounts.Member, accounts.Officer, accounts.Admin, accounts.Counsellor, accounts.Researcher
	dataset := s.text(t, "SELECT min(dataset) FROM release_versions")
	year := s.id(t, "SELECT max(year) FROM campaigns")
	sent := s.id(t, "SELECT min(q.id) FROM questionnaires q JOIN campaigns c ON c.id = q.campaign_id WHERE q.state = 'submitted' AND c.year = ?", year)
	kept := s.id(t, "SELECT min(q.id) FROM questionnaires q JOIN questionnaires n ON n.organisation_id = q.organisation_id WHERE q.responded AND n.id = ?", sent)
	own := "p.organisation_id = (SELECT organisation_id FROM users WHERE role = 'counsellor')"
	journey := s.id(t, "SELECT min(p.id) FROM people p JOIN agreements a ON a.person_id = p.id WHERE p.state = 'active' AND "+own)
	suspended := s.id(t, "SELECT min(p.id) FROM people p JOIN person_rights r ON r.person_id = p.id WHERE r.kind = 'pass_suspension' AND p.state = 'active' AND "+own)
	prepared := s.id(t, "SELECT min(id) FROM batches")
	inBatch := s.id(t, "SELECT min(person_id) FROM batch_people WHERE batch_id = ?", prepared)
	return map[string][]stop{
		"/competences":                         {{officer, "/competences", 0}, {counsellor, "/competences?ou=Valence&domaine=K", 0}},
		"/competences/{code}":                  {{officer, "/competences/K2204", 0}},
		"/observatoire":                        {{public, "/observatoire", 0}},
		"/observatoire/indicateurs/{id}":       {{public, "/observatoire/indicateurs/C07", 0}},
		"/observatoire/rapport":                {{public, "/observatoire/rapport", 0}, {admin, "/observatoire/rapport?definition=dares", 0}},
		"/observatoire/donnees":                {{public, "/observatoire/donnees", 0}},
		"/observatoire/donnees/{id}":           {{public, "/observatoire/donnees/" + dataset, 0}},
		"/observatoire/donnees/{id}/{version}": {{public, "/observatoire/donnees/" + dataset + "/1.0.0", 0}, {admin, "/observatoire/donnees/" + dataset + "/1.0.0", 0}},
		"/observatoire/delais":                 {{public, "/observatoire/delais?sujet=parcours", 0}, {officer, "/observatoire/delais", 0}},
		"/observatoire/publication-annuelle":   {{admin, "/observatoire/publication-annuelle?annee=2011", 0}},
		"/recherche":                           {{researcher, "/recherche", 0}, {admin, "/recherche", 0}},
		"/recherche/{id}":                      {{admin, at("/recherche/%d", s.id(t, "SELECT min(id) FROM release_requests")), 0}},
		"/recherche/microdonnees":              {{researcher, "/recherche/microdonnees", 0}},
		"/recherche/microdonnees/{id}":         {{researcher, at("/recherche/microdonnees/%d", s.id(t, "SELECT min(id) FROM access_agreements")), 0}},
		"/admin/microdonnees":                  {{admin, "/admin/microdonnees", 0}},
		"/mon-miroir":                          {{member, "/mon-miroir", 0}},
		"/mon-miroir/rapport":                  {{member, "/mon-miroir/rapport", 0}},
		"/observatoire/import":                 {{admin, "/observatoire/import?tableau=sorties", 0}},
		"/campagne":                            {{member, "/campagne", 0}, {member, at("/campagne?annee=%d", year-1), 0}},
		"/campagnes":                           {{officer, "/campagnes", 0}, {admin, "/campagnes", 0}},
		"/campagnes/{annee}":                   {{officer, at("/campagnes/%d", year), 0}, {admin, at("/campagnes/%d", year), 0}, {officer, at("/campagnes/%d?etat=frozen", year-1), 0}},
		"/campagnes/{annee}/import":            {{officer, at("/campagnes/%d/import", year), 0}, {member, at("/campagnes/%d/import", year), 0}},
		"/campagnes/{annee}/{id}":              {{officer, at("/campagnes/%d/", year) + at("%d", sent), 0}, {officer, at("/campagnes/%d/", year-1) + at("%d", kept), 0}},
		"/equite":                              {{admin, "/equite", 0}, {officer, "/equite", 0}},
		"/preparations":                        {{counsellor, "/preparations", 0}},
		"/preparations/nouvelle":               {{counsellor, "/preparations/nouvelle", 0}},
		"/portee-des-postes":                   {{officer, "/portee-des-postes", 0}, {officer, "/portee-des-postes?convention=2", 0}},
		"/preparations/{id}":                   {{counsellor, at("/preparations/%d", prepared), 0}},
		"/preparations/{id}/personnes/{n}":     {{counsellor, at("/preparations/%d/personnes/", prepared) + at("%d", inBatch), 0}},
		"/":                                    {{public, "/", 0}, {member, "/", 0}, {officer, "/", 0}, {accounts.Employer, "/", 0}, {accounts.Counsellor, "/", 0}, {accounts.Researcher, "/", 0}, {admin, "/", 0}},
		"/marches":                             {{public, "/marches", 0}, {public, "/marches?quoi=zzzz&ou=nulle+part", 0}, {member, "/marches?ou=departement:26", 0}},
		"/marches/nouveau":                     {{officer, "/marches/nouveau", 0}, {member, "/marches/nouveau", 0}},
		"/marches/{id}":                        {{public, at("/marches/%d", open), 0}, {officer, at("/marches/%d", open) + at("?candidat=%d", users[0].OrganisationID) + at("&lot=%d", lot), 0}, {public, at("/marches/%d", cancelled), 0}},
		"/marches/{id}/modifier":               {{admin, at("/marches/%d/modifier", open), 0}},
		"/marches/{id}/annuler":                {{admin, at("/marches/%d/annuler", open), 0}},
		"/marches/{id}/attribuer":              {{admin, at("/marches/%d/attribuer", open), 0}},
		"/lots/{id}/groupement":                {{officer, at("/lots/%d/groupement", shared), 0}, {officer, at("/lots/%d/groupement", s.together(t)), 0}, {officer, at("/lots/%d/groupement", lot) + at("?plus=2&m%d=out", users[0].OrganisationID), 0}},
		"/marches/{id}/groupements":            {{officer, at("/marches/%d/groupements?limite=1", s.id(t, "SELECT opportunity_id FROM lots WHERE id = ?", shared)), 0}},
		"/groupements/{id}":                    {{officer, at("/groupements/%d", group), 0}, {member, at("/groupements/%d", group), 0}},
		"/groupements/{id}/convention":         {{officer, at("/groupements/%d/convention", group), 0}, {member, at("/groupements/%d/convention", group), 0}},
		"/a-venir":                             {{public, "/a-venir", 0}, {officer, "/a-venir?ou=departement:26&mois=2027-04", 0}, {officer, at("/marches/%d", s.id(t, "SELECT min(id) FROM opportunities WHERE kind = 'expected'")), 0}},
		"/doublons":                            {{officer, "/doublons", 0}, {admin, "/doublons?avis=different", 0}},
		"/recherches":                          {{member, "/recherches", 0}},
		"/recherches/lettre":                   {{member, "/recherches/lettre", 0}},
		"/recherches/lettres/{id}":             {{member, at("/recherches/lettres/%d", letter), 0}},
		"/desabonnement/{secret}":              {{public, stopping, 0}, {public, "/desabonnement/abcdef", http.StatusGone}},
		"/besoins/nouveau":                     {{accounts.Employer, "/besoins/nouveau", 0}, {officer, "/besoins/nouveau", 0}},
		"/missions/nouveau":                    {{member, "/missions/nouveau", http.StatusForbidden}},
		"/immersions/nouveau":                  {{accounts.Employer, "/immersions/nouveau", 0}, {member, "/immersions/nouveau", 0}},
		"/formations":                          {{public, "/formations", 0}, {accounts.Counsellor, "/formations?ou=Valence&acquis=chariot", 0}, {public, at("/marches/%d", s.id(t, "SELECT min(id) FROM opportunities WHERE kind = 'training_session'")), 0}},
		"/formations/nouveau":                  {{member, "/formations/nouveau", 0}, {officer, "/formations/nouveau", 0}},
		"/besoins-non-couverts":                {{officer, "/besoins-non-couverts", 0}, {officer, "/besoins-non-couverts?ou=partout&par=departement&manque=part", 0}},
		"/besoins-non-couverts/{key}":          {{officer, "/besoins-non-couverts/" + s.hole(t), 0}},
		"/membres":                             {{public, "/membres", 0}},
		"/membres/{id}":                        {{public, at("/membres/%d", users[0].OrganisationID), 0}, {officer, at("/membres/%d", int64(s.supposed(t).ID)), 0}},
		"/poles/{id}":                          {{public, at("/poles/%d", s.id(t, "SELECT min(id) FROM poles")), 0}, {admin, at("/poles/%d", s.id(t, "SELECT min(id) FROM poles")), 0}},
		"/groupes/{id}":                        {{public, at("/groupes/%d", s.id(t, "SELECT min(id) FROM groups")), 0}},
		"/conventions/{id}":                    {{public, at("/conventions/%d", s.id(t, "SELECT max(id) FROM partnerships")), 0}},
		"/embed/marches":                       {{public, "/embed/marches?ou=departement:26", 0}},
		"/embed/membres":                       {{public, "/embed/membres?ou=departement:26", 0}},
		"/parcours":                            {{counsellor, "/parcours", 0}, {counsellor, "/parcours?numero=zzzz", 0}},
		"/parcours/nouveau":                    {{counsellor, "/parcours/nouveau", 0}},
		"/parcours/import":                     {{counsellor, "/parcours/import", 0}},
		"/parcours/{id}":                       {{counsellor, at("/parcours/%d", journey), 0}, {counsellor, at("/parcours/%d", suspended), 0}, {officer, at("/parcours/%d", journey), http.StatusForbidden}},
		"/parcours/{id}/modifier":              {{counsellor, at("/parcours/%d/modifier", journey), 0}},
		"/parcours/{id}/droits":                {{counsellor, at("/parcours/%d/droits", suspended), 0}},
		"/parcours/{id}/identite":              {{counsellor, at("/parcours/%d/identite", journey), 0}},
		"/parcours/{id}/mesure":                {{counsellor, at("/parcours/%d/mesure", journey), 0}},
		"/parcours/{id}/imprimer":              {{counsellor, at("/parcours/%d/imprimer", suspended), 0}},
		"/entreprise":                          {{member, "/entreprise", 0}},
		"/entreprise/activites/{n}":            {{member, "/entreprise/activites/1", 0}, {member, "/entreprise/activites/nouvelle", 0}},
		"/entreprise/et-si":                    {{member, "/entreprise/et-si", 0}},
		"/membres/{id}/et-si":                  {{officer, at("/membres/%d/et-si", users[0].OrganisationID), 0}},
		"/reponses":                            {{member, "/reponses", 0}, {member, "/reponses?etat=past", 0}},
		"/reponses/{id}":                       {{member, at("/reponses/%d", match), 0}},
		"/reponses/{id}/pieces":                {{member, at("/reponses/%d/pieces", match), 0}, {member, at("/reponses/%d/pieces", archived), 0}, {officer, at("/reponses/%d/pieces", match), 0}},
		"/observatoire/activite":               {{public, "/observatoire/activite", 0}, {admin, "/observatoire/activite", 0}},
		"/appels/nouveau":                      {{member, at("/appels/nouveau?pole=%d", s.id(t, "SELECT min(pole_id) FROM calls")), 0}, {officer, "/appels/nouveau?nature=takeover", 0}},
		"/prospects":                           {{officer, "/prospects", 0}, {member, "/prospects", 0}},
		"/prospects/{id}":                      {{officer, at("/prospects/%d", s.id(t, "SELECT min(prospect_id) FROM quotes")), 0}, {member, at("/prospects/%d", s.id(t, "SELECT min(id) FROM prospects WHERE organisation_id = ?", users[0].OrganisationID)), 0}},
		"/dossier":                             {{member, "/dossier", 0}},
		"/dossier/references":                  {{member, "/dossier/references", 0}},
		"/dossier/paragraphes":                 {{member, "/dossier/paragraphes", 0}},
		"/dossier/paragraphes/{id}":            {{member, at("/dossier/paragraphes/%d", s.id(t, "SELECT min(id) FROM dossier_paragraphs")), 0}},
		"/dossier/candidat":                    {{member, "/dossier/candidat", 0}},
		"/dossier/candidat/imprimer":           {{member, "/dossier/candidat/imprimer", 0}},
		"/suivi":                               {{officer, "/suivi", 0}},
		"/lundi":                               {{officer, "/lundi", 0}, {admin, "/lundi", 0}},
		"/lundi/motifs":                        {{officer, "/lundi/motifs", 0}, {admin, "/lundi/motifs", 0}},
		"/lundi/rapport":                       {{officer, "/lundi/rapport", 0}, {admin, "/lundi/rapport?par=region", 0}},
		"/lettres":                             {{officer, "/lettres", 0}},
		"/lettre":                              {{public, "/lettre", 0}},
		"/lettre/confirmer/{secret}":           {{public, "/lettre/confirmer/abcdef", http.StatusGone}},
		"/relances":                            {{officer, "/relances", 0}, {member, "/relances", 0}},
		"/absences":                            {{officer, "/absences", 0}, {member, "/absences", 0}},
		"/admin/relances":                      {{admin, "/admin/relances", 0}},
		"/contacts":                            {{officer, at("/contacts?entreprise=%d", users[0].OrganisationID), 0}, {member, "/contacts", 0}},
		"/territoires":                         {{public, "/territoires?q=saint+denis", 0}},
		"/territoires/{kind}/{code}":           {{public, "/territoires/departement/26", 0}, {public, "/territoires/commune/97411", 0}},
		"/connexion":                           {{public, "/connexion", 0}},
		"/invitation/{secret}":                 {{public, "/invitation/abcdef", http.StatusGone}},
		"/reset":                               {{public, "/reset", 0}},
		"/reset/{secret}":                      {{public, "/reset/abcdef", 0}},
		"/mot-de-passe":                        {{member, "/mot-de-passe", 0}},
		"/mes-donnees":                         {{public, "/mes-donnees", 0}, {member, "/mes-donnees", 0}},
		"/mes-donnees/webhooks":                {{member, "/mes-donnees/webhooks", 0}},
		"/mes-donnees/webhooks/{id}":           {{member, at("/mes-donnees/webhooks/%d", s.id(t, "SELECT min(id) FROM webhooks")), 0}},
		"/mes-donnees/jetons":                  {{officer, "/mes-donnees/jetons", 0}},
		"/admin/taches":                        {{admin, "/admin/taches", 0}},
		"/admin/quarantaine":                   {{admin, "/admin/quarantaine", 0}},
		"/admin/quarantaine/{id}":              {{admin, at("/admin/quarantaine/%d", s.id(t, "SELECT min(id) FROM notice_quarantine")), 0}},
		"/admin/lues-en-partie":                {{admin, "/admin/lues-en-partie", 0}},
		"/admin/lues-en-partie/{id}":           {{admin, "/admin/lues-en-partie/999999", http.StatusNotFound}},
		"/admin/sources":                       {{admin, "/admin/sources", 0}},
		"/admin/sources/{name}":                {{admin, "/admin/sources/" + s.source(t), 0}},
		"/admin/confirmations":                 {{admin, "/admin/confirmations", 0}},
		"/admin/invitations":                   {{admin, "/admin/invitations", 0}},
		"/admin/journal":                       {{admin, "/admin/journal", 0}},
		"/admin/comptes":                       {{admin, "/admin/comptes", 0}},
		"/admin/associations":                  {{admin, "/admin/associations", 0}},
		"/api":                                 {{public, "/api", 0}},
		"/correspondances":                     {{public, "/correspondances", 0}},
		"/accessibilite":                       {{public, "/accessibilite", 0}},
		"/aide":                                {{public, "/aide", 0}},
		"404, that no route answers":           {{public, "/nulle-part", http.StatusNotFound}},
		"403, that the policy forbids":         {{member, "/admin/comptes", http.StatusForbidden}},
	}
}

func TestEveryPageIsAccessibleAndLight(t *testing.T) {
	t.Parallel()
	s := demoSite(t, false)
	s.quarantine(t)
	s.pair(t)
	stops := s.stops(t)
	maps.Copy(stops, s.placed(t))
	maps.Copy(stops, s.structures(t))
	pieces := s.pieces(t)
	for _, route := range new(web.Server).Routes() {
		if route.Method == http.MethodGet && stops[route.Path] == nil && pieces[route.Path] == "" {
			t.Errorf("%s is in no test: add it to the stops", route.Path)
		}
	}
	script := axeScript(t)
	only := regexp.MustCompile(os.Getenv("MAILLAGE_TEST_PAGES"))
	for _, role := range append(accounts.Roles(), accounts.Public) {
		var mine []stop
		for _, list := range stops {
			for _, one := range list {
				if one.role == role && only.MatchString(one.path) {
					mine = append(mine, one)
				}
			}
		}
		slices.SortFunc(mine, func(a, b stop) int { return strings.Compare(a.path, b.path) })
		if len(mine) == 0 {
			continue
		}
		t.Run(string(role), func(t *testing.T) {
			t.Parallel()
			v := s.visit(t)
			if role != accounts.Public {
				v = s.as(t, role)
			}
			for n, one := range mine {
				v.examine(one, looks(n), script)
			}
		})
	}
}

// look is how a page is looked at; rules are "all", or what depends on "colours" alone.
type look struct {
	lang   string
	width  int64
	scheme string
	rules  string
}

// looks are the ways to look at the nth page of a role.
func looks(n int) []look {
	french := []look{{"fr", 1280, "light", "all"}, {"fr", 1280, "dark", "colours"}}
	english := []look{{"en", 390, "dark", "all"}}
	asked := os.Getenv("MAILLAGE_TEST_LOOKS")
	if asked == "" && os.Getenv("MAILLAGE_TEST_PAGES") != "" {
		asked = "both"
	}
	switch {
	case asked == "both":
		if n%2 == 0 { // the same page in other words: one in two is looked at whole
			english[0].rules = "colours"
		}
		return append(french, english...)
	case asked == "" && n%2 == 0:
		return french
	case asked == "":
		return english
	}
	var all []look
	for _, lang := range []string{"fr", "en"} {
		all = append(all, look{lang, 1280, "light", "all"}, look{lang, 1280, "dark", "colours"}, look{lang, 390, "dark", "all"}, look{lang, 390, "light", "colours"})
	}
	return all
}

// examine opens one page and looks at it in each way.
func (v *visitor) examine(at stop, ways []look, axe string) {
	v.t.Helper()
	shown := ""
	for _, l := range ways {
		v.screen(l.width, 900, l.scheme)
		if l.lang != shown {
			shown = l.lang
			v.speak(l.lang)
			if got := v.leads(navigate(v.site, at.path)); got != cmp.Or(at.status, http.StatusOK) {
				v.t.Errorf("%s answers %d to %s", at.path, got, at.role)
				return
			}
			v.narrow(at.path, l.width)
			v.weighed(at.path)
			if n := v.count("main p:empty:not([aria-live], [role=status])"); n > 0 { // what the parser makes of a block within a paragraph
				v.t.Errorf("%s holds %d empty paragraphs", at.path, n)
			}
			if ask[bool](v, `document.documentElement.textContent.includes("<no value>")`) {
				v.t.Errorf("%s (%s) has a sentence that lacks one of its words", at.path, l.lang)
			}
			ask[bool](v, unfolded)
			ask[bool](v, axe+"; true")
		}
		for _, violation := range ask[[]string](v, fmt.Sprintf(axeRun, l.rules)) {
			v.t.Errorf("%s (%s, %d px, %s): %s", at.path, l.lang, l.width, l.scheme, violation)
		}
		v.look(fmt.Sprintf("%s-%s-%s-%d-%s", at.role, pictureName.ReplaceAllString(at.path, "_"), l.lang, l.width, l.scheme))
	}
}

// unfolded opens what is folded; of a very long page, enough of it.
const unfolded = `[...document.querySelectorAll("details")].slice(0, 40).forEach(d => d.open = true), true`

var pictureName = regexp.MustCompile(`[^a-z0-9]+`)

// narrow expects nothing wider than any usual screen.
func (v *visitor) narrow(path string, then int64) {
	v.t.Helper()
	for _, width := range []int64{1280, 768, 390, 360} {
		v.do(chromedp.EmulateViewport(width, 900))
		if wide := ask[string](v, tooWide); wide != "" {
			v.t.Errorf("%s is too wide at %d px: %s", path, width, wide)
		}
	}
	v.do(chromedp.EmulateViewport(then, 900))
}

// tooWide names what sticks out of the screen, but for what scrolls in its own box.
const tooWide = `(() => {
	const over = document.documentElement.scrollWidth - innerWidth;
	if (over <= 0) return "";
	const out = [...document.querySelectorAll("main *, header *, footer *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".scroll"));
	return over + " px, " + (out.at(-1)?.outerHTML.slice(0, 120) ?? "unknown");
})()`

// pageWeight is the most that a page may send, compressed, without the live map.
const pageWeight = 100 << 10

// weighed adds up what the page sent over the wire: the files that are already
// here count for what they weigh, as on a first visit.
func (v *visitor) weighed(path string) {
	v.t.Helper()
	sent := ask[int](v, `[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
		.filter(e => !e.name.includes("/map") && !e.name.includes("/tiles/") && !e.name.includes("latin-ext")).reduce((sum, e) => sum + e.encodedBodySize, 0)`)
	if sent > pageWeight {
		v.t.Errorf("%s sends %d bytes", path, sent)
	}
	if sent < 2000 {
		v.t.Errorf("%s sends %d bytes: the measure is wrong", path, sent)
	}
}

// axeRun lists the violations, each with the first places it is found in.
const axeRun = `axe.run(document, {resultTypes: ["violations"], preload: false,
	runOnly: %q === "all" ? ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] : {type: "rule", values: ["color-contrast", "link-in-text-block"]}})
	.then(r => r.violations.map(v => v.id + ": " + v.nodes.slice(0, 3).map(n => n.target.join(" ") + " " + (n.any[0]?.message ?? n.all[0]?.message ?? "")).join(" | ")))`

// axeScript reads axe-core where npm put it.
func axeScript(t testing.TB) string {
	t.Helper()
	script, err := os.ReadFile(filepath.Join(testkit.Root(), "web", "assets", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		testkit.Absent(t, "browser", "axe-core is not installed: run make assets")
	}
	return string(script)
}

// The addresses that scripts ask answer well.
func TestPiecesOfPages(t *testing.T) {
	t.Parallel()
	s := demoSite(t, false)
	s.pair(t)
	for route, path := range s.pieces(t) {
		answer, err := http.Get(s.url + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			t.Errorf("%s (%s) answers %d", path, route, answer.StatusCode)
		}
	}
}
