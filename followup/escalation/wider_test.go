package escalation_test

import (
	"context"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/followup"
	"maillage/followup/escalation"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/matching/placement"
	"maillage/opportunities"
	"maillage/people"
	"maillage/territories"
)

func (h *house) look(o *opportunities.Opportunity) {
	h.t.Helper()
	must(h.t, h.matches.RefreshLots(h.system(), []opportunities.LotID{o.Lots[0].ID}))
}

// Nobody wants a lot: its officer looks further in one gesture, in the EPCI then in
// the département. Those whom that reaches are told at once, and nobody else.
func TestASearchIsWidened(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		aouste, valence := h.member("Aouste", "26011", 1), h.member("Valence", "26362", 1)
		h.person("kim", accounts.Member, int64(aouste.ID), "")
		h.person("val", accounts.Member, int64(valence.ID), "")
		nord := h.person("nord", accounts.Officer, 9003, `{"territory":"departement:59"}`)
		epci, drome := territories.Ref{Kind: territories.KindEPCI, Code: "200040509"}, territories.Ref{Kind: territories.KindDepartement, Code: "26"}
		o := h.tender("Haies", "26108", "2026-12-18T11:00:00Z")
		lot := o.Lots[0].ID
		want(t, "three weeks before", h.letters())
		h.on("2026-12-04")
		want(t, "ten working days before", h.letters(), "alix: match Haies 1 last=false;", "drome: offer Haies epci:200040509;")
		for who, n := range map[*accounts.Identity]int{&h.drome: 1, &nord: 0, &h.country: 1} {
			if offers, err := h.Offers(h.as(*who)); err != nil || len(offers) != n {
				t.Errorf("%s is offered %+v %v", who.Name, offers, err)
			}
		}
		if err := h.Widen(h.as(nord), lot, epci); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("an officer of elsewhere widens: %v", err)
		}
		if err := h.Widen(h.as(h.drome), lot, drome); !fault.Is(err, fault.KindConflict) {
			t.Errorf("a step is skipped: %v", err)
		}
		for range 2 {
			must(t, h.Widen(h.as(h.drome), lot, epci))
		}
		h.look(o)
		if h.match(o, aouste) == 0 || h.match(o, valence) != 0 {
			t.Fatal("the EPCI reaches Aouste and not Valence")
		}
		want(t, "the new one alone", h.letters(), "kim: wider Haies;")
		if got := h.history(h.match(o, aouste)); got != "proposed>notified" {
			t.Errorf("its events: %s", got)
		}
		if cur, err := h.lots.Get(h.system(), o.ID); err != nil || cur.Revision != o.Revision || cur.Lots[0].Place.Perimeter != o.Lots[0].Place.Perimeter {
			t.Errorf("what the buyer asks changed: %+v %v", cur, err)
		}
		h.on("2026-12-07")
		want(t, "a day later", h.letters(), "alix: match Haies 2 last=false;")
		h.on("2026-12-08")
		want(t, "still nobody", h.letters(), "drome: offer Haies departement:26;", "kim: match Haies 1 last=false;")
		must(t, h.Widen(h.as(h.drome), lot, drome))
		h.look(o)
		want(t, "the département", h.letters(), "val: wider Haies;")
		if offers, err := h.Offers(h.as(h.drome)); err != nil || len(offers) != 0 {
			t.Errorf("and then %+v %v", offers, err)
		}
	})
}

// Somebody is interested: nothing is offered.
func TestALotThatSomebodyWantsIsNotWidened(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		o := h.tender("Haies", "26108", "2026-12-18T11:00:00Z")
		_, err := h.follow.Move(h.as(h.alix), h.match(o, h.crest), 0, followup.Step{To: followup.Interested})
		must(t, err)
		h.on("2026-12-08")
		want(t, "wanted", h.letters())
		if offers, err := h.Offers(h.as(h.drome)); err != nil || len(offers) != 0 {
			t.Errorf("offered %+v %v", offers, err)
		}
	})
}

// A person hired three months ago is asked about, without being named.
func TestAPersonHiredIsAskedAbout(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.person("cip", accounts.Counsellor, int64(h.crest.ID), "")
		o := h.tender("Haies", "26108", "2028-12-18T11:00:00Z")
		h.hire(o)
		h.on("2027-02-26")
		if got := strings.Join(h.letters(), "|"); strings.Contains(got, "tenure") {
			t.Fatalf("too early: %s", got)
		}
		h.on("2027-03-01")
		if got := strings.Join(h.letters(), "|"); !strings.Contains(got, "cip: tenure in_post_3 1;") {
			t.Fatalf("at three months: %s", got)
		}
		h.on("2027-03-02")
		if got := strings.Join(h.letters(), "|"); strings.Contains(got, "tenure") {
			t.Fatalf("again: %s", got)
		}
		h.write("INSERT INTO tenures (proposal_id, state, since, motive, revision, updated_at) SELECT id, 'left', created_at, 'contract_end', 1, created_at FROM proposals")
		h.on("2027-06-01")
		if got := strings.Join(h.letters(), "|"); strings.Contains(got, "tenure") {
			t.Fatalf("who left: %s", got)
		}
	})
}

// The whole ladder of rungs is in order.
func TestRungs(t *testing.T) {
	t.Parallel()
	if r := escalation.Rungs(); len(r) != 3 || r[0] != escalation.Territory || r[2] != escalation.Federation {
		t.Errorf("rungs %v", r)
	}
}

// hire makes a person of the enterprise hired on the first of December.
func (h *house) hire(o *opportunities.Opportunity) {
	h.t.Helper()
	at, structure := h.clock.Now().AddDate(0, 0, 1), int64(h.crest.ID)
	cip := accounts.With(context.Background(), accounts.Identity{UserID: 1, Role: accounts.Counsellor, OrganisationID: structure})
	p, err := people.NewService(people.Config{Store: h.st, Atlas: h.atlas, Now: h.clock.Now}).Create(cip, &people.Person{OrganisationID: structure, Commune: "26108", EnteredOn: "2026-03-02"})
	must(h.t, err)
	hired := &placement.Proposal{Ref: "r", PersonID: p.ID, LotID: o.Lots[0].ID, OrganisationID: structure, EmployerID: structure, Label: "A7", State: placement.Hired,
		DueAt: at, AnsweredAt: &at, WasMet: true, Revision: 2, CreatedAt: at, UpdatedAt: at}
	must(h.t, h.st.InTx(cip, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewInsert().Model(hired).Returning("id").Exec(ctx)
		return err
	}))
}
