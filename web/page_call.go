package web

import (
	"crypto/rand"
	"errors"
	"maps"
	"slices"
	"strconv"

	"maillage/accounts"
	"maillage/followup/calls"
	"maillage/internal/fault"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
)

// callPath is where a call for partners, or an activity to hand over, is published.
const callPath = "/appels/nouveau"

// CallFormPage is the form of a call.
type CallFormPage struct {
	Page
	Heading, Lead string
	Secret        string // how who hands over is kept from those who may not know
	Key, Kind     string
	Pole          string
	Fields        []Field
	Handover      *HandoverForm
	Submit        string
	Preview       Preview
}

// HandoverForm is the questions about what is handed over.
type HandoverForm struct {
	Form, Assets, Why Field
	Fields            []Field
}

func (s *Server) callForm(c *call) error {
	page, err := c.callFormPage(nil)
	if err != nil {
		return err
	}
	return c.show("call", page)
}

// callKind is what the form publishes; the address says it first, then the form.
func (c *call) callKind() opportunities.Kind {
	if c.r.FormValue("nature") == string(opportunities.Takeover) {
		return opportunities.Takeover
	}
	return opportunities.PartnerCall
}

func (c *call) callFormPage(errs map[string]string) (*CallFormPage, error) {
	kind := c.callKind()
	title := c.T("call.title_" + string(kind))
	page := &CallFormPage{Page: c.page(title, Crumb{c.T("opps.title"), "/marches"}, Crumb{Text: title}), Heading: title, Lead: c.T("call.lead_" + string(kind)),
		Key: c.formOr("cle", rand.Text()), Kind: string(kind), Submit: c.T("call.submit"), Preview: c.zonePreview(c.form("lieu"), c.T("zone.place"))}
	if id, err := strconv.ParseInt(c.r.FormValue("pole"), 10, 64); err == nil && kind == opportunities.PartnerCall {
		pole, err := c.s.cfg.Network.Pole(c.r.Context(), id)
		if err != nil {
			return nil, err
		}
		page.Pole, page.Heading = strconv.FormatInt(id, 10), c.T("call.title_pole", "Name", pole.Name)
	}
	order := []string{"cedant", "titre", "description", "secteur", "forme", "elements", "chiffre", "emplois", "motif", "lieu", "echeance"}
	if kind == opportunities.Takeover {
		page.Secret = c.T("call.secret")
		page.Handover = c.handoverForm(errs)
		if c.who.Role != accounts.Member {
			who, err := c.transferors(errs["cedant"])
			if err != nil {
				return nil, err
			}
			page.Fields = append(page.Fields, who)
		}
	}
	page.Fields = append(page.Fields,
		Field{ID: "titre", Name: "titre", Label: c.T("publish.name"), Hint: c.T("call.name_hint_" + string(kind)), Value: c.form("titre"), Required: true, Error: errs["titre"]},
		Field{ID: "description", Name: "description", Kind: "area", Rows: 5, Label: c.T("call.what_" + string(kind)), Hint: c.T("call.what_hint_" + string(kind)), Value: c.form("description"), Required: true, Error: errs["description"]},
		Field{ID: "secteur", Name: "secteur", Kind: "select", Label: c.T("publish.sector"), Required: true, Options: c.sectorOptions(c.form("secteur"), c.T("publish.sector_choose")), Error: errs["secteur"]},
		Field{ID: "lieu", Name: "lieu", Label: c.T("call.where"), Hint: c.T("publish.place_hint"), Value: c.form("lieu"), Combo: "/suggestions/territoires", Error: errs["lieu"]},
		Field{ID: "echeance", Name: "echeance", Kind: "date", Label: c.T("call.until"), Hint: c.T("call.until_hint"), Value: c.form("echeance"), Required: true, Short: true, Error: errs["echeance"]})
	page.Errors = summary(errs, order...)
	return page, nil
}

