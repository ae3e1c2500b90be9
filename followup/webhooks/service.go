package webhooks

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/mail"
	"maillage/internal/store"
	"maillage/network"
	"maillage/opportunities"
	"maillage/territories"
)

// Poster hands bodies to addresses.
type Poster interface {
	// Check reads an address as it is typed, without asking anybody.
	Check(text string) (string, error)
	// Post gives the status of the answer; an error where there is none.
	Post(ctx context.Context, address string, headers map[string]string, body []byte) (int, error)
}

// Config is what the service needs. Now defaults to time.Now. Mail and Words are
// for the process that writes letters.
type Config struct {
	Store         *store.Store
	Atlas         *territories.Atlas
	Now           func() time.Time
	Network       *network.Service
	Opportunities *opportunities.Service
	Poster        Poster
	Site          string // public address, which those in messages begin with
	Mail          mail.Sender
	Words         Writer
}

// Service holds the use cases of webhooks. Each write is one transaction, and
// every one may run twice.
type Service struct {
	cfg   Config
	store *store.Store
}

// NewService makes a service over the nouns given.
func NewService(cfg Config) *Service {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	cfg.Site = strings.TrimRight(cfg.Site, "/")
	return &Service{cfg: cfg, store: cfg.Store}
}

func (s *Service) now() time.Time { return s.cfg.Now().UTC().Truncate(time.Microsecond) }

// The bounds of one account, and how long a secret that was replaced still signs.
const (
	most      = 10
	oldSecret = 24 * time.Hour
)

// Wish is what somebody asks of an address.
type Wish struct {
	Name   string
	URL    string
	Events []Type
}

// Register keeps an address of who asks and gives its secret, this once. Faults
// are located: name, url, events.
func (s *Service) Register(ctx context.Context, wish Wish) (*Webhook, error) {
	now := s.now()
	w := &Webhook{UserID: accounts.From(ctx).UserID, Since: now, ToldUntil: now, Revision: 1, CreatedAt: now, UpdatedAt: now}
	if err := s.take(w, wish); err != nil {
		return nil, err
	}
	var err error
	if w.Secret, err = newSecret(rand.Reader); err != nil {
		return nil, err
	}
	return w, s.edit(ctx, "created", func(ctx context.Context, tx store.Tx) (ID, error) {
		n, err := count(ctx, tx, w.UserID)
		if err != nil {
			return 0, err
		}
		if n >= most {
			return 0, fault.Conflict("too-many-webhooks", "Vous avez déjà 10 adresses : supprimez-en une.", "You already have 10 addresses: delete one.")
		}
		err = insert(ctx, tx, w)
		return w.ID, err
	})
}

// take writes a wish, or says what is wrong with it.
func (s *Service) take(w *Webhook, wish Wish) error {
	var faults fault.List
	w.Name = strings.Join(strings.Fields(wish.Name), " ")
	n := utf8.RuneCountInString(w.Name)
	faults.At(n == 0 || n > 120, "name", "length", "Donnez un nom de 1 à 120 caractères.", "Give a name of 1 to 120 characters.")
	var err error
	w.URL, err = s.cfg.Poster.Check(wish.URL)
	faults.At(err != nil, "url", "address", "Une adresse publique en https, sans nom d’utilisateur ni mot de passe.", "A public address in https, without user name nor password.")
	var chosen []string
	for _, t := range Types() {
		if slices.Contains(wish.Events, t) {
			chosen = append(chosen, string(t))
		}
	}
	unknown := slices.ContainsFunc(wish.Events, func(t Type) bool { return !slices.Contains(Types(), t) })
	faults.At(len(chosen) == 0 || unknown, "events", "choice", "Choisissez au moins un événement de la liste.", "Choose at least one event of the list.")
	w.EventList = strings.Join(chosen, " ")
	return faults.Err()
}

// Change writes what an address is called, where it is and of what it is told.
func (s *Service) Change(ctx context.Context, id ID, revision int64, wish Wish) (*Webhook, error) {
	return s.change(ctx, id, revision, "changed", func(ctx context.Context, tx store.Tx, w *Webhook) error {
		if err := s.take(w, wish); err != nil {
			return err
		}
		return free(ctx, tx, w)
	})
}

// Rotate draws another secret and gives it, this once; those before sign too for a
// day, so that nothing is missed while the program learns the new one, nor where
// an answer was lost and another secret is drawn.
func (s *Service) Rotate(ctx context.Context, id ID) (*Webhook, error) {
	return s.change(ctx, id, 0, "secret", func(_ context.Context, _ store.Tx, w *Webhook) (err error) {
		w.OldSecrets, w.OldUntil = strings.Join(w.secrets(s.now()), " "), s.now().Add(oldSecret)
		w.Secret, err = newSecret(rand.Reader)
		return err
	})
}

