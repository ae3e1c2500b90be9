package opportunities

import (
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Latest gives what a filter chooses that changed after an instant, the last
// changed first.
func (s *Service) Latest(ctx context.Context, f Filter, since time.Time, limit int) ([]*Opportunity, error) {
	keep, err := s.chooser(f)
	if err != nil {
		return nil, err
	}
	size := limit
	if keep != nil {
		size = chunk
	}
	out := []*Opportunity{}
	for skip := 0; ; skip += size {
		var rows []*Opportunity
		q := s.query(f).Where("op.updated_at > ?", since.UTC()).Order("op.updated_at DESC", "op.id DESC").Limit(int64(size)).Offset(int64(skip))
		if err := q.Scan(ctx, &rows); err != nil {
			return nil, fmt.Errorf("read the latest opportunities: %w", err)
		}
		batch, err := s.kept(ctx, rows, keep)
		if err != nil {
			return nil, fmt.Errorf("read the latest opportunities: %w", err)
		}
		out = append(out, batch...)
		if len(out) >= limit || len(rows) < size {
			return out[:min(limit, len(out))], nil
		}
	}
}

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  string      `xml:"author>name"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID        string   `xml:"id"`
	Title     string   `xml:"title"`
	Updated   string   `xml:"updated"`
	Published string   `xml:"published,omitempty"`
	Link      atomLink `xml:"link"`
	Summary   string   `xml:"summary"`
}

// WriteAtom writes opportunities as an Atom feed (RFC 4287). An entry keeps its
// identifier for life and is dated of its last change; the feed is dated of its
// latest entry, so that the same opportunities give the same bytes.
func WriteAtom(w io.Writer, f Outlet, items []*Opportunity) error {
	feed := atomFeed{Lang: f.say("fr", "en"), ID: f.Site + f.Self, Title: f.Name, Author: "Maillage", Links: []atomLink{
		{Rel: "self", Type: "application/atom+xml", Href: f.Site + f.Self}, {Rel: "alternate", Type: "text/html", Href: f.Site + f.Link}}}
	latest := time.Unix(0, 0)
	for _, o := range items {
		if o.UpdatedAt.After(latest) {
			latest = o.UpdatedAt
		}
		feed.Entries = append(feed.Entries, f.entry(o))
	}
	feed.Updated = latest.UTC().Format(time.RFC3339)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("write a feed: %w", err)
	}
	if err := xml.NewEncoder(w).Encode(feed); err != nil {
		return fmt.Errorf("write a feed: %w", err)
	}
	return nil
}

func (f Outlet) entry(o *Opportunity) atomEntry {
	e := atomEntry{ID: "tag:" + f.host() + ",2026:opportunity/" + strconv.FormatInt(int64(o.ID), 10), Title: o.Title,
		Updated: o.UpdatedAt.UTC().Format(time.RFC3339), Link: atomLink{Rel: "alternate", Type: "text/html", Href: f.page(o.ID)}, Summary: f.summary(o)}
	if o.PublishedAt != nil {
		e.Published = o.PublishedAt.UTC().Format(time.RFC3339)
	}
	if o.Kind == Expected {
		e.Title = f.say("Appel attendu, non publié : ", "Expected call, not published: ") + e.Title
	}
	if o.State == Cancelled {
		e.Title = f.say("Annulé : ", "Cancelled: ") + e.Title
	}
	return e
}

// summary is the buyer, the place and the deadline, of those that are known; of
// hours to fill after an award, who holds the contract, how many and until when.
func (f Outlet) summary(o *Opportunity) string {
	text := o.BuyerName
	add := func(part string) {
		if part != "" && text != "" {
			text += " · "
		}
		text += part
	}
	if o.Insertion != nil {
		add(f.say("titulaire : ", "holder: ") + strings.Join(o.Insertion.Names(), ", "))
		if hours := f.plainHours(o); hours != "" {
			add(hours + " h")
		}
	}
	add(f.place(o.Place))
	if day := o.endOfHours(); day != "" {
		add(f.say("jusqu’au ", "until ") + f.day(day))
	}
	if o.Deadline != nil {
		due := f.instant(*o.Deadline)
		if o.DeadlineRaw.Wall != "" {
			due = f.day(o.DeadlineRaw.Wall[:min(10, len(o.DeadlineRaw.Wall))])
		}
		add(f.say("date limite ", "deadline ") + due)
	}
	return text
}
