package contours

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/paulmach/orb"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
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

func ordinal(t testing.TB, m *mesh.Mesh, code string) int {
	t.Helper()
	ord, ok := m.Atlas().Ordinal(territories.CommuneCode(code))
	if !ok {
		t.Fatalf("no commune %s", code)
	}
	return ord
}

func valence(t testing.TB) Input {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "valence.geojson"))
	if err != nil {
		t.Fatal(err)
	}
	return Input{Reader: bytes.NewReader(data), Source: "drawn by hand", Licence: "none needed", Now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
}

func load(t testing.TB, st *store.Store, in Input) Report {
	t.Helper()
	report, err := Load(context.Background(), st, indicative(t).Atlas(), in)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestLoadReplacesTheMesh(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx, base := context.Background(), indicative(t)
		report := load(t, st, valence(t))
		if report.Layer != territories.KindCommune || !report.Changed || report.Territories != 4 || report.Missing != base.Atlas().Len()-4 {
			t.Errorf("report %+v", report)
		}
		if report.Seams.Shared != 3 || report.Seams.Overlaps != 0 || len(report.Crossings) != 0 {
			t.Errorf("seams %+v, crossings %v", report.Seams, report.Crossings)
		}
		m, err := Source(ctx, st, base)
		if err != nil {
			t.Fatal(err)
		}
		want := orb.Bound{Min: orb.Point{4.87, 44.91}, Max: orb.Point{4.92, 44.95}}
		if got := m.Cell(ordinal(t, m, "26362")).Bound(); got != want {
			t.Errorf("Valence is drawn in %v, want %v", got, want)
		}
		if got := len(m.Cell(ordinal(t, m, "26252"))); got != 2 {
			t.Errorf("Portes-lès-Valence has %d parts, want 2", got)
		}
		if got := m.Neighbours(ordinal(t, m, "26362")); len(got) != 3 {
			t.Errorf("Valence has neighbours %v, want the three of the file", got)
		}
		paris := ordinal(t, m, "75056")
		if got, want := m.Cell(paris).Bound(), base.Cell(paris).Bound(); got != want {
			t.Errorf("Paris, absent from the file, moved from %v to %v", want, got)
		}
		if _, err := m.Layer(territories.KindEPCI); err != nil {
			t.Error(err)
		}
	})
}

func TestLoadAgainChangesNothing(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx := context.Background()
		first := load(t, st, valence(t))
		later := valence(t)
		later.Now = later.Now.AddDate(0, 1, 0)
		again := load(t, st, later)
		if again.Changed || again.Digest != first.Digest {
			t.Errorf("the second load changed something: %+v", again)
		}
		inUse, err := InUse(ctx, st.Read())
		if err != nil || len(inUse) != 1 || !inUse[0].LoadedAt.Equal(valence(t).Now) || inUse[0].Source != "drawn by hand" {
			t.Errorf("in use: %+v, %v", inUse, err)
		}
		one := valence(t)
		one.Reader = strings.NewReader(fc(square("26362", 4.87, 44.91)))
		if r := load(t, st, one); !r.Changed || r.Territories != 1 {
			t.Errorf("other contours changed nothing: %+v", r)
		}
		var left int
		if err := st.Read().NewRaw("SELECT count(*) FROM contours").Scan(ctx, &left); err != nil || left != 1 {
			t.Errorf("%d rows are left, want the one in use (%v)", left, err)
		}
		if removed, err := Remove(ctx, st, territories.KindCommune); err != nil || !removed {
			t.Errorf("remove: %v %v", removed, err)
		}
		if m, err := Source(ctx, st, indicative(t)); err != nil || m != indicative(t) {
			t.Errorf("without contours the source is not the mesh (%v)", err)
		}
		if removed, err := Remove(ctx, st, territories.KindCommune); err != nil || removed {
			t.Errorf("remove twice: %v %v", removed, err)
		}
	})
}

// A load whose rows another one dropped meanwhile must not come into use by half.
func TestLoadsDoNotMix(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx := context.Background()
		features, err := read(ctx, valence(t))
		if err != nil {
			t.Fatal(err)
		}
		slow, _, err := assign(indicative(t).Atlas(), valence(t), features)
		if err != nil {
			t.Fatal(err)
		}
		if err := saveRows(ctx, st, slow.rows); err != nil {
			t.Fatal(err)
		}
		quick := valence(t)
		quick.Reader = strings.NewReader(fc(square("26362", 4.87, 44.91)))
		load(t, st, quick)
		err = st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
			_, err := use(ctx, tx, slow, valence(t))
			return err
		})
		if !fault.Is(err, fault.KindConflict) {
			t.Errorf("got %v", err)
		}
		if layers, err := InUse(ctx, st.Read()); err != nil || len(layers) != 1 || layers[0].Territories != 1 {
			t.Errorf("in use: %+v %v", layers, err)
		}
	})
}

