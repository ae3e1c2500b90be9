package figures_test

import (
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/indicators/compute"
	"maillage/indicators/figures"
	"maillage/indicators/microdata"
	"maillage/internal/fault"
)

// observed reads how many exits a scope observes; -1: no such row, -2: ND.
func (h *house) observed(year int, level figures.Level, territory string, kind compute.Kind) int64 {
	h.t.Helper()
	rows, err := h.Rows(system(), figures.Query{Years: []int{year}, Level: level, Territories: []string{territory}, Kinds: []compute.Kind{kind}, Measures: []compute.Measure{compute.ExitsObserved}})
	must(h.t, err)
	switch {
	case len(rows) == 0:
		return -1
	case rows[0].Counts().Status() == compute.ND:
		return -2
	}
	return rows[0].Amount
}

// Communes are those of their year, and places are today's: 01340 joined 01015,
// and the place of 2010's commune is found where it is now.
func TestPlacesOfAYearAreFoundWhereTheyAreToday(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.in(microdata.Enterprises, "entreprise;annee;type;code_insee", "E-1;2010;ACI;01340", "E-2;2010;ACI;01015", "E-3;2010;AI;26362", "E-4;2010;AI;")
		h.in(microdata.Exits, "entreprise;salarie;date;motif;constatee", "E-1;S-1;2010-03-01;cdi;oui", "E-2;S-1;2010-03-01;cdi;oui", "E-3;S-1;2010-03-01;cdi;oui", "E-4;S-1;2010-03-01;cdi;oui")
		h.refresh()
		for _, c := range []struct {
			level     figures.Level
			territory string
			kind      compute.Kind
			want      int64
		}{
			{figures.Federation, figures.Whole, "", 4}, {figures.Federation, figures.Whole, compute.ACI, 2}, {figures.Region, "84", "", 3}, {figures.Departement, "01", "", 2},
			{figures.Departement, "26", compute.AI, 1}, {figures.Commune, "01015", "", 2}, {figures.Commune, "01340", "", -1},
		} {
			if got := h.observed(2010, c.level, c.territory, c.kind); got != c.want {
				t.Errorf("%s %s %s: %d, want %d", c.level, c.territory, c.kind, got, c.want)
			}
		}
	})
}

// A change makes again the sums that it is in and no other.
func TestAChangeCountsItsEnterpriseAlone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.in(microdata.Enterprises, "entreprise;annee;type;code_insee", "E-1;2010;ACI;26362", "E-1;2011;ACI;26362", "E-2;2010;AI;59350", "E-3;2010;AI;35238")
		h.in(microdata.Exits, "entreprise;salarie;date;motif;constatee", "E-1;S-1;2010-03-01;cdi;oui", "E-2;S-1;2010-03-01;cdi;oui")
		h.refresh()
		h.in(microdata.Exits, "entreprise;salarie;date;motif;constatee", "E-2;S-2;2010-04-01;cdi;oui")
		// Four levels, every kind and its own.
		if d := h.refresh(); d != (figures.Done{Counted: 1, Summed: 8}) {
			t.Errorf("%+v", d)
		}
		if d := h.refresh(); d != (figures.Done{}) {
			t.Errorf("nothing changed: %+v", d)
		}
		if got := h.observed(2010, figures.Federation, figures.Whole, ""); got != 3 {
			t.Errorf("%d exits", got)
		}
		// A file of two years, the later one first, counts both.
		h.in(microdata.Exits, "entreprise;salarie;date;motif;constatee", "E-1;S-5;2011-04-01;cdi;oui", "E-1;S-6;2010-04-01;cdi;oui")
		h.refresh()
		if a, b := h.observed(2010, figures.Commune, "26362", ""), h.observed(2011, figures.Commune, "26362", ""); a != 2 || b != 1 {
			t.Errorf("%d exits in 2010, %d in 2011", a, b)
		}
		// The group, the kind and the place of a year may change: the old sums lose it.
		h.in(microdata.Enterprises, "entreprise;annee;type;code_insee", "E-2;2010;EI;35238")
		h.refresh()
		if a, b := h.observed(2010, figures.Departement, "59", ""), h.observed(2010, figures.Departement, "35", compute.EI); a != -1 || b != 2 {
			t.Errorf("%d exits where it was, %d where it is", a, b)
		}
	})
}

// The hour of who leaves in January may have been worked in December.
func TestTheHoursOfTheYearBeforeCount(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.in(microdata.Enterprises, "entreprise;annee;type;heures", "E-1;2010;ACI;", "E-1;2011;ACI;collecte")
		h.in(microdata.Contracts, "entreprise;salarie;debut", "E-1;S-1;2010-06-01")
		h.in(microdata.Exits, "entreprise;salarie;date;motif", "E-1;S-1;2011-01-10;cdi")
		h.refresh()
		if got := h.observed(2011, figures.Federation, figures.Whole, ""); got != 0 {
			t.Fatalf("without an hour: %d", got)
		}
		h.in(microdata.Hours, "entreprise;salarie;mois;heures_travaillees", "E-1;S-1;2010-12;35")
		h.refresh()
		if got := h.observed(2011, figures.Federation, figures.Whole, ""); got != 1 {
			t.Errorf("with hours in December: %d", got)
		}
	})
}

