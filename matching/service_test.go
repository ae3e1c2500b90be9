package matching_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/territories"
)

// room is a database with the services that write to it.
type room struct {
	t       *testing.T
	ctx     context.Context
	st      *store.Store
	clock   *testkit.Clock
	network *network.Service
	lots    *opportunities.Service
	matches *matching.Service
}

func open(t *testing.T, st *store.Store) *room {
	t.Helper()
	atlas, err := territories.Load()
	if err != nil {
		t.Fatal(err)
	}
	clock := testkit.NewClock("2026-11-23T08:00:00Z")
	return &room{
		t: t, ctx: context.Background(), st: st, clock: clock,
		network: network.NewService(network.Config{Store: st, Atlas: atlas, Now: clock.Now}),
		lots:    opportunities.NewService(opportunities.Config{Store: st, Atlas: atlas, Now: clock.Now}),
		matches: matching.NewService(matching.Config{Store: st, Atlas: atlas, Now: clock.Now}),
	}
}

func (r *room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func cpv(c string) []nomenclatures.Code {
	return []nomenclatures.Code{{Scheme: nomenclatures.SchemeCPV, Value: c}}
}

// gardener is an ACI in Crest that looks after green spaces around it.
func gardener() *network.Organisation {
	return &network.Organisation{
		Role: network.Member, Kind: network.KindACI, Name: "Brindesaule", Email: "contact@brindesaule.example", Active: true, Source: "demo",
		Sites:    []network.Site{{Main: true, Commune: "26108", Postcode: "26400", City: "Crest"}},
		Statuses: []network.Status{{Kind: network.ConventionACI, From: "2026-01-01", Until: "2026-12-31", FTE: 2.9, Origin: network.Declared}},
		Activities: []network.Activity{{
			Codes: cpv("77310000"), Modes: []network.Mode{network.Provision}, Zone: `{"radius":{"commune":"26108","km":40}}`,
			Origin: network.Declared, ZoneOrigin: network.Declared,
		}},
	}
}

func tender() *opportunities.Opportunity {
	deadline := time.Date(2026, 12, 7, 11, 0, 0, 0, time.UTC)
	return &opportunities.Opportunity{
		Kind: opportunities.Tender, Title: "Espaces verts", BuyerName: "Ville de Livron", Source: "officer", Deadline: &deadline,
		Place:  opportunities.Place{Scope: opportunities.InCommunes, Perimeter: `{"territory":"commune:26165"}`},
		Clause: opportunities.Clause{Verdict: opportunities.ClauseExecution, Hours: 420},
		Lots:   []opportunities.Lot{{Number: "1", Title: "Espaces verts et berges", Codes: cpv("77310000"), FTE: 5}},
	}
}

func (r *room) save(o *network.Organisation) *network.Organisation {
	r.t.Helper()
	out, err := r.network.Save(r.ctx, o, 0)
	r.must(err)
	return out
}

func (r *room) publish(o *opportunities.Opportunity) *opportunities.Opportunity {
	r.t.Helper()
	made, err := r.lots.Create(r.ctx, opportunities.By{}, o)
	r.must(err)
	made, err = r.lots.Publish(r.ctx, opportunities.By{}, made.ID, 0)
	r.must(err)
	return made
}

// reply says the last word of a member, as followup does.
func (r *room) reply(id matching.ID, said matching.Said) (out *matching.Match, err error) {
	said.At = r.clock.Now()
	err = r.st.InTx(r.ctx, func(ctx context.Context, tx store.Tx) error {
		if out, err = matching.Hold(ctx, tx, id); err != nil {
			return err
		}
		if err := errors.Join(out.Holds(), matching.Answerable(ctx, tx, out.LotID)); err != nil {
			return err
		}
		return matching.KeepReply(ctx, tx, out, said)
	})
	return out, err
}

// work does what the jobs waiting in the queue ask, as the jobs door does.
func (r *room) work() {
	r.t.Helper()
	var rows []struct {
		ID   int64  `bun:"id"`
		Kind string `bun:"kind"`
		Args string `bun:"args"`
	}
	r.must(r.st.Read().NewRaw("SELECT id, kind, "+r.jobText("args")+" AS args FROM river_job WHERE state = 'available' ORDER BY id").Scan(r.ctx, &rows))
	for _, j := range rows {
		switch j.Kind {
		case opportunities.Changed{}.Kind():
			var a opportunities.Changed
			r.must(json.Unmarshal([]byte(j.Args), &a))
			r.must(r.matches.RefreshLots(r.ctx, a.Lots))
		case network.Changed{}.Kind():
			var a network.Changed
			r.must(json.Unmarshal([]byte(j.Args), &a))
			r.must(r.matches.RefreshOrganisations(r.ctx, a.IDs))
		}
		r.must(r.st.InTx(r.ctx, func(ctx context.Context, tx store.Tx) error {
			_, err := tx.NewRaw("DELETE FROM river_job WHERE id = ?", j.ID).Exec(ctx)
			return err
		}))
	}
}

// jobText reads a column that river keeps, on SQLite, in the engine's own form.
func (r *room) jobText(column string) string {
	if r.st.Engine() == store.PostgreSQL {
		return "CAST(" + column + " AS text)"
	}
	return "json(" + column + ")"
}

// rows gives every match that holds, as text without what a row's own life adds.
func (r *room) rows() map[string]string {
	r.t.Helper()
	var all []matching.Match
	r.must(r.st.Read().NewSelect().Model(&all).Where("mt.state = ?", matching.Proposed).OrderExpr("mt.id").Scan(r.ctx))
	out := map[string]string{}
	for _, m := range all {
		explanation, err := json.Marshal(m.Explanation)
		r.must(err)
		out[fmt.Sprintf("lot %d organisation %d", m.LotID, m.OrganisationID)] = fmt.Sprintf("%d %d %d %s %d %d %s",
			m.Score, m.Confidence, m.ActivityID, m.Digest, m.LotRevision, m.OrganisationRevision, explanation)
	}
	return out
}

func (r *room) same(what string, got, want map[string]string) {
	r.t.Helper()
	for k, v := range want {
		if got[k] != v {
			r.t.Fatalf("%s: %s\n got %s\nwant %s", what, k, got[k], v)
		}
	}
	for k := range got {
		if _, ok := want[k]; !ok {
			r.t.Fatalf("%s: %s should not hold", what, k)
		}
	}
}

func TestAMatchFromPublicationToAnswer(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		member := r.save(gardener())
		o := r.publish(tender())
		r.work()
		a, err := r.matches.MatchesOfLot(r.ctx, o.Lots[0].ID, matching.Query{Near: 5, Apart: 5})
		r.must(err)
		if a.Total != 1 || len(a.Matches) != 1 {
			t.Fatalf("matches %+v", a)
		}
		m := a.Matches[0]
		const line = "Couvre toute la commune du lot, réalisation et entretien d'espaces verts (CPV\u00a077310000), à 16\u00a0km, clause d’insertion 420\u00a0h, 10\u00a0jours ouvrés."
		if m.Match == 0 || m.Rank != 1 || m.Organisation.Name != "Brindesaule" || m.Score < 80 {
			t.Fatalf("match %+v", m)
		}
		if m.Line.FR != line {
			t.Errorf("line %q, want %q", m.Line.FR, line)
		}
		if got := r.rows(); len(got) != 1 {
			t.Fatalf("rows %v", got)
		}
		said, err := r.reply(m.Match, matching.Said{Reply: matching.Interested, UserID: 3})
		r.must(err)
		if said.Reply != matching.Interested || said.RepliedBy == nil || *said.RepliedBy != 3 {
			t.Fatalf("said %+v", said)
		}
		// Rescoring keeps the answer.
		member.Activities[0].FTE = 5
		r.save(member)
		r.work()
		b, err := r.matches.MatchesOfOrganisation(r.ctx, member.ID, matching.Query{})
		r.must(err)
		if len(b.Matches) != 1 || b.Matches[0].Reply != matching.Interested || b.Matches[0].Score <= m.Score {
			t.Fatalf("after a change %+v", b.Matches)
		}
		// A match that no longer holds is withdrawn with the reason, never deleted.
		member.Activities[0].Zone = `{"territory":"commune:26108"}`
		r.save(member)
		r.work()
		kept, err := r.matches.Get(r.ctx, m.Match)
		r.must(err)
		if kept.State != matching.Withdrawn || kept.Reason != "territory" || kept.Reply != matching.Interested {
			t.Fatalf("withdrawn %+v", kept)
		}
		if _, err := r.reply(m.Match, matching.Said{Reply: matching.Interested}); !fault.Is(err, fault.KindConflict) {
			t.Fatalf("answered a withdrawn match: %v", err)
		}
		near, err := r.matches.MatchesOfLot(r.ctx, o.Lots[0].ID, matching.Query{Near: 5})
		r.must(err)
		if near.Total != 0 || len(near.Near) != 1 || near.Near[0].Missed != "territory" {
			t.Fatalf("near misses %+v", near)
		}
		if want := "Une zone de 20\u00a0km de plus atteindrait Livron-sur-Drôme, soit 100\u00a0% des habitants du lot."; near.Near[0].Change.FR != want {
			t.Errorf("what would change it: %q, want %q", near.Near[0].Change.FR, want)
		}
		events, err := r.matches.Events(r.ctx, m.Match)
		r.must(err)
		kinds := ""
		for _, e := range events {
			kinds += e.Kind + " "
		}
		if kinds != "withdrawn proposed " {
			t.Fatalf("history %q", kinds)
		}
	})
}

