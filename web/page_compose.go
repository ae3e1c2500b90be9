package web

import (
	"crypto/rand"
	"slices"
	"strconv"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/matching"
	"maillage/matching/engine"
	"maillage/matching/engine/consortium"
	"maillage/network"
	"maillage/opportunities"
)

// ComposePage shows who could answer a lot together, and lets an officer change the group and keep it.
type ComposePage struct {
	Page
	Heading, Lead, Said, Proof string
	Warnings                   []string
	Members                    []PartnerRow
	Bars                       []Criterion
	Holes                      []LackRow
	Others                     []OtherRow
	Empty                      Empty
	Map                        Map

	Action  string // address of the lot's composition
	Trades  []Field
	Choices []Field // free, in, out: one a candidate
	Most    Field
	Keep    *KeepForm
}

// PartnerRow is a member of a proposed or kept group.
type PartnerRow struct {
	ID, Name, Over, Href, Share string
	Tasks                       []string
	Checks                      []string
	Lead                        bool
}

// LackRow is a trade that is not wholly covered, and where.
type LackRow struct{ Trade, Text, Where string }

// OtherRow is an alternative.
type OtherRow struct{ Names, Coverage, Km, Href, Why string }

// KeepForm keeps a group as a draft.
type KeepForm struct {
	Action, Key, Revision  string
	Name, Lead, Form, Paid Field
	Exclusive              Field
	Parts                  []PartForm
	Errors                 []FieldError
}

// PartForm is what one member does.
type PartForm struct {
	ID           string
	Heading      string
	Share, Tasks Field
}

// lotOf reads a lot and asks the policy where it is done.
func (c *call) lotOf(action accounts.Action) (*opportunities.Opportunity, *opportunities.Lot, error) {
	id, err := c.id("id")
	if err != nil {
		return nil, nil, err
	}
	lot, err := c.s.cfg.Opportunities.Lot(c.r.Context(), opportunities.LotID(id))
	if err != nil {
		return nil, nil, err
	}
	o, err := c.s.cfg.Opportunities.Get(c.r.Context(), lot.OpportunityID)
	if err != nil {
		return nil, nil, err
	}
	if !o.Public() && !accounts.Can(c.who.Identity, accounts.OpportunityDraft, c.scopeOfOpportunity(o)) {
		return nil, nil, fault.NotFound("lot", id)
	}
	in := lot.In(o)
	return o, &in, accounts.Allow(c.who.Identity, action, c.scopeOfOpportunity(o))
}

func composePath(id opportunities.LotID) string {
	return "/lots/" + strconv.FormatInt(int64(id), 10) + "/groupement"
}

func (s *Server) compose(c *call) error {
	o, lot, err := c.lotOf(accounts.ConsortiumCompose)
	if err != nil {
		return err
	}
	page, err := c.composePage(o, lot)
	if err != nil {
		return err
	}
	return c.show("compose", page)
}

// composeQuery reads what the officer asks: "m12=in" has member 12 in the group.
func (c *call) composeQuery() matching.ComposeQuery {
	q := matching.ComposeQuery{Most: int(c.number("plus"))}
	for name, values := range c.r.URL.Query() {
		id, err := strconv.ParseInt(name[min(1, len(name)):], 10, 64)
		if err != nil || id <= 0 || name[0] != 'm' {
			continue
		}
		switch values[0] {
		case "in":
			q.Include = append(q.Include, network.ID(id))
		case "out":
			q.Exclude = append(q.Exclude, network.ID(id))
		}
	}
	slices.Sort(q.Include)
	slices.Sort(q.Exclude)
	for i := range 50 {
		text := c.query("p" + strconv.Itoa(i))
		if text == "" {
			break
		}
		w, err := strconv.Atoi(text)
		if err != nil {
			w = -1 // refused, with what is expected
		}
		q.Weights = append(q.Weights, w)
	}
	return q
}

func (c *call) composePage(o *opportunities.Opportunity, lot *opportunities.Lot) (*ComposePage, error) {
	q := c.composeQuery()
	found, err := c.s.cfg.Matching.Compose(c.r.Context(), lot.ID, q)
	if err != nil {
		return nil, err
	}
	title := c.T("group.compose")
	back := opportunityPath(o.ID) + "?" + query("lot", strconv.FormatInt(int64(lot.ID), 10))
	page := &ComposePage{
		Page:    c.page(title, Crumb{c.T("opps.title"), "/marches"}, Crumb{clip(o.Title, 60), back}, Crumb{Text: title}),
		Heading: title, Lead: joined(". ", c.lotName(liveLots(o), lot), o.BuyerName), Action: composePath(lot.ID),
	}
	c.fillGroup(page, found)
	if err := c.fillChoices(page, found, q); err != nil {
		return nil, err
	}
	if len(page.Members) > 1 && accounts.Can(c.who.Identity, accounts.ConsortiumEdit, c.scopeOfOpportunity(o)) {
		page.Keep = c.keepForm(c.proposed(found, lot), found.Heads, nil)
		page.Keep.Action = page.Action
	}
	return page, nil
}

