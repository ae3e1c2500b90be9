package web

import (
	"context"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/internal/store"
	"maillage/nomenclatures"
	"maillage/opportunities"
)

// newest is the last position that was made.
func newest(t *testing.T, s *site, kind opportunities.Kind) *opportunities.Opportunity {
	t.Helper()
	page, err := s.cfg.Opportunities.List(context.Background(), opportunities.Filter{Kinds: []opportunities.Kind{kind}}, opportunities.Request{Limit: 1, Order: opportunities.Newest})
	if err != nil || len(page.Items) == 0 {
		t.Fatal(kind, err)
	}
	return page.Items[0]
}

// rooms is a need of two places as a browser without scripts sends it.
func rooms() url.Values {
	return url.Values{"lot1_precision": {"femme de chambre"}, "lot": {"1", "2"}, "lieu": {"Valence (26)"}, "lot1_postes": {"2"}, "lot2_lieu": {"Crest"}, "lot2_postes": {"1"}, "lot1_debut": {"2027-01-04"},
		"rythme": {"morning"}, "jour": {"sat-morning", "sun-evening"}, "coupe": {"oui"}, "heures": {"24,5"}, "debutant": {"oui"}, "contrat": {"cdi"},
		"requis1": {"préparer des chambres"}, "requis1_niveau": {"2"}, "aide1": {"permis b (voiture)"}, "aide1_niveau": {"3"}, "langue1": {"fr"}, "langue1_niveau": {"A2"},
		"contact_nom": {"Camille Bertrand"}, "contact_courriel": {"camille@hotel.example"}, "contact_telephone": {"04 75 00 00 00"}, "geste": {"publier"}}
}

func TestANeedOfSeveralPlacesIsPosted(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Employer)
	v.post("/besoins/nouveau", rooms()).ok().says("Trois postes", "Du lundi au samedi, le matin ; dimanche, le soir", "Horaires coupés", "24,5 h", "CDI",
		"Préparer des chambres (avec de l’aide)", "Permis B (voiture)", "Français A2", "Débutants bienvenus", "Camille Bertrand")
	o := newest(t, s, opportunities.JobNeed)
	if len(o.Lots) != 2 || o.Lots[0].Posts != 2 || o.Lots[1].Posts != 1 || o.Lots[0].Place == o.Lots[1].Place || !strings.Contains(o.Lots[1].Place.Perimeter, "26108") {
		t.Fatalf("lots %+v", o.Lots)
	}
	terms := o.Lots[1].Terms
	want := nomenclatures.Every(0, 5, nomenclatures.Morning) | nomenclatures.SlotAt(6, nomenclatures.Evening)
	if terms.Slots != want || terms.Hours != 24.5 || len(terms.Aptitudes) != 2 || terms.Aptitudes[0] != (opportunities.Wanted{Code: "chambres", Level: 2, Required: true}) || terms.Aptitudes[1] != (opportunities.Wanted{Code: "permis-b"}) {
		t.Errorf("terms %+v", terms)
	}
	saveUnchanged(t, s, v, o)
	// The hours alone change, for both places; the history says so.
	form := filledForm(v.get(opportunityPath(o.ID) + "/modifier").ok().body)
	form.Set("heures", "30")
	form.Set("lot2_postes", "4")
	form.Set("contact_nom", "Dominique Faure")
	v.post(opportunityPath(o.ID)+"/modifier", form).ok().says("heures par semaine", "qui répond")
	after := newest(t, s, opportunities.JobNeed)
	if after.Lots[0].Terms.Hours != 30 || after.Lots[1].Terms.Hours != 30 || after.Lots[1].Posts != 4 || after.Lots[0].Posts != 2 || after.Lots[0].Terms.Slots != want {
		t.Errorf("changed into %+v and %+v", after.Lots[0], after.Lots[1])
	}
	// A place that differs by what the form does not touch keeps it.
	after.Lots[1].Terms.Reach = 12
	after.Lots[1].StartsOn = "2027-02-01"
	if _, err := s.cfg.Opportunities.Update(context.Background(), opportunities.By{}, 0, after); err != nil {
		t.Fatal(err)
	}
	saveUnchanged(t, s, v, after)
	form = filledForm(v.get(opportunityPath(o.ID) + "/modifier").ok().body)
	form["lot"] = []string{"1"}
	v.post(opportunityPath(o.ID)+"/modifier", form).ok()
	if left := newest(t, s, opportunities.JobNeed); left.Lots[0].Withdrawn || !left.Lots[1].Withdrawn {
		t.Error("the second place is not withdrawn")
	}
}

