package web

import (
	"context"
	"strconv"

	"maillage/followup/bulletin"
	"maillage/internal/fault"
	"maillage/internal/mail"
)

// Where an association sees its letters before they leave, and where anybody asks for one.
const (
	bulletinPath  = "/lettres"
	readersPath   = bulletinPath + "/partenaires"
	subscribePath = "/lettre"
)

// BulletinPage is the next letters of an association, and who reads the partners' one.
type BulletinPage struct {
	Page
	Heading, Lead string
	Editions      []EditionView
	Readers       []ReaderRow
	Add           ReaderForm
}

// EditionView is one letter as it will be, and what is said of it.
type EditionView struct {
	ID, Title, When, Subject, Revision string
	Left                               string // how far the last one is; empty: none left
	State                              Tag
	Word, Decision                     Field
	Sections                           []mail.Section
	Nothing                            string
}

// ReaderRow is a partner who reads, or waits to confirm.
type ReaderRow struct {
	ID, Email, Why, Where string
	State                 Tag
	Silent                string // since when and how their address takes no letters; empty: it does
}

// ReaderForm adds a partner.
type ReaderForm struct{ Email, Where, Why, Tongue Field }

func (s *Server) bulletins(c *call) error {
	page, err := c.bulletinPage("", nil)
	if err != nil {
		return err
	}
	return c.show("bulletin", page)
}

// bulletinPage is the page with the faults of one form: of an audience, or "partenaires".
func (c *call) bulletinPage(form string, errs map[string]string) (*BulletinPage, error) {
	title := c.T("bulletin.title")
	page := &BulletinPage{Page: c.page(title, Crumb{c.T("nav.home"), "/"}, Crumb{Text: title}), Heading: title, Lead: c.T("bulletin.lead")}
	letters := &Letters{pages: *c.s.wordsOnly()}
	for _, audience := range []bulletin.Audience{bulletin.Members, bulletin.Partners} {
		view, err := c.editionView(letters, audience, form == string(audience), errs)
		if err != nil {
			return nil, err
		}
		page.Editions = append(page.Editions, *view)
	}
	all, err := c.s.cfg.Bulletin.Readers(c.r.Context())
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		page.Readers = append(page.Readers, c.readerRow(p))
	}
	mine := map[string]string{}
	if form == "partenaires" {
		mine = errs
	}
	value := func(name string) string {
		if form == "partenaires" {
			return c.form(name)
		}
		return ""
	}
	page.Add = ReaderForm{Email: Field{ID: "courriel", Name: "courriel", Kind: "email", Label: c.T("bulletin.email"), Value: value("courriel"), Required: true, Error: mine["email"]},
		Why:    Field{ID: "raison", Name: "raison", Label: c.T("bulletin.reason"), Hint: c.T("bulletin.reason_hint"), Value: value("raison"), Required: true, Error: mine["reason"]},
		Where:  Field{ID: "territoire", Name: "territoire", Label: c.T("bulletin.where"), Hint: c.T("bulletin.where_hint"), Value: value("territoire"), Error: mine["territory"]},
		Tongue: Field{ID: "langue", Name: "langue", Kind: "select", Label: c.T("data.lang"), Required: true, Options: c.options("data.lang_", or(value("langue"), "fr"), "", "fr", "en")}}
	page.Errors = summary(errs, "email", "reason", "territory", "word")
	return page, nil
}

// wordsOnly is a server for its words.
func (s *Server) wordsOnly() *Server {
	return &Server{cfg: Config{Services: Services{Atlas: s.cfg.Atlas}}, locales: s.locales, now: s.now}
}

