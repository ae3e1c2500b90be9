package web

import (
	"io"
	"net/url"
	"strconv"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/opportunities"
)

// ComingPage lists the calls that nobody has published yet, by the day they are expected.
type ComingPage struct {
	Page
	Heading, Lead string
	Filters       []Field
	Clear         string
	Warning       string
	Found         string
	Rows          []ComingRow
	Pager         Pager
	Empty         Empty
	Table         string // the same list for a spreadsheet
}

// ComingRow is one expected call: whom to call, before when, who holds the contract, and why.
type ComingRow struct {
	Row, Title, Href, Over string
	Month                  string
	Before                 string
	Soon                   bool
	Facts                  string
	Why                    string
	Tags                   []Tag
}

// comingMonths is how far the list of months goes.
const comingMonths = 36

func (s *Server) coming(c *call) error {
	filter, warning := c.comingFilter()
	found, err := s.cfg.Opportunities.List(c.r.Context(), filter, opportunities.Request{After: c.query("apres"), Limit: pageSize, Order: opportunities.Coming})
	if err != nil {
		return err
	}
	counts, err := s.cfg.Opportunities.Counts(c.r.Context(), filter)
	if err != nil {
		return err
	}
	title := c.T("coming.title")
	page := &ComingPage{Page: c.page(title, Crumb{c.T("opps.title"), "/marches"}, Crumb{Text: title}), Heading: c.T("coming.heading"), Lead: c.T("coming.lead"),
		Filters: c.comingFields(), Warning: warning, Found: c.N("coming.found", counts.Total), Table: "/a-venir.csv",
		Empty: Empty{Title: c.T("coming.none"), Text: c.T("coming.none_text"), Actions: []Link{{c.T("home.see_open"), "/marches"}}}}
	if c.r.URL.RawQuery != "" {
		page.Clear = "/a-venir"
		page.Table += "?" + c.r.URL.RawQuery
	}
	for _, o := range found.Items {
		page.Rows = append(page.Rows, c.comingRow(o))
	}
	page.Pager = c.pager(found.Next)
	return c.show("coming", page)
}

// comingFilter reads the place and the sector as the list of calls does, and the month.
func (c *call) comingFilter() (opportunities.Filter, string) {
	f, warning := c.opportunityFilter()
	f = opportunities.Filter{Text: f.Text, Codes: f.Codes, Territory: f.Territory, PlaceKnown: c.query("ou") != "",
		Kinds: []opportunities.Kind{opportunities.Expected}, States: []opportunities.State{opportunities.Published}}
	if first, err := time.Parse("2006-01", c.query("mois")); err == nil {
		f.ExpectedFrom, f.ExpectedUntil = first.Format(time.DateOnly), first.AddDate(0, 1, -1).Format(time.DateOnly)
	}
	return f, warning
}

func (c *call) comingFields() []Field {
	return []Field{
		{ID: "quoi", Name: "quoi", Kind: "search", Label: c.T("opps.text"), Value: c.query("quoi")},
		{ID: "ou", Name: "ou", Kind: "search", Label: c.T("opps.place"), Value: c.placeText(c.query("ou")), Combo: "/suggestions/territoires"},
		{ID: "secteur", Name: "secteur", Kind: "select", Label: c.T("opps.sector"), Required: true, Options: c.sectorOptions(c.query("secteur"), c.T("opps.sector_any"))},
		{ID: "mois", Name: "mois", Kind: "select", Label: c.T("coming.month"), Required: true, Options: append([]Option{{Text: c.T("coming.month_any")}}, c.monthOptions(c.query("mois"))...)},
	}
}

// monthOptions are this month and those that follow.
func (c *call) monthOptions(selected string) []Option {
	now := c.now.In(c.zone)
	first := time.Date(now.Year(), now.Month(), 1, 12, 0, 0, 0, c.zone)
	var all []Option
	for i := range comingMonths {
		month := first.AddDate(0, i, 0)
		value := month.Format("2006-01")
		all = append(all, Option{Value: value, Text: c.monthYear(month), Selected: value == selected})
	}
	return all
}

// monthYear is décembre 2026.
func (c *call) monthYear(t time.Time) string {
	return months[c.Lang][t.In(c.zone).Month()] + " " + strconv.Itoa(t.In(c.zone).Year())
}

// expectedMonth is the month of a civil day, in words.
func (c *call) expectedMonth(day string) string {
	t, err := time.ParseInLocation(time.DateOnly, day, c.zone)
	if err != nil {
		return ""
	}
	return c.monthYear(t)
}

func (c *call) comingRow(o *opportunities.Opportunity) ComingRow {
	f := o.Forecast
	row := ComingRow{Row: "m" + strconv.FormatInt(int64(o.ID), 10), Title: o.Title, Href: opportunityPath(o.ID), Over: joined(" · ", o.BuyerName, c.placeWords(o.Place)),
		Month: upperFirst(c.expectedMonth(f.On)), Why: c.reasonsWords(f)}
	row.Before, row.Soon = c.callBefore(f)
	row.Facts = joined(" · ", c.T("coming.holders", "Names", clip(c.list(first(f.Holders(), 3)), 120)), c.runningAmount(f), c.T("coming.ends", "Day", c.civilDay(f.Ends)))
	row.Tags = append([]Tag{c.surenessTag(f)}, c.codeTags(tradesOf(o), 2)...)
	return row
}

