package tenders

import (
	"context"
	"fmt"
	"testing"

	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/opportunities"
)

// twoSpellings are two calls of one buyer that no identifier and no exact title
// brings together.
func twoSpellings() []string {
	return []string{
		boampRecord("26-700001", "APPEL_OFFRE", "INITIAL", "2026-12-20T12:00:00+00:00", map[string]any{"objet": "Mise en œuvre de la collecte des encombrants sur la ville de Die"}),
		boampRecord("26-700002", "APPEL_OFFRE", "INITIAL", "2026-12-20T12:00:00+00:00", map[string]any{"objet": "Collecte des encombrants sur la ville de Die : mise en oeuvre et suivi", "code_departement": []string{"07"}}),
	}
}

func (h *house) pairs(verdict PairVerdict) []Compared {
	h.t.Helper()
	list, err := h.Pairs(context.Background(), verdict, 50)
	if err != nil {
		h.t.Fatal(err)
	}
	return list
}

func (h *house) judge(id int64, verdict PairVerdict) {
	h.t.Helper()
	if err := h.Judge(context.Background(), 0, id, verdict); err != nil {
		h.t.Fatal(err)
	}
}

// TestPairsAreProposedNotMerged, then judged: merged without loss, parted as
// they were, and never proposed again.
func TestPairsAreProposedNotMerged(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		h.loadAll(twoSpellings(), []int{0, 1})
		apart, numbers := standing(h.all()), numbersOf(h.all())
		pairs := h.pairs(PairProposed)
		if len(apart) != 2 || len(pairs) != 1 {
			t.Fatalf("%d opportunities, pairs %+v", len(apart), pairs)
		}
		id := pairs[0].ID
		if f := pairs[0].Fields; len(f) == 0 || f[0].Field != "title" || f[0].Low == f[0].High {
			t.Errorf("fields: %+v", f)
		}
		h.judge(id, PairSame)
		if n := live(h.all()); n != 1 || len(h.pairs(PairProposed)) != 0 || len(h.pairs(PairSame)) != 1 {
			t.Errorf("merged: %d live, %v", n, standing(h.all()))
		}
		h.inherits(pairs[0], true)
		h.loadAll(append(twoSpellings(), boampRecord("26-700003", "ANNULATION", "INITIAL", "", map[string]any{"objet": "Collecte des encombrants sur la ville de Die : mise en oeuvre et suivi"})), []int{0, 1})
		if n := len(h.all()); n != 2 || live(h.all()) != 1 {
			t.Errorf("the same notices again after a merge: %d, %d live", n, live(h.all()))
		}
		h.judge(id, PairDifferent)
		if again := standing(h.all()); fmt.Sprint(again) != fmt.Sprint(apart) {
			t.Errorf("parted:\n%s\nwant\n%s", again, apart)
		}
		if again := numbersOf(h.all()); fmt.Sprint(again) != fmt.Sprint(numbers) { // matches and answers hang on them
			t.Errorf("parted, the numbers are %v, want %v", again, numbers)
		}
		h.inherits(pairs[0], false)
		h.loadAll([]string{boampRecord("26-700002", "APPEL_OFFRE", "INITIAL", "2026-12-20T12:00:00+00:00", map[string]any{"objet": "Collecte des encombrants sur la ville de Die : mise en oeuvre et suivi", "code_departement": []string{"07", "26"}})}, []int{0})
		if len(h.pairs(PairProposed)) != 0 || len(h.all()) != 2 {
			t.Errorf("proposed again: %+v", h.pairs(PairProposed))
		}
		h.judge(id, PairSame)
		if live(h.all()) != 1 {
			t.Error("merged again")
		}
	})
}

// numbersOf lists the numbers of the lots that can be answered, by opportunity.
func numbersOf(list []*opportunities.Opportunity) map[opportunities.ID][]opportunities.LotID {
	out := map[opportunities.ID][]opportunities.LotID{}
	for _, o := range list {
		for _, l := range o.Lots {
			if !l.Withdrawn {
				out[o.ID] = append(out[o.ID], l.ID)
			}
		}
	}
	return out
}

// inherits expects that one procurement of a pair leads to the other, if merged,
// and that a person still sees both sides.
func (h *house) inherits(p Compared, merged bool) {
	h.t.Helper()
	lines, err := h.PairLines(context.Background(), PairSame)
	if err != nil || len(lines) == 1 != merged {
		h.t.Errorf("lines %v, %v", lines, err)
	}
	now, err := h.PairOf(context.Background(), p.ID)
	if err != nil || fmt.Sprint(now.Fields) != fmt.Sprint(p.Fields) {
		h.t.Errorf("the sides are %v, %v", now.Fields, err)
	}
	led := 0
	for i, side := range p.Sides {
		heir, err := h.Heir(context.Background(), side.Key)
		if err != nil || heir != 0 && heir != p.Sides[1-i].OpportunityID {
			h.t.Errorf("%s leads to %d, %v", side.Key, heir, err)
		}
		if heir != 0 {
			led++
		}
	}
	if led == 1 != merged {
		h.t.Errorf("%d of the two lead to the other, merged: %v", led, merged)
	}
}

// TestMergesAreUndoneInTheirOrder: a merge over another is parted first.
func TestMergesAreUndoneInTheirOrder(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	h.loadAll(append(twoSpellings(), boampRecord("26-700009", "APPEL_OFFRE", "INITIAL", "2026-12-20T12:00:00+00:00", map[string]any{"objet": "Collecte des encombrants, mise en oeuvre, ville de Die et hameaux"})), []int{2, 1, 0})
	before := standing(h.all())
	var merged []int64
	for pairs := h.pairs(PairProposed); len(pairs) > 0; pairs = h.pairs(PairProposed) {
		h.judge(pairs[0].ID, PairSame)
		merged = append(merged, pairs[0].ID)
	}
	if len(merged) != 2 || live(h.all()) != 1 {
		t.Fatalf("merged %v, %d live", merged, live(h.all()))
	}
	h.judge(merged[1], PairDifferent)
	h.judge(merged[0], PairDifferent)
	if after := standing(h.all()); fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("after\n%s\nbefore\n%s", after, before)
	}
}

func TestLikeCalls(t *testing.T) {
	t.Parallel()
	call := func(title, siren, day string) *Notice {
		n := &Notice{Title: title, Nature: Call, Buyer: Buyer{Name: "Ville de Die", SIREN: siren}}
		if day != "" {
			n.Deadline = &Deadline{Wall: day + "T12:00:00"}
		}
		return n
	}
	a := call("Mise en ?uvre du nettoyage des écoles", "212601138", "2026-12-20")
	for _, one := range []struct {
		name     string
		b        *Notice
		from, to float64
	}{
		{"the same, as TED writes it", call("France – Services de nettoyage – Mise en œuvre du nettoyage des écoles", "212601138", "2026-12-20"), 0.9, 1},
		{"another day", call("Mise en œuvre du nettoyage des écoles", "212601138", "2027-01-20"), 0, 0},
		{"another thing", call("Fourniture de mobilier de bureau", "212601138", "2026-12-20"), 0, 0.5},
		{"no deadline, no number", call("Mise en œuvre du nettoyage des écoles", "", ""), 0.5, 0.69},
	} {
		if got := likeCalls(a, one.b); got < one.from || got > one.to || got != likeCalls(one.b, a) {
			t.Errorf("%s: %.2f, want %.2f to %.2f", one.name, got, one.from, one.to)
		}
	}
	if got := bareTitle("Plan Climat – phase 2"); got != "Plan Climat – phase 2" {
		t.Errorf("a dash in a title: %q", got)
	}
}
