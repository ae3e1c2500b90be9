package network

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/territories"
)

// clone copies the aggregate so that an edit leaves the original as it was read.
func (o *Organisation) clone() *Organisation {
	c := *o
	c.Findings, c.Confirmed, c.ExcludedBy = slices.Clone(o.Findings), slices.Clone(o.Confirmed), slices.Clone(o.ExcludedBy)
	c.Sites, c.Statuses, c.Activities = slices.Clone(o.Sites), slices.Clone(o.Statuses), slices.Clone(o.Activities)
	c.Certifications, c.References = slices.Clone(o.Certifications), slices.Clone(o.References)
	c.Memberships = slices.Clone(o.Memberships)
	for i := range c.Activities {
		c.Activities[i].Codes = slices.Clone(c.Activities[i].Codes)
		c.Activities[i].Modes = slices.Clone(c.Activities[i].Modes)
	}
	return &c
}

// write keeps a checked organisation in place of cur (nil: a new one), raises
// its revision and asks for its matches, if anything differs.
func (s *Service) write(ctx context.Context, tx store.Tx, cur, want *Organisation) error {
	if cur != nil {
		want.Findings = settled(cur, want)
	}
	changed, err := s.writeQuietly(ctx, tx, cur, want)
	if err != nil || !changed {
		return err
	}
	return announce(ctx, tx, []ID{want.ID})
}

// writeQuietly is write without asking for matches: an import asks once a chunk.
func (s *Service) writeQuietly(ctx context.Context, tx store.Tx, cur, want *Organisation) (changed bool, err error) {
	s.fold(want)
	if err := sign(ctx, tx, cur, want); err != nil {
		return false, err
	}
	if cur == nil {
		return true, s.insert(ctx, tx, want)
	}
	want.Revision, want.CreatedAt, want.UpdatedAt = cur.Revision, cur.CreatedAt, cur.UpdatedAt
	changed, err = syncAll(ctx, tx, want.ID, cur, want)
	if err != nil {
		return false, err
	}
	if !changed && reflect.DeepEqual(header(cur), header(want)) {
		return false, nil
	}
	want.Revision++
	want.UpdatedAt = s.now()
	return true, update(ctx, tx, want)
}

func (s *Service) insert(ctx context.Context, tx store.Tx, want *Organisation) error {
	now := s.now()
	want.ID, want.Revision, want.CreatedAt, want.UpdatedAt = 0, 1, now, now
	_, err := tx.NewInsert().Model(want).Comment("network.insert").On("CONFLICT DO NOTHING").Returning("id").Exec(ctx)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("insert organisation: %w", err)
	}
	if want.ID == 0 {
		return repeatedIdentity()
	}
	_, err = syncAll(ctx, tx, want.ID, &Organisation{}, want)
	return err
}

func repeatedIdentity() error {
	return fault.Conflict("repeated-identity",
		"Une organisation porte déjà ce SIRET et ce type.", "An organisation already has this SIRET and kind.")
}

// header is the organisation without what is kept in other tables.
func header(o *Organisation) Organisation {
	h := *o
	h.Sites, h.Statuses, h.Activities, h.Certifications, h.References, h.Memberships = nil, nil, nil, nil, nil, nil
	return h
}

func update(ctx context.Context, tx store.Tx, o *Organisation) error {
	taken, err := identityTaken(ctx, tx, o)
	if err != nil {
		return err
	}
	if taken {
		return repeatedIdentity()
	}
	_, err = tx.NewUpdate().Model(o).Comment("network.update").ExcludeColumn("id", "created_at").WherePK().Exec(ctx)
	if err != nil {
		return fmt.Errorf("write organisation %d: %w", o.ID, err)
	}
	return nil
}

