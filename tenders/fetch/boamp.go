package fetch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"
)

// The bounds of the Explore v2.1 interface: records of a page, and offset plus
// limit of a query.
const (
	boampPage  = 100
	boampReach = 10_000
)

// boampBody is what a page of the interface must hold.
type boampBody struct {
	Total   *int              `json:"total_count"`
	Results []json.RawMessage `json:"results"`
}

// boamp brings the notices published from first to last, both included. A slice
// that holds more than the interface lets one reach is halved; a single day
// over it is refused, because its end could not be had.
func (c *Client) boamp(ctx context.Context, address string, first, last time.Time, take Take) error {
	before := ""
	for offset, total := 0, 1; offset < total; {
		page, err := boampURL(address, first, last, offset)
		if err != nil {
			return err
		}
		b, err := c.Download(ctx, Request{URL: page, Max: maxPage})
		if err != nil {
			return err
		}
		got, err := c.boampPage(ctx, b, offset, before, take)
		_ = b.Close()
		if err != nil {
			return err
		}
		if got.total >= boampReach {
			return c.boampHalves(ctx, address, first, last, got.total, take)
		}
		// A server may give fewer than were asked: what is passed is what came.
		offset, total, before = offset+got.records, got.total, got.first
	}
	return nil
}

func (c *Client) boampHalves(ctx context.Context, address string, first, last time.Time, total int, take Take) error {
	days := int(last.Sub(first) / (24 * time.Hour))
	if days == 0 {
		return fmt.Errorf("%s holds %d notices of %s, over the %d that its interface gives", address, total, first.Format(day), boampReach)
	}
	middle := first.AddDate(0, 0, days/2)
	if err := c.boamp(ctx, address, first, middle, take); err != nil {
		return err
	}
	return c.boamp(ctx, address, middle.AddDate(0, 0, 1), last, take)
}

// boampGot is what a page brought: its records, of how many, and the idweb of
// the first one that has one.
type boampGot struct {
	records, total int
	first          string
}

// boampPage checks a page and hands it over; before is the first idweb of the
// page before it. A page of another schema, or cut, is handed over too, so that
// its text is kept with the reason.
func (c *Client) boampPage(ctx context.Context, b *Body, offset int, before string, take Take) (boampGot, error) {
	var page boampBody
	err := decode(b, &page)
	got := boampGot{records: len(page.Results), first: page.first()}
	if err == nil {
		err = page.check(b.Name, offset)
	}
	if kept(err) {
		return got, errors.Join(err, take(ctx, b))
	}
	if err != nil {
		return got, err
	}
	if got.total = *page.Total; got.total >= boampReach || got.records == 0 {
		return got, nil
	}
	if got.first == before {
		return got, fmt.Errorf("%s gives at %d the records of the page before", b.Name, offset)
	}
	return got, take(ctx, b)
}

// kept tells an answer that can't be gone on with, and is worth keeping.
func kept(err error) bool {
	var changed *SchemaError
	return errors.As(err, &changed) || errors.Is(err, ErrCut)
}

// check tells a page of the known schema: a count, records, and an idweb in
// one of them at least.
func (p boampBody) check(name string, offset int) error {
	if p.Total == nil || *p.Total < 0 || p.Results == nil {
		return &SchemaError{name, "no total_count, or no results"}
	}
	if len(p.Results) == 0 && offset < *p.Total {
		return fmt.Errorf("%s gives no record at %d of %d", name, offset, *p.Total)
	}
	if len(p.Results) > 0 && p.first() == "" {
		return &SchemaError{name, "no record has an idweb"}
	}
	return nil
}

// first is the first idweb of a page.
func (p boampBody) first() string {
	for _, raw := range p.Results {
		var record struct {
			ID string `json:"idweb"`
		}
		if json.Unmarshal(raw, &record) == nil && record.ID != "" {
			return record.ID
		}
	}
	return ""
}

func boampURL(address string, first, last time.Time, offset int) (string, error) {
	u, err := CheckURL(address)
	if err != nil {
		return "", err
	}
	q := u.Query()
	where := fmt.Sprintf("dateparution >= date'%s' and dateparution <= date'%s'", first.Format(day), last.Format(day))
	if own := q.Get("where"); own != "" {
		where = "(" + own + ") and " + where
	}
	q.Set("where", where)
	q.Set("order_by", "dateparution,idweb")
	q.Set("limit", strconv.Itoa(min(boampPage, boampReach-offset)))
	q.Set("offset", strconv.Itoa(offset))
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath, RawQuery: q.Encode()}).String(), nil
}
