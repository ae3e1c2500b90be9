package opportunities

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/territories"
)

// KindsOf lists what a role may offer, in the order of Kinds: the network
// offers what enterprises answer, and training; a member its own calls, hours,
// purchases, immersions and training, and where it lends people its missions
// (see parties); an employer its own needs, purchases and immersions. Nobody
// offers what is only foreseen; what is handed over has a door of its own, which
// keeps who hands over from those who may not know (see PublishIn).
func KindsOf(role accounts.Role) []Kind {
	switch role {
	case accounts.System:
		return append(offered(), positionKinds()...)
	case accounts.Admin, accounts.Officer:
		return []Kind{Tender, PrivatePurchase, JobNeed, InsertionHours, PartnerCall, TrainingSession}
	case accounts.Member:
		return append([]Kind{PrivatePurchase, InsertionHours, PartnerCall}, positionKinds()...)
	case accounts.Employer:
		return []Kind{PrivatePurchase, JobNeed, Immersion}
	default:
		return nil
	}
}

// Offer makes a new opportunity its publisher's: its source and publisher are
// those of the person, and who does not speak for the network offers in the
// name of its own organisation only. It asks the policy and refuses a kind that
// is not the role's. Every door asks it before Create.
func (s *Service) Offer(ctx context.Context, id accounts.Identity, o *Opportunity) error {
	o.Source, o.PublisherID = sourceOf(id.Role), nil
	if own := id.OrganisationID; own != 0 {
		o.PublisherID = &own
	}
	if err := accounts.Allow(id, accounts.OpportunityCreate, s.offered(id, o)); err != nil {
		return err
	}
	if err := mayOffer(id.Role, o.Kind); err != nil {
		return err
	}
	if speaksForNetwork(id.Role) || o.Kind == Mission { // a mission names its user enterprise
		return nil
	}
	return s.buyerIs(ctx, id.OrganisationID, o)
}

// Amend is the same rule for a change of cur into wanted: its source and
// publisher stay, its buyer too unless the network says otherwise, and it is
// not moved to where the person could not have offered it. Every door asks it
// before Update, once the policy allowed the change.
func (s *Service) Amend(ctx context.Context, id accounts.Identity, cur, wanted *Opportunity) error {
	wanted.ID, wanted.Source, wanted.PublisherID = cur.ID, cur.Source, cur.PublisherID
	if cur.Kind == Takeover {
		wanted.BuyerID, wanted.BuyerName, wanted.BuyerSIRET = nil, "", ""
	}
	if err := accounts.Allow(id, accounts.OpportunityEdit, s.ScopeOf(cur)); err != nil {
		return err
	}
	for _, kind := range []Kind{cur.Kind, wanted.Kind} {
		if speaksForNetwork(id.Role) && cur.Kind == wanted.Kind {
			break // it corrects what others offer
		}
		if err := mayOffer(id.Role, kind); err != nil {
			return err
		}
	}
	if speaksForNetwork(id.Role) {
		if samePlaces(cur, wanted) {
			return nil
		}
		return accounts.Allow(id, accounts.OpportunityCreate, s.offered(id, wanted))
	}
	if wanted.Kind == Mission {
		return nil
	}
	if cur.BuyerID != nil && *cur.BuyerID == id.OrganisationID {
		wanted.BuyerID, wanted.BuyerName, wanted.BuyerSIRET = cur.BuyerID, cur.BuyerName, cur.BuyerSIRET
		return nil
	}
	return s.buyerIs(ctx, id.OrganisationID, wanted)
}

// ScopeOf is whose an opportunity is and where it is done, lots included.
func (s *Service) ScopeOf(o *Opportunity) accounts.Scope {
	var owners []int64
	for _, id := range []*int64{o.BuyerID, o.PublisherID, o.TransferorID} {
		if id != nil {
			owners = append(owners, *id)
		}
	}
	return accounts.Of(owners...).In(s.communes(o))
}

// offered is what publishing bears on. The network offers what is done in the
// officer's perimeter, for its association where no place bounds it; the others
// offer for their organisation, wherever.
func (s *Service) offered(id accounts.Identity, o *Opportunity) accounts.Scope {
	if set := s.communes(o); set != nil && speaksForNetwork(id.Role) {
		return accounts.Scope{}.In(set)
	}
	return accounts.Of(id.OrganisationID)
}

// communes is where an opportunity and its lots are done; nil where one of
// them is the whole country, or where nothing is known.
func (s *Service) communes(o *Opportunity) *territories.Set {
	all := territories.SetOf()
	for _, p := range placesOf(o) {
		if p.Scope == WholeCountry {
			return nil
		}
		if p.Scope != InCommunes {
			continue
		}
		if c, err := s.atlas.CompileText(p.Perimeter); err == nil {
			all = all.Or(c.Set)
		}
	}
	if all.Len() == 0 {
		return nil
	}
	return all
}

// placesOf are the places of the lots that remain, or of the whole.
func placesOf(o *Opportunity) []Place {
	var places []Place
	for _, l := range o.Lots {
		if !l.Withdrawn {
			places = append(places, l.In(o).Place)
		}
	}
	if len(places) == 0 {
		return []Place{o.Place}
	}
	return places
}

func samePlaces(a, b *Opportunity) bool {
	known := placesOf(a)
	return !slices.ContainsFunc(placesOf(b), func(p Place) bool {
		return !slices.ContainsFunc(known, func(k Place) bool { return k.Scope == p.Scope && k.Perimeter == p.Perimeter })
	})
}

func mayOffer(role accounts.Role, kind Kind) error {
	if slices.Contains(KindsOf(role), kind) || !slices.Contains(Kinds(), kind) { // what is no kind is refused with the other faults
		return nil
	}
	if kind == Tender {
		return fault.Invalid(fault.At("kind", "not-yours", "Un marché public est publié par le réseau ou vient d’un avis.", "A tender is published by the network or comes from a notice."))
	}
	return fault.Invalid(fault.At("kind", "not-yours", "Cette nature d’opportunité n’est pas de celles que vous publiez.", "This kind of opportunity is not one that you publish."))
}

func speaksForNetwork(role accounts.Role) bool {
	return role == accounts.Admin || role == accounts.Officer || role == accounts.System
}

// sourceOf names the hand that wrote an opportunity.
func sourceOf(role accounts.Role) string {
	if speaksForNetwork(role) {
		return "officer"
	}
	return string(role)
}

// Handwritten tells what a person wrote here from what comes from a notice.
func (o *Opportunity) Handwritten() bool {
	return o.Source == "officer" || o.Source == string(accounts.Employer) || o.Source == string(accounts.Member)
}

// buyerIs makes an organisation the buyer, under its own name.
func (s *Service) buyerIs(ctx context.Context, own int64, o *Opportunity) error {
	var name, siret string
	err := s.store.Read().NewRaw("/* opportunities.buyerIs */ SELECT CASE WHEN brand <> '' THEN brand ELSE name END, siret FROM organisations WHERE id = ?", own).Scan(ctx, &name, &siret)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.Forbidden()
	}
	if err != nil {
		return fmt.Errorf("name buyer %d: %w", own, err)
	}
	o.BuyerID, o.BuyerName, o.BuyerSIRET = &own, name, siret
	return nil
}
