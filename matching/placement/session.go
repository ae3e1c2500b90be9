package placement

import (
	"cmp"

	"maillage/matching/engine/journeys"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/people"
	"maillage/territories"
)

// closingOnCard are the sessions that a card tells for what a person lacks: for
// each aptitude the one nearest to the position, open to whoever joins. Whoever
// lacks the same aptitude is told the same session, wherever they live, whenever they
// are free and whatever else they hold: chosen from the home, it would tell the home, and
// one that has conditions would tell that they are met. As for anybody, it has places
// left and serves the position.
func (s *Service) closingOnCard(v *journeys.View, p *people.Person, l *opportunities.Lot, sessions map[opportunities.LotID]*opportunities.Lot) []Training {
	asked, ok := s.feed.person(p, work{}, s.today())
	if !ok {
		return nil
	}
	nowhere := *asked
	nowhere.Home, nowhere.HasPoint = journeys.NoHome, false // the way is measured from the position
	nowhere.Available, nowhere.From, nowhere.SplitShifts = true, territories.Date{}, journeys.Unsaid
	var out []Training
	for _, c := range v.ClosingTrainings(&nowhere, s.feed.asked(l), date(s.today())) {
		code, at := cmp.Or(string(c.Licence), c.Skill.Code), sessions[opportunities.LotID(c.Session)]
		if code == "" || at == nil || conditional(at) {
			continue
		}
		if t := s.training(&people.Person{}, at, nomenclatures.Aptitude(code)); !sameTraining(out, t) {
			out = append(out, t)
		}
	}
	return out
}

// conditional tells whether a session asks something of who joins it.
func conditional(l *opportunities.Lot) bool {
	return l.Terms != nil && (len(l.Terms.Aptitudes) > 0 || len(l.Terms.Languages) > 0)
}
