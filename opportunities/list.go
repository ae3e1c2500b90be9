package opportunities

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"maillage/internal/fault"
	"maillage/nomenclatures"
	"maillage/territories"
)

// Filter chooses opportunities; an empty field does not filter. All that are
// given must hold; within a list, one is enough.
type Filter struct {
	Text         string               // every word, in the titles, the buyer or the places
	Codes        []nomenclatures.Code // a sector, a CPV, an occupation: one lot at least is close to one of them
	Territory    territories.Expr     // one lot at least lies in part in it; the zero value (nowhere) does not filter
	Verdicts     []Verdict            // of the whole or of a lot
	Reservations []Reservation
	From, To     time.Time // of the deadline, both included
	Kinds        []Kind    // empty: those that enterprises can answer; the others are listed only where they are asked for
	States       []State
	Open         bool // published, not late, and a place is left
	Unfilled     bool // leaves out what has places for people, all of them taken; Open does too
	Public       bool // what anybody may read (Opportunity.Public)
	BuyerID      int64
	PublisherID  int64
	Sources      []string
	// PlaceKnown leaves out, from a filter by territory, what is asked in the
	// whole country or nobody knows where; those are kept otherwise.
	PlaceKnown bool
	Training
	// ExpectedFrom and ExpectedUntil bound the day an expected call is expected,
	// both included ("2027-03-01").
	ExpectedFrom, ExpectedUntil string
}

func (f Filter) expected(q *bun.SelectQuery) *bun.SelectQuery {
	if f.ExpectedFrom != "" {
		q = q.Where("op.expected_on >= ?", f.ExpectedFrom)
	}
	if f.ExpectedUntil != "" {
		q = q.Where("op.expected_on <> ''").Where("op.expected_on <= ?", f.ExpectedUntil)
	}
	return q
}

// Order is how a list is sorted.
type Order string

// The orders. Those without a deadline come last.
const (
	Soonest Order = "soonest" // by deadline, then id
	Newest  Order = "newest"  // by id, the last first
	Coming  Order = "coming"  // by the day a call is expected or a session begins, then id
)

// Request asks for one page. After is the Next of the page before.
type Request struct {
	After string
	Limit int // default 20, at most 200
	Order Order
}

// Page is one page of a list; Next is empty on the last one.
type Page struct {
	Items []*Opportunity
	Next  string
}

// CloseEnough is the closeness (see nomenclatures.Closeness) from which a lot
// belongs to a filter by codes.
const CloseEnough = 0.5

// position is where a page ends.
type position struct {
	Deadline *time.Time `json:"d,omitempty"`
	None     bool       `json:"n,omitempty"` // among those without a deadline
	ID       ID         `json:"i,omitempty"`
	Expected string     `json:"x,omitempty"`
}

// List gives one page of the opportunities that a filter chooses, with their
// lots. Sector and territory are not in the database's power: rows are read in
// batches until the page is full.
func (s *Service) List(ctx context.Context, f Filter, r Request) (Page, error) {
	if r.Limit <= 0 {
		r.Limit = 20
	}
	r.Limit = min(r.Limit, 200)
	at, err := readPosition(r.After)
	if err != nil {
		return Page{}, err
	}
	keep, err := s.chooser(f)
	if err != nil {
		return Page{}, err
	}
	page := Page{Items: []*Opportunity{}}
	for {
		batch, done, err := s.batch(ctx, f, r, &at, keep)
		if err != nil {
			return Page{}, fmt.Errorf("list opportunities: %w", err)
		}
		for _, o := range batch {
			if len(page.Items) == r.Limit {
				page.Next = positionOf(page.Items[r.Limit-1], r.Order).String()
				return page, nil
			}
			page.Items = append(page.Items, o)
		}
		if done {
			return page, nil
		}
	}
}

// batch reads those that are kept among the rows after a position, and moves
// it; done when no rows remain.
func (s *Service) batch(ctx context.Context, f Filter, r Request, at *position, keep func(*Opportunity) bool) ([]*Opportunity, bool, error) {
	size := r.Limit + 1
	if keep != nil {
		size = chunk
	}
	var rows []*Opportunity // their id and deadline alone
	if err := after(s.query(f).Limit(int64(size)), r.Order, *at).Scan(ctx, &rows); err != nil {
		return nil, false, err
	}
	batch, err := s.kept(ctx, rows, keep)
	if err != nil {
		return nil, false, err
	}
	if len(rows) == size {
		*at = positionOf(rows[len(rows)-1], r.Order)
		return batch, false, nil
	}
	if r.Order != Soonest && r.Order != "" || at.None {
		return batch, true, nil
	}
	*at = position{None: true}
	return batch, false, nil
}