func TestMapsFollowTheDatabase(t *testing.T) {
	t.Parallel()
	ctx, st, clock := context.Background(), testkit.SQLite(t), testkit.NewClock("2026-11-23T09:00:00Z")
	maps := NewMaps(st, indicative(t), Config{Now: clock.Now})
	before, err := maps.Map(ctx)
	if err != nil || before.Mesh != indicative(t) || len(before.Layers) != 0 {
		t.Fatalf("before: %+v %v", before, err)
	}
	load(t, st, valence(t))
	if soon, _ := maps.Map(ctx); soon != before {
		t.Error("the database was looked at again within the minute")
	}
	clock.Advance(2 * time.Minute)
	after, err := maps.Map(ctx)
	if err != nil || after == before || len(after.Layers) != 1 || after.Tiles == nil {
		t.Fatalf("after: %+v %v", after, err)
	}
	clock.Advance(2 * time.Minute)
	if same, _ := maps.Map(ctx); same != after {
		t.Error("the map was built again though nothing changed")
	}
}

// fc is a FeatureCollection of features.
func fc(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
}

// square is a feature of five hundredths of a degree a side.
func square(code string, x, y float64) string {
	const s = 0.05
	return polygon(code, fmt.Sprintf("[[[%g,%g],[%g,%g],[%g,%g],[%g,%g],[%g,%g]]]", x, y, x+s, y, x+s, y+s, x, y+s, x, y))
}

func polygon(code, coordinates string) string {
	return fmt.Sprintf(`{"type":"Feature","properties":{"code":%q},"geometry":{"type":"Polygon","coordinates":%s}}`, code, coordinates)
}

func TestRefusalsAreLocated(t *testing.T) {
	t.Parallel()
	good := square("26362", 4.87, 44.91)
	cases := map[string]struct{ text, path, code string }{
		"not JSON":         {`{"type":"FeatureCollection","features":[` + good + `,{"type"`, "feature 2", "not-json"},
		"an array":         {`[]`, "", "not-geojson"},
		"a feature":        {good, "type", "not-a-collection"},
		"no features":      {`{"type":"FeatureCollection"}`, "features", "no-features"},
		"empty":            {fc(), "features", "empty"},
		"no geometry":      {fc(good, `{"properties":{"code":"26058"},"geometry":null}`), "feature 2", "no-geometry"},
		"a line":           {fc(good, `{"properties":{"code":"26058"},"geometry":{"type":"LineString","coordinates":[[4,44],[5,45]]}}`), "feature 2", "not-an-area"},
		"bad coordinates":  {fc(good, polygon("26058", `[["4","44"]]`)), "feature 2", "coordinates"},
		"three points":     {fc(good, polygon("26058", `[[[4.8,44.9],[4.9,44.9],[4.8,44.9]]]`)), "feature 2", "short-ring"},
		"open ring":        {fc(good, polygon("26058", `[[[4.8,44.9],[4.9,44.9],[4.9,45],[4.8,45]]]`)), "feature 2", "open-ring"},
		"out of range":     {fc(good, polygon("26058", `[[[850000,6400000],[850001,6400000],[850001,6400001],[850000,6400000]]]`)), "feature 2", "range"},
		"one number":       {fc(good, polygon("26058", `[[[4.8],[4.9],[4.9],[4.8]]]`)), "feature 2", "position"},
		"latitude first":   {fc(good, square("26058", 44.95, 4.87)), "feature 2", "misplaced"},
		"unknown code":     {fc(good, square("26999", 4.87, 44.95)), "feature 2", "unknown-code"},
		"not a code":       {fc(good, square("VALENCE", 4.87, 44.95)), "feature 2", "code"},
		"shared out":       {fc(good, square("27443", 1.2, 49.25)), "feature 2", "shared-out"},
		"no code":          {fc(good, square("", 4.87, 44.95)), "feature 2", "no-code"},
		"twice":            {fc(good, good), "feature 2", "twice"},
		"Lambert 93":       {`{"crs":{"properties":{"name":"urn:ogc:def:crs:EPSG::2154"}},"features":[]}`, "crs", "not-degrees"},
		"codes of nothing": {fc(square("XX", 4.87, 44.91)), "features", "no-codes"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := check(t, Input{Reader: strings.NewReader(c.text)})
			f := fault.Of(err)
			if f.Kind != fault.KindInvalid || len(f.Fields) != 1 || !strings.HasSuffix(f.Fields[0].Path, c.path) || f.Fields[0].Code != c.code {
				t.Errorf("got %v", err)
			}
		})
	}
}

// check reads and assigns without a database.
func check(t testing.TB, in Input) (Report, error) {
	t.Helper()
	features, err := read(context.Background(), in)
	if err != nil {
		return Report{}, err
	}
	_, report, err := assign(indicative(t).Atlas(), in, features)
	return report, err
}

