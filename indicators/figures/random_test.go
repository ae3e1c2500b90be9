package figures_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"maillage/indicators/compute"
	"maillage/indicators/microdata"
)

func seed(t *testing.T) uint64 {
	t.Helper()
	n, err := strconv.ParseUint(os.Getenv("MAILLAGE_SEED"), 10, 64)
	if err != nil {
		n = rand.Uint64N(1_000_000)
	}
	t.Logf("MAILLAGE_SEED=%d repeats this", n)
	return n
}

// driver makes changes at random of every sort.
type driver struct {
	*house
	r *rand.Rand
}

// in imports rows, some of which may be of years that are no longer declared.
func (d *driver) in(s microdata.Sheet, header string, rows ...string) {
	d.t.Helper()
	_, err := d.data.Import(system(), microdata.File{Sheet: s, Name: "x.csv", Content: strings.NewReader(header + "\n" + strings.Join(rows, "\n"))})
	must(d.t, err)
}

func pick[T any](d *driver, of ...T) T { return of[d.r.IntN(len(of))] }

func (d *driver) enterprise() string { return fmt.Sprintf("E-%d", d.r.IntN(6)) }
func (d *driver) worker() string     { return fmt.Sprintf("S-%d", d.r.IntN(5)) }
func (d *driver) year() int          { return 2010 + d.r.IntN(3) }

func (d *driver) day(year int) string {
	return fmt.Sprintf("%d-%02d-%02d", year, 1+d.r.IntN(12), 1+d.r.IntN(28))
}

// stay is the day of an exit and that of its entry: a journey of one day, so that
// who leaves several times had several journeys.
func (d *driver) stay(year, month, day int) string {
	on := fmt.Sprintf("%d-%02d-%02d", year, month, day)
	return on + ";" + on
}

// declareAll declares every enterprise in every year, so that no record is refused.
func (d *driver) declareAll() {
	for e := range 6 {
		for y := 2010; y < 2013; y++ {
			d.declare(fmt.Sprintf("E-%d", e), y)
		}
	}
}

func (d *driver) declare(e string, y int) {
	// 26362 is Valence; 01015 and 01340 were merged since; 01338 was split off and merged again.
	d.in(microdata.Enterprises, "entreprise;annee;type;code_insee;groupe;heures;contrats",
		fmt.Sprintf("%s;%d;%s;%s;%s;;", e, y, pick(d, "AI", "ACI", "EI", "ETTI", "SAP"), pick(d, "26362", "26281", "07019", "01340", "59350", "-"), pick(d, "G-1", "G-2", "-")))
}

// change makes one change.
func (d *driver) change() {
	e, w, y := d.enterprise(), d.worker(), d.year()
	switch d.r.IntN(10) {
	case 0:
		d.declare(e, y)
	case 1:
		d.in(microdata.Workers, "entreprise;salarie;sexe;annee_naissance;publics", fmt.Sprintf("%s;%s;%s;%s;%s", e, w, pick(d, "f", "m", "-"), pick(d, "1960", "1990", "1985", "-"), pick(d, "QPV", "RSA|QPV", "-")))
	case 2:
		d.in(microdata.Contracts, "entreprise;salarie;debut;heures_hebdo;supprimer", fmt.Sprintf("%s;%s;%s;%s;%s", e, w, d.day(y), pick(d, "26", "10", ""), pick(d, "", "", "oui")))
	case 3, 4:
		d.in(microdata.Hours, "entreprise;salarie;mois;heures_travaillees;heures_payees;heures_clause;supprimer",
			fmt.Sprintf("%s;%s;%d-%02d;%s;%s;%s;%s", e, w, y, 1+d.r.IntN(12), pick(d, "0", "0,5", "101,25", "ND"), pick(d, "120", "ND"), pick(d, "0", ""), pick(d, "", "", "", "oui")))
	case 5, 6:
		d.in(microdata.Exits, "entreprise;salarie;date;entree_le;motif;constatee;supprimer",
			fmt.Sprintf("%s;%s;%s;%s;%s;%s", e, w, d.stay(y, 1+d.r.IntN(3), 15), pick(d, "cdi", "formation", "retrait", "recherche emploi"), pick(d, "", "oui", "non"), pick(d, "", "", "", "oui")))
	case 7:
		d.in(microdata.Answers, "entreprise;annee;question;valeur;supprimer", fmt.Sprintf("%s;%d;%s;%s;%s", e, y, pick(d, compute.VolunteerHours, compute.StaffPersons, compute.Cooperating), pick(d, "1", "12", "0", "ND"), pick(d, "", "", "oui")))
	case 8:
		d.in(microdata.Trainings, "entreprise;salarie;debut;heures;certification", fmt.Sprintf("%s;%s;%s;%s;%s", e, w, d.day(y), pick(d, "3,5", "8"), pick(d, "caces", "")))
	case 9:
		d.in(microdata.References, "type;annee;heures;base;source;supprimer", fmt.Sprintf("ACI;%d;%s;%s;texte;%s", y, pick(d, "1505", "1607", "1820"), pick(d, "payees", "travaillees"), pick(d, "", "oui")))
	}
	switch d.r.IntN(20) {
	case 0: // a year that was declared by mistake: its records stay, and count for nothing
		d.in(microdata.Enterprises, "entreprise;annee;type;supprimer", fmt.Sprintf("%s;%d;ACI;oui", e, y))
	case 1: // a file of several years, the later ones first
		d.in(microdata.Exits, "entreprise;salarie;date;entree_le;motif;constatee", fmt.Sprintf("%s;%s;%s;cdi;oui", e, w, d.stay(2012, 4, 1+d.r.IntN(9))), fmt.Sprintf("%s;%s;%s;cdi;oui", e, w, d.stay(2010, 4, 1+d.r.IntN(9))))
	}
}

// After any changes, what is counted as they come is what a rebuild counts, and
// what a database that never counted counts.
func TestCountingChangesIsCountingFromNothing(t *testing.T) {
	t.Parallel()
	n := seed(t)
	each(t, func(t *testing.T, h *house) {
		d := &driver{house: h, r: rand.New(rand.NewPCG(n, 7))}
		d.declareAll()
		for round := range 4 {
			for range 25 {
				d.change()
				if d.r.IntN(3) == 0 {
					d.refresh()
				}
			}
			d.refresh()
			incremental := d.dump()
			for y := 2010; y < 2013; y++ {
				_, err := d.Rebuild(system(), y)
				must(t, err)
			}
			if rebuilt := d.dump(); rebuilt != incremental {
				t.Fatalf("round %d, seed %d, a rebuild differs: %s", round, n, apart(incremental, rebuilt))
			}
			for _, table := range []string{"figure_rows", "figure_parts", "figure_stale", "figure_changes", "figure_years"} {
				d.exec("DELETE FROM " + table)
			}
			for y := 2010; y < 2013; y++ {
				_, err := d.Rebuild(system(), y)
				must(t, err)
			}
			if fresh := d.dump(); fresh != incremental {
				t.Fatalf("round %d, seed %d, counting from nothing differs: %s", round, n, apart(incremental, fresh))
			}
		}
		if len(d.dump()) < 10_000 {
			t.Error("hardly anything was counted")
		}
	})
}
