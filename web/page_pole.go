package web

import (
	"slices"
	"strconv"
	"strings"

	"maillage/accounts"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
)

// fillPole adds to a pole's page its projects, its calls, and the gestures of who
// keeps it and of its members.
func (c *call) fillPole(page *TiePage, pole *network.Pole, errs map[string]string) error {
	var err error
	if page.Projects, err = c.projectViews(pole); err != nil {
		return err
	}
	page.ProjectsSaid = c.N("pole.projects", len(pole.Projects))
	if c.mayProject(pole.Territory) {
		page.Add = c.projectForm(pole, errs)
	}
	if c.s.cfg.Calls == nil {
		return nil
	}
	if accounts.Can(c.who.Identity, accounts.CallPublish, c.s.cfg.Calls.ScopeOfPole(pole)) {
		page.Publish = &Link{c.T("pole.publish"), callPath + "?pole=" + strconv.FormatInt(pole.ID, 10)}
	}
	all, err := c.s.cfg.Calls.OfPole(c.r.Context(), pole.ID)
	if err != nil {
		return err
	}
	open := slices.DeleteFunc(slices.Clone(all), func(o *opportunities.Opportunity) bool { return !o.Open(c.now) })
	page.Calls, page.CallsSaid = c.opportunityRows(open, false), c.N("pole.calls", len(open))
	if past := len(all) - len(open); past > 0 {
		page.CallsSaid = joined(", ", page.CallsSaid, c.N("pole.calls_past", past))
	}
	page.NoCall = c.T("pole.no_call")
	return nil
}

// ProjectForm adds a project to a pole.
type ProjectForm struct {
	Action string
	Fields []Field
	Open   bool
}

func (c *call) projectForm(pole *network.Pole, errs map[string]string) *ProjectForm {
	return &ProjectForm{Action: polePath(pole.ID) + "/projets", Open: len(errs) > 0, Fields: []Field{
		{ID: "titre", Name: "titre", Label: c.T("pole.project_title"), Value: c.form("titre"), Required: true, Error: errs["titre"]},
		{ID: "description", Name: "description", Kind: "area", Rows: 3, Label: c.T("pole.project_what"), Value: c.form("description"), Error: errs["description"]},
		{ID: "lieu", Name: "lieu", Label: c.T("pole.project_where"), Hint: c.T("publish.place_hint"), Value: c.form("lieu"), Combo: "/suggestions/territoires", Error: errs["lieu"]},
		{ID: "besoins", Name: "besoins", Kind: "area", Rows: 2, Label: c.T("pole.needs_of"), Hint: c.T("pole.needs_hint"), Value: c.form("besoins"), Error: errs["besoins"]},
	}}
}

// addProject makes a project of a pole known; nothing that was typed is lost.
func (s *Server) addProject(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	if err := c.allowPole(id); err != nil {
		return err
	}
	errs := map[string]string{}
	p := network.Project{PoleID: id, Title: c.form("titre"), Description: c.text("description"), Needs: c.text("besoins")}
	if words := c.form("lieu"); words != "" {
		expr, err := c.placeAsked(words)
		if err != nil {
			errs["lieu"] = c.T("zone.unknown", "Words", words)
		}
		p.Territory = expr.String()
	}
	if len(errs) == 0 {
		_, err = s.cfg.Network.AddProject(c.r.Context(), p)
		if err == nil {
			return c.to(polePath(id)+"#projets", "project_added")
		}
		fields, general, ok := c.faults(err)
		if !ok {
			return err
		}
		names := map[string]string{"title": "titre", "needs": "besoins", "territory": "lieu"}
		for path, text := range formErrors(fields, general) {
			if name, ok := names[path]; ok {
				path = name
			}
			errs[path] = text
		}
	}
	page, err := c.polePage(id, errs)
	if err != nil {
		return err
	}
	page.Errors = summary(errs, "titre", "description", "lieu", "besoins")
	return c.showForm(page, "tie", errs)
}

// text is a text of several lines, as a form sends it.
func (c *call) text(name string) string { return strings.ReplaceAll(c.form(name), "\r\n", "\n") }

// tellNeeds says what a project still needs.
func (s *Server) tellNeeds(c *call) error {
	id, project, err := c.projectAsked()
	if err != nil {
		return err
	}
	if err := c.allowPole(id); err != nil {
		return err
	}
	if _, err := s.cfg.Network.TellNeeds(c.r.Context(), id, project, c.text("besoins")); err != nil {
		return err
	}
	return c.to(polePath(id)+"#projets", "project_needs")
}

// joinProject brings one's own enterprise into a project of its pole, or out of it.
func (s *Server) joinProject(c *call) error {
	id, project, err := c.projectAsked()
	if err != nil {
		return err
	}
	own := c.who.OrganisationID
	if err := accounts.Allow(c.who.Identity, accounts.PoleJoin, accounts.Of(own)); err != nil {
		return err
	}
	in, said := c.form("geste") != "sortir", "project_joined"
	if !in {
		said = "project_left"
	}
	if _, err := s.cfg.Network.JoinProject(c.r.Context(), id, project, network.ID(own), in); err != nil {
		return err
	}
	return c.to(polePath(id)+"#projets", said)
}

