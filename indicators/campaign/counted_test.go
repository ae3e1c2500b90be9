package campaign_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"maillage/indicators/campaign"
	"maillage/indicators/compute"
	"maillage/indicators/microdata"
	"maillage/internal/store"
)

// counts keeps what two workers of an enterprise count for, as the observatory does.
func (h *house) counts(enterprise int64) {
	h.t.Helper()
	hours := func(month int, paid, worked, clause int64) compute.Month {
		return compute.Month{Month: month, Paid: &paid, Worked: &worked, Clause: &clause}
	}
	refs, err := compute.DefaultReferences()
	must(h.t, err)
	part, err := compute.CountOf(&compute.Enterprise{ID: enterprise, Year: 2026, Kind: compute.ACI, Group: "NEAR", Sections: map[compute.Section]compute.Status{compute.Hours: compute.Collected},
		Workers: []compute.Worker{{ID: 1, Sex: compute.SexUnsaid, Months: []compute.Month{hours(3, 10000, 9000, 1000)}}, {ID: 2, Sex: compute.SexUnsaid, Months: []compute.Month{hours(3, 8200, 8000, 0), hours(4, 50, 50, 0)}}}}, refs)
	must(h.t, err)
	lines, err := json.Marshal(part)
	must(h.t, err)
	must(h.t, h.st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewRaw("INSERT INTO figure_parts (enterprise_id, year, kind, economic_group, commune, departement, region, lines) VALUES (?, 2026, 'ACI', 'NEAR', '26281', '26', '84', ?)", enterprise, string(lines)).Exec(ctx)
		return err
	}))
}

// What the observatory counted of the records is there before anybody types.
func TestTheRecordsAnswer(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		r, err := h.known.Import(system(), microdata.File{Sheet: microdata.Enterprises, Name: "x.csv", Content: strings.NewReader("entreprise;annee;type;siret;code_insee;heures\nNEAR;2026;ACI;11000001700019;26281;collecte")})
		must(t, err)
		if r.Rejected > 0 {
			t.Fatalf("%+v", r.Refused)
		}
		var id int64
		must(t, h.st.Read().NewRaw("SELECT id FROM observed_enterprises WHERE key = 'NEAR'").Scan(context.Background(), &id))
		h.counts(id)
		h.opened()
		f := h.form(h.near)
		for code, want := range map[compute.Measure]int64{compute.Workers: 200, compute.PaidHours: 18250, compute.ClauseHours: 1000, compute.FTE: 10} {
			if a := item(t, f, code).Answer; a.Value != want || a.Origin != campaign.FromRecords {
				t.Errorf("%s is %+v, want %d", code, a, want)
			}
		}
	})
}
