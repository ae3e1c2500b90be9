package tiles

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"

	"maillage/territories"
	"maillage/territories/mesh"
)

func indicative(t testing.TB) *mesh.Mesh {
	t.Helper()
	m, err := mesh.Load()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// over is the tile of a zoom that holds a place.
func over(kind territories.Kind, z int, lon, lat float64) Key {
	at := maptile.At(orb.Point{lon, lat}, maptile.Zoom(z))
	return Key{Kind: kind, Z: z, X: int(at.X), Y: int(at.Y)}
}

func fetch(t testing.TB, tiles *Tiles, key Key) Tile {
	t.Helper()
	tile, err := tiles.Tile(context.Background(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tile
}

func decoded(t testing.TB, tile Tile) map[string]*mvt.Layer {
	t.Helper()
	layers, err := mvt.UnmarshalGzipped(tile.Data)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*mvt.Layer{}
	for _, l := range layers {
		out[l.Name] = l
	}
	return out
}

func rings(g orb.Geometry) []orb.Ring {
	switch g := g.(type) {
	case orb.Polygon:
		return g
	case orb.MultiPolygon:
		var out []orb.Ring
		for _, p := range g {
			out = append(out, p...)
		}
		return out
	}
	return nil
}

func TestTileHoldsWhatIsThere(t *testing.T) {
	t.Parallel()
	layers := decoded(t, fetch(t, New(indicative(t), Config{}), over(All, 8, 2.35, 48.85)))
	want := map[string]string{"commune": "75056", "epci": "200054781", "departement": "75", "region": "11"}
	if len(layers) != len(want) {
		t.Fatalf("%d layers, want %d", len(layers), len(want))
	}
	for kind, code := range want {
		found := false
		for _, f := range layers[kind].Features {
			if f.Properties["code"] != code {
				continue
			}
			found = true
			if f.Properties["name"] == "" || f.Properties["population"] == nil || f.ID != float64(featureID(code)) {
				t.Errorf("%s %s: id %v, %v", kind, code, f.ID, f.Properties)
			}
		}
		if !found {
			t.Errorf("%s %s is not in the tile", kind, code)
		}
	}
}

func TestLayersComeWithTheZoom(t *testing.T) {
	t.Parallel()
	tiles := New(indicative(t), Config{})
	for z, want := range map[int]int{4: 2, 5: 3, 6: 3, 7: 4, 12: 4} {
		if got := len(decoded(t, fetch(t, tiles, over(All, z, 2.35, 48.85)))); got != want {
			t.Errorf("zoom %d has %d layers, want %d", z, got, want)
		}
	}
	if got := decoded(t, fetch(t, tiles, over(territories.KindCommune, 4, 2.35, 46.85))); len(got["commune"].Features) < 10_000 {
		t.Errorf("asked alone at zoom 4, communes are %d", len(got["commune"].Features))
	}
}

// Inland, each segment inside the tile is walked once by either neighbour, in
// opposite directions: there is neither a gap nor an overlap.
func TestNeighboursDoNotGape(t *testing.T) {
	t.Parallel()
	tiles := New(indicative(t), Config{})
	for _, kind := range []territories.Kind{territories.KindCommune, territories.KindEPCI, territories.KindDepartement} {
		for z := 6; z <= MaxZoom; z++ {
			layer := decoded(t, fetch(t, tiles, over(kind, z, 3.1, 46.3)))[string(kind)]
			checkSeams(t, kind, z, layer)
		}
	}
}

func checkSeams(t *testing.T, kind territories.Kind, z int, layer *mvt.Layer) {
	t.Helper()
	inside := orb.Bound{Min: orb.Point{0, 0}, Max: orb.Point{extent, extent}}
	walked := map[[2]orb.Point]int{}
	for _, f := range layer.Features {
		for _, r := range rings(f.Geometry) {
			for i := 1; i < len(r); i++ {
				if inside.Contains(r[i-1]) && inside.Contains(r[i]) {
					walked[[2]orb.Point{r[i-1], r[i]}]++
				}
			}
		}
	}
	for s, n := range walked {
		if n != 1 || walked[[2]orb.Point{s[1], s[0]}] != 1 {
			t.Fatalf("%s, zoom %d: segment %v walked %d times one way and %d the other", kind, z, s, n, walked[[2]orb.Point{s[1], s[0]}])
		}
	}
}

// A tile puts things where they are: within a unit, a territory's extent in the
// tile is its extent in degrees.
func TestTilesAreInPlace(t *testing.T) {
	t.Parallel()
	m := indicative(t)
	key := over(territories.KindCommune, 11, 2.35, 48.85)
	ord, _ := m.Atlas().Ordinal("75056")
	bound := m.Cell(ord).Bound()
	unit := maptile.New(uint32(key.X), uint32(key.Y), maptile.Zoom(key.Z))
	seen := false
	for _, f := range decoded(t, fetch(t, New(m, Config{}), key))["commune"].Features {
		if f.Properties["code"] != "75056" {
			continue
		}
		seen = true
		got := f.Geometry.Bound()
		for axis, end := range map[string][2]float64{
			"west":  {got.Min[0], (maptile.Fraction(orb.Point{bound.Min[0], 0}, unit.Z)[0] - float64(key.X)) * extent},
			"north": {got.Min[1], (maptile.Fraction(orb.Point{0, bound.Max[1]}, unit.Z)[1] - float64(key.Y)) * extent},
		} {
			cut := max(end[1], -buffer) // the city may go beyond the tile
			if d := end[0] - cut; d < -3 || d > 3 {
				t.Errorf("%s: at %g, want %g", axis, end[0], cut)
			}
		}
	}
	if !seen {
		t.Error("Paris is not in its tile")
	}
}

// The encoding wants outer rings with a positive area in the tile's own axes.
func TestRingsTurnAsTheFormatWants(t *testing.T) {
	t.Parallel()
	layer := decoded(t, fetch(t, New(indicative(t), Config{}), over(territories.KindDepartement, 7, 4.9, 44.4)))["departement"]
	holes := 0
	for _, f := range layer.Features {
		parts, _ := f.Geometry.(orb.MultiPolygon)
		if p, ok := f.Geometry.(orb.Polygon); ok {
			parts = orb.MultiPolygon{p}
		}
		for _, p := range parts {
			for i, r := range p {
				if (area2(r) > 0) != (i == 0) {
					t.Errorf("ring %d of %v turns the wrong way", i, f.Properties["code"])
				}
			}
			holes += len(p) - 1
		}
	}
	if holes != 1 {
		t.Errorf("%d holes, want that of the Drôme around Valréas", holes)
	}
}

func TestTilesAreDeterministic(t *testing.T) {
	t.Parallel()
	key := over(All, 9, 4.9, 44.9)
	a, b := fetch(t, New(indicative(t), Config{}), key), fetch(t, New(indicative(t), Config{CacheBytes: -1}), key)
	if !bytes.Equal(a.Data, b.Data) || a.ETag != b.ETag || len(a.ETag) != 26 {
		t.Errorf("two makings differ: %s, %s", a.ETag, b.ETag)
	}
}

func TestTileOfTheSeaIsEmpty(t *testing.T) {
	t.Parallel()
	tile := fetch(t, New(indicative(t), Config{}), over(All, 8, -30, 40))
	if len(tile.Data) != 0 || tile.ETag == "" {
		t.Errorf("%d bytes in the middle of the ocean", len(tile.Data))
	}
}

func TestOverseasHasTiles(t *testing.T) {
	t.Parallel()
	tiles := New(indicative(t), Config{})
	for code, at := range map[string]orb.Point{"97105": {-61.73, 16}, "97302": {-52.31, 4.93}, "97411": {55.45, -20.9}, "97608": {45.2, -12.8}} {
		found := false
		for _, f := range decoded(t, fetch(t, tiles, over(territories.KindCommune, 9, at[0], at[1])))["commune"].Features {
			found = found || f.Properties["code"] == code
		}
		if !found {
			t.Errorf("%s is not in its tile", code)
		}
	}
}

func TestTileRefusesWhatCannotBe(t *testing.T) {
	t.Parallel()
	tiles := New(indicative(t), Config{})
	for _, key := range []Key{{Z: 3}, {Z: 13}, {Z: 4, X: 16}, {Z: 4, Y: -1}} {
		var want *RangeError
		if _, err := tiles.Tile(context.Background(), key); !errors.As(err, &want) {
			t.Errorf("%s: %v", key, err)
		}
	}
	var want *KindError
	if _, err := tiles.Tile(context.Background(), Key{Kind: "postal", Z: 5}); !errors.As(err, &want) {
		t.Errorf("postal: %v", err)
	}
	stopped, stop := context.WithCancel(context.Background())
	stop()
	if _, err := tiles.Tile(stopped, Key{Z: 5}); !errors.Is(err, context.Canceled) {
		t.Errorf("after a cancel: %v", err)
	}
}

func TestCacheKeepsItsBound(t *testing.T) {
	t.Parallel()
	c := newCache(3 * (1000 + overhead))
	for x := range 10 {
		c.put(Key{Z: 5, X: x}, Tile{Data: make([]byte, 1000)})
		c.get(Key{Z: 5, X: 0}) // in use, hence kept
	}
	if c.bytes > c.most || c.order.Len() != 3 || len(c.at) != 3 {
		t.Errorf("%d bytes of %d, %d tiles", c.bytes, c.most, c.order.Len())
	}
	if _, ok := c.get(Key{Z: 5, X: 0}); !ok {
		t.Error("the tile in use was dropped")
	}
	c.put(Key{Z: 6}, Tile{Data: make([]byte, 10_000)})
	if _, ok := c.get(Key{Z: 6}); ok {
		t.Error("a tile larger than the cache was kept")
	}
}

func TestTilesTogether(t *testing.T) {
	t.Parallel()
	tiles := New(indicative(t), Config{CacheBytes: 200_000})
	var wait sync.WaitGroup
	for i := range 24 {
		wait.Go(func() { fetch(t, tiles, over(All, 8, float64(i%6), 47)) })
	}
	wait.Wait()
}

func BenchmarkTileParisZ8(b *testing.B) {
	for name, kind := range map[string]territories.Kind{"communes": territories.KindCommune, "all": All} {
		b.Run(name, func(b *testing.B) {
			tiles, key := New(indicative(b), Config{CacheBytes: -1}), over(kind, 8, 2.35, 48.85)
			size := len(fetch(b, tiles, key).Data)
			b.ReportAllocs()
			for b.Loop() {
				fetch(b, tiles, key)
			}
			b.ReportMetric(float64(size), "gzB")
		})
	}
}

// BenchmarkPyramid makes every tile of Metropolitan France from zoom 4 to 11.
func BenchmarkPyramid(b *testing.B) {
	m := indicative(b)
	for b.Loop() {
		tiles := New(m, Config{CacheBytes: -1})
		count, bytes := 0, 0
		for z := MinZoom; z <= 11; z++ {
			from, to := over(All, z, -5.2, 51.2), over(All, z, 9.7, 41.2)
			for x := from.X; x <= to.X; x++ {
				for y := from.Y; y <= to.Y; y++ {
					bytes += len(fetch(b, tiles, Key{Z: z, X: x, Y: y}).Data)
					count++
				}
			}
		}
		b.ReportMetric(float64(count), "tiles")
		b.ReportMetric(float64(bytes)/1e6, "MB")
	}
}
