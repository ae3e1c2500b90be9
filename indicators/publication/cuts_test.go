package publication_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"maillage/indicators/microdata"
	"maillage/indicators/publication"
	"maillage/internal/testkit/highs"
	"maillage/territories"
)

// bounds are towns on both sides of the borders of departments and of regions.
var bounds = []string{"26362", "26281", "26347", "26058", "26250", "07102", "07324", "07281", "84007", "84092", "30351", "30011", "13027", "13108"}

// placed is how many exits each commune of a year has, and of how many enterprises.
type placed struct {
	atlas  *territories.Atlas
	exits  map[int]map[string]float64
	houses map[int]map[string]int
}

// borderFederation invents a small federation for each year, unlike those of the others.
func (h *house) borderFederation(years []int, seed uint64) placed {
	h.t.Helper()
	atlas, err := territories.Load()
	must(h.t, err)
	chance := rand.New(rand.NewPCG(seed, 3))
	p := placed{atlas, map[int]map[string]float64{}, map[int]map[string]int{}}
	enterprises, exits := []string{"entreprise;annee;type;code_insee;groupe"}, []string{"entreprise;salarie;date;motif;jours;constatee"}
	for _, year := range years {
		p.exits[year], p.houses[year] = map[string]float64{}, map[string]int{}
		for i := range 17 {
			town := bounds[chance.IntN(len(bounds))]
			enterprises = append(enterprises, fmt.Sprintf("INV-%d-%03d;%d;ACI;%s;", year, i, year, town))
			p.houses[year][town]++
			for j := range 1 + chance.IntN(4) {
				exits = append(exits, fmt.Sprintf("INV-%d-%03d;S%d;%d-%02d-%02d;autre;;oui", year, i, j, year, 1+j, 1+i))
				p.exits[year][town]++
			}
		}
	}
	h.load(microdata.Enterprises, enterprises, seed)
	h.load(microdata.Exits, exits, seed)
	_, err = h.count.Refresh(system())
	must(h.t, err)
	return p
}

// towns are the communes of a territory where somebody is.
func (p placed) towns(year int, in func(commune string) bool) (list []string) {
	for _, c := range bounds {
		if p.houses[year][c] > 0 && in(c) {
			list = append(list, c)
		}
	}
	return list
}

// ways are how everything released cuts the country: commune → territory.
func (h *house) ways(p placed) (list []func(string) string) {
	h.t.Helper()
	of := func(c string) *territories.Commune {
		ord, _ := p.atlas.Ordinal(territories.CommuneCode(c))
		return p.atlas.Commune(ord)
	}
	list = append(list, func(c string) string { return "R" + of(c).Region }, func(c string) string { return of(c).Departement })
	all, err := h.Versions(public(), "", 0, 200)
	must(h.t, err)
	for i := range all {
		zones := map[string]string{}
		for _, z := range all[i].Zones() {
			for _, c := range z.Communes {
				zones[c] = z.Code
			}
		}
		if len(zones) > 0 {
			list = append(list, func(c string) string { return zones[c] })
		}
	}
	return list
}

// reader is what somebody knows who has everything that was released of a year: a
// number of exits for each commune, and the sums that were told.
type reader struct {
	p       placed
	year    int
	base    highs.Model
	targets map[string][]string // what is too small to be told, by its communes
}

func (h *house) reader(p placed, year int) reader {
	h.t.Helper()
	r := reader{p: p, year: year, targets: map[string][]string{}}
	r.base = highs.Model{Lower: make([]float64, len(bounds)), Upper: slices.Repeat([]float64{math.Inf(1)}, len(bounds))}
	var told []struct {
		Territory string
		Value     int64
	}
	must(h.t, h.st.Read().NewRaw("SELECT DISTINCT territory, value FROM released_figures WHERE measure = 'exits.observed' AND status = 'value' AND year = ? ORDER BY territory, value", year).Scan(context.Background(), &told))
	ways := h.ways(p)
	for _, f := range told {
		towns := p.towns(year, func(c string) bool {
			return f.Territory == "FR" || slices.ContainsFunc(ways, func(of func(string) string) bool { return of(c) == f.Territory })
		})
		terms, sum := r.sum(towns)
		if sum != float64(f.Value) {
			h.t.Fatalf("%d %s has %v exits, %d was published", year, f.Territory, sum, f.Value)
		}
		r.base.Rows = append(r.base.Rows, highs.Row{Terms: terms, RHS: sum})
	}
	cells := slices.Clone(ways)
	cells = append(cells, func(c string) string { // what all of them have in common
		var list []string
		for _, of := range ways {
			list = append(list, of(c))
		}
		return strings.Join(list, " ")
	})
	for _, of := range cells {
		for _, c := range bounds {
			towns := p.towns(year, func(o string) bool { return of(o) == of(c) })
			if _, n := r.sum(towns); n > 0 && (n < 5 || r.houses(towns) < 3) {
				r.targets[strings.Join(towns, " ")] = towns
			}
		}
	}
	return r
}

