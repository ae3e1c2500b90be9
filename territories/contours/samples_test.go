package contours

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"
	"github.com/paulmach/orb/planar"

	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/territories"
	"maillage/territories/mesh"
	"maillage/territories/tiles"
)

func sample(t testing.TB, name string) Input {
	t.Helper()
	f, err := os.Open(filepath.Join(testkit.Samples(t), "territories", name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return Input{Reader: f, Source: "IGN, Etalab", Licence: "Licence Ouverte 2.0", Now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
}

// Real contours of the four levels, simplified, in place of the mesh.
func TestRealContours(t *testing.T) {
	t.Parallel()
	st, base := testkit.SQLite(t), indicative(t)
	loadSamples(t, st)
	start := time.Now()
	m, err := Source(context.Background(), st, base)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("built from the database in %v", time.Since(start).Round(time.Millisecond))
	outside := 0
	for ord := range m.Atlas().Len() {
		c := m.Atlas().Commune(ord)
		if c.HasPoint && !planar.MultiPolygonContains(m.Cell(ord), c.Point) {
			outside++
		}
	}
	if outside > m.Atlas().Len()/50 { // simplified to a kilometre, some lose it
		t.Errorf("%d communes do not hold their own point", outside)
	}
	checkUnion(t, m)
	checkTiles(t, m)
}

func loadSamples(t testing.TB, st *store.Store) {
	t.Helper()
	for name, want := range map[string]territories.Kind{
		"communes_1000m.geojson": territories.KindCommune, "epci_500m.geojson": territories.KindEPCI,
		"departements_500m.geojson": territories.KindDepartement, "regions_1000m.geojson": territories.KindRegion,
	} {
		start := time.Now()
		r := load(t, st, sample(t, name))
		t.Logf("%s: %d features, %d points, %d territories, %d missing %.80v, %d inherited, %d parts, %d crossings, seams %+v, %v",
			name, r.Features, r.Points, r.Territories, r.Missing, r.MissingCodes, r.Inherited, r.Parts, len(r.Crossings), r.Seams, time.Since(start).Round(time.Millisecond))
		if r.Layer != want || !r.Changed {
			t.Errorf("%s was taken as %s", name, r.Layer)
		}
		inner := want == territories.KindCommune || want == territories.KindEPCI
		if inner && float64(r.Seams.Shared) < 0.85*float64(r.Seams.Shared+r.Seams.Open) {
			t.Errorf("%s: few borders are shared: %+v", name, r.Seams)
		}
	}
}

// checkUnion unites the communes of a département: inner borders must be gone.
func checkUnion(t *testing.T, m *mesh.Mesh) {
	t.Helper()
	set, err := m.Atlas().Of(territories.Ref{Kind: territories.KindDepartement, Code: "26"})
	if err != nil {
		t.Fatal(err)
	}
	drome := m.Polygons(set)
	if len(drome) != 1 || len(drome[0]) != 2 {
		t.Errorf("Drôme has %d parts; the first has %d rings, want its border and that of Valréas", len(drome), len(drome[0]))
	}
}

func checkTiles(t *testing.T, m *mesh.Mesh) {
	t.Helper()
	at := maptile.At(orb.Point{2.35, 48.85}, 8)
	tile, err := tiles.New(m, tiles.Config{}).Tile(context.Background(), tiles.Key{Z: 8, X: int(at.X), Y: int(at.Y)})
	if err != nil {
		t.Fatal(err)
	}
	layers, err := mvt.UnmarshalGzipped(tile.Data)
	if err != nil || len(layers) != 4 {
		t.Fatalf("%d layers, %v", len(layers), err)
	}
}

func BenchmarkLoadCommunes(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		st, in := testkit.SQLite(b), sample(b, "communes_1000m.geojson")
		b.StartTimer()
		load(b, st, in)
	}
}

// BenchmarkOfficialTileParisZ8 is tiles.BenchmarkTileParisZ8 on real contours.
func BenchmarkOfficialTileParisZ8(b *testing.B) {
	ctx, st := context.Background(), testkit.SQLite(b)
	load(b, st, sample(b, "communes_1000m.geojson"))
	m, err := Source(ctx, st, indicative(b))
	if err != nil {
		b.Fatal(err)
	}
	at := maptile.At(orb.Point{2.35, 48.85}, 8)
	served, key := tiles.New(m, tiles.Config{CacheBytes: -1}), tiles.Key{Kind: territories.KindCommune, Z: 8, X: int(at.X), Y: int(at.Y)}
	for b.Loop() {
		if _, err := served.Tile(ctx, key); err != nil {
			b.Fatal(err)
		}
	}
}