// transferors asks an officer which enterprise of the perimeter hands over.
func (c *call) transferors(said string) (Field, error) {
	f := Field{ID: "cedant", Name: "cedant", Kind: "select", Label: c.T("call.transferor"), Hint: c.T("call.transferor_hint"), Required: true, Error: said, Options: []Option{{Text: c.T("call.choose")}}}
	for after := ""; len(f.Options) <= mostAsked; {
		found, err := c.s.cfg.Network.List(c.r.Context(), network.Filter{Roles: []network.Role{network.Member}}, network.Request{Limit: mostAsked, After: after})
		if err != nil {
			return f, err
		}
		for _, o := range found.Items {
			if id := memberID(o.ID); accounts.Can(c.who.Identity, accounts.CallPublish, o.Scope(c.s.cfg.Atlas)) {
				f.Options = append(f.Options, Option{Value: id, Text: joined(", ", o.Called(), townOf(o)), Selected: c.form("cedant") == id})
			}
		}
		if after = found.Next; after == "" {
			break
		}
	}
	return f, nil
}

func (c *call) handoverForm(errs map[string]string) *HandoverForm {
	f := &HandoverForm{Form: Field{ID: "forme", Name: "forme", Kind: "radio", Label: c.T("call.form"), Error: errs["forme"]},
		Assets: Field{ID: "elements", Name: "elements", Kind: "checkbox", Label: c.T("call.assets"), Error: errs["elements"]},
		Why:    Field{ID: "motif", Name: "motif", Kind: "radio", Label: c.T("call.motive"), Error: errs["motif"]}}
	for _, form := range calls.Forms() {
		f.Form.Options = append(f.Form.Options, Option{Value: string(form), Text: c.T("call.form_" + string(form)), Selected: c.form("forme") == string(form)})
	}
	said := map[string]bool{}
	for _, asset := range c.r.PostForm["elements"] {
		said[asset] = true
	}
	for _, asset := range calls.Assets() {
		f.Assets.Options = append(f.Assets.Options, Option{Value: string(asset), Text: c.T("call.asset_" + string(asset)), Selected: said[string(asset)]})
	}
	for _, why := range calls.Motives() {
		f.Why.Options = append(f.Why.Options, Option{Value: string(why), Text: c.T("call.motive_" + string(why)), Selected: c.form("motif") == string(why)})
	}
	bands := Field{ID: "chiffre", Name: "chiffre", Kind: "select", Label: c.T("call.turnover"), Hint: c.T("call.turnover_hint"), Required: true, Options: []Option{{Text: c.T("call.choose")}}, Error: errs["chiffre"]}
	for _, band := range calls.Bands() {
		bands.Options = append(bands.Options, Option{Value: string(band), Text: c.T("call.band_" + string(band)), Selected: c.form("chiffre") == string(band)})
	}
	f.Fields = []Field{bands, {ID: "emplois", Name: "emplois", Label: c.T("call.jobs"), Hint: c.T("call.jobs_hint"), Value: c.form("emplois"), Short: true, InputMode: "decimal", Error: errs["emplois"]}}
	return f
}

// publishCall publishes what the form says; nothing that was typed is lost.
func (s *Server) publishCall(c *call) error {
	d, errs := c.readCall()
	if len(errs) == 0 {
		id, err := s.cfg.Calls.Publish(c.r.Context(), d)
		if err == nil {
			return c.to(opportunityPath(id), "published")
		}
		fields, general, ok := c.faults(err)
		if !ok {
			return err
		}
		errs = formErrors(callFields(fields), general)
	}
	page, err := c.callFormPage(errs)
	if err != nil {
		return err
	}
	return c.showForm(page, "call", errs)
}

// callFields gives the faults of a call their fields in the form.
func callFields(fields map[string]string) map[string]string {
	names := map[string]string{"title": "titre", "codes": "secteur", "deadline": "echeance", "transferor": "cedant", "handover.form": "forme", "handover.assets": "elements",
		"handover.turnover": "chiffre", "handover.jobs": "emplois", "handover.motive": "motif", "place": "lieu", "place.perimeter": "lieu", "place.words": "lieu"}
	out := map[string]string{}
	for path, text := range fields {
		if name, ok := names[path]; ok {
			path = name
		}
		out[path] = text
	}
	return out
}

