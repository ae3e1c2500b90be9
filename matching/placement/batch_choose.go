package placement

import (
	"context"
	"fmt"
	"slices"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/matching/engine/assignment"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/people"
	"maillage/territories"
)

// structureOf is the structure for whose people the caller may prepare: its own.
func structureOf(ctx context.Context, a accounts.Action) (int64, error) {
	who := accounts.From(ctx)
	return who.OrganisationID, accounts.Allow(who, a, accounts.Of(who.OrganisationID))
}

// mine says whose people "mine" are: of who asks first, whoever computes again.
func (r BatchRules) mine(ctx context.Context) BatchRules {
	if r.Counsellor = 0; r.Mine {
		r.Counsellor = int64(accounts.From(ctx).UserID)
	}
	return r
}

// checked fills what is not said and refuses what can't be.
func (s *Service) checked(r BatchRules) (BatchRules, error) {
	if r.PerPost == 0 {
		r.PerPost = s.perPost
	}
	if r.Most == 0 {
		r.Most = 1
	}
	if r.Objective == "" {
		r.Objective = assignment.FitFirst.String()
	}
	if r.Source == "" {
		r.Source = WithinReach
	}
	if r.Budget <= 0 || r.Budget > batchBudget {
		r.Budget = batchBudget
	}
	r.Lots = unique(r.Lots)
	if fields := r.faults(s.atlas); len(fields) > 0 {
		return r, fault.Invalid(fields...)
	}
	return r, s.seeded(&r)
}

func (s *Service) seeded(r *BatchRules) error {
	if r.Seed != 0 {
		return nil
	}
	n, err := s.number(1 << 31)
	r.Seed = int64(n) + 1
	return err
}

func (r BatchRules) faults(atlas *territories.Atlas) (out []fault.Field) {
	bad := func(path, fr, en string) { out = append(out, fault.At(path, "value", fr, en)) }
	if !slices.Contains(BatchSources(), r.Source) {
		bad("source", "Choisissez quels postes prendre.", "Choose which positions to take.")
	}
	if r.Source == ChosenLots && len(r.Lots) == 0 {
		bad("lots", "Cochez au moins un poste.", "Tick at least one position.")
	}
	if len(r.Lots) > mostBatchLots {
		bad("lots", fmt.Sprintf("Pas plus de %d postes à la fois.", mostBatchLots), fmt.Sprintf("No more than %d positions at once.", mostBatchLots))
	}
	if r.Source == OfPartnership && r.Partnership <= 0 {
		bad("partnership", "Choisissez une convention.", "Choose a convention.")
	}
	if _, err := compiled(atlas, r.Territory); r.Source == OfTerritory && err != nil {
		out = append(out, unknownTerritory())
	}
	if r.PerPost < 1 || r.PerPost > mostPerPost {
		bad("per_post", "De 1 à 10 personnes par place.", "From 1 to 10 people a place.")
	}
	if r.Most < 1 || r.Most > mostProposals {
		bad("most", "De 1 à 10 propositions par personne.", "From 1 to 10 proposals a person.")
	}
	if r.Objective != assignment.FitFirst.String() && r.Objective != assignment.WaitingFirst.String() {
		bad("objective", "Choisissez ce qui compte d’abord.", "Choose what comes first.")
	}
	if r.Seed < 0 || r.Seed > 1<<32 {
		bad("seed", "Un nombre entier positif de dix chiffres au plus.", "A positive whole number of ten digits at most.")
	}
	return out
}

func unknownTerritory() fault.Field {
	return fault.At("territory", "value", "Ce territoire n’est pas connu.", "This territory is not known.")
}

func compiled(atlas *territories.Atlas, text string) (*territories.Set, error) {
	p, err := atlas.CompileText(text)
	if err != nil {
		return nil, err
	}
	return p.Set, nil
}

// folkOf are the people of a batch: active, and those that the rules keep.
func (s *Service) folkOf(ctx context.Context, structure int64, r BatchRules) ([]*people.Person, error) {
	all, err := activeOf(ctx, s.store.Read(), structure)
	if err != nil {
		return nil, err
	}
	if r.Mine {
		all = slices.DeleteFunc(all, func(p *people.Person) bool { return accompanies(p) != r.Counsellor })
	}
	if r.Idle {
		return s.idle(ctx, all)
	}
	return all, nil
}

