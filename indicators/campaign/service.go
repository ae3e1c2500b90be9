package campaign

import (
	"context"
	"fmt"
	"slices"
	"time"

	"maillage/accounts"
	"maillage/accounts/daily"
	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
	"maillage/indicators/microdata"
	"maillage/indicators/questionnaire"
	"maillage/internal/fault"
	"maillage/internal/mail"
	"maillage/internal/store"
	"maillage/territories"
)

// Config is what the service needs. Now defaults to time.Now. Without Mail and
// Words no letter is delivered; the rest works.
type Config struct {
	Store  *store.Store
	Atlas  *territories.Atlas
	Observ *microdata.Service // what is known of a year, and where answers are kept for good
	Now    func() time.Time
	Mail   mail.Sender
	Words  Writer

	// Leave is how letters leave, and AtOnce those that cannot wait for the letter of the
	// day; default alone, and as Leave.
	Leave, AtOnce daily.Leave
}

// Service holds the use cases of campaigns. Each asks the policy with the
// enterprise and its place; those of jobs (Make, Settle, Tend) are the system's.
type Service struct {
	store  *store.Store
	atlas  *territories.Atlas
	known  *microdata.Service
	book   *questionnaire.Book
	clock  func() time.Time
	sender mail.Sender
	words  Writer
	leave  daily.Leave
	atOnce daily.Leave
	paris  *time.Location
}

// NewService makes a service; it fails where the questions cannot be read.
func NewService(cfg Config) (*Service, error) {
	book, err := questionnaire.Load()
	if err != nil {
		return nil, err
	}
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return nil, fmt.Errorf("read the clock of Paris: %w", err)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Leave == nil {
		cfg.Leave = daily.Alone
	}
	if cfg.AtOnce == nil {
		cfg.AtOnce = cfg.Leave
	}
	return &Service{store: cfg.Store, atlas: cfg.Atlas, known: cfg.Observ, book: book, clock: cfg.Now, sender: cfg.Mail, words: cfg.Words, leave: cfg.Leave, atOnce: cfg.AtOnce, paris: paris}, nil
}

// Book is the questions and the checks.
func (s *Service) Book() *questionnaire.Book { return s.book }

// now is the present instant, as precise as the least precise engine.
func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// today is the civil day of metropolitan France.
func (s *Service) today() string { return s.clock().In(s.paris).Format(time.DateOnly) }

// manages tells who may open and close campaigns: an administrator, or an officer
// whose perimeter is the whole country.
func (s *Service) manages(ctx context.Context) error {
	me := accounts.From(ctx)
	if err := accounts.Permits(me, accounts.CampaignManage); err != nil {
		return err
	}
	if accounts.ReachOf(me, accounts.CampaignManage) == accounts.Anywhere || me.Perimeter != nil && me.Perimeter.Covers(s.atlas.All()) {
		return nil
	}
	return fault.Forbidden()
}

// CanManage tells a page whether to show the gestures of who manages.
func (s *Service) CanManage(ctx context.Context) bool { return s.manages(ctx) == nil }

// Save makes the campaign of a year, or changes it: whole while it is a draft,
// its last day alone once it is open. expected is the revision it was read at; 0
// does not check. The same plan again changes nothing. Every fault is located.
func (s *Service) Save(ctx context.Context, expected int64, p Plan) (*Campaign, error) {
	if err := s.manages(ctx); err != nil {
		return nil, err
	}
	want, err := s.planned(p)
	if err != nil {
		return nil, err
	}
	var out *Campaign
	err = s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Alone(ctx, "campaigns"); err != nil {
			return err
		}
		cur, err := byYear(ctx, tx, p.Year)
		if fault.Is(err, fault.KindNotFound) {
			out = want
			return s.create(ctx, tx, want)
		}
		if err != nil {
			return err
		}
		out = cur
		return s.change(ctx, tx, cur, want, expected)
	})
	if err != nil {
		return nil, fmt.Errorf("save the campaign of %d: %w", p.Year, err)
	}
	return out, nil
}

