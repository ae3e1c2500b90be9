package tenders

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"maillage/internal/store"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
)

// usualMonths is how long a contract is supposed to last where no notice says:
// a year, the shortest that hours of insertion are usually spread over. What is
// supposed says so (Insertion.Supposed) and is there to end what nobody closes.
const usualMonths = 12

// follow brings what comes after the award of a procurement up to date, in the
// transaction that told it anew: hours of insertion to fill for each part won
// under a clause of execution, references for the members that won. Nothing is
// deleted: what the notices no longer say is cancelled with its reason. Without
// rows the procurement gave way to another, for the reason in.Note. It tells
// whether the hours to fill moved.
func (s *Service) follow(ctx context.Context, tx store.Tx, offer *opportunities.Opportunity, rows []noticeRow, in opportunities.Imported) (moved bool, err error) {
	var parts []*part
	gone := in.Note
	if len(rows) > 0 {
		parts, gone = afterAward(rows), "Les avis disent autrement ce qui a été attribué"
	}
	if moved, err = s.fill(ctx, tx, offer, parts, in, gone); err != nil {
		return false, fmt.Errorf("tell the hours to fill after %s: %w", offer.Key, err)
	}
	_, err = s.network.Credit(ctx, tx, offer.Key, creditsOf(parts, offer))
	return moved, err
}

// fill makes, changes and cancels the hours to fill of a procurement, and tells
// whether any moved.
func (s *Service) fill(ctx context.Context, tx store.Tx, offer *opportunities.Opportunity, parts []*part, in opportunities.Imported, gone string) (moved bool, err error) {
	known, err := s.hoursOf(ctx, tx, offer.ID)
	if err != nil {
		return false, err
	}
	parts = slices.DeleteFunc(slices.Clone(parts), func(p *part) bool { return !p.ever && known[hoursKey(offer.Key, p.number)] == nil })
	if err := s.adopt(ctx, tx, offer.Key, parts, known); err != nil {
		return false, err
	}
	for _, p := range parts {
		key := hoursKey(offer.Key, p.number)
		own, err := s.fillsItself(ctx, tx, p)
		if err != nil {
			return false, err
		}
		next := p.imported(offer, in, own)
		next.Fresh = known[key] == nil
		did, _, err := s.offers.Upsert(ctx, tx, next)
		if err != nil {
			return false, err
		}
		moved = moved || did != opportunities.Unchanged
		delete(known, key)
	}
	cancelled, err := s.cancelHours(ctx, tx, known, in, gone)
	return moved || cancelled, err
}

// hoursKey names the hours to fill of a part, the same at each import.
func hoursKey(procurement, number string) string { return procurement + "#heures:" + number }

func (s *Service) hoursOf(ctx context.Context, tx store.Tx, procurement opportunities.ID) (map[string]*opportunities.Opportunity, error) {
	list, err := s.offers.OfIn(ctx, tx, procurement)
	if err != nil {
		return nil, err
	}
	known := map[string]*opportunities.Opportunity{}
	for _, o := range list {
		if o.Kind == opportunities.InsertionHours {
			known[o.Key] = o
		}
	}
	return known, nil
}

// adopt lets a part go on under another number what its notices told under one
// that they no longer use: a contract of which another notice then says the lot.
// It is known by its holder, and keeps its history and its matches.
func (s *Service) adopt(ctx context.Context, tx store.Tx, procurement string, parts []*part, known map[string]*opportunities.Opportunity) error {
	free := map[string]*opportunities.Opportunity{}
	for key, o := range known {
		if !slices.ContainsFunc(parts, func(p *part) bool { return hoursKey(procurement, p.number) == key }) {
			free[key] = o
		}
	}
	for _, p := range parts {
		key := hoursKey(procurement, p.number)
		old := heldIn(free, p)
		if known[key] != nil || old == nil {
			continue
		}
		if err := s.offers.Rekey(ctx, tx, old.ID, key); err != nil {
			return err
		}
		delete(known, old.Key)
		delete(free, old.Key)
		known[key] = old
	}
	return nil
}

