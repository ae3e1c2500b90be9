package placement

import (
	"strconv"

	"maillage/matching/engine/assignment"
)

// counted says how many, in both languages: one, then many with the number in front.
func counted(n int, oneFR, manyFR, oneEN, manyEN string) Text {
	if n == 1 {
		return text(oneFR, oneEN)
	}
	if n == 0 {
		return text("0"+nbsp+manyFR, "0 "+manyEN)
	}
	return text(strconv.Itoa(n)+nbsp+manyFR, strconv.Itoa(n)+" "+manyEN)
}

// outcomeWords says why a person has something to talk about, or nothing.
func outcomeWords(reason string) Text {
	switch reason {
	case assignment.Served.String():
		return text("Il y a une piste à lui présenter.", "There is something to talk about.")
	case assignment.NoEdge.String():
		return text("Aucun de ces postes ne convient aujourd’hui.", "None of these positions suits today.")
	case assignment.OverK.String():
		return text("Elle est déjà proposée autant de fois que le permet cette préparation\u00a0: on attend une réponse.", "Already proposed as many times as this preparation allows: an answer is awaited.")
	case assignment.AllFull.String():
		return text("Les postes qui conviennent ont déjà assez de personnes.", "The positions that suit have enough people already.")
	}
	return Text{}
}

// lineReasonWords says why this position.
func lineReasonWords(reason string) Text {
	switch reason {
	case onlyOne:
		return text("C’est le seul de ces postes qui lui convient.", "The only one of these positions that suits.")
	case bestOne:
		return text("Aucun de ces postes ne lui convient mieux.", "None of these positions suits better.")
	case nextOne:
		return text("Un autre lui convient mieux, mais n’a pas pu être retenu.", "Another suits better, but could not be kept.")
	}
	return Text{}
}

// whyWords says why the best other position is not suggested, from those who are there.
func whyWords(p *batchPerson) Text {
	switch p.Why {
	case assignment.NoBetter.String():
		return text("Ce qui est retenu lui convient au moins aussi bien.", "What is kept suits at least as well.")
	case assignment.AtK.String():
		return text("Elle a déjà autant de propositions que le permet cette préparation.", "They have as many proposals as this preparation allows.")
	case assignment.Closed.String():
		return text("L’employeur a déjà autant de candidatures à regarder que le permet cette préparation.", "The employer has as many cards to look at as this preparation allows.")
	case assignment.BetterFit.String():
		return heldBy(p, "il lui convient mieux", "il leur convient mieux", "it suits them better")
	case assignment.LongerWaiting.String():
		return heldBy(p, "elle attend depuis plus longtemps", "elles attendent depuis plus longtemps", "they have waited longer")
	case assignment.Drawn.String():
		return heldBy(p, "à égalité, le tirage au sort a décidé", "à égalité, le tirage au sort a décidé", "between equals, a draw decided")
	case assignment.WholeBatch.String():
		return heldBy(p, "la déplacer aurait coûté davantage à d’autres", "en déplacer une aurait coûté davantage à d’autres", "moving somebody would have cost others more")
	}
	return Text{}
}

// heldBy counts who is on a position that is full.
func heldBy(p *batchPerson, one, many, en string) Text {
	fr := many
	if p.Held == 1 {
		fr = one
	}
	n := counted(p.Held, "Une autre personne y est", "autres personnes y sont", "Another person is there", "other people are there")
	return text(n.FR+"\u00a0: "+fr+".", n.EN+": "+en+".")
}

// suitsWords puts a score in words, for who reads no figure.
func suitsWords(fit int) Text {
	switch {
	case fit >= 85:
		return text("convient très bien", "suits very well")
	case fit >= 65:
		return text("convient bien", "suits well")
	}
	return text("convient en partie", "suits in part")
}

// Words names a state of a suggestion.
func (s LineState) Words() Text {
	switch s {
	case Suggested:
		return text("à regarder", "to look at")
	case ToDiscuss:
		return text("à en parler avec la personne", "to talk about with the person")
	case SetAside:
		return text("laissée de côté", "set aside")
	case Talked:
		return text("la personne a été sollicitée", "the person was asked")
	}
	return Text{}
}

// SourceWords names which positions a batch takes.
func (s BatchSource) Words() Text {
	switch s {
	case WithinReach:
		return text("Tous les postes à pourvoir qui conviennent à quelqu’un", "Every open position that suits somebody")
	case OfPartnership:
		return text("Les postes d’une convention", "The positions of a convention")
	case OfTerritory:
		return text("Les postes d’un territoire", "The positions of a territory")
	case ChosenLots:
		return text("Des postes choisis un par un", "Positions chosen one by one")
	}
	return Text{}
}

