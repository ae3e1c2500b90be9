package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"maillage/matching/placement"
	"maillage/opportunities"
)

// TestACandidateWhoWasHiredHere: who left the job is told as such where they are a
// candidate of it again, and nobody waits for a month who has waited a day.
func TestACandidateWhoWasHiredHere(t *testing.T) {
	t.Parallel()
	c := &call{Locale: localeOf(t, "fr"), r: httptest.NewRequest(http.MethodGet, "/", nil), now: time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC)}
	days, months := 0, 61
	one := &placement.Candidate{Person: placement.PersonHead{WaitingDays: &days}, Position: placement.Head{Kind: opportunities.JobNeed}, Proposal: &placement.Line{State: placement.Hired}}
	if v := c.candidateOf(one); v.ProposalTag.Text != "A été embauchée ici, n’y est plus" || v.ProposalTag.State != Unknown || strings.Contains(v.Over, "attend depuis") {
		t.Errorf("gone, the page says %+v, %q", v.ProposalTag, v.Over)
	}
	one.Person.Post, one.Person.WaitingDays = &placement.Post{}, &months
	if v := c.candidateOf(one); v.ProposalTag.State != Met || !strings.Contains(v.Over, "attend depuis 2 mois") {
		t.Errorf("in post, the page says %+v, %q", v.ProposalTag, v.Over)
	}
}
