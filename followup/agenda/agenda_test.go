package agenda_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/followup/agenda"
	"maillage/internal/fault"
	"maillage/internal/store"
)

func TestAnEventIsPublishedMovedAndCancelled(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		p := h.plan(10)
		e, err := h.Save(as(h.officer), 0, 0, p)
		must(t, err)
		if e.State != agenda.Draft || !e.StartsAt.Equal(time.Date(2026, 12, 10, 13, 0, 0, 0, time.UTC)) || e.Zone != "Europe/Paris" {
			t.Fatalf("%+v", e)
		}
		if _, err := h.Get(as(h.alix), e.ID); !fault.Is(err, fault.KindNotFound) {
			t.Fatalf("a draft is read: %v", err)
		}
		_, err = h.Register(as(h.alix), e.ID, []string{"Alix"})
		wantKind(t, err, fault.KindNotFound)
		_, err = h.Save(as(h.abroad), 0, 0, p)
		wantKind(t, err, fault.KindForbidden)
		_, err = h.Save(as(h.alix), 0, 0, p)
		wantKind(t, err, fault.KindForbidden)
		e, err = h.Publish(as(h.officer), e.ID, 0)
		must(t, err)
		_, err = h.Register(as(h.alix), e.ID, []string{"Alix", " Bo  Martin "})
		must(t, err)

		same, err := h.Save(as(h.officer), e.ID, e.Revision, p)
		must(t, err)
		if same.Revision != e.Revision {
			t.Error("the same plan changed something")
		}
		p.About = "Apportez un dossier."
		e, err = h.Save(as(h.officer), e.ID, e.Revision, p)
		must(t, err)
		if e.Sequence != 0 || len(h.letters()) != 0 {
			t.Error("a word more is told as a move")
		}
		p.Starts, p.Ends = "2026-12-11T14:00", "2026-12-11T17:00"
		_, err = h.Save(as(h.officer), e.ID, e.Revision-1, p)
		wantKind(t, err, fault.KindPrecondition)
		e, err = h.Save(as(h.officer), e.ID, e.Revision, p)
		must(t, err)
		if got := h.letters(); e.Sequence != 1 || !slices.Equal(got, []string{"alix moved"}) {
			t.Fatalf("moved: %d %v", e.Sequence, got)
		}
		_, err = h.Cancel(as(h.officer), e.ID, 0, " ")
		wantKind(t, err, fault.KindInvalid)
		e, err = h.Cancel(as(h.officer), e.ID, 0, "Intervenante empêchée")
		must(t, err)
		again, err := h.Cancel(as(h.officer), e.ID, 0, "Encore")
		must(t, err)
		if got := h.letters(); again.Sequence != 2 || again.Reason != "Intervenante empêchée" || !slices.Equal(got, []string{"alix cancelled"}) {
			t.Fatalf("cancelled: %+v %v", again, got)
		}
		p.Title = "Autre"
		_, err = h.Save(as(h.officer), e.ID, 0, p)
		wantKind(t, err, fault.KindConflict)
	})
}

// Overseas, an hour is the place's: 9:00 at Saint-Denis de La Réunion is 5:00 UTC.
func TestAnHourIsThatOfThePlace(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		p := h.plan(0)
		p.Commune, p.Starts, p.Ends = "97411", "2026-12-10T09:00", "2026-12-10T12:00"
		e := h.published(p)
		if e.Zone != "Indian/Reunion" || !e.StartsAt.Equal(time.Date(2026, 12, 10, 5, 0, 0, 0, time.UTC)) {
			t.Fatalf("%s %s", e.Zone, e.StartsAt)
		}
		_, err := h.Register(as(h.alix), e.ID, []string{"Alix"})
		must(t, err)
		h.on("2026-12-09T03:59:00Z") // 7:59 over there
		must(t, h.Remind(system()))
		if got := h.letters(); len(got) != 0 {
			t.Fatalf("too early: %v", got)
		}
		h.on("2026-12-09T04:00:00Z")
		must(t, h.Remind(system()))
		if got := h.letters(); !slices.Equal(got, []string{"alix day-before"}) {
			t.Fatalf("the day before: %v", got)
		}
	})
}

