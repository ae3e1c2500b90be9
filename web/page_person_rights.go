package web

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strconv"

	"maillage/internal/fault"
	"maillage/people"
)

// RightsPage is the form of a person's dated rights and obligations.
type RightsPage struct {
	Page
	Heading, Lead, Action, Back, Revision string
	Groups                                []RowGroup
}

// rightKinds are the lists of the form, by the beginning of their fields' names.
var rightKinds = []struct {
	name string
	kind people.RightKind
}{
	{"pass", people.PassIAE}, {"suspension", people.PassSuspension}, {"prolongation", people.PassExtension},
	{"clause", people.ClauseEligible}, {"mission", people.FirstMission}, {"visite", people.MedicalVisit},
}

func (s *Server) rightsForm(c *call) error {
	p, err := c.living()
	if err != nil {
		return err
	}
	rights, hours, err := s.cfg.People.Rights(c.r.Context(), p.ID)
	if err != nil {
		return err
	}
	c.r.PostForm = c.rightsAsForm(rights, hours)
	c.r.PostForm.Set("revision", strconv.FormatInt(p.Revision, 10))
	return c.show("rights", c.rightsPage(p, nil, nil))
}

// living reads a journey that was not erased: of one that was, nothing is left to change.
func (c *call) living() (*people.Person, error) {
	p, err := c.person()
	if err == nil && p.ErasedAt != nil {
		err = fault.Conflict("erased", "Ce parcours a été effacé : il n’en reste qu’une ligne à compter.", "This journey was erased: only a row to count is left of it.")
	}
	return p, err
}

func (s *Server) saveRights(c *call) error {
	p, err := c.living()
	if err != nil {
		return err
	}
	r := c.readRights()
	if c.form("plus") != "" {
		return c.show("rights", c.rightsPage(p, nil, r.several))
	}
	if len(r.errs) > 0 {
		return c.showStatus(422, "rights", c.rightsPage(p, r.errs, r.several))
	}
	revision, err := c.revision()
	if err != nil {
		return err
	}
	err = s.cfg.People.SetDated(c.r.Context(), p.ID, revision, r.rights, r.hours)
	fields, general, refused := c.faults(err)
	if !refused {
		if err != nil {
			return err
		}
		return c.to(journeyPath(p.ID)+"#droits", "rights_saved")
	}
	r.located(fields, general)
	if fault.Is(err, fault.KindPrecondition) {
		r.errs[""] = c.T("journey.rights_stale")
		c.r.PostForm.Set("revision", strconv.FormatInt(p.Revision, 10))
	}
	return c.showStatus(422, "rights", c.rightsPage(p, r.errs, r.several))
}

func (c *call) rightsPage(p *people.Person, errs map[string]string, several choices) *RightsPage {
	title := c.T("journey.rights_title", "Code", p.Code)
	page := &RightsPage{Page: c.page(title, c.journeysCrumb(), c.journeyCrumb(p), Crumb{Text: c.T("journey.rights")}), Heading: title, Lead: c.T("journey.rights_lead"),
		Action: journeyPath(p.ID) + "/droits", Back: journeyPath(p.ID), Revision: c.form("revision")}
	date := func(id, label string) Field {
		return Field{ID: id, Name: id, Kind: "date", Label: c.T(label), Bare: true, Value: c.form(id), Error: errs[id]}
	}
	for _, list := range rightKinds {
		page.Groups = append(page.Groups, c.lines(list.name, func(id string) []Field {
			row := []Field{date(id, "journey.q_from_"+list.name)}
			if list.kind != people.FirstMission {
				row = append(row, date(id+"_fin", "journey.q_until_"+list.name))
			}
			if list.kind == people.ClauseEligible {
				row = append(row, Field{ID: id + "_par", Name: id + "_par", Kind: "select", Label: c.T("journey.q_body"), Bare: true, Error: errs[id+"_par"],
					Options: c.options("journey.body.", c.form(id+"_par"), c.T("form.choose"), string(people.Facilitator), string(people.Prescriber))})
			}
			for n := 1; list.kind == people.MedicalVisit && n <= 3; n++ {
				job := id + "_emploi" + strconv.Itoa(n)
				row = append(row, c.several(Field{ID: job, Name: job, Label: c.T("journey.q_job", "N", n), Bare: true, Value: c.form(job), Combo: "/suggestions/metiers?genre=souhait", Error: errs[job]}, several))
			}
			return row
		}))
	}
	page.Groups = append(page.Groups, c.lines("mois", func(id string) []Field {
		return []Field{
			{ID: id, Name: id, Kind: "month", Label: c.T("journey.q_month"), Bare: true, Value: c.form(id), Error: errs[id]},
			{ID: id + "_heures", Name: id + "_heures", Label: c.T("journey.q_month_hours"), Bare: true, Value: c.form(id + "_heures"), InputMode: "decimal", Error: errs[id+"_heures"]},
			{ID: id + "_derogation", Name: id + "_derogation", Kind: "select", Label: c.T("journey.q_derogated"), Bare: true, Options: []Option{
				{Text: c.T("journey.no")}, {Value: "oui", Text: c.T("journey.yes"), Selected: c.form(id+"_derogation") != ""}}}}
	}))
	page.Errors = summary(errs, rightsOrder()...)
	return page
}

