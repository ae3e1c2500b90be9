package quality_test

import (
	"context"
	"testing"
	"time"

	"maillage/followup/quality"
	"maillage/matching"
	"maillage/matching/engine"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
)

// The certificate that a committee grants is the one that a lot asks for: the
// journal says so, and the criterion is met; suspended, it no longer is.
func TestTheMatchSeesTheCertificate(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		matches := matching.NewService(matching.Config{Store: h.st, Atlas: h.atlas, Now: h.clock.Now})
		lots := opportunities.NewService(opportunities.Config{Store: h.st, Atlas: h.atlas, Now: h.clock.Now})
		green := []nomenclatures.Code{{Scheme: nomenclatures.SchemeCPV, Value: "77310000"}}
		o, err := h.network.Get(ctx, network.ID(h.near))
		must(t, err)
		o.Activities = []network.Activity{{Codes: green, Modes: []network.Mode{network.Provision}, Zone: `{"territory":"departement:26"}`, Origin: network.Declared, ZoneOrigin: network.Declared}}
		_, err = h.network.Save(system(), o, 0)
		must(t, err)
		deadline := time.Date(2027, 1, 20, 11, 0, 0, 0, time.UTC)
		tender, err := lots.Create(ctx, opportunities.By{}, &opportunities.Opportunity{Kind: opportunities.Tender, Title: "Berges", Source: "officer", Deadline: &deadline,
			Place: opportunities.Place{Scope: opportunities.InCommunes, Perimeter: `{"territory":"commune:26281"}`},
			Lots:  []opportunities.Lot{{Number: "1", Title: "Berges", Codes: green, FTE: 2, Certifications: []opportunities.Requirement{{Code: "cedre"}}}}})
		must(t, err)
		_, err = lots.Publish(ctx, opportunities.By{}, tender.ID, 0)
		must(t, err)
		must(t, matches.Rebuild(ctx, nil))
		told := jobs(t, h.st, network.Changed{}.Kind())

		p := h.granted(h.near, "cedre", "")
		if jobs(t, h.st, network.Changed{}.Kind()) == told {
			t.Fatal("nobody asks for the matches of who was certified")
		}
		must(t, matches.RefreshOrganisations(ctx, []network.ID{network.ID(h.near)}))
		if got := criterion(t, h); got.State != engine.Met {
			t.Fatalf("granted: %+v", got)
		}
		_, err = h.Record(as(h.officer), p.ID, 0, quality.Event{Kind: quality.Interrupted, On: "2026-11-02", Reason: "motif"})
		must(t, err)
		must(t, matches.RefreshOrganisations(ctx, []network.ID{network.ID(h.near)}))
		if got := criterion(t, h); got.State == engine.Met {
			t.Fatalf("suspended: %+v", got)
		}
	})
}

func criterion(t *testing.T, h *house) engine.Finding {
	t.Helper()
	var all []matching.Match
	must(t, h.st.Read().NewSelect().Model(&all).Where("mt.organisation_id = ?", h.near).OrderExpr("mt.id").Scan(context.Background()))
	for _, m := range all {
		for _, f := range m.Explanation {
			if f.Criterion == engine.Certifications {
				return f
			}
		}
	}
	t.Fatalf("no match tells of certifications: %+v", all)
	return engine.Finding{}
}
