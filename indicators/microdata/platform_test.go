package microdata_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"maillage/indicators/compute"
	"maillage/indicators/microdata"
	"maillage/internal/store"
)

// sql runs statements; the nouns that own these tables are not this one's to import.
func (h *house) sql(texts ...string) {
	h.t.Helper()
	must(h.t, h.st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error {
		for _, text := range texts {
			if _, err := tx.NewRaw(text).Exec(ctx); err != nil {
				return fmt.Errorf("%s: %w", text, err)
			}
		}
		return nil
	}))
}

// network writes an AI in Crest with three journeys: one that ended with a hiring,
// one under way with hours, one that ended and was erased.
func (h *house) network() {
	now := "'2026-11-01 08:00:00+00:00'"
	org := func(id int, kind string) string {
		return fmt.Sprintf(`INSERT INTO organisations (id, role, kind, siret, name, brand, naf, description, website, email, phone, ess_since, turnover, insurance, excluded_by, active, findings, confirmed, source, digest, folded, revision, created_at, updated_at)
			VALUES (%d, 'member', '%s', '', 'x', '', '', '', '', '', '', '', 0, 0, '[]', %s, '[]', '[]', 'demo', '', '', 1, %s, %s)`, id, kind, h.yes(), now, now)
	}
	person := func(id int, state, entered, ended, erased string) string {
		return fmt.Sprintf(`INSERT INTO people (id, organisation_id, code, key, state, commune, entered_on, available_on, contract_ends, ended_on, erased_at, profile, revision, created_at, updated_at)
			VALUES (%d, 7, 'P-%d', 'K%d', '%s', '26108', '%s', '', '', '%s', %s, '{}', 1, %s, %s)`, id, id, id, state, entered, ended, erased, now, now)
	}
	h.sql(org(7, "AI"), org(8, "OTHER"),
		fmt.Sprintf("INSERT INTO sites (organisation_id, main, address, postcode, city, commune) VALUES (7, %s, '', '', '', '26108')", h.yes()),
		person(41, "ended", "2025-03-01", "2026-09-30", "NULL"), person(42, "active", "2026-02-01", "", "NULL"), person(43, "ended", "2025-01-01", "2025-06-01", now),
		"INSERT INTO person_traits (person_id, sex, birth_year, qpv, updated_at) VALUES (41, 'f', 1990, 'yes', "+now+")",
		fmt.Sprintf("INSERT INTO person_hours (person_id, month, hours, derogated) VALUES (42, '2026-03', 61.5, %s)", h.no()),
		"INSERT INTO opportunities (id, kind, state, title, description, key, buyer_name, buyer_siret, source, links, place, clause, codes, deadline_raw, amount, currency, folded, facets, revision, created_at, updated_at) VALUES (5, 'job_need', 'published', 't', '', '', '', '', 'demo', '[]', '{}', '{}', '[]', '{}', 0, '', '', '{}', 1, "+now+", "+now+")",
		fmt.Sprintf("INSERT INTO lots (id, opportunity_id, number, position, title, description, codes, modes, place, clause, certifications, fte, hours, amount, turnover, insurance, posts, working_days, starts_on, ends_on, deadline_raw, withdrawn, revision, terms, created_at, updated_at) VALUES (6, 5, '1', 1, 't', '', '[]', '[]', '{}', '{}', '[]', 0, 0, 0, 0, 0, 1, 0, '2026-10-01', '2027-09-30', '{}', %s, 1, '{\"contract\":\"cdd\"}', %s, %s)", h.no(), now, now),
		fmt.Sprintf("INSERT INTO proposals (id, ref, person_id, lot_id, organisation_id, employer_id, label, draw, state, reason, sheet, contact, due_at, answered_at, met, revision, created_at, updated_at) VALUES (1, 'r', 41, 6, 7, 8, 'A', 1, 'hired', '', '{}', '{}', %s, '2026-09-20 10:00:00+00:00', %s, 1, %s, %s)", now, h.no(), now, now))
}

func (h *house) yes() string { return h.truth("1", "true") }
func (h *house) no() string  { return h.truth("0", "false") }

func (h *house) truth(lite, pg string) string {
	if h.st.Engine() == store.PostgreSQL {
		return pg
	}
	return lite
}

