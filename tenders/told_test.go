package tenders

import (
	"context"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"maillage/internal/store"
	"maillage/internal/testkit"
)

// TestToldByWhichNotice: each field names the notice from which it stands, in
// whatever order the notices came.
func TestToldByWhichNotice(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		for turn, order := range [][]int{{0, 1}, {1, 0}} {
			folder := fmt.Sprint("folder-told-", turn)
			call, late := fmt.Sprint("26-80000", turn), fmt.Sprint("26-80001", turn)
			h := newHouse(t, st)
			h.loadAll([]string{
				boampRecord(call, "APPEL_OFFRE", "INITIAL", "2026-12-20T12:00:00+00:00", map[string]any{"contractfolderid": folder, "nomacheteur": "Ville " + folder}),
				boampRecord(late, "RECTIFICATIF", "RECTIFICATIF", "2027-01-08T12:00:00+00:00", map[string]any{"contractfolderid": folder, "nomacheteur": "Ville " + folder, "dateparution": "2026-11-24"}),
			}, order)
			told, err := h.Told(context.Background(), "procedure:"+folder)
			if err != nil {
				t.Fatal(err)
			}
			by := map[string]Telling{}
			for _, one := range told {
				by[one.Field] = one
			}
			if d := by["deadline"]; d.Notice.Notice == nil || d.Notice.Notice.ID != late || d.Value != "2027-01-08 12:00:00" || d.Agree != 0 || d.Path == "" {
				t.Errorf("order %v: the deadline is told by %+v", order, d)
			}
			if d := by["title"]; d.Notice.Notice == nil || d.Notice.Notice.ID != call || d.Agree != 1 || d.Notice.ImportedAt.IsZero() {
				t.Errorf("order %v: the title is told by %+v", order, d)
			}
			if _, said := by["amount"]; said {
				t.Error("an amount that nobody gave")
			}
		}
		if none, err := newHouse(t, st).Told(context.Background(), "officer:1"); err != nil || len(none) != 0 {
			t.Errorf("without notices: %v, %v", none, err)
		}
	})
}

// TestANoticeReadAgainSaysItOnce: versions of one notice are not other notices.
func TestANoticeReadAgainSaysItOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	var rows []noticeRow
	for i, id := range []string{"26-80010", "26-80010", "26-80010", "26-80011"} {
		raw := boampRecord(id, "APPEL_OFFRE", "INITIAL", "2026-12-20T12:00:00+00:00", map[string]any{"nomacheteur": "Ville", "urlgravure": fmt.Sprint(i)})
		n, err := h.parser.Parse([]byte(raw))
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, noticeRow{ID: int64(i + 1), RawDigest: digest([]byte(raw)), Document: n})
	}
	for _, one := range tellings(rows) {
		if one.Agree > 1 || one.Field == "title" && one.Agree != 1 {
			t.Errorf("%s: %d others", one.Field, one.Agree)
		}
	}
}

// TestToldFollowsTheReplay: whatever the history, a field that stands in the
// end is told by a notice that says just that.
func TestToldFollowsTheReplay(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	rapid.Check(t, func(rt *rapid.T) {
		var rows []noticeRow
		for i, raw := range historyOf(rt) {
			n, err := h.parser.Parse([]byte(raw))
			if err != nil {
				rt.Fatalf("refused: %v", err)
			}
			rows = append(rows, noticeRow{ID: int64(i + 1), RawDigest: digest([]byte(raw)), Document: n})
		}
		told := map[string]Telling{}
		for _, one := range tellings(rows) {
			told[one.Field] = one
		}
		for i, fact := range factsOf(replay(rows).notice) {
			one, known := told[fact.Field]
			if fact.Value == "" || fact.Field == "published" {
				continue
			}
			if !known || valuesOf(one.Notice.Notice)[i] != fact.Value || one.Agree < 0 {
				rt.Fatalf("%+v is told by %+v", fact, one)
			}
		}
	})
}
