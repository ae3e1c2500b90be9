package calls

import (
	"context"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/network"
	"maillage/opportunities"
)

// Sheet is what somebody may read of a call beyond its opportunity.
type Sheet struct {
	Call
	Speaks     bool       // who asks speaks for it
	Transferor network.ID // who hands over; 0: nobody, or not for who asks to know
	Mine       *Interest  // of the organisation of who asks; nil: it said nothing
	Express    bool       // who asks may say that they are interested
	Interests  []Interest // for who speaks for it; of partners, for who follows them up too
}

// Sheet reads what who asks may know of a call.
func (s *Service) Sheet(ctx context.Context, id opportunities.ID) (*Sheet, error) {
	me := accounts.From(ctx)
	o, err := s.call(ctx, id)
	if err != nil {
		return nil, err
	}
	c, err := callOf(ctx, s.Store.Read(), id)
	if err != nil {
		return nil, err
	}
	out := &Sheet{Call: *c, Speaks: s.speaks(me, o, c)}
	if me.OrganisationID != 0 {
		if out.Mine, err = interestOf(ctx, s.Store.Read(), id, network.ID(me.OrganisationID)); err != nil {
			return nil, err
		}
	}
	out.Express = !out.Speaks && accounts.Can(me, accounts.InterestExpress, accounts.Of(me.OrganisationID)) && (o.Open(s.now()) || out.Mine != nil && out.Mine.State != Withdrawn)
	if o.TransferorID != nil && (out.Speaks || out.Mine != nil && out.Mine.State == Accepted) {
		out.Transferor = network.ID(*o.TransferorID)
	}
	if out.Speaks || s.follows(me, o) {
		out.Interests, err = interestsIn(ctx, s.Store.Read(), id)
	}
	return out, err
}

// follows tells whether somebody looks after the place of a call for partners. Who
// would take an activity over is between them and who hands it over.
func (s *Service) follows(me accounts.Identity, o *opportunities.Opportunity) bool {
	return o.Kind == opportunities.PartnerCall && accounts.Can(me, accounts.InterestRead, s.Opportunities.ScopeOf(o))
}

// Steps are the steps of an interest, for whose it is and for who speaks for the
// call; another's is not there.
func (s *Service) Steps(ctx context.Context, id InterestID) ([]InterestEvent, error) {
	me := accounts.From(ctx)
	i, err := interestBy(ctx, s.Store.Read(), id)
	if err != nil {
		return nil, err
	}
	if !accounts.Can(me, accounts.InterestRead, accounts.Of(int64(i.OrganisationID))) {
		sheet, err := s.Sheet(ctx, i.OpportunityID)
		if err != nil {
			return nil, err
		}
		if len(sheet.Interests) == 0 {
			return nil, fault.NotFound("interest", id)
		}
	}
	return eventsOf(ctx, s.Store.Read(), id)
}

// OfPole lists the calls of a pole that may be read, the latest first.
func (s *Service) OfPole(ctx context.Context, pole int64) ([]*opportunities.Opportunity, error) {
	ids, err := ofPole(ctx, s.Store.Read(), pole)
	if err != nil {
		return nil, err
	}
	out := []*opportunities.Opportunity{}
	for _, id := range ids {
		o, err := s.Opportunities.Get(ctx, id)
		if err != nil {
			return nil, err
		}
		if o.Public() {
			out = append(out, o)
		}
	}
	return out, nil
}

// Awaiting lists the interests that the organisation of who asks has to settle.
func (s *Service) Awaiting(ctx context.Context) ([]Interest, error) {
	me := accounts.From(ctx)
	if err := accounts.Allow(me, accounts.InterestSettle, accounts.Of(me.OrganisationID)); err != nil {
		return nil, err
	}
	return awaiting(ctx, s.Store.Read(), me.OrganisationID)
}

// Mine lists what the organisation of who asks said of calls.
func (s *Service) Mine(ctx context.Context) ([]Interest, error) {
	me := accounts.From(ctx)
	if err := accounts.Allow(me, accounts.InterestExpress, accounts.Of(me.OrganisationID)); err != nil {
		return nil, err
	}
	return of(ctx, s.Store.Read(), me.OrganisationID)
}
