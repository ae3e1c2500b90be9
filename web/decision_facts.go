package web

import (
	"strconv"

	"maillage/followup"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
)

// decisionFacts are what decides at a glance. What the call does not say is said to be so.
func (c *call) decisionFacts(o *opportunities.Opportunity, p *pursued) []Fact {
	lot := p.lot
	facts := []Fact{
		{Label: c.T("decision.amount"), Big: c.T("opp.value_none")},
		{Label: c.T("pursuit.duration"), Big: c.unsaidOr(p.sheet, followup.Duration)},
		{Label: c.T("decision.clause"), Big: c.T("clause.unsaid")},
		{Label: c.T("decision.lots"), Big: c.T("decision.lot_of", "N", shortNumber(lot.Number), "Of", c.Num(len(liveLots(o))))},
		{Label: c.T("opp.buyer"), Big: or(o.BuyerName, c.T("call.unnamed"))},
		{Label: c.T("opp.place"), Big: c.placeWords(lot.Place)},
		{Label: c.T("pursuit.turnover"), Big: c.unsaidOr(p.sheet, followup.Turnover)},
		{Label: c.T("pursuit.insurance"), Big: c.unsaidOr(p.sheet, followup.Insured)},
	}
	if p.item.Lot.Gone() {
		facts[3].Big = upperFirst(c.goneTag(p.item.Lot))
	}
	if lot.Amount > 0 {
		facts[0].Big = c.T("opp.excl", "Amount", c.Money(lot.Amount, o.Currency))
	}
	if n := p.sheet.Months; n > 0 {
		facts[1].Big = c.N("pursuit.months", n)
	}
	if tag, ok := c.clauseTag(lot.Clause); ok {
		facts[2].Big = tag.Text
	}
	if lot.Turnover > 0 {
		facts[6].Big = c.Money(lot.Turnover, o.Currency)
	}
	if lot.Insurance > 0 {
		facts[7].Big = c.Money(lot.Insurance, o.Currency)
	}
	return facts
}

// unsaidOr says that no figure is told: not at all, or only in the words quoted below.
func (c *call) unsaidOr(sheet *followup.Sheet, t followup.Topic) string {
	if sheet.Mentions[t] != "" {
		return c.T("pursuit.in_text")
	}
	return c.T("pursuit.unsaid")
}

// saidRows are the sentences of the call about what no field of it holds.
func (c *call) saidRows(sheet *followup.Sheet) []SaidRow {
	var rows []SaidRow
	for _, t := range followup.Topics() {
		quote := sheet.Mentions[t]
		structured := t == followup.Duration && sheet.Months > 0 || t == followup.Turnover && sheet.Lot.Turnover > 0 || t == followup.Insured && sheet.Lot.Insurance > 0
		if quote == "" && structured {
			continue // told above
		}
		row := SaidRow{Label: c.T("pursuit.topic_" + string(t)), Text: quote, Unsaid: quote == ""}
		if row.Unsaid {
			row.Text = c.T("pursuit.unsaid_long")
		}
		rows = append(rows, row)
	}
	return rows
}

func (c *call) documents(o *opportunities.Opportunity) (out []Link) {
	for _, link := range []Link{{c.T("opp.documents"), o.Links.Documents}, {c.T("opp.notice"), o.Links.Official}, {c.T("opp.submission"), o.Links.Submission}} {
		if safeLink(link.Href) {
			out = append(out, link)
		}
	}
	return out
}

// winsWords tell contracts won of the same kind.
func (c *call) winsWords(wins []network.Reference) (out []string) {
	for _, r := range wins {
		amount, year := "", ""
		if r.Amount > 0 {
			amount = c.Money(r.Amount, "EUR")
		}
		if r.Year > 0 {
			year = strconv.Itoa(r.Year)
		}
		out = append(out, joined(", ", r.Title, r.Buyer, year, amount))
	}
	return out
}

// fillTogether says with whom an answer could be made: the groups there are, else who would make it whole.
func (c *call) fillTogether(page *DecisionPage, p *pursued) {
	for _, g := range p.sheet.Groups {
		page.Groups = append(page.Groups, Link{g.Name, groupPath(g.ID)})
	}
	for _, ally := range p.sheet.Partners {
		row := OrgRow{Row: "o" + memberID(ally.ID), Name: ally.Name, Href: memberPath(ally.ID), Over: c.headWords(ally.OrganisationHead, "")}
		for _, code := range ally.Trades {
			row.Text = joined(", ", row.Text, c.codeWords(code))
		}
		page.Allies = append(page.Allies, row)
	}
	switch {
	case p.sheet.Alone:
		page.Together = c.T("pursuit.alone_whole")
	case len(page.Allies) > 0 && p.sheet.Whole:
		page.Together = c.T("pursuit.together_whole")
	case len(page.Allies) > 0:
		page.Together = c.T("pursuit.together_part")
	case p.lot.Opportunity.Open(c.now) && !p.item.Lot.Gone() && !p.lot.Filled() && p.item.State == matching.Proposed:
		page.Together = c.T("pursuit.together_none")
	}
}

// fillAward shows what an award says. It is a suggestion: nothing is won before somebody says so.
func (c *call) fillAward(page *DecisionPage, p *pursued) {
	a := p.sheet.Award
	if a == nil {
		return
	}
	if p.item.Lot.Gone() && a.Suggests == followup.Won {
		return
	}
	if a.Suggests == followup.Won {
		page.Award = &AwardView{Text: c.T("pursuit.award_won", "Winners", c.list(a.Winners)), Button: &Link{c.T("pursuit.award_confirm"), "attribution"}}
		return
	}
	page.Award = &AwardView{Text: c.T("pursuit.award_out")}
	if len(a.Winners) > 0 {
		page.Award.Text = c.T("pursuit.award_lost", "Winners", c.list(a.Winners))
	}
}
