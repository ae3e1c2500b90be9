package tenders

import (
	"cmp"
	"slices"
	"strings"

	"maillage/opportunities"
)

// part is what was won at once: a lot, a contract of the essential data that
// names no lot, or the whole where the award names no lot either.
type part struct {
	number  string // of the lot as an opportunity numbers it, "contract:…", "" for the whole
	lot     *opportunities.Lot
	sole    bool // the procurement has no other
	title   string
	holders []Winner
	award   *Notice // the first that named them, which dates them
	said    []*Notice
	facts   *AwardFacts
	amount  float64
	gone    string // why nobody holds it any more

	clause   opportunities.Clause
	asked    terms
	says     bool   // the clause holds
	ever     bool   // a notice says, or said, that it does: there is something to tell
	denied   string // why it holds no more
	reserved opportunities.Reservation
}

// afterAward tells, from all the notices of a procurement, each part that was
// won, with what its clause asks. Like replay it depends on the set of notices
// only. The rules are stated in docs/after-award.md.
func afterAward(rows []noticeRow) []*part {
	all, story := inOrder(rows), replay(rows)
	a := gather(all, opportunityOf(story.notice))
	for _, p := range a.parts {
		p.sole = len(a.offer.Lots) < 2
		p.judge(all, &a.offer)
	}
	slices.SortFunc(a.parts, func(p, q *part) int { return strings.Compare(p.number, q.number) })
	return a.parts
}

// gather tells who holds what after some notices, in their order.
func gather(all []*Notice, offer opportunities.Opportunity) *awards {
	a := &awards{offer: offer, order: map[*Notice]int{}}
	for i, n := range all {
		a.order[n] = i
	}
	for _, n := range all {
		if n.Source != DECP {
			a.hear(n)
		}
	}
	for _, n := range all { // contracts come last: they say which lot they are of by who holds it
		if n.Source == DECP || n.Nature == Cancellation {
			a.hear(n)
		}
	}
	return a
}

// awards gathers who holds what.
type awards struct {
	offer opportunities.Opportunity
	parts []*part
	order map[*Notice]int // of their publication
}

// hear takes one notice, in the order of their publication.
func (a *awards) hear(n *Notice) {
	if n.Nature == Cancellation {
		a.cancel(n)
		return
	}
	if n.Form.Family != Award || len(n.Winners) == 0 {
		return
	}
	byLot := map[string][]Winner{}
	var order []string
	for _, w := range n.Winners {
		number := a.numberOf(n, w)
		if _, met := byLot[number]; !met {
			order = append(order, number)
		}
		byLot[number] = append(byLot[number], w)
	}
	a.drop(n, byLot)
	for _, number := range order {
		a.take(number, byLot[number], n, len(order) == 1)
	}
}

// cancel ends what an award gave: the parts of the awards that the cancellation
// names, else those of the lots that it names, else all those published before it.
func (a *awards) cancel(n *Notice) {
	why := whyEnded(n)
	of := func(p *part) bool {
		return slices.ContainsFunc(p.said, func(award *Notice) bool { return changes(n, award) })
	}
	one, lots := slices.ContainsFunc(a.parts, of), lotsEnded(n)
	for _, p := range a.parts {
		switch {
		case a.order[p.award] > a.order[n], one && !of(p):
		case len(lots) > 0 && (p.lot != nil || !p.whole()) && !slices.ContainsFunc(lots, p.isLot):
		default:
			p.gone = why
		}
	}
}

// whole tells a part that is not of a lot.
func (p *part) whole() bool { return p.number == "" || p.apart() }

// lotsEnded are the numbers of the lots that a cancellation names: in its words,
// else by the lots of those whose award it repeats. None: all of them.
func lotsEnded(n *Notice) []string {
	if named := lotsNamed(n.Title + ". " + n.Texts["change"]); len(named) > 0 {
		return named
	}
	var lots []string
	for _, w := range n.Winners {
		if w.Lot == "" {
			return nil
		}
		lots = append(lots, lotNumber(w.Lot))
	}
	return lots
}

