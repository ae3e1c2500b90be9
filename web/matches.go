package web

import (
	"strconv"
	"strings"

	"maillage/accounts"
	"maillage/followup"
	"maillage/matching"
	"maillage/matching/engine"
	"maillage/opportunities"
	"maillage/territories"
)

// matchView reads a match in one line.
func (c *call) matchView(item matching.Item, lot matching.LotHead) MatchView {
	v := MatchView{
		ID: strconv.FormatInt(int64(item.Match), 10), Row: "l" + strconv.FormatInt(int64(lot.ID), 10),
		Title: lotTitle(lot), Over: lotOver(lot), Score: float64(item.Score), Confidence: string(item.ConfidenceLevel),
		Why: item.Line.In(string(c.Lang)), Crits: c.bars(item.Criteria), Assumed: c.assumedWords(item.Criteria),
		Href: answerPath(item.Match), Action: answerPath(item.Match), Reasons: c.refusals(), Back: c.r.URL.RequestURI(),
	}
	if item.Match == 0 || lot.Kind == opportunities.Expected {
		v.Href, v.Action = lotPath(lot), ""
	}
	if lot.Deadline != nil {
		v.Days = c.lotDays(lot)
	} else {
		v.Days.NoDate = true
	}
	if lot.Filled && lot.State == opportunities.Published {
		v.Days = c.noMore()
	}
	if lot.Gone() {
		v.Days = c.goneDays(lot)
	}
	v.CanAnswer = item.Match != 0 && !lot.Gone() && lot.Kind != opportunities.Expected && !item.History && item.State != matching.Withdrawn
	v.Answer, v.Answered = c.answered(item)
	if v.Answer == "no" && c.who.Role == accounts.Member {
		v.Correct = c.correction(item.ReplyReason)
	}
	return v
}

// goneTag marks a lot that was removed from its call, or whose call was cancelled.
func (c *call) goneTag(lot matching.LotHead) string {
	if lot.State == opportunities.Cancelled {
		return c.T("pursuit.call_cancelled")
	}
	return c.T("pursuit.lot_removed")
}

// goneDays says in the place of the days left that there are none.
func (c *call) goneDays(lot matching.LotHead) Days {
	return Days{NoDate: true, When: upperFirst(c.goneTag(lot))}
}

// goneWords say what has become of a lot that is gone, and what is left to do of it.
func (c *call) goneWords(lot matching.LotHead) string {
	if lot.State == opportunities.Cancelled {
		return c.T("pursuit.call_cancelled_text")
	}
	return c.T("pursuit.lot_removed_text")
}

// lotTitle names a lot: by its opportunity when that says at least as much, with its number
// where it is not the first.
func lotTitle(lot matching.LotHead) string {
	title := lot.Title
	if title == "" || strings.Contains(territories.Fold(lot.Opportunity), territories.Fold(lot.Title)) {
		title = lot.Opportunity
	}
	if n := shortNumber(lot.Number); n != "" && n != "1" {
		title += ", lot " + n
	}
	return title
}

// lotOver says under a title what it does not: the buyer, and the opportunity the lot is of.
func lotOver(lot matching.LotHead) string {
	if strings.HasPrefix(lotTitle(lot), lot.Opportunity) {
		return lot.Buyer
	}
	return joined(" · ", lot.Buyer, lot.Opportunity)
}

func answerPath(id matching.ID) string { return "/reponses/" + strconv.FormatInt(int64(id), 10) }

func lotPath(lot matching.LotHead) string {
	return opportunityPath(lot.OpportunityID) + "?" + query("lot", strconv.FormatInt(int64(lot.ID), 10))
}

// correction is where an enterprise puts right what a reason of its own speaks of: it
// is never done for it.
func (c *call) correction(why matching.Motive) *Link {
	switch why {
	case matching.TooFar:
		return &Link{c.T("match.correct_zone"), "/entreprise#activites"}
	case matching.NotTrade:
		return &Link{c.T("match.correct_trade"), "/entreprise#activites"}
	}
	return nil
}

// answered says what the member answered, and when.
func (c *call) answered(item matching.Item) (answer, words string) {
	when := ""
	if item.RepliedAt != nil {
		when = c.Ago(*item.RepliedAt, c.now)
	}
	switch item.Reply {
	case matching.Interested:
		return "yes", c.T("match.said_yes", "When", when)
	case matching.NotForUs:
		return "no", c.T("match.said_no", "When", when, "Reason", upperFirst(followup.ReasonWords(item.ReplyReason).In(string(c.Lang))))
	}
	return "", ""
}

// bars shows the criteria that count or that stop: those that were merely open say nothing.
func (c *call) bars(criteria []matching.Criterion) []Criterion {
	var bars []Criterion
	for _, criterion := range criteria {
		if !shownAsBar(criterion) {
			continue
		}
		bars = append(bars, Criterion{Name: c.T("criterion." + string(criterion.Criterion)), State: stateOf(criterion.Finding), Share: criterion.Value, Word: c.barWord(criterion)})
	}
	return bars
}

// shownAsBar leaves out a gate that everybody passed, and a contact that nobody wrote down.
func shownAsBar(criterion matching.Criterion) bool {
	if criterion.Criterion == engine.Open {
		return criterion.State == engine.Missed
	}
	return criterion.Weight > 0 || criterion.State == engine.Missed || criterion.Criterion == engine.Reserved && criterion.Params.Article != ""
}

// stateOf turns an engine's state into a drawing's: what rests on an assumed fact looks assumed.
func stateOf(f engine.Finding) State {
	switch f.State {
	case engine.Missed:
		return Missed
	case engine.Unknown:
		return Unknown
	}
	if f.Assumed {
		return Assumed
	}
	if f.State == engine.Partial {
		return Partial
	}
	return Met
}

// barWord is the few words under a bar: the two values where they are numbers, else what was seen.
func (c *call) barWord(criterion matching.Criterion) string {
	p, lang := criterion.Params, string(c.Lang)
	switch {
	case criterion.State == engine.Unknown:
		return c.T("bar.unknown")
	case criterion.Criterion == engine.Territory && p.OfPeople > 0 && p.Population < p.OfPeople:
		return c.Percent(float64(p.Population) / float64(p.OfPeople))
	case criterion.Criterion == engine.Territory && p.Of > 0:
		return c.N("bar.communes", p.Of, "Communes", c.Num(p.Communes))
	case criterion.Criterion == engine.Trade && c.Has("bar.kinship."+p.Kinship):
		return c.T("bar.kinship." + p.Kinship)
	case criterion.Criterion == engine.TimeLeft && p.Want > 0:
		return c.N("bar.days", int(p.Have), "Want", c.Decimal(p.Want, 0))
	}
	if seen := criterion.Seen.In(lang); seen != "" && len([]rune(seen)) <= 40 {
		return seen
	}
	return clip(criterion.Sentence.In(lang), 60)
}

// assumedWords names what is assumed in a match.
func (c *call) assumedWords(criteria []matching.Criterion) string {
	trade, zone := false, false
	for _, criterion := range criteria {
		if !criterion.Assumed {
			continue
		}
		switch criterion.Criterion {
		case engine.Territory:
			zone = true
		case engine.Trade:
			trade = true
		}
	}
	switch {
	case trade && zone:
		return c.T("match.assumed_both")
	case trade:
		return c.T("match.assumed_activity")
	case zone:
		return c.T("match.assumed_zone")
	}
	return ""
}

// assumedCount counts the facts that nobody has said.
func assumedCount(criteria []matching.Criterion) int {
	n := 0
	for _, criterion := range criteria {
		if criterion.Assumed {
			n++
		}
	}
	return n
}
