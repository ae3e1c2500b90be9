package accounts

import (
	"context"
	"slices"
	"strings"

	"maillage/internal/fault"
	"maillage/internal/store"
)

// LetterInvited tells the accounts of a structure that somebody was invited as
// one of its counsellors.
const LetterInvited = "counsellor-invited"

// openDomains are those where anybody has an address: they vouch for nobody.
var openDomains = []string{"gmail.com", "googlemail.com", "outlook.com", "outlook.fr", "hotmail.com", "hotmail.fr", "live.fr", "live.com", "msn.com",
	"yahoo.com", "yahoo.fr", "orange.fr", "wanadoo.fr", "free.fr", "sfr.fr", "neuf.fr", "laposte.net", "bbox.fr", "icloud.com", "me.com",
	"protonmail.com", "proton.me", "aol.com", "gmx.fr", "gmx.com", "numericable.fr", "aliceadsl.fr", "club-internet.fr"}

// mayInvite bounds who invites whom. A counsellor reads journeys, which nobody
// above the structure may: the structure invites its own, and the first one may be
// invited for it, at its own address or domain only, so that nobody opens
// journeys to themself.
func mayInvite(me Identity, in Invite, email Email) error {
	switch {
	case me.Role == System:
		return nil
	case me.Role == Member || me.Role == Counsellor:
		if in.Role != Counsellor || in.OrganisationID != me.OrganisationID {
			return fault.Forbidden()
		}
	case in.Role == Counsellor && !addressOf(in.Contact, email):
		return fault.Invalid(fault.At("email", "not-the-structure",
			"Le premier compte de conseiller·ère s’ouvre à l’adresse de la structure, ou à une adresse de son domaine. Sinon, c’est la structure qui invite.",
			"The first counsellor's account opens at the structure's own address, or at one of its domain. Otherwise the structure invites."))
	case me.Role == Officer && in.Role != Member && in.Role != Employer && in.Role != Counsellor:
		return fault.Forbidden()
	}
	return nil
}

// addressOf tells whether an address is a structure's own, or of its domain.
func addressOf(contact string, email Email) bool {
	own, err := ParseEmail(contact)
	if err != nil {
		return false
	}
	if own.Folded() == email.Folded() {
		return true
	}
	_, domain, _ := strings.Cut(own.Folded(), "@")
	return !slices.Contains(openDomains, domain) && strings.HasSuffix(email.Folded(), "@"+domain)
}

// firstAlone refuses a counsellor invited from outside where the structure has one.
func firstAlone(ctx context.Context, tx store.Tx, row Invitation) error {
	if who := From(ctx).Role; row.Role != Counsellor || who != Admin && who != Officer {
		return nil
	}
	there, err := accountsOf(ctx, tx, row.OrganisationID, Counsellor)
	if err != nil {
		return err
	}
	if len(there) > 0 {
		return fault.Conflict("has-counsellors", "Cette structure a déjà un·e conseiller·ère : c’est elle qui invite les suivant·es.",
			"This structure already has a counsellor: it invites the next ones itself.")
	}
	return nil
}

// tellStructure has the accounts of a structure told that a counsellor was invited.
func tellStructure(ctx context.Context, tx store.Tx, row Invitation) error {
	if row.Role != Counsellor {
		return nil
	}
	ids, err := accountsOf(ctx, tx, row.OrganisationID, Member, Counsellor)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if UserID(id) == row.InvitedBy {
			continue
		}
		if err := tx.Enqueue(ctx, SendMail{What: LetterInvited, ID: id}); err != nil {
			return err
		}
	}
	return nil
}
