package delays

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"maillage/accounts"
	"maillage/indicators/compute"
	"maillage/indicators/estimate"
	"maillage/indicators/microdata"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/territories"
)

var day0 = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// waitsOf are n waits of a group, one a week, the last open ones still waiting after 60.
func waitsOf(n, open, organisations int, commune string, from int64) []wait {
	var out []wait
	for i := range n {
		w := wait{id: from + int64(i), contributor: contributor("", from+int64(i%organisations)), commune: commune, since: day0, until: day0.AddDate(0, 0, 7*(i+1)), event: true}
		if i >= n-open {
			w.until, w.event = day0.AddDate(0, 0, 7*60), false
		}
		out = append(out, w)
	}
	return out
}

func codeOf(w wait) string { return w.commune }

// Those who still wait are kept: half of twenty is reached in the tenth week; left
// out, the twelve that were answered would have their half in the sixth.
func TestWhatStillWaitsIsKept(t *testing.T) {
	t.Parallel()
	groups, err := grouped(FirstAnswer, waitsOf(20, 8, 4, "", 1), codeOf)
	if err != nil || len(groups) != 1 {
		t.Fatalf("%+v, %v", groups, err)
	}
	median, _, ok := groups[0].Curve.Median()
	if !ok || median != 10 || groups[0].Followed != 20 {
		t.Errorf("half in week %v of %d, %v", median, groups[0].Followed, ok)
	}
}

// A curve ends where fewer than ten are followed, and is told by steps of five.
func TestACurveStopsWhereFewAreFollowed(t *testing.T) {
	t.Parallel()
	groups, err := grouped(FirstAnswer, waitsOf(20, 1, 4, "", 1), codeOf)
	if err != nil {
		t.Fatal(err)
	}
	if last := groups[0].Curve.Last; last != 10 || groups[0].Answered != 10 || len(groups[0].Curve.Steps) != 2 {
		t.Errorf("it goes on until week %v, %d answered", last, groups[0].Answered)
	}
}

// everything is the whole that everybody reads.
func everything(wait) string { return "" }