func TestCancellingALotWithdrawsItsMatches(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		r.save(gardener())
		o := r.publish(tender())
		r.work()
		_, err := r.lots.Cancel(r.ctx, opportunities.By{Note: "sans suite"}, o.ID, 0)
		r.must(err)
		r.work()
		var all []matching.Match
		r.must(st.Read().NewSelect().Model(&all).OrderExpr("mt.id").Scan(r.ctx))
		if len(all) != 1 || all[0].State != matching.Withdrawn || all[0].Reason != matching.ReasonLotCancelled {
			t.Fatalf("after a cancellation %+v", all)
		}
		a, err := r.matches.MatchesOfLot(r.ctx, o.Lots[0].ID, matching.Query{})
		r.must(err)
		if a.Total != 0 {
			t.Fatalf("a cancelled lot has candidates: %+v", a)
		}
	})
}

// A buyer that joins a pole of a candidate: the tie is told and not counted, in
// the lots it had already published.
func TestATieOfTheBuyerReachesItsLots(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		member := r.save(gardener())
		buyer := r.save(&network.Organisation{Role: network.Buyer, Name: "Ville de Livron", Active: true, Source: "demo"})
		o := tender()
		id := int64(buyer.ID)
		o.BuyerID = &id
		made := r.publish(o)
		r.work()
		before := r.rows()
		pole := &network.Pole{Key: "pole", Name: "Pôle du val", Seat: "26165", Territory: `{"territory":"departement:26"}`, Stage: network.StageActive, Members: []network.ID{member.ID}}
		_, err := r.network.SavePole(r.ctx, pole)
		r.must(err)
		pole.Members = append(pole.Members, buyer.ID)
		_, err = r.network.SavePole(r.ctx, pole)
		r.must(err)
		r.work()
		a, err := r.matches.MatchesOfLot(r.ctx, made.Lots[0].ID, matching.Query{})
		r.must(err)
		last := a.Matches[0].Criteria[len(a.Matches[0].Criteria)-1]
		if last.Key != "ties.buyer" || last.Points != 0 || last.Sentence.FR != "L’acheteur en est aussi\u00a0: Pôle du val. Ce lien n’est pas compté." {
			t.Fatalf("the tie with the buyer: %+v", last)
		}
		for k, v := range r.rows() {
			if before[k] == v {
				t.Fatal("the row doesn't know of the tie")
			}
		}
	})
}

