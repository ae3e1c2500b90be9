package activity

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"
)

// A procurement is the root of its own lots and of the hours that its award asks.
const procurement = "COALESCE(CASE WHEN op.kind = 'insertion_hours' THEN op.procurement_id END, op.id)"

// counted are the kinds of opportunity that are markets.
const counted = "op.kind IN ('tender', 'private_purchase', 'insertion_hours')"

// stamps tells what is known of each root, in a few words: two that are equal were
// counted alike.
func stamps(ctx context.Context, db bun.IDB) (map[string]string, error) {
	out := map[string]string{}
	for _, q := range []string{
		"SELECT 'o' AS kind, " + procurement + " AS id, COUNT(*) AS n, SUM(op.revision) AS m FROM opportunities op WHERE " + counted + " GROUP BY 2",
		"SELECT 'o' AS kind, " + procurement + " AS id, COUNT(*) AS n, SUM(l.revision) AS m FROM opportunities op JOIN lots l ON l.opportunity_id = op.id WHERE " + counted + " GROUP BY 2",
		"SELECT 'o' AS kind, " + procurement + " AS id, COUNT(*) AS n, 0 AS m FROM opportunities op JOIN lots l ON l.opportunity_id = op.id JOIN matches mt ON mt.lot_id = l.id WHERE " + counted + " GROUP BY 2",
		"SELECT 'o' AS kind, " + procurement + " AS id, COUNT(*) AS n, MAX(e.id) AS m FROM opportunities op JOIN lots l ON l.opportunity_id = op.id JOIN matches mt ON mt.lot_id = l.id JOIN pursuit_events e ON e.match_id = mt.id WHERE " + counted + " GROUP BY 2",
		"SELECT 'o' AS kind, " + procurement + " AS id, COUNT(*) AS n, SUM(q.revision) AS m FROM opportunities op JOIN lots l ON l.opportunity_id = op.id JOIN matches mt ON mt.lot_id = l.id JOIN quotes q ON q.match_id = mt.id WHERE " + counted + " GROUP BY 2",
		"SELECT 'o' AS kind, op.id AS id, COUNT(*) AS n, SUM(t.organisation_id) AS m FROM opportunities op JOIN track_records t ON t.source = op.key WHERE op.key <> '' AND " + counted + " GROUP BY 2",
		"SELECT 'p' AS kind, p.id AS id, COUNT(*) AS n, SUM(q.revision) + MAX(p.revision) + 1000000 * COUNT(q.match_id) AS m FROM prospects p JOIN quotes q ON q.prospect_id = p.id GROUP BY 2",
	} {
		var rows []struct {
			Kind string `bun:"kind"`
			ID   int64  `bun:"id"`
			N    int64  `bun:"n"`
			M    int64  `bun:"m"`
		}
		if err := db.NewRaw("/* activity.stamps */ "+q+" ORDER BY 2").Scan(ctx, &rows); err != nil {
			return nil, fmt.Errorf("read what markets are made of: %w", err)
		}
		for _, r := range rows {
			key := r.Kind + ":" + strconv.FormatInt(r.ID, 10)
			out[key] += fmt.Sprintf("%d.%d ", r.N, r.M)
		}
	}
	return out, nil
}

// placed is the place of an opportunity or of a lot, as they are kept.
type placed struct {
	Scope     string `json:"scope"`
	Perimeter string `json:"perimeter"`
}

type clause struct {
	Hours float64 `json:"hours"`
}

type insertion struct {
	Lot     string `json:"lot"`
	Holders []struct {
		SIRET string `json:"siret"`
	} `json:"holders"`
	Awarded string `json:"awarded"`
}

// lotRow is a lot with what its opportunity says.
type lotRow struct {
	ID          int64      `bun:"id"`
	Opportunity int64      `bun:"opportunity_id"`
	Number      string     `bun:"number"`
	Withdrawn   bool       `bun:"withdrawn"`
	Place       placed     `bun:"place,type:jsonb"`
	Clause      clause     `bun:"clause,type:jsonb"`
	FTE         float64    `bun:"fte"`
	Whole       placed     `bun:"op_place,type:jsonb"`
	OfWhole     clause     `bun:"op_clause,type:jsonb"`
	Insertion   *insertion `bun:"insertion,type:jsonb"`
	Procurement *int64     `bun:"procurement_id"`
	Awarded     *time.Time `bun:"awarded_at"` // when the award was known
	Changed     time.Time  `bun:"updated_at"`
}

