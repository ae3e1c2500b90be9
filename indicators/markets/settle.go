package markets

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"maillage/territories"
)

// bundle is everything that tells of one procurement: calls judged the same, the hours
// that their awards left, and what became of them.
type bundle struct {
	calls    []*call
	pursuits []pursuit
	quotes   []quote
	awards   []award
}

// slot is one market being made.
type slot struct {
	Market
	number   string
	place    place
	clause   float64 // hours of its clause
	left     float64 // hours that its award left to fill
	noClause bool    // a notice says that it has no clause
	claused  bool    // one says otherwise, or nothing of it
	open     bool    // one of its lots can still be answered
	told     string  // day of the award, of its notices; empty: none
	followed bool    // somebody told here that it was won
}

// settled makes the markets of a bundle, each once, in the order of their keys; those
// that nobody was shown, answered or won are none.
func (s *Service) settled(b bundle) []*Market {
	m := &making{s: s, byLot: map[int64]*slot{}}
	slices.SortStableFunc(b.calls, func(x, y *call) int {
		return cmp.Or(cmp.Compare(late(x), late(y)), cmp.Compare(x.ID, y.ID))
	})
	for _, c := range b.calls {
		if !c.follows() {
			m.call(c)
		}
	}
	for _, c := range b.calls {
		if c.follows() {
			m.hours(c)
		}
	}
	for _, p := range b.pursuits {
		m.pursuit(p)
	}
	m.quotes(b.quotes)
	for _, a := range b.awards {
		m.award(a)
	}
	return m.markets()
}

// late puts what was cancelled after what was not: two calls judged the same are told
// by the one that goes on.
func late(c *call) int {
	if c.State == "cancelled" {
		return 1
	}
	return 0
}

type making struct {
	s     *Service
	id    int64 // of the procurement: that of the first call
	root  *call // the first call; nil: the hours of one that is no market
	slots []*slot
	rest  *slot // of the call as a whole, where no lot can be told
	byLot map[int64]*slot
}

// call opens a market for each lot; those of a second call judged the same join the
// lots that have their number, or the only one.
func (m *making) call(c *call) {
	first := m.root == nil
	if first {
		m.root, m.id = c, c.ID
	}
	known := len(m.slots)
	for _, l := range c.lots {
		var at *slot
		if !first {
			at = m.numbered(m.slots[:known], l.Number, len(c.lots) == 1)
		}
		if at == nil {
			at = m.open(fmt.Sprintf("lot:%d", l.ID), l.Number)
		}
		m.join(at, c, l)
		said := l.Clause
		if said.Verdict == "" {
			said = c.Clause
		}
		at.noClause, at.claused = at.noClause || said.none(), at.claused || !said.none()
		if l.Clause.Hours > 0 {
			at.clause = max(at.clause, l.Clause.Hours)
		} else if len(c.lots) == 1 {
			at.clause = max(at.clause, c.Clause.Hours)
		}
		if c.Kind == hoursKind {
			at.left = max(at.left, l.Hours)
		}
	}
	if c.NoticedAt != nil && c.State == "awarded" {
		for _, at := range m.slots {
			at.told = earliest(at.told, m.s.day(*c.NoticedAt))
		}
	}
}

// hours joins what an award left to fill to the lot that was awarded.
func (m *making) hours(c *call) {
	if m.id == 0 {
		m.id = *c.Procurement
	}
	number := ""
	if c.Insertion != nil {
		number = c.Insertion.Lot
	}
	at := m.numbered(m.slots, number, true)
	if at == nil {
		at = m.whole(c)
	}
	for _, l := range c.lots {
		m.join(at, c, l)
		at.left = max(at.left, l.Hours)
	}
	if c.Insertion != nil && c.Insertion.Awarded != "" {
		at.told = c.Insertion.Awarded
	}
}

// numbered finds the market of a lot by its number; sole lets the only one be it,
// whatever its number.
func (m *making) numbered(among []*slot, number string, sole bool) *slot {
	for _, at := range among {
		if plain(at.number) == plain(number) {
			return at
		}
	}
	if sole && len(among) == 1 {
		return among[0]
	}
	return nil
}

// plain writes LOT-0001, as some notices do, as 1, as others do. It is opportunities'
// lotKey in short: indicators import no noun but territories and accounts.
func plain(number string) string {
	return strings.TrimLeft(strings.TrimPrefix(strings.ToUpper(number), "LOT-"), "0")
}

