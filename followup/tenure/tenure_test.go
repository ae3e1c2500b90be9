package tenure_test

import (
	"context"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/followup/tenure"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching/placement"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/people"
	"maillage/territories"
)

// room has one person presented by a structure to a hotel.
type room struct {
	t         *testing.T
	st        *store.Store
	clock     *testkit.Clock
	tenures   *tenure.Service
	cip, boss context.Context
	rival     context.Context
	person    *people.Person
	lot       opportunities.LotID
	id        placement.ID
}

func open(t *testing.T, st *store.Store) *room {
	t.Helper()
	atlas, err := territories.Load()
	r := &room{t: t, st: st, clock: testkit.NewClock("2026-11-23T08:00:00Z")}
	r.must(err)
	now, system := r.clock.Now, accounts.With(context.Background(), accounts.TheSystem())
	members := network.NewService(network.Config{Store: st, Atlas: atlas, Now: now})
	save := func(role network.Role, kind network.Kind, name string) int64 {
		o, err := members.Save(system, &network.Organisation{Role: role, Kind: kind, Name: name, Active: true, Source: "demo", Sites: []network.Site{{Main: true, Commune: "26362"}}}, 0)
		r.must(err)
		return int64(o.ID)
	}
	here, hotel := save(network.Member, network.KindACI, "Chantier de Valence"), save(network.Employer, "", "Hôtel du Champ de Mars")
	r.cip = accounts.With(context.Background(), accounts.Identity{UserID: 1, Role: accounts.Counsellor, OrganisationID: here})
	r.boss = accounts.With(context.Background(), accounts.Identity{UserID: 2, Role: accounts.Employer, OrganisationID: hotel})
	r.rival = accounts.With(context.Background(), accounts.Identity{UserID: 3, Role: accounts.Employer, OrganisationID: save(network.Employer, "", "Restaurant de la Gare")})
	r.person, err = people.NewService(people.Config{Store: st, Atlas: atlas, Now: now}).Create(r.cip, &people.Person{OrganisationID: here, Commune: "26362", EnteredOn: "2026-03-02"})
	r.must(err)
	need, err := opportunities.NewService(opportunities.Config{Store: st, Atlas: atlas, Now: now}).Create(system, opportunities.By{}, &opportunities.Opportunity{
		Kind: opportunities.JobNeed, Title: "Commis de cuisine", Source: "employer", BuyerID: &hotel, PublisherID: &hotel,
		Place: opportunities.Place{Scope: opportunities.InCommunes, Perimeter: `{"territory":"commune:26362"}`},
		Lots:  []opportunities.Lot{{Number: "1", Title: "Commis de cuisine", Codes: []nomenclatures.Code{{Scheme: nomenclatures.SchemeROME, Value: "G1602"}}, Posts: 1}}})
	r.must(err)
	r.lot = need.Lots[0].ID
	r.present(here, hotel)
	r.tenures = tenure.NewService(tenure.Config{Store: st, Now: now})
	return r
}

// present writes a proposal as placement does once the person was met.
func (r *room) present(structure, employer int64) {
	r.t.Helper()
	at := r.clock.Now()
	p := &placement.Proposal{Ref: "r", PersonID: r.person.ID, LotID: r.lot, OrganisationID: structure, EmployerID: employer, Label: "A7", State: placement.Met,
		DueAt: at, AnsweredAt: &at, WasMet: true, Revision: 2, CreatedAt: at, UpdatedAt: at}
	r.must(r.st.InTx(r.cip, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewInsert().Model(p).Returning("id").Exec(ctx)
		return err
	}))
	r.id = p.ID
}

func (r *room) hire() {
	r.t.Helper()
	r.must(r.st.InTx(r.cip, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewRaw("UPDATE proposals SET state = 'hired', answered_at = ? WHERE id = ?", r.clock.Now(), r.id).Exec(ctx)
		return err
	}))
}

func (r *room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *room) refused(err error, code string) {
	r.t.Helper()
	if fault.Of(err).Code != code {
		r.t.Errorf("refused with %v, want %s", err, code)
	}
}

