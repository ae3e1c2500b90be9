package release

import (
	"fmt"
	"math/big"

	"maillage/internal/fault"
)

// wrong is one cell that contradicts another or its own field. Row and Field count from 0.
type wrong struct {
	Row, Field int
	Code       string
	Message    fault.Text
}

// holds says whether a cell is of its field, or why not; listed is the field's list of codes.
func (f Field) holds(c Cell, listed map[string]bool) (fault.Text, bool) {
	switch {
	case c.Status > Awaited || c.Status != Value && !f.Measure():
		return fault.Text{FR: "seule une mesure peut être masquée, attendue ou non collectée", EN: "only a measure may be suppressed, awaited or not collected"}, false
	case c.Status != Value && (c.Number != 0 || c.Text != ""):
		return fault.Text{FR: "une cellule sans valeur en porte une", EN: "a cell without a value carries one"}, false
	case c.Status == NoBase && f.Ratio == nil && f.Bound == nil:
		return fault.Text{FR: "seul un taux peut être sans objet", EN: "only a rate may be not applicable"}, false
	case f.Kind == Code && !listed[c.Text]:
		return fault.Text{FR: "« " + clip(c.Text) + " » n’est pas dans la liste du champ", EN: clip(c.Text) + " is not in the list of the field"}, false
	case f.Kind == Key && !word(c.Text):
		return fault.Text{FR: "« " + clip(c.Text) + " » n’est pas un code", EN: clip(c.Text) + " is no code"}, false
	case f.Kind == Note && c.Text != "" && !note(c.Text):
		return fault.Text{FR: "cette note ne tient pas sur une ligne simple", EN: "this note is no plain line"}, false
	case f.Kind == Year && (c.Number < 1900 || c.Number >= 2200):
		return fault.Text{FR: "ce n’est pas une année", EN: "this is no year"}, false
	case c.Number > largest || c.Number < -largest || c.Number < 0 && !f.Signed:
		return fault.Text{FR: "ce nombre est hors de ses bornes", EN: "this number is out of its bounds"}, false
	}
	return fault.Text{}, true
}

// list gives the codes of a field, to be looked up.
func (f Field) list() map[string]bool {
	listed := make(map[string]bool, len(f.Codes))
	for _, w := range f.Codes {
		listed[w.Code] = true
	}
	return listed
}

// claims checks what a table says of itself: its rates and their intervals come from its
// counts, its sums close where every term is published.
func (t Table) claims() []wrong {
	sums, _ := t.closings()
	rates, _ := t.rates()
	return append(append(sums, rates...), t.bounds()...)
}

// rates checks every rate, and says how many are published.
func (t Table) rates() (bad []wrong, checked int) {
	for i, f := range t.Fields {
		if f.Ratio == nil {
			continue
		}
		for r, row := range t.Rows {
			if row[i].Status == Value {
				checked++
			}
			if why, ok := t.ratioHolds(r, i); !ok {
				bad = append(bad, wrong{r, i, "ratio", why})
			}
		}
	}
	return bad, checked
}

// ratioHolds checks one rate: it is published only with its numerator and its base
// (the complement is their difference), and is their quotient, rounded once.
func (t Table) ratioHolds(row, field int) (fault.Text, bool) {
	f := t.Fields[field]
	ni, di := t.find(f.Ratio.Numerator), t.find(f.Ratio.Denominator)
	n, d, c := t.Rows[row][ni], t.Rows[row][di], t.Rows[row][field]
	empty := d.Status == Value && d.Number == 0
	switch {
	case c.Status == NoBase && !empty:
		return fault.Text{FR: "ce taux est dit sans objet alors que sa base n’est pas zéro", EN: "this rate is said not applicable while its base is not zero"}, false
	case c.Status != Value:
		return fault.Text{}, true
	case n.Status != Value || d.Status != Value:
		return fault.Text{FR: "ce taux est publié sans son numérateur et sa base", EN: "this rate is published without its numerator and base"}, false
	}
	want, ok := f.quotient(n.Number, d.Number, t.Fields[ni].Decimals, t.Fields[di].Decimals)
	if !ok || want != c.Number {
		return fault.Text{FR: fmt.Sprintf("ce taux vaut %s d’après ses comptes", f.format(Number(want))), EN: fmt.Sprintf("this rate is %s from its counts", f.format(Number(want)))}, false
	}
	return fault.Text{}, true
}

// quotient gives Per × n ÷ d in units of the field; nd and dd are the decimals of n and d.
func (f Field) quotient(n, d int64, nd, dd int) (int64, bool) {
	above := new(big.Int).Mul(big.NewInt(n), big.NewInt(f.Ratio.Per))
	above.Mul(above, big.NewInt(power(dd))).Mul(above, big.NewInt(power(f.Decimals)))
	return rate(above, new(big.Int).Mul(big.NewInt(d), big.NewInt(power(nd))))
}
