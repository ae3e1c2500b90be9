package fetch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
)

// mostPackages bounds the pages of one run: a longer list goes on at the next.
const mostPackages = 500

// packages brings a release package, and those that follow it where its links
// say so (OCDS 1.1, package metadata: links.next). A package alone is asked for
// once a version, as any document. A list is taken whole at each run, page after
// page, because what has changed may be on any of them; its import changes
// nothing where nothing is new.
func (c *Client) packages(ctx context.Context, address string, from Cursor, take Take) (Cursor, bool, error) {
	if from.Page == "" {
		next := ""
		cursor, err := c.document(ctx, address, from, func(ctx context.Context, b *Body) (err error) {
			next, err = takePackage(ctx, b, address, take)
			return err
		})
		if err != nil || next == "" {
			return cursor, false, err
		}
		from.Page = next
	}
	seen := map[string]bool{address: true}
	for range mostPackages {
		if seen[from.Page] {
			return from, true, &SchemaError{from.Page, "its pages lead back to one of them"}
		}
		seen[from.Page] = true
		next, err := c.onePackage(ctx, from.Page, address, take)
		if err != nil {
			return from, true, err
		}
		if next == "" {
			return Cursor{}, false, nil // without the version of the first page: the others may change alone
		}
		from.Page = next
	}
	return from, true, nil
}

func (c *Client) onePackage(ctx context.Context, page, feed string, take Take) (next string, err error) {
	b, err := c.Download(ctx, Request{URL: page})
	if err != nil {
		return "", err
	}
	defer b.Close()
	return takePackage(ctx, b, feed, take)
}

// takePackage hands a package over and gives the address of the next. One that
// is cut is handed over and asked again: the link to the next may be in what is
// missing.
func takePackage(ctx context.Context, b *Body, feed string, take Take) (next string, err error) {
	next, err = nextPackage(b, feed)
	if err != nil && !errors.Is(err, ErrCut) {
		return "", err
	}
	return next, errors.Join(err, take(ctx, b))
}

// nextPackage is the address of the page after a package, of the same server as
// the feed; "" for the last one, and for a file too large to be a page.
func nextPackage(b *Body, feed string) (string, error) {
	if b.Size > maxPage {
		return "", nil
	}
	raw, err := os.ReadFile(b.Path)
	if err != nil {
		return "", fmt.Errorf("read %s: %w", b.Name, err)
	}
	var page struct {
		Links struct {
			Next string `json:"next"`
		} `json:"links"`
	}
	if json.Unmarshal(raw, &page) != nil && stops(raw) {
		return "", fmt.Errorf("read %s: %w", b.Name, ErrCut)
	}
	// Lines, an archive, a list of packages have no page after them: the reader tells what it is.
	if page.Links.Next == "" {
		return "", nil
	}
	at, err := url.Parse(b.Name)
	if err != nil {
		return "", fmt.Errorf("read the address %s: %w", b.Name, err)
	}
	next, err := at.Parse(page.Links.Next)
	home, wrong := url.Parse(feed)
	if err != nil || wrong != nil || next.Scheme != home.Scheme || next.Host != home.Host {
		return "", &SchemaError{b.Name, "its next page is not of this server"}
	}
	return next.String(), nil
}
