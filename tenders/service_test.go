//nolint:misspell // the words are French
package tenders

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/opportunities"
	"maillage/territories"
)

// testNow is before every deadline of testdata.
var testNow = time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)

type house struct {
	t      *testing.T
	offers *opportunities.Service
	*Service
}

func newHouse(t *testing.T, st *store.Store) *house {
	t.Helper()
	atlas, err := territories.Load()
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return testNow }
	offers := opportunities.NewService(opportunities.Config{Store: st, Atlas: atlas, Now: now})
	return &house{t: t, offers: offers, Service: NewService(Config{Store: st, Atlas: atlas, Opportunities: offers, Now: now})}
}

func (h *house) load(paths ...string) Report {
	h.t.Helper()
	report, err := h.Import(context.Background(), paths, ImportOptions{})
	if err != nil {
		h.t.Fatal(err)
	}
	if sum := report.Made + report.Updated + report.Unchanged + report.Kept + report.Quarantined + report.Failed; sum != report.Read {
		h.t.Errorf("the counts do not add up: %+v", report)
	}
	return report
}

func (h *house) offer(key string) *opportunities.Opportunity {
	h.t.Helper()
	o, err := h.offers.ByKey(context.Background(), key)
	if err != nil {
		h.t.Fatalf("%s: %v", key, err)
	}
	return o
}

func (h *house) all() (list []*opportunities.Opportunity) {
	h.t.Helper()
	err := h.offers.EachBatch(context.Background(), 100, func(batch []*opportunities.Opportunity) error {
		list = append(list, batch...)
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return list
}

func sample(name string) string { return filepath.Join("testdata", name) }

const procedure = "procedure:5e0f2c9a-11b7-4f7e-8a55-0c0ffee00001"

// TestOneProcurementOneHistory follows a call, its correction, its cancellation
// and its award through one opportunity, whatever the order of the files.
func TestOneProcurementOneHistory(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		if r := h.load(sample("eforms-call.xml")); r.Made != 1 {
			t.Fatalf("call: %+v", r)
		}
		o := h.offer(procedure)
		if o.State != opportunities.Published || len(o.Lots) != 2 || o.Deadline == nil || o.Deadline.Format(time.RFC3339) != "2027-01-15T11:00:00Z" {
			t.Fatalf("after the call: %+v", o)
		}
		if c := o.Lots[0].Clause; c.Verdict != opportunities.ClauseReserved || c.ReservedTo != opportunities.ReservedSIAE {
			t.Errorf("clause of lot 1: %+v", c)
		}
		if l := o.Lots[1]; l.Clause.Hours != 450 || l.Amount != 120000 {
			t.Errorf("lot 2: %+v", l)
		}
		if r := h.load(sample("eforms-correction.xml")); r.Updated != 1 {
			t.Fatalf("correction: %+v", r)
		}
		if o = h.offer(procedure); o.Deadline.Format(time.RFC3339) != "2027-01-29T11:00:00Z" || o.State != opportunities.Published {
			t.Errorf("after the correction: %v %v", o.Deadline, o.State)
		}
		if r := h.load(sample("eforms-call.xml")); r.Unchanged != 1 {
			t.Errorf("the older call again: %+v", r)
		}
		if o = h.offer(procedure); o.Deadline.Format(time.RFC3339) != "2027-01-29T11:00:00Z" {
			t.Errorf("the older call overwrote the correction: %v", o.Deadline)
		}
		h.load(sample("eforms-cancel.xml"))
		if o = h.offer(procedure); o.State != opportunities.Cancelled || len(o.Lots) != 2 || o.Lots[0].Withdrawn {
			t.Errorf("after the cancellation: %v %+v", o.State, o.Lots)
		}
		history, err := h.History(context.Background(), o.ID)
		if err != nil || len(history) != 3 || history[1].Notice.Nature != Correction {
			t.Errorf("history: %v %v", history, err)
		}
		if n := len(h.all()); n != 1 {
			t.Errorf("%d opportunities for one procurement", n)
		}
	})
}

