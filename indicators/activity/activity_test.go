package activity_test

import (
	"context"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/indicators/activity"
	"maillage/indicators/markets"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/territories"
)

var atlas = sync.OnceValues(territories.Load)

// room is a database in which rows are written as the nouns write them.
type room struct {
	t     *testing.T
	st    *store.Store
	clock *testkit.Clock
	s     *activity.Service
	n     int

	counts *markets.Service
}

func open(t *testing.T, st *store.Store) *room {
	t.Helper()
	a, err := atlas()
	r := &room{t: t, st: st, clock: testkit.NewClock("2026-11-23T08:00:00Z")}
	r.must(err)
	r.counts, err = markets.NewService(markets.Config{Store: st, Atlas: a, Now: r.clock.Now})
	r.must(err)
	r.s, err = activity.NewService(activity.Config{Store: st, Markets: r.counts, Now: r.clock.Now})
	r.must(err)
	return r
}

func (r *room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *room) exec(query string, args ...any) {
	r.t.Helper()
	r.must(r.st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewRaw(query, args...).Exec(ctx)
		return err
	}))
}

func at(day string) time.Time {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	return t.Add(10 * time.Hour)
}

// insert writes a row of a table whose columns it does not name have their zero value.
func (r *room) insert(table string, values map[string]any) int64 {
	r.t.Helper()
	var id int64
	names, holes, args := "", "", []any{}
	for _, k := range keysOf(values) {
		names, holes, args = names+", "+k, holes+", ?", append(args, values[k])
	}
	r.must(r.st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error {
		return tx.NewRaw("INSERT INTO "+table+" ("+names[2:]+") VALUES ("+holes[2:]+") RETURNING id", args...).Scan(ctx, &id)
	}))
	return id
}

func (r *room) member() int64 {
	r.n++
	now := at("2026-01-01")
	return r.insert("organisations", defaults(r.st, "organisations", map[string]any{"role": "member", "kind": "ACI", "name": fmt.Sprint("Membre ", r.n), "siret": fmt.Sprintf("%014d", r.n), "created_at": now, "updated_at": now, "active": true, "revision": 1}))
}

func (r *room) tender(key, place string, hours float64, lots ...string) (id int64, out []int64) {
	now := at("2026-01-01")
	id = r.insert("opportunities", defaults(r.st, "opportunities", map[string]any{"kind": "tender", "state": "published", "title": key, "key": key, "place": fmt.Sprintf(`{"scope":"communes","perimeter":%q}`, place),
		"clause": fmt.Sprintf(`{"hours":%v}`, hours), "noticed_at": at("2026-10-20"), "revision": 1, "created_at": now, "updated_at": now}))
	for i, number := range lots {
		out = append(out, r.lot(id, i+1, number))
	}
	return id, out
}

func (r *room) lot(of int64, position int, number string) int64 {
	now := at("2026-01-01")
	return r.insert("lots", defaults(r.st, "lots", map[string]any{"opportunity_id": of, "number": number, "position": position, "place": `{"scope":"unknown"}`, "clause": `{}`, "revision": 1, "created_at": now, "updated_at": now}))
}

func (r *room) match(lot, who int64, day string) int64 {
	return r.insert("matches", defaults(r.st, "matches", map[string]any{"lot_id": lot, "organisation_id": who, "state": "proposed", "explanation": "{}", "first_proposed_at": at(day), "computed_at": at(day), "updated_at": at(day)}))
}

// step says what became of a match.
func (r *room) step(match int64, to, day string) {
	r.exec("DELETE FROM pursuits WHERE match_id = ?", match)
	submitted := ""
	if to == "submitted" || to == "won" {
		submitted = day
	}
	r.exec("INSERT INTO pursuits (match_id, state, since, reason, note, role, partners, submitted_on, revision, created_at, updated_at) VALUES (?, ?, ?, '', '', '', '[]', ?, 1, ?, ?)", match, to, at(day), submitted, at(day), at(day))
	r.insert("pursuit_events", defaults(r.st, "pursuit_events", map[string]any{"match_id": match, "at": at(day), "from_state": "proposed", "to_state": to, "detail": "{}"}))
}

