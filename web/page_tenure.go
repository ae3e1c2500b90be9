package web

import (
	"strconv"

	"maillage/accounts"
	"maillage/followup/tenure"
	"maillage/internal/fault"
	"maillage/opportunities"
	"maillage/people"
)

// TenureView is what became of one person after they were met, with what can be told today.
type TenureView struct {
	Title, Href      string
	State            Tag
	Over             string // since when, and of the structure alone why
	Due              string // what is to be asked now
	Action, Revision string
	Next             []Option
	Motives          []Option // asked of the structure where the person left
	Back             string
}

// Leaving tells whether somebody may be told to have left: that asks a motive of the structure.
func (v TenureView) Leaving() bool {
	for _, o := range v.Next {
		if o.Value == string(tenure.Left) {
			return true
		}
	}
	return false
}

// tenuresOfPerson are those of a journey, for its structure.
func (c *call) tenuresOfPerson(id people.ID) ([]TenureView, error) {
	return c.tenures(tenure.Filter{Person: id}, true)
}

// tenuresAt are those of a position, for its employer.
func (c *call) tenuresAt(lot opportunities.LotID, labels map[string]string) (views []TenureView, err error) {
	all, err := c.tenures(tenure.Filter{Lot: lot}, false)
	for _, v := range all {
		if v.Title = labels[v.Title]; v.Title != "" {
			views = append(views, v)
		}
	}
	return views, err
}

func (c *call) tenures(f tenure.Filter, own bool) ([]TenureView, error) {
	if c.s.cfg.Tenures == nil || !c.may(accounts.TenureRead) {
		return nil, nil
	}
	lines, err := c.s.cfg.Tenures.List(c.r.Context(), f)
	if err != nil {
		return nil, err
	}
	var views []TenureView
	for i := range lines {
		view, err := c.tenureView(&lines[i], own)
		if err != nil {
			return nil, err
		}
		views = append(views, view)
	}
	return views, nil
}

func (c *call) tenureView(l *tenure.Line, own bool) (TenureView, error) {
	lang := string(c.Lang)
	v := TenureView{Title: l.Ref, State: c.tenureTag(l), Action: "/suites/" + l.Ref, Revision: strconv.FormatInt(l.Revision, 10), Back: c.r.URL.RequestURI()}
	if l.Since != nil {
		v.Over = c.T("tenure.since", "When", c.Ago(*l.Since, c.now))
	}
	if l.Motive != tenure.NoMotive {
		v.Over = joined(" · ", v.Over, tenure.MotiveWords(l.Motive).In(lang))
	}
	if l.Due != tenure.Nothing {
		v.Due = c.T("tenure.due_" + string(l.Due))
	}
	for _, to := range l.Next {
		said := upperFirst(to.Words().In(lang))
		if to == tenure.Hired {
			said = c.T("tenure.taken_back")
		}
		v.Next = append(v.Next, Option{Value: string(to), Text: said})
	}
	if !own {
		return v, nil
	}
	for _, m := range tenure.Motives() {
		v.Motives = append(v.Motives, Option{Value: string(m), Text: upperFirst(tenure.MotiveWords(m).In(lang))})
	}
	position, err := c.s.cfg.Opportunities.Lot(c.r.Context(), l.Lot)
	if err != nil {
		return v, err
	}
	if l.HiredAt != nil {
		from, until := c.civilDay(position.StartsOn), c.civilDay(position.EndsOn)
		if from != "" {
			from = c.T("position.from", "Date", from)
		}
		if until != "" {
			until = c.T("tenure.until", "Day", until)
		}
		said := "tenure.hired"
		if l.Kind != opportunities.JobNeed {
			said = "tenure.since" // nobody was hired
		}
		v.Over = joined(" · ", c.T(said, "When", c.When(*l.HiredAt, c.now)), from, until, v.Over)
	}
	v.Title, v.Href = joined(", ", position.Opportunity.Title, position.Opportunity.BuyerName), opportunityPath(position.OpportunityID)
	return v, nil
}

func (c *call) tenureTag(l *tenure.Line) Tag {
	state := Met
	switch {
	case l.State == tenure.Nothing && l.HiredAt == nil:
		state = Unknown
	case l.State == tenure.Left:
		state = Missed
	}
	return Tag{Text: upperFirst(l.Words().In(string(c.Lang))), State: state}
}

// tellTenure keeps what became of a person.
func (s *Server) tellTenure(c *call) error {
	revision, _ := strconv.ParseInt(c.form("revision"), 10, 64)
	if s.cfg.Tenures == nil {
		return fault.NotFound("proposal", c.r.PathValue("ref"))
	}
	_, err := s.cfg.Tenures.Tell(c.r.Context(), c.r.PathValue("ref"), max(0, revision), tenure.State(c.form("suite")), tenure.Motive(c.form("motif")))
	if err != nil {
		return err
	}
	back := c.form("retour")
	if back == "" {
		back = "/"
	}
	return c.to(localPath(back), "tenure_told")
}
