package markets_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"maillage/followup"
	"maillage/followup/prospects"
	"maillage/indicators/markets"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
)

// One market is told four ways: a lot that a member won, the quote that it sent, the
// award that names it, and the hours of the award that another member fills.
func TestAMarketIsCountedOnce(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		call := r.call("procedure:livron", "26165", 1)
		m := r.match(call.Lots[0].ID, 0)
		r.match(call.Lots[0].ID, 1)
		q := r.prospect("a", 0)
		r.refresh()
		if got := r.dump(); strings.Count(got, ": shown ") != 2 {
			t.Fatalf("a lot and a purchase are two markets:\n%s", got)
		}
		r.clock.Advance(48 * time.Hour)
		r.win(0, m)
		r.quote(q.ID, prospects.Step{To: prospects.QuoteSent, Amount: 900, Match: &m})
		r.quote(q.ID, prospects.Step{To: prospects.Accepted})
		r.credit(call, "Espaces verts", 0, 1)
		r.clock.Advance(48 * time.Hour)
		left := r.hours(call, "", 420)
		r.win(2, r.match(left.Lots[0].ID, 2))
		r.refresh()
		var rows []markets.Market
		r.must(st.Read().NewSelect().Model(&rows).Scan(r.ctx))
		if len(rows) != 1 {
			t.Fatalf("%d markets:\n%s", len(rows), r.dump())
		}
		if m := rows[0]; m.WonOn != "2026-11-04" || m.Noticed || m.Hours != 420 || m.Departement != "26" || m.Region != "84" || m.EPCI == "" || m.SubmittedOn != "2026-11-04" || at(m.ShownAt) != "2026-11-02T08:00:00Z" {
			t.Errorf("market %+v", m)
		}
	})
}

// The wins of the year are those of the report: partners who win a lot together, who fills
// the hours that its award left, and the quote that answers it, are one; a post is none.
func TestTheWinsOfTheYearAreThoseOfTheReport(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		whole, lots, again := r.call("procedure:livron", "26165", 1), r.call("procedure:die", "26113", 2), r.call("ted:livron", "26165", 1)
		for i := range 2 {
			id := r.match(whole.Lots[0].ID, i)
			r.move(i, id, followup.Step{To: followup.Go}, followup.Step{To: followup.Answering, Role: []followup.Role{followup.Lead, followup.Partner}[i], Partners: []network.ID{r.members[1-i].ID}}, followup.Step{To: followup.Submitted})
			r.tx(func(ctx context.Context, tx store.Tx) error {
				_, err := tx.NewRaw("UPDATE pursuits SET state = 'won' WHERE match_id = ?", id).Exec(ctx)
				return err
			})
		}
		m := r.match(lots.Lots[1].ID, 0)
		r.win(0, m)
		q := r.prospect("a", 0)
		r.quote(q.ID, prospects.Step{To: prospects.QuoteSent, Amount: 900, Match: &m})
		r.quote(q.ID, prospects.Step{To: prospects.Accepted})
		alone := r.prospect("b", 1)
		r.quote(alone.ID, prospects.Step{To: prospects.QuoteSent, Amount: 500})
		r.quote(alone.ID, prospects.Step{To: prospects.Accepted})
		r.clock.Advance(48 * time.Hour)
		r.win(2, r.match(r.hours(whole, "", 420).Lots[0].ID, 2))
		r.win(1, r.match(r.hours(lots, "2", 300).Lots[0].ID, 1))
		r.win(2, r.match(again.Lots[0].ID, 2))
		r.tx(func(ctx context.Context, tx store.Tx) error {
			_, err := tx.NewRaw("INSERT INTO procurement_pairs (low, high, score, verdict, moved, proposed_at, judged_at) VALUES ('procedure:livron', 'ted:livron', 1, 'same', '{}', ?, ?)", r.clock.Now(), r.clock.Now()).Exec(ctx)
			return err
		})
		post := r.call("post", "26165", 1)
		r.win(1, r.match(post.Lots[0].ID, 1))
		r.tx(func(ctx context.Context, tx store.Tx) error {
			_, err := tx.NewRaw("UPDATE opportunities SET kind = 'job_need' WHERE id = ?", post.ID).Exec(ctx)
			return err
		})
		r.refresh()
		officer := r.officer("departement:26")
		f, err := r.Look(officer, markets.Wanted{From: "2026-01", Until: "2026-12"})
		r.must(err)
		wins, err := r.deals.Wins(officer, 2026)
		r.must(err)
		if f.Total.Won != 3 || wins.Contracts != 2 || wins.Quotes != 1 || wins.Amount != 500 {
			t.Errorf("%d won for the report, %+v in the year", f.Total.Won, wins)
		}
	})
}

