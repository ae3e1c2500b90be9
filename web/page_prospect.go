package web

import (
	"slices"
	"strconv"
	"time"

	"maillage/accounts"
	"maillage/followup"
	"maillage/followup/prospects"
	"maillage/matching"
	"maillage/network"
	"maillage/territories"
)

// ProspectPage is one purchase that no notice tells, with its quotes.
type ProspectPage struct {
	Page
	Heading, Lead string
	State         Tag
	Facts         []Fact
	Quotes        []QuoteView
	Ask           *QuoteAskForm
	Aside         *AsideForm
	Form          *ProspectForm
	Contacts      *ContactLog
	History       []EventRow
	Action        string
}

// QuoteView is a quote with what can be said of it.
type QuoteView struct {
	ID, Name, Text string
	State          Tag
	Action         string
	Revision       string
	Amount, Day    *Field
	Why, Call      *Field
	Known          *Field // the day already told, to correct
	Buttons        []FormButton
}

// QuoteAskForm asks an enterprise for a quote.
type QuoteAskForm struct {
	Who  Field
	Day  Field
	Mine bool // the enterprise asks itself
}

// AsideForm sets a prospect aside, or takes it up again.
type AsideForm struct {
	Why    *Field
	Button FormButton
}

func (s *Server) prospect(c *call) error {
	page, err := c.prospectPage(nil)
	if err != nil {
		return err
	}
	return c.show("prospect", page)
}

func (c *call) prospectPage(errs map[string]string) (*ProspectPage, error) {
	id, err := c.id("id")
	if err != nil {
		return nil, err
	}
	l, err := c.s.cfg.Prospects.Get(c.r.Context(), prospects.ID(id))
	if err != nil {
		return nil, err
	}
	page := &ProspectPage{Page: c.page(l.Buyer, Crumb{c.T("nav.home"), "/"}, Crumb{c.T("deal.title"), prospectingPath}, Crumb{Text: clip(l.Buyer, 60)}), Heading: l.Buyer, Lead: l.Need, State: c.dealTag(l.State), Facts: c.dealFacts(l), Action: prospectPath(l.ID)}
	for i := range l.Quotes {
		v := c.quoteView(&l.Quotes[i], errs)
		if err := c.quoteCall(&v, &l.Quotes[i], errs); err != nil {
			return nil, err
		}
		page.Quotes = append(page.Quotes, v)
	}
	if page.Contacts, err = c.prospectLog(l); err != nil {
		return nil, err
	}
	if page.History, err = c.quoteHistory(l); err != nil {
		return nil, err
	}
	if !l.Mine {
		page.Errors = summary(errs)
		return page, nil
	}
	form := c.prospectForm(&l.Prospect, page.Action, errs)
	page.Form, page.Aside = &form, c.asideForm(l, errs)
	if page.Ask, err = c.quoteAskForm(l, errs); err != nil {
		return nil, err
	}
	page.Errors = c.prospectErrors(errs)
	return page, nil
}

func (c *call) dealTag(s prospects.State) Tag {
	state := map[prospects.State]State{prospects.Won: Met, prospects.Sent: Partial, prospects.Lost: Missed}[s]
	if state == "" {
		state = Unknown
	}
	return Tag{Text: c.T("deal.state_" + string(s)), State: state}
}

func (c *call) dealFacts(l *prospects.Line) []Fact {
	or := func(s string) string {
		if s == "" {
			return c.T("candidate.unsaid")
		}
		return s
	}
	amount := ""
	if l.Amount > 0 {
		amount = c.Money(l.Amount, "EUR")
	}
	return []Fact{{Label: c.T("deal.market"), Big: upperFirst(c.T("deal.market_" + string(l.Market)))}, {Label: c.T("deal.place"), Big: or(c.perimeterWords(l.Territory))}, {Label: c.T("deal.amount"), Big: or(amount)},
		{Label: c.T("deal.expected_on"), Big: or(c.civilDay(l.ExpectedOn))}, {Label: c.T("deal.siren"), Big: or(string(l.SIREN))}, {Label: c.T("deal.source"), Big: upperFirst(c.T("deal.source_" + string(l.Source)))}, {Label: c.T("deal.holder"), Big: l.Holder}}
}

