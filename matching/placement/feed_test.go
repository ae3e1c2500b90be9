package placement

import (
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"maillage/matching/engine/journeys"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/people"
	"maillage/territories"
)

// What identifies, what audits and what the law dates are read by nothing here
// but the alerts, which are shown beside a match: no name of theirs and no table
// is in any file that feeds, ranks, composes a card or speaks to an employer.
func TestNothingHereReadsWhoSomebodyIs(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob("card/*.go")
	if err != nil {
		t.Fatal(err)
	}
	looked := 0
	for _, name := range append(files, more...) {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		looked++
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"person_identities", "person_traits", "person_rights", "person_hours"} {
			if strings.Contains(string(text), table) {
				t.Errorf("%s names the table %s", name, table)
			}
		}
		for _, use := range selected(t, name) {
			if slices.Contains(forbidden(), use) {
				t.Errorf("%s uses %s of people", name, use)
			}
		}
	}
	if looked < 12 {
		t.Errorf("only %d files were looked at", looked)
	}
}

// forbidden are the names of what tells who somebody is: types of people, methods
// of its service, and fields. A method is forbidden whatever it is called on.
func forbidden() []string {
	return []string{"Traits", "TraitsForAudit", "SetTraits", "Sex", "InQPV", "QPV", "BirthYear", "Woman", "Man", "QPVYes", "QPVNo",
		"Identity", "FindByName", "Keyring", "Right", "Rights", "MonthHours", "Export"}
}

// selected lists all that a file names after a dot: of a package, of a value, of
// the result of a call.
func selected(t *testing.T, file string) (out []string) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if of, ok := s.X.(*ast.Ident); !ok || of.Name != "accounts" { // who asks is no person in a journey
				out = append(out, s.Sel.Name)
			}
		}
		return true
	})
	return out
}

func TestWhatIsFed(t *testing.T) {
	t.Parallel()
	atlas, err := territories.Load()
	if err != nil {
		t.Fatal(err)
	}
	f := feed{atlas}
	no := false
	p := &people.Person{ID: 3, OrganisationID: 7, State: people.Active, Commune: "26362", AvailableOn: "2026-12-01", EnteredOn: "2026-01-05", Profile: people.Profile{
		Held:      []people.Held{{ROME: "G1602", Months: 18}},
		Aptitudes: []people.Holding{{Code: "permis-b", Until: "2026-11-22"}, {Code: "tonte", Level: 3}},
		Mobility:  []people.Mobility{{Mode: people.Transit, Minutes: 40, Slots: nomenclatures.Every(0, 4, nomenclatures.Morning)}},
		Split:     &no}}
	got, ok := f.person(p, work{}, "2026-11-23")
	if !ok || got.Employer != 7 || got.Held[0].Years != 1.5 || got.SplitShifts != journeys.No || got.Mobility[0].Mode != journeys.Transit || got.Home == journeys.NoHome {
		t.Errorf("fed %+v", got)
	}
	if len(got.Licences) != 0 || got.Told&journeys.ToldLicences == 0 || len(got.Skills) != 1 || got.Skills[0].Level != 3 {
		t.Errorf("a lapsed licence is fed as %+v", got)
	}
	for _, state := range []people.State{people.Paused, people.Ended} {
		p.State = state
		if _, ok := f.person(p, work{}, "2026-11-23"); ok {
			t.Errorf("a %s journey is matched", state)
		}
	}
}