// refresh publishes, all that was written being looked at; it gives what was published.
func (r *room) refresh() string {
	r.t.Helper()
	_, err := r.counts.Rebuild(context.Background())
	r.must(err)
	last, err := r.s.Publish(context.Background())
	r.must(err)
	return last
}

// whole is a figure of everything, as it is counted.
func (r *room) figures(level activity.Level, code, month string) string {
	r.t.Helper()
	e, err := r.s.Now(accounts.With(context.Background(), accounts.Identity{UserID: 1, Role: accounts.Admin}))
	r.must(err)
	row := e.Find(level, code, month)
	if row == nil {
		return ""
	}
	out := ""
	for _, m := range activity.Measures()[:5] {
		out += fmt.Sprintf("%v ", *row.Figures[m])
	}
	return out
}

const drome = `{"territory":"commune:26281"}`

// A lot that several members answered and one won, whose award a notice tells, whose
// hours another member fills and that was noted as a prospect is one market.
func TestAMarketIsCountedOnceWhateverTellsIt(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		a, b, c := r.member(), r.member(), r.member()
		id, lots := r.tender("procedure:1", drome, 420, "1", "2")
		first, second := r.match(lots[0], a, "2026-09-02"), r.match(lots[0], b, "2026-09-03")
		r.match(lots[1], a, "2026-09-02")
		r.refresh()
		if got := r.figures(activity.Federation, "", activity.Whole); got != "2 0 0 0 0 " {
			t.Fatalf("proposed: %s", got)
		}
		r.step(second, "declined", "2026-09-08")
		r.step(first, "submitted", "2026-09-20")
		r.step(first, "won", "2026-10-05")
		r.insert("track_records", defaults(st, "track_records", map[string]any{"organisation_id": a, "source": "procedure:1", "title": "Gagné", "cpv": "77310000", "year": 2026}))
		prospect := r.insert("prospects", defaults(st, "prospects", map[string]any{"key": "k", "organisation_id": a, "territory": drome, "created_at": at("2026-08-01"), "updated_at": at("2026-08-01")}))
		r.insert("quotes", defaults(st, "quotes", map[string]any{"prospect_id": prospect, "organisation_id": a, "state": "accepted", "asked_on": "2026-08-20", "sent_on": "2026-08-25", "settled_on": "2026-10-05", "match_id": first, "revision": 3, "created_at": at("2026-08-20"), "updated_at": at("2026-10-05")}))
		hours := r.insert("opportunities", defaults(st, "opportunities", map[string]any{"kind": "insertion_hours", "state": "published", "title": "Heures", "key": "hours:1", "procurement_id": id, "place": `{"scope":"unknown"}`, "clause": `{"hours":420}`,
			"insertion": fmt.Sprintf(`{"lot":"LOT-0001","holders":[{"name":"A","siret":"%014d"}],"awarded":"2026-10-05"}`, 1), "revision": 1, "created_at": at("2026-10-06"), "updated_at": at("2026-10-06")}))
		left := r.lot(hours, 1, "1")
		r.exec("UPDATE lots SET hours = 420 WHERE id = ?", left)
		filled := r.match(left, c, "2026-10-06")
		r.step(filled, "won", "2026-11-02")
		r.refresh()
		if got := r.figures(activity.Federation, "", activity.Whole); got != "2 1 1 1 420 " {
			t.Errorf("all: %s", got)
		}
		for place, want := range map[string]string{"departement 26": "2 1 1 1 420 ", "region 84": "2 1 1 1 420 ", "epci 200068781": "2 1 1 1 420 "} {
			var level, code string
			_, _ = fmt.Sscan(place, &level, &code)
			if got := r.figures(activity.Level(level), code, activity.Whole); got != want {
				t.Errorf("%s: %s", place, got)
			}
		}
		if got := r.figures(activity.Federation, "", "2026-09"); got != "1 0 0 0 0 " { // the first was asked for, and its quote sent, in August
			t.Errorf("September: %s", got)
		}
		if got := r.figures(activity.Federation, "", "2026-10"); got != "0 0 0 1 420 " {
			t.Errorf("October: %s", got)
		}
		if last := r.refresh(); last != "" {
			t.Errorf("run again: %s", last)
		}
	})
}