func TestEveryFrenchTimeIsOffered(t *testing.T) {
	t.Parallel()
	atlas, err := loaded()
	must(t, err)
	for _, code := range []string{"26", "971", "972", "973", "974", "975", "976", "977", "978", "986", "987", "988"} {
		d, ok := atlas.Departement(code)
		if ok && d.TimeZone != "" && !slices.Contains(agenda.Zones(), d.TimeZone) {
			t.Errorf("%s is on %s, which is not offered", code, d.TimeZone)
		}
	}
	for _, z := range agenda.Zones() {
		if _, err := time.LoadLocation(z); err != nil {
			t.Error(err)
		}
	}
}

func TestFaultsOfAPlanAreLocated(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		for path, change := range map[string]func(*agenda.Plan){
			"title": func(p *agenda.Plan) { p.Title = " " }, "kind": func(p *agenda.Plan) { p.Kind = "party" }, "audience": func(p *agenda.Plan) { p.Audience = "" },
			"place": func(p *agenda.Plan) { p.Place = "" }, "link": func(p *agenda.Plan) { p.Link = "javascript:alert(1)" }, "commune": func(p *agenda.Plan) { p.Commune = "00000" },
			"starts": func(p *agenda.Plan) { p.Starts = "demain" }, "ends": func(p *agenda.Plan) { p.Ends = "2026-12-10T13:00" }, "register": func(p *agenda.Plan) { p.Register = "2026-12-10T15:00" },
			"zone": func(p *agenda.Plan) { p.Zone = "Mars/Olympus" }, "capacity": func(p *agenda.Plan) { p.Capacity = -1 }, "fee": func(p *agenda.Plan) { p.Fee = -1 },
			"territory": func(p *agenda.Plan) { p.Territory = "là-bas" }, "organiser": func(p *agenda.Plan) { p.OrganiserID = 999_999 }, "documents": func(p *agenda.Plan) { p.Documents = []agenda.Document{{Title: "x", URL: "ftp://x"}} },
		} {
			p := h.plan(1)
			change(&p)
			_, err := h.Save(system(), 0, 0, p)
			if f := fault.Of(err); f.Kind != fault.KindInvalid || len(f.Fields) != 1 || f.Fields[0].Path != path {
				t.Errorf("%s: %v", path, err)
			}
		}
	})
}

