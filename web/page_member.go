package web

import (
	"strconv"
	"strings"

	"maillage/accounts"
	"maillage/followup"
	"maillage/followup/contacts"
	"maillage/internal/fault"
	"maillage/network"
	"maillage/territories"
)

// MemberPage is one organisation: what it does, where, under which rights, with whom.
type MemberPage struct {
	Page
	Heading, Lead  string
	Findings       []string
	Unsigned       string // what waits for the administration's confirmation; empty: nothing
	Countersign    bool   // the reader may confirm it
	Facts          []Fact
	Mine           bool
	Activities     []ActivityView
	NoActivity     Empty
	Statuses       []StatusView
	Certifications []CertificationView
	References     []ReferenceView
	Matches        []OppRow
	WhatIf         string // what changes would have brought it; empty: not for this reader
	Map            Map
	Ties           []OrgRow
	Invite         *Field // the address of who is invited to claim it
	InviteAction   string
	Contacts       *ContactLog
	Pursued        []OrgRow // what became of its matches, for who follows them up
}

// ActivityView is an activity with what is assumed of it.
type ActivityView struct {
	Label     string
	Assumed   string
	Confirmed bool
	Codes     []Tag
	Facts     []Fact
	Edit      string // where its owner corrects it; empty: not the owner
}

// StatusView is a legal status and its dates.
type StatusView struct {
	Name, Article string
	Dates         Tag
	FTE           string
}

// CertificationView is a label and its dates.
type CertificationView struct {
	Name  string
	Dates Tag
}

// ReferenceView is something delivered.
type ReferenceView struct{ Title, Over string }

func (s *Server) member(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	o, err := s.cfg.Network.Get(c.r.Context(), network.ID(id))
	if err != nil {
		return err
	}
	page, err := c.memberPage(o)
	if err != nil {
		return err
	}
	return c.show("member", page)
}

func (c *call) memberPage(o *network.Organisation) (*MemberPage, error) {
	private := accounts.Can(c.who.Identity, accounts.OrganisationPrivate, o.Scope(c.s.cfg.Atlas))
	page := &MemberPage{
		Page: c.page(o.Called(), Crumb{c.T("members.title"), "/membres"}, Crumb{Text: o.Called()}), Heading: o.Called(), Lead: c.memberLead(o),
		Facts: c.memberFacts(o, private), Mine: c.who.OrganisationID == int64(o.ID) && c.who.Role == accounts.Member,
		NoActivity: Empty{Title: c.T("member.no_activity"), Text: c.T("member.no_activity_text")},
		Statuses:   c.statuses(o), Certifications: c.certifications(o), References: references(o),
	}
	if private {
		page.Findings = c.findings(o)
	}
	for _, a := range o.Activities {
		page.Activities = append(page.Activities, c.activity(a, private))
	}
	page.Map = c.memberMap(o)
	var err error
	if private {
		if page.Unsigned, err = c.unsigned(o); err != nil {
			return nil, err
		}
		page.Countersign = accounts.Can(c.who.Identity, accounts.OrganisationCountersign, o.Scope(c.s.cfg.Atlas))
	}
	if page.Ties, err = c.tiesOf(o); err != nil {
		return nil, err
	}
	c.offerInvitation(page, o)
	if accounts.Can(c.who.Identity, accounts.ContactNote, o.Scope(c.s.cfg.Atlas)) {
		if page.Pursued, err = c.pursuedRows(followup.Filter{Organisation: o.ID}, false); err != nil {
			return nil, err
		}
		if page.Contacts, err = c.contactLog(contacts.Filter{Organisation: o.ID}, c.noteWith(o.ID, 0)); err != nil {
			return nil, err
		}
	}
	if accounts.Can(c.who.Identity, accounts.MatchesOfOrganisation, o.Scope(c.s.cfg.Atlas)) {
		if page.Matches, err = c.openLotsFor(o); err != nil {
			return nil, err
		}
		page.WhatIf = whatIfPath(o.ID)
	}
	return page, nil
}

