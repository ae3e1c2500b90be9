package placement

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/matching/engine/journeys"
	"maillage/opportunities"
	"maillage/people"
	"maillage/territories"
)

// ReachChoice says of which positions of the perimeter an officer reads how far they
// reach: those of a convention in force, those of a territory, those of both, or all.
// There is nothing else to choose: see Reach.
type ReachChoice struct {
	Partnership int64  `json:"partnership,omitempty"`
	Territory   string `json:"territory,omitempty"` // a perimeter expression
}

// Reach is what an officer reads of positions and of the people in journeys.
//
// Each word of it is a function of one position that the network did not write,
// of all the people in journeys, and of the day; of nothing that the reader chooses
// or can write. Which other positions are read beside it, trainings, proposals,
// agreements and refusals change none of it. No word is of a part of the people,
// a structure's for one: beside the word of all it would tell of the others. It has
// no number, no label and no order made of people.
type Reach struct {
	ReachChoice
	Day       string    `json:"day"`
	Words     []Text    `json:"words"`
	Positions []Reached `json:"positions"`
}

// Reached is how far one position reaches.
type Reached struct {
	Position Head          `json:"position"`
	Suits    Band          `json:"suits"` // people in journeys, of whatever structure
	Words    Text          `json:"words"`
	Helps    []ReachedMore `json:"helps"` // that would open it to more people, where it may be told
}

// ReachedMore is one thing that a position asks, and how many people lack it alone.
type ReachedMore struct {
	Criterion string `json:"criterion"`
	Code      string `json:"code,omitempty"` // of a licence or a language
	Lack      Band   `json:"lack"`
	Words     Text   `json:"words"`
}

// Reach tells an officer how far positions reach: see the type.
func (s *Service) Reach(ctx context.Context, choice ReachChoice) (*Reach, error) {
	out, err := s.reach(ctx, choice)
	if err != nil {
		return nil, fmt.Errorf("read how far positions reach: %w", err)
	}
	return out, nil
}

func (s *Service) reach(ctx context.Context, choice ReachChoice) (*Reach, error) {
	who := accounts.From(ctx)
	if err := accounts.Allow(who, accounts.ReachRead, accounts.Of(who.OrganisationID)); err != nil {
		return nil, err
	}
	lots, err := s.lotsReached(ctx, choice, who.Perimeter)
	if err != nil {
		return nil, err
	}
	view, err := s.view(ctx)
	if err != nil {
		return nil, err
	}
	r := &reaching{}
	if r.vouched, err = s.vouched(ctx, view); err != nil {
		return nil, err
	}
	r.all = crowdOf(r.folk)
	out := &Reach{ReachChoice: choice, Day: s.today(), Positions: []Reached{}}
	for _, l := range lots {
		out.Positions = append(out.Positions, r.of(l))
	}
	out.Words = reachWords(out)
	return out, nil
}

// lotsReached are the positions of a choice that can be taken, in the perimeter, and
// that the network did not write. A position is a question about people (who lives
// here, wishes this, holds that licence, speaks that language), and who reads the
// answer must not write the question.
func (s *Service) lotsReached(ctx context.Context, choice ReachChoice, perimeter *territories.Set) ([]*opportunities.Lot, error) {
	chosen, err := s.chosen(choice, perimeter)
	if err != nil {
		return nil, err
	}
	r := BatchRules{Source: WithinReach, Partnership: choice.Partnership}
	if choice.Partnership != 0 {
		r.Source = OfPartnership
	}
	all, err := s.lotsFor(ctx, r)
	if err != nil {
		return nil, err
	}
	touched, err := touchedByNetwork(ctx, s.store.Read())
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(l *opportunities.Lot) bool { return !chosen(l) || byNetwork(l.Opportunity, touched) })
	if len(all) > mostBatchLots {
		return nil, fault.Invalid(fault.At("territory", "too-many",
			fmt.Sprintf("%d postes : pas plus de %d à la fois. Choisissez un territoire plus petit ou une convention.", len(all), mostBatchLots),
			fmt.Sprintf("%d positions: no more than %d at once. Choose a smaller territory or a convention.", len(all), mostBatchLots)))
	}
	return all, nil
}