func TestFromATrialToALeaving(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		_, err := r.tenures.Tell(r.cip, "r", 0, tenure.InPost3, tenure.NoMotive)
		r.refused(err, "not-hired")
		_, err = r.tenures.Tell(r.boss, "r", 1, tenure.Immersion, tenure.NoMotive)
		r.must(err)
		r.hire()
		_, err = r.tenures.Tell(r.cip, "r", 0, tenure.InPost3, tenure.NoMotive)
		r.refused(err, "too-early")
		r.clock.Advance(93 * 24 * time.Hour)
		lines, err := r.tenures.List(r.cip, tenure.Filter{Person: r.person.ID})
		r.must(err)
		if len(lines) != 1 || lines[0].Due != tenure.InPost3 {
			t.Fatalf("what is due %+v", lines)
		}
		for range 2 { // the same again changes nothing
			l, err := r.tenures.Tell(r.boss, "r", 0, tenure.InPost3, tenure.NoMotive)
			r.must(err)
			if l.Revision != 3 {
				t.Fatalf("revision %d", l.Revision)
			}
		}
		_, err = r.tenures.Tell(r.cip, "r", 2, tenure.Left, tenure.Resigned)
		r.refused(err, "stale")
		_, err = r.tenures.Tell(r.cip, "r", 0, tenure.Left, tenure.NoMotive)
		r.refused(err, "invalid")
		_, err = r.tenures.Tell(r.cip, "r", 3, tenure.Left, tenure.Resigned)
		r.must(err)
	})
}

// The employer reads that the person left, never why, nor gives a motive; nobody
// else reads anything.
func TestWhoKnowsTheMotive(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		r.hire()
		_, err := r.tenures.Tell(r.boss, "r", 0, tenure.Left, tenure.Dismissed)
		r.refused(err, "invalid")
		_, err = r.tenures.Tell(r.cip, "r", 0, tenure.Left, tenure.TrialEnded)
		r.must(err)
		mine, err := r.tenures.List(r.cip, tenure.Filter{Person: r.person.ID})
		r.must(err)
		theirs, err := r.tenures.List(r.boss, tenure.Filter{Lot: r.lot})
		r.must(err)
		kept, err := r.tenures.KeptOf(r.cip, r.person.ID)
		r.must(err)
		if len(kept) != 1 || kept[0].To != tenure.Left || kept[0].Motive != tenure.TrialEnded || kept[0].ActorID == nil || kept[0].LotID != r.lot {
			t.Errorf("the person may read %+v", kept)
		}
		_, err = r.tenures.KeptOf(r.boss, r.person.ID)
		r.refused(err, "forbidden")
		if len(mine) != 1 || mine[0].Motive != tenure.TrialEnded || mine[0].Person != r.person.ID {
			t.Errorf("the structure reads %+v", mine)
		}
		if len(theirs) != 1 || theirs[0].State != tenure.Left || theirs[0].Motive != tenure.NoMotive || theirs[0].Person != 0 {
			t.Errorf("the employer reads %+v", theirs)
		}
		again, err := r.tenures.Tell(r.boss, "r", 0, tenure.Left, tenure.NoMotive)
		r.must(err)
		if again.Motive != tenure.NoMotive {
			t.Errorf("the employer is answered %+v", again)
		}
		if mine, _ = r.tenures.List(r.cip, tenure.Filter{}); mine[0].Motive != tenure.TrialEnded {
			t.Error("the employer's word erased the motive")
		}
		others, err := r.tenures.List(r.rival, tenure.Filter{Lot: r.lot})
		r.must(err)
		if len(others) != 0 {
			t.Errorf("a rival reads %+v", others)
		}
		_, err = r.tenures.Tell(r.rival, "r", 0, tenure.Left, tenure.NoMotive)
		r.refused(err, "not-found")
		_, err = r.tenures.List(accounts.With(r.cip, accounts.Identity{UserID: 9, Role: accounts.Officer}), tenure.Filter{})
		r.refused(err, "forbidden")
	})
}

// A training and an immersion are no jobs: nothing is asked of whoever had a place there,
// no motive is offered, and what was told before stays as it was.
func TestATrainingIsNoJob(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		for kind, words := range map[opportunities.Kind][2]string{
			opportunities.TrainingSession: {"a sa place dans la session", "avait sa place dans la session, qui est terminée"},
			opportunities.Immersion:       {"accueillie en immersion", "accueillie en immersion"}} {
			r := open(t, st)
			r.hire()
			r.must(r.st.InTx(r.cip, func(ctx context.Context, tx store.Tx) error {
				_, err := tx.NewRaw("UPDATE opportunities SET kind = ? WHERE id = (SELECT opportunity_id FROM lots WHERE id = ?)", kind, r.lot).Exec(ctx)
				if err == nil {
					_, err = tx.NewRaw("UPDATE lots SET starts_on = '2026-12-01', ends_on = '2026-12-11' WHERE id = ?", r.lot).Exec(ctx)
				}
				return err
			}))
			for _, want := range words {
				lines, err := r.tenures.List(r.cip, tenure.Filter{Person: r.person.ID})
				r.must(err)
				if len(lines) != 1 || len(lines[0].Next) != 0 || lines[0].Due != tenure.Nothing || lines[0].Words().FR != want {
					t.Errorf("%s: %+v, %s", kind, lines, lines[0].Words().FR)
				}
				if due, err := r.tenures.Awaited(r.cip); err != nil || len(due) != 0 {
					t.Errorf("%s: asked of %+v, %v", kind, due, err)
				}
				r.clock.Advance(200 * 24 * time.Hour)
			}
			_, err := r.tenures.Tell(r.cip, "r", 0, tenure.Left, tenure.Dismissed)
			r.refused(err, "not-a-job")
			_, err = r.tenures.Tell(r.cip, "r", 0, tenure.InPost3, tenure.NoMotive)
			r.refused(err, "not-a-job")
			r.must(r.st.InTx(r.cip, func(ctx context.Context, tx store.Tx) error {
				_, err := tx.NewRaw("DELETE FROM proposals").Exec(ctx)
				return err
			}))
		}
	})
}

