package accounts_test

import (
	"context"
	"testing"

	"maillage/accounts"
	"maillage/internal/store"
	"maillage/internal/testkit"
)

// A text tells who it is however it writes a name, a number or an address; the commune
// alone, a word inside another or another number do not.
func TestTrace(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx := context.Background()
		must(t, st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
			if _, err := tx.NewRaw(`INSERT INTO organisations (id, role, kind, siret, name, brand, naf, description, website, email, phone, ess_since, turnover, insurance, excluded_by, active, findings, confirmed, source, digest, folded, revision, created_at, updated_at)
				VALUES (70, 'member', 'ACI', '12345678200119', 'Association Temps Bruyère', 'L’Atelier du Champ', '', '', 'https://www.bruyere.example.org/accueil', 'contact@bruyere.example.org', '+33 4 75 01 02 03', '', 0, 0, '[]', ?, '[]', '[]', 'demo', '', '', 1, '2026-11-23T08:00:00Z', '2026-11-23T08:00:00Z')`, true).Exec(ctx); err != nil {
				return err
			}
			if _, err := tx.NewRaw("INSERT INTO sites (organisation_id, main, address, postcode, city, commune) VALUES (70, ?, '12 rue des Lilas', '26400', 'Crest', '26108')", true).Exec(ctx); err != nil {
				return err
			}
			_, err := tx.NewRaw("INSERT INTO users (email, email_folded, name, role, lang, organisation_id, perimeter, password, revision, created_at, updated_at) VALUES ('alix@example.org', 'alix@example.org', 'Alix Roux', 'member', 'fr', 70, '', '', 1, '2026-11-23T08:00:00Z', '2026-11-23T08:00:00Z')").Exec(ctx)
			return err
		}))
		traces, err := accounts.TracesOf(ctx, st.Read(), 70)
		must(t, err)
		for text, want := range map[string]bool{
			"Atelier Temps-Bruyère à reprendre à Crest": true, "association TEMPS BRUYERE": true, "L'atelier du champ cède": true, "SIRET 123 456 782 00119": true, "siren 123.456.782": true,
			"Écrire à Contact@Bruyere.example.org": true, "Tél. 04 75 01 02 03": true, "Tél. 04.75.01.02.03": true, "Tél. 0033475010203": true, "voir bruyere.example.org": true, "au 12, rue des lilas": true, "voir Alix Roux": true,
			"Un chantier à Crest": false, "Le temps des bruyères": false, "Chiffre d’affaires 123 456 euros": false, "04 75 01 02 04": false, "": false,
		} {
			if got := accounts.Trace(text, traces); (got != "") != want {
				t.Errorf("%q: %q", text, got)
			}
		}
		if none, err := accounts.TracesOf(ctx, st.Read(), 0); err != nil || accounts.Trace("Un texte", none) != "" {
			t.Errorf("nobody: %v, %v", none, err)
		}
	})
}
