package monday

import (
	"context"
	"slices"
	"time"

	"maillage/followup"
	"maillage/followup/contacts"
	"maillage/opportunities"
)

// renewals are the calls expected within RenewalMonths, the soonest first, those
// whose day is past and that are still expected too.
func (s *Service) renewals(ctx context.Context, w *Week, f opportunities.Filter) error {
	f.Kinds, f.States = []opportunities.Kind{opportunities.Expected}, []opportunities.State{opportunities.Published}
	f.ExpectedUntil = s.now().In(s.paris).AddDate(0, RenewalMonths, 0).Format(time.DateOnly)
	found, err := s.Opportunities.List(ctx, f, opportunities.Request{Limit: most, Order: opportunities.Coming})
	if err != nil || len(found.Items) == 0 {
		return err
	}
	var ids []opportunities.ID
	for _, o := range found.Items {
		ids = append(ids, o.ID)
	}
	noted, err := s.Contacts.List(ctx, contacts.Filter{Opportunities: ids})
	if err != nil {
		return err
	}
	for _, o := range found.Items {
		w.Renewals = append(w.Renewals, Renewal{Call: o, Last: latest(noted, o)})
	}
	return nil
}

// latest is the first line about a call with its buyer: they come the latest first.
// What was said of it with a member is no call to the buyer.
func latest(lines []contacts.Line, o *opportunities.Opportunity) *contacts.Line {
	n := slices.IndexFunc(lines, func(l contacts.Line) bool {
		return l.OpportunityID != nil && *l.OpportunityID == o.ID && contacts.WithBuyer(l.OrganisationID, o)
	})
	if n < 0 {
		return nil
	}
	return &lines[n]
}

// hours are the hours of insertion that can still be filled, the soonest deadline first:
// those that no enterprise says to have taken.
func (s *Service) hours(ctx context.Context, w *Week, f opportunities.Filter) error {
	f.Kinds, f.Open = []opportunities.Kind{opportunities.InsertionHours}, true
	found, err := s.Opportunities.List(ctx, f, opportunities.Request{Limit: most})
	if err != nil || len(found.Items) == 0 {
		return err
	}
	taken, err := s.Followup.List(ctx, followup.Filter{States: []followup.State{followup.Won}})
	if err != nil {
		return err
	}
	lots := map[opportunities.LotID]bool{}
	for _, l := range taken {
		lots[l.Lot.ID] = true
	}
	w.Hours = slices.DeleteFunc(found.Items, func(o *opportunities.Opportunity) bool {
		return slices.ContainsFunc(o.Lots, func(l opportunities.Lot) bool { return lots[l.ID] })
	})
	return nil
}

// unanswered are the calls that close by the end of the span and that no
// enterprise says to be interested in. Hours to fill have a part of their own,
// and people answer positions, not enterprises.
func (s *Service) unanswered(ctx context.Context, w *Week, f opportunities.Filter) error {
	f.Open, f.To = true, s.end()
	found, err := s.Opportunities.List(ctx, f, opportunities.Request{Limit: most})
	if err != nil {
		return err
	}
	var ids []opportunities.LotID
	for _, o := range found.Items {
		for _, l := range o.Lots {
			ids = append(ids, l.ID)
		}
	}
	counts, err := s.Matching.CountsOfLots(ctx, ids...)
	if err != nil {
		return err
	}
	answered := func(l opportunities.Lot) bool { return counts[l.ID].Interested > 0 }
	for _, o := range found.Items {
		if o.Kind != opportunities.InsertionHours && !o.Kind.ForPeople() && !slices.ContainsFunc(o.Lots, answered) {
			w.Lapsing.Unanswered = append(w.Lapsing.Unanswered, o)
		}
	}
	return nil
}
