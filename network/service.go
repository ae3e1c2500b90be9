package network

import (
	"context"
	"fmt"
	"slices"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/territories"
)

// Config is what the service needs. Now defaults to time.Now.
type Config struct {
	Store *store.Store
	Atlas *territories.Atlas
	Now   func() time.Time
}

// Service holds the use cases of the network, each one transaction.
type Service struct {
	store *store.Store
	atlas *territories.Atlas
	clock func() time.Time
}

// NewService makes a service.
func NewService(cfg Config) *Service {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Service{store: cfg.Store, atlas: cfg.Atlas, clock: cfg.Now}
}

// now is the present instant, as precise as the least precise engine.
func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// Save keeps an organisation whole, with its sites, statuses, activities,
// certifications, references and memberships; what is no longer listed is
// removed. ID 0 makes a new one. expected is the revision it was read at; 0 does
// not check. Every fault is located (fault.Invalid); the identity (SIRET, kind)
// is unique (fault.Conflict). What an import and the organisation itself said
// of it (Confirmed, Findings, Digest, Source) is not the caller's to change.
// Saving what is already there leaves no trace.
func (s *Service) Save(ctx context.Context, o *Organisation, expected int64) (*Organisation, error) {
	want := o.clone()
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		cur, err := s.holdOrNew(ctx, tx, want, expected)
		if err != nil {
			return err
		}
		if cur != nil {
			want.Confirmed, want.Findings, want.Digest, want.Source = cur.Confirmed, cur.Findings, cur.Digest, cur.Source
		}
		want.Certifications = followed(cur, want.Certifications)
		if err := s.check(want, cur); err != nil {
			return err
		}
		if err := s.write(ctx, tx, cur, want); err != nil {
			return err
		}
		action := accounts.OrganisationEdit
		if cur == nil {
			action = accounts.OrganisationCreate
		}
		return s.trail(ctx, tx, action, cur, want)
	})
	if err != nil {
		return nil, fmt.Errorf("save organisation %d: %w", o.ID, err)
	}
	return want, nil
}

// Deactivate takes an organisation out of matching and of lists without
// forgetting it: what it answered and won keeps its name.
func (s *Service) Deactivate(ctx context.Context, id ID, expected int64) (*Organisation, error) {
	return s.revise(ctx, accounts.OrganisationEdit, id, expected, func(o *Organisation) { o.Active = false })
}

// ConfirmActivities replaces the activities by what the organisation says of
// itself. No import changes them afterwards.
func (s *Service) ConfirmActivities(ctx context.Context, id ID, expected int64, activities []Activity) (*Organisation, error) {
	return s.revise(ctx, accounts.OrganisationConfirm, id, expected, func(o *Organisation) {
		o.Activities = slices.Clone(activities)
		for i := range o.Activities {
			o.Activities[i].Origin, o.Activities[i].ZoneOrigin = Confirmed, Confirmed
		}
		o.confirm("activities")
	})
}

// ConfirmStatuses replaces the legal statuses by what the organisation says,
// with dates and proofs. No import changes them afterwards.
func (s *Service) ConfirmStatuses(ctx context.Context, id ID, expected int64, statuses []Status) (*Organisation, error) {
	return s.revise(ctx, accounts.OrganisationConfirm, id, expected, func(o *Organisation) {
		o.Statuses = slices.Clone(statuses)
		for i := range o.Statuses {
			o.Statuses[i].Origin = Confirmed
		}
		o.confirm("statuses")
	})
}

// Identity is what an organisation says of itself. A nil field is left as it
// is and stays open to imports; the others are confirmed.
type Identity struct {
	Name, Brand, Description, Website, Email, Phone *string
	Sites                                           []Site // nil: left as they are
	Turnover, Insurance                             *float64
	ExcludedBy                                      []SIRET // nil: left as they are
}

// ConfirmIdentity keeps what the organisation says of itself. No import
// changes those fields afterwards.
func (s *Service) ConfirmIdentity(ctx context.Context, id ID, expected int64, who Identity) (*Organisation, error) {
	return s.revise(ctx, accounts.OrganisationConfirm, id, expected, func(o *Organisation) {
		for _, f := range []struct {
			name     string
			to, from *string
		}{
			{"name", &o.Name, who.Name}, {"brand", &o.Brand, who.Brand}, {"description", &o.Description, who.Description},
			{"website", &o.Website, who.Website}, {"email", &o.Email, who.Email}, {"phone", &o.Phone, who.Phone},
		} {
			if f.from != nil {
				*f.to = *f.from
				o.confirm(f.name)
			}
		}
		who.figures(o)
		if who.Sites != nil {
			o.Sites = slices.Clone(who.Sites)
			o.confirm("sites")
		}
	})
}

