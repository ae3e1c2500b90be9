package web

import (
	"context"
	"html"
	"net/url"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/nomenclatures"
	"maillage/opportunities"
)

var (
	formInput  = regexp.MustCompile(`<input [^>]*>`)
	tickable   = regexp.MustCompile(`type="(radio|checkbox)"`)
	formArea   = regexp.MustCompile(`(?s)<textarea [^>]*name="([^"]+)"[^>]*>(.*?)</textarea>`)
	formSelect = regexp.MustCompile(`(?s)<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>`)
	formOption = regexp.MustCompile(`<option value="([^"]*)"[^>]*selected`)
)

// filledForm is what a browser would send of the form of a page, unchanged.
func filledForm(body string) url.Values {
	form, start := url.Values{}, strings.Index(body, `<form class="form"`)
	body = body[start:]
	body = body[:strings.Index(body, "</form>")]
	attr := func(tag, name string) string { return html.UnescapeString(find(tag, ` `+name+`="([^"]*)"`)) }
	for _, tag := range formInput.FindAllString(body, -1) {
		if name := attr(tag, "name"); name != "" && (!tickable.MatchString(tag) || strings.Contains(tag, " checked")) {
			form.Add(name, attr(tag, "value"))
		}
	}
	for _, area := range formArea.FindAllStringSubmatch(body, -1) {
		form.Add(area[1], strings.ReplaceAll(strings.TrimPrefix(html.UnescapeString(area[2]), "\n"), "\n", "\r\n"))
	}
	for _, box := range formSelect.FindAllStringSubmatch(body, -1) {
		form.Add(box[1], html.UnescapeString(find(box[2], formOption.String())))
	}
	return form
}

func latest(t *testing.T, s *site) *opportunities.Opportunity {
	t.Helper()
	page, err := s.cfg.Opportunities.List(context.Background(), opportunities.Filter{}, opportunities.Request{Limit: 1, Order: opportunities.Newest})
	if err != nil {
		t.Fatal(err)
	}
	return page.Items[0]
}

// TestAFormSavedUnchangedChangesNothing opens the form of what says everything, and saves it.
func TestAFormSavedUnchangedChangesNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	employer, officer := s.visit(t, accounts.Employer), s.visit(t, accounts.Officer)
	employer.post("/besoins/nouveau", url.Values{"lot1_precision": {"femme de chambre"}, "lieu": {"Valence (26)"}, "lot1_postes": {"2"}, "lot1_debut": {"2027-01-04"}, "echeance": {"2026-12-04T12:00"}, "geste": {"publier"}}).ok()
	need := latest(t, s)
	saveUnchanged(t, s, employer, need)
	form := filledForm(employer.get(opportunityPath(need.ID) + "/modifier").body)
	form.Set("lot1_postes", "3")
	employer.post(opportunityPath(need.ID)+"/modifier", form).ok()
	if got := latest(t, s).Lots[0]; got.Posts != 3 || got.StartsOn != "2027-01-04" {
		t.Errorf("the need has %d posts from %s", got.Posts, got.StartsOn)
	}

	whole := latest(t, s)
	at, later := time.Date(2026, 12, 20, 11, 0, 30, 0, time.UTC), time.Date(2026, 12, 22, 11, 0, 0, 0, time.UTC)
	code := func(scheme nomenclatures.Scheme, value string) nomenclatures.Code {
		return nomenclatures.Code{Scheme: scheme, Value: value}
	}
	draft := &opportunities.Opportunity{Kind: opportunities.Tender, Title: "Tout", Description: "Une ligne\nune autre", BuyerName: "Ville", Source: "officer", Amount: 12.345, Place: whole.Place,
		Deadline: &at, DeadlineRaw: opportunities.Deadline{Raw: "le 20"}, Codes: []nomenclatures.Code{code(nomenclatures.SchemeCPV, "77310000")},
		Clause: opportunities.Clause{Verdict: opportunities.ClauseCriterion, Confidence: 0.5, Evidence: []opportunities.Evidence{{Field: "texte", Quote: "social"}}}}
	for _, number := range []string{"A", "B"} {
		draft.Lots = append(draft.Lots, opportunities.Lot{Number: number, Title: "Lot " + number, Description: "Texte", Modes: []string{"prestation", "fourniture"}, Place: opportunities.Place{Scope: opportunities.WholeCountry},
			Codes:  []nomenclatures.Code{code(nomenclatures.SchemeCPV, "77310000"), code(nomenclatures.SchemeCPV, "90911200")},
			Clause: opportunities.Clause{Verdict: opportunities.ClauseToConfirm, Hours: 33.333, Confidence: 0.3}, Certifications: []opportunities.Requirement{{Code: "iso14001", Required: true}},
			FTE: 1.2345, Hours: 700, Amount: 99.999, Turnover: 5, Posts: 4, WorkingDays: 9, StartsOn: "2027-01-01", EndsOn: "2027-12-31", Deadline: &later, DeadlineRaw: opportunities.Deadline{Raw: "le 22"}})
	}
	officerOf(t, s, draft)
	made, err := s.cfg.Opportunities.Create(context.Background(), opportunities.By{}, draft)
	if err != nil {
		t.Fatal(err)
	}
	saveUnchanged(t, s, officer, made)
	form = filledForm(officer.get(opportunityPath(made.ID) + "/modifier").body)
	form["lot"] = []string{"2"}
	officer.post(opportunityPath(made.ID)+"/modifier", form).ok()
	left := latest(t, s)
	if !left.Lots[0].Withdrawn || left.Lots[1].Withdrawn || left.Lots[1].Title != "Lot B" || len(left.Lots) != 2 {
		t.Errorf("removing lot A left %+v", left.Lots)
	}
	saveUnchanged(t, s, officer, left)
}