// lotsOf reads the lots of a procurement and of the hours that its award asks.
func lotsOf(ctx context.Context, db bun.IDB, id int64) ([]lotRow, error) {
	var rows []lotRow
	err := db.NewRaw(`/* activity.lotsOf */ SELECT l.id, l.opportunity_id, l.number, l.withdrawn, l.place, l.clause, l.fte, op.place AS op_place, op.clause AS op_clause, op.insertion, op.updated_at,
		CASE WHEN op.kind = 'insertion_hours' THEN op.procurement_id END AS procurement_id,
		(SELECT MIN(e.at) FROM opportunity_events e WHERE e.opportunity_id = op.id AND e.kind = 'awarded') AS awarded_at
		FROM lots l JOIN opportunities op ON op.id = l.opportunity_id WHERE op.id = ? OR (op.kind = 'insertion_hours' AND op.procurement_id = ?) ORDER BY l.opportunity_id, l.position, l.id`, id, id).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read the lots of procurement %d: %w", id, err)
	}
	return rows, nil
}

// saidRow is what one enterprise did of a lot.
type saidRow struct {
	Lot       int64      `bun:"lot_id"`
	Member    int64      `bun:"organisation_id"`
	Proposed  *time.Time `bun:"proposed"`
	Heard     *time.Time `bun:"heard"`
	Submitted *time.Time `bun:"submitted"`
	Won       *time.Time `bun:"won"`
	Settled   string     `bun:"settled"` // day on which a quote that answers it was accepted
}

func saidOf(ctx context.Context, db bun.IDB, id int64) ([]saidRow, error) {
	var rows []saidRow
	err := db.NewRaw(`/* activity.saidOf */ SELECT m.lot_id, m.organisation_id, m.first_proposed_at AS proposed,
		(SELECT MIN(e.at) FROM pursuit_events e WHERE e.match_id = m.id AND e.to_state NOT IN ('notified', 'seen')) AS heard,
		(SELECT MIN(e.at) FROM pursuit_events e WHERE e.match_id = m.id AND e.to_state = 'submitted') AS submitted,
		(SELECT MAX(e.at) FROM pursuit_events e JOIN pursuits p ON p.match_id = e.match_id AND p.state = 'won' WHERE e.match_id = m.id AND e.to_state = 'won') AS won,
		COALESCE((SELECT MIN(q.settled_on) FROM quotes q WHERE q.match_id = m.id AND q.state = 'accepted'), '') AS settled
		FROM matches m JOIN lots l ON l.id = m.lot_id JOIN opportunities op ON op.id = l.opportunity_id
		WHERE op.id = ? OR (op.kind = 'insertion_hours' AND op.procurement_id = ?) ORDER BY m.id`, id, id).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read what was said of procurement %d: %w", id, err)
	}
	return rows, nil
}

// winnersOf are the members whom the notices of a procurement name.
func winnersOf(ctx context.Context, db bun.IDB, id int64) ([]int64, error) {
	var out []int64
	err := db.NewRaw(`/* activity.winnersOf */ SELECT DISTINCT t.organisation_id FROM track_records t JOIN opportunities op ON op.key = t.source AND op.key <> ''
		JOIN organisations o ON o.id = t.organisation_id AND o.role = 'member' WHERE op.id = ? ORDER BY t.organisation_id`, id).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("read who won procurement %d: %w", id, err)
	}
	return out, nil
}

// membersAt are the members of some establishments.
func membersAt(ctx context.Context, db bun.IDB, sirets []string) ([]int64, error) {
	var out []int64
	if len(sirets) == 0 {
		return out, nil
	}
	err := db.NewRaw("/* activity.membersAt */ SELECT id FROM organisations WHERE role = 'member' AND siret <> '' AND siret IN (?) ORDER BY id", bun.List(sirets)).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("look for the holders of a market: %w", err)
	}
	return out, nil
}

