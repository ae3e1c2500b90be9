package publication_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"maillage/indicators/figures"
	"maillage/indicators/publication"
	"maillage/internal/testkit"
	"maillage/territories"
)

// onceRead does something when the counts have been read, once.
type onceRead struct {
	publication.Counts
	then func()
	done atomic.Bool
}

func (o *onceRead) Contributions(ctx context.Context, year int) ([]figures.Contribution, error) {
	list, err := o.Counts.Contributions(ctx, year)
	if o.done.CompareAndSwap(false, true) {
		o.then()
	}
	return list, err
}

// worker is another process that builds, and what happens while it does.
func (h *house) worker(then func()) *publication.Service {
	h.t.Helper()
	atlas, err := territories.Load()
	must(h.t, err)
	return publication.NewService(publication.Config{Store: h.st, Atlas: atlas, Counts: &onceRead{Counts: h.count, then: then}, Mail: h.post, Site: "https://example.invalid", Publisher: "Fédération inventée", Now: h.clock.Now})
}

// Killed while it protects, a build leaves nothing but how far it was; taken up the day
// after by another process, it makes one version, of the bytes that it would have had.
func TestAKilledBuildIsTakenUpAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		whole := newHouse(t, testkit.SQLite(t))
		for _, one := range []*house{h, whole} {
			one.fill(60, 1)
		}
		whole.publish(durable())
		want, _ := whole.latest()
		r := h.start(durable())
		ctx, kill := context.WithCancel(system())
		if err := h.worker(kill).Build(ctx, publication.BuildRelease{ID: r.ID}); err == nil {
			t.Error("a killed build says that it is done")
		}
		r, err := h.Request(h.admin(), r.ID)
		must(t, err)
		if all, err := h.Versions(public(), "", 0, 10); err != nil || len(all) != 0 || r.State != publication.Building || r.Step != "protect" {
			t.Fatalf("%s %s, %d versions, %v", r.State, r.Step, len(all), err)
		}
		h.clock.Advance(24 * time.Hour)
		for range 2 {
			must(t, h.Build(system(), publication.BuildRelease{ID: r.ID}))
		}
		all, err := h.Versions(public(), "", 0, 10)
		if err != nil || len(all) != 1 || all[0].SHA256 != want.SHA256 {
			t.Errorf("%d versions, %v, wanted %s", len(all), err, want.SHA256)
		}
	})
}

// Cancelled while it is built, a request releases nothing and its build is done; asked
// again it is built.
func TestARequestIsCancelledWhileItIsBuilt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.fill(40, 1)
		r := h.start(durable())
		cancel := func() {
			_, err := h.Cancel(h.researcher(), r.ID)
			must(t, err)
		}
		must(t, h.worker(cancel).Build(system(), publication.BuildRelease{ID: r.ID}))
		r, err := h.Request(h.admin(), r.ID)
		must(t, err)
		if all, err := h.Versions(public(), "", 0, 10); err != nil || len(all) != 0 || r.State != publication.Cancelled || r.Step != "" {
			t.Errorf("%s %q, %d versions, %v", r.State, r.Step, len(all), err)
		}
		if again := h.publish(durable()); again.State != publication.Published {
			t.Error(again.State, again.Reason)
		}
	})
}
