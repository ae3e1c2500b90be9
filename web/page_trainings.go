package web

import (
	"slices"

	"maillage/accounts"
	"maillage/nomenclatures"
	"maillage/opportunities"
)

// trainings lists the sessions that can still be joined, by what they give.
func (s *Server) trainings(c *call) error {
	filter, warning := c.trainingFilter()
	found, err := s.cfg.Opportunities.List(c.r.Context(), filter, opportunities.Request{After: c.query("apres"), Limit: pageSize, Order: opportunities.Coming})
	if err != nil {
		return err
	}
	counts, err := s.cfg.Opportunities.Counts(c.r.Context(), filter)
	if err != nil {
		return err
	}
	page := &OpportunitiesPage{
		Page: c.page(c.T("trainings.title")), Heading: c.T("trainings.heading"), Lead: c.T("trainings.lead"), Action: "/formations",
		Filters: c.trainingFields(), Warning: warning, Found: c.N("trainings.found", counts.Total), Rows: c.opportunityRows(found.Items, true),
		Empty: Empty{Title: c.T("trainings.none"), Text: c.T("trainings.none_text"), Actions: []Link{{c.T("opps.clear"), "/formations"}}},
		Map:   c.opportunitiesMap(found.Items),
	}
	if c.r.URL.RawQuery != "" {
		page.Clear = "/formations"
	}
	if c.may(accounts.OpportunityCreate) && slices.Contains(opportunities.KindsOf(c.who.Role), opportunities.TrainingSession) {
		page.Publish, page.PublishSaid = "/formations/nouveau", c.T("trainings.offer")
	}
	for i := range page.Rows { // what they all are goes without saying
		page.Rows[i].Tags = slices.DeleteFunc(page.Rows[i].Tags, func(t Tag) bool { return t.Kind && t.Text == c.T("kind.training_session") })
	}
	c.markChanged(page.Rows, found.Items)
	page.Pager = c.pager(found.Next)
	return c.show("opportunities", page)
}

// trainingFilter reads the filters of the address; what is not understood is
// said, not guessed.
func (c *call) trainingFilter() (opportunities.Filter, string) {
	f := opportunities.Filter{Kinds: []opportunities.Kind{opportunities.TrainingSession}, Open: true, Text: c.query("quoi")}
	warning := ""
	if words := c.query("ou"); words != "" {
		expr, err := c.placeAsked(words)
		if err != nil {
			warning = c.T("opps.place_unknown", "Words", words)
		} else {
			f.Territory, f.PlaceKnown = expr, true
		}
	}
	if words := c.query("metier"); words != "" {
		code, ok := c.occupationAsked(words, c.query("metier_code"))
		if !ok {
			return f, c.T("trainings.occupation_unknown", "Words", words)
		}
		f.Codes = []nomenclatures.Code{code}
	}
	if words := c.query("acquis"); words != "" {
		code, ok := c.aptitudeAsked(words, c.query("acquis_code"))
		if !ok {
			return f, c.T("trainings.aptitude_unknown", "Words", words)
		}
		f.Gives = []nomenclatures.Aptitude{code}
	}
	if whom := opportunities.Audience(c.query("public")); slices.Contains(opportunities.Audiences(), whom) {
		f.Audience = whom
	}
	return f, warning
}

func (c *call) trainingFields() []Field {
	return []Field{
		{ID: "ou", Name: "ou", Kind: "search", Label: c.T("opps.place"), Value: c.placeText(c.query("ou")), Combo: "/suggestions/territoires"},
		{ID: "metier", Name: "metier", Kind: "search", Label: c.T("trainings.occupation"), Value: c.query("metier"), Combo: "/suggestions/metiers?genre=metier", HiddenName: "metier_code", HiddenValue: c.query("metier_code")},
		{ID: "acquis", Name: "acquis", Kind: "search", Label: c.T("trainings.aptitude"), Value: c.query("acquis"), Combo: "/suggestions/competences", HiddenName: "acquis_code", HiddenValue: c.query("acquis_code")},
		{ID: "public", Name: "public", Kind: "select", Label: c.T("position.audience"), Required: true, Options: c.options("position.audience.", c.query("public"), c.T("trainings.audience_any"), "journeys", "staff")},
	}
}

// listOf is the list that holds a kind of position.
func (c *call) listOf(kind opportunities.Kind) Crumb {
	switch kind {
	case opportunities.TrainingSession:
		return Crumb{c.T("trainings.title"), "/formations"}
	case opportunities.Mission, opportunities.Immersion:
		return Crumb{c.T("kinds." + string(kind)), "/marches?nature=" + string(kind)}
	}
	return Crumb{c.T("opps.title"), "/marches"}
}
