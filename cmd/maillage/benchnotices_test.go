package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"maillage/internal/store"
	"maillage/internal/testkit"
)

// TestBenchNotices imports synthetic records of the BOAMP made from the real
// ones and matches them against the 3,853 real members, on both engines, and
// prints for each step the seconds of the wall and of the processor, the peak of
// memory of the process and its longest write, then the sum against the goal:
// 100,000 records in less than 5 minutes on 2 cores, with less than 500 MB.
//
// MAILLAGE_BENCH_NOTICES=100000 (make bench-notices) asks for it, and says how
// many; it fails when the engines do not hold as many rows, not when they are slow.
func TestBenchNotices(t *testing.T) {
	count, _ := strconv.Atoi(os.Getenv("MAILLAGE_BENCH_NOTICES"))
	if count == 0 {
		t.Skip("left out: the import of 100,000 synthetic notices on both engines (make bench-notices)")
	}
	samples := testkit.Samples(t)
	path := filepath.Join(t.TempDir(), "boamp.jsonl")
	began := time.Now()
	writeNotices(t, newNoticeMaker(t, samples), path, count)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d records made in %.1f s, %d MB", count, time.Since(began).Seconds(), info.Size()>>20)
	var first map[string]int
	for _, engine := range []store.Engine{store.SQLite, store.PostgreSQL} {
		t.Run(string(engine), func(t *testing.T) {
			r := &reality{t: t, url: testkit.EmptyURL(t, engine), samples: samples}
			rows := r.atScale(path, count)
			if first == nil {
				first = rows
			}
			if !maps.Equal(first, rows) {
				t.Errorf("the engines differ: %v, %v", first, rows)
			}
		})
	}
}

// atScale goes through the steps and counts the rows that stand.
func (r *reality) atScale(path string, count int) map[string]int {
	t := r.t
	t.Log("| step | read | made | updated | unchanged | kept | refused | seconds | CPU | peak | longest write |")
	r.members()
	r.work("jobs of the members")
	c := r.count(r.do("notices", "notices", "import", path, "--json"))
	if c.Read != count || c.Failed+c.Quarantined != 0 {
		t.Errorf("%d records read of %d: %+v", c.Read, count, c)
	}
	r.work("matching")
	rows := r.rows()
	var seconds, cpu, longest float64
	var peak int64
	for _, s := range r.steps {
		seconds, cpu, longest, peak = seconds+s.seconds, cpu+s.cpu, max(longest, s.longest), max(peak, s.peak)
	}
	t.Logf("| all | | | | | | | %.1f s | %.1f s | %d MB | %.2f s |", seconds, cpu, peak/1024, longest)
	t.Logf("%v; %.0f records a second; of the goal at this count, %.0f %% of the time and %.0f %% of the memory", rows,
		float64(count)/seconds, 100*seconds/(300*float64(count)/100_000), 100*float64(peak)/1024/500)
	return rows
}

// rows counts what the steps wrote.
func (r *reality) rows() map[string]int {
	r.t.Helper()
	st := openURL(r.t, r.url)
	defer func() { _ = st.Close() }()
	rows := map[string]int{}
	for _, table := range []string{"notices", "opportunities", "lots", "matches"} {
		n := 0
		if err := st.Read().NewRaw("SELECT count(*) FROM "+table).Scan(context.Background(), &n); err != nil {
			r.t.Fatal(err)
		}
		rows[table] = n
	}
	return rows
}

// noticeMaker makes records of the BOAMP that none published, from the parts of
// those that were: the nature, the trade and the words of one, the buyer of
// another, at a commune of France drawn by its inhabitants.
type noticeMaker struct {
	r        *rand.Rand
	flat     []map[string]any
	full     []map[string]any
	communes []townRow
	reach    int              // inhabitants of all
	calls    []map[string]any // made of late, for those that follow
	day      time.Time
}

// townRow is a commune with the inhabitants of those before it.
type townRow struct {
	name, departement, postcode string
	before                      int
}

