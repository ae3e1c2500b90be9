package placement

import (
	"strings"
	"testing"

	"maillage/matching/engine/journeys"
	"maillage/matching/placement/card"
	"maillage/nomenclatures"
)

func TestEveryClaimIsSaid(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		claim  card.Claim
		fr, en string
	}{
		{card.Claim{Kind: card.Practised, Code: "G1602"}, "A déjà exercé ce métier\u00a0: " + lower(nomenclatures.ROME("G1602").Label()), "Has already done this work: " + lower(nomenclatures.ROME("G1602").Label())},
		{card.Claim{Kind: card.PractisedDomain, Code: "K"}, "A déjà travaillé dans ce domaine\u00a0: " + lower(nomenclatures.ROME("K2204").MajorDomainLabel("fr")), ""},
		{card.Claim{Kind: card.PractisedNear, Code: "G1501"}, "A déjà exercé un métier proche de celui-ci\u00a0: " + lower(nomenclatures.ROME("G1501").Label()), ""},
		{card.Claim{Kind: card.WishedNear, Code: "G1501"}, "Souhaite un métier proche de celui-ci\u00a0: " + lower(nomenclatures.ROME("G1501").Label()), ""},
		{card.Claim{Kind: card.WishedDomain, Code: "G"}, "Souhaite travailler dans ce domaine\u00a0: " + lower(nomenclatures.ROME("G1602").MajorDomainLabel("fr")), ""},
		{card.Claim{Kind: card.Aptitude, Code: "permis-b"}, "Permis B (voiture)", "B licence (car)"},
		{card.Claim{Kind: card.Aptitude, Code: "tonte", Level: 3}, "", ""},
		{card.Claim{Kind: card.Language, Code: "fr", Level: 3}, "Parle français, niveau B1 au moins", "Speaks French, level B1 at least"},
		{card.Claim{Kind: card.OtherLanguage}, "Parle une autre langue que le français", "Speaks another language than French"},
		{card.Claim{Kind: card.Hours, Code: "17.5"}, "17,5\u00a0h par semaine lui conviennent", "17.5 h a week suit them"},
		{card.Claim{Kind: card.OnSite, Code: "4"}, "Peut être sur place à ces horaires", "Can be there at these hours"},
		{card.Claim{Kind: card.Available, Code: "2026-11-23"}, "Disponible dès maintenant", "Available now"},
		{card.Claim{Kind: card.Available, Code: "2027-03-01"}, "Disponible au plus tard le 1er\u00a0mars 2027", "Available by 1 March 2027"},
		{card.Claim{Kind: card.From, Code: "2027-02"}, "Disponible en février 2027", "Available in February 2027"},
		{card.Claim{Kind: card.Trainable, Code: "caces-r489-3"}, "", ""},
	} {
		got := Words(c.claim, "2026-11-23")
		if got.FR == "" || got.EN == "" || got.FR == got.EN || c.fr != "" && got.FR != c.fr || c.en != "" && got.EN != c.en || strings.HasSuffix(got.FR, " ") {
			t.Errorf("%+v is said %q and %q, want %q and %q", c.claim, got.FR, got.EN, c.fr, c.en)
		}
	}
	if got := Words(card.Claim{Kind: card.Structure, Code: "7"}, ""); got != (Text{}) {
		t.Errorf("a number is told: %+v", got)
	}
}

func TestStatesReasonsAndChangesAreSaid(t *testing.T) {
	t.Parallel()
	for _, s := range append(Answers(), Proposed, Withdrawn) {
		if w := s.Words(); w.FR == "" || w.FR == w.EN {
			t.Errorf("%s is said %+v", s, w)
		}
	}
	for _, r := range append(Reasons(), byTheCounsellor, agreementOver, journeyOver, positionOver, cardOver) {
		if w := r.Words(); w.FR == "" || w.FR == w.EN {
			t.Errorf("%s is said %+v", r, w)
		}
	}
	for _, c := range []journeys.Change{{Licence: "permis-b"}, {Skill: journeys.Need{Code: "tonte"}}, {Language: journeys.Language{Code: "fr", Level: 3}}, {Occupation: "G1602"}, {Kilometres: 10}} {
		if w := changeWords(c); w.FR == "" || w.FR == w.EN {
			t.Errorf("%+v is said %+v", c, w)
		}
	}
}
