package network_test

import (
	"context"
	"testing"

	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/network"
)

// A contract won is a reference of the member that won it, once however often
// it is told, and no longer once its notices say otherwise; what the member
// wrote itself stays.
func TestCredit(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx := context.Background()
		s := service(t, st)
		own := network.Reference{Title: "Écrit par le membre", Year: 2024}
		made, err := s.Save(ctx, &network.Organisation{Role: network.Member, Kind: network.KindEI, SIRET: "44306184100047", Name: "Les Jardins", Active: true, References: []network.Reference{own}}, 0)
		if err != nil {
			t.Fatal(err)
		}
		credit := func(want int, awards ...network.Award) *network.Organisation {
			t.Helper()
			err := st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
				n, err := s.Credit(ctx, tx, "procedure:1", awards)
				if n != want {
					t.Errorf("%d references credited, want %d", n, want)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			o, err := s.Get(ctx, made.ID)
			if err != nil {
				t.Fatal(err)
			}
			return o
		}
		won := network.Award{SIRET: made.SIRET, Reference: network.Reference{Title: "Espaces verts, lot 1", Code: "77310000", Buyer: "Ville de Die", Year: 2026, Amount: 42_000}}
		stranger := network.Award{SIRET: "21260281800016", Reference: network.Reference{Title: "Ailleurs", Year: 2026}}
		o := credit(1, won, stranger)
		if len(o.References) != 2 || o.References[1].Source != "procedure:1" || o.References[1].Amount != 42_000 || o.Revision != made.Revision+1 {
			t.Fatalf("after the award: revision %d, %+v", o.Revision, o.References)
		}
		if again := credit(1, won, stranger); again.Revision != o.Revision || again.References[1].ID != o.References[1].ID {
			t.Errorf("told twice: revision %d, %+v", again.Revision, again.References)
		}
		if gone := credit(0); len(gone.References) != 1 || gone.References[0].Title != own.Title {
			t.Errorf("after its cancellation: %+v", gone.References)
		}
	})
}
