package web

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
)

// ConsortiumPage is a group that was kept: who does what, what is to be checked, what became of it.
type ConsortiumPage struct {
	Page
	Heading, Lead, Notice string
	Facts                 []Fact
	Members               []PartnerRow
	Holes                 []LackRow // what nobody in it does
	FlagsHead             string
	Flags                 []FlagRow
	Agreement             string
	Keep                  *KeepForm
	Gestures              []Gesture
	Revision              string
	History               []EventRow
}

// FlagRow is something to look at before the group is handed in.
type FlagRow struct {
	Tag   Tag
	Text  string
	Names string
}

// Gesture is a button that moves the group.
type Gesture struct{ Value, Text, Note string }

func groupPath(id matching.ConsortiumID) string {
	return "/groupements/" + strconv.FormatInt(int64(id), 10)
}

// keepForm is the questions about a group: name, form, lead, who does what.
func (c *call) keepForm(g *matching.Consortium, heads map[network.ID]matching.OrganisationHead, errs map[string]string) *KeepForm {
	f := &KeepForm{Key: g.Key, Revision: strconv.FormatInt(g.Revision, 10),
		Name: Field{ID: "nom", Name: "nom", Label: c.T("group.name"), Value: g.Name, Required: true, Error: errs["name"]},
		Lead: Field{ID: "mandataire", Name: "mandataire", Label: c.T("group.lead"), Hint: c.T("group.lead_hint"), Kind: "select", Required: true, Error: errs["lead"]},
		Form: Field{ID: "forme", Name: "forme", Label: c.T("group.form"), Hint: c.T("group.form_hint"), Kind: "radio", Required: true, Error: errs["form"]},
		Paid: Field{ID: "comptes", Name: "comptes", Label: c.T("group.accounts"), Hint: c.T("group.accounts_hint"), Kind: "area", Rows: 2, Value: g.Accounts, Error: errs["accounts"]},
		Exclusive: Field{ID: "exclusif", Name: "exclusif", Label: c.T("group.exclusive_label"), Hint: c.T("group.exclusive_hint"), Kind: "checkbox",
			Options: []Option{{Value: "oui", Text: c.T("group.exclusive"), Selected: g.Exclusive}}},
	}
	for _, form := range matching.Forms() {
		f.Form.Options = append(f.Form.Options, Option{Value: string(form), Text: c.T("group.form." + string(form)), Selected: form == g.Form})
	}
	for i, p := range g.Members {
		id := strconv.FormatInt(int64(p.OrganisationID), 10)
		f.Lead.Options = append(f.Lead.Options, Option{Value: id, Text: heads[p.OrganisationID].Name, Selected: p.OrganisationID == g.LeadID})
		at := "members[" + strconv.Itoa(i) + "]"
		f.Parts = append(f.Parts, PartForm{ID: id, Heading: heads[p.OrganisationID].Name,
			Share: Field{ID: "part" + id, Name: "part" + id, Label: c.T("group.share_of", "Name", heads[p.OrganisationID].Name), Kind: "number", Min: "0", Max: "100", Step: "0.1", Short: true, Value: shareTyped(p.Share, c.form("part"+id)), Error: errs[at+".share"]},
			Tasks: Field{ID: "taches" + id, Name: "taches" + id, Label: c.T("group.tasks_of", "Name", heads[p.OrganisationID].Name), Kind: "area", Rows: max(2, 1+strings.Count(p.Tasks, "\n")), Value: p.Tasks, Error: errs[at+".tasks"]}})
	}
	f.Errors = c.groupErrors(errs, g)
	return f
}

// shareTyped is a share in the field that asks for it: in percents, with a tenth at most; what
// was typed where it is no number (NaN).
func shareTyped(share float64, typed string) string {
	if math.IsNaN(share) {
		return typed
	}
	return strconv.FormatFloat(math.Round(1000*share)/10, 'f', -1, 64)
}

