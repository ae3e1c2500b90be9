package placement

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"maillage/matching/engine/journeys"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/people"
)

// The bounds of what could open more: how many changes are tried, told, and how
// many positions each shows.
const (
	mostTried  = 60
	mostGains  = 12
	mostOpened = 10
)

// WhatIf says what one more licence, aptitude, language, occupation or a wider
// range would open to a person, over the positions open now and those of the last
// twelve months. What is tried is what these positions miss: one gate each.
func (s *Service) WhatIf(ctx context.Context, id people.ID) (*Openings, error) {
	p, v, err := s.mine(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("look for what would open more to person %d: %w", id, err)
	}
	works, err := s.workOf(ctx, s.store.Read(), id)
	if err != nil {
		return nil, fmt.Errorf("look for what would open more to person %d: %w", id, err)
	}
	today := date(s.today())
	out := &Openings{Person: s.personHead(p, works[id]), AsOf: s.today(), Since: s.now().AddDate(-1, 0, 0).Format("2006-01-02"), Gains: []Opening{}}
	asked, ok := s.feed.person(p, works[id], s.today())
	if !ok {
		return out, nil
	}
	nears := v.PositionsFor(asked, today, journeys.Options{PassedToo: true, Since: date(out.Since), Near: math.MaxInt}).Near
	by, err := s.lotsBy(ctx, lotsIn(nil, nears))
	if err != nil {
		return nil, fmt.Errorf("look for what would open more to person %d: %w", id, err)
	}
	gains := v.WhatIf(asked, changesIn(nears, by), today)
	if by, err = s.lotsBy(ctx, openedBy(gains)); err != nil {
		return nil, fmt.Errorf("look for what would open more to person %d: %w", id, err)
	}
	there, err := s.placedOf(ctx, by)
	if err != nil {
		return nil, fmt.Errorf("look for what would open more to person %d: %w", id, err)
	}
	sessions, err := s.schoolOf(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("look for what would open more to person %d: %w", id, err)
	}
	for _, g := range gains {
		if g.Matches = s.reached(p, g.Matches, by, there); len(g.Matches) > 0 {
			out.Gains = append(out.Gains, s.opening(p, g, by, sessions))
		}
	}
	slices.SortStableFunc(out.Gains, func(a, b Opening) int { return cmp.Or(cmp.Compare(b.Open, a.Open), cmp.Compare(b.Total, a.Total)) })
	out.Gains = out.Gains[:min(len(out.Gains), mostGains)]
	return out, nil
}

// lotsBy reads positions by number.
func (s *Service) lotsBy(ctx context.Context, ids []opportunities.LotID) (map[opportunities.LotID]*opportunities.Lot, error) {
	lots, err := s.opportunities.Positions(ctx, ids...)
	if err != nil {
		return nil, err
	}
	by := make(map[opportunities.LotID]*opportunities.Lot, len(lots))
	for _, l := range lots {
		by[l.ID] = l
	}
	return by, nil
}

// openedBy are the positions that changes open: an occupation opens some that are
// no near miss of the wishes as they are.
func openedBy(gains []journeys.Gain) (out []opportunities.LotID) {
	for _, g := range gains {
		out = append(out, lotsIn(g.Matches, nil)...)
	}
	return unique(out)
}

// reached leaves out the vague positions that are too far, and those where the person has a place.
func (s *Service) reached(p *people.Person, all []journeys.Match, by map[opportunities.LotID]*opportunities.Lot, there placed) []journeys.Match {
	return slices.DeleteFunc(all, func(m journeys.Match) bool {
		l := by[opportunities.LotID(m.Position)]
		return l == nil || s.beyond(p, l) || there[pair{p.ID, l.ID}]
	})
}

