package matching

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/network"
)

const (
	longestGroupName = 300
	longestTasks     = 2000
	longestKey       = 100
)

func actor(by By) *int64 {
	if by.UserID == 0 {
		return nil
	}
	return &by.UserID
}

// CreateConsortium keeps a draft. The same key and content again give what the first
// made, as it is now; another content under the same key is refused (key-taken).
func (s *Service) CreateConsortium(ctx context.Context, by By, c *Consortium) (*Consortium, error) {
	if err := s.checkConsortium(ctx, c); err != nil {
		return nil, fmt.Errorf("make a group: %w", err)
	}
	var out *Consortium
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := holdLot(ctx, tx, c.LotID); err != nil {
			return err
		}
		same, err := groupOfKey(ctx, tx, c.Key)
		if err != nil {
			return err
		}
		if out = same; same != nil {
			return sameAsked(ctx, tx, same, c)
		}
		if err := s.lotToFill(ctx, c.LotID); err != nil {
			return err
		}
		if err := oneLead(ctx, tx, c); err != nil {
			return err
		}
		out, err = s.insertConsortium(ctx, tx, by, c)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("make a group: %w", err)
	}
	return out, nil
}

// sameAsked refuses a content that is not the one with which a group was made, for
// whoever changed it since.
func sameAsked(ctx context.Context, db bun.IDB, made, asked *Consortium) error {
	before, err := digestOfGroup(ctx, db, made.ID)
	if err != nil || before == asked.digest() {
		return err
	}
	if before == "" && made.LotID == asked.LotID { // made before digests were kept
		return nil
	}
	return fault.Conflict("key-taken", "Un groupement d’un autre contenu a déjà été gardé avec cette clé : modifiez-le, ou recommencez avec une autre clé.",
		"A group of another content was kept with this key already: change it, or begin again with another key.")
}

