package opportunities

import (
	"context"
	"fmt"
	"time"

	"maillage/accounts"
	"maillage/accounts/daily"
	"maillage/internal/fault"
	"maillage/internal/mail"
	"maillage/internal/store"
	"maillage/territories"
)

// Config is what the service needs. Now defaults to time.Now.
type Config struct {
	Store *store.Store
	Atlas *territories.Atlas
	Now   func() time.Time

	// WorkingDays counts the working days after one instant up to another, for
	// the mornings of letters; nil counts Mondays to Fridays.
	WorkingDays func(from, to time.Time, zone *time.Location) int
	Mail        mail.Sender // for DeliverLetter, in the process that works
	Words       Writer      // puts a letter of news in words; needed with Mail
	Leave       daily.Leave // how letters of news leave; default alone
}

// Service holds the use cases of opportunities, each one transaction.
type Service struct {
	store *store.Store
	atlas *territories.Atlas
	clock func() time.Time
	post  post
}

// NewService makes a service.
func NewService(cfg Config) *Service {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Leave == nil {
		cfg.Leave = daily.Alone
	}
	return &Service{store: cfg.Store, atlas: cfg.Atlas, clock: cfg.Now,
		post: post{almanac: almanac{count: cfg.WorkingDays}, sender: cfg.Mail, words: cfg.Words, hand: cfg.Leave}}
}

// now is the present instant, as precise as the least precise engine.
func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// By says who makes a change, for the history. The zero value is a job.
type By struct {
	UserID int64  // 0: a job or an import
	Origin string // notice or door it comes from
	Note   string // a word of the person: why it is cancelled, who won
}

// Create keeps a new draft: state, revision and dates of o are ignored. What
// has no lot gets one. Every fault is located (fault.Invalid).
func (s *Service) Create(ctx context.Context, by By, o *Opportunity) (*Opportunity, error) {
	made := *o
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := s.create(ctx, tx, by, &made, Draft); err != nil {
			return err
		}
		return s.trail(ctx, tx, accounts.OpportunityCreate, &made, "created")
	})
	if err != nil {
		return nil, fmt.Errorf("create opportunity: %w", err)
	}
	return &made, nil
}

// CreateAndPublish makes an opportunity and publishes it, both or neither.
func (s *Service) CreateAndPublish(ctx context.Context, by By, o *Opportunity) (*Opportunity, error) {
	var made Opportunity
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		made = *o
		return s.PublishIn(ctx, tx, by, &made)
	})
	if err != nil {
		return nil, fmt.Errorf("create and publish opportunity: %w", err)
	}
	return &made, nil
}

// PublishIn makes an opportunity and publishes it in the caller's transaction,
// which keeps what is not an opportunity's to say. The caller asked the policy.
func (s *Service) PublishIn(ctx context.Context, tx store.Tx, by By, o *Opportunity) error {
	if err := s.create(ctx, tx, by, o, Draft); err != nil {
		return err
	}
	if err := s.trail(ctx, tx, accounts.OpportunityCreate, o, "created"); err != nil {
		return err
	}
	return s.enter(ctx, tx, by, o, Published)
}

// Publish makes a draft visible and asks for its matches. A deadline that has
// passed is refused. expected is the revision it was read at; 0 does not check.
func (s *Service) Publish(ctx context.Context, by By, id ID, expected int64) (*Opportunity, error) {
	return s.move(ctx, by, id, expected, Published)
}

// Close ends the time to answer.
func (s *Service) Close(ctx context.Context, by By, id ID, expected int64) (*Opportunity, error) {
	return s.move(ctx, by, id, expected, Closed)
}

// Award says that it found its holders; it is the end of its life.
func (s *Service) Award(ctx context.Context, by By, id ID, expected int64) (*Opportunity, error) {
	return s.move(ctx, by, id, expected, Awarded)
}

// Cancel drops it, with the reason in by.Note.
func (s *Service) Cancel(ctx context.Context, by By, id ID, expected int64) (*Opportunity, error) {
	return s.move(ctx, by, id, expected, Cancelled)
}

// Update replaces what o says of an opportunity (title to lots; a lot is known
// by its number, and one that is no longer there is withdrawn). An update that
// changes nothing leaves no trace. An opportunity that is awarded or cancelled
// can no longer change.
func (s *Service) Update(ctx context.Context, by By, expected int64, o *Opportunity) (*Opportunity, error) {
	var out *Opportunity
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		cur, err := s.hold(ctx, tx, o.ID, expected)
		if err != nil {
			return err
		}
		if cur.State == Awarded || cur.State == Cancelled {
			return fault.Conflict("finished", "Cette opportunité est "+cur.State.words("fr")+" : elle ne change plus.",
				"This opportunity is "+cur.State.words("en")+": it no longer changes.")
		}
		wanted := *o
		wanted.Source = or(wanted.Source, cur.Source)
		if wanted.PublisherID == nil {
			wanted.PublisherID = cur.PublisherID
		}
		wanted.TransferorID = cur.TransferorID
		wanted.ProcurementID, wanted.Insertion, wanted.Forecast = cur.ProcurementID, cur.Insertion, cur.Forecast // the notices' to say
		if err := s.checkInPlace(&wanted); err != nil {
			return err
		}
		if err := parties(ctx, tx, &wanted); err != nil {
			return err
		}
		c := s.change(cur)
		c.merge(&wanted, emptyErases)
		out = cur
		was := cur.Revision
		if err := c.write(ctx, tx, by, EventChanged); err != nil || cur.Revision == was {
			return err
		}
		return s.trail(ctx, tx, accounts.OpportunityEdit, cur, "changed")
	})
	if err != nil {
		return nil, fmt.Errorf("update opportunity %d: %w", o.ID, err)
	}
	return out, nil
}

