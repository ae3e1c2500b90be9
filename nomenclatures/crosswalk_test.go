package nomenclatures

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestEveryCodeOfTheCrosswalkExists(t *testing.T) {
	t.Parallel()
	for _, s := range Sectors() {
		for _, c := range slices.Concat(s.CPV, s.LooseCPV) {
			if !c.Known() {
				t.Errorf("%s: CPV %s is not in the vocabulary", s.Code, c)
			}
		}
		for _, c := range slices.Concat(s.ROME, s.LooseROME) {
			if !c.Known() {
				t.Errorf("%s: ROME %s is not in the table", s.Code, c)
			}
		}
		for _, c := range slices.Concat(s.Descriptors, s.LooseDescriptors) {
			if !c.Known() {
				t.Errorf("%s: descriptor %s was never observed", s.Code, c)
			}
		}
		for _, c := range slices.Concat(s.NAF, s.LooseNAF) {
			if c.Label() == "" {
				t.Errorf("%s: NAF %s is not listed", s.Code, c.Dotted())
			}
		}
	}
	for pair := range joined().near {
		if !pair[0].Known() {
			t.Errorf("near: ROME %s is not in the table", pair[0])
		}
	}
}

func TestEverySectorReachesACPVAndAnOccupation(t *testing.T) {
	t.Parallel()
	for _, s := range Sectors() {
		if len(s.CPV)+len(s.LooseCPV) == 0 {
			t.Errorf("%s reaches no CPV", s.Code)
		}
		if len(s.ROME) == 0 {
			t.Errorf("%s reaches no occupation", s.Code)
		}
		if len(joined().words[joined().ordinal[s.Code]]) == 0 {
			t.Errorf("%s has no word", s.Code)
		}
	}
}

func TestSectorsAreWellNamed(t *testing.T) {
	t.Parallel()
	slug := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	names := map[string]Sector{}
	if n := len(joined().sectors); n > 192 || n < 154 {
		t.Fatalf("%d sectors: the masks hold 154 to 192", n)
	}
	for _, s := range Sectors() {
		if !slug.MatchString(string(s.Code)) {
			t.Errorf("%q is no slug", s.Code)
		}
		if other, twice := names[fold(s.FR)]; twice {
			t.Errorf("%s and %s have the same name %q", s.Code, other, s.FR)
		}
		names[fold(s.FR)] = s.Code
		if s.Group == "" || s.GroupFR == "" || s.GroupEN == "" {
			t.Errorf("%s: the group lacks a name", s.Code)
		}
		if got, err := ParseSector(s.FR); err != nil || got != s.Code {
			t.Errorf("ParseSector(%q) = %q, %v; want %q", s.FR, got, err, s.Code)
		}
	}
}

func TestAWordingIsSaidOnceInASector(t *testing.T) {
	t.Parallel()
	for i, list := range joined().words {
		seen := map[string]bool{}
		for _, p := range list { // a weak word of notices may be a sure one to type
			key := []string{map[bool]string{true: "also", false: "words"}[p.searchOnly]}
			for _, w := range meaningful(p.text) {
				key = append(key, w.text)
			}
			k := strings.Join(key, " ")
			if len(key) == 1 {
				t.Errorf("%s: %q is made of small words only", joined().sectors[i].Code, p.text)
			}
			if seen[k] {
				t.Errorf("%s: %q is said twice", joined().sectors[i].Code, p.text)
			}
			seen[k] = true
		}
	}
}

func TestEveryDescriptorIsMappedOrSilent(t *testing.T) {
	t.Parallel()
	for d := range tables().descriptors {
		_, silent := SilentDescriptor(d)
		mapped := len(SectorsOf(d.Code())) > 0
		if mapped == silent {
			t.Errorf("descriptor %s %s: mapped %v, silent %v", d, d.Label(), mapped, silent)
		}
	}
	for d := range joined().silent {
		if !d.Known() {
			t.Errorf("silent descriptor %s was never observed", d)
		}
	}
}

func TestSilentNAFLeadToStaffingOnly(t *testing.T) {
	t.Parallel()
	for _, c := range tables().nafCodes {
		reason, silent := Silence(c)
		if silent == Telling(c) {
			t.Errorf("%s is both telling and silent (%q)", c.Dotted(), reason)
		}
		if !silent {
			continue
		}
		for _, s := range SectorsOf(c.Code()) {
			if info, _ := LookupSector(s); !info.Staffing {
				t.Errorf("%s says nothing of the trade yet leads to %s", c.Dotted(), s)
			}
		}
	}
	for _, c := range []NAF{"8899B", "9499Z", "7810Z", "7820Z", "7830Z", "7010Z", "8299Z", "8411Z"} {
		if Telling(c) {
			t.Errorf("%s tells a trade", c.Dotted())
		}
	}
	for _, c := range []NAF{"8121Z", "8130Z", "5621Z", "0113Z", "3832Z"} {
		if !Telling(c) || len(SectorsOf(c.Code())) == 0 {
			t.Errorf("%s tells no trade", c.Dotted())
		}
	}
}

