package publication_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"maillage/indicators/microdata"
	"maillage/indicators/publication"
	"maillage/internal/testkit/highs"
)

// someone is where, of which sex and of which age exits are counted; "all" and FR sum.
type someone struct{ Territory, Sex, Age string }

// regions are those of the departments of the towns on borders.
var regions = map[string]string{"26": "R84", "07": "R84", "84": "R93", "13": "R93", "30": "R76"}

func (s someone) within(o someone) bool {
	return (o.Territory == "FR" || o.Territory == s.Territory || o.Territory == regions[s.Territory]) && (o.Sex == "all" || o.Sex == s.Sex) && (o.Age == "all" || o.Age == s.Age)
}

// Departments by sex, then regions by age, then both at once for the whole country: who
// has the three finds no small number in any of them.
func TestDepartmentsSexAndAge(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		cells, truth, houses := h.sexedFederation(1)
		for _, p := range []publication.Plan{{Level: publication.Departement, Sex: true}, {Level: publication.Region, Age: true}, {Level: publication.Federation, Sex: true, Age: true}} {
			p.Indicators, p.Years = []publication.Chosen{{ID: "C08", Version: 2}}, []int{2025}
			if r := h.publish(p); r.State != publication.Published {
				t.Fatal(r.State, r.Reason)
			}
		}
		var rows []struct {
			Territory, Sex, Age, Status string
			Value                       int64
		}
		must(t, h.st.Read().NewRaw("SELECT territory, sex, age, status, value FROM released_figures WHERE measure = 'exits.observed' ORDER BY version_id, territory, sex, age").Scan(context.Background(), &rows))
		base := highs.Model{Lower: make([]float64, len(cells)), Upper: slices.Repeat([]float64{math.Inf(1)}, len(cells))}
		var models []highs.Model
		var small []someone
		sums := map[someone]float64{}
		for _, r := range rows {
			at := someone{r.Territory, r.Sex, r.Age}
			terms, sum, groups := termsOf(at, cells, truth, houses)
			sums[at] = sum
			switch {
			case r.Status == "value" && sum != float64(r.Value):
				t.Fatalf("%v is %v, %d was published", at, sum, r.Value)
			case r.Status == "value":
				base.Rows = append(base.Rows, highs.Row{Terms: terms, RHS: sum})
			case r.Status == "hidden" && sum > 0 && (sum < 5 || groups < 3):
				small = append(small, at)
				models = append(models, highs.Model{Cost: terms}, highs.Model{Cost: terms, Maximize: true})
			}
		}
		for i := range models {
			models[i].Lower, models[i].Upper, models[i].Rows = base.Lower, base.Upper, base.Rows
		}
		t.Logf("%d figures published, %d small numbers attacked", len(base.Rows), len(small))
		if len(base.Rows) < 15 || len(small) < 3 {
			t.Error("the test asks too little")
		}
		answers := highs.Solve(t, models)
		for i, at := range small {
			low, high, n := answers[2*i].Value, answers[2*i+1].Value, sums[at]
			if answers[2*i+1].Status == "Unbounded" { // nothing that was told holds it
				high = math.Inf(1)
			}
			if low > n-1+1e-6 || high < n+1-1e-6 || high-low < 5-1e-6 {
				t.Errorf("%v is %v: a reader finds [%v, %v]", at, n, low, high)
			}
		}
	})
}

// sexedFederation invents people on borders whose sex and age are known.
func (h *house) sexedFederation(seed uint64) (cells []someone, truth map[someone]float64, houses map[someone]map[int]bool) {
	h.t.Helper()
	chance := rand.New(rand.NewPCG(seed, 8))
	truth, houses = map[someone]float64{}, map[someone]map[int]bool{}
	enterprises, workers, exits := []string{"entreprise;annee;type;code_insee;groupe"}, []string{"entreprise;salarie;sexe;tranche_age"}, []string{"entreprise;salarie;date;motif;jours;constatee"}
	for i := range 24 {
		town := bounds[chance.IntN(len(bounds))]
		enterprises = append(enterprises, fmt.Sprintf("INV-%03d;2025;ACI;%s;", i, town))
		for j := range 6 {
			at := someone{town[:2], []string{"f", "m", "m"}[chance.IntN(3)], []string{"under-26", "26-49", "26-49", "50-over"}[chance.IntN(4)]}
			workers = append(workers, fmt.Sprintf("INV-%03d;S%d;%s;%s", i, j, at.Sex, map[string]string{"under-26": "-25", "26-49": "26-49", "50-over": "50+"}[at.Age]))
			exits = append(exits, fmt.Sprintf("INV-%03d;S%d;2025-%02d-%02d;autre;;oui", i, j, 1+j, 1+i))
			if truth[at]++; houses[at] == nil {
				cells, houses[at] = append(cells, at), map[int]bool{}
			}
			houses[at][i] = true
		}
	}
	h.load(microdata.Enterprises, enterprises, seed)
	h.load(microdata.Workers, workers, seed)
	h.load(microdata.Exits, exits, seed)
	_, err := h.count.Refresh(system())
	must(h.t, err)
	return cells, truth, houses
}

func termsOf(at someone, cells []someone, truth map[someone]float64, houses map[someone]map[int]bool) (terms []highs.Term, sum float64, groups int) {
	all := map[int]bool{}
	for i, c := range cells {
		if !c.within(at) {
			continue
		}
		terms, sum = append(terms, highs.Term{Column: i, Value: 1}), sum+truth[c]
		for g := range houses[c] {
			all[g] = true
		}
	}
	return terms, sum, len(all)
}
