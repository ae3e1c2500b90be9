package web

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/demo"
	"maillage/internal/store"
	"maillage/people"
)

// ours are the numbers of the journeys of the demonstration's counsellor.
func (s *site) ours(t testing.TB) []people.ID {
	t.Helper()
	var ids []people.ID
	if err := s.st.Read().NewRaw("SELECT p.id FROM people p JOIN users u ON u.organisation_id = p.organisation_id WHERE u.role = 'counsellor' AND u.email_folded = 'conseil@maillage.example' AND p.state = 'active' ORDER BY p.id").Scan(context.Background(), &ids); err != nil || len(ids) < 5 {
		t.Fatal(ids, err)
	}
	return ids
}

// neighbour is a counsellor of another structure.
func (s *site) neighbour(t testing.TB) *visitor {
	t.Helper()
	var other int64
	if err := s.st.Read().NewRaw("SELECT min(id) FROM organisations WHERE role = 'member' AND id NOT IN (SELECT organisation_id FROM users WHERE organisation_id IS NOT NULL)").Scan(context.Background(), &other); err != nil {
		t.Fatal(err)
	}
	ctx := accounts.With(context.Background(), accounts.TheSystem())
	if _, err := s.accounts.AddUser(ctx, accounts.Invite{Email: "voisine@maillage.example", Role: accounts.Counsellor, Lang: "fr", OrganisationID: other}, "Voisine Inventée", demo.Password); err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{t: t, site: s, http: &http.Client{Jar: jar}, lang: "fr"}
	v.post("/connexion", url.Values{"email": {"voisine@maillage.example"}, "mot_de_passe": {demo.Password}}).ok()
	return v
}

// journeyPages are the pages of one journey.
func journeyPages(id people.ID) []string {
	path := journeyPath(id)
	return []string{path, path + "/modifier", path + "/droits", path + "/identite", path + "/mesure", path + "/imprimer"}
}

// TestJourneysAreTheirStructuresAlone: who is no counsellor of the structure
// reads none of these pages, whoever administers.
func TestJourneysAreTheirStructuresAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := s.ours(t)[0]
	pages := append(journeyPages(id), "/parcours", "/parcours/nouveau", "/parcours/import", "/parcours/import/modele.csv", "/parcours/import/modele.xlsx")
	for _, role := range append(accounts.Roles(), accounts.Public) {
		if role == accounts.Counsellor {
			continue
		}
		v := s.visit(t, role)
		v.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		for _, path := range pages {
			if a := v.get(path); a.status == http.StatusOK {
				t.Errorf("%s is shown to %s", path, role)
			}
			for _, gesture := range []string{"lire", "pause", "effacer", "given", "enregistrer"} {
				if a := v.post(path, url.Values{"geste": {gesture}, "revision": {"1"}}); a.status == http.StatusOK {
					t.Errorf("%s obeys %s (%s)", path, role, gesture)
				}
			}
		}
	}
	other := s.neighbour(t)
	other.get("/parcours").ok().says("Aucun parcours pour l’instant", "Créez un premier parcours")
	for _, path := range journeyPages(id) {
		other.get(path).is(http.StatusNotFound)
		other.post(path, url.Values{"geste": {"lire"}, "revision": {"1"}}).is(http.StatusNotFound)
	}
	other.post(journeyPath(id)+"/accords", url.Values{"geste": {"asked"}, "poste": {"1"}}).is(http.StatusNotFound)
}

// TestNoCacheKeepsAPerson: every page of people is for now alone, its title is a code.
func TestNoCacheKeepsAPerson(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Counsellor)
	names := s.names(t)
	for _, path := range append(journeyPages(s.ours(t)[0]), "/", "/parcours", "/parcours/nouveau", "/parcours/import") {
		a := v.get(path).ok()
		if got := a.header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s may be kept: %q", path, got)
		}
		if path != "/parcours/import" && strings.Contains(a.body, "<textarea") {
			t.Errorf("%s has a box for free text", path)
		}
		for _, name := range names {
			if strings.Contains(text(a.body), name) {
				t.Errorf("%s tells a name without a gesture", path)
			}
		}
	}
}

