package web

import (
	"strings"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/indicators/campaign"
)

// Each letter of a campaign says what it is about, in both languages, and leads to the questionnaire.
func TestLettersOfACampaign(t *testing.T) {
	t.Parallel()
	l, err := NewLetters("https://maillage.example.org/", nil, func() time.Time { return time.Date(2027, 3, 17, 8, 0, 0, 0, time.UTC) })
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"fr", "en", "xx"} {
		for step, words := range map[campaign.Step]string{campaign.AtOpening: "31", campaign.Reminder1: "31", campaign.Reminder2: "31", campaign.LastDay: "31", "returned-12": "hors taxes"} {
			letter := l.Campaign(accounts.User{Name: "Alix", Lang: lang}, campaign.Reminder{Step: step, Year: 2026, ClosesOn: "2027-03-31", Name: "Romans Espaces verts", Note: map[bool]string{true: "Ventes hors taxes ?"}[step.IsReturn()], Tally: campaign.Tally{Asked: 41, Answered: 12, Minutes: 75}}, "s3cr3t")
			m, err := letter.Message("alix@example.org", "Alix")
			if err != nil {
				t.Fatal(err)
			}
			if all := m.Subject + m.Text; strings.Contains(all, "letters.") || strings.Contains(all, "camp.") || strings.Contains(all, "{{") || !strings.Contains(all, words) || !strings.Contains(all, "2026") || !strings.Contains(m.Text, "https://maillage.example.org/campagne") {
				t.Errorf("%s %s:\n%s\n%s", lang, step, m.Subject, m.Text)
			}
		}
	}
}
