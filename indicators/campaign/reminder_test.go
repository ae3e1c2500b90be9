package campaign_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"maillage/indicators/campaign"
	"maillage/internal/testkit"
)

// to moves the clock to an instant and tends.
func (h *house) to(at string) []string {
	h.t.Helper()
	next, err := time.Parse(time.RFC3339, at)
	must(h.t, err)
	h.clock.Advance(next.Sub(h.clock.Now()))
	must(h.t, h.Tend(system()))
	must(h.t, h.Tend(system()))
	return h.letters()
}

func wantLetters(t *testing.T, when string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: letters %v, want %v", when, got, want)
	}
}

func TestEachStepIsToldOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.opened() // on 1 February, at 10 in Paris
		wantLetters(t, "the opening", h.to("2027-02-01T09:30:00Z"), "alix:opening", "bo:opening", "kim:opening", "other:opening")
		wantLetters(t, "a quiet month", h.to("2027-02-25T09:00:00Z"))
		h.rest(h.other)
		_, err := h.Submit(as(h.other), h.of(h.far), 0)
		must(t, err)
		wantLetters(t, "too early in the morning", h.to("2027-03-17T05:30:00Z"))
		wantLetters(t, "two weeks before, and nothing to who sent", h.to("2027-03-17T07:30:00Z"), "alix:reminder-1", "bo:reminder-1", "kim:reminder-1")
		wantLetters(t, "three days without the program, then one letter", h.to("2027-03-31T10:00:00Z"), "alix:last-day", "bo:last-day", "kim:last-day")
		wantLetters(t, "after the last day", h.to("2027-04-02T09:00:00Z"))
	})
}

// A campaign that nobody tended before its last day was over writes to nobody.
func TestNoLetterAfterTheLastDay(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	h.opened()
	wantLetters(t, "the day after", h.to("2027-04-01T09:00:00Z"))
	if n, err := h.st.Read().NewSelect().Table("campaign_letters").Count(context.Background()); err != nil || n != 0 {
		t.Errorf("the ledger has %d rows (%v)", n, err)
	}
}

// Several processes look at the same moment: one letter each.
func TestSeveralTendAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.opened()
		done := make(chan error, 6)
		for range 6 {
			go func() { done <- h.Tend(system()) }()
		}
		for range 6 {
			must(t, <-done)
		}
		wantLetters(t, "six at once", h.letters(), "alix:opening", "bo:opening", "kim:opening", "other:opening")
	})
}

// A letter asked for and not yet sent is not sent any more once the questionnaire is.
func TestNoLetterAfterSending(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	h.opened()
	must(t, h.Tend(system()))
	h.rest(h.kim)
	_, err := h.Submit(as(h.kim), h.of(h.home), 0)
	must(t, err)
	wantLetters(t, "kim sent meanwhile", h.letters(), "alix:opening", "bo:opening", "other:opening")
}

// A letter that fails is the job's to try again; the ledger does not ask twice.
func TestALetterThatFailsIsTriedAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	h.opened()
	h.sent.Fail(errors.New("451"))
	job := campaign.SendLetter{Questionnaire: h.of(h.home), Step: campaign.AtOpening, User: int64(h.kim.UserID)}
	if err := h.DeliverLetter(system(), job); err == nil {
		t.Fatal("a failure is swallowed")
	}
	h.sent.Fail(nil)
	must(t, h.DeliverLetter(system(), job))
	must(t, h.DeliverLetter(system(), job))
	if all := h.sent.Sent(); len(all) != 2 || all[0].Key == "" || all[0].Key != all[1].Key {
		t.Errorf("%+v", all)
	}
}

// Who joins while the campaign is open is asked too, and what became known is
// filled where nobody typed.
func TestAnOpenCampaignFollows(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.opened()
		h.answer(h.alix, "permanent.fte.start", "3")
		h.clock.Advance(time.Hour)
		h.lastYear()
		newcomer := h.member("Crest Vélo", "ACI", "26108", "", "")
		h.clock.Advance(time.Hour)
		must(t, h.Tend(system()))
		f := h.form(h.near)
		if a := item(t, f, "permanent.fte.start").Answer; a.Value != 300 || a.Origin != campaign.Typed {
			t.Errorf("what was typed is %+v", a)
		}
		if a := item(t, f, "volunteers.hours").Answer; a.Value != 12000 || a.Origin != campaign.FromFile {
			t.Errorf("what became known is %+v", a)
		}
		if h.form(newcomer).Questionnaire.State != campaign.NotStarted {
			t.Error("the newcomer is not asked")
		}
		at := h.form(h.near).Questionnaire.Revision
		h.clock.Advance(time.Hour)
		must(t, h.Tend(system()))
		if now := h.form(h.near).Questionnaire.Revision; now != at {
			t.Errorf("tending again raised the revision from %d to %d", at, now)
		}
	})
}
