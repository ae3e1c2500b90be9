package quality

import (
	"context"
	"slices"
	"strings"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/network"
	"maillage/territories"
)

// Row is a path with whose it is, as a list shows it.
type Row struct {
	Path
	Label   Label
	Name    string // of the enterprise
	Kind    network.Kind
	Commune territories.CommuneCode
	Now     State // on the day that is asked
}

// File is a path with its history and what may follow.
type File struct {
	Row
	Events []Event // all, voided ones too, the latest first
	Void   map[EventID]bool
	Next   []EventKind // that who asks may record
	Ended  string      // the day since which it no longer holds: suspended or withdrawn
}

// Filter chooses paths; an empty field does not.
type Filter struct {
	Label        Code
	States       []State
	Within       int   // months: those that lapse by then
	Organisation int64 // of one enterprise
}

// List gives the paths that who asks may read: an officer's perimeter, a member's
// own. Those that lapse first come first, those without a certificate last.
func (s *Service) List(ctx context.Context, f Filter) ([]Row, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.CertificationRead); err != nil {
		return nil, err
	}
	all, err := paths(ctx, s.store.Read(), f.Organisation)
	if err != nil {
		return nil, err
	}
	of, err := owners(ctx, s.store.Read(), organisations(all))
	if err != nil {
		return nil, err
	}
	rows := []Row{}
	for _, p := range all {
		o := of[p.OrganisationID]
		if o == nil || !accounts.Can(accounts.From(ctx), accounts.CertificationRead, s.scope(o)) {
			continue
		}
		if r := s.row(p, o); f.keeps(&r, s.Today()) {
			rows = append(rows, r)
		}
	}
	return rows, nil
}

func (s *Service) row(p Path, o *owner) Row {
	l, _ := s.book.Get(p.Label)
	return Row{Path: p, Label: l, Name: o.Name, Kind: o.Kind, Commune: territories.CommuneCode(o.Commune), Now: p.On(s.Today())}
}

func (f Filter) keeps(r *Row, today string) bool {
	switch {
	case f.Label != "" && r.Path.Label != f.Label:
		return false
	case len(f.States) > 0 && !slices.Contains(f.States, r.Now):
		return false
	case f.Within > 0:
		return r.Now.Holds() && r.Until <= addMonths(today, f.Within)
	}
	return true
}

// Get reads a path with its history. One that who asks may not read is not there.
func (s *Service) Get(ctx context.Context, id ID) (*File, error) {
	db := s.store.Read()
	if err := accounts.Permits(accounts.From(ctx), accounts.CertificationRead); err != nil {
		return nil, err
	}
	p, err := pathBy(ctx, db, id)
	if err != nil {
		return nil, err
	}
	o, err := ownerOf(ctx, db, p.OrganisationID)
	if err != nil {
		return nil, err
	}
	if s.allow(ctx, accounts.CertificationRead, o) != nil {
		return nil, fault.NotFound("certification", id)
	}
	events, err := eventsOf(ctx, db, id)
	if err != nil {
		return nil, err
	}
	return s.file(ctx, p, o, events)
}

func (s *Service) file(ctx context.Context, p *Path, o *owner, events []Event) (*File, error) {
	out := &File{Row: s.row(*p, o), Void: map[EventID]bool{}}
	standing, err := Stand(out.Label, events)
	if err != nil {
		return nil, err
	}
	if standing.State.Holds() && standing.Until < s.Today() {
		standing.State = Expired
	}
	out.Ended = standing.Ended
	for _, k := range standing.Next() {
		action := accounts.CertificationDecide
		if k == Entered || k == Audited || k == GaveUp {
			action = accounts.CertificationEnter
		}
		if s.allow(ctx, action, o) == nil {
			out.Next = append(out.Next, k)
		}
	}
	for _, e := range events {
		if e.Kind == Voided {
			out.Void[e.Voids] = true
		}
	}
	out.Events = slices.Clone(events)
	slices.Reverse(out.Events)
	return out, nil
}

// CanDecide tells a page whether who asks may write decisions on a path.
func (s *Service) CanDecide(ctx context.Context, f *File) bool {
	return s.allow(ctx, accounts.CertificationDecide, &owner{ID: f.OrganisationID, Commune: string(f.Commune)}) == nil
}

// Enterprises are the members that who asks may engage, by name.
func (s *Service) Enterprises(ctx context.Context) ([]Row, error) {
	all, err := activeMembers(ctx, s.store.Read())
	if err != nil {
		return nil, err
	}
	rows := []Row{}
	for _, o := range all {
		if s.allow(ctx, accounts.CertificationEnter, &o) == nil {
			rows = append(rows, Row{Path: Path{OrganisationID: o.ID}, Name: o.Name, Kind: o.Kind, Commune: territories.CommuneCode(o.Commune)})
		}
	}
	slices.SortStableFunc(rows, func(a, b Row) int { return strings.Compare(territories.Fold(a.Name), territories.Fold(b.Name)) })
	return rows, nil
}