func (c *call) editionView(letters *Letters, audience bulletin.Audience, refused bool, errs map[string]string) (*EditionView, error) {
	e, issue, err := c.s.cfg.Bulletin.Next(c.r.Context(), audience)
	if err != nil {
		return nil, err
	}
	id, word, decision := string(audience), e.Word, string(e.Decision)
	wrong := ""
	if refused {
		word, decision, wrong = c.form("mot"), c.form("decision"), errs["word"]
	}
	view := &EditionView{ID: id, Title: c.T("bulletin.title_" + id), When: c.T("bulletin.leaves_"+id, "Day", c.civilDay(e.Week)), Revision: revisionOf(e.Revision), State: c.editionState(e),
		Word:     Field{ID: "mot-" + id, Name: "mot", Kind: "area", Rows: 3, Label: c.T("bulletin.word"), Hint: c.T("bulletin.word_hint"), Value: word, Error: wrong},
		Decision: Field{ID: "decision-" + id, Name: "decision", Kind: "select", Label: c.T("bulletin.decision"), Required: true, Options: []Option{{Text: c.T("bulletin.none_" + id), Selected: decision == ""}, {Value: "agreed", Text: c.T("bulletin.agreed"), Selected: decision == "agreed"}, {Value: "held", Text: c.T("bulletin.held"), Selected: decision == "held"}}}}
	left, err := c.s.cfg.Bulletin.Left(c.r.Context(), audience)
	if err != nil {
		return nil, err
	}
	if left != nil {
		view.Left = c.N("bulletin.left", left.Made, "Day", c.civilDay(left.Week), "Sent", c.Num(left.Sent))
	}
	if audience == bulletin.Members {
		issue.Calls = nil // each enterprise has its own
	}
	m := letters.Bulletin(string(c.Lang), "", *issue, "")
	view.Subject, view.Sections = m.Subject, m.Sections
	if len(m.Sections) == 0 {
		view.Nothing = c.T("bulletin.nothing_" + id)
	}
	return view, nil
}

func (c *call) editionState(e *bulletin.Edition) Tag {
	switch {
	case e.Decision == bulletin.Held:
		return Tag{Text: c.T("bulletin.state_held"), State: Missed}
	case e.Decision == bulletin.Agreed || e.Audience == bulletin.Members:
		return Tag{Text: c.T("bulletin.state_leaves"), State: Met}
	}
	return Tag{Text: c.T("bulletin.state_waits"), State: Partial}
}

func (c *call) readerRow(p bulletin.Reader) ReaderRow {
	row := ReaderRow{ID: strconv.FormatInt(int64(p.ID), 10), Email: p.Email, Why: or(p.Reason, c.T("bulletin.asked")), Where: or(c.perimeterWords(p.Territory), c.T("bulletin.everywhere")), State: Tag{Text: c.T("bulletin.reads"), State: Met}}
	switch {
	case !p.EndedAt.IsZero():
		row.State = Tag{Text: c.T("bulletin.ended", "Date", c.ShortDate(p.EndedAt)), State: Missed}
	case p.ConfirmedAt.IsZero():
		row.State = Tag{Text: c.T("bulletin.unconfirmed"), State: Unknown}
	}
	if p.SuspendedAt != nil {
		row.Silent = c.T("bounce.since", "When", c.When(*p.SuspendedAt, c.now)) + " · " + c.T("bounce.by_"+string(p.SuspendedBy))
	}
	return row
}

// decideBulletin writes what an association says of its next letter.
func (s *Server) decideBulletin(c *call) error {
	audience := bulletin.Audience(c.form("lettre"))
	revision, err := strconv.ParseInt(or(c.form("revision"), "0"), 10, 64)
	if err != nil {
		return fault.Stale()
	}
	return c.bulletinDone(s.cfg.Bulletin.Decide(c.r.Context(), audience, revision, c.form("mot"), bulletin.Decision(c.form("decision"))), string(audience), "bulletin_decided")
}

// changeReaders adds a partner, removes one, or says that the address of one works again.
func (s *Server) changeReaders(c *call) error {
	for _, gesture := range []struct {
		name, flash string
		do          func(context.Context, bulletin.PartnerID) error
	}{{"retirer", "reader_removed", s.cfg.Bulletin.Remove}, {"reprendre", "reader_resumed", s.cfg.Bulletin.Resume}} {
		text := c.form(gesture.name)
		if text == "" {
			continue
		}
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return fault.NotFound("partner", text)
		}
		if err := gesture.do(c.r.Context(), bulletin.PartnerID(id)); err != nil {
			return err
		}
		return c.to(bulletinPath+"#partenaires", gesture.flash)
	}
	r := bulletin.Request{Email: c.form("courriel"), Lang: c.form("langue"), Territory: c.form("territoire"), Reason: c.form("raison")}
	return c.bulletinDone(s.cfg.Bulletin.Add(c.r.Context(), r), "partenaires", "reader_added")
}

func (c *call) bulletinDone(err error, form, flash string) error {
	if err == nil {
		return c.to(bulletinPath+"#"+form, flash)
	}
	fields, general, ok := c.faults(err)
	if !ok {
		return err
	}
	errs := formErrors(fields, general)
	page, err := c.bulletinPage(form, errs)
	if err != nil {
		return err
	}
	return c.showForm(page, "bulletin", errs)
}

// SubscribePage is where anybody asks for the letter of an association.
type SubscribePage struct {
	Page
	Heading, Lead      string
	Action, Button     string // empty: nothing is left to do
	Email, From, Place Field
	Asks               bool
}

