package nomenclatures

import (
	"slices"
	"strings"
	"testing"
)

func TestEachAptitudeReadsWhole(t *testing.T) {
	t.Parallel()
	kinds := []AptitudeKind{Licence, Certificate, Skill}
	last := 0
	for _, info := range Aptitudes() {
		at := slices.Index(kinds, info.Kind)
		if at < last {
			t.Errorf("%s: kind %q is unknown or out of order", info.Code, info.Kind)
		}
		last = at
		plain, _, _ := strings.Cut(info.FR, " (")
		for _, text := range []string{string(info.Code), info.FR, strings.ToUpper(info.EN), plain, strings.ReplaceAll(string(info.Code), "-", " ")} {
			if got, err := ParseAptitude(text); err != nil || got != info.Code {
				t.Errorf("ParseAptitude(%q) = %q, %v; want %q", text, got, err, info.Code)
			}
		}
		for _, head := range info.ROME {
			if !slices.ContainsFunc(tables().romeCodes, func(c ROME) bool { return strings.HasPrefix(string(c), head) }) {
				t.Errorf("%s: no occupation begins with %q", info.Code, head)
			}
		}
	}
}

func TestAptitudesAreChosenNotTyped(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "dettes", "permis", "sortant de prison"} {
		if got, err := ParseAptitude(text); err == nil {
			t.Errorf("ParseAptitude(%q) = %q; a refusal is wanted", text, got)
		}
	}
}

func TestFluencyReadsItself(t *testing.T) {
	t.Parallel()
	for f := Fluency(0); f <= 6; f++ {
		if got, err := ParseFluency(f.String()); err != nil || got != f {
			t.Errorf("ParseFluency(%q) = %d, %v", f, got, err)
		}
	}
	if _, err := ParseFluency("D1"); err == nil {
		t.Error("D1 is no level")
	}
}

func TestAptitudesAreFoundFromEverydayWords(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]Aptitude{"permis b": "permis-b", "chariot frontal": "caces-r489-3", "MONOBROSSE": "monobrosse", "car licence": "permis-b", "permis-b": "permis-b"} {
		found := SearchAptitudes(words, 5)
		if !slices.ContainsFunc(found, func(a AptitudeInfo) bool { return a.Code == want }) {
			t.Errorf("%q finds %v, not %s", words, found, want)
		}
	}
	if len(SearchAptitudes("zzz", 5)) != 0 || len(SearchAptitudes("", 3)) != 3 {
		t.Error("words that mean nothing find something, or nothing asks nothing")
	}
	if len(AptitudesOf("G1501")) == 0 {
		t.Error("cleaning of rooms asks for nothing")
	}
}
