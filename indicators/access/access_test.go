package access_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/indicators/access"
	"maillage/indicators/access/record"
	"maillage/indicators/microdata"
	"maillage/internal/fault"
)

// From the grant to the records: the researcher named takes them, nobody else does,
// and each time is in both logs.
func TestAnAgreementOpensItsFile(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.fill(0, 18)
		a := h.granted(wanted(h.ada))
		ada := as(h.ada, accounts.Researcher)
		if _, err := h.Download(ada, a.ID); !fault.Is(err, fault.KindConflict) {
			t.Fatalf("before the file is made: %v", err)
		}
		if o := h.make(false); o != access.Made {
			t.Fatal(o)
		}
		r, err := h.Read(ada, a.ID)
		must(t, err)
		if len(r.Files) != 1 || r.State != access.Open || r.Files[0].Done.Records == 0 {
			t.Fatalf("%+v", r)
		}
		one, err := h.Download(ada, a.ID)
		must(t, err)
		again, err := h.Download(ada, a.ID)
		must(t, err)
		if !bytes.Equal(one.Data, again.Data) || one.Name != a.Number()+".zip" || len(one.Hash) != 64 {
			t.Error("the same agreement is other bytes")
		}
		if weighed, err := h.Weigh(ada, a.ID); err != nil || weighed.Hash != one.Hash {
			t.Errorf("its headers: %v", err)
		}
		uses, err := h.Log(system(), 0, 10)
		must(t, err)
		if len(uses) != 3 || uses[0].What != "download" || uses[0].Hash != one.Hash || uses[0].Files != "exits-2011.v1" || uses[2].What != "read" || uses[0].Number() != a.Number() {
			t.Errorf("%+v", uses)
		}
		trail, err := h.accounts.AuditTrail(system(), accounts.AuditFilter{Entity: "microdata_agreement", EntityID: a.ID})
		must(t, err)
		if len(trail) != 4 || trail[0].Action != accounts.MicrodataDownload || trail[0].UserID != h.ada {
			t.Errorf("%+v", trail)
		}
		h.refusedToOthers(a)
		h.refusalsAreLogged(a)
	})
}

// refusalsAreLogged: each who has an account is named, to who grants alone.
func (h *house) refusalsAreLogged(a *access.Agreement) {
	h.t.Helper()
	uses, err := h.Log(system(), 0, 20)
	must(h.t, err)
	refused := 0
	for _, u := range uses {
		if u.What == "refused" && u.UserID == h.berthe && u.Files == "forbidden" && u.Number() == a.Number() {
			refused++
		}
	}
	if refused != 2 { // she tried to read and to take
		h.t.Errorf("%d refusals of %+v", refused, uses)
	}
	r, err := h.Read(as(h.ada, accounts.Researcher), a.ID)
	must(h.t, err)
	for _, u := range r.Uses {
		if u.UserID != h.ada {
			h.t.Errorf("the researcher is told of %+v", u)
		}
	}
	trail, err := h.accounts.AuditTrail(system(), accounts.AuditFilter{Entity: "microdata_agreement", EntityID: a.ID})
	must(h.t, err)
	seen := map[accounts.UserID]bool{}
	for _, e := range trail {
		seen[e.UserID] = true
	}
	if !seen[99] || !seen[98] || !seen[h.berthe] {
		h.t.Errorf("the trail has %v", seen)
	}
}

func (h *house) refusedToOthers(a *access.Agreement) {
	h.t.Helper()
	for name, who := range map[string]context.Context{"another researcher": as(h.berthe, accounts.Researcher), "an administrator": as(99, accounts.Admin), "an officer": as(98, accounts.Officer)} {
		if _, err := h.Download(who, a.ID); !fault.Is(err, fault.KindForbidden) {
			h.t.Errorf("%s downloads: %v", name, err)
		}
	}
	if _, err := h.Read(as(h.berthe, accounts.Researcher), a.ID); !fault.Is(err, fault.KindForbidden) {
		h.t.Errorf("another researcher reads: %v", err)
	}
	if list, err := h.Agreements(as(h.berthe, accounts.Researcher)); err != nil || len(list) != 0 {
		h.t.Errorf("another researcher lists %d (%v)", len(list), err)
	}
	if _, err := h.Download(accounts.With(context.Background(), accounts.Nobody()), a.ID); !fault.Is(err, fault.KindUnauthenticated) {
		h.t.Errorf("a visitor downloads: %v", err)
	}
}

