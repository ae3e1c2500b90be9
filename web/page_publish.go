package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"maillage/accounts"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
)

// PublishPage is the form of what enterprises answer, with its lots; places for
// people have their own (see PositionPage).
type PublishPage struct {
	Page
	Heading, Lead string
	Action        string
	Kinds         Field
	Main          []Field
	Lots          []LotForm
	CanAdd        bool
	CanDraft      bool
	Submit        string
	Revision      string // that the form was read at; empty: a new one
	Preview       Preview
	Others        []Link // forms of the other kinds
}

// LotForm is the questions of one lot.
type LotForm struct {
	Legend        string
	Index         int
	Number        Field // of a lot that is known already
	Fields, Pairs []Field
	CanRemove     bool
}

// mostLots bounds a form; a longer procurement comes by import.
const mostLots = 20

func (s *Server) publishForm(c *call) error {
	return c.show("publish", c.publishPage(draftForm{lots: []int{1}}, nil))
}

// draftForm is what the form says so far.
type draftForm struct {
	lots []int // numbers of the lots shown
}

func (c *call) readDraft() draftForm {
	var d draftForm
	for _, text := range c.r.PostForm["lot"] {
		if n, err := strconv.Atoi(text); err == nil && n > 0 && len(d.lots) < mostLots && c.form("retirer") != text {
			d.lots = append(d.lots, n)
		}
	}
	if len(d.lots) == 0 {
		d.lots = []int{1}
	}
	if c.form("ajouter") != "" && len(d.lots) < mostLots {
		d.lots = append(d.lots, d.lots[len(d.lots)-1]+1)
	}
	return d
}

func (s *Server) publish(c *call) error {
	d := c.readDraft()
	if c.form("ajouter") != "" || c.form("retirer") != "" {
		return c.show("publish", c.publishPage(d, nil))
	}
	o, errs := c.readOpportunity(d)
	return c.keepOpportunity(d, o, errs)
}

// keepOpportunity makes the draft and, unless asked to wait, publishes it.
func (c *call) keepOpportunity(d draftForm, o *opportunities.Opportunity, errs map[string]string) error {
	if len(errs) > 0 {
		return c.showForm(c.publishPage(d, errs), "publish", errs)
	}
	made, err := c.makeOpportunity(o)
	if err != nil {
		fields, general, ok := c.faults(err)
		if !ok {
			return err
		}
		errs := formErrors(fields, general)
		return c.showForm(c.publishPage(d, errs), "publish", errs)
	}
	return c.made(made, "published")
}

// makeOpportunity keeps what the person offers, a draft or published at once, in one transaction.
func (c *call) makeOpportunity(o *opportunities.Opportunity) (*opportunities.Opportunity, error) {
	if err := c.s.cfg.Opportunities.Offer(c.r.Context(), c.who.Identity, o); err != nil {
		return nil, err
	}
	if c.form("geste") == "brouillon" {
		return c.s.cfg.Opportunities.Create(c.r.Context(), c.by(), o)
	}
	return c.s.cfg.Opportunities.CreateAndPublish(c.r.Context(), c.by(), o)
}

// made shows a new opportunity.
func (c *call) made(o *opportunities.Opportunity, said string) error {
	if o.State == opportunities.Draft {
		return c.to(opportunityPath(o.ID), "draft_kept")
	}
	return c.to(opportunityPath(o.ID), said)
}

// readOpportunity reads the whole form, every fault located.
func (c *call) readOpportunity(d draftForm) (*opportunities.Opportunity, map[string]string) {
	errs := map[string]string{}
	o := &opportunities.Opportunity{Kind: opportunities.Kind(c.form("nature")), Title: c.form("titre"), Description: c.form("description"), BuyerName: c.form("acheteur"), Currency: "EUR"}
	if o.Title == "" {
		errs["titre"] = c.T("publish.error_title")
	}
	o.Place = c.readPlace("lieu", errs)
	o.Deadline, o.DeadlineRaw = c.readDeadline("echeance", errs)
	for i, n := range d.lots {
		o.Lots = append(o.Lots, c.readLot(n, i+1, o, errs))
	}
	return o, errs
}

// readPlace reads where: nothing is the whole country, words are a perimeter.
func (c *call) readPlace(name string, errs map[string]string) opportunities.Place {
	words := c.form(name)
	if words == "" {
		return opportunities.Place{Scope: opportunities.WholeCountry}
	}
	expr, err := c.placeAsked(words)
	if err != nil {
		errs[name] = c.T("zone.unknown", "Words", words)
		return opportunities.Place{Scope: opportunities.PlaceUnknown, Words: words}
	}
	return opportunities.Place{Scope: opportunities.InCommunes, Perimeter: expr.String(), Words: words}
}

