package fetch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
)

// One body of a source that can't be had is told and left behind; when several
// can't, one after the other, it is the server that fails, and the run stops.
const (
	mostRefused = 20 // bodies in a row that the server says it has not
	mostFailing = 3  // bodies in a row for which it gives no answer of use
)

// misses counts the bodies of a slice that were not had.
type misses struct {
	had     int
	refused int // in a row
	failing int // in a row
	last    error
}

// one brings one body of many and hands it over, or hands over why it can't be
// had: a Body with Lost. One that was cut is handed over, then lost. Its error
// stops the run.
func (c *Client) one(ctx context.Context, what, address string, going *misses, take Take) error {
	b, err := c.Download(ctx, Request{URL: address, Max: maxPage})
	if err == nil {
		defer b.Close()
		err = take(ctx, b)
	}
	switch {
	case err == nil:
		*going = misses{had: going.had + 1}
		return nil
	case b != nil && !errors.Is(err, ErrCut):
		return err
	}
	err = fmt.Errorf("%s: %w", what, err)
	if ctx.Err() != nil || errors.Is(err, errDisk) || busy(err) || going.missed(err) {
		return err
	}
	return take(ctx, &Body{Name: cmp.Or(address, what), Lost: err})
}

// busy tells a server that asks everybody to wait.
func busy(err error) bool {
	var status *StatusError
	return errors.As(err, &status) && status.Status == http.StatusTooManyRequests
}

// missed counts one more, and tells whether the server is to blame.
func (m *misses) missed(err error) bool {
	if m.last = err; again(err) {
		m.failing++
	} else {
		m.refused++
	}
	return m.failing >= mostFailing || m.refused >= mostRefused
}

// end is the error of a slice of which nothing came, for want of an answer.
func (m *misses) end() error {
	if m.had == 0 && m.failing > 0 {
		return m.last
	}
	return nil
}

// Lost is a body that could not be had, to be asked for again.
type Lost struct {
	URL   string `json:"url"`
	Tries int    `json:"tries"`
}

// A lost body is asked for in so many runs, the first included; so many are
// kept in mind.
const (
	mostTries = 10
	mostLost  = 500
)

// again asks once more for what earlier runs could not have, and tells what is
// still to be had later.
func (c *Client) again(ctx context.Context, list []Lost, take Take) (left []Lost, err error) {
	going := &misses{}
	for _, l := range list {
		err := c.one(ctx, "asked again", l.URL, going, func(ctx context.Context, b *Body) error {
			if b.Lost != nil && l.Tries+1 < mostTries {
				left = append(left, Lost{URL: l.URL, Tries: l.Tries + 1})
			}
			return take(ctx, b)
		})
		if err != nil {
			return list, err
		}
	}
	return left, nil
}

// noting hands over as take does, and adds to list what is lost.
func noting(list *[]Lost, take Take) Take {
	return func(ctx context.Context, b *Body) error {
		known := slices.ContainsFunc(*list, func(l Lost) bool { return l.URL == b.Name })
		if _, err := CheckURL(b.Name); b.Lost != nil && !known && err == nil && len(*list) < mostLost {
			*list = append(*list, Lost{URL: b.Name, Tries: 1})
		}
		return take(ctx, b)
	}
}