// A deadline that has passed makes a lot history, not absent.
func TestAPassedDeadlineIsHistory(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		member := r.save(gardener())
		o := r.publish(tender())
		r.clock.Advance(30 * 24 * time.Hour)
		_, err := r.lots.CloseLate(r.ctx)
		r.must(err)
		r.work()
		a, err := r.matches.MatchesOfLot(r.ctx, o.Lots[0].ID, matching.Query{})
		r.must(err)
		if !a.History || a.Total != 1 || !a.Matches[0].History {
			t.Fatalf("after the deadline %+v", a)
		}
		before, err := r.matches.MatchesOfLot(r.ctx, o.Lots[0].ID, matching.Query{AsOf: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)})
		r.must(err)
		if before.History || before.Matches[0].Lot.WorkingDays == nil || *before.Matches[0].Lot.WorkingDays != 10 {
			t.Fatalf("as of before %+v", before.Matches)
		}
		rows := r.rows()
		member.Activities[0].FTE = 4 // a change after the deadline still counts
		r.save(member)
		r.work()
		for k, v := range r.rows() {
			if v == rows[k] {
				t.Fatalf("%s doesn't know of a change after the deadline", k)
			}
			delete(rows, k)
		}
		if len(rows) > 0 {
			t.Fatalf("a change after the deadline loses %v", rows)
		}
		for passed, want := range map[bool]int{false: 0, true: 1} {
			b, err := r.matches.MatchesOfOrganisation(r.ctx, member.ID, matching.Query{Passed: passed})
			r.must(err)
			if b.Total != want {
				t.Fatalf("passed too %v: %d lots, want %d", passed, b.Total, want)
			}
		}
	})
}

// What is closed or awarded is history too, even when it never had a deadline.
func TestAnAwardWithoutADeadlineIsHistory(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		member := r.save(gardener())
		asked := tender()
		asked.Deadline = nil
		o := r.publish(asked)
		r.work()
		open := r.clock.Now()
		r.clock.Advance(time.Hour)
		_, err := r.lots.Award(r.ctx, opportunities.By{}, o.ID, 0)
		r.must(err)
		r.work()
		a, err := r.matches.MatchesOfLot(r.ctx, o.Lots[0].ID, matching.Query{})
		r.must(err)
		if !a.History || a.Total != 1 || !a.Matches[0].History || a.Matches[0].Lot.State != opportunities.Awarded {
			t.Fatalf("once awarded %+v", a)
		}
		for q, want := range map[matching.Query]int{{}: 0, {Passed: true}: 1, {AsOf: open}: 1} {
			b, err := r.matches.MatchesOfOrganisation(r.ctx, member.ID, q)
			r.must(err)
			if b.Total != want {
				t.Errorf("%+v: %d lots, want %d", q, b.Total, want)
			}
		}
	})
}