// The years that a campaign may ask about.
const firstYear = 2008

func (s *Service) planned(p Plan) (*Campaign, error) {
	var bad []fault.Field
	if last := s.clock().In(s.paris).Year(); p.Year < firstYear || p.Year > last {
		bad = append(bad, fault.At("year", "range", fmt.Sprintf("Une année entre %d et %d.", firstYear, last), fmt.Sprintf("A year between %d and %d.", firstYear, last)))
	}
	for _, d := range []struct{ path, day string }{{"opens_on", p.OpensOn}, {"closes_on", p.ClosesOn}} {
		if _, err := time.Parse(time.DateOnly, d.day); err != nil {
			bad = append(bad, badDay(d.path))
		}
	}
	if len(bad) == 0 && p.ClosesOn <= p.OpensOn {
		bad = append(bad, fault.At("closes_on", "order", "Le dernier jour vient après le premier.", "The last day comes after the first."))
	}
	bad = append(bad, s.unknown(p)...)
	if len(bad) > 0 {
		return nil, fault.Invalid(bad...)
	}
	if len(p.Kinds) == 0 {
		p.Kinds = compute.Kinds()
	}
	if len(p.Indicators) == 0 {
		p.Indicators = s.book.Indicators()
	}
	return &Campaign{Year: p.Year, OpensOn: p.OpensOn, ClosesOn: p.ClosesOn, State: Draft, Kinds: p.Kinds, Indicators: p.Indicators, Questions: s.book.Serving(p.Indicators)}, nil
}

// unknown locates kinds and indicators that nothing asks about.
func (s *Service) unknown(p Plan) []fault.Field {
	var bad []fault.Field
	for i, k := range p.Kinds {
		if !slices.Contains(compute.Kinds(), k) {
			bad = append(bad, fault.At(fmt.Sprintf("kinds[%d]", i), "unknown", "Ce type d’entreprise n’existe pas.", "There is no such kind of enterprise."))
		}
	}
	for i, id := range p.Indicators {
		if !slices.Contains(s.book.Indicators(), id) {
			bad = append(bad, fault.At(fmt.Sprintf("indicators[%d]", i), "unknown", "Cet indicateur ne se demande pas aux entreprises.", "This indicator is not asked of enterprises."))
		}
	}
	return bad
}

func (s *Service) create(ctx context.Context, tx store.Tx, c *Campaign) error {
	c.Revision, c.CreatedAt, c.UpdatedAt = 1, s.now(), s.now()
	if err := insertCampaign(ctx, tx, c); err != nil {
		return err
	}
	return s.trail(ctx, tx, accounts.CampaignManage, "campaign", int64(c.ID), "created")
}

func (s *Service) change(ctx context.Context, tx store.Tx, cur, want *Campaign, expected int64) error {
	fields := cur.differs(want)
	switch {
	case len(fields) == 0:
		return nil
	case expected != 0 && expected != cur.Revision:
		return fault.Stale()
	case cur.State == Closing || cur.State == Closed:
		return fault.Conflict("closed", "Cette campagne est close : elle ne change plus.", "This campaign is closed: it no longer changes.")
	case cur.State == Open && !slices.Equal(fields, []string{"closes_on"}):
		return fault.Conflict("open", "Une campagne ouverte ne change plus que de dernier jour.", "Only the last day of an open campaign may change.")
	}
	cur.OpensOn, cur.ClosesOn, cur.Kinds, cur.Indicators, cur.Questions = want.OpensOn, want.ClosesOn, want.Kinds, want.Indicators, want.Questions
	return s.keep(ctx, tx, cur, fields...)
}

func (c *Campaign) differs(want *Campaign) []string {
	var out []string
	for _, f := range []struct {
		name string
		same bool
	}{{"opens_on", c.OpensOn == want.OpensOn}, {"closes_on", c.ClosesOn == want.ClosesOn}, {"kinds", slices.Equal(c.Kinds, want.Kinds)}, {"indicators", sameIDs(c.Indicators, want.Indicators)}} {
		if !f.same {
			out = append(out, f.name)
		}
	}
	return out
}

