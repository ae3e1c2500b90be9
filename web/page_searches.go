package web

import (
	"io"
	"net/url"
	"strconv"

	"maillage/accounts"
	"maillage/nomenclatures"
	"maillage/opportunities"
)

// SearchesPage is what somebody follows.
type SearchesPage struct {
	Page
	Heading, Lead string
	Feeds         *SearchFeeds // of the link just drawn: shown once
	Letters       LetterNote
	Rows          []SearchRow
	Empty         Empty
}

// SearchFeeds are the secret addresses of a search.
type SearchFeeds struct{ Name, Calendar, News, Table string }

// SearchRow is a saved search.
type SearchRow struct {
	ID, Title, Href, Said, Open string
	Linked                      bool
	Every                       string // how often its news are written, in words
	Name, Rhythm                Field
}

// SaveSearch is the gesture of the list that keeps its filters; Action is empty where nobody is signed in.
type SaveSearch struct {
	Action string
	Rhythm Field
}

func (c *call) saveSearch() SaveSearch {
	if !c.may(accounts.AccountChange) {
		return SaveSearch{}
	}
	q := c.r.URL.Query()
	for _, name := range []string{"apres", "tri", "remise"} {
		q.Del(name)
	}
	save := SaveSearch{Action: "/recherches", Rhythm: c.letterRhythm("rythme", opportunities.Weekly)}
	if len(q) > 0 {
		save.Action += "?" + q.Encode()
	}
	return save
}

func (s *Server) searches(c *call) error { return c.searchesPage(nil) }

func (c *call) searchesPage(feeds *SearchFeeds) error {
	rows, err := c.s.cfg.Opportunities.Searches(c.r.Context())
	if err != nil {
		return err
	}
	title := c.T("searches.title")
	page := &SearchesPage{Page: c.page(title, Crumb{c.T("opps.title"), "/marches"}, Crumb{Text: title}), Heading: title, Lead: c.T("searches.lead"), Feeds: feeds,
		Empty: Empty{Title: c.T("searches.none"), Text: c.T("searches.none_text"), Actions: []Link{{c.T("searches.go"), "/marches"}}}}
	for _, row := range rows {
		view, err := c.searchRow(row)
		if err != nil {
			return err
		}
		page.Rows = append(page.Rows, view)
	}
	if page.Letters, err = c.letterNote(); err != nil {
		return err
	}
	return c.show("searches", page)
}

func (c *call) searchRow(row opportunities.Search) (SearchRow, error) {
	f, err := row.Criteria.Filter()
	if err != nil {
		return SearchRow{}, err
	}
	counts, err := c.s.cfg.Opportunities.Counts(c.r.Context(), f)
	if err != nil {
		return SearchRow{}, err
	}
	id := strconv.FormatInt(int64(row.ID), 10)
	return SearchRow{ID: id, Title: row.Name, Href: searchPath(row.Criteria), Said: c.criteriaWords(row.Criteria), Open: c.N("searches.open", counts.Open), Linked: row.Link != "",
		Every: c.T("letters.every." + string(row.Frequency)), Rhythm: c.letterRhythm("rythme-"+id, row.Frequency),
		Name: Field{ID: "nom-" + id, Name: "nom", Label: c.T("searches.name"), Value: row.Name, Required: true}}, nil
}

// searchPath is the list that a search keeps.
func searchPath(c opportunities.Criteria) string {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	set("quoi", c.Text)
	set("ou", c.Territory)
	for _, code := range c.Codes {
		set("secteur", code.Value)
	}
	for _, v := range c.Verdicts {
		set("clause", string(v))
	}
	for _, k := range c.Kinds {
		set("nature", string(k))
	}
	link := url.URL{Path: "/marches", RawQuery: q.Encode()}
	return link.String()
}

