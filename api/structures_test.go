package api_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/followup/agenda"
	"maillage/followup/questions"
	"maillage/internal/testkit"
)

func (w *world) exampleEvent() string {
	return fmt.Sprintf(`{"kind":"training","title":"Répondre à un marché réservé","place":"Maison des associations","commune":"26362","territory":"departement:26","audience":"everyone","starts":"2026-12-10T14:00","ends":"2026-12-10T17:00","capacity":1,"organiser":%d}`, w.association.ID)
}

// planned makes two published events: of the Drôme for everybody, and of the Nord.
func (w *world) planned() {
	w.t.Helper()
	for _, p := range []agenda.Plan{
		{Kind: agenda.Training, Title: "Chiffrer", Place: "Valence", Audience: agenda.Everyone, Territory: `{"territory":"departement:26"}`, Starts: "2026-12-20T14:00", Ends: "2026-12-20T17:00", OrganiserID: int64(w.association.ID)},
		{Kind: agenda.Committee, Title: "Comité du Nord", Place: "Lille", Audience: agenda.Officers, Territory: `{"territory":"departement:59"}`, Starts: "2026-12-20T14:00", Ends: "2026-12-20T17:00", OrganiserID: int64(w.far.ID)},
	} {
		e, err := w.agenda.Save(system(), 0, 0, p)
		must(w.t, err)
		_, err = w.agenda.Publish(system(), e.ID, 0)
		must(w.t, err)
	}
}

// wondered asks three questions: of the structure of the Drôme, of that of the
// Nord, and one more of the first; the first and the last are published.
func (w *world) wondered() {
	w.t.Helper()
	me, err := w.accounts.Authenticate(context.Background(), w.sessions["member"])
	must(w.t, err)
	for i, organisation := range []int64{int64(w.near.ID), int64(w.far.ID), int64(w.near.ID)} {
		me.OrganisationID = organisation
		q, err := w.desk.Ask(accounts.With(context.Background(), me), questions.Draft{Theme: questions.Labour, Title: fmt.Sprint("Congés ", i), Body: "Quand ?"})
		must(w.t, err)
		_, err = w.desk.Reply(system(), q.ID, 0, "Dès leur acquisition.")
		must(w.t, err)
		_, err = w.desk.Publish(system(), q.ID, questions.Text{Theme: questions.Labour, Title: "Congés", Question: "Quand ?", Answer: "Dès leur acquisition."})
		must(w.t, err)
	}
}

func (a answer) says(words ...string) {
	a.t.Helper()
	for _, word := range words {
		if !strings.Contains(string(a.body), word) {
			a.t.Errorf("%s does not say %s", a.body, word)
		}
	}
}

// By the API alone: an officer makes and publishes, a member takes the one seat,
// another waits, and passes when it is given back.
func TestAnEventIsBookedByTheAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	w.as("officer", "POST", "/v1/agenda", "application/json", w.exampleEvent()).want(201)
	w.as("public", "GET", "/v1/agenda/1", "", "").want(404)
	w.as("officer", "POST", "/v1/agenda/1/publish", "application/json", "").want(200)
	w.as("public", "GET", "/v1/agenda", "", "").want(200).says(`"capacity":1`)
	w.as("member", "PUT", "/v1/agenda/1/booking", "application/json", `{"attendees":["Alix"]}`).want(200).says(`"state":"booked"`)
	w.as("employer", "PUT", "/v1/agenda/1/booking", "application/json", `{"attendees":["Sacha"]}`).want(200).says(`"state":"waiting"`)
	w.as("member", "DELETE", "/v1/agenda/1/booking", "", "").want(204)
	w.as("officer", "GET", "/v1/agenda/1/bookings", "", "").want(200).says(`"Sacha"`, `"state":"booked"`)
	w.as("public", "GET", "/v1/agenda/calendar", "", "").want(200).says("BEGIN:VEVENT", "STATUS:CONFIRMED")
}

// By the API alone: a member asks, its region answers and publishes, anybody finds.
func TestAQuestionIsAnsweredByTheAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	w.as("member", "POST", "/v1/legal/questions", "application/json", `{"theme":"labour","title":"Congés","body":"Quand les prendre ?"}`).want(201)
	w.as("public", "GET", "/v1/legal/questions/1", "", "").want(401)
	w.as("officer", "POST", "/v1/legal/questions/1/answer", "application/json", `{"body":"Dès leur acquisition."}`).want(200).says(`"state":"answered"`)
	w.as("officer", "PUT", "/v1/legal/questions/1/published", "application/json", `{"theme":"labour","title":"Congés","question":"Quand ?","answer":"Romans Espaces verts peut."}`).want(422).says("anonymous")
	w.as("officer", "PUT", "/v1/legal/questions/1/published", "application/json", `{"theme":"labour","title":"Congés","question":"Quand ?","answer":"Dès leur acquisition."}`).want(200)
	w.as("public", "GET", "/v1/legal/answers?q=conges+acquisition", "", "").want(200).says("Dès leur acquisition")
	w.as("officer", "GET", "/v1/legal/figures", "", "").want(200).says(`"answered":1`)
}
