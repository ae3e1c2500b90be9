package webhooks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"maillage/accounts"
	"maillage/internal/store"
	"maillage/network"
	"maillage/opportunities"
)

// commitLag is how late what is dated of an instant may become visible: a
// transaction dates what it writes before it commits. What this reads twice is
// told once, the ledger knows it.
const commitLag = time.Hour

// lookMost bounds what one look tells an address: what is over waits for the next.
const lookMost = 500

// news is one thing to tell an address.
type news struct {
	Type     Type
	Subject  Subject
	ID       int64
	Revision int64
	At       time.Time
	Data     data
}

// data is what a message says: numbers, and where the rest is read.
type data struct {
	Match        int64  `json:"match,omitempty"`
	Lot          int64  `json:"lot,omitempty"`
	Opportunity  int64  `json:"opportunity,omitempty"`
	Organisation int64  `json:"organisation,omitempty"`
	Search       int64  `json:"search,omitempty"`
	State        string `json:"state,omitempty"`
	Before       string `json:"before,omitempty"`
	URL          string `json:"url,omitempty"`
}

// Look tells every address what is new for it, and tells how many messages it
// made. It is a job's. What is new is computed from what happened and from the
// ledger: a run that was missed is made up for by the next, and one that runs
// twice, or in several processes, tells nothing twice. An address whose turn fails
// holds nobody else's.
func (s *Service) Look(ctx context.Context) (int, error) {
	all, err := active(ctx, s.store.Read())
	if err != nil {
		return 0, err
	}
	made, failed := 0, []error(nil)
	for _, w := range all {
		n, err := s.lookFor(ctx, &w.Webhook, w.identity(s.perimeter))
		if err != nil {
			failed = append(failed, fmt.Errorf("look for what is new to webhook %d: %w", w.ID, err))
		}
		made += n
		if ctx.Err() != nil {
			break
		}
	}
	return made, errors.Join(append(failed, s.forget(ctx))...)
}

// lookFor reads outside the transaction, which keeps what is not known yet.
func (s *Service) lookFor(ctx context.Context, w *Webhook, owner accounts.Identity) (made int, err error) {
	now := s.now()
	from := w.ToldUntil.Add(-commitLag)
	if from.Before(w.Since) {
		from = w.Since
	}
	all, whole, err := s.found(ctx, w, owner, from)
	if err != nil {
		return 0, err
	}
	return made, s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		for _, n := range all {
			m, err := s.message(w, n)
			if err != nil {
				return err
			}
			fresh, err := s.queue(ctx, tx, m)
			if err != nil {
				return err
			}
			if fresh {
				made++
			}
		}
		if !whole {
			return nil // the rest is the next look's
		}
		return follow(ctx, tx, w.ID, now)
	})
}

// found gathers what an address is not told yet; whole is false where it is more
// than a look tells.
func (s *Service) found(ctx context.Context, w *Webhook, owner accounts.Identity, from time.Time) (out []news, whole bool, err error) {
	for _, look := range []func(context.Context, *Webhook, accounts.Identity, time.Time) ([]news, error){s.matches, s.answers, s.searches} {
		some, err := look(ctx, w, owner, from)
		if err != nil {
			return nil, false, err
		}
		out = append(out, some...)
	}
	whole = len(out) < lookMost
	return out[:min(len(out), lookMost)], whole, nil
}

// matches tells of what was proposed and withdrawn.
func (s *Service) matches(ctx context.Context, w *Webhook, owner accounts.Identity, from time.Time) ([]news, error) {
	types := map[string]Type{"proposed": MatchProposed, "restored": MatchProposed, "withdrawn": MatchWithdrawn}
	var kinds []string
	for kind, t := range types {
		if w.wants(t) {
			kinds = append(kinds, kind)
		}
	}
	slices.Sort(kinds)
	return s.events(ctx, w, owner, OfMatch, accounts.MatchRead, kinds, from, func(e event) (Type, data) {
		return types[e.To], data{URL: s.cfg.Site + "/v1/matches/" + strconv.FormatInt(e.Match, 10)}
	})
}

// answers tells of what enterprises decided, and what became of it; that they were
// told or opened a page is nobody's business.
func (s *Service) answers(ctx context.Context, w *Webhook, owner accounts.Identity, from time.Time) ([]news, error) {
	var states []string
	if w.wants(AnswerChanged) {
		states = answered()
	}
	return s.events(ctx, w, owner, OfAnswer, accounts.PursuitRead, states, from, func(e event) (Type, data) {
		return AnswerChanged, data{State: e.To, Before: e.From, URL: s.cfg.Site + "/v1/matches/" + strconv.FormatInt(e.Match, 10) + "/pursuit"}
	})
}

