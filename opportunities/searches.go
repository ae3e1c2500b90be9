package opportunities

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/nomenclatures"
	"maillage/territories"
)

// SearchID identifies a saved search.
type SearchID int64

// Frequency is how often the news of a search are written to its owner.
type Frequency string

// The frequencies.
const (
	Daily  Frequency = "daily"
	Weekly Frequency = "weekly" // on Mondays
	Silent Frequency = "off"
)

// Frequencies lists them, the most frequent first.
func Frequencies() []Frequency { return []Frequency{Daily, Weekly, Silent} }

// searchesMost bounds what one person saves.
const searchesMost = 50

// Criteria are what a search keeps of a filter: all but what depends on the day.
type Criteria struct {
	Text         string               `json:"text,omitempty"`
	Codes        []nomenclatures.Code `json:"codes,omitempty"`
	Territory    string               `json:"territory,omitempty"` // canonical expression
	Verdicts     []Verdict            `json:"verdicts,omitempty"`
	Reservations []Reservation        `json:"reservations,omitempty"`
	Kinds        []Kind               `json:"kinds,omitempty"`
}

// CriteriaOf keeps what can be kept of a filter.
func CriteriaOf(f Filter) Criteria {
	c := Criteria{Text: f.Text, Codes: f.Codes, Verdicts: f.Verdicts, Reservations: f.Reservations, Kinds: f.Kinds}
	if !f.Territory.IsNowhere() {
		c.Territory = f.Territory.String()
	}
	return c
}

// Filter is what the criteria choose among what anybody may read, open or not.
func (c Criteria) Filter() (Filter, error) {
	f := Filter{Text: c.Text, Codes: c.Codes, Verdicts: c.Verdicts, Reservations: c.Reservations, Kinds: c.Kinds, Public: true}
	if c.Territory == "" {
		return f, nil
	}
	e, err := territories.ParseExpr([]byte(c.Territory))
	if err != nil {
		return f, fmt.Errorf("read the territory of a search: %w", err)
	}
	f.Territory = e
	return f, nil
}

// Search is a filter that somebody keeps, to be told what is new in it.
type Search struct {
	bun.BaseModel `bun:"table:searches,alias:s"`

	ID        SearchID        `bun:"id,pk,autoincrement"`
	UserID    accounts.UserID `bun:"user_id"`
	Name      string          `bun:"name"`
	Criteria  Criteria        `bun:"criteria"`
	Frequency Frequency       `bun:"frequency"`
	Link      string          `bun:"link,nullzero"` // digest of the secret of its feeds; empty: none
	NewsSince time.Time       `bun:"news_since"`    // what is older is no news of this search
	ToldUntil time.Time       `bun:"told_until"`    // its news were looked for up to here
	CreatedAt time.Time       `bun:"created_at"`
}

// SaveSearch keeps a search of who asks. Faults are located: name, frequency.
func (s *Service) SaveSearch(ctx context.Context, name string, c Criteria, every Frequency) (Search, error) {
	now := s.now()
	row := Search{UserID: accounts.From(ctx).UserID, Name: strings.TrimSpace(name), Criteria: c, Frequency: every, NewsSince: now, ToldUntil: now, CreatedAt: now}
	if err := row.check(); err != nil {
		return row, err
	}
	if _, err := c.Filter(); err != nil {
		return row, fault.Invalid(fault.At("territory", "perimeter", "Ce territoire n’est pas compris.", "This territory is not understood.")).Because(err)
	}
	err := s.ownSearches(ctx, "saved", func(ctx context.Context, tx store.Tx) (SearchID, error) {
		n, err := tx.NewSelect().Model((*Search)(nil)).Comment("opportunities.SaveSearch").Where("s.user_id = ?", row.UserID).Count(ctx)
		if err != nil {
			return 0, err
		}
		if n >= searchesMost {
			return 0, fault.Conflict("too-many-searches", "Vous avez déjà 50 recherches : supprimez-en une.", "You already have 50 searches: delete one.")
		}
		_, err = tx.NewInsert().Model(&row).Comment("opportunities.SaveSearch").Returning("id").Exec(ctx)
		return row.ID, err
	})
	return row, err
}

func (r Search) check() error {
	if n := utf8.RuneCountInString(r.Name); n == 0 || n > 120 {
		return fault.Invalid(fault.At("name", "length", "Donnez un nom de 1 à 120 caractères.", "Give a name of 1 to 120 characters."))
	}
	if !slices.Contains(Frequencies(), r.Frequency) {
		return fault.Invalid(fault.At("frequency", "choice", "Choisissez chaque jour, chaque semaine ou jamais.", "Choose every day, every week or never."))
	}
	return nil
}