// names are the family names and the telephones that the structure's identities hold.
func (s *site) names(t testing.TB) (out []string) {
	t.Helper()
	all, err := s.cfg.People.Names(s.asCounsellor(t), s.organisationOf(t), s.ours(t)...)
	if err != nil || len(all) == 0 {
		t.Fatal(len(all), err)
	}
	for _, who := range all {
		out = append(out, who.Given+" "+who.Family, who.Phone)
	}
	return out
}

func (s *site) organisationOf(t testing.TB) int64 {
	t.Helper()
	return accounts.From(s.asCounsellor(t)).OrganisationID
}

// asCounsellor is the context of the demonstration's counsellor.
func (s *site) asCounsellor(t testing.TB) context.Context {
	t.Helper()
	var u struct {
		ID  int64 `bun:"id"`
		Org int64 `bun:"organisation_id"`
	}
	if err := s.st.Read().NewRaw("SELECT id, organisation_id FROM users WHERE email_folded = 'conseil@maillage.example'").Scan(context.Background(), &u); err != nil {
		t.Fatal(err)
	}
	return accounts.With(context.Background(), accounts.Identity{UserID: accounts.UserID(u.ID), Role: accounts.Counsellor, OrganisationID: u.Org})
}

// readings counts what the audit trail holds of names.
func (s *site) readings(t testing.TB) (n int) {
	t.Helper()
	if err := s.st.Read().NewRaw("SELECT count(*) FROM audit_entries WHERE action = 'identity.read'").Scan(context.Background(), &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestNamesAnswerAGesture: the list and the identity show who people are once
// asked, and each reading is in the audit trail.
func TestNamesAnswerAGesture(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Counsellor)
	id := s.ours(t)[0]
	who, err := s.cfg.People.Identity(s.asCounsellor(t), id)
	if err != nil {
		t.Fatal(err)
	}
	before := s.readings(t)
	v.get("/parcours").ok().says("Afficher les noms", "inscrite au journal")
	v.get(journeyPath(id) + "/identite").ok().says("Ouvrir l’identité")
	v.get(journeyPath(id)+"/imprimer").ok().says("Ce qui est noté sur moi", "Ajouter le nom")
	if n := s.readings(t) - before; n != 0 {
		t.Errorf("%d readings without a gesture", n)
	}
	v.post("/parcours", url.Values{}).ok().says(who.Name(), "Nom")
	all := s.readings(t) - before
	if all < 20 {
		t.Errorf("a list of names is %d readings", all)
	}
	v.post("/parcours", url.Values{"nom": {who.Family[:4]}}).ok().says(who.Name())
	v.post("/parcours", url.Values{"nom": {"zzzz"}}).ok().says("Aucun nom ne commence ainsi")
	before = s.readings(t)
	v.post(journeyPath(id)+"/imprimer", url.Values{}).ok().says("Ce qui est noté sur moi", who.Family)
	open := v.post(journeyPath(id)+"/identite", url.Values{"geste": {"lire"}}).ok().says("La lecture est inscrite au journal")
	read := find(open.body, `name="revision" value="(\d+)"`)
	if !strings.Contains(open.body, `value="`+who.Family+`"`) || s.readings(t) != before+2 {
		t.Errorf("the identity is not shown, or its readings are not written: %d", s.readings(t)-before)
	}
	v.post(journeyPath(id)+"/identite", url.Values{"geste": {"enregistrer"}, "revision": {read}, "nom": {"Autrement"}, "courriel": {"pas une adresse"}, "naissance": {"2999-01-01"}}).is(422).
		says("2 points sont à corriger", "Cette adresse électronique n’est pas comprise", "Une date de naissance")
	v.post(journeyPath(id)+"/identite", url.Values{"geste": {"enregistrer"}, "revision": {read}, "prenom": {"Rose"}, "nom": {"Autrement"}}).ok().says("L’identité est enregistrée et scellée", "Identité modifiée")
	stale := v.post(journeyPath(id)+"/identite", url.Values{"geste": {"enregistrer"}, "revision": {read}, "prenom": {"Ève"}}).is(422).says("entre-temps")
	if !strings.Contains(stale.body, `value="Ève"`) {
		t.Error("what was typed is lost")
	}
	if now, err := s.cfg.People.Identity(s.asCounsellor(t), id); err != nil || now.Name() != "Rose Autrement" {
		t.Error(err)
	}
}

func TestWithoutAKeyTheRestWorks(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	cfg := s.cfg
	cfg.People = people.NewService(people.Config{Store: s.st, Atlas: cfg.Atlas, Now: cfg.Clock})
	web, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(web)
	t.Cleanup(server.Close)
	bare := &site{Server: server, web: web, cfg: cfg, accounts: s.accounts, st: s.st}
	v, path := bare.visit(t, accounts.Counsellor), journeyPath(s.ours(t)[0])
	if strings.Contains(v.get("/parcours").ok().body, "Afficher les noms") {
		t.Error("the list offers names that cannot be read")
	}
	v.get(path+"/identite").ok().says("Ce serveur ne garde pas d’identité", "MAILLAGE_IDENTITY_KEY")
	v.post(path+"/identite", url.Values{"geste": {"lire"}}).ok().says("Ce serveur ne garde pas d’identité")
	v.get(path + "/imprimer").ok().says("seulement un code")
	v.get(path).ok().says("Ce qui est su")
}

// TestAJourneyIsMadeWithThePerson walks the form without a script: faults beside
// their fields, words that may mean several things, nothing lost.
func TestAJourneyIsMadeWithThePerson(t *testing.T) {
	t.Parallel()
	v := newSite(t).visit(t, accounts.Counsellor)
	v.get("/parcours/nouveau").ok().says("Tout est facultatif", "Aucune case pour écrire librement", "Dans quelle commune", "Comment peut-elle aller travailler", "se débrouille à l’oral (B1)", "vu au travail par l’encadrant")
	v.post("/parcours/nouveau", url.Values{"geste": {"enregistrer"}}).is(422).says("Donnez au moins une réponse")
	form := url.Values{"geste": {"enregistrer"}, "commune": {"Saint-Denis"}, "bouger1": {"bicycle"}, "bouger1_km": {"beaucoup"}, "bouger2_min": {"20"}, "souhait1": {"ménage"}, "souhait2": {"zzzz"},
		"savoir1": {"tonte"}, "savoir1_niveau": {"3"}, "savoir1_source": {"observed"}, "savoir1_vu": {"hier"}, "heures_min": {"35"}, "heures_max": {"20"}, "cle": {"Madame Untel"}}
	first := v.post("/parcours/nouveau", form).is(422)
	first.says("Plusieurs communes portent ce nom : choisissez", "Un nombre est attendu", "Choisissez le moyen", "« ménage » peut être plusieurs métiers", "« zzzz » ne correspond à aucun métier")
	for _, want := range []string{`<select class="select" id="commune"`, `<select class="select" id="souhait1"`, `value="zzzz"`, `value="beaucoup"`, `href="#bouger1_km"`, `aria-invalid="true" aria-describedby="souhait2-erreur"`} {
		if !strings.Contains(first.body, want) {
			t.Errorf("the refused form has no %s", want)
		}
	}
	occupation := regexp.MustCompile(`<option value="([^"]+\(K2204\))"`).FindStringSubmatch(first.body)
	if occupation == nil {
		t.Fatalf("“ménage” leads to no cleaning:\n%s", text(first.body))
	}
	form.Set("commune", "Crest (Drôme)")
	form.Set("bouger1_km", "0")
	v.post("/parcours/nouveau", form).is(422).says("Un moyen qui ne sert pas s’enlève")
	form.Set("bouger1_km", "8")
	form.Del("bouger2_min")
	form.Set("souhait1", strings.ReplaceAll(occupation[1], "&#39;", "'"))
	form.Del("souhait2")
	v.post("/parcours/nouveau", form).is(422).says("3 points sont à corriger", "Une date s’écrit", "Le minimum d’heures dépasse le maximum", "ce n’est pas un nom")
	form.Set("savoir1_vu", "2026-10-01")
	form.Set("heures_max", "35")
	form.Set("heures_min", "20")
	form.Set("cle", "2026-900")
	made := v.post("/parcours/nouveau", form).ok()
	made.says("Le parcours est créé", "Crest (Drôme)", "À vélo, jusqu’à 8 km", "(K2204)", "Tondre et débroussailler", "seul, vu au travail par l’encadrant, le 1er octobre 2026", "de 20 à 35 h par semaine", "Ce qui n’est pas su", "Langues", "Parcours créé")
	if !strings.HasPrefix(made.url.Path, "/parcours/") || len(made.url.RawQuery) > 0 {
		t.Errorf("a journey is at %s", made.url)
	}
	v.post("/parcours/nouveau", form).is(422).says("Ce numéro est déjà celui d’un autre parcours")
	more := v.post("/parcours/nouveau", url.Values{"plus": {"souhait"}, "souhait1": {"plonge"}}).ok()
	if !strings.Contains(more.body, `id="souhait3"`) || !strings.Contains(more.body, `value="plonge"`) {
		t.Error("a line more forgets the first")
	}
}

// TestAFormThatIsSentBackChangesNothing: what is kept of each journey, written as
// a form and read again, is the same.
func TestAFormThatIsSentBackChangesNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ctx := s.asCounsellor(t)
	yes := true
	odd := &people.Person{OrganisationID: s.organisationOf(t), Key: "9-1", Commune: "97411", AvailableOn: "2026-12-02", EnteredOn: "2026-01-05", ContractEnds: "2027-01-04", Profile: people.Profile{
		Mobility: []people.Mobility{{Mode: people.Transit, Minutes: 35, Slots: 0b1010_0101}, {Mode: people.Car, Km: 12.5}}, Wished: []people.Wish{{ROME: "K2204", Appellation: "11987"}, {ROME: "A1203"}},
		Held:      []people.Held{{ROME: "G1605", Months: 30}},
		Aptitudes: []people.Holding{{Code: "tonte", Level: 2, On: "2026-02-03", Until: "2028-01-01", Source: people.SelfSaid}, {Code: "permis-b", On: "2019-05-06", Source: people.Certified}, {Code: "sst", Until: "2027-12-31"}, {Code: "equipe"}},
		Languages: []people.Speaks{{Language: "fr", Level: 3}, {Language: "nl"}}, Hours: people.WeeklyHours{Max: 26.5}, Slots: 0b0001_0011_0011_0011, Split: &yes}}
	if _, _, err := lookup("11987"); err != nil {
		odd.Profile.Wished[0].Appellation = ""
	}
	made, err := s.cfg.People.Create(ctx, odd)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range append(s.ours(t), made.ID) {
		p, err := s.cfg.People.Get(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		for _, lang := range Langs() {
			c := &call{s: s.web, Locale: s.web.locales[lang], r: httptest.NewRequest(http.MethodPost, "/", nil), now: s.web.now()}
			c.r.PostForm = c.journeyAsForm(p)
			c.r.Form = c.r.PostForm
			r := c.readJourney(p)
			if len(r.errs) > 0 || !reflect.DeepEqual(emptied(r.p), emptied(p)) {
				t.Errorf("%s comes back otherwise (%s): %v\n%+v\n%+v", p.Code, lang, r.errs, r.p.Profile, p.Profile)
			}
			if after, err := s.cfg.People.Update(ctx, p.Revision, r.p); err != nil || after.Revision != p.Revision {
				t.Errorf("%s is changed by a form sent back: %v", p.Code, err)
			}
		}
	}
}

func lookup(number string) (string, string, error) {
	w, ok := parseWish(number)
	if !ok || w.ROME != "K2204" {
		return "", "", fmt.Errorf("%s is not of K2204", number)
	}
	return string(w.ROME), w.Appellation, nil
}

// emptied makes an absent list and an empty one the same.
func emptied(p *people.Person) people.Person {
	out := *p
	f := reflect.ValueOf(&out.Profile).Elem()
	for i := range f.NumField() {
		if f.Field(i).Kind() == reflect.Slice && f.Field(i).Len() == 0 {
			f.Field(i).SetZero()
		}
	}
	return out
}

// TestTwoCounsellorsWriteAtOnce: the second is told what the first changed, and
// nothing typed is lost.
func TestTwoCounsellorsWriteAtOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v, path := s.visit(t, accounts.Counsellor), journeyPath(s.ours(t)[1])+"/modifier"
	form := fieldsOf(v.get(path).ok().body)
	other := url.Values{}
	for name, values := range form {
		other[name] = values
	}
	other.Set("heures_max", "33")
	v.post(path, other).ok().says("C’est enregistré", "33 h")
	form.Set("heures_max", "21")
	stale := v.post(path, form).is(http.StatusPreconditionFailed).says("Quelqu’un a modifié ce parcours pendant que vous écriviez", "Rien de ce que vous avez écrit n’est perdu", "Alix Démonstration, Modifié, heures")
	if strings.Contains(stale.body, "Parcours créé") {
		t.Error("what was there when the form was read is told as new")
	}
	if !strings.Contains(stale.body, `name="heures_max" value="21"`) {
		t.Error("what was typed is lost")
	}
	v.post(path, fieldsOf(stale.body)).ok().says("21 h")
}

