package figures_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"maillage/indicators/compute"
	"maillage/indicators/figures"
	"maillage/indicators/microdata"
	"maillage/internal/store"
	"maillage/internal/testkit"
)

// TestBenchYear measures the rebuild of a year and the change of one enterprise in
// a federation of 500 enterprises and MAILLAGE_BENCH_FIGURES persons (80,000 is the
// report's), on both engines.
func TestBenchYear(t *testing.T) {
	persons, err := strconv.Atoi(os.Getenv("MAILLAGE_BENCH_FIGURES"))
	if err != nil {
		t.Skip("left out: a measure, set MAILLAGE_BENCH_FIGURES=80000")
	}
	for name, open := range map[string]func(testing.TB) *store.Store{"sqlite": testkit.SQLite, "postgres": testkit.PostgreSQL} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, open(t))
			h.federation(500, persons)
			start := time.Now()
			_, err := h.Rebuild(system(), 2011)
			must(t, err)
			rebuilt := time.Since(start)
			h.in(microdata.Exits, "entreprise;salarie;date;motif;constatee", "E-7;S-1;2011-05-05;cdi;oui")
			start = time.Now()
			d := h.refresh()
			took := time.Since(start)
			start = time.Now()
			rows, err := h.Rows(system(), figures.Query{Years: []int{2011}, Level: figures.Region, Measures: []compute.Measure{compute.ExitsObserved, compute.ExitsDurable}})
			must(t, err)
			t.Logf("two measures by région, kind, sex, age and public: %d rows read in %.1f ms", len(rows), 1000*time.Since(start).Seconds())
			t.Logf("%d persons: a year in %.2f s, one enterprise in %.0f ms (%d sums); longest write %.0f ms", persons, rebuilt.Seconds(), 1000*took.Seconds(), d.Summed, 1000*h.st.LongestTx().Seconds())
		})
	}
}

// seats are communes of 2011 and of today, in ten départements.
var seats = []string{"26362", "26281", "07019", "38185", "69123", "59350", "35238", "44109", "31555", "13055", "67482", "33063"}

// federation writes rows straight to the tables: what an import would write.
func (h *house) federation(enterprises, persons int) {
	r := rand.New(rand.NewPCG(2011, 80))
	now := h.clock.Now()
	for e := range enterprises {
		h.declared(fmt.Sprintf("E-%d", e), seats[r.IntN(len(seats))], []string{"AI", "ACI", "EI", "ETTI"}[e%4])
	}
	trace := microdata.Trace{Origin: microdata.FromFile, UpdatedAt: now}
	for done := 0; done < persons; done += 500 {
		must(h.t, h.st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error {
			return folk(ctx, tx, r, trace, done, min(500, persons-done), enterprises)
		}))
	}
}

func (h *house) declared(key, seat, kind string) {
	h.in(microdata.Enterprises, "entreprise;annee;type;code_insee;contrats;heures;sorties;placements;formations", fmt.Sprintf("%s;2011;%s;%s;collecte;collecte;collecte;collecte;collecte", key, kind, seat))
}

func folk(ctx context.Context, tx store.Tx, r *rand.Rand, trace microdata.Trace, from, n, enterprises int) error {
	var workers []microdata.Worker
	var contracts []microdata.Contract
	var hours []microdata.MonthHours
	var exits []microdata.Exit
	for i := from; i < from+n; i++ {
		id, e := int64(1_000_000+i), int64(1+r.IntN(enterprises))
		workers = append(workers, microdata.Worker{ID: id, EnterpriseID: e, Mark: fmt.Sprintf("m%d", i), Key: fmt.Sprintf("k%d", i), Sex: []string{"f", "m"}[r.IntN(2)], BirthYear: 1955 + r.IntN(38),
			Publics: []string{"", "RSA", "DELD", "RSA QPV", "TH"}[r.IntN(5)], Trace: trace})
		weekly := int64(2600)
		contracts = append(contracts, microdata.Contract{WorkerID: id, BeginsOn: fmt.Sprintf("20%02d-%02d-01", 10+r.IntN(2), 1+r.IntN(12)), EnterpriseID: e, Weekly: &weekly, Trace: trace})
		for m := range 6 {
			paid := int64(r.IntN(15_000))
			hours = append(hours, microdata.MonthHours{WorkerID: id, Month: fmt.Sprintf("2011-%02d", m+1), EnterpriseID: e, Paid: &paid, Worked: &paid, Clause: &paid, Trace: trace})
		}
		if r.IntN(9) < 5 {
			exits = append(exits, microdata.Exit{WorkerID: id, On: fmt.Sprintf("2011-%02d-20", 7+r.IntN(6)), EnterpriseID: e, Motive: "cdi", Declared: "yes", Trace: trace})
		}
	}
	for _, rows := range []any{&workers, &contracts, &hours, &exits} {
		if err := insert(ctx, tx, rows); err != nil {
			return err
		}
	}
	return nil
}

func insert(ctx context.Context, tx bun.IDB, rows any) error {
	_, err := tx.NewInsert().Model(rows).Returning("NULL").Exec(ctx)
	return err
}
