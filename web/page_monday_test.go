package web

import (
	"net/url"
	"testing"

	"maillage/accounts"
)

// TestAnOfficerSortsNotices: one gesture a notice, said once, undone by another; nobody else does it.
func TestAnOfficerSortsNotices(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Officer)
	page := v.get(mondayPath).ok().says("Avis à trier", "Renouvellements à annoncer", "Membres à appeler", "Promesses à tenir", "Heures d’insertion à pourvoir", "Ce qui s’éteint sous sept jours")
	notice := find(page.body, `action="(/lundi/avis/\d+)"`)
	s.visit(t, accounts.Member).post(notice, url.Values{"geste": {"keep"}}).is(403)
	v.post(notice, url.Values{"motif": {"no_clause"}}).ok().says("il ne reviendra pas", "écarté : pas de clause", "Remettre à trier")
	v.post(notice, url.Values{"motif": {"nothing"}}).is(422)
	if again := find(v.get(mondayPath).body, `action="(`+notice+`)" method="post" class="row"`); again != "" {
		t.Errorf("a discarded notice is to be sorted: %s", again)
	}
	v.post(notice, url.Values{"geste": {"put_back"}}).ok().says("de nouveau à trier")
	v.post(notice, url.Values{"geste": {"keep"}}).ok().says("L’avis est gardé")
}
