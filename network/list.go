package network

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"maillage/internal/fault"
	"maillage/nomenclatures"
	"maillage/territories"
)

// Presence says how an organisation is in a territory.
type Presence string

// The presences; the zero value is either.
const (
	ByZone Presence = "zone" // an activity of it serves part of the territory
	BySite Presence = "site" // it has a place there
)

// Filter chooses organisations; an empty field does not filter. All that are
// given must hold; within a list, one is enough.
type Filter struct {
	Text        string // every word, in the names, the SIRET or the towns
	Roles       []Role
	Kinds       []Kind
	Network     ID // member of that federation or association
	Group       int64
	Pole        int64
	Partnership int64
	Codes       []nomenclatures.Code // an activity is close to one of them…
	Modes       []Mode               // …in one of these modes…
	Territory   territories.Expr     // …and serves part of it (or a site is there); nowhere does not filter
	Presence    Presence
	ToSpecify   bool   // no activity says a trade
	Assumed     bool   // an activity or its zone is deduced
	Finding     string // code of a finding of the last import; "any" for any
	Inactive    bool   // those that are no longer active, too
	Unplaced    bool   // a site could not be placed
}

// Request asks for one page, by name. After is the Next of the page before.
type Request struct {
	After string
	Limit int // default 20, at most 200
}

// Page is one page of a list; Next is empty on the last one.
type Page struct {
	Items []*Organisation
	Next  string
}

// CloseEnough is the closeness (see nomenclatures.Closeness) from which an
// activity belongs to a filter by codes.
const CloseEnough = 0.5

type position struct {
	Folded string `json:"f" bun:"folded"`
	ID     ID     `json:"i" bun:"id"`
}

// List gives one page of the organisations that a filter chooses, whole and in
// the order of their names. Trades and territories are not in the database's
// power: rows are read in batches until the page is full.
func (s *Service) List(ctx context.Context, f Filter, r Request) (Page, error) {
	if r.Limit <= 0 {
		r.Limit = 20
	}
	r.Limit = min(r.Limit, 200)
	at, err := readPosition(r.After)
	if err != nil {
		return Page{}, err
	}
	page := Page{Items: []*Organisation{}}
	err = s.each(ctx, f, r.Limit+1, at, func(o *Organisation) bool {
		if len(page.Items) == r.Limit {
			last := page.Items[r.Limit-1]
			page.Next = position{last.Folded, last.ID}.String()
			return false
		}
		page.Items = append(page.Items, o)
		return true
	})
	if err != nil {
		return Page{}, fmt.Errorf("list organisations: %w", err)
	}
	return page, nil
}

// Counts are figures over what a filter chooses.
type Counts struct {
	Total     int
	ByKind    map[Kind]int
	ToSpecify int // no activity says a trade
	Assumed   int // an activity or its zone is deduced
}

// Counts counts what a filter chooses.
func (s *Service) Counts(ctx context.Context, f Filter) (Counts, error) {
	out := Counts{ByKind: map[Kind]int{}}
	err := s.each(ctx, f, chunk, position{}, func(o *Organisation) bool {
		out.Total++
		out.ByKind[o.Kind]++
		switch {
		case o.ToSpecify():
			out.ToSpecify++
		case slices.ContainsFunc(o.Activities, func(a Activity) bool { return a.IsAssumed() }):
			out.Assumed++
		}
		return true
	})
	if err != nil {
		return out, fmt.Errorf("count organisations: %w", err)
	}
	return out, nil
}

// Each calls fn with every organisation that a filter chooses, by name, until
// it returns false: for maps and exports.
func (s *Service) Each(ctx context.Context, f Filter, fn func(*Organisation) bool) error {
	if err := s.each(ctx, f, chunk, position{}, fn); err != nil {
		return fmt.Errorf("read organisations: %w", err)
	}
	return nil
}

func (s *Service) each(ctx context.Context, f Filter, size int, at position, fn func(*Organisation) bool) error {
	keep, err := s.chooser(f)
	if err != nil {
		return err
	}
	if keep != nil {
		size = chunk
	}
	for {
		q := s.sited(s.query(f), f).Limit(int64(size))
		if at.ID != 0 {
			q = q.Where("(o.folded > ? OR o.folded = ? AND o.id > ?)", at.Folded, at.Folded, at.ID)
		}
		var rows []position
		if err := q.Scan(ctx, &rows); err != nil {
			return err
		}
		batch, err := s.kept(ctx, rows, keep)
		if err != nil {
			return err
		}
		for _, o := range batch {
			if !fn(o) {
				return nil
			}
		}
		if len(rows) < size {
			return nil
		}
		at = rows[len(rows)-1]
	}
}