// idle leaves out those of whom a proposal runs.
func (s *Service) idle(ctx context.Context, all []*people.Person) ([]*people.Person, error) {
	made, err := standing(ctx, s, proposalsOf, idsOf(all))
	if err != nil {
		return nil, err
	}
	busy := map[people.ID]bool{}
	for _, p := range made {
		busy[p.PersonID] = busy[p.PersonID] || p.State.Runs()
	}
	return slices.DeleteFunc(all, func(p *people.Person) bool { return busy[p.ID] }), nil
}

func idsOf(all []*people.Person) (out []people.ID) {
	for _, p := range all {
		out = append(out, p.ID)
	}
	return out
}

// lotsFor are the positions of a batch that can be taken, by their ids. Those within
// reach are all of them: whom they suit is looked at next.
func (s *Service) lotsFor(ctx context.Context, r BatchRules) ([]*opportunities.Lot, error) {
	ids := r.Lots
	if r.Source != ChosenLots {
		var err error
		if ids, err = openLots(ctx, s.store.Read()); err != nil {
			return nil, err
		}
	}
	keep, err := s.keeper(ctx, r)
	if err != nil {
		return nil, err
	}
	all, err := s.opportunities.Positions(ctx, ids...)
	if err != nil {
		return nil, err
	}
	out := []*opportunities.Lot{}
	for _, l := range all {
		if _, err := s.takes(l, 0); err == nil && s.open(l) && slices.Contains(postKinds(), l.Opportunity.Kind) && keep(l) {
			out = append(out, l)
		}
	}
	slices.SortFunc(out, func(a, b *opportunities.Lot) int { return int(a.ID - b.ID) })
	return out, nil
}

// keeper tells which positions a source has.
func (s *Service) keeper(ctx context.Context, r BatchRules) (func(*opportunities.Lot) bool, error) {
	switch r.Source {
	case OfTerritory:
		set, err := compiled(s.atlas, r.Territory)
		return func(l *opportunities.Lot) bool { return s.inside(l, set) }, err
	case OfPartnership:
		return s.covered(ctx, r.Partnership)
	}
	return func(*opportunities.Lot) bool { return true }, nil
}

// inside tells a position of which a commune is in a set; one whose place is not
// known, or is the whole country, is in none.
func (s *Service) inside(l *opportunities.Lot, set *territories.Set) bool {
	return slices.ContainsFunc(s.feed.communes(l), func(ord uint32) bool { return set.Contains(int(ord)) })
}

// covered tells which positions a convention covers: the place is in its
// territory, and the employer or who publishes signed it, or the occupation is of
// one of its sectors. A branch signs for employers who are not named one by one.
func (s *Service) covered(ctx context.Context, id int64) (func(*opportunities.Lot) bool, error) {
	p, err := s.network.Partnership(ctx, id)
	if err != nil {
		return nil, err
	}
	if !(network.PartnershipTie{From: p.From, Until: p.Until}).On(date(s.today())) {
		return nil, fault.Invalid(fault.At("partnership", "over", "Cette convention n’est pas en vigueur aujourd’hui.", "This convention is not in force today."))
	}
	set, err := compiled(s.atlas, p.Territory)
	if err != nil {
		return nil, fmt.Errorf("read the territory of partnership %d: %w", id, err)
	}
	return func(l *opportunities.Lot) bool {
		country := p.ParentID == nil && l.Place.Scope == opportunities.WholeCountry
		return (country || s.inside(l, set)) && (signed(p, l.Opportunity) || sectored(p, l))
	}, nil
}

func signed(p *network.Partnership, o *opportunities.Opportunity) bool {
	for _, who := range []*int64{o.BuyerID, o.PublisherID} {
		if who != nil && slices.Contains(p.Signatories, network.ID(*who)) {
			return true
		}
	}
	return false
}

func sectored(p *network.Partnership, l *opportunities.Lot) bool {
	return slices.ContainsFunc(l.Codes, func(c nomenclatures.Code) bool {
		return slices.ContainsFunc(nomenclatures.SectorsOf(c), func(s nomenclatures.Sector) bool { return slices.Contains(p.Sectors, s) })
	})
}
