package markets

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"
)

// kinds are the opportunities that are markets. A post, a training and a call for
// partners are none.
var kinds = []string{"tender", "private_purchase", hoursKind}

const hoursKind = "insertion_hours"

// place is where something is done, as opportunities write it.
type place struct {
	Scope     string `json:"scope"`
	Perimeter string `json:"perimeter"`
}

func (p place) said() bool { return p.Scope != "" && p.Scope != "unknown" }

// clause and insertion are what is read here of what opportunities write of them.
type clause struct {
	Verdict string  `json:"verdict"`
	Hours   float64 `json:"hours"`
}

// none tells that a notice says that there is no clause.
func (c clause) none() bool { return c.Verdict == "none" && c.Hours == 0 }

type insertion struct {
	Lot     string `json:"lot"`
	Awarded string `json:"awarded"`
}

// call is an opportunity, with its lots.
type call struct {
	ID          int64      `bun:"id"`
	Kind        string     `bun:"kind"`
	State       string     `bun:"state"`
	Key         string     `bun:"key"`
	Place       place      `bun:"place"`
	Clause      clause     `bun:"clause"`
	Deadline    *time.Time `bun:"deadline"`
	Procurement *int64     `bun:"procurement_id"`
	Insertion   *insertion `bun:"insertion"`
	NoticedAt   *time.Time `bun:"noticed_at"`
	Ended       *time.Time `bun:"ended"`

	lots []lot
}

// follows tells hours to fill that an award left.
func (c *call) follows() bool { return c.Kind == hoursKind && c.Procurement != nil }

// lot is a lot and when it was first proposed.
type lot struct {
	ID       int64      `bun:"id"`
	Call     int64      `bun:"opportunity_id"`
	Number   string     `bun:"number"`
	Place    place      `bun:"place"`
	Clause   clause     `bun:"clause"`
	Hours    float64    `bun:"hours"`
	Deadline *time.Time `bun:"deadline"`
	Shown    *time.Time `bun:"shown"`

	members []int64 // to whom it was proposed
}

// pursuit is what became of one match.
type pursuit struct {
	Lot          int64      `bun:"lot_id"`
	Organisation int64      `bun:"organisation_id"`
	State        string     `bun:"state"`
	Since        time.Time  `bun:"since"`
	Submitted    string     `bun:"submitted_on"`
	Answered     *time.Time `bun:"answered"`
}

// quote is one quote of a prospect. Lot is that of the match that it answers.
type quote struct {
	Prospect     int64      `bun:"prospect_id"`
	Organisation int64      `bun:"organisation_id"`
	State        string     `bun:"state"`
	Asked        string     `bun:"asked_on"`
	Sent         string     `bun:"sent_on"`
	Settled      string     `bun:"settled_on"`
	Lot          *int64     `bun:"lot_id"`
	Answered     *time.Time `bun:"answered"` // when the first answer was typed, on that day or later
}

// answeredOn is the day of an answer that stands; empty: none does.
func (q *quote) answeredOn() string {
	if q.State == "not_sent" {
		return q.Settled
	}
	return q.Sent
}

// award is a contract that a notice says a member won.
type award struct {
	Organisation int64  `bun:"organisation_id"`
	Source       string `bun:"source"`
	Title        string `bun:"title"`
	Year         int    `bun:"year"`
}

// pairs reads the calls that somebody judged the same.
func pairs(ctx context.Context, db bun.IDB) ([][2]int64, error) {
	var rows []struct {
		A int64 `bun:"a"`
		B int64 `bun:"b"`
	}
	err := db.NewRaw(`/* markets.pairs */ SELECT x.id AS a, y.id AS b FROM procurement_pairs p JOIN opportunities x ON x.key = p.low JOIN opportunities y ON y.key = p.high
		WHERE p.verdict = 'same' ORDER BY p.id`).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read the calls judged the same: %w", err)
	}
	out := make([][2]int64, len(rows))
	for i, r := range rows {
		out[i] = [2]int64{r.A, r.B}
	}
	return out, nil
}

// rootsOf gives the calls that opportunities follow, or are.
func rootsOf(ctx context.Context, db bun.IDB, ids []int64) ([]int64, error) {
	var out []int64
	err := db.NewRaw(`/* markets.rootsOf */ SELECT DISTINCT CASE WHEN kind = ? AND procurement_id IS NOT NULL THEN procurement_id ELSE id END AS root
		FROM opportunities WHERE id IN (?) AND kind IN (?) ORDER BY root`, hoursKind, bun.List(ids), bun.List(kinds)).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("find the calls of %d opportunities: %w", len(ids), err)
	}
	return out, nil
}

