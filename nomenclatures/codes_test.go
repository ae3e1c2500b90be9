package nomenclatures

import (
	"testing"
)

func TestParseCPV(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]CPV{
		"45000000":    "45000000",
		"45000000-7":  "45000000",
		"450000007":   "45000000",
		"9310000":     "09310000",
		"9310000-5":   "09310000",
		" 90 911 200": "90911200",
	} {
		if got, err := ParseCPV(text); err != nil || got != want {
			t.Errorf("ParseCPV(%q) = %q, %v; want %q", text, got, err, want)
		}
	}
	for _, text := range []string{"", "45", "4500000x", "00123456", "45000000-", "45000000-12", "1234567890", "45000000-x"} {
		if got, err := ParseCPV(text); err == nil {
			t.Errorf("ParseCPV(%q) = %q", text, got)
		}
	}
}

func TestParseOthers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"naf:81.21z": "naf:8121Z", "naf: 7820z ": "naf:7820Z", "rome:k 2204": "rome:K2204",
		"descriptor:0239": "descriptor:239", "sector:Peinture": "sector:peinture", "CPV:9310000": "cpv:09310000",
		"sector:Nettoyage de locaux": "sector:nettoyage-locaux",
	} {
		if got, err := ParseCode(text); err != nil || got.String() != want {
			t.Errorf("ParseCode(%q) = %q, %v; want %q", text, got, err, want)
		}
	}
	for _, text := range []string{"naf:8121", "naf:00.00Z", "rome:Z1101", "rome:K22", "descriptor:", "descriptor:12345",
		"descriptor:x", "sector:nope", "colour:blue", "45000000"} {
		if got, err := ParseCode(text); err == nil {
			t.Errorf("ParseCode(%q) = %q", text, got)
		}
	}
}

func FuzzParseCode(f *testing.F) {
	for _, s := range []string{"cpv:45000000-7", "naf:81.21Z", "rome:K2204", "descriptor:01", "sector:peinture", "cpv:9310000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseCode(s)
		if err != nil {
			return
		}
		if again, err := ParseCode(c.String()); err != nil || again != c {
			t.Fatalf("%q reads as %q, which reads as %q, %v", s, c, again, err)
		}
		if kin, v := Closeness(c, c); kin != Same || v != 1 {
			t.Fatalf("%q is %s %v to itself", c, kin, v)
		}
	})
}

func TestTreeOfCPV(t *testing.T) {
	t.Parallel()
	levels := map[Level]int{}
	for _, c := range tables().cpvCodes {
		levels[c.Level()]++
		p, ok := c.Parent()
		if ok == (c.Level() == Division) {
			t.Errorf("%s: a parent %v at level %s", c, ok, c.Level())
		}
		if ok && (!p.Known() || !p.Covers(c) || c.Covers(p)) {
			t.Errorf("%s: the parent is %s", c, p)
		}
	}
	want := map[Level]int{Division: 45, Group: 272, Class: 1002, Category: 2379, Subcategory: 5756}
	for l, n := range want {
		if levels[l] != n {
			t.Errorf("%d codes at level %s, want %d", levels[l], l, n)
		}
	}
	if got := CPV("90910000").Children(); len(got) != 9 || got[0] != "90911000" {
		t.Errorf("children of 90910000: %v", got)
	}
	if !CPV("85312110").ReservableToESS() || CPV("90911200").ReservableToESS() {
		t.Error("article 77 lists 85312110 and not 90911200")
	}
	if got := CPV("45000000").CheckDigit(); got != "7" {
		t.Errorf("check digit of 45000000: %q", got)
	}
}

func TestLabels(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"cpv:90911200":    "Services de nettoyage de bâtiments",
		"rome:K2204":      "Nettoyage de locaux",
		"naf:81.21Z":      "Nettoyage courant des bâtiments",
		"descriptor:239":  "Nettoyage de locaux",
		"sector:peinture": "Peinture & Revêtement des murs",
		"cpv:90911999":    "",
	} {
		c, err := ParseCode(code)
		if err != nil || c.Label() != want {
			t.Errorf("label of %s: %q, %v", code, c.Label(), err)
		}
	}
	if got := Sector("peinture").Label("en"); got != "Painting and wall covering" {
		t.Errorf("English label: %q", got)
	}
	if n := len(ROME("K2204").Appellations()); n < 10 {
		t.Errorf("K2204 has %d job titles", n)
	}
}

func TestEveryHeadingIsNamedInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, c := range tables().cpvCodes {
		if c.DivisionLabel("fr") == "" || c.DivisionLabel("en") == "" {
			t.Fatalf("division of %s: %q, %q", c, c.DivisionLabel("fr"), c.DivisionLabel("en"))
		}
	}
	for _, c := range tables().romeCodes {
		if c.MajorDomainLabel("fr") == "" || c.MajorDomainLabel("en") == "" {
			t.Fatalf("major domain of %s is not named", c)
		}
	}
	if got := CPV("90911200").DivisionLabel("en"); got != "Sewage, waste, cleaning and environment" {
		t.Errorf("division of 90911200: %q", got)
	}
	if len(tables().headings) != 45+14 {
		t.Errorf("%d headings", len(tables().headings))
	}
}