func TestAwardEndsIt(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		h.load(sample("eforms-award.xml"), sample("eforms-call.xml")) // out of order
		o := h.offer(procedure)
		if o.State != opportunities.Awarded {
			t.Errorf("state %s", o.State)
		}
		events, err := h.offers.Events(context.Background(), o.ID, 20)
		if err != nil {
			t.Fatal(err)
		}
		if raw, _ := json.Marshal(events); !strings.Contains(string(raw), "Les Jardins du Rhône") {
			t.Errorf("the winner is not in the history: %s", raw)
		}
	})
}

// TestAgainChangesNothing imports everything twice.
func TestAgainChangesNothing(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		first := h.load("testdata")
		if first.Made == 0 || first.Quarantined == 0 || first.Kept != 1 || first.NotUnderstood != 1 {
			t.Errorf("first: %+v", first)
		}
		before := fmt.Sprint(revisions(h.all()))
		again := h.load("testdata")
		if again.Made+again.Updated != 0 || again.Quarantined != first.Quarantined || again.Read != first.Read {
			t.Errorf("again: %+v\nfirst: %+v", again, first)
		}
		if after := fmt.Sprint(revisions(h.all())); after != before {
			t.Errorf("revisions %s, then %s", before, after)
		}
		runs, err := h.Runs(context.Background(), 10)
		if err != nil || len(runs) != 2 || runs[0].EndedAt == nil || runs[0].Report.Unchanged != again.Unchanged || runs[1].Paths[0] != "testdata" {
			t.Errorf("runs: %+v %v", runs, err)
		}
	})
}

func revisions(list []*opportunities.Opportunity) (out []string) {
	for _, o := range list {
		out = append(out, fmt.Sprint(o.Key, o.Revision, o.State))
	}
	return out
}

// boampRecord writes a record of one procurement.
func boampRecord(id, nature, state, deadline string, more map[string]any) string {
	rec := map[string]any{"idweb": id, "objet": "Entretien des chemins de randonnée", "nomacheteur": "Ville de Die", "nature": nature,
		"etat": state, "famille": "MAPA", "dateparution": "2026-11-20", "code_departement": []string{"26"}, "datelimitereponse": deadline}
	maps.Copy(rec, more)
	raw, _ := json.Marshal(rec)
	return string(raw)
}

// TestSameDayCancelledAndRepublished leaves exactly one live opportunity,
// whatever the order in which the three notices come, and whether they share a
// procedure, name one another, or give nothing but the same buyer and title.
func TestSameDayCancelledAndRepublished(t *testing.T) {
	t.Parallel()
	const deadline = "2026-12-20T12:00:00+00:00"
	links := map[string]map[string]any{
		"procedure": {"contractfolderid": "folder-1"},
		"none":      {},
		"names":     {"annonces_anterieures": "26-300001"}, // under titles that nothing brings together
	}
	orders := [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}
	for linked, more := range links {
		notices := []string{boampRecord("26-300001", "APPEL_OFFRE", "INITIAL", deadline, more),
			boampRecord("26-300002", "ANNULATION", "INITIAL", "", more), boampRecord("26-300003", "APPEL_OFFRE", "INITIAL", deadline, more)}
		if linked == "names" {
			notices[0] = boampRecord("26-300001", "APPEL_OFFRE", "INITIAL", deadline, map[string]any{"objet": "Fauchage des accotements et curage des fossés"})
		}
		for _, order := range orders {
			t.Run(linked+fmt.Sprint(order), func(t *testing.T) {
				t.Parallel()
				h := newHouse(t, testkit.SQLite(t))
				h.loadAll(notices, order)
				live := 0
				for _, o := range h.all() {
					if o.Open(testNow) {
						live++
					}
				}
				if live != 1 {
					t.Errorf("%d live opportunities: %v", live, revisions(h.all()))
				}
			})
		}
	}
}

// loadAll imports records one file each, in an order.
func (h *house) loadAll(records []string, order []int) Report {
	h.t.Helper()
	dir := h.t.TempDir()
	for rank, i := range order {
		write(h.t, filepath.Join(dir, fmt.Sprint(rank, ".json")), records[i])
	}
	return h.load(dir)
}