// officerOf makes an opportunity the association's of the demonstration's officer.
func officerOf(t *testing.T, s *site, o *opportunities.Opportunity) {
	t.Helper()
	s.visit(t, accounts.Officer).post("/marches/nouveau", url.Values{"nature": {"tender"}, "titre": {"Repère"}, "lieu": {"Crest"}, "lot": {"1"}, "lot1_precision_code": {"cpv:90610000"}, "geste": {"brouillon"}}).ok()
	o.PublisherID = latest(t, s).PublisherID
}

func saveUnchanged(t *testing.T, s *site, v *visitor, before *opportunities.Opportunity) {
	t.Helper()
	ctx := context.Background()
	before, err := s.cfg.Opportunities.Get(ctx, before.ID)
	if err != nil {
		t.Fatal(err)
	}
	path := opportunityPath(before.ID) + "/modifier"
	v.post(path, filledForm(v.get(path).ok().body)).ok()
	after, err := s.cfg.Opportunities.Get(ctx, before.ID)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(before, after) {
		events, _ := s.cfg.Opportunities.Events(ctx, before.ID, 1)
		t.Errorf("saved unchanged, %d changed: %+v", before.ID, events)
	}
}

// TestNobodyPublishesUnderAnothersName tries the forms of others.
func TestNobodyPublishesUnderAnothersName(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for role, kind := range map[accounts.Role]string{accounts.Member: "partner_call", accounts.Employer: "private_purchase"} {
		v := s.visit(t, role)
		form := url.Values{"nature": {"tender"}, "titre": {"Voirie"}, "acheteur": {"Ville de Lyon"}, "lieu": {"Crest"}, "lot": {"1"}, "lot1_precision_code": {"cpv:90610000"}, "geste": {"publier"}}
		v.post("/marches/nouveau", form).is(422)
		form.Set("nature", kind)
		v.post("/marches/nouveau", form).ok()
		o := latest(t, s)
		if o.Source != string(role) || o.BuyerName == "Ville de Lyon" || o.BuyerID == nil || o.PublisherID == nil || *o.BuyerID != *o.PublisherID {
			t.Errorf("%s published for %q, source %s", role, o.BuyerName, o.Source)
		}
		form.Set("nature", "tender")
		form.Set("revision", strconv.FormatInt(o.Revision, 10))
		v.post(opportunityPath(o.ID)+"/modifier", form).is(422)
		form.Set("nature", kind)
		v.post(opportunityPath(o.ID)+"/modifier", form).ok()
		if again := latest(t, s); again.BuyerName != o.BuyerName {
			t.Errorf("%s renamed its buyer %q", role, again.BuyerName)
		}
	}
	officer := s.visit(t, accounts.Officer)
	officer.post("/marches/nouveau", url.Values{"nature": {"tender"}, "titre": {"Loin"}, "lieu": {"Lille"}, "lot": {"1"}, "lot1_precision_code": {"cpv:90610000"}, "geste": {"publier"}}).is(403)
}

// TestADraftCancelledIsNobodysToRead: what was never published is never shown.
func TestADraftCancelledIsNobodysToRead(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	officer, visitor := s.visit(t, accounts.Officer), s.visit(t, accounts.Public)
	officer.post("/marches/nouveau", url.Values{"nature": {"tender"}, "titre": {"Secret abandonné"}, "lieu": {"Crest"}, "lot": {"1"}, "lot1_precision_code": {"cpv:90610000"}, "geste": {"brouillon"}}).ok()
	path := opportunityPath(latest(t, s).ID)
	officer.post(path+"/annuler", url.Values{"mot": {"abandonné"}}).ok().says("Secret abandonné")
	visitor.get(path).is(404)
	if list := visitor.get("/marches?remise=toutes&q=Secret").ok(); strings.Contains(list.body, "Secret abandonné") {
		t.Error("a cancelled draft is listed")
	}
}
