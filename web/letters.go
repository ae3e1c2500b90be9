package web

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"maillage/accounts"
	"maillage/internal/mail"
	"maillage/opportunities"
	"maillage/territories"
)

// stopPath is where the secret of a letter ends such letters.
const stopPath = "/desabonnement/"

// diffMost is how many differences of one opportunity a letter shows.
const diffMost = 6

// Letters puts news in words for letters, as the pages say them: a place, a
// clause, a deadline read the same in both.
type Letters struct {
	site  string
	pages Server // for its words only
}

// NewLetters reads the messages. site is the public address, which links begin
// with; clock nil is the system's.
func NewLetters(site string, atlas *territories.Atlas, clock func() time.Time) (*Letters, error) {
	locales, err := loadLocales()
	if err != nil {
		return nil, fmt.Errorf("read the messages of letters: %w", err)
	}
	if clock == nil {
		clock = time.Now
	}
	return &Letters{site: strings.TrimRight(site, "/"), pages: Server{cfg: Config{Services: Services{Atlas: atlas}}, locales: locales, now: clock}}, nil
}

// News is the letter that tells somebody the news of their searches.
func (l *Letters) News(to accounts.User, d opportunities.Digest, stop string) mail.Letter {
	lang := Lang(to.Lang)
	if l.pages.locales[lang] == nil {
		lang = French
	}
	c := &call{Locale: l.pages.locales[lang], s: &l.pages, now: l.pages.now()}
	out := mail.Letter{
		Lang: string(lang), Subject: c.N("letters.subject", d.Count()), Greeting: c.T("letters.hello", "Name", to.Name),
		Intro: c.T("letters.intro"), Foot: c.T("letters.why"), Settings: []mail.Link{l.searchSettings(c)},
		Stop: l.stop(c, stop), Topic: c.T("letters.topic"),
	}
	for _, news := range d.Searches {
		out.Sections = append(out.Sections, l.section(c, news, l.site+oldLetterPath(d.Letter.ID)+searchAnchor(news.Search.ID)))
	}
	return out
}

func (l *Letters) section(c *call, news opportunities.SearchNews, whole string) mail.Section {
	out := mail.Section{Title: mail.Link{Label: news.Search.Name, URL: whole}}
	for _, what := range opportunities.Whats() {
		group := mail.Group{}
		for _, p := range news.Pieces {
			if p.What == what {
				group.Items = append(group.Items, mail.Item{Title: mail.Link{Label: p.Opportunity.Title, URL: l.site + opportunityPath(p.Opportunity.ID)}, Lines: c.pieceLines(p)})
			}
		}
		if len(group.Items) == 0 {
			continue
		}
		others := news.Others[what]
		group.Title = c.N("letters."+string(what), len(group.Items)+others)
		if others > 0 {
			group.More = mail.Link{Label: c.N("letters.others", others), URL: whole}
		}
		out.Groups = append(out.Groups, group)
	}
	return out
}

// pieceLines says what happened to one opportunity, a line each.
func (c *call) pieceLines(p opportunities.Piece) []string {
	o := p.Opportunity
	row := c.opportunityRow(o)
	lines := []string{row.Over}
	switch p.What {
	case opportunities.WhatNew:
		lines = append(lines, c.dueWords(row.Days))
		if clause := c.clauseWords(o); clause != "" {
			lines = append(lines, clause)
		}
	case opportunities.WhatChanged:
		lines = append(lines, c.diffLines(p.Changes)...)
		if !changes(p, "deadline") {
			lines = append(lines, c.dueWords(row.Days))
		}
	case opportunities.WhatCancelled:
	}
	if lines[0] == "" {
		lines = lines[1:]
	}
	return lines
}

// changes tells whether a field of the whole is among the differences.
func changes(p opportunities.Piece, field string) bool {
	for _, f := range p.Changes {
		if f.Field == field {
			return true
		}
	}
	return false
}

func (c *call) dueWords(d Days) string {
	if d.NoDate {
		return c.T("days.none")
	}
	return c.T("letters.due", "When", d.When, "Left", c.N("days.count", d.Left))
}

// clauseWords is the clause of the whole or, where it has none, of its first lot that has one.
func (c *call) clauseWords(o *opportunities.Opportunity) string {
	if tag, ok := c.clauseTag(o.Clause); ok {
		return tag.Text
	}
	for _, lot := range liveLots(o) {
		if tag, ok := c.clauseTag(lot.Clause); ok {
			return c.T("letters.lot_clause", "Lot", c.T("opp.lot_n", "Number", shortNumber(lot.Number)), "Clause", tag.Text)
		}
	}
	return ""
}

// diffLines says differences in short, the first ones.
func (c *call) diffLines(diff []opportunities.Fresh) []string {
	var lines []string
	for i, f := range diff {
		if i == diffMost {
			return append(lines, c.N("letters.more_changes", len(diff)-diffMost))
		}
		lines = append(lines, c.diffLine(f.Change))
	}
	return lines
}

// wholeLot is the path of a lot that was added or withdrawn.
var wholeLot = regexp.MustCompile(`^lots\[(.+)\](\.withdrawn)?$`)

func (c *call) diffLine(change opportunities.Change) string {
	if m := wholeLot.FindStringSubmatch(change.Field); m != nil {
		lot, title := c.T("opp.lot_n", "Number", shortNumber(m[1])), ""
		if text, ok := change.After.(string); ok {
			title = clip(text, 80)
		}
		if gone, _ := change.After.(bool); gone {
			return c.T("letters.lot_withdrawn", "Lot", lot)
		}
		return c.T("letters.lot_added", "Lot", joined(" · ", lot, title))
	}
	row := c.changeRow(change)
	field := upperFirst(row.Field)
	if strings.HasSuffix(change.Field, "description") {
		return c.T("letters.rewritten", "Field", field)
	}
	if row.Before == "" {
		return c.T("letters.set", "Field", field, "After", or(row.After, c.T("opp.news_gone")))
	}
	return c.T("letters.diff", "Field", field, "Before", row.Before, "After", or(row.After, c.T("opp.news_gone")))
}

func oldLetterPath(id opportunities.LetterID) string {
	return "/recherches/lettres/" + strconv.FormatInt(int64(id), 10)
}

func searchAnchor(id opportunities.SearchID) string {
	return "#recherche-" + strconv.FormatInt(int64(id), 10)
}