// kept reads whole those of a batch that are kept: what decides is read apart
// first, since few may be.
func (s *Service) kept(ctx context.Context, rows []*Opportunity, keep func(*Opportunity) bool) ([]*Opportunity, error) {
	ids := make([]ID, len(rows))
	for i, o := range rows {
		ids[i] = o.ID
	}
	if keep == nil || len(ids) == 0 {
		return load(ctx, s.store.Read(), ids)
	}
	slim, err := loadSlim(ctx, s.store.Read(), ids)
	if err != nil {
		return nil, err
	}
	ids = slices.DeleteFunc(ids, func(id ID) bool { o := slim[id]; return o == nil || !keep(o) })
	return load(ctx, s.store.Read(), ids)
}

// loadSlim reads of opportunities only what a chooser or a count looks at.
func loadSlim(ctx context.Context, db bun.IDB, ids []ID) (map[ID]*Opportunity, error) {
	var rows []*Opportunity
	err := db.NewSelect().Model(&rows).Comment("opportunities.loadSlim").
		Column("id", "kind", "state", "deadline", "published_at", "facets", "codes", "place").Where("op.id IN (?)", bun.List(ids)).Scan(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[ID]*Opportunity, len(rows))
	for _, o := range rows {
		out[o.ID] = o
	}
	var lots []Lot
	err = db.NewSelect().Model(&lots).Comment("opportunities.loadSlim").Column("opportunity_id", "codes", "place", "posts", "taken", "withdrawn", "terms").
		Where("l.opportunity_id IN (?)", bun.List(ids)).Scan(ctx)
	for _, l := range lots {
		if o := out[l.OpportunityID]; o != nil {
			o.Lots = append(o.Lots, l)
		}
	}
	return out, err
}

// after continues a query behind a position. By deadline, those that have one
// are read first, then the others: each part follows an index.
func after(q *bun.SelectQuery, order Order, at position) *bun.SelectQuery {
	switch {
	case order == Newest:
		if at.ID > 0 {
			q = q.Where("op.id < ?", at.ID)
		}
		return q.Order("op.id DESC")
	case order == Coming:
		if at.ID > 0 {
			q = q.Where("(op.expected_on > ? OR op.expected_on = ? AND op.id > ?)", at.Expected, at.Expected, at.ID)
		}
		return q.Order("op.expected_on", "op.id")
	case at.None:
		return q.Where("op.deadline IS NULL").Where("op.id > ?", at.ID).Order("op.id")
	case at.Deadline != nil:
		q = q.Where("(op.deadline > ? OR op.deadline = ? AND op.id > ?)", *at.Deadline, *at.Deadline, at.ID)
	}
	return q.Where("op.deadline IS NOT NULL").Order("op.deadline", "op.id")
}

// query is what the database can choose by itself.
func (s *Service) query(f Filter) *bun.SelectQuery {
	q := s.store.Read().NewSelect().Model((*Opportunity)(nil)).Comment("opportunities.List").Column("op.id", "op.deadline", "op.expected_on")
	for _, word := range strings.Fields(territories.Fold(f.Text)) {
		q = q.Where("op.folded LIKE ?", "%"+word+"%")
	}
	q = anyFacet(q, "v:", f.Verdicts)
	q = anyFacet(q, "r:", f.Reservations)
	q = anyOf(q, "op.kind", f.Kinds)
	if len(f.Kinds) == 0 {
		q = anyOf(q, "op.kind", offered())
	}
	if f.Open {
		q = q.Where("op.kind <> ?", Expected)
	}
	q = f.training(q)
	q = f.expected(q)
	q = anyOf(q, "op.state", f.States)
	q = anyOf(q, "op.source", f.Sources)
	if f.Public {
		q = q.Where("op.state <> ?", Draft).Where("(op.state <> ? OR op.published_at IS NOT NULL)", Cancelled)
	}
	if f.Open {
		q = q.Where("op.state = ?", Published).Where("(op.deadline IS NULL OR op.deadline > ?)", s.now())
	}
	if f.Open || f.Unfilled {
		q = unfilled(q)
	}
	if !f.From.IsZero() {
		q = q.Where("op.deadline >= ?", f.From.UTC())
	}
	if !f.To.IsZero() {
		q = q.Where("op.deadline <= ?", f.To.UTC())
	}
	if f.BuyerID != 0 {
		q = q.Where("op.buyer_id = ?", f.BuyerID)
	}
	if f.PublisherID != 0 {
		q = q.Where("op.publisher_id = ?", f.PublisherID)
	}
	return q
}

