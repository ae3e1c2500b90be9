package placement

import (
	"slices"
	"strconv"

	"maillage/matching/placement/card"
	"maillage/nomenclatures"
	"maillage/opportunities"
)

// Scene is where and when a position is, as a card was told: "can be there" and who
// could be thought of are about these, whatever the employer changes afterwards.
type Scene struct {
	Scope     opportunities.Scope `json:"scope,omitempty"`
	Perimeter string              `json:"perimeter,omitempty"`
	Slots     nomenclatures.Slots `json:"slots,omitempty"`
	Split     bool                `json:"split,omitempty"`
}

// sceneOf is where and when a position is now, as it stands in its opportunity.
func sceneOf(l *opportunities.Lot) Scene {
	out := Scene{Scope: l.Place.Scope, Perimeter: l.Place.Perimeter}
	if l.Terms != nil {
		out.Slots, out.Split = l.Terms.Slots, l.Terms.Split
	}
	return out
}

// moved tells a card that was told of another place or other hours than those of
// now, or before they changed, were they changed back since: nobody agreed anew. It ends, whoever it is of and whatever it says: that it stood, or that it
// went, would answer whether the person can be there at the new ones. Once the two
// have met, it hides nobody.
func (p *Proposal) moved(l *opportunities.Lot) bool {
	if p.WasMet {
		return false
	}
	return l.MovedAt != nil && !l.MovedAt.Before(p.CreatedAt) || p.Sheet.Scene != nil && *p.Sheet.Scene != sceneOf(l)
}

// scenes are positions as cards were told, beside the positions as they stand.
type scenes struct {
	lots []*opportunities.Lot
	at   map[sceneAt]int64
}

type sceneAt struct {
	lot   opportunities.LotID
	scene Scene
}

// told is a card as the employer was told it. One of before scenes were kept is taken
// at the position as it stands.
func (s *scenes) told(p *Proposal) card.Told {
	out := card.Told{Person: int64(p.PersonID), Position: int64(p.LotID), Card: p.Sheet.Claims, Runs: p.State.Runs(), Met: p.WasMet}
	i := slices.IndexFunc(s.lots, func(l *opportunities.Lot) bool { return l.ID == p.LotID })
	if i < 0 || p.Sheet.Scene == nil || *p.Sheet.Scene == sceneOf(s.lots[i]) {
		return out
	}
	out.Scene, out.Card = s.number(s.lots[i], *p.Sheet.Scene), slices.Clone(out.Card)
	for i := range out.Card {
		if out.Card[i].Kind == card.OnSite {
			out.Card[i].Code = strconv.FormatInt(out.Scene, 10)
		}
	}
	return out
}

// number gives a scene a number that no position has.
func (s *scenes) number(l *opportunities.Lot, was Scene) int64 {
	key := sceneAt{l.ID, was}
	if n, known := s.at[key]; known {
		return n
	}
	old, terms := *l, opportunities.Terms{}
	if l.Terms != nil {
		terms = *l.Terms
	}
	old.ID = opportunities.LotID(-1 - len(s.at))
	old.Place.Scope, old.Place.Perimeter, terms.Slots, terms.Split = was.Scope, was.Perimeter, was.Slots, was.Split
	old.Terms = &terms
	s.lots = append(s.lots, &old)
	s.at[key] = int64(old.ID)
	return int64(old.ID)
}
