package accounts

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"maillage/internal/fault"
	"maillage/internal/store"
)

// User is somebody who may come in.
type User struct {
	bun.BaseModel  `bun:"table:users,alias:u"`
	ID             UserID    `bun:"id,pk,autoincrement"`
	Email          Email     `bun:"email"`
	EmailFolded    string    `bun:"email_folded"`
	Name           string    `bun:"name"`
	Role           Role      `bun:"role"`
	Lang           string    `bun:"lang"`
	OrganisationID int64     `bun:"organisation_id"` // 0 is none
	Perimeter      string    `bun:"perimeter"`       // canonical expression; "" is none
	Password       string    `bun:"password"`        // argon2id in PHC form; "" is none yet
	Revision       int64     `bun:"revision"`
	CreatedAt      time.Time `bun:"created_at"`
	UpdatedAt      time.Time `bun:"updated_at"`
	SignedInAt     time.Time `bun:"signed_in_at,nullzero"`
	DisabledAt     time.Time `bun:"disabled_at,nullzero"`
}

// Standing is what an administrator decides about somebody.
type Standing struct {
	Role           Role
	OrganisationID int64
	Perimeter      string // expression; canonical once checked
}

// UserFilter narrows the list of users. The zero value lists all.
type UserFilter struct {
	Role           Role
	OrganisationID int64
	Text           string // part of a name or an address
	After          UserID // keyset: the last seen
	Limit          int    // default and most 200
}

// User reads one account: one's own, or anybody's for an administrator.
func (s *Service) User(ctx context.Context, id UserID) (User, error) {
	if Allow(From(ctx), AccountSelf, OfUser(id)) != nil {
		if err := Allow(From(ctx), AccountList, OfUser(id)); err != nil {
			return User{}, err
		}
	}
	return userByID(ctx, s.st.Read(), id)
}

// Users lists accounts by number.
func (s *Service) Users(ctx context.Context, f UserFilter) ([]User, error) {
	if err := Allow(From(ctx), AccountList, Scope{}); err != nil {
		return nil, err
	}
	f.Limit = bounded(f.Limit)
	return users(ctx, s.st.Read(), f)
}

// SetStanding changes what somebody is; revision is the one the caller read, 0 for any.
func (s *Service) SetStanding(ctx context.Context, id UserID, revision int64, st Standing) (User, error) {
	if err := Allow(From(ctx), AccountEdit, OfUser(id)); err != nil {
		return User{}, err
	}
	st, err := s.checked(st)
	if err != nil {
		return User{}, err
	}
	return s.change(ctx, id, revision, AccountEdit, func(ctx context.Context, tx store.Tx, u *User) ([]string, error) {
		if err := s.thawed(u.Email); err != nil {
			return nil, err
		}
		if st.Role == Counsellor && (u.Role != Counsellor || u.OrganisationID != st.OrganisationID) && From(ctx).Role != System {
			return nil, fault.Conflict("by-invitation", "Un compte de conseiller·ère s’ouvre par une invitation de sa structure.", "A counsellor's account opens by an invitation of its structure.")
		}
		if u.Role == Admin && st.Role != Admin {
			if err := anotherAdmin(ctx, tx, id); err != nil {
				return nil, err
			}
		}
		fields := differing("role", u.Role != st.Role, "organisation", u.OrganisationID != st.OrganisationID,
			"perimeter", u.Perimeter != st.Perimeter)
		u.Role, u.OrganisationID, u.Perimeter = st.Role, st.OrganisationID, st.Perimeter
		return fields, nil
	})
}

// SetProfile changes one's own name and language.
func (s *Service) SetProfile(ctx context.Context, revision int64, name, lang string) (User, error) {
	me := From(ctx)
	if err := Allow(me, AccountChange, OfUser(me.UserID)); err != nil {
		return User{}, err
	}
	name, err := parseName(name)
	if err != nil {
		return User{}, err
	}
	lang = parseLang(lang)
	return s.change(ctx, me.UserID, revision, AccountChange, func(_ context.Context, _ store.Tx, u *User) ([]string, error) {
		fields := differing("name", u.Name != name, "lang", u.Lang != lang)
		u.Name, u.Lang = name, lang
		return fields, nil
	})
}