var (
	inputs  = regexp.MustCompile(`<input[^>]*>`)
	selects = regexp.MustCompile(`(?s)<select[^>]* name="([^"]+)".*?</select>`)
	picked  = regexp.MustCompile(`<option value="([^"]*)" selected>`)
	attr    = func(tag, name string) string {
		m := regexp.MustCompile(` ` + name + `="([^"]*)"`).FindStringSubmatch(tag)
		if m == nil {
			return ""
		}
		return strings.NewReplacer("&#39;", "'", "&amp;", "&", "&#34;", `"`, "&#43;", "+").Replace(m[1])
	}
)

// fieldsOf reads the form of a page as a browser sends it.
func fieldsOf(body string) url.Values {
	v := url.Values{}
	for _, tag := range inputs.FindAllString(body, -1) {
		kind := attr(tag, "type")
		if attr(tag, "name") != "" && (kind != "checkbox" && kind != "radio" || strings.Contains(tag, " checked")) {
			v.Add(attr(tag, "name"), attr(tag, "value"))
		}
	}
	for _, m := range selects.FindAllStringSubmatch(body, -1) {
		if chosen := picked.FindStringSubmatch(m[0]); chosen != nil {
			v.Set(m[1], strings.ReplaceAll(chosen[1], "&#39;", "'"))
		}
	}
	return v
}

