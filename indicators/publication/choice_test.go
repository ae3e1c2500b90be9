package publication_test

import (
	"bytes"
	"context"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"maillage/indicators/compute"
	"maillage/indicators/publication"
	"maillage/indicators/release"
	"maillage/internal/fault"
)

// byDepartement is the durable exits of some territories.
func byDepartement(codes ...string) publication.Plan {
	p := durable()
	p.Level, p.Territories = publication.Departement, codes
	return p
}

// pattern is what the ledger holds of the latest version, and what of it was told.
func (h *house) pattern() (status map[string]string, told map[string]bool) {
	h.t.Helper()
	var rows []struct {
		Measure, Territory, Kind, Status string
		Told                             bool
	}
	must(h.t, h.st.Read().NewRaw("SELECT measure, territory, kind, status, told FROM released_figures WHERE version_id = (SELECT MAX(id) FROM release_versions) ORDER BY measure, territory, kind").Scan(context.Background(), &rows))
	status, told = map[string]string{}, map[string]bool{}
	for _, r := range rows {
		at := r.Measure + " " + r.Territory + " " + r.Kind
		status[at] = r.Status
		if r.Told {
			told[at] = true
		}
	}
	return status, told
}

// What is hidden is hidden whatever is chosen, and beside whatever was chosen before.
func TestAChoiceDoesNotMoveWhatIsHidden(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.fill(60, 1)
		var first map[string]string
		for _, codes := range [][]string{{"26", "R76"}, {"R84"}, {"59", "35", "13"}, nil} {
			if r := h.publish(byDepartement(codes...)); r.State != publication.Published {
				t.Fatal(codes, r.State, r.Reason)
			}
			status, told := h.pattern()
			if first == nil {
				first = status
			}
			if !maps.Equal(first, status) {
				t.Errorf("chosen %v: another pattern", codes)
			}
			h.onlyTells(codes, told)
		}
		hidden := 0
		for _, s := range first {
			if s == "hidden" {
				hidden++
			}
		}
		if hidden < 10 {
			t.Errorf("%d figures are hidden: the test asks nothing", hidden)
		}
	})
}

// onlyTells asks that a file, the ledger and the pages hold the chosen territories alone.
func (h *house) onlyTells(codes []string, told map[string]bool) {
	h.t.Helper()
	under := map[string]string{"26": "R84", "69": "R84", "31": "R76"}
	is := func(place string) bool {
		return len(codes) == 0 || slices.Contains(codes, place) || slices.Contains(codes, under[place])
	}
	for at := range told {
		if place := strings.Fields(at)[1]; !is(place) {
			h.t.Errorf("chosen %v: %s is told", codes, at)
		}
	}
	v, file := h.latest()
	if r := verified(h.t, file); !r.Sound() {
		h.t.Errorf("chosen %v: %+v", codes, r.Findings)
	}
	d, err := release.Read(context.Background(), bytes.NewReader(file), int64(len(file)))
	must(h.t, err)
	rows := 0
	for _, row := range d.Tables[0].Rows {
		rows++
		if !is(row[0].Text) {
			h.t.Errorf("chosen %v: the file has %s", codes, row[0].Text)
		}
	}
	if rows == 0 || v.Shown+v.Hidden+v.Absent != len(told) {
		h.t.Errorf("chosen %v: %d rows; %d + %d + %d figures, %d told", codes, rows, v.Shown, v.Hidden, v.Absent, len(told))
	}
	if len(codes) > 0 && (!strings.Contains(d.Abstract.FR, "ne dépend pas de ce choix") || !strings.Contains(string(d.Certificate), `"everywhere"`) || d.Coverage.Territory.FR == "France entière") {
		h.t.Errorf("chosen %v: the release does not say how it is protected: %s, %s", codes, d.Abstract.FR, d.Coverage.Territory.FR)
	}
}

// A page reads what was told alone, though the ledger knows more.
func TestPagesReadTheChosenTerritoriesAlone(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		h.fill(60, 1)
		p := durable()
		p.Territories = []string{"R76", "R32"}
		if r := h.publish(p); r.State != publication.Published {
			t.Fatal(r.State, r.Reason)
		}
		table, found, err := h.Table(public(), "C04", 1)
		if err != nil || !found {
			t.Fatal(found, err)
		}
		for _, r := range table.Readings {
			if !slices.Contains(p.Territories, r.Territory) {
				t.Errorf("%s is read", r.Territory)
			}
		}
		counts, err := h.Latest(public(), []int{2025}, []compute.Measure{"exits.observed.3m", "exits.observed"}, []string{"FR", "R84", "R76"})
		must(t, err)
		for _, c := range counts {
			if c.Territory != "R76" {
				t.Errorf("%s is read", c.Territory)
			}
		}
		v, _ := h.latest()
		if v.Frame == 0 || v.Frame >= 60 {
			t.Errorf("%d enterprises asked in two regions", v.Frame)
		}
		h.answers(p)
	})
}

