package matching

import (
	"context"
	"fmt"
	"slices"

	"maillage/internal/fault"
	"maillage/matching/engine"
	"maillage/matching/engine/consortium"
	"maillage/network"
	"maillage/opportunities"
)

// standing is how the members of a group stand to its lot, each one alone, and
// what they cover of it together. The rules are those of a composition.
type standing struct {
	strangers   []network.ID // no members of the network
	closed      []network.ID // inactive, excluded by the buyer, the buyer itself or a holder
	unqualified []network.ID // without the status of a reserved lot
	unsure      []network.ID // nobody said enough of their statuses for a reserved lot
	article     string       // of the reservation
	needs       consortium.Needs
	together    consortium.Proposal // what they do of it, the trades having their usual weights
}

func (s *Service) standing(ctx context.Context, c *Consortium) (*standing, error) {
	stored, err := s.opportunities.Lot(ctx, c.LotID)
	if err != nil {
		return nil, err
	}
	rows, err := s.network.LoadForMatching(ctx, unique(partners(c))...)
	if err != nil {
		return nil, err
	}
	lot := s.feed.lot(stored, nil)
	needs := consortium.NeedsOf(s.atlas, lot)
	rules := engine.NewRules(engine.Config{Atlas: s.atlas})
	out, known := &standing{needs: needs}, map[network.ID]bool{}
	var able []consortium.Candidate
	for _, o := range rows {
		e, ok := s.feed.enterprise(o, network.Ties{})
		if !ok {
			continue
		}
		known[o.ID] = true
		out.place(o.ID, rules.Offer(lot, e, s.now()), lot)
		if k, ok := consortium.Read(rules, lot, needs, e, s.now()); ok {
			able = append(able, k)
		}
	}
	out.strangers = slices.DeleteFunc(partners(c), func(id network.ID) bool { return known[id] })
	out.together = consortium.Together(needs, able, consortium.Options{})
	return out, nil
}

// Together is what the members of a group do of its lot as of now, and what nobody in it
// does: a composition of these members alone.
func (s *Service) Together(ctx context.Context, c *Consortium) (*Composition, error) {
	stand, err := s.standing(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("say what group %d covers: %w", c.ID, err)
	}
	return &Composition{Needs: stand.needs, Result: consortium.Result{Best: stand.together}}, nil
}

// place notes how one member stands.
func (t *standing) place(id network.ID, o engine.Offer, lot *engine.Lot) {
	if o.Missed == engine.Open {
		t.closed = append(t.closed, id)
	}
	if lot.Reservation == engine.Unreserved {
		return
	}
	t.article = o.Reserved.Params.Article
	switch o.Reserved.State {
	case engine.Missed:
		t.unqualified = append(t.unqualified, id)
	case engine.Unknown:
		t.unsure = append(t.unsure, id)
	case engine.Met, engine.Partial:
	}
}

// faults locates the members that no group for the lot may have.
func (t *standing) faults(c *Consortium) (f []fault.Field) {
	for i, p := range c.Members {
		path := fmt.Sprintf("members[%d]", i)
		switch {
		case slices.Contains(t.strangers, p.OrganisationID):
			f = append(f, fault.At(path, "unknown", "Cette entreprise n’est pas membre du réseau.", "This enterprise is not a member of the network."))
		case slices.Contains(t.closed, p.OrganisationID):
			f = append(f, fault.At(path, "unfit", "Cette entreprise ne peut pas répondre à ce lot : fermée, exclue par l’acheteur, acheteuse elle-même ou titulaire.",
				"This enterprise cannot answer this lot: closed, excluded by the buyer, the buyer itself or a holder."))
		}
	}
	return f
}

// toFill refuses a lot that nobody can answer any more.
func toFill(stored *opportunities.Lot) error {
	switch absence(stored) {
	case ReasonLotCancelled, ReasonLotWithdrawn, ReasonForecastOver:
		return fault.Conflict("lot-over", "Ce lot n’est plus à pourvoir.", "This lot is no longer to be filled.")
	}
	return nil
}

func (s *Service) lotToFill(ctx context.Context, id opportunities.LotID) error {
	stored, err := s.opportunities.Lot(ctx, id)
	if err != nil {
		return err
	}
	return toFill(stored)
}