// Outside its dates, or revoked, an agreement opens nothing, and says so.
func TestAnAgreementEnds(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.fill(0, 18)
		later := wanted(h.ada)
		later.FromOn, later.UntilOn = "2026-12-10", "2026-12-20"
		early, other := h.granted(later), h.granted(wanted(h.ada))
		h.make(false)
		ada := as(h.ada, accounts.Researcher)
		denied := func(a *access.Agreement, code string) {
			t.Helper()
			if _, err := h.Download(ada, a.ID); !fault.Is(err, fault.KindForbidden) || fault.Of(err).Code != code {
				t.Errorf("%s: %v", code, err)
			}
		}
		denied(early, "agreement_early")
		h.clock.Advance(19 * day) // the 20th
		if _, err := h.Download(ada, early.ID); err != nil {
			t.Errorf("on its last day: %v", err)
		}
		h.clock.Advance(day)
		denied(early, "agreement_lapsed")
		if n, err := h.Lapse(system()); n != 1 || err != nil {
			t.Errorf("%d lapsed (%v)", n, err)
		}
		if n, err := h.Lapse(system()); n != 0 || err != nil {
			t.Errorf("%d lapsed again (%v)", n, err)
		}
		for range 2 {
			a, err := h.Revoke(system(), other.ID, "ended")
			must(t, err)
			if len(a.Events) != 2 {
				t.Errorf("%+v", a.Events)
			}
		}
		denied(other, "agreement_revoked")
		uses, err := h.Log(system(), 0, 1)
		must(t, err)
		if uses[0].What != "refused" || uses[0].Files != "agreement_revoked" || uses[0].UserID != h.ada {
			t.Errorf("the refusal leaves %+v", uses[0])
		}
		if r, err := h.Read(ada, other.ID); err != nil || r.State != access.Closed {
			t.Errorf("the researcher still reads what became of it: %v", err)
		}
	})
}

// What is asked wrongly is located, and asking twice is once.
func TestGrantIsCheckedAndSafeToRepeat(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		if _, err := h.Grant(as(h.ada, accounts.Researcher), wanted(h.ada)); !fault.Is(err, fault.KindForbidden) {
			t.Fatalf("a researcher grants: %v", err)
		}
		a, b := h.granted(wanted(h.ada)), h.granted(wanted(h.ada))
		if a.ID != b.ID || a.Number() != "MD-2026-0001" {
			t.Errorf("%s and %s", a.Number(), b.Number())
		}
		wrong := access.Grant{UserID: h.user("c@example.test", accounts.Admin), Reference: "Mme Durand, 3 rue Basse", Purpose: "curiosity", File: record.Exits, Years: []int{2026}, Variables: []string{"name"}, FromOn: "2026-12-01", UntilOn: "2032-01-01"}
		_, err := h.Grant(system(), wrong)
		var paths []string
		for _, f := range fault.Of(err).Fields {
			paths = append(paths, f.Path)
		}
		if got := strings.Join(paths, " "); got != "user_id institution purpose reference years variables until" {
			t.Errorf("faults at %s", got)
		}
		if _, err := h.Revoke(system(), a.ID, "because"); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("revoked for no reason of the list: %v", err)
		}
	})
}