// invitationOf is what an invitation to claim an organisation says; without a role, nobody claims it.
func (c *call) invitationOf(o *network.Organisation) accounts.Invite {
	in := accounts.Invite{Email: c.form("email"), OrganisationID: int64(o.ID), SIRET: string(o.SIRET), Lang: string(c.Lang)}
	in.Contact = o.Email
	switch o.Role {
	case network.Member:
		in.Role = accounts.Member
		if me := c.who.Role; me == accounts.Member || me == accounts.Counsellor {
			in.Role = accounts.Counsellor // the structure invites its own
		}
	case network.Employer:
		in.Role = accounts.Employer
	}
	return in
}

// offerInvitation shows the form to those who may invite this organisation.
func (c *call) offerInvitation(page *MemberPage, o *network.Organisation) {
	if c.invitationOf(o).Role == "" || !accounts.Can(c.who.Identity, accounts.AccountInvite, o.Scope(c.s.cfg.Atlas)) {
		return
	}
	page.Invite = &Field{ID: "email", Name: "email", Kind: "email", Label: c.T("people.email"), Hint: c.T("member.invite_note"), Value: o.Email, Required: true}
	if c.invitationOf(o).Role == accounts.Counsellor {
		page.Invite.Hint, page.Invite.Value = c.T("member.invite_counsellor_note"), ""
	}
	page.InviteAction = memberPath(o.ID) + "/inviter"
}

func (c *call) memberLead(o *network.Organisation) string {
	if o.Kind == "" {
		return joined(", ", c.T("orole."+string(o.Role)), c.siteWords(o)) + "."
	}
	return upperFirst(joined(", ", c.T("okind_long."+string(o.Kind)), c.siteWords(o))) + "."
}

func (c *call) memberFacts(o *network.Organisation, private bool) []Fact {
	facts := []Fact{}
	if o.Kind != "" {
		facts = append(facts, Fact{Label: c.T("member.kind"), Big: c.T("okind." + string(o.Kind))})
	}
	place := c.siteWords(o)
	if place == "" {
		place = c.T("member.unplaced")
	}
	facts = append(facts, Fact{Label: c.T("member.place"), Lines: []string{place}})
	if o.SIRET != "" {
		facts = append(facts, Fact{Label: c.T("member.siret"), Lines: []string{o.SIRET.String()}})
	}
	if o.NAF != "" {
		facts = append(facts, Fact{Label: c.T("member.naf"), Lines: []string{dottedNAF(string(o.NAF))}})
	}
	contact := Fact{Label: c.T("member.contact")}
	if o.Website != "" {
		contact.Links = append(contact.Links, Link{o.Website, o.Website})
	}
	if private && o.Phone != "" {
		contact.Links = append(contact.Links, Link{o.Phone, "tel:" + o.Phone})
	}
	if private && o.Email != "" {
		contact.Links = append(contact.Links, Link{o.Email, "mailto:" + o.Email})
	}
	if len(contact.Links) > 0 {
		facts = append(facts, contact)
	}
	return facts
}

// activity shows one activity; edit gives its owner the gestures.
func (c *call) activity(a network.Activity, private bool) ActivityView {
	v := ActivityView{Label: a.Label, Codes: c.codeTags(a.Codes, 6)}
	if v.Label == "" && len(a.Codes) > 0 {
		v.Label = c.codeWords(a.Codes[0])
	}
	if v.Label == "" {
		v.Label = c.T("activity.specify")
	}
	trade, zone := a.Origin == network.Assumed && len(a.Codes) > 0, a.ZoneOrigin == network.Assumed && a.Zone != ""
	switch {
	case trade && zone:
		v.Assumed = c.T("match.assumed_both")
	case trade:
		v.Assumed = c.T("match.assumed_activity")
	case zone:
		v.Assumed = c.T("match.assumed_zone")
	}
	v.Confirmed = a.Origin == network.Confirmed
	v.Facts = []Fact{{Label: c.T("activity.zone"), Lines: []string{c.zoneWords(a.Zone)}}, {Label: c.T("activity.modes"), Lines: []string{c.modes(a.Modes)}}}
	if private {
		v.Facts = append(v.Facts, Fact{Label: c.T("activity.capacity_f"), Lines: []string{c.capacity(a)}})
	}
	return v
}

