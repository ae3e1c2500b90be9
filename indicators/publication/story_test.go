package publication_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/indicators/compute"
	"maillage/indicators/microdata"
	"maillage/indicators/publication"
	"maillage/indicators/release"
	"maillage/internal/fault"
)

func TestAskApproveBuildVerify(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.fill(90, 1)
		r := h.publish(durable())
		if r.State != publication.Published {
			t.Fatalf("%s: %s", r.State, r.Reason)
		}
		v, file := h.latest()
		t.Logf("%+v", struct{ Shown, Hidden, Absent int }{v.Shown, v.Hidden, v.Absent})
		report, err := release.Verify(context.Background(), bytes.NewReader(file), int64(len(file)), publication.Attack)
		must(t, err)
		for _, c := range report.Checks {
			t.Log(c.Name, c.Outcome, c.Count)
		}
		if !report.Sound() {
			t.Errorf("%+v", report.Findings)
		}
	})
}

// The same records in another order, on another engine, give the same bytes.
func TestTheSameBytesOnBothEngines(t *testing.T) {
	t.Parallel()
	var all sync.Map
	var order atomic.Uint64
	each(t, func(t *testing.T, h *house) {
		h.onItsOwn()
		h.fill(60, order.Add(1))
		h.publish(durable())
		v, _ := h.latest()
		if first, there := all.LoadOrStore("sha", v.SHA256); there && first != v.SHA256 {
			t.Errorf("%s and %s", first, v.SHA256)
		}
	})
}

// A second version says what it revises; the first is withdrawn, its address answers,
// its figures stay in the ledger, and who asked is told once.
func TestASecondVersionThenATombstone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.fill(60, 1)
		asked := h.publish(durable())
		for range 2 {
			must(t, h.Tell(system(), publication.TellRequest{ID: asked.ID}))
		}
		if n := len(h.post.Sent()); n != 1 {
			t.Errorf("%d letters", n)
		}
		more := []string{"entreprise;salarie;date;motif;jours;constatee"}
		for i := range 20 {
			more = append(more, fmt.Sprintf("INV-%03d;N1;2025-06-01;cdi;;oui", i), fmt.Sprintf("INV-%03d;N2;2025-06-01;autre;;oui", i))
		}
		h.load(microdata.Exits, more, 1)
		_, err := h.count.Refresh(system())
		must(t, err)
		h.clock.Advance(48 * time.Hour)
		if r := h.publish(durable()); r.State != publication.Published {
			t.Fatal(r.Reason)
		}
		v, _ := h.latest()
		if v.Version == "1.0.0" {
			t.Errorf("the second version is %s", v.Version)
		}
		old, err := h.Withdraw(h.admin(), v.Dataset, "1.0.0", fault.Text{FR: "Deux sorties manquaient."})
		must(t, err)
		tomb, ok := old.Tomb()
		if !ok || tomb.Successor != v.Version || tomb.SHA256 != old.SHA256 {
			t.Errorf("%+v", tomb)
		}
		if _, err := h.File(public(), old); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("a withdrawn file opens: %v", err)
		}
		var kept int
		must(t, h.st.Read().NewRaw("SELECT COUNT(*) FROM released_figures WHERE version_id = ?", old.ID).Scan(context.Background(), &kept))
		if kept != old.Shown+old.Hidden+old.Absent {
			t.Errorf("%d figures in the ledger", kept)
		}
	})
}