// callsOf reads calls and the hours that their awards left, with their lots.
func callsOf(ctx context.Context, db bun.IDB, roots []int64) ([]*call, error) {
	var out []*call
	err := db.NewRaw(`/* markets.callsOf */ SELECT o.id, o.kind, o.state, o.key, o.place, o.clause, o.deadline, o.procurement_id, o.insertion, o.noticed_at,
		CASE WHEN o.state IN ('closed', 'awarded', 'cancelled') THEN (SELECT MAX(v.at) FROM opportunity_events v WHERE v.opportunity_id = o.id AND v.kind IN ('closed', 'awarded', 'cancelled')) END AS ended
		FROM opportunities o WHERE o.kind IN (?) AND o.state <> 'draft' AND (o.id IN (?) OR o.kind = ? AND o.procurement_id IN (?)) ORDER BY o.id`,
		bun.List(kinds), bun.List(roots), hoursKind, bun.List(roots)).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("read %d calls: %w", len(roots), err)
	}
	var lots []lot
	err = db.NewRaw(`/* markets.lotsOf */ SELECT l.id, l.opportunity_id, l.number, l.place, l.clause, l.hours, l.deadline, (SELECT MIN(m.first_proposed_at) FROM matches m WHERE m.lot_id = l.id) AS shown
		FROM lots l WHERE l.opportunity_id IN (?) ORDER BY l.position, l.id`, bun.List(idsOf(out))).Scan(ctx, &lots)
	if err != nil {
		return nil, fmt.Errorf("read the lots of %d calls: %w", len(out), err)
	}
	var told []struct {
		Lot          int64 `bun:"lot_id"`
		Organisation int64 `bun:"organisation_id"`
	}
	err = db.NewRaw(`/* markets.shownOf */ SELECT m.lot_id, m.organisation_id FROM matches m JOIN lots l ON l.id = m.lot_id WHERE l.opportunity_id IN (?) AND m.first_proposed_at IS NOT NULL ORDER BY m.lot_id, m.organisation_id`, bun.List(idsOf(out))).Scan(ctx, &told)
	if err != nil {
		return nil, fmt.Errorf("read to whom %d calls were proposed: %w", len(out), err)
	}
	at := map[int64]*lot{}
	for i := range lots {
		at[lots[i].ID] = &lots[i]
	}
	for _, m := range told {
		at[m.Lot].members = append(at[m.Lot].members, m.Organisation)
	}
	for _, c := range out {
		c.lots = slices.DeleteFunc(slices.Clone(lots), func(l lot) bool { return l.Call != c.ID })
	}
	return out, nil
}

func idsOf(calls []*call) []int64 {
	out := make([]int64, len(calls))
	for i, c := range calls {
		out[i] = c.ID
	}
	return out
}

// pursuitsOf reads what became of the matches of calls. An award that somebody
// confirmed is no answer of the enterprise.
func pursuitsOf(ctx context.Context, db bun.IDB, calls []*call) ([]pursuit, error) {
	var out []pursuit
	err := db.NewRaw(`/* markets.pursuitsOf */ SELECT m.lot_id, m.organisation_id, p.state, p.since, p.submitted_on,
		(SELECT MIN(e.at) FROM pursuit_events e WHERE e.match_id = m.id AND e.to_state NOT IN ('notified', 'seen') AND e.origin <> 'award') AS answered
		FROM pursuits p JOIN matches m ON m.id = p.match_id JOIN lots l ON l.id = m.lot_id WHERE l.opportunity_id IN (?) ORDER BY m.id`, bun.List(idsOf(calls))).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("read what became of the matches of %d calls: %w", len(calls), err)
	}
	return out, nil
}

const quoteColumns = `q.prospect_id, q.organisation_id, q.state, q.asked_on, q.sent_on, q.settled_on,
	(SELECT m.lot_id FROM matches m WHERE m.id = q.match_id) AS lot_id,
	(SELECT MIN(e.at) FROM quote_events e WHERE e.quote_id = q.id AND e.to_state <> 'asked') AS answered`

// quotesOf reads every quote of the prospects of which one answers a call.
func quotesOf(ctx context.Context, db bun.IDB, calls []*call) ([]quote, error) {
	var out []quote
	err := db.NewRaw(`/* markets.quotesOf */ SELECT `+quoteColumns+` FROM quotes q WHERE q.prospect_id IN
		(SELECT x.prospect_id FROM quotes x JOIN matches m ON m.id = x.match_id JOIN lots l ON l.id = m.lot_id WHERE l.opportunity_id IN (?)) ORDER BY q.id`, bun.List(idsOf(calls))).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("read the quotes that answer %d calls: %w", len(calls), err)
	}
	return out, nil
}

// awardsOf reads the contracts that the notices of calls say members won.
func awardsOf(ctx context.Context, db bun.IDB, calls []*call) ([]award, error) {
	var keys []string
	for _, c := range calls {
		if c.Key != "" && !c.follows() {
			keys = append(keys, c.Key)
		}
	}
	var out []award
	if len(keys) == 0 {
		return nil, nil
	}
	err := db.NewRaw("/* markets.awardsOf */ SELECT organisation_id, source, title, year FROM track_records WHERE source IN (?) ORDER BY source, organisation_id, title", bun.List(keys)).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("read the awards of %d calls: %w", len(keys), err)
	}
	return out, nil
}

// purchase is a prospect; Seat is the commune of who holds it.
type purchase struct {
	ID        int64  `bun:"id"`
	Territory string `bun:"territory"`
	Seat      string `bun:"seat"`
}

// purchasesOf reads prospects of which no quote answers a call, with their quotes.
func purchasesOf(ctx context.Context, db bun.IDB, ids []int64) ([]purchase, []quote, error) {
	var out []purchase
	err := db.NewRaw(`/* markets.purchasesOf */ SELECT p.id, p.territory, COALESCE((SELECT MIN(s.commune) FROM sites s WHERE s.organisation_id = p.organisation_id AND s.main), '') AS seat
		FROM prospects p WHERE p.id IN (?) AND NOT EXISTS (SELECT 1 FROM quotes q WHERE q.prospect_id = p.id AND q.match_id IS NOT NULL) ORDER BY p.id`, bun.List(ids)).Scan(ctx, &out)
	if err != nil {
		return nil, nil, fmt.Errorf("read %d prospects: %w", len(ids), err)
	}
	var quotes []quote
	err = db.NewRaw("/* markets.quotesOfPurchases */ SELECT "+quoteColumns+" FROM quotes q WHERE q.prospect_id IN (?) ORDER BY q.id", bun.List(ids)).Scan(ctx, &quotes)
	if err != nil {
		return nil, nil, fmt.Errorf("read the quotes of %d prospects: %w", len(ids), err)
	}
	return out, quotes, nil
}
