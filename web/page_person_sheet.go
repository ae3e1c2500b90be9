package web

import (
	"strings"

	"maillage/followup/tenure"
	"maillage/matching/placement"
	"maillage/opportunities"
	"maillage/people"
)

// SheetPage is the paper that a person takes home: all that is recorded, from
// where, who sees it, how to correct it, and their rights, in plain words.
type SheetPage struct {
	Page
	Heading, Lead string
	Person        JourneyHead
	Back, Action  string
	CanName       bool // who they are may be added by a gesture
	Named         bool
	Identity      []Fact
	NoIdentity    string
	Recorded      []Fact
	Unknown       []Link
	Rights        RightsView
	Agreements    []AgreementRow
	Presented     []PresentedRow
	Prepared      []PreparedRow
	MorePrepared  string // how many older ones are not on the paper
	Traits        []string
	History       []JourneyEvent
	Kept          string // how long
	Contact       []string
}

// PresentedRow is an employer to whom the person was presented: what was said, and
// what became of it.
type PresentedRow struct {
	Title, When, State string
	Said               []string
	After              []string // what was told since, a leaving with its motive
}

// PreparedRow is a day when positions were looked at for the person, and what came of it.
type PreparedRow struct {
	When string
	Said []string
}

// preparedShown bounds those of the paper: the latest.
const preparedShown = 12

// journeySheet is the paper without who the person is: that is added by a gesture.
func (s *Server) journeySheet(c *call) error {
	p, err := c.living()
	if err != nil {
		return err
	}
	page, err := c.sheetPage(p)
	if err != nil {
		return err
	}
	page.CanName, page.NoIdentity = page.Person.Sealed, c.T("journey.sheet_sealed")
	if !page.Person.Sealed {
		page.NoIdentity = c.T("journey.sheet_no_key")
	}
	return c.show("person_sheet", page)
}

// journeySheetNamed adds who the person is, which is written in the audit trail.
func (s *Server) journeySheetNamed(c *call) error {
	p, err := c.living()
	if err != nil {
		return err
	}
	page, err := c.sheetPage(p)
	if err != nil {
		return err
	}
	who, err := s.cfg.People.Identity(c.r.Context(), p.ID)
	if err != nil {
		return err
	}
	page.Named = true
	for _, f := range c.identityFields(who, nil) {
		if f.Value != "" {
			if f.Kind == "date" {
				f.Value = c.civilDay(f.Value)
			}
			page.Identity = append(page.Identity, Fact{Label: f.Label, Lines: []string{f.Value}})
		}
	}
	if len(page.Identity) == 0 {
		page.NoIdentity = c.T("journey.sheet_no_identity")
	}
	return c.show("person_sheet", page)
}

func (c *call) sheetPage(p *people.Person) (*SheetPage, error) {
	title := c.T("journey.sheet_title", "Code", p.Code)
	page := &SheetPage{Page: c.page(title, c.journeysCrumb(), c.journeyCrumb(p), Crumb{Text: c.T("journey.sheet")}), Heading: c.T("journey.sheet_heading"),
		Lead: c.T("journey.sheet_lead", "Code", p.Code, "Day", c.ShortDate(c.now), "Structure", c.who.Called), Person: c.journeyHead(p), Back: journeyPath(p.ID), Action: journeyPath(p.ID) + "/imprimer",
		Kept: c.T("journey.sheet_kept", "Years", people.KeptMonths/12)}
	var err error
	if page.Recorded, page.Unknown, err = c.journeyFacts(p); err != nil {
		return nil, err
	}
	if err := c.fillSheet(page, p); err != nil {
		return nil, err
	}
	return page, c.sheetContact(page, p)
}

func (c *call) fillSheet(page *SheetPage, p *people.Person) error {
	ctx, svc := c.r.Context(), c.s.cfg.People
	rights, hours, err := svc.Rights(ctx, p.ID)
	if err != nil {
		return err
	}
	page.Rights = c.rightsView(rights, hours)
	all, err := svc.AgreementsOf(ctx, p.ID)
	if err != nil {
		return err
	}
	positions, err := c.positionsOf(all)
	if err != nil {
		return err
	}
	for _, a := range all {
		row := c.agreementRow(p, a, positions[opportunities.LotID(a.PositionID)])
		if a.Moved {
			row.When += ". " + c.T("journey.sheet_moved")
		}
		page.Agreements = append(page.Agreements, row)
	}
	if page.Presented, err = c.presentedRows(p); err != nil {
		return err
	}
	if err := c.fillPrepared(page, p); err != nil {
		return err
	}
	t, err := svc.Traits(ctx, p.ID)
	if err != nil {
		return err
	}
	page.Traits = c.traitWords(t)
	page.History, err = c.journeyHistory(p.ID, 8)
	return err
}