// An award told by a notice alone is one win; a private purchase too; a lot that is
// won in a département and lies in two is the région's.
func TestWhatOnlyOneSourceTells(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		a := r.member()
		r.tender("procedure:2", `{"any":[{"territory":"departement:07"},{"territory":"departement:26"}]}`, 100, "1", "2")
		r.insert("track_records", defaults(st, "track_records", map[string]any{"organisation_id": a, "source": "procedure:2", "title": "Gagné", "cpv": "77310000", "year": 2026}))
		prospect := r.insert("prospects", defaults(st, "prospects", map[string]any{"key": "k", "organisation_id": a, "territory": drome, "created_at": at("2026-08-01"), "updated_at": at("2026-08-01")}))
		r.insert("quotes", defaults(st, "quotes", map[string]any{"prospect_id": prospect, "organisation_id": a, "state": "accepted", "asked_on": "2026-08-20", "sent_on": "2026-08-25", "settled_on": "2026-09-05", "revision": 3, "created_at": at("2026-08-20"), "updated_at": at("2026-09-05")}))
		r.refresh()
		if got := r.figures(activity.Region, "84", activity.Whole); got != "2 2 2 2 0 " {
			t.Errorf("région: %s", got)
		}
		if got := r.figures(activity.Departement, "26", activity.Whole); got != "1 1 1 1 0 " {
			t.Errorf("Drôme: %s", got)
		}
		r.exec("DELETE FROM quotes")
		r.refresh()
		if got := r.figures(activity.Region, "84", activity.Whole); got != "1 1 1 1 0 " {
			t.Errorf("without the quote: %s", got)
		}
	})
}

// What is published of few is withheld, and a quarter is published once.
func TestAQuarterIsPublishedOnceAndTellsNothingOfFew(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		var members []int64
		for range 6 {
			members = append(members, r.member())
		}
		for i := range 8 {
			_, lots := r.tender(fmt.Sprint("procedure:", i), drome, 100, "1")
			for _, who := range members {
				m := r.match(lots[0], who, "2026-08-03")
				if i < 5 && who == members[i] {
					r.step(m, "won", "2026-09-10")
				}
			}
		}
		_, lots := r.tender("procedure:loin", `{"territory":"commune:59350"}`, 70, "1")
		r.step(r.match(lots[0], members[0], "2026-08-04"), "won", "2026-09-11")
		if last := r.refresh(); last != "2026-09" {
			t.Fatalf("published %s", last)
		}
		published := func() activity.Edition {
			all, err := r.s.Editions(context.Background())
			r.must(err)
			if len(all) != 1 {
				t.Fatalf("%d editions", len(all))
			}
			return all[0]
		}
		e := published()
		if v := e.Find(activity.Federation, "", activity.Whole).Figures[activity.Won]; v == nil || *v != 6 {
			t.Errorf("won in all: %v", v)
		}
		if v := e.Find(activity.Region, "32", activity.Whole).Figures[activity.Won]; v != nil {
			t.Errorf("one win of one enterprise is told: %v", *v)
		}
		if v := e.Find(activity.Region, "84", activity.Whole).Figures[activity.Won]; v != nil {
			t.Errorf("what is left gives it back: %v", *v)
		}
		r.exec("DELETE FROM pursuits")
		r.exec("DELETE FROM pursuit_events")
		r.refresh()
		if !reflect.DeepEqual(published(), e) {
			t.Error("what was published changed")
		}
		if _, err := r.s.Now(context.Background()); err == nil {
			t.Error("a visitor reads what is not protected")
		}
	})
}
