package microdata_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/indicators/compute"
	"maillage/indicators/microdata"
	"maillage/internal/store"
)

// One leaving is one exit, in one file or in two, whatever day it is corrected to.
func TestAJourneyIsLeftOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.kept(microdata.Enterprises, "entreprise;annee;type", "E-1;2011;ACI", "E-1;2012;ACI")
		head := "entreprise;salarie;date;motif;entree_le;supprimer"
		if r := h.in(system(), microdata.Exits, head, "E-1;S-1;29/06/2011;cdi;01/01/2011;", "E-1;S-1;30/06/2011;cdi;01/01/2011;"); told(r) != "3:date" || r.Made != 1 {
			t.Errorf("two in one file: %s, made %d", told(r), r.Made)
		}
		r := h.in(system(), microdata.Exits, head, "E-1;S-1;01/07/2011;cdi;01/01/2011;")
		if told(r) != "2:date" || !strings.Contains(r.Refused[0].Faults[0].Text.FR, "29/06/2011") {
			t.Errorf("a correction in a second file says what is there: %+v", r.Refused)
		}
		if r := h.kept(microdata.Exits, head, "E-1;S-1;01/07/2011;cdi;01/01/2011;", "E-1;S-1;29/06/2011;cdi;;oui"); r.Made != 1 || r.Removed != 1 || h.count("observed_exits") != 1 {
			t.Errorf("what is corrected replaces, in any order of the rows: %+v", r)
		}
		h.kept(microdata.Exits, head, "E-1;S-1;01/03/2012;siae;01/01/2012;")
		h.kept(microdata.Contracts, "entreprise;salarie;debut", "E-1;S-1;01/05/2012")
		h.kept(microdata.Exits, head, "E-1;S-1;30/09/2012;cdi;;")
		if h.count("observed_exits") != 3 {
			t.Error("who comes back, by another entry or another contract, leaves again")
		}
	})
}

// The rules that stop a questionnaire stop a file, and name the rows at fault.
func TestAnswersOfAFileAgree(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.kept(microdata.Enterprises, "entreprise;annee;type", "E-1;2011;ACI")
		head := "entreprise;annee;question;valeur"
		if r := h.in(system(), microdata.Answers, head, "E-1;2011;boards.women;9", "E-1;2011;boards.positions;3", "E-1;2011;sales;10"); told(r) != "2:valeur 3:valeur" || r.Made != 1 {
			t.Errorf("%s, made %d", told(r), r.Made)
		}
		h.kept(microdata.Answers, head, "E-1;2011;boards.positions;3")
		if r := h.in(system(), microdata.Answers, head, "E-1;2011;boards.women;4"); told(r) != "2:valeur" {
			t.Errorf("beside what is kept: %s", told(r))
		}
		h.kept(microdata.Answers, head, "E-1;2011;boards.women;4", "E-1;2011;boards.positions;8")
	})
}

func TestReferenceHoursThatCountNothingAreRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		head := "type;annee;heures;base;source"
		if r := h.in(system(), microdata.References, head, "AI;2025;-;travaillees;arrêté", "ACI;2025;0;payees;arrêté"); told(r) != "2:heures 3:heures" {
			t.Errorf("no hours: %s", told(r))
		}
		h.kept(microdata.References, head, "AI;2025;1592;travaillees;arrêté")
		r := h.in(system(), microdata.References, head, "AI;2024;1999;travaillees;a", "ACI;2024;1997;payees;a", "EI;2024;1993;payees;a", "ETTI;2024;1987;payees;a", "EITI;2024;1979;payees;a")
		if told(r) != "3:heures 4:heures 5:heures 6:heures" || r.Made != 1 {
			t.Errorf("hours that no fraction of an hour divides: %s", told(r))
		}
		refs, err := microdata.ReferencesIn(context.Background(), h.st.Read())
		must(t, err)
		for _, year := range []int{2024, 2025} {
			if _, err := refs.Parts(year); err != nil {
				t.Error(err)
			}
		}
	})
}

// A code that is another enterprise's is refused, and no import moves a tie.
func TestAnEnterpriseKeepsItsName(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.members(map[int64]string{16: "00000016600017", 20: "00000020800017"})
		member := func(id int64) context.Context {
			return accounts.With(context.Background(), accounts.Identity{UserID: 3, Role: accounts.Member, OrganisationID: id})
		}
		head := "entreprise;annee;type;siret"
		for _, row := range []string{"00000016600017-ACI;2022;ACI;00000020800017", "00000016600017-ACI;2022;ACI;", "00000099900017-ACI;2022;ACI;00000020800017"} {
			if r := h.in(member(20), microdata.Enterprises, head, row); told(r) != "2:entreprise" {
				t.Errorf("%s: %q, made %d", row, told(r), r.Made)
			}
		}
		if r := h.in(member(16), microdata.Enterprises, head, "00000016600017-ACI;2022;ACI;"); r.Made != 1 {
			t.Errorf("its own: %+v", r)
		}
		h.kept(microdata.Enterprises, head, "E-20;2022;ACI;00000020800017")
		if r := h.in(system(), microdata.Enterprises, head, "E-20;2023;ACI;00000016600017"); told(r) != "2:siret" {
			t.Errorf("an import moved a tie: %q", told(r))
		}
		if got := h.tied(); got != "00000016600017-ACI=16 E-20=20" {
			t.Error(got)
		}
	})
}

// What was declared under a member's code and tied to another is left to the other:
// the answers of the member go to an enterprise of its own.
func TestAnswersOfACampaignGoToNobodyElse(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.members(map[int64]string{16: "00000016600017", 20: "00000020800017"})
		h.sql("INSERT INTO observed_enterprises (key, organisation_id, salt, created_at) VALUES ('00000016600017-ACI', 20, 's', '2026-11-01 08:00:00+00:00')")
		must(t, h.st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error {
			_, err := h.Answered(ctx, tx, microdata.Member{Organisation: 16, SIRET: "00000016600017", Year: 2022, Kind: compute.ACI}, map[compute.Measure]compute.Answer{compute.Tonnes: {Status: compute.Collected, Value: 100}})
			return err
		}))
		if got := h.tied(); got != "00000016600017-ACI=20 O16-ACI=16" {
			t.Error(got)
		}
	})
}

// members writes pages of ACI of the platform.
func (h *house) members(sirets map[int64]string) {
	h.t.Helper()
	for id, siret := range sirets {
		h.sql(fmt.Sprintf(`INSERT INTO organisations (id, role, kind, siret, name, brand, naf, description, website, email, phone, ess_since, turnover, insurance, excluded_by, active, findings, confirmed, source, digest, folded, revision, created_at, updated_at)
			VALUES (%d, 'member', 'ACI', '%s', 'x', '', '', '', '', '', '', '', 0, 0, '[]', %s, '[]', '[]', 'demo', '', '', 1, '2026-11-01 08:00:00+00:00', '2026-11-01 08:00:00+00:00')`, id, siret, h.yes()))
	}
}

// tied lists whose each enterprise is.
func (h *house) tied() string {
	h.t.Helper()
	var rows []string
	must(h.t, h.st.Read().NewRaw("SELECT key || '=' || organisation_id FROM observed_enterprises ORDER BY key").Scan(context.Background(), &rows))
	return strings.Join(rows, " ")
}