func (c *call) readCall() (calls.Draft, map[string]string) {
	errs := map[string]string{}
	d := calls.Draft{Key: c.form("cle"), Kind: c.callKind(), Title: c.form("titre"), Description: c.text("description")}
	d.Pole, _ = strconv.ParseInt(c.form("pole"), 10, 64) // nonsense is of no pole
	if sector, err := nomenclatures.ParseSector(c.form("secteur")); err == nil {
		d.Codes = []nomenclatures.Code{{Scheme: nomenclatures.SchemeSector, Value: string(sector)}}
	}
	d.Place = c.readPlace("lieu", errs)
	if day := c.form("echeance"); day != "" {
		if at, ok := c.parisTime(day + "T23:59"); ok {
			utc := at.UTC()
			d.Deadline, d.DeadlineRaw = &utc, opportunities.Deadline{Wall: at.Format("2006-01-02T15:04"), Zone: "Europe/Paris", Raw: day}
		}
	}
	if d.Kind != opportunities.Takeover {
		return d, errs
	}
	if id, err := strconv.ParseInt(c.form("cedant"), 10, 64); err == nil {
		d.Transferor = network.ID(id)
	}
	d.Handover = &calls.Handover{Form: calls.Form(c.form("forme")), Assets: []calls.Asset{}, Turnover: calls.Band(c.form("chiffre")), Motive: calls.Motive(c.form("motif"))}
	for _, asset := range c.r.PostForm["elements"] {
		d.Handover.Assets = append(d.Handover.Assets, calls.Asset(asset))
	}
	if !c.readNumber("emplois", &d.Handover.Jobs) {
		errs["emplois"] = c.T("publish.error_number")
	}
	return d, errs
}

// CallView is what the page of an opportunity says of a call, and the gestures on it.
type CallView struct {
	ID         string
	Pole       *Link
	Facts      []Fact
	Secret     string // who hands over is not named
	Transferor *Link
	Mine       *InterestView
	Word       *Field // to say that one is interested
	Action     string
	Withdraw   bool
	Speaks     bool
	Interests  []InterestView
	Said       string
	Errors     []FieldError
}

// InterestView is one who is interested.
type InterestView struct {
	ID, Name, Href, Over, Word, Answer string
	State                              Tag
	Action, Revision                   string
	Accept, Decline                    bool
	Reasons                            Field
	Note                               Field
}

// fillCall adds what is known of a call beyond its opportunity.
func (c *call) fillCall(page *OpportunityPage, o *opportunities.Opportunity, errs map[string]string) error {
	if c.s.cfg.Calls == nil || o.Kind != opportunities.PartnerCall && o.Kind != opportunities.Takeover || !o.Public() {
		return nil
	}
	sheet, err := c.s.cfg.Calls.Sheet(c.r.Context(), o.ID)
	if err != nil {
		return err
	}
	v := &CallView{ID: strconv.FormatInt(int64(o.ID), 10), Action: opportunityPath(o.ID) + "/interet", Speaks: sheet.Speaks}
	if sheet.PoleID != nil {
		pole, err := c.s.cfg.Network.Pole(c.r.Context(), *sheet.PoleID)
		if err != nil && !fault.Is(err, fault.KindNotFound) {
			return err
		}
		if pole != nil {
			v.Pole = &Link{pole.Name, polePath(pole.ID)}
		}
	}
	if sheet.Handover != nil {
		v.Facts = c.handoverFacts(sheet.Handover)
	}
	if err := c.fillTransferor(v, o, sheet); err != nil {
		return err
	}
	if err := c.fillInterests(v, sheet, errs); err != nil {
		return err
	}
	c.fillWord(v, sheet, errs)
	page.Call, v.Errors = v, c.callErrors(errs)
	return nil
}

