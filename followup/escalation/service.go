package escalation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"maillage/accounts"
	"maillage/accounts/daily"
	"maillage/followup"
	"maillage/followup/absences"
	"maillage/followup/contacts"
	"maillage/followup/conventions"
	"maillage/followup/dossier"
	"maillage/followup/tenure"
	"maillage/internal/mail"
	"maillage/internal/store"
	"maillage/matching"
	"maillage/matching/engine"
	"maillage/network"
	"maillage/opportunities"
	"maillage/territories"
)

// Config is what the service needs. Now defaults to time.Now. Mail and Words are
// for the process that writes letters.
type Config struct {
	Store         *store.Store
	Atlas         *territories.Atlas
	Now           func() time.Time
	Network       *network.Service
	Opportunities *opportunities.Service
	Matching      *matching.Service
	Followup      *followup.Service
	Contacts      *contacts.Service
	Tenures       *tenure.Service
	Absences      *absences.Service
	Conventions   *conventions.Service // nil: no place is routed
	Dossier       *dossier.Service     // nil: no piece is told of
	Mail          mail.Sender
	Words         Writer
	Leave         daily.Leave // how letters leave; default alone
}

// Service holds the use cases of reminders. Each write is one transaction, and
// every one may run twice.
type Service struct {
	Config
	paris *time.Location
}

// NewService makes a service over the nouns given.
func NewService(cfg Config) *Service {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Leave == nil {
		cfg.Leave = daily.Alone
	}
	return &Service{Config: cfg, paris: engine.Paris()}
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

func (s *Service) day() string { return s.now().In(s.paris).Format(time.DateOnly) }

// Letters leave between these hours, in Paris, on the working days of who reads.
const firstHour, lastHour = 7, 20

// Remind makes the letters that are due, one a person and day, and tells how many.
// It is a job's. Run again, or by several processes at once, it tells nothing
// twice; after days without it, each person has one letter of all that fell due.
// A person whose letter fails holds nobody else's.
func (s *Service) Remind(ctx context.Context) (int, error) {
	if hour := s.now().In(s.paris).Hour(); hour < firstHour || hour >= lastHour {
		return 0, nil
	}
	sc, err := s.scene(ctx)
	if err != nil {
		return 0, fmt.Errorf("look for what is due: %w", err)
	}
	due, err := s.due(ctx, sc)
	if err != nil {
		return 0, fmt.Errorf("look for what is due: %w", err)
	}
	made, failed := 0, []error(nil)
	for _, id := range sc.order {
		if len(due[id]) == 0 || sc.written[id] || !sc.works(id) {
			continue
		}
		done, err := s.tell(ctx, sc, id, due[id])
		if err != nil {
			failed = append(failed, fmt.Errorf("remind account %d: %w", id, err))
		}
		if done {
			made++
		}
		if ctx.Err() != nil {
			break
		}
	}
	return made, errors.Join(failed...)
}

// due is what each person is to be told, by all that looks for it.
func (s *Service) due(ctx context.Context, sc *scene) (map[accounts.UserID][]*line, error) {
	out := map[accounts.UserID][]*line{}
	for _, look := range []func(context.Context, *scene) ([]*line, error){s.changes, s.matches, s.offersDue, s.promises, s.tenures, s.routed, s.awards, s.partners, s.interests, s.settled, s.ended, s.pieces} {
		lines, err := look(ctx, sc)
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			out[l.UserID] = append(out[l.UserID], l)
		}
	}
	return out, nil
}

// errMeanwhile says that another process told the same.
var errMeanwhile = errors.New("told meanwhile")

// tell writes the ledger of one person and asks for their letter of the day; who
// wants no letters has the lines alone.
func (s *Service) tell(ctx context.Context, sc *scene, id accounts.UserID, lines []*line) (made bool, err error) {
	err = s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if open, err := daily.Turn(ctx, tx, id, sc.day); err != nil || !open && !sc.silent[id] {
			return err
		}
		lines, err := untold(ctx, tx, id, sc.day, lines)
		if err != nil || len(lines) == 0 {
			return err
		}
		shorten(lines)
		letter := &Letter{UserID: id, Day: sc.day, MadeAt: sc.now}
		if !sc.silent[id] {
			if err := insertLetter(ctx, tx, letter); err != nil {
				return err
			}
		}
		fresh, err := insertLines(ctx, tx, lines, letter.ID, sc.now)
		if err != nil {
			return err
		}
		if fresh == 0 {
			return errMeanwhile
		}
		if made = letter.ID != 0; !made {
			return nil
		}
		if err := note(ctx, tx, id, lines); err != nil {
			return err
		}
		return s.Leave(ctx, tx, id, SendLetter{ID: letter.ID})
	})
	if errors.Is(err, errMeanwhile) {
		return false, nil
	}
	return made && err == nil, err
}

// namedMost is how many lines of a subject a letter says in words.
const namedMost = 12

// shorten names the most urgent lines of each subject and counts the others. What
// was passed over stays so. A rung is told by enterprise: all of them are named.
func shorten(lines []*line) {
	slices.SortStableFunc(lines, func(a, b *line) int { return soonest(a.deadline, b.deadline) })
	named := map[Subject]int{}
	for _, l := range lines {
		if l.How == Passed || l.Subject == OfRung {
			continue
		}
		if named[l.Subject]++; named[l.Subject] > namedMost {
			l.How = Counted
		}
	}
}

// soonest puts the soonest instant first, and none last.
func soonest(a, b *time.Time) int {
	switch {
	case a != nil && b != nil:
		return a.Compare(*b)
	case a != nil:
		return -1
	case b != nil:
		return 1
	}
	return 0
}