// newNoticeMaker reads the samples. The seed is fixed: two runs on one day make
// the same records.
func newNoticeMaker(t *testing.T, samples string) *noticeMaker {
	t.Helper()
	m := &noticeMaker{r: rand.New(rand.NewPCG(3, 11)), day: time.Now().UTC().Truncate(24 * time.Hour)}
	for name, list := range map[string]*[]map[string]any{
		"boamp_flat_2024-02-07_08_1000.json": &m.flat, "boamp_v21_2024-07_mapa_2records.json": &m.full,
	} {
		raw, err := os.ReadFile(filepath.Join(samples, "tenders", "boamp", "api", name))
		if err != nil {
			t.Fatal(err)
		}
		var page struct{ Results []map[string]any }
		if err := json.Unmarshal(raw, &page); err != nil || len(page.Results) == 0 {
			t.Fatalf("%s: %v", name, err)
		}
		*list = page.Results
	}
	file, err := os.Open(filepath.Join(samples, "territories", "communes.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	table, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range table[1:] {
		people, _ := strconv.Atoi(row[6])
		postcode, _, _ := strings.Cut(row[7], " ")
		m.communes = append(m.communes, townRow{row[1], row[2], postcode, m.reach})
		m.reach += people
	}
	return m
}

func (m *noticeMaker) commune() townRow {
	at, low, high := m.r.IntN(m.reach), 0, len(m.communes)
	for high-low > 1 {
		if mid := (low + high) / 2; m.communes[mid].before <= at {
			low = mid
		} else {
			high = mid
		}
	}
	return m.communes[low]
}

// fullEvery is how many records stand for one with a full text.
const fullEvery = 20

// record makes the record of a rank.
func (m *noticeMaker) record(rank int) map[string]any {
	from := m.flat
	if rank%fullEvery == 0 {
		from = m.full
	}
	rec := maps.Clone(from[m.r.IntN(len(from))])
	town, id := m.commune(), fmt.Sprintf("%02d-%06d", m.day.Year()%100, rank)
	published := m.day.AddDate(0, 0, -m.r.IntN(60))
	closes := m.day.AddDate(0, 0, 5+m.r.IntN(60)).Add(time.Duration(9+m.r.IntN(9)) * time.Hour)
	rec["idweb"], rec["id"], rec["filename"] = id, strings.ReplaceAll(id, "-", "_"), id
	rec["url_avis"] = "https://www.boamp.fr/pages/avis/?q=idweb:" + id
	rec["dateparution"], rec["datefindiffusion"] = published.Format(time.DateOnly), closes.Format(time.DateOnly)
	rec["code_departement"] = []any{town.departement}
	if rec["datelimitereponse"] != nil {
		rec["datelimitereponse"] = closes.Format("2006-01-02T15:04:05") + "+00:00"
	}
	rec["objet"] = m.title(rec, town)
	rec["nomacheteur"] = m.buyer(town)
	rec["gestion"] = nil
	switch nature := rec["nature"]; {
	case nature == "APPEL_OFFRE":
		if m.calls = append(m.calls, rec); len(m.calls) > 2000 {
			m.calls = slices.Clone(m.calls[1000:])
		}
	case (nature == "RECTIFICATIF" || nature == "ANNULATION") && len(m.calls) > 0:
		call := m.calls[m.r.IntN(len(m.calls))]
		rec["annonce_lie"] = []any{call["idweb"]}
		for _, key := range []string{"objet", "nomacheteur", "code_departement", "descripteur_code"} {
			rec[key] = call[key]
		}
	}
	m.body(rec, town, closes)
	return rec
}

// title keeps the words of the trade, and says a place and a year of its own.
func (m *noticeMaker) title(rec map[string]any, town townRow) string {
	words, _ := rec["objet"].(string)
	switch m.r.IntN(4) {
	case 0:
		return fmt.Sprintf("%s - commune de %s", words, town.name)
	case 1:
		return fmt.Sprintf("%s à %s, programme %d", words, town.name, m.day.Year()+m.r.IntN(4))
	}
	return fmt.Sprintf("%s, opération n° %d", words, m.r.IntN(100_000))
}

func (m *noticeMaker) buyer(town townRow) string {
	if m.r.IntN(2) == 0 {
		return "Ville de " + town.name
	}
	name, _ := m.flat[m.r.IntN(len(m.flat))]["nomacheteur"].(string)
	return fmt.Sprintf("%s (%s)", name, town.departement)
}

// body writes the facts of the record in its full text.
func (m *noticeMaker) body(rec map[string]any, town townRow, closes time.Time) {
	text, _ := rec["donnees"].(string)
	var doc map[string]map[string]any
	if json.Unmarshal([]byte(text), &doc) != nil {
		return
	}
	mapa := doc["MAPA"]
	if who, ok := mapa["organisme"].(map[string]any); ok {
		who["acheteurPublic"] = rec["nomacheteur"]
	}
	first, _ := mapa["initial"].(map[string]any)
	if what, ok := first["description"].(map[string]any); ok {
		what["objet"] = rec["objet"]
		if what["lieuExecutionLivraison"] != nil {
			what["lieuExecutionLivraison"] = map[string]any{"cp": town.postcode, "ville": town.name}
		}
	}
	if when, ok := first["delais"].(map[string]any); ok {
		when["receptionOffres"] = closes.Format("2006-01-02T15:04:05")
	}
	out, _ := json.Marshal(doc)
	rec["donnees"] = string(out)
}

// writeNotices writes so many records, one a line.
func writeNotices(t *testing.T, m *noticeMaker, path string, count int) {
	t.Helper()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	out := bufio.NewWriter(file)
	enc := json.NewEncoder(out)
	for rank := 1; rank <= count; rank++ {
		if err := enc.Encode(m.record(rank)); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
}
