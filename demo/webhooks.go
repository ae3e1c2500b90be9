package demo

import (
	"context"

	"maillage/accounts"
	"maillage/followup/webhooks"
)

// nowhere is a program that nothing is sent to: its name is reserved (RFC 2606).
const nowhere = "https://logiciel.exemple.invalid/maillage"

// programs answers for the invented program of the heroine, without a network.
type programs struct{}

// Check takes every address.
func (programs) Check(text string) (string, error) { return text, nil }

// Post takes every message.
func (programs) Post(context.Context, string, map[string]string, []byte) (int, error) {
	return 204, nil
}

// loadWebhooks registers a program of the heroine, which took its test, then turns it
// off: the demonstration sends nothing anywhere.
func (l *loader) loadWebhooks(ctx context.Context) error {
	hooks := webhooks.NewService(webhooks.Config{Store: l.Store, Atlas: l.Atlas, Now: l.Now, Network: l.Network, Poster: programs{}})
	member := accounts.With(ctx, accounts.Identity{UserID: accounts.UserID(l.member), Role: accounts.Member})
	w, err := hooks.Register(member, webhooks.Wish{Name: "Notre logiciel de gestion", URL: nowhere, Events: []webhooks.Type{webhooks.MatchProposed, webhooks.SearchNew}})
	if err != nil {
		return err
	}
	if err := hooks.Try(member, w.ID); err != nil {
		return err
	}
	sent, err := hooks.Messages(member, w.ID, 0, 1)
	if err != nil {
		return err
	}
	for _, m := range sent {
		if err := hooks.Deliver(ctx, webhooks.Deliver{ID: m.ID}, 1); err != nil {
			return err
		}
	}
	_, err = hooks.Switch(member, w.ID, false)
	return err
}
