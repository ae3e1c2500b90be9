package markets

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"maillage/accounts"
	"maillage/indicators/compute"
	"maillage/indicators/microdata"
	"maillage/internal/fault"
	"maillage/territories"
)

// By is how figures are parted by place.
type By string

// The levels.
const (
	ByRegion      By = "region"
	ByDepartement By = "departement"
	ByEPCI        By = "epci"
)

// Levels lists them from the widest.
func Levels() []By { return []By{ByRegion, ByDepartement, ByEPCI} }

// mostMonths bounds a period: five years, the longest contract of funding there is.
const mostMonths = 60

// Wanted is a period of whole months, where, and how it is parted.
type Wanted struct {
	From, Until string // YYYY-MM, both included; empty: since January, until this month
	Where       string // a territory or a perimeter, in any of its writings; empty: all that the association covers
	By          By     // empty: ByDepartement
	Association int64  // of which it is told; 0: the officer's own, or everything for an administrator
}

// Line is what happened in a period: each number is of the markets to which it
// happened then, so that months add up. Members are counted once in each line, so
// theirs do not.
type Line struct {
	Code      string // of the territory or month; empty in a territory's line: not told
	Supported int    // members
	Shown     int    // lots, first shown
	Answered  int    // markets, first answered by an enterprise, whatever it says
	Submitted int    // an answer handed in or a quote sent
	Won       int    // by a member
	Noticed   int    // of these, told by a notice alone
	Told      int    // of these, whose hours of insertion are told
	Unclaused int    // of these, which have no clause, as their notices say
	Hours     float64
	FTE       float64 // years of full time: hours over those of the year of the award
}

// Support is how members were accompanied, each member once for each way.
type Support struct {
	Members  int
	Answered int // the legal desk answered their question
	Advised  int // spoke with the association
	Composed int // the association composed a group with them to answer
}

// Figures are the counts of a period and a place.
type Figures struct {
	From, Until string
	Where       string // as it was asked
	By          By
	Association *Association // whose support and territory; nil: the whole federation
	Total       Line
	Support     Support
	Wait        *Wait  // nil: nothing was shown
	Waits       []Wait // by territory, in the order of Places
	Places      []Line
	Months      []Line
	Reference   compute.Reference // hours of a full time, in the last year
	At          time.Time

	covers territories.Expr // the perimeters of the officers of the association
}

// Look counts what is of an association: the support that its own people gave, and the
// markets of its territory, which are no association's alone: those that touch the
// perimeters of its officers, or lie nowhere that is told and were answered by a member
// of there. An officer reads their association's, an administrator any or the whole
// federation. Policy: accounts.PursuitCount.
func (s *Service) Look(ctx context.Context, w Wanted) (*Figures, error) {
	who := accounts.From(ctx)
	if err := accounts.Permits(who, accounts.PursuitCount); err != nil {
		return nil, err
	}
	everyone := accounts.ReachOf(who, accounts.PursuitCount) == accounts.Anywhere
	if !everyone {
		w.Association = cmp.Or(w.Association, who.OrganisationID)
		if w.Association != who.OrganisationID || w.Association == 0 {
			return nil, fault.Forbidden()
		}
	}
	f, in, err := s.asked(w)
	if err != nil {
		return nil, err
	}
	own, err := s.of(ctx, f, w.Association)
	if err != nil {
		return nil, err
	}
	return f, s.fill(ctx, f, in, own)
}

// Associations lists those whose figures the caller may read.
func (s *Service) Associations(ctx context.Context) ([]Association, error) {
	who := accounts.From(ctx)
	if err := accounts.Permits(who, accounts.PursuitCount); err != nil {
		return nil, err
	}
	switch {
	case accounts.ReachOf(who, accounts.PursuitCount) == accounts.Anywhere:
		return associationsOf(ctx, s.store.Read(), 0)
	case who.OrganisationID == 0:
		return nil, nil
	}
	return associationsOf(ctx, s.store.Read(), who.OrganisationID)
}