func TestNAFIsTheWholeNomenclature(t *testing.T) {
	t.Parallel()
	if n := len(tables().nafCodes); n != 732 {
		t.Errorf("%d NAF codes, the nomenclature rev. 2 has 732", n)
	}
	if !slices.IsSorted(tables().nafCodes) {
		t.Error("naf.tsv is not sorted")
	}
}

// beyond are the divisions in which no insertion enterprise has a trade: water,
// networks, insurance, property, oil and gas.
var beyond = []CPV{"41000000", "65000000", "66000000", "70000000", "76000000"}

func TestDivisionsReachASector(t *testing.T) {
	t.Parallel()
	reached := map[string]bool{}
	for _, s := range Sectors() {
		for _, c := range slices.Concat(s.CPV, s.LooseCPV) {
			reached[string(c[:2])] = true
		}
	}
	for _, c := range tables().cpvCodes {
		if c.Level() != Division {
			continue
		}
		if out := slices.Contains(beyond, c); out == reached[string(c[:2])] {
			t.Errorf("division %s %s: reached %v, listed as beyond %v", c, c.Label(), reached[string(c[:2])], out)
		}
	}
}

func TestCPVResolvesToItsMostSpecificPrefix(t *testing.T) {
	t.Parallel()
	for _, tt := range cases(t, "cpv.tsv", 2) {
		c, want := CPV(tt[0]), Sector(tt[1])
		if got := SectorsOf(c.Code()); !slices.Contains(got, want) {
			t.Errorf("SectorsOf(%s %s) = %v, want %s", c, c.Label(), got, want)
		}
	}
	for c, not := range map[CPV]Sector{
		"33111000": "protection-sanitaire", // X-ray equipment
		"34700000": "vehicules-occasion",   // aircraft
		"60400000": "transport-personnes",  // air transport
		"35300000": "securite-autre",       // weapons
	} {
		if got := SectorsOf(c.Code()); slices.Contains(got, not) {
			t.Errorf("SectorsOf(%s %s) holds %s", c, c.Label(), not)
		}
	}
}

// A code that only may mean a sector keeps the sure ones of its parent, first.
func TestLooseCodeKeepsItsParentsSectors(t *testing.T) {
	t.Parallel()
	c := CPV("90511100")
	got := SectorsOf(c.Code())
	sure := slices.Index(got, "dechets-autre")
	maybe := slices.IndexFunc(got, func(s Sector) bool { return strings.HasSuffix(string(s), "-encombrants") })
	if sure != 0 || maybe <= sure {
		t.Errorf("SectorsOf(%s) = %v, want dechets-autre first, then the bulky waste", c, got)
	}
}

func TestUnknownCPVStandsWithItsPrefix(t *testing.T) {
	t.Parallel()
	c := CPV("90911999")
	if c.Known() {
		t.Fatal("the example exists")
	}
	if got := SectorsOf(c.Code()); !slices.Contains(got, "nettoyage-locaux") {
		t.Errorf("SectorsOf(%s) = %v", c, got)
	}
}

func TestBroadCPVTellsWhatItHolds(t *testing.T) {
	t.Parallel()
	under := SectorsUnder("45000000")
	for _, s := range []Sector{"peinture", "plomberie", "menuiserie", "vrd"} {
		if !slices.Contains(under, s) {
			t.Errorf("SectorsUnder(45000000) lacks %s", s)
		}
	}
}

func TestReadCrosswalkRefuses(t *testing.T) {
	t.Parallel()
	head := "group g | G | G\nsector s | S | S\n"
	for name, text := range map[string]string{
		"a sector before any group":  "sector s | S | S",
		"a code before any sector":   "group g | G | G\ncpv 90",
		"an unknown keyword":         head + "colour blue",
		"a sector listed twice":      head + "sector s | S2 | S2",
		"a code listed twice":        head + "cpv 9091 ~9091",
		"a prefix too long":          head + "cpv 909100000",
		"a NAF family without codes": head + "naf 77.9*",
		"an empty wording":           head + "words a,,b",
		"a sector without English":   "group g | G | G\nsector s | S",
		"a silent without reason":    head + "silent 12",
	} {
		if _, err := readCrosswalk(text, []NAF{"8121Z"}); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestTablesRefuseAShortLine(t *testing.T) {
	t.Parallel()
	err := eachRow("x", "a\tb\n# c\na\n", 2, func([]string) error { return nil })
	if err == nil || !strings.Contains(err.Error(), "line 3") {
		t.Errorf("error %v, want one on line 3", err)
	}
}
