package escalation_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"maillage/followup"
	"maillage/followup/escalation"
	"maillage/matching"
)

// Two, five and ten working days after it was proposed, once each, over a weekend
// and a holiday; the first one makes it told in its events, once.
func TestAMemberIsRemindedAtEachStepOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		o := h.tender("Haies", "26108", "2027-01-29T11:00:00Z")
		for _, day := range []string{"2026-11-30", "2026-12-01"} {
			h.on(day)
			want(t, day, h.letters())
		}
		for _, c := range []struct{ day, says string }{
			{"2026-12-02", "alix: match Haies 1 last=false;"}, {"2026-12-03", ""}, {"2026-12-06", ""}, {"2026-12-07", "alix: match Haies 2 last=false;"},
			{"2026-12-11", ""}, {"2026-12-14", "alix: match Haies 3 last=true;"}, {"2026-12-15", ""},
		} {
			h.on(c.day)
			got := strings.Join(append(h.letters(), h.letters()...), "|")
			if got != c.says {
				t.Fatalf("on %s: %q, want %q", c.day, got, c.says)
			}
		}
		if got := h.history(h.match(o, h.crest)); got != "proposed>notified" {
			t.Errorf("its events: %s", got)
		}
	})
}

// Who answered is left alone, even between the ledger and the letter.
func TestWhoAnsweredIsNotReminded(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		one, other := h.tender("Haies", "26108", "2027-01-29T11:00:00Z"), h.tender("Berges", "26108", "2027-01-28T11:00:00Z")
		_, err := h.follow.Move(h.as(h.alix), h.match(one, h.crest), 0, followup.Step{To: followup.Declined, Reason: matching.TooFar})
		must(t, err)
		h.on("2026-12-02")
		_, err = h.Remind(h.system())
		must(t, err)
		_, err = h.follow.Move(h.as(h.alix), h.match(other, h.crest), 0, followup.Step{To: followup.Interested})
		must(t, err)
		want(t, "answered meanwhile", h.delivered())
		h.on("2026-12-31")
		want(t, "later", h.letters())
	})
}

// The program stops for three days, then for weeks: one letter a person comes of
// all that fell due, of the latest step; run by four processes at once, nothing
// comes twice.
func TestDaysWithoutTheProgramLoseNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		for i := range 20 {
			h.tender(fmt.Sprintf("Lot %02d", i), "26108", fmt.Sprintf("2027-02-%02dT11:00:00Z", i+1))
			if i == 9 {
				h.on("2026-12-01")
			}
		}
		h.on("2026-12-05") // a Saturday: nothing leaves
		want(t, "a Saturday", h.letters())
		h.on("2026-12-07")
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if _, err := h.Remind(h.system()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		got := h.letters()
		if len(got) != 1 || strings.Count(got[0], "match Lot") != 12 || !strings.Contains(got[0], "others match 8") || !strings.Contains(got[0], "Lot 00 2") || !strings.Contains(got[0], "Lot 10 1") {
			t.Fatalf("after three days: %q", got)
		}
		want(t, "again", h.letters())
		h.on("2026-12-08") // the ten of the second day come to their second step
		if got := h.letters(); len(got) != 1 || strings.Count(got[0], "match Lot") != 10 {
			t.Fatalf("the next day: %q", got)
		}
		h.on("2027-01-18")
		got = h.letters()
		if len(got) != 2 || !strings.HasPrefix(got[1], "drome: offer Lot 00") || strings.Count(got[0], "match Lot") != 12 || !strings.Contains(got[0], "others match 8") || !strings.Contains(got[0], "Lot 00 3 last=true") {
			t.Fatalf("after weeks: %q", got)
		}
		want(t, "the day after", h.nextDay("2027-01-19"), "drome: offer Lot 01 epci:200040509;")
	})
}

func (h *house) nextDay(day string) []string {
	h.t.Helper()
	h.on(day)
	return h.letters()
}

// A process killed after the letter left and before it was noted sends it again
// under the same identifier, and the match is told once.
func TestALetterSentTwiceIsToldOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		o := h.tender("Haies", "26108", "2027-01-29T11:00:00Z")
		h.on("2026-12-02")
		want(t, "the first", h.letters(), "alix: match Haies 1 last=false;")
		h.write("UPDATE reminder_letters SET sent_at = NULL")
		must(t, h.DeliverLetter(h.system(), escalation.SendLetter{ID: 1}))
		must(t, h.DeliverLetter(h.system(), escalation.SendLetter{ID: 1}))
		sent := h.sent.Sent()
		if len(sent) != 2 || sent[0].Key == "" || sent[0].Key != sent[1].Key {
			t.Fatalf("%d letters, %q", len(sent), sent[0].Key)
		}
		if got := h.history(h.match(o, h.crest)); got != "proposed>notified" {
			t.Errorf("its events: %s", got)
		}
	})
}

// Reunion keeps 20 December: the days of its enterprises are not those of Paris.
func TestTheDaysAreThoseOfTheEnterprise(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		reunion := h.member("Filaos", "97411", 20)
		h.person("kim", "member", int64(reunion.ID), "")
		h.on("2027-12-16") // a Thursday
		h.tender("Ravines", "97411", "2028-02-29T11:00:00Z")
		h.tender("Haies", "26108", "2028-02-28T11:00:00Z")
		h.on("2027-12-20") // a Monday
		want(t, "the 20th", h.letters(), "alix: match Haies 1 last=false;")
		h.on("2027-12-21")
		want(t, "the 21st", h.letters(), "kim: match Ravines 1 last=false;")
	})
}

// One click ends the letters; the pages say what waits, and who wants them again
// has them.
func TestLettersAreEndedByTheirSecret(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.tender("Haies", "26108", "2027-01-29T11:00:00Z")
		h.on("2026-12-02")
		h.letters()
		stop := h.sent.Sent()[0].Stop
		secret := stop[strings.LastIndex(stop, "/")+1:]
		for range 2 {
			must(t, h.Stop(h.system(), secret))
		}
		if more, err := h.Stoppable(h.system(), secret); more || err != nil {
			t.Errorf("still stoppable: %v %v", more, err)
		}
		h.on("2026-12-07")
		want(t, "silent", h.letters())
		must(t, h.Want(h.as(h.alix), true))
		want(t, "wanted again", h.letters(), "alix: match Haies 2 last=false;")
		if err := h.Stop(h.system(), "nothing"); err == nil {
			t.Error("a secret that is none ends letters")
		}
	})
}