// heldIn finds the first of some hours that has a holder of the part.
func heldIn(list map[string]*opportunities.Opportunity, p *part) (found *opportunities.Opportunity) {
	for _, o := range list {
		same := o.Insertion != nil && slices.ContainsFunc(o.Insertion.Holders, func(h opportunities.Holder) bool {
			return slices.ContainsFunc(p.holders, func(w Winner) bool { return sameHolder(w, Winner{Name: h.Name, SIRET: h.SIRET}) })
		})
		if same && (found == nil || o.ID < found.ID) {
			found = o
		}
	}
	return found
}

// cancelHours cancels what the notices no longer tell at all; it tells
// whether any moved.
func (s *Service) cancelHours(ctx context.Context, tx store.Tx, left map[string]*opportunities.Opportunity, in opportunities.Imported, why string) (moved bool, err error) {
	for _, o := range inKeyOrder(left) {
		if o.State == opportunities.Cancelled {
			continue
		}
		next := opportunities.Imported{
			Opportunity: *o, Origin: in.Origin, NoticedAt: in.NoticedAt, Note: why, Whole: true, Retold: true,
		}
		next.Opportunity.State = opportunities.Cancelled
		if o.PublishedAt != nil {
			next.FirstAt = *o.PublishedAt
		}
		did, _, err := s.offers.Upsert(ctx, tx, next)
		if err != nil {
			return false, err
		}
		moved = moved || did != opportunities.Unchanged
	}
	return moved, nil
}

func inKeyOrder(list map[string]*opportunities.Opportunity) (out []*opportunities.Opportunity) {
	for _, o := range list {
		out = append(out, o)
	}
	slices.SortFunc(out, func(a, b *opportunities.Opportunity) int { return int(a.ID - b.ID) })
	return out
}

// fillsItself tells that every holder is a member whose own workers count as
// insertion: a SIAE under convention or a GEIQ fills the hours of its contracts
// itself, so they are no lead for others.
func (s *Service) fillsItself(ctx context.Context, tx store.Tx, p *part) (bool, error) {
	var sirets []network.SIRET
	for _, h := range p.holders {
		if siret := network.SIRET(h.SIRET); siret.Complete() {
			sirets = append(sirets, siret)
		}
	}
	if len(sirets) == 0 || len(sirets) < len(p.holders) {
		return false, nil
	}
	kinds, err := s.network.KindsAt(ctx, tx, sirets...)
	if err != nil {
		return false, err
	}
	return !slices.ContainsFunc(sirets, func(siret network.SIRET) bool { return !slices.ContainsFunc(kinds[siret], inserts) }), nil
}

// inserts lists the kinds whose trade is insertion (Code du travail, L5132-4 for
// the SIAE, L1253-1 for the groups of employers that GEIQ are).
func inserts(k network.Kind) bool {
	return slices.Contains([]network.Kind{network.KindAI, network.KindACI, network.KindEI, network.KindETTI, network.KindEITI, network.KindGEIQ}, k)
}

// imported says a part to the opportunities.
func (p *part) imported(offer *opportunities.Opportunity, in opportunities.Imported, own bool) opportunities.Imported {
	out := opportunities.Imported{
		Opportunity: p.opportunity(offer), Origin: in.Origin, NoticedAt: in.NoticedAt, FirstAt: noticedAt(p.award),
		Correction: in.Correction, Whole: true, Retold: in.Retold,
	}
	out.Opportunity.State, out.Note = p.state(own)
	return out
}

// state is where the hours stand: they run until the end of the contract, by
// which the opportunities close them.
func (p *part) state(own bool) (opportunities.State, string) {
	switch {
	case p.gone != "":
		return opportunities.Cancelled, p.gone
	case !p.says:
		return opportunities.Cancelled, p.denied
	case own:
		return opportunities.Closed, "Le titulaire est lui-même une structure d’insertion : il remplit ces heures"
	}
	return opportunities.Published, ""
}

