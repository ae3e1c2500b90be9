package main

import (
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
	at := func(path string, id int64) string { return fmt.Sprintf(path, id) }
	return map[string][]stop{
		"/qualite":                     {{public, "/qualite", 0}},
		"/qualite/suivi":               {{officer, "/qualite/suivi", 0}, {officer, "/qualite/suivi?label=cedre&mois=6", 0}},
		"/entreprise/qualite":          {{member, "/entreprise/qualite", 0}},
		"/qualite/certifications/{id}": {{member, at("/qualite/certifications/%d", own), 0}, {officer, at("/qualite/certifications/%d", review), 0}},
	}
}