// A leaving told by mistake is taken back at once, by either side: the person is hired
// as before, and both are kept.
func TestALeavingIsTakenBack(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		_, err := r.tenures.Tell(r.cip, "r", 0, tenure.Mission, tenure.NoMotive)
		r.must(err)
		_, err = r.tenures.Tell(r.cip, "r", 0, tenure.Left, tenure.TrialEnded) // of a trial
		r.must(err)
		_, err = r.tenures.Tell(r.cip, "r", 0, tenure.Hired, tenure.NoMotive)
		r.refused(err, "not-hired")
		_, err = r.tenures.Tell(r.cip, "r", 0, tenure.Mission, tenure.NoMotive)
		r.must(err)
		r.hire()
		_, err = r.tenures.Tell(r.cip, "r", 0, tenure.Hired, tenure.NoMotive)
		r.refused(err, "transition")
		_, err = r.tenures.Tell(r.cip, "r", 0, tenure.Left, tenure.Resigned)
		r.must(err)
		l, err := r.tenures.Tell(r.boss, "r", 0, tenure.Hired, tenure.NoMotive)
		r.must(err)
		if l.State != tenure.Hired || len(l.Next) != 1 || l.Next[0] != tenure.Left || l.Words().FR != "embauchée" {
			t.Errorf("taken back %+v", l)
		}
		kept, err := r.tenures.KeptOf(r.cip, r.person.ID)
		r.must(err)
		if len(kept) != 5 || kept[3].Motive != tenure.Resigned || kept[4].From != tenure.Left || kept[4].To != tenure.Hired {
			t.Errorf("history %+v", kept)
		}
		r.clock.Advance(93 * 24 * time.Hour)
		if due, err := r.tenures.Awaited(r.cip); err != nil || len(due) != 1 || due[0].Due != tenure.InPost3 {
			t.Errorf("asked of %+v, %v", due, err)
		}
	})
}

// Three and six months are those of the job: of somebody hired before its first day,
// they are counted from that day.
func TestMonthsInPostAreThoseOfTheJob(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		r.hire() // on 23 November
		r.must(r.st.InTx(r.cip, func(ctx context.Context, tx store.Tx) error {
			_, err := tx.NewRaw("UPDATE lots SET starts_on = '2026-12-30' WHERE id = ?", r.lot).Exec(ctx)
			return err
		}))
		for _, c := range []struct {
			days int // later
			due  tenure.State
		}{{98, tenure.Nothing}, {29, tenure.InPost3}, {62, tenure.InPost3}, {31, tenure.InPost6}} { // 1 and 30 March, 31 May, 1 July
			r.clock.Advance(time.Duration(c.days) * 24 * time.Hour)
			lines, err := r.tenures.List(r.cip, tenure.Filter{Person: r.person.ID})
			r.must(err)
			if lines[0].Due != c.due {
				t.Errorf("on %s: due %q, want %q", r.clock.Now().Format(time.DateOnly), lines[0].Due, c.due)
			}
			due, err := r.tenures.Awaited(r.cip)
			r.must(err)
			if (len(due) == 1) != (c.due != tenure.Nothing) {
				t.Errorf("on %s: asked of %+v", r.clock.Now().Format(time.DateOnly), due)
			}
			if c.due == tenure.Nothing {
				_, err := r.tenures.Tell(r.boss, "r", 0, tenure.InPost3, tenure.NoMotive)
				r.refused(err, "too-early")
			}
		}
		_, err := r.tenures.Tell(r.cip, "r", 0, tenure.Left, tenure.Resigned)
		r.must(err)
	})
}
