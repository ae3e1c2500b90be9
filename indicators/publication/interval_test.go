package publication_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"maillage/indicators/catalogue"
	"maillage/indicators/microdata"
	"maillage/indicators/publication"
	"maillage/indicators/release"
)

// answers are those of two enterprises in three: who was in employment six months after,
// and purchases.
func answers(n int, everybody bool) []string {
	out := []string{"entreprise;annee;question;valeur"}
	for i := range n {
		if i%3 == 2 && !everybody {
			continue
		}
		add := func(question string, value int) {
			out = append(out, fmt.Sprintf("INV-%03d;2025;%s;%d", i, question, value))
		}
		add("after_6_months.followed", 12+i%7)
		add("after_6_months.employed", 3+i%5)
		add("purchases", 10_000+1_000*(i%11))
		add("purchases.local", 2_000+700*(i%6))
	}
	return out
}

func surveys() publication.Plan {
	return publication.Plan{Indicators: []publication.Chosen{{ID: "C09", Version: 1}, {ID: "R4.2", Version: 1}, {ID: "C04", Version: 1}}, Level: publication.Region, Kinds: true, Years: []int{2025}}
}

// What comes from answers has its interval beside it, in the file and in what is read;
// it is hidden with its rate, and a count of every event has none and says so.
func TestWhatIsEstimatedHasItsInterval(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.fill(90, 1)
		h.load(microdata.Answers, answers(90, false), 1)
		_, err := h.count.Refresh(system())
		must(t, err)
		if r := h.publish(surveys()); r.State != publication.Published {
			t.Fatal(r.Reason)
		}
		_, file := h.latest()
		report, err := release.Verify(context.Background(), bytes.NewReader(file), int64(len(file)), publication.Attack)
		must(t, err)
		if !report.Sound() {
			t.Errorf("%+v", report.Findings)
		}
		for id, basis := range map[catalogue.ID]publication.Basis{"C09": publication.OfAnswers, "R4.2": publication.OfEnterprises, "C04": publication.Exhaustive} {
			table, found, err := h.Table(public(), id, 0)
			must(t, err)
			if !found || table.Basis != basis {
				t.Fatalf("%s is %v", id, table)
			}
			with, without, hidden := 0, 0, 0
			for _, r := range table.Readings {
				switch {
				case r.Value == nil && (r.Low != nil || r.High != nil):
					t.Errorf("%s %s %s: an interval without its rate", id, r.Territory, r.Kind)
				case r.Value == nil:
					hidden++
				case r.Low == nil:
					without++
				case r.Low.Cmp(r.Value) > 0 || r.High.Cmp(r.Value) < 0 || r.Low.Cmp(r.High) == 0:
					t.Errorf("%s %s %s: %v within %v and %v", id, r.Territory, r.Kind, r.Value, r.Low, r.High)
				default:
					with++
				}
			}
			t.Log(id, with, without, hidden)
			if (basis == publication.Exhaustive) != (with == 0) || (basis == publication.OfAnswers) == (without > 0) || hidden == 0 {
				t.Errorf("%s: %d with an interval, %d without, %d hidden", id, with, without, hidden)
			}
		}
		d, err := release.Read(context.Background(), bytes.NewReader(file), int64(len(file)))
		must(t, err)
		for _, table := range d.Tables {
			ends, said := 0, false
			for _, f := range table.Fields {
				if f.Bound != nil {
					ends++
				}
				said = said || strings.Contains(f.Definition.FR, "exhaustif")
			}
			if want := map[string]int{"c09-v1": 2, "r4-2-v1": 2, "c04-v1": 0}[table.Name]; ends != want || said != (want == 0) {
				t.Errorf("%s: %d ends, says exhaustive: %v", table.Name, ends, said)
			}
		}
	})
}

// Where every enterprise answered, nothing is estimated between enterprises.
func TestEverybodysAnswersLeaveNoDoubt(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		h.fill(90, 1)
		h.load(microdata.Answers, answers(90, true), 1)
		_, err := h.count.Refresh(system())
		must(t, err)
		h.publish(surveys())
		table, _, err := h.Table(public(), "R4.2", 0)
		must(t, err)
		for _, r := range table.Readings {
			if r.Low == nil || r.Value == nil {
				continue
			}
			low, _ := r.Low.Float64()
			high, _ := r.High.Float64()
			if high-low > .11 { // the rate, rounded outwards
				t.Errorf("%s %s: from %v to %v", r.Territory, r.Kind, low, high)
			}
		}
	})
}
