package contacts

import "maillage/matching"

// Text is the same words in both languages.
type Text = matching.Text

// WayWords names a way to speak.
func WayWords(w Way) Text {
	return map[Way]Text{
		Call: {FR: "appel", EN: "call"}, Mail: {FR: "courrier ou courriel", EN: "mail"}, Meeting: {FR: "rencontre", EN: "meeting"},
	}[w]
}

// OutcomeWords says what came of a contact.
func OutcomeWords(o Outcome) Text {
	return map[Outcome]Text{
		Reached:       {FR: "échange fait", EN: "spoken with"},
		NoAnswer:      {FR: "pas de réponse", EN: "no answer"},
		CallBack:      {FR: "à rappeler", EN: "to be called back"},
		Interested:    {FR: "intéressés", EN: "interested"},
		NotInterested: {FR: "pas intéressés", EN: "not interested"},
		NeedsHelp:     {FR: "demandent de l’aide", EN: "ask for help"},
	}[o]
}
