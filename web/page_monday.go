package web

import (
	"slices"
	"strings"

	"maillage/accounts"
	"maillage/followup"
	"maillage/followup/contacts"
	"maillage/followup/escalation"
	week "maillage/followup/monday"
	"maillage/followup/quality"
	"maillage/matching"
	"maillage/opportunities"
)

// mondayPath is where an officer begins the week.
const mondayPath = "/lundi"

// MondayPage is what there is to do this week, part by part.
type MondayPage struct {
	Page
	Heading, Lead string
	Triage        Triage
	Parts         []MondayPart
}

// MondayPart is one thing to do, with what it is done on.
type MondayPart struct {
	ID, Title, Text string
	Rows            []MondayRow
	Promises        []ContactRow
	None            string // what is said where there is nothing
	All             Link   // the whole list
}

// MondayRow is one line to act on.
type MondayRow struct {
	OppRow
	Do   *Link
	Post *MondayGesture
}

// MondayGesture is what one button does on a row.
type MondayGesture struct{ Action, Name, Value, Text string }

func (s *Server) monday(c *call) error {
	w, err := s.cfg.Monday.Read(c.r.Context())
	if err != nil {
		return err
	}
	page := c.mondayPage(w)
	if err := c.lackingPieces(page, w.Lapsing.Answers); err != nil {
		return err
	}
	more, err := c.waitingParts()
	if err != nil {
		return err
	}
	page.Parts = slices.Insert(page.Parts, 2, more...)
	if part, err := c.suspendedPart(); err != nil {
		return err
	} else if len(part.Rows) > 0 {
		page.Parts = append(page.Parts, part)
	}
	return c.show("monday", page)
}

// waitingParts are what was passed on to who asks, and where else to look for lots
// that nobody wants.
func (c *call) waitingParts() ([]MondayPart, error) {
	queue, err := c.s.cfg.Reminders.Queue(c.r.Context())
	if err != nil {
		return nil, err
	}
	offers, err := c.s.cfg.Reminders.Offers(c.r.Context())
	if err != nil {
		return nil, err
	}
	parts := []MondayPart{c.mondayPart("sans-reponse", "waiting", c.waitingRows(queue), boardPath), c.mondayPart("elargir", "offers", c.offerRows(offers), "/marches")}
	parts[0].Title, parts[1].Title = c.mondayTitle("waiting", len(queue)), c.mondayTitle("offers", len(offers))
	return parts, nil
}

// What is shown of each part: more is not a morning, and comes as these are done.
const (
	waitingShown = 30
	offersShown  = 10
)

// waitingRows are the enterprises to call, each with all that waits for it.
func (c *call) waitingRows(all []escalation.Waiting) []MondayRow {
	var rows []MondayRow
	for _, w := range first(all, waitingShown) {
		lines := c.waitingLines(w)
		row := MondayRow{OppRow: OppRow{Row: "w" + revisionOf(int64(w.Organisation.ID)), Title: w.Organisation.Name, Href: memberPath(w.Organisation.ID), Over: joined(" · ", w.Organisation.Town, lines[0]),
			Text: strings.Join(lines[1:], " ; "), Days: Days{NoDate: true}}}
		if first := w.Matches[0].Lot; first.Deadline != nil {
			row.Days = c.lotDays(first)
		}
		row.Do = &Link{c.T("contact.note"), c.noteWith(w.Organisation.ID, w.Matches[0].Match)}
		rows = append(rows, row)
	}
	return rows
}

// offerRows are the lots to look further for, each with the gesture that does it.
func (c *call) offerRows(all []escalation.Offer) []MondayRow {
	var rows []MondayRow
	for _, o := range first(all, offersShown) {
		row := MondayRow{OppRow: OppRow{Row: "l" + revisionOf(int64(o.Lot.ID)), Title: lotTitle(o.Lot), Href: opportunityPath(o.Lot.OpportunityID), Over: o.Lot.Buyer, Text: c.T("reminders.nobody"), Days: c.lotDays(o.Lot)}}
		row.Post = &MondayGesture{Action: mondayPath + "/lots/" + revisionOf(int64(o.Lot.ID)), Name: "ou", Value: o.To.String(), Text: c.T("reminders.widen_"+string(o.To.Kind), "Where", o.Name)}
		rows = append(rows, row)
	}
	return rows
}

func (c *call) mondayPage(w *week.Week) *MondayPage {
	title := c.T("monday.title")
	page := &MondayPage{Page: c.page(title, Crumb{c.T("nav.home"), "/"}, Crumb{Text: title}), Heading: title, Triage: c.triage(w),
		Lead: c.T("monday.lead", "Date", upperFirst(c.Date(c.now)))}
	page.Parts = []MondayPart{c.mondayPart("appels-attendus", "renewals", c.renewalRows(w.Renewals), "/a-venir"), c.mondayPart("membres", "silent", c.silentRows(w.Silent), boardPath),
		{ID: "promesses", Title: c.mondayTitle("promises", len(w.Promises)), Text: c.T("monday.promises_text"), Promises: c.contactRows(w.Promises), None: c.T("monday.promises_none"), All: Link{c.T("monday.promises_all"), contactsPath}},
		c.mondayPart("heures", "hours", c.hoursToFill(w.Hours), "/marches?nature=insertion_hours"), c.mondayPart("echeances", "lapsing", c.lapsingRows(&w.Lapsing), "/marches")}
	return page
}

func (c *call) mondayPart(id, key string, rows []MondayRow, all string) MondayPart {
	return MondayPart{ID: id, Title: c.mondayTitle(key, len(rows)), Text: c.T("monday." + key + "_text"), Rows: rows, None: c.T("monday." + key + "_none"), All: Link{c.T("monday." + key + "_all"), all}}
}