// kept reads whole those of a batch that are kept: what decides is read apart
// first, since few may be.
func (s *Service) kept(ctx context.Context, rows []position, keep func(*Organisation) bool) ([]*Organisation, error) {
	ids := make([]ID, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	if keep == nil || len(ids) == 0 {
		return load(ctx, s.store.Read(), ids)
	}
	slim, err := loadSlim(ctx, s.store.Read(), ids)
	if err != nil {
		return nil, err
	}
	ids = slices.DeleteFunc(ids, func(id ID) bool { return !keep(slim[id]) })
	return load(ctx, s.store.Read(), ids)
}

// loadSlim reads of organisations only what a chooser looks at.
func loadSlim(ctx context.Context, db bun.IDB, ids []ID) (map[ID]*Organisation, error) {
	out := make(map[ID]*Organisation, len(ids))
	for _, id := range ids {
		out[id] = &Organisation{ID: id}
	}
	var found []Organisation
	err := db.NewSelect().Model(&found).Comment("network.loadSlim").Column("id", "findings").Where("o.id IN (?)", bun.List(ids)).
		Where("o.findings <> '[]'").Scan(ctx)
	if err != nil {
		return nil, err
	}
	for _, o := range found {
		out[o.ID].Findings = o.Findings
	}
	var sites []Site
	err = db.NewSelect().Model(&sites).Comment("network.loadSlim").Column("organisation_id", "commune").Where("s.organisation_id IN (?)", bun.List(ids)).Scan(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range sites {
		out[r.OrganisationID].Sites = append(out[r.OrganisationID].Sites, r)
	}
	var activities []Activity
	err = db.NewSelect().Model(&activities).Comment("network.loadSlim").Column("organisation_id", "codes", "modes", "zone").
		Where("a.organisation_id IN (?)", bun.List(ids)).Scan(ctx)
	for _, r := range activities {
		out[r.OrganisationID].Activities = append(out[r.OrganisationID].Activities, r)
	}
	return out, err
}

// query is what the database can choose by itself.
func (s *Service) query(f Filter) *bun.SelectQuery {
	q := s.store.Read().NewSelect().Model((*Organisation)(nil)).Comment("network.List").Column("o.folded", "o.id").Order("o.folded", "o.id")
	for _, word := range strings.Fields(territories.Fold(f.Text)) {
		q = q.Where("o.folded LIKE ?", "%"+word+"%")
	}
	if len(f.Roles) > 0 {
		q = q.Where("o.role IN (?)", bun.List(f.Roles))
	}
	if len(f.Kinds) > 0 {
		q = q.Where("o.kind IN (?)", bun.List(f.Kinds))
	}
	if !f.Inactive {
		q = q.Where("o.active = ?", true)
	}
	for _, tie := range []struct {
		id    int64
		exist string
	}{
		{int64(f.Network), "SELECT 1 FROM memberships x WHERE x.organisation_id = o.id AND x.network_id = ?"},
		{f.Group, "SELECT 1 FROM group_members x WHERE x.organisation_id = o.id AND x.group_id = ?"},
		{f.Pole, "SELECT 1 FROM pole_members x WHERE x.organisation_id = o.id AND x.pole_id = ?"},
		{f.Partnership, "SELECT 1 FROM partnership_signatories x WHERE x.organisation_id = o.id AND x.partnership_id = ?"},
	} {
		if tie.id != 0 {
			q = q.Where("EXISTS ("+tie.exist+")", tie.id)
		}
	}
	if f.ToSpecify {
		q = q.Where("NOT EXISTS (SELECT 1 FROM activities x WHERE x.organisation_id = o.id AND x.codes <> '[]')")
	}
	if f.Assumed {
		q = q.Where("EXISTS (SELECT 1 FROM activities x WHERE x.organisation_id = o.id AND (x.origin = ? OR x.zone_origin = ?))", Assumed, Assumed)
	}
	if f.Unplaced {
		q = q.Where("EXISTS (SELECT 1 FROM sites x WHERE x.organisation_id = o.id AND x.commune = '')")
	}
	if f.Finding != "" {
		q = q.Where("o.findings <> '[]'")
	}
	return q
}

// sitedAtMost is how many communes a query names; beyond, reading every site is no slower.
const sitedAtMost = 5_000

// sited lets the database choose by the communes of sites, where the filter
// asks for a site and the territory is not too large to be listed.
func (s *Service) sited(q *bun.SelectQuery, f Filter) *bun.SelectQuery {
	within, err := s.within(f.Territory)
	if err != nil || within == nil || f.Presence != BySite || within.Len() > sitedAtMost || within.Len() == 0 {
		return q // an error is told by the chooser
	}
	codes := s.atlas.Codes(within)
	for _, part := range s.atlas.Refs(territories.KindArrondissement) {
		code := territories.CommuneCode(part.Code)
		if ord, ok := s.atlas.Ordinal(code); ok && within.Contains(ord) {
			codes = append(codes, code)
		}
	}
	return q.Where("o.id IN (SELECT x.organisation_id FROM sites x WHERE x.commune IN (?))", bun.List(codes))
}

// chooser is what the database cannot choose; nil when nothing is left to it.
func (s *Service) chooser(f Filter) (func(*Organisation) bool, error) {
	var rules []func(*Organisation) bool
	if f.Finding != "" && f.Finding != "any" {
		rules = append(rules, func(o *Organisation) bool {
			return slices.ContainsFunc(o.Findings, func(x Finding) bool { return x.Code == f.Finding })
		})
	}
	within, err := s.within(f.Territory)
	if err != nil {
		return nil, err
	}
	if within != nil || len(f.Codes) > 0 || len(f.Modes) > 0 {
		rules = append(rules, s.present(f, within))
	}
	if len(rules) == 0 {
		return nil, nil
	}
	return func(o *Organisation) bool {
		return !slices.ContainsFunc(rules, func(rule func(*Organisation) bool) bool { return !rule(o) })
	}, nil
}

func (s *Service) within(e territories.Expr) (*territories.Set, error) {
	if e.IsNowhere() || e.IsEverywhere() {
		return nil, nil
	}
	p, err := s.atlas.Compile(e)
	if err != nil {
		return nil, fault.Invalid(fault.At("territory", "perimeter",
			"Ce territoire n’est pas compris : "+territories.Explain(err, "fr"), "This territory is not understood: "+territories.Explain(err, "en")))
	}
	return p.Set, nil
}

// present holds when trade, mode and zone hold together on one activity, a
// site standing for the zone where the filter lets it.
func (s *Service) present(f Filter, within *territories.Set) func(*Organisation) bool {
	var asked *nomenclatures.Asked
	if len(f.Codes) > 0 {
		asked = nomenclatures.Compile(f.Codes)
	}
	seen := map[string]bool{} // neighbours share a zone
	return func(o *Organisation) bool {
		located := within == nil || f.Presence != ByZone && s.hasSite(o, within)
		if located && asked == nil && len(f.Modes) == 0 {
			return true
		}
		return slices.ContainsFunc(o.Activities, func(a Activity) bool {
			return (asked == nil || about(asked, a.Codes)) && offers(a, f.Modes) &&
				(located || f.Presence != BySite && s.serves(a, within, seen))
		})
	}
}

func about(asked *nomenclatures.Asked, codes []nomenclatures.Code) bool {
	return slices.ContainsFunc(codes, func(c nomenclatures.Code) bool {
		_, value, _ := asked.Best(c)
		return value >= CloseEnough
	})
}

func offers(a Activity, modes []Mode) bool {
	return len(modes) == 0 || slices.ContainsFunc(modes, func(m Mode) bool { return slices.Contains(a.Modes, m) })
}

func (s *Service) hasSite(o *Organisation, within *territories.Set) bool {
	return slices.ContainsFunc(o.Sites, func(site Site) bool {
		ord, ok := s.atlas.Ordinal(site.Commune)
		return ok && within.Contains(ord)
	})
}

func (s *Service) serves(a Activity, within *territories.Set, seen map[string]bool) bool {
	meets, asked := seen[a.Zone]
	if asked || a.Zone == "" {
		return meets
	}
	if e, err := territories.ParseExpr([]byte(a.Zone)); err == nil {
		if p, err := s.atlas.Compile(e); err == nil {
			meets = p.Set.Intersects(within)
		}
	}
	seen[a.Zone] = meets
	return meets
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