// A year is made once. A vintage follows only where facts changed, and enough.
func TestAFileIsMadeOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		if o := h.make(false); o != access.Nothing {
			t.Fatalf("from no record: %s", o)
		}
		h.fill(0, 18)
		steps := []access.Outcome{h.make(false), h.make(false), h.make(true)}
		h.in(microdata.Exits, "entreprise;salarie;date;motif;jours", []string{"E-1;S-1;2011-02-15;contrat aide;"})
		steps = append(steps, h.make(false), h.make(true))
		want := []access.Outcome{access.Made, access.Kept, access.Kept, access.Kept, access.Held}
		for i := range want {
			if steps[i] != want[i] {
				t.Errorf("step %d: %s, want %s", i, steps[i], want[i])
			}
		}
		files, err := h.Files(system())
		must(t, err)
		if len(files) != 1 || files[0].Vintage != 1 {
			t.Errorf("%+v", files)
		}
		tried, err := h.Attempts(system())
		must(t, err)
		if len(tried) != 1 || tried[0].Year != 2011 || tried[0].Outcome != access.Held {
			t.Errorf("what came of it is %+v", tried)
		}
	})
}

// Two enterprises are too few for any record to be given, and it is said.
func TestFewEnterprisesGiveNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.fill(0, 2)
		a := h.granted(wanted(h.ada))
		ada := as(h.ada, accounts.Researcher)
		if r, err := h.Read(ada, a.ID); err != nil || len(r.Waiting) != 1 || len(r.Empty) != 0 {
			t.Errorf("before it is made: %+v (%v)", r, err)
		}
		if o := h.make(false); o != access.Nothing {
			t.Fatal(o)
		}
		if r, err := h.Read(ada, a.ID); err != nil || len(r.Files)+len(r.Waiting) != 0 || len(r.Empty) != 1 {
			t.Errorf("%+v (%v)", r, err)
		}
		if _, err := h.Download(ada, a.ID); !fault.Is(err, fault.KindConflict) {
			t.Errorf("downloaded: %v", err)
		}
	})
}

// The workers and the exits of a year are views of the same records.
func TestBothFilesComeFromOne(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.fill(0, 18)
		var contracts []string
		for e := range 18 {
			for w := range 20 {
				contracts = append(contracts, fmt.Sprintf("E-%d;S-%d;2011-01-01;", e, w))
			}
		}
		h.in(microdata.Contracts, "entreprise;salarie;debut;fin", contracts)
		if o := h.make(false); o != access.Made {
			t.Fatal(o)
		}
		files, err := h.Files(system())
		must(t, err)
		if len(files) != 2 || files[0].Kind != record.Exits || files[1].Kind != record.Workers || files[0].Done.Records == 0 || files[0].Hash == files[1].Hash {
			t.Fatalf("%+v", files)
		}
		for i := range files[0].Done.Levels {
			if files[0].Done.Levels[i] != files[1].Done.Levels[i] {
				t.Errorf("%s is told at two levels", i)
			}
		}
	})
}

// The researcher is told of what happens, once each, and warned before the last day.
func TestTheResearcherIsTold(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		short := wanted(h.ada)
		short.UntilOn = "2026-12-10"
		a := h.granted(short)
		for _, want := range []int{1, 0} {
			if n, err := h.Lapse(system()); n != want || err != nil {
				t.Errorf("%d are told that it ends (%v)", n, err)
			}
		}
		for _, about := range []access.EventKind{access.Granted, access.Warned} {
			must(t, h.Deliver(system(), access.SendLetter{Agreement: a.ID, About: about}))
		}
		_, err := h.Revoke(system(), a.ID, "asked")
		must(t, err)
		must(t, h.Deliver(system(), access.SendLetter{Agreement: a.ID, About: access.Warned})) // no longer so
		must(t, h.Deliver(system(), access.SendLetter{Agreement: a.ID, About: access.Revoked}))
		sent := h.mail.Sent()
		if len(sent) != 3 || !strings.Contains(sent[1].Text, "10/12/2026") || sent[2].To != "ada@example.test" || !strings.Contains(sent[0].Text, "/recherche/microdonnees/") {
			t.Errorf("%+v", sent)
		}
		jobs, err := h.st.JobCounts(context.Background())
		must(t, err)
		letters := 0
		for _, j := range jobs {
			if j.Kind == "access.letter" {
				letters += j.Count
			}
		}
		if letters != 3 {
			t.Errorf("%d letters are asked for: %+v", letters, jobs)
		}
	})
}
