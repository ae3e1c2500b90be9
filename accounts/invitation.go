package accounts

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"maillage/internal/fault"
	"maillage/internal/store"
)

// invitationLife is how long a link works once its letter is written.
const invitationLife = 14 * 24 * time.Hour

// Invitation is a place kept for somebody, with what they will be.
type Invitation struct {
	bun.BaseModel  `bun:"table:invitations,alias:i"`
	ID             int64     `bun:"id,pk,autoincrement"`
	Email          Email     `bun:"email"` // "" only for the first administrator, who gives it on accepting
	EmailFolded    string    `bun:"email_folded"`
	Role           Role      `bun:"role"`
	OrganisationID int64     `bun:"organisation_id"`
	SIRET          string    `bun:"siret"` // of the enterprise being claimed; shown, not checked here
	Perimeter      string    `bun:"perimeter"`
	Lang           string    `bun:"lang"`
	InvitedBy      UserID    `bun:"invited_by"`
	Digest         string    `bun:"digest,nullzero"` // of the link's secret; null until a letter is written
	CreatedAt      time.Time `bun:"created_at"`
	ExpiresAt      time.Time `bun:"expires_at"`
	SentAt         time.Time `bun:"sent_at,nullzero"`
	AcceptedAt     time.Time `bun:"accepted_at,nullzero"`
	WithdrawnAt    time.Time `bun:"withdrawn_at,nullzero"`
	UserID         UserID    `bun:"user_id,nullzero"` // who accepted

	Alone           bool      `bun:"alone"` // it rests on the word of an officer: see countersign.go
	CountersignedAt time.Time `bun:"countersigned_at,nullzero"`
	CountersignedBy UserID    `bun:"countersigned_by,nullzero"`
}

// Invite is whom to invite as what.
type Invite struct {
	Email          string
	Role           Role
	OrganisationID int64
	SIRET          string
	Contact        string // the organisation's own address: where its first counsellor may be invited
	Perimeter      string
	Lang           string
}

// Acceptance is what the invited person answers with.
type Acceptance struct {
	Secret   string // of the link
	Email    string // the first administrator's; ignored otherwise
	Name     string
	Password string
	Lang     string
	Client   string
	Device   string
}

func badLink() error {
	return fault.New(fault.KindNotFound, "bad-link",
		"Ce lien n’est plus valable : il a déjà servi, il a expiré ou il a été remplacé. Demandez-en un nouveau.",
		"This link no longer works: it was used, has expired or was replaced. Ask for a new one.")
}

// Invite keeps a place and has the letter sent after the commit. scope is that
// of the organisation invited: an officer invites enterprises of its perimeter,
// and nobody above itself; a structure invites its own counsellors. An earlier pending invitation of the address ends.
func (s *Service) Invite(ctx context.Context, scope Scope, in Invite) (Invitation, error) {
	return s.invite(ctx, scope, in, true)
}

// InviteByLink is Invite without a letter: the caller hands the link over. It
// is for the command line, where no mail server may be known yet.
func (s *Service) InviteByLink(ctx context.Context, scope Scope, in Invite) (Invitation, string, error) {
	row, err := s.invite(ctx, scope, in, false)
	if err != nil {
		return row, "", err
	}
	row, secret, err := s.issueInvitation(ctx, row.ID)
	return row, secret, err
}

func (s *Service) invite(ctx context.Context, scope Scope, in Invite, letter bool) (Invitation, error) {
	row, err := s.invitation(ctx, scope, in)
	if err != nil {
		return row, err
	}
	err = s.st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if _, err := userByEmail(ctx, tx, row.EmailFolded); err == nil {
			return fault.Conflict("already-user", "Cette adresse a déjà un compte.", "This address already has an account.")
		} else if !fault.Is(err, fault.KindNotFound) {
			return err
		}
		if err := firstAlone(ctx, tx, row); err != nil {
			return err
		}
		if err := settleWord(ctx, tx, &row); err != nil {
			return err
		}
		if err := tellStructure(ctx, tx, row); err != nil {
			return err
		}
		if err := withdrawInvitations(ctx, tx, row.EmailFolded, row.CreatedAt); err != nil {
			return err
		}
		if err := insertInvitation(ctx, tx, &row); err != nil {
			return err
		}
		if letter {
			if err := tx.Enqueue(ctx, SendMail{What: LetterInvitation, ID: row.ID}); err != nil {
				return err
			}
		}
		return Audit(ctx, tx, Entry{At: row.CreatedAt, Action: AccountInvite, Entity: "invitation", EntityID: row.ID})
	})
	if err != nil {
		return Invitation{}, fmt.Errorf("invite: %w", err)
	}
	return row, nil
}