// syncAll brings every table of the aggregate to what is wanted.
func syncAll(ctx context.Context, tx store.Tx, id ID, cur, want *Organisation) (bool, error) {
	steps := []func() (bool, error){
		func() (bool, error) {
			return sync(ctx, tx, id, cur.Sites, want.Sites, func(r *Site) (*int64, *ID) { return &r.ID, &r.OrganisationID })
		},
		func() (bool, error) {
			return sync(ctx, tx, id, cur.Statuses, want.Statuses, func(r *Status) (*int64, *ID) { return &r.ID, &r.OrganisationID })
		},
		func() (bool, error) {
			return sync(ctx, tx, id, cur.Activities, want.Activities, func(r *Activity) (*int64, *ID) { return &r.ID, &r.OrganisationID })
		},
		func() (bool, error) {
			return sync(ctx, tx, id, cur.Certifications, want.Certifications, func(r *Certification) (*int64, *ID) { return &r.ID, &r.OrganisationID })
		},
		func() (bool, error) {
			return sync(ctx, tx, id, cur.References, want.References, func(r *Reference) (*int64, *ID) { return &r.ID, &r.OrganisationID })
		},
		func() (bool, error) { return syncMemberships(ctx, tx, id, cur.Memberships, want.Memberships) },
	}
	changed := false
	for _, step := range steps {
		c, err := step()
		if err != nil {
			return false, fmt.Errorf("write what organisation %d holds: %w", id, err)
		}
		changed = changed || c
	}
	return changed, nil
}

// sync updates, inserts and deletes the rows of one table so that they are
// those wanted. A row keeps its number when it is given with it, or when
// nothing in it changed: what refers to an activity goes on doing so. A number
// that is not the organisation's own makes a new row.
func sync[T any, O ~int64](ctx context.Context, tx store.Tx, owner O, have, want []T, keys func(*T) (id *int64, owner *O)) (changed bool, err error) {
	left := map[int64]*T{}
	for i := range have {
		id, _ := keys(&have[i])
		left[*id] = &have[i]
	}
	var fresh []*T
	for i := range want {
		id, of := keys(&want[i])
		*of = owner
		old := left[*id]
		if old == nil {
			if *id = sameRow(have, left, &want[i], keys); *id == 0 {
				fresh = append(fresh, &want[i])
				continue
			}
			old = left[*id]
		}
		delete(left, *id)
		if reflect.DeepEqual(*old, want[i]) {
			continue
		}
		changed = true
		if _, err := tx.NewUpdate().Model(&want[i]).Comment("network.sync").WherePK().Exec(ctx); err != nil {
			return false, err
		}
	}
	for id, row := range left {
		changed = true
		if _, err := tx.NewDelete().Model(row).Comment("network.sync").WherePK().Exec(ctx); err != nil {
			return false, fmt.Errorf("delete row %d: %w", id, err)
		}
	}
	if len(fresh) == 0 {
		return changed, nil
	}
	_, err = tx.NewInsert().Model(&fresh).Comment("network.sync").Returning("id").Exec(ctx)
	return true, err
}

// sameRow finds, among the rows not yet claimed, one that only differs by its number.
func sameRow[T any, O ~int64](have []T, left map[int64]*T, want *T, keys func(*T) (*int64, *O)) int64 {
	for i := range have {
		id, _ := keys(&have[i])
		if left[*id] == nil {
			continue
		}
		candidate := *want
		cid, _ := keys(&candidate)
		*cid = *id
		if reflect.DeepEqual(have[i], candidate) {
			return *id
		}
	}
	return 0
}

func syncMemberships(ctx context.Context, tx store.Tx, owner ID, have, want []Membership) (bool, error) {
	for i := range want {
		want[i].OrganisationID = owner
	}
	slices.SortFunc(want, func(a, b Membership) int { return int(a.NetworkID - b.NetworkID) })
	if len(have) == len(want) && (len(have) == 0 || reflect.DeepEqual(have, want)) {
		return false, nil
	}
	_, err := tx.NewRaw("/* network.syncMemberships */ DELETE FROM memberships WHERE organisation_id = ?", owner).Exec(ctx)
	if err != nil || len(want) == 0 {
		return true, err
	}
	_, err = tx.NewInsert().Model(&want).Comment("network.syncMemberships").Exec(ctx)
	return true, err
}

// fold writes what a text search reads, the name people use first: lists are
// sorted by it.
func (s *Service) fold(o *Organisation) {
	texts := []string{o.Called(), o.Name, string(o.SIRET)}
	for _, site := range o.Sites {
		texts = append(texts, site.City)
		if ord, ok := s.atlas.Ordinal(site.Commune); ok {
			texts = append(texts, s.atlas.Commune(ord).Name)
		}
	}
	var out []byte
	seen := map[string]bool{}
	for _, t := range texts {
		f := territories.Fold(t)
		if f == "" || seen[f] {
			continue
		}
		seen[f] = true
		if len(out) > 0 {
			out = append(out, ' ')
		}
		out = append(out, f...)
	}
	o.Folded = string(out)
}
