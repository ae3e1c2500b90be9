package people

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
)

// clone copies a journey so that an edit leaves the original as it was read.
func (p *Person) clone() *Person {
	c := *p
	f := &c.Profile
	f.Mobility, f.Wished, f.Held = slices.Clone(f.Mobility), slices.Clone(f.Wished), slices.Clone(f.Held)
	f.Aptitudes, f.Languages = slices.Clone(f.Aptitudes), slices.Clone(f.Languages)
	return &c
}

// create inserts a checked journey with its event.
func (s *Service) create(ctx context.Context, tx store.Tx, want *Person) error {
	now := s.now()
	want.ID, want.Revision, want.CreatedAt, want.UpdatedAt = 0, 1, now, now
	want.LastProposed, want.ErasedAt = nil, nil
	if want.State == "" {
		want.State = Active
	}
	if taken, err := keyTaken(ctx, tx, want); err != nil || taken {
		return errors.Join(err, onlyIf(taken, repeatedKey()))
	}
	if err := s.insert(ctx, tx, want); err != nil {
		return err
	}
	if err := s.record(ctx, tx, want.ID, EventCreated, nil); err != nil {
		return err
	}
	return announce(ctx, tx, want.ID)
}

// insert draws codes until one is free.
func (s *Service) insert(ctx context.Context, tx store.Tx, want *Person) error {
	for range 10 {
		code, err := s.drawCode()
		if err != nil {
			return err
		}
		want.Code = code
		if err := insertFree(ctx, tx, want); err != nil || want.ID != 0 {
			return err
		}
	}
	return repeatedKey() // somebody took the number meanwhile
}

func repeatedKey() error {
	return fault.Conflict("repeated-number", "Ce numéro est déjà celui d’un autre parcours de la structure.", "Another journey of the structure already has this number.")
}

// alphabet is that of codes: no letter that is read as another or as a digit.
const alphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

// codeLetters make 30^7 codes: with a million journeys, one draw in 21,000
// meets one that is taken, and another is drawn.
const codeLetters = 7

// drawCode draws a pseudonym that says nothing of the person.
func (s *Service) drawCode() (string, error) {
	out := []byte("P-")
	var b [1]byte
	for len(out) < 2+codeLetters {
		if _, err := io.ReadFull(s.random, b[:]); err != nil {
			return "", fmt.Errorf("draw a code: %w", err)
		}
		if int(b[0]) < 256-256%len(alphabet) { // the rest would make some letters likelier
			out = append(out, alphabet[int(b[0])%len(alphabet)])
		}
	}
	return string(out), nil
}

// write keeps want in place of cur and tells the names of what differs; a
// change of nothing leaves no trace.
func (s *Service) write(ctx context.Context, tx store.Tx, kind EventKind, cur, want *Person) ([]string, error) {
	changed := differing(cur, want)
	if len(changed) == 0 {
		return nil, nil
	}
	if want.Key != cur.Key {
		if taken, err := keyTaken(ctx, tx, want); err != nil || taken {
			return nil, errors.Join(err, onlyIf(taken, repeatedKey()))
		}
	}
	want.Revision++
	want.UpdatedAt = s.now()
	if err := rewrite(ctx, tx, want); err != nil {
		return nil, err
	}
	if want.State == Ended && cur.State != Ended {
		if err := s.withdrawAll(ctx, tx, want.ID); err != nil {
			return nil, err
		}
	}
	if err := s.record(ctx, tx, want.ID, kind, changed); err != nil {
		return nil, err
	}
	return changed, announce(ctx, tx, want.ID)
}

func onlyIf(is bool, err error) error {
	if is {
		return err
	}
	return nil
}

// differing names what is not the same, profile field by field.
func differing(cur, want *Person) []string {
	out := unlike(*cur, *want, "BaseModel", "Profile", "Revision", "CreatedAt", "UpdatedAt")
	return append(out, unlike(cur.Profile, want.Profile)...)
}

// unlike names the fields of two structs that differ, by their names in the
// database or in JSON.
func unlike(a, b any, but ...string) []string {
	var out []string
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	for i := range x.NumField() {
		f := x.Type().Field(i)
		if slices.Contains(but, f.Name) || same(x.Field(i), y.Field(i)) {
			continue
		}
		out = append(out, columnOf(f))
	}
	return out
}

// same compares; an empty list and no list are the same.
func same(a, b reflect.Value) bool {
	if a.Kind() == reflect.Slice && a.Len() == 0 && b.Len() == 0 {
		return true
	}
	return reflect.DeepEqual(a.Interface(), b.Interface())
}

// trail writes in the audit trail that somebody changed or read a journey.
func (s *Service) trail(ctx context.Context, tx store.Tx, a accounts.Action, id ID, fields ...string) error {
	return accounts.Audit(ctx, tx, accounts.Entry{At: s.now(), Action: a, Entity: "person", EntityID: int64(id), Fields: fields})
}