// Many register at once for few seats: no seat is sold twice, nobody is lost, and
// who waits takes what is given back, in order.
func TestSeatsAreCountedUnderConcurrency(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		const crowd, capacity = 16, 5
		e := h.published(h.plan(capacity))
		var all []accounts.Identity
		for i := range crowd {
			all = append(all, h.person(fmt.Sprintf("p%d@example.org", i), accounts.Member, h.near, ""))
		}
		var wait sync.WaitGroup
		for i, who := range all {
			wait.Go(func() {
				if _, err := h.Register(as(who), e.ID, []string{fmt.Sprint("Personne ", i)}); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		row, err := h.Get(as(h.officer), e.ID)
		must(t, err)
		if row.Taken != capacity || row.Waiting != crowd-capacity {
			t.Fatalf("%d taken, %d waiting", row.Taken, row.Waiting)
		}
		sheet, err := h.Sheet(as(h.officer), e.ID)
		must(t, err)
		next := sheet[capacity]
		for _, s := range sheet[:2] {
			wait.Go(func() {
				if err := h.Drop(as(accounts.Identity{UserID: s.UserID, Role: accounts.Member, OrganisationID: h.near}), e.ID); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		row, _ = h.Get(as(h.officer), e.ID)
		if row.Taken != capacity || row.Waiting != crowd-capacity-2 {
			t.Fatalf("after two gave back: %d taken, %d waiting", row.Taken, row.Waiting)
		}
		after, err := h.Sheet(as(h.officer), e.ID)
		must(t, err)
		if !slices.ContainsFunc(after[:capacity], func(s agenda.Seat) bool { return s.UserID == next.UserID }) {
			t.Error("who came first does not pass first")
		}
		if got := h.letters(); len(got) != 2 || !strings.HasSuffix(got[0], "promoted") {
			t.Fatalf("those who pass are told: %v", got)
		}
	})
}

func TestABookingIsWholeAndItsOwners(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		e := h.published(h.plan(3))
		_, err := h.Register(as(h.kim), e.ID, []string{"A", "B", "C", "D"}) // it would wait for ever, and hold back who comes after
		wantKind(t, err, fault.KindConflict)
		b, err := h.Register(as(h.alix), e.ID, []string{"A", "B"})
		must(t, err)
		if b.State != agenda.Booked || b.OrganisationID != h.near {
			t.Fatalf("%+v", b)
		}
		b, err = h.Register(as(h.kim), e.ID, []string{"C", "D"})
		must(t, err)
		if b.State != agenda.Waiting {
			t.Fatalf("two seats out of one: %+v", b)
		}
		b, err = h.Register(as(h.lou), e.ID, []string{"E"})
		must(t, err)
		if b.State != agenda.Waiting {
			t.Fatalf("who comes after passes before: %+v", b)
		}
		_, err = h.Register(as(h.alix), e.ID, []string{"A", "B", "F", "G"})
		wantKind(t, err, fault.KindConflict)
		if same, err := h.Register(as(h.kim), e.ID, []string{"C", "D"}); err != nil || same.Revision != 1 {
			t.Fatalf("registered twice: %+v %v", same, err)
		}
		_, err = h.Register(as(h.alix), e.ID, []string{"A"})
		must(t, err)
		rows := h.states(e)
		if !slices.Equal(rows, []string{"alix booked", "kim booked", "lou waiting"}) {
			t.Fatalf("one seat given back: %v", rows)
		}
		p := h.plan(4)
		_, err = h.Save(as(h.officer), e.ID, 0, p)
		must(t, err)
		if rows := h.states(e); !slices.Equal(rows, []string{"alix booked", "kim booked", "lou booked"}) {
			t.Fatalf("one seat more: %v", rows)
		}
		_, err = h.Register(context.Background(), e.ID, []string{"X"})
		wantKind(t, err, fault.KindUnauthenticated)
		_, err = h.Register(as(h.alix), e.ID, nil)
		wantKind(t, err, fault.KindInvalid)
		_, err = h.Sheet(as(h.alix), e.ID)
		wantKind(t, err, fault.KindForbidden)
		h.on("2026-12-10T13:00:00Z")
		_, err = h.Register(as(h.kim), e.ID, []string{"C"})
		wantKind(t, err, fault.KindConflict)
		wantKind(t, h.Drop(as(h.kim), e.ID), fault.KindConflict)
		sheet, err := h.Sheet(as(h.officer), e.ID)
		must(t, err)
		must(t, h.Attend(as(h.officer), e.ID, sheet[0].ID, 1))
		wantKind(t, h.Attend(as(h.officer), e.ID, sheet[0].ID, 2), fault.KindInvalid)
	})
}

func (h *house) states(e *agenda.Event) (out []string) {
	h.t.Helper()
	sheet, err := h.Sheet(as(h.officer), e.ID)
	must(h.t, err)
	for _, s := range sheet {
		out = append(out, s.Account+" "+string(s.State))
	}
	slices.Sort(out)
	return out
}

// The day before is told once by however many processes; an evening that was
// missed is made up for, and a day that is moved is told again.
func TestTheDayBeforeIsToldOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		e := h.published(h.plan(1))
		_, err := h.Register(as(h.alix), e.ID, []string{"A"})
		must(t, err)
		_, err = h.Register(as(h.kim), e.ID, []string{"K"})
		must(t, err)
		h.on("2026-12-08T20:00:00Z")
		must(t, h.Remind(system()))
		if got := h.letters(); len(got) != 0 {
			t.Fatalf("two days before: %v", got)
		}
		h.on("2026-12-10T07:30:00Z") // nobody ran on the day before
		var wait sync.WaitGroup
		for range 4 {
			wait.Go(func() {
				if err := h.Remind(system()); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if got := h.letters(); !slices.Equal(got, []string{"alix day-before"}) {
			t.Fatalf("the same morning, to who has a seat: %v", got)
		}
		p := h.plan(1)
		p.Starts, p.Ends = "2026-12-17T14:00", "2026-12-17T17:00"
		_, err = h.Save(as(h.officer), e.ID, 0, p)
		must(t, err)
		h.letters()
		h.on("2026-12-16T08:00:00Z")
		must(t, h.Remind(system()))
		must(t, h.Remind(system()))
		if got := h.letters(); !slices.Equal(got, []string{"alix day-before"}) {
			t.Fatalf("moved, reminded again: %v", got)
		}
	})
}

func TestNamesAreForgottenAYearAfter(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		e := h.published(h.plan(5))
		_, err := h.Register(as(h.alix), e.ID, []string{"Alix Nommée", "Bo"})
		must(t, err)
		h.on("2027-12-01T10:00:00Z")
		must(t, h.Remind(system()))
		if n := h.named(); n != 1 {
			t.Fatalf("forgotten too early: %d", n)
		}
		h.on("2027-12-12T10:00:00Z")
		must(t, h.Remind(system()))
		sheet, err := h.Sheet(as(h.officer), e.ID)
		must(t, err)
		if h.named() != 0 || sheet[0].Seats != 2 {
			t.Fatalf("%+v", sheet)
		}
	})
}

