package escalation

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"maillage/accounts"
	"maillage/followup/absences"
	"maillage/internal/fault"
	"maillage/territories"
)

// scene is all that is needed to know what is due at an instant, and to whom.
type scene struct {
	s       *Service
	now     time.Time
	day     string
	pace    Pace
	order   []accounts.UserID // of who may be told, by number
	people  map[accounts.UserID]*reader
	staff   map[int64][]*reader // the accounts of each organisation, by number
	roll    absences.Roll
	silent  map[accounts.UserID]bool
	written map[accounts.UserID]bool // who has a letter today
	places  map[int64]place          // of the organisations of people and of matches
	called  map[int64]time.Time      // organisation → the last contact with it
}

// reader is somebody who may be told, with what they look after.
type reader struct {
	accounts.Identity
	holidays territories.Holidays
}

// place is where an organisation is; the zero one is nowhere.
type place struct {
	set      *territories.Set
	region   *territories.Set
	holidays territories.Holidays
}

func (s *Service) scene(ctx context.Context) (*scene, error) {
	sc := &scene{s: s, now: s.now(), day: s.day(), people: map[accounts.UserID]*reader{}, staff: map[int64][]*reader{}, written: map[accounts.UserID]bool{}}
	db := s.Store.Read()
	var err error
	if sc.pace, err = s.pace(ctx); err != nil {
		return nil, err
	}
	if sc.roll, err = s.Absences.RollOn(ctx, db, sc.day); err != nil {
		return nil, err
	}
	if sc.silent, err = silences(ctx, db); err != nil {
		return nil, err
	}
	if sc.written, err = writtenOn(ctx, db, sc.day); err != nil {
		return nil, err
	}
	if sc.places, err = s.places(ctx); err != nil {
		return nil, err
	}
	if sc.called, err = lastContacts(ctx, db); err != nil {
		return nil, err
	}
	return sc, sc.enter(ctx)
}

// enter reads who may be told. An officer whose perimeter means nothing any more
// looks after nothing, and holds nobody else.
func (sc *scene) enter(ctx context.Context) error {
	users, err := tellable(ctx, sc.s.Store.Read())
	if err != nil {
		return err
	}
	for _, u := range users {
		r := &reader{Identity: accounts.Identity{UserID: u.ID, Name: u.Name, Role: u.Role, OrganisationID: u.OrganisationID, Lang: u.Lang}}
		r.holidays = sc.places[u.OrganisationID].holidays
		if u.Role == accounts.Officer {
			r.Perimeter = sc.s.perimeter(u.Perimeter)
			r.holidays = sc.s.Atlas.HolidaysIn(r.Perimeter)
		}
		sc.order = append(sc.order, u.ID)
		sc.people[u.ID] = r
		sc.staff[u.OrganisationID] = append(sc.staff[u.OrganisationID], r)
	}
	return nil
}

func (s *Service) perimeter(text string) *territories.Set {
	p, err := s.Atlas.CompileText(text)
	if err != nil {
		return nil
	}
	return p.Set
}

// works tells whether today is a working day of somebody.
func (sc *scene) works(id accounts.UserID) bool {
	return sc.people[id].holidays.Works(sc.now, sc.s.paris)
}

// days counts the working days of an organisation since an instant.
func (sc *scene) days(organisation int64, since time.Time) int {
	return sc.places[organisation].holidays.WorkingDays(since, sc.now, sc.s.paris)
}

// fit is who does what somebody would do, if they may: themself, or who stands in
// for them. nil: nobody.
func (sc *scene) fit(r *reader, may func(*reader) bool) *reader {
	id, ok := sc.roll.StandIn(r.UserID)
	if to := sc.people[id]; ok && to != nil && may(to) {
		return to
	}
	return nil
}

// members are the accounts of an enterprise that can be written to today, each
// with those whose place they take.
func (sc *scene) members(organisation int64) []stood {
	return sc.standing(sc.staff[organisation], func(r *reader) bool {
		return r.Role == accounts.Member && r.OrganisationID == organisation && !sc.silent[r.UserID]
	})
}

// stood is somebody who is told, for themself (0) or for somebody who is away.
type stood struct {
	*reader
	standing accounts.UserID
}

// standing gives who is told in the place of each reader of whom may holds; each
// is told once, for themself if they are among them.
func (sc *scene) standing(all []*reader, may func(*reader) bool) []stood {
	var out []stood
	for _, r := range all {
		if !may(r) {
			continue
		}
		if to := sc.fit(r, may); to != nil {
			one := stood{reader: to}
			if to != r {
				one.standing = r.UserID
			}
			out = append(out, one)
		}
	}
	slices.SortStableFunc(out, func(a, b stood) int {
		return cmp.Or(cmp.Compare(a.UserID, b.UserID), cmp.Compare(a.standing, b.standing))
	})
	return slices.CompactFunc(out, func(a, b stood) bool { return a.UserID == b.UserID })
}

