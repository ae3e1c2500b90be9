package network

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
)

// Four eyes (docs/batches.md): an organisation that an officer made counts in no figure
// made of people until an administrator has countersigned it, and an address that an
// officer wrote vouches for no account until then. What stands goes on standing: an
// officer who could take a structure out of a figure by writing its address would read
// its people by subtraction.

// Stands tells whether an organisation counts: somebody else than an officer vouches for it.
func (o *Organisation) Stands() bool { return o.OpenedBy == nil }

// sign says who vouches for what is written, whatever the caller says of it.
func sign(ctx context.Context, tx store.Tx, cur, want *Organisation) error {
	if cur == nil {
		want.OpenedBy, want.AddressBy, want.CountersignedAt, want.CountersignedBy = nil, nil, nil, nil
		if who := accounts.From(ctx); who.Role == accounts.Officer {
			want.OpenedBy = who.Actor()
		}
	} else {
		want.OpenedBy, want.AddressBy, want.CountersignedAt, want.CountersignedBy = cur.OpenedBy, cur.AddressBy, cur.CountersignedAt, cur.CountersignedBy
	}
	if cur != nil && strings.EqualFold(cur.Email, want.Email) || cur == nil && want.Email == "" {
		return nil
	}
	alone, err := onWord(ctx, tx)
	want.AddressBy = alone
	return err
}

// onWord is whoever writes on nobody's word but an officer's; nil: nobody does.
func onWord(ctx context.Context, tx store.Tx) (*int64, error) {
	who := accounts.From(ctx)
	switch who.Role {
	case accounts.Officer:
		return who.Actor(), nil
	case accounts.Member, accounts.Employer, accounts.Counsellor:
		alone, err := accounts.Alone(ctx, tx, who.UserID)
		if err != nil || !alone {
			return nil, err
		}
		return who.Actor(), nil
	}
	return nil, nil
}

// Awaited is an organisation of which something rests on the word of an officer alone.
type Awaited struct {
	ID       ID
	Name     string
	Email    string
	Opened   bool   // an officer made it
	Address  bool   // an officer wrote its address
	Opener   string // name of who made it; empty: nobody alone, or an account that is no more
	Writer   string // name of who wrote its address, likewise
	OpenedAt time.Time
	Revision int64
	Accounts []accounts.OpenedAlone
}

// Awaiting lists what waits for a countersignature: of an organisation, for who follows
// it up, or of all (0), for who may read that of each.
func (s *Service) Awaiting(ctx context.Context, id ID) ([]Awaited, error) {
	var scope accounts.Scope
	if id != 0 {
		o, err := s.Get(ctx, id)
		if err != nil {
			return nil, err
		}
		scope = o.Scope(s.atlas)
	}
	if err := accounts.Allow(accounts.From(ctx), accounts.OrganisationUnsigned, scope); err != nil {
		return nil, err
	}
	opened, err := accounts.OpenedAloneIn(ctx, s.store.Read(), int64(id))
	if err != nil {
		return nil, err
	}
	var of []ID
	for _, a := range opened {
		of = append(of, ID(a.OrganisationID))
	}
	out, err := awaiting(ctx, s.store.Read(), id, of)
	for i := range out {
		for _, a := range opened {
			if a.OrganisationID == int64(out[i].ID) {
				out[i].Accounts = append(out[i].Accounts, a)
			}
		}
	}
	return out, err
}

// Countersign says, for an administrator, that an organisation, its address and the
// accounts that an officer opened there were looked at: they count from now on. expected
// is the revision that was read, and invitations those that were: what was opened since
// is refused. Said again, it writes nothing.
func (s *Service) Countersign(ctx context.Context, id ID, expected int64, invitations []int64) (*Organisation, error) {
	if err := accounts.Allow(accounts.From(ctx), accounts.OrganisationCountersign, accounts.Of(int64(id))); err != nil {
		return nil, err
	}
	var out *Organisation
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		cur, err := s.hold(ctx, tx, id, 0)
		if err != nil {
			return err
		}
		out = cur
		opened, err := accounts.CountersignIn(ctx, tx, int64(id), invitations, s.now())
		if err != nil {
			return err
		}
		fields := slices.DeleteFunc([]string{onlyIf(cur.OpenedBy != nil, "organisation"), onlyIf(cur.AddressBy != nil, "address"), onlyIf(opened, "accounts")},
			func(f string) bool { return f == "" })
		if len(fields) == 0 {
			return nil
		}
		if expected != 0 && cur.Revision != expected {
			return fault.Stale()
		}
		now := s.now()
		cur.OpenedBy, cur.AddressBy, cur.CountersignedAt, cur.CountersignedBy = nil, nil, &now, accounts.From(ctx).Actor()
		cur.Revision++
		if err := keepSigned(ctx, tx, cur); err != nil {
			return err
		}
		return accounts.Audit(ctx, tx, accounts.Entry{At: now, Action: accounts.OrganisationCountersign, Entity: "organisation", EntityID: int64(id), Fields: fields})
	})
	if err != nil {
		return nil, fmt.Errorf("countersign organisation %d: %w", id, err)
	}
	return out, nil
}

func onlyIf(is bool, word string) string {
	if is {
		return word
	}
	return ""
}
