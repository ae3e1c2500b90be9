package web

import (
	"strconv"

	"github.com/paulmach/orb"

	"maillage/accounts"
	"maillage/network"
	"maillage/nomenclatures"
)

// MembersPage lists the organisations of the network, with their map.
type MembersPage struct {
	Page
	Heading, Lead string
	Filters       []Field
	Clear         string
	Warning       string
	Found         string
	Rows          []OrgRow
	Pager         Pager
	Empty         Empty
	Map           Map
}

func (s *Server) members(c *call) error {
	filter, warning := c.memberFilter()
	found, err := s.cfg.Network.List(c.r.Context(), filter, network.Request{After: c.query("apres"), Limit: pageSize})
	if err != nil {
		return err
	}
	counts, err := s.cfg.Network.Counts(c.r.Context(), filter)
	if err != nil {
		return err
	}
	page := &MembersPage{
		Page: c.page(c.T("members.title")), Heading: c.T("members.heading"), Lead: c.T("members.lead"),
		Filters: c.memberFields(), Warning: warning, Found: c.N("members.found", counts.Total),
		Rows: c.memberRows(found.Items, true), Pager: c.pager(found.Next), Map: c.membersMap("carte", found.Items),
		Empty: Empty{Title: c.T("members.found_none"), Text: c.T("members.empty_text"), Actions: []Link{{c.T("opps.clear"), "/membres"}}},
	}
	if c.r.URL.RawQuery != "" {
		page.Clear = "/membres"
	}
	return c.show("members", page)
}

// memberFilter reads the filters of the address. Without a role, only those that answer lots.
func (c *call) memberFilter() (network.Filter, string) {
	f := network.Filter{Text: c.query("quoi"), Roles: []network.Role{network.Member}}
	warning := ""
	if c.query("role") == "tous" {
		f.Roles = nil
	}
	if words := c.query("ou"); words != "" {
		expr, err := c.placeAsked(words)
		if err != nil {
			warning = c.T("opps.place_unknown", "Words", words)
		} else {
			f.Territory = expr
		}
	}
	if presence := network.Presence(c.query("presence")); presence == network.ByZone || presence == network.BySite {
		f.Presence = presence
	}
	if sector, err := nomenclatures.ParseSector(c.query("secteur")); err == nil {
		f.Codes = []nomenclatures.Code{{Scheme: nomenclatures.SchemeSector, Value: string(sector)}}
	}
	f.Pole, f.Group, f.Partnership = c.number("pole"), c.number("groupe"), c.number("convention")
	if f.Pole != 0 || f.Group != 0 || f.Partnership != 0 {
		f.Roles = nil
	}
	switch c.query("fiche") {
	case "preciser":
		f.ToSpecify = true
	case "supposee":
		f.Assumed = true
	case "verifier":
		if c.seesFindings() {
			f.Finding = "any"
		}
	}
	for _, kind := range kindsOfMembers() {
		if c.query("type") == string(kind) {
			f.Kinds = []network.Kind{kind}
		}
	}
	return f, warning
}

// seesFindings says whether the person is shown what an import noticed: those who can put it right.
func (c *call) seesFindings() bool {
	return accounts.ReachOf(c.who.Identity, accounts.OrganisationPrivate) >= accounts.OwnPerimeter
}

func kindsOfMembers() []network.Kind {
	return []network.Kind{network.KindAI, network.KindACI, network.KindEI, network.KindETTI, network.KindEITI, network.KindGEIQ,
		network.KindEA, network.KindESAT, network.KindSAP, network.KindRegie, network.KindTraining, network.KindOther}
}

