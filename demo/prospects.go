package demo

import (
	"context"
	"fmt"
	"time"

	"maillage/accounts"
	"maillage/followup"
	"maillage/followup/prospects"
	"maillage/matching"
	"maillage/network"
)

// deal is a purchase that no notice tells, held by the heroine or by the
// association, and what became of the quote that she was asked for.
type deal struct {
	own    bool
	market prospects.Market
	buyer  string
	need   string
	place  string
	amount float64
	in     int // days from today; 0: not known
	from   prospects.Source
	steps  []prospects.Step // of the heroine's quote; nil: none was asked
	asked  bool
	aside  prospects.Why
}

// deals show each state once at least.
var deals = []deal{
	{own: true, market: prospects.Private, buyer: "Résidence des Micocouliers (démonstration)", need: "Entretien mensuel des massifs et de la cour", place: "commune:26108", amount: 9_600, in: 40, from: prospects.SaidByBuyer},
	{own: true, market: prospects.Small, buyer: "Mairie (démonstration)", need: "Débroussaillage des chemins avant l’été", place: "commune:26108", amount: 14_000, in: 90, from: prospects.Renewal, asked: true, steps: []prospects.Step{{To: prospects.QuoteSent, Amount: 13_200}}},
	{market: prospects.Small, buyer: "Syndicat de rivière (démonstration)", need: "Entretien de la ripisylve sur quatre kilomètres", place: "departement:26", amount: 22_000, in: 60, from: prospects.Network, asked: true},
	{own: true, market: prospects.Private, buyer: "Cave coopérative (démonstration)", need: "Tontes et tailles, deux passages", place: "commune:26108", amount: 5_400, from: prospects.SaidByBuyer, asked: true, steps: []prospects.Step{{To: prospects.QuoteSent, Amount: 5_150}, {To: prospects.Accepted}}},
	{market: prospects.Small, buyer: "Collège (démonstration)", need: "Nettoyage des cours après travaux", place: "commune:26362", amount: 3_000, from: prospects.Website, asked: true, steps: []prospects.Step{{To: prospects.QuoteSent, Amount: 3_400}, {To: prospects.Refused, Reason: followup.Outbid}}},
	{market: prospects.Private, buyer: "Camping (démonstration)", need: "Blanchisserie d’été", place: "departement:07", from: prospects.Elsewhere, aside: prospects.NobodyFor},
}

// loadProspects notes them and tells what became of their quotes.
func (l *loader) loadProspects(ctx context.Context) error {
	now := func() time.Time { return l.today }
	m := matching.NewService(matching.Config{Store: l.Store, Atlas: l.Atlas, Now: now})
	s := prospects.NewService(prospects.Config{Store: l.Store, Atlas: l.Atlas, Now: now, Network: l.Network, Matching: m, Followup: followup.NewService(followup.Config{Store: l.Store, Atlas: l.Atlas, Now: now, Network: l.Network, Matching: m})})
	system := accounts.With(ctx, accounts.Identity{UserID: accounts.UserID(l.officer), Role: accounts.System})
	for i, d := range deals {
		if err := l.deal(system, s, i, d); err != nil {
			return fmt.Errorf("prospect %d: %w", i, err)
		}
	}
	return nil
}

func (l *loader) deal(ctx context.Context, s *prospects.Service, n int, d deal) error {
	p := prospects.Prospect{Key: fmt.Sprintf("demo-%d", n), OrganisationID: l.heroine().ID, Market: d.market, Buyer: d.buyer, Need: d.need, Territory: `{"territory":"` + d.place + `"}`, Amount: d.amount, Source: d.from}
	if !d.own {
		p.OrganisationID = l.association(l.heroine()).ID
	}
	if d.in > 0 {
		p.ExpectedOn = day(l.today.AddDate(0, 0, d.in))
	}
	made, err := s.Note(ctx, p)
	if err != nil {
		return err
	}
	if d.aside != "" {
		_, err = s.Aside(ctx, made.ID, d.aside)
	}
	if err != nil || !d.asked {
		return err
	}
	q, err := s.Ask(ctx, made.ID, l.heroine().ID, day(l.today.AddDate(0, 0, -12)))
	if err != nil {
		return err
	}
	for i, step := range d.steps {
		step.On = day(l.today.AddDate(0, 0, -8+4*i))
		if _, err := s.Move(ctx, q.ID, 0, step); err != nil {
			return err
		}
	}
	return nil
}

// association is the regional one of an enterprise.
func (l *loader) association(o *network.Organisation) *network.Organisation {
	return l.associations[l.commune(o.Sites[0].Commune).Region]
}
