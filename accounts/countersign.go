package accounts

import (
	"context"
	"slices"
	"strings"
	"time"

	"maillage/internal/fault"
	"maillage/internal/store"
)

// Four eyes: what one officer can make up alone must not count where an officer reads
// figures made of people. An account is opened on the word of an officer alone where
// nobody else vouches for its address: the officer wrote the address of the
// organisation, or made the organisation, or invited elsewhere than at its address, or
// at the officer's own domain. What such an account invites is opened on the same word.
// An administrator, who reads no such figure, countersigns it.

// OpenedAlone is an account, or an invitation to open one, that rests on the word of an
// officer alone and is not countersigned yet.
type OpenedAlone struct {
	ID             int64     `bun:"id"` // of the invitation
	Email          Email     `bun:"email"`
	Role           Role      `bun:"role"`
	OrganisationID int64     `bun:"organisation_id"`
	InvitedBy      UserID    `bun:"invited_by"`
	Inviter        string    `bun:"inviter"` // name of that account; empty: it is no more
	CreatedAt      time.Time `bun:"created_at"`
	Accepted       bool      `bun:"accepted"` // it is an account
}

// NotCountersigned refuses what only a countersigned account or address may open.
func NotCountersigned() error {
	return fault.Conflict("not-countersigned",
		"Cette adresse ou ce compte vient d’un·e chargé·e de développement : l’administration doit d’abord le confirmer.",
		"This address or this account comes from an officer: the administration has to confirm it first.")
}

// settleWord says whether an invitation rests on the word of an officer alone, and
// refuses one that would open the journeys of a structure that does not: whoever writes
// journeys there is counted.
func settleWord(ctx context.Context, tx store.Tx, row *Invitation) error {
	if row.OrganisationID == 0 || row.Role != Member && row.Role != Employer && row.Role != Counsellor {
		return nil
	}
	word, err := wordOf(ctx, tx, row.OrganisationID)
	if err != nil {
		return err
	}
	if row.Alone, err = onWord(ctx, tx, word, row); err != nil {
		return err
	}
	if row.Alone && row.Role == Counsellor && word.OpenedBy == nil {
		return NotCountersigned()
	}
	return nil
}

// onWord tells whether nobody but an officer vouches for the address of an invitation.
func onWord(ctx context.Context, tx store.Tx, word orgWord, row *Invitation) (bool, error) {
	me := From(ctx)
	switch me.Role {
	case System, Admin:
		return false, nil
	case Officer:
	default:
		return Alone(ctx, tx, me.UserID)
	}
	if word.OpenedBy != nil || word.AddressBy != nil || !addressOf(word.Email, row.Email) {
		return true, nil
	}
	officer, err := userByID(ctx, tx, me.UserID)
	return sameDomain(officer.Email, row.Email), err
}

// sameDomain tells two addresses of one domain that is not open to anybody.
func sameDomain(a, b Email) bool {
	_, x, _ := strings.Cut(a.Folded(), "@")
	_, y, _ := strings.Cut(b.Folded(), "@")
	return x == y && !slices.Contains(openDomains, x)
}

// CountersignIn says, for an administrator and in the caller's transaction, that the
// accounts of an organisation that rest on the word of an officer were looked at. ids
// are the invitations that were read: another one opened since is refused (seen-since).
// It tells whether anything changed.
func CountersignIn(ctx context.Context, tx store.Tx, organisation int64, ids []int64, at time.Time) (bool, error) {
	if err := Allow(From(ctx), OrganisationCountersign, Of(organisation)); err != nil {
		return false, err
	}
	there, err := OpenedAloneIn(ctx, tx, organisation)
	if err != nil || len(there) == 0 {
		return false, err
	}
	for _, i := range there {
		if !slices.Contains(ids, i.ID) {
			return false, fault.Conflict("seen-since", "Un compte a été ouvert depuis votre lecture : relisez avant de confirmer.",
				"An account was opened since you read: read again before you confirm.")
		}
	}
	return true, countersign(ctx, tx, there, From(ctx).UserID, at)
}
