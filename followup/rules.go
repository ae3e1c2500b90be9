package followup

import (
	"context"
	"fmt"
	"slices"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
	"maillage/territories"
)

// refuse says why a step cannot be taken, and fills in what its group tells.
func (s *Service) refuse(ctx context.Context, tx store.Tx, m *matching.Match, p *Pursuit, origin Origin, step *Step) error {
	if err := matching.Answerable(ctx, tx, m.LotID); err != nil {
		return err
	}
	if !p.State.Allows(step.To) || p.State == Withdrawn && step.To == Submitted && p.Role == NoRole { // how it was answered is to be said
		return impossible(p.State, step.To)
	}
	if p.State.Unanswered() && step.To != Won || step.To == Interested || step.To == Go {
		if err := m.Holds(); err != nil {
			return err
		}
	}
	g, err := groundOf(ctx, tx, m.LotID)
	if err != nil {
		return err
	}
	if err := g.carries(p.State, step.To); err != nil {
		return err
	}
	if err := g.answerable(p.State, step, s.now()); err != nil {
		return err
	}
	if step.To == Won && (origin == ByAward || !slices.Contains([]State{Submitted, Lost, NoAward}, p.State)) {
		return s.mustBeNamed(ctx, tx, m, origin, p.State)
	}
	if err := s.inTime(g, m, p, step); err != nil {
		return err
	}
	if err := s.aloneOnce(ctx, tx, g, m, p, step); err != nil {
		return err
	}
	return s.checkPartners(ctx, tx, m, step)
}

// carries refuses to go on with a lot that was removed or a call that was cancelled.
// What was true before stays told, and can still end; an answer that was told won or
// lost by mistake goes back to having been handed in.
func (g *ground) carries(from, to State) error {
	goesOn := slices.Contains([]State{Interested, Go, Answering, Won}, to) || to == Submitted && (from == Answering || from == Withdrawn)
	switch {
	case !goesOn:
		return nil
	case g.State == opportunities.Cancelled:
		return fault.Conflict("call-cancelled", "Ce marché a été annulé : il n’y a plus à y répondre, ni à le gagner. Dites-le sans suite, ou abandonné.",
			"This call was cancelled: it can be neither answered nor won any more. Tell it as not awarded, or as withdrawn.")
	case g.Withdrawn:
		return fault.Conflict("lot-removed", "Ce lot a été retiré du marché : il n’y a plus à y répondre, ni à le gagner. Dites-le sans suite, ou abandonné.",
			"This lot was removed from the call: it can be neither answered nor won any more. Tell it as not awarded, or as withdrawn.")
	}
	return nil
}

// answerable refuses to begin an answer that can no longer be given, unless the same
// gesture says that it was handed in: its day then decides.
func (g *ground) answerable(from State, step *Step, now time.Time) error {
	begins := from != step.To && slices.Contains([]State{Interested, Go, Answering}, step.To)
	if !begins || step.afterwards || !g.over(now) {
		return nil
	}
	return fault.Conflict("call-over", "Ce lot ne se répond plus. Une réponse remise à temps s’enregistre avec sa date.",
		"This lot can no longer be answered. An answer that was handed in in time is recorded with its date.")
}

// aloneOnce lets one enterprise alone win a lot by itself, unless an award names both.
// Hours and posts are shared.
func (s *Service) aloneOnce(ctx context.Context, tx store.Tx, g *ground, m *matching.Match, p *Pursuit, step *Step) error {
	if step.To != Won || p.Role != Alone || g.Kind != opportunities.Tender && g.Kind != opportunities.PrivatePurchase {
		return nil
	}
	if err := tx.Alone(ctx, fmt.Sprintf("winner of lot %d", m.LotID)); err != nil {
		return err
	}
	taken, err := wonAlone(ctx, tx, m)
	if err != nil || !taken {
		return err
	}
	named, err := namedBy(ctx, tx, m)
	if err == nil && !named {
		return fault.Conflict("won-by-another", "Une autre entreprise dit avoir gagné ce lot seule. Si c’est une erreur, qu’elle corrige d’abord son résultat.",
			"Another enterprise says that it won this lot alone. If that is a mistake, it has to correct its outcome first.")
	}
	return err
}

// inTime refuses what cannot have happened yet, or already: a public call is won by
// nobody while it can still be answered (R2151-1), and nothing is handed in before
// there is a call, nor after its deadline; a day that is told again stays. A private
// buyer may choose on any day.
func (s *Service) inTime(g *ground, m *matching.Match, p *Pursuit, step *Step) error {
	if until := g.until(); step.To == Won && g.Kind == opportunities.Tender && g.State == opportunities.Published && until != nil && s.now().Before(*until) {
		return fault.Conflict("still-open", "Ce marché public se répond encore : il ne peut être gagné avant sa date limite.",
			"This public call can still be answered: it cannot be won before its deadline.")
	}
	if step.To != Submitted || step.SubmittedOn == p.SubmittedOn {
		return nil
	}
	begins := m.FirstProposedAt
	if g.PublishedAt != nil && g.PublishedAt.Before(begins) {
		begins = *g.PublishedAt
	}
	var f fault.List
	f.At(step.SubmittedOn < begins.In(s.paris).Format(time.DateOnly), "submitted_on", "too_early", "Cette date est antérieure à la publication du marché.", "This date is before the call was published.")
	if until := g.until(); until != nil {
		f.At(step.SubmittedOn > until.In(s.paris).Format(time.DateOnly), "submitted_on", "after_deadline", "Cette date est après la date limite : dites le jour où la réponse a été remise.", "This date is after the deadline: say the day when the answer was handed in.")
	}
	return f.Err()
}