// fillGroup tells the group: how good it is, who does what, what is left.
func (c *call) fillGroup(page *ComposePage, found *matching.Composition) {
	r := found.Result
	best := r.Best
	page.Said = c.groupSaid(r)
	page.Proof = c.groupProof(r)
	page.Warnings = c.groupWarnings(found)
	page.Empty = Empty{Title: c.T("group.nobody"), Text: c.T("group.nobody_text")}
	for _, m := range best.Members {
		page.Members = append(page.Members, c.partnerRow(m, found))
	}
	for i, t := range found.Needs.Trades {
		if t.Weight > 0 {
			page.Bars = append(page.Bars, c.tradeBar(c.tradeWords(t), i, best))
		}
	}
	for _, s := range best.Shown {
		page.Bars = append(page.Bars, c.shownBar(found, s))
	}
	for _, h := range best.Holes {
		page.Holes = append(page.Holes, c.lackRow(found, h))
	}
	for _, p := range r.Alternatives {
		page.Others = append(page.Others, c.otherRow(page.Action, found, best, p))
	}
	page.Map = c.groupMap(found)
}

func (c *call) groupSaid(r consortium.Result) string {
	n := len(r.Best.Members)
	switch {
	case n == 0:
		return c.T("group.none")
	case n == 1 && r.Complete:
		return c.T("group.one")
	case r.Complete:
		return c.N("group.all", n)
	}
	said := c.N("group.part", n, "Coverage", c.Percent(r.Best.Coverage))
	if r.Full {
		return said + " " + c.T("group.part_full")
	}
	return said + " " + c.T("group.part_reach", "Reach", c.Percent(r.Reachable))
}

// groupProof says how far the answer may be from the best there is.
func (c *call) groupProof(r consortium.Result) string {
	looked := c.N("group.looked", r.Candidates)
	switch {
	case len(r.Best.Members) == 0:
		return looked
	case r.Gap.Proven() && len(r.Best.Members) == 1: // no smaller group is to be thought of
		return looked
	case r.Gap.Proven():
		return looked + " " + c.T("group.proven")
	case r.Gap.Members == 0 && r.Gap.Coverage == 0:
		return looked + " " + c.T("group.proven_size")
	case r.Gap.Coverage > 0:
		return looked + " " + c.T("group.gap_coverage", "Gap", c.Percent(r.Gap.Coverage))
	}
	return looked + " " + c.N("group.gap_members", r.Gap.Members)
}

func (c *call) groupWarnings(found *matching.Composition) (out []string) {
	if found.ToSpecify {
		out = append(out, c.T("group.to_specify"))
	}
	if len(found.Needs.Places) == 0 {
		out = append(out, c.T("group.no_place"))
	}
	for _, id := range found.Result.Unfit {
		out = append(out, c.T("group.unfit", "Name", found.Heads[network.ID(id)].Name))
	}
	if found.Reserved != engine.Unreserved {
		out = append(out, c.T("group.reserved"))
	}
	if pairs := c.oneInterest(found); pairs != "" {
		out = append(out, c.T("group.one_interest", "Names", pairs))
	}
	return out
}

// oneInterest names the members that are of one legal unit or economic group.
func (c *call) oneInterest(found *matching.Composition) string {
	var names []string
	members := found.Result.Best.Members
	for i, a := range members {
		for j, b := range members {
			same := a.SIREN != "" && a.SIREN == b.SIREN || slices.ContainsFunc(a.Groups, func(g int64) bool { return slices.Contains(b.Groups, g) })
			if i != j && same {
				names = append(names, found.Heads[network.ID(a.ID)].Name)
				break
			}
		}
	}
	return c.list(names)
}

func (c *call) tradeWords(t consortium.Trade) string {
	if len(t.Codes) == 0 {
		return c.T("group.any_trade")
	}
	return c.codeWords(t.Codes[0])
}

