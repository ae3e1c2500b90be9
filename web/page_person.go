package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/people"
	"maillage/territories"
)

// JourneyPage is a person's record, as the counsellor and the person read it
// together on the screen.
type JourneyPage struct {
	Page
	Code, Lead   string
	Person       JourneyHead
	Alerts       []DueAlert
	Known        []Fact
	Unknown      []Link // what is not known, and where it is asked
	Rights       RightsView
	Positions    PositionsNote
	Tenures      []TenureView // what became of it after a meeting
	Agreements   []AgreementRow
	NoAgreement  Empty
	Ask          AskForm
	History      []JourneyEvent
	Moves        JourneyMoves
	EraseConfirm Field
}

// JourneyHead is what every page of a journey says of it.
type JourneyHead struct {
	Path, Revision string
	State          Tag
	CanEdit        bool
	Erased         bool
	Sealed         bool // this server keeps identities
}

// DueAlert is what is due, by when, and by which rule.
type DueAlert struct {
	State      State
	Class      string // of the frame
	Text, When string
	Source     string
	Code, Href string // on pages of several journeys
	Title      string
	Days       int
	Past       bool
}

// PositionsNote leads to what may suit the person.
type PositionsNote struct{ Links []Link }

// AgreementRow is what the person said of one position.
type AgreementRow struct {
	ID, Title, Href, Over string
	State                 Tag
	When                  string
	Scene                 string // of the position as it is shown here
	Gestures              []Option
	Until                 Field // asked where the agreement is given
}

// sceneMark is between a position that may be chosen and its scene.
const sceneMark = "@"

// AskForm asks the person's agreement for a position.
type AskForm struct {
	Action   string
	Position Field
}

// JourneyEvent is a line of the history: who, what, which fields, never a value.
type JourneyEvent struct {
	When, Who, What string
	Fields          []string
	id              int64
}

// JourneyMoves are the gestures that stop a journey, each with what follows.
type JourneyMoves struct {
	Pause, Resume, End, Erase bool
	On                        Field
}

func (s *Server) journey(c *call) error {
	p, err := c.person()
	if err != nil {
		return err
	}
	return c.showJourney(p, nil)
}

func (c *call) showJourney(p *people.Person, errs map[string]string) error {
	page, err := c.journeyPage(p, errs)
	if err != nil {
		return err
	}
	return c.showForm(page, "journey", errs)
}

func (c *call) journeyHead(p *people.Person) JourneyHead {
	return JourneyHead{Path: journeyPath(p.ID), Revision: strconv.FormatInt(p.Revision, 10), State: c.journeyState(p.State),
		CanEdit: p.State != people.Ended, Erased: p.ErasedAt != nil, Sealed: c.s.cfg.People.SealsIdentities()}
}

func (c *call) journeyPage(p *people.Person, errs map[string]string) (*JourneyPage, error) {
	page := &JourneyPage{Page: c.page(c.T("journey.title", "Code", p.Code), c.journeysCrumb(), Crumb{Text: p.Code}), Code: p.Code, Person: c.journeyHead(p)}
	page.Lead = c.T("journey.read_together")
	if p.ErasedAt != nil {
		page.Lead = c.T("journey.erased_lead")
	}
	rights, hours, err := c.s.cfg.People.Rights(c.r.Context(), p.ID)
	if err != nil {
		return nil, err
	}
	page.Rights = c.rightsView(rights, hours)
	if p.State != people.Ended {
		for _, a := range people.Alerts(rights, hours, c.now) {
			page.Alerts = append(page.Alerts, c.dueAlert(a))
		}
	}
	if page.Known, page.Unknown, err = c.journeyFacts(p); err != nil {
		return nil, err
	}
	if err := c.fillAgreements(page, p, errs); err != nil {
		return nil, err
	}
	if page.Tenures, err = c.tenuresOfPerson(p.ID); err != nil {
		return nil, err
	}
	if page.History, err = c.journeyHistory(p.ID, 50); err != nil {
		return nil, err
	}
	c.fillMoves(page, p, errs)
	page.Errors = summary(errs, "au", "compris", "poste", "jusqu_au")
	return page, nil
}

