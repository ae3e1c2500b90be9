package fetch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// tedPage is how many notices a page of TED's search may have.
const tedPage = 250

// tedQuery is the body of a search (docs.ted.europa.eu, Search API). The
// iteration mode has no bound on how many notices are reached.
type tedQuery struct {
	Query  string   `json:"query"`
	Fields []string `json:"fields"`
	Limit  int      `json:"limit"`
	Scope  string   `json:"scope"`
	Mode   string   `json:"paginationMode"`
	Token  string   `json:"iterationNextToken,omitempty"`
}

type tedBody struct {
	Notices []tedNotice `json:"notices"`
	Total   *int        `json:"totalNoticeCount"`
	Token   string      `json:"iterationNextToken"`
}

type tedNotice struct {
	Number string `json:"publication-number"`
	Links  struct {
		XML map[string]string `json:"xml"`
	} `json:"links"`
}

// xml is where the notice is; MUL is the one for all languages.
func (n tedNotice) xml() string {
	for _, lang := range []string{"MUL", "FRA", "ENG"} {
		if link := n.Links.XML[lang]; link != "" {
			return link
		}
	}
	return ""
}

// ted brings the notices of French buyers published from first to last, both
// included: a search, page by page, then the XML of each notice.
func (c *Client) ted(ctx context.Context, address string, first, last time.Time, take Take) error {
	query := tedQuery{
		Query: fmt.Sprintf("buyer-country=FRA AND publication-date>=%s AND publication-date<=%s SORT BY publication-number",
			first.Format("20060102"), last.Format("20060102")),
		Fields: []string{"publication-number", "links"}, Limit: tedPage, Scope: "ALL", Mode: "ITERATION",
	}
	going := &misses{}
	for seen := 0; ; {
		page, err := c.tedPage(ctx, address, query, take)
		if err != nil {
			return err
		}
		for _, n := range page.Notices {
			if err := c.one(ctx, "notice "+n.Number, n.xml(), going, take); err != nil {
				return err
			}
		}
		seen += len(page.Notices)
		if seen >= *page.Total {
			return going.end()
		}
		if len(page.Notices) == 0 || page.Token == "" || page.Token == query.Token {
			return fmt.Errorf("%s gives %d notices of %d", address, seen, *page.Total)
		}
		query.Token = page.Token
	}
}

// tedPage makes one search; an answer of another schema, or cut, is handed over,
// to be kept with its reason.
func (c *Client) tedPage(ctx context.Context, address string, query tedQuery, take Take) (page tedBody, err error) {
	post, err := json.Marshal(query)
	if err != nil {
		return page, fmt.Errorf("encode a search of TED: %w", err)
	}
	b, err := c.Download(ctx, Request{URL: address, Post: post, Max: maxPage})
	if err != nil {
		return page, err
	}
	defer b.Close()
	err = decode(b, &page)
	if err == nil {
		err = page.check(b.Name)
	}
	if kept(err) {
		err = errors.Join(err, take(ctx, b))
	}
	return page, err
}

func (p tedBody) check(name string) error {
	if p.Total == nil || p.Notices == nil {
		return &SchemaError{name, "no totalNoticeCount, or no notices"}
	}
	for _, n := range p.Notices {
		if n.xml() != "" {
			return nil
		}
	}
	if len(p.Notices) > 0 {
		return &SchemaError{name, fmt.Sprintf("notice %q has no link to its XML, nor any other", p.Notices[0].Number)}
	}
	return nil
}