func TestWhichPositionsAreFed(t *testing.T) {
	t.Parallel()
	atlas, err := territories.Load()
	if err != nil {
		t.Fatal(err)
	}
	f := feed{atlas}
	lot := func(change func(*opportunities.Lot, *opportunities.Opportunity)) *opportunities.Lot {
		o := &opportunities.Opportunity{Kind: opportunities.JobNeed, State: opportunities.Published}
		l := &opportunities.Lot{Opportunity: o, Place: opportunities.Place{Scope: opportunities.InCommunes, Perimeter: `{"territory":"commune:26362"}`},
			Terms: &opportunities.Terms{Aptitudes: []opportunities.Wanted{{Code: "permis-b", Required: true}, {Code: "tonte", Level: 3}}}}
		change(l, o)
		return l
	}
	as := func(k opportunities.Kind, audience opportunities.Audience) func(*opportunities.Lot, *opportunities.Opportunity) {
		return func(l *opportunities.Lot, o *opportunities.Opportunity) { o.Kind, l.Terms.Audience = k, audience }
	}
	for _, c := range []struct {
		name   string
		change func(*opportunities.Lot, *opportunities.Opportunity)
		want   journeys.Kind
	}{
		{"a need", func(*opportunities.Lot, *opportunities.Opportunity) {}, journeys.Job},
		{"a mission", as(opportunities.Mission, ""), journeys.Mission},
		{"an immersion", as(opportunities.Immersion, ""), journeys.Immersion},
		{"a training for people in journeys", as(opportunities.TrainingSession, opportunities.ForJourneys), journeys.Training},
		{"a training for the staff", as(opportunities.TrainingSession, opportunities.ForStaff), ""},
		{"a training for nobody said", as(opportunities.TrainingSession, ""), ""},
		{"a training without terms", func(l *opportunities.Lot, o *opportunities.Opportunity) {
			o.Kind, l.Terms = opportunities.TrainingSession, nil
		}, ""},
		{"a tender", as(opportunities.Tender, ""), ""},
		{"a draft", func(_ *opportunities.Lot, o *opportunities.Opportunity) { o.State = opportunities.Draft }, ""},
		{"a cancelled need", func(_ *opportunities.Lot, o *opportunities.Opportunity) { o.State = opportunities.Cancelled }, ""},
		{"a withdrawn lot", func(l *opportunities.Lot, _ *opportunities.Opportunity) { l.Withdrawn = true }, ""},
		{"a closed need is history", func(_ *opportunities.Lot, o *opportunities.Opportunity) { o.State = opportunities.Closed }, journeys.Job},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, ok := f.position(lot(c.change))
			if ok != (c.want != "") || ok && got.Kind != c.want {
				t.Errorf("fed %v %+v", ok, got)
			}
		})
	}
	p, _ := f.position(lot(func(*opportunities.Lot, *opportunities.Opportunity) {}))
	if len(p.Licences) != 1 || len(p.Wished) != 1 || p.Wished[0].Level != 3 || len(p.Required) != 0 || p.Place == journeys.NoPlace {
		t.Errorf("fed %+v", p)
	}
}

// How far minutes take somebody is one thing, on the person's page and for the engine.
func TestMinutesReachTheSameEverywhere(t *testing.T) {
	t.Parallel()
	rules := journeys.NewRules(journeys.Config{})
	for _, mode := range people.Modes() {
		far := people.Mobility{Mode: mode, Minutes: 60}.Reach()
		for _, off := range []float64{-0.1, 0.1} {
			degrees := (far + off) / (6371.00877 * math.Pi / 180)
			p := &journeys.Person{ID: 1, HasPoint: true, Home: journeys.NoHome, Available: true, Wished: []journeys.Occupation{"G1602"},
				Mobility: []journeys.Mobility{{Mode: modeOf(mode), Minutes: 60}}}
			at := &journeys.Position{ID: 1, Occupations: p.Wished, HasPoint: true, Place: journeys.NoPlace, Point: orb.Point{0, degrees}, Reach: farKm}
			got := rules.Scan(at, []*journeys.Person{p}, nil, date("2026-11-23"), journeys.Options{})
			if (got.Total == 1) != (off < 0) {
				t.Errorf("an hour by %s is %.0f km on the page, and %d match at %.1f km", mode, far, got.Total, far+off)
			}
		}
	}
}