// quoteView shows a quote and the gestures that its state lets somebody do.
func (c *call) quoteView(q *prospects.QuoteLine, errs map[string]string) QuoteView {
	id := revisionOf(int64(q.ID))
	v := QuoteView{ID: id, Name: q.Name, State: c.quoteTag(q.State), Action: prospectPath(q.ProspectID) + "/devis/" + id, Revision: revisionOf(q.Revision)}
	amount, sent, settled := "", "", ""
	if q.Amount > 0 {
		amount = c.Money(q.Amount, "EUR")
	}
	if q.SentOn != "" {
		sent = c.T("deal.sent_on", "Date", c.civilDay(q.SentOn))
	}
	if q.SettledOn != "" {
		settled = c.T("deal.settled_on", "Date", c.civilDay(q.SettledOn))
	}
	v.Text = joined(" · ", c.T("deal.asked_on", "Date", c.civilDay(q.AskedOn)), sent, amount, settled, c.reasonSaid(q.Reason))
	c.quoteGestures(&v, q, errs)
	return v
}

func (c *call) quoteGestures(v *QuoteView, q *prospects.QuoteLine, errs map[string]string) {
	mine := c.form("devis") == v.ID
	errOf := func(name string) string {
		if !mine {
			return ""
		}
		return errs[name]
	}
	typed := func(name, known string) string {
		if mine {
			return c.formOr(name, known)
		}
		return known
	}
	day := func(name, label, known string) *Field {
		return &Field{ID: name + "-" + v.ID, Name: name, Kind: "date", Label: c.T(label), Short: true, Bare: true, Value: typed(name, known), Error: errOf(name)}
	}
	price := &Field{ID: "prix-" + v.ID, Name: "prix", Label: c.T("deal.price"), Short: true, Bare: true, InputMode: "decimal", Value: typed("prix", ""), Error: errOf("prix")}
	why := func(to prospects.QuoteState, label string) *Field {
		f := &Field{ID: "motif-" + v.ID, Name: "motif", Kind: "select", Label: c.T(label), Bare: true, Error: errOf("motif"), Options: []Option{{Text: c.T("decision.choose")}}}
		for _, r := range prospects.Reasons(to) {
			f.Options = append(f.Options, Option{Value: string(r), Text: c.reasonSaid(r), Selected: typed("motif", string(q.Reason)) == string(r)})
		}
		return f
	}
	today := c.now.In(c.zone).Format(time.DateOnly)
	if q.SentOn != "" {
		v.Known = day("envoi", "deal.sent_day", q.SentOn)
	} else {
		v.Known = day("demande", "deal.asked_day", q.AskedOn)
	}
	correct, reopen := c.T("deal.do_correct"), FormButton{"sent", c.T("deal.do_reopen"), "refresh"}
	switch q.State {
	case prospects.QuoteAsked, prospects.NotSent:
		v.Amount, v.Day, v.Why = price, day("le", "deal.on", today), why(prospects.NotSent, "deal.if_not_sent")
		v.Buttons = []FormButton{{"sent", c.T("deal.do_sent"), "check"}, {"not_sent", c.T("deal.do_not_sent"), "x"}, {"asked", c.T("deal.do_correct_asked"), "refresh"}}
	case prospects.QuoteSent:
		v.Day, v.Why = day("le", "deal.on", today), why(prospects.Refused, "deal.if_refused")
		v.Buttons = []FormButton{{"accepted", c.T("deal.do_accepted"), "check"}, {"refused", c.T("deal.do_refused"), "x"}, {"sent", c.T("deal.do_correct_sent"), "refresh"}, {"asked", c.T("deal.do_unsent"), "refresh"}}
	case prospects.Accepted:
		v.Day = day("le", "deal.on", q.SettledOn)
		v.Buttons = []FormButton{{"accepted", correct, "check"}, reopen}
	default:
		v.Day, v.Why = day("le", "deal.on", q.SettledOn), why(prospects.Refused, "deal.if_refused")
		v.Buttons = []FormButton{{"refused", correct, "check"}, reopen}
	}
}

