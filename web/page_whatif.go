package web

import (
	"html/template"
	"strconv"

	"maillage/accounts"
	"maillage/matching"
	"maillage/matching/engine"
	"maillage/network"
)

// WhatIfPage says what an enterprise nearly found, and what each change would have brought it.
type WhatIfPage struct {
	Page
	Heading, Lead string
	Specify       Empty // its trade is not known: nothing can be supposed
	Misses        []MissedView
	MissesSaid    string
	NoMiss        string
	Changes       []ChangeView
	Apart         []ChangeView // trades that are no neighbours of its own
	NoChange      Empty
	Pair          *ChangeView
	PairSaid      string
	Mine          bool
	Assumptions   []string
}

// MissedView is one criterion that kept lots away, alone.
type MissedView struct {
	Name, Said string
	Count      string
	Lots       LotsView
}

// ChangeView is one change with the lots it would have brought.
type ChangeView struct {
	ID, Words string
	More      string
	Beyond    string // beyond the step before
	Known     string // amounts and hours, of the lots that say them
	Do        *Link
	Lots      LotsView
}

// LotsView is a list of lots that is opened on demand.
type LotsView struct {
	Summary string
	Rows    []OppRow
	Rest    string
}

// whatIfListed is how many lots a line lists.
const whatIfListed = 30

func (s *Server) ownWhatIf(c *call) error {
	o, err := c.own()
	if err != nil {
		return err
	}
	title := c.T("whatif.title")
	return c.showWhatIf(o, Crumb{c.T("enterprise.title"), "/entreprise"}, Crumb{Text: title})
}

func (s *Server) whatIfOf(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	o, err := s.cfg.Network.Get(c.r.Context(), network.ID(id))
	if err == nil {
		err = accounts.Allow(c.who.Identity, accounts.MatchesOfOrganisation, o.Scope(c.s.cfg.Atlas))
	}
	if err != nil {
		return err
	}
	return c.showWhatIf(o, Crumb{c.T("members.title"), "/membres"}, Crumb{o.Called(), memberPath(o.ID)}, Crumb{Text: c.T("whatif.title")})
}

func whatIfPath(id network.ID) string { return memberPath(id) + "/et-si" }

func (c *call) showWhatIf(o *network.Organisation, crumbs ...Crumb) error {
	w, err := c.s.cfg.Matching.WhatIf(c.r.Context(), o.ID, matching.WhatIfQuery{Lots: whatIfListed})
	if err != nil {
		return err
	}
	mine := c.who.Role == accounts.Member && c.who.OrganisationID == int64(o.ID)
	page := &WhatIfPage{Page: c.page(c.T("whatif.title"), crumbs...), Mine: mine, Heading: c.T("whatif.heading"), Lead: c.whatIfLead("whatif.lead", w.Matched),
		NoMiss: c.T("whatif.no_miss"), NoChange: Empty{Title: c.T("whatif.no_change"), Text: c.T("whatif.no_change_text")}}
	if !mine {
		page.Heading, page.Lead = c.T("whatif.heading_of", "Name", o.Called()), c.whatIfLead("whatif.lead_of", w.Matched)
	}
	if w.ToSpecify {
		page.Specify = Empty{Title: c.T("whatif.specify"), Text: c.T("whatif.specify_text")}
		if mine {
			page.Specify.Actions = []Link{{c.T("home.confirm_do"), "/entreprise"}}
		}
	}
	c.fillMisses(page, w)
	c.fillChanges(page, w)
	for _, key := range []string{"period", "exact", "alone", "zone", "sector", "certificate", "capacity", "expected"} {
		page.Assumptions = append(page.Assumptions, c.T("whatif.assume_"+key))
	}
	return c.show("whatif", page)
}

func (c *call) whatIfLead(key string, matched int) string {
	if matched == 0 {
		return c.T(key + "_none")
	}
	return c.N(key, matched)
}

func (c *call) fillMisses(page *WhatIfPage, w *matching.WhatIf) {
	all := 0
	for _, m := range w.Misses {
		all += m.Total
		name := c.T("criterion." + string(m.Criterion))
		page.Misses = append(page.Misses, MissedView{Name: name, Said: c.T("whatif.missed_" + string(m.Criterion)), Count: c.Num(m.Total),
			Lots: c.lotsView(m.Lots, m.Total, name)})
	}
	page.MissesSaid = c.N("whatif.misses_said", all)
}

func (c *call) fillChanges(page *WhatIfPage, w *matching.WhatIf) {
	for i := range w.Changes {
		if b := &w.Changes[i]; tells(w.Changes, b) {
			list := &page.Changes
			if b.Apart {
				list = &page.Apart
			}
			*list = append(*list, c.changeView("c"+strconv.Itoa(i+1), b, page.Mine))
		}
	}
	if w.Pair != nil {
		v := c.changeView("deux", w.Pair, page.Mine)
		page.Pair, page.PairSaid = &v, c.N("whatif.pair_said", w.Pair.Beyond)
	}
}