// dueAlert says an alert with the days that are left.
func (c *call) dueAlert(a people.Alert) DueAlert {
	due := DueAlert{State: Partial, Class: "warn", Text: a.Text.In(string(c.Lang)), Source: a.Source, Title: c.T("journey.alert." + string(a.Kind))}
	switch a.Severity {
	case people.Late:
		due.State, due.Class = Missed, "late"
	case people.Notice:
		due.State, due.Class = Unknown, ""
	}
	day, err := time.ParseInLocation(time.DateOnly, a.Due, c.zone)
	if err != nil {
		return due
	}
	today, _ := time.ParseInLocation(time.DateOnly, c.today(), c.zone)
	due.Days, due.Past = int(day.Sub(today).Hours()+12)/24, day.Before(today)
	due.When = c.Date(day)
	return due
}

// journeyFacts parts what is known from what is not, which is said as well.
func (c *call) journeyFacts(p *people.Person) (known []Fact, unknown []Link, err error) {
	who, err := c.counsellorNames()
	if err != nil {
		return nil, nil, err
	}
	f := p.Profile
	add := func(key, anchor string, lines ...string) {
		lines = joinLines(lines)
		if len(lines) == 0 {
			unknown = append(unknown, Link{c.T("journey.fact_" + key), journeyPath(p.ID) + "/modifier#" + anchor})
			return
		}
		known = append(known, Fact{Label: c.T("journey.fact_" + key), Lines: lines})
	}
	add("commune", "commune", c.communeWords(p.Commune))
	add("mobility", "bouger", wordsOf(f.Mobility, c.mobilityWords)...)
	add("wished", "souhait", numbered(wordsOf(f.Wished, c.wishWords))...)
	add("held", "exerce", wordsOf(f.Held, c.heldWords)...)
	titles, skills := partHoldings(f.Aptitudes)
	add("titles", "titre", wordsOf(titles, c.holdingWords)...)
	add("skills", "savoir", wordsOf(skills, c.holdingWords)...)
	add("languages", "parle", wordsOf(f.Languages, c.speaksWords)...)
	add("hours", "heures_min", c.weeklyWords(f.Hours))
	add("slots", "rythme", upperFirst(c.slotsWords(f.Slots)))
	add("split", "coupure", c.splitWords(f.Split))
	available := c.civilDay(p.AvailableOn)
	if p.AvailableOn == "" || p.AvailableOn <= c.today() {
		available = c.T("journey.available_now")
	}
	add("available", "disponible", available)
	add("entered", "entree", c.civilDay(p.EnteredOn))
	add("contract", "contrat", c.civilDay(p.ContractEnds))
	counsellor := ""
	if p.CounsellorID != nil {
		counsellor = or(who[*p.CounsellorID], c.T("journey.somebody"))
	}
	add("counsellor", "conseil", counsellor)
	if p.Key != "" {
		add("key", "cle", p.Key)
	}
	if p.EndedOn != "" {
		known = append(known, Fact{Label: c.T("journey.fact_ended"), Lines: []string{c.civilDay(p.EndedOn)}})
	}
	if p.State == people.Ended { // nothing is asked any more
		unknown = nil
	}
	return known, unknown, nil
}

func wordsOf[T any](list []T, words func(T) string) []string {
	out := make([]string, len(list))
	for i, one := range list {
		out[i] = words(one)
	}
	return out
}

// numbered shows an order, where there are several.
func numbered(lines []string) []string {
	if len(lines) < 2 {
		return lines
	}
	for i := range lines {
		lines[i] = strconv.Itoa(i+1) + ". " + lines[i]
	}
	return lines
}

