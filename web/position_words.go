package web

import (
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"maillage/accounts"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
)

// The parts of a day and the days, as messages name them.
var (
	partNames = []string{"morning", "afternoon", "evening", "night"}
	dayNames  = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
)

// slotsWords says when in a week: "du lundi au vendredi, le matin ; samedi et
// dimanche, le soir". Days that have the same hours are said together.
func (c *call) slotsWords(s nomenclatures.Slots) string {
	if s == nomenclatures.AllWeek {
		return c.T("position.all_week")
	}
	var runs []string
	for day := 0; day < 7; {
		parts, last := partsOf(s, day), day
		for last+1 < 7 && partsOf(s, last+1) == parts {
			last++
		}
		if parts != 0 {
			runs = append(runs, c.daysWords(day, last)+", "+c.partsWords(parts))
		}
		day = last + 1
	}
	return strings.Join(runs, " ; ")
}

func partsOf(s nomenclatures.Slots, day int) nomenclatures.Slots { return s >> (4 * day) & 0b1111 }

func (c *call) daysWords(first, last int) string {
	from, to := c.T("position.day."+dayNames[first]), c.T("position.day."+dayNames[last])
	switch last - first {
	case 0:
		return from
	case 1:
		return c.T("position.two_days", "From", from, "To", to)
	}
	return c.T("position.days", "From", from, "To", to)
}

func (c *call) partsWords(parts nomenclatures.Slots) string {
	if parts == 0b0011 {
		return c.T("position.daytime")
	}
	var words []string
	for i, name := range partNames {
		if parts&(1<<i) != 0 {
			words = append(words, c.T("position.part."+name))
		}
	}
	if n := len(words); n > 1 {
		return c.T("position.and", "A", c.list(words[:n-1]), "B", words[n-1])
	}
	return c.list(words)
}

// aptitudeWords names an aptitude, with its level where it has one.
func (c *call) aptitudeWords(code nomenclatures.Aptitude, level nomenclatures.Mastery) string {
	info, ok := nomenclatures.LookupAptitude(code)
	if !ok {
		return string(code)
	}
	if level == nomenclatures.MasteryUnknown {
		return info.Label(string(c.Lang))
	}
	return info.Label(string(c.Lang)) + " (" + c.T("position.level."+string('0'+rune(level))) + ")"
}

func (c *call) wantedWords(all []opportunities.Wanted) (out []string) {
	for _, w := range all {
		out = append(out, c.aptitudeWords(w.Code, w.Level))
	}
	return out
}

// languageName names a language in the language of the page.
func (c *call) languageName(code string) string {
	tag, err := language.Parse(code)
	if err != nil {
		return code
	}
	namer := display.Languages(language.French)
	if c.Lang == English {
		namer = display.Languages(language.English)
	}
	return or(namer.Name(tag), code)
}

func (c *call) spokenWords(all []opportunities.Speaking) (out []string) {
	for _, s := range all {
		words := joined(" ", c.languageName(s.Language), s.Level.String())
		if !s.Required {
			words = c.T("position.appreciated_one", "What", words)
		}
		out = append(out, upperFirst(words))
	}
	return out
}

// positionFacts says what a position is as a whole: how many, when, for whom, by whom.
func (c *call) positionFacts(o *opportunities.Opportunity) []Fact {
	posts, first := 0, ""
	left, of := o.Places()
	for _, lot := range liveLots(o) {
		posts += lot.Posts
		if lot.StartsOn != "" && (first == "" || lot.StartsOn < first) {
			first = lot.StartsOn
		}
	}
	var facts []Fact
	if posts > 0 || left < of {
		facts = append(facts, c.placesFact(o.Kind, left, of))
	}
	if day := c.civilDay(first); day != "" {
		facts = append(facts, Fact{Label: c.T("opp.starts"), Big: day, Lines: []string{c.weekdayOf(first)}})
	}
	if o.Deadline != nil {
		facts = append(facts, Fact{Label: c.T("position.answer_by"), Lines: []string{c.Day(*o.Deadline)}})
	}
	if lender := c.lender(o); lender.Text != "" {
		facts = append(facts, Fact{Label: c.T("position.lender"), Links: []Link{lender}})
	}
	return append(facts,
		Fact{Label: c.T("position.buyer." + string(o.Kind)), Lines: []string{o.BuyerName}},
		Fact{Label: c.T("opp.kind"), Lines: []string{c.T("kind." + string(o.Kind))}},
		Fact{Label: c.T("opp.place"), Lines: []string{c.placeWords(o.Place)}})
}

// lender is who lends people for a mission; empty where it is none, or is no longer known.
func (c *call) lender(o *opportunities.Opportunity) Link {
	if o.Kind != opportunities.Mission || o.PublisherID == nil {
		return Link{}
	}
	who, err := c.s.cfg.Network.Get(c.r.Context(), network.ID(*o.PublisherID))
	if err != nil {
		return Link{}
	}
	return Link{who.Called(), "/membres/" + strconv.FormatInt(int64(who.ID), 10)}
}

func (c *call) weekdayOf(date string) string {
	t, err := time.ParseInLocation(time.DateOnly, date, c.zone)
	if err != nil {
		return ""
	}
	return c.Weekday(t)
}