// tells leaves out a step that brings nothing more than the one before it.
func tells(all []matching.Brought, b *matching.Brought) bool {
	s := b.Suppositions[0]
	switch s.Kind {
	case engine.SupposeKm:
		return b.Beyond > 0
	case engine.SupposeCapacity:
		for i := range all {
			if o := all[i].Suppositions[0]; o.Kind == s.Kind && o.Factor < s.Factor && all[i].Raised == b.Raised {
				return false
			}
		}
	}
	return b.Total+b.Raised > 0
}

func (c *call) changeView(id string, b *matching.Brought, mine bool) ChangeView {
	v := ChangeView{ID: id, Words: b.Words.In(string(c.Lang)), More: c.N("whatif.more", b.Total), Known: c.knownOf(b), Lots: c.lotsView(b.Lots, b.Total+b.Raised, b.Words.In(string(c.Lang)))}
	s := b.Suppositions[0]
	switch {
	case s.Kind == engine.SupposeCapacity:
		v.More = c.N("whatif.raised", b.Raised)
	case s.Kind == engine.SupposeKm && len(b.Suppositions) == 1 && b.Beyond != b.Total:
		v.Beyond = c.N("whatif.beyond", b.Beyond)
	}
	if mine {
		v.Do = c.changeGesture(s.Kind)
	}
	return v
}

// changeGesture leads to the form where the change is made.
func (c *call) changeGesture(kind engine.SuppositionKind) *Link {
	switch {
	case kind.OfZone():
		return &Link{c.T("whatif.do_zone"), "/entreprise"}
	case kind == engine.SupposeSector:
		return &Link{c.T("whatif.do_sector"), "/entreprise/activites/nouvelle"}
	case kind == engine.SupposeCapacity:
		return &Link{c.T("whatif.do_capacity"), "/entreprise"}
	}
	return nil // a certificate is earned, then written down by the network
}

// knownOf sums what the lots say of money and hours.
func (c *call) knownOf(b *matching.Brought) string {
	text := ""
	if b.AmountOf > 0 {
		text = c.N("whatif.amount", b.AmountOf, "Amount", c.Money(b.Amount, "EUR"))
	}
	if b.HoursOf > 0 {
		text = joined(" · ", text, c.N("whatif.hours", b.HoursOf, "Hours", c.Decimal(b.Hours, 0)))
	}
	return text
}

func (c *call) lotsView(lots []matching.LotHead, total int, name string) LotsView {
	v := LotsView{Summary: c.N("whatif.see", total, "Name", name)}
	for _, lot := range lots {
		row := OppRow{Title: lotTitle(lot), Href: lotPath(lot), Over: lotOver(lot), Days: Days{NoDate: true}}
		if lot.Deadline != nil {
			row.Days = c.lotDays(lot)
		}
		v.Rows = append(v.Rows, row)
	}
	if more := total - len(lots); more > 0 {
		v.Rest = c.N("whatif.rest", more)
	}
	return v
}

// WhatIfRow is what a wider zone would bring.
type WhatIfRow struct{ Zone, More, Lots string }

// homeWhatIf puts in the first page what a wider zone would have brought, and the best of the other
// changes that stay near its trades; nothing when no step of the zone brings a lot.
func (c *call) homeWhatIf(page *MemberHome, id network.ID) error {
	w, err := c.s.cfg.Matching.WhatIf(c.r.Context(), id, matching.WhatIfQuery{})
	if err != nil {
		return err
	}
	rows, said, steps := []WhatIfRow{{Zone: c.T("home.zone_now"), More: "–", Lots: c.Num(w.Matched)}}, template.HTML(""), map[float64]int{}
	for i := range w.Changes {
		s := w.Changes[i].Suppositions[0]
		if s.Kind == engine.SupposeKm {
			steps[s.Km] = w.Changes[i].Total
			continue
		}
		if len(page.WhatIfBest) < bestChanges && w.Changes[i].Total > 0 && !w.Changes[i].Apart {
			page.WhatIfBest = append(page.WhatIfBest, Link{joined(" : ", w.Changes[i].Words.In(string(c.Lang)), c.N("whatif.more", w.Changes[i].Total)), "/entreprise/et-si#c" + strconv.Itoa(i+1)})
		}
	}
	for _, km := range []float64{5, 10, 20, 50} {
		more := steps[km]
		rows = append(rows, WhatIfRow{Zone: c.T("home.zone_wider", "Km", c.Num(int(km))), More: "+" + c.Num(more), Lots: c.Num(w.Matched + more)})
		if more > 0 && said == "" {
			said = c.NH("home.what_if_said", more, "Km", c.Num(int(km)))
		}
	}
	if said != "" {
		page.WhatIf, page.WhatIfSaid = rows, said
	}
	return nil
}

// bestChanges is how many changes besides the zone the first page names.
const bestChanges = 3
