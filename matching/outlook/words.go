package outlook

import "maillage/nomenclatures"

// AptitudeLabel names an aptitude, by its code where the list lacks it.
func AptitudeLabel(a nomenclatures.Aptitude, lang string) string {
	if info, known := nomenclatures.LookupAptitude(a); known {
		return info.Label(lang)
	}
	return string(a)
}