func (s *Server) subscribeForm(c *call) error {
	page, err := c.subscribePage(nil)
	if err != nil {
		return err
	}
	return c.show("subscribe", page)
}

func (c *call) subscribePage(errs map[string]string) (*SubscribePage, error) {
	all, err := c.s.cfg.Bulletin.Senders(c.r.Context())
	if err != nil {
		return nil, err
	}
	title := c.T("bulletin.subscribe")
	page := &SubscribePage{Page: c.page(title), Heading: title, Lead: c.T("bulletin.subscribe_lead"), Action: subscribePath, Button: c.T("bulletin.subscribe_do"), Asks: true,
		Email: Field{ID: "email", Name: "courriel", Kind: "email", Autocomplete: "email", Label: c.T("bulletin.email"), Value: c.form("courriel"), Required: true, Error: errs["email"]},
		From:  Field{ID: "organisation", Name: "association", Kind: "select", Label: c.T("bulletin.association"), Required: true, Error: errs["organisation"]},
		Place: Field{ID: "territory", Name: "territoire", Label: c.T("bulletin.where"), Hint: c.T("bulletin.where_hint"), Value: c.form("territoire"), Error: errs["territory"]}}
	for _, one := range all {
		id := strconv.FormatInt(one.ID, 10)
		page.From.Options = append(page.From.Options, Option{Value: id, Text: one.Name, Selected: c.form("association") == id})
	}
	page.Errors = summary(errs, "email", "organisation", "territory")
	return page, nil
}

// subscribe sends the letter to confirm; it says the same whoever asks.
func (s *Server) subscribe(c *call) error {
	organisation, err := strconv.ParseInt(c.form("association"), 10, 64)
	if err != nil {
		organisation = 0 // none of the list
	}
	err = s.cfg.Bulletin.Subscribe(c.r.Context(), organisation, bulletin.Request{Email: c.form("courriel"), Lang: string(c.Lang), Territory: c.form("territoire")})
	if err == nil {
		return c.show("subscribe", &SubscribePage{Page: c.page(c.T("bulletin.sent")), Heading: c.T("bulletin.sent"), Lead: c.T("bulletin.sent_lead")})
	}
	fields, general, ok := c.faults(err)
	if !ok {
		return err
	}
	errs := formErrors(fields, general)
	page, err := c.subscribePage(errs)
	if err != nil {
		return err
	}
	return c.showForm(page, "subscribe", errs)
}

// confirmForm asks before it subscribes: programs that open every link of a letter must not.
func (s *Server) confirmForm(c *call) error {
	c.secretPage()
	from, err := s.cfg.Bulletin.Asked(c.r.Context(), c.r.PathValue("secret"))
	if err != nil {
		return c.deadStop(err)
	}
	return c.show("subscribe", &SubscribePage{Page: c.page(c.T("bulletin.confirm_subject")), Heading: c.T("bulletin.confirm_subject"), Lead: c.T("bulletin.confirm_text", "Name", from), Action: subscribePath + "/confirmer/" + c.r.PathValue("secret"), Button: c.T("bulletin.confirm_do")})
}

func (s *Server) confirmReader(c *call) error {
	c.secretPage()
	if err := s.cfg.Bulletin.Confirm(c.r.Context(), c.r.PathValue("secret")); err != nil {
		return c.deadStop(err)
	}
	return c.show("subscribe", &SubscribePage{Page: c.page(c.T("bulletin.confirmed")), Heading: c.T("bulletin.confirmed"), Lead: c.T("bulletin.confirmed_lead")})
}

// stopBulletin asks before it ends letters of the week, or ends them.
func (s *Server) stopBulletin(c *call, secret string, end bool) error {
	ended := &StopPage{Page: c.page(c.T("letters.stopped")), Heading: c.T("letters.stopped"), Lead: c.T("bulletin.stopped"), Back: Link{c.T("nav.home"), "/"}}
	if end {
		if err := s.cfg.Bulletin.Stop(c.r.Context(), secret); err != nil {
			return c.deadStop(err)
		}
		return c.show("stop_letters", ended)
	}
	more, err := s.cfg.Bulletin.Stoppable(c.r.Context(), secret)
	switch {
	case err != nil:
		return c.deadStop(err)
	case !more:
		return c.show("stop_letters", ended)
	}
	return c.show("stop_letters", &StopPage{Page: c.page(c.T("letters.stop_title")), Heading: c.T("letters.stop_title"), Lead: c.T("bulletin.stop_text"), Action: stopPath + secret})
}
