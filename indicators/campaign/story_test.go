package campaign_test

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/indicators/campaign"
	"maillage/indicators/compute"
	"maillage/indicators/microdata"
	"maillage/internal/fault"
)

// lastYear imports what two members said of 2025, and one answer of 2026.
func (h *house) lastYear() {
	h.t.Helper()
	for _, f := range []struct {
		sheet microdata.Sheet
		lines []string
	}{
		{microdata.Enterprises, []string{"entreprise;annee;type;siret;code_insee", "NEAR;2025;ACI;11000001700019;26281", "NEAR;2026;ACI;11000001700019;26281", "HOME;2025;SAP;11000001700027;26362"}},
		{microdata.Answers, []string{"entreprise;annee;question;valeur", "NEAR;2025;permanent.fte.end;7,5", "NEAR;2025;boards.positions;9", "NEAR;2025;sales;100000",
			"NEAR;2026;volunteers.hours;120", "HOME;2025;home_workers.persons;100", "HOME;2025;home_workers.fte;40"}},
	} {
		r, err := h.known.Import(system(), microdata.File{Sheet: f.sheet, Name: string(f.sheet) + ".csv", Content: strings.NewReader(strings.Join(f.lines, "\n"))})
		must(h.t, err)
		if r.Rejected > 0 {
			h.t.Fatalf("%+v", r.Refused)
		}
	}
}

func TestTheLifeOfACampaign(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.lastYear()
		c := h.opened()
		again, err := h.Start(as(h.admins), 2026, 0)
		must(t, err)
		if again.Revision != c.Revision {
			t.Error("opening again leaves a trace")
		}
		must(t, h.Make(system(), c.ID))
		p, err := h.Progress(as(h.wide), 2026)
		must(t, err)
		if p.Frame() != 3 || p.Count(campaign.Standing(campaign.NotStarted)) != 3 {
			t.Fatalf("the frame is %+v", p.Rows)
		}
		f := h.form(h.near)
		for code, want := range map[compute.Measure]campaign.Answer{
			compute.PermanentStart: {Status: compute.Collected, Value: 750, Origin: campaign.FromLastYear},
			compute.Positions:      {Status: compute.Collected, Value: 900, Origin: campaign.FromLastYear},
			compute.VolunteerHours: {Status: compute.Collected, Value: 12000, Origin: campaign.FromFile},
			compute.Sales:          {},
		} {
			if got := item(t, f, code).Answer; got.Status != want.Status || got.Value != want.Value || got.Origin != want.Origin {
				t.Errorf("%s is filled with %+v, want %+v", code, got, want)
			}
		}
		tally := f.Tally(h.Book())
		if tally.Before != 3 || tally.Minutes != 3*h.Book().Minutes {
			t.Errorf("tally %+v", tally)
		}

		h.answer(h.alix, "permanent.persons", "8", "permanent.fte", "7,2", "workers", "30", "staff.persons", "38", "fte", "18,4", "sales", "250 000", "boards.women", "10", "purchases", "douze")
		_, err = h.Submit(as(h.alix), h.of(h.near), 0)
		wantKind(t, err, fault.KindInvalid)
		for _, want := range []string{"boards.women=impossible", "purchases=unread", "sales=to-confirm", "tonnes=required"} {
			if !strings.Contains(located(err), want) {
				t.Errorf("%s is not located in %s", want, located(err))
			}
		}
		if got := item(t, h.form(h.near), compute.Purchases); got.Answer.Typed != "douze" || got.Wrong == nil {
			t.Errorf("what was typed is lost: %+v", got)
		}
		h.answer(h.alix, "boards.women", "4", "purchases", "80 000")
		why, sales := "Un grand marché gagné en mars.", "250 000"
		_, err = h.SaveAnswers(as(h.alix), h.of(h.near), []campaign.Entry{{Question: compute.Sales, Text: &sales, Explained: &why, Revision: campaign.AnyRevision}})
		must(t, err)
		h.rest(h.alix)
		sent, err := h.Submit(as(h.alix), h.of(h.near), h.form(h.near).Questionnaire.Revision)
		must(t, err)
		twice, err := h.Submit(as(h.bo), h.of(h.near), 0)
		must(t, err)
		if sent.Questionnaire.State != campaign.Submitted || twice.Questionnaire.Revision != sent.Questionnaire.Revision {
			t.Errorf("sent %+v, then %+v", sent.Questionnaire, twice.Questionnaire)
		}
		_, err = h.SaveAnswers(as(h.alix), h.of(h.near), []campaign.Entry{{Question: compute.Sales, Text: &why}})
		wantCode(t, err, "submitted")

		returned(t, h)
		closed(t, h, c)
		reopened(t, h)
	})
}

