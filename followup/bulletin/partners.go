package bulletin

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"maillage/accounts"
	"maillage/followup/bounces"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/territories"
)

// Request is what somebody asks to read, or an officer for them.
type Request struct {
	Email     string
	Lang      string
	Territory string // in words or as an expression; empty: the whole country
	Reason    string // of an officer, who adds them
}

// askAgain is how long a request waits before another letter may ask to confirm it:
// nobody fills a stranger's mailbox with it.
const askAgain = 24 * time.Hour

// linkLasts is how long the link that confirms lasts.
const linkLasts = 7 * 24 * time.Hour

// Subscribe asks to read the letter of an association: a letter goes to the address,
// whose link confirms it. It says nothing of who reads already.
func (s *Service) Subscribe(ctx context.Context, organisation int64, r Request) error {
	if err := accounts.Permits(accounts.From(ctx), accounts.BulletinSubscribe); err != nil {
		return err
	}
	r.Reason = ""
	p, err := s.partner(organisation, r)
	if err != nil {
		return err
	}
	known, err := sends(ctx, s.Store.Read(), organisation)
	if err != nil {
		return err
	}
	if !known {
		return fault.Invalid(fault.At("organisation", "choice", "Choisissez une association de la liste.", "Choose an association of the list."))
	}
	err = s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		had, err := samePartner(ctx, tx, p)
		if err != nil || had.Reads() || had.AskedAt.After(s.now().Add(-askAgain)) {
			return err
		}
		p.ID = had.ID
		if err := keepPartner(ctx, tx, p); err != nil {
			return err
		}
		return tx.Enqueue(ctx, SendConfirm{p.ID})
	})
	if err != nil {
		return fmt.Errorf("ask for a letter: %w", err)
	}
	return nil
}

// Add makes somebody a reader of the letter of one's own association, for a reason that
// is kept: they asked by another way, they are of a convention… They end it themselves.
func (s *Service) Add(ctx context.Context, r Request) error {
	me := accounts.From(ctx)
	if err := accounts.Allow(me, accounts.BulletinDecide, accounts.Of(me.OrganisationID)); err != nil {
		return err
	}
	if me.OrganisationID == 0 {
		return fault.Conflict("no-association", "Votre compte n’est rattaché à aucune association : ses lectrices et lecteurs sont ajoutés par l’un de ses comptes.", "Your account belongs to no association: its readers are added by one of its accounts.")
	}
	p, err := s.partner(me.OrganisationID, r)
	if n := utf8.RuneCountInString(p.Reason); n < 3 || n > 300 {
		why := fault.At("reason", "length", "Dites pourquoi, en 3 à 300 caractères.", "Say why, in 3 to 300 characters.")
		if err != nil {
			return fault.Invalid(append(fault.Of(err).Fields, why)...)
		}
		return fault.Invalid(why)
	}
	if err != nil {
		return err
	}
	p.AddedBy, p.ConfirmedAt = me.Actor(), s.now()
	err = s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		had, err := samePartner(ctx, tx, p)
		if err != nil || had.Reads() {
			return err
		}
		if !had.EndedAt.IsZero() {
			return fault.Conflict("partner-ended", "Cette personne a mis fin à la lettre : elle seule peut la redemander.", "This person ended the letter: they alone can ask for it again.")
		}
		p.ID = had.ID
		if err := keepPartner(ctx, tx, p); err != nil {
			return err
		}
		return accounts.Audit(ctx, tx, accounts.Entry{At: s.now(), Action: accounts.BulletinDecide, Entity: "partner", EntityID: int64(p.ID), Fields: []string{"added"}})
	})
	if err != nil {
		return fmt.Errorf("add a reader: %w", err)
	}
	return nil
}

// partner reads a request.
func (s *Service) partner(organisation int64, r Request) (*Partner, error) {
	p := &Partner{OrganisationID: organisation, Lang: "fr", Reason: strings.TrimSpace(r.Reason), AskedAt: s.now()}
	if strings.HasPrefix(r.Lang, "en") {
		p.Lang = "en"
	}
	var faults fault.List
	email, err := accounts.ParseEmail(r.Email)
	faults.At(err != nil, "email", "email", "Une adresse comme prenom@structure.fr.", "An address such as name@enterprise.org.")
	p.Email, p.EmailFolded = string(email), email.Folded()
	if text := strings.TrimSpace(r.Territory); text != "" {
		var e territories.Expr
		e, err = s.Atlas.ParsePerimeter(text)
		faults.At(err != nil, "territory", "perimeter", "Ce territoire n’est pas compris.", "This territory is not understood.")
		if err == nil {
			p.Territory = e.String()
		}
	}
	return p, faults.Err()
}

// Remove ends the letters of a reader of one's own association. Again changes nothing.
func (s *Service) Remove(ctx context.Context, id PartnerID) error {
	return s.onReader(ctx, id, "removed", func(ctx context.Context, tx store.Tx, p *Partner) (bool, error) {
		return true, forgetPartner(ctx, tx, p.ID)
	})
}