// quoteCall offers to say which call a quote answers, among those that its enterprise
// follows here: the purchase is then counted with it, once.
func (c *call) quoteCall(v *QuoteView, q *prospects.QuoteLine, errs map[string]string) error {
	lines, err := c.s.cfg.Followup.List(c.r.Context(), followup.Filter{Organisation: q.OrganisationID})
	if err != nil {
		return err
	}
	f := &Field{ID: "appel-" + v.ID, Name: "appel", Kind: "select", Label: c.T("deal.call"), Hint: c.T("deal.call_hint"), Options: []Option{{Value: "0", Text: c.T("deal.call_none")}}}
	if c.form("devis") == v.ID {
		f.Error = errs["appel"]
	}
	for _, l := range lines {
		tied := q.MatchID != nil && *q.MatchID == l.MatchID
		if tied {
			v.Text = joined(" · ", v.Text, c.T("deal.call_tied", "Title", lotTitle(l.Lot)))
		}
		if tied || l.State != followup.Declined && l.State != followup.NoGo && l.State != followup.Withdrawn {
			f.Options = append(f.Options, Option{Value: revisionOf(int64(l.MatchID)), Text: joined(", ", clip(lotTitle(l.Lot), 70), l.Lot.Buyer), Selected: tied})
		}
	}
	if len(f.Options) > 1 {
		v.Call = f
	}
	return nil
}

func (c *call) quoteTag(s prospects.QuoteState) Tag {
	state := map[prospects.QuoteState]State{prospects.QuoteAsked: Unknown, prospects.NotSent: Missed, prospects.QuoteSent: Partial, prospects.Accepted: Met, prospects.Refused: Missed}[s]
	return Tag{Text: c.T("deal.quote_" + string(s)), State: state}
}

// reasonSaid says why; the reasons are those of an answer, and one more.
func (c *call) reasonSaid(r followup.Reason) string {
	if r == prospects.GivenUp {
		return c.T("deal.given_up")
	}
	return followup.ReasonWords(r).In(string(c.Lang))
}

func (c *call) quoteHistory(l *prospects.Line) ([]EventRow, error) {
	events, err := c.s.cfg.Prospects.Events(c.r.Context(), l)
	if err != nil {
		return nil, err
	}
	names, rows := map[prospects.QuoteID]string{}, []EventRow{}
	for _, q := range l.Quotes {
		names[q.ID] = q.Name
	}
	for _, e := range events {
		amount := ""
		if e.Amount > 0 {
			amount = c.Money(e.Amount, "EUR")
		}
		rows = append(rows, EventRow{What: joined(", ", names[e.QuoteID], c.T("deal.quote_"+string(e.To)), amount, c.reasonSaid(e.Reason), e.Note), When: c.When(e.At, c.now)})
	}
	return rows, nil
}

// quoteAskForm offers who may be asked: the enterprise itself, or those around the need
// that an officer follows up and that are not asked yet.
func (c *call) quoteAskForm(l *prospects.Line, errs map[string]string) (*QuoteAskForm, error) {
	if l.State == prospects.SetAside || l.State == prospects.Won || c.who.Role == accounts.Member && len(l.Quotes) > 0 {
		return nil, nil //nolint:nilnil // nobody is to be asked
	}
	day := Field{ID: "jour", Name: "jour", Kind: "date", Label: c.T("deal.asked_day"), Short: true, Value: c.formOr("jour", c.now.In(c.zone).Format(time.DateOnly)), Error: errs["jour"]}
	if c.who.Role == accounts.Member {
		return &QuoteAskForm{Mine: true, Day: day, Who: Field{Name: "entreprise", HiddenValue: memberID(c.ownID())}}, nil
	}
	filter := network.Filter{Roles: []network.Role{network.Member}}
	if place, err := territories.ParseExpr([]byte(l.Territory)); err == nil {
		filter.Territory = place
	}
	found, err := c.s.cfg.Network.List(c.r.Context(), filter, network.Request{Limit: mostAsked})
	if err != nil {
		return nil, err
	}
	form := &QuoteAskForm{Day: day, Who: Field{ID: "entreprise", Name: "entreprise", Kind: "select", Label: c.T("deal.whom"), Hint: c.T("deal.whom_hint"), Required: true, Error: errs["entreprise"], Options: []Option{{Text: c.T("dossier.choose")}}}}
	for _, o := range found.Items {
		asked := slices.ContainsFunc(l.Quotes, func(q prospects.QuoteLine) bool { return q.OrganisationID == o.ID })
		if !asked && c.s.cfg.Prospects.Reaches(c.r.Context(), o) {
			form.Who.Options = append(form.Who.Options, Option{Value: memberID(o.ID), Text: joined(", ", o.Called(), townOf(o)), Selected: c.form("entreprise") == memberID(o.ID)})
		}
	}
	return form, nil
}

// mostAsked bounds the enterprises that are offered.
const mostAsked = 200

func townOf(o *network.Organisation) string {
	for _, s := range o.Sites {
		if s.Main {
			return s.City
		}
	}
	return ""
}

