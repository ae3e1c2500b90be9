package followup_test

import (
	"testing"
	"time"

	"maillage/followup"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
)

func TestWhatThereIsToWeigh(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		sheet, err := r.follow.Sheet(r.as(0), r.ids[0])
		r.must(err)
		if sheet.Lot.ID != r.call.Lots[0].ID || sheet.Months != 0 || len(sheet.Mentions) != 0 || sheet.Award != nil || len(sheet.Wins) != 0 {
			t.Fatalf("what nobody said %+v", sheet)
		}
		if _, err := r.follow.Sheet(r.as(1), r.ids[0]); !fault.Is(err, fault.KindNotFound) {
			t.Fatalf("another member weighs: %v", err)
		}
		_, err = r.follow.Move(r.as(0), r.ids[0], 0, followup.Step{To: followup.Go}, followup.Step{To: followup.Answering, Role: followup.Alone}, followup.Step{To: followup.Submitted})
		r.must(err)
		r.award(1)
		for member, want := range []followup.State{followup.Lost, followup.Won} { // the first handed in, the award names the second
			sheet, err := r.follow.Sheet(r.as(member), r.ids[member])
			r.must(err)
			if sheet.Award == nil || sheet.Award.Suggests != want || len(sheet.Award.Winners) != 1 || sheet.Award.Winners[0] != "Ronce et Compas" {
				t.Errorf("member %d is told %+v, want %s", member, sheet.Award, want)
			}
		}
		if sheet, _ = r.follow.Sheet(r.as(1), r.ids[1]); len(sheet.Wins) != 1 {
			t.Errorf("contracts won %+v", sheet.Wins)
		}
		if sheet, _ = r.follow.Sheet(r.as(2), r.ids[2]); sheet.Award != nil {
			t.Errorf("who handed nothing in is told %+v", sheet.Award)
		}
	})
}

// An officer lists what goes on in the perimeter, the late ones first; a member its own.
func TestAListIsOfItsPerimeter(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		_, err := r.follow.Move(r.as(0), r.ids[0], 0, followup.Step{To: followup.Go}, followup.Step{To: followup.Answering, Role: followup.Alone}, followup.Step{To: followup.Submitted})
		r.must(err)
		_, err = r.follow.Move(r.as(2), r.ids[2], 0, followup.Step{To: followup.Interested})
		r.must(err)
		r.clock.Advance(30 * 24 * time.Hour)
		for i, c := range []struct {
			want int
			list func() ([]followup.Line, error)
		}{
			{2, func() ([]followup.Line, error) {
				return r.follow.List(r.officer("departement:26"), followup.Filter{})
			}},
			{0, func() ([]followup.Line, error) {
				return r.follow.List(r.officer("departement:59"), followup.Filter{})
			}},
			{1, func() ([]followup.Line, error) { return r.follow.List(r.as(2), followup.Filter{}) }},
			{0, func() ([]followup.Line, error) {
				return r.follow.List(r.as(2), followup.Filter{Organisation: r.members[0].ID})
			}},
		} {
			lines, err := c.list()
			r.must(err)
			if len(lines) != c.want {
				t.Errorf("list %d: %d lines, want %d", i, len(lines), c.want)
			}
		}
		lines, err := r.follow.List(r.officer("departement:26"), followup.Filter{})
		r.must(err)
		if !lines[0].Late || lines[0].State != followup.Interested || lines[1].Late {
			t.Errorf("the late one first: %+v", lines)
		}
		r.write("UPDATE lots SET withdrawn = ? WHERE id = ?", true, r.call.Lots[0].ID)
		lines, err = r.follow.List(r.officer("departement:26"), followup.Filter{States: []followup.State{followup.Interested}})
		r.must(err)
		if !lines[0].Gone || lines[0].Late || !lines[0].Lot.Withdrawn || lines[0].Lot.WorkingDays != nil {
			t.Errorf("of a lot that was removed: %+v", lines[0])
		}
		counts, err := r.follow.Counts(r.officer("departement:26"), followup.Filter{Lot: r.call.Lots[0].ID})
		r.must(err)
		if counts[followup.Submitted] != 1 || counts[followup.Interested] != 1 {
			t.Errorf("counts %v", counts)
		}
	})
}
