package demo

import (
	"context"
	"fmt"
	"time"

	"maillage/accounts"
	"maillage/followup/contacts"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
)

// spoken is one exchange of the officer with an enterprise that has a pursuit in
// some state: so many days ago, with a promise for so many days from today.
type spoken struct {
	state   string
	ago     int
	way     contacts.Way
	with    string
	outcome contacts.Outcome
	said    string
	promise string
	in      int
}

// exchanges are what the officer noted these last weeks.
var exchanges = []spoken{
	{"interested", 3, contacts.Call, "la direction", contacts.Interested, "Le lot leur va, l’équipe est à confirmer.", "Rappeler pour leur décision", -1},
	{"go", 2, contacts.Call, "le responsable d’exploitation", contacts.NeedsHelp, "Cherchent qui peut faire l’élagage.", "Envoyer deux noms de partenaires", 1},
	{"answering", 1, contacts.Meeting, "la direction", contacts.Reached, "Mémoire technique relu ensemble.", "Relire le bordereau de prix", 3},
	{"seen", 1, contacts.Call, "", contacts.NoAnswer, "", "", 0},
}

// loadContacts notes what the officer said with enterprises, on the days when it
// happened.
func (l *loader) loadContacts(ctx context.Context) error {
	officer, err := l.Accounts.User(ctx, accounts.UserID(l.officer))
	if err != nil {
		return fmt.Errorf("find who called: %w", err)
	}
	who := accounts.Identity{UserID: officer.ID, Role: accounts.System, OrganisationID: officer.OrganisationID}
	for i, one := range exchanges {
		var rows []followed
		err := l.Store.Read().NewRaw(`/* demo.loadContacts */ SELECT mt.id, mt.organisation_id FROM pursuits AS pu JOIN matches AS mt ON mt.id = pu.match_id
			WHERE pu.state = ? ORDER BY mt.id LIMIT 1`, one.state).Scan(ctx, &rows)
		if err != nil {
			return fmt.Errorf("find whom the officer called: %w", err)
		}
		for _, f := range rows {
			if err := l.exchange(accounts.With(ctx, who), i, one, f); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *loader) exchange(ctx context.Context, n int, one spoken, f followed) error {
	on := l.today.AddDate(0, 0, -one.ago)
	now := func() time.Time { return on }
	log := contacts.NewService(contacts.Config{Store: l.Store, Atlas: l.Atlas, Now: now, Network: network.NewService(network.Config{Store: l.Store, Atlas: l.Atlas, Now: now}),
		Opportunities: opportunities.NewService(opportunities.Config{Store: l.Store, Atlas: l.Atlas, Now: now}), Matching: matching.NewService(matching.Config{Store: l.Store, Atlas: l.Atlas, Now: now})})
	c := contacts.Contact{Key: fmt.Sprintf("demo-%d", n), OrganisationID: f.Organisation, MatchID: &f.ID, Way: one.way, With: one.with, Outcome: one.outcome, Said: one.said, Promise: one.promise}
	if one.promise != "" {
		c.PromisedFor = l.today.AddDate(0, 0, one.in).Format(time.DateOnly)
	}
	_, err := log.Note(ctx, c)
	return err
}
