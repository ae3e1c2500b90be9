package tenders

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"maillage/nomenclatures"
	"maillage/opportunities"
)

func call(id int, on string, change func(*Published)) Published {
	c := Published{OpportunityID: opportunities.ID(id), On: on, Codes: []nomenclatures.Code{nomenclatures.CPV("77310000").Code()}, Place: Place{Scope: InCommunes, Departements: []string{"26"}}}
	if change != nil {
		change(&c)
	}
	return c
}

func TestWhichCallFulfils(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		call Published
		want opportunities.ForecastEnd
	}{
		{"same trade, place and time", call(1, "2026-12-10", nil), opportunities.CameOut},
		{"a whole country", call(1, "2026-12-10", func(p *Published) { p.Place = Place{Scope: InCountry} }), opportunities.CameOut},
		{"a place that is not known", call(1, "2026-12-10", func(p *Published) { p.Place = Place{Scope: PlaceUnknown} }), opportunities.CameOut},
		{"another département", call(1, "2026-12-10", func(p *Published) { p.Place.Departements = []string{"07"} }), ""},
		{"another trade", call(1, "2026-12-10", func(p *Published) { p.Codes[0].Value = "90910000" }), ""},
		{"a code below", call(1, "2026-12-10", func(p *Published) { p.Codes[0].Value = "77313000" }), opportunities.CameOut},
		{"the call of the contract itself", call(1, "2024-01-10", nil), ""},
		{"much too early", call(1, "2025-06-10", nil), ""},
		{"a little late", call(1, "2027-05-10", nil), opportunities.CameOut},
	} {
		out := settle(Foretell([]Running{gardens(nil)}), nil, []Published{c.call}, "2027-05-20")
		if len(out) != 1 || out[0].now.End != c.want {
			t.Errorf("%s: %+v", c.name, out)
		}
	}
}

// TestSettlingHasNoOrder: contracts and calls in any order settle alike, and no
// call fulfils two forecasts.
func TestSettlingHasNoOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var list []Running
		for i := range rapid.IntRange(1, 12).Draw(t, "contracts") {
			list = append(list, drawRunning(t, i))
		}
		var calls []Published
		for i := range rapid.IntRange(0, 8).Draw(t, "calls") {
			calls = append(calls, call(i+1, addDays("2013-01-01", rapid.IntRange(0, 6000).Draw(t, "on")), nil))
		}
		today := addDays("2014-01-01", rapid.IntRange(0, 6000).Draw(t, "today"))
		seed := rapid.Uint64().Draw(t, "seed")
		one, other := settledText(settle(Foretell(list), nil, calls, today)), settledText(settle(Foretell(shuffled(list, seed)), nil, shuffled(calls, seed), today))
		if one != other {
			t.Fatalf("%s\n%s", one, other)
		}
	})
}

func settledText(all []settled) (text string) {
	for _, s := range all {
		by := opportunities.ID(0)
		if s.now.CallID != nil {
			by = *s.now.CallID
		}
		text += fmt.Sprintln(s.of.Series, s.of.Ending[0].Key, s.now.On, s.now.End, by, s.now.Confidence)
	}
	return text
}

// TestWhatIsNoLongerAwarded: a cancelled award, and one whose procurement is
// awarded no more, run no contract; a cancelled call fulfils nothing.
func TestWhatIsNoLongerAwarded(t *testing.T) {
	t.Parallel()
	facts := newAwardFacts()
	facts.Notified, facts.Months = "2024-03-01", 36
	one := &Notice{Source: DECP, ID: "1:A", Nature: Award, Form: Form{Family: Award}, Published: "2024-03-10", Buyer: Buyer{SIREN: "212601652", Name: "SIRET 21260165200015"}, Winners: []Winner{{Name: "X"}}, Award: facts}
	row := noticeRow{ID: 1, Source: DECP, SourceID: "1:A", Key: "k", Nature: Award, Family: Award, Published: one.Published, RawDigest: "a", Document: one}
	awarded := map[string]procurementAt{"k": {ID: 7, Key: "k", State: opportunities.Awarded}}
	if got := runningOf([]noticeRow{row}, awarded); len(got) != 1 || *got[0].OpportunityID != 7 {
		t.Fatalf("%+v", got)
	}
	cancelled := row
	cancelled.ID, cancelled.SourceID, cancelled.Nature, cancelled.RawDigest = 2, "1:B", Cancellation, "b"
	if got := runningOf([]noticeRow{row, cancelled}, awarded); len(got) != 0 {
		t.Errorf("cancelled: %+v", got)
	}
	if got := runningOf([]noticeRow{row}, map[string]procurementAt{"k": {ID: 7, Key: "k", State: opportunities.Cancelled}}); len(got) != 0 {
		t.Errorf("no longer awarded: %+v", got)
	}
	asked := noticeRow{ID: 3, Source: BOAMP, SourceID: "26-1", Key: "c", Nature: Call, Family: Call, Published: "2026-12-01", Document: &Notice{Published: "2026-12-01"}}
	for state, want := range map[opportunities.State]int{opportunities.Published: 1, opportunities.Cancelled: 0, opportunities.Awarded: 1} {
		if got := callsOf([]noticeRow{asked}, map[string]procurementAt{"c": {ID: 8, Key: "c", State: state}}); len(got) != want {
			t.Errorf("a call %s: %+v", state, got)
		}
	}
}
