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

// crossed is how many exits each cell of sex, age and RSA has; no table crosses the three.
type crossed map[[3]string]float64

var (
	sexCodes = []string{"f", "m", "unsaid"}
	ageCodes = []string{"under-26", "26-49", "50-over", "unsaid"}
	rsaCodes = []string{"in:RSA", "out:RSA"}
)

// crossedFederation invents few exits, of persons whose sex, age and RSA are known.
func (h *house) crossedFederation(seed uint64) crossed {
	chance := rand.New(rand.NewPCG(seed, 9))
	enterprises := []string{"entreprise;annee;type;code_insee;groupe"}
	workers, exits := []string{"entreprise;salarie;sexe;tranche_age;publics"}, []string{"entreprise;salarie;date;motif;jours;constatee"}
	truth := crossed{}
	var kinds [][3]string // of people, the first ones most often: few of the crosses exist
	for n := range 12 {
		if chance.IntN(2) == 0 {
			kinds = append(kinds, [3]string{sexCodes[n%2], ageCodes[n/2%3], rsaCodes[n/6]})
		}
	}
	for i := range 14 {
		enterprises = append(enterprises, fmt.Sprintf("INV-%03d;2025;ACI;%s;", i, towns[i%len(towns)]))
		for j := range 5 {
			who := kinds[int(float64(len(kinds))*chance.Float64()*chance.Float64())]
			band := map[string]string{"under-26": "-25", "26-49": "26-49", "50-over": "50+"}[who[1]]
			workers = append(workers, fmt.Sprintf("INV-%03d;S%d;%s;%s;%s", i, j, who[0], band, map[string]string{"in:RSA": "RSA"}[who[2]]))
			exits = append(exits, fmt.Sprintf("INV-%03d;S%d;2025-%02d-%02d;%s;;oui", i, j, 1+j, 1+i, []string{"cdi", "formation", "autre"}[chance.IntN(3)]))
			truth[who]++
		}
	}
	h.load(microdata.Enterprises, enterprises, 1)
	h.load(microdata.Workers, workers, 1)
	h.load(microdata.Exits, exits, 1)
	_, err := h.count.Refresh(system())
	must(h.t, err)
	return truth
}

// told is every figure of observed exits that some version gave, by sex, age and RSA.
func (h *house) told() crossed {
	h.t.Helper()
	var rows []struct {
		Sex, Age, Public string
		Value            int64
	}
	must(h.t, h.st.Read().NewRaw("SELECT sex, age, public, value FROM released_figures WHERE measure LIKE 'exits.observed%' AND status = 'value' ORDER BY sex, age, public").Scan(context.Background(), &rows))
	out := crossed{}
	for _, r := range rows {
		out[[3]string{r.Sex, r.Age, r.Public}] = float64(r.Value)
	}
	return out
}

func (c crossed) sum(codes [3]string) (terms []highs.Term, sum float64) {
	for i, sex := range sexCodes {
		for j, age := range ageCodes {
			for k, rsa := range rsaCodes {
				in := true
				for d, own := range []string{sex, age, rsa} {
					in = in && (codes[d] == "all" || codes[d] == own)
				}
				if in {
					terms = append(terms, highs.Term{Column: (i*len(ageCodes)+j)*len(rsaCodes) + k, Value: 1})
					sum += c[[3]string{sex, age, rsa}]
				}
			}
		}
	}
	return terms, sum
}

// Sex × age, then sex × RSA, then age × RSA: a reader of the three releases knows that
// people by the three at once exist, and finds no small number in them.
func TestThreeReleasesThatMakeACircle(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		truth := h.crossedFederation(22)
		for _, by := range []publication.Plan{{Sex: true, Age: true}, {Sex: true, Public: true}, {Age: true, Public: true}} {
			by.Indicators, by.Level, by.Years = []publication.Chosen{{ID: "C08", Version: 2}}, publication.Federation, []int{2025}
			if r := h.publish(by); r.State != publication.Published {
				t.Fatal(r.State, r.Reason)
			}
		}
		told := h.told()
		base := highs.Model{Lower: make([]float64, 24), Upper: slices.Repeat([]float64{math.Inf(1)}, 24)}
		for codes, value := range told {
			terms, sum := truth.sum(codes)
			if slices.Contains([]string{"all", "in:RSA"}, codes[2]) {
				base.Rows = append(base.Rows, highs.Row{Terms: terms, RHS: value})
				if sum != value {
					t.Fatalf("%v is %v, %v was published", codes, sum, value)
				}
			}
		}
		models, small := attacksOnSmall(base, truth, told)
		if len(small) == 0 || len(base.Rows) < 8 {
			t.Fatalf("%d small numbers, %d figures: the test asks nothing", len(small), len(base.Rows))
		}
		answers := highs.Solve(t, models)
		for i, codes := range small {
			_, n := truth.sum(codes)
			low, high := answers[2*i].Value, answers[2*i+1].Value
			if low > n-1+1e-6 || high < n+1-1e-6 || high-low < 5-1e-6 {
				t.Errorf("%v is %v: a reader finds [%v, %v]", codes, n, low, high)
			}
		}
		t.Logf("%d figures published, %d small numbers attacked", len(base.Rows), len(small))
	})
}

// attacksOnSmall asks the least and the most of each small number of two of the three.
func attacksOnSmall(base highs.Model, truth, told crossed) (models []highs.Model, small [][3]string) {
	for _, sex := range append([]string{"all"}, sexCodes...) {
		for _, age := range append([]string{"all"}, ageCodes...) {
			for _, rsa := range append([]string{"all"}, rsaCodes...) {
				codes := [3]string{sex, age, rsa}
				terms, n := truth.sum(codes)
				if _, given := told[codes]; given || n == 0 || n >= 5 || sex != "all" && age != "all" && rsa != "all" {
					continue
				}
				for _, up := range []bool{false, true} {
					m := base
					m.Cost, m.Maximize = terms, up
					models = append(models, m)
				}
				small = append(small, codes)
			}
		}
	}
	return models, small
}
