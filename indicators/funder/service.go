package funder

import (
	"context"
	"fmt"
	"slices"
	"time"

	"maillage/indicators/compute"
	"maillage/indicators/figures"
	"maillage/internal/fault"
)

// Config is what the service needs. Now defaults to time.Now.
type Config struct {
	Figures *figures.Service
	Now     func() time.Time
}

// Service holds the one use case.
type Service struct {
	figures *figures.Service
	now     func() time.Time
}

// NewService makes a service.
func NewService(cfg Config) *Service {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Service{cfg.Figures, cfg.Now}
}

// Wanted is whose report, of which enterprise (0: the first one) and year (0: the
// latest whose exits were sent, else the latest).
type Wanted struct {
	Organisation int64
	Enterprise   int64
	Year         int
	Definition   compute.Definition
	Whole        bool // nothing hidden: for the enterprise's own eyes
}

// Report makes the report of a year. Where nothing of it was counted, or where the
// kind has no workers in insertion, it is fault.NotFound. Policy:
// accounts.ObservatoryOwn on the organisation.
func (s *Service) Report(ctx context.Context, w Wanted) (*Report, error) {
	years, err := s.figures.Own(ctx, w.Organisation)
	if err != nil {
		return nil, err
	}
	years = slices.DeleteFunc(years, func(o *figures.Own) bool { return !o.Kind.Insertion() })
	own := figures.Choose(years, w.Enterprise, w.Year)
	if own == nil {
		return nil, fault.NotFound("counted year", fmt.Sprint(w.Year))
	}
	r := &Report{Own: own, Definition: w.Definition, Protected: !w.Whole, Blocks: blocks(own, w.Definition), IssuedOn: s.now().UTC()}
	for _, o := range years {
		r.Choices = append(r.Choices, Choice{o.Enterprise, o.Kind, o.Year})
	}
	if r.Protected {
		hidden, err := protect(ctx, own)
		if err != nil {
			return nil, fmt.Errorf("protect the report of enterprise %d in %d: %w", own.Enterprise, own.Year, err)
		}
		r.hide(hidden)
	}
	r.share()
	r.Notes = notes(r)
	return r, nil
}

// hide leaves out the lines that bear on a hidden number of people.
func (r *Report) hide(hidden map[string]bool) {
	for b := range r.Blocks {
		for l := range r.Blocks[b].Lines {
			line := &r.Blocks[b].Lines[l]
			if line.Status == Shown && slices.ContainsFunc(line.cells, func(c string) bool { return hidden[c] }) {
				line.Status, line.Value = Hidden, nil
			}
		}
	}
}

// share computes the shares from what is shown: both the count and what it is out
// of. Where there is none, it says why.
func (r *Report) share() {
	for b := range r.Blocks {
		if !r.Blocks[b].Shares {
			continue
		}
		base := r.Blocks[b].Lines[0]
		for l := range r.Blocks[b].Lines {
			line := &r.Blocks[b].Lines[l]
			switch {
			case line.Status != Shown:
				line.without = noShare[line.Status]
			case base.Status != Shown:
				line.without = noShare[base.Status]
			case base.Value.Sign() == 0:
				line.without = noShare[Shown]
			default:
				line.Share = percent(line.Value, base.Value)
			}
		}
	}
}
