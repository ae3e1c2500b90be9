package tenders

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/nomenclatures"
	"maillage/opportunities"
)

// TestExportOfAnyNotice writes notices of every shape as releases and reads
// them back: what they say is the same.
func TestExportOfAnyNotice(t *testing.T) {
	t.Parallel()
	p := testParser(t)
	rapid.Check(t, func(rt *rapid.T) {
		n := drawNotice(rt, p.places)
		raw := packageOf(t, p.places, n)
		for _, loss := range losses(n, readBack(t, p, raw)) {
			if !strings.HasPrefix(loss, "value: ") || lotsWon(n) < 2 {
				rt.Errorf("%s\n%s", loss, raw)
			}
		}
	})
}

// drawNotice makes up a notice as a reader of ours would have read it.
func drawNotice(rt *rapid.T, places *Places) *Notice {
	d := newDraft(EForms, places)
	some := func(label string, from ...string) string { return rapid.SampledFrom(from).Draw(rt, label) }
	kinds := [][2]Nature{{Call, Call}, {Correction, Call}, {Cancellation, Call}, {Planning, Planning}, {Correction, Planning},
		{Cancellation, Planning}, {Award, Award}, {Correction, Award}, {Cancellation, Award}}
	kind := rapid.SampledFrom(kinds).Draw(rt, "kind")
	d.ID, d.Nature, d.Form.Family, d.Language = "n1", kind[0], kind[1], "FRA"
	d.Published = fmt.Sprintf("2026-%02d-%02d", rapid.IntRange(1, 12).Draw(rt, "month"), rapid.IntRange(1, 28).Draw(rt, "day"))
	d.Title = some("title", "Entretien des espaces verts", "Réfection de la toiture", "Collecte « textiles » <1 t> & tri")
	d.Description = some("text", "", "Le marché comporte une clause d'insertion obligatoire de 300 heures.", "Ce marché est réservé aux entreprises adaptées et aux ESAT (article L2113-12).", "Fourniture sans autre objet.")
	d.Buyer = Buyer{Name: "Commune de Valence", Country: "FRA"}
	d.setBuyerID(some("siret", "", "21260362200014", "212603622"), "/id")
	if text := some("words", "", "Une part d'au moins 5 % des heures est réservée à l'insertion par l'activité économique."); text != "" {
		d.addText(d.Texts, "", some("place of words", "additional_information", "conditions", "performance_conditions"), text, "/texts")
	}
	d.link(&d.Links.Official, "links.official", some("official", "", "https://www.boamp.fr/avis/detail/26-1"), "/o")
	d.link(&d.Links.Submission, "links.submission", some("submission", "", "https://marches.example.org/repondre?id=1&x=2"), "/s")
	d.Place, d.CPV = drawPlace(rt, d, "place"), drawCodes(rt, "cpv")
	if kind[1] != Award {
		d.Deadline = drawDeadline(rt, places, d.Place, "deadline")
	}
	if rapid.Bool().Draw(rt, "valued") {
		d.Value = &Value{float64(rapid.IntRange(1, 1e9).Draw(rt, "cents")) / 100, "EUR"}
	}
	drawLots(rt, d)
	if kind[1] == Award {
		drawWinners(rt, d)
	}
	n, err := d.finish()
	if err != nil {
		rt.Fatal(err)
	}
	return n
}

func drawPlace(rt *rapid.T, d *draft, label string) Place {
	return d.place("place", rapid.SampledFrom([]sight{
		{}, {basis: ByPerformance, anywhere: true, country: "FRA", text: "France entière"},
		{basis: ByPerformance, nuts: []string{"FRK23"}, country: "FRA"}, {basis: ByPerformance, nuts: []string{"FRK"}, country: "FRA", text: "Auvergne-Rhône-Alpes"},
		{basis: ByPerformance, departements: []string{"26", "2A"}, country: "FRA"}, {basis: ByPerformance, departements: []string{"974"}, country: "FRA"},
		{basis: ByPerformance, towns: []town{{name: "Valence", postcode: "26000"}, {name: "Romans-sur-Isère", postcode: "26100"}}, country: "FRA", text: "Valence et Romans"},
	}).Draw(rt, label))
}

