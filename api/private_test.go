package api_test

import (
	"context"
	"strings"
	"testing"

	"maillage/api"
	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/network"
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

// An organisation whose sites no commune places touches no officer's perimeter.
func TestWhatIsPrivateOfOnePlacedNowhereIsNoOfficers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	w.near.Sites = []network.Site{{Main: true, City: "Nulle part"}}
	_, err := w.network.Save(context.Background(), w.near, 0)
	must(t, err)
	for who, told := range map[string]bool{"officer": false, "member": true, "admin": true} {
		var got api.Organisation
		w.ask(who, "GET", "/v1/organisations/"+id(w.near.ID), nil).want(200).into(&got)
		if (got.Private != nil) != told {
			t.Errorf("%s reads %+v", who, got.Private)
		}
	}
}

// What a member confirmed is its own: an officer adds to it, and takes nothing away.
func TestAnOfficerDoesNotUnsayWhatAMemberConfirmed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	path := "/v1/organisations/" + id(w.near.ID)
	activity := `{"label":"Haies","codes":["cpv:77310000"],"modes":["prestation"],"zone":{"words":"Drôme"},"fte":3}`
	w.ask("member", "PUT", path+"/activities", `{"activities":[`+activity+`]}`).want(200)
	w.ask("member", "PATCH", path, `{"description":"Ce que nous faisons.","sites":[{"main":true,"commune":"26281","city":"Romans-sur-Isère"}]}`).want(200)
	body := func(description, activities string) string {
		return `{"role":"member","kind":"ACI","name":"Romans Espaces verts","description":"` + description + `","sites":[{"main":true,"commune":"26281","city":"Romans-sur-Isère"}],"activities":[` + activities + `]}`
	}
	p := w.ask("officer", "PUT", path, body("Autre chose.", "")).problem(409, "vouched")
	if len(p.Errors) != 2 || p.Errors[0].Location != "body.description" || p.Errors[1].Location != "body.activities" {
		t.Fatalf("located at %+v", p.Errors)
	}
	w.ask("officer", "PUT", path, body("Ce que nous faisons.", strings.Replace(activity, `"fte":3`, `"fte":9`, 1))).problem(409, "vouched")
	var got api.Organisation
	w.ask("officer", "PUT", path, body("Ce que nous faisons.", activity+`,{"label":"Tonte","codes":["cpv:77314100"]}`)).want(200).into(&got)
	if len(got.Activities) != 2 || got.Activities[0].Origin != "confirmed" || got.Activities[1].Origin == "confirmed" {
		t.Fatalf("kept %+v", got.Activities)
	}
	w.ask("admin", "PUT", path, body("Autre chose.", "")).want(200)
}