// of says whose figures they are, and gives what its officers cover; nil: everywhere.
func (s *Service) of(ctx context.Context, f *Figures, association int64) (*territories.Set, error) {
	if association == 0 {
		return nil, nil //nolint:nilnil // the whole federation has no bounds
	}
	known, err := associationsOf(ctx, s.store.Read(), association)
	if err != nil {
		return nil, err
	}
	var bad fault.List
	bad.At(len(known) == 0, "association", "unknown", "Cette association n’existe pas.", "There is no such association.")
	if err := bad.Err(); err != nil {
		return nil, err
	}
	f.Association = &known[0]
	texts, err := perimetersOf(ctx, s.store.Read(), association)
	if err != nil {
		return nil, err
	}
	own, all := territories.SetOf(), make([]territories.Expr, len(texts))
	for i, text := range texts {
		p, err := s.atlas.CompileText(text)
		if err != nil {
			return nil, fmt.Errorf("read the perimeter of an officer: %w", err)
		}
		own, all[i] = own.Or(p.Set), p.Expr
	}
	f.covers = territories.AnyOf(all...)
	return own, nil
}

// asked reads what is wanted; in is where, nil: wherever the association is.
func (s *Service) asked(w Wanted) (f *Figures, in *territories.Set, err error) {
	this := s.day(s.now())[:len("2006-01")]
	f = &Figures{From: cmp.Or(w.From, this[:4]+"-01"), Until: cmp.Or(w.Until, this), Where: w.Where, By: cmp.Or(w.By, ByDepartement), At: s.now()}
	var bad fault.List
	from, errFrom := time.Parse("2006-01", f.From)
	until, errUntil := time.Parse("2006-01", f.Until)
	bad.At(errFrom != nil, "from", "invalid", "Un mois comme 2026-01.", "A month such as 2026-01.")
	bad.At(errUntil != nil, "until", "invalid", "Un mois comme 2026-12.", "A month such as 2026-12.")
	ordered := errFrom == nil && errUntil == nil
	bad.At(ordered && until.Before(from), "until", "range", "La fin vient après le début.", "The end comes after the beginning.")
	bad.At(ordered && !until.Before(from.AddDate(0, mostMonths, 0)), "until", "range", "Cinq ans au plus.", "Five years at most.")
	bad.At(!slices.Contains(Levels(), f.By), "by", "unknown", "Région, département ou EPCI.", "Région, département or EPCI.")
	if w.Where != "" {
		in, err = s.compiled(w.Where)
		bad.At(err != nil, "territory", "unknown", "Ce territoire n’est pas reconnu.", "This territory is not recognised.")
	}
	if err := bad.Err(); err != nil {
		return nil, nil, err
	}
	for m := from; !m.After(until); m = m.AddDate(0, 1, 0) {
		f.Months = append(f.Months, Line{Code: m.Format("2006-01")})
	}
	return f, in, nil
}

func (s *Service) compiled(text string) (*territories.Set, error) {
	e, err := s.atlas.ParsePerimeter(text)
	if err != nil {
		return nil, err
	}
	p, err := s.atlas.Compile(e)
	if err != nil {
		return nil, err
	}
	return p.Set, nil
}

func (s *Service) fill(ctx context.Context, f *Figures, in, own *territories.Set) error {
	around, association := in, int64(0)
	if f.Association != nil {
		association = f.Association.ID
		around = own
		if in != nil {
			around = own.And(in)
		}
	}
	rows, err := s.inside(ctx, around)
	if err != nil {
		return err
	}
	refs, err := microdata.ReferencesIn(ctx, s.store.Read())
	if err != nil {
		return err
	}
	c := newCounter(f, s, refs)
	for _, m := range rows {
		c.market(m)
	}
	supports, err := supportsOf(ctx, s.store.Read(), association, c.first, c.end)
	if err != nil {
		return err
	}
	for _, x := range supports {
		if in == nil || s.within(in, x.Commune) {
			c.support(x)
		}
	}
	c.close()
	groups, err := groupsOf(ctx, s.store.Read())
	if err != nil {
		return err
	}
	if err := s.waits(rows, c, groups); err != nil {
		return err
	}
	f.Reference = fullTime(refs, f.Until)
	return nil
}

// All are the markets as they were last settled, in the order of their keys. It asks no
// policy: it is for who publishes of them.
func (s *Service) All(ctx context.Context) ([]*Market, error) { return all(ctx, s.store.Read()) }

