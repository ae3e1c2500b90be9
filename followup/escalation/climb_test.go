package escalation_test

import (
	"slices"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/followup"
	"maillage/followup/absences"
	"maillage/followup/contacts"
	"maillage/followup/escalation"
	"maillage/internal/fault"
	"maillage/network"
	"maillage/opportunities"
)

// After the last reminder the officer of the territory has it, then the one of the
// region, then the federation: each once, and no longer once it is answered.
func TestNobodyAnswers(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.person("kim", accounts.Officer, 9003, `{"territory":"departement:59"}`)
		o := h.tender("Haies", "26108", "2027-03-31T11:00:00Z")
		h.tender("Berges", "26108", "2027-03-30T11:00:00Z")
		var told []string
		for _, day := range []string{"2026-12-14", "2026-12-16", "2026-12-17", "2026-12-18", "2026-12-23", "2026-12-24", "2026-12-28", "2027-01-04", "2027-01-12"} {
			h.on(day)
			for _, l := range h.letters() {
				told = append(told, day[5:]+" "+l)
			}
		}
		slices.Sort(told)
		want(t, "the ladder", told, "12-14 alix: match Berges 3 last=true; match Haies 3 last=true;", "12-17 drome: territory: Brindesaule waits for 2;",
			"12-24 region: region: Brindesaule waits for 2;", "01-04 country: federation: Brindesaule waits for 2;")
		queue, err := h.Queue(h.as(h.drome))
		must(t, err)
		if len(queue) != 1 || len(queue[0].Matches) != 2 || queue[0].Matches[0].Lot.Title != "Berges" || queue[0].Rung != escalation.Territory {
			t.Fatalf("what waits for the officer: %+v", queue)
		}
		_, err = h.follow.Move(h.as(h.alix), h.match(o, h.crest), 0, followup.Step{To: followup.Interested})
		must(t, err)
		if queue, err = h.Queue(h.as(h.drome)); err != nil || len(queue) != 1 || len(queue[0].Matches) != 1 {
			t.Fatalf("once answered: %+v %v", queue, err)
		}
		if _, err := h.Queue(h.as(h.alix)); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("a member reads the queue of officers: %v", err)
		}
	})
}

// Who has no account, or wants no letters, goes to the officer on the day after
// which the last reminder would have left. A short deadline brings it forward.
func TestNobodyCanBeWrittenTo(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		must(t, h.Want(h.as(h.alix), false))
		h.tender("Haies", "26108", "2027-03-31T11:00:00Z")
		h.tender("Berges", "26108", "2026-12-11T11:00:00Z") // nine working days: the last reminder is the second
		h.on("2026-12-01")
		want(t, "nobody wants it", h.letters(), "drome: offer Berges epci:200040509;")
		h.on("2026-12-09")
		want(t, "not yet", h.letters()) // Berges after 5 + 3 days: the 10th
		h.on("2026-12-10")
		got := h.letters()
		if len(got) != 1 || !strings.Contains(got[0], "territory: Brindesaule waits for 1;") {
			t.Fatalf("a short deadline: %q", got)
		}
		h.on("2026-12-16")
		want(t, "not yet", h.letters())
		h.on("2026-12-17")
		if got := h.letters(); len(got) != 1 || !strings.HasPrefix(got[0], "drome: territory: Brindesaule waits for 1;") {
			t.Fatalf("the usual: %q", got)
		}
	})
}

// An officer who speaks with the enterprise is at work: the next one waits.
func TestAContactHoldsTheNextRung(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.tender("Haies", "26108", "2027-03-31T11:00:00Z")
		h.on("2026-12-14")
		h.letters()
		h.on("2026-12-17")
		h.letters()
		h.on("2026-12-22")
		_, err := h.contacts.Note(h.as(h.drome), contacts.Contact{Key: "a", OrganisationID: h.crest.ID, Way: contacts.Call, Outcome: contacts.CallBack})
		must(t, err)
		h.on("2026-12-29")
		want(t, "three days after they spoke", h.letters())
		h.on("2026-12-30")
		want(t, "five days after they spoke", h.letters(), "region: region: Brindesaule waits for 1;")
	})
}

