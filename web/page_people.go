package web

import (
	"strconv"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/nomenclatures"
	"maillage/people"
	"maillage/territories"
)

// JourneysPage is the list of a structure's journeys, by their codes.
type JourneysPage struct {
	Page
	Heading, Lead string
	Chips         []Tag
	Filters       []Field
	Warning       string
	Rows          []JourneyRow
	Named         bool // names are shown, this once
	Names         NameGesture
	Empty         Empty
	Pager         Pager
	Said          string
}

// JourneyRow is one journey of a list.
type JourneyRow struct {
	Code, Key, Href string
	Name            string // only after a gesture
	State           Tag
	Wished, Where   string
	Counsellor      string
	Since           string
	Missing         []Tag
}

// NameGesture is the form that shows names; Action is empty where no identity can be read.
type NameGesture struct {
	Action string
	Find   Field
}

// personal keeps the pages of people out of every cache: those of a shared
// computer, of a proxy, of the browser's own history.
func personal(serve func(*call) error) func(*call) error {
	return func(c *call) error {
		c.w.Header().Set("Cache-Control", "no-store")
		return serve(c)
	}
}

// journeyPath is the page of a journey: its number, never anything of the person.
func journeyPath(id people.ID) string { return "/parcours/" + strconv.FormatInt(int64(id), 10) }

// person reads the journey that the address names.
func (c *call) person() (*people.Person, error) {
	id, err := c.id("id")
	if err != nil {
		return nil, err
	}
	return c.s.cfg.People.Get(c.r.Context(), people.ID(id))
}

func (c *call) journeysCrumb() Crumb { return Crumb{c.T("journey.list"), "/parcours"} }

func (c *call) journeyCrumb(p *people.Person) Crumb { return Crumb{p.Code, journeyPath(p.ID)} }

// journeysShown is how many journeys a page lists.
const journeysShown = 50

func (s *Server) journeys(c *call) error {
	filter, warning := c.journeyFilter()
	page := c.journeysPage(filter, warning)
	found, err := s.cfg.People.List(c.r.Context(), filter, people.Request{After: c.query("apres"), Limit: journeysShown})
	if err != nil {
		return err
	}
	if err := c.fillJourneys(page, found.Items, nil); err != nil {
		return err
	}
	if found.Next != "" {
		page.Pager.Next = c.with("apres", found.Next)
	}
	if c.query("apres") != "" {
		page.Pager.Previous = c.with("apres", "")
	}
	return c.show("journeys", page)
}

// journeysNamed is the same list with names, which is written in the audit
// trail: it answers a gesture, and no address leads to it.
func (s *Server) journeysNamed(c *call) error {
	filter, warning := c.journeyFilter()
	page := c.journeysPage(filter, warning)
	page.Named, page.Names.Find.Value = true, c.form("nom")
	if words := c.form("nom"); words != "" {
		return c.showFound(page, words)
	}
	found, err := s.cfg.People.List(c.r.Context(), filter, people.Request{After: c.query("apres"), Limit: journeysShown})
	if err != nil {
		return err
	}
	ids := make([]people.ID, len(found.Items))
	for i, p := range found.Items {
		ids[i] = p.ID
	}
	names, err := s.cfg.People.Names(c.r.Context(), c.who.OrganisationID, ids...)
	if err != nil {
		return err
	}
	if err := c.fillJourneys(page, found.Items, names); err != nil {
		return err
	}
	return c.show("journeys", page)
}

// showFound lists the people whose names begin with the words asked.
func (c *call) showFound(page *JourneysPage, words string) error {
	found, err := c.s.cfg.People.FindByName(c.r.Context(), c.who.OrganisationID, words, journeysShown)
	if err != nil {
		return err
	}
	var all []*people.Person
	names := map[people.ID]people.Identity{}
	for _, one := range found {
		all, names[one.Person.ID] = append(all, one.Person), one.Identity
	}
	if err := c.fillJourneys(page, all, names); err != nil {
		return err
	}
	page.Empty = Empty{Title: c.T("journey.nobody_named"), Text: c.T("journey.nobody_named_text"), Actions: []Link{{c.T("journey.see_all"), "/parcours"}}}
	return c.show("journeys", page)
}

// journeyFilter reads the address; a place or an occupation that is not understood is told.
func (c *call) journeyFilter() (people.Filter, string) {
	f := people.Filter{Organisation: c.who.OrganisationID, Text: c.query("numero"), States: []people.State{people.Active, people.Paused}}
	switch state := people.State(c.query("etat")); state {
	case people.Active, people.Paused, people.Ended:
		f.States = []people.State{state}
	case "tous":
		f.States = nil
	}
	switch c.query("qui") {
	case "moi":
		f.Counsellor = int64(c.who.UserID)
	case "personne":
		f.Unassigned = true
	}
	words := c.query("metier")
	if words == "" {
		return f, ""
	}
	code, ok := c.occupationAsked(words, "")
	if !ok {
		return f, c.T("journey.occupation_unknown")
	}
	f.Wished = nomenclatures.ROME(code.Value)
	return f, ""
}

