package escalation

import (
	"context"

	"maillage/accounts"
	"maillage/followup/conventions"
	"maillage/opportunities"
)

// routed tells the counsellors of the territory of a convention, once, of each place
// that it brings.
func (s *Service) routed(ctx context.Context, sc *scene) ([]*line, error) {
	if s.Conventions == nil {
		return nil, nil
	}
	all, err := s.Conventions.Routes(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, 0, len(all))
	for _, r := range all {
		ids = append(ids, int64(r.Lot))
	}
	known, err := ledgerOf(ctx, s.Store.Read(), OfRouted, ids)
	if err != nil {
		return nil, err
	}
	var out []*line
	for i := range all {
		out = append(out, one(OfRouted, int64(all[i].Lot), "open", sc.counsellors(&all[i]), all[i].Deadline, known[int64(all[i].Lot)])...)
	}
	return out, nil
}

// counsellors are those whose structure is in the territory of a convention.
func (sc *scene) counsellors(r *conventions.Route) []stood {
	var all []*reader
	for _, id := range sc.order {
		if who := sc.people[id]; who.Role == accounts.Counsellor && r.Reaches(sc.places[who.OrganisationID].set) {
			all = append(all, who)
		}
	}
	return sc.standing(all, func(to *reader) bool {
		return to.Role == accounts.Counsellor && r.Reaches(sc.places[to.OrganisationID].set)
	})
}

// routedPart are the places that a convention still brings.
func (s *Service) routedPart(ctx context.Context, d *Digest, by map[Subject][]line) error {
	lines := by[OfRouted]
	if len(lines) == 0 || s.Conventions == nil {
		return nil
	}
	all, err := s.Conventions.Routes(ctx)
	if err != nil {
		return err
	}
	names, lots := map[int64]string{}, make([]opportunities.LotID, 0, len(all))
	for _, r := range all {
		names[int64(r.Lot)] = r.Name
		lots = append(lots, r.Lot)
	}
	heads, err := s.lotHeads(ctx, lots)
	if err != nil {
		return err
	}
	for _, l := range lines {
		name, still := names[l.SubjectID]
		switch {
		case !still:
		case l.How == Counted:
			d.Others[OfRouted]++
		default:
			d.Routed = append(d.Routed, Routed{Lot: heads[opportunities.LotID(l.SubjectID)], Convention: name})
		}
	}
	return nil
}
