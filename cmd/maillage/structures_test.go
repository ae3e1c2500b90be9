package main

import (
	"context"
	"fmt"
	"testing"

	"maillage/accounts"
)

// structures lists the visits of what the network does with its structures:
// certifications, the agenda, the questions.
func (s *site) structures(t testing.TB) map[string][]stop {
	t.Helper()
	public, member, officer := accounts.Public, accounts.Member, accounts.Officer
	own := s.id(t, "SELECT min(id) FROM quality_paths WHERE organisation_id = (SELECT organisation_id FROM users WHERE role = 'member') AND state = 'granted'")
	review := s.id(t, "SELECT min(id) FROM quality_paths WHERE organisation_id = (SELECT organisation_id FROM users WHERE role = 'member') AND state = 'in_review'")
	booked := s.id(t, "SELECT min(b.event_id) FROM agenda_bookings b JOIN agenda_events e ON e.id = b.event_id JOIN users u ON u.id = b.user_id WHERE u.role = 'member' AND e.state = 'published' AND e.audience = 'network'")
	open := s.id(t, "SELECT min(id) FROM agenda_events WHERE state = 'published' AND audience = 'everyone'")
	answered := s.id(t, "SELECT min(id) FROM legal_questions WHERE state = 'answered'")
	asked := s.id(t, "SELECT min(id) FROM legal_questions WHERE state = 'more_asked'")
	at := func(path string, id int64) string { return fmt.Sprintf(path, id) }
	return map[string][]stop{
		"/agenda":                      {{public, "/agenda", 0}, {member, "/agenda?quand=miens", 0}},
		"/agenda/nouveau":              {{officer, "/agenda/nouveau", 0}},
		"/agenda/{id}":                 {{public, at("/agenda/%d", open), 0}, {member, at("/agenda/%d", booked), 0}, {officer, at("/agenda/%d", booked), 0}},
		"/agenda/{id}/modifier":        {{officer, at("/agenda/%d/modifier", booked), 0}},
		"/agenda/{id}/presence":        {{officer, at("/agenda/%d/presence", booked), 0}},
		"/questions":                   {{public, "/questions", 0}, {public, "/questions?quoi=zzzz", 0}},
		"/reponses-publiees/{id}":      {{public, at("/reponses-publiees/%d", s.id(t, "SELECT min(id) FROM legal_answers WHERE published")), 0}},
		"/questions/nouvelle":          {{member, "/questions/nouvelle", 0}},
		"/questions/suivi":             {{member, "/questions/suivi", 0}, {officer, "/questions/suivi", 0}},
		"/questions/chiffres":          {{officer, "/questions/chiffres", 0}},
		"/questions/{id}":              {{member, at("/questions/%d", asked), 0}, {officer, at("/questions/%d", answered), 0}},
		"/qualite":                     {{public, "/qualite", 0}},
		"/qualite/suivi":               {{officer, "/qualite/suivi", 0}, {officer, "/qualite/suivi?label=cedre&mois=6", 0}},
		"/entreprise/qualite":          {{member, "/entreprise/qualite", 0}},
		"/qualite/certifications/{id}": {{member, at("/qualite/certifications/%d", own), 0}, {officer, at("/qualite/certifications/%d", review), 0}},
	}
}

// diary is the secret of the member's own calendar.
func (s *site) diary(t testing.TB) string {
	t.Helper()
	id := accounts.Identity{UserID: accounts.UserID(s.id(t, "SELECT min(id) FROM users WHERE role = 'member'")), Role: accounts.Member, Lang: "fr"}
	secret, err := s.agenda.Link(accounts.With(context.Background(), id))
	if err != nil {
		t.Fatal(err)
	}
	return secret
}
