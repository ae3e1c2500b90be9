package web

import (
	"context"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/internal/store"
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

// TestAnAnswerDueSaysWhatItLacks: an officer reads how many pieces, never which file.
func TestAnAnswerDueSaysWhatItLacks(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if err := s.st.InTx(t.Context(), func(ctx context.Context, tx store.Tx) error {
		var lot int64
		if err := tx.NewRaw("SELECT m.lot_id FROM pursuits p JOIN matches m ON m.id = p.match_id JOIN lots l ON l.id = m.lot_id JOIN opportunities o ON o.id = l.opportunity_id WHERE p.state IN ('go', 'answering') AND o.state = 'published' ORDER BY m.id LIMIT 1").Scan(ctx, &lot); err != nil {
			return err
		}
		due := s.cfg.Clock().UTC().AddDate(0, 0, 3)
		if _, err := tx.NewRaw("UPDATE lots SET deadline = ? WHERE id = ?", due, lot).Exec(ctx); err != nil {
			return err
		}
		_, err := tx.NewRaw("UPDATE opportunities SET deadline = ? WHERE id = (SELECT opportunity_id FROM lots WHERE id = ?)", due, lot).Exec(ctx)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	said := text(s.visit(t, accounts.Officer).get(mondayPath).ok().says("réponse à remettre").body)
	if !regexp.MustCompile(`\d+ pièces? manquen?t?`).MatchString(strings.ReplaceAll(said, nbsp, " ")) {
		t.Error("it does not say what the answer lacks")
	}
}
