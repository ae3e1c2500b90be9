package people_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/people"
)

// What a door reads of a structure is its counsellors' alone.
func TestWhatADoorReads(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		p, err := h.Create(h.as(), &people.Person{OrganisationID: h.near, Key: "1"})
		must(t, err)
		_, err = h.Ask(h.as(), p.ID, h.job)
		must(t, err)
		_, err = h.Give(h.as(), p.ID, h.job, "2026-12-01")
		must(t, err)
		ends := func(date string) int {
			t.Helper()
			got, err := h.AgreementsEnding(h.as(), h.near, day(date))
			must(t, err)
			return len(got)
		}
		if ends("2026-11-30") != 0 || ends("2026-12-01") != 1 {
			t.Error("an agreement ends on another day")
		}
		_, err = h.Withdraw(h.as(), p.ID, h.job)
		must(t, err)
		if ends("2026-12-31") != 0 {
			t.Error("an agreement taken back still ends")
		}
		must(t, h.SetTraits(h.as(), p.ID, people.Traits{BirthYear: 1980}))
		if got, err := h.Traits(h.as(), p.ID); err != nil || got.BirthYear != 1980 {
			t.Errorf("%+v, %v", got, err)
		}
		all, err := h.Counsellors(h.as(), h.near)
		if err != nil || len(all) != 1 || all[0].ID != h.counsellor || all[0].Name == "" {
			t.Errorf("%+v, %v", all, err)
		}
		other := accounts.With(t.Context(), h.other)
		for name, read := range map[string]func() error{
			"agreements":  func() error { _, err := h.AgreementsEnding(other, h.near, day("2026-12-31")); return err },
			"traits":      func() error { _, err := h.Traits(other, p.ID); return err },
			"counsellors": func() error { _, err := h.Counsellors(other, h.near); return err },
		} {
			if err := read(); !fault.Is(err, fault.KindForbidden) && !fault.Is(err, fault.KindNotFound) {
				t.Errorf("%s are read by another structure: %v", name, err)
			}
		}
		_, err = h.Ask(h.as(), p.ID, h.second)
		must(t, err)
		_, err = h.Give(h.as(), p.ID, h.second, "2026-12-01")
		must(t, err)
		h.clock.Advance(20 * 24 * time.Hour)
		if ends("2027-01-31") != 0 {
			t.Error("an agreement that ran out still ends")
		}
	})
}

// A preview tells what an import would do, and leaves nothing: no journey, no
// history, no audit, no job.
func TestAPreviewWritesNothing(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		rows := func() (n int) {
			t.Helper()
			for _, table := range []string{"people", "person_events", "person_identities", "audit_entries", "change_log"} {
				var one int
				if err := st.Read().NewRaw("SELECT count(*) FROM "+table).Scan(t.Context(), &one); err == nil {
					n += one
				} else if table != "change_log" {
					t.Fatal(err)
				}
			}
			return n
		}
		before := rows()
		file := people.File{Organisation: h.near, Name: "parcours.csv", Content: bytes.NewReader(example(t)), Preview: true}
		said, err := h.Import(h.as(), file)
		must(t, err)
		if rows() != before {
			t.Errorf("a preview wrote %d rows", rows()-before)
		}
		done := h.imported("parcours.csv", example(t))
		if said.Made != done.Made || said.Rejected != done.Rejected || said.Sealed != done.Sealed || done.Made == 0 {
			t.Errorf("said %+v, did %+v", said, done)
		}
	})
}

// The models are read by the import that they are for, column for column.
func TestTheModelIsRead(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	var known []string
	for _, c := range people.ModelColumns() {
		if c.Says.FR == "" || c.Says.EN == "" {
			t.Errorf("%s is not explained", c.Name)
		}
		known = append(known, c.Name)
	}
	for _, name := range people.Columns() {
		if name != "ligne" && name != "a_corriger" && !strings.Contains(" "+strings.Join(known, " ")+" ", " "+name+" ") {
			t.Errorf("%s is not in the model", name)
		}
	}
	var table, book bytes.Buffer
	must(t, people.WriteModelCSV(&table))
	must(t, people.WriteModelXLSX(&book, "fr"))
	for name, content := range map[string][]byte{"m.csv": table.Bytes(), "m.xlsx": book.Bytes()} {
		if r := h.imported(name, content); r.Read != 0 || len(r.Unread) > 0 {
			t.Errorf("%s: %+v", name, r)
		}
	}
	// the examples of the second sheet are good values
	var head, row []string
	for _, c := range people.ModelColumns() {
		head, row = append(head, c.Name), append(row, c.Example)
	}
	if r := h.imported("x.csv", []byte(strings.Join(head, ";")+"\n"+strings.Join(row, ";")+"\n")); r.Made != 1 {
		t.Errorf("the examples are refused: %+v", r.Refused)
	}
	f, err := excelize.OpenReader(bytes.NewReader(book.Bytes()))
	must(t, err)
	if got := f.GetSheetList(); len(got) != 2 || got[0] != "Parcours" {
		t.Errorf("sheets %v", got)
	}
}