// TestAnAgreementIsThePersons: asked, refused without a motive, asked again, given, withdrawn.
func TestAnAgreementIsThePersons(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Counsellor)
	var path, position string
	for _, id := range s.ours(t) {
		body := v.get(journeyPath(id)).ok().body
		if position = find(body, `(?s)name="poste".*?<option value="(\d+@\d+)"`); position != "" && !strings.Contains(body, `name="geste" value="given"`) {
			path = journeyPath(id)
			break
		}
	}
	if path == "" {
		t.Fatal("no journey may be asked")
	}
	gesture := func(name string, more ...string) *answer {
		form := url.Values{"poste": {position}, "geste": {name}}
		for i := 0; i+1 < len(more); i += 2 {
			form.Set(more[i], more[i+1])
		}
		return v.post(path+"/accords", form)
	}
	v.post(path+"/accords", url.Values{"geste": {"asked"}}).is(422).says("Choisissez un poste")
	gesture("asked").ok().says("C’est noté", "Demandé", "La personne est d’accord", "La personne refuse")
	refused := gesture("refused").ok().says("Refusé", "Un refus n’a pas de motif", "Demander à nouveau")
	if strings.Contains(refused.body, `name="motif"`) {
		t.Error("a refusal is asked for a motive")
	}
	gesture("given").is(422).says("ne peut devenir")
	gesture("asked").ok()
	gesture("given", "jusqu_au", "2031-01-01").is(422).says("Un accord vaut d’aujourd’hui à 92 jours")
	gesture("given", "jusqu_au", "2026-12-01").ok().says("Donné", "valable jusqu’au 1er décembre 2026", "Retirer", "Accord donné")
	v.get("/").ok().says("Accords qui expirent", "jusqu’au 1er décembre 2026")
	gesture("withdrawn").ok().says("Retiré")
	gesture("erase").is(http.StatusNotFound)
}