// returned: the officer of the Drôme gives it back, the enterprise corrects and sends again.
func returned(t *testing.T, h *house) {
	t.Helper()
	id := h.of(h.near)
	_, err := h.Return(as(h.north), id, 0, "Les tonnes ?")
	wantKind(t, err, fault.KindForbidden)
	_, err = h.Return(as(h.officer), id, 0, " ")
	wantKind(t, err, fault.KindInvalid)
	f, err := h.Return(as(h.officer), id, 0, "Les tonnes manquent.")
	must(t, err)
	again, err := h.Return(as(h.officer), id, 0, "Les tonnes manquent.")
	must(t, err)
	if f.Questionnaire.State != campaign.Returned || again.Questionnaire.Revision != f.Questionnaire.Revision {
		t.Errorf("returned %+v, then %+v", f.Questionnaire, again.Questionnaire)
	}
	if got := h.letters(); !slices.Equal(got, []string{"alix:returned-" + num(f.Questionnaire.Revision), "bo:returned-" + num(f.Questionnaire.Revision)}) {
		t.Errorf("letters %v", got)
	}
	h.answer(h.alix, "tonnes", "0")
	_, err = h.Submit(as(h.alix), id, 0)
	must(t, err)
}

// closed: what was sent is in the observatory, what was not is not, and nothing changes any more.
func closed(t *testing.T, h *house, c *campaign.Campaign) {
	t.Helper()
	h.answer(h.kim, "home_workers.persons", "90")
	h.rest(h.other)
	_, err := h.Submit(as(h.other), h.of(h.far), 0)
	must(t, err)
	_, err = h.Return(as(h.north), h.of(h.far), 0, "Et les heures ?")
	must(t, err)
	_, err = h.Close(as(h.officer), 2026, 0)
	wantKind(t, err, fault.KindForbidden) // the Drôme is not the country
	_, err = h.Close(as(h.wide), 2026, 0)
	must(t, err)
	_, err = h.SaveAnswers(as(h.kim), h.of(h.home), []campaign.Entry{{Question: compute.HomeWorkerPersons}})
	wantCode(t, err, "frozen")
	_, err = h.Submit(as(h.other), h.of(h.far), 0) // given back, and not sent again in time
	wantCode(t, err, "frozen")
	must(t, h.Settle(system(), c.ID))
	must(t, h.Settle(system(), c.ID))
	kept := h.kept(h.near)
	for code, want := range map[compute.Measure]compute.Answer{
		compute.Tonnes: {Status: compute.Collected, Value: 0}, compute.FTE: {Status: compute.Collected, Value: 1840}, compute.Income: {Status: compute.ND}, compute.StaffPersons: {Status: compute.Collected, Value: 3800}} {
		if got := kept[code]; got.Answer != want || got.Origin != microdata.FromCampaign {
			t.Errorf("the observatory has %s %+v, want %+v", code, got, want)
		}
	}
	if got := h.kept(h.home); len(got) > 0 {
		t.Errorf("what was not sent is in the observatory: %+v", got)
	}
	p, err := h.Progress(as(h.wide), 2026)
	must(t, err)
	if p.Campaign.State != campaign.Closed || p.Count(campaign.Unanswered) != 2 || p.Count(campaign.Kept) != 1 || p.Responded() != 1 || len(p.Coverage) != 3 {
		t.Errorf("closed: %+v, coverage %+v", p.Rows, p.Coverage)
	}
	for _, f := range []func() error{
		func() error {
			_, err := h.SaveAnswers(as(h.alix), h.of(h.near), []campaign.Entry{{Question: compute.Tonnes}})
			return err
		},
		func() error { _, err := h.Submit(as(h.kim), h.of(h.home), 0); return err },
	} {
		wantCode(t, f(), "frozen")
	}
	marks, err := h.st.Read().NewSelect().Table("figure_changes").Where("year = ?", 2026).Count(context.Background())
	must(t, err)
	if marks == 0 {
		t.Error("nothing is asked to be counted again")
	}
}

