package territories

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"maillage/territories/cog"
)

func TestFactsOfTheVintage(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	zones, points := map[string]int{}, 0
	for i := range a.Len() {
		zones[a.Commune(i).Zone]++
		if a.Commune(i).HasPoint {
			points++
		}
	}
	got := fmt.Sprint(a.Vintage(), a.Membership(), a.Len(), zones, points, a.Population(a.All()))
	if want := fmt.Sprint("2026-01-01", "2025-01-01", 34_969, map[string]int{"metro": 34_746, "drom": 129, "com": 94}, 34_875, 68_952_941); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for kind, n := range map[Kind]int{
		KindCommune: 34_969, KindArrondissement: 45, KindEPCI: 1255, KindEPT: 11, KindDepartement: 109,
		KindRegion: 26, KindRegion2015: 27, KindFederation2012: 13, KindPostal: 6310,
	} {
		if got := len(a.Refs(kind)); got != n {
			t.Errorf("%d territories of kind %s, want %d", got, kind, n)
		}
	}
}

// The budget is 100 ms on an idle machine (BenchmarkLoad); the best of five is
// given ten times that here, because the tests of others share the processors.
func TestLoadIsQuick(t *testing.T) {
	best := time.Hour
	for range 5 {
		start := time.Now()
		if _, err := Read(cog.Embedded()); err != nil {
			t.Fatal(err)
		}
		best = min(best, time.Since(start))
	}
	if best > time.Second {
		t.Errorf("the facts took %v to load", best)
	}
}

func TestPopulationUnknown(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	zero, unknown := 0, 0
	for i := range a.Len() {
		switch c := a.Commune(i); {
		case !c.PopulationKnown:
			unknown++
		case c.Population == 0:
			zero++
		}
	}
	if zero != 6 || unknown != 6 {
		t.Errorf("%d communes without inhabitants and %d never counted, want 6 and 6", zero, unknown)
	}
}

func TestEveryRefCompiles(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	for _, k := range Kinds() {
		for _, r := range a.Refs(k) {
			s, err := a.Of(r)
			name, named := a.Name(r)
			if err != nil || s.Len() == 0 || !named || name == "" {
				t.Errorf("%s %q: %d communes, %v", r, name, s.Len(), err)
			}
			back, err := ParseRef(r.String())
			if err != nil || back != r {
				t.Errorf("%s is read back as %s: %v", r, back, err)
			}
		}
	}
}

// An EPT lies inside the Métropole du Grand Paris and never adds to it; Paris
// is in no EPT.
func TestEPTAreASecondLayer(t *testing.T) {
	t.Parallel()
	a, mgp := atlas(t), mustSet(t, "epci:200054781")
	var union builder
	for _, r := range a.Refs(KindEPT) {
		s, _ := a.Of(r)
		if !mgp.Covers(s) || a.Type(r) != "EPT" {
			t.Errorf("%s is not inside the Métropole du Grand Paris", r)
		}
		union.or(s)
	}
	if got := codes(t, mgp.AndNot(union.set())); got != "75056" {
		t.Errorf("in the Métropole and in no EPT: %s", got)
	}
}

func TestArrondissementsRollUp(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	for code, commune := range map[CommuneCode]CommuneCode{"75101": "75056", "13216": "13055", "69389": "69123"} {
		p, ok := a.Arrondissement(code)
		ord, ok2 := a.Ordinal(code)
		if !ok || !ok2 || p.Commune != commune || a.Commune(ord).Code != commune {
			t.Errorf("%s: %+v", code, p)
		}
	}
	asCommune := In(Ref{KindCommune, "75101"})
	if asCommune.String() != `{"territory":"arrondissement:75101"}` {
		t.Errorf("75101 given as a commune: %s", asCommune)
	}
	paris, err := a.Compile(asCommune)
	if err != nil {
		t.Fatal(err)
	}
	if !paris.Set.Intersects(mustSet(t, "epci:200054781")) {
		t.Error("75101 does not reach the Métropole du Grand Paris")
	}
}

func TestRhoneIsTwoHalves(t *testing.T) {
	t.Parallel()
	d, m, all := mustSet(t, "departement:69D"), mustSet(t, "departement:69M"), mustSet(t, "departement:69")
	if d.Intersects(m) || !d.Or(m).Equal(all) || !m.Equal(mustSet(t, "epci:200046977")) {
		t.Errorf("%d and %d communes of %d", d.Len(), m.Len(), all.Len())
	}
	if _, ok := atlas(t).Name(mustRef(t, "departement:69D")); !ok {
		t.Error("69D has no name")
	}
}

func TestNoEPCI(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	var without []string
	for i := range a.Len() {
		if c := a.Commune(i); c.EPCI == "" && c.Zone != "com" {
			without = append(without, string(c.Code))
		}
		if c := a.Commune(i); c.EPCI != "" && c.Zone == "com" {
			t.Errorf("%s, a COM, has EPCI %s", c.Code, c.EPCI)
		}
	}
	if got := strings.Join(without, " "); got != "22016 29083 29155 85113" {
		t.Errorf("communes without EPCI: %s", got)
	}
}

// Nothing may assume nesting: 89 EPCI span départements and 26 span régions.
func TestEPCISpan(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	deps, regions := 0, 0
	for _, r := range a.Refs(KindEPCI) {
		s, _ := a.Of(r)
		d, g := map[string]bool{}, map[string]bool{}
		s.Each(func(ord int) bool {
			d[a.communes[ord].Departement], g[a.communes[ord].Region] = true, true
			return true
		})
		if len(d) > 1 {
			deps++
		}
		if len(g) > 1 {
			regions++
		}
	}
	if deps != 89 || regions != 26 {
		t.Errorf("%d EPCI span départements and %d régions, want 89 and 26", deps, regions)
	}
}