func (s *Service) invitation(ctx context.Context, scope Scope, in Invite) (Invitation, error) {
	me := From(ctx)
	if err := Allow(me, AccountInvite, scope); err != nil {
		return Invitation{}, err
	}
	email, err := ParseEmail(in.Email)
	if err != nil {
		return Invitation{}, err
	}
	if err := mayInvite(me, in, email); err != nil {
		return Invitation{}, err
	}
	st, err := s.checked(Standing{Role: in.Role, OrganisationID: in.OrganisationID, Perimeter: in.Perimeter})
	if err != nil {
		return Invitation{}, err
	}
	now := s.now()
	return Invitation{Email: email, EmailFolded: email.Folded(), Role: st.Role, OrganisationID: st.OrganisationID,
		SIRET: in.SIRET, Perimeter: st.Perimeter, Lang: parseLang(in.Lang), InvitedBy: me.UserID,
		CreatedAt: now, ExpiresAt: now.Add(invitationLife)}, nil
}

// Resend has a new letter sent; the link of the earlier one stops when it is written.
func (s *Service) Resend(ctx context.Context, scope Scope, id int64) error {
	return s.settle(ctx, scope, id, "sent again", func(ctx context.Context, tx store.Tx, _ *Invitation) error {
		return tx.Enqueue(ctx, SendMail{What: LetterInvitation, ID: id})
	})
}

// Withdraw ends a pending invitation.
func (s *Service) Withdraw(ctx context.Context, scope Scope, id int64) error {
	return s.settle(ctx, scope, id, "withdrawn", func(ctx context.Context, tx store.Tx, row *Invitation) error {
		row.WithdrawnAt, row.Digest = s.now(), ""
		return saveInvitation(ctx, tx, row)
	})
}

func (s *Service) settle(ctx context.Context, scope Scope, id int64, what string, fn func(context.Context, store.Tx, *Invitation) error) error {
	if err := Allow(From(ctx), AccountInvite, scope); err != nil {
		return err
	}
	err := s.st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		row, err := invitationByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if !row.AcceptedAt.IsZero() || !row.WithdrawnAt.IsZero() {
			return fault.Conflict("invitation-settled", "Cette invitation a déjà été acceptée ou retirée.",
				"This invitation was already accepted or withdrawn.")
		}
		if err := fn(ctx, tx, &row); err != nil {
			return err
		}
		return Audit(ctx, tx, Entry{At: s.now(), Action: AccountInvite, Entity: "invitation", EntityID: id, Fields: []string{what}})
	})
	if err != nil {
		return fmt.Errorf("settle invitation %d: %w", id, err)
	}
	return nil
}

// Invitation reads one, for a door that must know its organisation before Resend or Withdraw.
func (s *Service) Invitation(ctx context.Context, id int64) (Invitation, error) {
	if err := Permits(From(ctx), AccountInvite); err != nil {
		return Invitation{}, err
	}
	return invitationByID(ctx, s.st.Read(), id)
}

// Invitations lists those neither accepted nor withdrawn, newest first;
// organisation 0 is all. before is the keyset.
func (s *Service) Invitations(ctx context.Context, organisation, before int64, limit int) ([]Invitation, error) {
	if err := Allow(From(ctx), AccountList, Scope{}); err != nil {
		return nil, err
	}
	return pendingInvitations(ctx, s.st.Read(), organisation, before, bounded(limit))
}

// issueInvitation draws the link's secret, at the moment of writing the letter.
func (s *Service) issueInvitation(ctx context.Context, id int64) (Invitation, string, error) {
	var row Invitation
	secret, err := NewSecret(s.cfg.Random)
	if err != nil {
		return row, "", err
	}
	err = s.st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if row, err = invitationByID(ctx, tx, id); err != nil {
			return err
		}
		if !row.AcceptedAt.IsZero() || !row.WithdrawnAt.IsZero() {
			return badLink()
		}
		now := s.now()
		row.Digest, row.SentAt, row.ExpiresAt = SecretDigest(secret), now, now.Add(invitationLife)
		return saveInvitation(ctx, tx, &row)
	})
	if err != nil {
		return row, "", fmt.Errorf("issue the link of invitation %d: %w", id, err)
	}
	return row, secret, nil
}

// Invited shows the invitation behind a link, for the page that accepts it.
func (s *Service) Invited(ctx context.Context, secret, client string) (Invitation, error) {
	if wait := s.limits.client.Take(client); wait > 0 {
		return Invitation{}, TooMany(wait)
	}
	if !wellFormed(secret) {
		return Invitation{}, badLink()
	}
	row, err := invitationByDigest(ctx, s.st.Read(), SecretDigest(secret))
	if err != nil {
		return Invitation{}, linkOr(err)
	}
	return row, s.usable(ctx, s.st.Read(), row)
}

// Accept makes the account and opens its first session. The link works once.
func (s *Service) Accept(ctx context.Context, a Acceptance) (Opened, error) {
	row, err := s.Invited(ctx, a.Secret, a.Client)
	if err != nil {
		return Opened{}, err
	}
	u, err := s.newcomer(row, a)
	if err != nil {
		return Opened{}, err
	}
	if u.Password, err = s.hasher.hash(ctx, a.Password); err != nil {
		return Opened{}, fmt.Errorf("accept invitation %d: %w", row.ID, err)
	}
	var o Opened
	err = s.st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		var err error
		o, err = s.admit(ctx, tx, SecretDigest(a.Secret), u, a)
		return err
	})
	if err != nil {
		return Opened{}, fmt.Errorf("accept invitation %d: %w", row.ID, err)
	}
	return o, nil
}