func TestTheFormGrowsWithoutScripts(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Employer)
	form := rooms()
	form.Del("geste")
	form.Set("ajouter", "1")
	page := v.post("/besoins/nouveau", form).ok().says("Lieu 3")
	if !strings.Contains(page.body, `name="lot3_lieu"`) || !strings.Contains(page.body, `value="Crest"`) {
		t.Error("a place was not added, or another was lost")
	}
	form.Del("ajouter")
	form.Set("retirer", "1")
	if page = v.post("/besoins/nouveau", form).ok(); strings.Contains(page.body, `value="Valence (26)"`) {
		t.Error("the first place is still there")
	}
	form.Del("retirer")
	form.Set("plus", "requis")
	if page = v.post("/besoins/nouveau", form).ok(); !strings.Contains(page.body, `name="requis3"`) {
		t.Error("no line was added")
	}
	form.Del("plus")
	for field, bad := range map[string]string{"heures": "beaucoup", "requis1": "voler dans les airs", "contact_courriel": "camille", "lot2_postes": "x", "lot2_lieu": "Atlantide", "rayon": "9999"} {
		spoilt := rooms()
		spoilt.Set(field, bad)
		page := v.post("/besoins/nouveau", spoilt).is(422)
		if !strings.Contains(page.body, `href="#`+field+`"`) || !strings.Contains(page.body, `id="`+field+`-erreur"`) {
			t.Errorf("%s=%s is refused, not located", field, bad)
		}
	}
}

// TestWhoAnswersIsShownToWhoProposes: no page, feed or export that a visitor,
// another employer's people or a researcher reads says who answers.
func TestWhoAnswersIsShownToWhoProposes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	employer := s.visit(t, accounts.Employer)
	employer.post("/besoins/nouveau", rooms()).ok()
	o := newest(t, s, opportunities.JobNeed)
	path := opportunityPath(o.ID)
	form := filledForm(employer.get(path + "/modifier").body)
	form.Set("contact_telephone", "04 75 99 99 99")
	form.Set("heures", "31")
	employer.post(path+"/modifier", form).ok()
	read, number := 0, regexp.MustCompile(`\b04.75.\d\d.\d\d`)
	for _, role := range []accounts.Role{accounts.Public, accounts.Researcher, accounts.Member} {
		v := s.visit(t, role)
		paths := append(everyPage(v, role), path, "/marches?nature=job_need", "/marches?quoi=bertrand", "/marches.atom", "/marches.csv", "/marches.ics", "/marches.ocds.json", "/embed/marches?nature=job_need")
		for _, p := range paths {
			read++
			if body := strings.ToLower(v.get(p).body); strings.Contains(body, "bertrand<") || strings.Contains(body, "hotel.example") || number.MatchString(body) {
				t.Errorf("%s reads who answers at %s", role, p)
			}
		}
	}
	if read < 40 {
		t.Errorf("%d pages only", read)
	}
	for _, role := range []accounts.Role{accounts.Counsellor, accounts.Employer, accounts.Officer} {
		s.visit(t, role).get(path).ok().says("Camille Bertrand", "camille@hotel.example")
	}
}