// Few waits, or few organisations, or all alike, have no curve; nor has a group that
// would tell of them by what it leaves of the whole.
func TestFewAreNotTold(t *testing.T) {
	t.Parallel()
	big, small, one, middle := waitsOf(40, 3, 5, "A", 100), waitsOf(9, 3, 5, "B", 200), waitsOf(15, 4, 2, "C", 300), waitsOf(20, 4, 4, "D", 400)
	none, all := waitsOf(20, 20, 4, "E", 500), waitsOf(20, 0, 4, "F", 600)
	late := waitsOf(20, 0, 4, "H", 800) // one answer
	for i := range late {
		late[i].event = i == 12
	}
	overlapping := slices.Clone(big[4:]) // proposed to somebody of G as well: 4 of A are not
	for i := range overlapping {
		overlapping[i].commune = "G"
	}
	for _, c := range []struct {
		name  string
		waits [][]wait
		told  string
	}{
		{"nine waits beside two groups: the smaller one goes too", [][]wait{big, small, middle}, "A"},
		{"two organisations beside two groups: so too", [][]wait{big, one, middle}, "A"},
		{"everything is large", [][]wait{big, middle}, "A D"},
		{"nine and fifteen left out are many together", [][]wait{big, small, one, middle}, "A D"},
		{"nobody was answered: it is not told, nor by what is left", [][]wait{big, none, middle}, "A"},
		{"one was: of one alone nothing is told", [][]wait{big, late, middle}, "A"},
		{"everybody was", [][]wait{big, all, middle}, "A"},
		{"the same things in two groups: four are left by the smaller one", [][]wait{big, overlapping}, "A"},
		{"and more are left by it", [][]wait{big, overlapping, middle}, "A D G"},
	} {
		var all []wait
		for _, w := range c.waits {
			all = append(all, w...)
		}
		groups, err := grouped(FirstAnswer, all, codeOf, everything)
		if err != nil {
			t.Fatal(err)
		}
		var told []string
		for _, g := range groups {
			if !g.Withheld {
				told = append(told, g.Code)
			} else if g.Followed != 0 || len(g.Curve.Steps) != 0 {
				t.Errorf("%s: %s is withheld and says %+v", c.name, g.Code, g)
			}
		}
		if got := strings.Join(told, " "); got != c.told {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

// An opportunity proposed to three members waits once, until the first answer.
func TestAnOpportunityWaitsOnce(t *testing.T) {
	t.Parallel()
	spells := FirstAnswer.spells([]wait{
		{id: 1, since: day0.AddDate(0, 0, 2), until: day0.AddDate(0, 0, 30)},
		{id: 1, since: day0, until: day0.AddDate(0, 0, 9), event: true},
		{id: 1, since: day0.AddDate(0, 0, 1), until: day0.AddDate(0, 0, 5), event: true},
		{id: 2, since: day0, until: day0.AddDate(0, 0, -1), event: true},
	})
	if len(spells) != 1 || spells[0].Time != 1 || !spells[0].Event {
		t.Errorf("%+v", spells)
	}
}

// Forty of a hundred are answered one a week, sixty pass their deadline after ten:
// half is never reached. To keep those as if they still waited would say that it is.
func TestWhatEndsOtherwiseIsNotKept(t *testing.T) {
	t.Parallel()
	waits := waitsOf(100, 60, 5, "", 1)
	for i := 40; i < 100; i++ {
		waits[i].until, waits[i].other = day0.AddDate(0, 0, 70), true
	}
	groups, err := grouped(FirstAnswer, waits, codeOf)
	if err != nil {
		t.Fatal(err)
	}
	c := groups[0].Curve
	if _, _, reached := c.Median(); reached || len(c.Steps) == 0 {
		t.Errorf("half of them is said to be answered: %+v", c)
	}
	if last := c.Steps[len(c.Steps)-1]; math.Abs(1-last.Survival-.30) > 1e-9 || math.Abs(last.Otherwise-.6) > 1e-9 {
		t.Errorf("%+v", last) // ten are followed until the thirtieth week
	}
	still := FirstAnswer.spells(waits)
	for i := range still {
		still[i].Other = false
	}
	kept, _ := estimate.AalenJohansen(still, level)
	if _, _, reached := kept.Median(); !reached {
		t.Error("the example proves nothing")
	}
}

// Whatever the waits, every step that is told is at a whole week or month, of five.
func TestStepsSayNoDayAndNobody(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		topic := rapid.SampledFrom(Topics()).Draw(t, "topic")
		var waits []wait
		for i := range rapid.IntRange(10, 80).Draw(t, "n") {
			w := wait{id: int64(i), contributor: contributor("", int64(i%4)), since: day0, until: day0.Add(time.Duration(rapid.IntRange(0, 20000).Draw(t, "hours")) * time.Hour), event: rapid.Bool().Draw(t, "event")}
			w.other = !w.event && rapid.Bool().Draw(t, "other")
			waits = append(waits, w)
		}
		groups, err := grouped(topic, waits, codeOf)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range groups[0].Curve.Steps {
			if s.Time != math.Trunc(s.Time) || s.Events < Step || s.AtRisk < Few {
				t.Fatalf("%+v", s)
			}
		}
	})
}

// Three enterprises of one economic group are one contributor.
func TestAnEconomicGroupIsOneContributor(t *testing.T) {
	t.Parallel()
	waits := waitsOf(40, 5, 3, "", 1)
	if FirstAnswer.few(waits) {
		t.Error("three organisations are enough")
	}
	for i := range waits {
		waits[i].contributor = contributor([]string{"GES-1", "GES-1", ""}[i%3], int64(i%3))
	}
	if !FirstAnswer.few(waits) {
		t.Error("two economic groups are told of")
	}
}

// each runs a story on both engines.
func each(t *testing.T, body func(t *testing.T, s *Service, data *microdata.Service)) {
	t.Helper()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		atlas, err := territories.Load()
		if err != nil {
			t.Fatal(err)
		}
		clock := testkit.NewClock("2026-12-01T08:00:00Z")
		body(t, NewService(Config{Store: st, Atlas: atlas, Now: clock.Now}), microdata.NewService(microdata.Config{Store: st, Atlas: atlas, Now: clock.Now}))
	})
}

// Journeys end with a dynamic exit, with another one, or with the last year sent.
func TestJourneysAreFollowedUntilWhatWasSent(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *Service, data *microdata.Service) {
		system := accounts.With(context.Background(), accounts.TheSystem())
		years, begun, left := []string{"entreprise;annee;type;code_insee"}, []string{"entreprise;salarie;debut"}, []string{"entreprise;salarie;date;motif;constatee"}
		for e := range 4 {
			years = append(years, fmt.Sprintf("E-%d;2011;ACI;26108", e))
			for i := range 6 {
				begun = append(begun, fmt.Sprintf("E-%d;S-%d;2011-01-01", e, i))
				if i < 5 { // the sixth is still there
					left = append(left, fmt.Sprintf("E-%d;S-%d;2011-0%d-01;%s;oui", e, i, 4+i, []string{"cdi", "autre"}[i%2]))
				}
			}
		}
		send(t, system, data, microdata.Enterprises, years)
		send(t, system, data, microdata.Contracts, begun)
		send(t, system, data, microdata.Exits, left)
		d, err := s.Look(accounts.With(context.Background(), accounts.Nobody()), Wanted{Topic: DynamicExit, By: ByKind})
		if err != nil || len(d.Groups) != 1 || d.Groups[0].Code != "ACI" || d.Groups[0].Followed != 24 {
			t.Fatalf("%+v, %v", d, err)
		}
		// Jobs after 90, 151 and 212 days, begun months counted: 3, 5 and 7; others after
		// 120 and 181: 4 and 6. Four leave at a time: steps of five at least are the first two
		// together, and what follows has fewer than ten. 8 of 24 left with a job, none was censored.
		steps := d.Groups[0].Curve.Steps
		if len(steps) != 1 || steps[0].Time != 5 || steps[0].Events != 8 || math.Abs(steps[0].Survival-16./24) > 1e-9 {
			t.Errorf("%+v", steps)
		}
	})
}

