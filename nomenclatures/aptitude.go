package nomenclatures

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed tables/aptitudes.tsv
var aptitudeTable string

// Aptitude is what a person can hold and a position can require: a licence, a
// certificate or a skill. The list is closed and is this project's own: what is
// written of people is chosen, never typed, so that nothing else slips in.
type Aptitude string

// AptitudeKind says how an aptitude is obtained.
type AptitudeKind string

// The kinds. A licence is held or not and may lapse; a skill has a level.
const (
	Licence     AptitudeKind = "licence"     // driving licences
	Certificate AptitudeKind = "certificate" // CACES, electrical habilitation, first aid…
	Skill       AptitudeKind = "skill"
)

// Mastery is how far a skill goes: 0 unknown, 1 notions, 2 with help, 3 alone, 4
// can show others. A licence or a certificate has none.
type Mastery uint8

// The bounds of a Mastery.
const (
	MasteryUnknown Mastery = 0
	Notions        Mastery = 1
	WithHelp       Mastery = 2
	Alone          Mastery = 3
	CanShow        Mastery = 4
)

// AptitudeInfo describes an aptitude.
type AptitudeInfo struct {
	Code   Aptitude
	Kind   AptitudeKind
	FR, EN string
	ROME   []string // beginnings of the occupations that often ask for it; none: any
}

// Label names the aptitude in French, in English for "en".
func (a AptitudeInfo) Label(lang string) string {
	if lang == "en" {
		return a.EN
	}
	return a.FR
}

type aptitudeSet struct {
	all []AptitudeInfo
	by  map[Aptitude]int
}

// aptitudes decodes the table once; a fault in it is a fault of the build, and a
// test reads every line.
var aptitudes = sync.OnceValue(func() aptitudeSet {
	s := aptitudeSet{by: map[Aptitude]int{}}
	for line := range strings.Lines(aptitudeTable) {
		cells := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(cells) != 5 || s.has(Aptitude(cells[1])) {
			panic(fmt.Sprintf("aptitudes.tsv: %q", line))
		}
		info := AptitudeInfo{Kind: AptitudeKind(cells[0]), Code: Aptitude(cells[1]), FR: cells[2], EN: cells[3]}
		if cells[4] != "" {
			info.ROME = strings.Fields(cells[4])
		}
		s.by[info.Code] = len(s.all)
		s.all = append(s.all, info)
	}
	return s
})

func (s aptitudeSet) has(a Aptitude) bool { _, ok := s.by[a]; return ok }

// Aptitudes lists them all, licences first, in the order in which they are offered.
func Aptitudes() []AptitudeInfo { return slices.Clone(aptitudes().all) }

// LookupAptitude describes an aptitude.
func LookupAptitude(a Aptitude) (AptitudeInfo, bool) {
	s := aptitudes()
	i, ok := s.by[a]
	if !ok {
		return AptitudeInfo{}, false
	}
	return s.all[i], true
}

// ParseAptitude reads a code, or a French or English name, with or without what it
// says in brackets, whatever their case, accents and hyphens.
func ParseAptitude(text string) (Aptitude, error) {
	s := aptitudes()
	if a := Aptitude(strings.ToLower(strings.TrimSpace(text))); s.has(a) {
		return a, nil
	}
	want := fold(text)
	for _, info := range s.all {
		for _, name := range []string{string(info.Code), info.FR, info.EN} {
			plain, _, _ := strings.Cut(name, " (")
			if want != "" && (fold(name) == want || fold(plain) == want) {
				return info.Code, nil
			}
		}
	}
	return "", fmt.Errorf("aptitude %q: choose one of the list", text)
}

// Fluency is a level of the Common European Framework of Reference for
// Languages (Council of Europe): 0 unknown, 1 = A1 … 6 = C2.
type Fluency uint8

var fluencies = []string{"", "A1", "A2", "B1", "B2", "C1", "C2"}

// String is "B1", empty for unknown.
func (f Fluency) String() string {
	if int(f) >= len(fluencies) {
		return ""
	}
	return fluencies[f]
}

// ParseFluency reads "B1", "b1"; the empty text is unknown.
func ParseFluency(text string) (Fluency, error) {
	if i := slices.Index(fluencies, strings.ToUpper(strings.TrimSpace(text))); i >= 0 {
		return Fluency(i), nil
	}
	return 0, fmt.Errorf("level %q: A1, A2, B1, B2, C1 or C2 is expected", text)
}