func (c *call) journeysPage(f people.Filter, warning string) *JourneysPage {
	title := c.T("journey.list")
	page := &JourneysPage{Page: c.page(title), Heading: title, Lead: c.T("journey.list_lead"), Warning: warning}
	states := []Option{{Text: c.T("journey.state_now")}}
	for _, s := range people.States() {
		states = append(states, Option{Value: string(s), Text: c.T("journey.state." + string(s)), Selected: c.query("etat") == string(s)})
	}
	states = append(states, Option{Value: "tous", Text: c.T("journey.state_all"), Selected: c.query("etat") == "tous"})
	page.Filters = []Field{
		{ID: "etat", Name: "etat", Kind: "select", Label: c.T("journey.state"), Required: true, Options: states},
		{ID: "metier", Name: "metier", Kind: "search", Label: c.T("journey.wished"), Value: c.query("metier"), Combo: "/suggestions/metiers?genre=metier"},
		{ID: "qui", Name: "qui", Kind: "select", Label: c.T("journey.counsellor"), Required: true, Options: c.options("journey.who_", c.query("qui"), c.T("journey.who_all"), "moi", "personne")},
		{ID: "numero", Name: "numero", Kind: "search", Label: c.T("journey.number"), Value: c.query("numero")},
	}
	if c.s.cfg.People.SealsIdentities() {
		page.Names = NameGesture{Action: c.r.URL.RequestURI(), Find: Field{ID: "nom", Name: "nom", Kind: "search", Label: c.T("journey.find_name")}}
	}
	page.Empty = Empty{Title: c.T("journey.none"), Text: c.T("journey.none_text"), Actions: []Link{{c.T("journey.new"), "/parcours/nouveau"}, {c.T("journey.import"), "/parcours/import"}}}
	if c.r.URL.RawQuery != "" {
		page.Empty = Empty{Title: c.T("journey.none_found"), Text: c.T("journey.none_found_text"), Actions: []Link{{c.T("journey.see_all"), "/parcours"}}}
	}
	return page
}

// fillJourneys writes the counts and the rows.
func (c *call) fillJourneys(page *JourneysPage, all []*people.Person, names map[people.ID]people.Identity) error {
	counts, err := c.s.cfg.People.Counts(c.r.Context(), c.who.OrganisationID)
	if err != nil {
		return err
	}
	for _, s := range people.States() {
		page.Chips = append(page.Chips, Tag{Text: c.T("journey.state."+string(s)) + nbsp + ":" + " " + c.Num(counts[s]), Href: "/parcours?etat=" + string(s)})
	}
	who, err := c.counsellorNames()
	if err != nil {
		return err
	}
	for _, p := range all {
		page.Rows = append(page.Rows, c.journeyRow(p, names[p.ID].Name(), who))
	}
	page.Said = c.N("journey.shown", len(all))
	return nil
}

func (c *call) journeyRow(p *people.Person, name string, who map[int64]string) JourneyRow {
	row := JourneyRow{Code: p.Code, Key: p.Key, Href: journeyPath(p.ID), Name: name, State: c.journeyState(p.State), Where: c.communeWords(p.Commune), Counsellor: c.T("journey.nobody_yet"),
		Since: c.civilDay(p.EnteredOn)}
	if p.CounsellorID != nil {
		row.Counsellor = or(who[*p.CounsellorID], c.T("journey.somebody"))
	}
	for i, w := range p.Profile.Wished {
		if i < 2 {
			row.Wished = joined(", ", row.Wished, c.wishWords(w))
		}
	}
	for _, key := range c.lacking(p) {
		if p.State != people.Ended {
			row.Missing = append(row.Missing, Tag{Text: c.T("journey.without_" + key), State: Unknown})
		}
	}
	return row
}

// lacking names what keeps a journey from being matched well.
func (c *call) lacking(p *people.Person) (keys []string) {
	if len(p.Profile.Wished) == 0 {
		keys = append(keys, "wish")
	}
	if p.Commune == "" || len(p.Profile.Mobility) == 0 {
		keys = append(keys, "mobility")
	}
	return keys
}

func (c *call) journeyState(s people.State) Tag {
	tag := Tag{Text: c.T("journey.state." + string(s)), Kind: true}
	switch s {
	case people.Active:
		tag = Tag{Text: tag.Text, State: Met, Icon: "play"}
	case people.Paused:
		tag = Tag{Text: tag.Text, State: Partial, Icon: "pause"}
	}
	return tag
}

// counsellorNames are those of the structure, by account.
func (c *call) counsellorNames() (map[int64]string, error) {
	all, err := c.s.cfg.People.Counsellors(c.r.Context(), c.who.OrganisationID)
	names := make(map[int64]string, len(all))
	for _, one := range all {
		names[one.ID] = one.Name
	}
	return names, err
}

// communeWords names a home: the commune and its département.
func (c *call) communeWords(code territories.CommuneCode) string {
	ord, ok := c.s.cfg.Atlas.Ordinal(code)
	if !ok {
		return string(code)
	}
	commune := c.s.cfg.Atlas.Commune(ord)
	if name, ok := c.s.cfg.Atlas.Name(territories.Ref{Kind: territories.KindDepartement, Code: commune.Departement}); ok {
		return commune.Name + " (" + name + ")"
	}
	return commune.Name
}

// theirs refuses who belongs to no structure: a journey is always one's.
func (c *call) theirs() error {
	if c.who.OrganisationID == 0 {
		return fault.Forbidden()
	}
	return accounts.Allow(c.who.Identity, accounts.PersonList, accounts.Of(c.who.OrganisationID))
}
