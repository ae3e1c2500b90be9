package web

import (
	"crypto/rand"
	"strconv"

	"maillage/accounts"
	"maillage/followup/contacts"
	"maillage/followup/prospects"
	"maillage/network"
)

// prospectingPath is where purchases that no notice tells are followed.
const prospectingPath = "/prospects"

// ProspectingPage is the board of prospects, by state.
type ProspectingPage struct {
	Page
	Heading, Lead, Won string
	Columns, Ended     []BoardColumn
	Form               ProspectForm
	Empty              Empty
}

// ProspectForm asks what a buyer may need.
type ProspectForm struct {
	Action, Key, Revision string
	Known                 string // the place as it is kept
	Market, Source        Field
	Buyer, SIREN, Need    Field
	Place, Amount         Field
	ExpectedOn            Field
}

func prospectPath(id prospects.ID) string {
	return prospectingPath + "/" + revisionOf(int64(id))
}

func (s *Server) prospecting(c *call) error {
	page, err := c.prospectingPage(nil)
	if err != nil {
		return err
	}
	return c.show("prospecting", page)
}

func (c *call) prospectingPage(errs map[string]string) (*ProspectingPage, error) {
	lines, err := c.s.cfg.Prospects.List(c.r.Context())
	if err != nil {
		return nil, err
	}
	wins, err := c.s.cfg.Prospects.Wins(c.r.Context(), c.now.In(c.zone).Year())
	if err != nil {
		return nil, err
	}
	title := c.T("deal.title")
	page := &ProspectingPage{Page: c.page(title, Crumb{c.T("nav.home"), "/"}, Crumb{Text: title}), Heading: title, Lead: c.T("deal.lead"), Won: c.winsSaid(wins),
		Empty: Empty{Title: c.T("deal.empty"), Text: c.T("deal.empty_text"), Actions: []Link{{c.T("deal.add"), "#noter"}}}}
	cards := map[prospects.State][]BoardCard{}
	for i := range lines {
		cards[lines[i].State] = append(cards[lines[i].State], c.dealCard(&lines[i]))
	}
	for _, state := range prospects.States() {
		if len(cards[state]) == 0 {
			continue
		}
		column := BoardColumn{ID: string(state), Title: c.T("board.column", "State", c.T("deal.state_"+string(state)), "N", c.Num(len(cards[state]))), Cards: cards[state]}
		if state == prospects.Won || state == prospects.Lost || state == prospects.SetAside {
			page.Ended = append(page.Ended, column)
			continue
		}
		page.Columns = append(page.Columns, column)
	}
	page.Form = c.prospectForm(&prospects.Prospect{Market: prospects.Small, Source: prospects.SaidByBuyer}, prospectingPath, errs)
	page.Errors = c.prospectErrors(errs)
	return page, nil
}

// winsSaid tells what was won this year, each purchase once.
func (c *call) winsSaid(w *prospects.Wins) string {
	if w.Total() == 0 {
		return c.T("deal.won_none", "Year", revisionOf(int64(w.Year)))
	}
	said := c.N("deal.won", w.Total(), "Year", revisionOf(int64(w.Year)), "Contracts", c.Num(w.Contracts), "Quotes", c.Num(w.Quotes))
	if w.Amount > 0 {
		said += " " + c.T("deal.won_amount", "Amount", c.Money(w.Amount, "EUR"))
	}
	return said
}

func (c *call) dealCard(l *prospects.Line) BoardCard {
	card := BoardCard{Name: l.Buyer, Href: prospectPath(l.ID), Lot: clip(l.Need, 120), Days: &Days{NoDate: true, When: c.T("deal.no_date")}}
	if l.ExpectedOn != "" {
		card.Days.When = c.T("deal.expected", "Date", c.civilDay(l.ExpectedOn))
	}
	amount := ""
	if l.Amount > 0 {
		amount = c.Money(l.Amount, "EUR")
	}
	card.Say = joined(" · ", c.T("deal.market_"+string(l.Market)), c.perimeterWords(l.Territory), amount, c.quotesSaid(l))
	if c.who.Role != accounts.Member {
		card.Say = joined(" · ", l.Holder, card.Say)
	}
	return card
}

func (c *call) quotesSaid(l *prospects.Line) string {
	if len(l.Quotes) == 0 {
		return ""
	}
	return c.N("deal.quotes", len(l.Quotes))
}