// What the platform knows of its members becomes records, once, and follows what changes.
func TestThePlatformsEventsAreGathered(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.network()
		n, err := h.Gather(system())
		must(t, err)
		if n != 1 || h.count("observed_workers") != 2 {
			t.Fatalf("%d members, %d workers: who was erased is not carried", n, h.count("observed_workers"))
		}
		d := h.load(2026)
		if d.Kind != compute.AI || len(d.Workers) != 2 || d.Answers[compute.Cooperating].Status != compute.Collected {
			t.Fatalf("%+v", d)
		}
		left := d.Workers[0]
		if left.Sex != compute.Women || left.Born != 1990 || len(left.Publics) != 1 || len(left.Exits) != 1 || len(left.Placed) != 1 {
			t.Fatalf("%+v", left)
		}
		if x := left.Exits[0]; x.Motive != compute.CDD || x.Days != 365 {
			t.Errorf("%+v", x)
		}
		if m := d.Workers[1].Months; len(m) != 1 || *m[0].Worked != 6150 {
			t.Errorf("%+v", m)
		}
		before := h.count("figure_changes")
		if n, err := h.Gather(system()); err != nil || n != 0 || h.count("figure_changes") != before {
			t.Errorf("again: %d changed, %v", n, err)
		}
		h.sql("UPDATE person_hours SET hours = 70 WHERE person_id = 42", "DELETE FROM proposals", "UPDATE people SET erased_at = '2026-12-01 00:00:00+00:00' WHERE id = 41")
		if n, err := h.Gather(system()); err != nil || n != 1 {
			t.Errorf("after a change: %d, %v", n, err)
		}
		d = h.load(2026)
		if len(d.Workers) != 2 || *d.Workers[1].Months[0].Worked != 7000 || d.Workers[0].Exits[0].Motive != compute.CDD {
			t.Errorf("an erased journey keeps its count, without a link: %+v", d.Workers)
		}
		var marks []string
		must(t, h.st.Read().NewRaw("SELECT mark FROM observed_workers ORDER BY id").Scan(context.Background(), &marks))
		if !strings.HasPrefix(marks[0], "gone:") {
			t.Errorf("%v", marks)
		}
		if n, err := h.Gather(system()); err != nil || n != 0 {
			t.Errorf("again: %d changed, %v", n, err)
		}
	})
}

// An enterprise that sends files is left to its files: nobody is counted twice.
func TestWhoSendsFilesIsLeftToThem(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.network()
		_, err := h.Gather(system())
		must(t, err)
		h.kept(microdata.Workers, "entreprise;salarie;sexe", "M-7;S-1;f")
		n, err := h.Gather(system())
		must(t, err)
		if n != 1 || h.count("observed_workers") != 1 || h.count("observed_exits") != 0 {
			t.Errorf("%d changed, %d workers, %d exits", n, h.count("observed_workers"), h.count("observed_exits"))
		}
		if n, err := h.Gather(system()); err != nil || n != 0 {
			t.Errorf("again: %d changed, %v", n, err)
		}
	})
}

// load reads what counts of the one enterprise.
func (h *house) load(year int) *compute.Enterprise {
	h.t.Helper()
	var ids []int64
	must(h.t, h.st.Read().NewRaw("SELECT id FROM observed_enterprises ORDER BY id").Scan(context.Background(), &ids))
	out, err := microdata.Load(context.Background(), h.st.Read(), year, ids)
	must(h.t, err)
	if len(out) != 1 {
		h.t.Fatalf("%d enterprises in %d", len(out), year)
	}
	return out[0].Counts
}

// A place in a training is no hiring: it is neither how somebody left nor work found.
func TestAPlaceInATrainingIsNoHiring(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.network()
		h.sql(`INSERT INTO opportunities (id, kind, state, title, description, key, buyer_name, buyer_siret, source, links, place, clause, codes, deadline_raw, amount, currency, folded, facets, revision, created_at, updated_at)
				SELECT 9, 'training_session', state, title, description, 'k9', buyer_name, buyer_siret, source, links, place, clause, codes, deadline_raw, amount, currency, folded, facets, revision, created_at, updated_at FROM opportunities WHERE id = 5`,
			`INSERT INTO lots (id, opportunity_id, number, position, title, description, codes, modes, place, clause, certifications, fte, hours, amount, turnover, insurance, posts, working_days, starts_on, ends_on, deadline_raw, withdrawn, revision, terms, created_at, updated_at)
				SELECT 10, 9, number, position, title, description, codes, modes, place, clause, certifications, fte, hours, amount, turnover, insurance, posts, working_days, '2026-10-05', '2026-10-09', deadline_raw, withdrawn, revision, '{}', created_at, updated_at FROM lots WHERE id = 6`,
			`INSERT INTO proposals (id, ref, person_id, lot_id, organisation_id, employer_id, label, draw, state, reason, sheet, contact, due_at, answered_at, met, revision, created_at, updated_at)
				SELECT 2, 'r2', person_id, 10, organisation_id, 7, label, draw, state, reason, sheet, contact, due_at, '2026-09-25 10:00:00+00:00', met, revision, created_at, updated_at FROM proposals WHERE id = 1`)
		_, err := h.Gather(system())
		must(t, err)
		left := h.load(2026).Workers[0]
		if len(left.Placed) != 1 || len(left.Exits) != 1 || left.Exits[0].Motive != compute.CDD || left.Exits[0].Days != 365 {
			t.Errorf("placed %+v, left %+v", left.Placed, left.Exits)
		}
	})
}