func (c *call) mondayTitle(key string, n int) string {
	return c.T("monday.part", "Title", c.T("monday."+key), "N", c.Num(n))
}

// renewalRows are the calls expected: whose buyer to call, before when, and who did.
func (c *call) renewalRows(all []week.Renewal) []MondayRow {
	var rows []MondayRow
	for _, r := range all {
		coming := c.comingRow(r.Call)
		row := MondayRow{OppRow: OppRow{Row: coming.Row, Title: coming.Title, Href: coming.Href, Over: joined(" · ", coming.Over, coming.Before), Days: Days{NoDate: true, When: coming.Month}}}
		row.Tags = []Tag{c.calledTag(r.Last)}
		if to := c.noteBuyer(r.Call); to != "" {
			row.Do = &Link{c.T("contact.note"), to}
		}
		rows = append(rows, row)
	}
	return rows
}

func (c *call) calledTag(last *contacts.Line) Tag {
	if last == nil {
		return Tag{Text: c.T("monday.nobody_called"), State: Unknown}
	}
	return Tag{Text: c.T("monday.called", "When", c.When(last.At, c.now), "What", contacts.OutcomeWords(last.Outcome).In(string(c.Lang))), State: Met}
}

// silentRows are the members to call, with how long they have said nothing.
func (c *call) silentRows(all []week.Silent) []MondayRow {
	var rows []MondayRow
	for i := range all {
		row := c.pursuitRow(&all[i].Line)
		row.Days = Days{NoDate: true, When: c.N("monday.silent_days", all[i].Days)}
		row.Do = &Link{c.T("contact.note"), c.noteWith(all[i].Organisation.ID, all[i].MatchID)}
		rows = append(rows, row)
	}
	return rows
}

// pursuitRow is an answer in a list: the enterprise, the lot, where it stands.
func (c *call) pursuitRow(l *followup.Line) MondayRow {
	row := MondayRow{OppRow: OppRow{Row: "r" + revisionOf(int64(l.MatchID)), Title: l.Organisation.Name, Href: answerPath(l.MatchID),
		Over: joined(" · ", lotTitle(l.Lot), l.Lot.Buyer), Text: c.stateSince(&l.Pursuit), Days: Days{NoDate: true}}}
	if l.Lot.Deadline != nil {
		row.Days = c.lotDays(l.Lot)
	}
	return row
}

// hoursToFill are the hours of insertion with the facilitator who accompanies them.
func (c *call) hoursToFill(all []*opportunities.Opportunity) []MondayRow {
	var rows []MondayRow
	for _, o := range all {
		row := MondayRow{OppRow: c.opportunityRow(o)}
		row.Text = c.T("monday.no_facilitator")
		if o.Insertion != nil && o.Insertion.Facilitator != "" {
			row.Text = c.T("monday.facilitator", "Name", o.Insertion.Facilitator)
		}
		rows = append(rows, row)
	}
	return rows
}

// lackingPieces says of the answers to hand in first how many pieces they lack, and how
// many of them ran out: how many, never which file says so, which is the enterprise's.
func (c *call) lackingPieces(page *MondayPage, answers []followup.Line) error {
	if c.s.cfg.Dossier == nil || !c.may(accounts.ChecklistRead) {
		return nil
	}
	var ids []matching.ID
	for _, a := range first(answers, answersLooked) {
		ids = append(ids, a.MatchID)
	}
	lacks, err := c.s.cfg.Dossier.Summaries(c.r.Context(), ids...)
	if err != nil {
		return err
	}
	part := &page.Parts[len(page.Parts)-1]
	for i, id := range ids { // the answers are the first rows
		for _, l := range lacks {
			if l.Match != id || l.Missing == 0 {
				continue
			}
			renew := ""
			if l.Renew > 0 {
				renew = c.N("monday.answer_renew", l.Renew)
			}
			part.Rows[i].Text = joined(" · ", part.Rows[i].Text, joined(", ", c.N("monday.answer_lacks", l.Missing), renew))
		}
	}
	return nil
}

// answersLooked is of how many answers the pieces are looked at: each list is read anew.
const answersLooked = 10

// lapsingRows are what ends within the week: answers, certificates, then calls without an answer.
func (c *call) lapsingRows(l *week.Lapsing) []MondayRow {
	var rows []MondayRow
	for i := range l.Answers {
		row := c.pursuitRow(&l.Answers[i])
		row.Tags = []Tag{{Text: c.T("monday.lapsing_answer"), Kind: true}}
		row.Do = &Link{c.T("contact.note"), c.noteWith(l.Answers[i].Organisation.ID, l.Answers[i].MatchID)}
		rows = append(rows, row)
	}
	for i := range l.Certificates {
		rows = append(rows, c.certificateRow(&l.Certificates[i]))
	}
	for _, o := range l.Unanswered {
		row := MondayRow{OppRow: c.opportunityRow(o)}
		row.Tags = append([]Tag{{Text: c.T("monday.lapsing_unanswered"), State: Missed}}, row.Tags...)
		rows = append(rows, row)
	}
	return rows
}

func (c *call) certificateRow(r *quality.Row) MondayRow {
	return MondayRow{OppRow: OppRow{Row: "q" + revisionOf(int64(r.ID)), Title: r.Name, Href: qualityFilePath(r.ID), Over: r.Label.Name,
		Days: Days{NoDate: true, When: c.civilDay(r.Until)}, Tags: []Tag{{Text: c.T("monday.lapsing_certificate"), Kind: true}}}}
}
