package demo

import (
	"context"
	"fmt"
	"time"

	"maillage/accounts"
	"maillage/followup"
	"maillage/followup/absences"
	"maillage/followup/contacts"
	"maillage/followup/escalation"
	"maillage/followup/tenure"
	"maillage/matching"
	"maillage/matching/engine"
	"maillage/opportunities"
	"maillage/territories"
)

// silence is how many days ago the calls that nobody answers were proposed: more
// than the last reminder and the days of an officer take.
const silence = 24

// oldCalls is how many of them there are.
const oldCalls = 4

// loadReminders proposes some calls of weeks ago, that few answer, and lets the
// last morning tell what is due of them; the officer will be away next month.
func (l *loader) loadReminders(ctx context.Context) error {
	away := absences.NewService(absences.Config{Store: l.Store, Now: l.Now})
	officer := accounts.With(ctx, accounts.Identity{UserID: accounts.UserID(l.officer), Role: accounts.Officer})
	if _, err := away.Declare(officer, absences.Absence{From: day(l.today.AddDate(0, 0, 28)), To: day(l.today.AddDate(0, 0, 32))}); err != nil {
		return err
	}
	morning := l.lastMorning()
	now := func() time.Time { return morning }
	offers := opportunities.NewService(opportunities.Config{Store: l.Store, Atlas: l.Atlas, Now: now})
	matches := matching.NewService(matching.Config{Store: l.Store, Atlas: l.Atlas, Now: now, Network: l.Network, Opportunities: offers})
	_, err := escalation.NewService(escalation.Config{Store: l.Store, Atlas: l.Atlas, Now: now, Network: l.Network, Opportunities: offers, Matching: matches, Absences: away,
		Followup: followup.NewService(followup.Config{Store: l.Store, Atlas: l.Atlas, Now: now, Network: l.Network, Opportunities: offers, Matching: matches}),
		Contacts: contacts.NewService(contacts.Config{Store: l.Store, Atlas: l.Atlas, Now: now, Network: l.Network, Opportunities: offers, Matching: matches}),
		Tenures:  tenure.NewService(tenure.Config{Store: l.Store, Now: now})}).Remind(ctx)
	return err
}

// loadSilent proposes the calls that nobody answers, on the day when it happened.
func (l *loader) loadSilent(ctx context.Context) error {
	then := l.today.AddDate(0, 0, -silence)
	var lots []opportunities.LotID
	err := l.Store.Read().NewRaw(`/* demo.loadSilent */ SELECT l.id FROM lots l JOIN opportunities o ON o.id = l.opportunity_id
		WHERE o.kind = ? AND o.state = ? AND o.deadline > ? AND NOT l.withdrawn ORDER BY l.id`, opportunities.Tender, opportunities.Published, l.today.AddDate(0, 0, 5)).Scan(ctx, &lots)
	if err != nil {
		return fmt.Errorf("find the calls that nobody answers: %w", err)
	}
	found, err := opportunities.NewService(opportunities.Config{Store: l.Store, Atlas: l.Atlas}).Lots(ctx, lots...)
	if err != nil {
		return err
	}
	lots = lots[:0]
	for _, lot := range found {
		if e, err := territories.ParseExpr([]byte(lot.Place.Perimeter)); err == nil && l.nearby(e) && len(lots) < oldCalls {
			lots = append(lots, lot.ID)
		}
	}
	return matching.NewService(matching.Config{Store: l.Store, Atlas: l.Atlas, Now: func() time.Time { return then }}).RefreshLots(ctx, lots)
}

// nearby tells a place of the officer's perimeter.
func (l *loader) nearby(e territories.Expr) bool {
	p, err := l.Atlas.Compile(e)
	return err == nil && p.Set.Len() > 0 && p.Set.AndLen(l.watched()) == p.Set.Len()
}

// watched is the Drôme and the Ardèche.
func (l *loader) watched() *territories.Set {
	set := territories.SetOf()
	for _, code := range []string{"26", "07"} {
		if more, err := l.Atlas.Of(territories.Ref{Kind: territories.KindDepartement, Code: code}); err == nil {
			set = set.Or(more)
		}
	}
	return set
}

// lastMorning is nine in the morning, in Paris, of the last working day before today.
func (l *loader) lastMorning() time.Time {
	y, m, d := l.today.In(engine.Paris()).Date()
	at := time.Date(y, m, d, 9, 0, 0, 0, engine.Paris())
	for {
		if at = at.AddDate(0, 0, -1); territories.MetropolitanHolidays.Works(at, engine.Paris()) {
			return at
		}
	}
}