// TestCorrectionBeforeItsCall: a correction without a deadline, read before the
// call, neither loses the deadline of the call nor its own text.
func TestCorrectionBeforeItsCall(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		for i, order := range [][]int{{0, 1}, {1, 0}} {
			h := newHouse(t, st)
			more := map[string]any{"nomacheteur": fmt.Sprint("Ville de Crest ", i)}
			h.loadAll([]string{boampRecord(fmt.Sprint("26-40000", i), "APPEL_OFFRE", "INITIAL", "2026-12-20T12:00:00+00:00", more),
				boampRecord(fmt.Sprint("26-50000", i), "RECTIFICATIF", "RECTIFICATIF", "", map[string]any{"nomacheteur": more["nomacheteur"], "url_avis": "https://www.boamp.fr/corrected"})}, order)
			var found []*opportunities.Opportunity
			for _, o := range h.all() {
				if o.BuyerName == more["nomacheteur"] {
					found = append(found, o)
				}
			}
			if len(found) != 1 {
				t.Fatalf("order %v: %d opportunities", order, len(found))
			}
			if o := found[0]; o.Deadline == nil || !o.Open(testNow) || o.Links.Official != "https://www.boamp.fr/corrected" {
				t.Errorf("order %v: %v %v %v", order, o.Deadline, o.State, o.Links)
			}
		}
	})
}

// TestWithoutDeadline: a correction whose call is not known and that gives no
// deadline is no live call until the call comes; an old call is closed at once.
func TestWithoutDeadline(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		h.loadAll([]string{boampRecord("26-500001", "RECTIFICATIF", "RECTIFICATIF", "", nil)}, []int{0})
		if all := h.all(); len(all) != 1 || all[0].State != opportunities.Closed || all[0].Open(testNow) {
			t.Fatalf("an orphan correction: %v", revisions(all))
		}
		h.loadAll([]string{boampRecord("26-400001", "APPEL_OFFRE", "INITIAL", "2026-12-20T12:00:00+00:00", nil)}, []int{0})
		if all := h.all(); len(all) != 1 || !all[0].Open(testNow) {
			t.Fatalf("its call came: %v", revisions(all))
		}
		h.loadAll([]string{boampRecord("24-1", "APPEL_OFFRE", "INITIAL", "", map[string]any{"nomacheteur": "Ville de Crest", "dateparution": "2024-02-12"})}, []int{0})
		for _, o := range h.all() {
			if o.BuyerName == "Ville de Crest" && o.State != opportunities.Closed {
				t.Errorf("a call of 2024 without a deadline: %s", o.State)
			}
		}
	})
}

// TestPostponedBeforeItsCall: the deadline of a correction holds over that of
// the call, whichever is read first.
func TestPostponedBeforeItsCall(t *testing.T) {
	t.Parallel()
	for _, order := range [][]int{{0, 1}, {1, 0}} {
		h := newHouse(t, testkit.SQLite(t))
		h.loadAll([]string{boampRecord("26-600001", "APPEL_OFFRE", "INITIAL", "2026-12-20T12:00:00", nil),
			boampRecord("26-600002", "RECTIFICATIF", "RECTIFICATIF", "2027-01-20T12:00:00", nil)}, order)
		all := h.all()
		if len(all) != 1 || all[0].DeadlineRaw.Wall != "2027-01-20T12:00:00" || all[0].Lots[0].DeadlineRaw.Wall != "2027-01-20T12:00:00" {
			t.Errorf("order %v: %+v", order, all)
		}
	}
}