func (c *call) projectAsked() (pole, project int64, err error) {
	if pole, err = c.id("id"); err != nil {
		return 0, 0, err
	}
	project, err = c.id("project")
	return pole, project, err
}

// moveProject says what becomes of a project.
func (s *Server) moveProject(c *call) error {
	id, project, err := c.projectAsked()
	if err != nil {
		return err
	}
	if err := c.allowPole(id); err != nil {
		return err
	}
	if _, err := s.cfg.Network.MoveProject(c.r.Context(), id, project, c.form("etat")); err != nil {
		return err
	}
	return c.to(polePath(id)+"#projets", "project_moved")
}

// ProjectView is a project of a pole, with what it came from and where it may go.
type ProjectView struct {
	ID          string
	Title       string
	State       Tag
	Place       string
	Description []string
	Evidence    string // what was known of the need it comes from
	Steps       string // when it came to each state
	Need        *Link
	Inside      []Link // who is in it
	Needs       []string
	Action      string // of who keeps the pole; empty: not for this reader
	Next        []Option
	Tell        *Field // what it still needs
	Join, Leave string // of a member of the pole: where it says so
}

func (c *call) projectViews(pole *network.Pole) (views []ProjectView, err error) {
	may := c.mayProject(pole.Territory)
	inside, err := c.insideProjects(pole)
	if err != nil {
		return nil, err
	}
	steps, err := c.projectSteps(pole.ID)
	if err != nil {
		return nil, err
	}
	for i := range pole.Projects {
		p := &pole.Projects[i]
		state := map[string]State{network.ProjectRunning: Partial, network.ProjectDone: Met, network.ProjectAbandoned: Missed}[p.State]
		if state == "" {
			state = Unknown
		}
		v := ProjectView{ID: strconv.FormatInt(p.ID, 10), Title: p.Title, State: Tag{Text: c.T("project." + p.State), State: state}, Place: c.perimeterWords(p.Territory), Description: paragraphs(p.Description), Needs: paragraphs(p.Needs), Steps: upperFirst(steps[p.ID])}
		for _, id := range p.Members {
			if head, ok := inside[id]; ok {
				v.Inside = append(v.Inside, Link{head.Name, memberPath(id)})
			}
		}
		c.projectGestures(&v, pole, p, may)
		if e := p.Evidence; e != nil {
			v.Evidence = c.T("holes.evidence", "On", c.civilDay(e.On), "Lots", c.N("holes.lots", e.Lots), "Unmet", c.N("holes.evidence_unmet", e.Unmet), "Share", c.Percent(e.Covered))
			if c.canSeeHoles() {
				v.Need = &Link{c.T("holes.see_need"), holePath(p.Hole)}
			}
		}
		views = append(views, v)
	}
	return views, nil
}

// projectGestures are those of who keeps the pole, and of a member of it.
func (c *call) projectGestures(v *ProjectView, pole *network.Pole, p *network.Project, may bool) {
	action := polePath(pole.ID) + "/projets/" + v.ID
	alive, again := p.Live(), ""
	if !alive {
		again = "_again"
	}
	if may {
		v.Action = action
		for _, to := range p.Next() {
			v.Next = append(v.Next, Option{Value: to, Text: c.T("project.to_" + to + again)})
		}
	}
	if may && alive {
		v.Tell = &Field{ID: "besoins-" + v.ID, Name: "besoins", Kind: "area", Rows: 2, Bare: true, Label: c.T("pole.needs_of"), Hint: c.T("pole.needs_hint"), Value: p.Needs}
	}
	own := network.ID(c.who.OrganisationID)
	if c.who.Role != accounts.Member || !slices.Contains(pole.Members, own) {
		return
	}
	switch in := slices.Contains(p.Members, own); {
	case in:
		v.Leave = action + "/membres"
	case alive:
		v.Join = action + "/membres"
	}
}

// insideProjects names the members that are in the projects of a pole.
func (c *call) insideProjects(pole *network.Pole) (map[network.ID]matching.OrganisationHead, error) {
	var ids []network.ID
	for i := range pole.Projects {
		ids = append(ids, pole.Projects[i].Members...)
	}
	return c.s.cfg.Matching.Heads(c.r.Context(), ids...)
}

// projectSteps says when each project came to each of its states, the first first.
func (c *call) projectSteps(pole int64) (map[int64]string, error) {
	events, err := c.s.cfg.Network.ProjectEvents(c.r.Context(), pole)
	if err != nil {
		return nil, err
	}
	said := map[int64]string{}
	for _, e := range slices.Backward(events) {
		said[e.ProjectID] = joined(", ", said[e.ProjectID], c.T("project.step", "State", c.T("project."+e.To), "On", c.ShortDate(e.At)))
	}
	return said, nil
}
