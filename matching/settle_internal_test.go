package matching

import (
	"context"
	"testing"
	"time"

	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/network"
	"maillage/opportunities"
	"maillage/territories"
)

// A withdrawal decided from facts that another process has gone past meanwhile
// neither changes the row nor enters its history; and what was withdrawn from
// later facts isn't brought back by an older view.
func TestAStaleWithdrawalIsDropped(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx, now := t.Context(), time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
		id := keep(ctx, t, st, now)
		write := func(lot, organisation int64, change func(*plan, *Match)) {
			t.Helper()
			if err := st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
				m, err := get(ctx, tx, id)
				if err != nil {
					return err
				}
				m.LotRevision, m.OrganisationRevision = lot, organisation
				p := plan{back: map[*Match]bool{}}
				change(&p, m)
				return p.write(ctx, tx, now)
			}); err != nil {
				t.Fatal(err)
			}
		}
		withdrawn := func(p *plan, m *Match) { m.State, m.Reason, p.gone = Withdrawn, "territory", []*Match{m} }
		back := func(p *plan, m *Match) { m.State, m.Reason, p.changed, p.back[m] = Proposed, "", []*Match{m}, true }
		check := func(want State, events int) {
			t.Helper()
			m, err := get(ctx, st.Read(), id)
			if err != nil {
				t.Fatal(err)
			}
			n, err := st.Read().NewSelect().Model((*Event)(nil)).Where("me.match_id = ?", id).Count(ctx)
			if err != nil || m.State != want || int(n) != events {
				t.Fatalf("%s with %d events (%v), want %s with %d", m.State, n, err, want, events)
			}
		}
		write(4, 5, withdrawn) // the row is at 5, 5
		check(Proposed, 0)
		write(5, 4, withdrawn)
		check(Proposed, 0)
		write(6, 5, withdrawn)
		check(Withdrawn, 1)
		write(5, 5, back)
		check(Withdrawn, 1)
		write(6, 5, back)
		check(Proposed, 2)
	})
}

// keep writes one match of revisions 5 and 5.
func keep(ctx context.Context, t *testing.T, st *store.Store, now time.Time) ID {
	t.Helper()
	atlas, err := territories.Load()
	if err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return now }
	member, err := network.NewService(network.Config{Store: st, Atlas: atlas, Now: clock}).Save(ctx,
		&network.Organisation{Role: network.Member, Kind: network.KindACI, Name: "Brindesaule", Active: true, Source: "demo"}, 0)
	if err != nil {
		t.Fatal(err)
	}
	o, err := opportunities.NewService(opportunities.Config{Store: st, Atlas: atlas, Now: clock}).Create(ctx, opportunities.By{},
		&opportunities.Opportunity{Kind: opportunities.Tender, Title: "Espaces verts", Source: "officer"})
	if err != nil {
		t.Fatal(err)
	}
	m := &Match{LotID: o.Lots[0].ID, OrganisationID: member.ID, State: Proposed, LotRevision: 5, OrganisationRevision: 5,
		FirstProposedAt: now, ComputedAt: now, UpdatedAt: now}
	if err := st.InTx(ctx, func(ctx context.Context, tx store.Tx) error { return insertMatches(ctx, tx, []*Match{m}) }); err != nil {
		t.Fatal(err)
	}
	return m.ID
}