func (c *call) memberFields() []Field {
	kinds := []string{}
	for _, kind := range kindsOfMembers() {
		kinds = append(kinds, string(kind))
	}
	pages := []string{"preciser", "supposee"}
	if c.seesFindings() {
		pages = append(pages, "verifier")
	}
	return []Field{
		{ID: "quoi", Name: "quoi", Kind: "search", Label: c.T("members.text"), Value: c.query("quoi")},
		{ID: "ou", Name: "ou", Kind: "search", Label: c.T("opps.place"), Value: c.placeText(c.query("ou")), Combo: "/suggestions/territoires"},
		{ID: "presence", Name: "presence", Kind: "select", Required: true, Label: c.T("members.presence"), Options: c.options("members.presence_", c.query("presence"), c.T("members.presence_any"), "zone", "site")},
		{ID: "secteur", Name: "secteur", Kind: "select", Label: c.T("opps.sector"), Required: true, Options: c.sectorOptions(c.query("secteur"), c.T("opps.sector_any"))},
		{ID: "type", Name: "type", Kind: "select", Label: c.T("members.kind"), Required: true, Options: c.options("okind.", c.query("type"), c.T("members.kind_any"), kinds...)},
		{ID: "fiche", Name: "fiche", Kind: "select", Label: c.T("members.page"), Required: true, Options: c.options("members.page_", c.query("fiche"), c.T("members.page_any"), pages...)},
	}
}

func (c *call) memberRows(items []*network.Organisation, ranked bool) []OrgRow {
	rows := make([]OrgRow, 0, len(items))
	for i, o := range items {
		row := c.memberRow(o)
		if ranked {
			row.Name = strconv.Itoa(i+1) + ". " + row.Name
		}
		rows = append(rows, row)
	}
	return rows
}

func (c *call) memberRow(o *network.Organisation) OrgRow {
	row := OrgRow{Row: "o" + strconv.FormatInt(int64(o.ID), 10), Name: o.Called(), Href: memberPath(o.ID), Over: c.kindAndPlace(o)}
	var codes []nomenclatures.Code
	assumed := false
	for _, a := range o.Activities {
		codes = append(codes, a.Codes...)
		assumed = assumed || (a.Origin == network.Assumed && len(a.Codes) > 0)
	}
	row.Tags = c.codeTags(codes, 3)
	switch {
	case o.Role != network.Member:
	case len(codes) == 0:
		row.Tags = append(row.Tags, Tag{Text: c.T("members.specify"), State: Unknown})
	case assumed:
		row.Tags = append(row.Tags, Tag{Text: c.T("members.assumed"), State: Assumed})
	}
	return row
}

func memberPath(id network.ID) string { return "/membres/" + strconv.FormatInt(int64(id), 10) }

// membersMap shows each organisation of a list at its commune, numbered as the list.
func (c *call) membersMap(id string, items []*network.Organisation) Map {
	table := &MapTable{Summary: c.T("opps.map_list"), Caption: c.T("members.map_title"),
		Head: []string{c.T("opp.enterprise"), c.T("opp.place")}, Numbers: []bool{false, false}}
	points, unplaced := []MapPoint{}, 0
	for i, o := range items {
		at, ok := c.siteOf(o)
		if !ok {
			unplaced++
			continue
		}
		label := strconv.Itoa(i + 1)
		points = append(points, MapPoint{Row: "o" + strconv.FormatInt(int64(o.ID), 10), Label: label, Name: label + ". " + o.Called(), Href: memberPath(o.ID), At: at})
		table.Rows = append(table.Rows, []string{label + ". " + o.Called(), c.siteWords(o)})
	}
	if len(points) == 0 {
		return Map{}
	}
	m := c.s.draw(mapSpec{id: id, title: c.T("members.map_title"), desc: c.T("members.map_desc"), points: points})
	m.Legend = []LegendItem{{SwatchPin, c.H("members.map_pin")}}
	m.Table, m.Copy = table, c.r.URL.RequestURI()
	if unplaced > 0 {
		m.Note = c.N("members.unplaced", unplaced)
	}
	return m
}

// siteOf is where an organisation stands: its own point, else its commune's.
func (c *call) siteOf(o *network.Organisation) (orb.Point, bool) {
	site := mainSite(o)
	if site == nil {
		return orb.Point{}, false
	}
	if site.Lon != nil && site.Lat != nil {
		return orb.Point{*site.Lon, *site.Lat}, true
	}
	ord, ok := c.s.cfg.Atlas.Ordinal(site.Commune)
	if !ok || !c.s.cfg.Atlas.Commune(ord).HasPoint {
		return orb.Point{}, false
	}
	return c.s.cfg.Atlas.Commune(ord).Point, true
}
