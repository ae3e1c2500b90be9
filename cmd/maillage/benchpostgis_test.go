package main

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"maillage/internal/testkit"
	"maillage/matching/engine/journeys"
	"maillage/matching/engine/journeys/trial"
	"maillage/territories"
)

// TestBenchMatch asks the same positions of the index and of PostGIS, on the same
// people, each on one thread and warm, and compares every set of candidates. It
// prints both times and their ratio at p50, p90 and p99.
//
// By default the people are few and the times mean little. MAILLAGE_BENCH_MATCH=1000000
// (make bench-match) says how many; it fails when the sets differ, not when they
// are slow. MAILLAGE_BENCH_HARDER=1 gives PostGIS more than its usual two indexes:
// the table in the order of its places, and one index of places and occupations.
func TestBenchMatch(t *testing.T) {
	people, positions := 20_000, 40
	if n, _ := strconv.Atoi(os.Getenv("MAILLAGE_BENCH_MATCH")); n > 0 {
		people, positions = n, 500
	}
	dir := t.TempDir()
	if code := run(t.Context(), []string{"bench", "match-data", "--out", dir, "--people", strconv.Itoa(people), "--positions", strconv.Itoa(positions)},
		nil, os.Stdout, os.Stderr); code != 0 {
		t.Fatal("the files are not made")
	}
	of, err := trial.ReadPositions(filepath.Join(dir, "positions.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{positions: offers(of), day: territories.Date{Year: 2026, Month: 11, Day: 23}}
	if err := b.load(filepath.Join(dir, "people.tsv")); err != nil {
		t.Fatal(err)
	}
	others := elsewhere(of, b.some)
	b.others = offers(others)
	g := newPostGIS(t, filepath.Join(dir, "people.tsv"))
	g.compare(b, of)
	ours := b.measure()
	g.ask(others)
	spent := g.processor()
	theirs := g.measure(of)
	cpu := milliseconds((g.processor() - spent) / time.Duration(len(of)*(benchPasses+1)))
	var his figures
	his.tell(theirs)
	t.Logf("%d people, %d positions, %d candidates found, %.0f on average", people, positions, ours.Found, float64(ours.Found)/float64(positions))
	t.Logf("load %.2f s, %.0f bytes a person, a change visible in %.4f ms (p99 %.4f)", ours.LoadS, ours.BytesPerPerson, ours.ChangeP50, ours.ChangeP99)
	for _, x := range []struct {
		name string
		ours float64
		his  float64
	}{{"p50", ours.P50, his.P50}, {"p90", ours.P90, his.P90}, {"p99", ours.P99, his.P99},
		{"p50 steady", ours.SteadyP50, his.SteadyP50}, {"p90 steady", ours.SteadyP90, his.SteadyP90}, {"p99 steady", ours.SteadyP99, his.SteadyP99}} {
		t.Logf("%s: index %.4f ms, PostGIS %.3f ms, %.0f times", x.name, x.ours, x.his, x.his/x.ours)
	}
	t.Logf("processor, on average: index %.4f ms, PostGIS %.3f ms, %.0f times", ours.CPU, cpu, cpu/ours.CPU)
}

// postgis is a server of its own with the people in a table, indexed by place and
// by occupation.
type postgis struct {
	t    *testing.T
	conn *pgx.Conn
}

// settings give the server what a small machine can spare; the table and its
// indexes fit in its memory.
var settings = []string{"shared_buffers=1GB", "work_mem=64MB", "maintenance_work_mem=512MB", "effective_cache_size=4GB", "random_page_cost=1.1",
	"jit=off", "max_parallel_workers_per_gather=0", "max_parallel_maintenance_workers=1"}

func newPostGIS(t *testing.T, people string) *postgis {
	t.Helper()
	c, err := testkit.StartCluster(settings...)
	if err != nil {
		t.Skipf("left out: the comparison with PostGIS, no PostgreSQL: %v", err)
	}
	t.Cleanup(c.Stop)
	conn, err := pgx.Connect(t.Context(), c.URL)
	if err != nil {
		t.Fatal(err)
	}
	g := &postgis{t: t, conn: conn}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	if _, err := conn.Exec(t.Context(), "CREATE EXTENSION postgis"); err != nil {
		t.Skipf("left out: the comparison with PostGIS, which this PostgreSQL does not have: %v", err)
	}
	g.exec("CREATE EXTENSION intarray")
	g.exec(`CREATE TABLE people (id bigint PRIMARY KEY, insee text, place geography(Point, 4326), km double precision, occupations int[], available boolean)`)
	g.copy(people)
	if os.Getenv("MAILLAGE_BENCH_HARDER") != "" {
		g.exec("CREATE INDEX near ON people USING gist (place)")
		g.exec("CLUSTER people USING near") // those who live together are read together
		g.exec("DROP INDEX near")
		g.exec("CREATE INDEX ON people USING gist (place, occupations gist__intbig_ops) WHERE available")
	}
	g.exec("CREATE INDEX ON people USING gist (place) WHERE available")
	g.exec("CREATE INDEX ON people USING gin (occupations gin__int_ops) WHERE available")
	g.exec("VACUUM (ANALYZE, FREEZE) people")
	return g
}

func (g *postgis) exec(text string) {
	g.t.Helper()
	if _, err := g.conn.Exec(g.t.Context(), text); err != nil {
		g.t.Fatal(err)
	}
}

func (g *postgis) copy(path string) {
	g.t.Helper()
	f, err := os.Open(path)
	if err != nil {
		g.t.Fatal(err)
	}
	defer f.Close()
	if _, err := g.conn.PgConn().CopyFrom(g.t.Context(), f, "COPY people FROM STDIN"); err != nil {
		g.t.Fatal(err)
	}
}

// found is what both must find; the second distance is that of the person.
const found = `FROM people, (SELECT ST_SetSRID(ST_MakePoint($1, $2), 4326)::geography AS here) AS position
	WHERE available AND occupations && $3::int[] AND ST_DWithin(place, here, 50000, false) AND ST_Distance(place, here, false) <= km * 1000`

// processor is the processor time that the server spent on this connection, by
// hundredths of a second; nothing where the system doesn't say.
func (g *postgis) processor() time.Duration {
	g.t.Helper()
	var pid int
	if err := g.conn.QueryRow(g.t.Context(), "SELECT pg_backend_pid()").Scan(&pid); err != nil {
		g.t.Fatal(err)
	}
	text, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	_, after, _ := strings.Cut(string(text), ") ") // the name before may hold spaces
	fields := strings.Fields(after)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

func ints(of []int64) []int32 {
	out := make([]int32, len(of))
	for i, o := range of {
		out[i] = int32(o)
	}
	return out
}

// compare checks each set of candidates.
func (g *postgis) compare(b *bench, of []trial.Position) {
	g.t.Helper()
	for i := range of {
		p := &of[i]
		var theirs []int64
		if err := g.conn.QueryRow(g.t.Context(), "SELECT coalesce(array_agg(id ORDER BY id), '{}') "+found, p.Point[0], p.Point[1], ints(p.Occupations)).Scan(&theirs); err != nil {
			g.t.Fatal(err)
		}
		var ours []int64
		for _, m := range b.x.View().PeopleFor(&b.positions[i], b.day, journeys.Options{Brief: true}).Matches {
			ours = append(ours, int64(m.Person))
		}
		slices.Sort(ours)
		if !slices.Equal(ours, theirs) {
			g.t.Fatalf("position %d: %d people found by the index, %d by PostGIS", p.ID, len(ours), len(theirs))
		}
	}
}

// nearest is the 50 nearest and the count of all.
const nearest = "SELECT id, ST_Distance(place, here, false) AS d, count(*) OVER () " + found + " ORDER BY d LIMIT 50"

// measure times the answers, each position as the index is.
func (g *postgis) measure(of []trial.Position) times {
	g.t.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	return timed(len(of), func(i int) { g.ask(of[i : i+1]) })
}

// ask reads the answers.
func (g *postgis) ask(of []trial.Position) {
	g.t.Helper()
	for _, p := range of {
		rows, err := g.conn.Query(g.t.Context(), nearest, p.Point[0], p.Point[1], ints(p.Occupations))
		if err != nil {
			g.t.Fatal(err)
		}
		for rows.Next() {
			var id, all int64
			var d float64
			if err := rows.Scan(&id, &d, &all); err != nil {
				g.t.Fatal(err)
			}
		}
		if rows.Err() != nil {
			g.t.Fatal(rows.Err())
		}
	}
}
