package markets_test

import (
	"context"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/followup"
	"maillage/followup/prospects"
	"maillage/indicators/markets"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
)

// told is a room where three lots were shown, one answered no, one won with its hours
// and a quote, and one of the Nord won as a notice says; a member asked and another was advised.
func told(t testing.TB, st *store.Store) *room {
	r := open(t, st)
	a, b, north := r.call("procedure:a", "26165", 1), r.call("procedure:b", "07010", 1), r.call("procedure:c", "59350", 1)
	r.lots = []opportunities.LotID{a.Lots[0].ID, b.Lots[0].ID, north.Lots[0].ID}
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
		if _, err := tx.NewRaw("INSERT INTO legal_questions (user_id, organisation_id, theme, title, commune, region, state, adviser_id, revision, asked_at, updated_at) SELECT MAX(id), ?, 'work', 'Une question', '', '', 'answered', 0, 1, ?, ? FROM users", r.members[0].ID, now, now).Exec(ctx); err != nil {
			return err
		}
		if _, err := tx.NewRaw("INSERT INTO legal_messages (question_id, kind, body, author_id, author_for, at) SELECT id, 'answer', 'Oui.', 1, ?, ? FROM legal_questions", r.association.ID, now).Exec(ctx); err != nil {
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
		if f.Support != (markets.Support{Members: 1, Answered: 1, Advised: 1}) {
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
		if f.Total.Won != want || f.Association == nil || f.Association.ID != int64(r.association.ID) {
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

// A report is of one association: two that share a territory count its markets alike,
// and each its own support; what an officer did stays where they were then.
func TestSupportIsOfTheAssociationThatGaveIt(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := told(t, st)
		other := r.save(&network.Organisation{Role: network.Regional, Name: "Maillage voisin", Active: true, Source: "demo", Sites: []network.Site{{Main: true, Commune: "45234"}}})
		one, two, beside, theirs := r.officer("departement:26"), r.officer("departement:07"), r.officerOf(other, "departement:26"), r.officerOf(other, "departement:07")
		admin := accounts.With(r.ctx, accounts.Identity{UserID: 1, Role: accounts.Admin})
		compose := func(ctx context.Context, key string, lot int) matching.ConsortiumID {
			c, err := r.matches.CreateConsortium(ctx, matching.By{UserID: int64(accounts.From(ctx).UserID)}, &matching.Consortium{LotID: r.lots[lot], Key: key, Name: key, Form: matching.Joint, LeadID: r.members[1].ID, Members: []matching.Partner{{OrganisationID: r.members[1].ID}, {OrganisationID: r.members[2].ID}}})
			r.must(err)
			return c.ID
		}
		compose(one, "groupe", 2)
		look := func(ctx context.Context, w markets.Wanted) *markets.Figures {
			t.Helper()
			f, err := r.Look(ctx, w)
			r.must(err)
			return f
		}
		a, again, b := look(one, markets.Wanted{}), look(two, markets.Wanted{}), look(beside, markets.Wanted{})
		if a.Support != (markets.Support{Members: 3, Answered: 1, Advised: 1, Composed: 2}) || !reflect.DeepEqual(a, again) {
			t.Errorf("own %+v, to a colleague %+v", a, again)
		}
		if b.Support != (markets.Support{}) || b.Total.Supported != 0 || b.Total.Won != a.Total.Won || b.Total.Shown != a.Total.Shown || b.Association.Name != "Maillage voisin" {
			t.Errorf("beside %+v of %+v", b.Total, b.Association)
		}
		if f := look(admin, markets.Wanted{Association: int64(other.ID)}); f.Support != b.Support || f.Total != b.Total {
			t.Errorf("chosen %+v", f.Total)
		}
		if f := look(admin, markets.Wanted{}); f.Association != nil || f.Support != a.Support || f.Total.Won != 2 {
			t.Errorf("all %+v", f.Total)
		}
		// Members of elsewhere are supported too; a territory that is asked bounds both.
		if f := look(one, markets.Wanted{Where: "departement:07"}); f.Support != (markets.Support{}) || f.Total.Won != 0 {
			t.Errorf("of the Ardèche %+v", f)
		}
		// Who changes association leaves what they did.
		r.tx(func(ctx context.Context, tx store.Tx) error {
			_, err := tx.NewRaw("UPDATE users SET organisation_id = ? WHERE id = ?", other.ID, accounts.From(one).UserID).Exec(ctx)
			return err
		})
		if f := look(two, markets.Wanted{}); f.Support != a.Support {
			t.Errorf("after they left %+v", f.Support)
		}
		for _, bad := range []int64{int64(other.ID), 999} {
			if _, err := r.Look(two, markets.Wanted{Association: bad}); !fault.Is(err, fault.KindForbidden) {
				t.Errorf("an officer reads %d: %v", bad, err)
			}
		}
		if _, err := r.Look(admin, markets.Wanted{Association: int64(r.members[0].ID)}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("a member is an association: %v", err)
		}
		if all, err := r.Associations(admin); err != nil || len(all) != 2 {
			t.Errorf("associations %+v, %v", all, err)
		}
		if all, err := r.Associations(theirs); err != nil || len(all) != 1 || all[0].ID != int64(other.ID) {
			t.Errorf("their association %+v, %v", all, err)
		}
	})
}

// A purchase noted afterwards is counted in the months when it happened, not in the one
// when it was typed.
func TestAQuoteIsDatedOfTheDaysThatAreSaid(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		r.clock.Advance(35 * 24 * time.Hour) // December
		officer := r.officer("departement:26")
		p, err := r.deals.Note(officer, prospects.Prospect{Key: "after", Market: prospects.Private, Buyer: "Une coopérative", Need: "Tontes", Territory: `{"territory":"commune:26113"}`, Source: prospects.SaidByBuyer})
		r.must(err)
		q, err := r.deals.Ask(officer, p.ID, r.members[0].ID, "2026-10-19")
		r.must(err)
		r.quote(q.ID, prospects.Step{To: prospects.QuoteSent, On: "2026-11-12"})
		r.quote(q.ID, prospects.Step{To: prospects.Accepted, On: "2026-11-27"})
		r.refresh()
		f, err := r.Look(officer, markets.Wanted{From: "2026-10", Until: "2026-12"})
		r.must(err)
		want := []markets.Line{{Code: "2026-10", Shown: 1}, {Code: "2026-11", Answered: 1, Submitted: 1, Won: 1}, {Code: "2026-12"}}
		if !slices.Equal(f.Months, want) {
			t.Errorf("months %+v", f.Months)
		}
		if f.Wait == nil || f.Wait.Followed != 1 || f.Wait.LeftOut != 0 {
			t.Errorf("wait %+v", f.Wait)
		}
		same, err := r.deals.Note(officer, prospects.Prospect{Key: "same day", Market: prospects.Private, Buyer: "Un foyer", Need: "Tontes", Territory: `{"territory":"commune:26113"}`, Source: prospects.SaidByBuyer})
		r.must(err)
		q, err = r.deals.Ask(officer, same.ID, r.members[0].ID, "")
		r.must(err)
		r.quote(q.ID, prospects.Step{To: prospects.QuoteSent})
		r.refresh()
		if f, err = r.Look(officer, markets.Wanted{From: "2026-10", Until: "2026-12"}); err != nil || f.Wait.Followed != 2 {
			t.Errorf("answered on the day: %+v, %v", f.Wait, err)
		}
	})
}