func (c *call) handoverFacts(h *calls.Handover) []Fact {
	assets := Fact{Label: c.T("call.assets_short")}
	for _, asset := range h.Assets {
		assets.Lines = append(assets.Lines, c.T("call.asset_"+string(asset)))
	}
	jobs := c.T("call.jobs_none")
	if h.Jobs > 0 {
		jobs = c.T("call.jobs_n", "N", c.Decimal(h.Jobs, 1))
	}
	return []Fact{{Label: c.T("call.form_short"), Lines: []string{c.T("call.form_" + string(h.Form))}}, assets,
		{Label: c.T("call.turnover_short"), Lines: []string{c.T("call.band_" + string(h.Turnover))}}, {Label: c.T("call.jobs_short"), Lines: []string{jobs}},
		{Label: c.T("call.motive_short"), Lines: []string{c.T("call.motive_" + string(h.Motive))}}}
}

func (c *call) fillTransferor(v *CallView, o *opportunities.Opportunity, sheet *calls.Sheet) error {
	if o.Kind != opportunities.Takeover {
		return nil
	}
	if sheet.Transferor == 0 {
		v.Secret = c.T("call.hidden")
		return nil
	}
	who, err := c.s.cfg.Network.Get(c.r.Context(), sheet.Transferor)
	if err != nil {
		return err
	}
	v.Transferor = &Link{who.Called(), memberPath(who.ID)}
	return nil
}

func (c *call) fillInterests(v *CallView, sheet *calls.Sheet, errs map[string]string) error {
	ids := make([]network.ID, 0, len(sheet.Interests))
	for _, i := range sheet.Interests {
		ids = append(ids, i.OrganisationID)
	}
	heads, err := c.s.cfg.Matching.Heads(c.r.Context(), ids...)
	if err != nil {
		return err
	}
	v.Said = c.N("call.interested", len(sheet.Interests))
	for i := range sheet.Interests {
		one := &sheet.Interests[i]
		row := c.interestView(one)
		row.Name, row.Href, row.Over = heads[one.OrganisationID].Name, memberPath(one.OrganisationID), c.headWords(heads[one.OrganisationID], "")
		if sheet.Speaks {
			c.settleForm(&row, one, errs)
		}
		v.Interests = append(v.Interests, row)
	}
	return nil
}

func (c *call) interestView(i *calls.Interest) InterestView {
	state := map[calls.State]State{calls.Accepted: Met, calls.Declined: Missed, calls.Expressed: Partial}[i.State]
	if state == "" {
		state = Unknown
	}
	v := InterestView{ID: strconv.FormatInt(int64(i.ID), 10), Word: i.Word, State: Tag{Text: c.T("call.state_" + string(i.State)), State: state}, Revision: revisionOf(i.Revision)}
	if i.Reason != "" {
		v.Answer = c.T("call.reason_" + string(i.Reason))
	}
	v.Answer = joined(". ", v.Answer, i.Note)
	return v
}

// settleForm lets who speaks for the call accept, or decline with a reason.
func (c *call) settleForm(v *InterestView, i *calls.Interest, errs map[string]string) {
	mine := c.r.PathValue("interest") == v.ID
	v.Action = "/interets/" + v.ID
	v.Accept, v.Decline = i.State == calls.Expressed || i.State == calls.Declined, i.State == calls.Expressed
	v.Reasons = Field{ID: "motif-" + v.ID, Name: "motif", Kind: "radio", Label: c.T("call.why_not")}
	v.Note = Field{ID: "mot-" + v.ID, Name: "mot", Kind: "area", Rows: 2, Label: c.T("call.note"), Hint: c.T("call.note_hint")}
	if mine {
		v.Reasons.Error, v.Note.Error, v.Note.Value = errs["reason"], errs["note"], c.form("mot")
	}
	for _, r := range calls.Reasons() {
		v.Reasons.Options = append(v.Reasons.Options, Option{Value: string(r), Text: c.T("call.reason_" + string(r)), Selected: mine && c.form("motif") == string(r)})
	}
}

