package fairness

import (
	"context"
	"slices"
	"time"

	"maillage/accounts"
	"maillage/matching/placement"
	"maillage/nomenclatures"
	"maillage/people"
)

// auditor gathers what one audit counts.
type auditor struct {
	s          *Service
	who        accounts.Identity
	scope      accounts.Reach
	now, since time.Time

	folk      []soul // under way
	exposed   *placement.Exposure
	past      []placement.Past
	others    map[people.ID]soul // of proposals
	traits    map[people.ID]people.Traits
	uncounted map[int64]bool // structures that count for their own counsellors alone
}

// soul is what the audit reads of a journey.
type soul struct {
	id      people.ID
	home    int // ordinal of the commune; -1: not known
	entered string
	wishes  []nomenclatures.ROME // practised where nothing is wished
}

func (a *auditor) read(ctx context.Context) (err error) {
	if a.uncounted, err = people.Uncounted(ctx, a.s.cfg.Store.Read()); err != nil {
		return err
	}
	if err = a.readFolk(ctx); err != nil {
		return err
	}
	structure := int64(0)
	if a.scope == accounts.OwnOrganisation { // among those whom its counsellors see
		structure = a.who.OrganisationID
	}
	if a.exposed, err = a.s.cfg.Placement.Exposure(ctx, FirstN, structure); err != nil {
		return err
	}
	if err = a.readPast(ctx); err != nil {
		return err
	}
	return a.readTraits(ctx)
}

// readFolk reads the journeys under way that are in scope, by batches.
func (a *auditor) readFolk(ctx context.Context) error {
	return a.s.cfg.People.EachBatch(ctx, 0, func(all []*people.Person) error {
		for _, p := range all {
			if x := a.soul(p); a.holds(p, x) {
				a.folk = append(a.folk, x)
			}
		}
		return nil
	})
}

func (a *auditor) soul(p *people.Person) soul {
	out := soul{id: p.ID, home: -1, entered: p.EnteredOn}
	if ord, ok := a.s.cfg.Atlas.Ordinal(p.Commune); ok && p.Commune != "" {
		out.home = ord
	}
	for _, w := range p.Profile.Wished {
		out.wishes = append(out.wishes, w.ROME)
	}
	for _, h := range p.Profile.Held {
		if len(p.Profile.Wished) == 0 {
			out.wishes = append(out.wishes, h.ROME)
		}
	}
	return out
}

// holds tells whether a journey is in the caller's scope.
func (a *auditor) holds(p *people.Person, x soul) bool {
	switch {
	case a.scope != accounts.OwnOrganisation && a.uncounted[p.OrganisationID]:
		return false
	case a.scope == accounts.Anywhere:
		return true
	case a.scope == accounts.OwnPerimeter:
		return x.home >= 0 && a.who.Perimeter != nil && a.who.Perimeter.Contains(x.home)
	}
	return a.who.OrganisationID != 0 && p.OrganisationID == a.who.OrganisationID
}

// readPast reads the proposals of the period whose person is in scope, the
// journey ended or not.
func (a *auditor) readPast(ctx context.Context) error {
	all, err := a.s.cfg.Placement.History(ctx, a.since)
	if err != nil {
		return err
	}
	var ids []people.ID
	for _, p := range all {
		ids = append(ids, p.PersonID)
	}
	folk, err := a.s.cfg.People.LoadForMatching(ctx, distinct(ids)...)
	if err != nil {
		return err
	}
	a.others = map[people.ID]soul{}
	for _, p := range folk {
		if x := a.soul(p); a.holds(p, x) {
			a.others[p.ID] = x
		}
	}
	a.past = slices.DeleteFunc(all, func(p placement.Past) bool { _, in := a.others[p.PersonID]; return !in })
	return nil
}

// readTraits reads the traits of all who are counted; people refuses what the
// policy does not grant.
func (a *auditor) readTraits(ctx context.Context) (err error) {
	var ids []people.ID
	for _, x := range a.folk {
		ids = append(ids, x.id)
	}
	for id := range a.others {
		ids = append(ids, id)
	}
	a.traits, err = a.s.cfg.People.TraitsForAudit(ctx, distinct(ids)...)
	return err
}

func distinct(ids []people.ID) []people.ID {
	slices.Sort(ids)
	return slices.Compact(ids)
}
