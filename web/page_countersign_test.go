package web

import (
	"html"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/network"
	"maillage/territories"
)

// TestAnAdministratorIsToldWhatIsToConfirm: what an officer opens alone waits on the
// administrator's first page, until it is confirmed.
func TestAnAdministratorIsToldWhatIsToConfirm(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	drome, err := s.cfg.Atlas.Of(territories.Ref{Kind: territories.KindDepartement, Code: "26"})
	if err != nil {
		t.Fatal(err)
	}
	admin := s.visit(t, accounts.Admin)
	if body := admin.get("/").ok().body; strings.Contains(body, "sont à confirmer") {
		t.Error("something is to confirm before anything is opened")
	}
	officer := accounts.With(t.Context(), accounts.Identity{UserID: 1, Role: accounts.Officer, Perimeter: drome, Lang: "fr"})
	if _, err := s.cfg.Network.Save(officer, &network.Organisation{Role: network.Member, Kind: network.KindACI, Name: "Chantier d’exemple", Active: true, Source: "account",
		Email: "contact@chantier.example", Sites: []network.Site{{Main: true, City: "Valence", Commune: "26362"}}}, 0); err != nil {
		t.Fatal(err)
	}
	var id int64
	if err := s.st.Read().NewRaw("SELECT id FROM organisations WHERE opened_by = 1").Scan(t.Context(), &id); err != nil {
		t.Fatal(err)
	}
	scope := accounts.Of(id).In(drome)
	for _, email := range []string{"une@chantier.example", "deux@chantier.example"} {
		_, link, err := s.cfg.Accounts.InviteByLink(officer, scope, accounts.Invite{Email: email, Role: accounts.Member, OrganisationID: id, Contact: "contact@chantier.example"})
		if err != nil {
			t.Fatal(err)
		}
		if email == "une@chantier.example" {
			if _, err := s.cfg.Accounts.Accept(t.Context(), accounts.Acceptance{Secret: link, Name: "Une", Password: "un train passe à l'aube"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	var who string
	if err := s.st.Read().NewRaw("SELECT name FROM users WHERE id = 1").Scan(t.Context(), &who); err != nil {
		t.Fatal(err)
	}
	waits := admin.get("/").ok().says("sont à confirmer").link(countersignPath)
	admin.get(waits).ok().says("Chantier d’exemple", "contact@chantier.example", "Créée le", "par "+html.EscapeString(who), "adresse écrite par", "une@chantier.example", "acceptée", "deux@chantier.example", "pas encore acceptée")
}
