package tenders

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"maillage/internal/store"
)

// Verdict of a person on two procurements that look alike.
type PairVerdict string

// The verdicts. A pair judged different is never proposed nor merged again.
const (
	PairProposed  PairVerdict = "proposed"
	PairSame      PairVerdict = "same"
	PairDifferent PairVerdict = "different"
)

// What the likeness of two calls is made of; the weights add up to 1.
const (
	weightTitle    = 0.50 // of the title, cut titles included
	weightDeadline = 0.25 // the same day of deadline
	weightBuyer    = 0.15 // the same SIREN; half of it for the same name
	weightCPV      = 0.10 // the same division of the main CPV
	// proposedFrom is the likeness from which a pair is shown to a person. It
	// asks for the same buyer, the same day and three quarters of the words, or
	// nearly the same title where a deadline is missing.
	proposedFrom = 0.70
)

// likeCalls is the likeness of two calls, in 0..1 and the same both ways. Two
// known days of deadline that differ by more than a week are two calls.
func likeCalls(a, b *Notice) float64 {
	if d, ok := daysBetween(deadlineDay(a), deadlineDay(b)); ok && (d > 7 || d < -7) {
		return 0
	}
	score := weightTitle * likeness(bareTitle(a.Title), bareTitle(b.Title))
	if day := deadlineDay(a); day != "" && day == deadlineDay(b) {
		score += weightDeadline
	}
	switch {
	case a.Buyer.SIREN != "" && a.Buyer.SIREN == b.Buyer.SIREN:
		score += weightBuyer
	case samePerson(a.Buyer.Name, b.Buyer.Name):
		score += weightBuyer / 2
	}
	if len(a.CPV) > 0 && len(b.CPV) > 0 && a.CPV[0][:2] == b.CPV[0][:2] {
		score += weightCPV
	}
	return score
}

// countryPrefix is what TED puts before a title: the country, then the label of the
// main CPV. The dashes stand between spaces, so a title with a dash stays whole.
var countryPrefix = regexp.MustCompile(`^\p{Lu}\p{L}+(?: \p{L}+)? ?[–-] [^–]{3,120}? – `)

// bareTitle is a title without the prefix of TED and without the ligature that
// the BOAMP prints as a question mark.
func bareTitle(title string) string {
	return strings.NewReplacer("œ", "", "Œ", "", "oe", "", "OE", "", "?", "").Replace(countryPrefix.ReplaceAllString(title, ""))
}

// isCall tells a notice that opens a procurement: only these are compared.
func isCall(n *Notice) bool { return n.Nature == Call && n.Form.Family != Award }

// propose keeps the pairs that a new notice makes with procurements of the same
// buyer. It merges nothing: a likeness is a question for a person.
func (s *Service) propose(ctx context.Context, tx store.Tx, row *noticeRow) error {
	if !isCall(row.Document) {
		return nil
	}
	rivals, err := rivalsOf(ctx, tx, row)
	if err != nil {
		return err
	}
	best := map[string]float64{}
	for _, r := range rivals {
		if isCall(r.Document) && inTime(row.Document, r) {
			best[r.Key] = max(best[r.Key], likeCalls(row.Document, r.Document))
		}
	}
	for key, score := range best {
		if score < proposedFrom {
			continue
		}
		if err := s.keepPair(ctx, tx, key, row.Key, score); err != nil {
			return err
		}
	}
	return nil
}

// mostRivals bounds what one notice is compared with: the nearest ones of its buyer.
const mostRivals = 40

// rivalsOf reads the calls of other procurements by the same buyer, that came
// out at nearly the same time.
func rivalsOf(ctx context.Context, tx store.Tx, row *noticeRow) (rows []noticeRow, err error) {
	from, to, ok := around(row.Published, daysToReturn)
	if !ok {
		return nil, nil
	}
	// One look in each index and then the notices: an OR of both reads the whole
	// table on SQLite, from its end.
	ids := tx.NewSelect().Table("notices").Column("id").Where("buyer_name = ?", row.BuyerName).Where("buyer_name <> ''").
		Where("published BETWEEN ? AND ?", from, to)
	if row.BuyerSIREN != "" {
		ids = ids.Union(tx.NewSelect().Table("notices").Column("id").Where("buyer_siren = ?", row.BuyerSIREN).
			Where("published BETWEEN ? AND ?", from, to))
	}
	err = tx.NewSelect().Model(&rows).Comment("tenders.rivalsOf").Where("n.id IN (?)", ids).
		Where("n.nature = ?", Call).Where("n.key <> ''").Where("n.key <> ?", row.Key).Order("n.id DESC").Limit(mostRivals).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for procurements like %s: %w", row.Key, err)
	}
	return rows, nil
}

// keepPair proposes a pair once. Judged, it stays as it was judged.
func (s *Service) keepPair(ctx context.Context, tx store.Tx, a, b string, score float64) error {
	p := &Pair{Low: min(a, b), High: max(a, b), Score: score, Verdict: PairProposed, ProposedAt: s.now()}
	_, err := tx.NewInsert().Model(p).Comment("tenders.keepPair").On("CONFLICT (low, high) DO UPDATE").
		Set("score = CASE WHEN pp.score > EXCLUDED.score THEN pp.score ELSE EXCLUDED.score END").Returning("NULL").Exec(ctx)
	if err != nil {
		return fmt.Errorf("propose %s and %s: %w", a, b, err)
	}
	return nil
}

// Difference is a field in which two procurements do not say the same; the
// codes of the fields are those of the histories.
type Difference struct{ Field, Low, High string }

// differences compares two notices for the eyes of a person, same fields included.
func differences(a, b *Notice) []Difference {
	x, y := factsOf(a), factsOf(b)
	out := make([]Difference, len(x))
	for i, f := range x {
		out[i] = Difference{f.Field, f.Value, y[i].Value}
		if f.Field == "description" {
			out[i].Low, out[i].High = cut(f.Value, 600), cut(y[i].Value, 600)
		}
	}
	return out
}