func impossible(from, to State) error {
	return fault.Conflict("transition", "Cette réponse est « "+from.Words().FR+" » : elle ne peut devenir « "+to.Words().FR+" ».",
		"This answer is “"+from.Words().EN+"”: it cannot become “"+to.Words().EN+"”.")
}

// mustBeNamed lets an award be confirmed only where it names the enterprise; of
// a pursuit of which nothing was handed in here, it is the only way to be won.
func (s *Service) mustBeNamed(ctx context.Context, tx store.Tx, m *matching.Match, origin Origin, from State) error {
	if origin != ByAward {
		return impossible(from, Won)
	}
	named, err := namedBy(ctx, tx, m)
	if err != nil {
		return err
	}
	if !named {
		return fault.Conflict("not-named", "Aucun avis d’attribution connu ne nomme cette entreprise pour ce marché.",
			"No award known names this enterprise for this contract.")
	}
	return nil
}

// checkPartners reads the group that answers: its members are the partners, and
// the role is the one it gives.
func (s *Service) checkPartners(ctx context.Context, tx store.Tx, m *matching.Match, step *Step) error {
	var f fault.List
	f.At(slices.Contains(step.Partners, m.OrganisationID), "partners", "itself", "L’entreprise n’est pas sa propre partenaire.", "The enterprise is not its own partner.")
	if err := f.Err(); err != nil {
		return err
	}
	if step.Consortium != nil {
		return s.ofGroup(ctx, m, step)
	}
	known, err := membersAmong(ctx, tx, step.Partners)
	if err != nil {
		return err
	}
	f.At(known != len(step.Partners), "partners", "unknown", "L’un de ces partenaires n’est pas connu du réseau.", "One of these partners is not known to the network.")
	return f.Err()
}

func (s *Service) ofGroup(ctx context.Context, m *matching.Match, step *Step) error {
	group, err := s.matching.Consortium(ctx, *step.Consortium)
	if err != nil && !fault.Is(err, fault.KindNotFound) {
		return err
	}
	var f fault.List
	foreign := group == nil || group.LotID != m.LotID || !group.Has(m.OrganisationID) || group.State == matching.GroupDissolved
	f.At(foreign, "consortium", "unknown", "Ce groupement ne répond pas à ce lot avec cette entreprise.", "This group does not answer this lot with this enterprise.")
	if foreign {
		return f.Err()
	}
	f.At((group.LeadID == m.OrganisationID) != (step.Role == Lead), "role", "of_the_group", "Le groupement dit autrement qui en est le mandataire.", "The group says otherwise who leads it.")
	step.Partners = step.Partners[:0]
	for _, p := range group.Members {
		if p.OrganisationID != m.OrganisationID {
			step.Partners = append(step.Partners, p.OrganisationID)
		}
	}
	slices.Sort(step.Partners)
	return f.Err()
}

// may checks a right on the pursuit of a match. What the caller may not read is
// not there.
func (s *Service) may(ctx context.Context, id matching.ID, a accounts.Action) error {
	who := accounts.From(ctx)
	if err := accounts.Permits(who, accounts.PursuitRead); err != nil {
		return err
	}
	m, err := s.matching.Get(ctx, id)
	if err != nil {
		return err
	}
	scope, err := s.scopeOf(ctx, m)
	if err != nil {
		return err
	}
	if !accounts.Can(who, accounts.PursuitRead, scope) {
		return fault.NotFound("match", id)
	}
	return accounts.Allow(who, a, scope)
}

// scopeOf is whose a pursuit is, and where: the sites of the enterprise, and the
// place of the lot. It is never everywhere: a call for the whole country does not
// open what an enterprise says of it to every officer. The buyer is not of it.
func (s *Service) scopeOf(ctx context.Context, m *matching.Match) (accounts.Scope, error) {
	o, err := s.network.Get(ctx, m.OrganisationID)
	if err != nil {
		return accounts.Scope{}, err
	}
	l, err := s.opportunities.Lot(ctx, m.LotID)
	if err != nil {
		return accounts.Scope{}, err
	}
	return s.scope(o, l), nil
}

func (s *Service) scope(o *network.Organisation, l *opportunities.Lot) accounts.Scope {
	return accounts.Of(int64(o.ID)).In(o.Communes(s.atlas).Or(s.placeOfLot(l)))
}

// nowhere is the empty place: it touches no perimeter.
func nowhere() *territories.Set { return territories.SetOf() }
