package markets_test

import (
	"context"
	"math"
	"slices"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/followup"
	"maillage/indicators/markets"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching"
)

// told is a room where three lots were shown, one answered no, one won with its hours
// and a quote, and one of the Nord won as a notice says; a member asked and another was advised.
func told(t testing.TB, st *store.Store) *room {
	r := open(t, st)
	a, b, north := r.call("procedure:a", "26165", 1), r.call("procedure:b", "07010", 1), r.call("procedure:c", "59350", 1)
	won, no := r.match(a.Lots[0].ID, 0), r.match(b.Lots[0].ID, 1)
	r.match(north.Lots[0].ID, 2)
	q := r.prospect("a", 0)
	r.clock.Advance(10 * 24 * time.Hour)
	r.win(0, won)
	r.quote(q.ID, quoteOf(won))
	r.move(1, no, followup.Step{To: followup.Declined, Reason: matching.TooFar})
	r.credit(north, "Espaces verts", 2)
	r.clock.Advance(20 * 24 * time.Hour) // December
	r.credit(a, "Espaces verts", 0)
	left := r.hours(a, "1", 803.5)
	r.win(1, r.match(left.Lots[0].ID, 1))
	r.tx(func(ctx context.Context, tx store.Tx) error {
		now := r.clock.Now()
		if _, err := tx.NewRaw("INSERT INTO users (email, email_folded, name, role, lang, organisation_id, perimeter, password, revision, created_at, updated_at) VALUES ('a@example.org', 'a@example.org', 'A', 'member', 'fr', ?, '', '', 1, ?, ?)", r.members[0].ID, now, now).Exec(ctx); err != nil {
			return err
		}
		if _, err := tx.NewRaw("INSERT INTO legal_questions (user_id, organisation_id, theme, title, commune, region, state, adviser_id, revision, asked_at, updated_at) SELECT id, ?, 'work', 'Une question', '', '', 'asked', 0, 1, ?, ? FROM users", r.members[0].ID, now, now).Exec(ctx); err != nil {
			return err
		}
		for i, outcome := range []string{"reached", "no_answer", "needs_help"} {
			if _, err := tx.NewRaw("INSERT INTO contacts (key, organisation_id, way, spoken_with, outcome, said, promise, promised_for, noted_for, at, created_at) VALUES (?, ?, 'call', '', ?, '', '', '', ?, ?, ?)", outcome, r.members[i%2].ID, outcome, r.association.ID, now, now).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	r.refresh()
	return r
}

func TestFiguresOfAPeriod(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := told(t, st)
		admin := accounts.With(r.ctx, accounts.Identity{UserID: 1, Role: accounts.Admin})
		f, err := r.Look(admin, markets.Wanted{From: "2026-11", Until: "2026-12"})
		r.must(err)
		want := markets.Line{Supported: 1, Shown: 3, Answered: 2, Submitted: 1, Won: 2, Noticed: 1, Told: 2, Hours: 803.5 + 1607, FTE: 1.5}
		if got := f.Total; math.Abs(got.FTE-want.FTE) > 1e-9 || withoutFTE(got) != withoutFTE(want) {
			t.Errorf("total %+v", got)
		}
		if f.Support != (markets.Support{Members: 1, Asked: 1, Advised: 1}) {
			t.Errorf("support %+v", f.Support)
		}
		for name, lines := range map[string][]markets.Line{"places": f.Places, "months": f.Months} {
			var sum markets.Line
			for _, l := range lines {
				sum.Shown, sum.Answered, sum.Submitted, sum.Won, sum.Noticed, sum.Told, sum.Hours, sum.FTE = sum.Shown+l.Shown, sum.Answered+l.Answered, sum.Submitted+l.Submitted, sum.Won+l.Won, sum.Noticed+l.Noticed, sum.Told+l.Told, sum.Hours+l.Hours, sum.FTE+l.FTE
			}
			sum.Supported = 1
			if withoutFTE(sum) != withoutFTE(want) || math.Abs(sum.FTE-1.5) > 1e-9 {
				t.Errorf("%s do not add up: %+v", name, lines)
			}
		}
		if codes(f.Places) != "07 26 59 " || codes(f.Months) != "2026-11 2026-12 " || f.Months[1].Shown != 0 || f.Months[1].Supported != 1 {
			t.Errorf("lines %+v %+v", f.Places, f.Months)
		}
		if w := f.Wait; w == nil || w.Followed != 3 || w.Answered != 2 || !w.Withheld || !math.IsInf(w.Median, 1) {
			t.Errorf("wait %+v", f.Wait)
		}
		if f.Reference.Hours != 1607 || f.Reference.Source == "" {
			t.Errorf("reference %+v", f.Reference)
		}
	})
}

func codes(lines []markets.Line) (out string) {
	for _, l := range lines {
		out += l.Code + " "
	}
	return out
}

func withoutFTE(l markets.Line) markets.Line { l.FTE, l.Code = 0, ""; return l }

// An officer counts what touches the perimeter, and no more where more is asked.
func TestWhoCountsWhat(t *testing.T) {
	t.Parallel()
	r := told(t, testkit.SQLite(t))
	for where, want := range map[string]int{"": 1, "departement:59": 0, "region:84": 1} {
		f, err := r.Look(r.officer("departement:26"), markets.Wanted{Where: where})
		r.must(err)
		if f.Total.Won != want || !f.Perimeter {
			t.Errorf("%q: %+v", where, f.Total)
		}
	}
	for _, who := range []accounts.Identity{{}, {UserID: 3, Role: accounts.Member, OrganisationID: int64(r.members[0].ID)}, {UserID: 3, Role: accounts.Researcher}} {
		if _, err := r.Look(accounts.With(r.ctx, who), markets.Wanted{}); err == nil {
			t.Errorf("%s counts", who.Role)
		}
	}
	for _, w := range []markets.Wanted{{From: "2026"}, {From: "2026-05", Until: "2026-04"}, {From: "2000-01"}, {By: "pays"}, {Where: "departement:xx"}} {
		if _, err := r.Look(r.officer("departement:26"), w); !fault.Is(err, fault.KindInvalid) || len(fault.Of(err).Fields) != 1 {
			t.Errorf("%+v: %v", w, err)
		}
	}
	if !slices.Equal(markets.Levels(), []markets.By{markets.ByRegion, markets.ByDepartement, markets.ByEPCI}) {
		t.Error("levels")
	}
}
