package people

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/territories"
)

// Config is what the service needs. Without Keys no identity can be kept or
// read; the rest works. Now defaults to time.Now, Random to crypto/rand.
type Config struct {
	Store  *store.Store
	Atlas  *territories.Atlas
	Keys   *Keyring
	Now    func() time.Time
	Random io.Reader
}

// Service holds the use cases of people, each one transaction. Each asks the
// policy itself, since a journey is nobody's but its structure's: the context
// carries who acts (accounts.With), and without anybody it is refused. What
// feeds the matching (EachBatch, LoadForMatching, Holding, MarkProposed) asks
// nothing: it is for workers and other nouns, never for a door.
type Service struct {
	store  *store.Store
	atlas  *territories.Atlas
	keys   *Keyring
	clock  func() time.Time
	random io.Reader
}

// NewService makes a service.
func NewService(cfg Config) *Service {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Random == nil {
		cfg.Random = rand.Reader
	}
	return &Service{store: cfg.Store, atlas: cfg.Atlas, keys: cfg.Keys, clock: cfg.Now, random: cfg.Random}
}

// now is the present instant, as precise as the least precise engine.
func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// today is the day of structures in metropolitan France when the clock strikes
// midnight in UTC at the latest: a date of law is not a matter of hours.
func (s *Service) today() string { return s.now().Format(time.DateOnly) }

// Create keeps a new journey in a structure: ID, code, revision and dates of
// writing are given. Every fault is located (fault.Invalid); a key that the
// structure already uses is a conflict.
func (s *Service) Create(ctx context.Context, p *Person) (*Person, error) {
	if err := accounts.Allow(accounts.From(ctx), accounts.PersonEdit, accounts.Of(p.OrganisationID)); err != nil {
		return nil, err
	}
	want := p.clone()
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := s.check(ctx, tx, want); err != nil {
			return err
		}
		if err := s.create(ctx, tx, want); err != nil {
			return err
		}
		return s.trail(ctx, tx, accounts.PersonEdit, want.ID, "created")
	})
	if err != nil {
		return nil, fmt.Errorf("create person: %w", err)
	}
	return want, nil
}

// Update rewrites what p says of a journey: key, counsellor, commune, dates and
// profile. State, code and structure are not its to change. expected is the
// revision it was read at; 0 does not check. What changes nothing leaves no trace.
func (s *Service) Update(ctx context.Context, expected int64, p *Person) (*Person, error) {
	return s.revise(ctx, p.ID, expected, EventChanged, func(cur *Person) error {
		if cur.State == Ended {
			return fault.Conflict("finished", "Ce parcours est terminé : il ne change plus.", "This journey has ended: it no longer changes.")
		}
		w := p.clone()
		cur.Key, cur.CounsellorID, cur.Commune, cur.Profile = w.Key, w.CounsellorID, w.Commune, w.Profile
		cur.EnteredOn, cur.AvailableOn, cur.ContractEnds = w.EnteredOn, w.AvailableOn, w.ContractEnds
		return nil
	})
}

// Pause takes a journey out of matching for a while.
func (s *Service) Pause(ctx context.Context, id ID, expected int64) (*Person, error) {
	return s.move(ctx, id, expected, EventPaused, Paused, Active)
}

// Resume puts a paused journey back.
func (s *Service) Resume(ctx context.Context, id ID, expected int64) (*Person, error) {
	return s.move(ctx, id, expected, EventResumed, Active, Paused)
}

// maxNotice is how many days ahead an end may be said.
const maxNotice = 31

// End says that the person left the structure on a day (empty: today): no
// longer matched, and the agreements that ran are withdrawn. The day is neither
// before the journey's first one nor more than maxNotice days ahead.
func (s *Service) End(ctx context.Context, id ID, expected int64, on string) (*Person, error) {
	if on == "" {
		on = s.today()
	}
	return s.revise(ctx, id, expected, EventEnded, func(cur *Person) error {
		if cur.State == Ended {
			return notFrom(cur.State)
		}
		if err := s.endable(cur, on); err != nil {
			return err
		}
		cur.State, cur.EndedOn = Ended, on
		return nil
	})
}

