package publication_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"maillage/indicators/figures"
	"maillage/indicators/microdata"
	"maillage/indicators/publication"
	"maillage/indicators/release"
	"maillage/internal/fault"
)

// truths are the counts before protection, by territory, kind and measure, of 2025.
func (h *house) truths() map[string]int64 {
	h.t.Helper()
	out := map[string]int64{}
	for _, level := range []figures.Level{figures.Federation, figures.Region} {
		rows, err := h.count.Rows(system(), figures.Query{Level: level, Years: []int{2025}})
		must(h.t, err)
		for _, r := range rows {
			place, kind := r.Territory, string(r.Kind)
			if level == figures.Region {
				place = "R" + place
			}
			if kind == "" {
				kind = "all"
			}
			out[place+" "+kind+" "+string(r.Measure)] = r.Amount
		}
	}
	return out
}

func written(t testing.TB, d release.Dataset) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, release.Write(context.Background(), &b, d, nil))
	return b.Bytes()
}

func verified(t testing.TB, file []byte) *release.Report {
	t.Helper()
	r, err := release.Verify(context.Background(), bytes.NewReader(file), int64(len(file)), publication.Attack)
	must(t, err)
	return r
}

// One hidden figure published, everything around it made again by a careful forger:
// the attack of the verification sees each of them.
func TestEveryMutantOfAReleaseIsCaught(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		h.fill(90, 1)
		h.publish(durable())
		_, file := h.latest()
		truths := h.truths()
		d, err := release.Read(context.Background(), bytes.NewReader(file), int64(len(file)))
		must(t, err)
		mutants := 0
		for _, table := range d.Tables {
			for _, row := range table.Rows {
				for i, f := range table.Fields {
					if row[i].Status != release.Suppressed || f.Ratio != nil {
						continue
					}
					before := row[i]
					measure := strings.NewReplacer("_", ".").Replace(f.Name)
					row[i] = release.Number(truths[row[0].Text+" "+row[2].Text+" "+measure])
					if r := verified(t, written(t, d)); r.Sound() {
						t.Errorf("%s %s %s published and not seen", row[0].Text, row[2].Text, f.Name)
					}
					row[i] = before
					mutants++
				}
			}
		}
		if mutants == 0 {
			t.Error("nothing is hidden: the federation of the test is too large")
		}
		t.Logf("%d mutants", mutants)
	})
}

// COORACE's and Dares's durable exits differ by the contracts of exactly six months:
// published one after the other, they must not tell how few those are.
func TestTwoReleasesAreProtectedTogether(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		h.fillWith(90, 1, func(exits []string) []string { // every second contract lasts six months to the day
			for i := range exits {
				if i%20 == 0 {
					exits[i] = strings.Replace(exits[i], ";formation;;", ";cdd;182;", 1)
				}
			}
			return exits
		})
		first := h.publish(durable())
		dares := durable()
		dares.Indicators = []publication.Chosen{{ID: "C04", Version: 2}}
		second := h.publish(dares)
		if first.State != publication.Published {
			t.Fatal(first.Reason)
		}
		t.Log(second.State, second.Reason)
		if second.State == publication.Published {
			h.noDifference("exits.durable.3m", "exits.durable.dares.3m")
			return
		}
		if second.State != publication.Failed || !strings.Contains(second.Reason, "ne peut pas être publiée") {
			t.Errorf("%s: %s", second.State, second.Reason)
		}
	})
}

// noDifference asks that no small difference of two counts can be read.
func (h *house) noDifference(less, more string) {
	h.t.Helper()
	shown := map[string]map[string]int64{}
	for _, m := range []string{less, more} {
		var rows []struct {
			Territory, Kind string
			Value           int64
		}
		must(h.t, h.st.Read().NewRaw("SELECT territory, kind, value FROM released_figures WHERE measure = ? AND status = 'value' ORDER BY territory, kind", m).Scan(context.Background(), &rows))
		shown[m] = map[string]int64{}
		for _, r := range rows {
			shown[m][r.Territory+r.Kind] = r.Value
		}
	}
	read := 0
	for at, n := range shown[less] {
		if o, both := shown[more][at]; both {
			read++
			if d := o - n; d > 0 && d < 5 {
				h.t.Errorf("%s: %d and %d differ by %d", at, n, o, d)
			}
		}
	}
	h.t.Logf("%d differences can be read", read)
}

func TestTheSameReleaseAgainIsAConflict(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		h.fill(40, 1)
		h.publish(durable())
		again := h.publish(durable())
		if again.State != publication.Failed || !strings.Contains(again.Reason, "Rien n’a changé") {
			t.Errorf("%s: %s", again.State, again.Reason)
		}
		_, err := h.Decide(h.researcher(), again.ID, publication.Decision{Approve: true})
		if !fault.Is(err, fault.KindForbidden) {
			t.Errorf("a researcher decides: %v", err)
		}
	})
}

// A criterion that tells of health asks for eleven persons where another asks for five.
func TestHealthAsksForMorePersons(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		enterprises, exits := federation(40, 2012)
		workers := []string{"entreprise;salarie;publics"}
		for i := range 8 {
			workers = append(workers, fmt.Sprintf("INV-%03d;S2025-0;TH", i), fmt.Sprintf("INV-%03d;S2025-1;RSA", i))
		}
		h.load(microdata.Enterprises, enterprises, 1)
		h.load(microdata.Workers, workers, 1)
		h.load(microdata.Exits, exits, 1)
		_, err := h.count.Refresh(system())
		must(t, err)
		r := h.publish(publication.Plan{Indicators: []publication.Chosen{{ID: "C08", Version: 2}}, Level: publication.Federation, Public: true, Years: []int{2025}})
		if r.State != publication.Published {
			t.Fatalf("%s: %s", r.State, r.Reason)
		}
		table, found, err := h.Table(public(), "C08", 2)
		if err != nil || !found {
			t.Fatal(found, err)
		}
		marks := map[string]publication.Mark{}
		for _, reading := range table.Readings {
			marks[reading.Public] = reading.Mark
		}
		if marks["in:TH"] != publication.Hidden || marks["in:RSA"] != publication.Given {
			t.Errorf("eight persons each: %v", marks)
		}
	})
}