// newcomer checks the whole answer and reports every fault at once.
func (s *Service) newcomer(row Invitation, a Acceptance) (User, error) {
	email := row.Email
	var faults []fault.Field
	note := func(err error) {
		if err != nil {
			faults = append(faults, fault.Of(err).Fields...)
		}
	}
	if email == "" {
		var err error
		email, err = ParseEmail(a.Email)
		note(err)
	}
	name, err := parseName(a.Name)
	note(err)
	note(weakness("password", a.Password, string(email), name))
	if len(faults) > 0 {
		return User{}, fault.Invalid(faults...)
	}
	now := s.now()
	lang := row.Lang
	if a.Lang != "" {
		lang = parseLang(a.Lang)
	}
	return User{Email: email, EmailFolded: email.Folded(), Name: name, Role: row.Role, Lang: lang,
		OrganisationID: row.OrganisationID, Perimeter: row.Perimeter, Revision: 1, CreatedAt: now, UpdatedAt: now}, nil
}

func (s *Service) admit(ctx context.Context, tx store.Tx, linkDigest string, u User, a Acceptance) (Opened, error) {
	row, err := invitationByDigest(ctx, tx, linkDigest) // again, inside: it may have served meanwhile
	if err != nil {
		return Opened{}, linkOr(err)
	}
	if err := s.usable(ctx, tx, row); err != nil {
		return Opened{}, err
	}
	if taken, err := spendInvitation(ctx, tx, row.ID, s.now()); err != nil || !taken {
		return Opened{}, linkOr(err)
	}
	if err := insertUser(ctx, tx, &u); err != nil {
		return Opened{}, err
	}
	if err := nameInvited(ctx, tx, row.ID, u.ID); err != nil {
		return Opened{}, err
	}
	o, err := s.open(ctx, tx, u, Credentials{Device: a.Device})
	if err != nil {
		return Opened{}, err
	}
	return o, Audit(With(ctx, o.Identity), tx, Entry{At: u.CreatedAt, Action: InvitationAccept, Entity: "user", EntityID: int64(u.ID)})
}

// usable refuses a link that has served, expired or been withdrawn, and the
// first administrator's as soon as there is anybody.
func (s *Service) usable(ctx context.Context, db bun.IDB, row Invitation) error {
	if !row.AcceptedAt.IsZero() || !row.WithdrawnAt.IsZero() || !s.now().Before(row.ExpiresAt) {
		return badLink()
	}
	if row.Email != "" {
		return nil
	}
	n, err := countUsers(ctx, db)
	if err != nil {
		return err
	}
	if n > 0 {
		return badLink()
	}
	return nil
}

func linkOr(err error) error {
	if err == nil || fault.Is(err, fault.KindNotFound) {
		return badLink()
	}
	return err
}

// FirstAdminToken draws a secret that lets one person become the first
// administrator; ok is false once anybody has an account. Each process that
// starts on an empty database may print its own: the first to serve ends all.
func (s *Service) FirstAdminToken(ctx context.Context) (secret string, ok bool, err error) {
	if secret, err = NewSecret(s.cfg.Random); err != nil {
		return "", false, err
	}
	err = s.st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		n, err := countUsers(ctx, tx)
		if err != nil || n > 0 {
			return err
		}
		ok = true
		now := s.now()
		row := Invitation{Role: Admin, Lang: "fr", Digest: SecretDigest(secret), CreatedAt: now, SentAt: now, ExpiresAt: now.Add(48 * time.Hour)}
		if err := insertInvitation(ctx, tx, &row); err != nil {
			return err
		}
		return Audit(With(ctx, TheSystem()), tx, Entry{At: now, Action: AccountInvite, Entity: "invitation", EntityID: row.ID})
	})
	if err != nil || !ok {
		return "", false, err
	}
	return secret, true, nil
}

// AddUser makes an account with a password at once. It is for the command line
// and for the demonstration, never for a door: only the system may.
func (s *Service) AddUser(ctx context.Context, in Invite, name, password string) (User, error) {
	if From(ctx).Role != System {
		return User{}, fault.Forbidden()
	}
	row, err := s.invitation(ctx, Scope{}, in)
	if err != nil {
		return User{}, err
	}
	u, err := s.newcomer(row, Acceptance{Name: name, Password: password})
	if err != nil {
		return User{}, err
	}
	if u.Password, err = s.hasher.hash(ctx, password); err != nil {
		return User{}, fmt.Errorf("add a user: %w", err)
	}
	err = s.st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := insertUser(ctx, tx, &u); err != nil {
			return err
		}
		return Audit(ctx, tx, Entry{At: u.CreatedAt, Action: AccountInvite, Entity: "user", EntityID: int64(u.ID)})
	})
	if err != nil {
		return User{}, fmt.Errorf("add a user: %w", err)
	}
	return u, nil
}