func partHoldings(all []people.Holding) (titles, skills []people.Holding) {
	for _, h := range all {
		if info, _ := nomenclatures.LookupAptitude(h.Code); info.Kind == nomenclatures.Skill {
			skills = append(skills, h)
		} else {
			titles = append(titles, h)
		}
	}
	return titles, skills
}

// askedKm bounds the positions that the form offers, around the person’s home.
const askedKm = 60

// fillAgreements lists what the person said of each position, and what may be
// recorded next.
func (c *call) fillAgreements(page *JourneyPage, p *people.Person, errs map[string]string) error {
	all, err := c.s.cfg.People.AgreementsOf(c.r.Context(), p.ID)
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
			row.When += ". " + c.T("placing.moved_since")
		}
		page.Agreements = append(page.Agreements, row)
	}
	page.NoAgreement = Empty{Title: c.T("journey.no_agreement"), Text: c.T("journey.no_agreement_text")}
	page.Positions = c.positionsNote(p)
	if p.State != people.Active {
		return nil
	}
	asked := Field{ID: "poste", Name: "poste", Kind: "select", Label: c.T("journey.q_position"), Required: true, Error: errs["poste"], Options: []Option{{Text: c.T("form.choose")}}}
	filter := c.areaFilter()
	filter.Kinds = slices.DeleteFunc(filter.Kinds, func(k opportunities.Kind) bool { return !k.HasPositions() })
	if p.Commune != "" {
		filter.Territory = territories.RadiusOf(p.Commune, askedKm)
	}
	found, err := c.s.cfg.Opportunities.List(c.r.Context(), filter, opportunities.Request{Limit: 200})
	if err != nil {
		return err
	}
	for _, o := range found.Items {
		for _, lot := range liveLots(o) {
			forStaff := lot.Terms != nil && lot.Terms.Audience == opportunities.ForStaff
			if !forStaff && !lot.Filled() && !slices.ContainsFunc(all, func(a *people.Agreement) bool { return a.PositionID == int64(lot.ID) }) {
				in := lot.In(o)
				asked.Options = append(asked.Options, Option{Value: strconv.FormatInt(int64(lot.ID), 10) + sceneMark + people.SceneOf(lot.MovedAt), Text: choiceOf(o, &in), Group: c.T("kind." + string(o.Kind))})
			}
		}
	}
	toldApart(asked.Options)
	slices.SortStableFunc(asked.Options, func(a, b Option) int { return strings.Compare(a.Group, b.Group) })
	if len(asked.Options) > 1 {
		page.Ask = AskForm{Action: page.Person.Path + "/accords", Position: asked}
	}
	return nil
}

// choiceOf names a position in a list: what tells it from another of the same title
// is not cut away.
func choiceOf(o *opportunities.Opportunity, lot *opportunities.Lot) string {
	title := clip(o.Title, 90)
	if lot.Title != o.Title {
		title = joined(" · ", clip(o.Title, 45), clip(strings.TrimPrefix(lot.Title, o.Title+", "), 45))
	}
	return joined(" · ", title, clip(o.BuyerName, 40))
}

// toldApart adds its number to each choice that reads like another one.
func toldApart(all []Option) {
	count := map[string]int{}
	for _, o := range all {
		count[o.Group+o.Text]++
	}
	for i := range all {
		if o := &all[i]; o.Value != "" && count[o.Group+o.Text] > 1 {
			number, _, _ := strings.Cut(o.Value, sceneMark)
			o.Text = joined(" · ", o.Text, "n°"+nbsp+number)
		}
	}
}

// positionsNote leads to the open positions around the person's home.
func (c *call) positionsNote(p *people.Person) PositionsNote {
	if p.State != people.Active {
		return PositionsNote{}
	}
	note := PositionsNote{Links: []Link{{c.T("placing.see_positions"), prospectsPath(p.ID)}}}
	for _, kind := range []opportunities.Kind{opportunities.JobNeed, opportunities.Mission, opportunities.Immersion} {
		note.Links = append(note.Links, Link{c.T("journey.see_" + string(kind)), "/marches?" + query("nature", string(kind))})
	}
	note.Links = append(note.Links, Link{c.T("journey.see_training_session"), "/formations"})
	return note
}

