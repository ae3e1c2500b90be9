//nolint:misspell // the words are French
package tenders

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"maillage/nomenclatures"
	"maillage/opportunities"
)

// gardens is a contract of three years for green areas in the Drôme.
func gardens(change func(*Running)) Running {
	r := Running{Key: "decp:A", Number: "A", Buyer: Buyer{Name: "Ville de Livron", SIREN: "212601652", Country: "FRA"}, Title: "Entretien des espaces verts",
		CPV: "77310000", Place: Place{Scope: InCommunes, Departements: []string{"26"}}, Notified: "2024-03-01", Months: 36, Procedure: "Procédure adaptée",
		Amount: 90_000, Currency: "EUR", Holders: []Winner{{Name: "Les Jardins du Rhône"}}}
	if change != nil {
		change(&r)
	}
	return r
}

func codes(f opportunities.Forecast) (out []string) {
	for _, r := range f.Reasons {
		out = append(out, r.Code)
	}
	return out
}

func TestForecastOfOneContract(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*Running)
		want   Window
		why    []string
	}{
		{"three years, adapted: 90 days before the end", nil,
			Window{"2026-10-02", "2026-12-01", "2027-03-01", "2027-03-01"}, []string{ReasonEnd, ReasonOnce}},
		{"open procedure: 150 days", func(r *Running) { r.Procedure = "Appel d'offres ouvert" },
			Window{"2026-08-03", "2026-10-02", "2027-03-01", "2027-03-01"}, []string{ReasonEnd, ReasonOnce}},
		{"no procedure: a wider window", func(r *Running) { r.Procedure = "" },
			Window{"2026-08-03", "2026-11-01", "2027-03-01", "2027-03-01"}, []string{ReasonEnd, ReasonOnce, ReasonUnknown}},
		{"amended: a wider window", func(r *Running) { r.Amended = true },
			Window{"2026-09-02", "2026-12-01", "2027-03-01", "2027-03-01"}, []string{ReasonEnd, ReasonOnce, ReasonAmended}},
		{"a framework agreement for works comes again", func(r *Running) { r.CPV, r.Kind = "45233141", "Accord-cadre" },
			Window{"2026-10-02", "2026-12-01", "2027-03-01", "2027-03-01"}, []string{ReasonEnd, ReasonOnce, ReasonFramework, ReasonWorks}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			out := Foretell([]Running{gardens(c.change)})
			if len(out.Expected) != 1 || len(out.Expected[0].Windows) != 1 || out.Expected[0].Windows[0] != c.want {
				t.Fatalf("%+v", out)
			}
			f := out.Expected[0].At("2026-11-30")
			if got := codes(f); !slices.Equal(got, c.why) {
				t.Errorf("reasons %v, want %v", got, c.why)
			}
			if f.Series[:15] != "212601652:"+out.Expected[0].Ending[0].class()+":" || f.Holders()[0] != "Les Jardins du Rhône" {
				t.Errorf("%+v", f)
			}
		})
	}
}

func TestWhatForetellsNothing(t *testing.T) {
	t.Parallel()
	for why, change := range map[string]func(*Running){
		UnfitDuration:  func(r *Running) { r.Months = 0 },
		UnfitLong:      func(r *Running) { r.Months = 121 },
		UnfitShort:     func(r *Running) { r.Months = 2 },
		UnfitDate:      func(r *Running) { r.Notified = "0222-03-01" },
		UnfitBuyer:     func(r *Running) { r.Buyer.SIREN = "" },
		UnfitTrade:     func(r *Running) { r.CPV = "" },
		UnfitWorks:     func(r *Running) { r.CPV = "45214200" },
		UnfitOnce:      func(r *Running) { r.Months = 8 },
		UnfitFramework: func(r *Running) { r.Framework, r.Kind = "AC-12", "Marché" },
	} {
		if out := Foretell([]Running{gardens(change)}); len(out.Expected) != 0 || out.Unfit[why] != 1 {
			t.Errorf("%s: %+v", why, out)
		}
	}
	noDate := gardens(func(r *Running) { r.Notified = "" })
	if out := Foretell([]Running{noDate}); out.Unfit[UnfitDate] != 1 {
		t.Errorf("no date: %+v", out)
	}
}

// every makes contracts of so many months, one after the other from a day.
func every(from string, months, count int, change func(*Running)) (list []Running) {
	for i := range count {
		list = append(list, gardens(func(r *Running) {
			r.Key, r.Notified, r.Months = fmt.Sprintf("decp:%d", i), addMonths(from, i*months), months
			if change != nil {
				change(r)
			}
		}))
	}
	return list
}

func TestForecastOfASeries(t *testing.T) {
	t.Parallel()
	out := Foretell(every("2017-03-01", 36, 3, nil))
	if len(out.Expected) != 1 {
		t.Fatalf("%d forecasts of one series", len(out.Expected))
	}
	e := out.Expected[0]
	if len(e.Ending) != 1 || e.Ending[0].Key != "decp:2" || len(e.Before) != 2 || e.Before[0].Key != "decp:1" || len(out.Followed) != 2 {
		t.Errorf("%+v %v", e, out.Followed)
	}
	f := e.At("2025-01-01")
	if !slices.Contains(codes(f), ReasonSteady) || f.Confidence != 0.8 || f.On != "2025-11-30" {
		t.Errorf("%+v", f)
	}
	if twice := Foretell(every("2020-03-01", 36, 2, nil)); twice.Expected[0].Confidence >= f.Confidence || !slices.Contains(codes(twice.Expected[0].At("2025-01-01")), ReasonRepeated) {
		t.Errorf("two: %+v", twice.Expected[0])
	}
	roads := Foretell(every("2022-01-10", 12, 4, func(r *Running) { r.CPV = "45233141" }))
	if len(roads.Expected) != 1 {
		t.Errorf("works in a regular series: %+v", roads)
	}
}