// What a transaction asks for goes with it.
func TestARollbackDropsTheRowAndTheJob(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		r.save(gardener())
		r.publish(tender())
		r.work()
		before := r.rows()
		broken := errors.New("broken")
		err := st.InTx(r.ctx, func(ctx context.Context, tx store.Tx) error {
			if _, err := tx.NewRaw("UPDATE lots SET revision = revision + 1").Exec(ctx); err != nil {
				return err
			}
			if err := tx.Changed(ctx, store.Change{Entity: "lot", ID: 1}); err != nil {
				return err
			}
			if err := tx.Enqueue(ctx, opportunities.Changed{Lots: []opportunities.LotID{1}}); err != nil {
				return err
			}
			return broken
		})
		if !errors.Is(err, broken) {
			t.Fatal(err)
		}
		var jobs int
		r.must(st.Read().NewRaw("SELECT count(*) FROM river_job").Scan(r.ctx, &jobs))
		if jobs != 0 {
			t.Fatalf("%d jobs outlive the transaction", jobs)
		}
		r.must(r.matches.Rebuild(r.ctx, nil))
		r.same("after a rollback", r.rows(), before)
	})
}

// Any changes made through the real services, followed one by one, leave the
// rows that a computation from nothing leaves; and doing it again changes
// nothing.
func TestIncrementalEqualsRebuild(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		d := newDriver(r, 5, 8, &made{}, moves())
		other := matching.NewService(matching.Config{Store: st, Atlas: must(territories.Load()), Now: r.clock.Now})
		d.step()
		_, err := other.MatchesOfOrganisation(r.ctx, d.made.organisations[0], matching.Query{}) // it follows from here
		r.must(err)
		for step := range 60 {
			d.step()
			if step%3 == 0 {
				r.work()
			}
		}
		r.work()
		got := r.rows()
		if len(got) < 10 {
			t.Fatalf("only %d matches: the changes prove little", len(got))
		}
		fresh := matching.NewService(matching.Config{Store: st, Atlas: must(territories.Load()), Now: r.clock.Now})
		for _, s := range []*matching.Service{other, fresh} {
			r.agree(r.matches, s)
		}
		var before time.Time
		r.must(st.Read().NewRaw("SELECT updated_at FROM matches ORDER BY updated_at DESC LIMIT 1").Scan(r.ctx, &before))
		r.clock.Advance(time.Minute)
		r.must(r.matches.Rebuild(r.ctx, nil))
		r.same("a rebuild in place", r.rows(), got)
		var after time.Time
		r.must(st.Read().NewRaw("SELECT updated_at FROM matches ORDER BY updated_at DESC LIMIT 1").Scan(r.ctx, &after))
		if !after.Equal(before) {
			t.Error("a rebuild that changes nothing wrote something")
		}
		r.must(st.InTx(r.ctx, func(ctx context.Context, tx store.Tx) error {
			if _, err := tx.NewRaw("DELETE FROM match_events").Exec(ctx); err != nil {
				return err
			}
			_, err := tx.NewRaw("DELETE FROM matches").Exec(ctx)
			return err
		}))
		r.must(fresh.Rebuild(r.ctx, nil))
		r.same("a rebuild from nothing", r.rows(), got)
	})
}

// agree checks that two processes give the same answers, order included: one
// that made the changes, one that followed them or that starts.
func (r *room) agree(a, b *matching.Service) {
	r.t.Helper()
	var lots []opportunities.LotID
	r.must(r.st.Read().NewRaw("SELECT id FROM lots ORDER BY id").Scan(r.ctx, &lots))
	for _, s := range []*matching.Service{a, b} {
		r.must(s.RefreshLots(r.ctx, lots[:1])) // waits to be in step, where a reader may go on with what was held
	}
	for _, id := range lots {
		var texts [2]string
		for i, s := range []*matching.Service{a, b} {
			answer, err := s.MatchesOfLot(r.ctx, id, matching.Query{Near: 5, Apart: 5})
			r.must(err)
			text, err := json.Marshal(answer)
			r.must(err)
			texts[i] = string(text)
		}
		if texts[0] != texts[1] {
			r.t.Fatalf("lot %d, two processes:\n%s\n%s", id, texts[0], texts[1])
		}
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