// Searches lists those of who asks, by name.
func (s *Service) Searches(ctx context.Context) ([]Search, error) {
	me := accounts.From(ctx)
	if err := accounts.Allow(me, accounts.HomeRead, accounts.OfUser(me.UserID)); err != nil {
		return nil, err
	}
	rows := []Search{}
	err := s.store.Read().NewSelect().Model(&rows).Comment("opportunities.Searches").Where("s.user_id = ?", me.UserID).Order("s.name", "s.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list searches: %w", err)
	}
	return rows, nil
}

// SetSearch renames a search and says how often its news are written. News
// begin again from now when they were off. An empty frequency stays what it is.
func (s *Service) SetSearch(ctx context.Context, id SearchID, name string, every Frequency) error {
	return s.ownSearches(ctx, "changed", func(ctx context.Context, tx store.Tx) (SearchID, error) {
		row, err := mine(ctx, tx, id)
		if err != nil {
			return id, err
		}
		every := Frequency(or(string(every), string(row.Frequency)))
		if row.Frequency == Silent && every != Silent {
			row.NewsSince, row.ToldUntil = s.now(), s.now()
		}
		row.Name, row.Frequency = strings.TrimSpace(name), every
		if err := row.check(); err != nil {
			return id, err
		}
		_, err = tx.NewUpdate().Model(&row).Comment("opportunities.SetSearch").Column("name", "frequency", "news_since", "told_until").WherePK().Exec(ctx)
		return id, err
	})
}

// DeleteSearch forgets a search; its link ends with it.
func (s *Service) DeleteSearch(ctx context.Context, id SearchID) error {
	return s.ownSearches(ctx, "deleted", func(ctx context.Context, tx store.Tx) (SearchID, error) {
		row, err := mine(ctx, tx, id)
		if err != nil {
			return id, err
		}
		_, err = tx.NewDelete().Model(&row).Comment("opportunities.DeleteSearch").WherePK().Exec(ctx)
		return id, err
	})
}

// LinkSearch draws the secret address of the feeds of a search, for programs
// that cannot sign in; the one before stops working. It is given once: the
// database keeps its digest only.
func (s *Service) LinkSearch(ctx context.Context, id SearchID) (secret string, err error) {
	if secret, err = accounts.NewSecret(rand.Reader); err != nil {
		return "", err
	}
	return secret, s.setLink(ctx, id, accounts.SecretDigest(secret))
}

// UnlinkSearch ends the secret address of a search.
func (s *Service) UnlinkSearch(ctx context.Context, id SearchID) error { return s.setLink(ctx, id, "") }

func (s *Service) setLink(ctx context.Context, id SearchID, link string) error {
	return s.ownSearches(ctx, "link", func(ctx context.Context, tx store.Tx) (SearchID, error) {
		row, err := mine(ctx, tx, id)
		if err != nil {
			return id, err
		}
		row.Link = link
		_, err = tx.NewUpdate().Model(&row).Comment("opportunities.setLink").Column("link").WherePK().Exec(ctx)
		return id, err
	})
}

// SearchByLink finds the search that a secret opens, while its owner's account is open.
func (s *Service) SearchByLink(ctx context.Context, secret string) (Search, error) {
	var rows []Search
	err := s.store.Read().NewSelect().Model(&rows).Comment("opportunities.SearchByLink").Where("s.link = ?", accounts.SecretDigest(secret)).
		Where("EXISTS (SELECT 1 FROM users u WHERE u.id = s.user_id AND u.disabled_at IS NULL)").Scan(ctx)
	if err != nil {
		return Search{}, fmt.Errorf("find a search by its link: %w", err)
	}
	if len(rows) == 0 {
		return Search{}, fault.NotFound("search", "link")
	}
	return rows[0], nil
}

// ownSearches runs a change of one's own searches, with its row in the trail.
func (s *Service) ownSearches(ctx context.Context, field string, fn func(context.Context, store.Tx) (SearchID, error)) error {
	me := accounts.From(ctx)
	if err := accounts.Allow(me, accounts.AccountChange, accounts.OfUser(me.UserID)); err != nil {
		return err
	}
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		id, err := fn(ctx, tx)
		if err != nil {
			return err
		}
		return accounts.Audit(ctx, tx, accounts.Entry{At: s.now(), Action: accounts.AccountChange, Entity: "search", EntityID: int64(id), Fields: []string{field}})
	})
	if err != nil {
		return fmt.Errorf("change searches: %w", err)
	}
	return nil
}

// mine reads a search of who asks; another's is not there.
func mine(ctx context.Context, tx store.Tx, id SearchID) (Search, error) {
	var rows []Search
	err := tx.NewSelect().Model(&rows).Comment("opportunities.mine").Where("s.id = ?", id).Where("s.user_id = ?", accounts.From(ctx).UserID).Scan(ctx)
	if err != nil {
		return Search{}, fmt.Errorf("read search %d: %w", id, err)
	}
	if len(rows) == 0 {
		return Search{}, fault.NotFound("search", id)
	}
	return rows[0], nil
}
