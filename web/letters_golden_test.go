package web

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
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
		all["daily"] = letters.Daily(zoe, []mail.Letter{letters.Reminders(zoe, aDigest(), "s3cr3t"), all["quality"], all["campaign"], letters.Bulletin(zoe.Lang, zoe.Name, anIssue(bulletin.Members), "s3cr3t"), letters.News(zoe, someNews(), "s3cr3t")}, "s3cr3t")
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

// TestALetterOfTheDayIsOneLetter: its parts are told apart, and what opens and ends a letter
// is said once.
func TestALetterOfTheDayIsOneLetter(t *testing.T) {
	t.Parallel()
	letters := words(t)
	for _, lang := range Langs() {
		zoe := accounts.User{Name: "Zoé Martin", Lang: string(lang), Role: accounts.Member}
		alone := []mail.Letter{letters.Reminders(zoe, aDigest(), "s3cr3t"), letters.Bulletin(zoe.Lang, zoe.Name, anIssue(bulletin.Members), "s3cr3t"), letters.News(zoe, someNews(), "s3cr3t")}
		m, err := letters.Daily(zoe, alone, "s3cr3t").Message("zoe@exemple.fr", zoe.Name)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range alone {
			first, err := l.Message("zoe@exemple.fr", zoe.Name)
			if err != nil {
				t.Fatal(err)
			}
			if l.Intro == "" || !strings.Contains(first.Text, l.Intro) || strings.Contains(m.Text, l.Intro) || strings.Contains(m.HTML, l.Intro) {
				t.Errorf("%q opens a letter of its own, and no part (%s)", l.Intro, lang)
			}
			if part := "\n" + l.Part().Title + "\n---"; strings.Count(m.Text, part) != 1 || strings.Count(m.HTML, l.Part().Title+"</h2>") != 1 {
				t.Errorf("the part %q is not told apart (%s)", l.Part().Title, lang)
			}
		}
		if strings.Count(m.Text, "desabonnement") != 1 || strings.Count(m.HTML, "desabonnement") != 1 {
			t.Errorf("it ends in more than one place, or in none (%s)", lang)
		}
	}
}

// TestLettersLeadToWholeAddresses, each of them where it can be followed: a link in the
// page, a line of its own in the text.
func TestLettersLeadToWholeAddresses(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob("testdata/*.html")
	if err != nil || len(pages) == 0 {
		t.Fatal(pages, err)
	}
	link, alone := regexp.MustCompile(`href="([^"]*)"`), regexp.MustCompile(`(?m)^ *https://\S+$`)
	for _, path := range pages {
		page, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(strings.TrimSuffix(path, "html") + "txt")
		if err != nil {
			t.Fatal(err)
		}
		links := 0
		for _, m := range link.FindAllStringSubmatch(string(page), -1) {
			if links++; !strings.HasPrefix(m[1], "https://maillage.example.org/") {
				t.Errorf("%s leads to %q", path, m[1])
			}
		}
		if links == 0 {
			t.Errorf("%s leads nowhere", path)
		}
		if all := strings.Count(string(text), "https://"); len(alone.FindAllString(string(text), -1)) != all {
			t.Errorf("an address of the text of %s is within a line", path)
		}
	}
}