// digest tells apart what is asked of a group.
func (c *Consortium) digest() string {
	h := sha256.New()
	_, _ = fmt.Fprintf(h, "%d %q %q %d %t %q", c.LotID, c.Name, c.Form, c.LeadID, c.Exclusive, c.Accounts) // never fails
	for _, p := range c.Members {
		_, _ = fmt.Fprintf(h, " %d %g %q", p.OrganisationID, p.Share, p.Tasks)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (s *Service) insertConsortium(ctx context.Context, tx store.Tx, by By, c *Consortium) (*Consortium, error) {
	row := *c
	row.ID, row.State, row.Revision, row.FrozenAt = 0, GroupDraft, 1, nil
	row.CreatedBy, row.CreatedFor, row.CreatedAt = actor(by), accounts.From(ctx).OrganisationID, s.now()
	row.UpdatedAt = row.CreatedAt
	if err := insertGroup(ctx, tx, &row); err != nil {
		return nil, err
	}
	detail := GroupDetail{Joined: partners(&row), Asked: row.digest()}
	return &row, s.traceGroup(ctx, tx, by, &row, "created", detail, []string{"members", "form", "lead"})
}

// UpdateConsortium rewrites a draft: its name, form, lead, members, accounts. A
// group that was handed in can't change (R2142-26). expected is the revision that
// was read, 0 not to check.
func (s *Service) UpdateConsortium(ctx context.Context, by By, id ConsortiumID, expected int64, want *Consortium) (*Consortium, error) {
	var out *Consortium
	err := s.changeGroup(ctx, id, expected, func(ctx context.Context, tx store.Tx, cur *Consortium) error {
		out = cur
		if cur.State != GroupDraft {
			return fault.Conflict("frozen", "La composition d’un groupement déposé ne change plus jusqu’à la signature (article R2142-26).",
				"The members of a group that was handed in do not change until the signature (article R2142-26).")
		}
		row := *want
		row.ID, row.LotID, row.Key, row.State, row.CreatedBy, row.CreatedFor, row.CreatedAt = cur.ID, cur.LotID, cur.Key, cur.State, cur.CreatedBy, cur.CreatedFor, cur.CreatedAt
		row.Revision, row.UpdatedAt = cur.Revision+1, s.now()
		if err := s.checkConsortium(ctx, &row); err != nil {
			return err
		}
		if slices.Equal(partners(&row), partners(cur)) {
			row.Coverage = cur.Coverage
		}
		fields, detail := groupDiff(cur, &row)
		if len(fields) == 0 {
			return nil
		}
		if err := oneLead(ctx, tx, &row); err != nil {
			return err
		}
		if err := rewriteGroup(ctx, tx, &row); err != nil {
			return err
		}
		out = &row
		return s.traceGroup(ctx, tx, by, &row, "changed", detail, fields)
	})
	if err != nil {
		return nil, fmt.Errorf("change group %d: %w", id, err)
	}
	return out, nil
}

// FreezeConsortium says that the group was handed in: nothing that blocks may be
// left. Once more changes nothing.
func (s *Service) FreezeConsortium(ctx context.Context, by By, id ConsortiumID, expected int64) (*Consortium, error) {
	return s.moveGroup(ctx, by, id, expected, GroupFrozen)
}

// DissolveConsortium gives a group up. It stays, with its history.
func (s *Service) DissolveConsortium(ctx context.Context, by By, id ConsortiumID, expected int64) (*Consortium, error) {
	return s.moveGroup(ctx, by, id, expected, GroupDissolved)
}

func (s *Service) moveGroup(ctx context.Context, by By, id ConsortiumID, expected int64, to Stage) (*Consortium, error) {
	var out *Consortium
	err := s.changeGroup(ctx, id, expected, func(ctx context.Context, tx store.Tx, c *Consortium) error {
		if out = c; c.State == to {
			return nil
		}
		if c.State == GroupDissolved {
			return fault.Conflict("dissolved", "Ce groupement a été dissous : composez-en un autre.", "This group was dissolved: compose another one.")
		}
		detail := GroupDetail{Members: partners(c)}
		if to == GroupFrozen {
			if err := s.mayFreeze(ctx, tx, c); err != nil {
				return err
			}
			now := s.now()
			c.FrozenAt = &now
		}
		c.State, c.Revision, c.UpdatedAt = to, c.Revision+1, s.now()
		if err := updateGroup(ctx, tx, c); err != nil {
			return err
		}
		return s.traceGroup(ctx, tx, by, c, string(to), detail, []string{"state"})
	})
	if err != nil {
		return nil, fmt.Errorf("move group %d to %s: %w", id, to, err)
	}
	return out, nil
}

// changeGroup takes a group, and the lot so that no other group for it changes
// meanwhile, for one transaction.
func (s *Service) changeGroup(ctx context.Context, id ConsortiumID, expected int64, change func(context.Context, store.Tx, *Consortium) error) error {
	return s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		c, err := getGroup(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := holdLot(ctx, tx, c.LotID); err != nil {
			return err
		}
		if c, err = getGroup(ctx, tx, id); err != nil {
			return err
		}
		if expected != 0 && expected != c.Revision {
			return fault.Stale()
		}
		return change(ctx, tx, c)
	})
}

func (s *Service) traceGroup(ctx context.Context, tx store.Tx, by By, c *Consortium, kind string, d GroupDetail, fields []string) error {
	d.Fields = fields
	e := GroupEvent{ConsortiumID: c.ID, At: s.now(), Kind: kind, ActorID: actor(by), Detail: d}
	if err := recordGroup(ctx, tx, &e); err != nil {
		return err
	}
	return accounts.Audit(ctx, tx, accounts.Entry{At: e.At, Action: accounts.ConsortiumEdit, Entity: "consortium", EntityID: int64(c.ID), Fields: fields})
}

// checkConsortium refuses what is no group, every fault located, and works out what
// it covers.
func (s *Service) checkConsortium(ctx context.Context, c *Consortium) error {
	c.Name, c.Accounts = strings.TrimSpace(c.Name), strings.TrimSpace(c.Accounts)
	var f fault.List
	f.At(c.Name == "" || utf8.RuneCountInString(c.Name) > longestGroupName, "name", "required", "Donnez un nom au groupement, de 300 caractères au plus.", "Name the group, in 300 characters at most.")
	f.At(c.Key == "" || len(c.Key) > longestKey, "key", "required", "Une clé de 100 caractères au plus.", "A key of 100 characters at most.")
	f.At(!slices.Contains(Forms(), c.Form), "form", "unknown", "Choisissez la forme du groupement.", "Choose the form of the group.")
	f.At(utf8.RuneCountInString(c.Accounts) > longestTasks, "accounts", "too-long", "2 000 caractères au plus.", "2,000 characters at most.")
	f.At(len(c.Members) < 2, "members", "too-few", "Un groupement réunit au moins deux membres.", "A group has two members at least.")
	f.At(len(c.Members) > mostPartners, "members", "too-many", "Douze membres au plus.", "Twelve members at most.")
	f.At(!c.Has(c.LeadID), "lead", "not-a-member", "Le mandataire est l’un des membres (article R2142-24).", "The lead is one of the members (article R2142-24).")
	sum, seen := 0.0, map[network.ID]bool{}
	for i := range c.Members {
		p := &c.Members[i]
		p.Position, p.Tasks = i, strings.TrimSpace(p.Tasks)
		path := fmt.Sprintf("members[%d]", i)
		f.At(seen[p.OrganisationID], path, "twice", "Ce membre figure deux fois.", "This member is there twice.")
		f.At(math.IsNaN(p.Share) || p.Share < 0 || p.Share > 1, path+".share", "range", "Une part de 0 à 100 %.", "A share from 0 to 100%.")
		f.At(utf8.RuneCountInString(p.Tasks) > longestTasks, path+".tasks", "too-long", "2 000 caractères au plus.", "2,000 characters at most.")
		seen[p.OrganisationID] = true
		sum += max(0, p.Share)
	}
	const rounding = 0.02
	f.At(sum > 1+rounding, "members", "more-than-all", "Les parts dépassent 100 %.", "The shares make more than 100%.")
	if len(f) == 0 {
		stand, err := s.standing(ctx, c)
		if err != nil {
			return err
		}
		f, c.Coverage = stand.faults(c), stand.together.Coverage
	}
	return f.Err()
}

func partners(c *Consortium) []network.ID {
	out := make([]network.ID, len(c.Members))
	for i, p := range c.Members {
		out[i] = p.OrganisationID
	}
	return out
}

// groupDiff names what changes.
func groupDiff(a, b *Consortium) (fields []string, d GroupDetail) {
	say := func(changed bool, name string) {
		if changed {
			fields = append(fields, name)
		}
	}
	say(a.Name != b.Name, "name")
	say(a.Form != b.Form, "form")
	say(a.LeadID != b.LeadID, "lead")
	say(a.Exclusive != b.Exclusive, "exclusive")
	say(a.Accounts != b.Accounts, "accounts")
	same := slices.EqualFunc(a.Members, b.Members, func(x, y Partner) bool {
		return x.OrganisationID == y.OrganisationID && x.Share == y.Share && x.Tasks == y.Tasks
	})
	say(!same, "members")
	for _, id := range partners(b) {
		if !a.Has(id) {
			d.Joined = append(d.Joined, id)
		}
	}
	for _, id := range partners(a) {
		if !b.Has(id) {
			d.Left = append(d.Left, id)
		}
	}
	return fields, d
}
