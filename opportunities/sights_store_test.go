package opportunities_test

import (
	"context"
	"testing"

	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/opportunities"
)

// TestSinceSeen: nothing is new to who never looked, nor to who just did; what
// a later notice changes is, once.
func TestSinceSeen(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		s, _ := service(t, st)
		ctx := context.Background()
		err := st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
			_, err := tx.NewRaw(`INSERT INTO users (id, email, email_folded, name, role, lang, organisation_id, perimeter, password, revision, created_at, updated_at)
				VALUES (41, 'a@b.fr', 'a@b.fr', 'A', 'officer', 'fr', 0, '', '', 1, '2026-11-23T08:00:00Z', '2026-11-23T08:00:00Z')`).Exec(ctx)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		look := func(user int64, o *opportunities.Opportunity) opportunities.News {
			t.Helper()
			news := must[opportunities.News](t)(s.SinceSeen(ctx, user, o.ID))
			if err := s.Seen(ctx, user, o); err != nil {
				t.Fatal(err)
			}
			return news
		}
		_, o := upsert(t, st, s, call("1", at("2026-12-01T11:00:00Z")))
		if n := look(41, o); n.Since != nil || len(n.Changes) != 0 {
			t.Errorf("a first visit: %+v", n)
		}
		if n := look(41, o); n.Since == nil || len(n.Changes) != 0 {
			t.Errorf("nothing happened: %+v", n)
		}
		_, o = upsert(t, st, s, opportunities.Imported{Origin: "boamp:26-2:1", Correction: true,
			Opportunity: opportunities.Opportunity{Key: "boamp:26-1", Deadline: at("2026-12-20T11:00:00Z")}})
		changed := must[map[opportunities.ID]bool](t)(s.ChangedSinceSeen(ctx, 41, o.ID))
		if other := must[map[opportunities.ID]bool](t)(s.ChangedSinceSeen(ctx, 42, o.ID)); !changed[o.ID] || other[o.ID] {
			t.Errorf("changed %v, for who never looked %v", changed, other)
		}
		n := look(41, o)
		if len(n.Changes) == 0 || n.Changes[0].Origin != "boamp:26-2:1" || n.Changes[0].Field != "deadline" || n.Changes[0].After != "2026-12-20T11:00:00Z" {
			t.Errorf("after a correction: %+v", n)
		}
		if again := look(41, o); len(again.Changes) != 0 {
			t.Errorf("seen already: %+v", again)
		}
		if changed = must[map[opportunities.ID]bool](t)(s.ChangedSinceSeen(ctx, 41, o.ID)); changed[o.ID] {
			t.Error("seen, and still marked")
		}
		if nobody := look(0, o); nobody.Since != nil {
			t.Errorf("nobody: %+v", nobody)
		}
	})
}