// Disable shuts an account: its sessions end, its tokens and links stop. Enable opens it again.
func (s *Service) Disable(ctx context.Context, id UserID, revision int64) (User, error) {
	if err := Allow(From(ctx), AccountEdit, OfUser(id)); err != nil {
		return User{}, err
	}
	return s.change(ctx, id, revision, AccountEdit, func(ctx context.Context, tx store.Tx, u *User) ([]string, error) {
		if !u.DisabledAt.IsZero() {
			return nil, nil
		}
		if err := s.thawed(u.Email); err != nil {
			return nil, err
		}
		if u.Role == Admin {
			if err := anotherAdmin(ctx, tx, id); err != nil {
				return nil, err
			}
		}
		u.DisabledAt = s.now()
		return []string{"disabled"}, endSessions(ctx, tx, id, 0)
	})
}

// Enable opens a disabled account again.
func (s *Service) Enable(ctx context.Context, id UserID, revision int64) (User, error) {
	if err := Allow(From(ctx), AccountEdit, OfUser(id)); err != nil {
		return User{}, err
	}
	return s.change(ctx, id, revision, AccountEdit, func(_ context.Context, _ store.Tx, u *User) ([]string, error) {
		was := !u.DisabledAt.IsZero()
		u.DisabledAt = time.Time{}
		return differing("disabled", was), nil
	})
}

type edit func(ctx context.Context, tx store.Tx, u *User) (changed []string, err error)

// change reads a user, edits it and writes it with its audit entry, in one transaction.
func (s *Service) change(ctx context.Context, id UserID, revision int64, a Action, fn edit) (User, error) {
	var u User
	err := s.st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		var err error
		if u, err = userByID(ctx, tx, id); err != nil {
			return err
		}
		if revision != 0 && u.Revision != revision {
			return fault.Stale()
		}
		fields, err := fn(ctx, tx, &u)
		if err != nil || len(fields) == 0 {
			return err
		}
		u.UpdatedAt = s.now()
		if err := saveUser(ctx, tx, &u); err != nil {
			return err
		}
		return Audit(ctx, tx, Entry{At: u.UpdatedAt, Action: a, Entity: "user", EntityID: int64(id), Fields: fields})
	})
	if err != nil {
		return User{}, fmt.Errorf("change user %d: %w", id, err)
	}
	return u, nil
}

// checked refuses a standing that means nothing: a member of no enterprise, an officer of nowhere.
func (s *Service) checked(st Standing) (Standing, error) {
	if _, err := ParseRole(string(st.Role)); err != nil {
		return st, err
	}
	if st.Role.NeedsOrganisation() && st.OrganisationID <= 0 {
		return st, fault.Invalid(fault.At("organisation", "required",
			"Indiquez l’organisation de cette personne.", "Say which organisation this person belongs to."))
	}
	if st.Role != Officer {
		st.Perimeter = ""
		return st, nil
	}
	if st.Perimeter == "" {
		return st, fault.Invalid(fault.At("perimeter", "required",
			"Indiquez le périmètre suivi par cette personne.", "Say which perimeter this person looks after."))
	}
	canonical, _, err := s.perimeter(st.Perimeter)
	st.Perimeter = canonical
	return st, err
}

func parseName(s string) (string, error) {
	s = strings.Join(strings.Fields(s), " ")
	if s == "" || utf8.RuneCountInString(s) > 120 {
		return "", fault.Invalid(fault.At("name", "required", "Indiquez votre nom (120 caractères au plus).", "Give your name (120 characters at most)."))
	}
	return s, nil
}

func parseLang(s string) string {
	if strings.HasPrefix(s, "en") {
		return "en"
	}
	return "fr"
}

// differing takes names and whether each changed, and keeps those that did.
func differing(pairs ...any) []string {
	var out []string
	for p := range slices.Chunk(pairs, 2) {
		if p[1].(bool) {
			out = append(out, p[0].(string))
		}
	}
	return out
}

func bounded(limit int) int {
	if limit <= 0 || limit > 200 {
		return 200
	}
	return limit
}