// A market whose notice says that it has no clause is not one of which the hours are not
// told; what was over before it was shown waits for nothing, and the report says so.
func TestWhatTheReportLeavesOut(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		bare := r.call("procedure:bare", "26165", 1)
		r.tx(func(ctx context.Context, tx store.Tx) error {
			_, err := tx.NewRaw(`UPDATE opportunities SET clause = '{"verdict":"none"}' WHERE id = ?`, bare.ID).Exec(ctx)
			return err
		})
		r.tx(func(ctx context.Context, tx store.Tx) error {
			_, err := tx.NewRaw(`UPDATE lots SET clause = '{}' WHERE opportunity_id = ?`, bare.ID).Exec(ctx)
			return err
		})
		r.match(bare.Lots[0].ID, 0)
		late := r.call("procedure:late", "26165", 1)
		r.credit(bare, "Espaces verts", 0)
		r.clock.Advance(40 * 24 * time.Hour)
		r.match(late.Lots[0].ID, 0)
		r.refresh()
		report, err := r.Report(r.officer("departement:26"), markets.Wanted{From: "2026-11", Until: "2026-12"})
		r.must(err)
		if l := report.Figures.Total; l.Won != 1 || l.Unclaused != 1 || report.Tables[0].Rows[0].Cells[5].Unsaid {
			t.Errorf("without a clause: %+v, %+v", l, report.Tables[0].Rows[0].Cells)
		}
		var notes string
		for _, n := range report.Notes {
			notes += n.FR + "\n"
		}
		for _, want := range []string{"0 sur les 0", "quand ils ont été proposés : 1."} {
			if !strings.Contains(notes, want) {
				t.Errorf("no note says %q: %s", want, notes)
			}
		}
	})
}
