//nolint:misspell // the words are French
package tenders

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/opportunities"
)

// released tells the last release of some notices: tags, status, awards.
func released(t *testing.T, places *Places, notices ...*Notice) string {
	t.Helper()
	list, err := places.releasesOf(noPrefix, "procedure:marche-1", rowsOf(notices...))
	if err != nil {
		t.Fatal(err)
	}
	last := list[len(list)-1]
	out := fmt.Sprint(last.Tag, " ", last.Tender.Status)
	for _, a := range last.Awards {
		out += fmt.Sprint(" ", a.ID, " ", a.Status)
		for _, s := range a.Suppliers {
			out += " " + s.Name
		}
	}
	return out
}

// TestWhatACancellationEnds: the state of the procurement, what is left to fill
// and the release say the same.
func TestWhatACancellationEnds(t *testing.T) {
	t.Parallel()
	p := newPaper(t)
	call := p.notice(EForms, "e-1", "10-01", Call, Call, lotted([2]string{"Gros œuvre", clause}, [2]string{"Peinture", clause}))
	one := p.notice(BOAMP, "26-2", "11-01", Award, Award, won("1", "Bâtir SA", ""))
	two := p.notice(BOAMP, "26-3", "11-02", Award, Award, won("2", "Pinceau SARL", ""))
	nameless := p.notice(BOAMP, "26-2", "11-01", Award, Award)
	cancel := func(family Nature, fill ...func(*draft)) *Notice {
		return p.notice(BOAMP, "26-9", "11-05", Cancellation, family, append(fill, whatChanged("Recours d’un candidat."))...)
	}
	const why = "L’attribution est annulée : Recours d’un candidat."
	for name, c := range map[string]struct {
		notices []*Notice
		state   string // and why
		held    string // the parts that are held
		release string
	}{
		"the call": {[]*Notice{call, cancel(Call)}, "cancelled", "", "[tenderCancellation] cancelled"},
		"the call, after its awards": {[]*Notice{call, one, two, cancel(Call)}, "cancelled", "",
			"[tenderCancellation] cancelled award-1 cancelled Bâtir SA award-2 cancelled Pinceau SARL"},
		"the call that it names, after its awards": {[]*Notice{call, one, two, cancel(Call, changing(EForms, "e-1"))}, "cancelled", "",
			"[tenderCancellation] cancelled award-1 cancelled Bâtir SA award-2 cancelled Pinceau SARL"},
		"all awards": {[]*Notice{call, one, two, cancel(Award)}, "closed " + why, "",
			"[awardCancellation] unsuccessful award-1 cancelled Bâtir SA award-2 cancelled Pinceau SARL"},
		"both awards by their names": {[]*Notice{call, one, two, cancel(Call, changing(BOAMP, "26-2"), changing(BOAMP, "26-3"))}, "closed " + why, "",
			"[awardCancellation] unsuccessful award-1 cancelled Bâtir SA award-2 cancelled Pinceau SARL"},
		"one of two by its name": {[]*Notice{call, one, two, cancel(Call, changing(BOAMP, "26-3"))}, "awarded", "1 Bâtir SA;",
			"[awardCancellation] complete award-2 cancelled Pinceau SARL"},
		"one of two by its lot": {[]*Notice{call, one, two, p.notice(BOAMP, "26-9", "11-05", Cancellation, Call, whatChanged("Le lot 2 est déclaré sans suite."))}, "awarded", "1 Bâtir SA;",
			"[awardCancellation] complete award-2 cancelled Pinceau SARL"},
		"an award that names nobody": {[]*Notice{call, nameless, cancel(Call, changing(BOAMP, "26-2"))}, "closed " + why, "",
			"[awardCancellation] unsuccessful award cancelled"},
		"the correction of an award that names nobody": {[]*Notice{call, nameless, p.notice(BOAMP, "26-4", "11-03", Correction, Award, changing(BOAMP, "26-2")),
			cancel(Call, changing(BOAMP, "26-2"))}, "closed " + why, "", "[awardCancellation] unsuccessful award cancelled"},
		"an award that is not known": {[]*Notice{call, cancel(Award)}, "closed " + why, "", "[awardCancellation] unsuccessful award cancelled"},
		"awarded again": {[]*Notice{call, one, cancel(Award), p.notice(BOAMP, "26-10", "11-20", Award, Award, won("1", "Construire SAS", ""))}, "awarded", "1 Construire SAS;",
			"[award] complete award-1 active Construire SAS"},
		"called again": {[]*Notice{call, one, cancel(Award), p.notice(BOAMP, "26-10", "11-20", Call, Call)}, "published", "", "[tender] active"},
		"a late correction leaves the reason": {[]*Notice{call, one, cancel(Award), p.notice(BOAMP, "26-10", "11-20", Correction, Call, changing(EForms, "e-1"))},
			"closed " + why, "", "[tenderUpdate] active"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows := rowsOf(c.notices...)
			told := replay(rows)
			if got := strings.TrimSpace(fmt.Sprint(told.state, " ", told.why)); got != c.state {
				t.Errorf("the procurement is %s, want %s", got, c.state)
			}
			if got := stillHeld(rows); got != c.held {
				t.Errorf("held: %s, want %s", got, c.held)
			}
			if got := released(t, p.places, c.notices...); got != c.release {
				t.Errorf("released as %s, want %s", got, c.release)
			}
		})
	}
}

