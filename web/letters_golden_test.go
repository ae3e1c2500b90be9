package web

import (
	"testing"
	"time"

	"maillage/accounts"
	"maillage/followup/agenda"
	"maillage/followup/bulletin"
	"maillage/followup/quality"
	"maillage/followup/questions"
	"maillage/indicators/campaign"
	"maillage/internal/mail"
)

// TestEveryOtherLetter keeps, as it reads, each kind of letter that has no test of its own.
func TestEveryOtherLetter(t *testing.T) {
	t.Parallel()
	letters := words(t)
	at := time.Date(2026, 12, 7, 9, 0, 0, 0, time.UTC)
	event := &agenda.Event{ID: 4, Title: "Atelier achats", Place: "Valence", Zone: "Europe/Paris", StartsAt: at, EndsAt: at.Add(2 * time.Hour), Reason: "intervenant malade", State: agenda.Published}
	for _, lang := range Langs() {
		zoe := accounts.User{Name: "Zoé Martin", Lang: string(lang), Role: accounts.Member}
		all := map[string]mail.Letter{
			"quality":         letters.Quality(zoe, []quality.Reminder{{Path: 3, Organisation: 9, Name: "Brindesaule", Label: quality.Label{Name: "CEDRE"}, Until: "2027-03-01", Step: quality.ThreeMonths, Renewing: true}}, "s3cr3t"),
			"question-answer": letters.LegalDesk(zoe, questions.Answer, &questions.Question{ID: 5, Title: "Congés et arrêt maladie"}),
			"campaign":        letters.Campaign(zoe, campaign.Reminder{Step: campaign.AtOpening, Year: 2026, ClosesOn: "2027-03-31", Name: "Brindesaule", Tally: campaign.Tally{Asked: 41, Answered: 12, Minutes: 75}}, "s3cr3t"),
		}
		all["daily"] = letters.Daily(zoe, []mail.Letter{letters.Reminders(zoe, aDigest(), "s3cr3t"), all["quality"], all["campaign"], letters.Bulletin(zoe.Lang, zoe.Name, anIssue(bulletin.Members), "s3cr3t")}, "s3cr3t")
		for _, what := range []string{"moved", "day-before", "promoted", string(agenda.CancelledStep)} {
			all["agenda-"+what] = letters.Agenda(zoe, what, event, &agenda.Booking{State: agenda.Booked, Attendees: []string{"Alix"}})
		}
		for kind, letter := range all {
			m, err := letter.Message("zoe@exemple.fr", zoe.Name)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, kind+"."+string(lang)+".txt", "Subject: "+m.Subject+"\n\n"+m.Text)
			golden(t, kind+"."+string(lang)+".html", m.HTML)
			if key := unsaid().FindString(m.Subject + "\n" + m.Text); key != "" {
				t.Errorf("%s shows the key %s (%s)", kind, key, lang)
			}
		}
	}
}