// TestOrderDoesNotMatter imports the notices of one procurement, from two
// sources, in many orders: what stands at the end is the same.
func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	folder := map[string]any{"contractfolderid": "5e0f2c9a-11b7-4f7e-8a55-0c0ffee00001", "objet": "Entretien des espaces verts"}
	dated := func(day string) map[string]any {
		more := maps.Clone(folder)
		more["dateparution"] = day
		return more
	}
	call, err := os.ReadFile(sample("eforms-call.xml"))
	if err != nil {
		t.Fatal(err)
	}
	notices := []string{
		string(call),
		boampRecord("26-800001", "APPEL_OFFRE", "INITIAL", "2027-01-15T12:00:00+00:00", dated("2026-11-20")),
		boampRecord("26-800002", "RECTIFICATIF", "RECTIFICATIF", "2027-02-05T12:00:00+00:00", dated("2026-12-01")),
		boampRecord("26-800003", "ANNULATION", "INITIAL", "", dated("2026-12-02")),
		boampRecord("26-800004", "APPEL_OFFRE", "INITIAL", "2027-03-01T12:00:00+00:00", dated("2026-12-02")),
	}
	want := ""
	for _, order := range [][]int{{0, 1, 2, 3, 4}, {4, 3, 2, 1, 0}, {3, 0, 4, 1, 2}, {2, 3, 1, 4, 0}, {1, 4, 0, 2, 3}, {4, 0, 3, 2, 1}} {
		h := newHouse(t, testkit.SQLite(t))
		h.loadAll(notices, order)
		all := h.all()
		if len(all) != 1 {
			t.Fatalf("order %v: %v", order, revisions(all))
		}
		o := all[0]
		got := fmt.Sprint(o.State, o.Title, o.Deadline, o.Place, o.BuyerName, o.BuyerSIRET, o.Codes, o.Clause.Verdict, o.Links)
		for _, l := range o.Lots {
			if !l.Withdrawn {
				got += fmt.Sprint("\n", l.Number, l.Title, l.Deadline, l.Place, l.Codes, l.Clause.Verdict, l.Amount)
			}
		}
		if want == "" {
			want = got
		}
		if got != want {
			t.Errorf("order %v:\n%s\nwant\n%s", order, got, want)
		}
	}
	if !strings.HasPrefix(want, "published") || !strings.Contains(want, "2027-03-01 11:00:00") || !strings.Contains(want, "Berges") {
		t.Errorf("in the end: %s", want)
	}
}

// TestEnds follows short lives of a procurement, read in their order and the
// other way round.
func TestEnds(t *testing.T) {
	t.Parallel()
	call := func(id, day string) string {
		return boampRecord(id, "APPEL_OFFRE", "INITIAL", "2027-01-15T12:00:00+00:00", map[string]any{"dateparution": day, "contractfolderid": "folder-9"})
	}
	other := func(id, nature, state, day string, more map[string]any) string {
		all := map[string]any{"dateparution": day, "contractfolderid": "folder-9"}
		maps.Copy(all, more)
		return boampRecord(id, nature, state, "", all)
	}
	body := `{"MAPA":{"rectificatif":{"description":{"lieuExecutionLivraison":{"cp":"26000","ville":"Valence"}}}}}`
	cases := []struct {
		name    string
		notices []string
		state   opportunities.State
		place   string
	}{
		{"an award is the end, even of a call dated after it", []string{other("26-1", "ATTRIBUTION", "INITIAL", "2026-11-20", nil), call("26-2", "2026-12-01")}, opportunities.Awarded, "26"},
		{"a correction does not revive what was cancelled", []string{call("26-1", "2026-11-20"), other("26-2", "ANNULATION", "INITIAL", "2026-11-22", nil),
			other("26-3", "RECTIFICATIF", "RECTIFICATIF", "2026-11-24", nil)}, opportunities.Cancelled, "26"},
		{"the one lot follows the whole", []string{call("26-1", "2026-11-20"),
			other("26-2", "RECTIFICATIF", "RECTIFICATIF", "2026-11-22", map[string]any{"donnees": body})}, opportunities.Published, "commune:26362"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			order := []int{}
			for i := range c.notices {
				order = append(order, i)
			}
			for range 2 {
				h := newHouse(t, testkit.SQLite(t))
				h.loadAll(c.notices, order)
				all := h.all()
				if len(all) != 1 || all[0].State != c.state || !strings.Contains(all[0].Lots[0].Place.Perimeter, c.place) {
					t.Errorf("order %v: %v, place %+v", order, revisions(all), all[0].Lots[0].Place)
				}
				slices.Reverse(order)
			}
		})
	}
}

