package publication

import (
	"slices"
	"strings"

	"maillage/indicators/release"
	"maillage/internal/fault"
)

// words are what the codes of the dimensions are called.
var words = map[string]fault.Text{
	total: say("ensemble", "all"), "f": say("femmes", "women"), "m": say("hommes", "men"), "unsaid": say("non dit", "not said"),
	"under-26": say("moins de 26 ans", "under 26"), "26-49": say("26 à 49 ans", "26 to 49"), "50-over": say("50 ans et plus", "50 and over"),
}

func wordOf(code string) fault.Text {
	if w, there := words[code]; there {
		return w
	}
	if name, is := strings.CutPrefix(code, unsaidCode); is {
		return say(name+" non dit", name+" not said")
	}
	return say(code, code)
}

// dimensions are the columns of the key, with the sums that hold between their codes.
func (s *Service) dimensions(sh *sheet, keys []key) []release.Field {
	place := listed("territory", say("Territoire", "Territory"), keys, func(k key) string { return k.Territory }, sh.verdict.placeName(s))
	place.Sums = sh.places(place)
	list := []release.Field{place, yearField(sh.broken(), sh.of...)}
	add := func(is, sums bool, name string, label fault.Text, of func(key) string) {
		if !is {
			return
		}
		f := listed(name, label, keys, of, wordOf)
		if sums {
			f.Sums = oneSum(f)
		}
		list = append(list, f)
	}
	add(sh.plan.Kinds, true, "kind", say("Type d’entreprise", "Kind of enterprise"), func(k key) string { return k.Kind })
	add(sh.plan.Sex, true, "sex", say("Sexe", "Sex"), func(k key) string { return k.Sex })
	add(sh.plan.Age, true, "age", say("Âge", "Age"), func(k key) string { return k.Age })
	add(sh.plan.Public, false, "public", say("Public à l’entrée", "Public at entry"), func(k key) string { return publicCode(k.Public) })
	return list
}

func listed(name string, label fault.Text, keys []key, of func(key) string, words func(string) fault.Text) release.Field {
	f := release.Field{Name: name, Kind: release.Code, Label: label, Definition: label}
	var codes []string
	for _, k := range keys {
		codes = append(codes, of(k))
	}
	slices.Sort(codes)
	for _, c := range slices.Compact(codes) {
		f.Codes = append(f.Codes, release.CodeLabel{Code: c, Label: words(c)})
	}
	return f
}

// oneSum is the total of a dimension and all its other codes.
func oneSum(f release.Field) []release.Sum {
	s := release.Sum{Total: total}
	for _, c := range f.Codes {
		if c.Code != total {
			s.Parts = append(s.Parts, c.Code)
		}
	}
	if len(s.Parts) == 0 {
		return nil
	}
	return []release.Sum{s}
}

// places are the sums of territories, where every enterprise of them has a place: what
// is unplaced is never told, and its total is then no sum.
func (sh *sheet) places(f release.Field) (list []release.Sum) {
	parts := map[string][]string{}
	for _, l := range sh.verdict.systems {
		_, above := l.above()
		for _, c := range f.Codes {
			if up := above[c.Code]; up != "" && !slices.Contains(parts[up], c.Code) {
				parts[up] = append(parts[up], c.Code)
			}
		}
	}
	for _, c := range f.Codes {
		if len(parts[c.Code]) > 0 && !sh.lacks(c.Code) {
			list = append(list, release.Sum{Total: c.Code, Parts: parts[c.Code]})
		}
	}
	return list
}

// lacks tells a total some of whose enterprises have no place under it.
func (sh *sheet) lacks(code string) bool {
	for _, l := range sh.verdict.systems {
		for k := range l.at {
			if code == whole && (k.Territory == unplaced || strings.HasPrefix(k.Territory, unplaced+"z")) || k.Territory == unplaced+strings.TrimPrefix(code, "R") {
				return true
			}
		}
	}
	return false
}

// above gives the territory over each of those of the system.
func (l *linked) above() (codes []string, above map[string]string) {
	above = map[string]string{}
	for _, t := range l.tables {
		for _, c := range t.Cells {
			code := c.Codes[0]
			codes = append(codes, code)
			if code == whole {
				continue
			}
			above[code] = whole
			if len(t.Dimensions[0].Groupings) > 0 && t.Dimensions[0].Groupings[0][code] != "" {
				above[code] = t.Dimensions[0].Groupings[0][code]
			}
		}
	}
	return codes, above
}
