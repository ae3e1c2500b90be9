package escalation

import (
	"context"

	"maillage/accounts"
	"maillage/followup/contacts"
)

// promises tell who promised something that its day has come; where they are no
// longer there, the officers of the enterprise.
func (s *Service) promises(ctx context.Context, sc *scene) ([]*line, error) {
	all, err := s.Contacts.List(accounts.With(ctx, accounts.TheSystem()), contacts.Filter{Promised: true})
	if err != nil {
		return nil, err
	}
	ids := make([]int64, 0, len(all))
	for _, c := range all {
		ids = append(ids, int64(c.ID))
	}
	known, err := ledgerOf(ctx, s.Store.Read(), OfPledge, ids)
	if err != nil {
		return nil, err
	}
	var out []*line
	for _, c := range all {
		if c.Due(sc.day) {
			out = append(out, one(OfPledge, int64(c.ID), "due", sc.promised(&c.Contact), nil, known[int64(c.ID)])...)
		}
	}
	return out, nil
}

// promised is who keeps a promise.
func (sc *scene) promised(c *contacts.Contact) []stood {
	if c.NotedBy != nil {
		if r := sc.people[accounts.UserID(*c.NotedBy)]; r != nil {
			return sc.standing([]*reader{r}, func(to *reader) bool { return to.Role == r.Role && to.OrganisationID == r.OrganisationID })
		}
	}
	return sc.nearest(sc.places[int64(c.OrganisationID)])
}

// tenures ask the counsellors of a structure whether a person is still in post,
// at three and at six months.
func (s *Service) tenures(ctx context.Context, sc *scene) ([]*line, error) {
	all, err := s.Tenures.Awaited(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, 0, len(all))
	for _, a := range all {
		ids = append(ids, int64(a.Proposal))
	}
	known, err := ledgerOf(ctx, s.Store.Read(), OfTenure, ids)
	if err != nil {
		return nil, err
	}
	var out []*line
	for _, a := range all {
		to := sc.standing(sc.staff[a.Organisation], func(r *reader) bool { return r.Role == accounts.Counsellor && r.OrganisationID == a.Organisation })
		out = append(out, one(OfTenure, int64(a.Proposal), Step(a.Due), to, nil, known[int64(a.Proposal)])...)
	}
	return out, nil
}
