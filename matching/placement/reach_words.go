package placement

import (
	"maillage/matching/engine/journeys"
	"maillage/nomenclatures"
)

// reachWords are what a reading says as a whole: the same sentences whoever is in a
// journey, since the first counts positions alone.
func reachWords(r *Reach) []Text {
	if len(r.Positions) == 0 {
		return []Text{text("Aucun poste à pourvoir ne répond à ce choix.", "No open position answers this choice.")}
	}
	return []Text{
		counted(len(r.Positions), "Un poste est à pourvoir.", "postes sont à pourvoir.", "One position is open.", "positions are open."),
		text("Pour que personne ne soit reconnu, un nombre de personnes n’est dit que de deux manières, «\u00a0cinq au moins, et moins de vingt\u00a0» ou «\u00a0vingt au moins\u00a0», et seulement où cinq personnes au moins n’en sont pas. Les postes que le réseau a écrits, modifiés ou déplacés n’y sont pas, et aucune formation ne compte.",
			"So that nobody is recognised, a number of people is told in two ways alone, “five at least, and fewer than twenty” or “twenty at least”, and only where five people at least are not of them. Positions that the network wrote, changed or moved are not there, and no training counts."),
		text("Avec qui en parler, et pourquoi, chaque structure le prépare avec ses salariés en parcours.", "With whom to speak, and why, each structure prepares with its own people."),
	}
}

// suitsSaid says how many people a position suits.
func suitsSaid(b Band) Text {
	switch b {
	case Some:
		return text("Convient à cinq personnes en parcours au moins, et à moins de vingt.", "Suits five people in a journey at least, and fewer than twenty.")
	case Many:
		return text("Convient à vingt personnes en parcours au moins.", "Suits twenty people in a journey at least.")
	}
	return text("On ne dit pas à combien de personnes ce poste convient\u00a0: moins de cinq, ou presque toutes.", "How many people this position suits is not told: fewer than five, or nearly all.")
}

// helpWords says what would open a position to more people: what it takes, of
// whichever gender and number, then a sentence whose subject is the position.
func helpWords(x lack, b Band) Text {
	what := text("Un moyen de s’y rendre", "A way to get there")
	switch x.criterion {
	case journeys.Trade:
		what = text("Accepter un métier voisin", "Taking a neighbouring occupation")
	case journeys.Licences:
		what = mastered(nomenclatures.Aptitude(x.code), 0)
	case journeys.Languages:
		what = text("Le niveau demandé en "+tongue(x.code, "fr"), "The level asked of "+tongue(x.code, "en"))
	}
	if b == Many {
		return text(what.FR+nbsp+": le poste conviendrait à vingt personnes de plus au moins.", what.EN+": the position would suit twenty people more at least.")
	}
	return text(what.FR+nbsp+": le poste conviendrait à cinq personnes de plus au moins, et à moins de vingt.", what.EN+": the position would suit five people more at least, and fewer than twenty.")
}