// criteriaWords says what a search keeps.
func (c *call) criteriaWords(k opportunities.Criteria) string {
	words := k.Text
	for _, code := range k.Codes {
		if sector, ok := nomenclatures.LookupSector(nomenclatures.Sector(code.Value)); ok {
			words = joined(" · ", words, sector.Label(string(c.Lang)))
		}
	}
	words = joined(" · ", words, c.perimeterWords(k.Territory))
	for _, v := range k.Verdicts {
		words = joined(" · ", words, c.T("clause."+string(v)))
	}
	for _, kind := range k.Kinds {
		words = joined(" · ", words, c.T("kind."+string(kind)))
	}
	return or(words, c.T("searches.all"))
}

// keepSearch saves the filters of the address under a name made of them.
func (s *Server) keepSearch(c *call) error {
	f, err := c.understood()
	if err != nil {
		return err
	}
	criteria := opportunities.CriteriaOf(f)
	if _, err := s.cfg.Opportunities.SaveSearch(c.r.Context(), clip(c.criteriaWords(criteria), 100), criteria, opportunities.Frequency(or(c.form("rythme"), string(opportunities.Silent)))); err != nil {
		return err
	}
	return c.to("/recherches", "search_saved")
}

// changeSearch does what the button says.
func (s *Server) changeSearch(c *call) error {
	n, err := c.id("id")
	if err != nil {
		return err
	}
	id, ctx := opportunities.SearchID(n), c.r.Context()
	switch c.form("faire") {
	case "supprimer":
		if err := s.cfg.Opportunities.DeleteSearch(ctx, id); err != nil {
			return err
		}
		return c.to("/recherches", "search_deleted")
	case "lien":
		secret, err := s.cfg.Opportunities.LinkSearch(ctx, id)
		if err != nil {
			return err
		}
		return c.showFeeds(secret)
	case "fermer":
		if err := s.cfg.Opportunities.UnlinkSearch(ctx, id); err != nil {
			return err
		}
		return c.to("/recherches", "search_unlinked")
	}
	if err := s.cfg.Opportunities.SetSearch(ctx, id, c.form("nom"), opportunities.Frequency(c.form("rythme"))); err != nil {
		return err
	}
	return c.to("/recherches", "search_changed")
}

// showFeeds gives the secret addresses, this once.
func (c *call) showFeeds(secret string) error {
	row, err := c.s.cfg.Opportunities.SearchByLink(c.r.Context(), secret)
	if err != nil {
		return err
	}
	c.w.Header().Set("Cache-Control", "no-store")
	base := c.outlet("", "").Site + "/flux/" + secret
	return c.searchesPage(&SearchFeeds{Name: row.Name, Calendar: base + "/echeances.ics", News: base + "/marches.atom", Table: base + "/marches.csv"})
}

// linked finds what the secret of the address opens. The page of the list, not
// the secret, is what a feed links to.
func (c *call) linked() (opportunities.Filter, opportunities.Outlet, error) {
	row, err := c.s.cfg.Opportunities.SearchByLink(c.r.Context(), c.r.PathValue("secret"))
	if err != nil {
		return opportunities.Filter{}, opportunities.Outlet{}, err
	}
	f, err := row.Criteria.Filter()
	return f, c.outlet("Maillage · "+row.Name, searchPath(row.Criteria)), err
}

func (s *Server) searchCalendar(c *call) error {
	f, out, err := c.linked()
	if err != nil {
		return err
	}
	return c.calendar(f, out)
}

func (s *Server) searchNews(c *call) error {
	f, out, err := c.linked()
	if err != nil {
		return err
	}
	return c.atom(f, out)
}

func (s *Server) searchTable(c *call) error {
	f, out, err := c.linked()
	if err != nil {
		return err
	}
	items, err := c.all(f, tableMost)
	if err != nil {
		return err
	}
	return c.send("text/csv; charset=utf-8; header=present", func(w io.Writer) error { return opportunities.WriteCSV(w, out, items) })
}