// TestAJourneyStops: paused, resumed, ended, erased, each with its consequences said first.
func TestAJourneyStops(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v, path := s.visit(t, accounts.Counsellor), journeyPath(s.ours(t)[2])
	move := func(gesture string, more ...string) *answer {
		form := url.Values{"geste": {gesture}, "revision": {find(v.get(path).ok().body, `name="revision" value="(\d+)"`)}}
		for i := 0; i+1 < len(more); i += 2 {
			form.Set(more[i], more[i+1])
		}
		return v.post(path, form)
	}
	v.get(path).ok().says("Plus rien n’est proposé pendant la pause", "tout est effacé deux ans après", "Personne ne peut revenir en arrière")
	move("pause").ok().says("Le parcours est en pause", "Reprendre le parcours", "Mis en pause")
	move("reprendre").ok().says("Le parcours reprend")
	v.post(path, url.Values{"geste": {"pause"}, "revision": {"1"}}).is(http.StatusPreconditionFailed)
	v.post(path, url.Values{"geste": {"pause"}}).is(http.StatusPreconditionFailed)
	move("terminer", "au", "1999-01-01").is(422).says("La fin ne précède pas le début")
	move("terminer", "au", "2026-11-20").ok().says("Le parcours est terminé", "20 novembre 2026")
	v.get(path + "/modifier").is(http.StatusConflict).says("Ce parcours est terminé")
	move("effacer").is(422).says("Cochez la case pour effacer : rien n’est effacé")
	gone := move("effacer", "compris", "oui").ok().says("Le parcours est effacé", "Il n’en reste qu’une ligne à compter")
	if strings.Contains(text(gone.body), "Ce qui est su") {
		t.Error("an erased journey still says something")
	}
	for _, part := range []string{"/droits", "/identite", "/mesure", "/imprimer"} {
		v.get(path + part).is(http.StatusConflict).says("a été effacé")
	}
}