// TestNobodyWon: an award that names no winner, in a format that names them,
// ended without a contract.
func TestNobodyWon(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(sample("eforms-award.xml"))
	if err != nil {
		t.Fatal(err)
	}
	h := newHouse(t, testkit.SQLite(t))
	h.load(sample("eforms-call.xml"))
	h.loadAll([]string{strings.Replace(string(raw), "selec-w", "clos-nw", 1)}, []int{0})
	if o := h.offer(procedure); o.State != opportunities.Closed {
		t.Errorf("state %s", o.State)
	}
}

// TestTwinsOfOneDay: the same publication in TED and in eForms is told by
// eForms, which says more, whichever is read last.
func TestTwinsOfOneDay(t *testing.T) {
	t.Parallel()
	call, err := os.ReadFile(sample("eforms-call.xml"))
	if err != nil {
		t.Fatal(err)
	}
	ted, err := os.ReadFile(sample("ted-corrigendum.xml"))
	if err != nil {
		t.Fatal(err)
	}
	twin := strings.NewReplacer("280001-2026", "712345-2026", "2026/S 120-280001", "2026/S 226-712345", "20261124", "20261123",
		"2026/S 110-270438", "2026/S 226-712345", `FORM="F14"`, `FORM="F02"`).Replace(string(ted))
	for _, order := range [][]int{{0, 1}, {1, 0}} {
		h := newHouse(t, testkit.SQLite(t))
		h.loadAll([]string{string(call), twin}, order)
		if all := h.all(); len(all) != 1 || all[0].Title != "Entretien des espaces verts" {
			t.Errorf("order %v: %d opportunities, %q", order, len(all), all[0].Title)
		}
	}
}

// TestLikeness: the same buyer and title are one procurement only where the
// dates allow it, and a title that says little is never enough.
func TestLikeness(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name          string
		first, second string
		want          int
	}{
		{"next year's call is another", boampRecord("26-1", "APPEL_OFFRE", "INITIAL", "2026-12-20T12:00:00", nil),
			boampRecord("26-2", "APPEL_OFFRE", "INITIAL", "2027-12-20T12:00:00", map[string]any{"dateparution": "2027-11-20"}), 2},
		{"printed twice is one", boampRecord("26-1", "APPEL_OFFRE", "INITIAL", "2026-12-20T12:00:00", nil),
			boampRecord("26-2", "APPEL_OFFRE", "INITIAL", "2026-12-20T12:00:00", nil), 1},
		{"an award joins its call", boampRecord("26-1", "APPEL_OFFRE", "INITIAL", "2026-12-20T12:00:00", nil),
			boampRecord("26-2", "ATTRIBUTION", "INITIAL", "", map[string]any{"dateparution": "2027-03-20"}), 1},
		{"an award three years later does not", boampRecord("26-1", "APPEL_OFFRE", "INITIAL", "2026-12-20T12:00:00", nil),
			boampRecord("26-2", "ATTRIBUTION", "INITIAL", "", map[string]any{"dateparution": "2029-12-20"}), 2},
		{"another buyer is another", boampRecord("26-1", "APPEL_OFFRE", "INITIAL", "2026-12-20T12:00:00", nil),
			boampRecord("26-2", "APPEL_OFFRE", "INITIAL", "2026-12-20T12:00:00", map[string]any{"nomacheteur": "Ville de Saillans"}), 2},
		{"a short title says nothing", boampRecord("26-1", "APPEL_OFFRE", "INITIAL", "2026-12-20T12:00:00", map[string]any{"objet": "Travaux"}),
			boampRecord("26-2", "APPEL_OFFRE", "INITIAL", "2026-12-20T12:00:00", map[string]any{"objet": "Travaux"}), 2},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, order := range [][]int{{0, 1}, {1, 0}} {
				h := newHouse(t, testkit.SQLite(t))
				h.loadAll([]string{c.first, c.second}, order)
				if got := len(h.all()); got != c.want {
					t.Errorf("order %v: %d opportunities, want %d: %v", order, got, c.want, revisions(h.all()))
				}
			}
		})
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestSharedIdentifiers: converters stamp the same UUID on every notice; two
// procurements that bear it stay two, and one read from two sources is one.
func TestSharedIdentifiers(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		dir := t.TempDir()
		raw, err := os.ReadFile(sample("eforms-call.xml"))
		if err != nil {
			t.Fatal(err)
		}
		other := strings.NewReplacer("00712345-2026", "00799999-2026", "Communauté d’agglomération de la Vallée", "Ville d’Annonay",
			"Réalisation et entretien d’espaces verts – Entretien des espaces verts", "Réalisation et entretien d’espaces verts – Restauration scolaire").Replace(string(raw))
		write(t, filepath.Join(dir, "1.xml"), string(raw))
		write(t, filepath.Join(dir, "2.xml"), other)
		ted, err := os.ReadFile(sample("ted-corrigendum.xml"))
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, "3.xml"), strings.NewReplacer("2026/S 110-270438", "2026/S 130-712345").Replace(string(ted)))
		r := h.load(dir)
		if r.Made != 2 || r.Updated != 1 {
			t.Errorf("%+v: %v", r, revisions(h.all()))
		}
		if o := h.offer(procedure); o.Deadline == nil || o.Deadline.Format(time.RFC3339) != "2027-01-08T12:30:00Z" || len(o.Lots) != 2 {
			t.Errorf("the corrigendum of TED is not applied: %v, %d lots", o.Deadline, len(o.Lots))
		}
	})
}