// procured are the markets of a procurement.
func (s *Service) procured(ctx context.Context, db bun.IDB, id int64) ([]Market, error) {
	lots, err := lotsOf(ctx, db, id)
	if err != nil {
		return nil, err
	}
	said, err := saidOf(ctx, db, id)
	if err != nil {
		return nil, err
	}
	keys := keysOf(lots, id)
	var all []Market
	for _, l := range lots {
		all = append(all, s.lotMarket(keys[l.ID], &l))
	}
	for _, r := range said {
		all = append(all, s.stepsOf(keys[r.Lot], &r))
	}
	awarded, err := s.awards(ctx, db, id, lots, keys)
	if err != nil {
		return nil, err
	}
	all = append(all, awarded...)
	return s.byNotice(ctx, db, id, lots, keys, joined(all))
}

// keysOf names the market of each lot: that of the procurement's own lot where the
// hours of an award say which, or there is one alone.
func keysOf(lots []lotRow, id int64) map[int64]string {
	own := map[string]int64{}
	only := int64(0)
	for _, l := range lots {
		if l.Opportunity == id {
			own[plainNumber(l.Number)] = l.ID
			only = l.ID
		}
	}
	out := map[int64]string{}
	for _, l := range lots {
		out[l.ID] = lotKey(l.ID)
		if l.Opportunity == id {
			continue
		}
		if of, ok := own[plainNumber(lotNamed(&l))]; ok && lotNamed(&l) != "" {
			out[l.ID] = lotKey(of)
		} else if len(own) == 1 {
			out[l.ID] = lotKey(only)
		} else {
			out[l.ID] = "hours:" + strconv.FormatInt(l.Opportunity, 10)
		}
	}
	return out
}

func lotNamed(l *lotRow) string {
	if l.Insertion == nil {
		return ""
	}
	return l.Insertion.Lot
}

// plainNumber writes LOT-0001 as 1.
func plainNumber(n string) string {
	return strings.TrimLeft(strings.TrimPrefix(strings.ToUpper(n), "LOT-"), "0")
}

// lotMarket is what a lot says of its market.
func (s *Service) lotMarket(key string, l *lotRow) Market {
	m := Market{Key: key, Hours: l.Clause.Hours, FTE: l.FTE, Members: Members{[]int64{}, []int64{}, []int64{}, []int64{}}}
	if l.Procurement != nil {
		m.Hours = max(m.Hours, l.OfWhole.Hours)
	}
	return m
}

// stepsOf is what one enterprise did of a market.
func (s *Service) stepsOf(key string, r *saidRow) Market {
	m := Market{Key: key, Proposed: s.day(r.Proposed), Heard: s.day(r.Heard), Submitted: s.day(r.Submitted), Won: first(s.day(r.Won), r.Settled)}
	m.Members = Members{one(m.Proposed, r.Member), one(m.Heard, r.Member), one(m.Submitted, r.Member), one(m.Won, r.Member)}
	return m
}

// awards are the markets that members won, as the hours of their award tell.
func (s *Service) awards(ctx context.Context, db bun.IDB, id int64, lots []lotRow, keys map[int64]string) ([]Market, error) {
	var out []Market
	for i := range lots {
		l := &lots[i]
		if l.Opportunity == id || l.Insertion == nil {
			continue
		}
		var sirets []string
		for _, h := range l.Insertion.Holders {
			if h.SIRET != "" {
				sirets = append(sirets, h.SIRET)
			}
		}
		who, err := membersAt(ctx, db, sirets)
		if err != nil {
			return nil, err
		}
		if len(who) > 0 {
			day := l.Insertion.Awarded
			if day == "" {
				day = s.day(&l.Changed)
			}
			out = append(out, Market{Key: keys[l.ID], Won: day, Members: Members{Won: who}})
		}
	}
	return out, nil
}

// byNotice adds the award that a notice tells of members where no market of the
// procurement is known won: one, of the first lot, since it does not say which.
func (s *Service) byNotice(ctx context.Context, db bun.IDB, id int64, lots []lotRow, keys map[int64]string, markets []Market) ([]Market, error) {
	who, err := winnersOf(ctx, db, id)
	if err != nil || len(lots) == 0 {
		return s.placedMarkets(lots, keys, id, markets), err
	}
	won := false
	for _, m := range markets {
		won = won || m.Won != ""
	}
	if len(who) > 0 && !won {
		l := &lots[0]
		day := s.day(l.Awarded)
		if day == "" {
			day = s.day(&l.Changed)
		}
		markets = joined(append(markets, s.lotMarket(keys[l.ID], l), Market{Key: keys[l.ID], Won: day, Members: Members{Won: who}}))
	}
	return s.placedMarkets(lots, keys, id, markets), nil
}

