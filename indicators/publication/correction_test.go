package publication_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"maillage/indicators/microdata"
	"maillage/indicators/publication"
	"maillage/indicators/release"
	"maillage/internal/store"
)

// fileOf is one file of a release.
func fileOf(t testing.TB, content []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	must(t, err)
	for _, f := range z.File {
		if !strings.HasSuffix(f.Name, name) {
			continue
		}
		r, err := f.Open()
		must(t, err)
		text, err := io.ReadAll(r)
		must(t, err)
		return string(text)
	}
	t.Fatalf("no %s", name)
	return ""
}

// A correction makes a second version: its changelog says what moved, under what the first
// one said; the first stays at its address, byte for byte; what was hidden in the first and
// did not move is hidden in the second. Both engines give the same bytes.
func TestACorrectionIsASecondVersion(t *testing.T) {
	t.Parallel()
	var shas sync.Map
	each(t, func(t *testing.T, h *house) {
		h.fill(60, 1)
		h.publish(durable())
		first, before := h.latest()
		was, told := h.truths(), h.shown("exits.durable.3m")[first.ID]
		corrected := []string{"entreprise;salarie;date;motif;jours;constatee"}
		for i := range 40 {
			corrected = append(corrected, fmt.Sprintf("INV-%03d;N1;2025-06-01;cdi;;oui", i), fmt.Sprintf("INV-%03d;N2;2025-06-01;autre;;oui", i))
		}
		h.load(microdata.Exits, corrected, 1)
		_, err := h.count.Refresh(system())
		must(t, err)
		h.clock.Advance(48 * time.Hour)
		if r := h.publish(durable()); r.State != publication.Published {
			t.Fatal(r.Reason)
		}
		second, after := h.latest()
		log := fileOf(t, after, "CHANGELOG.md")
		if second.Version == first.Version || !strings.Contains(log, second.Version) || !strings.Contains(log, first.Version) || !strings.Contains(log, "valeurs révisées") || !strings.Contains(log, "FR · 2025 · all, exits_durable_3m : 249 → 289") {
			t.Errorf("%s after %s:\n%s", second.Version, first.Version, log)
		}
		again, err := h.File(public(), &first)
		must(t, err)
		kept, err := io.ReadAll(again)
		must(t, err)
		if !bytes.Equal(kept, before) {
			t.Error("the first version is not what it was")
		}
		for _, file := range [][]byte{kept, after} {
			if r := verified(t, file); !r.Sound() {
				t.Errorf("%+v", r.Findings)
			}
		}
		h.staysHidden(was, told, h.shown("exits.durable.3m")[second.ID])
		if sha, there := shas.LoadOrStore("sha", second.SHA256); there && sha != second.SHA256 {
			t.Errorf("%s and %s", sha, second.SHA256)
		}
	})
}

// staysHidden asks that a figure that the first version hid and that did not move be
// hidden in the second.
func (h *house) staysHidden(was map[string]int64, first, second map[string]int64) {
	h.t.Helper()
	is, unmoved := h.truths(), 0
	for k, n := range second {
		at := k + " exits.durable.3m"
		if is[at] != n {
			h.t.Errorf("%s is %d, told as %d", k, is[at], n)
		}
		if _, told := first[k]; !told && was[at] == n {
			h.t.Errorf("%s did not move, was hidden and is told", k)
		}
	}
	for k, n := range is {
		place, measure, _ := strings.Cut(k, " exits.durable.3m")
		if _, told := first[place]; measure == "" && strings.HasSuffix(k, " exits.durable.3m") && !told && was[k] == n {
			unmoved++
		}
	}
	if len(second) < 5 {
		h.t.Errorf("%d told: the test asks too little", len(second))
	}
	h.t.Logf("%d told, then %d; %d hidden that did not move", len(first), len(second), unmoved)
}