func (c *call) partnerRow(m consortium.Part, found *matching.Composition) PartnerRow {
	head := found.Heads[network.ID(m.ID)]
	km := ""
	if m.HasKm {
		km = c.Km(m.Km)
	}
	row := PartnerRow{ID: strconv.FormatInt(int64(m.ID), 10), Name: head.Name, Href: memberPath(network.ID(m.ID)), Over: c.headWords(head, km), Share: c.Percent(m.Share), Tasks: c.taskWords(m, found)}
	if m.Unsized && found.Needs.Lot != 0 {
		row.Checks = append(row.Checks, c.T("group.check_capacity"))
	}
	if m.Assumed {
		row.Checks = append(row.Checks, c.T("group.check_assumed"))
	}
	if found.Reserved != engine.Unreserved && m.Reserved.State == engine.Unknown {
		row.Checks = append(row.Checks, c.T("group.check_status"))
	}
	for _, s := range found.Result.Best.Shown {
		if s.Have < s.Need && slices.Contains(s.Check, m.ID) {
			row.Checks = append(row.Checks, c.T("group.check_shown", "What", c.requirementWords(found.Needs.Requires[s.Requirement])))
		}
	}
	return row
}

// taskWords tell what a member does: a trade, where, and how much of it.
func (c *call) taskWords(m consortium.Part, found *matching.Composition) (out []string) {
	for _, t := range m.Trades {
		trade := c.tradeWords(found.Needs.Trades[t.Trade])
		switch {
		case len(found.Needs.Places) == 0:
			out = append(out, c.T("group.task_anywhere", "Trade", trade, "Share", c.Percent(t.Share)))
		case len(t.Places) <= 3:
			out = append(out, c.T("group.task_named", "Trade", trade, "Places", c.communes(t.Places, 3), "Share", c.Percent(t.Share)))
		default:
			out = append(out, c.N("group.task", len(t.Places), "Trade", trade, "People", c.Num(int(t.People)), "Share", c.Percent(t.Share)))
		}
	}
	for _, r := range m.Shows {
		out = append(out, c.T("group.brings", "What", c.requirementWords(found.Needs.Requires[r])))
	}
	if len(out) == 0 {
		out = append(out, c.T("group.task_none"))
	}
	return out
}

// communes names the first communes of a list.
func (c *call) communes(ords []uint32, most int) string {
	var names []string
	for _, ord := range ords[:min(most, len(ords))] {
		names = append(names, c.s.cfg.Atlas.Commune(int(ord)).Name)
	}
	if more := len(ords) - len(names); more > 0 {
		names = append(names, c.N("group.other_communes", more))
	}
	return c.list(names)
}

func (c *call) requirementWords(r consortium.Requirement) string {
	if r.Kind == consortium.Certified {
		return c.T("group.requirement.certification", "Code", r.Code)
	}
	return c.T("group.requirement." + string(r.Kind))
}

func (c *call) tradeBar(name string, trade int, p consortium.Proposal) Criterion {
	left := 0.0
	for _, h := range p.Holes {
		if h.Trade == trade {
			left = h.Share
		}
	}
	bar := Criterion{Name: name, State: Partial, Share: 1 - left, Word: c.T("group.bar_part", "Share", c.Percent(1-left))}
	switch {
	case left <= 0:
		bar.State, bar.Word = Met, c.T("group.bar_all")
	case left >= 1:
		bar.State, bar.Word = Missed, c.T("group.bar_none")
	}
	return bar
}

func (c *call) shownBar(found *matching.Composition, s consortium.Shown) Criterion {
	bar := Criterion{Name: c.requirementWords(found.Needs.Requires[s.Requirement]), State: Missed, Word: c.T("group.shown_none")}
	if s.Need > 0 {
		bar.Share = float64(s.Have) / float64(s.Need)
	}
	switch {
	case s.Have >= s.Need:
		bar.State, bar.Word = Met, c.T("group.shown_met")
	case len(s.Check) > 0:
		bar.State, bar.Word = Unknown, c.T("group.shown_check")
	case s.Have > 0:
		bar.State, bar.Word = Partial, c.T("group.shown_part")
	}
	return bar
}

func (c *call) lackRow(found *matching.Composition, h consortium.Hole) LackRow {
	row := LackRow{Trade: c.tradeWords(found.Needs.Trades[h.Trade])}
	if len(h.Places) > 0 && len(found.Needs.Places) > 0 {
		row.Text = c.N("group.hole", len(h.Places), "People", c.Num(int(h.People)), "Share", c.Percent(h.Share-h.Short))
		row.Where = c.communes(h.Places, 8)
		row.Where = joined(". ", row.Where, c.nobodyWords(found, h))
	}
	if h.Short > 0 {
		row.Text = joined(" ", row.Text, c.T("group.hole_short", "Share", c.Percent(h.Short)))
	}
	if row.Text == "" {
		row.Text = c.T("group.bar_none")
	}
	return row
}

// nobodyWords say where no enterprise of the network does a trade.
func (c *call) nobodyWords(found *matching.Composition, h consortium.Hole) string {
	for _, n := range found.Result.Nobody {
		switch {
		case n.Trade != h.Trade:
		case len(n.Places) == len(h.Places):
			return c.T("group.hole_all")
		default:
			return c.N("group.hole_nobody", len(n.Places))
		}
	}
	return ""
}

