package tenders

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"maillage/internal/testkit"
	"maillage/opportunities"
)

// historyOf draws the records of one procurement: a call, and notices that
// correct, cancel, repeat or award it, most of them saying little.
func historyOf(t *rapid.T) []string {
	pick := func(label string, of ...string) string { return rapid.SampledFrom(of).Draw(t, label) }
	n := rapid.IntRange(2, 5).Draw(t, "notices")
	records := make([]string, n)
	for i := range records {
		nature := pick("nature", "APPEL_OFFRE", "APPEL_OFFRE", "RECTIFICATIF", "ANNULATION", "ATTRIBUTION")
		if i == 0 {
			nature = "APPEL_OFFRE"
		}
		status := "INITIAL"
		if nature == "RECTIFICATIF" {
			status = "RECTIFICATIF"
		}
		deadline := pick("deadline", "", "2026-12-20T12:00:00+00:00", "2027-01-20T12:00:00+00:00", "2026-11-20T12:00:00+00:00")
		records[i] = boampRecord(fmt.Sprintf("26-%06d", 900000+rapid.IntRange(0, 3).Draw(t, "id")*10+i), nature, status, deadline, map[string]any{
			"contractfolderid": "folder-of-a-drawn-history",
			"objet":            pick("title", "Entretien des espaces verts de la ville", "Entretien des espaces verts", "Entretien des espaces verts de la ville et des berges"),
			"dateparution":     pick("day", "2026-11-20", "2026-11-21", "2026-11-22"),
			"url_avis":         pick("link", "", "https://www.boamp.fr/a", "https://www.boamp.fr/b"),
			"code_departement": []string{pick("dep", "26", "69", "07")},
		})
	}
	return records
}

// TestAnyOrder draws histories and reads each in two orders: all that is shown
// at the end is the same, because it is told by the set of notices.
func TestAnyOrder(t *testing.T) {
	t.Parallel()
	for seed := range 25 {
		records := rapid.Custom(historyOf).Example(seed)
		want := ""
		for turn := range 3 {
			order := rand.New(rand.NewPCG(uint64(seed), uint64(turn))).Perm(len(records))
			h := newHouse(t, testkit.SQLite(t))
			h.loadAll(records, order)
			got := fmt.Sprint(standing(h.all()))
			if want == "" {
				want = got
			}
			if got != want {
				t.Errorf("seed %d, order %v of %q:\n%s\nwant\n%s", seed, order, records, got, want)
			}
			if live(h.all()) > 1 {
				t.Errorf("seed %d, order %v: several live opportunities", seed, order)
			}
		}
	}
}

// TestReplayIsOfTheSet: the same for the replay alone, which never sees a
// database, over many more orders.
func TestReplayIsOfTheSet(t *testing.T) {
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
		told := func(rows []noticeRow) string {
			s := replay(rows)
			return fmt.Sprintf("%v %v %v %v %+v", s.state, s.first, s.latest, s.orphan, opportunityOf(s.notice))
		}
		if a, b := told(rows), told(rapid.Permutation(rows).Draw(rt, "order")); a != b {
			rt.Fatalf("%s\nin another order\n%s", a, b)
		}
	})
}

// TestCorrigendumBeforeItsCall: read first, a corrigendum of TED waits for the
// call that it names, and the two are one, told the same as in the other order.
func TestCorrigendumBeforeItsCall(t *testing.T) {
	t.Parallel()
	want := ""
	for _, order := range [][]string{{"ted-call-latin1.xml", "ted-corrigendum.xml"}, {"ted-corrigendum.xml", "ted-call-latin1.xml"}} {
		h := newHouse(t, testkit.SQLite(t))
		for _, name := range order {
			h.load(sample(name))
		}
		got := standing(h.all())
		if want == "" {
			want = fmt.Sprint(got)
		}
		if len(got) != 1 || fmt.Sprint(got) != want {
			t.Errorf("%v: %d opportunities\n%s\nwant\n%s", order, len(got), got, want)
		}
	}
}

func live(list []*opportunities.Opportunity) (n int) {
	for _, o := range list {
		if o.Open(testNow) {
			n++
		}
	}
	return n
}
