package people

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/nomenclatures"
)

// Filter chooses the journeys of one structure; an empty field does not filter.
type Filter struct {
	Organisation int64 // required
	Counsellor   int64 // user
	Unassigned   bool  // those that nobody accompanies yet
	States       []State
	Wished       nomenclatures.ROME // an occupation wished
	Text         string             // part of the code or of the structure's own number, nothing else
}

// Request asks for one page. After is the Next of the page before.
type Request struct {
	After string
	Limit int // default 20, at most 200
}

// Page is one page of a list; Next is empty on the last one.
type Page struct {
	Items []*Person
	Next  string
}

// List gives one page of a structure's journeys, in the order in which they
// were made.
func (s *Service) List(ctx context.Context, f Filter, r Request) (Page, error) {
	if err := accounts.Allow(accounts.From(ctx), accounts.PersonList, accounts.Of(f.Organisation)); err != nil {
		return Page{}, err
	}
	if r.Limit <= 0 {
		r.Limit = 20
	}
	r.Limit = min(r.Limit, 200)
	after, err := place(r.After)
	if err != nil {
		return Page{}, err
	}
	page := Page{Items: []*Person{}}
	err = s.each(ctx, f, after, func(p *Person) bool {
		if len(page.Items) == r.Limit {
			page.Next = mark(page.Items[r.Limit-1].ID)
			return false
		}
		page.Items = append(page.Items, p)
		return true
	})
	return page, err
}

// Counts counts a structure's journeys by state.
func (s *Service) Counts(ctx context.Context, organisation int64) (map[State]int, error) {
	if err := accounts.Allow(accounts.From(ctx), accounts.PersonList, accounts.Of(organisation)); err != nil {
		return nil, err
	}
	var rows []struct {
		State State `bun:"state"`
		N     int   `bun:"n"`
	}
	err := s.store.Read().NewRaw("/* people.Counts */ SELECT state, count(*) AS n FROM people WHERE organisation_id = ? GROUP BY state ORDER BY state", organisation).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("count the journeys of organisation %d: %w", organisation, err)
	}
	out := map[State]int{}
	for _, r := range rows {
		out[r.State] = r.N
	}
	return out, nil
}

// each reads the chosen journeys until fn is false. What a person wishes is in
// its profile, which is not in the database's power: a structure has hundreds
// of journeys, so they are read and looked at.
func (s *Service) each(ctx context.Context, f Filter, after ID, fn func(*Person) bool) error {
	for {
		var rows []*Person
		err := f.where(s.store.Read().NewSelect().Model(&rows).Comment("people.List")).
			Where("pe.id > ?", after).Order("pe.id").Limit(chunk).Scan(ctx)
		if err != nil {
			return fmt.Errorf("list people: %w", err)
		}
		for _, p := range rows {
			if f.wished(p) && !fn(p) {
				return nil
			}
		}
		if len(rows) < chunk {
			return nil
		}
		after = rows[len(rows)-1].ID
	}
}

func (f Filter) where(q *bun.SelectQuery) *bun.SelectQuery {
	q = q.Where("pe.organisation_id = ?", f.Organisation)
	if f.Counsellor != 0 {
		q = q.Where("pe.counsellor_id = ?", f.Counsellor)
	}
	if f.Unassigned {
		q = q.Where("pe.counsellor_id IS NULL")
	}
	if len(f.States) > 0 {
		q = q.Where("pe.state IN (?)", bun.List(f.States))
	}
	if text := strings.TrimSpace(f.Text); text != "" {
		like := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(strings.ToLower(text)) + "%"
		q = q.Where(`(lower(pe.code) LIKE ? ESCAPE '\' OR lower(pe.key) LIKE ? ESCAPE '\')`, like, like)
	}
	return q
}

func (f Filter) wished(p *Person) bool {
	return f.Wished == "" || slices.ContainsFunc(p.Profile.Wished, func(w Wish) bool { return w.ROME == f.Wished })
}

func mark(id ID) string {
	return base64.RawURLEncoding.EncodeToString([]byte("p" + strconv.FormatInt(int64(id), 36)))
}

func place(text string) (ID, error) {
	if text == "" {
		return 0, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(text)
	number, ok := strings.CutPrefix(string(b), "p")
	n, bad := strconv.ParseInt(number, 36, 64)
	if err != nil || bad != nil || !ok || n <= 0 {
		return 0, fault.Invalid(fault.At("after", "cursor", "Cette page n’existe pas.", "There is no such page."))
	}
	return ID(n), nil
}