// ObjectiveWords names what comes first.
func ObjectiveWords(objective string) Text {
	if objective == assignment.WaitingFirst.String() {
		return text("Celles et ceux qui attendent depuis le plus longtemps d’abord", "Those who have waited longest first")
	}
	return text("Ce qui convient le mieux d’abord", "What suits best first")
}

// gapWords says how sure it is that nothing better exists.
func gapWords(t PlanTotals) Text {
	switch t.Gap {
	case assignment.Proven.String():
		return text("Il est prouvé qu’aucune autre répartition ne fait mieux selon cette règle.", "It is proven that no other arrangement does better by this rule.")
	case assignment.Minimums.String():
		return text("Le calcul a été arrêté avant la fin\u00a0: une meilleure répartition existe peut-être, y compris pour les minimums demandés.", "The computation was stopped before its end: a better arrangement may exist, for the minimums asked too.")
	case assignment.Fit.String():
		return gapFit(t)
	case assignment.Waiting.String():
		return text("Le calcul a été arrêté avant la fin\u00a0: une autre répartition servirait peut-être quelqu’un qui attend depuis plus longtemps.", "The computation was stopped before its end: another arrangement might serve somebody who has waited longer.")
	case assignment.Unknown.String():
		return text("Le calcul a été arrêté avant la fin\u00a0: rien ne dit de combien une autre répartition ferait mieux.", "The computation was stopped before its end: nothing tells by how much another arrangement would do better.")
	}
	return Text{}
}

// gapFit says how many points of fit another plan could add, beside those of this
// one. In proposals it would be no bound: one more can cost others their best.
func gapFit(t PlanTotals) Text {
	if t.GapMost == 0 || t.Points == 0 {
		return text("Le calcul a été arrêté avant la fin\u00a0: une autre répartition conviendrait peut-être mieux.", "The computation was stopped before its end: another arrangement might suit better.")
	}
	more := counted(int(t.GapMost), "un point de plus", "points de plus", "one more point", "more points")
	sum := strconv.Itoa(t.Points)
	return text("Le calcul a été arrêté avant la fin\u00a0: en additionnant ce que chaque piste vaut sur 100, une autre répartition aurait au mieux "+more.FR+" que les "+sum+" de celle-ci.",
		"The computation was stopped before its end: adding what each suggestion is worth out of 100, another arrangement would have at best "+more.EN+" than the "+sum+" of this one.")
}

// said is what a batch says as a whole.
func (b *batchRow) said() []Text {
	out := b.found()
	if n := len(b.Rules.Lots) - b.Totals.Positions; b.Rules.Source == ChosenLots && n > 0 {
		out = append(out, counted(n, "Un poste choisi n’est pas retenu\u00a0: il est pourvu, n’est plus à pourvoir, ou son employeur n’est pas dans Maillage.", "postes choisis ne sont pas retenus\u00a0: ils sont pourvus, ne sont plus à pourvoir, ou leur employeur n’est pas dans Maillage.",
			"One chosen position is left out: it is filled, can no longer be taken, or its employer is not in Maillage.", "chosen positions are left out: they are filled, can no longer be taken, or their employer is not in Maillage."))
	}
	return out
}

// found says who has something to talk about, and how sure it is.
func (b *batchRow) found() []Text {
	t, plan := b.Totals, b.plan()
	switch {
	case t.People == 0:
		return []Text{text("Personne n’est en parcours dans ce périmètre.", "Nobody is in a journey in this perimeter.")}
	case t.Positions == 0:
		return []Text{text("Aucun poste n’est à pourvoir parmi ceux-là.", "None of these positions is open.")}
	case t.Pairs == 0:
		return []Text{text("Aucun de ces postes ne convient aujourd’hui à quelqu’un.", "None of these positions suits anybody today.")}
	}
	all := strconv.Itoa(t.People)
	out := []Text{counted(plan.Served, "Une personne sur "+all+" a une piste.", "personnes sur "+all+" ont une piste.", "One person out of "+all+" has something to talk about.", "people out of "+all+" have something to talk about.")}
	return append(out, leftWords(plan), gapWords(plan))
}

