package followup

import "maillage/matching"

// Text is the same words in both languages.
type Text = matching.Text

func text(fr, en string) Text { return Text{FR: fr, EN: en} }

// Words names a state.
func (s State) Words() Text {
	return map[State]Text{
		Proposed:   text("proposé", "proposed"),
		Notified:   text("signalé", "notified"),
		Seen:       text("vu", "seen"),
		Interested: text("intéressés", "interested"),
		Declined:   text("pas pour nous", "not for us"),
		Go:         text("on y va", "go"),
		NoGo:       text("on n’y va pas", "no-go"),
		Answering:  text("réponse en préparation", "answer in preparation"),
		Submitted:  text("réponse remise", "answer submitted"),
		Won:        text("gagné", "won"),
		Lost:       text("perdu", "lost"),
		NoAward:    text("sans suite", "no award"),
		Withdrawn:  text("réponse abandonnée", "withdrawn"),
	}[s]
}

// RoleWords names a role.
func RoleWords(r Role) Text {
	return map[Role]Text{
		Alone:   text("seuls", "alone"),
		Lead:    text("en groupement, comme mandataire", "in a group, as its lead"),
		Partner: text("en groupement, comme cotraitant", "in a group, as a partner"),
	}[r]
}

// ReasonWords says a reason.
func ReasonWords(r Reason) Text {
	return map[Reason]Text{
		matching.TooFar:    text("trop loin", "too far"),
		matching.NotTrade:  text("pas notre métier", "not our trade"),
		matching.TooLarge:  text("trop grand pour nous", "too large for us"),
		matching.TooShort:  text("délai trop court", "too little time"),
		matching.TeamTaken: text("équipe déjà engagée", "team already committed"),
		matching.Price:     text("prix ou pénalités", "price or penalties"),
		matching.OtherWhy:  text("autre raison", "another reason"),
		Requirements:       text("exigences que nous n’avons pas", "requirements that we do not meet"),
		NoPartner:          text("pas de partenaire trouvé", "no partner found"),
		CallChanged:        text("le marché a changé", "the call changed"),
		Outbid:             text("prix plus élevé que le prix retenu", "priced above the winner"),
		Technical:          text("valeur technique jugée moindre", "technical value ranked lower"),
		Capacity:           text("capacités ou références jugées insuffisantes", "capacity or references found wanting"),
		Irregular:          text("réponse incomplète ou irrégulière", "incomplete or irregular answer"),
		HandedInLate:       text("remise hors délai", "handed in late"),
		NotTold:            text("motif non communiqué", "reason not given"),
	}[r]
}