// endable refuses a day that would have the journey erased at once, or never. A
// file may tell a journey late: without a day of entry, KeptMonths back is allowed.
func (s *Service) endable(cur *Person, on string) error {
	first := cur.EnteredOn
	if first == "" {
		first = addMonths(dayOf(cur.CreatedAt), -KeptMonths).Format(time.DateOnly)
	}
	if on < first || on > dayOf(s.now()).AddDate(0, 0, maxNotice).Format(time.DateOnly) {
		return fault.Invalid(fault.At("ended_on", "range", fmt.Sprintf("La fin ne précède pas le début du parcours et ne dépasse pas %d jours après aujourd’hui.", maxNotice),
			fmt.Sprintf("The end neither comes before the start of the journey nor more than %d days after today.", maxNotice)))
	}
	return nil
}

func (s *Service) move(ctx context.Context, id ID, expected int64, kind EventKind, to, from State) (*Person, error) {
	return s.revise(ctx, id, expected, kind, func(cur *Person) error {
		if cur.State != from && cur.State != to {
			return notFrom(cur.State)
		}
		cur.State = to
		return nil
	})
}

func notFrom(s State) error {
	return fault.Conflict("transition", "Ce parcours est « "+s.words("fr")+" » : ce n’est pas possible.", "This journey is “"+s.words("en")+"”: it is not possible.")
}

func (s State) words(lang string) string {
	words := map[State]fault.Text{Active: {FR: "en cours", EN: "under way"}, Paused: {FR: "en pause", EN: "paused"}, Ended: {FR: "terminé", EN: "ended"}}
	return words[s].In(lang)
}

// revise holds a journey, lets edit change it and keeps what differs.
func (s *Service) revise(ctx context.Context, id ID, expected int64, kind EventKind, edit func(*Person) error) (*Person, error) {
	var want *Person
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		cur, err := s.hold(ctx, tx, accounts.PersonEdit, id, expected)
		if err != nil {
			return err
		}
		want = cur.clone()
		if err := edit(want); err != nil {
			return err
		}
		if err := s.check(ctx, tx, want); err != nil {
			return err
		}
		changed, err := s.write(ctx, tx, kind, cur, want)
		if err != nil || len(changed) == 0 {
			return err
		}
		return s.trail(ctx, tx, accounts.PersonEdit, id, changed...)
	})
	if err != nil {
		return nil, fmt.Errorf("revise person %d: %w", id, err)
	}
	return want, nil
}

// hold takes the journey for this transaction, so that two writers follow each
// other, asks the policy and checks the revision that the caller read.
func (s *Service) hold(ctx context.Context, tx store.Tx, a accounts.Action, id ID, expected int64) (*Person, error) {
	if err := lock(ctx, tx, id); err != nil {
		return nil, err
	}
	cur, err := get(ctx, tx, id)
	if err != nil {
		return nil, hidden(ctx, a, err)
	}
	if err := reach(ctx, a, cur); err != nil {
		return nil, err
	}
	if expected != 0 && cur.Revision != expected {
		return nil, fault.Stale()
	}
	return cur, nil
}

// reach asks the policy for one journey. To who may do such a thing elsewhere, a
// journey beyond reach and one that does not exist are the same.
func reach(ctx context.Context, a accounts.Action, p *Person) error {
	who := accounts.From(ctx)
	if accounts.Can(who, a, accounts.Of(p.OrganisationID)) {
		return nil
	}
	return hidden(ctx, a, fault.NotFound("person", p.ID))
}

// hidden answers who may not do such a thing at all before it says that
// something is not there.
func hidden(ctx context.Context, a accounts.Action, err error) error {
	if refused := accounts.Permits(accounts.From(ctx), a); refused != nil {
		return refused
	}
	return err
}

// announce asks for the matches of people in the same transaction as their change.
func announce(ctx context.Context, tx store.Tx, ids ...ID) error {
	if len(ids) == 0 {
		return nil
	}
	changes := make([]store.Change, len(ids))
	for i, id := range ids {
		changes[i] = store.Change{Entity: "person", ID: int64(id)}
	}
	if err := tx.Changed(ctx, changes...); err != nil {
		return err
	}
	return tx.Enqueue(ctx, Changed{IDs: ids})
}