// Who is away has a stand-in, for letters and for the queue, until they are back;
// with nobody to stand in, the next rung has it at once.
func TestWhoIsAwayIsReplaced(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		kim := h.person("kim", accounts.Officer, 9001, `{"territory":"departement:38"}`) // who reads nothing of the Drôme
		h.tender("Haies", "26108", "2027-03-31T11:00:00Z")
		h.on("2026-12-14")
		h.letters()
		a, err := h.absences.Declare(h.as(h.drome), absences.Absence{From: "2026-12-16", To: "2026-12-31", ReplacedBy: &kim.UserID})
		must(t, err)
		h.on("2026-12-17")
		want(t, "a stand-in who may not read it", h.letters(), "region: region: Brindesaule waits for 1;")
		must(t, h.absences.Cancel(h.as(h.drome), a.ID))
		want(t, "back", h.letters(), "drome: territory: Brindesaule waits for 1;")
		a, err = h.absences.Declare(h.as(h.drome), absences.Absence{From: "2026-12-17", To: "2027-02-28", ReplacedBy: &h.region.UserID})
		must(t, err)
		waits := func(who accounts.Identity) (titles string) {
			queue, err := h.Queue(h.as(who))
			must(t, err)
			for _, w := range queue {
				for _, m := range w.Matches {
					titles += m.Lot.Title + " "
				}
			}
			return titles
		}
		h.tender("Berges", "26108", "2027-04-30T11:00:00Z")
		h.on("2027-01-04")
		want(t, "the last reminder, and the country", h.letters(), "alix: match Berges 3 last=true;", "country: federation: Brindesaule waits for 1;")
		h.on("2027-01-07")
		want(t, "the stand-in", h.letters(), "region: territory: Brindesaule waits for 1;")
		if got := waits(h.region); got != "Haies Berges " {
			t.Errorf("the stand-in has %q", got)
		}
		must(t, h.absences.Cancel(h.as(h.drome), a.ID))
		h.on("2027-01-08")
		want(t, "back, and told already", h.letters())
		if got := waits(h.drome); got != "Haies Berges " {
			t.Errorf("who is back has %q", got)
		}
		if got := waits(h.region); got != "Haies " {
			t.Errorf("the stand-in still has %q", got)
		}
	})
}

// A deadline, a place or a lot that changes is told again to those who follow the
// lot, with the difference, once; not to who turned it down, nor for another lot.
func TestWhatChangesIsToldAgainToThoseConcerned(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		declined := h.member("Ronce", "26108", 20)
		kim := h.person("kim", accounts.Member, int64(declined.ID), "")
		o := h.tender("Haies", "26108", "2027-01-29T11:00:00Z")
		h.on("2026-12-02")
		h.letters()
		_, err := h.follow.Move(h.as(kim), h.match(o, declined), 0, followup.Step{To: followup.Declined, Reason: "too_far"})
		must(t, err)
		h.on("2026-12-03")
		edit := func(change func(*opportunities.Opportunity)) {
			t.Helper()
			cur, err := h.lots.Get(h.system(), o.ID)
			must(t, err)
			change(cur)
			_, err = h.lots.Update(h.system(), opportunities.By{}, cur.Revision, cur)
			must(t, err)
		}
		edit(func(o *opportunities.Opportunity) {
			later := o.Deadline.AddDate(0, 0, 14)
			o.Deadline = &later
			o.Description = "Plus long"
		})
		want(t, "a deadline", h.letters(), "alix: change Haies deadline: 2027-01-29T11:00:00Z > 2027-02-12T11:00:00Z;")
		h.on("2026-12-04")
		edit(func(o *opportunities.Opportunity) { o.Description = "Plus court" })
		edit(func(o *opportunities.Opportunity) {
			o.Lots = append(o.Lots, opportunities.Lot{Number: "2", Title: "Ailleurs", Codes: cpv()})
		})
		want(t, "another lot and the text", h.letters())
		edit(func(o *opportunities.Opportunity) { o.Lots[0].Hours = 400 })
		want(t, "its own lot", h.letters(), "alix: change Haies lots[1].hours: 0 > 400;")
		want(t, "again", h.letters())
	})
}

