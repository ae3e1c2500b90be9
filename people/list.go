package people

import (
	"context"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

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
	return counts(ctx, s.store.Read(), organisation)
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