// whole is the market of a call of which no lot can be told.
func (m *making) whole(c *call) *slot {
	if m.rest != nil {
		return m.rest
	}
	m.rest = &slot{Market: Market{Key: fmt.Sprintf("call:%d", m.id)}, place: c.Place}
	return m.rest
}

func (m *making) open(key, number string) *slot {
	at := &slot{Market: Market{Key: key}, number: number}
	m.slots = append(m.slots, at)
	return at
}

// join adds a lot to a market: the first that says its place gives it.
func (m *making) join(at *slot, c *call, l lot) {
	m.byLot[l.ID] = at
	if !at.place.said() {
		at.place = l.Place
		if !l.Place.said() {
			at.place = c.Place
		}
	}
	at.ShownAt = soonest(at.ShownAt, l.Shown)
	for _, who := range l.members {
		at.part(Shown, who)
	}
	over := l.Deadline
	if over == nil {
		over = c.Deadline
	}
	over = soonest(over, c.Ended)
	switch {
	case over == nil:
		at.open = true
	case at.OverAt == nil || over.After(*at.OverAt):
		at.OverAt = over
	}
}

func (m *making) pursuit(p pursuit) {
	at := m.byLot[p.Lot]
	if at == nil {
		return
	}
	if p.Answered != nil {
		at.AnsweredAt = soonest(at.AnsweredAt, p.Answered)
		at.part(Answered, p.Organisation)
	}
	if p.Submitted != "" {
		at.SubmittedOn = earliest(at.SubmittedOn, p.Submitted)
		at.part(Submitted, p.Organisation)
	}
	if p.State == "won" {
		at.followed, at.WonOn = true, earliest(at.WonOn, m.s.day(p.Since))
		at.part(Won, p.Organisation)
	}
}

// quotes join the lot that one of those of their prospect answers: the first lot, in
// the order of their numbers, where they answer several.
func (m *making) quotes(all []quote) {
	lots := map[int64]int64{}
	for _, q := range all {
		if q.Lot != nil && (lots[q.Prospect] == 0 || *q.Lot < lots[q.Prospect]) {
			lots[q.Prospect] = *q.Lot
		}
	}
	for _, q := range all {
		if at := m.byLot[lots[q.Prospect]]; at != nil {
			m.s.quoted(at, q)
		}
	}
}

// quoted adds a quote to a market, on the days that are said and not on those when they
// were typed.
func (s *Service) quoted(at *slot, q quote) {
	at.part(Prospect, q.Prospect)
	at.ShownAt = s.sooner(at.ShownAt, q.Asked)
	at.part(Shown, q.Organisation)
	if q.Answered != nil {
		at.AnsweredAt = s.sooner(soonest(at.AnsweredAt, q.Answered), q.answeredOn())
		at.part(Answered, q.Organisation)
	}
	if q.Sent != "" {
		at.SubmittedOn = earliest(at.SubmittedOn, q.Sent)
		at.part(Submitted, q.Organisation)
	}
	if q.State == "accepted" {
		at.followed, at.WonOn = true, earliest(at.WonOn, q.Settled)
		at.part(Won, q.Organisation)
	}
}

// award adds what a notice says of a member to the market that it is of: the only one,
// the one of its lot, or one that the same member won; else that of the whole call.
func (m *making) award(a award) {
	at := m.awarded(a)
	if at == nil {
		at = m.whole(m.root)
	}
	day := at.told
	if day == "" && m.root.NoticedAt != nil {
		day = m.s.day(*m.root.NoticedAt)
	}
	if day == "" {
		day = fmt.Sprintf("%04d-12-31", a.Year)
	}
	at.WonOn = earliest(at.WonOn, day)
	at.part(Won, a.Organisation)
}

func (m *making) awarded(a award) *slot {
	if len(m.slots) == 1 {
		return m.slots[0]
	}
	for _, at := range m.slots {
		said := ", lot " + at.number
		if at.number != "" && (strings.HasSuffix(a.Title, said) || strings.Contains(a.Title, said+" : ")) {
			return at
		}
	}
	for _, at := range m.slots {
		if slices.Contains(at.parts, Part{Market: at.Key, Role: Won, Ref: a.Organisation}) {
			return at
		}
	}
	return nil
}