func (c *call) readDeadline(name string, errs map[string]string) (*time.Time, opportunities.Deadline) {
	text := c.form(name)
	if text == "" {
		return nil, opportunities.Deadline{}
	}
	at, ok := c.parisTime(text)
	if !ok || at.Before(c.now) {
		errs[name] = c.T("publish.error_deadline")
		return nil, opportunities.Deadline{Raw: text}
	}
	utc := at.UTC()
	return &utc, opportunities.Deadline{Wall: at.Format("2006-01-02T15:04"), Zone: "Europe/Paris", Raw: text}
}

func (c *call) readLot(n, position int, o *opportunities.Opportunity, errs map[string]string) opportunities.Lot {
	prefix := lotPrefix(n)
	lot := opportunities.Lot{Number: strconv.Itoa(position), Position: position, Title: c.form(prefix + "titre"), Place: o.Place, Deadline: o.Deadline, DeadlineRaw: o.DeadlineRaw}
	if lot.Title == "" {
		lot.Title = o.Title
	}
	lot.Codes = c.lotCodes(prefix)
	if len(lot.Codes) == 0 {
		errs[prefix+"secteur"] = c.T("publish.error_trade")
	}
	if mode := c.form(prefix + "mode"); mode != "" {
		lot.Modes = []string{mode}
	}
	if reserved := opportunities.Reservation(c.form(prefix + "reserve")); reserved != opportunities.NotReserved {
		lot.Clause = opportunities.Clause{Verdict: opportunities.ClauseReserved, ReservedTo: reserved, Confidence: 1}
	}
	for name, into := range map[string]*float64{"heures": &lot.Clause.Hours, "etp": &lot.FTE, "montant": &lot.Amount} {
		if !c.readNumber(prefix+name, into) {
			errs[prefix+name] = c.T("publish.error_number")
		}
	}
	if lot.Clause.Hours > 0 && lot.Clause.Verdict == "" {
		lot.Clause.Verdict, lot.Clause.Confidence = opportunities.ClauseExecution, 1
	}
	var posts float64
	if !c.readNumber(prefix+"postes", &posts) || posts != float64(int(posts)) {
		errs[prefix+"postes"] = c.T("publish.error_number")
	}
	lot.Posts, lot.StartsOn = int(posts), c.form(prefix+"debut")
	return lot
}

func (c *call) lotCodes(prefix string) []nomenclatures.Code {
	var codes []nomenclatures.Code
	if sector, err := nomenclatures.ParseSector(c.form(prefix + "secteur")); err == nil {
		codes = append(codes, nomenclatures.Code{Scheme: nomenclatures.SchemeSector, Value: string(sector)})
	}
	if code, err := nomenclatures.ParseCode(c.form(prefix + "precision_code")); err == nil {
		return append(codes, code)
	}
	if code, ok := bestCode(c.form(prefix + "precision")); ok {
		codes = append(codes, code)
	}
	return codes
}

func lotPrefix(n int) string { return "lot" + strconv.Itoa(n) + "_" }