func sameIDs(a, b []catalogue.ID) bool { return slices.Equal(a, b) }

// keep writes a campaign with its next revision and its trace.
func (s *Service) keep(ctx context.Context, tx store.Tx, c *Campaign, fields ...string) error {
	c.Revision, c.UpdatedAt = c.Revision+1, s.now()
	if err := saveCampaign(ctx, tx, c); err != nil {
		return err
	}
	return s.trail(ctx, tx, accounts.CampaignManage, "campaign", int64(c.ID), fields...)
}

func (s *Service) trail(ctx context.Context, tx store.Tx, a accounts.Action, entity string, id int64, fields ...string) error {
	return accounts.Audit(ctx, tx, accounts.Entry{At: s.now(), Action: a, Entity: entity, EntityID: id, Fields: fields})
}

// Start opens a campaign from its first day on: its questionnaires are made by a
// job. Open again changes nothing.
func (s *Service) Start(ctx context.Context, year int, expected int64) (*Campaign, error) {
	return s.move(ctx, year, expected, func(c *Campaign) (store.Args, error) {
		switch {
		case c.State == Open:
			return nil, nil
		case c.State != Draft:
			return nil, fault.Conflict("closed", "Cette campagne est close.", "This campaign is closed.")
		case s.today() < c.OpensOn:
			return nil, fault.Conflict("early", "Cette campagne ouvre plus tard : avancez son premier jour.", "This campaign opens later: bring its first day forward.")
		}
		c.State, c.OpenedAt = Open, s.now()
		return Frame{c.ID}, nil
	})
}

// Close ends the answers; a job freezes the questionnaires. Close again changes nothing.
func (s *Service) Close(ctx context.Context, year int, expected int64) (*Campaign, error) {
	return s.move(ctx, year, expected, func(c *Campaign) (store.Args, error) {
		switch c.State {
		case Closing, Closed:
			return nil, nil
		case Draft:
			return nil, fault.Conflict("draft", "Cette campagne n’est pas ouverte.", "This campaign is not open.")
		}
		c.State, c.ClosedAt = Closing, s.now()
		return Freeze{c.ID}, nil
	})
}

func (s *Service) move(ctx context.Context, year int, expected int64, to func(*Campaign) (store.Args, error)) (*Campaign, error) {
	if err := s.manages(ctx); err != nil {
		return nil, err
	}
	var out *Campaign
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		c, err := holdCampaign(ctx, tx, year)
		if err != nil {
			return err
		}
		out = c
		job, err := to(c)
		if err != nil || job == nil {
			return err
		}
		if expected != 0 && expected != c.Revision {
			return fault.Stale()
		}
		if err := s.keep(ctx, tx, c, "state"); err != nil {
			return err
		}
		return tx.Enqueue(ctx, job)
	})
	if err != nil {
		return nil, fmt.Errorf("move the campaign of %d: %w", year, err)
	}
	return out, nil
}

// Campaign reads the campaign of a year. A draft is known to who manages alone.
func (s *Service) Campaign(ctx context.Context, year int) (*Campaign, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.CampaignRead); err != nil {
		return nil, err
	}
	c, err := byYear(ctx, s.store.Read(), year)
	if err == nil && c.State == Draft && s.manages(ctx) != nil {
		return nil, fault.NotFound("campaign", year)
	}
	return c, err
}

// Campaigns lists them, the latest first.
func (s *Service) Campaigns(ctx context.Context) ([]Campaign, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.CampaignRead); err != nil {
		return nil, err
	}
	all, err := campaigns(ctx, s.store.Read())
	if err == nil && s.manages(ctx) != nil {
		all = slices.DeleteFunc(all, func(c Campaign) bool { return c.State == Draft })
	}
	return all, err
}
