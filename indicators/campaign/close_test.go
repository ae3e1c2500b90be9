package campaign_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/indicators/campaign"
	"maillage/indicators/compute"
	"maillage/internal/fault"
	"maillage/internal/testkit"
)

func (h *house) state() campaign.State {
	h.t.Helper()
	c, err := h.Campaign(as(h.admins), 2026)
	must(h.t, err)
	return c.State
}

// rows counts what a query finds.
func (h *house) rows(table, where string, args ...any) int64 {
	h.t.Helper()
	n, err := h.st.Read().NewSelect().Table(table).Where(where, args...).Count(context.Background())
	must(h.t, err)
	return n
}

// The day after its last day a campaign closes by itself, once, whatever the number
// of processes; what was sent joins the observatory, and the trace says the system.
func TestACampaignClosesByItself(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		c := h.opened()
		h.answer(h.alix, "tonnes", "12")
		h.rest(h.alix)
		_, err := h.Submit(as(h.alix), h.of(h.near), 0)
		must(t, err)
		h.to("2027-03-31T21:30:00Z") // 23:30 in Paris: still the last day
		if h.state() != campaign.Open {
			t.Fatal("the last day is not over")
		}
		h.clock.Advance(time.Hour)
		done := make(chan error, 4)
		for range 4 {
			go func() { done <- h.Tend(system()) }()
		}
		for range 4 {
			must(t, <-done)
		}
		if h.state() != campaign.Closing {
			t.Fatalf("the campaign is %s", h.state())
		}
		if n := h.rows("river_job", "kind = ?", campaign.Freeze{}.Kind()); n != 1 {
			t.Errorf("%d jobs to freeze", n)
		}
		if n := h.rows("audit_entries", "action = ? AND entity_id = ? AND user_id = 0 AND role = ?", accounts.CampaignManage, c.ID, accounts.System); n != 1 {
			t.Errorf("%d traces of the system", n)
		}
		must(t, h.Settle(system(), c.ID))
		must(t, h.Tend(system()))
		if h.state() != campaign.Closed || h.kept(h.near)[compute.Tonnes].Value != 1200 {
			t.Errorf("%s, %+v", h.state(), h.kept(h.near)[compute.Tonnes])
		}
	})
}

// A last day that was put off in time is not over.
func TestALastDayPutOff(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	h.opened()
	_, err := h.Save(as(h.admins), 0, campaign.Plan{Year: 2026, OpensOn: "2027-02-01", ClosesOn: "2027-04-15"})
	must(t, err)
	h.to("2027-04-02T09:00:00Z")
	if h.state() != campaign.Open {
		t.Errorf("the campaign is %s", h.state())
	}
}

// Until the close an enterprise takes back what it sent, corrects it and sends it
// again; nobody else does, and after the close nobody.
func TestAnEnterpriseTakesBackWhatItSent(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		c, id := h.opened(), h.of(h.near)
		h.answer(h.alix, "tonnes", "12")
		h.rest(h.alix)
		sent, err := h.Submit(as(h.alix), id, 0)
		must(t, err)
		for _, who := range []accounts.Identity{h.kim, h.officer} {
			_, err := h.Withdraw(as(who), id, 0)
			wantKind(t, err, fault.KindForbidden)
		}
		_, err = h.Withdraw(as(h.bo), id, sent.Questionnaire.Revision-1)
		wantKind(t, err, fault.KindPrecondition)
		f, err := h.Withdraw(as(h.bo), id, sent.Questionnaire.Revision)
		must(t, err)
		if f.Questionnaire.State != campaign.InProgress || f.Events[0].Kind != campaign.WasWithdrawn || item(t, f, compute.Tonnes).Answer.Value != 1200 {
			t.Errorf("%+v, %+v", f.Questionnaire, f.Events[0])
		}
		again, err := h.Withdraw(as(h.bo), id, 0)
		must(t, err)
		if again.Questionnaire.Revision != f.Questionnaire.Revision || len(again.Events) != len(f.Events) {
			t.Error("taking back again changed something")
		}
		h.answer(h.alix, "tonnes", "13")
		_, err = h.Submit(as(h.alix), id, 0)
		must(t, err)
		_, err = h.Close(as(h.admins), 2026, 0)
		must(t, err)
		_, err = h.Withdraw(as(h.alix), id, 0)
		wantCode(t, err, "frozen")
		must(t, h.Settle(system(), c.ID))
		if h.kept(h.near)[compute.Tonnes].Value != 1300 {
			t.Errorf("%+v", h.kept(h.near)[compute.Tonnes])
		}
	})
}

