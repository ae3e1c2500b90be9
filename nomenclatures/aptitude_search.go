package nomenclatures

import (
	"slices"
	"strings"
)

// SearchAptitudes finds aptitudes from everyday words, whatever their case and
// accents: those whose name begins with them first, then those that have every
// word, in the order of the list. Without words it gives the first ones.
func SearchAptitudes(words string, limit int) []AptitudeInfo {
	asked := strings.Fields(fold(words))
	var first, then []AptitudeInfo
	for _, info := range aptitudes().all {
		name := fold(info.FR + " " + info.EN)
		switch {
		case strings.HasPrefix(fold(info.FR), fold(words)), strings.HasPrefix(fold(info.EN), fold(words)), string(info.Code) == words:
			first = append(first, info)
		case !slices.ContainsFunc(asked, func(w string) bool { return !strings.Contains(name, w) }):
			then = append(then, info)
		}
	}
	found := append(first, then...)
	return found[:min(len(found), max(limit, 0))]
}

// AptitudesOf lists the aptitudes that an occupation often asks for.
func AptitudesOf(rome ROME) (out []AptitudeInfo) {
	for _, info := range aptitudes().all {
		if slices.ContainsFunc(info.ROME, func(start string) bool { return strings.HasPrefix(string(rome), start) }) {
			out = append(out, info)
		}
	}
	return out
}
