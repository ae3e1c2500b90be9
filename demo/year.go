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

// gone are the calls of the past, in turn.
var gone = []struct{ title, cpv, where string }{
	{"Entretien des cimetières", "77310000", "departement:26"}, {"Nettoyage des salles communales", "90910000", "departement:26"},
	{"Débroussaillage des chemins", "77300000", "departement:07"}, {"Propreté des abords des écoles", "90910000", "departement:38"},
	{"Massifs et jardinières", "77310000", "departement:69"}, {"Nettoyage des bureaux", "90910000", "departement:69"},
	{"Taille des haies", "77310000", "departement:26"}, {"Nettoyage du gymnase", "90910000", "departement:26"},
	{"Entretien des berges", "77300000", "departement:26"}, {"Ménage des gîtes communaux", "90910000", "departement:07"},
	{"Tonte des stades", "77310000", "departement:38"}, {"Vitrerie des écoles", "90910000", "departement:69"},
}

// byMonth is how many calls buyers publish in each month, January first: before the
// spring and after the summer, few in August and at the end of the year.
var byMonth = [12]int{4, 5, 6, 5, 4, 5, 3, 1, 5, 6, 5, 3}

// growth is how many more there are by the end, as more buyers are followed.
const growth = 2

// callsOf is how many calls there are in a month that is so many ago.
func callsOf(month time.Month, ago int) int {
	return byMonth[month-1] + growth*(3*quartersGone-ago)/(3*quartersGone)
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
	taken, first := map[network.ID]bool{}, 0
	for ago := 3 * quartersGone; ago > 0; ago-- {
		begins := time.Date(l.today.Year(), (l.today.Month()-1)/3*3+1-time.Month(ago), 1, 9, 0, 0, 0, paris(l.today)).UTC()
		if ago%3 == 0 { // a quarter begins
			clear(taken)
		}
		n := callsOf(begins.Month(), ago)
		if err := y.month(ctx, begins, first, n, taken); err != nil {
			return fmt.Errorf("month of %s: %w", begins.Format(time.DateOnly), err)
		}
		first += n
	}
	return nil
}

// month publishes its calls, one every few days, tells what became of each, and closes them.
func (y *year) month(ctx context.Context, begins time.Time, first, n int, taken map[network.ID]bool) error {
	for i := range n {
		on := begins.AddDate(0, 0, 2+i*26/n)
		y.clock = on
		made, err := y.offers.CreateAndPublish(ctx, opportunities.By{}, y.goneCall(first+i, on))
		if err != nil {
			return err
		}
		if err := y.matches.RefreshLots(ctx, []opportunities.LotID{made.Lots[0].ID}); err != nil {
			return err
		}
		if err := y.live(ctx, on, made.Lots[0].ID, first+i, taken); err != nil {
			return fmt.Errorf("lot %d: %w", made.Lots[0].ID, err)
		}
	}
	y.clock = begins.AddDate(0, 2, 0)
	_, err := y.offers.CloseLate(ctx)
	return err
}

// goneCall is the call of a turn.
func (y *year) goneCall(turn int, on time.Time) *opportunities.Opportunity {
	g, deadline, buyer := gone[turn%len(gone)], weekday(on.AddDate(0, 0, 24)), y.buyers[turn%len(y.buyers)]
	id := int64(buyer.ID)
	return &opportunities.Opportunity{Kind: opportunities.Tender, Title: g.title, BuyerID: &id, BuyerName: buyer.Name, Source: "demo", Deadline: &deadline,
		Place: opportunities.Place{Scope: opportunities.InCommunes, Perimeter: `{"territory":"` + g.where + `"}`},
		Lots: []opportunities.Lot{{Number: "1", Title: g.title, Codes: []nomenclatures.Code{{Scheme: nomenclatures.SchemeCPV, Value: g.cpv}},
			Clause: opportunities.Clause{Verdict: opportunities.ClauseExecution, Hours: float64(180 + 35*(turn*7%9) + 2*turn)}}}}
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
		{2 + turn%7, asked[0].ID, []followup.Step{{To: followup.Go}, {To: followup.Answering, Role: followup.Alone}}}, {14 + turn%7, asked[0].ID, []followup.Step{{To: followup.Submitted}}},
		{32 + turn%17, asked[0].ID, outcomes[turn%len(outcomes):][:1]}, {3 + turn%7, asked[len(asked)-1].ID, []followup.Step{{To: followup.Declined, Reason: matching.TooFar}}},
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
