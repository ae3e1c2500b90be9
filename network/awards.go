package network

import (
	"context"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"maillage/internal/store"
)

// Award is a contract that an establishment won, as its notices tell it.
type Award struct {
	SIRET     SIRET
	Reference Reference // its Source is that of the call
}

// Credit makes the contracts won the references of the members that won them,
// in the caller's transaction: what source said of them before, and no longer
// says, is taken away; what they wrote themselves is left alone. Called again
// with the same awards it changes nothing. One establishment may be several
// members, under several conventions: each gets the reference. It tells how many
// references of that source there are in the end.
func (s *Service) Credit(ctx context.Context, tx store.Tx, source string, awards []Award) (int, error) {
	won, err := s.winners(ctx, tx, awards)
	if err != nil {
		return 0, err
	}
	var ids []ID
	err = tx.NewRaw("/* network.Credit */ SELECT DISTINCT organisation_id FROM track_records WHERE source = ? ORDER BY organisation_id", source).Scan(ctx, &ids)
	if err != nil {
		return 0, fmt.Errorf("find the references of %s: %w", source, err)
	}
	for id := range won {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	total := 0
	for _, id := range slices.Compact(ids) {
		if err := s.credit(ctx, tx, id, source, won[id]); err != nil {
			return 0, fmt.Errorf("credit organisation %d: %w", id, err)
		}
		total += len(won[id])
	}
	return total, nil
}

// winners finds the members of the establishments that won.
func (s *Service) winners(ctx context.Context, tx store.Tx, awards []Award) (map[ID][]Reference, error) {
	var sirets []SIRET
	for _, a := range awards {
		if len(a.SIRET) == 14 {
			sirets = append(sirets, a.SIRET)
		}
	}
	members, err := kindsOf(ctx, tx, sirets)
	if err != nil {
		return nil, err
	}
	won := map[ID][]Reference{}
	for _, m := range members {
		for _, a := range awards {
			if a.SIRET == m.SIRET {
				won[m.ID] = append(won[m.ID], a.Reference)
			}
		}
	}
	return won, nil
}

func (s *Service) credit(ctx context.Context, tx store.Tx, id ID, source string, refs []Reference) error {
	cur, err := s.hold(ctx, tx, id, 0)
	if err != nil {
		return err
	}
	want := cur.clone()
	want.References = slices.DeleteFunc(want.References, func(r Reference) bool { return r.Source == source })
	for _, r := range refs {
		r.ID, r.OrganisationID, r.Source = 0, id, source
		c := checker{atlas: s.atlas}
		// What an import let through in the rest of the organisation is no
		// reason to lose the award; a reference that does not hold is.
		if c.reference("", &r); len(c.faults) == 0 && len(want.References) < maxRows {
			want.References = append(want.References, r)
		}
	}
	return s.write(ctx, tx, cur, want)
}

// memberKind is a member by its establishment.
type memberKind struct {
	ID    ID    `bun:"id"`
	SIRET SIRET `bun:"siret"`
	Kind  Kind  `bun:"kind"`
}

// KindsAt gives the kinds of the members at some establishments, in the
// caller's transaction; one where there is no member is not in the map.
func (s *Service) KindsAt(ctx context.Context, tx store.Tx, sirets ...SIRET) (map[SIRET][]Kind, error) {
	rows, err := kindsOf(ctx, tx, sirets)
	if err != nil {
		return nil, err
	}
	out := map[SIRET][]Kind{}
	for _, r := range rows {
		out[r.SIRET] = append(out[r.SIRET], r.Kind)
	}
	return out, nil
}

func kindsOf(ctx context.Context, tx store.Tx, sirets []SIRET) ([]memberKind, error) {
	var rows []memberKind
	for part := range slices.Chunk(sirets, chunk) {
		var some []memberKind
		err := tx.NewRaw("/* network.kindsOf */ SELECT id, siret, kind FROM organisations WHERE role = ? AND siret IN (?) AND siret <> '' ORDER BY id",
			Member, bun.List(part)).Scan(ctx, &some)
		if err != nil {
			return nil, fmt.Errorf("find the members that won: %w", err)
		}
		rows = append(rows, some...)
	}
	slices.SortFunc(rows, func(a, b memberKind) int { return int(a.ID - b.ID) })
	return slices.CompactFunc(rows, func(a, b memberKind) bool { return a.ID == b.ID }), nil
}