// leftWords says of those left without though something suits how long the first
// has waited, where it may be told, or how many they are.
func leftWords(plan PlanTotals) Text {
	switch {
	case plan.Unserved > 0:
		w := lasting(plan.Unserved)
		return text("Parmi celles à qui un poste conviendrait, celle qui attend depuis le plus longtemps sans en avoir attend depuis "+w.FR+".",
			"Among those whom a position would suit, the one who has waited longest and has none has waited "+w.EN+".")
	case plan.Left > 0:
		return counted(plan.Left, "Une personne à qui un poste conviendrait reste sans piste.", "personnes à qui un poste conviendrait restent sans piste.",
			"One person whom a position would suit is left with nothing.", "people whom a position would suit are left with nothing.")
	}
	return text("Chaque personne à qui l’un de ces postes convient a une piste, ou attend déjà une réponse.", "Everybody whom one of these positions suits has something to talk about, or awaits an answer already.")
}

func (b *batchRow) plan() PlanTotals { return b.Totals.of(b.Rules) }

// of is the plan that the rules follow.
func (t BatchTotals) of(r BatchRules) PlanTotals {
	if r.objective() == assignment.WaitingFirst {
		return t.Waiting
	}
	return t.Fit
}

// compared sets both objectives side by side: what each gives, then what the
// choice costs.
func (b *batchRow) compared() []Text {
	t := b.Totals
	if t.Pairs == 0 {
		return []Text{}
	}
	out := []Text{planWords(assignment.FitFirst.String(), t.Fit), planWords(assignment.WaitingFirst.String(), t.Waiting)}
	if t.Differ == 0 {
		return append(out, text("Les deux règles donnent ici les mêmes pistes\u00a0: il n’y a rien à arbitrer.", "Both rules give the same suggestions here: there is nothing to weigh."))
	}
	n := counted(t.Differ, "Une piste change", "pistes changent", "One suggestion changes", "suggestions change")
	change := text(n.FR+" d’une règle à l’autre.", n.EN+" from one rule to the other.")
	return append(out, text(change.FR+" "+costWords(t).FR, change.EN+" "+costWords(t).EN))
}

func planWords(objective string, p PlanTotals) Text {
	o := ObjectiveWords(objective)
	who := counted(p.Served, "une personne a une piste", "personnes ont une piste", "one person has something to talk about", "people have something to talk about")
	out := text(o.FR+"\u00a0: "+who.FR, o.EN+": "+who.EN)
	if p.Average > 0 {
		w := suitsWords(p.Average)
		out = text(out.FR+", en moyenne le poste "+w.FR+" ("+strconv.Itoa(p.Average)+" sur 100)", out.EN+", on average the position "+w.EN+" ("+strconv.Itoa(p.Average)+" out of 100)")
	}
	if p.Unserved > 0 {
		w := lasting(p.Unserved)
		return text(out.FR+"\u00a0; l’attente la plus longue laissée sans piste est de "+w.FR+".", out.EN+"; the longest wait left with nothing is "+w.EN+".")
	}
	if p.Left > 0 {
		n := counted(p.Left, "une personne à qui un poste convient est laissée sans piste", "personnes à qui un poste convient sont laissées sans piste", "one person whom a position suits is left with nothing", "people whom a position suits are left with nothing")
		return text(out.FR+"\u00a0; "+n.FR+".", out.EN+"; "+n.EN+".")
	}
	return text(out.FR+"\u00a0; personne à qui un poste convient n’est laissé sans piste.", out.EN+"; nobody whom a position suits is left with nothing.")
}

// costWords says what serving the longest waiting first gives and takes.
func costWords(t BatchTotals) Text {
	switch lost := t.Fit.Average - t.Waiting.Average; {
	case t.ServedMore > 0:
		n := counted(t.ServedMore, "une personne de plus", "personnes de plus", "one more person", "more people")
		return text("Servir d’abord les plus longues attentes donne une piste à "+n.FR+", qui convient un peu moins bien.", "Serving the longest waits first gives something to "+n.EN+", that suits a little less.")
	case lost <= 0:
		return text("Servir d’abord les plus longues attentes ne coûte rien en moyenne\u00a0: ce sont d’autres personnes, aussi bien servies.", "Serving the longest waits first costs nothing on average: other people, served as well.")
	}
	return text("Servir d’abord les plus longues attentes donne des postes qui conviennent un peu moins bien en moyenne.", "Serving the longest waits first gives positions that suit a little less on average.")
}

// lasting says how long in days under two months, in months after.
func lasting(days int) Text {
	if days < 60 {
		return counted(days, "un jour", "jours", "one day", "days")
	}
	return counted(days/30, "un mois", "mois", "one month", "months")
}
