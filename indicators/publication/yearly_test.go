package publication_test

import (
	"strings"
	"testing"

	"maillage/indicators/publication"
	"maillage/internal/fault"
)

// A year is prepared in one gesture, built as any request, published as the reference,
// told to everybody, and taken back.
func TestTheYearlyRelease(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.fill(24, 1)
		h.notYet()
		r, err := h.PrepareYear(h.admin(), 2025)
		must(t, err)
		again, err := h.PrepareYear(h.admin(), 2025)
		must(t, err)
		if again.ID != r.ID || r.State != publication.Approved {
			t.Errorf("prepared twice: %d then %d, %s", r.ID, again.ID, r.State)
		}
		if y := h.yearly(); !y.Waiting() || y.CanPublish() {
			t.Errorf("%+v", y)
		}
		must(t, h.Build(system(), publication.BuildRelease{ID: r.ID}))
		y := h.yearly()
		if y.Waiting() || !y.CanPublish() || y.Request.State != publication.Published {
			t.Fatalf("%+v %s", y.Request, y.Request.Reason)
		}
		if none, err := h.References(public()); err != nil || len(none) != 0 {
			t.Errorf("a reference before it is published: %v %v", none, err)
		}
		h.referenced(y)
	})
}

func (h *house) yearly() *publication.Yearly {
	h.t.Helper()
	y, err := h.Yearly(h.admin(), 2025)
	must(h.t, err)
	return y
}

// notYet asks what the page says before anything is made, and whom it says it to.
func (h *house) notYet() {
	h.t.Helper()
	y := h.yearly()
	if len(y.Tables) != 8 || y.CanPublish() || y.Request != nil || y.Plan.Reference != 1 {
		h.t.Errorf("%+v", y)
	}
	for _, table := range y.Tables {
		if exits := table.Chosen.ID == "C07"; table.Frame != 24 || exits && (table.Replied != 24 || table.Missing) {
			h.t.Errorf("%+v", table)
		}
	}
	if _, err := h.PublishReference(h.admin(), 2025); !fault.Is(err, fault.KindConflict) {
		h.t.Errorf("published before it is made: %v", err)
	}
	if _, err := h.PrepareYear(h.researcher(), 2025); !fault.Is(err, fault.KindForbidden) {
		h.t.Errorf("a researcher prepares: %v", err)
	}
	if _, err := h.PrepareYear(h.admin(), 1999); !fault.Is(err, fault.KindNotFound) {
		h.t.Errorf("a year that nobody counted: %v", err)
	}
}

// referenced publishes the reference, reads it as everybody, then withdraws it.
func (h *house) referenced(y *publication.Yearly) {
	h.t.Helper()
	for range 2 {
		r, err := h.PublishReference(h.admin(), 2025)
		must(h.t, err)
		if r.Version.ID != y.Version.ID {
			h.t.Errorf("%+v", r)
		}
	}
	all, err := h.References(public())
	must(h.t, err)
	if len(all) != 1 || all[0].Year != 2025 || !strings.Contains(all[0].Version.CiteFR, "Chiffres de référence de la fédération, liste 1") || h.yearly().CanPublish() {
		h.t.Fatalf("%+v", all)
	}
	_, file := h.latest()
	if report := verified(h.t, file); !report.Sound() {
		h.t.Errorf("%+v", report.Findings)
	}
	_, err = h.Withdraw(h.admin(), y.Version.Dataset, y.Version.Version, fault.Text{FR: "Une erreur."})
	must(h.t, err)
	if all, err = h.References(public()); err != nil || len(all) != 0 {
		h.t.Errorf("a withdrawn version is a reference: %v %v", all, err)
	}
}

// The list is of indicators that are released, in every year, under versions that are.
func TestTheYearlyListIsOfTheCatalogue(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		h.fill(10, 1)
		for _, year := range []int{2024, 2025} {
			p, err := publication.YearlyPlan(year)
			must(t, err)
			p.Years = []int{year}
			if _, err := h.Publish(h.admin(), asked(p)); err != nil {
				t.Error(year, fault.Of(err).Fields)
			}
		}
		p, err := publication.YearlyPlan(2026)
		must(t, err)
		if len(p.Indicators) != 8 || p.Indicators[7] != (publication.Chosen{ID: "C08", Version: 2}) {
			t.Errorf("%+v", p.Indicators)
		}
		p = durable()
		p.Reference = 1
		if _, err := h.Ask(h.researcher(), asked(p)); !strings.Contains(fault.Of(err).Fields[0].Path, "reference") {
			t.Errorf("tables of one's own called the yearly ones: %v", err)
		}
	})
}