// positionsOf reads the positions of agreements, by their numbers: those that the
// caller may read.
func (c *call) positionsOf(all []*people.Agreement) (map[opportunities.LotID]*opportunities.Lot, error) {
	ids := make([]opportunities.LotID, len(all))
	for i, a := range all {
		ids[i] = opportunities.LotID(a.PositionID)
	}
	lots, err := c.s.cfg.Opportunities.Lots(c.r.Context(), ids...)
	out := make(map[opportunities.LotID]*opportunities.Lot, len(lots))
	for _, lot := range lots {
		if o := lot.Opportunity; o.Public() || accounts.Can(c.who.Identity, accounts.OpportunityDraft, c.scopeOfOpportunity(o)) {
			out[lot.ID] = lot
		}
	}
	return out, err
}

func (c *call) agreementRow(p *people.Person, a *people.Agreement, lot *opportunities.Lot) AgreementRow {
	row := AgreementRow{ID: strconv.FormatInt(a.PositionID, 10), Title: c.T("journey.position_gone"), State: c.agreementState(a.State)}
	if lot != nil && lot.Opportunity != nil {
		row.Title, row.Over = or(lot.Title, lot.Opportunity.Title), joined(" · ", lot.Opportunity.BuyerName, c.placeWords(lot.Place))
		row.Href, row.Scene = cardPath(lot.ID, p.ID), people.SceneOf(lot.MovedAt)
	}
	if row.When = c.agreementWhen(a); a.Moved {
		row.State = c.askAgain()
	}
	for _, to := range []people.AgreementState{people.Given, people.Refused, people.Withdrawn, people.Asked} {
		if nextOf(a.State, a.Moved, to) && sayable(to, p, lot) {
			row.Gestures = append(row.Gestures, Option{Value: string(to), Text: c.T("journey.gesture_" + string(to))})
		}
	}
	if nextOf(a.State, a.Moved, people.Given) {
		row.Until = Field{ID: "jusqu_au_" + row.ID, Name: "jusqu_au", Kind: "date", Bare: true, Label: c.T("journey.q_agreed_until"), Hint: c.T("journey.q_agreed_until_hint", "N", people.AgreementDays), Short: true,
			Min: c.today(), Max: c.now.AddDate(0, 0, people.MostAgreementDays).Format(time.DateOnly)}
	}
	return row
}

// sayable tells whether something may be recorded of a position: no to it always;
// a question or a yes while the journey is active and the position published, a
// question where a place is left.
func sayable(to people.AgreementState, p *people.Person, lot *opportunities.Lot) bool {
	published := lot != nil && !lot.Withdrawn && lot.Opportunity != nil && lot.Opportunity.State == opportunities.Published
	switch to {
	case people.Asked:
		return p.State == people.Active && published && !lot.Filled()
	case people.Given:
		return p.State == people.Active && published
	}
	return true
}

func (c *call) agreementState(s people.AgreementState) Tag {
	tag := Tag{Text: c.T("journey.agreement." + string(s)), Kind: true}
	switch s {
	case people.Given:
		tag = Tag{Text: tag.Text, State: Met}
	case people.Asked:
		tag = Tag{Text: tag.Text, State: Partial, Icon: "clock"}
	}
	return tag
}

func (c *call) agreementWhen(a *people.Agreement) string {
	words := c.T("journey.asked_on", "Day", c.ShortDate(a.AskedAt))
	if a.AnsweredAt != nil {
		words = joined(" ; ", words, c.T("journey.answered_on", "Day", c.ShortDate(*a.AnsweredAt)))
	}
	if a.State == people.Given && !a.Moved && a.ExpiresOn != "" {
		words = joined(" ; ", words, c.T("journey.holds_until", "Day", c.civilDay(a.ExpiresOn)))
	}
	return upperFirst(words)
}