// Whatever an exit is joined with (two contracts, twelve months of hours, three
// placements, trainings, three publics), it is counted once.
func TestAnExitIsCountedOnceWhateverTheJoins(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.in(microdata.Enterprises, "entreprise;annee;type;code_insee", "E-1;2011;ACI;26362")
		h.in(microdata.Workers, "entreprise;salarie;sexe;annee_naissance;publics", "E-1;S-1;f;1985;RSA|QPV|TH")
		h.in(microdata.Contracts, "entreprise;salarie;debut;fin;heures_hebdo", "E-1;S-1;2010-05-01;2011-02-28;26", "E-1;S-1;2011-03-01;2011-10-31;26", "E-1;S-1;2011-11-01;;30")
		var months, more []string
		for m := 1; m <= 12; m++ {
			months = append(months, "E-1;S-1;2011-"+string([]byte{byte('0' + m/10), byte('0' + m%10)})+";100;95;5")
		}
		h.in(microdata.Hours, "entreprise;salarie;mois;heures_payees;heures_travaillees;heures_clause", months...)
		h.in(microdata.Placements, "entreprise;salarie;debut;nature", "E-1;S-1;2011-02-01;immersion", "E-1;S-1;2011-03-01;mission", "E-1;S-1;2011-12-01;embauche")
		h.in(microdata.Trainings, "entreprise;salarie;debut;heures;certification", "E-1;S-1;2011-02-01;7;", "E-1;S-1;2011-04-01;14;caces", "E-1;S-1;2011-04-01;3;vae")
		h.in(microdata.Answers, "entreprise;annee;question;valeur", "E-1;2011;permanent.persons;4", "E-1;2011;rights.opened;3")
		h.in(microdata.Exits, "entreprise;salarie;date;motif;jours", "E-1;S-1;2011-12-31;cdd;400")
		h.refresh()
		for _, level := range figures.Levels() {
			rows, err := h.Rows(system(), figures.Query{Level: level})
			must(t, err)
			for _, r := range rows {
				if strings.HasPrefix(string(r.Measure), "exits.") {
					for _, c := range r.Cells {
						more = append(more, string(r.Measure))
						if c.Amount != 1 || c.Persons != 1 || c.Contributors != 1 {
							t.Errorf("%s %s %v: %+v", level, r.Measure, r.Kind, c)
						}
					}
				}
			}
		}
		if len(more) == 0 {
			t.Error("no exit was counted")
		}
	})
}

func TestAFigureSaysItsBaseItsCoverageAndItsContributors(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.in(microdata.Enterprises, "entreprise;annee;type;code_insee;groupe", "E-1;2011;ACI;26362;G", "E-2;2011;AI;26281;G", "E-3;2011;EI;26108;", "E-4;2011;EI;26108;")
		h.in(microdata.Workers, "entreprise;salarie;sexe", "E-1;S-1;f", "E-1;S-2;m", "E-2;S-1;f", "E-3;S-1;f")
		h.in(microdata.Exits, "entreprise;salarie;date;motif;constatee", "E-1;S-1;2011-03-01;cdi;oui", "E-1;S-2;2011-03-01;autre;oui", "E-2;S-1;2011-03-01;formation;oui", "E-3;S-1;2011-03-01;autre;oui")
		h.refresh()
		got, err := h.Figures(system(), figures.Asked{Indicator: "C07", Definition: compute.COORACE, Year: 2011, Level: figures.Departement})
		must(t, err)
		if len(got) != 1 {
			t.Fatalf("%+v", got)
		}
		g := got[0]
		if g.Territory != "26" || g.Exact.RatString() != "50" || g.Numerator.RatString() != "2" || g.Base.RatString() != "4" || g.Persons != 4 || g.Groups != 1 || g.Top.RatString() != "1" || g.Frame != 4 || g.Responded != 3 {
			t.Errorf("%+v", g)
		}
		women, err := h.Figures(system(), figures.Asked{Indicator: "C07", Definition: compute.COORACE, Year: 2011, Level: figures.Departement, Cross: compute.CrossOf(compute.Women, 0, 0)})
		must(t, err)
		if women[0].Exact.RatString() != "200/3" {
			t.Errorf("%s", women[0].Exact)
		}
		each, err := h.Contributions(system(), 2011)
		must(t, err)
		if len(each) != 4 || each[0].Commune != "26362" || each[0].Counts.Group != each[1].Counts.Group || each[1].Counts.Group == each[2].Counts.Group {
			t.Errorf("%+v", each)
		}
		member := accounts.With(t.Context(), accounts.Identity{UserID: 3, Role: accounts.Member, OrganisationID: 9})
		if _, err := h.Rows(member, figures.Query{Level: figures.Federation}); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("raw counts are not everybody's: %v", err)
		}
	})
}
