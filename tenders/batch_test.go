package tenders

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"maillage/internal/store"
	"maillage/internal/testkit"
)

// contracts writes a table of awards of one buyer under one title.
func contracts(t *testing.T, from, to int) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("id,acheteur_id,acheteur_nom,objet,codeCPV,montant,dateNotification,datePublicationDonnees,titulaire_id\n")
	for i := from; i < to; i++ {
		fmt.Fprintf(&b, "M%d,21260362200014,Commune de Valence,Entretien des espaces verts de la commune,77310000,%d,2024-06-%02d,2024-06-20,73282932000074\n", i, 1000+i, 1+i%28)
	}
	path := filepath.Join(t.TempDir(), "contracts.csv")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestAHugeProcurementIsToldAlike: what a batch keeps in mind of a procurement
// is what the database says of it, so that contracts read together make the same
// as one by one.
func TestAHugeProcurementIsToldAlike(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx := context.Background()
		one, many := newHouse(t, testkit.SQLite(t)), newHouse(t, st)
		const n = 230 // more than are told together
		if r := many.load(contracts(t, 0, n)); r.Made != 1 {
			t.Fatalf("%+v", r)
		}
		for i := range n / 10 {
			one.load(contracts(t, i*10, i*10+10))
		}
		key := "procedure:decp:21260362200014:M0"
		a, b := one.offer(key), many.offer(key)
		if a.State != b.State || a.Title != b.Title || !a.NoticedAt.Equal(*b.NoticedAt) || !a.PublishedAt.Equal(*b.PublishedAt) || len(a.Lots) != len(b.Lots) {
			t.Errorf("one by one %+v\ntogether %+v", a, b)
		}
		told, err := many.History(ctx, b.ID)
		if err != nil || len(told) != n {
			t.Errorf("%d notices: %v", len(told), err)
		}
	})
}

// TestABatchReadsAProcurementOnce: the notices of a procurement are read from the
// database once, those that a batch adds are told with them, and few are held.
func TestABatchReadsAProcurementOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	h.load(contracts(t, 0, 210))
	err := h.store.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error {
		a := &acquaintance{seen: map[noticeKey][]string{}}
		key := "procedure:decp:21260362200014:M0"
		first, err := a.noticesOf(ctx, tx, key)
		if err != nil || len(first) != mostOfKey {
			t.Fatalf("%d notices: %v", len(first), err)
		}
		more := first[0]
		more.ID, more.SourceID, more.Digest = 0, "another", "another"
		if err := a.insert(ctx, tx, &more); err != nil {
			return err
		}
		if _, err := tx.NewDelete().Model((*noticeRow)(nil)).Where("source_id <> ?", "another").Exec(ctx); err != nil {
			return err
		}
		again, err := a.noticesOf(ctx, tx, key)
		if err != nil || len(again) != mostOfKey || again[0].SourceID != "another" || again[0].ID == 0 || again[1].ID != first[0].ID {
			t.Errorf("then %d notices: %v", len(again), err)
		}
		a.held = maxHeld + 1
		if _, err := a.noticesOf(ctx, tx, "another"); err != nil || len(a.told) != 1 {
			t.Errorf("%d procurements are held: %v", len(a.told), err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