// inside reads the markets of a place: those that touch it and, of those that are
// nowhere in particular, those of which a member whose seat is there told something.
func (s *Service) inside(ctx context.Context, in *territories.Set) ([]*Market, error) {
	rows, err := s.All(ctx)
	if err != nil || in == nil {
		return rows, err
	}
	seats, err := seatsOf(ctx, s.store.Read())
	if err != nil {
		return nil, err
	}
	touches := map[string]bool{}
	return slices.DeleteFunc(rows, func(m *Market) bool {
		if m.Scope != "communes" {
			return !slices.ContainsFunc(m.parts, func(p Part) bool { return p.Role != Prospect && p.Role != Shown && s.within(in, seats[p.Ref]) })
		}
		touch, known := touches[m.Perimeter]
		if !known {
			p, err := s.atlas.CompileText(m.Perimeter)
			touch = err == nil && p.Set.Intersects(in)
			touches[m.Perimeter] = touch
		}
		return !touch
	}), nil
}

// code is the territory of a market at a level.
func (m *Market) code(by By) string {
	switch by {
	case ByRegion:
		return m.Region
	case ByEPCI:
		return m.EPCI
	}
	return m.Departement
}

// counter counts what happened in a period.
type counter struct {
	f          *Figures
	s          *Service
	refs       compute.References
	first, end time.Time // of the period; end is the first instant after it
	places     map[string]*Line
	members    map[*Line]map[int64]bool
	ways       map[string]map[int64]bool
}

func newCounter(f *Figures, s *Service, refs compute.References) *counter {
	c := &counter{f: f, s: s, refs: refs, places: map[string]*Line{}, members: map[*Line]map[int64]bool{}, ways: map[string]map[int64]bool{}}
	c.first, _ = time.ParseInLocation("2006-01", f.From, s.paris)
	last, _ := time.ParseInLocation("2006-01", f.Until, s.paris)
	c.end = last.AddDate(0, 1, 0)
	return c
}

// lines are those of the total, the place and the month of a day; none where it is out
// of the period.
func (c *counter) lines(day, place string) []*Line {
	if day == "" {
		return nil
	}
	i, found := slices.BinarySearchFunc(c.f.Months, day[:len("2006-01")], func(l Line, m string) int { return cmp.Compare(l.Code, m) })
	if !found {
		return nil
	}
	if c.places[place] == nil {
		c.places[place] = &Line{Code: place}
	}
	return []*Line{&c.f.Total, c.places[place], &c.f.Months[i]}
}

func (c *counter) market(m *Market) {
	place := m.code(c.f.By)
	for _, l := range c.lines(c.when(m.ShownAt), place) {
		l.Shown++
	}
	for _, l := range c.lines(c.when(m.AnsweredAt), place) {
		l.Answered++
	}
	for _, l := range c.lines(m.SubmittedOn, place) {
		l.Submitted++
	}
	for _, l := range c.lines(m.WonOn, place) {
		l.Won++
		if m.Noticed {
			l.Noticed++
		}
		if m.NoClause {
			l.Unclaused++
		}
		if m.Hours > 0 {
			l.Told++
			l.Hours += m.Hours
			l.FTE += m.FTE(c.refs)
		}
	}
}

func (c *counter) when(t *time.Time) string {
	if t == nil {
		return ""
	}
	return c.s.day(*t)
}

func (c *counter) support(x support) {
	place := c.s.codeAt(c.f.By, x.Commune)
	lines := c.lines(c.s.day(x.At), place)
	for _, l := range lines {
		if c.members[l] == nil {
			c.members[l] = map[int64]bool{}
		}
		c.members[l][x.Organisation] = true
	}
	if len(lines) > 0 {
		if c.ways[x.Way] == nil {
			c.ways[x.Way] = map[int64]bool{}
		}
		c.ways[x.Way][x.Organisation] = true
	}
}

// codeAt is the territory of a commune of today.
func (s *Service) codeAt(by By, commune string) string {
	ord, known := s.atlas.Ordinal(territories.CommuneCode(commune))
	if !known {
		return ""
	}
	c := s.atlas.Commune(ord)
	return (&Market{Region: c.Region, Departement: c.Departement, EPCI: c.EPCI}).code(by)
}

// close writes what is counted apart. Territories come in the order of their codes,
// then what lies in several, then what is not told.
func (c *counter) close() {
	for l, of := range c.members {
		l.Supported = len(of)
	}
	c.f.Support = Support{Members: c.f.Total.Supported, Answered: len(c.ways["answered"]), Advised: len(c.ways["advised"]), Composed: len(c.ways["composed"])}
	for _, l := range c.places {
		c.f.Places = append(c.f.Places, *l)
	}
	rank := map[string]int{Several: 1, "": 2}
	slices.SortFunc(c.f.Places, func(a, b Line) int { return cmp.Or(rank[a.Code]-rank[b.Code], cmp.Compare(a.Code, b.Code)) })
}
