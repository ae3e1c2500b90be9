package matching

import (
	"reflect"
	"testing"
	"time"

	"maillage/matching/engine"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/territories"
)

// Every fact that the engine reads of either side can be stated: a whole
// example of what the nouns keep leaves no field empty.
func TestEveryFactOfTheEngineIsFed(t *testing.T) {
	t.Parallel()
	atlas, err := territories.Load()
	if err != nil {
		t.Fatal(err)
	}
	f := feed{atlas}
	e, ok := f.enterprise(wholeOrganisation(), wholeTies())
	if !ok {
		t.Fatal("the example is no candidate")
	}
	empty := map[string]bool{}
	unfed(empty, "", reflect.ValueOf(*e))
	delete(empty, "LastProposed") // known from the matches: see putOrganisations
	ties := map[network.ID]network.Ties{7: wholeTies(), 8: wholeTies()}
	tender := wholeOpportunity(opportunities.Tender)
	l := tender.Lots[0].In(tender)
	fedTender := f.lot(&l, ties)
	unfed(empty, "Lot.", reflect.ValueOf(*fedTender))
	delete(empty, "Lot.IssuerTies")
	delete(empty, "Lot.Holidays") // empty is the calendar of metropolitan France
	call := wholeOpportunity(opportunities.PartnerCall)
	l = call.Lots[0].In(call)
	if fed := f.lot(&l, ties); len(fed.IssuerTies) == 0 || fed.Buyer != 8 {
		t.Errorf("a call for partners: %+v", fed)
	}
	for name := range empty {
		t.Errorf("%s is never fed", name)
	}
}

// unfed names the fields that are empty, those of the first reference among them.
func unfed(into map[string]bool, path string, v reflect.Value) {
	for i := range v.NumField() {
		field, value := v.Type().Field(i), v.Field(i)
		name := path + field.Name
		if value.IsZero() {
			into[name] = true
			continue
		}
		if list, ok := value.Interface().([]engine.Reference); ok {
			unfed(into, name+".", reflect.ValueOf(list[0]))
		}
	}
}

func wholeTies() network.Ties {
	return network.Ties{Groups: []network.GroupTie{{ID: 3, Name: "Groupe"}}}
}

func wholeOrganisation() *network.Organisation {
	return &network.Organisation{
		ID: 5, Revision: 2, Role: network.Member, Kind: network.KindACI, SIRET: "44306184100047", Name: "Brindesaule", Email: "contact@brindesaule.example", Active: true,
		Turnover: 400_000, Insurance: 1_000_000, ExcludedBy: []network.SIRET{"26260018200014"},
		Confirmed: []string{"statuses", "certifications", "references"},
		Sites:     []network.Site{{Main: true, Commune: "26108"}},
		Statuses:  []network.Status{{Kind: network.ConventionACI, From: "2026-01-01", Until: "2026-12-31", FTE: 2.9, Origin: network.Declared}},
		Activities: []network.Activity{{
			ID: 9, Codes: []nomenclatures.Code{{Scheme: nomenclatures.SchemeCPV, Value: "77310000"}}, Modes: []network.Mode{network.Provision},
			Zone: `{"territory":"departement:26"}`, Origin: network.Declared, ZoneOrigin: network.Declared,
		}},
		Certifications: []network.Certification{{Code: "cedre", From: "2026-01-01"}},
		References: []network.Reference{{Title: "Parc", Code: "77310000", Place: `{"territory":"commune:26165"}`,
			BuyerSIRET: "26260018200014", ReservedESS: true, Year: 2025}},
	}
}

func wholeOpportunity(kind opportunities.Kind) *opportunities.Opportunity {
	buyer, publisher, asked := int64(7), int64(8), 2
	deadline := time.Date(2026, 12, 7, 11, 0, 0, 0, time.UTC)
	return &opportunities.Opportunity{
		ID: 4, Kind: kind, State: opportunities.Awarded, Title: "Espaces verts", BuyerID: &buyer, PublisherID: &publisher,
		BuyerSIRET: "26260018200014", Deadline: &deadline, UpdatedAt: deadline,
		Insertion: &opportunities.Insertion{Holders: []opportunities.Holder{{Name: "Bâtir SA", SIRET: "44306184100047"}}, Share: 0.05, Supposed: true},
		Place:     opportunities.Place{Scope: opportunities.InCommunes, Perimeter: `{"territory":"commune:26165"}`},
		Clause:    opportunities.Clause{Verdict: opportunities.ClauseReserved, ReservedTo: opportunities.ReservedSIAE, Hours: 420},
		Lots: []opportunities.Lot{{
			Wider: `{"territory":"departement:26"}`,
			ID:    6, Revision: 3, Number: "1", Title: "Berges", Codes: []nomenclatures.Code{{Scheme: nomenclatures.SchemeCPV, Value: "77310000"}},
			Modes: []string{string(network.Provision)}, Certifications: []opportunities.Requirement{{Code: "cedre", Required: true}},
			FTE: 5, Hours: 900, Amount: 60_000, Turnover: 100_000, Insurance: 500_000, References: &asked, WorkingDays: 6,
			StartsOn: "2027-01-01", EndsOn: "2028-12-31",
		}},
	}
}