func anyOf[T ~string](q *bun.SelectQuery, column string, values []T) *bun.SelectQuery {
	if len(values) == 0 {
		return q
	}
	return q.Where(column+" IN (?)", bun.List(values))
}

func anyFacet[T ~string](q *bun.SelectQuery, prefix string, values []T) *bun.SelectQuery {
	if len(values) == 0 {
		return q
	}
	return q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
		for _, v := range values {
			q = q.WhereOr("op.facets LIKE ?", "% "+prefix+strings.ReplaceAll(string(v), "%", "")+" %")
		}
		return q
	})
}

// chooser is what the database cannot choose: closeness of trades and overlap
// of places, on one same lot. Nil when the filter asks neither.
func (s *Service) chooser(f Filter) (func(*Opportunity) bool, error) {
	keep, err := s.chooserOfLots(f)
	if err != nil || keep == nil {
		return nil, err
	}
	return func(o *Opportunity) bool {
		return slices.ContainsFunc(o.Lots, func(l Lot) bool { return !l.Withdrawn && keep(l.In(o)) })
	}, nil
}

// chooserOfLots is chooser for one lot as it stands in its opportunity.
func (s *Service) chooserOfLots(f Filter) (func(Lot) bool, error) {
	var asked *nomenclatures.Asked
	if len(f.Codes) > 0 {
		asked = nomenclatures.Compile(f.Codes)
	}
	var within *territories.Set
	if !f.Territory.IsNowhere() && !f.Territory.IsEverywhere() {
		p, err := s.atlas.Compile(f.Territory)
		if err != nil {
			return nil, fault.Invalid(fault.At("territory", "perimeter", "Ce territoire n’est pas compris : "+err.Error(), "This territory is not understood: "+err.Error()))
		}
		within = p.Set
	}
	if asked == nil && within == nil {
		return nil, nil
	}
	seen := map[string]bool{} // notices share few perimeters
	return func(in Lot) bool {
		if (f.Open || f.Unfilled) && in.Filled() {
			return false // a site that has no place left answers for no trade nor territory
		}
		return (asked == nil || about(asked, in.trades())) && (within == nil || s.lies(in.Place, within, f.PlaceKnown, seen))
	}, nil
}

func about(asked *nomenclatures.Asked, codes []nomenclatures.Code) bool {
	return slices.ContainsFunc(codes, func(c nomenclatures.Code) bool {
		_, value, _ := asked.Best(c)
		return value >= CloseEnough
	})
}

// lies reports whether a place meets a set. The whole country and an unknown
// place may concern anybody.
func (s *Service) lies(p Place, within *territories.Set, known bool, seen map[string]bool) bool {
	if p.Scope != InCommunes {
		return !known
	}
	meets, asked := seen[p.Perimeter]
	if asked {
		return meets
	}
	meets = !known
	if c, err := s.atlas.CompileText(p.Perimeter); err == nil {
		meets = c.Set.Intersects(within)
	}
	seen[p.Perimeter] = meets
	return meets
}

func positionOf(o *Opportunity, order Order) position {
	switch order {
	case Newest:
		return position{ID: o.ID}
	case Coming:
		return position{ID: o.ID, Expected: o.ExpectedOn}
	case Soonest:
	}
	return position{Deadline: o.Deadline, None: o.Deadline == nil, ID: o.ID}
}

// String is what a caller hands back; it says nothing to them.
func (p position) String() string {
	b, err := json.Marshal(p)
	if err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func readPosition(text string) (p position, err error) {
	if text == "" {
		return p, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(b, &p)
	}
	if err != nil {
		return p, fault.Invalid(fault.At("after", "cursor", "Cette page n’existe pas.", "There is no such page.")).Because(err)
	}
	return p, nil
}