// What is sent of four enterprises of two economic groups is told of two: nothing is.
func TestTheGroupThatIsSentCounts(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *Service, data *microdata.Service) {
		system := accounts.With(context.Background(), accounts.TheSystem())
		years, begun, left := []string{"entreprise;annee;type;code_insee;groupe"}, []string{"entreprise;salarie;debut"}, []string{"entreprise;salarie;date;motif;constatee"}
		for e := range 4 {
			years = append(years, fmt.Sprintf("E-%d;2011;ACI;26108;GES-%d", e, e%2))
			for i := range 10 {
				begun = append(begun, fmt.Sprintf("E-%d;S-%d;2011-01-01", e, i))
				if i < 5 {
					left = append(left, fmt.Sprintf("E-%d;S-%d;2011-04-01;cdi;oui", e, i))
				}
			}
		}
		send(t, system, data, microdata.Enterprises, years)
		send(t, system, data, microdata.Contracts, begun)
		send(t, system, data, microdata.Exits, left)
		d, err := s.Look(accounts.With(context.Background(), accounts.Nobody()), Wanted{Topic: DynamicExit})
		if err != nil || len(d.Groups) != 1 || !d.Groups[0].Withheld {
			t.Errorf("%+v, %v", d, err)
		}
	})
}

func send(t testing.TB, ctx context.Context, data *microdata.Service, sheet microdata.Sheet, lines []string) {
	t.Helper()
	r, err := data.Import(ctx, microdata.File{Sheet: sheet, Name: "x.csv", Content: strings.NewReader(strings.Join(lines, "\n"))})
	if err != nil || r.Rejected > 0 {
		t.Fatalf("%s: %+v, %v", sheet, r, err)
	}
}

// Everybody reads the federation; places are officers' and administrators'.
func TestPlacesAreNotEverybodys(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *Service, _ *microdata.Service) {
		everybody := accounts.With(context.Background(), accounts.Nobody())
		officer := accounts.With(context.Background(), accounts.Identity{UserID: 2, Role: accounts.Officer, Perimeter: territories.SetOf(1)})
		for _, topic := range Topics() {
			if d, err := s.Look(everybody, Wanted{Topic: topic}); err != nil || len(d.Groups) != 0 {
				t.Errorf("%s: %+v, %v", topic, d, err)
			}
			for _, w := range []Wanted{{Topic: topic, Perimeter: true}, {Topic: topic, By: ByRegion}, {Topic: topic, By: ByDepartement}} {
				if _, err := s.Look(everybody, w); !fault.Is(err, fault.KindForbidden) && !fault.Is(err, fault.KindUnauthenticated) {
					t.Errorf("%+v: %v", w, err)
				}
				if _, err := s.Look(officer, w); err != nil {
					t.Errorf("%+v: %v", w, err)
				}
			}
		}
		if _, err := s.Look(everybody, Wanted{Topic: "lunch"}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("%v", err)
		}
	})
}

// What an officer's perimeter leaves of the federation is compared with what everybody
// reads: together, and of each kind.
func TestAPerimeterIsTakenFromWhatEverybodyReads(t *testing.T) {
	t.Parallel()
	in, out := waitsOf(40, 5, 5, "in", 100), waitsOf(30, 5, 5, "out", 200)
	for i := range in {
		in[i].kind = []compute.Kind{compute.ACI, compute.EI}[i%2]
	}
	for i := range out {
		out[i].kind = compute.ACI
		if i%10 == 9 { // three of EI
			out[i].kind = compute.EI
		}
	}
	kinds := func(w wait) string { return string(w.kind) }
	inside := func(w wait) string {
		if w.commune == "out" {
			return elsewhere + kinds(w)
		}
		return kinds(w)
	}
	hidden := withheld(FirstAnswer, slices.Concat(in, out), inside, []coder{everything, kinds})
	if hidden["ACI"] || !hidden["EI"] || !hidden[elsewhere+"ACI"] {
		t.Errorf("%v", hidden)
	}
}