func (r reader) sum(towns []string) (terms []highs.Term, sum float64) {
	for _, c := range towns {
		terms = append(terms, highs.Term{Column: slices.Index(bounds, c), Value: 1})
		sum += r.p.exits[r.year][c]
	}
	return terms, sum
}

func (r reader) houses(towns []string) (n int) {
	for _, c := range towns {
		n += r.p.houses[r.year][c]
	}
	return n
}

// Zones of one year, zones of two and departments, in any order: a reader of all of
// them finds nothing small, be it of a territory or of what is left between two.
func TestOtherCutsOfTheSameCountry(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		years := []int{2022, 2023, 2024, 2025}
		p := h.borderFederation(years, 1)
		chance := rand.New(rand.NewPCG(1, 1))
		done := 0
		for pair := range slices.Chunk(years, 2) {
			plans := []publication.Plan{{Level: publication.Zones, Years: pair[:1]}, {Level: publication.Zones, Years: pair[1:]}, {Level: publication.Zones, Years: pair}, {Level: publication.Departement, Years: pair}}
			chance.Shuffle(len(plans), func(i, j int) { plans[i], plans[j] = plans[j], plans[i] })
			for _, plan := range plans {
				plan.Indicators = []publication.Chosen{{ID: "C08", Version: 2}}
				switch r := h.publish(plan); {
				case r.State == publication.Published:
					done++
					h.zonesAreTold(*r.VersionID)
				case r.State != publication.Failed || !strings.Contains(r.Reason, "se retrouverai"):
					t.Fatal(r.State, r.Reason)
				}
			}
		}
		h.findsNothing(p, years, done)
	})
}

// zonesAreTold asks that no zone hide the number of everybody: it would have been
// gathered with a neighbour.
func (h *house) zonesAreTold(version int64) {
	h.t.Helper()
	var hidden int
	must(h.t, h.st.Read().NewRaw("SELECT COUNT(*) FROM released_figures WHERE version_id = ? AND territory LIKE 'zone-%' AND kind = 'all' AND status = 'hidden'", version).Scan(context.Background(), &hidden))
	if hidden > 0 {
		h.t.Errorf("version %d: %d numbers of zones are hidden", version, hidden)
	}
}

func (h *house) findsNothing(p placed, years []int, done int) {
	h.t.Helper()
	var models []highs.Model
	var asked []string
	var values []float64
	rows := 0
	for _, year := range years {
		r := h.reader(p, year)
		rows += len(r.base.Rows)
		for name, towns := range r.targets {
			terms, n := r.sum(towns)
			for _, up := range []bool{false, true} {
				m := r.base
				m.Cost, m.Maximize = terms, up
				models = append(models, m)
			}
			asked, values = append(asked, fmt.Sprint(year, " ", name)), append(values, n)
		}
	}
	h.t.Logf("%d releases, %d figures, %d small numbers attacked", done, rows, len(asked))
	if done < 6 || rows < 2*len(years) || len(asked) < 2*len(years) {
		h.t.Error("the test asks too little")
	}
	answers := highs.Solve(h.t, models)
	for i, name := range asked {
		low, high, n := answers[2*i].Value, answers[2*i+1].Value, values[i]
		if answers[2*i+1].Status == "Unbounded" {
			high = math.Inf(1)
		}
		if low > n-1+1e-6 || high < n+1-1e-6 || high-low < 5-1e-6 {
			h.t.Errorf("%s is %v: a reader finds [%v, %v]", name, n, low, high)
		}
	}
}
