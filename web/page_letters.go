package web

import (
	"net/http"
	"strconv"

	"maillage/internal/fault"
	"maillage/opportunities"
)

// LetterPage is what a letter of news holds, sent or to come.
type LetterPage struct {
	Page
	Heading, Lead string
	Searches      []LetterSearch
	Empty         Empty
}

// LetterSearch is the news of one search.
type LetterSearch struct {
	ID, Title string
	Groups    []LetterGroup
}

// LetterGroup is the news of one kind; Others says how many are left out.
type LetterGroup struct {
	Title, Others string
	Rows          []OppRow
}

// LetterNote is how the letters of somebody stand: the next one, the last one.
type LetterNote struct {
	Next, Last       string
	Preview, Archive string // addresses; empty: none
}

// nextLetter shows what the next letter would hold now.
func (s *Server) nextLetter(c *call) error {
	d, at, err := s.cfg.Opportunities.NextLetter(c.r.Context())
	if err != nil {
		return err
	}
	lead := c.T("letters.silent")
	if !at.IsZero() {
		lead = c.T("letters.next_lead", "When", c.When(at, c.now))
	}
	return c.letterPage(c.T("letters.next_title"), lead, d)
}

// oldLetter shows a letter as it was told, with what it left out.
func (s *Server) oldLetter(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	d, err := s.cfg.Opportunities.OldLetter(c.r.Context(), opportunities.LetterID(id))
	if err != nil {
		return err
	}
	return c.letterPage(c.T("letters.old_title", "Date", c.Date(d.Letter.MadeAt)), c.T("letters.old_lead"), d)
}

func (c *call) letterPage(heading, lead string, d opportunities.Digest) error {
	page := &LetterPage{Page: c.page(heading, Crumb{c.T("opps.title"), "/marches"}, Crumb{c.T("searches.title"), "/recherches"}, Crumb{Text: heading}),
		Heading: heading, Lead: lead, Empty: Empty{Title: c.T("letters.nothing"), Text: c.T("letters.nothing_text"), Actions: []Link{{c.T("searches.title"), "/recherches"}}}}
	for _, news := range d.Searches {
		page.Searches = append(page.Searches, c.letterSearch(news))
	}
	return c.show("letter", page)
}

func (c *call) letterSearch(news opportunities.SearchNews) LetterSearch {
	out := LetterSearch{ID: strconv.FormatInt(int64(news.Search.ID), 10), Title: news.Search.Name}
	for _, what := range opportunities.Whats() {
		var group LetterGroup
		for _, p := range news.Pieces {
			if p.What != what {
				continue
			}
			row := c.opportunityRow(p.Opportunity)
			for _, line := range c.diffLines(p.Changes) {
				row.Text = joined(" · ", row.Text, line)
			}
			group.Rows = append(group.Rows, row)
		}
		if len(group.Rows) == 0 {
			continue
		}
		others := news.Others[what]
		group.Title = c.N("letters."+string(what), len(group.Rows)+others)
		if others > 0 {
			group.Others = c.N("letters.others", others)
		}
		out.Groups = append(out.Groups, group)
	}
	return out
}

// letterNote says when the next letter leaves and when the last one did.
func (c *call) letterNote() (LetterNote, error) {
	var note LetterNote
	d, at, err := c.s.cfg.Opportunities.NextLetter(c.r.Context())
	if err != nil {
		return note, err
	}
	if !at.IsZero() {
		note.Next, note.Preview = c.N("letters.next", d.Count(), "When", c.When(at, c.now)), "/recherches/lettre"
	}
	last, err := c.s.cfg.Opportunities.Letters(c.r.Context(), 1)
	if err != nil || len(last) == 0 {
		return note, err
	}
	switch sent := last[0].SentAt; {
	case !sent.IsZero():
		note.Last = c.T("letters.last", "When", c.When(sent, c.now))
	case note.Next != "": // once every search is silent, it no longer leaves
		note.Last = c.T("letters.last_waiting")
	}
	note.Archive = oldLetterPath(last[0].ID)
	return note, nil
}

// letterRhythm is the choice of how often the news of a search are written.
func (c *call) letterRhythm(id string, chosen opportunities.Frequency) Field {
	f := Field{ID: id, Name: "rythme", Kind: "select", Label: c.T("letters.rhythm"), Required: true}
	for _, every := range opportunities.Frequencies() {
		f.Options = append(f.Options, Option{Value: string(every), Text: c.T("letters.every." + string(every)), Selected: every == chosen})
	}
	return f
}