// placedMarkets says where the markets of a procurement are done, and gives the hours
// that it asks as a whole to the first of them: they are asked once.
func (s *Service) placedMarkets(lots []lotRow, keys map[int64]string, id int64, markets []Market) []Market {
	for i := range markets {
		m := &markets[i]
		for j := range lots {
			if l := &lots[j]; keys[l.ID] == m.Key {
				if m.Region == "" && m.Departement == "" {
					m.Region, m.Departement, m.EPCI = s.where(l.Place, l.Whole)
				}
			}
		}
	}
	hours, whole := 0.0, 0.0
	for _, m := range markets {
		hours += m.Hours
	}
	for _, l := range lots {
		if l.Opportunity == id {
			whole = max(whole, l.OfWhole.Hours)
		}
	}
	if hours == 0 && whole > 0 && len(markets) > 0 {
		at := 0
		for i := range markets {
			if markets[i].Won != "" {
				at = i
				break
			}
		}
		markets[at].Hours = whole
		if markets[at].FTE == 0 {
			markets[at].FTE = whole / legalYear
		}
	}
	return markets
}

// noted is the market of a purchase that no notice tells; none where a quote answers
// a lot that was published: it is that one.
func (s *Service) noted(ctx context.Context, db bun.IDB, id int64) ([]Market, error) {
	var rows []struct {
		Territory string `bun:"territory"`
		Member    int64  `bun:"organisation_id"`
		State     string `bun:"state"`
		Asked     string `bun:"asked_on"`
		Sent      string `bun:"sent_on"`
		Settled   string `bun:"settled_on"`
		Match     *int64 `bun:"match_id"`
	}
	err := db.NewRaw(`/* activity.noted */ SELECT p.territory, q.organisation_id, q.state, q.asked_on, q.sent_on, q.settled_on, q.match_id
		FROM quotes q JOIN prospects p ON p.id = q.prospect_id WHERE p.id = ? ORDER BY q.id`, id).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read the quotes of prospect %d: %w", id, err)
	}
	var all []Market
	for _, r := range rows {
		if r.Match != nil {
			return nil, nil
		}
		m := Market{Key: "prospect:" + strconv.FormatInt(id, 10), Proposed: r.Asked, Submitted: r.Sent}
		if r.State == "not_sent" {
			m.Heard = r.Settled
		}
		if r.State == "accepted" {
			m.Won = r.Settled
		}
		m.Region, m.Departement, m.EPCI = s.where(placed{Perimeter: r.Territory, Scope: "communes"}, placed{})
		m.Members = Members{one(m.Proposed, r.Member), one(m.Heard, r.Member), one(m.Submitted, r.Member), one(m.Won, r.Member)}
		all = append(all, m)
	}
	return joined(all), nil
}

// where is the région, the département and the EPCI that hold the whole of a place;
// empty where several do, or nobody knows.
func (s *Service) where(places ...placed) (region, departement, epci string) {
	for _, p := range places {
		if p.Scope != "communes" || p.Perimeter == "" {
			continue
		}
		found, err := s.atlas.CompileText(p.Perimeter)
		if err != nil || found.Set.Len() == 0 {
			return "", "", ""
		}
		begun := false
		found.Set.Each(func(ord int) bool {
			c := s.atlas.Commune(ord)
			if !begun {
				region, departement, epci, begun = c.Region, c.Departement, c.EPCI, true
			}
			region, departement, epci = same(region, c.Region), same(departement, c.Departement), same(epci, c.EPCI)
			return region != ""
		})
		return region, departement, epci
	}
	return "", "", ""
}

func same(a, b string) string {
	if a != b {
		return ""
	}
	return a
}

func (s *Service) day(at *time.Time) string {
	if at == nil || at.IsZero() {
		return ""
	}
	return at.In(s.paris).Format(time.DateOnly)
}