// reopened: one questionnaire, by the region; a trace, and the observatory follows once it is sent again.
func reopened(t *testing.T, h *house) {
	t.Helper()
	id := h.of(h.near)
	before := h.form(h.near).Questionnaire.Revision
	f, err := h.Return(as(h.officer), id, 0, "Les ventes comptent la TVA.")
	must(t, err)
	if f.Questionnaire.State != campaign.Returned || f.Questionnaire.Revision <= before || f.Events[0].Kind != campaign.WasReopened {
		t.Errorf("reopened %+v %+v", f.Questionnaire, f.Events)
	}
	if h.kept(h.near)[compute.Sales].Value != 25000000 {
		t.Error("the observatory lost an answer while it is corrected")
	}
	_, err = h.Submit(as(h.kim), h.of(h.home), 0)
	wantCode(t, err, "frozen")
	h.answer(h.alix, "sales", "110000", "purchases", "ND", "staff.persons", "")
	_, err = h.Submit(as(h.alix), id, 0)
	must(t, err)
	_, err = h.Submit(as(h.alix), id, 0)
	must(t, err)
	kept := h.kept(h.near)
	if kept[compute.Sales].Value != 11000000 || kept[compute.Purchases].Status != compute.ND || kept[compute.StaffPersons].Status != compute.Waiting {
		t.Errorf("the observatory did not follow: %+v", kept)
	}
	if h.form(h.near).Questionnaire.State != campaign.Frozen {
		t.Error("it is not frozen again")
	}
}

func num(n int64) string { return strconv.FormatInt(n, 10) }

// located gathers the paths at fault.
func located(err error) string {
	var out []string
	for _, f := range fault.Of(err).Fields {
		out = append(out, f.Path+"="+f.Code)
	}
	return strings.Join(out, " ")
}

// Who may do what: an enterprise its own, an officer the perimeter's, the country's officer and the administrator the campaign.
func TestAQuestionnaireIsItsOwn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.opened()
		id := h.of(h.near)
		for _, c := range []struct {
			who          accounts.Identity
			read, answer bool
		}{{h.alix, true, true}, {h.kim, false, false}, {h.officer, true, false}, {h.north, false, false}, {h.wide, true, false}, {h.admins, true, false}, {accounts.Nobody(), false, false}} {
			_, err := h.Form(as(c.who), id)
			if (err == nil) != c.read {
				t.Errorf("%s %d reads: %v", c.who.Role, c.who.UserID, err)
			}
			text := "1"
			_, err = h.SaveAnswers(as(c.who), id, []campaign.Entry{{Question: compute.Tonnes, Text: &text, Revision: campaign.AnyRevision}})
			if (err == nil) != c.answer {
				t.Errorf("%s %d answers: %v", c.who.Role, c.who.UserID, err)
			}
		}
		_, err := h.Save(as(h.officer), 0, campaign.Plan{Year: 2025, OpensOn: "2027-02-01", ClosesOn: "2027-03-31"})
		wantKind(t, err, fault.KindForbidden)
		_, err = h.Save(as(h.wide), 0, campaign.Plan{Year: 2031, OpensOn: "2027-02-31", ClosesOn: "2027-03-31", Kinds: []compute.Kind{"ZZ"}})
		if got := located(err); got != "year=range opens_on=date kinds[0]=unknown" {
			t.Errorf("located %s", got)
		}
		p, err := h.Progress(as(h.north), 2026)
		must(t, err)
		if len(p.Rows) != 1 || p.Rows[0].OrganisationID != h.far {
			t.Errorf("the officer of the Nord sees %+v", p.Rows)
		}
	})
}
