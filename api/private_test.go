package api_test

import (
	"context"
	"strings"
	"testing"

	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/nomenclatures"
	"maillage/opportunities"
)

// An employer learns whether a candidate is large enough, not how large it is.
func TestTheCapacityOfACandidateIsNotTheBuyers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	w.near.Activities[0].FTE = 1.5
	near, err := w.network.Save(context.Background(), w.near, 0)
	must(t, err)
	own, deadline := int64(w.employer.ID), w.clock.Now().AddDate(0, 1, 0)
	o := w.published(&opportunities.Opportunity{Kind: opportunities.PrivatePurchase, Title: "Haies", Source: "employer", BuyerID: &own, PublisherID: &own, Place: drome(),
		Codes: []nomenclatures.Code{cpv("77310000")}, Deadline: &deadline, Lots: []opportunities.Lot{{Number: "1", Title: "Haies", FTE: 4}}})
	must(t, w.matching.RefreshLots(context.Background(), []opportunities.LotID{o.Lots[0].ID}))
	for who, told := range map[string]bool{"employer": false, "officer": true, "admin": true} {
		var got matching.Answer
		body := w.ask(who, "GET", "/v1/lots/"+id(o.Lots[0].ID)+"/matches", nil).want(200).into(&got).body
		if len(got.Matches) == 0 || got.Matches[0].Organisation.ID != near.ID {
			t.Fatalf("%s: no match: %s", who, body)
		}
		for _, c := range got.Matches[0].Criteria {
			if c.Criterion != "capacity" {
				continue
			}
			if c.State != "partial" || c.Params.Want != 4 || (c.Params.Have == 1.5) != told || (c.By == 2.5) != told ||
				strings.Contains(c.Sentence.FR+c.Seen.FR, "1,5") != told || (c.Value == 0.375) != told {
				t.Errorf("%s reads %+v", who, c)
			}
		}
	}
}
