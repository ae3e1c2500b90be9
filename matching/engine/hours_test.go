package engine_test

import (
	"strings"
	"testing"
	"time"

	"maillage/matching/engine"
	"maillage/territories"
)

// Hours to fill without a deadline have no time that runs out: it is no unknown,
// it does not count. With one they are answered like the rest.
func TestTheTimeOfHoursToFillDoesNotApply(t *testing.T) {
	t.Parallel()
	e := grower(t, `{"territory":"epci:242600252"}`, 3)
	dated := hoursToFill(t)
	before := one(t, dated, e)
	undated := *dated
	undated.Deadline = time.Time{}
	after := one(t, &undated, e)
	if f := before.Finding(engine.TimeLeft); f.Weight == 0 || f.Key != "time.enough" {
		t.Errorf("with a deadline: %+v", f)
	}
	if f := after.Finding(engine.TimeLeft); f.Weight != 0 || f.Key != "time.hours" {
		t.Errorf("without a deadline: %+v", f)
	}
	undated.Until = territories.Date{Year: 2027, Month: time.November, Day: 20}
	if f := one(t, &undated, e).Finding(engine.TimeLeft); f.Key != "time.hours_until" || f.Params.Date != undated.Until {
		t.Errorf("with an end: %+v", f)
	}
	undated.Kind = engine.Tender
	tender := one(t, &undated, e)
	if f := tender.Finding(engine.TimeLeft); f.Key != "time.unknown" || f.Weight == 0 {
		t.Errorf("a tender without a deadline: %+v", f)
	}
	if after.Confidence <= tender.Confidence {
		t.Errorf("confidence %d, %d of a tender whose deadline is unknown", after.Confidence, tender.Confidence)
	}
}

// The line says how many hours or which share, for whom and until when; what is
// not known is not invented.
func TestTheLineOfHoursToFill(t *testing.T) {
	t.Parallel()
	until := territories.Date{Year: 2027, Month: time.November, Day: 20}
	named := func(names ...string) (out []engine.Holder) {
		for _, n := range names {
			out = append(out, engine.Holder{Name: n})
		}
		return out
	}
	for _, c := range []struct {
		lot    engine.Lot
		fr, en string
	}{
		{engine.Lot{InsertionHours: 1500, Holders: named("Bâtir SA"), Until: until},
			"1\u00a0500\u00a0h d’insertion à remplir pour Bâtir SA jusqu’au 20\u00a0novembre 2027.", "1,500\u00a0h of insertion to fill for Bâtir SA until 20 November 2027."},
		{engine.Lot{InsertionShare: 0.05, Holders: named("A", "B", "C", "D"), Until: until, UntilSupposed: true},
			"5\u00a0% du temps de travail à remplir en insertion pour A, B et 2\u00a0autres jusqu’au 20\u00a0novembre 2027 (fin supposée).", "5% of the working time to fill through insertion for A, B and 2\u00a0others until 20 November 2027 (supposed end)."},
		{engine.Lot{Holders: named("A", "B")}, "heures d’insertion à remplir (nombre non dit) pour A et B.", "insertion hours to fill (number not said) for A and B."},
		{engine.Lot{Asked: engine.Capacity{Hours: 300}}, "300\u00a0h à remplir.", "300\u00a0h to fill."},
	} {
		lot := *hoursToFill(t)
		lot.Deadline, lot.InsertionHours, lot.InsertionShare, lot.Asked = time.Time{}, c.lot.InsertionHours, c.lot.InsertionShare, c.lot.Asked
		lot.Holders, lot.Until, lot.UntilSupposed = c.lot.Holders, c.lot.Until, c.lot.UntilSupposed
		m := one(t, &lot, grower(t, `{"territory":"epci:242600252"}`, 3))
		for lang, want := range map[string]string{"fr": c.fr, "en": c.en} {
			got := (engine.Writer{Atlas: atlas(t), Lang: lang}).Line(m, &lot)
			if !strings.HasSuffix(got, ", "+want) {
				t.Errorf("%q\nwant it to end with %q", got, want)
			}
		}
	}
}
