package territories

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func TestCanonicalForm(t *testing.T) {
	t.Parallel()
	drome, isere, valence := `{"territory":"departement:26"}`, `{"territory":"departement:38"}`, `{"territory":"commune:26362"}`
	for text, want := range map[string]string{
		` { "territory" : " DEPARTEMENT:2a " } `:                                                `{"territory":"departement:2A"}`,
		`{"any":[` + isere + `,` + drome + `,` + isere + `]}`:                                   `{"any":[` + drome + `,` + isere + `]}`,
		`{"any":[{"any":[` + isere + `]},{"any":[{"nowhere":true},` + drome + `]}]}`:            `{"any":[` + drome + `,` + isere + `]}`,
		`{"any":[` + drome + `]}`:                                                               drome,
		`{"any":[` + drome + `,{"everywhere":true}]}`:                                           `{"everywhere":true}`,
		`{"both":[` + drome + `,{"everywhere":true}]}`:                                          drome,
		`{"both":[` + drome + `,{"nowhere":true}]}`:                                             `{"nowhere":true}`,
		`{"any":[` + drome + `,{"both":[` + drome + `,` + isere + `]}]}`:                        drome,
		`{"both":[` + drome + `,{"any":[` + drome + `,` + isere + `]}]}`:                        drome,
		`{"except":[` + drome + `,{"nowhere":true}]}`:                                           drome,
		`{"except":[` + drome + `,` + drome + `]}`:                                              `{"nowhere":true}`,
		`{"except":[` + drome + `,{"any":[` + valence + `,` + drome + `]}]}`:                    `{"nowhere":true}`,
		`{"except":[{"except":[` + drome + `,` + valence + `]},` + isere + `]}`:                 `{"except":[` + drome + `,{"any":[` + valence + `,` + isere + `]}]}`,
		`{"on":"2012-01-01","of":{"on":"2010-01-01","of":` + drome + `}}`:                       `{"on":"2010-01-01","of":` + drome + `}`,
		`{"of":{"everywhere":true},"on":"2012-01-01"}`:                                          `{"everywhere":true}`,
		`{"radius":{"km":20.0,"commune":"26281"}}`:                                              `{"radius":{"commune":"26281","km":20}}`,
		`{"radius":{"km":2e1,"lat":45.0400000001,"lon":-0.00000000001}}`:                        `{"radius":{"lon":0,"lat":45.04,"km":20}}`,
		`{"territory":"commune:75101"}`:                                                         `{"territory":"arrondissement:75101"}`,
		`{"territory":"federation2012:Provence"}`:                                               `{"territory":"federation2012:provence"}`,
		`{"polygon":{"type":"Polygon","coordinates":[[[1,1],[0,1],[0,0],[1,0],[1,1]]]}}`:        `{"polygon":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}}`,
		`{"polygon":{"type":"MultiPolygon","coordinates":[[[[1,0],[1,1],[0,1],[0,0],[0,0]]]]}}`: `{"polygon":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}}`,
	} {
		e, err := ParseExpr([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if e.String() != want {
			t.Errorf("%s\ngives %s\nwant  %s", text, e, want)
		}
	}
}

func TestParseExprRefuses(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"except":[{"everywhere":true},`, 40) + `{"territory":"departement:26"}` + strings.Repeat(`]}`, 40)
	for text, want := range map[string]string{
		``:                                 "JSON object",
		`[]`:                               "JSON object",
		`"departement:26"`:                 "JSON object",
		`{}`:                               "want one of",
		`{"territory":"departement:26"} x`: "follows the end",
		`{"territory":26}`:                 "at territory: want a text",
		`{"territory":"26"}`:               "names no kind",
		`{"territory":"canton:26"}`:        "not a kind",
		`{"territory":"departement:2C"}`:   "not the code",
		`{"territory":"commune:26"}`:       "not the INSEE code",
		`{"territory":"departement:26","territory":"departement:38"}`:               "twice",
		`{"territory":"departement:26","km":3}`:                                     "want one of",
		`{"zone":"departement:26"}`:                                                 "at zone: unknown form",
		`{"everywhere":false}`:                                                      "must be true",
		`{"any":[]}`:                                                                "one perimeter or more",
		`{"any":{}}`:                                                                "one perimeter or more",
		`{"except":[{"everywhere":true}]}`:                                          "two perimeters",
		`{"any":[{"everywhere":true},{"radius":{"commune":"26281"}}]}`:              "at any[1].radius.km: missing",
		`{"radius":{"commune":"26281","km":-1}}`:                                    "-1 km",
		`{"radius":{"commune":"26281","km":50000}}`:                                 "50000 km",
		`{"radius":{"commune":"26281","km":"20"}}`:                                  "want a number",
		`{"radius":{"commune":"26281","km":null}}`:                                  "want a number",
		`{"radius":{"commune":26281,"km":20}}`:                                      "as a text",
		`{"radius":{"lon":5,"km":20}}`:                                              "want commune and km",
		`{"radius":{"lon":500,"lat":45,"km":20}}`:                                   "longitude",
		`{"polygon":{"type":"Point","coordinates":[1,2]}}`:                          "Polygon or a MultiPolygon",
		`{"polygon":{"type":"Polygon","coordinates":[]}}`:                           "empty",
		`{"polygon":{"type":"Polygon","coordinates":[[[0,0],[1,1],[0,0]]]}}`:        "encloses nothing",
		`{"polygon":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,95],[0,0]]]}}`: "latitude",
		`{"polygon":null}`:                                                          "GeoJSON",
		`{"on":"2012-13-01","of":{"everywhere":true}}`:                              "at on: want a date",
		`{"on":"2012-01-01"}`:                                                       "go together",
		`{"of":{"everywhere":true}}`:                                                "go together",
		deep:                                                                        "deep",
	} {
		_, err := ParseExpr([]byte(text))
		var located *ExprError
		if !errors.As(err, &located) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.80s: %v, want %q", text, err, want)
		}
	}
}

func TestBounds(t *testing.T) {
	t.Parallel()
	var many []string
	for i := range MaxTerms + 1 {
		many = append(many, fmt.Sprintf(`{"territory":"postal:%05d"}`, i))
	}
	if _, err := ParseExpr([]byte(`{"any":[` + strings.Join(many, ",") + `]}`)); err == nil {
		t.Error("too many terms are accepted")
	}
	var pins []Expr
	for i := range MaxDates + 1 {
		pins = append(pins, On(Date{1990 + i, 1, 1}, In(Ref{KindDepartement, "26"})))
	}
	if AnyOf(pins...).Check() == nil || AnyOf(pins[1:]...).Check() != nil {
		t.Error("pins to dates are not bounded as said")
	}
	var ring orb.Ring
	for i := range MaxVertices + 1 {
		ring = append(ring, orb.Point{float64(i) / 1000, float64(i%2) / 100})
	}
	ring = append(ring, orb.Point{10, 10})
	if _, err := atlas(t).Compile(Polygon(orb.Polygon{ring})); err == nil {
		t.Error("too many vertices are accepted")
	}
	if _, err := ParseExpr([]byte(strings.Repeat(" ", MaxText+1))); err == nil {
		t.Error("too long a text is accepted")
	}
	e := Everywhere()
	for range MaxDepth + 1 {
		e = BothOf(Except(e, In(Ref{KindDepartement, "26"})), In(Ref{KindDepartement, "38"}))
	}
	if e.Check() == nil {
		t.Error("too deep a nesting is accepted")
	}
	if _, err := json.Marshal(e); err == nil {
		t.Error("too deep a nesting is written")
	}
}

func TestConstructorsRememberTheirFaults(t *testing.T) {
	t.Parallel()
	for _, e := range []Expr{
		In(Ref{"canton", "26"}), In(Ref{KindDepartement, "xyz"}), NeighboursOf(Ref{}), RadiusOf("26", 10),
		RadiusOf("26281", -1), RadiusAt(orb.Point{0, 95}, 3), Polygon(orb.Point{1, 2}), Polygon(nil),
		On(Date{2012, 2, 30}, In(Ref{KindDepartement, "26"})),
		AnyOf(In(Ref{KindDepartement, "26"}), RadiusOf("26", 10)),
	} {
		if _, err := atlas(t).Compile(e); err == nil {
			t.Errorf("%s compiles", e)
		}
	}
}

func TestZeroExprIsNowhere(t *testing.T) {
	t.Parallel()
	var zero Expr
	p, err := atlas(t).Compile(zero)
	if err != nil || p.Set.Len() != 0 || zero.String() != `{"nowhere":true}` || !zero.IsNowhere() {
		t.Errorf("%s: %d communes, %v", zero, p.Set.Len(), err)
	}
	var read struct{ Zone Expr }
	if err := json.Unmarshal([]byte(`{"Zone":null}`), &read); err != nil || !read.Zone.IsNowhere() {
		t.Errorf("null gives %s: %v", read.Zone, err)
	}
}

func TestCanonicalFormIsIdempotent(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	rapid.Check(t, func(t *rapid.T) {
		e := anyExpr(a, 3).Draw(t, "e")
		if e.Check() != nil {
			t.Skip("out of bounds")
		}
		raw, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		back, err := ParseExpr(raw)
		if err != nil || !back.Equal(e) {
			t.Fatalf("%s is read back as %s: %v", e, back, err)
		}
		p, err := a.Compile(e)
		q, err2 := a.Compile(back)
		if err != nil || err2 != nil || p != q {
			t.Fatalf("one text, two perimeters: %v %v", err, err2)
		}
	})
}

// The canonical form never changes what is meant: the constructors, which
// simplify, agree with the operations on sets, which do not.
func TestAlgebra(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	rapid.Check(t, func(t *rapid.T) {
		set := func(e Expr) *Set {
			p, err := a.Compile(e)
			if err != nil {
				t.Skip(err)
			}
			return p.Set
		}
		x, y, z := anyExpr(a, 2).Draw(t, "x"), anyExpr(a, 2).Draw(t, "y"), anyExpr(a, 1).Draw(t, "z")
		sx, sy, sz := set(x), set(y), set(z)
		for name, c := range map[string]struct {
			e    Expr
			want *Set
		}{
			"any":             {AnyOf(x, y, z), sx.Or(sy).Or(sz)},
			"both":            {BothOf(x, y, z), sx.And(sy).And(sz)},
			"except":          {Except(x, y), sx.AndNot(sy)},
			"except twice":    {Except(Except(x, y), z), sx.AndNot(sy).AndNot(sz)},
			"except any":      {Except(x, AnyOf(y, z)), sx.AndNot(sy.Or(sz))},
			"distributed":     {AnyOf(BothOf(x, y), BothOf(x, z)), sx.And(sy.Or(sz))},
			"absorbed":        {AnyOf(x, BothOf(x, y)), sx},
			"absorbed inside": {BothOf(x, AnyOf(x, y)), sx},
			"complement":      {Except(Everywhere(), Except(Everywhere(), x)), sx},
		} {
			if got := set(c.e); !got.Equal(c.want) {
				t.Fatalf("%s of %s, %s, %s: %d communes, want %d", name, x, y, z, got.Len(), c.want.Len())
			}
		}
		if !AnyOf(x, y, z).Equal(AnyOf(z, AnyOf(y, x))) || !BothOf(x, y, z).Equal(BothOf(BothOf(z, y), x)) {
			t.Fatal("order or grouping shows in the text")
		}
	})
}

// TestPerimetersAreInterned compiles one text from many goroutines.
func TestPerimetersAreInterned(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	e := AnyOf(In(Ref{KindDepartement, "26"}), RadiusOf("07186", 33))
	got := make([]*Perimeter, 16)
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() { got[i], _ = a.Compile(e) })
	}
	wg.Wait()
	for _, p := range got {
		if p == nil || p != got[0] {
			t.Fatal("one text, several perimeters")
		}
	}
	other, err := a.Compile(In(Ref{KindDepartement, "26"}))
	if err != nil || other.ID == got[0].ID {
		t.Errorf("two perimeters share an identifier: %v", err)
	}
}

// Two that compile one text at the same time get the same perimeter.
func TestFirstCompiledIsKept(t *testing.T) {
	t.Parallel()
	p := newPool()
	e := In(Ref{KindDepartement, "26"})
	first := p.put(e, SetOf(1), 10)
	if second := p.put(e, SetOf(1), 10); second != first {
		t.Error("the second takes the place of the first")
	}
	runtime.KeepAlive(first)
}

// Perimeters that nobody uses go away: a server compiles many passing ones.
func TestUnusedPerimetersAreForgotten(t *testing.T) {
	a := atlas(t).With(WithAdjacency(nil))
	for i := range 200 {
		if _, err := a.Compile(RadiusAt(orb.Point{2, 48}, float64(i))); err != nil {
			t.Fatal(err)
		}
	}
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		runtime.GC()
		a.interned.mu.Lock()
		n := len(a.interned.held)
		a.interned.mu.Unlock()
		if n == 0 {
			return
		}
	}
	t.Error("perimeters that nobody uses are still held")
}

func TestNeighbours(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	var deps []string
	around := mustCompile(t, `{"neighbours":"departement:26"}`).Set
	for _, r := range a.Refs(KindDepartement) {
		if s, _ := a.Of(r); around.Intersects(s) {
			deps = append(deps, r.Code)
			if !around.Covers(s) {
				t.Errorf("%s is taken in part", r)
			}
		}
	}
	if got := strings.Join(deps, " "); got != "04 05 07 38 84" {
		t.Errorf("the départements around the Drôme: %s", got)
	}
	near := mustCompile(t, `{"neighbours":"commune:26281"}`).Set
	romans, _ := a.Ordinal("26281")
	bourg, _ := a.Ordinal("26057") // Bourg-de-Péage, across the Isère
	if near.Contains(romans) || !near.Contains(bourg) {
		t.Errorf("around Romans: %s", codes(t, near))
	}
	if mustCompile(t, `{"neighbours":"epci:200068781"}`).Set.Intersects(mustSet(t, "epci:200068781")) {
		t.Error("an EPCI is its own neighbour")
	}
}

type pairs map[int][]int

func (p pairs) Neighbours(ord int) []int { return p[ord] }

func TestNeighboursFromElsewhere(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	romans, _ := a.Ordinal("26281")
	b := a.With(WithAdjacency(pairs{romans: {0, 1}}))
	p, err := b.Compile(NeighboursOf(Ref{KindCommune, "26281"}))
	if err != nil || fmt.Sprint(p.Set.Ordinals()) != "[0 1]" {
		t.Errorf("%v, %v", p.Set.Ordinals(), err)
	}
}

func FuzzParseExpr(f *testing.F) {
	for _, s := range []string{
		`{"territory":"departement:26"}`, `{"radius":{"commune":"26281","km":20}}`, `{"radius":{"lon":5.05,"lat":45.04,"km":20}}`,
		`{"polygon":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}`, `{"neighbours":"epci:200040459"}`,
		`{"any":[{"everywhere":true},{"nowhere":true}]}`, `{"except":[{"territory":"region:84"},{"territory":"postal:26100"}]}`,
		`{"on":"2012-01-01","of":{"territory":"departement:26"}}`,
	} {
		f.Add([]byte(s))
	}
	a := atlas(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := ParseExpr(b)
		if err != nil {
			return
		}
		again, err := ParseExpr([]byte(e.String()))
		if err != nil || again.String() != e.String() {
			t.Fatalf("%s is read back as %s: %v", e, again, err)
		}
		p, err := a.Compile(e)
		q, err2 := a.Compile(again)
		if (err == nil) != (err2 == nil) || p != q {
			t.Fatalf("%s compiles to two things: %v, %v", e, err, err2)
		}
		a.Describe(e, "fr")
	})
}