func (c *call) prospectForm(p *prospects.Prospect, action string, errs map[string]string) ProspectForm {
	amount := ""
	if p.Amount > 0 {
		amount = strconv.FormatFloat(p.Amount, 'f', -1, 64)
	}
	f := ProspectForm{Action: action, Key: c.formOr("cle", rand.Text()), Revision: c.formOr("revision", revisionOf(p.Revision)), Known: c.formOr("lieu-connu", p.Territory),
		Market:     Field{ID: "marche", Name: "marche", Kind: "radio", Label: c.T("deal.market"), Error: errs["marche"]},
		Buyer:      Field{ID: "acheteur", Name: "acheteur", Label: c.T("deal.buyer"), Required: true, Value: c.formOr("acheteur", p.Buyer), Error: errs["acheteur"]},
		SIREN:      Field{ID: "siren", Name: "siren", Label: c.T("deal.siren"), Short: true, InputMode: "numeric", Value: c.formOr("siren", string(p.SIREN)), Error: errs["siren"]},
		Need:       Field{ID: "besoin", Name: "besoin", Kind: "area", Rows: 3, Label: c.T("deal.need"), Hint: c.T("deal.need_hint"), Required: true, Value: c.formOr("besoin", p.Need), Error: errs["besoin"]},
		Place:      Field{ID: "lieu", Name: "lieu", Label: c.T("deal.place"), Value: c.formOr("lieu", c.perimeterWords(p.Territory)), Combo: "/suggestions/territoires", Error: errs["lieu"]},
		Amount:     Field{ID: "montant", Name: "montant", Label: c.T("deal.amount"), Short: true, InputMode: "decimal", Value: c.formOr("montant", amount), Error: errs["montant"]},
		ExpectedOn: Field{ID: "attendu", Name: "attendu", Kind: "date", Label: c.T("deal.expected_on"), Short: true, Value: c.formOr("attendu", p.ExpectedOn), Error: errs["attendu"]},
		Source:     Field{ID: "source", Name: "source", Kind: "select", Label: c.T("deal.source"), Required: true, Error: errs["source"]}}
	for _, m := range prospects.Markets() {
		f.Market.Options = append(f.Market.Options, Option{Value: string(m), Text: c.T("deal.market_" + string(m)), Selected: c.formOr("marche", string(p.Market)) == string(m)})
	}
	for _, from := range prospects.Sources() {
		f.Source.Options = append(f.Source.Options, Option{Value: string(from), Text: c.T("deal.source_" + string(from)), Selected: c.formOr("source", string(p.Source)) == string(from)})
	}
	return f
}

func (c *call) prospectErrors(errs map[string]string) []FieldError {
	return summary(errs, "marche", "acheteur", "siren", "besoin", "lieu", "montant", "attendu", "source")
}

// prospectSent reads the form; what cannot be read is told by field.
func (c *call) prospectSent() (prospects.Prospect, map[string]string) {
	p := prospects.Prospect{Key: c.form("cle"), Market: prospects.Market(c.form("marche")), Buyer: c.form("acheteur"), Need: c.form("besoin"), ExpectedOn: c.form("attendu"), Source: prospects.Source(c.form("source"))}
	errs := map[string]string{}
	var read bool
	if p.Amount, read = c.sum("montant"); !read {
		errs["montant"] = c.T("reference.amount_wrong")
	}
	if words := c.form("siren"); words != "" {
		siren, err := network.ParseSIRET(words)
		if err != nil {
			errs["siren"] = c.T("deal.siren_wrong")
		}
		p.SIREN = siren
	}
	if p.Territory, read = c.placeSent(); !read {
		errs["lieu"] = c.T("deal.place_wrong")
	}
	return p, errs
}

// placeSent is the place of a form: as it was kept, where its words were left alone.
func (c *call) placeSent() (string, bool) {
	words, known := c.form("lieu"), c.form("lieu-connu")
	if words == "" || known != "" && words == c.perimeterWords(known) {
		return map[bool]string{false: known}[words == ""], true
	}
	place, err := c.placeAsked(words)
	if err != nil {
		return "", false
	}
	return place.String(), true
}

var prospectNames = map[string]string{"market": "marche", "buyer": "acheteur", "siren": "siren", "need": "besoin", "territory": "lieu", "amount": "montant", "expected_on": "attendu", "source": "source", "key": "cle"}

func (s *Server) noteProspect(c *call) error {
	p, errs := c.prospectSent()
	if len(errs) == 0 {
		made, err := s.cfg.Prospects.Note(c.r.Context(), p)
		if errs, err = c.fieldsOf(err, prospectNames); err != nil {
			return err
		}
		if len(errs) == 0 {
			return c.to(prospectPath(made.ID), "deal_noted")
		}
	}
	page, err := c.prospectingPage(errs)
	if err != nil {
		return err
	}
	return c.showForm(page, "prospecting", errs)
}

// prospectLog is what was said about a prospect.
func (c *call) prospectLog(l *prospects.Line) (*ContactLog, error) {
	note := ""
	if l.Mine {
		note = contactsPath + "?" + query("entreprise", memberID(l.OrganisationID)) + "&" + query("prospect", revisionOf(int64(l.ID))) + "&" + query("retour", prospectPath(l.ID)) + "#noter"
	}
	return c.contactLog(contacts.Filter{Prospect: int64(l.ID)}, note)
}
