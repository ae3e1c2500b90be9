package dossier

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/followup"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/matching"
	"maillage/network"
)

// ReferenceID identifies a reference.
type ReferenceID int64

// Reference is a contract that an enterprise shows to buyers. Who answers for it
// at the buyer's agreed to be named, on a day.
type Reference struct {
	bun.BaseModel `bun:"table:dossier_references,alias:dr"`

	ID             ReferenceID  `bun:"id,pk,autoincrement"`
	OrganisationID network.ID   `bun:"organisation_id"`
	MatchID        *matching.ID `bun:"match_id"` // won here; nil: told by the enterprise
	Object         string       `bun:"object"`
	Buyer          string       `bun:"buyer"`
	Amount         float64      `bun:"amount"` // euros, excluding taxes; 0: not told
	Year           int          `bun:"year"`   // in which it ended, or goes on
	Contact        string       `bun:"contact"`
	AgreedOn       string       `bun:"agreed_on"` // civil day on which the contact agreed; goes with it
	Revision       int64        `bun:"revision"`
	CreatedAt      time.Time    `bun:"created_at"`
	UpdatedAt      time.Time    `bun:"updated_at"`
}

const firstYear = 1990

func (r *Reference) check(today string, year int) error {
	r.Object, r.Buyer, r.Contact = strings.TrimSpace(r.Object), strings.TrimSpace(r.Buyer), strings.TrimSpace(r.Contact)
	var f fault.List
	f.At(r.Object == "" || utf8.RuneCountInString(r.Object) > longestTitle, "object", "required", "Dites ce qui a été fait, en 200 caractères au plus.", "Say what was done, in 200 characters at most.")
	f.At(r.Buyer == "" || utf8.RuneCountInString(r.Buyer) > longestTitle, "buyer", "required", "Dites pour qui, en 200 caractères au plus.", "Say for whom, in 200 characters at most.")
	f.At(r.Amount < 0 || r.Amount > 1e9, "amount", "range", "Un montant en euros, hors taxes.", "An amount in euros, excluding taxes.")
	f.At(r.Year < firstYear || r.Year > year, "year", "range", "Une année, cette année au plus.", "A year, this one at the latest.")
	f.At(utf8.RuneCountInString(r.Contact) > longestTitle, "contact", "too_long", "200 caractères au plus.", "200 characters at most.")
	f.At(r.Contact != "" && r.AgreedOn == "", "agreed_on", "required", "Dites quand cette personne a accepté d’être nommée ; sinon, laissez le contact vide.", "Say when this person agreed to be named; otherwise leave the contact empty.")
	f.At(r.Contact == "" && r.AgreedOn != "", "contact", "required", "Dites qui a accepté d’être nommé.", "Say who agreed to be named.")
	f.Day("agreed_on", r.AgreedOn)
	f.At(isDay(r.AgreedOn) && r.AgreedOn > today, "agreed_on", "future", "Cette date est à venir.", "This date is still to come.")
	return f.Err()
}

// References lists those of an enterprise, the latest year first.
func (s *Service) References(ctx context.Context, id network.ID) ([]Reference, error) {
	if err := s.mine(ctx, accounts.DossierRead, id); err != nil {
		return nil, err
	}
	return referencesOf(ctx, s.Store.Read(), id)
}

// SaveReference adds a reference, or changes one where it has an ID and its
// revision is the one that was read. One drawn from a win is there once.
func (s *Service) SaveReference(ctx context.Context, r Reference) (*Reference, error) {
	if err := s.mine(ctx, accounts.DossierEdit, r.OrganisationID); err != nil {
		return nil, err
	}
	if err := r.check(s.Today(), s.now().In(s.paris).Year()); err != nil {
		return nil, err
	}
	if err := s.wonHere(ctx, &r); err != nil {
		return nil, err
	}
	err := s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := holdFile(ctx, tx, r.OrganisationID); err != nil {
			return err
		}
		return s.putReference(ctx, tx, &r)
	})
	if err != nil {
		return nil, fmt.Errorf("save a reference of organisation %d: %w", r.OrganisationID, err)
	}
	return &r, nil
}

// wonHere checks that a reference drawn from an answer is of one that was won, by
// this enterprise.
func (s *Service) wonHere(ctx context.Context, r *Reference) error {
	if r.MatchID == nil {
		return nil
	}
	p, err := s.Followup.Get(ctx, *r.MatchID)
	if err != nil && !fault.Is(err, fault.KindNotFound) {
		return err
	}
	m, _ := s.Matching.Get(ctx, *r.MatchID)
	if p == nil || m == nil || p.State != followup.Won || m.OrganisationID != r.OrganisationID {
		return fault.Invalid(fault.At("match", "not_won", "Cette réponse n’est pas un marché gagné par cette entreprise.", "This answer is not a contract that this enterprise won."))
	}
	return nil
}

func (s *Service) putReference(ctx context.Context, tx store.Tx, r *Reference) error {
	r.CreatedAt, r.UpdatedAt = s.now(), s.now()
	if r.ID == 0 {
		known, err := sameReference(ctx, tx, r)
		if err != nil {
			return err
		}
		if known != nil {
			*r = *known
			return nil
		}
		r.Revision = 1
		if err := insertReference(ctx, tx, r); err != nil {
			return err
		}
		return s.trail(ctx, tx, accounts.DossierEdit, "reference", int64(r.ID), "added")
	}
	if err := updateReference(ctx, tx, r); err != nil {
		return err
	}
	return s.trail(ctx, tx, accounts.DossierEdit, "reference", int64(r.ID), "changed")
}

// RemoveReference takes a reference out; once more changes nothing.
func (s *Service) RemoveReference(ctx context.Context, id network.ID, ref ReferenceID) error {
	if err := s.mine(ctx, accounts.DossierEdit, id); err != nil {
		return err
	}
	err := s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := deleteReference(ctx, tx, id, ref); err != nil {
			return err
		}
		return s.trail(ctx, tx, accounts.DossierEdit, "reference", int64(ref), "removed")
	})
	if err != nil {
		return fmt.Errorf("remove reference %d: %w", ref, err)
	}
	return nil
}

// Win is a contract won here that no reference tells yet.
type Win struct {
	Match         matching.ID
	Object, Buyer string
	Year          int // in which it was told won; what was paid is for the enterprise to say
}

// Wins lists the contracts that an enterprise won here and could show.
func (s *Service) Wins(ctx context.Context, id network.ID) ([]Win, error) {
	told, err := s.References(ctx, id)
	if err != nil {
		return nil, err
	}
	known := map[matching.ID]bool{}
	for _, r := range told {
		known[matching.ID(valueOr(r.MatchID))] = true
	}
	lines, err := s.Followup.List(ctx, followup.Filter{Organisation: id, States: []followup.State{followup.Won}})
	if err != nil {
		return nil, err
	}
	out := []Win{}
	for _, l := range lines {
		if !known[l.MatchID] {
			out = append(out, Win{Match: l.MatchID, Object: objectOf(l.Lot), Buyer: l.Lot.Buyer, Year: l.Since.In(s.paris).Year()})
		}
	}
	return out, nil
}

// objectOf names what a contract is about, within the bounds of a reference.
func objectOf(l matching.LotHead) string {
	name := []rune(l.Title)
	if len(name) == 0 {
		name = []rune(l.Opportunity)
	}
	return string(name[:min(len(name), longestTitle)])
}