// The hours of the clause of a whole call are of no lot of several; an award that
// names no lot is one market of the call, beside its lots; one that names a lot is its own.
func TestLotsOfACall(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		call := r.call("procedure:crest", "26108", 2)
		r.match(call.Lots[0].ID, 0)
		r.match(call.Lots[1].ID, 0)
		r.credit(call, "Espaces verts, lot 2 : Secteur 2", 1)
		r.refresh()
		if got := r.dump(); strings.Count(got, ": shown ") != 2 || strings.Count(got, " won 2") != 0 || strings.Count(got, `true, 0 h`) != 1 {
			t.Errorf("an award of a lot:\n%s", got)
		}
		r.credit(call, "Un accord", 1)
		r.refresh()
		if got := r.dump(); strings.Count(got, ": shown ") != 3 || !strings.Contains(got, "call:") {
			t.Errorf("an award of no lot:\n%s", got)
		}
		r.win(1, r.match(call.Lots[0].ID, 1))
		r.refresh()
		if got := r.dump(); strings.Contains(got, "call:") || strings.Count(got, " won "+`"2026`) != 1 {
			t.Errorf("its winner told the lot:\n%s", got)
		}
		other := r.call("procedure:die", "26113", 1)
		r.credit(other, "Espaces verts", 2)
		r.refresh()
		r.clock.Advance(3 * time.Hour)
		r.refresh()
		r.credit(other, "")
		r.refresh()
		if got := r.dump(); strings.Contains(got, "true") {
			t.Errorf("the notices took the award back:\n%s", got)
		}
	})
}

// Two calls that somebody judged the same are one market.
func TestCallsJudgedTheSame(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		a, b := r.call("boamp:1", "26108", 1), r.call("ted:1", "26108", 1)
		r.win(0, r.match(a.Lots[0].ID, 0))
		r.win(0, r.match(b.Lots[0].ID, 0))
		r.refresh()
		if strings.Count(r.dump(), ": shown ") != 2 {
			t.Fatal(r.dump())
		}
		r.tx(func(ctx context.Context, tx store.Tx) error {
			_, err := tx.NewRaw("INSERT INTO procurement_pairs (low, high, score, verdict, moved, proposed_at, judged_at) VALUES ('boamp:1', 'ted:1', 1, 'same', '{}', ?, ?)", r.clock.Now(), r.clock.Now()).Exec(ctx)
			return err
		})
		r.refresh()
		if got := r.dump(); strings.Count(got, ": shown ") != 1 {
			t.Error(got)
		}
	})
}

// Whatever happens, in whatever order, what is kept up to date is what a computation
// from nothing gives.
func TestKeptUpToDateIsComputedFromNothing(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		for seed := range uint64(4) {
			r := open(t, st)
			r.wander(rand.New(rand.NewPCG(seed, 7)), 40)
			r.refresh()
			kept := r.dump()
			r.tx(func(ctx context.Context, tx store.Tx) error {
				if _, err := tx.NewRaw("DELETE FROM market_figures").Exec(ctx); err != nil {
					return err
				}
				return tx.Set(ctx, "markets.until", "")
			})
			r.refresh()
			if fresh := r.dump(); kept != fresh || strings.Count(fresh, ": shown ") < 3 {
				t.Fatalf("seed %d: kept\n%s\n\nfrom nothing\n%s", seed, kept, fresh)
			}
			if _, err := r.Rebuild(r.ctx); err != nil || r.dump() != kept {
				t.Fatalf("seed %d: rebuilt, %v\n%s", seed, err, r.dump())
			}
			r.scrap()
		}
	})
}

// scrap empties the room for the next seed.
func (r *room) scrap() {
	r.tx(func(ctx context.Context, tx store.Tx) error {
		for _, table := range []string{"market_figures", "quote_events", "quotes", "prospects", "pursuit_events", "pursuits", "match_events", "matches", "procurement_pairs", "track_records", "lots", "opportunity_events"} {
			if _, err := tx.NewRaw("DELETE FROM " + table).Exec(ctx); err != nil {
				return err
			}
		}
		for _, q := range []string{"UPDATE opportunities SET procurement_id = NULL", "DELETE FROM opportunities", "UPDATE organisations SET siret = '', active = ?"} {
			if _, err := tx.NewRaw(q, false).Exec(ctx); err != nil {
				return err
			}
		}
		return tx.Set(ctx, "markets.until", "")
	})
}