// TestLotsAreCalledTogether: lots of one call make one forecast, another object
// of the same class that ends later another one.
func TestLotsAreCalledTogether(t *testing.T) {
	t.Parallel()
	out := Foretell([]Running{gardens(nil),
		gardens(func(r *Running) { r.Key, r.Notified = "decp:B", "2024-03-20" }),
		gardens(func(r *Running) { r.Key, r.Notified, r.Months = "decp:C", "2024-06-01", 48 }),
		gardens(func(r *Running) { r.Key, r.CPV = "decp:D", "90910000" }),
		gardens(func(r *Running) { r.Key, r.Place.Departements = "decp:E", []string{"07"} })})
	if len(out.Expected) != 4 {
		t.Fatalf("%d forecasts", len(out.Expected))
	}
	var sizes []int
	for _, e := range out.Expected {
		sizes = append(sizes, len(e.Ending))
	}
	if slices.Max(sizes) != 2 {
		t.Errorf("%v", sizes)
	}
}

// TestRenewalsMoveTheWindow: a contract of a year may be renewed within four
// years; each window that passes leads to the next, less surely.
func TestRenewalsMoveTheWindow(t *testing.T) {
	t.Parallel()
	e := Foretell([]Running{gardens(func(r *Running) { r.Months = 12 })}).Expected[0]
	if len(e.Windows) != 4 || e.Windows[3].Ends != "2028-03-01" {
		t.Fatalf("%+v", e.Windows)
	}
	first, second := e.At("2024-12-01"), e.At("2025-06-01")
	if first.Ends != "2025-03-01" || second.Ends != "2026-03-01" || second.Confidence >= first.Confidence || !slices.Contains(codes(second), ReasonRenewed) {
		t.Errorf("%+v\n%+v", first, second)
	}
}

// drawRunning draws a contract of a small world, so that series and waves meet.
func drawRunning(t *rapid.T, i int) Running {
	r := gardens(nil)
	r.Key = fmt.Sprintf("decp:%03d", i)
	r.CPV = rapid.SampledFrom([]nomenclatures.CPV{"77310000", "77310000", "90910000", "45233141"}).Draw(t, "cpv")
	r.Buyer.SIREN = rapid.SampledFrom([]string{"212601652", "222600017", ""}).Draw(t, "buyer")
	r.Notified = addDays("2012-01-01", rapid.IntRange(0, 5000).Draw(t, "notified"))
	r.Months = rapid.SampledFrom([]int{0, 2, 6, 12, 12, 24, 36, 48, 120, 400}).Draw(t, "months")
	r.Procedure = rapid.SampledFrom([]string{"", "Procédure adaptée", "Appel d'offres ouvert", "Dialogue compétitif"}).Draw(t, "procedure")
	r.Kind = rapid.SampledFrom([]string{"Marché", "Accord-cadre"}).Draw(t, "kind")
	r.Amended = rapid.Bool().Draw(t, "amended")
	r.Amount = float64(rapid.IntRange(0, 1_000_000).Draw(t, "amount")) / 100
	return r
}

func shuffled[T any](list []T, seed uint64) []T {
	out := slices.Clone(list)
	rand.New(rand.NewPCG(seed, 1)).Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// TestForecastsHold: whatever the contracts, in any order the outlook is the
// same; no window ends before it begins, nor begins before its contract; every
// contract is in one forecast at most; confidence is a share.
func TestForecastsHold(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var list []Running
		for i := range rapid.IntRange(0, 25).Draw(t, "contracts") {
			list = append(list, drawRunning(t, i))
		}
		out := Foretell(list)
		other := Foretell(shuffled(list, rapid.Uint64().Draw(t, "seed")))
		if a, b := outlookText(t, out), outlookText(t, other); a != b {
			t.Fatalf("the order matters:\n%s\n%s", a, b)
		}
		seen := map[string]bool{}
		for i := range out.Expected {
			checkExpectation(t, &out.Expected[i], seen)
		}
	})
}

func checkExpectation(t *rapid.T, e *Expectation, seen map[string]bool) {
	for _, w := range e.Windows {
		if w.From > w.On || w.On > w.Until || w.Until < w.Ends || w.From <= e.Ending[len(e.Ending)-1].Notified {
			t.Fatalf("window %+v of a contract of %s", w, e.Ending[0].Notified)
		}
	}
	if e.Confidence < 0.1 || e.Confidence > 0.9 {
		t.Fatalf("confidence %v", e.Confidence)
	}
	for _, r := range slices.Concat(e.Ending, e.Before) {
		if seen[r.Key] {
			t.Fatalf("%s is in two forecasts", r.Key)
		}
		seen[r.Key] = true
	}
}

func outlookText(t *rapid.T, v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
