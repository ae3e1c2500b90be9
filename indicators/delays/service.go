package delays

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/territories"
)

// Config is what the service needs. Now defaults to time.Now.
type Config struct {
	Store *store.Store
	Atlas *territories.Atlas
	Now   func() time.Time
}

// Service holds the one use case.
type Service struct {
	store *store.Store
	atlas *territories.Atlas
	now   func() time.Time
}

// NewService makes a service.
func NewService(cfg Config) *Service {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Service{cfg.Store, cfg.Atlas, cfg.Now}
}

// Wanted is which time, of where, and how it is grouped.
type Wanted struct {
	Topic     Topic
	By        By
	Perimeter bool // of the officer's own; else of the federation
}

// Look estimates a time. The federation, whole or by kind, is everybody's
// (accounts.StatisticsRead); places and the perimeter are officers' and
// administrators' (accounts.ObservatoryTimes). A topic or a grouping that is not
// known is fault.Invalid.
func (s *Service) Look(ctx context.Context, w Wanted) (*Delay, error) {
	who := accounts.From(ctx)
	if err := accounts.Permits(who, w.action()); err != nil {
		return nil, err
	}
	if !slices.Contains(Topics(), w.Topic) || !slices.Contains([]By{Together, ByKind, ByRegion, ByDepartement}, w.By) {
		return nil, fault.Invalid(fault.At("query.topic", "unknown", "Un délai et un regroupement de la liste.", "A time and a grouping of the list."))
	}
	now := s.now().UTC()
	waits, err := s.waits(ctx, w.Topic, now)
	if err != nil {
		return nil, fmt.Errorf("read the waits of %s: %w", w.Topic, err)
	}
	d := &Delay{Topic: w.Topic, By: w.By, Perimeter: w.Perimeter, At: now}
	code, wholes := s.coded(w.By), s.wholes(w.By)
	if w.Perimeter || who.Role == accounts.Officer && w.action() == accounts.ObservatoryTimes {
		if w.By == ByKind { // everybody reads the kinds of the federation
			wholes = append(wholes, code)
		}
		code = s.inside(who.Perimeter, code)
		for _, whole := range s.wholes(w.By) {
			wholes = append(wholes, s.inside(who.Perimeter, whole))
		}
	}
	d.Groups, err = grouped(w.Topic, waits, code, wholes...)
	d.Groups = slices.DeleteFunc(d.Groups, func(g Group) bool { return strings.HasPrefix(g.Code, elsewhere) })
	return d, err
}

// wholes are what a grouping parts that is told too: everything, and of a
// département its region.
func (s *Service) wholes(by By) []coder {
	out := []coder{s.coded(Together)}
	if by == ByDepartement {
		out = append(out, s.coded(ByRegion))
	}
	return out
}

func (s *Service) inside(perimeter *territories.Set, code coder) coder {
	return func(w wait) string {
		if !s.within(perimeter, w.commune) {
			return elsewhere + code(w)
		}
		return code(w)
	}
}

// action is what the policy decides on.
func (w Wanted) action() accounts.Action {
	if w.Perimeter || w.By == ByRegion || w.By == ByDepartement {
		return accounts.ObservatoryTimes
	}
	return accounts.StatisticsRead
}

func (s *Service) waits(ctx context.Context, t Topic, now time.Time) ([]wait, error) {
	switch t {
	case FirstAnswer:
		return s.firstAnswers(ctx, now)
	case EmployerAnswer:
		return s.employerAnswers(ctx, now)
	}
	return s.journeys(ctx)
}

// within tells whether a commune of today is in a perimeter.
func (s *Service) within(perimeter *territories.Set, code string) bool {
	ord, known := s.atlas.Ordinal(territories.CommuneCode(code))
	return known && perimeter != nil && perimeter.Contains(ord)
}

// coded gives the group of a wait; what is not placed is a group of its own.
func (s *Service) coded(by By) coder {
	place := func(w wait) territories.Commune {
		ord, known := s.atlas.Ordinal(territories.CommuneCode(w.commune))
		if !known {
			return territories.Commune{}
		}
		return *s.atlas.Commune(ord)
	}
	switch by {
	case ByKind:
		return func(w wait) string { return string(w.kind) }
	case ByRegion:
		return func(w wait) string { return place(w).Region }
	case ByDepartement:
		return func(w wait) string { return place(w).Departement }
	}
	return func(wait) string { return "" }
}

// contributor is whom a wait is of: the economic group, or the organisation alone. A
// key of a group is no number of an organisation.
func contributor(group string, id int64) string {
	if group != "" {
		return "g:" + group
	}
	return fmt.Sprintf("o:%d", id)
}

// firstAnswers are the opportunities proposed to members. Past its deadline, or
// once it is closed or cancelled, nobody can answer one any more: it ended otherwise.
func (s *Service) firstAnswers(ctx context.Context, now time.Time) ([]wait, error) {
	rows, err := proposedLots(ctx, s.store.Read())
	out := make([]wait, 0, len(rows))
	for _, r := range rows {
		w := wait{id: r.Opportunity, contributor: contributor(r.Group, r.Organisation), kind: r.Kind, commune: r.Commune, since: r.Since, until: now}
		for _, over := range []*time.Time{r.Deadline, r.Ended} {
			if over != nil && over.Before(w.until) {
				w.until, w.other = *over, true
			}
		}
		if r.Answered != nil {
			w.until, w.event, w.other = *r.Answered, true, false
		}
		out = append(out, w)
	}
	return out, err
}

// employerAnswers are the people proposed. A proposal that the structure took back
// without an answer ended otherwise.
func (s *Service) employerAnswers(ctx context.Context, now time.Time) ([]wait, error) {
	rows, err := proposedPeople(ctx, s.store.Read())
	out := make([]wait, 0, len(rows))
	for _, r := range rows {
		w := wait{id: r.ID, contributor: contributor(r.Group, r.Organisation), kind: r.Kind, commune: r.Commune, since: r.Since, until: now}
		switch {
		case r.Answered != nil:
			w.until, w.event, w.other = *r.Answered, true, false
		case r.Withdrawn != nil:
			w.until, w.other = *r.Withdrawn, true
		}
		out = append(out, w)
	}
	return out, err
}

// journeys are the workers of the observatory. One that is still there is followed
// until the last day of the last year whose exits its enterprise sent.
func (s *Service) journeys(ctx context.Context) ([]wait, error) {
	rows, err := workersFollowed(ctx, s.store.Read())
	var out []wait
	for _, r := range rows {
		w, ok := r.followed()
		if !ok {
			continue
		}
		w.id, w.contributor, w.kind, w.commune = r.Worker, contributor(r.Group, r.Enterprise), r.Kind, s.today(r.Commune, r.LastYear)
		out = append(out, w)
	}
	return out, err
}

// today is where a commune of a year is now; empty where several hold its place.
func (s *Service) today(code string, year int) string {
	if _, now := s.atlas.Ordinal(territories.CommuneCode(code)); now || code == "" {
		return code
	}
	at := s.atlas.Resolve(territories.CommuneCode(code), territories.Date{Year: year, Month: 12, Day: 31}).Current
	if len(at) != 1 {
		return ""
	}
	return string(at[0].Code)
}