// opening tells a gain. What can still be taken of it is, of what is learnt, what a
// session told serves in time: as of the near misses.
func (s *Service) opening(p *people.Person, g journeys.Gain, by, sessions map[opportunities.LotID]*opportunities.Lot) Opening {
	out := Opening{Change: changeOf(g.Change), Sentence: changeWords(g.Change), Total: len(g.Matches), Positions: []Head{}}
	learnt, served := out.Change.Kind == "aptitude", map[journeys.PositionID]bool{}
	for _, c := range g.Courses {
		l, serves := sessions[opportunities.LotID(c.Session)], false
		for _, m := range g.Matches {
			if learnt && l != nil && slices.Contains(c.Serves, m.Position) {
				serves, served[m.Position] = true, true
			}
		}
		if serves {
			out.Trainings = append(out.Trainings, s.training(p, l, aptitudeOf(out.Change)))
		}
	}
	for _, m := range g.Matches {
		l := by[opportunities.LotID(m.Position)]
		if s.open(l) && (!learnt || served[m.Position]) {
			out.Open++
		}
		if len(out.Positions) < mostOpened {
			out.Positions = append(out.Positions, s.head(l))
		}
	}
	return out
}

func changeOf(c journeys.Change) Change {
	switch {
	case c.Licence != "":
		return Change{Kind: "aptitude", Code: string(c.Licence)}
	case c.Skill.Code != "":
		return Change{Kind: "aptitude", Code: c.Skill.Code, Level: uint8(c.Skill.Level)}
	case c.Language.Code != "":
		return Change{Kind: "language", Code: c.Language.Code, Level: uint8(c.Language.Level)}
	case c.Occupation != "":
		return Change{Kind: "occupation", Code: string(c.Occupation)}
	}
	return Change{Kind: "range", Km: c.Kilometres}
}

// changesIn lists what near misses miss, the most missed first.
func changesIn(nears []journeys.Near, by map[opportunities.LotID]*opportunities.Lot) []journeys.Change {
	count := map[journeys.Change]int{}
	var order []journeys.Change
	for _, n := range nears {
		for _, c := range changesOf(n, by[opportunities.LotID(n.Position)]) {
			if count[c]++; count[c] == 1 {
				order = append(order, c)
			}
		}
	}
	slices.SortStableFunc(order, func(a, b journeys.Change) int { return cmp.Compare(count[b], count[a]) })
	return order[:min(len(order), mostTried)]
}

// changesOf is what would put one near miss right.
func changesOf(n journeys.Near, l *opportunities.Lot) (out []journeys.Change) {
	f := n.Finding(n.Missed)
	switch n.Missed {
	case journeys.Travel:
		if f.Unit == journeys.Kilometres {
			out = append(out, journeys.Change{Kilometres: float64(n.Remedy.By)})
		}
	case journeys.Trade:
		if f.Params.Asked != "" {
			out = append(out, journeys.Change{Occupation: f.Params.Asked})
		}
	case journeys.Licences, journeys.Languages, journeys.Entry:
		for _, code := range lacking(f) {
			out = append(out, gained(code, l))
		}
	}
	return out
}

func lacking(f journeys.Finding) []string {
	if f.Params.Detail == nil {
		return nil
	}
	return slices.Concat(f.Params.Detail.Missing, f.Params.Detail.Trainable)
}

// gained is what is missing, at the level that the position asks.
func gained(code string, l *opportunities.Lot) journeys.Change {
	if l == nil || l.Terms == nil {
		return journeys.Change{Licence: journeys.Licence(code)}
	}
	for _, s := range l.Terms.Languages {
		if s.Language == code {
			return journeys.Change{Language: journeys.Language{Code: code, Level: s.Level}}
		}
	}
	for _, w := range l.Terms.Aptitudes {
		if string(w.Code) == code && isSkill(w.Code) {
			return journeys.Change{Skill: journeys.Need{Code: code, Level: w.Level}}
		}
	}
	return journeys.Change{Licence: journeys.Licence(code)}
}

// schoolOf are the sessions that can still be joined, without the vague ones that are too far.
func (s *Service) schoolOf(ctx context.Context, p *people.Person) (map[opportunities.LotID]*opportunities.Lot, error) {
	all, err := s.school(ctx)
	maps.DeleteFunc(all, func(_ opportunities.LotID, l *opportunities.Lot) bool { return s.beyond(p, l) })
	return all, err
}

func aptitudeOf(c Change) nomenclatures.Aptitude { return nomenclatures.Aptitude(c.Code) }
