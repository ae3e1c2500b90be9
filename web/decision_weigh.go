package web

import (
	"strconv"
	"strings"
	"time"

	"maillage/matching"
	"maillage/opportunities"
)

// weigh sorts the sentences of the criteria: what speaks for, against, and what nobody knows.
func (c *call) weigh(page *DecisionPage, item matching.Item) {
	for _, criterion := range item.Criteria {
		sentence := upperFirst(criterion.Sentence.In(string(c.Lang)))
		switch stateOf(criterion.Finding) {
		case Met:
			if shownAsBar(criterion) {
				page.For = append(page.For, sentence)
			}
		case Partial, Missed:
			page.Against = append(page.Against, sentence)
		case Assumed, Unknown:
			page.Check = append(page.Check, sentence)
		}
	}
}

// ribbonDays is how many working days are drawn before the deadline.
const ribbonDays = 16

// ribbon draws the working days from today to the deadline.
func (c *call) ribbon(page *DecisionPage, lot matching.LotHead) {
	deadline := lot.Deadline
	if deadline == nil || deadline.Before(c.now) {
		return
	}
	left := lot.Holidays.WorkingDays(c.now, *deadline, c.zone)
	if left == 0 {
		return
	}
	page.RibbonHeading = upperFirst(c.N("decision.days_ahead", left, "Count", c.Count(left)))
	if left > ribbonDays {
		return
	}
	page.RibbonLabel = c.T("decision.days_label", "From", c.DayMonth(c.now), "To", c.DayMonth(*deadline))
	last := deadline.In(c.zone)
	for day := c.now.In(c.zone); ; day = day.AddDate(0, 0, 1) {
		first := len(page.Ribbon) == 0
		end := day.Format(time.DateOnly) == last.Format(time.DateOnly)
		if !first && !end && !lot.Holidays.Works(day, c.zone) {
			continue
		}
		entry := RibbonDay{Letter: strings.ToUpper(c.Weekday(day)[:1]), Number: strconv.Itoa(day.Day())}
		if !first && day.Weekday() == time.Monday {
			entry.Class = "week"
		}
		if first {
			entry.Class, entry.Say = "now", c.T("decision.today")
		}
		if end {
			entry.Class, entry.Say = strings.TrimSpace(entry.Class+" end"), c.Hour(last)
		}
		page.Ribbon = append(page.Ribbon, entry)
		if end || day.After(last) {
			return
		}
	}
}

func (c *call) decisionMap(page *DecisionPage, o *opportunities.Opportunity, lot *opportunities.Lot, item matching.Item) error {
	place := lot.In(o).Place
	if place.Scope != opportunities.InCommunes {
		return nil
	}
	mine, err := c.s.cfg.Network.Get(c.r.Context(), item.Organisation.ID)
	if err != nil {
		return err
	}
	points := []MapPoint{}
	if at, ok := c.siteOf(mine); ok {
		points = append(points, MapPoint{Row: "o" + strconv.FormatInt(int64(mine.ID), 10), Label: "1", Name: mine.Called(), Href: memberPath(mine.ID), At: at, On: true})
	}
	page.Map = c.crossing("carte", c.s.compile(place.Perimeter), c.zoneOf(mine, item.Activity), mine.Called(), points)
	return nil
}