func drawCodes(rt *rapid.T, label string) []nomenclatures.CPV {
	return rapid.SliceOfNDistinct(rapid.SampledFrom([]nomenclatures.CPV{"77310000", "45261210", "90511000", "85312510", "33141000"}), 0, 3, rapid.ID).Draw(rt, label)
}

func drawDeadline(rt *rapid.T, places *Places, at Place, label string) *Deadline {
	p, err := parsePrinted(fmt.Sprintf("2026-%02d-%02dT%02d:30:00", rapid.IntRange(1, 12).Draw(rt, label+" month"), rapid.IntRange(1, 28).Draw(rt, label+" day"), rapid.IntRange(0, 23).Draw(rt, label+" hour")))
	if err != nil {
		rt.Fatal(err)
	}
	return p.deadline(reading{zone: places.zone(at.Departements)})
}

func drawLots(rt *rapid.T, d *draft) {
	for i := range rapid.IntRange(0, 3).Draw(rt, "lots") {
		l := newLot(fmt.Sprintf("LOT-%04d", i+1))
		prefix := fmt.Sprintf("lots[%d].", i)
		d.from(prefix+"id", "/lot")
		l.Title = rapid.SampledFrom([]string{"Nord", "Sud", "Lot réservé aux SIAE (L2113-13)"}).Draw(rt, "lot title")
		l.CPV, l.Place = drawCodes(rt, "lot cpv"), drawPlace(rt, d, "lot place")
		if d.Form.Family != Award && rapid.Bool().Draw(rt, "own deadline") {
			l.Deadline = drawDeadline(rt, d.places, d.Place, "lot deadline")
		}
		if rapid.Bool().Draw(rt, "lot valued") {
			l.Value = &Value{float64(rapid.IntRange(1, 1e9).Draw(rt, "lot cents")) / 100, "EUR"}
		}
		if rapid.Bool().Draw(rt, "flagged") {
			d.flag(prefix, Reserved, "/flag", "res-ws", EAESAT, SIAE)
		}
		if rapid.Bool().Draw(rt, "lot words") {
			d.addText(l.Texts, prefix, "performance_conditions", "200 heures d'insertion sont à réaliser.", "/terms")
		}
		d.Lots = append(d.Lots, l)
	}
}

func drawWinners(rt *rapid.T, d *draft) {
	for range rapid.IntRange(0, 3).Draw(rt, "winners") {
		w := Winner{Name: rapid.SampledFrom([]string{"ATELIERS DU RHONE", "Jardins de Cocagne", "Commune de Valence"}).Draw(rt, "winner")}
		if len(d.Lots) > 0 {
			w.Lot = rapid.SampledFrom(d.Lots).Draw(rt, "lot won").ID
		}
		d.addWinner(w, rapid.SampledFrom([]string{"", "73282932000074"}).Draw(rt, "winner siret"), "/winner")
	}
	if rapid.Bool().Draw(rt, "facts") {
		d.Award = newAwardFacts()
		d.Award.Contract = rapid.SampledFrom([]string{"", "2026-14"}).Draw(rt, "contract")
		d.Award.Notified = rapid.SampledFrom([]string{"", "2026-01-31", "2026-03-29"}).Draw(rt, "notified")
		d.Award.Months = rapid.IntRange(0, 120).Draw(rt, "months")
		d.Award.Offers = rapid.IntRange(0, 9).Draw(rt, "offers")
	}
}

// goldenNotices are samples of ours that cover the kinds of releases.
func goldenNotices() (paths []string) {
	for _, name := range []string{"eforms-call.xml", "eforms-correction.xml", "eforms-cancel.xml", "eforms-award.xml", "boamp-call.xml", "ted-corrigendum.xml", "decp-2022.json", "ocds-package.json"} {
		paths = append(paths, sample(name))
	}
	return paths
}

