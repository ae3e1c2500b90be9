package web

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/opportunities"
	"maillage/people"
)

// session is a training session of the demonstration whose title begins so.
func (s *site) session(t *testing.T, title string) *opportunities.Opportunity {
	t.Helper()
	found, err := s.cfg.Opportunities.List(s.asCounsellor(t), opportunities.Filter{Kinds: []opportunities.Kind{opportunities.TrainingSession}}, opportunities.Request{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range found.Items {
		if strings.HasPrefix(o.Title, title) {
			return o
		}
	}
	t.Fatalf("no session is called %q", title)
	return nil
}

// TestATrainingIsNoJob: its pages speak of who organises it and of what it brings;
// one that leads to no trade says for whom it is; one for the structures' staff
// leads to nobody's journey; and no session is awarded.
func TestATrainingIsNoJob(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v, admin := s.visit(t, accounts.Counsellor), s.visit(t, accounts.Admin)
	silent := func(a *answer, words ...string) {
		t.Helper()
		for _, w := range words {
			if strings.Contains(text(a.body), w) {
				t.Errorf("%s says %q", a.path, w)
			}
		}
	}
	people := 0
	for _, title := range []string{"Français au travail, premiers écrits", "Sauveteur secouriste du travail", "Permis B, parcours accompagné", "Ordinateur et démarches en ligne"} {
		o := s.session(t, title)
		silent(admin.get(opportunityPath(o.ID)).ok(), "Noter l’attribution")
		a := v.get(candidatesPath(o.Lots[0].ID)).ok().says("Elle ne vise aucun métier", "Cette formation")
		silent(a, "Ce poste ne dit pas son métier", "L’employeur", "correspondent à ce poste")
		people += strings.Count(a.body, "Formation ouverte à tous les métiers")
	}
	if people == 0 {
		t.Error("the trainings for every trade suit nobody: the pages prove nothing")
	}
	hygiene := s.session(t, "Hygiène en restauration")
	silent(v.get(candidatesPath(hygiene.Lots[0].ID)).ok(), "L’employeur", "Elle ne vise aucun métier")
	v.get(opportunityPath(hygiene.ID)).ok().says("Voyez à qui cette formation peut apporter quelque chose")
	silent(v.get(opportunityPath(s.session(t, "Encadrer un chantier").ID)).ok(), "Voir les personnes")
}

// TestPositionsAreToldApart: no two choices of a list read the same, and what tells
// two places of one need apart is not cut away.
func TestPositionsAreToldApart(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v, seen := s.visit(t, accounts.Counsellor), 0
	for _, id := range s.ours(t) {
		body := v.get(journeyPath(id)).ok().body
		_, list, ok := strings.Cut(body, `name="poste"`)
		if !ok {
			continue
		}
		list, _, _ = strings.Cut(list, "</select>")
		read := map[string]bool{}
		for _, option := range strings.Split(list, "<option ")[1:] {
			_, words, _ := strings.Cut(option, ">")
			words, _, _ = strings.Cut(words, "</option>")
			if read[words] {
				t.Errorf("person %d: two choices read %q", id, words)
			}
			read[words] = true
			seen++
		}
	}
	if seen == 0 {
		t.Error("no choice is offered: the pages prove nothing")
	}
}

// TestAPositionOfTheStructureHasAnEnd: an agreement to a session of one's own
// structure leads to note what came of it, and no longer waits once it is noted.
func TestAPositionOfTheStructureHasAnEnd(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v, lot, person := s.visit(t, accounts.Counsellor), opportunities.LotID(0), s.ours(t)[0]
	found, err := s.cfg.Opportunities.List(s.asCounsellor(t), opportunities.Filter{Kinds: []opportunities.Kind{opportunities.TrainingSession}}, opportunities.Request{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range found.Items {
		if o.PublisherID != nil && *o.PublisherID == s.organisationOf(t) && o.Lots[0].Terms.Audience == opportunities.ForJourneys {
			lot = o.Lots[0].ID
		}
	}
	if lot == 0 {
		t.Fatal("the structure gives no training")
	}
	for _, said := range []people.AgreementState{people.Asked, people.Given} {
		if _, err := s.cfg.People.Say(s.asCounsellor(t), person, int64(lot), people.Saying{State: said}); err != nil {
			t.Fatal(err)
		}
	}
	if n := s.waits(t, lot); n != 1 {
		t.Errorf("%d agreements wait for what came of them", n)
	}
	v.get(cardPath(lot, person)).ok().says("Un poste de votre structure", "il n’y a pas de fiche", "La personne suit la formation")
	done := v.post(cardPath(lot, person), url.Values{"issue": {"hired"}}).ok().says("C’est noté.", "A sa place")
	if strings.Contains(text(done.body), "La personne suit la formation") {
		t.Error("it may be noted again")
	}
	if n := s.waits(t, lot); n != 0 {
		t.Errorf("%d agreements still wait", n)
	}
	for _, path := range []string{candidatesPath(lot), cardPath(lot, person), journeyPath(person), journeyPath(person) + "/imprimer"} {
		page := v.get(path).ok().says("A sa place dans la session")
		for _, not := range []string{"Candidature ", "présentée", "Embauchée", "Licenciement", "N’est plus en poste", "Préparer la fiche</a>"} {
			if body := text(page.body); path != candidatesPath(lot) && strings.Contains(body, not) {
				t.Errorf("%s says %q of a training of the structure’s own", path, not)
			}
		}
	}
	list := v.get(candidatesPath(lot)).ok().says("Une place est prise", "Noté ")
	if row := `data-row="p` + strconv.FormatInt(int64(person), 10) + "-"; strings.Contains(list.body, row) {
		t.Error("who has a place is still a candidate")
	}
	list.says("Finalement non", "La place redevient libre")
	freed := v.post(cardPath(lot, person), url.Values{"issue": {"not_retained"}, "retour": {candidatesPath(lot)}}).ok().says("C’est noté.")
	if strings.Contains(text(freed.body), "Une place est prise") {
		t.Error("who gave their place up has it still")
	}
	v.get(cardPath(lot, person)).ok().says("A sa place dans la session", "Finalement non : la place est de nouveau libre", "La personne suit la formation")
}

// waits counts the agreements to a position that wait for the counsellor.
func (s *site) waits(t *testing.T, lot opportunities.LotID) (n int) {
	t.Helper()
	board, err := s.cfg.Placement.Board(s.asCounsellor(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range board.Agreement {
		if a.Position.Lot == lot && a.Own {
			n++
		}
	}
	return n
}
