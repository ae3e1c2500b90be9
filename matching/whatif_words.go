package matching

import (
	"strings"

	"maillage/matching/engine"
	"maillage/territories"
)

// suppositionWords says what would change, as the beginning of a line.
func (s *Service) suppositionWords(all ...engine.Supposition) Text {
	var fr, en []string
	for i, one := range all {
		t := s.oneSupposition(one)
		if i > 0 {
			t = Text{FR: lowerFirst(t.FR), EN: lowerFirst(t.EN)}
		}
		fr, en = append(fr, t.FR), append(en, t.EN)
	}
	return Text{FR: strings.Join(fr, " et "), EN: strings.Join(en, " and ")}
}

func (s *Service) oneSupposition(one engine.Supposition) Text {
	fr, en := engine.Writer{Atlas: s.atlas, Lang: "fr"}, engine.Writer{Atlas: s.atlas, Lang: "en"}
	switch one.Kind {
	case engine.SupposeKm:
		return Text{FR: "Une zone " + fr.Amount(one.Km, engine.Kilometres) + " plus large", EN: "A zone " + en.Amount(one.Km, engine.Kilometres) + " wider"}
	case engine.SupposeTerritory:
		place := territories.In(one.Territory)
		return Text{FR: "La zone, et tout le département (" + s.atlas.Describe(place, "fr") + ")", EN: "The zone, and the whole département (" + s.atlas.Describe(place, "en") + ")"}
	case engine.SupposeNeighbours:
		place := territories.In(one.Territory)
		return Text{FR: "La zone, l’intercommunalité (" + s.atlas.Describe(place, "fr") + ") et celles qui la touchent", EN: "The zone, the grouping of communes (" + s.atlas.Describe(place, "en") + ") and those that touch it"}
	case engine.SupposeSector:
		return Text{FR: "Une activité de plus : " + lowerFirst(one.Sector.Label("fr")), EN: "One more activity: " + lowerFirst(one.Sector.Label("en"))}
	case engine.SupposeCertification:
		return Text{FR: "Le label ou la qualification « " + one.Certification + " »", EN: "The label or qualification “" + one.Certification + "”"}
	case engine.SupposeCapacity:
		return capacityWords(one.Factor)
	}
	return Text{}
}

func capacityWords(factor float64) Text {
	switch {
	case factor < 2:
		return Text{FR: "Une équipe plus grande de moitié", EN: "A team half as large again"}
	case factor < 3:
		return Text{FR: "Une équipe deux fois plus grande", EN: "A team twice as large"}
	}
	return Text{FR: "Une équipe trois fois plus grande", EN: "A team three times as large"}
}

func lowerFirst(s string) string {
	r := []rune(s)
	if len(r) > 1 && strings.ToUpper(string(r[1])) == string(r[1]) && strings.ToLower(string(r[1])) != string(r[1]) {
		return s // an acronym
	}
	return strings.ToLower(string(r[:min(1, len(r))])) + string(r[min(1, len(r)):])
}