// Rung is how far what nobody answers was passed on.
type Rung string

// The rungs, in order.
const (
	Territory  Rung = "territory"  // the officers whose perimeter holds the enterprise
	Region     Rung = "region"     // those whose perimeter holds its whole région
	Federation Rung = "federation" // those of the whole country or, with none, the administrators
)

// Rungs lists them in order.
func Rungs() []Rung { return []Rung{Territory, Region, Federation} }

// rungOf is where an officer stands towards a place; empty: nowhere.
func (sc *scene) rungOf(r *reader, p place) Rung {
	switch {
	case r.Role == accounts.Admin:
		return Federation
	case r.Role != accounts.Officer || r.Perimeter == nil || p.set == nil || !r.Perimeter.Intersects(p.set):
		return ""
	case r.Perimeter.Len() == sc.s.Atlas.Len():
		return Federation
	case p.region != nil && r.Perimeter.AndLen(p.region) == p.region.Len():
		return Region
	}
	return Territory
}

// ladder is who is told at each rung of a place, absences counted; a rung that
// nobody holds is not there. Administrators stand in for a federation without
// officers of its own.
func (sc *scene) ladder(p place) map[Rung][]stood {
	by := map[Rung][]*reader{}
	for _, id := range sc.order {
		r := sc.people[id]
		if rung := sc.rungOf(r, p); rung != "" {
			by[rung] = append(by[rung], r)
		}
	}
	if slices.ContainsFunc(by[Federation], isOfficer) {
		by[Federation] = slices.DeleteFunc(by[Federation], func(r *reader) bool { return !isOfficer(r) })
	}
	out := map[Rung][]stood{}
	for rung, all := range by {
		told := sc.standing(all, func(r *reader) bool { return r.Role == accounts.Admin || sc.rungOf(r, p) != "" })
		if len(told) > 0 {
			out[rung] = told
		}
	}
	return out
}

// nearest is who is told at the first rung of a place that somebody holds.
func (sc *scene) nearest(p place) []stood {
	ladder := sc.ladder(p)
	for _, rung := range Rungs() {
		if len(ladder[rung]) > 0 {
			return ladder[rung]
		}
	}
	return nil
}

func isOfficer(r *reader) bool { return r.Role == accounts.Officer }

// Follower is an officer who looks after an enterprise.
type Follower struct {
	Name string
	Away bool
	By   string // name of who stands in; empty: nobody, or they are there
}

// Followers are the officers who look after the enterprise of who asks: the nearest
// rung that somebody holds, with who is away today.
func (s *Service) Followers(ctx context.Context) ([]Follower, error) {
	me := accounts.From(ctx)
	if err := accounts.Allow(me, accounts.AbsenceRead, accounts.Of(me.OrganisationID)); err != nil {
		return nil, err
	}
	sc, err := s.scene(ctx)
	if err != nil {
		return nil, fmt.Errorf("read who looks after organisation %d: %w", me.OrganisationID, err)
	}
	for _, rung := range Rungs() {
		var out []Follower
		for _, id := range sc.order {
			if r := sc.people[id]; sc.rungOf(r, sc.places[me.OrganisationID]) == rung {
				out = append(out, sc.follower(r))
			}
		}
		if len(out) > 0 {
			return out, nil
		}
	}
	return []Follower{}, nil
}

func (sc *scene) follower(r *reader) Follower {
	f := Follower{Name: r.Name, Away: sc.roll.Away(r.UserID)}
	if by, ok := sc.roll.StandIn(r.UserID); ok && by != r.UserID && sc.people[by] != nil {
		f.By = sc.people[by].Name
	}
	return f
}

// places reads where organisations are.
func (s *Service) places(ctx context.Context) (map[int64]place, error) {
	towns, err := mainCommunes(ctx, s.Store.Read())
	if err != nil {
		return nil, err
	}
	out := make(map[int64]place, len(towns))
	for _, t := range towns {
		out[t.ID] = s.placeIn(t.Commune)
	}
	return out, nil
}

func (s *Service) placeIn(code territories.CommuneCode) place {
	ord, ok := s.Atlas.Ordinal(code)
	if !ok {
		return place{}
	}
	return s.placeOf(territories.SetOf(uint32(ord)))
}

// placeOf is a set of communes with the région that holds the first of them.
func (s *Service) placeOf(set *territories.Set) place {
	p := place{set: set, holidays: s.Atlas.HolidaysIn(set)}
	set.Each(func(ord int) bool {
		if region, err := s.Atlas.Of(territories.Ref{Kind: territories.KindRegion, Code: s.Atlas.Commune(ord).Region}); err == nil {
			p.region = region
		}
		return false
	})
	return p
}

// gone turns what is no longer there into nothing.
func gone(err error) error {
	if fault.Is(err, fault.KindNotFound) {
		return nil
	}
	return err
}
