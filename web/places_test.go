package web

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/internal/store"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
)

// leave takes the places of every lot of a need but a number of the first one.
func (s *site) leave(t testing.TB, id opportunities.ID, left int) *opportunities.Opportunity {
	t.Helper()
	o, err := s.cfg.Opportunities.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for i := range o.Lots {
		for of := o.Lots[i].Left(); of > map[bool]int{true: left}[i == 0]; of-- {
			err := s.st.InTx(t.Context(), func(ctx context.Context, tx store.Tx) error {
				return s.cfg.Opportunities.Take(ctx, tx, o.Lots[i].ID, s.cfg.Clock())
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	o, err = s.cfg.Opportunities.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// TestThePlacesLeftAreSaidAtEveryDoor: the list, the need, the counsellor's page of it
// and the employer's home say how many places are left, then that it is filled, in
// both languages; a filled need is in no list of what is open.
func TestThePlacesLeftAreSaidAtEveryDoor(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	lot, _ := s.presented(t)
	id := s.headOf(t, lot).Opportunity
	o, err := s.cfg.Opportunities.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	o.Lots[0].Posts = 3 + o.Lots[0].Taken
	if o, err = s.cfg.Opportunities.Update(t.Context(), opportunities.By{}, 0, o); err != nil {
		t.Fatal(err)
	}
	employer, cip, anybody := s.visit(t, accounts.Employer), s.visit(t, accounts.Counsellor), s.visit(t, "")
	list := "/marches?remise=toutes&nature=" + string(o.Kind)
	look := func(fr, en string) {
		t.Helper()
		for lang, words := range map[string]string{"fr": fr, "en": en} {
			anybody.with("Accept-Language", lang).get(list).ok().says(words)
			anybody.with("Accept-Language", lang).get(opportunityPath(id)).ok().says(words)
			employer.with("Accept-Language", lang).get("/").ok().says(words)
			cip.with("Accept-Language", lang).get(opportunityPath(id)).ok().says(words)
			cip.with("Accept-Language", lang).get(candidatesPath(o.Lots[0].ID)).ok().says(words)
		}
	}
	o = s.leave(t, id, 2)
	_, of := o.Places()
	look("2 places restantes sur "+strconv.Itoa(of), "2 places left of "+strconv.Itoa(of))
	anybody.get("/marches?nature=" + string(o.Kind)).ok().says(o.Title)
	o = s.leave(t, id, 0)
	filled := map[opportunities.Kind]string{opportunities.JobNeed: "Pourvu", opportunities.TrainingSession: "Complète"}[o.Kind]
	look(or(filled, "Pourvue"), "Filled")
	anybody.get(opportunityPath(id)).ok().says("Toutes les places sont pourvues")
	for _, path := range []string{"/marches?nature=", "/marches.atom?nature=", "/marches.ics?remise=toutes&nature="} {
		if a := anybody.get(path + string(o.Kind)).ok(); strings.Contains(a.body, opportunityPath(id)+`"`) || strings.Contains(a.body, opportunityPath(id)+"\r") {
			t.Errorf("%s holds a filled need", path)
		}
	}
}

// needOf makes a need of an offer, each lot for one person in the modes of enterprises.
func (s *site) needOf(t testing.TB, id opportunities.ID) {
	t.Helper()
	o, err := s.cfg.Opportunities.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	o.Kind = opportunities.JobNeed
	for i := range o.Lots {
		o.Lots[i].Posts, o.Lots[i].Modes = 1, []string{string(network.Provision), string(network.Staffing), string(network.Supply)}
	}
	if _, err := s.cfg.Opportunities.Update(t.Context(), opportunities.By{}, 0, o); err != nil {
		t.Fatal(err)
	}
}

// TestAFilledNeedAsksNoMember: the enterprise that a need suits reads that it is
// filled, and is asked to decide nothing.
func TestAFilledNeedAsksNoMember(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	member := s.visit(t, accounts.Member)
	var me network.ID
	if err := s.st.Read().NewRaw("SELECT organisation_id FROM users WHERE role = ? ORDER BY id LIMIT 1", accounts.Member).Scan(t.Context(), &me); err != nil {
		t.Fatal(err)
	}
	found, err := s.cfg.Matching.MatchesOfOrganisation(t.Context(), me, matching.Query{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range found.Matches {
		path := answerPath(item.Match)
		if item.Match == 0 || !strings.Contains(member.get("/reponses").ok().body, `href="`+path+`"`) {
			continue
		}
		s.needOf(t, item.Lot.OpportunityID)
		if !strings.Contains(member.get("/reponses").ok().body, `href="`+path+`"`) {
			continue
		}
		s.leave(t, item.Lot.OpportunityID, 0)
		if a := member.get("/reponses").ok(); strings.Contains(a.body, `href="`+path+`"`) {
			t.Error("a filled need waits for an answer")
		}
		if a := member.get("/reponses?etat=past").ok().says("Plus de place"); !strings.Contains(a.body, `href="`+path+`"`) {
			t.Error("a filled need is lost to its history")
		}
		member.get(path).ok().says("Toutes les places sont pourvues")
		if a := s.visit(t, accounts.Admin).get(lotPath(item.Lot)).ok().says("Qui pouvait répondre", "Pour mémoire"); strings.Contains(text(a.body), "Qui peut répondre") {
			t.Error("a filled need is ranked for the administration as if it were open")
		}
		return
	}
	t.Error("no need suits the member: the page proves nothing")
}
