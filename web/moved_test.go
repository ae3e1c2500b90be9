package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/opportunities"
	"maillage/people"
)

// TestAMovedPositionAsksAgain: once the employer has moved a position, every page of
// the counsellor says that what was agreed to is to be asked again, in words.
func TestAMovedPositionAsksAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	lot, _ := s.presented(t)
	v, person := s.visit(t, accounts.Counsellor), s.agreeable(t, lot)
	for _, said := range []people.AgreementState{people.Asked, people.Given} {
		if _, err := s.cfg.People.Say(s.asCounsellor(t), person, int64(lot), people.Saying{State: said}); err != nil {
			t.Fatal(err)
		}
	}
	journey := journeyPath(person)
	for _, path := range []string{"/", candidatesPath(lot), cardPath(lot, person), journey} {
		if a := v.get(path).ok(); strings.Contains(a.body, "redemander") {
			t.Errorf("%s asks again before the position moved", path)
		}
	}
	s.cutInTwo(t, lot)
	for _, path := range []string{"/", candidatesPath(lot), cardPath(lot, person), journey} {
		v.get(path).ok().says("À redemander", "Le lieu ou les horaires du poste ont changé depuis que la question a été posée")
	}
	v.get(cardPath(lot, person)).says("J’en ai reparlé")
	v.get(journey+"/imprimer").ok().says("À redemander", "on vous reposera la question")
	form := url.Values{"personne": {strconv.FormatInt(int64(person), 10)}, "geste": {"given"}}
	v.post(candidatesPath(lot), form).is(http.StatusUnprocessableEntity).says("reposez-la à la personne")
}

// TestWhoAsksAfterAMoveReadsItFirst: a form that was opened before the employer moved the
// position asks nothing; the page says so, and shows the position as it is.
func TestWhoAsksAfterAMoveReadsItFirst(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	lot, _ := s.presented(t)
	v, person := s.visit(t, accounts.Counsellor), s.agreeable(t, lot)
	id, journey := strconv.FormatInt(int64(lot), 10), journeyPath(person)
	scene := func(path string) string { return find(v.get(path).ok().body, `name="lu" value="(\d+)"`) }
	list, card := scene(candidatesPath(lot)), scene(cardPath(lot, person))
	choice := find(v.get(journey).ok().body, `<option value="(`+id+`@\d+)"`)
	if list == "" || card != list || choice != id+"@"+list {
		t.Fatalf("the forms carry %q, %q, %q", list, card, choice)
	}
	s.cutInTwo(t, lot)
	ask := url.Values{"personne": {strconv.FormatInt(int64(person), 10)}, "geste": {"asked"}, "lu": {list}}
	for path, form := range map[string]url.Values{
		candidatesPath(lot):   ask,
		journey + "/accords":  {"poste": {choice}, "geste": {"asked"}},
		journey + "/accords#": {"poste": {id}, "lu": {list}, "geste": {"asked"}},
	} {
		v.post(path, form).is(http.StatusUnprocessableEntity).says("ont changé depuis que vous l’avez lu")
	}
	ask.Set("lu", scene(candidatesPath(lot)))
	v.post(candidatesPath(lot), ask).ok().says("C’est noté")
}

// cutInTwo changes the hours of a position, as its employer does.
func (s *site) cutInTwo(t *testing.T, lot opportunities.LotID) {
	t.Helper()
	cur, err := s.cfg.Opportunities.Get(t.Context(), s.headOf(t, lot).Opportunity)
	if err != nil {
		t.Fatal(err)
	}
	wanted := *cur
	wanted.Lots = append([]opportunities.Lot{}, cur.Lots...)
	for i := range wanted.Lots {
		terms := *wanted.Lots[i].Terms
		terms.Split = !terms.Split
		wanted.Lots[i].Terms = &terms
	}
	if _, err := s.cfg.Opportunities.Update(accounts.With(t.Context(), accounts.TheSystem()), opportunities.By{}, 0, &wanted); err != nil {
		t.Fatal(err)
	}
}
