package nomenclatures

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// anyCode draws a code of any scheme: most from the tables, some well formed
// that no table lists.
func anyCode(t *rapid.T, name string) Code {
	tab := tables()
	switch rapid.SampledFrom(Schemes()).Draw(t, name+" scheme") {
	case SchemeCPV:
		if rapid.IntRange(0, 9).Draw(t, name+" listed") == 0 {
			return CPV(rapid.StringMatching(`[1-9][0-9]{7}`).Draw(t, name)).Code()
		}
		return rapid.SampledFrom(tab.cpvCodes).Draw(t, name).Code()
	case SchemeROME:
		return rapid.SampledFrom(tab.romeCodes).Draw(t, name).Code()
	case SchemeNAF:
		return rapid.SampledFrom(tab.nafCodes).Draw(t, name).Code()
	case SchemeDescriptor:
		codes := keys(tab.descriptors)
		slices.Sort(codes)
		return rapid.SampledFrom(codes).Draw(t, name).Code()
	}
	return rapid.SampledFrom(joined().sectors).Draw(t, name).Code.Code()
}

func TestClosenessRules(t *testing.T) {
	t.Parallel()
	turned := map[Kinship]Kinship{Child: Parent, Parent: Child}
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyCode(t, "a"), anyCode(t, "b")
		kin, v := Closeness(a, b)
		if v < 0 || v > 1 {
			t.Fatalf("%s, %s: value %v out of 0..1", a, b, v)
		}
		if (kin == Same) != (a == b) || (v == 1) != (a == b) {
			t.Fatalf("%s, %s: %s %v; only a code itself is the same", a, b, kin, v)
		}
		if (kin == NoneInSight) != (v == 0) {
			t.Fatalf("%s, %s: %s %v; none and 0 go together", a, b, kin, v)
		}
		back, w := Closeness(b, a)
		want := kin
		if k, ok := turned[kin]; ok {
			want = k
		}
		if w != v || back != want {
			t.Fatalf("%s, %s: %s %v forward, %s %v back", a, b, kin, v, back, w)
		}
		if again, x := Closeness(a, b); again != kin || x != v {
			t.Fatalf("%s, %s: %s %v, then %s %v", a, b, kin, v, again, x)
		}
	})
}

func TestCompiledIsTheBestOfAll(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		offered := anyCode(t, "offered")
		asked := make([]Code, rapid.IntRange(0, 5).Draw(t, "n"))
		for i := range asked {
			asked[i] = anyCode(t, "asked")
		}
		kin, v, at := NoneInSight, 0.0, Code{}
		for _, c := range asked {
			if k, w := Closeness(offered, c); w > v || w == v && slices.Index(kinships[:], k) < slices.Index(kinships[:], kin) {
				kin, v, at = k, w, c
			}
		}
		compiled := Compile(asked)
		if k, w, c := compiled.Best(offered); k != kin || w != v || c != at {
			t.Fatalf("Best(%s) of %v = %s %v %s, want %s %v %s", offered, asked, k, w, c, kin, v, at)
		}
		if k, w, c := compiled.BestOf(Pin(offered)); k != kin || w != v || c != at {
			t.Fatalf("BestOf(%s) of %v = %s %v %s, want %s %v %s", offered, asked, k, w, c, kin, v, at)
		}
	})
}

// A parent nearer to the code is worth at least as much as one farther up, and
// at least as much as a cousin through it.
func TestCloserInTheCPVTreeIsWorthMore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(tables().cpvCodes).Draw(t, "c")
		before := 1.0
		for p, ok := c.Parent(); ok; p, ok = p.Parent() {
			if !p.Covers(c) {
				t.Fatalf("%s does not cover %s", p, c)
			}
			_, v := cpvTree(joined().byCPV[p], joined().byCPV[c])
			if v > before {
				t.Fatalf("%s is worth %v to %s, a nearer parent %v", p, v, c, before)
			}
			if kin, _ := Closeness(p.Code(), c.Code()); kin != Parent && kin != SameSector {
				t.Fatalf("%s offered for %s asked: %s", p, c, kin)
			}
			before = v
		}
	})
}

