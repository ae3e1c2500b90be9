package web

import (
	"strings"

	"maillage/network"
	"maillage/opportunities"
)

// hoursShown bounds the holders and the publics named in one place; the number
// of the others is said.
const hoursShown = 5

// hoursFacts tells the hours of insertion that an award leaves to fill: what is
// asked, of whom, for whom and until when. What the notices do not say is said
// to be so.
func (c *call) hoursFacts(o *opportunities.Opportunity) []Fact {
	i := o.Insertion
	facts := []Fact{{Label: c.T("hours.asked"), Big: c.hoursAsked(o), Lines: []string{c.T("hours.asked_note")}}, c.hoursSpan(o),
		{Label: c.N("hours.holders", len(i.Holders)), Lines: c.holderLines(i.Holders)}}
	if len(i.Publics) > 0 {
		facts = append(facts, Fact{Label: c.T("hours.publics"), Lines: shownOf(c, i.Publics)})
	}
	if i.Facilitator != "" {
		facts = append(facts, Fact{Label: c.T("hours.facilitator"), Lines: []string{upperFirst(i.Facilitator)}})
	}
	return facts
}

// hoursAsked is the number of hours, else the share of the work, else that it is
// not said: nothing is computed.
func (c *call) hoursAsked(o *opportunities.Opportunity) string {
	switch hours := o.Clause.Hours; {
	case hours > 0:
		return c.Decimal(hours, 0) + nbsp + "h"
	case o.Insertion.Share > 0:
		return c.T("hours.share", "Share", c.Percent(o.Insertion.Share))
	}
	return c.T("hours.unsaid")
}

// hoursSpan is from when to when they run.
func (c *call) hoursSpan(o *opportunities.Opportunity) Fact {
	f := Fact{Label: c.T("hours.span"), Big: c.hoursUntil(o)}
	if day := c.civilDay(o.Insertion.Awarded); day != "" {
		f.Lines = append(f.Lines, c.T("hours.awarded", "Day", day))
	}
	if months := o.Insertion.Months; months > 0 {
		f.Lines = append(f.Lines, c.N("hours.months", months))
	}
	if o.Insertion.Supposed {
		f.Lines = append(f.Lines, c.T("hours.supposed"))
	}
	return f
}

// hoursUntil is the last day of the contract, in words; "" where it is not known.
func (c *call) hoursUntil(o *opportunities.Opportunity) string {
	if day := c.civilDay(o.EndsOn()); day != "" {
		return c.T("hours.until", "Day", day)
	}
	return ""
}

func (c *call) holderLines(holders []opportunities.Holder) []string {
	names := make([]string, len(holders))
	for i, h := range holders {
		names[i] = h.Name
		if h.SIRET != "" && !strings.Contains(h.Name, h.SIRET) {
			names[i] += " (" + network.SIRET(h.SIRET).String() + ")"
		}
	}
	return shownOf(c, names)
}

// shownOf keeps the first lines, and says how many others there are.
func shownOf(c *call, lines []string) []string {
	if len(lines) <= hoursShown {
		return lines
	}
	return append(lines[:hoursShown:hoursShown], c.N("hours.others", len(lines)-hoursShown))
}

// hoursRow tells hours to fill in a list: who holds the contract, how many hours
// and until when.
func (c *call) hoursRow(o *opportunities.Opportunity, row *OppRow) {
	holders := c.list(shownOf(c, o.Insertion.Names()))
	row.Over = joined(" · ", c.T("hours.held_by", "Names", holders), c.hoursAsked(o), c.placeWords(o.Place))
	if o.Deadline == nil {
		row.Days = Days{NoDate: true, When: c.hoursUntil(o)}
	}
}

// fillHours leads from a procurement to the hours to fill after its award, and
// back, and says why these were withdrawn.
func (c *call) fillHours(page *OpportunityPage, o *opportunities.Opportunity) error {
	if o.ProcurementID == nil {
		followers, err := c.s.cfg.Opportunities.Of(c.r.Context(), o.ID)
		if err != nil {
			return err
		}
		for _, f := range followers {
			if f.Kind == opportunities.InsertionHours && f.Public() {
				page.Hours = append(page.Hours, c.opportunityRow(f))
			}
		}
		return nil
	}
	procurement, err := c.s.cfg.Opportunities.Get(c.r.Context(), *o.ProcurementID)
	if err != nil {
		return err
	}
	page.Follows = Link{procurement.Title, opportunityPath(procurement.ID)}
	if o.Insertion == nil || o.State == opportunities.Published {
		return nil
	}
	page.Notice = c.T("hours." + string(o.State) + "_notice")
	why, err := c.s.cfg.Opportunities.Why(c.r.Context(), o)
	if err != nil || why == "" {
		return err
	}
	page.Notice += " " + upperFirst(why) + "."
	return nil
}