func (c *call) runningAmount(f *opportunities.Forecast) string {
	if f.Amount <= 0 {
		return ""
	}
	return c.T("opp.excl", "Amount", c.Money(f.Amount, f.Currency))
}

// callBefore says until when the buyer can be called before it publishes; soon when that is within
// a month, or past.
func (c *call) callBefore(f *opportunities.Forecast) (said string, soon bool) {
	today := c.now.In(c.zone)
	if f.From <= today.Format(time.DateOnly) {
		return c.T("coming.call_now"), true
	}
	return c.T("coming.call_before", "Day", c.civilDay(f.From)), f.From <= today.AddDate(0, 1, 0).Format(time.DateOnly)
}

// surenessTag says how sure a forecast is, in a word and a share.
func (c *call) surenessTag(f *opportunities.Forecast) Tag {
	switch {
	case f.Confidence >= 0.7:
		return Tag{Text: c.T("coming.sure", "Share", c.Percent(f.Confidence)), State: Met}
	case f.Confidence >= 0.45:
		return Tag{Text: c.T("coming.likely", "Share", c.Percent(f.Confidence)), State: Partial}
	}
	return Tag{Text: c.T("coming.unsure", "Share", c.Percent(f.Confidence)), State: Assumed}
}

// reasonsWords says in one sentence each why a call is expected.
func (c *call) reasonsWords(f *opportunities.Forecast) string {
	text := ""
	for _, said := range c.reasons(f) {
		text = joined(" ", text, said)
	}
	return text
}

func (c *call) reasons(f *opportunities.Forecast) (all []string) {
	for _, r := range f.Reasons {
		all = append(all, c.N("coming.reason."+r.Code, r.N, "Ends", c.civilDay(f.Ends), "Month", c.confirmedMonth(f)))
	}
	return all
}

func (c *call) confirmedMonth(f *opportunities.Forecast) string {
	if f.Word == nil || f.Word.Month == "" {
		return ""
	}
	return c.expectedMonth(f.Word.Month + "-15")
}

// comingTable is the list for a spreadsheet.
func (s *Server) comingTable(c *call) error {
	f, warning := c.comingFilter()
	if warning != "" { // a place that is not understood is not the whole country
		return fault.NotFound("territory", c.query("ou"))
	}
	var items []*opportunities.Opportunity
	for after := ""; len(items) < tableMost; {
		page, err := s.cfg.Opportunities.List(c.r.Context(), f, opportunities.Request{After: after, Limit: 200, Order: opportunities.Coming})
		if err != nil {
			return err
		}
		items = append(items, page.Items...)
		if after = page.Next; after == "" {
			break
		}
	}
	c.w.Header().Set("Content-Disposition", `attachment; filename="a-venir-`+c.now.In(c.zone).Format("2006-01-02")+`.csv"`)
	out := c.outlet(c.T("coming.heading"), "/a-venir")
	return c.send("text/csv; charset=utf-8; header=present", func(w io.Writer) error {
		return opportunities.WriteForecastCSV(w, out, items, func(o *opportunities.Opportunity) string { return c.reasonsWords(o.Forecast) })
	})
}

// comingSoon is how far ahead an officer is asked to call buyers, in days.
const comingSoon = 90

// awaitBuyers asks an officer to call the buyers of its perimeter before they publish.
func (c *call) awaitBuyers(page *OfficerHome) error {
	f := opportunities.Filter{Kinds: []opportunities.Kind{opportunities.Expected}, States: []opportunities.State{opportunities.Published}, PlaceKnown: true,
		ExpectedUntil: c.now.AddDate(0, 0, comingSoon).Format(time.DateOnly)}
	to := url.Values{}
	if perimeter := c.s.compile(c.who.PerimeterExpr); perimeter != nil {
		f.Territory = perimeter.Expr
		to.Set("ou", perimeter.Text)
	}
	counts, err := c.s.cfg.Opportunities.Counts(c.r.Context(), f)
	if err != nil || counts.Total == 0 {
		return err
	}
	path := "/a-venir"
	if len(to) > 0 {
		path += "?" + to.Encode()
	}
	page.Awaits = append(page.Awaits, Await{Figure: c.Num(counts.Total), FigureWord: c.N("coming.home_word", counts.Total), Title: c.N("coming.home", counts.Total),
		Text: c.H("coming.home_text"), Do: Link{c.T("coming.home_do"), path}})
	return nil
}

// mayForecast tells who may say a word of an expected call.
func (c *call) mayForecast(o *opportunities.Opportunity) bool {
	return accounts.Can(c.who.Identity, accounts.OpportunityForecast, c.scopeOfOpportunity(o))
}