// A promise comes to its day: who made it is told once, unless it is kept.
func TestAPromiseComesToItsDay(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		for key, day := range map[string]string{"a": "2026-12-05", "b": "2026-12-07", "c": "2026-12-09"} { // a Saturday, a Monday, a Wednesday
			_, err := h.contacts.Note(h.as(h.drome), contacts.Contact{Key: key, OrganisationID: h.crest.ID, Way: contacts.Call, Outcome: contacts.Reached, Promise: "Envoyer " + key, PromisedFor: day})
			must(t, err)
		}
		h.on("2026-12-05")
		want(t, "a Saturday", h.letters())
		h.on("2026-12-07")
		want(t, "a Monday", h.letters(), "drome: promise Envoyer a; promise Envoyer b;")
		all, err := h.contacts.List(h.as(h.drome), contacts.Filter{Promised: true})
		must(t, err)
		_, err = h.contacts.Keep(h.as(h.drome), all[2].ID)
		must(t, err)
		h.on("2026-12-09")
		want(t, "kept", h.letters())
	})
}

// The pace is the federation's: who sets it changes what falls due from then on.
func TestThePaceIsSet(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		admin := h.person("admin", accounts.Admin, 0, "")
		h.tender("Haies", "26108", "2027-01-29T11:00:00Z")
		p, err := h.SetPace(h.as(admin), 1, escalation.Pace{Steps: []int{1, 4}, Officer: 1, Next: 1, Widen: 3})
		must(t, err)
		if again, err := h.SetPace(h.as(admin), 0, p); err != nil || again.Revision != 2 {
			t.Errorf("the same again: %+v %v", again, err)
		}
		if _, err := h.SetPace(h.as(admin), 1, escalation.UsualPace()); !fault.Is(err, fault.Stale().Kind) {
			t.Errorf("a page out of date: %v", err)
		}
		_, err = h.SetPace(h.as(admin), 0, escalation.Pace{Steps: []int{4, 4}, Officer: 0, Next: 1, Widen: 99})
		if f := fault.Of(err); len(f.Fields) != 3 {
			t.Errorf("no pace: %+v", f)
		}
		if _, err := h.SetPace(h.as(h.drome), 0, p); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("an officer sets the pace: %v", err)
		}
		h.on("2026-12-01")
		want(t, "the first", h.letters(), "alix: match Haies 1 last=false;")
		h.on("2026-12-04")
		want(t, "the last", h.letters(), "alix: match Haies 2 last=true;")
		h.on("2026-12-07")
		want(t, "the officer", h.letters(), "drome: territory: Brindesaule waits for 1;")
	})
}

// A match that is withdrawn and proposed again is a new proposal: its reminders are
// counted from then, and nobody is told that it waits before they were reminded.
func TestProposedAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.tender("Haies", "26108", "2027-05-31T11:00:00Z")
		tell := func(days ...string) (told []string) {
			for _, day := range days {
				h.on(day)
				for range 2 { // a job can run twice
					for _, l := range h.letters() {
						told = append(told, day[5:]+" "+l)
					}
				}
			}
			slices.Sort(told)
			return told
		}
		active := func(yes bool) {
			t.Helper()
			o, err := h.network.Get(h.system(), h.crest.ID)
			must(t, err)
			o.Active = yes
			_, err = h.network.Save(h.system(), o, 0)
			must(t, err)
			must(t, h.matches.RefreshOrganisations(h.system(), []network.ID{o.ID}))
		}
		want(t, "the first time", tell("2026-12-02", "2026-12-07", "2026-12-14"), "12-02 alix: match Haies 1 last=false;", "12-07 alix: match Haies 2 last=false;", "12-14 alix: match Haies 3 last=true;")
		active(false)
		want(t, "withdrawn", tell("2026-12-17", "2027-02-26"))
		h.on("2027-03-01")
		active(true)
		want(t, "proposed again", tell("2027-03-02", "2027-03-03", "2027-03-08", "2027-03-15", "2027-03-17", "2027-03-18"), "03-03 alix: match Haies 1 last=false;", "03-08 alix: match Haies 2 last=false;",
			"03-15 alix: match Haies 3 last=true;", "03-18 drome: territory: Brindesaule waits for 1;")
		waiting := func(n int) {
			t.Helper()
			queue, err := h.Queue(h.as(h.drome))
			must(t, err)
			if len(queue) != n {
				t.Errorf("what waits for the officer: %+v", queue)
			}
		}
		waiting(1)
		active(false)
		active(true)
		waiting(0) // what was passed on is of another proposal
	})
}