// TestAwardedMeansHeld: whatever notices are drawn, a procurement is awarded as
// long as somebody holds a part of it.
func TestAwardedMeansHeld(t *testing.T) {
	t.Parallel()
	p := newPaper(t)
	rapid.Check(t, func(rt *rapid.T) {
		rows := rowsOf(drawnAwards(rt, p)...)
		state, held := replay(rows).state, stillHeld(rows)
		if (state == opportunities.Awarded) != (held != "") {
			rt.Fatalf("the procurement is %s and %q is held", state, held)
		}
	})
}

// TestACancelledAwardInTheHistory: the procurement is closed, its history says
// why, and who won counts no more, in whatever order the notices come.
func TestACancelledAwardInTheHistory(t *testing.T) {
	t.Parallel()
	p := newPaper(t)
	notices := []*Notice{
		p.notice(BOAMP, "26-1", "10-01", Call, Call, described(clause)),
		p.notice(BOAMP, "26-2", "11-01", Award, Award, won("", "Bâtir SA", "44306184100047")),
		p.notice(BOAMP, "26-3", "11-05", Cancellation, Call, changing(BOAMP, "26-2"), whatChanged("Recours d’un candidat.")),
	}
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		for _, n := range notices {
			h.take([]Record{record(n)})
		}
		o := h.offer("procedure:marche-1")
		why, err := h.offers.Why(context.Background(), o)
		if err != nil || o.State != opportunities.Closed || why != "L’attribution est annulée : Recours d’un candidat." {
			t.Errorf("%s, %q, %v", o.State, why, err)
		}
		if left := runningHours(h.hours()); len(left) > 0 {
			t.Errorf("left to fill: %v", left)
		}
		again := newHouse(t, testkit.SQLite(t))
		for _, n := range slices.Backward(notices) {
			again.take([]Record{record(n)})
		}
		if o := again.offer("procedure:marche-1"); o.State != opportunities.Closed {
			t.Errorf("backwards: %s", o.State)
		}
	})
}

// TestCancelledAwardsComeBack: the releases of a procurement whose awards were
// cancelled, one or all, hold to the schema and, imported elsewhere, tell the same.
func TestCancelledAwardsComeBack(t *testing.T) {
	t.Parallel()
	p, schema := newPaper(t), packageSchema(t)
	call := p.notice(EForms, "e-1", "10-01", Call, Call, lotted([2]string{"Gros œuvre", clause}, [2]string{"Peinture", clause}))
	one := p.notice(BOAMP, "26-2", "11-01", Award, Award, won("1", "Bâtir SA", "44306184100047"))
	two := p.notice(BOAMP, "26-3", "11-02", Award, Award, won("2", "Pinceau SARL", "55204599900869"))
	for state, related := range map[opportunities.State][]func(*draft){
		opportunities.Awarded: {changing(BOAMP, "26-3")}, opportunities.Closed: {changing(BOAMP, "26-2"), changing(BOAMP, "26-3")}, opportunities.Cancelled: nil,
	} {
		notices := []*Notice{call, one, two, p.notice(BOAMP, "26-9", "11-05", Cancellation, Call, related...)}
		releases, err := p.places.releasesOf(noPrefix, "procedure:marche-1", rowsOf(notices...))
		if err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(map[string]any{"uri": "https://maillage.example.org/v1/releases", "version": "1.1", "publishedDate": "2026-11-23T08:00:00Z",
			"publisher": map[string]any{"name": "Maillage"}, "releases": releases})
		if err != nil {
			t.Fatal(err)
		}
		validate(t, schema, raw)
		var back []*Notice
		for rec := range testParser(t).Read(context.Background(), "export.json", bytes.NewReader(raw)) {
			if rec.Err != nil {
				t.Fatal(rec.Err)
			}
			back = append(back, rec.Notice)
		}
		want, got := stillHeld(rowsOf(notices...)), stillHeld(rowsOf(back...))
		if told := replay(rowsOf(back...)).state; told != state || got != want {
			t.Errorf("%s: comes back %s, held %q, want %q", state, told, got, want)
		}
	}
}

// stillHeld tells the parts that somebody holds after some notices.
func stillHeld(rows []noticeRow) (out string) {
	for _, p := range afterAward(rows) {
		if p.gone == "" {
			out += p.number + " " + p.holders[0].Name + ";"
		}
	}
	return out
}
