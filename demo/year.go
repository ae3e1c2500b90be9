package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"maillage/followup"
	"maillage/matching"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
)

// quartersGone are those of which the markets are told, so that the figures that are
// published of a quarter once it is over have some to tell.
const quartersGone = 4

// gone are the calls of a quarter that is over.
var gone = []struct{ title, cpv, where string }{
	{"Entretien des cimetières", "77310000", "departement:26"}, {"Nettoyage des salles communales", "90910000", "departement:26"},
	{"Débroussaillage des chemins", "77300000", "departement:07"}, {"Propreté des abords des écoles", "90910000", "departement:38"},
	{"Massifs et jardinières", "77310000", "departement:69"}, {"Nettoyage des bureaux", "90910000", "departement:69"},
}

// year is the past being lived: one clock for its services, which keep what they read.
type year struct {
	*loader
	clock   time.Time
	offers  *opportunities.Service
	matches *matching.Service
	follow  *followup.Service
}

// loadYear lives the markets of the last quarters again, through the same use cases as
// everybody, on the days when it happened. What is published of them is a job's.
func (l *loader) loadYear(ctx context.Context) error {
	y := &year{loader: l}
	now := func() time.Time { return y.clock }
	y.offers = opportunities.NewService(opportunities.Config{Store: l.Store, Atlas: l.Atlas, Now: now})
	y.matches = matching.NewService(matching.Config{Store: l.Store, Atlas: l.Atlas, Network: l.Network, Opportunities: y.offers, Now: now, Seed: 1})
	y.follow = followup.NewService(followup.Config{Store: l.Store, Atlas: l.Atlas, Network: l.Network, Opportunities: y.offers, Matching: y.matches, Now: now})
	for q := quartersGone; q > 0; q-- {
		begins := time.Date(l.today.Year(), (l.today.Month()-1)/3*3+1-time.Month(3*q), 8, 9, 0, 0, 0, paris(l.today)).UTC()
		if err := y.quarter(ctx, q, begins); err != nil {
			return fmt.Errorf("quarter of %s: %w", begins.Format(time.DateOnly), err)
		}
	}
	return nil
}

// quarter publishes its calls, tells what became of each, and closes them.
func (y *year) quarter(ctx context.Context, q int, begins time.Time) error {
	y.clock = begins
	var lots []opportunities.LotID
	for i := range gone {
		made, err := y.offers.CreateAndPublish(ctx, opportunities.By{}, y.goneCall(q, i, begins))
		if err != nil {
			return err
		}
		lots = append(lots, made.Lots[0].ID)
	}
	if err := y.matches.RefreshLots(ctx, lots); err != nil {
		return err
	}
	taken := map[network.ID]bool{}
	for i, lot := range lots {
		if err := y.live(ctx, begins, lot, i, taken); err != nil {
			return fmt.Errorf("lot %d: %w", lot, err)
		}
	}
	y.clock = begins.AddDate(0, 1, 0)
	_, err := y.offers.CloseLate(ctx)
	return err
}

func (y *year) goneCall(q, i int, on time.Time) *opportunities.Opportunity {
	g, deadline, buyer := gone[i], weekday(on.AddDate(0, 0, 24)), y.buyers[(i+q)%len(y.buyers)]
	id := int64(buyer.ID)
	return &opportunities.Opportunity{Kind: opportunities.Tender, Title: g.title, BuyerID: &id, BuyerName: buyer.Name, Source: "demo", Deadline: &deadline,
		Place: opportunities.Place{Scope: opportunities.InCommunes, Perimeter: `{"territory":"` + g.where + `"}`},
		Lots: []opportunities.Lot{{Number: "1", Title: g.title, Codes: []nomenclatures.Code{{Scheme: nomenclatures.SchemeCPV, Value: g.cpv}},
			Clause: opportunities.Clause{Verdict: opportunities.ClauseExecution, Hours: float64(240 + 35*i + 20*(quartersGone-q))}}}}
}

// live tells what became of a call: one of two enterprises that are asked answers it,
// another each time, and the other turns it down.
func (y *year) live(ctx context.Context, begins time.Time, lot opportunities.LotID, turn int, taken map[network.ID]bool) error {
	asked, err := y.asked(ctx, lot, taken)
	if err != nil || len(asked) == 0 {
		return err
	}
	taken[asked[0].Organisation] = true
	outcomes := []followup.Step{{To: followup.Won}, {To: followup.Won}, {To: followup.Lost, Reason: followup.Outbid}, {To: followup.Won}, {To: followup.NoAward}, {To: followup.Won}}
	for _, told := range []struct {
		after int // days
		match matching.ID
		steps []followup.Step
	}{
		{2 + turn, asked[0].ID, []followup.Step{{To: followup.Go}, {To: followup.Answering, Role: followup.Alone}}}, {14 + turn, asked[0].ID, []followup.Step{{To: followup.Submitted}}},
		{40 + turn, asked[0].ID, outcomes[turn%len(outcomes):][:1]}, {3 + turn, asked[len(asked)-1].ID, []followup.Step{{To: followup.Declined, Reason: matching.TooFar}}},
	} {
		if told.match == asked[0].ID && told.steps[0].To == followup.Declined {
			continue // it was asked alone
		}
		y.clock = begins.AddDate(0, 0, told.after)
		if _, err := y.follow.Move(ctx, told.match, 0, told.steps...); err != nil {
			return err
		}
	}
	return nil
}

// asked are two enterprises that a lot is proposed to, but the heroine's, those that
// answered another one last.
func (y *year) asked(ctx context.Context, lot opportunities.LotID, taken map[network.ID]bool) (out []followed, err error) {
	busy := []network.ID{0}
	for id := range taken {
		busy = append(busy, id)
	}
	err = y.Store.Read().NewRaw(`/* demo.asked */ SELECT id, organisation_id FROM matches WHERE lot_id = ? AND state = 'proposed' AND organisation_id <> ?
		ORDER BY CASE WHEN organisation_id IN (?) THEN 1 ELSE 0 END, score DESC, id LIMIT 2`, lot, y.heroine().ID, bun.List(busy)).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("choose who is asked: %w", err)
	}
	return out, nil
}
