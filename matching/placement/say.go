package placement

import (
	"strconv"

	"maillage/matching/engine/journeys"
	"maillage/nomenclatures"
)

// writers say findings in both languages.
func writers() (fr, en journeys.Writer) {
	name := func(lang string) func(string) string {
		return func(code string) string {
			if _, known := nomenclatures.LookupAptitude(nomenclatures.Aptitude(code)); !known && len(code) == 2 {
				return tongue(code, lang)
			}
			return aptitude(code, lang)
		}
	}
	return journeys.Writer{Lang: "fr", Name: name("fr")}, journeys.Writer{Lang: "en", Name: name("en")}
}

func findingWords(f journeys.Finding) Text {
	fr, en := writers()
	return text(fr.Finding(f), en.Finding(f))
}

func remedyWords(r journeys.Remedy) Text {
	fr, en := writers()
	return text(fr.Remedy(r), en.Remedy(r))
}

// changeWords says what a person could do next.
func changeWords(c journeys.Change) Text {
	fr, en := writers()
	switch {
	case c.Licence != "":
		code := string(c.Licence)
		return text("Avec "+aptitude(code, "fr"), "With "+aptitude(code, "en"))
	case c.Skill.Code != "":
		return text("Avec ce savoir-faire"+nbsp+": "+aptitude(c.Skill.Code, "fr"), "With this skill: "+aptitude(c.Skill.Code, "en"))
	case c.Language.Code != "":
		return text("Avec "+tongue(c.Language.Code, "fr")+", niveau "+c.Language.Level.String(), "With "+tongue(c.Language.Code, "en")+", level "+c.Language.Level.String())
	case c.Occupation != "":
		return text("En acceptant aussi ce métier"+nbsp+": "+fr.Occupation(c.Occupation), "By accepting this work too: "+en.Occupation(c.Occupation))
	}
	km := strconv.FormatFloat(c.Kilometres, 'f', -1, 64)
	return text("En allant "+km+nbsp+"km plus loin", "By going "+km+" km farther")
}