// events reads what happened to matches that the owner may read, by pages: what is
// not theirs is passed over.
func (s *Service) events(ctx context.Context, w *Webhook, owner accounts.Identity, subject Subject, action accounts.Action, kinds []string, from time.Time, say func(event) (Type, data)) ([]news, error) {
	var out []news
	if len(kinds) == 0 || accounts.ReachOf(owner, action) == accounts.Never {
		return nil, nil
	}
	for last := int64(0); len(out) < lookMost; {
		page, err := eventsSince(ctx, s.store.Read(), w.ID, subject, kinds, from, last, ownOnly(owner, action))
		if err != nil || len(page) == 0 {
			return out, err
		}
		last = page[len(page)-1].ID
		may, err := s.readable(ctx, owner, action, page)
		if err != nil {
			return nil, err
		}
		for _, e := range page {
			if !may[e.Organisation] {
				continue
			}
			t, d := say(e)
			d.Match, d.Lot, d.Opportunity, d.Organisation = e.Match, e.Lot, e.Opportunity, e.Organisation
			out = append(out, news{Type: t, Subject: subject, ID: e.Match, Revision: e.ID, At: e.At, Data: d})
		}
	}
	return out, nil
}

// ownOnly is the organisation to which somebody's reading is bound; 0: none.
func ownOnly(owner accounts.Identity, action accounts.Action) int64 {
	if accounts.ReachOf(owner, action) == accounts.OwnOrganisation {
		return owner.OrganisationID
	}
	return 0
}

// readable asks the policy once for each enterprise of some events.
func (s *Service) readable(ctx context.Context, owner accounts.Identity, action accounts.Action, page []event) (map[int64]bool, error) {
	var ids []network.ID
	for _, e := range page {
		ids = append(ids, network.ID(e.Organisation))
	}
	slices.Sort(ids)
	found, err := s.cfg.Network.LoadForMatching(ctx, slices.Compact(ids)...)
	if err != nil {
		return nil, err
	}
	out := map[int64]bool{}
	for _, o := range found {
		out[int64(o.ID)] = accounts.Can(owner, action, o.Scope(s.cfg.Atlas))
	}
	return out, nil
}

// searches tells the news of the owner's saved searches, whether they have letters
// or not.
func (s *Service) searches(ctx context.Context, w *Webhook, owner accounts.Identity, from time.Time) ([]news, error) {
	types := map[opportunities.What]Type{opportunities.WhatNew: SearchNew, opportunities.WhatChanged: SearchChanged, opportunities.WhatCancelled: SearchCancelled}
	if !slices.ContainsFunc([]Type{SearchNew, SearchChanged, SearchCancelled}, w.wants) {
		return nil, nil
	}
	found, err := s.cfg.Opportunities.News(ctx, owner.UserID, w.Since, from, func(ctx context.Context, ids []opportunities.ID) (map[opportunities.ID]int64, error) {
		return lastTold(ctx, s.store.Read(), w.ID, ids)
	})
	if err != nil {
		return nil, err
	}
	var out []news
	for _, n := range found {
		if t := types[n.What]; w.wants(t) {
			id := int64(n.Opportunity)
			out = append(out, news{Type: t, Subject: OfOpportunity, ID: id, Revision: n.Event, At: n.At,
				Data: data{Opportunity: id, Search: int64(n.Search), URL: s.cfg.Site + "/v1/opportunities/" + strconv.FormatInt(id, 10)}})
		}
	}
	return out, nil
}

// message writes what an address is told.
func (s *Service) message(w *Webhook, n news) (*Message, error) {
	body, err := json.Marshal(struct {
		Type      Type      `json:"type"`
		Timestamp time.Time `json:"timestamp"`
		Data      data      `json:"data"`
	}{n.Type, n.At.UTC(), n.Data})
	if err != nil {
		return nil, fmt.Errorf("write a message: %w", err)
	}
	return &Message{WebhookID: w.ID, Type: n.Type, Subject: n.Subject, SubjectID: n.ID, Revision: n.Revision, Key: messageKey(w.ID, n),
		Body: string(body), State: Pending, CreatedAt: s.now()}, nil
}

// messageKey names a message by what it tells to whom: the same one has it again.
func messageKey(id ID, n news) string {
	return fmt.Sprintf("msg_%d_%s_%d_%d", id, n.Subject, n.ID, n.Revision)
}

// queue keeps a message and asks for it to be sent; false: it was known.
func (s *Service) queue(ctx context.Context, tx store.Tx, m *Message) (bool, error) {
	fresh, err := insertMessage(ctx, tx, m)
	if err != nil || !fresh {
		return false, err
	}
	return true, tx.Enqueue(ctx, Deliver{m.ID})
}

// kept is how long what an address was told is kept: longer than its owner may ask
// about it, and than what is read twice.
const kept = 90 * 24 * time.Hour

func (s *Service) forget(ctx context.Context) error {
	return s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error { return forget(ctx, tx, s.now().Add(-kept)) })
}
