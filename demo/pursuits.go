package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/followup"
	"maillage/internal/store"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
)

// life is what became of one match: its steps, one a day after it was seen, then
// its outcome. One without a step was only told, or seen.
type life struct {
	seen    bool
	steps   []followup.Step
	outcome []followup.Step
}

// season is some calls of one state, proposed so many days ago, and what became
// of their matches; what came of an answer was known so many days ago.
type season struct {
	state      opportunities.State
	ago, known int
	lives      []life
}

// seasons show each state once at least.
func seasons() []season {
	interested, goes := followup.Step{To: followup.Interested, Note: "À voir avec l’équipe lundi."}, followup.Step{To: followup.Go}
	alone, handed := followup.Step{To: followup.Answering, Role: followup.Alone}, followup.Step{To: followup.Submitted}
	answered := []followup.Step{goes, alone, handed}
	one := func(step followup.Step) []followup.Step { return []followup.Step{step} }
	return []season{
		{opportunities.Published, 7, 1, []life{
			{}, {seen: true}, {seen: true, steps: one(interested)}, {seen: true, steps: one(followup.Step{To: followup.Declined, Reason: matching.TooFar})},
			{seen: true, steps: []followup.Step{interested, goes}},
			{seen: true, steps: []followup.Step{interested, {To: followup.NoGo, Reason: matching.TeamTaken, Note: "Nos chantiers d’hiver prennent tout le monde."}}},
			{seen: true, steps: []followup.Step{goes, alone}},
			{seen: true, steps: []followup.Step{goes, alone}, outcome: one(followup.Step{To: followup.Withdrawn, Reason: followup.NoPartner})},
			{seen: true, steps: answered},
		}},
		{opportunities.Closed, 40, 6, []life{
			{seen: true, steps: answered, outcome: one(followup.Step{To: followup.Won})},
			{seen: true, steps: answered, outcome: one(followup.Step{To: followup.Lost, Reason: followup.Outbid, Note: "Deux points d’écart sur le prix."})},
			{seen: true, steps: answered, outcome: one(followup.Step{To: followup.NoAward})},
		}},
	}
}

// loadPursuits proposes the calls of some weeks ago and tells what became of them,
// through the same use cases as everybody, on the days when it happened.
func (l *loader) loadPursuits(ctx context.Context) error {
	for _, s := range seasons() {
		if err := l.pass(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// pass proposes the calls of a season and lives each life with another match.
func (l *loader) pass(ctx context.Context, s season) error {
	then := l.today.AddDate(0, 0, -s.ago)
	lots, err := l.callsOf(ctx, s.state, then)
	if err != nil || len(lots) == 0 {
		return err
	}
	if err := matching.NewService(matching.Config{Store: l.Store, Atlas: l.Atlas, Now: func() time.Time { return then }}).RefreshLots(ctx, lots); err != nil {
		return err
	}
	chosen, err := l.chosen(ctx, lots)
	if err != nil {
		return err
	}
	for i, told := range s.lives[:min(len(s.lives), len(chosen))] {
		if err := l.tellLife(ctx, s, chosen[i], told); err != nil {
			return err
		}
	}
	return nil
}

// callsOf are the lots of the calls that were open on a day.
func (l *loader) callsOf(ctx context.Context, state opportunities.State, then time.Time) (lots []opportunities.LotID, err error) {
	err = l.Store.Read().NewRaw(`/* demo.callsOf */ SELECT l.id FROM lots l JOIN opportunities o ON o.id = l.opportunity_id
		WHERE o.kind = ? AND o.state = ? AND o.published_at <= ? AND o.deadline > ? AND NOT l.withdrawn ORDER BY l.id`,
		opportunities.Tender, state, then, then.AddDate(0, 0, 1)).Scan(ctx, &lots)
	if err != nil {
		return nil, fmt.Errorf("find the calls of some weeks ago: %w", err)
	}
	return lots, nil
}

// followed is a match and its enterprise.
type followed struct {
	ID           matching.ID `bun:"id"`
	Organisation network.ID  `bun:"organisation_id"`
}

// chosen are matches of others than the heroine: around Valence first, each
// enterprise in turn, the best first.
func (l *loader) chosen(ctx context.Context, lots []opportunities.LotID) (out []followed, err error) {
	err = l.Store.Read().NewRaw(`/* demo.chosen */ SELECT id, organisation_id FROM (SELECT mt.id, mt.organisation_id, mt.score,
		CASE WHEN EXISTS (SELECT 1 FROM sites AS s WHERE s.organisation_id = mt.organisation_id AND (s.commune LIKE '26%' OR s.commune LIKE '07%')) THEN 0 ELSE 1 END AS far,
		ROW_NUMBER() OVER (PARTITION BY mt.organisation_id ORDER BY mt.score DESC, mt.id) AS turn
		FROM matches AS mt WHERE mt.state = 'proposed' AND mt.organisation_id <> ? AND mt.lot_id IN (?)) AS found
		ORDER BY far, turn, score DESC, id`, l.heroine().ID, bun.List(lots)).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("choose matches to follow: %w", err)
	}
	return out, nil
}

// tellLife tells what became of a match.
func (l *loader) tellLife(ctx context.Context, s season, f followed, told life) error {
	at := func(ago int) *followup.Service {
		on := l.today.AddDate(0, 0, -ago)
		return followup.NewService(followup.Config{Store: l.Store, Atlas: l.Atlas, Now: func() time.Time { return on }})
	}
	err := l.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error { return at(s.ago).Tell(ctx, tx, f.ID) })
	if err != nil || !told.seen {
		return err
	}
	member := accounts.With(ctx, accounts.Identity{Role: accounts.Member, OrganisationID: int64(f.Organisation)})
	if err := at(s.ago-1).See(member, f.ID); err != nil {
		return err
	}
	system := accounts.With(ctx, accounts.TheSystem())
	for i, step := range told.steps {
		if _, err := at(s.ago-2-i).Move(system, f.ID, 0, step); err != nil {
			return err
		}
	}
	_, err = at(s.known).Move(system, f.ID, 0, told.outcome...)
	return err
}
