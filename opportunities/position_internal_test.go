package opportunities

import (
	"encoding/json"
	"reflect"
	"testing"

	"maillage/territories"
)

// FuzzTerms: whatever a program sends, every fault is in a field of the terms,
// and what is accepted is read back from the database as it was kept.
func FuzzTerms(f *testing.F) {
	atlas, err := territories.Load()
	if err != nil {
		f.Fatal(err)
	}
	f.Add("job_need", `{"contract":"cdi","hours":24,"slots":5,"aptitudes":[{"code":"permis-b","required":true}],"languages":[{"language":" FR"}],"contact":{"name":" A\u0000 "}}`)
	f.Add("training_session", `{"audience":"staff","outcomes":[{"code":"chambres","level":9}],"leads":["N1101","N1101"]}`)
	f.Add("immersion", `{"aim":"x","hours":-1,"reach":1e300,"aptitudes":[]}`)
	f.Fuzz(func(t *testing.T, kind, text string) {
		var terms Terms
		if json.Unmarshal([]byte(text), &terms) != nil {
			return
		}
		o := &Opportunity{Kind: Kind(kind), Title: "Poste", BuyerName: "Hôtel", Place: Place{Scope: WholeCountry}, Lots: []Lot{{Terms: &terms, StartsOn: "2027-01-04"}}}
		if err := (&checker{atlas: atlas}).check(o); err != nil {
			return
		}
		kept := o.Lots[0].Terms
		if kept == nil {
			return
		}
		body, err := json.Marshal(kept)
		if err != nil {
			t.Fatalf("%+v is not kept: %v", kept, err)
		}
		var back Terms
		if err := json.Unmarshal(body, &back); err != nil || !reflect.DeepEqual(*kept, back) {
			t.Errorf("%s is read back as %+v, not %+v: %v", body, back, *kept, err)
		}
		if err := (&checker{atlas: atlas}).check(o); err != nil {
			t.Errorf("accepted, then refused: %v", err)
		}
	})
}