// figures are what buyers ask: no import says them.
func (who Identity) figures(o *Organisation) {
	if who.Turnover != nil {
		o.Turnover = *who.Turnover
		o.confirm("turnover")
	}
	if who.Insurance != nil {
		o.Insurance = *who.Insurance
		o.confirm("insurance")
	}
	if who.ExcludedBy != nil {
		o.ExcludedBy = slices.Clone(who.ExcludedBy)
		o.confirm("excluded_by")
	}
}

// HasConfirmed reports whether the organisation itself said a field:
// "activities", "statuses", "sites", "name"…
func (o *Organisation) HasConfirmed(field string) bool { return slices.Contains(o.Confirmed, field) }

func (o *Organisation) confirm(field string) {
	if !o.HasConfirmed(field) {
		o.Confirmed = append(o.Confirmed, field)
		slices.Sort(o.Confirmed)
	}
}

// settled drops the findings that a change put right: those of the address once
// the sites are others, those of the SIRET once it is another.
func settled(cur, want *Organisation) []Finding {
	moved := !slices.EqualFunc(cur.Sites, want.Sites, func(a, b Site) bool {
		return a.Commune == b.Commune && a.Postcode == b.Postcode && a.City == b.City && samePoint(a, b)
	})
	address := []string{"not_placed", "placed_by_point", "placed_by_postcode", "far_from_postcode", "unknown_postcode", "unknown_commune", "no_point", "bad_point"}
	return slices.DeleteFunc(slices.Clone(want.Findings), func(f Finding) bool {
		return moved && slices.Contains(address, f.Code) ||
			cur.SIRET != want.SIRET && (f.Code == "luhn" || f.Code == "padded_siret" || f.Code == "repeated_siret") ||
			cur.Website != want.Website && f.Code == "website" || cur.Email != want.Email && f.Code == "email" || cur.NAF != want.NAF && f.Code == "naf"
	})
}

func samePoint(a, b Site) bool {
	if a.Lon == nil || b.Lon == nil || a.Lat == nil || b.Lat == nil {
		return (a.Lon == nil) == (b.Lon == nil)
	}
	return *a.Lon == *b.Lon && *a.Lat == *b.Lat
}

// revise reads an organisation, lets edit change it and keeps it.
func (s *Service) revise(ctx context.Context, action accounts.Action, id ID, expected int64, edit func(*Organisation)) (*Organisation, error) {
	var want *Organisation
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		cur, err := s.hold(ctx, tx, id, expected)
		if err != nil {
			return err
		}
		want = cur.clone()
		edit(want)
		if err := s.check(want, cur); err != nil {
			return err
		}
		if err := s.write(ctx, tx, cur, want); err != nil {
			return err
		}
		return s.trail(ctx, tx, action, cur, want)
	})
	if err != nil {
		return nil, fmt.Errorf("revise organisation %d: %w", id, err)
	}
	return want, nil
}

func (s *Service) holdOrNew(ctx context.Context, tx store.Tx, want *Organisation, expected int64) (*Organisation, error) {
	if want.ID == 0 {
		return nil, nil
	}
	return s.hold(ctx, tx, want.ID, expected)
}

// hold takes the organisation for this transaction, so that two writers follow
// each other, and checks the revision that the caller read.
func (s *Service) hold(ctx context.Context, tx store.Tx, id ID, expected int64) (*Organisation, error) {
	if err := lock(ctx, tx, id); err != nil {
		return nil, err
	}
	cur, err := get(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if expected != 0 && cur.Revision != expected {
		return nil, fault.Stale()
	}
	return cur, nil
}

// announce asks for the matches of organisations in the same transaction as their change.
func announce(ctx context.Context, tx store.Tx, ids []ID) error {
	if len(ids) == 0 {
		return nil
	}
	changes := make([]store.Change, len(ids))
	for i, id := range ids {
		changes[i] = store.Change{Entity: "organisation", ID: int64(id)}
	}
	if err := tx.Changed(ctx, changes...); err != nil {
		return err
	}
	return tx.Enqueue(ctx, Changed{IDs: ids})
}