func (h *house) named() int {
	h.t.Helper()
	var n int
	must(h.t, h.st.Read().NewRaw("SELECT count(*) FROM agenda_bookings WHERE "+textOf(h.st)+" LIKE '%Alix Nomm%'").Scan(context.Background(), &n))
	return n
}

func textOf(st *store.Store) string {
	if st.Engine() == store.PostgreSQL {
		return "attendees::text"
	}
	return "attendees"
}

func TestCalendarsSayWhatMoves(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		p := h.plan(1)
		p.Audience, p.Link = agenda.Everyone, "https://visio.example/salle"
		e := h.published(p)
		hidden := h.plan(1)
		hidden.Title, hidden.Audience = "Comité interne", agenda.Officers
		h.published(hidden)
		_, err := h.Register(as(h.alix), e.ID, []string{"A"})
		must(t, err)
		secret, err := h.Link(as(h.alix))
		must(t, err)
		public, own := h.ics(""), h.ics(secret)
		for _, want := range []string{"DTSTART:20261210T130000Z", "SEQUENCE:0", "STATUS:CONFIRMED", "UID:agenda-1@maillage.example"} {
			if !strings.Contains(public, want) {
				t.Errorf("the public calendar has no %s:\n%s", want, public)
			}
		}
		if strings.Contains(public, "interne") || strings.Contains(public, "visio.example") || !strings.Contains(own, "visio.example") {
			t.Errorf("what is for some is for all:\n%s\n%s", public, own)
		}
		must(t, h.Drop(as(h.alix), e.ID))
		if own := h.ics(secret); !strings.Contains(own, "STATUS:CANCELLED") || !strings.Contains(own, "SEQUENCE:2") {
			t.Errorf("given back:\n%s", own)
		}
		_, err = h.Cancel(as(h.officer), e.ID, 0, "Salle fermée")
		must(t, err)
		if public := h.ics(""); !strings.Contains(public, "STATUS:CANCELLED") || !strings.Contains(public, "SEQUENCE:1") || !strings.Contains(public, "Annulé : ") {
			t.Errorf("cancelled:\n%s", public)
		}
		other, err := h.Link(as(h.alix))
		must(t, err)
		_, err = h.CalendarBy(context.Background(), secret)
		wantKind(t, err, fault.KindNotFound)
		must(t, h.Unlink(as(h.alix)))
		_, err = h.CalendarBy(context.Background(), other)
		wantKind(t, err, fault.KindNotFound)
	})
}

func (h *house) ics(secret string) string {
	h.t.Helper()
	rows, err := h.Calendar(context.Background())
	if secret != "" {
		rows, err = h.CalendarBy(context.Background(), secret)
	}
	must(h.t, err)
	var b bytes.Buffer
	must(h.t, agenda.WriteCalendar(&b, agenda.Feed{Name: "Agenda", Site: "https://maillage.example", Lang: "fr"}, rows))
	return b.String()
}

func TestWhoSeesWhat(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		for _, a := range agenda.Audiences() {
			p := h.plan(0)
			p.Audience = a
			h.published(p)
		}
		_, err := h.Save(as(h.officer), 0, 0, h.plan(0)) // a draft
		must(t, err)
		for who, want := range map[string]int{"visitor": 1, "member": 2, "officer": 4, "elsewhere": 3} {
			id := map[string]accounts.Identity{"visitor": accounts.Nobody(), "member": h.alix, "officer": h.officer, "elsewhere": h.abroad}[who]
			if rows, err := h.List(as(id), agenda.Filter{}); err != nil || len(rows) != want {
				t.Errorf("%s sees %d, %v; want %d", who, len(rows), err, want)
			}
		}
		if rows, _ := h.List(as(h.alix), agenda.Filter{Kinds: []agenda.Kind{agenda.Webinar}}); len(rows) != 0 {
			t.Error("a kind does not filter")
		}
		h.on("2027-01-10T10:00:00Z")
		if rows, _ := h.List(as(h.alix), agenda.Filter{Past: true}); len(rows) != 2 {
			t.Errorf("past: %d", len(rows))
		}
	})
}