func (s *Service) move(ctx context.Context, by By, id ID, expected int64, to State) (*Opportunity, error) {
	var out *Opportunity
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		cur, err := s.hold(ctx, tx, id, expected)
		if err != nil {
			return err
		}
		out = cur
		if err := byForecastOnly(cur); err != nil {
			return err
		}
		return s.enter(ctx, tx, by, cur, to)
	})
	if err != nil {
		return nil, fmt.Errorf("move opportunity %d to %s: %w", id, to, err)
	}
	return out, nil
}

// enter moves an opportunity that is held to another state, if the table and the clock allow.
func (s *Service) enter(ctx context.Context, tx store.Tx, by By, cur *Opportunity, to State) error {
	if !cur.State.Allows(to) {
		return notAllowed(cur.State, to)
	}
	if to == Published && begun(cur, s.now()) {
		return fault.Conflict("dates-passed", "Ces dates sont passées : changez-les avant de publier.",
			"These dates have passed: change them before publishing.")
	}
	if to == Published && late(cur, s.now()) {
		return fault.Conflict("deadline-passed", "La date limite est passée : changez-la avant de publier.",
			"The deadline has passed: change it before publishing.")
	}
	c := s.change(cur)
	event := eventOf(cur.State, to)
	c.enter(to)
	if err := c.write(ctx, tx, by, event); err != nil {
		return err
	}
	return s.trail(ctx, tx, actionOf(to), cur, "state")
}

// create inserts a checked opportunity in its first state, with its event.
func (s *Service) create(ctx context.Context, tx store.Tx, by By, o *Opportunity, state State) error {
	if err := s.check(o); err != nil {
		return err
	}
	if err := parties(ctx, tx, o); err != nil {
		return err
	}
	now := s.now()
	o.ID, o.State, o.Revision, o.CreatedAt, o.UpdatedAt = 0, state, 1, now, now
	o.PublishedAt = publishedAt(o, now)
	derive(o, now)
	if err := insert(ctx, tx, o, now); err != nil {
		return err
	}
	err := record(ctx, tx, Event{OpportunityID: o.ID, At: now, Kind: EventCreated, ActorID: actor(by), Origin: by.Origin, Diff: noted(by, nil)})
	if err != nil {
		return err
	}
	return announce(ctx, tx, lotIDs(o.Lots))
}

// publishedAt is when a new opportunity came out: the date of its notice where
// it has one, and never later than now.
func publishedAt(o *Opportunity, now time.Time) *time.Time {
	switch {
	case o.State != Published:
		return nil
	case o.PublishedAt != nil && o.PublishedAt.Before(now):
		return o.PublishedAt
	}
	return &now
}

func (s *Service) check(o *Opportunity) error {
	c := checker{atlas: s.atlas}
	o.Lots = append([]Lot(nil), o.Lots...)
	return c.check(o)
}

// checkInPlace checks what is wanted of a known opportunity: a lot that says
// its position keeps it, since those withdrawn before it keep theirs.
func (s *Service) checkInPlace(o *Opportunity) error {
	positions := make([]int, len(o.Lots))
	for i := range o.Lots {
		positions[i] = o.Lots[i].Position
	}
	if err := s.check(o); err != nil {
		return err
	}
	for i, position := range positions {
		if position > 0 {
			o.Lots[i].Position = position
		}
	}
	return nil
}

// hold takes the opportunity for this transaction, so that two writers follow
// each other, and checks the revision that the caller read.
func (s *Service) hold(ctx context.Context, tx store.Tx, id ID, expected int64) (*Opportunity, error) {
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

// Take says that somebody was hired for one place of a position, in the transaction
// of who hires. It raises no revision: what the position asks is the same. Where
// every place is taken it is refused: places-taken.
func (s *Service) Take(ctx context.Context, tx store.Tx, id LotID, at time.Time) error {
	left, err := takePlace(ctx, tx, id, at)
	if err != nil {
		return err
	}
	if !left {
		return fault.Conflict("places-taken", "Toutes les places de ce poste sont pourvues. Pour embaucher une personne de plus, ajoutez d’abord une place au besoin.",
			"Every place of this position is filled. To hire one more person, first add a place to the need.")
	}
	return announce(ctx, tx, []LotID{id})
}

// Free says that a place that somebody took is free again, in the transaction of who gives it up.
func (s *Service) Free(ctx context.Context, tx store.Tx, id LotID) error {
	if err := freePlace(ctx, tx, id); err != nil {
		return err
	}
	return announce(ctx, tx, []LotID{id})
}

// announce asks for the matches of lots in the same transaction as their change.
func announce(ctx context.Context, tx store.Tx, lots []LotID) error {
	if len(lots) == 0 {
		return nil
	}
	changes := make([]store.Change, len(lots))
	for i, id := range lots {
		changes[i] = store.Change{Entity: "lot", ID: int64(id)}
	}
	if err := tx.Changed(ctx, changes...); err != nil {
		return err
	}
	return tx.Enqueue(ctx, Changed{Lots: lots})
}

func lotIDs(lots []Lot) []LotID {
	out := make([]LotID, len(lots))
	for i := range lots {
		out[i] = lots[i].ID
	}
	return out
}

func actor(by By) *int64 {
	if by.UserID == 0 {
		return nil
	}
	return &by.UserID
}

func noted(by By, diff []Change) []Change {
	if diff == nil {
		diff = []Change{}
	}
	if by.Note != "" {
		diff = append(diff, Change{Field: "note", After: by.Note})
	}
	return diff
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