// answers asks that only plans of the same territories are led to a version.
func (h *house) answers(p publication.Plan) {
	h.t.Helper()
	for codes, want := range map[string]int{"": 1, "R76": 1, "31": 1, "R84": 0} {
		q := p
		q.Territories = strings.Fields(codes)
		all, err := h.Answering(h.researcher(), q)
		must(h.t, err)
		if len(all) != want {
			h.t.Errorf("%q: %d versions answer, want %d", codes, len(all), want)
		}
	}
}

// One department here, two there, a region, all of it: HiGHS, with everything that
// the ledger holds of all the choices, told or not, finds nothing small.
func TestChoicesTogetherTellNothingSmall(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		years := []int{2022, 2023, 2024, 2025}
		p := h.borderFederation(years, 4)
		chance := rand.New(rand.NewPCG(4, 1))
		places := []string{"26", "07", "84", "30", "13", "R84", "R93", "R76"}
		done := 0
		for _, year := range years {
			for range 3 {
				chance.Shuffle(len(places), func(i, j int) { places[i], places[j] = places[j], places[i] })
				plan := byDepartement(places[:1+chance.IntN(3)]...)
				plan.Indicators, plan.Kinds, plan.Years = []publication.Chosen{{ID: "C08", Version: 2}}, chance.IntN(2) == 0, []int{year}
				if r := h.publish(plan); r.State != publication.Published && !strings.Contains(r.Reason, "aucune entreprise") && !strings.Contains(r.Reason, "Rien n’a changé") {
					t.Fatal(plan.Territories, r.State, r.Reason)
				}
				done++
			}
		}
		h.findsNothing(p, years, done)
	})
}

// A hidden figure of a chosen territory that somebody publishes is seen by who verifies.
func TestMutantsOfAChoiceAreCaught(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		h.fill(60, 1)
		p := durable()
		p.Territories = []string{"R84", "R76"}
		h.publish(p)
		_, file := h.latest()
		truths := h.truths()
		d, err := release.Read(context.Background(), bytes.NewReader(file), int64(len(file)))
		must(t, err)
		mutants := 0
		for _, row := range d.Tables[0].Rows {
			for i, f := range d.Tables[0].Fields {
				if row[i].Status != release.Suppressed || f.Ratio != nil {
					continue
				}
				before := row[i]
				row[i] = release.Number(truths[row[0].Text+" "+row[2].Text+" "+strings.ReplaceAll(f.Name, "_", ".")])
				if verified(t, written(t, d)).Sound() {
					t.Errorf("%s %s %s published and not seen", row[0].Text, row[2].Text, f.Name)
				}
				row[i] = before
				mutants++
			}
		}
		if mutants == 0 {
			t.Error("nothing is hidden: the test asks nothing")
		}
		t.Logf("%d mutants", mutants)
	})
}

func TestABadChoiceIsLocated(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		h.fill(10, 1)
		for want, plan := range map[string]publication.Plan{
			"territories.2 unknown": byDepartement("26", "99"),
			"territories.1 unknown": byDepartement("R00"),
			"territories.1 level":   {Indicators: durable().Indicators, Level: publication.Region, Years: []int{2025}, Territories: []string{"26"}},
			"territories level":     {Indicators: durable().Indicators, Level: publication.Zones, Years: []int{2025}, Territories: []string{"R84"}},
			"territories count":     byDepartement(strings.Fields(strings.Repeat("26 ", 31))...),
		} {
			_, err := h.Ask(h.researcher(), asked(plan))
			var got []string
			for _, f := range fault.Of(err).Fields {
				got = append(got, f.Path+" "+f.Code)
			}
			if !slices.Contains(got, want) {
				t.Errorf("%v: got %v, want %s", plan.Territories, got, want)
			}
		}
		if r := h.publish(byDepartement("2A")); r.State != publication.Failed || !strings.Contains(r.Reason, "aucune entreprise") {
			t.Errorf("where nobody is: %s %s", r.State, r.Reason)
		}
	})
}