// fillWord is the one gesture of who is interested.
func (c *call) fillWord(v *CallView, sheet *calls.Sheet, errs map[string]string) {
	if sheet.Mine != nil {
		mine := c.interestView(sheet.Mine)
		v.Mine = &mine
		v.Withdraw = sheet.Mine.State != calls.Withdrawn && !sheet.Speaks
	}
	if !sheet.Express || sheet.Mine != nil && (sheet.Mine.State == calls.Accepted || sheet.Mine.State == calls.Declined) {
		return
	}
	known := ""
	if sheet.Mine != nil && sheet.Mine.State == calls.Expressed {
		known = sheet.Mine.Word
	}
	v.Word = &Field{ID: "mot", Name: "mot", Kind: "area", Rows: 3, Label: c.T("call.word"), Hint: c.T("call.word_hint"), Value: c.formOr("mot", known), Required: true}
	if c.r.PathValue("interest") == "" {
		v.Word.Error = errs["word"]
	}
}

// callErrors links each fault to its field: the word of who is interested, or what
// is said of one of them.
func (c *call) callErrors(errs map[string]string) (out []FieldError) {
	at := map[string]string{"word": "mot", "reason": "motif-" + c.r.PathValue("interest"), "note": "mot-" + c.r.PathValue("interest")}
	for _, path := range slices.Sorted(maps.Keys(errs)) {
		out = append(out, FieldError{ID: at[path], Text: errs[path]})
	}
	return out
}

// express says that one's enterprise is interested, or takes it back.
func (s *Server) express(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	said := "interest_said"
	if c.form("geste") == "retirer" {
		said = "interest_withdrawn"
		_, err = s.cfg.Calls.Withdraw(c.r.Context(), opportunities.ID(id))
	} else {
		_, err = s.cfg.Calls.Express(c.r.Context(), opportunities.ID(id), c.text("mot"))
	}
	return c.saidOfCall(opportunities.ID(id), said, err)
}

// settle accepts who is interested, or declines.
func (s *Server) settle(c *call) error {
	id, err := c.id("interest")
	if err != nil {
		return err
	}
	d := calls.Decision{To: calls.Accepted, Note: c.text("mot")}
	said := "interest_accepted"
	if c.form("geste") == "decliner" {
		d.To, d.Reason, said = calls.Declined, calls.Reason(c.form("motif")), "interest_declined"
	}
	revision, err := c.revision()
	if err != nil {
		return err
	}
	on, err := strconv.ParseInt(c.form("appel"), 10, 64)
	if err != nil {
		return fault.NotFound("call", c.form("appel"))
	}
	_, err = s.cfg.Calls.Settle(c.r.Context(), calls.InterestID(id), revision, d)
	return c.saidOfCall(opportunities.ID(on), said, err)
}

// saidOfCall goes back to the call, or shows it again with what is wrong.
func (c *call) saidOfCall(id opportunities.ID, said string, err error) error {
	if err == nil {
		return c.to(opportunityPath(id)+"#appel", said)
	}
	fields, general, ok := c.faults(err)
	if !ok {
		return err
	}
	o, failed := c.s.cfg.Opportunities.Get(c.r.Context(), id)
	if failed != nil {
		return errors.Join(err, failed)
	}
	errs := formErrors(fields, general)
	page, failed := c.opportunityPage(o, c.scopeOfOpportunity(o), errs)
	if failed != nil {
		return errors.Join(err, failed)
	}
	return c.showForm(page, "opportunity", errs)
}

// awaitInterests asks for a word to those who answer one's calls.
func (c *call) awaitInterests() ([]Await, error) {
	if c.s.cfg.Calls == nil {
		return nil, nil
	}
	all, err := c.s.cfg.Calls.Awaiting(c.r.Context())
	n := len(all)
	if err != nil || n == 0 {
		return nil, err
	}
	return []Await{{Figure: c.Num(n), FigureWord: c.N("call.awaits_word", n), Title: c.N("call.awaits", n), Text: c.H("call.awaits_text"), Do: Link{c.T("call.awaits_do"), opportunityPath(all[0].OpportunityID) + "#appel"}}}, nil
}