// TestRightsAreDatedAndAlert: each fault beside its date, then what is due.
func TestRightsAreDatedAndAlert(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := s.ours(t)[3]
	v, path := s.visit(t, accounts.Counsellor), journeyPath(id)+"/droits"
	body := v.get(path).ok().says("Ni motif d’éligibilité", "Quand commence et finit le PASS IAE").body
	revision := find(body, `name="revision" value="(\d+)"`)
	bad := v.post(path, url.Values{"revision": {revision}, "pass1": {"2026-03-02"}, "pass1_fin": {"2025-01-01"}, "prolongation1": {"2026-03-03"}, "suspension1_fin": {"2026-05-05"}, "clause1": {"2026-01-01"}, "mois1": {"2026-10"}, "mois1_heures": {"500"}, "visite1": {"2026-02-02"}, "visite1_emploi1": {"zzzz"}}).is(422)
	bad.says("Donnez le premier jour", "ne correspond à aucun métier")
	worse := v.post(path, url.Values{"revision": {revision}, "pass1": {"2026-03-02"}, "pass1_fin": {"2025-01-01"}, "prolongation1": {"2026-03-03"}, "clause1": {"2026-01-01"}, "mois1": {"2026-10"}, "mois1_heures": {"500"}}).is(422).
		says("4 points sont à corriger", "La fin précède le début", "Donnez la fin de la prolongation", "Dites qui a validé", "De 0 à 220 heures")
	for _, id := range []string{"pass1_fin", "prolongation1_fin", "clause1_par", "mois1_heures"} {
		if !strings.Contains(worse.body, `id="`+id+`-erreur"`) {
			t.Errorf("the fault of %s is not beside it", id)
		}
	}
	good := url.Values{"revision": {revision}, "pass1": {"2024-12-10"}, "pass1_fin": {"2026-12-09"}, "clause1": {"2026-01-01"}, "clause1_par": {"facilitator"}, "mission1": {"2026-09-01"}, "visite1": {"2026-09-20"}, "visite1_emploi1": {"K2204"},
		"mois1": {"2026-10"}, "mois1_heures": {"210"}, "mois2": {"2026-09"}, "mois2_heures": {"205,5"}}
	v.post(path, good).ok().says("Les dates sont enregistrées", "PASS IAE : fin proche", "mercredi 9 décembre 2026", "Code du travail, R5132-1-2", "Heures en entreprise : 480 h en vue", "Oui, validé le 1er janvier 2026 par un facilitateur de clauses", "Droits modifiés : dates des droits", "415,5 h")
	v.get("/").ok().says("PASS IAE : fin proche", "mercredi 9 décembre 2026", "La règle")
	v.post(path, good).is(422).says("Quelqu’un a modifié ce parcours entre-temps")
	again := fieldsOf(v.get(path).ok().body)
	for name, want := range map[string]string{"pass1": "2024-12-10", "pass1_fin": "2026-12-09", "clause1_par": "facilitator", "visite1_emploi1": "Nettoyage de locaux (K2204)", "mois1": "2026-09", "mois1_heures": "205,5"} {
		if again.Get(name) != want {
			t.Errorf("%s comes back as %q", name, again.Get(name))
		}
	}
}

