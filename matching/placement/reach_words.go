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
		text("Pour que personne ne soit reconnu, un nombre de personnes n’est dit que de deux manières, «\u00a0cinq au moins, et moins de vingt\u00a0» ou «\u00a0vingt au moins\u00a0», et seulement où cinq personnes au moins n’en sont pas, les unes et les autres d’au moins trois structures. Les postes que le réseau a écrits, modifiés ou déplacés n’y sont pas, et aucune formation ne compte. Une organisation ou un compte qu’un chargé de développement a ouvert compte une fois confirmé par l’administration.",
			"So that nobody is recognised, a number of people is told in two ways alone, “five at least, and fewer than twenty” or “twenty at least”, and only where five people at least are not of them, all of at least three structures on each side. Positions that the network wrote, changed or moved are not there, and no training counts. An organisation or an account that an officer opened counts once the administration has confirmed it."),
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
	return text("On ne dit pas à combien de personnes ce poste convient\u00a0: moins de cinq, presque toutes, ou de moins de trois structures.", "How many people this position suits is not told: fewer than five, nearly all, or of fewer than three structures.")
}

// helpWords says what would open a position to more people: what it takes, of
// whichever gender and number, then how many.
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
		return text(what.FR+nbsp+": vingt personnes de plus au moins.", what.EN+": twenty people more at least.")
	}
	return text(what.FR+nbsp+": cinq personnes de plus au moins, et moins de vingt.", what.EN+": five people more at least, and fewer than twenty.")
}