// changes tells that a notice names another, under any of its names, as the one
// it changes.
func changes(n, other *Notice) bool {
	own := []name{ownName(other)}
	for _, r := range other.Related {
		if r.Relation == SameAs {
			own = append(own, noticeName(r.Scheme, r.ID))
		}
	}
	return slices.ContainsFunc(n.Related, func(r Reference) bool {
		return r.Relation == Changes && slices.Contains(own, noticeName(r.Scheme, r.ID))
	})
}

// lotsNamed lists the numbers of the lots that the first sentence to name some names.
func lotsNamed(text string) []string {
	if m := wordsOfTerms().lots.FindStringSubmatch(foldText(text)); m != nil {
		return lotList(m[1])
	}
	return nil
}

func (p *part) isLot(number string) bool {
	return strings.TrimLeft(lastDigits(number), "0") == strings.TrimLeft(lastDigits(p.number), "0")
}

// numberOf finds the lot that a holder won among those of the procurement. A
// contract of the essential data names no lot: it is that of its title, else
// that which its holder won, the likest by its title where it won several.
func (a *awards) numberOf(n *Notice, w Winner) string {
	lots := a.offer.Lots
	switch {
	case len(lots) == 1 && (n.Source == DECP || w.Lot == "" || !strings.ContainsAny(w.Lot, "0123456789")):
		return lots[0].Number
	case w.Lot != "":
		return a.known(lotNumber(w.Lot))
	case n.Source != DECP:
		return ""
	}
	if named := lotsNamed(n.Title); len(named) == 1 {
		if number := a.known(named[0]); a.lot(number) != nil {
			return number
		}
	}
	number, best := "contract:"+n.ID, -1.0
	for _, p := range a.parts {
		won := p.gone == "" && !p.apart() && slices.ContainsFunc(p.holders, func(h Winner) bool { return sameHolder(h, w) })
		if like := likeness(n.Title, p.title); won && like > best {
			number, best = p.number, like
		}
	}
	return number
}

// apart tells a contract that could not be told from the lots.
func (p *part) apart() bool { return strings.HasPrefix(p.number, "contract:") }

// known gives the number under which the procurement has a lot: the same digits
// are the same lot.
func (a *awards) known(number string) string {
	if a.lot(number) != nil {
		return number
	}
	digits := strings.TrimLeft(lastDigits(number), "0")
	for i := range a.offer.Lots {
		if have := a.offer.Lots[i].Number; digits != "" && strings.TrimLeft(lastDigits(have), "0") == digits {
			return have
		}
	}
	return number
}

func (a *awards) lot(number string) *opportunities.Lot {
	for i := range a.offer.Lots {
		if a.offer.Lots[i].Number == number {
			return &a.offer.Lots[i]
		}
	}
	return nil
}

// take gives holders to a part. A correction replaces those it names; another
// award of the same part, of another source or another contract, adds to them.
func (a *awards) take(number string, winners []Winner, n *Notice, alone bool) {
	p := a.part(number, n)
	if p.gone != "" && a.order[n] > a.order[p.award] {
		p.gone, p.holders, p.award, p.said, p.facts = "", nil, n, nil, nil // awarded again
	}
	if n.Nature == Correction {
		p.holders = nil
	}
	for _, w := range winners {
		p.hold(w, len(winners) == 1 && n.Source == DECP)
	}
	p.said = append(p.said, n)
	if n.Award != nil {
		p.facts = n.Award
	}
	if v := amountOf(n, number, alone); v > 0 {
		p.amount = v
	}
}

func (a *awards) part(number string, n *Notice) *part {
	at := slices.IndexFunc(a.parts, func(p *part) bool { return p.number == number })
	if at < 0 {
		a.parts = append(a.parts, &part{number: number, lot: a.lot(number), award: n, title: a.titleOf(number, n)})
		at = len(a.parts) - 1
	}
	return a.parts[at]
}