// A release of two years between which communes merged and changed département counts
// each enterprise where its place is today, in both; another list of communes counts the
// years again, to the same figures.
func TestAReleaseAcrossVintages(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		enterprises, exits := []string{"entreprise;annee;type;code_insee;groupe"}, []string{"entreprise;salarie;date;motif;jours;constatee"}
		for i := range 16 { // Pont-Farcy (14513), in Calvados until 2017, is of Tessy-Bocage (50592), in Manche
			for year, town := range map[int]string{2015: []string{"14513", "14118", "50502", "76540"}[i%4], 2025: []string{"50592", "14118", "50502", "76540"}[i%4]} {
				enterprises = append(enterprises, fmt.Sprintf("V-%02d;%d;AI;%s;", i, year, town))
				for j := range 9 + i%3 {
					exits = append(exits, fmt.Sprintf("V-%02d;S%d-%d;%d-03-%02d;%s;;oui", i, year, j, year, 1+j, []string{"cdi", "autre"}[j%2]))
				}
			}
		}
		h.load(microdata.Enterprises, enterprises, 1)
		h.load(microdata.Exits, exits, 1)
		_, err := h.count.Refresh(system())
		must(t, err)
		plan := publication.Plan{Indicators: []publication.Chosen{{ID: "C08", Version: 1}}, Level: publication.Departement, Years: []int{2015, 2025}}
		if r := h.publish(plan); r.State != publication.Published {
			t.Fatal(r.Reason)
		}
		first, file := h.latest()
		if r := verified(t, file); !r.Sound() {
			t.Errorf("%+v", r.Findings)
		}
		vintage, err := h.count.Vintage(system(), 2015)
		must(t, err)
		d, err := release.Read(context.Background(), bytes.NewReader(file), int64(len(file)))
		must(t, err)
		if !strings.Contains(d.Coverage.Vintage.FR, vintage) || vintage == "" {
			t.Errorf("the release is of %s, the counts of %q", d.Coverage.Vintage.FR, vintage)
		}
		table, _, err := h.Table(public(), "C08", 1)
		must(t, err)
		seen := map[string]string{}
		for _, r := range table.Readings {
			if r.Value != nil {
				seen[fmt.Sprint(r.Year, " ", r.Territory)] = r.Value.FloatString(0)
			}
		}
		for _, place := range []string{"FR", "R28", "14", "50", "76"} {
			if one, other := seen["2015 "+place], seen["2025 "+place]; one == "" || one != other {
				t.Errorf("%s: %q in 2015, %q in 2025", place, one, other)
			}
		}
		h.olderList(2015)
		done, err := h.count.Refresh(system())
		must(t, err)
		if now, err := h.count.Vintage(system(), 2015); err != nil || now != vintage || done.Counted != 16 {
			t.Errorf("%s, %d counted again, %v", now, done.Counted, err)
		}
		if r := h.publish(plan); r.State == publication.Published {
			t.Errorf("the same figures are version %d again", first.ID)
		}
	})
}

// olderList says that a year was counted with another list of communes.
func (h *house) olderList(year int) {
	h.t.Helper()
	must(h.t, h.st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewRaw("UPDATE figure_years SET vintage = 'older' WHERE year = ?", year).Exec(ctx)
		return err
	}))
}

// Who decides of a second version reads how much it would publish beside the first, before
// anything is released; and it is what is then released.
func TestASecondVersionIsComparedBeforeItIsApproved(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		h.fill(60, 1)
		h.publish(durable())
		first, _ := h.latest()
		corrected := []string{"entreprise;salarie;date;motif;jours;constatee"}
		for i := range 40 { // few of each cell moved: they are not told again
			corrected = append(corrected, fmt.Sprintf("INV-%03d;N1;2025-06-01;%s;;oui", i, []string{"cdi", "autre"}[i%2]))
		}
		h.load(microdata.Exits, corrected, 1)
		_, err := h.count.Refresh(system())
		must(t, err)
		r, err := h.Ask(h.researcher(), asked(durable()))
		must(t, err)
		var jobs int
		must(t, h.st.Read().NewRaw("SELECT count(*) FROM river_job WHERE kind = ?", publication.PreviewRelease{}.Kind()).Scan(context.Background(), &jobs))
		if _, ok := r.Compared(); ok || jobs != 1 {
			t.Errorf("%d comparisons are asked for", jobs)
		}
		must(t, h.Preview(system(), publication.PreviewRelease{ID: r.ID}))
		r, err = h.Request(h.admin(), r.ID)
		must(t, err)
		c, ok := r.Compared()
		if !ok || r.State != publication.Pending || c.Refused() || c.Version != "1.0.0" || c.Before != (publication.Sums{Shown: first.Shown, Hidden: first.Hidden, Absent: first.Absent}) || c.NewlyHidden == 0 {
			t.Fatalf("%v %+v, of %+v", ok, c, first)
		}
		_, err = h.Decide(h.admin(), r.ID, publication.Decision{Approve: true})
		must(t, err)
		must(t, h.Build(system(), publication.BuildRelease{ID: r.ID}))
		second, _ := h.latest()
		if second.ID == first.ID || c.After != (publication.Sums{Shown: second.Shown, Hidden: second.Hidden, Absent: second.Absent}) {
			t.Errorf("%+v was announced, %+v", c, second)
		}
	})
}

// What would be no version says so before it is approved.
func TestASecondVersionThatChangesNothingSaysSo(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		h.fill(40, 1)
		h.publish(durable())
		r, err := h.Ask(h.researcher(), asked(durable()))
		must(t, err)
		must(t, h.Preview(system(), publication.PreviewRelease{ID: r.ID}))
		r, err = h.Request(h.admin(), r.ID)
		must(t, err)
		if c, ok := r.Compared(); !ok || !strings.Contains(c.Refusal.FR, "Rien n’a changé") {
			t.Errorf("%v %+v", ok, c)
		}
	})
}