// publishPage shows the form as it was filled.
func (c *call) publishPage(d draftForm, errs map[string]string) *PublishPage {
	title := c.T("publish.title")
	p := &PublishPage{Page: c.page(title, Crumb{c.T("opps.title"), "/marches"}, Crumb{Text: title}), Heading: c.T("publish.heading"), Lead: c.T("publish.lead"),
		Action: "/marches/nouveau", CanAdd: len(d.lots) < mostLots, CanDraft: true, Submit: c.T("publish.submit"), Preview: c.zonePreview(c.form("lieu"), c.T("zone.place"))}
	p.Kinds = Field{ID: "nature", Name: "nature", Kind: "radio", Label: c.T("publish.kind"), Error: errs["nature"]}
	for i, kind := range c.kindsOffered() {
		p.Kinds.Options = append(p.Kinds.Options, Option{Value: string(kind), Text: c.T("kind." + string(kind)), Selected: c.form("nature") == string(kind) || c.form("nature") == "" && i == 0})
	}
	p.Main = []Field{
		{ID: "titre", Name: "titre", Label: c.T("publish.name"), Hint: c.T("publish.name_hint"), Value: c.form("titre"), Required: true, Error: errs["titre"]},
		{ID: "acheteur", Name: "acheteur", Label: c.T("publish.buyer"), Hint: c.T("publish.buyer_hint"), Value: c.form("acheteur"), Error: errs["acheteur"]},
		{ID: "lieu", Name: "lieu", Label: c.T("publish.place"), Hint: c.T("publish.place_hint"), Value: c.form("lieu"), Combo: "/suggestions/territoires", Error: errs["lieu"]},
		{ID: "echeance", Name: "echeance", Kind: "datetime-local", Label: c.T("publish.deadline"), Hint: c.T("publish.deadline_hint"), Value: c.form("echeance"), Short: true, Error: errs["echeance"]},
		{ID: "description", Name: "description", Kind: "area", Rows: 5, Label: c.T("publish.description"), Value: c.form("description")},
	}
	if !slices.Contains(c.kindsOffered(), opportunities.Tender) { // one offers in one's own name
		p.Main = slices.DeleteFunc(p.Main, func(f Field) bool { return f.Name == "acheteur" })
	}
	order := []string{"nature", "titre", "acheteur", "lieu", "echeance"}
	for i, n := range d.lots {
		lot := c.lotForm(n, errs)
		lot.Legend, lot.CanRemove = c.T("publish.lot", "N", i+1), len(d.lots) > 1
		if len(d.lots) == 1 {
			lot.Legend = c.T("publish.lot_only")
		}
		p.Lots = append(p.Lots, lot)
		for _, name := range []string{"secteur", "heures", "etp", "montant", "postes", "debut"} {
			order = append(order, lotPrefix(n)+name)
		}
	}
	p.Errors, p.Others = summary(errs, order...), c.otherForms()
	return p
}

// kindsOffered are those that the person may publish in this form, a member's search for partners first.
func (c *call) kindsOffered() []opportunities.Kind {
	kinds := slices.DeleteFunc(opportunities.KindsOf(c.who.Role), opportunities.Kind.HasPositions)
	if c.who.Role == accounts.Member {
		slices.Reverse(kinds)
	}
	return kinds
}

// lotForm asks what a lot is.
func (c *call) lotForm(n int, errs map[string]string) LotForm {
	id := lotPrefix(n)
	text := func(name, label string) Field {
		return Field{ID: id + name, Name: id + name, Label: c.T(label), Value: c.form(id + name), InputMode: "decimal", Error: errs[id+name]}
	}
	title := text("titre", "publish.lot_name")
	title.InputMode = ""
	pairs := []Field{text("heures", "publish.hours"), text("etp", "publish.fte"), text("montant", "publish.amount")}
	return LotForm{Index: n, Number: Field{Name: id + "numero", Value: c.form(id + "numero")}, Pairs: pairs,
		Fields: []Field{
			title,
			{ID: id + "secteur", Name: id + "secteur", Kind: "select", Label: c.T("publish.sector"), Required: true, Options: c.sectorOptions(c.form(id+"secteur"), c.T("publish.sector_choose")), Error: errs[id+"secteur"]},
			{ID: id + "precision", Name: id + "precision", Label: c.T("publish.code"), Hint: c.T("publish.code_hint"), Value: c.form(id + "precision"), Combo: "/suggestions/metiers", HiddenName: id + "precision_code", HiddenValue: c.form(id + "precision_code")},
			{ID: id + "mode", Name: id + "mode", Kind: "select", Label: c.T("publish.mode"), Required: true, Options: c.options("mode.", c.form(id+"mode"), c.T("publish.mode_any"), string(network.Provision), string(network.Staffing), string(network.Supply), string(network.Agency))},
			{ID: id + "reserve", Name: id + "reserve", Kind: "select", Label: c.T("publish.reserved"), Required: true, Options: c.options("reserved.", c.form(id+"reserve"), c.T("publish.reserved_none"), "siae", "ea_esat", "both", "ess", "prison")},
		},
	}
}

// shortLabel names a code without its number.
func shortLabel(code nomenclatures.Code) string {
	switch code.Scheme {
	case nomenclatures.SchemeROME:
		return nomenclatures.ROME(code.Value).Label()
	case nomenclatures.SchemeCPV:
		return nomenclatures.CPV(code.Value).Label()
	case nomenclatures.SchemeSector:
		return nomenclatures.Sector(code.Value).Label("fr")
	}
	return strings.ToUpper(code.Value)
}