// drop ends the parts that a whole correction of their award no longer gives to
// anybody.
func (a *awards) drop(n *Notice, given map[string][]Winner) {
	if n.Nature != Correction || n.Source != EForms {
		return
	}
	for _, p := range a.parts {
		if given[p.number] == nil && p.gone == "" && slices.ContainsFunc(p.said, func(award *Notice) bool { return changes(n, award) }) {
			p.gone = "Le rectificatif de l’attribution ne nomme plus de titulaire"
		}
	}
}

// hold adds a holder, or completes the one it is: a name over a number alone, a
// SIRET over none. The one holder of a contract, given by its number only, is
// the one that the award of that lot named.
func (p *part) hold(w Winner, only bool) {
	for i := range p.holders {
		h := &p.holders[i]
		known := only && len(p.holders) == 1 && nameless(w) && h.SIRET == ""
		if !known && !sameHolder(*h, w) {
			continue
		}
		if nameless(*h) && !nameless(w) {
			h.Name = w.Name
		}
		h.SIRET = cmp.Or(h.SIRET, w.SIRET)
		return
	}
	if len(p.holders) < maxHolders {
		p.holders = append(p.holders, Winner{Name: w.Name, SIRET: w.SIRET})
	}
}

// maxHolders bounds the holders kept of one part.
const maxHolders = 100

func sameHolder(a, b Winner) bool {
	if len(a.SIRET) == 14 && len(b.SIRET) == 14 {
		return a.SIRET[:9] == b.SIRET[:9]
	}
	return samePerson(a.Name, b.Name)
}

// nameless tells a holder whose source gave a number only.
func nameless(w Winner) bool { return strings.HasPrefix(w.Name, "SIRET ") }

func amountOf(n *Notice, number string, alone bool) float64 {
	for i := range n.Lots {
		if lotNumber(n.Lots[i].ID) == number && n.Lots[i].Value != nil {
			return n.Lots[i].Value.Amount
		}
	}
	if alone && n.Value != nil && len(n.Lots) < 2 {
		return n.Value.Amount
	}
	return 0
}

func (a *awards) titleOf(number string, n *Notice) string {
	if l := a.lot(number); l != nil {
		return firstNonEmpty(l.Title, a.offer.Title)
	}
	for i := range n.Lots {
		if lotNumber(n.Lots[i].ID) == number {
			return firstNonEmpty(n.Lots[i].Title, n.Title)
		}
	}
	if strings.HasPrefix(number, "contract:") {
		return n.Title
	}
	return a.offer.Title
}

// judge tells whether the clause of a part holds, and what it asks.
func (p *part) judge(all []*Notice, offer *opportunities.Opportunity) {
	standing := p.standing(offer)
	p.says, p.reserved = standing.Verdict == opportunities.ClauseExecution, standing.ReservedTo
	asserted, denied, reserved := p.follow(all)
	closed := reserved || standing.Verdict == opportunities.ClauseReserved || standing.Verdict == opportunities.ClauseObject
	p.ever = (asserted >= 0 || p.says) && !closed
	switch {
	case closed:
		p.says, p.denied = false, "Réservé, ou dont l’insertion est l’objet : le titulaire fait lui-même ces heures"
	case denied >= 0 && denied >= asserted:
		p.says = false
	case !p.says:
		p.denied = "Le dernier avis ne porte plus de clause d’exécution"
	}
	p.conclude(standing)
}

// follow reads the clause in all the notices, in their order: the last that says
// it, the last that takes it back (-1: none), and whether an award says that the
// contract was reserved.
func (p *part) follow(all []*Notice) (asserted, denied int, reserved bool) {
	asserted, denied = -1, -1
	for i, n := range all {
		s := p.socialIn(n)
		if s != nil && p.asserted(n, *s) {
			p.listen(n, *s)
			asserted = i
			p.says = p.says || n.Form.Family == Award
		}
		if s != nil && n.Form.Family == Award && s.Verdict == Reserved {
			reserved, p.reserved = true, reservation(s.ReservedTo)
		}
		if quote := p.deniedBy(n); quote != "" {
			denied, p.denied = i, "La clause n’est plus demandée : « "+cut(quote, 200)+" »"
		}
	}
	return asserted, denied, reserved
}

