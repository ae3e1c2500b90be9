package fairness_test

import (
	"context"
	"crypto/rand"
	"reflect"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/internal/store"
	"maillage/internal/testkit"
	engine "maillage/matching/engine/fairness"
	"maillage/matching/fairness"
	"maillage/matching/placement"
	"maillage/nomenclatures"
	"maillage/opportunities"
)

// publishes makes a need whose hand is an officer's, an employer's, or an
// employer's that an officer corrected afterwards.
func (r *room) publishes(source string, corrected bool) *opportunities.Opportunity {
	r.t.Helper()
	o, err := r.lots.Create(system(), opportunities.By{}, &opportunities.Opportunity{Kind: opportunities.JobNeed, Title: "Besoin", Source: source, BuyerName: "Moi",
		Place: opportunities.Place{Scope: opportunities.InCommunes, Perimeter: `{"territory":"commune:26362"}`},
		Lots: []opportunities.Lot{{Number: "1", Title: "x", Codes: []nomenclatures.Code{nomenclatures.ROME("G1602").Code()}, Posts: 1, StartsOn: "2026-12-14",
			Terms: &opportunities.Terms{Contract: opportunities.Permanent}}}})
	r.must(err)
	by := opportunities.By{}
	if corrected {
		by.UserID = 8
	}
	o, err = r.lots.Publish(system(), by, o.ID, 0)
	r.must(err)
	return o
}

// hand is an account of an officer, whose number is 8.
func (r *room) hand() {
	r.t.Helper()
	r.must(r.st.InTx(system(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewRaw(`INSERT INTO users (id, email, email_folded, name, role, lang, organisation_id, perimeter, password, revision, created_at, updated_at)
			VALUES (8, 'o@example.org', 'o@example.org', 'O', 'officer', 'fr', 99, '', '', 1, ?, ?)`, r.clock.Now(), r.clock.Now()).Exec(ctx)
		return err
	}))
}

// The officer who publishes at will moves no figure: what the network wrote or
// touched counts for nobody, and what suits too few ranks nobody.
func TestWhatAnOfficerPublishesCountsNobody(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		r.hand()
		folk := r.cooks(r.here, "26362", 30, true)
		r.publishes("officer", false)
		r.publishes("employer", true)
		exposed, err := r.placement.Exposure(system(), fairness.FirstN, 0)
		r.must(err)
		if len(exposed.Open) != 0 || len(exposed.First) != 0 {
			t.Fatalf("%d positions and %d people count", len(exposed.Open), len(exposed.First))
		}
		r.publishes("employer", false)
		if exposed, err = r.placement.Exposure(system(), fairness.FirstN, 0); err != nil || len(exposed.Open) != 1 || len(exposed.First) != fairness.FirstN {
			t.Fatalf("an employer's need: %d positions, %d people (%v)", len(exposed.Open), len(exposed.First), err)
		}
		if exposed, err = r.placement.Exposure(system(), 2*len(folk)+1, 0); err != nil || len(exposed.First) != 0 {
			t.Fatalf("%d people are the first of too few (%v)", len(exposed.First), err)
		}
	})
}

// Nor does anything that is done within a month: what was read is read again, by
// another process and after a restart; the next month counts anew.
func TestAnAuditIsKeptForItsMonth(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		r.cooks(r.here, "26362", 60, true)
		first, err := r.fairness.Audit(r.officer())
		r.must(err)
		r.publishes("employer", false)
		r.cooks(r.here, "26362", 40, true)
		r.clock.Advance(24 * time.Hour)
		other := fairness.NewService(fairness.Config{Store: st, Atlas: r.atlas, People: r.people, Placement: r.placement, Now: r.clock.Now,
			Seed: func() (seed [32]byte) { _, _ = rand.Read(seed[:]); return }})
		for range 2 {
			again, err := other.Audit(r.officer())
			r.must(err)
			if !reflect.DeepEqual(first, again) {
				t.Fatalf("two days of one month differ:\n%+v\n%+v", first, again)
			}
		}
		r.clock.Advance(8 * 24 * time.Hour)
		next, err := other.Audit(r.officer())
		r.must(err)
		if next.AsOf.Before(first.Until) || next.Positions != 1 || !near(table(next, engine.Proposed, engine.BySex).Total, 100) {
			t.Errorf("the next month: %+v", next)
		}
		var n int
		r.must(st.Read().NewRaw("SELECT count(*) FROM fairness_audits").Scan(system(), &n))
		if n != 1 {
			t.Errorf("%d audits are kept, want that of the month", n)
		}
	})
}