func (m *making) markets() (out []*Market) {
	if m.rest != nil {
		m.slots = append(m.slots, m.rest)
	}
	for _, at := range m.slots {
		at.Root = m.id
		if at.left > 0 {
			at.clause = at.left
		}
		if made := m.s.made(at); made != nil {
			out = append(out, made)
		}
	}
	slices.SortFunc(out, func(a, b *Market) int { return cmp.Compare(a.Key, b.Key) })
	return out
}

// made ends a market; nil: nobody was shown it, answered nor won.
func (s *Service) made(at *slot) *Market {
	if at.ShownAt == nil && at.AnsweredAt == nil && at.WonOn == "" {
		return nil
	}
	if at.open {
		at.OverAt = nil
	}
	if at.AnsweredAt != nil && at.ShownAt != nil && at.AnsweredAt.Before(*at.ShownAt) && s.day(*at.AnsweredAt) == s.day(*at.ShownAt) {
		at.AnsweredAt = at.ShownAt // of the two, one is known to the day
	}
	at.Hours, at.Noticed = at.clause, at.WonOn != "" && !at.followed
	at.NoClause = at.noClause && !at.claused && at.Hours == 0
	s.locate(&at.Market, at.place)
	return &at.Market
}

// purchased makes the markets of prospects of which no quote answers a call.
func (s *Service) purchased(all []purchase, quotes []quote) (out []*Market) {
	for _, p := range all {
		at := &slot{Market: Market{Key: fmt.Sprintf("prospect:%d", p.ID)}}
		at.place = place{Scope: "communes", Perimeter: p.Territory}
		switch {
		case p.Territory != "":
		case p.Seat != "":
			at.place.Perimeter = fmt.Sprintf(`{"territory":"commune:%s"}`, p.Seat)
		default:
			at.place = place{}
		}
		for _, q := range quotes {
			if q.Prospect == p.ID {
				s.quoted(at, q)
			}
		}
		if made := s.made(at); made != nil {
			out = append(out, made)
		}
	}
	return out
}

// locate writes where a market is: in a territory where it lies in it whole, else in several.
func (s *Service) locate(m *Market, p place) {
	m.Scope = p.Scope
	switch p.Scope {
	case "country":
		m.Region, m.Departement, m.EPCI = Several, Several, Several
		return
	case "communes":
	default:
		m.Scope = "unknown"
		return
	}
	compiled, err := s.atlas.CompileText(p.Perimeter)
	if err != nil || compiled.Set.Len() == 0 {
		m.Scope = "unknown"
		return
	}
	m.Perimeter = p.Perimeter
	first := true
	compiled.Set.Each(func(ord int) bool {
		c := s.atlas.Commune(ord)
		if first {
			m.Region, m.Departement, m.EPCI, first = c.Region, c.Departement, c.EPCI, false
			return true
		}
		m.Region, m.Departement, m.EPCI = alike(m.Region, c.Region), alike(m.Departement, c.Departement), alike(m.EPCI, c.EPCI)
		return m.Region != Several || m.Departement != Several || m.EPCI != Several
	})
}

func alike(a, b string) string {
	if a == b {
		return a
	}
	return Several
}

func (m *Market) part(role Role, ref int64) {
	p := Part{Market: m.Key, Role: role, Ref: ref}
	if !slices.Contains(m.parts, p) {
		m.parts = append(m.parts, p)
	}
}

func soonest(a, b *time.Time) *time.Time {
	if a == nil || b != nil && b.Before(*a) {
		return b
	}
	return a
}

// earliest compares civil days; an empty one is none.
func earliest(a, b string) string {
	if a == "" || b != "" && b < a {
		return b
	}
	return a
}

// sooner is when a civil day of Paris begins, or the instant that is known where it is
// not later than that day; an empty day is none.
func (s *Service) sooner(known *time.Time, day string) *time.Time {
	begins, err := time.ParseInLocation(time.DateOnly, day, s.paris)
	if err != nil || known != nil && s.day(*known) <= day {
		return known
	}
	begins = begins.UTC()
	return &begins
}

// within tells whether a commune of today is in a set; a nil set is everywhere.
func (s *Service) within(in *territories.Set, commune string) bool {
	ord, known := s.atlas.Ordinal(territories.CommuneCode(commune))
	return in == nil || known && in.Contains(ord)
}
