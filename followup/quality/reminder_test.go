package quality_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"maillage/followup/quality"
	"maillage/internal/store"
)

// letters delivers what was asked for, and says what was sent since, by recipient.
func (h *house) letters() []string {
	h.t.Helper()
	before := len(h.sent.Sent())
	found, err := h.st.Jobs().JobList(context.Background(), river.NewJobListParams().Kinds(quality.SendLetter{}.Kind()).First(1000))
	must(h.t, err)
	for _, row := range found.Jobs {
		var job quality.SendLetter
		must(h.t, json.Unmarshal(row.EncodedArgs, &job))
		must(h.t, h.DeliverLetter(system(), job))
	}
	must(h.t, h.st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewRaw("DELETE FROM river_job WHERE kind = ?", quality.SendLetter{}.Kind()).Exec(ctx)
		return err
	}))
	var out []string
	for _, m := range h.sent.Sent()[before:] {
		out = append(out, m.To+": "+strings.Join(strings.Fields(m.Text), " "))
	}
	slices.Sort(out)
	return out
}

func (h *house) on(day string) {
	h.t.Helper()
	at, err := time.Parse(time.RFC3339, day+"T09:00:00Z")
	must(h.t, err)
	h.clock.Advance(at.Sub(h.clock.Now()))
}

// Six, three and one month before: the enterprise and its region are told once,
// in one letter a day, and nobody else.
func TestRenewalsAreRemindedOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.granted(h.near, "cedre", "2027-06-15")
		h.granted(h.near, "iso9001", "2027-06-16")
		h.granted(h.far, "cedre", "2029-01-15")
		must(t, h.Remind(system()))
		if got := h.letters(); len(got) != 0 {
			t.Fatalf("told too early: %v", got)
		}
		h.on("2026-12-16")
		must(t, h.Remind(system()))
		must(t, h.Remind(system()))
		got := h.letters()
		if len(got) != 2 || !strings.HasPrefix(got[0], "alix@") || !strings.HasPrefix(got[1], "drome@") {
			t.Fatalf("six months before: %v", got)
		}
		for _, l := range got {
			if strings.Count(l, "6-months") != 2 {
				t.Errorf("one letter tells both: %s", l)
			}
		}
		h.on("2026-12-17")
		must(t, h.Remind(system()))
		if n := jobs(t, h.st, quality.SendLetter{}.Kind()); n != 0 {
			t.Fatalf("%d letters are asked for again", n)
		}
		if got := h.letters(); len(got) != 0 {
			t.Fatalf("told twice: %v", got)
		}
	})
}

// The program was off from before the six months to after the one: one letter
// comes, of the latest step, and what it replaced is never sent.
func TestAMissedRunLosesNothingAndTellsOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.granted(h.near, "cedre", "2027-06-15")
		h.on("2027-05-22") // a Saturday
		must(t, h.Remind(system()))
		if got := h.letters(); len(got) != 0 {
			t.Fatalf("on a day off: %v", got)
		}
		h.on("2027-05-24")
		var all sync.WaitGroup
		for range 4 { // as many processes
			all.Go(func() {
				if err := h.Remind(system()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		got := h.letters()
		if len(got) != 2 || strings.Count(got[0], "1-month") != 1 || strings.Contains(got[0], "6-months") {
			t.Fatalf("after months off: %v", got)
		}
		h.on("2027-06-02")
		must(t, h.Remind(system()))
		if got := h.letters(); len(got) != 0 {
			t.Fatalf("the steps that were replaced came: %v", got)
		}
	})
}

// A certificate renewed between the ledger and the letter is left out, and its
// next end is reminded of in turn.
func TestWhatWasRenewedIsNotReminded(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		p := h.granted(h.near, "cedre", "2027-01-15")
		must(t, h.Remind(system()))
		if jobs(t, h.st, quality.SendLetter{}.Kind()) != 2 {
			t.Fatal("nobody is told that it lapses in six weeks")
		}
		for _, e := range []quality.Event{{Kind: quality.Audited, On: "2026-11-10", Audit: quality.Renewal, Outcome: quality.Conform}, {Kind: quality.Decided, On: "2026-11-30", Outcome: quality.GrantedPlain}} {
			var err error
			p, err = h.Record(as(h.officer), p.ID, 0, e)
			must(t, err)
		}
		if p.Until != "2030-01-15" {
			t.Fatalf("renewed to %s", p.Until)
		}
		if got := h.letters(); len(got) != 0 {
			t.Fatalf("reminded of what was renewed: %v", got)
		}
		h.on("2029-07-16")
		must(t, h.Remind(system()))
		if got := h.letters(); len(got) != 2 {
			t.Fatalf("the next end: %v", got)
		}
	})
}