// TestTwoSources: a flat record of the BOAMP about a procurement that eForms
// described changes what it knows and nothing that it knows less well.
func TestTwoSources(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		h.load(sample("eforms-call.xml"))
		before := h.offer(procedure)
		r := h.loadAll([]string{boampRecord("26-700001", "APPEL_OFFRE", "RECTIFICATIF", "2027-02-05T12:00:00+00:00",
			map[string]any{"contractfolderid": "5e0f2c9a-11b7-4f7e-8a55-0c0ffee00001", "famille": "JOUE", "objet": "Entretien des espaces verts",
				"dateparution": "2026-12-01", "code_departement": []string{"07", "26"}, "descripteur_code": []string{"144"}})}, []int{0})
		after := h.offer(procedure)
		if r.Updated != 1 || after.Deadline.Format(time.RFC3339) != "2027-02-05T11:00:00Z" {
			t.Errorf("%+v: deadline %v", r, after.Deadline)
		}
		if after.Place != before.Place || fmt.Sprint(after.Codes) != fmt.Sprint(before.Codes) || after.Clause.Verdict != before.Clause.Verdict {
			t.Errorf("place %+v, codes %v, clause %v", after.Place, after.Codes, after.Clause.Verdict)
		}
		if len(after.Lots) != 2 || after.Lots[0].Withdrawn || after.Lots[0].Number != "1" || after.Lots[1].Clause.Hours != 450 {
			t.Errorf("lots %+v", after.Lots)
		}
	})
}

func TestLotNumber(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{"LOT-0001": "1", "LOT-0000": "1", "01": "1", "12": "12", "A": "A", "PAR-0001": "PAR-0001", "LOT-0100": "100"} {
		if got := lotNumber(id); got != want {
			t.Errorf("%s: %s, want %s", id, got, want)
		}
	}
}