// StopPage asks to confirm, or says that letters have ended.
type StopPage struct {
	Page
	Heading, Lead string
	Action        string // empty: nothing is left to do
	Back          Link   // where such letters are chosen; empty: the searches
}

// stopForm asks before it ends letters: programs that open every link of a
// letter must not end them.
func (s *Server) stopForm(c *call) error {
	c.secretPage()
	secret := c.r.PathValue("secret")
	if s.cfg.Daily != nil {
		err := s.cfg.Daily.Stoppable(c.r.Context(), secret)
		if err == nil {
			return c.show("stop_letters", &StopPage{Page: c.page(c.T("letters.stop_title")), Heading: c.T("letters.stop_title"), Lead: c.T("daily.stop_text"), Action: stopPath + secret, Back: Link{c.T("reminders.title"), remindersPath}})
		}
		if !fault.Is(err, fault.KindNotFound) {
			return err
		}
	}
	n, err := s.cfg.Opportunities.LettersStoppable(c.r.Context(), secret)
	if fault.Is(err, fault.KindNotFound) {
		return s.stopReminders(c, secret)
	}
	if err != nil {
		return err
	}
	if n == 0 {
		return c.show("stop_letters", &StopPage{Page: c.page(c.T("letters.stopped")), Heading: c.T("letters.stopped"), Lead: c.T("letters.stopped_text")})
	}
	return c.show("stop_letters", &StopPage{Page: c.page(c.T("letters.stop_title")), Heading: c.T("letters.stop_title"), Lead: c.N("letters.stop_text", n), Action: stopPath + secret})
}

// stopLetters ends letters, for who confirms and for the mail program that posts
// to the address of the letter's header (RFC 8058): it answers at once, without
// sending elsewhere.
func (s *Server) stopLetters(c *call) error {
	c.secretPage()
	if s.cfg.Daily != nil {
		err := s.cfg.Daily.Stop(c.r.Context(), c.r.PathValue("secret"))
		if err == nil {
			return c.show("stop_letters", &StopPage{Page: c.page(c.T("letters.stopped")), Heading: c.T("letters.stopped"), Lead: c.T("daily.stopped"), Back: Link{c.T("reminders.title"), remindersPath}})
		}
		if !fault.Is(err, fault.KindNotFound) {
			return err
		}
	}
	err := s.cfg.Opportunities.StopLetters(c.r.Context(), c.r.PathValue("secret"))
	if fault.Is(err, fault.KindNotFound) {
		return s.endReminders(c, c.r.PathValue("secret"))
	}
	if err != nil {
		return err
	}
	return c.show("stop_letters", &StopPage{Page: c.page(c.T("letters.stopped")), Heading: c.T("letters.stopped"), Lead: c.T("letters.stopped_text")})
}

func (c *call) deadStop(err error) error {
	if !fault.Is(err, fault.KindNotFound) {
		return err
	}
	return c.showStatus(http.StatusGone, "stop_letters", &StopPage{Page: c.page(c.T("letters.stop_gone")), Heading: c.T("letters.stop_gone"), Lead: c.T("letters.stop_gone_text")})
}

// stopReminders asks before it ends letters of reminders.
func (s *Server) stopReminders(c *call, secret string) error {
	more, err := s.cfg.Reminders.Stoppable(c.r.Context(), secret)
	if fault.Is(err, fault.KindNotFound) {
		return s.stopBulletin(c, secret, false)
	}
	if err != nil {
		return c.deadStop(err)
	}
	if !more {
		return c.remindersEnded()
	}
	return c.show("stop_letters", &StopPage{Page: c.page(c.T("letters.stop_title")), Heading: c.T("letters.stop_title"), Lead: c.T("reminders.stop_text"), Action: stopPath + secret, Back: Link{c.T("reminders.title"), remindersPath}})
}

func (s *Server) endReminders(c *call, secret string) error {
	err := s.cfg.Reminders.Stop(c.r.Context(), secret)
	if fault.Is(err, fault.KindNotFound) {
		return s.stopBulletin(c, secret, true)
	}
	if err != nil {
		return err
	}
	return c.remindersEnded()
}

func (c *call) remindersEnded() error {
	return c.show("stop_letters", &StopPage{Page: c.page(c.T("letters.stopped")), Heading: c.T("letters.stopped"), Lead: c.T("reminders.stopped_text"), Back: Link{c.T("reminders.title"), remindersPath}})
}
