package web

import (
	"strconv"

	"maillage/matching/placement"
)

const reachPath = "/portee-des-postes"

// ReachPage says to an officer how far the positions of a convention or of a
// territory reach. It has nothing to choose but these, and names nobody.
type ReachPage struct {
	Page
	Heading, Lead string
	Action        string
	Partnership   *Field
	Where         Field
	Words         []string
	Positions     []ReachRow
	Empty         Empty
}

// ReachRow is how far one position reaches.
type ReachRow struct {
	ID, Title, Href, Over, Suits string
	Told                         bool // how many is told
	Helps                        []string
}

func (s *Server) reach(c *call) error {
	title := c.T("reach.title")
	page := &ReachPage{Page: c.page(title, Crumb{c.T("nav.home"), "/"}, Crumb{Text: title}), Heading: title, Lead: c.T("reach.lead"), Action: reachPath,
		Empty: Empty{Title: c.T("prep.no_position"), Text: c.T("prep.no_position_text")}}
	choice := c.reachChoice()
	got, err := s.cfg.Placement.Reach(c.r.Context(), choice)
	errs := map[string]string{}
	if err != nil {
		fields, general, ok := c.faults(err)
		if !ok {
			return err
		}
		errs = formErrors(fields, general)
	} else {
		c.fillReach(page, got)
	}
	if page.Partnership, err = c.conventionChoice(choice.Partnership, errs); err != nil {
		return err
	}
	page.Where = Field{ID: "territory", Name: "ou", Kind: "search", Label: c.T("prep.where"), Hint: c.T("reach.where_hint"), Value: c.placeText(choice.Territory), Combo: "/suggestions/territoires", Error: errs["territory"]}
	page.Errors = summary(errs, "partnership", "territory")
	return c.showForm(page, "reach", errs)
}

// reachChoice reads an address. A territory that is not understood is refused by the
// service, beside the field.
func (c *call) reachChoice() (out placement.ReachChoice) {
	if asked := c.query("convention"); asked != "" {
		id, err := strconv.ParseInt(asked, 10, 64)
		if err != nil {
			id = -1 // none has it
		}
		out.Partnership = id
	}
	where := c.query("ou")
	if where == "" {
		return out
	}
	out.Territory = where
	if e, err := c.placeAsked(where); err == nil {
		out.Territory = e.String()
	}
	return out
}

func (c *call) fillReach(page *ReachPage, got *placement.Reach) {
	for _, w := range got.Words {
		page.Words = append(page.Words, w.In(string(c.Lang)))
	}
	for _, p := range got.Positions {
		page.Positions = append(page.Positions, c.reachRow(p))
	}
}

func (c *call) reachRow(p placement.Reached) ReachRow {
	h := p.Position
	out := ReachRow{ID: "poste-" + strconv.FormatInt(int64(h.Lot), 10), Title: h.Title, Href: opportunityPath(h.Opportunity),
		Over: joined(" · ", h.Employer, h.Place.In(string(c.Lang)), c.N("prep.posts", h.Posts)), Suits: p.Words.In(string(c.Lang)), Told: p.Suits != placement.Unsaid}
	for _, x := range p.Helps {
		out.Helps = append(out.Helps, x.Words.In(string(c.Lang)))
	}
	return out
}
