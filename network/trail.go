package network

import (
	"context"
	"reflect"
	"strings"

	"maillage/accounts"
	"maillage/internal/store"
)

// trail writes in the audit trail that somebody changed an organisation, with
// the names of what differs. A change of nothing leaves no trace; an import is
// one entry of its door, not one for each row.
func (s *Service) trail(ctx context.Context, tx store.Tx, a accounts.Action, cur, want *Organisation) error {
	if cur != nil && cur.Revision == want.Revision {
		return nil
	}
	return accounts.Audit(ctx, tx, accounts.Entry{At: s.now(), Action: a, Entity: "organisation", EntityID: int64(want.ID), Fields: differing(cur, want)})
}

// differing names the columns and the lists that are not the same.
func differing(cur, want *Organisation) []string {
	if cur == nil {
		return []string{"created"}
	}
	var out []string
	a, b := reflect.ValueOf(*cur), reflect.ValueOf(*want)
	for i := range a.NumField() {
		switch name := a.Type().Field(i).Name; name {
		case "BaseModel", "Digest", "Folded", "Revision", "UpdatedAt":
		default:
			if !reflect.DeepEqual(a.Field(i).Interface(), b.Field(i).Interface()) {
				out = append(out, strings.ToLower(name))
			}
		}
	}
	return out
}

// tieTrail is trail for a group, a pole or a partnership.
func (s *Service) tieTrail(ctx context.Context, tx store.Tx, what string, id int64, done string) error {
	action := map[string]accounts.Action{"group": accounts.GroupEdit, "pole": accounts.PoleEdit, "partnership": accounts.PartnershipEdit}[what]
	return accounts.Audit(ctx, tx, accounts.Entry{At: s.now(), Action: action, Entity: what, EntityID: id, Fields: []string{done}})
}
