package contours

import (
	"bytes"
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"maillage/internal/fault"
)

// Whatever the file, reading it ends with features that hold what every area
// must, or with a fault that says where.
func FuzzRead(f *testing.F) {
	sample, err := os.ReadFile(filepath.Join("testdata", "valence.geojson"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sample)
	f.Add([]byte(fc(square("26362", 4.87, 44.91), polygon("26058", `[[[4.8,44.9],[4.9,44.9]]]`))))
	f.Add([]byte(`{"type":"FeatureCollection","features":[{"geometry":{"type":"MultiPolygon","coordinates":[[]]}}]}`))
	f.Add([]byte("\x1f\x8b\x08"))
	f.Fuzz(func(t *testing.T, data []byte) {
		limits := Limits{Bytes: 1 << 16, Features: 50, Points: 1000}
		features, err := read(context.Background(), Input{Reader: bytes.NewReader(data), Limits: limits})
		if err != nil {
			if k := fault.Of(err).Kind; k != fault.KindInvalid && k != fault.KindTooLarge {
				t.Fatalf("not a fault of the caller: %v", err)
			}
			return
		}
		for _, feature := range features {
			for _, p := range feature.area {
				for _, r := range p {
					if len(r) < 4 || !r.Closed() || math.Abs(r[0][0]) > 180 {
						t.Fatalf("feature %d has the ring %v", feature.number, r)
					}
				}
			}
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add(encode(orb.MultiPolygon{{{{4, 44}, {5, 44}, {5, 45}, {4, 44}}}}))
	f.Add([]byte{1, 1, 200})
	f.Fuzz(func(t *testing.T, data []byte) {
		area, err := decode(data)
		if err != nil {
			return
		}
		for _, p := range area {
			for _, r := range p {
				if !r.Closed() {
					t.Fatalf("ring %v", r)
				}
			}
		}
	})
}

func TestEncodeRoundTrip(t *testing.T) {
	t.Parallel()
	degree := func(most int) *rapid.Generator[float64] {
		return rapid.Map(rapid.IntRange(-most*1e6, most*1e6), func(n int) float64 { return float64(n) / 1e6 })
	}
	point := rapid.Custom(func(t *rapid.T) orb.Point {
		return orb.Point{degree(180).Draw(t, "lon"), degree(90).Draw(t, "lat")}
	})
	ring := rapid.Map(rapid.SliceOfN(point, 3, 12), func(p []orb.Point) orb.Ring { return append(orb.Ring(p), p[0]) })
	polygon := rapid.Map(rapid.SliceOfN(ring, 1, 3), func(r []orb.Ring) orb.Polygon { return r })
	areas := rapid.Map(rapid.SliceOfN(polygon, 1, 3), func(p []orb.Polygon) orb.MultiPolygon { return p })
	rapid.Check(t, func(t *rapid.T) {
		want := areas.Draw(t, "area")
		got, err := decode(encode(want))
		if err != nil || !got.Equal(want) {
			t.Fatalf("%v became %v (%v)", want, got, err)
		}
	})
}

// The sweep finds a crossing wherever comparing every pair of sides does.
func TestCrossFindsWhatComparingAllPairsFinds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		points := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) orb.Point {
			return orb.Point{float64(rapid.IntRange(0, 12).Draw(t, "x")), float64(rapid.IntRange(0, 12).Draw(t, "y"))}
		}), 3, 14).Draw(t, "points")
		ring := append(orb.Ring(points), points[0])
		want := false
		for i := 1; i < len(ring); i++ {
			for j := 1; j < i; j++ {
				want = want || newSide(ring[i-1], ring[i]).crosses(newSide(ring[j-1], ring[j]))
			}
		}
		if _, got := cross(ring); got != want {
			t.Fatalf("cross says %v, all pairs %v for %v", got, want, ring)
		}
	})
}

func TestOpenRefusesWhatIsNotThere(t *testing.T) {
	t.Parallel()
	if _, err := Open(context.Background(), filepath.Join(t.TempDir(), "absent.geojson")); err == nil || !strings.Contains(err.Error(), "absent.geojson") {
		t.Errorf("got %v", err)
	}
}
