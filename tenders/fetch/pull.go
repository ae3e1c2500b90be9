package fetch

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Kind is how a source is asked.
type Kind string

// The kinds of sources.
const (
	BOAMP  Kind = "boamp"  // the Explore v2.1 interface of the BOAMP
	TED    Kind = "ted"    // the search interface v3 of TED
	DECP   Kind = "decp"   // a file of essential data, at an address
	OCDS   Kind = "ocds"   // release packages, at an address
	Folder Kind = "folder" // files on this machine
)

// Kinds lists the kinds.
func Kinds() []Kind { return []Kind{BOAMP, TED, DECP, OCDS, Folder} }

// Address is where a kind is published, when there is one place only.
func (k Kind) Address() string {
	switch k {
	case BOAMP:
		return "https://boamp-datadila.opendatasoft.com/api/explore/v2.1/catalog/datasets/boamp/records"
	case TED:
		return "https://api.ted.europa.eu/v3/notices/search"
	}
	return ""
}

// Feed is a source to ask.
type Feed struct {
	Kind Kind
	// URL is its address, or the path of a folder.
	URL string
	// First is the day where the very first run begins; ignored without days.
	First time.Time
}

// Cursor is where the next run begins. The zero value begins at the feed's first day.
type Cursor struct {
	// Day is the last day of publication that was wholly received.
	Day string `json:"day,omitempty"`
	// Stamp and Digest tell the version of a file or folder.
	Stamp
	Digest string `json:"digest,omitempty"`
	// Page is where a list of several pages goes on; empty: at its beginning.
	Page string `json:"page,omitempty"`
	// Lost are the bodies behind the cursor that could not be had yet.
	Lost []Lost `json:"lost,omitempty"`
}

// Take is given each body, in order; its error stops the run. Of a body that
// ends before its end it took what there was, and says ErrCut.
type Take func(ctx context.Context, b *Body) error

// maxDays bounds the days of one run, so that a backlog is taken in runs that
// end, each keeping its cursor; overlap is the days asked again, because the
// publishers complete the last ones after the fact.
const (
	maxDays = 31
	overlap = 2
)

// Pull asks a feed for what is new since a cursor and hands each body to take.
// It gives the cursor of the next run: with an error, that of the last slice
// that was wholly taken, so that nothing is skipped and little is asked twice.
// More says that the feed holds more than one run takes.
func (c *Client) Pull(ctx context.Context, feed Feed, from Cursor, take Take) (next Cursor, more bool, err error) {
	switch feed.Kind {
	case BOAMP:
		return c.days(ctx, feed, from, func(first, last time.Time) error { return c.boamp(ctx, feed.URL, first, last, take) })
	case TED:
		lost, err := c.again(ctx, from.Lost, take)
		if err != nil {
			return from, true, err
		}
		note := noting(&lost, take)
		next, more, err = c.days(ctx, feed, from, func(first, last time.Time) error { return c.ted(ctx, feed.URL, first, last, note) })
		next.Lost = lost
		return next, more, err
	case DECP:
		next, err = c.document(ctx, feed.URL, from, take)
		return next, false, err
	case OCDS:
		return c.packages(ctx, feed.URL, from, take)
	case Folder:
		next, err = c.folder(ctx, feed.URL, from, take)
		return next, false, err
	}
	return from, false, fmt.Errorf("the kind %q of source is not known", feed.Kind)
}

const day = time.DateOnly

// days cuts what is due in slices of a week, and moves the cursor after each.
func (c *Client) days(ctx context.Context, feed Feed, from Cursor, slice func(first, last time.Time) error) (Cursor, bool, error) {
	today := dayOf(c.cfg.Now())
	first := dayOf(feed.First)
	if feed.First.IsZero() {
		first = today.AddDate(0, 0, -7)
	}
	if from.Day != "" {
		at, err := time.Parse(day, from.Day)
		if err != nil {
			return from, false, fmt.Errorf("read the cursor %q: %w", from.Day, err)
		}
		first = at.AddDate(0, 0, 1-overlap)
	}
	last := today
	if bound := first.AddDate(0, 0, maxDays-1); bound.Before(last) {
		last = bound
	}
	for at := first; !at.After(last); at = at.AddDate(0, 0, 7) {
		end := at.AddDate(0, 0, 6)
		if end.After(last) {
			end = last
		}
		if err := errors.Join(ctx.Err()); err != nil {
			return from, true, err
		}
		if err := slice(at, end); err != nil {
			return from, true, err
		}
		from.Day = max(from.Day, end.Format(day))
	}
	return from, last.Before(today), nil
}

func dayOf(t time.Time) time.Time {
	y, m, d := t.UTC().Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// document asks for one file, unless the server holds the version that is known.
func (c *Client) document(ctx context.Context, address string, from Cursor, take Take) (Cursor, error) {
	b, err := c.Download(ctx, Request{URL: address, Since: from.Stamp})
	if err != nil {
		return from, err
	}
	defer b.Close()
	if b.Unchanged {
		return from, nil
	}
	sum, err := digestOf(b.Path)
	if err != nil {
		return from, err
	}
	if sum != from.Digest { // servers without ETag
		if err := take(ctx, b); err != nil {
			return from, err
		}
	}
	return Cursor{Stamp: b.Stamp, Digest: sum}, nil
}

func digestOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("read %s: %w", path, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// folder hands over the files under a path when any of them is new, gone or
// another: their dates alone would miss a file that was moved there.
func (c *Client) folder(ctx context.Context, root string, from Cursor, take Take) (Cursor, error) {
	h := sha256.New()
	var files []*Body
	err := filepath.WalkDir(filepath.Clean(root)+string(filepath.Separator), func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.Name()[0] == '.' && entry.Name() != "." && path != root:
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case !entry.Type().IsRegular():
			return ctx.Err()
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		fmt.Fprintf(h, "%q %d %d\n", path, info.Size(), info.ModTime().UnixNano())
		files = append(files, &Body{Name: path, Path: path, Size: info.Size()})
		return ctx.Err()
	})
	if err != nil {
		return from, fmt.Errorf("read the folder %s: %w", root, err)
	}
	next := Cursor{Digest: hex.EncodeToString(h.Sum(nil))}
	if next.Digest == from.Digest {
		return from, nil
	}
	for _, b := range files {
		if err := take(ctx, b); err != nil {
			return from, err
		}
	}
	return next, nil
}

// decode reads a JSON body of an interface, within what a page may have.
func decode(b *Body, into any) error {
	raw, err := os.ReadFile(b.Path)
	if err != nil {
		return fmt.Errorf("read %s: %w", b.Name, err)
	}
	err = json.Unmarshal(raw, into)
	switch {
	case err == nil:
		return nil
	case stops(raw):
		return fmt.Errorf("read %s: %w", b.Name, ErrCut)
	}
	return &SchemaError{b.Name, "it is no JSON of the known shape: " + err.Error()}
}

// stops tells a text whose first JSON value has no end.
func stops(raw []byte) bool {
	var value json.RawMessage
	return errors.Is(json.NewDecoder(bytes.NewReader(raw)).Decode(&value), io.ErrUnexpectedEOF)
}

// maxPage bounds a page of an interface, in bytes; a hundred full BOAMP records
// have about 5 MB.
const maxPage = 64 << 20
