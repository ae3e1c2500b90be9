package matching

import (
	"context"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/network"
)

// oneLead refuses a second group of the same lead for the lot: "an economic
// operator cannot be the lead of more than one group for one contract" (R2142-23,
// in our words). A lot is awarded as a contract of its own (L2113-10), so that
// the rule is read lot by lot.
func oneLead(ctx context.Context, tx store.Tx, c *Consortium) error {
	others, err := groupsOfLots(ctx, tx, int64(c.LotID))
	if err != nil {
		return err
	}
	for _, o := range others {
		if o.ID != c.ID && o.State != GroupDissolved && o.LeadID == c.LeadID {
			return fault.Conflict("lead-twice", "Cette entreprise est déjà mandataire d’un autre groupement pour ce lot (article R2142-23).",
				"This enterprise already leads another group for this lot (article R2142-23).")
		}
	}
	return nil
}

// GroupFlags says what is to be looked at before a group is handed in.
func (s *Service) GroupFlags(ctx context.Context, c *Consortium) ([]GroupFlag, error) {
	flags, err := s.flags(ctx, s.store.Read(), c)
	if err != nil {
		return nil, fmt.Errorf("look at group %d: %w", c.ID, err)
	}
	return flags, nil
}

func (s *Service) mayFreeze(ctx context.Context, tx store.Tx, c *Consortium) error {
	if err := s.lotToFill(ctx, c.LotID); err != nil {
		return err
	}
	flags, err := s.flags(ctx, tx, c)
	if err != nil {
		return err
	}
	for _, f := range flags {
		switch {
		case !f.Blocks:
			continue
		case f.Code == FlagUnfit:
			return fault.Conflict("unfit", "Un membre ne peut plus répondre à ce lot : fermé, exclu par l’acheteur, acheteur lui-même ou titulaire.",
				"A member can no longer answer this lot: closed, excluded by the buyer, the buyer itself or a holder.")
		case f.Code == FlagReservation:
			return fault.Conflict("reservation", "Ce lot est réservé et un membre n’en remplit pas la condition.", "This lot is reserved and a member does not meet the condition.")
		}
		return fault.Conflict("several-bids", "L’acheteur interdit les candidatures multiples, et un membre en prépare une autre (article R2142-21).",
			"The buyer forbids several bids, and a member prepares another one (article R2142-21).")
	}
	return nil
}

func (s *Service) flags(ctx context.Context, db bun.IDB, c *Consortium) ([]GroupFlag, error) {
	others, err := groupsOfLots(ctx, db, int64(c.LotID))
	if err != nil {
		return nil, err
	}
	others = slices.DeleteFunc(others, func(o *Consortium) bool { return o.ID == c.ID || o.State == GroupDissolved })
	alone, err := interestedIn(ctx, db, c.LotID)
	if err != nil {
		return nil, err
	}
	flags := []GroupFlag{}
	add := func(code, article string, blocks bool, ids []network.ID) {
		if len(ids) > 0 {
			flags = append(flags, GroupFlag{Code: code, Article: article, Blocks: blocks, Organisations: unique(ids)})
		}
	}
	var elsewhere, rivals []network.ID
	banned := c.Exclusive || slices.ContainsFunc(others, func(o *Consortium) bool { return o.Exclusive })
	for _, o := range others {
		for _, id := range partners(o) {
			if rivals = append(rivals, id); c.Has(id) {
				elsewhere = append(elsewhere, id)
			}
		}
	}
	add(FlagElsewhere, "R2142-21", banned, elsewhere)
	add(FlagAlone, "R2142-21", banned, slices.DeleteFunc(slices.Clone(alone), func(id network.ID) bool { return !c.Has(id) }))
	same, err := s.sameInterest(ctx, c, append(rivals, alone...))
	if err != nil {
		return nil, err
	}
	add(FlagSameInterest, "L420-1", false, same)
	stand, err := s.standing(ctx, c)
	if err != nil {
		return nil, err
	}
	if len(stand.together.Holes) > 0 {
		flags = append(flags, GroupFlag{Code: FlagPartial, Organisations: []network.ID{}})
	}
	add(FlagUnfit, "", true, append(stand.closed, stand.strangers...))
	add(FlagReservation, stand.article, true, stand.unqualified)
	add(FlagReservationUnknown, stand.article, false, stand.unsure)
	return flags, nil
}

// sameInterest are the rivals of one legal unit or economic group with a member.
func (s *Service) sameInterest(ctx context.Context, c *Consortium, rivals []network.ID) ([]network.ID, error) {
	rivals = slices.DeleteFunc(unique(rivals), c.Has)
	if len(rivals) == 0 {
		return nil, nil
	}
	all := unique(append(partners(c), rivals...))
	ties, err := s.network.TiesOf(ctx, all...)
	if err != nil {
		return nil, err
	}
	rows, err := s.network.LoadForMatching(ctx, all...)
	if err != nil {
		return nil, err
	}
	of := map[network.ID]map[string]bool{}
	for _, o := range rows {
		of[o.ID] = map[string]bool{}
		const siren = 9
		if len(o.SIRET) > siren {
			of[o.ID]["siren "+string(o.SIRET[:siren])] = true
		}
		for _, g := range ties[o.ID].Groups {
			of[o.ID][fmt.Sprint("group ", g.ID)] = true
		}
	}
	var out []network.ID
	for _, rival := range rivals {
		for _, id := range partners(c) {
			for key := range of[rival] {
				if of[id][key] {
					out = append(out, rival)
				}
			}
		}
	}
	return out, nil
}