// journeyHistory is what happened, the latest first: field names, never values.
func (c *call) journeyHistory(id people.ID, most int) ([]JourneyEvent, error) {
	events, err := c.s.cfg.People.Events(c.r.Context(), id, most)
	if err != nil {
		return nil, err
	}
	who, err := c.counsellorNames()
	if err != nil {
		return nil, err
	}
	rows := make([]JourneyEvent, 0, len(events))
	for _, e := range events {
		row := JourneyEvent{When: c.When(e.At, c.now), What: c.T("journey.event." + string(e.Kind)), Who: c.T("journey.by_platform"), id: e.ID}
		if e.ActorID != nil {
			row.Who = or(who[*e.ActorID], c.T("journey.somebody"))
		}
		for _, field := range e.Fields {
			if key := "journey.field." + field; c.Has(key) {
				row.Fields = append(row.Fields, c.T(key))
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func (c *call) fillMoves(page *JourneyPage, p *people.Person, errs map[string]string) {
	page.Moves = JourneyMoves{Pause: p.State == people.Active, Resume: p.State == people.Paused, End: p.State != people.Ended, Erase: p.ErasedAt == nil,
		On: Field{ID: "au", Name: "au", Kind: "date", Bare: true, Label: c.T("journey.q_ended_on"), Hint: c.T("journey.q_ended_on_hint"), Short: true, Value: c.form("au"), Error: errs["au"]}}
	page.EraseConfirm = Field{ID: "compris", Name: "compris", Kind: "checkbox", Label: c.T("journey.erase_confirm"), Error: errs["compris"],
		Options: []Option{{Value: "oui", Text: c.T("journey.erase_understood")}}}
}

// moveJourney pauses, resumes, ends or erases, at the revision that was read.
func (s *Server) moveJourney(c *call) error {
	p, err := c.person()
	if err != nil {
		return err
	}
	revision, err := c.revision()
	if err != nil {
		return err
	}
	var said string
	switch c.form("geste") {
	case "pause":
		said, err = "journey_paused", second(s.cfg.People.Pause(c.r.Context(), p.ID, revision))
	case "reprendre":
		said, err = "journey_resumed", second(s.cfg.People.Resume(c.r.Context(), p.ID, revision))
	case "terminer":
		said, err = "journey_ended", second(s.cfg.People.End(c.r.Context(), p.ID, revision, c.form("au")))
	case "effacer":
		if c.form("compris") != "oui" {
			return c.showJourney(p, map[string]string{"compris": c.T("journey.error_confirm")})
		}
		said, err = "journey_erased", s.cfg.People.Erase(c.r.Context(), p.ID, revision)
	default:
		return fault.NotFound("gesture", c.form("geste"))
	}
	if fields, _, ok := c.faults(err); ok && fields["ended_on"] != "" {
		return c.showJourney(p, map[string]string{"au": fields["ended_on"]})
	}
	if err != nil {
		return err
	}
	return c.to(journeyPath(p.ID), said)
}

func second[T any](_ T, err error) error { return err }

// recordAgreement writes what the person said of a position. A refusal has no
// motive: there is nothing to ask.
func (s *Server) recordAgreement(c *call) error {
	p, err := c.person()
	if err != nil {
		return err
	}
	chosen, scene, ofChoice := strings.Cut(c.form("poste"), sceneMark)
	position, err := strconv.ParseInt(chosen, 10, 64)
	if err != nil || position <= 0 {
		return c.showJourney(p, map[string]string{"poste": c.T("journey.error_position")})
	}
	if !ofChoice {
		scene = c.form("lu")
	}
	err = c.recordAgreed(p.ID, position, scene)
	if fields, general, ok := c.faults(err); ok {
		return c.showJourney(p, map[string]string{"": or(fields["until"], general)})
	}
	if err != nil {
		return err
	}
	return c.to(journeyPath(p.ID)+"#accords", "agreement_recorded")
}
