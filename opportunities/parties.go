package opportunities

import (
	"context"
	"fmt"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
)

// parties checks that the buyer and the publisher are organisations, and finds
// the buyer by its SIRET where the network knows it: a buyer must be told from a
// candidate, and its ties are no ground to prefer anybody. A SIREN alone names
// a legal unit, not who buys, and finds nobody.
//
// It reads the table of organisations by itself: the two nouns do not import
// each other, and one column of one row is all that is needed.
func parties(ctx context.Context, tx store.Tx, o *Opportunity) error {
	var unknown []fault.Field
	for _, p := range []struct {
		path string
		id   *int64
	}{{"buyer_id", o.BuyerID}, {"publisher_id", o.PublisherID}} {
		if p.id == nil {
			continue
		}
		var found []int64
		err := tx.NewRaw("/* opportunities.parties */ SELECT id FROM organisations WHERE id = ?", *p.id).Scan(ctx, &found)
		if err != nil {
			return fmt.Errorf("look for organisation %d: %w", *p.id, err)
		}
		if len(found) == 0 {
			unknown = append(unknown, fault.At(p.path, "unknown", "Cette organisation n’existe pas.", "There is no such organisation."))
		}
	}
	if len(unknown) > 0 {
		return fault.Invalid(unknown...)
	}
	if err := discreet(ctx, tx, o); err != nil {
		return err
	}
	if err := lender(ctx, tx, o); err != nil {
		return err
	}
	if o.BuyerID != nil || len(o.BuyerSIRET) != 14 {
		return nil
	}
	var found []int64
	err := tx.NewRaw(`/* opportunities.parties */ SELECT id FROM organisations WHERE siret = ?
		ORDER BY CASE WHEN role = 'buyer' THEN 0 ELSE 1 END, id LIMIT 1`, o.BuyerSIRET).Scan(ctx, &found)
	if err != nil {
		return fmt.Errorf("look for buyer %s: %w", o.BuyerSIRET, err)
	}
	if len(found) > 0 {
		o.BuyerID = &found[0]
	}
	return nil
}

// discreet refuses the words of a takeover that tell who hands over: everybody reads
// them, and only those whom that one accepts may know.
func discreet(ctx context.Context, tx store.Tx, o *Opportunity) error {
	if o.Kind != Takeover || o.TransferorID == nil {
		return nil
	}
	who, err := accounts.TracesOf(ctx, tx, *o.TransferorID)
	if err != nil {
		return err
	}
	type text struct{ path, text string }
	all := []text{{"title", o.Title}, {"description", o.Description}, {"place.words", o.Place.Words}}
	for i, l := range o.Lots {
		if l.Title != o.Title {
			all = append(all, text{fmt.Sprintf("lots[%d].title", i), l.Title})
		}
		if l.Place.Words != o.Place.Words {
			all = append(all, text{fmt.Sprintf("lots[%d].place.words", i), l.Place.Words})
		}
		all = append(all, text{fmt.Sprintf("lots[%d].description", i), l.Description})
	}
	var bad []fault.Field
	for _, t := range all {
		if word := accounts.Trace(t.text, who); word != "" {
			bad = append(bad, fault.At(t.path, "anonymous", "Ce texte dit qui cède : « "+word+" ». Réécrivez-le : seuls ceux que le cédant accepte le sauront.", "This text tells who hands over: “"+word+"”. Rewrite it: only those whom they accept will know."))
		}
	}
	if len(bad) > 0 {
		return fault.Invalid(bad...)
	}
	return nil
}

// lender checks that who publishes a mission lends people to another enterprise:
// an AI (code du travail, L5132-7) or an ETTI (L5132-6).
func lender(ctx context.Context, tx store.Tx, o *Opportunity) error {
	if o.Kind != Mission {
		return nil
	}
	var lends []int64
	if o.PublisherID != nil {
		err := tx.NewRaw("/* opportunities.lender */ SELECT id FROM organisations WHERE id = ? AND kind IN ('AI', 'ETTI')", *o.PublisherID).Scan(ctx, &lends)
		if err != nil {
			return fmt.Errorf("look for lender %d: %w", *o.PublisherID, err)
		}
	}
	if len(lends) == 0 {
		return fault.Invalid(fault.At("kind", "no-lender", "Seules une AI et une ETTI publient des missions.", "Only an AI and an ETTI publish missions."))
	}
	if o.BuyerID != nil && *o.BuyerID == *o.PublisherID {
		return fault.Invalid(fault.At("buyer_id", "same", "L’entreprise utilisatrice est une autre que celle qui met à disposition.", "The user enterprise is another than the one that lends."))
	}
	return nil
}