func TestTraitsAreOptionalAndApart(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := s.ours(t)[4]
	v, path := s.visit(t, accounts.Counsellor), journeyPath(id)+"/mesure"
	v.get(path).ok().says("Sert seulement à vérifier que personne n’est écarté", "Ne pas dire")
	v.post(path, url.Values{"annee": {"bientôt"}}).is(422).says("Une année s’écrit")
	v.post(path, url.Values{"annee": {"1066"}, "sexe": {"x"}}).is(422).says("plausible", "2 points")
	v.post(path, url.Values{"annee": {"1987"}, "sexe": {"f"}, "qpv": {"yes"}}).ok().says("C’est enregistré")
	if seen := text(v.get(journeyPath(id)).ok().body); strings.Contains(seen, "1987") || strings.Contains(seen, "Sexe") {
		t.Error("traits are shown on the record")
	}
	v.get(journeyPath(id)+"/imprimer").ok().says("année de naissance : 1987", "Femme")
	v.post(path, url.Values{}).ok()
	if now, err := s.cfg.People.Traits(s.asCounsellor(t), id); err != nil || now.Sex != "" || now.BirthYear != 0 || now.QPV != "" {
		t.Errorf("%+v, %v", now, err)
	}
}

// send posts a file as a browser does.
func (v *visitor) send(path, name, content string, fields url.Values) *answer {
	v.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for field, values := range fields {
		_ = form.WriteField(field, values[0])
	}
	if name != "" {
		part, err := form.CreateFormFile("fichier", name)
		if err != nil {
			v.t.Fatal(err)
		}
		_, _ = part.Write([]byte(content))
	}
	_ = form.Close()
	r, err := http.NewRequest(http.MethodPost, v.site.URL+path, &b)
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Accept-Language", v.lang)
	r.Header.Set("X-Visitor", fmt.Sprintf("%p", v))
	res, err := v.http.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	var body bytes.Buffer
	if _, err := body.ReadFrom(res.Body); err != nil {
		v.t.Fatal(err)
	}
	return &answer{t: v.t, path: path, status: res.StatusCode, header: res.Header, body: body.String(), url: res.Request.URL}
}

// TestJourneysAreImported: checked first, which writes nothing; then saved; then
// again, which changes nothing. Each fault has its line and its column.
func TestJourneysAreImported(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Counsellor)
	count := func() (n int) {
		if err := s.st.Read().NewRaw("SELECT count(*) FROM people").Scan(context.Background(), &n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := count()
	file := "numero;code_insee;mobilite;metiers_souhaites;nom;motif_eligibilite;humeur\n" +
		"A-1;26108;vélo 8 km;K2204;Inventée;RSA;bonne\nA-2;00000;en fusée;A1203;Absente;;\n"
	v.post("/parcours/import", url.Values{}).is(422).says("Choisissez un fichier")
	v.send("/parcours/import", "", "", nil).is(422).says("Choisissez un fichier")
	v.send("/parcours/import", "x.csv", "a;b\n1;2\n", nil).is(422).says("Colonne manquante : numero")
	check := v.send("/parcours/import", "x.csv", file, url.Values{"geste": {"verifier"}}).ok()
	check.says("Vérification : rien n’est enregistré", "2 lignes lues", "Seraient créés 1", "Seraient refusés 1", "Ligne 3", "mobilite", "motif_eligibilite", "n’est conservée nulle part", "humeur")
	if strings.Contains(check.body, "Absente") || strings.Contains(check.body, "fusée") {
		t.Error("the report repeats a cell")
	}
	if count() != before {
		t.Fatal("a check has written journeys")
	}
	v.send("/parcours/import", "x.csv", file, url.Values{"geste": {"enregistrer"}}).ok().says("L’import est fait", "Créés 1", "Identités scellées 1")
	if count() != before+1 {
		t.Errorf("%d journeys more", count()-before)
	}
	v.send("/parcours/import", "x.csv", file, url.Values{"geste": {"enregistrer"}}).ok().says("Créés 0", "Inchangés 1", "Refusés 1")
	v.get("/parcours?numero=A-1").ok().says("A-1", "Nettoyage de locaux")
	for name, kind := range map[string]string{"csv": "text/csv", "xlsx": "application/vnd.openxml"} {
		model := v.get("/parcours/import/modele." + name).ok()
		if !strings.HasPrefix(model.header.Get("Content-Type"), kind) || !strings.Contains(model.header.Get("Content-Disposition"), "parcours."+name) {
			t.Errorf("the model is %v", model.header)
		}
		v.send("/parcours/import", "parcours."+name, model.body, url.Values{"geste": {"enregistrer"}}).ok().says("0 ligne lue")
	}
	v.send("/parcours/import", "x.csv", "numero\n"+strings.Repeat("x", maxBody), nil).is(422).says("trop volumineux")
}

// TestTheListIsFiltered by state, occupation, counsellor and number, page by page.
func TestTheListIsFiltered(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Counsellor)
	v.get("/parcours").ok().says("En cours : 22", "En pause : 2", "24 parcours sur cette page")
	v.get("/parcours?etat=paused").ok().says("2 parcours sur cette page")
	v.get("/parcours?etat=ended").ok().says("Aucun parcours ne répond à ces filtres")
	v.get("/parcours?metier=zzzz").ok().says("Ce métier n’est pas reconnu")
	v.get("/parcours?qui=personne").ok().says("0 parcours sur cette page")
	if body := v.get("/parcours?metier=K2204&qui=moi").ok().says("K2204").body; strings.Contains(body, "A1402") {
		t.Error("the list is not filtered by occupation")
	}
	v.get("/parcours?apres=nulle-part").is(422)
	var lines strings.Builder
	lines.WriteString("numero\n")
	for n := range 60 {
		fmt.Fprintf(&lines, "Z-%03d\n", n)
	}
	v.send("/parcours/import", "x.csv", lines.String(), url.Values{"geste": {"enregistrer"}}).ok()
	first := v.get("/parcours?numero=Z-").ok().says("50 parcours sur cette page", "sans métier souhaité", "déplacements inconnus")
	second := v.get(first.link(`/parcours\?apres=[^"]*`)).ok().says("10 parcours sur cette page", "Précédents")
	if strings.Contains(second.body, "Z-049") || !strings.Contains(second.body, "Z-050") {
		t.Error("the pages overlap")
	}
	v.get("/?qui=tous").ok().says("Parcours à compléter", "sans métier souhaité", "Et 48 autres")
}