func (p *part) opportunity(offer *opportunities.Opportunity) opportunities.Opportunity {
	codes, place := p.what(offer)
	lot := opportunities.Lot{
		Number: "1", Position: 1, Title: cut(p.title, maxTitle), Codes: codes, Place: place, Clause: p.clause, Hours: p.asked.hours,
		Modes: []string{string(network.Staffing), string(network.Provision)},
	}
	insertion := p.insertion()
	lot.StartsOn, lot.EndsOn = insertion.Awarded, addMonths(insertion.Awarded, max(insertion.Months, 0))
	if insertion.Supposed {
		lot.EndsOn = addMonths(insertion.Awarded, usualMonths)
	}
	id := offer.ID
	return opportunities.Opportunity{
		Kind: opportunities.InsertionHours, Key: hoursKey(offer.Key, p.number), ProcurementID: &id, Insertion: &insertion,
		Title: cut("Heures d’insertion à réaliser : "+p.called(offer.Title), maxTitle), BuyerName: offer.BuyerName, BuyerSIRET: offer.BuyerSIRET,
		Source: string(p.award.Source), Links: opportunities.Links{Official: firstNonEmpty(p.award.Links.Official, offer.Links.Official)},
		Place: place, Codes: codes, Clause: p.clause, Lots: []opportunities.Lot{lot},
	}
}

// called is the name of a part: that of the procurement, then its lot.
func (p *part) called(procurement string) string {
	switch {
	case p.lot == nil || p.sole:
		return p.title
	case samePerson(p.title, procurement):
		return p.title + ", lot " + p.number
	}
	return cut(procurement, maxCalled) + ", lot " + p.number + " : " + p.title
}

// maxCalled bounds the name of the procurement in that of its lots, in characters.
const maxCalled = 150

// what gives the trade and the place of a part: those of its lot, of its
// contract, else of the whole.
func (p *part) what(offer *opportunities.Opportunity) ([]nomenclatures.Code, opportunities.Place) {
	switch {
	case p.lot != nil:
		lot := p.lot.In(offer)
		return lot.Codes, lot.Place
	case p.apart():
		codes, place := codesOf(p.award.CPV, nil), placeOf(p.award.Place)
		if len(codes) == 0 {
			codes = offer.Codes
		}
		if place.Scope == opportunities.PlaceUnknown {
			place = offer.Place
		}
		return codes, place
	}
	return offer.Codes, offer.Place
}

// insertion is what the award says of the hours.
func (p *part) insertion() opportunities.Insertion {
	out := opportunities.Insertion{
		Holders: []opportunities.Holder{}, Share: p.asked.share, Publics: p.asked.publics, Facilitator: p.asked.facilitator, Awarded: p.awarded(),
	}
	for _, h := range p.holders {
		out.Holders = append(out.Holders, opportunities.Holder{Name: h.Name, SIRET: h.SIRET})
	}
	if p.lot != nil && !p.sole {
		out.Lot = p.number
	}
	if p.facts != nil {
		out.Months = p.facts.Months
	}
	out.Supposed = out.Months == 0
	return out
}

// awarded is the civil day from which the contract runs: its notification, else
// the publication of the award.
func (p *part) awarded() string {
	if p.facts != nil && p.facts.Notified != "" {
		return p.facts.Notified
	}
	return p.award.Published
}

// creditsOf lists the contracts won, for the references of the members that won
// them. The amount is that of a single holder: that of several is shared in a
// way that the notices do not say.
func creditsOf(parts []*part, offer *opportunities.Opportunity) (list []network.Award) {
	for _, p := range parts {
		if p.gone != "" {
			continue
		}
		for _, h := range p.holders {
			if siret := network.SIRET(h.SIRET); siret.Complete() {
				list = append(list, network.Award{SIRET: siret, Reference: p.reference(offer)})
			}
		}
	}
	return list
}

func (p *part) reference(offer *opportunities.Opportunity) network.Reference {
	codes, place := p.what(offer)
	r := network.Reference{Title: cut(p.called(offer.Title), maxReference), Buyer: offer.BuyerName, ReservedESS: p.reserved == opportunities.ReservedESS}
	if i := slices.IndexFunc(codes, func(c nomenclatures.Code) bool { return c.Scheme == nomenclatures.SchemeCPV }); i >= 0 {
		r.Code = nomenclatures.CPV(codes[i].Value)
	}
	if place.Scope == opportunities.InCommunes {
		r.Place = place.Perimeter
	}
	if siret, err := network.ParseSIRET(offer.BuyerSIRET); err == nil && offer.BuyerSIRET != "" {
		r.BuyerSIRET = siret
	}
	if day := p.awarded(); len(day) >= 4 {
		r.Year, _ = strconv.Atoi(day[:4])
	}
	if len(p.holders) == 1 {
		r.Amount = p.amount
	}
	return r
}

// maxReference bounds the subject of a reference, in characters.
const maxReference = 300
