package demo_test

import (
	"context"
	"slices"
	"testing"

	"maillage/accounts"
	"maillage/demo"
	"maillage/matching/placement"
)

// presented: the employer of Valence has cards to look at, one of which it left
// without an answer, and the counsellor sees what waits.
func presented(t *testing.T, cfg demo.Config) {
	t.Helper()
	s := placement.NewService(placement.Config{Store: cfg.Store, Atlas: cfg.Atlas, Now: cfg.Now})
	employer, cip := as(t, cfg, accounts.Employer), as(t, cfg, accounts.Counsellor)
	needs, err := s.Needs(employer)
	if err != nil || len(needs) != 1 || needs[0].Cards != 3 || needs[0].ToAnswer != 2 || !needs[0].Late {
		t.Fatalf("the employer has %+v, %v", needs, err)
	}
	got, err := s.Received(employer, needs[0].Position.Lot)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range got.Cards {
		t.Logf("%s: %v %v %v %v", c.Label, c.OnSite, c.Strengths, c.Available, c.Contact)
		if len(c.Strengths) == 0 || c.Contact == nil {
			t.Errorf("a card says nothing: %+v", c)
		}
	}
	board, err := s.Board(cip)
	if err != nil || len(board.Running) != 3 || board.Late != 1 || board.FreshFor == 0 ||
		!slices.ContainsFunc(board.Agreement, func(a placement.AgreedWith) bool { return a.Position.Lot == needs[0].Position.Lot }) {
		t.Errorf("the counsellor has %+v, %v", board, err)
	}
}

func as(t *testing.T, cfg demo.Config, role accounts.Role) context.Context {
	t.Helper()
	users, err := cfg.Accounts.Users(accounts.With(context.Background(), accounts.TheSystem()), accounts.UserFilter{Role: role})
	if err != nil || len(users) != 1 {
		t.Fatalf("%d accounts of role %s, %v", len(users), role, err)
	}
	return accounts.With(context.Background(), accounts.Identity{UserID: users[0].ID, Role: role, OrganisationID: users[0].OrganisationID})
}