// standing is what the procurement says of the clause of this part as it stands.
func (p *part) standing(offer *opportunities.Opportunity) opportunities.Clause {
	switch {
	case p.lot != nil:
		return p.lot.In(offer).Clause
	case p.apart():
		return opportunities.Clause{}
	}
	return offer.Clause
}

// conclude completes the clause from what the procurement says of it.
func (p *part) conclude(standing opportunities.Clause) {
	p.clause.Verdict = opportunities.ClauseExecution
	if p.says && p.sole && p.asked.hours == 0 {
		p.asked.hours = standing.Hours
	}
	p.clause.Hours = p.asked.hours
	if len(p.clause.Evidence) == 0 {
		p.clause.Evidence, p.clause.Confidence = standing.Evidence, standing.Confidence
	}
}

// deniedBy quotes the passage by which a correction or an award takes the clause
// of this part back; "" if none.
func (p *part) deniedBy(n *Notice) string {
	if n.Nature == Correction || n.Form.Family == Award && n.Nature != Cancellation {
		return denies(n, p.number)
	}
	return ""
}

// socialIn is what a notice says of the clause of this part; nil for nothing.
func (p *part) socialIn(n *Notice) *Social {
	if n.Source == DECP || p.apart() {
		if slices.Contains(p.said, n) {
			return &n.Social
		}
		return nil
	}
	if p.number == "" || !ownLots(n) {
		return &n.Social
	}
	for i := range n.Lots {
		if lotNumber(n.Lots[i].ID) == p.number || len(n.Lots) == 1 && p.lot != nil && p.lot.Title == n.Lots[i].Title {
			return &n.Lots[i].Social
		}
	}
	return nil
}

// asserted tells that a notice says a clause of execution of this part: by a
// passage or a field that is not of other lots.
func (p *part) asserted(n *Notice, s Social) bool {
	return asserts(n, s) && (len(p.evidenceIn(n, s)) > 0 || !slices.ContainsFunc(s.Evidence, ofExecution))
}

func ofExecution(e Evidence) bool { return e.Says == Execution }

// evidenceIn keeps what supports the clause of this part: not the passages whose
// sentence names other lots.
func (p *part) evidenceIn(n *Notice, s Social) []Evidence {
	return slices.DeleteFunc(slices.Clone(s.Evidence), func(e Evidence) bool {
		return !ofExecution(e) || e.Kind == Quote && p.lot != nil && !strings.HasPrefix(e.Field, "lots[") && ofOthers(n, e, p.number)
	})
}

// asserts tells a notice that says a clause of execution: by its verdict, or by
// the social consideration of the essential data, which no text goes with.
func asserts(n *Notice, s Social) bool {
	if n.Source != DECP || s.Verdict != ToConfirm {
		return s.Verdict == Execution
	}
	return slices.ContainsFunc(s.Evidence, func(e Evidence) bool { return e.Kind == Flag && e.Says == Execution })
}

// listen keeps what a notice asks, and why it is believed.
func (p *part) listen(n *Notice, s Social) {
	s.Evidence = p.evidenceIn(n, s)
	p.asked.merge(termsOf(n, s, p.number, p.sole))
	for i := range s.Evidence {
		s.Evidence[i] = s.Evidence[i].widened(n)
	}
	p.clause.Confidence = max(p.clause.Confidence, s.Confidence)
	for _, e := range evidenceOf(s) {
		if !slices.Contains(p.clause.Evidence, e) && len(p.clause.Evidence) < maxEvidence {
			p.clause.Evidence = append(p.clause.Evidence, e)
		}
	}
}