// termsFacts says the terms of one lot; who answers only to those who may know it.
func (c *call) termsFacts(o *opportunities.Opportunity, lot *opportunities.Lot) []Fact {
	t := lot.Terms
	if t == nil {
		t = &opportunities.Terms{}
	}
	var facts []Fact
	add := func(label string, lines ...string) {
		if len(lines) > 0 && lines[0] != "" {
			facts = append(facts, Fact{Label: c.T(label), Lines: lines})
		}
	}
	session := o.Kind == opportunities.TrainingSession
	add("position.audience", c.choiceWords("position.audience.", string(t.Audience)))
	add("position.aim", c.choiceWords("position.aim.", string(t.Aim)))
	add("position.contract", c.choiceWords("position.contract.", string(t.Contract)))
	if t.Hours > 0 {
		add("position.weekly", c.T("position.hours_week", "N", c.Decimal(t.Hours, 1)))
	}
	when := []string{upperFirst(c.slotsWords(t.Slots))}
	if t.Split {
		when = append(when, c.T("position.split"))
	}
	add("position.when", joinLines(when)...)
	add(map[bool]string{false: "position.required", true: "position.before"}[session], c.wantedWords(t.Requires())...)
	add("position.appreciated", c.wantedWords(t.Appreciates())...)
	add("position.languages", c.spokenWords(t.Languages)...)
	if t.Beginner {
		add("position.beginner", c.T("position.beginner_yes"))
	}
	add("position.outcomes", c.gainWords(t.Outcomes)...)
	add("position.leads", c.leadWords(t.Leads)...)
	if t.Reach > 0 {
		add("position.reach", c.Km(t.Reach))
	}
	add("position.contact", c.contactWords(o, t)...)
	return facts
}

// joinLines drops the lines that say nothing.
func joinLines(lines []string) (out []string) {
	for _, line := range lines {
		if line != "" {
			out = append(out, line)
		}
	}
	return out
}

func (c *call) choiceWords(prefix, code string) string {
	if code == "" {
		return ""
	}
	return c.wordOf(prefix, code)
}

func (c *call) gainWords(all []opportunities.Gain) (out []string) {
	for _, g := range all {
		out = append(out, c.aptitudeWords(g.Code, g.Level))
	}
	return out
}

func (c *call) leadWords(all []nomenclatures.ROME) (out []string) {
	for _, code := range all {
		out = append(out, c.codeWords(code.Code()))
	}
	return out
}

func (c *call) contactWords(o *opportunities.Opportunity, t *opportunities.Terms) []string {
	if t.Contact == (opportunities.Contact{}) || !accounts.Can(c.who.Identity, accounts.OpportunityContact, c.scopeOfOpportunity(o)) {
		return nil
	}
	return joinLines([]string{t.Contact.Name, t.Contact.Phone, t.Contact.Email})
}

// positionNote is what the law says of a kind, in a sentence.
func (c *call) positionNote(kind opportunities.Kind) string {
	if key := "position.note." + string(kind); c.Has(key) {
		return c.T(key)
	}
	return ""
}

// positionLead says a position in a line.
func (c *call) positionLead(o *opportunities.Opportunity, lots []opportunities.Lot) string {
	posts := 0
	for _, lot := range lots {
		posts += lot.Posts
	}
	if posts == 0 {
		return upperFirst(c.T("kind."+string(o.Kind))) + ", " + c.placeWords(o.Place) + "."
	}
	return upperFirst(c.N("position.lead."+string(o.Kind), posts, "Count", c.Count(posts), "Place", c.placeWords(o.Place)))
}

// positionRow completes the row of a list: when it begins, and what it gives.
func (c *call) positionRow(o *opportunities.Opportunity, row *OppRow) {
	if !o.Kind.ForPeople() {
		return
	}
	if first := firstDay(o); !ended(o) && !o.Filled() && o.Deadline == nil && first != "" {
		row.Days = Days{NoDate: true, When: c.T("position.from", "Date", c.civilDay(first))}
	}
	for _, lot := range liveLots(o) {
		if lot.Terms == nil {
			continue
		}
		if lot.Terms.Audience == opportunities.ForStaff {
			row.Tags = append(row.Tags, Tag{Text: c.T("position.audience.staff"), Kind: true})
		}
		for i, g := range lot.Terms.Outcomes {
			if i < 2 {
				row.Tags = append(row.Tags, Tag{Text: c.aptitudeWords(g.Code, 0), State: Met})
			}
		}
		return
	}
}

// firstDay is when the first of the lots that remain begins; "" where none says it.
func firstDay(o *opportunities.Opportunity) string {
	first := ""
	for _, lot := range liveLots(o) {
		if lot.StartsOn != "" && (first == "" || lot.StartsOn < first) {
			first = lot.StartsOn
		}
	}
	return first
}

// namePlaces calls the lots of a position by their places: they are no lots to
// who reads, and one alone would repeat the title.
func (p *OpportunityPage) namePlaces(lots []opportunities.Lot, current *opportunities.Lot, alone string) {
	for i := range p.Lots {
		p.Lots[i].Title = lots[i].Title
		if p.Lots[i].Place == lots[i].Title {
			p.Lots[i].Place = ""
		}
	}
	if current != nil {
		p.LotTitle = current.Title
	}
	if len(lots) == 1 {
		p.LotTitle = alone
	}
}