func TestUnknownCodeProposesTheNearest(t *testing.T) {
	t.Parallel()
	_, err := check(t, Input{Reader: strings.NewReader(fc(square("26362", 4.87, 44.91), square("26999", 4.87, 44.95)))})
	if f := fault.Of(err); len(f.Fields) != 1 || !strings.Contains(f.Fields[0].Message.EN, "26099 (Colonzelle)") {
		t.Errorf("got %v", err)
	}
}

func TestEveryFaultIsTold(t *testing.T) {
	t.Parallel()
	var features []string
	for range mostFaults + 7 {
		features = append(features, `{"properties":{"code":"26362"},"geometry":null}`)
	}
	_, err := check(t, Input{Reader: strings.NewReader(fc(features...))})
	f := fault.Of(err)
	if len(f.Fields) != mostFaults+1 || !strings.Contains(f.Fields[mostFaults].Message.EN, "7 more") {
		t.Errorf("%d faults, the last %+v", len(f.Fields), f.Fields[len(f.Fields)-1])
	}
}

func TestFormerCommunesGoToTheirHeir(t *testing.T) {
	t.Parallel()
	// Pont-Farcy is 14513, and its heir 50592; 75101 is a part of Paris.
	in := Input{Reader: strings.NewReader(fc(
		square("50592", -1.05, 48.95), square("14513", -1.0, 48.95), square("75101", 2.33, 48.85), square("75102", 2.38, 48.85)))}
	report, err := check(t, in)
	if err != nil || report.Inherited != 1 || report.Parts != 2 || report.Territories != 2 {
		t.Errorf("%+v %v", report, err)
	}
	both := fc(square("75056", 2.3, 48.83), square("75101", 2.33, 48.85))
	if report, err := check(t, Input{Reader: strings.NewReader(both)}); err != nil || report.Parts != 1 || report.Seams.Open != 4 {
		t.Errorf("Paris and a part of it: %+v %v", report, err)
	}
}

func TestSpreadsheetZerosComeBack(t *testing.T) {
	t.Parallel()
	text := strings.Replace(fc(square("1053", 5.2, 46.18)), `"1053"`, `1053`, 1)
	if report, err := check(t, Input{Reader: strings.NewReader(text)}); err != nil || report.Territories != 1 {
		t.Errorf("Bourg-en-Bresse written 1053: %+v %v", report, err)
	}
}

func TestAmbiguousLayerIsAsked(t *testing.T) {
	t.Parallel()
	text := fc(square("93", 5.9, 43.9)) // Seine-Saint-Denis, or Provence-Alpes-Côte d'Azur
	if _, err := check(t, Input{Reader: strings.NewReader(text)}); fault.Of(err).Fields[0].Code != "ambiguous" {
		t.Errorf("got %v", err)
	}
	if report, err := check(t, Input{Reader: strings.NewReader(text), Layer: territories.KindRegion}); err != nil || report.Layer != territories.KindRegion {
		t.Errorf("%+v %v", report, err)
	}
	named := strings.Replace(text, `"code"`, `"nom":"Provence-Alpes-Côte d'Azur","code"`, 1)
	if report, err := check(t, Input{Reader: strings.NewReader(named)}); err != nil || report.Layer != territories.KindRegion {
		t.Errorf("named: %+v %v", report, err)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	text := fc(square("26362", 4.87, 44.91), square("26058", 4.87, 44.95))
	for name, l := range map[string]Limits{"bytes": {Bytes: 200}, "features": {Features: 1}, "points": {Points: 7}} {
		if _, err := check(t, Input{Reader: strings.NewReader(text), Limits: l}); !fault.Is(err, fault.KindTooLarge) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	stopped, stop := context.WithCancel(context.Background())
	stop()
	if _, err := read(stopped, Input{Reader: strings.NewReader(text)}); !errors.Is(err, context.Canceled) {
		t.Errorf("after a cancel: %v", err)
	}
}

func TestGzipIsSeenThrough(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	_, _ = zip.Write([]byte(fc(square("26362", 4.87, 44.91))))
	_ = zip.Close()
	if report, err := check(t, Input{Reader: &packed}); err != nil || report.Territories != 1 {
		t.Errorf("%+v %v", report, err)
	}
}

func TestCrossingsAreReported(t *testing.T) {
	t.Parallel()
	bow := polygon("26362", `[[[4.87,44.91],[4.92,44.95],[4.92,44.91],[4.87,44.96],[4.87,44.91]]]`)
	report, err := check(t, Input{Reader: strings.NewReader(fc(bow))})
	if err != nil || len(report.Crossings) != 1 || report.Crossings[0].Code != "26362" || report.Crossings[0].Feature != 1 {
		t.Fatalf("%+v %v", report, err)
	}
	if at := report.Crossings[0].At; at[0] < 4.87 || at[0] > 4.92 || at[1] < 44.91 || at[1] > 44.95 {
		t.Errorf("the crossing is at %v", at)
	}
}