// Switch turns an address on or off. What happened while it was off is not told.
func (s *Service) Switch(ctx context.Context, id ID, on bool) (*Webhook, error) {
	return s.change(ctx, id, 0, "off", func(_ context.Context, _ store.Tx, w *Webhook) error {
		switch {
		case on && w.Off != On:
			w.Off, w.OffAt, w.FailingSince = On, time.Time{}, time.Time{}
			w.Since, w.ToldUntil = s.now(), s.now()
		case !on && w.Off == On:
			w.Off, w.OffAt = ByOwner, s.now()
		}
		return nil
	})
}

func (s *Service) change(ctx context.Context, id ID, revision int64, field string, fn func(context.Context, store.Tx, *Webhook) error) (w *Webhook, err error) {
	return w, s.edit(ctx, field, func(ctx context.Context, tx store.Tx) (ID, error) {
		if w, err = hold(ctx, tx, id); err != nil {
			return id, err
		}
		if w.UserID != accounts.From(ctx).UserID {
			return id, fault.NotFound("webhook", id)
		}
		if revision != 0 && revision != w.Revision {
			return id, fault.Stale()
		}
		if err := fn(ctx, tx, w); err != nil {
			return id, err
		}
		w.Revision, w.UpdatedAt = w.Revision+1, s.now()
		return id, save(ctx, tx, w)
	})
}

// Delete forgets an address and what it was told.
func (s *Service) Delete(ctx context.Context, id ID) error {
	return s.edit(ctx, "deleted", func(ctx context.Context, tx store.Tx) (ID, error) {
		if _, err := mine(ctx, tx, id); err != nil {
			return id, err
		}
		return id, remove(ctx, tx, id)
	})
}

// Try sends a message that tells nothing, so that its owner sees whether the
// address works. One that is off has nothing sent.
func (s *Service) Try(ctx context.Context, id ID) error {
	return s.edit(ctx, "tested", func(ctx context.Context, tx store.Tx) (ID, error) {
		w, err := mine(ctx, tx, id)
		if err != nil {
			return id, err
		}
		if w.Off != On {
			return id, isOff()
		}
		m, err := s.message(w, news{Type: Test, Subject: OfTest, ID: int64(w.ID), Revision: s.now().UnixMicro(), At: s.now(), Data: data{}})
		if err != nil {
			return id, err
		}
		_, err = s.queue(ctx, tx, m)
		return id, err
	})
}

// Resend sends a message again that was not taken, from the first attempt on.
func (s *Service) Resend(ctx context.Context, id ID, message MessageID) error {
	return s.edit(ctx, "sent again", func(ctx context.Context, tx store.Tx) (ID, error) {
		w, err := mine(ctx, tx, id)
		if err != nil {
			return id, err
		}
		if w.Off != On {
			return id, isOff()
		}
		m, err := messageBy(ctx, tx, message)
		if err != nil {
			return id, err
		}
		if m.WebhookID != id {
			return id, fault.NotFound("message", message)
		}
		if m.State != Failed && m.State != Dropped {
			return id, nil // taken, or on its way
		}
		if err := settle(ctx, tx, m.ID, Pending, time.Time{}); err != nil {
			return id, err
		}
		return id, tx.Enqueue(ctx, Deliver{m.ID})
	})
}

func isOff() error {
	return fault.Conflict("webhook-off", "Cette adresse est désactivée : réactivez-la d’abord.", "This address is off: turn it on first.")
}

// edit is a gesture on one's own addresses, with its row in the trail.
func (s *Service) edit(ctx context.Context, field string, fn func(context.Context, store.Tx) (ID, error)) error {
	me := accounts.From(ctx)
	if err := accounts.Allow(me, accounts.WebhookEdit, accounts.OfUser(me.UserID)); err != nil {
		return err
	}
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		id, err := fn(ctx, tx)
		if err != nil {
			return err
		}
		return accounts.Audit(ctx, tx, accounts.Entry{At: s.now(), Action: accounts.WebhookEdit, Entity: "webhook", EntityID: int64(id), Fields: []string{field}})
	})
	if err != nil {
		return fmt.Errorf("change webhooks: %w", err)
	}
	return nil
}

// List gives the addresses of who asks, by name.
func (s *Service) List(ctx context.Context) ([]Webhook, error) {
	me := accounts.From(ctx)
	if err := accounts.Allow(me, accounts.WebhookRead, accounts.OfUser(me.UserID)); err != nil {
		return nil, err
	}
	return of(ctx, s.store.Read(), me.UserID)
}

// Get reads an address of who asks; another's is not there.
func (s *Service) Get(ctx context.Context, id ID) (*Webhook, error) {
	me := accounts.From(ctx)
	if err := accounts.Allow(me, accounts.WebhookRead, accounts.OfUser(me.UserID)); err != nil {
		return nil, err
	}
	return mine(ctx, s.store.Read(), id)
}

// Messages lists what an address of who asks was told, the latest first, each with
// its attempts. before is the number of the last one seen, 0 for none.
func (s *Service) Messages(ctx context.Context, id ID, before MessageID, limit int) ([]Message, error) {
	if _, err := s.Get(ctx, id); err != nil {
		return nil, err
	}
	return messagesOf(ctx, s.store.Read(), id, before, max(1, min(limit, 200)))
}
