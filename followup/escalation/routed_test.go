package escalation_test

import (
	"testing"
	"time"

	"maillage/accounts"
	"maillage/followup/absences"
	"maillage/network"
	"maillage/opportunities"
)

// The counsellors of the territory are told of a place once, whatever happens; who
// stands in is told for who is away.
func TestAConventionTellsTheCounsellorsOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.routes()
		far := h.member("Les Beffrois", "59350", 20)
		cip := h.person("cip", accounts.Counsellor, int64(h.crest.ID), "")
		other := h.person("relais", accounts.Counsellor, int64(h.crest.ID), "")
		h.person("loin", accounts.Counsellor, int64(far.ID), "")
		hotel, err := h.network.Save(h.system(), &network.Organisation{Role: network.Employer, Name: "Hôtel du Pont", Active: true, Source: "demo", Sites: []network.Site{{Main: true, Commune: "26362"}}}, 0)
		must(t, err)
		_, err = h.network.SavePartnership(h.system(), &network.Partnership{Name: "Convention de la Drôme", Territory: `{"territory":"departement:26"}`, Signatories: []network.ID{hotel.ID}})
		must(t, err)
		post := func(title string) {
			id, last := int64(hotel.ID), h.clock.Now().Add(30*24*time.Hour)
			_, err := h.lots.CreateAndPublish(h.system(), opportunities.By{}, &opportunities.Opportunity{Kind: opportunities.JobNeed, Title: title, Source: "employer", PublisherID: &id, BuyerID: &id, BuyerName: hotel.Name, Deadline: &last,
				Place: opportunities.Place{Scope: opportunities.InCommunes, Perimeter: `{"territory":"commune:26362"}`}, Lots: []opportunities.Lot{{Number: "1", Title: title, Posts: 1}}})
			must(t, err)
		}
		post("Cuisine")
		want(t, "the first morning", h.letters(), "cip: routed Cuisine by Convention de la Drôme;", "relais: routed Cuisine by Convention de la Drôme;")
		want(t, "run again", h.letters())
		h.on("2026-12-01")
		want(t, "the next day", h.letters())
		_, err = h.absences.Declare(h.as(cip), absences.Absence{From: "2026-12-02", To: "2026-12-04", ReplacedBy: &other.UserID})
		must(t, err)
		h.on("2026-12-02")
		want(t, "what was told is not told to who stands in", h.letters())
		post("Salle")
		h.on("2026-12-03")
		want(t, "while one is away", h.letters(), "relais: routed Salle by Convention de la Drôme;")
		h.on("2026-12-07")
		want(t, "back", h.letters(), "cip: routed Salle by Convention de la Drôme;")
	})
}