func (c *call) presentedRows(p *people.Person) (rows []PresentedRow, err error) {
	if c.s.cfg.Placement == nil {
		return nil, nil
	}
	all, err := c.s.cfg.Placement.KeptOf(c.r.Context(), p.ID)
	if err != nil {
		return nil, err
	}
	after, err := c.toldAfter(p)
	if err != nil {
		return nil, err
	}
	for _, k := range all {
		row := PresentedRow{After: after[k.ID], Title: joined(", ", k.Head.Title, k.Head.Employer), When: c.Date(k.ProposedAt), State: c.proposalTag(&k.Line).Text}
		for _, words := range k.CardWords {
			row.Said = append(row.Said, words.In(string(c.Lang)))
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// toldAfter says, by proposal, what became of the person after the employer met them.
func (c *call) toldAfter(p *people.Person) (map[placement.ID][]string, error) {
	out := map[placement.ID][]string{}
	if c.s.cfg.Tenures == nil {
		return out, nil
	}
	all, err := c.s.cfg.Tenures.KeptOf(c.r.Context(), p.ID)
	for _, k := range all {
		said := k.To.Words().In(string(c.Lang))
		if k.Motive != tenure.NoMotive {
			said += " (" + tenure.MotiveWords(k.Motive).In(string(c.Lang)) + ")"
		}
		out[k.ProposalID] = append(out[k.ProposalID], said+", "+c.Date(k.At))
	}
	return out, err
}

// fillPrepared tells for which positions the person was thought of.
func (c *call) fillPrepared(page *SheetPage, p *people.Person) error {
	if c.s.cfg.Placement == nil {
		return nil
	}
	all, err := c.s.cfg.Placement.BatchesOf(c.r.Context(), p.ID)
	for i, b := range all {
		if i == preparedShown {
			page.MorePrepared = c.N("journey.sheet_prepared_more", len(all)-i)
			break
		}
		page.Prepared = append(page.Prepared, c.preparedRow(b))
	}
	return err
}

func (c *call) preparedRow(b placement.BatchKept) PreparedRow {
	lang := string(c.Lang)
	row := PreparedRow{When: c.Date(b.At)}
	for _, x := range b.Suggestions {
		row.Said = append(row.Said, joined(", ", x.Position.Title, x.Position.Employer)+" ("+joined(", ", x.Suits.In(lang), x.StateWords.In(lang))+")")
	}
	if len(row.Said) == 0 {
		row.Said = []string{c.T("journey.sheet_prepared_" + strings.ReplaceAll(b.Reason, "-", "_"))}
	}
	if b.Other != nil {
		row.Said = append(row.Said, joined(", ", b.Other.Position.Title, b.Other.Position.Employer)+" ("+c.T("journey.sheet_prepared_other")+")")
	}
	return row
}

func (c *call) traitWords(t people.Traits) (lines []string) {
	if t.Sex != "" {
		lines = append(lines, c.T("journey.trait_sexe_"+string(t.Sex)))
	}
	if t.BirthYear != 0 {
		lines = append(lines, c.T("journey.born_in", "Year", yearText(t.BirthYear)))
	}
	if t.QPV != "" {
		lines = append(lines, c.T("journey.trait_in_qpv_"+string(t.QPV)))
	}
	return lines
}

// sheetContact says who to talk to: the structure, its counsellor, its place.
func (c *call) sheetContact(page *SheetPage, p *people.Person) error {
	who, err := c.counsellorNames()
	if err != nil {
		return err
	}
	if p.CounsellorID != nil && who[*p.CounsellorID] != "" {
		page.Contact = append(page.Contact, who[*p.CounsellorID])
	}
	page.Contact = append(page.Contact, joined(", ", c.who.Called, c.who.Place))
	return nil
}
