// Package conventions routes the places that the employers of a sector partnership
// offer: to the members and the counsellors of the territory of the convention, with
// its name, as long as it is in force and the place can be taken.
//
// It writes nothing: who is told is the ledger's to say (package escalation). It
// refuses to route by a convention that its employer did not sign, itself or by the
// national frame, and to name two conventions for one place.
package conventions

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"maillage/accounts"
	"maillage/internal/store"
	"maillage/opportunities"
	"maillage/territories"
)

// Config is what the service needs. Now defaults to time.Now.
type Config struct {
	Store         *store.Store
	Atlas         *territories.Atlas
	Now           func() time.Time
	Opportunities *opportunities.Service
}

// Service reads what conventions route.
type Service struct {
	Config
}

// NewService makes a service.
func NewService(cfg Config) *Service {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Service{cfg}
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// Route is a place that a convention brings to those of its territory.
type Route struct {
	Lot         opportunities.LotID
	Opportunity opportunities.ID
	Employer    int64 // who offers it, and signed
	Convention  int64
	Name        string // of the convention
	Deadline    *time.Time

	Territory *territories.Set // of the convention
}

// Reaches tells whether a route concerns who is in some place.
func (r *Route) Reaches(place *territories.Set) bool {
	return place != nil && r.Territory.Intersects(place)
}

// Routes lists what conventions route today, by lot. It is the system's: the doors
// ask For.
func (s *Service) Routes(ctx context.Context) ([]Route, error) {
	now := s.now()
	rows, err := signed(ctx, s.Store.Read(), now, territories.DateOf(now).String())
	if err != nil {
		return nil, err
	}
	lots, err := s.placesOf(ctx, rows)
	if err != nil {
		return nil, err
	}
	zones := map[string]*territories.Set{}
	best := map[opportunities.LotID]candidate{}
	for _, r := range rows {
		c := candidate{row: r, territory: s.set(zones, r.Territory)}
		place, known := lots[r.Lot]
		if !known || c.territory == nil || place != nil && !c.territory.Intersects(place) {
			continue
		}
		if old, ok := best[r.Lot]; !ok || c.closer(old) {
			best[r.Lot] = c
		}
	}
	out := make([]Route, 0, len(best))
	for _, c := range best {
		out = append(out, Route{Lot: c.Lot, Opportunity: c.Opportunity, Employer: c.Employer, Convention: c.Partnership, Name: c.Name, Deadline: c.Deadline, Territory: c.territory})
	}
	slices.SortFunc(out, func(a, b Route) int { return cmp.Compare(a.Lot, b.Lot) })
	return out, nil
}

// candidate is a convention by which a lot could be routed.
type candidate struct {
	row
	territory *territories.Set
}

// closer tells which of two conventions names a place: the local one, then the one
// of the smaller territory, then the first that was made.
func (c candidate) closer(than candidate) bool {
	local := func(x candidate) int {
		if x.Local {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(local(c), local(than)), cmp.Compare(c.territory.Len(), than.territory.Len()), cmp.Compare(c.Partnership, than.Partnership)) < 0
}

// placesOf is where the lots that can still be taken are done: where they say so,
// or where their employer is; nil is the whole country. A lot that is no longer
// offered is not there.
func (s *Service) placesOf(ctx context.Context, rows []row) (map[opportunities.LotID]*territories.Set, error) {
	ids := make([]opportunities.LotID, 0, len(rows))
	seats := map[opportunities.LotID]territories.CommuneCode{}
	for _, r := range rows {
		ids = append(ids, r.Lot)
		seats[r.Lot] = r.Seat
	}
	slices.Sort(ids)
	lots, err := s.Opportunities.Lots(ctx, slices.Compact(ids)...)
	if err != nil {
		return nil, err
	}
	out := map[opportunities.LotID]*territories.Set{}
	for _, l := range lots {
		if l.Withdrawn || l.Filled() || !l.Opportunity.Open(s.now()) {
			continue
		}
		switch place := l.In(l.Opportunity).Place; place.Scope {
		case opportunities.WholeCountry:
			out[l.ID] = nil
		case opportunities.InCommunes:
			if p, err := s.Atlas.CompileText(place.Perimeter); err == nil {
				out[l.ID] = p.Set
			}
		case opportunities.PlaceUnknown:
			if ord, ok := s.Atlas.Today(seats[l.ID]); ok {
				out[l.ID] = territories.SetOf(uint32(ord))
			}
		}
	}
	return out, nil
}

func (s *Service) set(known map[string]*territories.Set, text string) *territories.Set {
	if set, ok := known[text]; ok {
		return set
	}
	known[text] = nil
	if p, err := s.Atlas.CompileText(text); err == nil {
		known[text] = p.Set
	}
	return known[text]
}

// For lists what is routed to who asks: of a member or a counsellor, to where its
// structure is; of an officer, to the perimeter; of an administrator, all.
func (s *Service) For(ctx context.Context) ([]Route, error) {
	me := accounts.From(ctx)
	if err := accounts.Permits(me, accounts.PartnershipRouted); err != nil {
		return nil, err
	}
	all, err := s.Routes(ctx)
	if err != nil {
		return nil, fmt.Errorf("read what conventions route to account %d: %w", me.UserID, err)
	}
	place := me.Perimeter
	switch accounts.ReachOf(me, accounts.PartnershipRouted) {
	case accounts.Anywhere:
		return all, nil
	case accounts.OwnOrganisation:
		if place, err = s.placeOf(ctx, me.OrganisationID); err != nil {
			return nil, err
		}
	case accounts.Never, accounts.OwnAccount, accounts.OwnPerimeter:
	}
	return slices.DeleteFunc(all, func(r Route) bool { return !r.Reaches(place) || r.Employer == me.OrganisationID }), nil
}

// Of lists what one convention routes.
func (s *Service) Of(ctx context.Context, convention int64) ([]Route, error) {
	all, err := s.Routes(ctx)
	return slices.DeleteFunc(all, func(r Route) bool { return r.Convention != convention }), err
}

// placeOf is where an organisation is; nil: nobody knows.
func (s *Service) placeOf(ctx context.Context, id int64) (*territories.Set, error) {
	codes, err := sitesOf(ctx, s.Store.Read(), id)
	if err != nil || len(codes) == 0 {
		return nil, err
	}
	out := territories.SetOf()
	for _, code := range codes {
		if ord, ok := s.Atlas.Today(code); ok {
			out = out.Or(territories.SetOf(uint32(ord)))
		}
	}
	return out, nil
}
