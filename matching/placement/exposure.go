package placement

import (
	"context"
	"fmt"
	"slices"
	"time"

	"maillage/matching/engine/journeys"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/people"
)

// Posting is where a position is and in which occupations, for who counts.
type Posting struct {
	Occupations []nomenclatures.ROME
	Communes    []uint32 // ordinals; none: not known
}

// Exposure is who the engine puts first for the positions open now: counts are
// made of it, elsewhere. It tells nothing of anybody but that.
type Exposure struct {
	Open  []Posting          // those that count
	First map[people.ID]bool // among the first for one of them at least
}

// Exposure ranks people for the open positions that count and keeps the first n,
// of one structure or of all (0). It asks no policy: it is for other nouns, never
// for a door.
//
// A position counts where the network has no hand in it, and puts somebody first
// where n/2 people suit it at least. Who reads what is counted must not choose it:
// an officer who published a position that suits one person would read that person
// in the figures. For the same reason people are ranked as if there were no training:
// one that a single person may follow would put that person first; and over all
// structures nobody counts who is of one that an officer made up alone, nor is anybody
// taken out by such an employer that hired them.
func (s *Service) Exposure(ctx context.Context, n int, structure int64) (*Exposure, error) {
	v, err := s.lately(ctx)
	if err != nil {
		return nil, fmt.Errorf("rank people for open positions: %w", err)
	}
	touched, err := touchedByNetwork(ctx, s.store.Read())
	if err != nil {
		return nil, err
	}
	e := exposing{vouched: vouched{s: s, view: v}, n: n, structure: structure, touched: touched, out: &Exposure{First: map[people.ID]bool{}}}
	if structure == 0 {
		if e.vouched, err = s.vouched(ctx, v); err != nil {
			return nil, err
		}
	}
	err = s.opportunities.EachPosition(ctx, batch, func(all []*opportunities.Lot) error {
		for _, l := range all {
			if err := e.add(ctx, l); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("rank people for open positions: %w", err)
	}
	return e.out, nil
}

// exposing is an exposure under way. Of one structure everybody counts, as they are.
type exposing struct {
	vouched
	n         int
	structure int64
	touched   map[opportunities.ID]bool
	room      journeys.Candidates
	out       *Exposure
}

func (e *exposing) add(ctx context.Context, l *opportunities.Lot) error {
	if _, ok := e.s.feed.position(l); !ok || l.Opportunity.Kind == opportunities.TrainingSession || !e.s.open(l) || byNetwork(l.Opportunity, e.touched) {
		return nil
	}
	e.out.Open = append(e.out.Open, e.s.posting(l))
	first, total, err := e.first(ctx, l)
	if err != nil || 2*total < e.n {
		return err
	}
	for _, m := range first {
		e.out.First[people.ID(m.Person)] = true
	}
	return nil
}

// first are the first people for a position, and how many it suits.
func (e *exposing) first(ctx context.Context, l *opportunities.Lot) ([]journeys.Match, int, error) {
	asked, today := e.s.feed.asked(l), date(e.s.today())
	o := journeys.Options{Limit: e.n, Brief: true, Untaught: true, Employer: journeys.EmployerID(e.structure)}
	if e.everybody() {
		e.view.PeopleInto(&e.room, asked, today, o)
		return e.room.Matches, e.room.Total, nil
	}
	o.Limit = 0
	e.view.PeopleInto(&e.room, asked, today, o)
	stand := slices.DeleteFunc(e.room.Matches, func(m journeys.Match) bool { return e.folk[people.ID(m.Person)] == nil || e.isApart(m) })
	first := stand[:min(e.n, len(stand))]
	if len(e.apart) == 0 {
		return first, len(stand), nil
	}
	among, err := e.among(ctx, first)
	if err != nil {
		return nil, 0, err
	}
	ranked := e.s.rules.Scan(asked, among, nil, today, o).Matches
	return ranked[:min(e.n, len(ranked))], len(stand) - len(first) + len(ranked), nil
}

// among are those who stand apart, with others.
func (e *exposing) among(ctx context.Context, others []journeys.Match) ([]*journeys.Person, error) {
	ids := make([]people.ID, len(others))
	for i, m := range others {
		ids[i] = people.ID(m.Person)
	}
	works, err := e.s.workOf(ctx, e.s.store.Read(), ids...)
	if err != nil {
		return nil, err
	}
	folk, err := e.s.reread(ctx, ids, works)
	for _, q := range e.apart {
		if e.folk[people.ID(q.ID)] != nil {
			folk = append(folk, q)
		}
	}
	return folk, err
}

// byNetwork tells whether somebody who speaks for the network wrote, changed or
// moved an opportunity.
func byNetwork(o *opportunities.Opportunity, touched map[opportunities.ID]bool) bool {
	return o.Source == "officer" || touched[o.ID]
}

func (s *Service) posting(l *opportunities.Lot) Posting {
	out := Posting{Communes: s.feed.communes(l)}
	for _, o := range s.feed.asked(l).Occupations {
		out.Occupations = append(out.Occupations, nomenclatures.ROME(o))
	}
	return out
}

// History is the proposals made since an instant, with the first answer of each
// and the position; what a structure noted of its own positions is none. It asks no policy: it is for other nouns, never for a door.
func (s *Service) History(ctx context.Context, since time.Time) ([]Past, error) {
	all, err := proposals(ctx, s.store.Read(), "pp.created_at >= ? AND pp.organisation_id <> pp.employer_id", since)
	if err != nil {
		return nil, err
	}
	answers, err := firstAnswers(ctx, s.store.Read(), since)
	if err != nil {
		return nil, err
	}
	alone, err := answeredAloneSince(ctx, s.store.Read(), since)
	if err != nil {
		return nil, err
	}
	var ids []opportunities.LotID
	for _, p := range all {
		ids = append(ids, p.LotID)
	}
	lots, err := s.opportunities.Positions(ctx, unique(ids)...)
	if err != nil {
		return nil, fmt.Errorf("read the positions of proposals: %w", err)
	}
	by := map[opportunities.LotID]Posting{}
	for _, l := range lots {
		by[l.ID] = s.posting(l)
	}
	out := make([]Past, 0, len(all))
	for _, p := range all {
		out = append(out, Past{Proposal: p, Posting: by[p.LotID], Answered: answers[p.ID], Alone: alone[p.ID]})
	}
	return out, nil
}

// Past is a proposal and what became of it.
type Past struct {
	*Proposal
	Posting  Posting
	Answered time.Time // first answer of the employer; zero: none
	Alone    bool      // an officer could have made the answer up: see answeredAlone
}