// groupErrors links each fault to its field.
func (c *call) groupErrors(errs map[string]string, g *matching.Consortium) (out []FieldError) {
	ids := map[string]string{"name": "nom", "lead": "mandataire", "form": "forme", "accounts": "comptes"}
	for i, p := range g.Members {
		id, at := strconv.FormatInt(int64(p.OrganisationID), 10), "members["+strconv.Itoa(i)+"]"
		ids[at+".share"], ids[at+".tasks"] = "part"+id, "taches"+id
	}
	paths := make([]string, 0, len(errs))
	for path := range errs {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	for _, path := range paths {
		out = append(out, FieldError{ID: ids[path], Text: errs[path]})
	}
	return out
}

// readGroup reads the form of a group.
func (c *call) readGroup(lot opportunities.LotID) *matching.Consortium {
	lead, _ := strconv.ParseInt(c.form("mandataire"), 10, 64) // nonsense is nobody, which is refused
	g := &matching.Consortium{LotID: lot, Key: c.form("cle"), Name: c.form("nom"), Form: matching.Form(c.form("forme")), LeadID: network.ID(lead),
		Exclusive: c.form("exclusif") == "oui", Accounts: c.form("comptes")}
	for _, text := range c.r.PostForm["membre"] {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil || c.form("retirer") == text {
			continue
		}
		p := matching.Partner{OrganisationID: network.ID(id), Tasks: strings.ReplaceAll(c.form("taches"+text), "\r\n", "\n")}
		if typed := strings.TrimSpace(c.form("part" + text)); typed != "" {
			if n, ok := c.Locale.number(typed); ok {
				p.Share = n / 100
			} else {
				p.Share = math.NaN() // refused where shares are checked, and shown again as it was typed
			}
		}
		g.Members = append(g.Members, p)
	}
	return g
}

// keep makes a draft of the group.
func (s *Server) keepGroup(c *call) error {
	_, lot, err := c.lotOf(accounts.ConsortiumEdit)
	if err != nil {
		return err
	}
	want := c.readGroup(lot.ID)
	made, err := s.cfg.Matching.CreateConsortium(c.r.Context(), matching.By{UserID: int64(c.who.UserID)}, want)
	if err == nil {
		return c.to(groupPath(made.ID), "group_kept")
	}
	fields, general, ok := c.faults(err)
	if !ok {
		return err
	}
	return c.groupAgain(want, fields, general, composePath(lot.ID))
}

// groupAgain shows the form as it was sent, with what is wrong.
func (c *call) groupAgain(want *matching.Consortium, fields map[string]string, general, action string) error {
	heads, err := c.heads(want)
	if err != nil {
		return err
	}
	title := c.T("group.keep")
	page := &ConsortiumPage{Page: c.page(title, Crumb{c.T("opps.title"), "/marches"}, Crumb{Text: title}), Heading: title}
	errs := formErrors(fields, general)
	page.Keep = c.keepForm(want, heads, errs)
	page.Keep.Action = action
	page.Errors = page.Keep.Errors
	return c.showForm(page, "group", errs)
}

func (c *call) heads(g *matching.Consortium) (map[network.ID]matching.OrganisationHead, error) {
	var ids []network.ID
	for _, p := range g.Members {
		ids = append(ids, p.OrganisationID)
	}
	return c.s.cfg.Matching.Heads(c.r.Context(), ids...)
}

// groupFor reads a group and asks the policy: it belongs to its members, where its lot is done.
func (c *call) groupFor(action accounts.Action) (*matching.Consortium, *opportunities.Opportunity, *opportunities.Lot, error) {
	id, err := c.id("id")
	if err != nil {
		return nil, nil, nil, err
	}
	g, err := c.s.cfg.Matching.Consortium(c.r.Context(), matching.ConsortiumID(id))
	if err != nil {
		return nil, nil, nil, err
	}
	lot, err := c.s.cfg.Opportunities.Lot(c.r.Context(), g.LotID)
	if err != nil {
		return nil, nil, nil, err
	}
	o, err := c.s.cfg.Opportunities.Get(c.r.Context(), lot.OpportunityID)
	if err != nil {
		return nil, nil, nil, err
	}
	in := lot.In(o)
	if accounts.Can(c.who.Identity, action, c.scopeOfGroup(g, o)) {
		return g, o, &in, nil
	}
	return nil, nil, nil, fault.NotFound("consortium", id)
}

func (c *call) scopeOfGroup(g *matching.Consortium, o *opportunities.Opportunity) accounts.Scope {
	scope := c.scopeOfOpportunity(o)
	scope.Organisations = nil // the buyer does not read who prepares an answer
	for _, p := range g.Members {
		scope.Organisations = append(scope.Organisations, int64(p.OrganisationID))
	}
	return scope
}

func (s *Server) consortium(c *call) error {
	g, o, lot, err := c.groupFor(accounts.ConsortiumRead)
	if err != nil {
		return err
	}
	page, err := c.groupPage(g, o, lot)
	if err != nil {
		return err
	}
	return c.show("group", page)
}

func (c *call) groupPage(g *matching.Consortium, o *opportunities.Opportunity, lot *opportunities.Lot) (*ConsortiumPage, error) {
	heads, err := c.heads(g)
	if err != nil {
		return nil, err
	}
	flags, err := c.s.cfg.Matching.GroupFlags(c.r.Context(), g)
	if err != nil {
		return nil, err
	}
	page := &ConsortiumPage{
		Page:    c.page(g.Name, Crumb{c.T("opps.title"), "/marches"}, Crumb{clip(o.Title, 60), opportunityPath(o.ID)}, Crumb{Text: clip(g.Name, 60)}),
		Heading: g.Name, Lead: joined(". ", c.lotName(liveLots(o), lot), o.BuyerName), Agreement: groupPath(g.ID) + "/convention", Revision: strconv.FormatInt(g.Revision, 10),
		Facts: c.groupFacts(g, heads), Members: c.keptRows(g, heads),
	}
	if page.Notice = c.T("group.stage_notice." + string(g.State)); g.State == matching.GroupFrozen && g.FrozenAt != nil {
		page.Notice = c.T("group.stage_notice.frozen", "Day", c.Date(*g.FrozenAt))
	}
	if page.FlagsHead = c.T("group.flags"); g.State != matching.GroupDraft {
		page.FlagsHead = c.T("group.flags_after")
	}
	if page.Flags, err = c.flagRows(flags, g.State); err != nil {
		return nil, err
	}
	if accounts.Can(c.who.Identity, accounts.ConsortiumEdit, c.scopeOfGroup(g, o)) {
		c.fillGestures(page, g, heads)
	}
	together, err := c.s.cfg.Matching.Together(c.r.Context(), g)
	if err != nil {
		return nil, err
	}
	for _, h := range together.Result.Best.Holes {
		page.Holes = append(page.Holes, c.lackRow(together, h))
	}
	page.History, err = c.groupHistory(g)
	return page, err
}

func (c *call) fillGestures(page *ConsortiumPage, g *matching.Consortium, heads map[network.ID]matching.OrganisationHead) {
	if g.State == matching.GroupDraft {
		page.Keep = c.keepForm(g, heads, nil)
		page.Keep.Action = groupPath(g.ID)
		page.Gestures = append(page.Gestures, Gesture{"deposer", c.T("group.freeze"), c.T("group.freeze_note")})
	}
	if g.State != matching.GroupDissolved {
		page.Gestures = append(page.Gestures, Gesture{"dissoudre", c.T("group.dissolve"), c.T("group.dissolve_note")})
	}
}

func (c *call) groupFacts(g *matching.Consortium, heads map[network.ID]matching.OrganisationHead) []Fact {
	facts := []Fact{
		{Label: c.T("group.state"), Big: c.T("group.stage." + string(g.State))},
		{Label: c.T("group.form"), Lines: []string{c.T("group.form." + string(g.Form))}},
		{Label: c.T("group.lead"), Lines: []string{heads[g.LeadID].Name}},
	}
	if g.Coverage > 0 {
		facts = append(facts, Fact{Label: c.T("group.coverage"), Lines: []string{c.T("group.coverage_of", "Share", c.Percent(g.Coverage))}})
	}
	return facts
}

func (c *call) keptRows(g *matching.Consortium, heads map[network.ID]matching.OrganisationHead) []PartnerRow {
	rows := make([]PartnerRow, 0, len(g.Members))
	for _, p := range g.Members {
		head := heads[p.OrganisationID]
		row := PartnerRow{ID: strconv.FormatInt(int64(p.OrganisationID), 10), Name: head.Name, Over: c.headWords(head, ""), Href: memberPath(p.OrganisationID), Lead: p.OrganisationID == g.LeadID, Tasks: paragraphs(p.Tasks)}
		if p.Share > 0 {
			row.Share = c.Share(p.Share)
		}
		rows = append(rows, row)
	}
	return rows
}

func (c *call) flagRows(flags []matching.GroupFlag, state matching.Stage) ([]FlagRow, error) {
	var rows []FlagRow
	for _, f := range flags {
		heads, err := c.s.cfg.Matching.Heads(c.r.Context(), f.Organisations...)
		if err != nil {
			return nil, err
		}
		var names []string
		for _, id := range f.Organisations {
			names = append(names, heads[id].Name)
		}
		row := FlagRow{Tag: Tag{Text: c.T("group.to_check"), State: Partial}, Text: c.T("group.flag."+f.Code, "Article", f.Article), Names: c.list(names)}
		if f.Blocks && state == matching.GroupDraft {
			row.Tag = Tag{Text: c.T("group.blocks"), State: Missed}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func (c *call) groupHistory(g *matching.Consortium) ([]EventRow, error) {
	events, err := c.s.cfg.Matching.GroupEvents(c.r.Context(), g.ID)
	if err != nil {
		return nil, err
	}
	rows := make([]EventRow, 0, len(events))
	for _, e := range events {
		rows = append(rows, EventRow{What: c.T("group.event." + e.Kind), When: c.Ago(e.At, c.now)})
	}
	return rows, nil
}

// changeGroup rewrites a draft, or moves the group.
func (s *Server) changeGroup(c *call) error {
	g, _, _, err := c.groupFor(accounts.ConsortiumEdit)
	if err != nil {
		return err
	}
	revision, err := c.revision()
	if err != nil {
		return err
	}
	by, said := matching.By{UserID: int64(c.who.UserID)}, "group_changed"
	want := g
	switch c.form("geste") {
	case "deposer":
		said = "group_frozen"
		_, err = s.cfg.Matching.FreezeConsortium(c.r.Context(), by, g.ID, revision)
	case "dissoudre":
		said = "group_dissolved"
		_, err = s.cfg.Matching.DissolveConsortium(c.r.Context(), by, g.ID, revision)
	default:
		want = c.readGroup(g.LotID)
		want.Key, want.Revision = g.Key, revision
		_, err = s.cfg.Matching.UpdateConsortium(c.r.Context(), by, g.ID, revision, want)
	}
	if err == nil {
		return c.to(groupPath(g.ID), said)
	}
	fields, general, ok := c.faults(err)
	if !ok {
		return err
	}
	return c.groupAgain(want, fields, general, groupPath(g.ID))
}

// groupsOf lists the groups of an opportunity that the viewer may read.
func (c *call) groupsOf(o *opportunities.Opportunity) ([]OrgRow, error) {
	if accounts.ReachOf(c.who.Identity, accounts.ConsortiumRead) == accounts.Never {
		return nil, nil
	}
	all, err := c.s.cfg.Matching.ConsortiaOf(c.r.Context(), o)
	if err != nil {
		return nil, err
	}
	var rows []OrgRow
	for _, g := range all {
		if accounts.Can(c.who.Identity, accounts.ConsortiumRead, c.scopeOfGroup(g, o)) {
			rows = append(rows, OrgRow{Name: g.Name, Href: groupPath(g.ID), Over: joined(", ", c.T("group.stage."+string(g.State)), c.N("group.members_n", len(g.Members)))})
		}
	}
	return rows, nil
}