func (c *call) otherRow(here string, found *matching.Composition, best, p consortium.Proposal) OtherRow {
	row := OtherRow{Coverage: c.Percent(p.Coverage), Km: c.Km(p.Km)}
	address := here + "?" + query("plus", strconv.Itoa(len(p.Members)))
	var names []string
	for _, m := range p.Members {
		names = append(names, found.Heads[network.ID(m.ID)].Name)
		address += "&" + query("m"+strconv.FormatInt(int64(m.ID), 10), "in")
	}
	row.Names, row.Href = c.list(names), address
	if row.Why = c.N("group.why_fewer", len(p.Members)); len(p.Members) >= len(best.Members) {
		row.Why = c.T("group.why_nearer")
	}
	return row
}

// groupMap shows the place and where the members are, numbered as the list.
func (c *call) groupMap(found *matching.Composition) Map {
	lot, err := c.s.cfg.Opportunities.Lot(c.r.Context(), found.Lot.ID)
	if err != nil || lot.Place.Scope != opportunities.InCommunes {
		return Map{}
	}
	var points []MapPoint
	for i, m := range found.Result.Best.Members {
		if point, ok := c.headPoint(found.Heads[network.ID(m.ID)], strconv.Itoa(i+1), false); ok {
			points = append(points, point)
		}
	}
	return c.crossing("carte", c.s.compile(lot.Place.Perimeter), nil, "", points)
}

// fillChoices offers to have each likely member in the group, or out of it.
func (c *call) fillChoices(page *ComposePage, found *matching.Composition, q matching.ComposeQuery) error {
	ids := slices.Concat(q.Include, q.Exclude)
	heads := found.Heads
	for _, p := range append([]consortium.Proposal{found.Result.Best}, found.Result.Alternatives...) {
		for _, m := range p.Members {
			ids = append(ids, network.ID(m.ID))
		}
	}
	ranked, err := c.s.cfg.Matching.MatchesOfLot(c.r.Context(), found.Lot.ID, matching.Query{Limit: 12})
	if err != nil {
		return err
	}
	for _, item := range ranked.Matches {
		ids, heads[item.Organisation.ID] = append(ids, item.Organisation.ID), item.Organisation
	}
	seen := map[network.ID]bool{}
	for _, id := range ids {
		if seen[id] || heads[id].Name == "" {
			continue
		}
		seen[id] = true
		page.Choices = append(page.Choices, c.choice(id, heads[id], q))
	}
	for i, t := range found.Needs.Trades {
		page.Trades = append(page.Trades, c.weightField(i, t))
	}
	page.Most = Field{ID: "plus", Name: "plus", Label: c.T("group.most"), Hint: c.T("group.most_hint"), Kind: "number", Min: "1", Max: "12", Short: true, Required: true, Value: "6"}
	if q.Most > 0 {
		page.Most.Value = strconv.Itoa(q.Most)
	}
	return nil
}

func (c *call) choice(id network.ID, head matching.OrganisationHead, q matching.ComposeQuery) Field {
	name := "m" + strconv.FormatInt(int64(id), 10)
	return Field{ID: name, Name: name, Label: head.Name, Hint: c.headWords(head, ""), Kind: "select", Required: true, Options: []Option{
		{Value: "", Text: c.T("group.free")},
		{Value: "in", Text: c.T("group.in"), Selected: slices.Contains(q.Include, id)},
		{Value: "out", Text: c.T("group.out"), Selected: slices.Contains(q.Exclude, id)},
	}}
}

func (c *call) weightField(i int, t consortium.Trade) Field {
	name := "p" + strconv.Itoa(i)
	f := Field{ID: name, Name: name, Label: c.tradeWords(t), Kind: "select", Required: true}
	for _, w := range []int{0, 1, 2, 3} {
		f.Options = append(f.Options, Option{Value: strconv.Itoa(w), Text: c.T("group.weight." + strconv.Itoa(w)), Selected: w == t.Weight})
	}
	return f
}

// proposed is the best group as it would be kept.
func (c *call) proposed(found *matching.Composition, lot *opportunities.Lot) *matching.Consortium {
	g := &matching.Consortium{LotID: lot.ID, Key: rand.Text(), Form: matching.JointBacked, Name: c.T("group.usual_name", "Lot", clip(lot.Title, 80))}
	for _, m := range found.Result.Best.Members {
		tasks := ""
		for _, t := range c.taskWords(m, found) {
			tasks = joined("\n", tasks, t)
		}
		g.Members = append(g.Members, matching.Partner{OrganisationID: network.ID(m.ID), Share: m.Share, Tasks: tasks})
	}
	if len(g.Members) > 0 {
		g.LeadID = g.Members[0].OrganisationID
	}
	return g
}