// TestQuarantine: what is refused is kept with its reason and text, does not
// stop the rest, and can be corrected and retried.
func TestQuarantine(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx := context.Background()
		h := newHouse(t, st)
		if r := h.load(sample("boamp-lines.jsonl")); r.Made != 2 || r.Quarantined != 3 || r.Reasons[RefusedTruncated] != 1 {
			t.Fatalf("%+v", r)
		}
		list, err := h.ListQuarantined(ctx, 0, 10)
		if err != nil || len(list) != 3 {
			t.Fatalf("%v %v", list, err)
		}
		id := list[2].ID // the text not closed
		q, err := h.Quarantined(ctx, id)
		if err != nil || !strings.Contains(q.Raw, "26-200002") || q.Reason == "" || !strings.HasPrefix(q.Place, "record 2") || q.Source != BOAMP {
			t.Fatalf("%+v %v", q, err)
		}
		if q, err = h.Retry(ctx, id, nil); err != nil || q.State != QuarantineRetried || q.Attempts != 2 {
			t.Fatalf("retried as it is: %+v %v", q, err)
		}
		good := `{"idweb":"26-200002","objet":"Lavage","nomacheteur":"Ville de Crest","nature":"APPEL_OFFRE","etat":"INITIAL","dateparution":"2026-11-20"}`
		if q, err = h.Retry(ctx, id, []byte(good)); err != nil || q.State != QuarantineResolved {
			t.Fatalf("corrected: %+v %v", q, err)
		}
		if o := h.offer("boamp:26-200002"); o.Title != "Lavage" {
			t.Errorf("%+v", o)
		}
		if n, err := h.CountQuarantined(ctx); err != nil || n != 2 {
			t.Errorf("%d left: %v", n, err)
		}
		again := h.load(sample("boamp-lines.jsonl"))
		if q, err = h.Quarantined(ctx, id); err != nil || q.State != QuarantineResolved || again.Quarantined != 2 || again.Unchanged != 3 {
			t.Errorf("the same bytes after a correction: %s %+v %v", q.State, again, err)
		}
		if _, err := h.Retry(ctx, 999, nil); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("unknown: %v", err)
		}
	})
}

// TestRollbackOfABadNotice: a notice that the opportunities refuse leaves the
// others of its transaction alone.
func TestRollbackOfABadNotice(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		im := &importer{Service: h.Service, report: Report{Natures: map[Source]map[Nature]int{}, Reasons: map[string]int{}}}
		good := func(id string) *Notice {
			n, err := h.Parser().Parse([]byte(`{"idweb":"` + id + `","objet":"Tri","nomacheteur":"SICTOM","nature":"APPEL_OFFRE","etat":"INITIAL"}`))
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		bad := good("26-2")
		bad.Place = Place{Scope: InCommunes, Perimeter: json.RawMessage(`{"territory":"commune:99999"}`)}
		for i, n := range []*Notice{good("26-1"), bad, good("26-3")} {
			im.batch = append(im.batch, Record{Path: "x", Raw: []byte(fmt.Sprint(i)), Notice: n})
		}
		if err := im.flush(context.Background()); err != nil {
			t.Fatal(err)
		}
		if im.report.Made != 2 || im.report.Quarantined != 1 || im.report.Reasons[RefusedImport] != 1 {
			t.Errorf("%+v", im.report)
		}
	})
}

func TestMissingPath(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	if _, err := h.Import(context.Background(), []string{"testdata/absent"}, ImportOptions{}); err == nil {
		t.Error("a path that is not there is no error")
	}
}

// TestProgressAndCancel: progress grows, and a cancelled import says so and
// keeps what was committed.
func TestProgressAndCancel(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	ctx, cancel := context.WithCancel(context.Background())
	var lines strings.Builder
	for i := range 200 {
		fmt.Fprintf(&lines, `{"idweb":"26-%d","objet":"Tri","nomacheteur":"SICTOM","nature":"APPEL_OFFRE","etat":"INITIAL"}`+"\n", i)
	}
	path := filepath.Join(t.TempDir(), "x.jsonl")
	write(t, path, lines.String())
	last := 0
	report, err := h.Import(ctx, []string{path}, ImportOptions{Progress: func(done, total int) {
		if done <= last || total < done || total > 250 {
			t.Errorf("progress %d of %d after %d", done, total, last)
		}
		if last = done; done > 50 {
			cancel()
		}
	}})
	if err == nil || report.Made < 50 || report.Made > 150 {
		t.Errorf("%+v %v", report, err)
	}
}