func TestPostalCodesArePerimeters(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	shared, largest, spanning, both, differ := 0, 0, 0, 0, 0
	for _, r := range a.Refs(KindPostal) {
		s, _ := a.Of(r)
		largest = max(largest, s.Len())
		if s.Len() > 1 {
			shared++
		}
		deps := map[string]bool{}
		s.Each(func(ord int) bool { deps[a.communes[ord].Departement] = true; return true })
		if len(deps) > 1 {
			spanning++
		}
		if ord, ok := a.ordinals[CommuneCode(r.Code)]; ok {
			both++
			if !s.Contains(int(ord)) {
				differ++
			}
		}
	}
	if shared != 4205 || largest != 46 || spanning != 16 || both != 3056 || differ != 3003 {
		t.Errorf("%d shared, up to %d communes, %d spanning, %d also INSEE codes, %d of other places", shared, largest, spanning, both, differ)
	}
}

func TestFederationRegionsAreUnions(t *testing.T) {
	t.Parallel()
	for name, parts := range map[string][]string{
		"federation2012:paca-corse":         {"region2015:93", "region2015:94"},
		"federation2012:centre-limousin":    {"region2015:24", "region2015:74"},
		"federation2012:la-reunion-mayotte": {"region2015:04", "region2015:06"},
		"federation2012:Rhône-Alpes":        {"region2015:82"},
	} {
		var want builder
		for _, p := range parts {
			want.or(mustSet(t, p))
		}
		if !mustSet(t, name).Equal(want.set()) {
			t.Errorf("%s is not %v", name, parts)
		}
	}
}

func TestHomonyms(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	byName := map[string]int{}
	for i := range a.Len() {
		byName[a.Commune(i).Name]++
	}
	names, communes := 0, 0
	for _, n := range byName {
		if n > 1 {
			names, communes = names+1, communes+n
		}
	}
	if names != 1441 || communes != 3675 {
		t.Errorf("%d names shared by %d communes, want 1441 and 3675", names, communes)
	}
}

func TestZonesAndNUTS(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	for _, r := range a.Refs(KindDepartement) {
		d, ok := a.Departement(r.Code)
		if !ok {
			t.Fatalf("%s is unknown", r)
		}
		if d.TimeZone == "" {
			if d.Code != "989" {
				t.Errorf("%s has no time zone", r)
			}
			continue
		}
		if _, err := time.LoadLocation(d.TimeZone); err != nil {
			t.Errorf("%s: %v", r, err)
		}
	}
	for code, want := range map[string]string{"FRK26": "69", "FR716": "69", "FRY10": "971 978", "FRA10": "971 978", "FRM0": "2A 2B", "FR83": "2A 2B", "FR101": "75"} {
		if got, ok := a.NUTS(code); !ok || strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", code, got, want)
		}
	}
	if whole, _ := a.NUTS("FR"); len(whole) != 102 {
		t.Errorf("FR is %d départements", len(whole))
	}
	if _, ok := a.NUTS("DE111"); ok {
		t.Error("DE111 is taken for a French code")
	}
}

func TestCOMHaveNoPoint(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	noumea, _ := a.Ordinal("98818")
	if a.Commune(noumea).HasPoint {
		t.Error("a point was invented for Nouméa")
	}
	if _, ok := a.Distance(noumea, 0); ok {
		t.Error("Nouméa is at a distance")
	}
	if _, err := a.Compile(RadiusOf("98818", 20)); !errors.Is(err, ErrNoPoint) {
		t.Errorf("a radius around Nouméa: %v", err)
	}
	if _, err := a.Compile(NeighboursOf(Ref{KindCommune, "98818"})); !errors.Is(err, ErrNoPoint) {
		t.Errorf("neighbours of Nouméa: %v", err)
	}
	if _, ok := a.Bound(mustSet(t, "departement:988")); ok {
		t.Error("New Caledonia has a bound")
	}
	everything, _ := a.Compile(RadiusAt(a.Commune(0).Point, MaxKm))
	for _, ord := range everything.Set.Ordinals() {
		if !a.Commune(int(ord)).HasPoint {
			t.Fatalf("%s is in a radius", a.Commune(int(ord)).Code)
		}
	}
}

func TestUnknownCodesSayWhatIsNear(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	for ref, want := range map[string]string{
		"commune:14513":            "50592",          // Pont-Farcy: who holds it
		"commune:38000":            "postal:38000",   // a postal code taken for an INSEE one
		"departement:99":           "departement:",   // one character away
		"epci:200040450":           "epci:200040459", // a slip
		"federation2012:rhone-alp": "federation2012:rhone-alpes",
		"postal:26362":             "commune:26362",
	} {
		_, err := a.Of(mustRef(t, ref))
		var unknown *UnknownError
		if !errors.As(err, &unknown) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want a mention of %s", ref, err, want)
		}
	}
}

func TestDamagedFactsAreRefused(t *testing.T) {
	t.Parallel()
	good := fstest.MapFS{}
	sub := cog.Embedded()
	names, err := fs.Glob(sub, "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		raw, err := fs.ReadFile(sub, n)
		if err != nil {
			t.Fatal(err)
		}
		good[n] = &fstest.MapFile{Data: raw}
	}
	for _, n := range names {
		whole := good[n]
		for what, data := range map[string][]byte{
			"truncated":      whole.Data[:len(whole.Data)/2],
			"empty":          nil,
			"another header": append([]byte("x"), whole.Data...),
		} {
			good[n] = &fstest.MapFile{Data: data}
			a, err := Read(good)
			if err == nil {
				_, err = a.Replay(a.vintage) // the movements are read later
			}
			if err == nil {
				t.Errorf("%s %s is accepted", n, what)
			}
		}
		good[n] = whole
	}
}