func TestClosenessCases(t *testing.T) {
	t.Parallel()
	tests := []struct {
		offered, asked string
		kin            Kinship
		least, most    float64
	}{
		{"cpv:90911200", "cpv:90911200", Same, 1, 1},
		{"cpv:90910000", "cpv:90911200", SameSector, 0.8, 0.8},  // both are the sector's
		{"cpv:45442121", "cpv:45442100", Child, 0.85, 0.95},     // narrower than asked
		{"cpv:45442100", "cpv:45442121", Parent, 0.85, 0.95},    // broader than asked
		{"cpv:45000000", "cpv:45442100", Parent, 0.4, 0.6},      // all of building, for painting
		{"cpv:45410000", "cpv:45442100", Sibling, 0.2, 0.4},     // plaster, for painting
		{"cpv:45442100", "cpv:72200000", NoneInSight, 0, 0},     // painting, for software
		{"sector:peinture", "cpv:45442100", SameSector, 0.9, 1}, // the trade and its code
		{"sector:plomberie", "cpv:45442100", SameGroup, 0.2, 0.3},
		{"sector:peinture", "cpv:45000000", Child, 0.4, 0.6},
		{"sector:traiteur", "cpv:55521200", Sibling, 0.3, 0.44}, // a near miss
		{"sector:peinture", "cpv:45261000", Child, 0.3, 0.44},   // roofing holds the painting of roofs
		{"sector:nettoyage-locaux", "cpv:90400000", NoneInSight, 0, 0},
		{"rome:F1606", "cpv:45442100", SameSector, 0.8, 0.8}, // a painter lent, for a painting lot
		{"rome:K2204", "cpv:90911200", SameSector, 0.8, 0.8},
		{"rome:A1203", "cpv:77310000", SameSector, 0.8, 0.8},
		{"rome:F1606", "cpv:77310000", NoneInSight, 0, 0},
		{"rome:F1606", "descriptor:264", SameSector, 0.8, 0.8},
		{"rome:K2204", "rome:K1304", Sibling, 0.7, 0.8}, // close occupations
		{"rome:F1606", "rome:F1602", Sibling, 0.4, 0.5}, // same professional domain
		{"rome:F1602", "rome:F1613", Sibling, 0.4, 0.5}, // also far in its list
		{"rome:K2204", "rome:K1901", SameGroup, 0.1, 0.3},
		{"naf:8121Z", "cpv:90911200", SameSector, 0.8, 0.8},
		{"naf:8121Z", "naf:8122Z", Sibling, 0.4, 0.9},
		{"naf:8899B", "cpv:90911200", NoneInSight, 0, 0},  // says nothing of the trade
		{"naf:8899B", "naf:8899A", NoneInSight, 0, 0},     // nor do two that look alike
		{"naf:7820Z", "cpv:79620000", SameSector, 0.8, 1}, // but lending staff is a trade that is bought
		{"descriptor:116", "cpv:77310000", SameSector, 0.8, 0.8},
		{"sector:none-such", "sector:none-such", NoneInSight, 0, 0},
	}
	for _, tt := range tests {
		offered, asked := mustSplit(t, tt.offered), mustSplit(t, tt.asked)
		kin, v := Closeness(offered, asked)
		if kin != tt.kin || v < tt.least || v > tt.most {
			t.Errorf("Closeness(%s, %s) = %s %.2f, want %s %.2f..%.2f", tt.offered, tt.asked, kin, v, tt.kin, tt.least, tt.most)
		}
	}
}

func mustSplit(t *testing.T, s string) Code {
	t.Helper()
	if s == "sector:none-such" {
		return Code{SchemeSector, "none-such"}
	}
	c, err := ParseCode(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestBestNamesTheAskedCode(t *testing.T) {
	t.Parallel()
	asked := Compile([]Code{
		{SchemeCPV, "45000000"}, {SchemeCPV, "45442100"}, {SchemeCPV, "not a code"}, {SchemeCPV, "45442100"},
	})
	if n := len(asked.Codes()); n != 2 {
		t.Errorf("%d codes understood, want 2", n)
	}
	kin, v, at := asked.Best(Code{SchemeROME, "F1606"})
	if kin != SameSector || v != codesOfSector || at.Value != "45442100" {
		t.Errorf("Best = %s %v %s", kin, v, at)
	}
	if kin, v, at := asked.BestOf(Offer{}); kin != NoneInSight || v != 0 || at != (Code{}) {
		t.Errorf("the zero offer is %s %v %s", kin, v, at)
	}
}

// Real notices ask for a division alone: those whose trade it is may answer,
// not those of whom it only holds a corner.
func TestDivisionIsForThoseAtHome(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		sector Sector
		asked  CPV
		match  bool
	}{
		{"maconnerie", "45000000", true}, {"peinture", "45000000", true}, {"espaces-verts", "77000000", true},
		{"espaces-verts", "45000000", false}, {"espaces-verts", "71000000", false}, {"nettoyage-specifique", "45000000", false},
		{"espaces-verts", "45112700", true},
	} {
		_, v := Closeness(c.sector.Code(), c.asked.Code())
		if got := v >= 0.45; got != c.match {
			t.Errorf("%s for %s: %.2f", c.sector, c.asked, v)
		}
	}
}
