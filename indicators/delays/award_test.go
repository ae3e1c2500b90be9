package delays

import (
	"context"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/followup"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/territories"
)

// A member won a call of which it said nothing here: somebody confirms the award. That
// is the end of a wait that had no answer, not an answer.
func TestAnAwardIsNoAnswer(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		atlas, err := territories.Load()
		must(err)
		clock, ctx := testkit.NewClock("2026-11-02T08:00:00Z"), accounts.With(context.Background(), accounts.TheSystem())
		members := network.NewService(network.Config{Store: st, Atlas: atlas, Now: clock.Now})
		member, err := members.Save(ctx, &network.Organisation{Role: network.Member, Kind: network.KindACI, Name: "Brindesaule", SIRET: "12345678200119", Active: true, Source: "demo",
			Sites: []network.Site{{Main: true, Commune: "26108", City: "Crest"}}}, 0)
		must(err)
		deadline := clock.Now().AddDate(0, 0, 20).UTC()
		offers := opportunities.NewService(opportunities.Config{Store: st, Atlas: atlas, Now: clock.Now})
		call, err := offers.CreateAndPublish(ctx, opportunities.By{}, &opportunities.Opportunity{Kind: opportunities.Tender, Title: "Espaces verts", BuyerName: "Ville de Livron", Source: "officer", Key: "procedure:a", Deadline: &deadline,
			Place: opportunities.Place{Scope: opportunities.InCommunes, Perimeter: `{"territory":"commune:26165"}`}, Lots: []opportunities.Lot{{Number: "1", Title: "Secteur", Codes: []nomenclatures.Code{{Scheme: nomenclatures.SchemeCPV, Value: "77310000"}}}}})
		must(err)
		match := &matching.Match{LotID: call.Lots[0].ID, OrganisationID: member.ID, State: matching.Proposed, FirstProposedAt: clock.Now().UTC(), UpdatedAt: clock.Now().UTC()}
		must(st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
			if _, err := tx.NewInsert().Model(match).Returning("id").Exec(ctx); err != nil {
				return err
			}
			_, err := members.Credit(ctx, tx, call.Key, []network.Award{{SIRET: member.SIRET, Reference: network.Reference{Title: call.Title, Buyer: call.BuyerName, Year: 2026}}})
			return err
		}))
		clock.Advance(40 * 24 * time.Hour)
		_, err = followup.NewService(followup.Config{Store: st, Atlas: atlas, Now: clock.Now}).Confirm(ctx, match.ID, 0)
		must(err)
		waits, err := NewService(Config{Store: st, Atlas: atlas, Now: clock.Now}).firstAnswers(ctx, clock.Now())
		must(err)
		if len(waits) != 1 || waits[0].event || !waits[0].other || !waits[0].until.Equal(deadline) {
			t.Errorf("the wait is %+v", waits)
		}
	})
}
