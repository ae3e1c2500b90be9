package journeys_test

import (
	"testing"

	"maillage/matching/engine/journeys"
)

// What a session gives beside does not close what it is told to open: a licence that it
// gives would tell the list of a person of whom no licence is known, and another licence
// that the position asks would be missing.
func TestASessionToldClosesNothing(t *testing.T) {
	t.Parallel()
	p, x, s := cleaner(), cleaning(5), driving()
	p.Told, p.Languages = journeys.ToldRange, french(a2)
	x.Languages, x.Licences = french(b1), licences("B")
	s.Outcomes = journeys.Attainments{Languages: french(b1), Licences: licences("AM")}
	_, near, _ := meet(p, x, s)
	if near != nil {
		t.Errorf("told: %+v, and followed it opens nothing", near.Remedy)
	}
	s.Outcomes.Licences = licences("AM", "B")
	if _, near, _ = meet(p, x, s); near == nil {
		t.Error("one that gives both is not told")
	}
	s.Outcomes.Licences = nil
	if _, near, _ = meet(p, x, s); near == nil {
		t.Error("one that gives the language alone is not told")
	}
}