// wander does so many things by chance, the job running now and then.
func (r *room) wander(by *rand.Rand, steps int) {
	var calls []*opportunities.Opportunity
	var ids []matching.ID
	var quotes []*prospects.Quote
	owner := map[matching.ID]int{}
	towns := []string{"26108", "26165", "07010", "59350"}
	for n := range steps {
		r.clock.Advance(time.Duration(by.IntN(2000)) * time.Minute)
		what := by.IntN(10)
		if n < 2 {
			what = 0
		}
		switch what {
		case 0, 1:
			calls = append(calls, r.call("procedure:"+r.clock.Now().String(), towns[by.IntN(4)], 1+by.IntN(3)))
		case 2, 3:
			c, member := calls[by.IntN(len(calls))], by.IntN(3)
			id := r.match(c.Lots[by.IntN(len(c.Lots))].ID, member)
			ids, owner[id] = append(ids, id), member
		case 4, 5:
			if len(ids) == 0 {
				continue
			}
			r.stroll(by, ids[by.IntN(len(ids))], owner)
		case 6:
			quotes = append(quotes, r.prospect(r.clock.Now().String(), by.IntN(3)))
		case 7:
			r.bargain(by, quotes, ids, owner)
		case 8:
			c := calls[by.IntN(len(calls))]
			if c.Kind == opportunities.Tender {
				r.credit(c, []string{"Espaces verts", "Espaces verts, lot 2 : Secteur 2"}[by.IntN(2)], by.Perm(3)[:by.IntN(3)]...)
			}
		case 9:
			c := calls[by.IntN(len(calls))]
			if c.Kind == opportunities.Tender {
				calls = append(calls, r.hours(c, []string{"", "1", "9"}[by.IntN(3)], float64(100*by.IntN(9))))
			}
		}
		if by.IntN(3) == 0 {
			r.refresh()
		}
	}
}

// stroll takes a step that a pursuit may take, whichever.
func (r *room) stroll(by *rand.Rand, id matching.ID, owner map[matching.ID]int) {
	ctx := r.as(owner[id])
	p, err := r.follow.Get(ctx, id)
	r.must(err)
	next := p.State.Next()
	step := followup.Step{To: next[by.IntN(len(next))]}
	if reasons := followup.Reasons(step.To); len(reasons) > 0 {
		step.Reason = reasons[0]
	}
	switch step.To {
	case followup.Answering:
		step.Role = followup.Alone
	case followup.Submitted:
		step.SubmittedOn = r.day()
	default:
	}
	_, _ = r.follow.Move(ctx, id, 0, step) // what cannot be is refused
}

// bargain takes a step that a quote may take, at times of a call.
func (r *room) bargain(by *rand.Rand, quotes []*prospects.Quote, ids []matching.ID, owner map[matching.ID]int) {
	if len(quotes) == 0 {
		return
	}
	q := quotes[by.IntN(len(quotes))]
	step := prospects.Step{To: prospects.QuoteStates()[1+by.IntN(4)]}
	if reasons := prospects.Reasons(step.To); len(reasons) > 0 {
		step.Reason = reasons[0]
	}
	for _, id := range ids {
		if r.members[owner[id]].ID == q.OrganisationID && by.IntN(3) == 0 {
			step.Match = &id
		}
	}
	_, _ = r.deals.Move(r.officer("departement:26"), q.ID, 0, step)
}

// What was told won before the server refused it, of a lot that was gone by then, counts
// nowhere: neither in the report, nor as a win of the year; what was won before counts.
func TestAnOldWinOnWhatWasGoneCountsNowhere(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		var ids []matching.ID
		var calls []*opportunities.Opportunity
		for i := range 4 {
			call := r.call(fmt.Sprintf("procedure:%d", i), "26165", 2)
			calls, ids = append(calls, call), append(ids, r.match(call.Lots[0].ID, 0))
			r.clock.Advance(time.Hour)
			r.win(0, ids[i])
		}
		r.clock.Advance(time.Hour)
		gone := func(cancelled, removed int) {
			_, err := r.offers.Cancel(r.ctx, opportunities.By{}, calls[cancelled].ID, 0)
			r.must(err)
			fewer := *calls[removed]
			fewer.Lots = fewer.Lots[1:]
			_, err = r.offers.Update(r.ctx, opportunities.By{}, 0, &fewer)
			r.must(err)
		}
		gone(0, 1) // won before
		r.clock.Advance(time.Hour)
		gone(2, 3)
		r.clock.Advance(time.Hour)
		r.tx(func(ctx context.Context, tx store.Tx) error {
			_, err := tx.NewRaw("UPDATE pursuits SET since = ? WHERE match_id IN (?)", r.clock.Now().UTC(), bun.List(ids[2:])).Exec(ctx)
			return err
		})
		testkit.MigrateAgain(t, st, "20261207000300_wins_on_what_was_gone")
		_, err := r.Rebuild(r.ctx)
		r.must(err)
		report, err := r.Report(r.officer("departement:26"), markets.Wanted{From: "2026-11", Until: "2026-12", By: markets.ByEPCI})
		r.must(err)
		wins, err := r.deals.Wins(r.officer("departement:26"), 2026)
		r.must(err)
		if won := report.Tables[0].Rows[0].Cells[4].Value; won != 2 || wins.Total() != 2 {
			t.Errorf("%v won for the report, %d in the year", won, wins.Total())
		}
		p, err := r.follow.Get(r.as(0), ids[3])
		r.must(err)
		events, err := r.follow.Events(r.ctx, ids[3])
		r.must(err)
		if e := events[0]; p.State != followup.NoAward || e.Origin != followup.ByGone || e.From != followup.Won || !p.Since.Equal(e.At) {
			t.Errorf("after: %+v, told by %+v", p, e)
		}
		r.move(0, ids[1], followup.Step{To: followup.Won}) // and what was true stays
	})
}
