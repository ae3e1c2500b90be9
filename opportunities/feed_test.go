package opportunities_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/xml"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/opportunities"
)

var outlet = opportunities.Outlet{Name: "Mes marchés, en Drôme", Site: "https://maillage.example", Link: "/marches", Self: "/marches.atom", Lang: "fr"}

func calendarOf(t testing.TB, items ...*opportunities.Opportunity) string {
	t.Helper()
	var b bytes.Buffer
	if err := opportunities.WriteCalendar(&b, outlet, items); err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(b.String(), "\r\n ", "")
}

// TestCalendarFollowsALife changes the date, then cancels: the identifier
// stays, the sequence grows, the cancellation is said.
func TestCalendarFollowsALife(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx := context.Background()
		s, _ := service(t, st)
		made := must[*opportunities.Opportunity](t)(s.CreateAndPublish(ctx, opportunities.By{}, cleaning()))
		first := calendarOf(t, made)
		for _, line := range []string{"UID:opportunity-1@maillage.example", "SEQUENCE:1", "DTSTART:20261215T110000Z", "STATUS:CONFIRMED", `X-WR-CALNAME:Mes marchés\, en Drôme`} {
			if !strings.Contains(first, line+"\r\n") {
				t.Errorf("no %q in\n%s", line, first)
			}
		}
		moved := *made
		moved.Deadline = at("2026-12-20T11:00:00Z")
		moved.Lots = append([]opportunities.Lot(nil), made.Lots...)
		changed := must[*opportunities.Opportunity](t)(s.Update(ctx, opportunities.By{}, 0, &moved))
		second := calendarOf(t, changed)
		if !strings.Contains(second, "SEQUENCE:2\r\n") || !strings.Contains(second, "DTSTART:20261220T110000Z\r\n") || !strings.Contains(second, "UID:opportunity-1@maillage.example\r\n") {
			t.Errorf("the change is not told:\n%s", second)
		}
		over := must[*opportunities.Opportunity](t)(s.Cancel(ctx, opportunities.By{}, made.ID, 0))
		third := calendarOf(t, over)
		if !strings.Contains(third, "STATUS:CANCELLED\r\n") || !strings.Contains(third, "SEQUENCE:3\r\n") {
			t.Errorf("the cancellation is not told:\n%s", third)
		}
		latest := must[[]*opportunities.Opportunity](t)(s.Latest(ctx, opportunities.Filter{Public: true}, time.Time{}, 10))
		if len(latest) != 1 || latest[0].State != opportunities.Cancelled {
			t.Errorf("latest: %v", latest)
		}
		if later := must[[]*opportunities.Opportunity](t)(s.Latest(ctx, opportunities.Filter{Public: true}, over.UpdatedAt, 10)); len(later) != 0 {
			t.Errorf("%d changed after the last change", len(later))
		}
	})
}

// TestCalendarLinesHold any title: lines are short, characters whole, and no
// text opens a property of its own.
func TestCalendarLinesHold(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		o := cleaning()
		o.Title, o.BuyerName = rapid.String().Draw(r, "title"), rapid.String().Draw(r, "buyer")
		var b bytes.Buffer
		if err := opportunities.WriteCalendar(&b, outlet, []*opportunities.Opportunity{o}); err != nil {
			r.Fatal(err)
		}
		for line := range strings.SplitSeq(strings.TrimSuffix(b.String(), "\r\n"), "\r\n") {
			if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n") {
				r.Fatalf("%d octets: %q", len(line), line)
			}
		}
		if strings.Count(b.String(), "\r\nDTSTART:") != 1 {
			r.Fatal("a title made a property")
		}
	})
}

func TestAtomIsStableAndWellFormed(t *testing.T) {
	t.Parallel()
	o := cleaning()
	o.ID, o.Title, o.UpdatedAt, o.State = 7, "Nettoyage <b> & \x01 vitrerie", *at("2026-11-20T09:00:00Z"), opportunities.Cancelled
	var one, two bytes.Buffer
	for _, b := range []*bytes.Buffer{&one, &two} {
		if err := opportunities.WriteAtom(b, outlet, []*opportunities.Opportunity{o}); err != nil {
			t.Fatal(err)
		}
	}
	if one.String() != two.String() {
		t.Error("two writings differ")
	}
	var feed struct {
		ID      string `xml:"http://www.w3.org/2005/Atom id"`
		Updated string `xml:"http://www.w3.org/2005/Atom updated"`
		Author  string `xml:"http://www.w3.org/2005/Atom author>name"`
		Entries []struct {
			ID      string `xml:"id"`
			Title   string `xml:"title"`
			Updated string `xml:"updated"`
		} `xml:"http://www.w3.org/2005/Atom entry"`
	}
	if err := xml.Unmarshal(one.Bytes(), &feed); err != nil {
		t.Fatal(err)
	}
	if feed.ID != "https://maillage.example/marches.atom" || feed.Updated != "2026-11-20T09:00:00Z" || feed.Author == "" || len(feed.Entries) != 1 ||
		feed.Entries[0].ID != "tag:maillage.example,2026:opportunity/7" || !strings.HasPrefix(feed.Entries[0].Title, "Annulé : Nettoyage <b> & ") {
		t.Errorf("%+v", feed)
	}
}

func TestCSVRunsNoFormula(t *testing.T) {
	t.Parallel()
	for _, title := range []string{"=1+1", "+33", "-2+3", "@SUM(A1)", "\t=1", " =1", "＝1"} {
		o := cleaning()
		o.Title, o.Amount = title, 90000.5
		var b bytes.Buffer
		if err := opportunities.WriteCSV(&b, outlet, []*opportunities.Opportunity{o}); err != nil {
			t.Fatal(err)
		}
		text, marked := strings.CutPrefix(b.String(), "\uFEFF")
		r := csv.NewReader(strings.NewReader(text))
		r.Comma = ';'
		rows, err := r.ReadAll()
		if err != nil || !marked || len(rows) != 2 {
			t.Fatalf("%v %v %v", marked, rows, err)
		}
		if rows[1][3] != "'"+title || rows[1][10] != "90000,5" {
			t.Errorf("%q became %q, %q", title, rows[1][3], rows[1][10])
		}
	}
}