// Many who read for the first time at once read the same.
func TestTwoFirstReadersReadTheSame(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		r.cooks(r.here, "26362", 40, true)
		const readers = 4
		got := make(chan *fairness.Audit, readers)
		for i := range readers {
			s := fairness.NewService(fairness.Config{Store: st, Atlas: r.atlas, People: r.people, Placement: r.placement, Now: r.clock.Now, Seed: func() [32]byte { return [32]byte{byte(i)} }})
			go func() {
				a, err := s.Audit(as(accounts.Admin, 0))
				if err != nil {
					t.Error(err)
				}
				got <- a
			}()
		}
		want := <-got
		for range readers - 1 {
			if a := <-got; !reflect.DeepEqual(a, want) {
				t.Errorf("two readers read apart:\n%+v\n%+v", want, a)
			}
		}
	})
}

// The journeys of a structure that an officer made up count for nobody else than its own
// counsellors, until it is countersigned.
func TestAStructureThatAnOfficerMadeIsNotAudited(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		r.hand()
		folk := r.cooks(r.here, "26362", 60, true)
		r.present(r.kitchen(), folk[:40], func(int) []placement.State { return []placement.State{placement.Met} })
		r.must(r.st.InTx(system(), func(ctx context.Context, tx store.Tx) error {
			_, err := tx.NewRaw("UPDATE organisations SET opened_by = 8 WHERE id = ?", r.here).Exec(ctx)
			return err
		}))
		a, err := r.fairness.Audit(as(accounts.Admin, 0))
		r.must(err)
		if sex := table(a, engine.Proposed, engine.BySex); len(sex.Rows) != 0 {
			t.Errorf("made-up journeys are counted: %+v", sex)
		}
	})
}

// Nor do the answers of an employer that an officer made up, but for the counsellors who
// presented people there.
func TestAnEmployerThatAnOfficerMadeAnswersNothing(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		r.hand()
		folk := r.cooks(r.here, "26362", 60, true)
		r.present(r.kitchen(), folk[:40], func(i int) []placement.State {
			return [][]placement.State{{placement.Met}, {placement.NotRetained}}[i/2%2]
		})
		r.must(r.st.InTx(system(), func(ctx context.Context, tx store.Tx) error {
			_, err := tx.NewRaw("UPDATE organisations SET opened_by = 8 WHERE id = ?", r.hotel).Exec(ctx)
			return err
		}))
		all, err := r.fairness.Audit(r.officer())
		r.must(err)
		if n := table(all, engine.Proposed, engine.BySex).Total; !near(n, 60) {
			t.Errorf("who was presented is counted among %d", n)
		}
		for _, m := range []engine.Metric{engine.Answered, engine.Met, engine.Refused} {
			if x := table(all, m, engine.BySex); len(x.Rows) != 0 {
				t.Errorf("%s: made-up answers are counted: %+v", m, x)
			}
		}
		if len(all.Hours) != 0 && len(all.Hours[0].Rows) != 0 {
			t.Errorf("the hours of made-up answers are counted: %+v", all.Hours[0])
		}
		own, err := r.fairness.Audit(as(accounts.Counsellor, r.here))
		r.must(err)
		if len(table(own, engine.Met, engine.BySex).Rows) == 0 {
			t.Error("their counsellors do not read them")
		}
	})
}