func TestPositionsAreOfferedByWhoMay(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	member, officer, employer := s.visit(t, accounts.Member), s.visit(t, accounts.Officer), s.visit(t, accounts.Employer)
	session := url.Values{"titre": {"CACES chariot"}, "lot": {"1"}, "lieu": {"Valence (26)"}, "lot1_postes": {"8"}, "lot1_debut": {"2027-02-01"}, "lot1_fin": {"2027-02-05"}, "public": {"journeys"}, "acquis1": {"chariot frontal"}, "prepare1": {"cariste"}, "duree": {"35"}, "geste": {"publier"}}
	member.post("/formations/nouveau", session).ok().says("Huit places", "CACES R489 3", "Salariés en parcours", "Prépare à")
	if o := newest(t, s, opportunities.TrainingSession); len(o.Lots[0].Terms.Leads) != 1 || o.Lots[0].Hours != 35 || !o.Lots[0].Terms.Gives("caces-r489-3") {
		t.Errorf("session %+v", o.Lots[0].Terms)
	}
	saveUnchanged(t, s, member, newest(t, s, opportunities.TrainingSession))
	session.Set("acheteur", "Greta de la Drôme (inventé)")
	officer.post("/formations/nouveau", session).ok().says("Greta de la Drôme")
	session.Del("acquis1")
	session.Del("prepare1")
	member.post("/formations/nouveau", session).is(422).says("Dites ce que la formation apporte")
	stay := url.Values{"lot1_precision": {"cuisinier"}, "lot": {"1"}, "lieu": {"Crest"}, "lot1_debut": {"2027-01-04"}, "lot1_fin": {"2027-01-15"}, "objet": {"discover"}, "geste": {"publier"}}
	for _, v := range []*visitor{member, employer} {
		v.post("/immersions/nouveau", stay).ok().says("Découvrir un métier", "D. 5135-3")
	}
	saveUnchanged(t, s, employer, newest(t, s, opportunities.Immersion))
	stay.Set("lot1_fin", "2027-03-01")
	employer.post("/immersions/nouveau", stay).is(422).says("Une immersion dure un mois au plus")
	mission := url.Values{"acheteur": {"Entrepôts (inventés)"}, "lot1_precision": {"cariste"}, "lot": {"1"}, "lieu": {"Valence (26)"}, "lot1_postes": {"2"}, "lot1_debut": {"2027-01-04"}, "geste": {"publier"}}
	member.post("/missions/nouveau", mission).is(403).says("AI et une ETTI")
	employer.get("/missions/nouveau").is(403)
	s.lends(t)
	member.get("/marches/nouveau").ok().says("Proposer une mission")
	member.post("/missions/nouveau", url.Values{"geste": {"publier"}}).is(422).says("Nommez l’entreprise utilisatrice", "Choisissez un métier")
	member.post("/missions/nouveau", mission).ok().says("Mission pour deux personnes", "Entrepôts (inventés)", "Mise à disposition par Temps-Bruyère")
	saveUnchanged(t, s, member, newest(t, s, opportunities.Mission))
}

// lends makes the member of the demonstration an ETTI.
func (s *site) lends(t *testing.T) {
	t.Helper()
	users, err := s.accounts.Users(accounts.With(context.Background(), accounts.TheSystem()), accounts.UserFilter{Role: accounts.Member, Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	err = s.st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewRaw("UPDATE organisations SET kind = 'ETTI' WHERE id = ?", users[0].OrganisationID).Exec(ctx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTrainingIsFoundByWhatItGives(t *testing.T) {
	t.Parallel()
	v := newSite(t).visit(t, accounts.Public)
	v.get("/formations").ok().says("12 sessions", "CACES R489 3")
	v.get("/formations?acquis=chariot+frontal").ok().says("1 session", "CACES R489 3")
	v.get("/formations?metier=cariste&public=journeys").ok().says("CACES R489 3")
	v.get("/formations?public=staff").ok().says("2 sessions", "Encadrer un chantier")
	v.get("/formations?ou=Lille").ok().says("Aucune session")
	v.get("/formations?acquis=voler+dans+les+airs").ok().says("n’est pas dans la liste")
	for _, path := range []string{"/marches", "/marches.csv", "/marches.atom"} {
		if body := v.get(path).ok().body; strings.Contains(body, "Encadrer un chantier") || strings.Contains(body, "Tri de fruits") {
			t.Errorf("%s lists what only people answer", path)
		}
	}
	v.get("/marches?nature=mission").ok().says("Tri de fruits")
}

func TestWeeksAreSaidAndReadBack(t *testing.T) {
	t.Parallel()
	for _, slots := range []nomenclatures.Slots{0, nomenclatures.AllWeek, nomenclatures.Every(0, 4, nomenclatures.Morning), nomenclatures.SlotAt(6, nomenclatures.Night),
		nomenclatures.Every(0, 4, nomenclatures.Morning) | nomenclatures.Every(0, 4, nomenclatures.Afternoon) | nomenclatures.SlotAt(5, nomenclatures.Morning)} {
		names, rest := rhythmsOf(slots)
		whole := rest
		for _, p := range weekPatterns() {
			if slices.Contains(names, p.name) {
				whole |= p.slots
			}
		}
		if whole != slots {
			t.Errorf("%v is shown as %v and %v", slots, names, rest)
		}
	}
}