// Once closed, who sent is kept and who did not is unanswered, apart; the rates by
// region are those of who asks, beside the coverage of the whole region.
func TestProgressSaysWhoIsWhereByRegion(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		c := h.opened()
		h.rest(h.alix)
		_, err := h.Submit(as(h.alix), h.of(h.near), 0)
		must(t, err)
		open, err := h.Progress(as(h.admins), 2026)
		must(t, err)
		if got := open.Regions(); len(got) != 2 || got[0] != (campaign.RegionRate{Region: "32", Of: 1}) || got[1] != (campaign.RegionRate{Region: "84", Sent: 1, Of: 2}) {
			t.Errorf("%+v", got)
		}
		_, err = h.Close(as(h.admins), 2026, 0)
		must(t, err)
		must(t, h.Settle(system(), c.ID))
		p, err := h.Progress(as(h.admins), 2026)
		must(t, err)
		total := 0
		for _, s := range campaign.Standings() {
			total += p.Count(s)
		}
		if p.Count(campaign.Kept) != 1 || p.Count(campaign.Unanswered) != 2 || total != p.Frame() || p.Responded() != 1 {
			t.Errorf("%d kept, %d unanswered, %d of %d", p.Count(campaign.Kept), p.Count(campaign.Unanswered), total, p.Frame())
		}
		if got := p.Regions(); got[1] != (campaign.RegionRate{Region: "84", Sent: 1, Of: 2, Frame: 2, Responded: 1}) {
			t.Errorf("%+v", got)
		}
		region := "84"
		if rows := p.In(&region, campaign.Unanswered); len(rows) != 1 || rows[0].Name != "Valence Domicile" {
			t.Errorf("%+v", rows)
		}
	})
}

// A tie that the network does not know of is no answer, and saves nobody anything.
func TestWhatIsNotKnownIsNotAnswered(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	h.opened()
	if a := item(t, h.form(h.near), compute.Cooperating).Answer; a.Given() {
		t.Errorf("nobody said that it does not cooperate: %+v", a)
	}
	p, err := h.Progress(as(h.admins), 2026)
	must(t, err)
	if p.Saved(3) != 0 {
		t.Errorf("%d minutes saved to nobody", p.Saved(3))
	}
}

// What tells of somebody is kept nowhere, in a field of a number either: neither as
// an answer, nor in its history, nor with the refused rows of a table.
func TestNothingOfSomebodyIsKeptInANumber(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.opened()
		h.answer(h.alix, "tonnes", "12")
		for _, typed := range []string{"jean.dupont@example.org 06", "06 12 34 56 78", "0612345678", "1 85 05 78 006 084 36", "+33 6 12 34 56 78"} {
			s := h.answer(h.alix, "tonnes", typed)
			if len(s.Faults) != 1 || len(s.Changed) != 0 || item(t, s.Form, compute.Tonnes).Answer.Typed != "12" {
				t.Errorf("%s: %+v", typed, s.Faults)
			}
			h.in(h.alix, "t.csv", []byte("question;valeur\ntonnes;"+typed+"\n"), false)
		}
		for table, columns := range map[string]string{"questionnaire_answers": "typed || explained", "questionnaire_history": "typed || explained", "questionnaire_rejections": "cells || faults"} {
			var all []string
			must(t, h.st.Read().NewRaw("SELECT "+columns+" FROM "+table+" ORDER BY 1").Scan(context.Background(), &all))
			for _, text := range all {
				if strings.Contains(text, "dupont") || strings.Contains(text, "12 34") || strings.Contains(text, "0612345678") || strings.Contains(text, "006 084") {
					t.Errorf("%s keeps %s", table, text)
				}
			}
		}
		if s := h.answer(h.alix, "sales", "1 234 567 890"); len(s.Faults) != 0 {
			t.Errorf("an amount of ten digits: %+v", s.Faults)
		}
	})
}
