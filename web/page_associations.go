package web

import "maillage/network"

const associationsPath = "/admin/associations"

func (s *Server) associations(c *call) error { return c.associationsPage(nil) }

// associationsPage lists the associations, and makes one.
func (c *call) associationsPage(errs map[string]string) error {
	title := c.T("associations.title")
	page := &AdminList{Page: c.page(title, Crumb{c.T("people.title"), "/admin/comptes"}, Crumb{Text: title}), Heading: title, Lead: c.T("associations.lead"),
		Empty: Empty{Title: c.T("associations.none"), Text: c.T("associations.none_text")},
		Head:  []Column{{Text: c.T("associations.name")}, {Text: c.T("associations.kind")}, {Text: c.T("associations.seat")}, {Text: c.T("associations.siret")}, {Text: c.T("associations.report")}}}
	found, err := c.s.cfg.Network.List(c.r.Context(), network.Filter{Roles: []network.Role{network.Federation, network.Regional}}, network.Request{After: c.query("apres"), Limit: 100})
	if err != nil {
		return err
	}
	for _, o := range found.Items {
		seat := ""
		for _, at := range o.Sites {
			if at.Main && at.Commune != "" {
				seat = c.communeWords(at.Commune)
			}
		}
		report := Cell{Text: c.T("associations.see_report"), Href: activityReportPath + "?association=" + memberID(o.ID)}
		page.Rows = append(page.Rows, AdminRow{Cells: []Cell{{Text: o.Called(), Note: o.Website}, {Text: c.T("orole." + string(o.Role))}, {Text: seat}, {Text: string(o.SIRET)}, report}})
	}
	if found.Next != "" {
		page.Pager.Next = c.with("apres", found.Next)
	}
	page.Form = &AdminForm{Heading: c.T("associations.add"), Action: associationsPath, Submit: c.T("associations.submit"), Fields: c.associationFields(errs)}
	page.Errors = summary(errs, "nom", "nature", "siret", "siege", "site")
	return c.showForm(page, "admin_list", errs)
}

func (c *call) associationFields(errs map[string]string) []Field {
	kinds := []Option{{Text: c.T("form.choose")}}
	for _, r := range []network.Role{network.Regional, network.Federation} {
		kinds = append(kinds, Option{Value: string(r), Text: c.T("orole." + string(r)), Selected: c.form("nature") == string(r)})
	}
	return []Field{
		{ID: "nom", Name: "nom", Label: c.T("associations.name"), Value: c.form("nom"), Required: true, Error: errs["nom"]},
		{ID: "nature", Name: "nature", Kind: "select", Label: c.T("associations.kind"), Required: true, Options: kinds, Error: errs["nature"]},
		{ID: "siret", Name: "siret", Label: c.T("associations.siret"), Value: c.form("siret"), Required: true, InputMode: "numeric", Error: errs["siret"]},
		{ID: "siege", Name: "siege", Label: c.T("associations.seat"), Hint: c.T("associations.seat_hint"), Value: c.form("siege"), Combo: "/suggestions/territoires?genre=commune", Error: errs["siege"]},
		{ID: "site", Name: "site", Label: c.T("associations.website"), Value: c.form("site"), InputMode: "url", Error: errs["site"]},
	}
}

// addAssociation notes one. Told again, it is the one that is known.
func (s *Server) addAssociation(c *call) error {
	o, errs := c.associationAsked()
	if len(errs) > 0 {
		return c.associationsPage(errs)
	}
	_, made, err := s.cfg.Network.AddAssociation(c.r.Context(), o)
	if err == nil {
		return c.to(associationsPath, map[bool]string{true: "association_made", false: "association_known"}[made])
	}
	fields, general, ok := c.faults(err)
	if !ok {
		return err
	}
	names := map[string]string{"name": "nom", "role": "nature", "website": "site", "siret": "siret"}
	for path, text := range formErrors(fields, general) {
		if name, ok := names[path]; ok {
			path = name
		}
		errs[path] = text
	}
	return c.associationsPage(errs)
}

func (c *call) associationAsked() (*network.Organisation, map[string]string) {
	errs := map[string]string{}
	o := &network.Organisation{Role: network.Role(c.form("nature")), Name: c.form("nom"), Website: c.form("site")}
	if text := c.form("siret"); text != "" {
		siret, err := network.ParseSIRET(text)
		if err != nil {
			errs["siret"] = c.T("associations.siret_unread")
		}
		o.SIRET = siret
	}
	words := c.form("siege")
	if words == "" {
		return o, errs
	}
	switch codes, labels := c.communesFor(words); len(codes) {
	case 1:
		o.Sites = []network.Site{{Main: true, Commune: codes[0], City: labels[0]}}
	case 0:
		errs["siege"] = c.T("journey.error_commune")
	default:
		errs["siege"] = c.T("journey.error_which_commune")
	}
	return o, errs
}