// TestGoldenReleases imports samples of ours and writes what came of them as
// one package: go test ./tenders -run GoldenReleases -update.
func TestGoldenReleases(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		h.load(goldenNotices()...)
		var b bytes.Buffer
		h.said = Publication{Site: "https://maillage.example.org/", Prefix: "ocds-a1b2c3"}
		count, err := h.WriteReleases(context.Background(), &b, Outflow{"/v1/releases?clause=reserved", h.batches(10), func() string { return "/v1/releases?after=x" }})
		if err != nil {
			t.Fatal(err)
		}
		var read ReleasePackage
		if err := json.Unmarshal(b.Bytes(), &read); err != nil || len(read.Releases) != count || !read.PublishedDate.Equal(testNow) {
			t.Fatalf("%d releases of %d, dated %s: %v", len(read.Releases), count, read.PublishedDate, err)
		}
		var got bytes.Buffer
		if err := json.Indent(&got, b.Bytes(), "", " "); err != nil {
			t.Fatal(err)
		}
		golden := filepath.Join("testdata", "golden", "releases.json")
		if *update && st.Engine() == store.SQLite {
			if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Bytes(), want) {
			t.Errorf("differs from %s:\n%s", golden, firstDifference(got.Bytes(), want))
		}
		if st.Engine() == store.SQLite && !*update {
			validate(t, packageSchema(t), b.Bytes())
		}
	})
}

// batches gives every opportunity, some at a time, in the order of their keys
// (their numbers are those of the import, which reads files as they come).
func (h *house) batches(size int) iter.Seq2[[]*opportunities.Opportunity, error] {
	all := h.all()
	slices.SortFunc(all, func(a, b *opportunities.Opportunity) int { return strings.Compare(a.Key, b.Key) })
	return func(yield func([]*opportunities.Opportunity, error) bool) {
		for list := range slices.Chunk(all, size) {
			if !yield(list, nil) {
				return
			}
		}
	}
}

// TestReleasesTellAStory follows a procurement through its releases: one ocid,
// the tags of its notices in order, dates that never go back, and nothing of
// what was written here.
func TestReleasesTellAStory(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	h.load(sample("eforms-call.xml"), sample("eforms-correction.xml"), sample("eforms-cancel.xml"))
	told := h.offer(procedure)
	ours := *told
	ours.Source = "officer"
	draft := *told
	draft.State = opportunities.Draft
	releases, latest, err := h.Releases(context.Background(), []*opportunities.Opportunity{&ours, &draft, told})
	if err != nil || !latest.Equal(testNow) {
		t.Fatal(latest, err)
	}
	var tags []string
	for i, r := range releases {
		tags = append(tags, r.Tag...)
		if r.OCID != "ocds-000000-5e0f2c9a-11b7-4f7e-8a55-0c0ffee00001" || i > 0 && r.Date <= releases[i-1].Date {
			t.Errorf("release %d: %s of %s", i, r.OCID, r.Date)
		}
	}
	if want := []string{"tender", "tenderUpdate", "tenderCancellation"}; !slices.Equal(tags, want) {
		t.Errorf("got %v, want %v", tags, want)
	}
	again, _, err := h.Releases(context.Background(), []*opportunities.Opportunity{told})
	if err != nil || len(again) != len(releases) || again[0].ID != releases[0].ID {
		t.Errorf("another time, other identifiers: %v", err)
	}
}