// The paper says to whom the person was presented and what was said.
func TestThePaperSaysToWhomThePersonWasPresented(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var id people.ID
	if err := s.st.Read().NewRaw("SELECT min(p.person_id) FROM proposals p JOIN people pe ON pe.id = p.person_id JOIN users u ON u.organisation_id = pe.organisation_id WHERE u.email_folded = 'conseil@maillage.example'").Scan(t.Context(), &id); err != nil || id == 0 {
		t.Fatal(id, err)
	}
	s.visit(t, accounts.Counsellor).get(journeyPath(id)+"/imprimer").ok().says("À qui on a parlé de moi", "Ce qui a été dit")
}

// It says what became of them, with why a job ended, and the positions that were thought of for them.
func TestThePaperSaysWhatBecameOfThePerson(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var of struct {
		Ref      string    `bun:"ref"`
		PersonID people.ID `bun:"person_id"`
	}
	if err := s.st.Read().NewRaw(`SELECT p.ref, p.person_id FROM proposals p JOIN people pe ON pe.id = p.person_id JOIN users u ON u.organisation_id = pe.organisation_id
		WHERE u.email_folded = 'conseil@maillage.example' AND pe.state = 'active' ORDER BY p.id LIMIT 1`).Scan(t.Context(), &of); err != nil {
		t.Fatal(err)
	}
	err := s.st.InTx(t.Context(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewRaw("UPDATE proposals SET state = 'hired', answered_at = created_at WHERE ref = ?", of.Ref).Exec(ctx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	v := s.visit(t, accounts.Counsellor)
	v.post("/suites/"+of.Ref, url.Values{"suite": {"left"}, "motif": {"dismissed"}})
	v.get(journeyPath(of.PersonID)+"/imprimer").ok().says("Ensuite", "n’est plus en poste (licenciement)")
	var suggested people.ID
	if err := s.st.Read().NewRaw("SELECT min(bl.person_id) FROM batch_lines bl JOIN users u ON u.organisation_id = bl.organisation_id WHERE u.email_folded = 'conseil@maillage.example'").Scan(t.Context(), &suggested); err != nil || suggested == 0 {
		t.Fatal(suggested, err)
	}
	v.get(journeyPath(suggested)+"/imprimer").ok().says("Les postes auxquels on a pensé pour moi", "à regarder)")
}
