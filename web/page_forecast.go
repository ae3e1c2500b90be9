package web

import (
	"strconv"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/opportunities"
)

// ForecastView is why a call is expected: reasons, contracts, and what an officer may say of it.
type ForecastView struct {
	Reasons   []ReasonLine
	Sure      Tag
	Contracts []ContractRow
	Word      string // what an officer said; empty: nothing
	Note      string
	Action    string // empty: the person says nothing of it
	Month     Field
	Motive    Field
	NoteField Field
	NoteMonth Field
	Dismissed bool
}

// ReasonLine is one ground; Against weighs against.
type ReasonLine struct {
	Text    string
	Against bool
}

// ContractRow is an award that the forecast rests on.
type ContractRow struct {
	Title, Href, Holders, Amount, Notified, Duration, Ends string
	Before                                                 bool
}

// fillForecast turns the page of an opportunity into that of an expected call.
func (c *call) fillForecast(page *OpportunityPage, o *opportunities.Opportunity) {
	f := o.Forecast
	if o.Kind != opportunities.Expected || f == nil {
		return
	}
	page.Lead = c.T("coming.of", "Buyer", o.BuyerName, "Place", c.placeWords(o.Place))
	page.Facts, page.Actions, page.LotFacts, page.Calendar = c.forecastFacts(o), nil, nil, ""
	page.Notice = c.forecastNotice(f)
	if f.CallID != nil {
		page.Heir = Link{c.T("coming.see_call"), opportunityPath(*f.CallID)}
	}
	v := &ForecastView{Sure: c.surenessTag(f), Dismissed: f.Word.Refuses()}
	said := c.reasons(f)
	for i, r := range f.Reasons {
		v.Reasons = append(v.Reasons, ReasonLine{said[i], r.Against})
	}
	for _, one := range f.Contracts {
		v.Contracts = append(v.Contracts, c.contractRow(one, f.Currency))
	}
	if f.Word != nil {
		v.Word = c.wordSaid(f)
	}
	may := c.mayForecast(o)
	if may && f.Word != nil {
		v.Note = f.Word.Note // the network's own
	}
	if may && f.End != opportunities.CameOut {
		c.askForecast(v, o)
	}
	page.Forecast = v
}

func (c *call) askForecast(v *ForecastView, o *opportunities.Opportunity) {
	v.Action = opportunityPath(o.ID) + "/attendu"
	month := ""
	if o.Forecast.Word != nil {
		month = o.Forecast.Word.Month
	}
	v.Month = Field{ID: "mois", Name: "mois", Kind: "select", Label: c.T("coming.confirm_month"), Required: true, Options: c.monthOptions(month)}
	var motives []string
	for _, m := range opportunities.Motives() {
		motives = append(motives, string(m))
	}
	v.Motive = Field{ID: "motif", Name: "motif", Kind: "select", Label: c.T("coming.motive"), Required: true, Options: c.options("coming.motive.", "", "", motives...)}
	v.NoteMonth = Field{ID: "mot-mois", Name: "mot", Kind: "text", Label: c.T("coming.note")}
	v.NoteField = Field{ID: "mot-motif", Name: "mot", Kind: "text", Label: c.T("coming.note")}
}

func (c *call) wordSaid(f *opportunities.Forecast) string {
	if f.Word.Refuses() {
		return c.T("coming.said_no", "Why", lowerFirst(c.T("coming.motive."+string(f.Word.Motive))), "When", c.Ago(f.Word.At, c.now))
	}
	return c.T("coming.said_month", "Month", c.confirmedMonth(f), "When", c.Ago(f.Word.At, c.now))
}

func (c *call) forecastNotice(f *opportunities.Forecast) string {
	if f.End != "" {
		return c.T("coming.notice." + string(f.End))
	}
	return c.T("coming.notice.waiting")
}

func (c *call) forecastFacts(o *opportunities.Opportunity) []Fact {
	f := o.Forecast
	before, _ := c.callBefore(f)
	amount := Fact{Label: c.T("coming.amount"), Lines: []string{c.T("opp.value_none")}}
	if said := c.runningAmount(f); said != "" {
		amount = Fact{Label: c.T("coming.amount"), Big: said}
	}
	facts := []Fact{
		{Label: c.T("coming.on"), Big: upperFirst(c.expectedMonth(f.On)), Lines: []string{c.T("coming.between", "From", c.civilDay(f.From), "Until", c.civilDay(f.Until))}},
		amount,
		{Label: c.T("opp.buyer"), Lines: []string{o.BuyerName}},
		{Label: c.T("coming.holder"), Lines: first(f.Holders(), 5)},
		{Label: c.T("coming.contract_ends"), Lines: []string{c.civilDay(f.Ends)}},
		{Label: c.T("opp.place"), Lines: []string{c.placeWords(o.Place)}},
	}
	if f.End == "" {
		facts[2].Lines = append(facts[2].Lines, before)
	}
	return facts
}

func (c *call) contractRow(one opportunities.Contract, currency string) ContractRow {
	row := ContractRow{Title: joined(" · ", one.Title, one.Number), Amount: "–", Notified: c.civilDay(one.Notified), Duration: c.N("coming.months", one.Months), Ends: c.civilDay(one.Ends), Before: one.Before}
	if one.OpportunityID != nil {
		row.Href = opportunityPath(*one.OpportunityID)
	}
	var names []string
	for _, h := range first(one.Holders, 5) {
		names = append(names, h.Name)
	}
	row.Holders = c.list(names)
	if one.Amount > 0 {
		row.Amount = c.Money(one.Amount, currency)
	}
	return row
}

// settleForecast keeps what an officer knows of an expected call.
func (s *Server) settleForecast(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	o, err := s.cfg.Opportunities.Get(c.r.Context(), opportunities.ID(id))
	if err != nil {
		return err
	}
	if o.Kind != opportunities.Expected {
		return fault.NotFound("expected", strconv.FormatInt(id, 10))
	}
	if err := accounts.Allow(c.who.Identity, accounts.OpportunityForecast, c.scopeOfOpportunity(o)); err != nil {
		return err
	}
	by, said := c.by(), "forecast_confirmed"
	by.Note = c.form("mot")
	if c.form("geste") == "ecarter" {
		said = "forecast_dismissed"
		_, err = s.cfg.Opportunities.Dismiss(c.r.Context(), by, o.ID, opportunities.Motive(c.form("motif")))
	} else {
		_, err = s.cfg.Opportunities.Confirm(c.r.Context(), by, o.ID, c.form("mois"))
	}
	if err != nil {
		return err
	}
	return c.to(opportunityPath(o.ID), said)
}