// TestNoEmptyPackage: the standard has none, so nothing is written at all.
func TestNoEmptyPackage(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	var b bytes.Buffer
	_, err := h.WriteReleases(context.Background(), &b, Outflow{Path: "/v1/releases", Batches: h.batches(10)})
	if !fault.Is(err, fault.KindNotFound) || b.Len() > 0 {
		t.Errorf("%v, and %d bytes", err, b.Len())
	}
	nothing := func(yield func([]*opportunities.Opportunity, error) bool) { yield(nil, nil) }
	if _, err := h.WriteReleases(context.Background(), never{t}, Outflow{Batches: nothing}); !fault.Is(err, fault.KindNotFound) {
		t.Errorf("got %v", err)
	}
	if _, err := h.Package(context.Background(), "/v1/releases", "", nil); !fault.Is(err, fault.KindNotFound) {
		t.Errorf("got %v", err)
	}
	if err := (Publication{Prefix: "ocds-ABC"}).Check(); !fault.Is(err, fault.KindInvalid) {
		t.Errorf("a wrong prefix: %v", err)
	}
	broken := errors.New("broken")
	_, err = h.WriteReleases(context.Background(), &b, Outflow{Batches: func(yield func([]*opportunities.Opportunity, error) bool) { yield(nil, broken) }})
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

// TestReleasesAreStreamed writes 10,000 procurements and more, a hundred at a
// time: what stays in memory does not grow with them.
func TestReleasesAreStreamed(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short: writes 10,000 releases")
	}
	h := newHouse(t, testkit.SQLite(t))
	h.load("testdata")
	all := slices.DeleteFunc(h.all(), func(o *opportunities.Opportunity) bool { return !IsReleasable(o) })
	most := uint64(0)
	batches := func(yield func([]*opportunities.Opportunity, error) bool) {
		for left := 10_000; left > 0; left -= 100 {
			var list []*opportunities.Opportunity
			for len(list) < 100 {
				list = append(list, all...)
			}
			if !yield(list[:100], nil) {
				return
			}
			if left%2000 == 0 {
				var m runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&m)
				if left == 10_000 {
					most = m.HeapAlloc + 16<<20
				} else if m.HeapAlloc > most {
					t.Errorf("%d MB held with %d to write", m.HeapAlloc>>20, left)
				}
			}
		}
	}
	sink := &counted{}
	count, err := h.WriteReleases(context.Background(), sink, Outflow{Path: "/v1/releases", Batches: batches})
	if err != nil || count < 10_000 || sink.largest > 4<<20 {
		t.Errorf("%d releases, %d bytes, at most %d at once: %v", count, sink.bytes, sink.largest, err)
	}
	t.Logf("%d releases, %d MB, at most %d kB at once", count, sink.bytes>>20, sink.largest>>10)
}

// never is not to be written to: a door has not begun its answer then.
type never struct{ t *testing.T }

func (n never) Write(p []byte) (int, error) {
	n.t.Errorf("%d bytes written", len(p))
	return len(p), nil
}

type counted struct{ bytes, largest int }

func (c *counted) Write(p []byte) (int, error) {
	c.bytes, c.largest = c.bytes+len(p), max(c.largest, len(p))
	return len(p), nil
}

var _ io.Writer = (*counted)(nil)

// TestOCID: readable where the key allows, never the same for two keys.
func TestOCID(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{
		"procedure:5e0f2c9a-11b7-4f7e-8a55-0c0ffee00001": "ocds-000000-5e0f2c9a-11b7-4f7e-8a55-0c0ffee00001",
		"boamp:26-14870":           "ocds-000000-boamp-26-14870",
		"ted:270438-2019":          "ocds-000000-ted-270438-2019",
		"procedure:2026/14 é":      "ocds-000000-2026-14-7c8536ef",
		"procedure:boamp-26-14870": "ocds-000000-boamp-26-14870-3fe17ccc",
		"boamp:26-1@0011223344":    "ocds-000000-boamp-26-1-0011223344-77b0245d",
	} {
		if got := ocidOf(noPrefix, key); got != want {
			t.Errorf("%s: got %s, want %s", key, got, want)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		key := rapid.SampledFrom([]string{"procedure:", "boamp:", "ted:"})
		a, b := key.Draw(rt, "a")+rapid.StringN(1, 20, 60).Draw(rt, "id"), key.Draw(rt, "b")+rapid.StringN(1, 20, 60).Draw(rt, "other")
		if a != b && ocidOf(noPrefix, a) == ocidOf(noPrefix, b) {
			rt.Errorf("%q and %q are %s", a, b, ocidOf(noPrefix, a))
		}
	})
}