func rightsOrder() (order []string) {
	for _, list := range rightKinds {
		for n := 1; n <= mostRows; n++ {
			for _, part := range []string{"", "_fin", "_par", "_emploi1", "_emploi2", "_emploi3"} {
				order = append(order, list.name+strconv.Itoa(n)+part)
			}
		}
	}
	for n := 1; n <= mostRows; n++ {
		order = append(order, "mois"+strconv.Itoa(n), "mois"+strconv.Itoa(n)+"_heures")
	}
	return order
}

// rightsReading is what is read of the form of rights, and which line each is.
type rightsReading struct {
	reading
	rights []people.Right
	hours  []people.MonthHours
}

func (c *call) readRights() *rightsReading {
	r := &rightsReading{reading: reading{c: c, errs: map[string]string{}, several: choices{}, rows: map[string][]string{}}}
	for _, list := range rightKinds {
		for i := 1; i <= mostRows; i++ {
			id := list.name + strconv.Itoa(i)
			if c.form(id) == "" && c.form(id+"_fin") != "" {
				r.errs[id] = c.T("journey.error_from")
			}
		}
		r.each(list.name, "rights", func(id, value string) {
			one := people.Right{Kind: list.kind, From: value, Until: c.form(id + "_fin"), Body: people.Body(c.form(id + "_par"))}
			for n := 1; n <= 3; n++ {
				job := id + "_emploi" + strconv.Itoa(n)
				if words := c.form(job); words != "" {
					w, _ := r.wish(job, words)
					one.Occupations = append(one.Occupations, w.ROME)
				}
			}
			r.rights = append(r.rights, one)
		})
	}
	r.readHours()
	return r
}

// readHours reads the months in their order, which is how the service wants them.
func (r *rightsReading) readHours() {
	type line struct {
		id string
		of people.MonthHours
	}
	var lines []line
	r.each("mois", "hours", func(id, value string) {
		lines = append(lines, line{id, people.MonthHours{Month: value, Hours: r.number(id + "_heures"), Derogated: r.c.form(id+"_derogation") != ""}})
	})
	slices.SortStableFunc(lines, func(a, b line) int { return cmp.Compare(a.of.Month, b.of.Month) })
	r.rows["hours"] = nil
	for _, one := range lines {
		r.hours, r.rows["hours"] = append(r.hours, one.of), append(r.rows["hours"], one.id)
	}
}

var rightFault = regexp.MustCompile(`^(rights|hours)\[(\d+)\]\.(\w+)(?:\[(\d+)\])?$`)

// located puts the faults of the service beside the fields of the lines.
func (r *rightsReading) located(fields map[string]string, general string) {
	if len(fields) == 0 {
		r.errs[""] = general
	}
	for path, text := range fields {
		id := ""
		if m := rightFault.FindStringSubmatch(path); m != nil {
			if at, err := strconv.Atoi(m[2]); err == nil && at < len(r.rows[m[1]]) {
				job, _ := strconv.Atoi(m[4])
				id = r.rows[m[1]][at] + map[string]string{"until": "_fin", "body": "_par", "hours": "_heures", "occupations": "_emploi" + strconv.Itoa(job+1)}[m[3]]
			}
		}
		r.errs[id] = text
	}
}

func (c *call) rightsAsForm(rights []people.Right, hours []people.MonthHours) url.Values {
	v, count := url.Values{}, map[string]int{}
	for _, right := range rights {
		for _, list := range rightKinds {
			if list.kind != right.Kind {
				continue
			}
			count[list.name]++
			id := list.name + strconv.Itoa(count[list.name])
			v.Set(id, right.From)
			v.Set(id+"_fin", right.Until)
			v.Set(id+"_par", string(right.Body))
			for n, rome := range right.Occupations {
				v.Set(id+"_emploi"+strconv.Itoa(n+1), occupationWords(rome, ""))
			}
		}
	}
	for i, h := range hours {
		id := "mois" + strconv.Itoa(i+1)
		v.Set(id, h.Month)
		v.Set(id+"_heures", c.written(h.Hours))
		if h.Hours == 0 {
			v.Set(id+"_heures", "0")
		}
		if h.Derogated {
			v.Set(id+"_derogation", "oui")
		}
	}
	return v
}