func (c *call) asideForm(l *prospects.Line, errs map[string]string) *AsideForm {
	if l.State == prospects.Won {
		return nil
	}
	if l.Aside != "" {
		return &AsideForm{Button: FormButton{"reprendre", c.T("deal.take_up"), "refresh"}}
	}
	f := &AsideForm{Why: &Field{ID: "pourquoi", Name: "pourquoi", Kind: "select", Label: c.T("deal.why_aside"), Bare: true, Error: errs["pourquoi"], Options: []Option{{Text: c.T("decision.choose")}}}, Button: FormButton{"ecarter", c.T("deal.set_aside"), "x"}}
	for _, w := range prospects.Whys() {
		f.Why.Options = append(f.Why.Options, Option{Value: string(w), Text: c.T("deal.why_" + string(w))})
	}
	return f
}

// changeProspect does one gesture on a prospect.
func (s *Server) changeProspect(c *call) error {
	n, err := c.id("id")
	if err != nil {
		return err
	}
	id := prospects.ID(n)
	errs, err := c.prospectGesture(id)
	if err != nil {
		return err
	}
	return c.afterProspect(id, errs)
}

func (c *call) afterProspect(id prospects.ID, errs map[string]string) error {
	if len(errs) == 0 {
		return c.to(prospectPath(id), "deal_kept")
	}
	page, err := c.prospectPage(errs)
	if err != nil {
		return err
	}
	return c.showForm(page, "prospect", errs)
}

func (c *call) prospectGesture(id prospects.ID) (map[string]string, error) {
	deals, ctx := c.s.cfg.Prospects, c.r.Context()
	switch c.form("geste") {
	case "ecarter":
		why := prospects.Why(c.form("pourquoi"))
		if why == "" {
			return map[string]string{"pourquoi": c.T("decision.need_reason")}, nil
		}
		_, err := deals.Aside(ctx, id, why)
		return c.fieldsOf(err, map[string]string{"why": "pourquoi"})
	case "reprendre":
		_, err := deals.Aside(ctx, id, "")
		return c.fieldsOf(err, nil)
	case "demander":
		of, _ := strconv.ParseInt(c.form("entreprise"), 10, 64)
		_, err := deals.Ask(ctx, id, network.ID(of), c.form("jour"))
		return c.fieldsOf(err, map[string]string{"organisation": "entreprise", "on": "jour"})
	}
	p, errs := c.prospectSent()
	if len(errs) > 0 {
		return errs, nil
	}
	p.ID = id
	expected, _ := strconv.ParseInt(c.form("revision"), 10, 64)
	_, err := deals.Change(ctx, p, max(0, expected))
	return c.fieldsOf(err, prospectNames)
}

// quoteDay names the field that says the day of a step: what is told again has one of
// its own, which keeps the day that is known.
func (c *call) quoteDay(to prospects.QuoteState) string {
	switch {
	case to == prospects.QuoteAsked:
		return "demande"
	case to == prospects.QuoteSent && c.r.PostForm.Has("envoi"):
		return "envoi"
	}
	return "le"
}

// moveQuote says what became of a quote.
func (s *Server) moveQuote(c *call) error {
	n, err := c.id("id")
	if err != nil {
		return err
	}
	quote, err := c.id("quote")
	if err != nil {
		return err
	}
	step := prospects.Step{To: prospects.QuoteState(c.form("geste")), Reason: followup.Reason(c.form("motif"))}
	if len(prospects.Reasons(step.To)) == 0 {
		step.Reason = ""
	}
	day := c.quoteDay(step.To)
	step.On = c.form(day)
	if id, err := strconv.ParseInt(c.form("appel"), 10, 64); err == nil && id >= 0 && (step.To == prospects.QuoteSent || step.To == prospects.Accepted) {
		step.Match = new(matching.ID(id))
	}
	errs := map[string]string{}
	var read bool
	if step.Amount, read = c.sum("prix"); !read {
		errs["prix"] = c.T("reference.amount_wrong")
	}
	if len(errs) == 0 {
		expected, _ := strconv.ParseInt(c.form("revision"), 10, 64)
		_, err = s.cfg.Prospects.Move(c.r.Context(), prospects.QuoteID(quote), max(0, expected), step)
		if errs, err = c.fieldsOf(err, map[string]string{"reason": "motif", "amount": "prix", "on": day, "match": "appel", "state": ""}); err != nil {
			return err
		}
	}
	return c.afterProspect(prospects.ID(n), errs)
}