// Nothing of a request is visible to others; cancelled, it is not built; two workers at
// once build one release; a killed build starts over.
func TestARequestIsItsOwnersAlone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.fill(40, 1)
		r, err := h.Ask(h.researcher(), asked(durable()))
		must(t, err)
		other := accounts.Identity{UserID: h.asker.UserID + 1, Role: accounts.Researcher, Lang: "fr"}
		if _, err := h.Request(h.as(other), r.ID); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("another researcher reads it: %v", err)
		}
		if list, err := h.Requests(h.as(other), 0, 10); err != nil || len(list) != 0 {
			t.Errorf("another researcher lists it: %v %v", list, err)
		}
		if again, err := h.Ask(h.researcher(), asked(durable())); err != nil || again.ID != r.ID {
			t.Errorf("asked twice: %v %v", again, err)
		}
		must(t, h.Build(system(), publication.BuildRelease{ID: r.ID}))
		if all, err := h.Versions(public(), "", 0, 10); err != nil || len(all) != 0 {
			t.Errorf("a pending request is released: %v %v", all, err)
		}
		_, err = h.Decide(h.admin(), r.ID, publication.Decision{Approve: true})
		must(t, err)
		_, err = h.Cancel(h.researcher(), r.ID)
		must(t, err)
		must(t, h.Build(system(), publication.BuildRelease{ID: r.ID}))
		if _, found, err := h.Table(public(), "C04", 0); err != nil || found {
			t.Errorf("a cancelled request is released: %v", err)
		}
		r = h.start(durable())
		var wait sync.WaitGroup
		for range 2 {
			wait.Go(func() {
				if err := h.Build(system(), publication.BuildRelease{ID: r.ID}); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		all, err := h.Versions(public(), "", 0, 10)
		if err != nil || len(all) != 1 {
			t.Errorf("%d versions, %v", len(all), err)
		}
		table, found, err := h.Table(public(), "C04", 1)
		if err != nil || !found || len(table.Readings) == 0 {
			t.Fatalf("%v %v", found, err)
		}
		for _, reading := range table.Readings {
			if reading.Mark == publication.Hidden && reading.Value != nil {
				t.Errorf("a hidden figure has a value: %+v", reading)
			}
		}
		h.countsAgree(table)
	})
}

func TestABadPlanIsLocated(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		h.fill(20, 1)
		p := publication.Plan{Indicators: []publication.Chosen{{ID: "C04", Version: 9}, {ID: "R6.1", Version: 1}}, Level: "commune", Sex: true, Age: true, Public: true, Years: []int{1999}}
		_, err := h.Ask(h.researcher(), publication.Asked{Plan: p})
		var paths []string
		for _, f := range fault.Of(err).Fields {
			paths = append(paths, f.Path)
		}
		for _, want := range []string{"institution", "purpose", "years", "level", "breakdowns", "indicators.1", "indicators.2"} {
			if !slices.Contains(paths, want) {
				t.Errorf("%s is not in %v", want, paths)
			}
		}
		for _, who := range []context.Context{public(), h.as(accounts.Identity{UserID: 9, Role: accounts.Member})} {
			if _, err := h.Ask(who, asked(durable())); !fault.Is(err, fault.KindForbidden) && !fault.Is(err, fault.KindUnauthenticated) {
				t.Errorf("anybody asks: %v", err)
			}
		}
	})
}

// countsAgree compares the counts of the latest releases with the readings of the table.
func (h *house) countsAgree(t *publication.Table) {
	h.t.Helper()
	compared := 0
	for _, r := range t.Readings {
		if r.Sex != "all" || r.Age != "all" || r.Public != "all" {
			continue
		}
		counts, err := h.Latest(public(), []int{r.Year}, []compute.Measure{compute.ExitsObserved, compute.ExitsObserved + ".3m"}, []string{r.Territory})
		must(h.t, err)
		for _, c := range counts {
			if kind := string(c.Kind); c.Sex != compute.AnySex || kind != r.Kind && (kind != "" || r.Kind != "all") {
				continue
			}
			if compared++; c.Version.ID != r.Version.ID || (c.Exact == nil) != (c.Mark != publication.Given) {
				h.t.Errorf("%+v", c)
			}
			if r.Base != nil && (c.Exact == nil || c.Exact.Cmp(r.Base) != 0) {
				h.t.Errorf("%d %s %s: counted %v, read %v", r.Year, r.Territory, r.Kind, c.Exact, r.Base)
			}
		}
	}
	if compared == 0 {
		h.t.Error("no count is read")
	}
	if none, err := h.Latest(public(), []int{1999}, []compute.Measure{compute.ExitsObserved}, []string{"FR"}); err != nil || len(none) != 0 {
		h.t.Errorf("of a year that nobody released: %v, %v", none, err)
	}
}
