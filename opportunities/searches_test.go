package opportunities_test

import (
	"context"
	"testing"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/opportunities"
)

// person makes an account and gives the context in which it acts.
func person(t testing.TB, st *store.Store, email string) context.Context {
	t.Helper()
	ctx := accounts.With(context.Background(), accounts.TheSystem())
	users := must[*accounts.Service](t)(accounts.New(accounts.Config{Store: st, Hardness: accounts.Hardness{Memory: 64, Passes: 1, Threads: 1}}))
	u := must[accounts.User](t)(users.AddUser(ctx, accounts.Invite{Email: email, Role: accounts.Researcher, Lang: "fr"}, "Zoé Martin", "un mot de passe assez long 42"))
	return accounts.With(context.Background(), accounts.Identity{UserID: u.ID, Role: u.Role, Lang: "fr"})
}

func TestASearchIsItsOwners(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		s, _ := service(t, st)
		zoe, other := person(t, st, "zoe@exemple.fr"), person(t, st, "max@exemple.fr")
		criteria := opportunities.Criteria{Text: "ecoles", Territory: `{"territory":"departement:26"}`, Verdicts: []opportunities.Verdict{opportunities.ClauseReserved}}
		made := must[opportunities.Search](t)(s.SaveSearch(zoe, " Écoles de la Drôme ", criteria, opportunities.Daily))
		secret := must[string](t)(s.LinkSearch(zoe, made.ID))
		found := must[opportunities.Search](t)(s.SearchByLink(context.Background(), secret))
		filter := must[opportunities.Filter](t)(found.Criteria.Filter())
		if found.Name != "Écoles de la Drôme" || filter.Text != "ecoles" || opportunities.CriteriaOf(filter).Territory != criteria.Territory || !filter.Public {
			t.Errorf("%+v", found)
		}
		for what, err := range map[string]error{
			"rename": s.SetSearch(other, made.ID, "x", opportunities.Silent), "delete": s.DeleteSearch(other, made.ID), "unlink": s.UnlinkSearch(other, made.ID),
		} {
			if !fault.Is(err, fault.KindNotFound) {
				t.Errorf("%s another's: %v", what, err)
			}
		}
		if err := s.DeleteSearch(context.Background(), made.ID); !fault.Is(err, fault.KindUnauthenticated) {
			t.Errorf("a visitor: %v", err)
		}
		if err := s.SetSearch(zoe, made.ID, "", opportunities.Daily); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("no name: %v", err)
		}
		if err := s.UnlinkSearch(zoe, made.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := s.SearchByLink(context.Background(), secret); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("the link lives: %v", err)
		}
		if err := s.DeleteSearch(zoe, made.ID); err != nil {
			t.Fatal(err)
		}
		if left := must[[]opportunities.Search](t)(s.Searches(zoe)); len(left) != 0 {
			t.Errorf("%d left", len(left))
		}
	})
}