func (c *call) zoneWords(expr string) string {
	perimeter := c.s.compile(expr)
	if perimeter == nil {
		return c.T("activity.zone_none")
	}
	return c.s.cfg.Atlas.Describe(perimeter.Expr, string(c.Lang)) + ", " + c.N("communes", perimeter.Set.Len())
}

func (c *call) modes(modes []network.Mode) string {
	words := make([]string, 0, len(modes))
	for _, mode := range modes {
		words = append(words, c.T("mode."+string(mode)))
	}
	if len(words) == 0 {
		return c.T("activity.modes_none")
	}
	return c.list(words)
}

func (c *call) capacity(a network.Activity) string {
	words := []string{}
	if a.FTE > 0 {
		words = append(words, c.T("activity.fte", "N", c.Decimal(a.FTE, 1)))
	}
	if a.Hours > 0 {
		words = append(words, c.T("activity.hours", "N", c.Decimal(a.Hours, 0)))
	}
	if a.Amount > 0 {
		words = append(words, c.T("activity.amount", "Amount", c.Money(a.Amount, "EUR")))
	}
	if len(words) == 0 {
		return c.T("activity.capacity_none")
	}
	return c.list(words)
}

func (c *call) statuses(o *network.Organisation) []StatusView {
	views := make([]StatusView, 0, len(o.Statuses))
	for _, status := range o.Statuses {
		v := StatusView{Name: c.T("status." + string(status.Kind)), Article: status.Proof, Dates: c.dated(status.From, status.Until), FTE: "–"}
		if status.FTE > 0 {
			v.FTE = c.Decimal(status.FTE, 1)
		}
		views = append(views, v)
	}
	return views
}

func (c *call) certifications(o *network.Organisation) []CertificationView {
	views := make([]CertificationView, 0, len(o.Certifications))
	for _, label := range o.Certifications {
		name := label.Name
		if name == "" {
			name = label.Code
		}
		views = append(views, CertificationView{Name: name, Dates: c.dated(label.From, label.Until)})
	}
	return views
}

func references(o *network.Organisation) []ReferenceView {
	views := make([]ReferenceView, 0, len(o.References))
	for _, r := range o.References {
		year := ""
		if r.Year > 0 {
			year = strconv.Itoa(r.Year)
		}
		views = append(views, ReferenceView{Title: r.Title, Over: joined(" · ", r.Buyer, year)})
	}
	return views
}

func (c *call) findings(o *network.Organisation) []string {
	said := make([]string, 0, len(o.Findings))
	for _, f := range o.Findings {
		key := "finding." + f.Code
		if !c.Has(key) {
			said = append(said, c.T("finding.other", "Code", joined(", ", f.Code, f.Detail)))
			continue
		}
		said = append(said, c.T(key))
	}
	return said
}

// memberMap draws all the zones of an organisation together, and where it stands.
func (c *call) memberMap(o *network.Organisation) Map {
	points := []MapPoint{}
	if at, ok := c.siteOf(o); ok {
		points = append(points, MapPoint{Row: "o" + strconv.FormatInt(int64(o.ID), 10), Label: "1", Name: o.Called(), Href: memberPath(o.ID), At: at, On: true})
	}
	return c.zoneMap("carte", c.zonesOf(o.Activities), o.Called(), points)
}

// zonesOf is the union of the zones of activities; nil when none is known.
func (c *call) zonesOf(activities []network.Activity) *territories.Perimeter {
	var zones []territories.Expr
	for _, a := range activities {
		if p := c.s.compile(a.Zone); p != nil {
			zones = append(zones, p.Expr)
		}
	}
	if len(zones) == 0 {
		return nil
	}
	p, err := c.s.cfg.Atlas.Compile(territories.AnyOf(zones...))
	if err != nil {
		return nil
	}
	return p
}

// notMember refuses a page that needs an organisation of one's own.
func (c *call) notMember() error {
	return fault.New(fault.KindForbidden, "no-organisation", c.s.locales[French].T("enterprise.none"), c.s.locales[English].T("enterprise.none"))
}

// dottedNAF writes a NAF code as INSEE prints it: 81.30Z.
func dottedNAF(code string) string {
	if len(code) == 5 && !strings.Contains(code, ".") {
		return code[:2] + "." + code[2:]
	}
	return code
}