// chosen tells a position that is in the perimeter of who asks and in the territory
// chosen. One done anywhere in the country is in every perimeter, and is listed where
// a convention covers it.
func (s *Service) chosen(choice ReachChoice, perimeter *territories.Set) (func(*opportunities.Lot) bool, error) {
	if perimeter == nil {
		return func(*opportunities.Lot) bool { return false }, nil
	}
	if choice.Territory == "" {
		return func(l *opportunities.Lot) bool {
			return s.inside(l, perimeter) || choice.Partnership != 0 && l.Place.Scope == opportunities.WholeCountry
		}, nil
	}
	set, err := compiled(s.atlas, choice.Territory)
	if err != nil {
		return nil, fault.Invalid(unknownTerritory())
	}
	within := set.And(perimeter)
	if within.Len() == 0 {
		return nil, fault.Invalid(fault.At("territory", "outside", "Ce territoire est hors de votre périmètre.", "This territory is outside your perimeter."))
	}
	return func(l *opportunities.Lot) bool { return s.inside(l, within) }, nil
}

// reaching is a reading under way.
type reaching struct {
	vouched
	all crowd
}

// found asks the engine of a position, as if there were no training: an officer could
// publish one that a single person may follow.
func (r *reaching) found(l *opportunities.Lot) journeys.Candidates {
	asked, today, o := r.s.feed.asked(l), date(r.s.today()), journeys.Options{Near: len(r.folk), Untaught: true}
	out := r.view.PeopleFor(asked, today, o)
	if len(r.apart) == 0 {
		return out
	}
	more := r.s.rules.Scan(asked, slices.Collect(maps.Values(r.apart)), nil, today, o)
	out.Matches = append(slices.DeleteFunc(out.Matches, r.isApart), more.Matches...)
	out.Near = append(slices.DeleteFunc(out.Near, func(n journeys.Near) bool { return r.isApart(n.Match) }), more.Near...)
	return out
}

// of reads one position.
func (r *reaching) of(l *opportunities.Lot) Reached {
	found, suits := r.found(l), crowd{}
	for _, m := range found.Matches {
		if p := r.counts(m, l); p != nil {
			suits[p.OrganisationID]++
		}
	}
	b := band(suits, r.all)
	return Reached{Position: r.s.head(l), Suits: b, Words: suitsSaid(b), Helps: r.helps(l, found.Near)}
}

// counts is who an answer is of, where they count. Those of the structure that
// published the position do, though it presents nobody to itself: leaving them out
// would make a word of a part of the people.
func (r *reaching) counts(m journeys.Match, l *opportunities.Lot) *people.Person {
	p := r.folk[people.ID(m.Person)]
	if p == nil || r.s.beyond(p, l) {
		return nil
	}
	return p
}

// lack is one thing that somebody misses.
type lack struct {
	criterion journeys.Criterion
	code      string
}

// helps counts those who miss one thing alone, by thing.
func (r *reaching) helps(l *opportunities.Lot, nears []journeys.Near) []ReachedMore {
	count, out := map[lack]crowd{}, []ReachedMore{}
	for _, n := range nears {
		x, ok := lackOf(n)
		p := r.counts(n.Match, l)
		if !ok || p == nil {
			continue
		}
		if count[x] == nil {
			count[x] = crowd{}
		}
		count[x][p.OrganisationID]++
	}
	for x, n := range count {
		if b := band(n, r.all); b != Unsaid {
			out = append(out, ReachedMore{Criterion: x.criterion.String(), Code: x.code, Lack: b, Words: helpWords(x, b)})
		}
	}
	slices.SortFunc(out, func(a, b ReachedMore) int {
		return cmp.Or(cmp.Compare(a.Criterion, b.Criterion), cmp.Compare(a.Code, b.Code))
	})
	return out
}

// lackOf is the one thing that a near miss misses, where it has a name.
func lackOf(n journeys.Near) (lack, bool) {
	switch n.Missed {
	case journeys.Licences, journeys.Languages:
		if codes := lacking(n.Finding(n.Missed)); len(codes) == 1 {
			return lack{n.Missed, codes[0]}, true
		}
	case journeys.Reach, journeys.Travel:
		return lack{criterion: journeys.Travel}, true
	case journeys.Trade:
		return lack{criterion: journeys.Trade}, true
	}
	return lack{}, false
}