// Resume says that the address of a reader of one's own association works again: letters
// go to it from then on. Again changes nothing.
func (s *Service) Resume(ctx context.Context, id PartnerID) error {
	return s.onReader(ctx, id, "resumed", func(ctx context.Context, tx store.Tx, p *Partner) (bool, error) {
		return bounces.Resume(ctx, tx, p.EmailFolded)
	})
}

// onReader does something to a reader of one's own association, with its row in the trail
// where something changed.
func (s *Service) onReader(ctx context.Context, id PartnerID, what string, do func(context.Context, store.Tx, *Partner) (bool, error)) error {
	p, err := partnerBy(ctx, s.Store.Read(), "bp.id = ?", id)
	if err != nil {
		return err
	}
	if err := accounts.Allow(accounts.From(ctx), accounts.BulletinDecide, accounts.Of(p.OrganisationID)); err != nil {
		return err
	}
	err = s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		changed, err := do(ctx, tx, p)
		if err != nil || !changed {
			return err
		}
		return accounts.Audit(ctx, tx, accounts.Entry{At: s.now(), Action: accounts.BulletinDecide, Entity: "partner", EntityID: int64(id), Fields: []string{what}})
	})
	if err != nil {
		return fmt.Errorf("change reader %d: %w", id, err)
	}
	return nil
}

// Readers lists the partners of one's own association, those that wait to confirm too.
func (s *Service) Readers(ctx context.Context) ([]Reader, error) {
	me := accounts.From(ctx)
	if err := accounts.Allow(me, accounts.BulletinRead, accounts.Of(me.OrganisationID)); err != nil {
		return nil, err
	}
	return partnersOf(ctx, s.Store.Read(), me.OrganisationID)
}

// Sender is an association whose letter partners may read.
type Sender struct {
	ID   int64  `bun:"id"`
	Name string `bun:"name"`
}

// Senders lists the associations whose letter may be asked for, by name.
func (s *Service) Senders(ctx context.Context) ([]Sender, error) { return senders(ctx, s.Store.Read()) }

// SendConfirm asks for the letter whose link confirms a request.
type SendConfirm struct {
	ID PartnerID `json:"id"`
}

// Kind names the job.
func (SendConfirm) Kind() string { return "bulletin.confirm" }

// JobOptions puts them first: somebody is waiting.
func (SendConfirm) JobOptions() store.Options { return store.Options{Priority: 1, Attempts: 12} }

// DeliverConfirm writes and sends the letter whose link confirms a request; the link of
// one sent before stops working.
func (s *Service) DeliverConfirm(ctx context.Context, job SendConfirm) error {
	if s.Mail == nil || s.Words == nil {
		return errors.New("deliver a request to confirm: no way to write and send mail was given")
	}
	p, err := partnerBy(ctx, s.Store.Read(), "bp.id = ?", job.ID)
	if err != nil || p.Reads() {
		return gone(err)
	}
	secret, err := accounts.NewSecret(rand.Reader)
	if err != nil {
		return err
	}
	p.Link = accounts.SecretDigest(secret)
	if err := s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error { return keepPartner(ctx, tx, p) }); err != nil {
		return err
	}
	from, err := s.called(ctx, p.OrganisationID)
	if err != nil {
		return err
	}
	m, err := s.Words.Confirm(p.Lang, from, secret).Message(p.Email, "")
	if err != nil {
		return err
	}
	m.Key = "bulletin-confirm-" + strconv.FormatInt(int64(p.ID), 10) + "-" + strconv.FormatInt(p.AskedAt.UnixMicro(), 10)
	if err := s.Mail.Send(ctx, m); err != nil {
		return fmt.Errorf("deliver the request of partner %d: %w", p.ID, err)
	}
	return nil
}

// Asked tells which association the secret of a request would have read; fault.NotFound
// where it is none, or too old.
func (s *Service) Asked(ctx context.Context, secret string) (string, error) {
	p, err := s.asked(ctx, secret)
	if err != nil {
		return "", err
	}
	return s.called(ctx, p.OrganisationID)
}

func (s *Service) asked(ctx context.Context, secret string) (*Partner, error) {
	p, err := partnerBy(ctx, s.Store.Read(), "bp.link = ?", accounts.SecretDigest(secret))
	if err == nil && p.AskedAt.Before(s.now().Add(-linkLasts)) {
		return nil, fault.NotFound("request", "link")
	}
	return p, err
}

// Confirm makes a reader of who asked, by the secret sent to the address. Again changes
// nothing.
func (s *Service) Confirm(ctx context.Context, secret string) error {
	if err := accounts.Permits(accounts.From(ctx), accounts.BulletinSubscribe); err != nil {
		return err
	}
	p, err := s.asked(ctx, secret)
	if err != nil || p.Reads() {
		return err
	}
	p.ConfirmedAt, p.EndedAt = s.now(), time.Time{}
	err = s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := keepPartner(ctx, tx, p); err != nil {
			return err
		}
		return accounts.Audit(ctx, tx, accounts.Entry{At: s.now(), Action: accounts.BulletinSubscribe, Entity: "partner", EntityID: int64(p.ID), Fields: []string{"confirmed"}})
	})
	if err != nil {
		return fmt.Errorf("confirm a request: %w", err)
	}
	return nil
}
