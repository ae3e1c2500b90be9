package escalation

import (
	"context"
	"fmt"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/matching"
	"maillage/opportunities"
	"maillage/territories"
)

// Offer is a lot that nobody wants while its deadline nears, and where else to
// look for who could answer it.
type Offer struct {
	Lot  matching.LotHead
	Days int             // working days left
	To   territories.Ref // the EPCI, then the département
	Name string          // of it
}

// offer is an offer with what is needed to make it.
type offer struct {
	lot   *opportunities.Lot
	place place
	days  int
	to    territories.Ref
	area  *territories.Set
}

// offersDue are the offers told to the officers of the place of the lot.
func (s *Service) offersDue(ctx context.Context, sc *scene) ([]*line, error) {
	all, err := s.offers(ctx, sc.pace, sc.now)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, 0, len(all))
	for _, o := range all {
		ids = append(ids, int64(o.lot.ID))
	}
	known, err := ledgerOf(ctx, s.Store.Read(), OfOffer, ids)
	if err != nil {
		return nil, err
	}
	var out []*line
	for _, o := range all {
		out = append(out, one(OfOffer, int64(o.lot.ID), Step(o.to.String()), sc.nearest(o.place), o.lot.Deadline, known[int64(o.lot.ID)])...)
	}
	return out, nil
}

// offers are the lots that nobody wants so many working days before their
// deadline, and that a wider search could serve.
func (s *Service) offers(ctx context.Context, pace Pace, now time.Time) ([]offer, error) {
	ids, err := unwanted(ctx, s.Store.Read(), now, now.AddDate(0, 0, 2*pace.Widen+14)) // more days than so many working ones can take
	if err != nil {
		return nil, err
	}
	lots, err := s.Opportunities.Lots(ctx, ids...)
	if err != nil {
		return nil, err
	}
	var out []offer
	for _, l := range lots {
		o, ok := s.offerOf(l, now)
		if ok && o.days <= pace.Widen && (l.WidenedAt == nil || o.place.holidays.WorkingDays(*l.WidenedAt, now, s.paris) >= pace.Steps[0]) {
			out = append(out, o)
		}
	}
	return out, nil
}

// offerOf is where else to look for a lot; false where it is nowhere in
// particular, or where its whole département was looked through.
func (s *Service) offerOf(l *opportunities.Lot, now time.Time) (offer, bool) {
	if l.Place.Scope != opportunities.InCommunes || l.Deadline == nil {
		return offer{}, false
	}
	set := s.perimeter(l.Place.Perimeter)
	if set == nil || set.Len() == 0 {
		return offer{}, false
	}
	o := offer{lot: l, place: s.placeOf(set)}
	o.days = o.place.holidays.WorkingDays(now, *l.Deadline, s.paris)
	seen := set
	if more := s.perimeter(l.Wider); more != nil {
		seen = seen.Or(more)
	}
	for _, kind := range []territories.Kind{territories.KindEPCI, territories.KindDepartement} {
		ref, area := s.around(set, kind)
		if area != nil && area.AndLen(seen) < area.Len() {
			o.to, o.area = ref, area
			return o, true
		}
	}
	return offer{}, false
}

// around is the one territory of a kind that holds a whole set of communes; nil
// where there is none.
func (s *Service) around(set *territories.Set, kind territories.Kind) (ref territories.Ref, area *territories.Set) {
	set.Each(func(ord int) bool {
		c := s.Atlas.Commune(ord)
		ref = territories.Ref{Kind: kind, Code: c.Departement}
		if kind == territories.KindEPCI {
			ref.Code = c.EPCI
		}
		return false
	})
	if ref.Code == "" {
		return ref, nil
	}
	if found, err := s.Atlas.Of(ref); err == nil && found.Covers(set) {
		area = found
	}
	return ref, area
}

// Offers are those of the perimeter of who asks, the soonest deadline first.
func (s *Service) Offers(ctx context.Context) ([]Offer, error) {
	me := accounts.From(ctx)
	if err := accounts.Permits(me, accounts.LotWiden); err != nil {
		return nil, err
	}
	pace, err := s.pace(ctx)
	if err != nil {
		return nil, err
	}
	all, err := s.offers(ctx, pace, s.now())
	if err != nil {
		return nil, fmt.Errorf("list what could be widened: %w", err)
	}
	out := []Offer{}
	for i := range all {
		if accounts.Can(me, accounts.LotWiden, s.Opportunities.ScopeOf(all[i].lot.Opportunity)) {
			out = append(out, s.show(&all[i]))
		}
	}
	return out, nil
}

func (s *Service) show(o *offer) Offer {
	name, _ := s.Atlas.Name(o.to)
	return Offer{Lot: s.Matching.LotHead(o.lot, s.now()), Days: o.days, To: o.to, Name: name}
}

// Widen looks further for who could answer a lot: in the EPCI of its place, then
// in its département. Its matches are made again, and those that are new are told
// of it. The same gesture again changes nothing; another step than the next one is
// refused: the page that offered it is out of date.
func (s *Service) Widen(ctx context.Context, id opportunities.LotID, to territories.Ref) error {
	l, err := s.Opportunities.Lot(ctx, id)
	if err != nil {
		return err
	}
	if err := accounts.Allow(accounts.From(ctx), accounts.LotWiden, s.Opportunities.ScopeOf(l.Opportunity)); err != nil {
		return err
	}
	expr := territories.In(to)
	if l.Wider == expr.String() {
		return nil
	}
	if o, ok := s.offerOf(l, s.now()); !ok || o.to != to {
		return fault.Conflict("not-the-next", "Ce n’est pas le périmètre suivant de ce lot.", "This is not the next perimeter of this lot.")
	}
	err = s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		done, err := s.Opportunities.Widen(ctx, tx, id, expr)
		if err != nil || !done {
			return err
		}
		return accounts.Audit(ctx, tx, accounts.Entry{At: s.now(), Action: accounts.LotWiden, Entity: "lot", EntityID: int64(id), Fields: []string{"wider"}})
	})
	if err != nil {
		return fmt.Errorf("widen the search for lot %d: %w", id, err)
	}
	return nil
}
