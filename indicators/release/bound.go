package release

import (
	"fmt"
	"math"

	"maillage/indicators/estimate"
	"maillage/internal/fault"
)

// Method is how an interval is made.
type Method string

// The methods. Who reads a release makes the first again from its counts.
const (
	OfAnswers Method = "wilson" // a share of persons who answered: Wilson's score interval
	OfSample  Method = "ratio"  // a quotient over the enterprises that answered: Student's, of its residuals
)

// Bound says that a measure is one end of an interval around a rate of its row.
type Bound struct {
	Of     string `json:"of"`
	High   bool   `json:"high,omitempty"`
	Level  int    `json:"level"` // of confidence, in percent
	Method Method `json:"method"`
}

// level is the confidence of every interval that is published.
const level = 95

// Wilson is the interval at 95 % of a share of n among base, in units of the last
// decimal of a rate of so many per whole; ends are rounded outwards. It is made of
// published counts alone, and tells nothing that they do not.
func Wilson(n, base, per int64, decimals int) (low, high int64, ok bool) {
	in, err := estimate.Proportion(int(n), int(base), float64(level)/100)
	if err != nil {
		return 0, 0, false
	}
	unit := float64(per * power(decimals))
	low, high = Outward(in.Low*unit, in.High*unit)
	return low, high, true
}

// Outward rounds the ends of an interval away from its middle, to whole units; what
// floating point leaves is no part of it.
func Outward(low, high float64) (int64, int64) {
	const crumb = 1e-7
	return int64(math.Floor(low + crumb)), int64(math.Ceil(high - crumb))
}

// bound asks that an end be of a rate of its table.
func (c *checker) bound(path string, t Table, f Field) {
	if f.Bound == nil {
		return
	}
	at := t.find(f.Bound.Of)
	c.want(at >= 0 && t.Fields[at].Ratio != nil && f.Ratio == nil && f.Decimals == t.Fields[at].Decimals && f.Adds == NoSum && f.Bound.Level == level &&
		(f.Bound.Method == OfAnswers || f.Bound.Method == OfSample), path)
}

// bounds checks every end of an interval: it is published with its rate alone, is on its
// side of it, and of a share of answers is what the counts make.
func (t Table) bounds() (bad []wrong) {
	for i, f := range t.Fields {
		if f.Bound == nil {
			continue
		}
		for r := range t.Rows {
			if why, ok := t.boundHolds(r, i); !ok {
				bad = append(bad, wrong{r, i, "bound", why})
			}
		}
	}
	return bad
}

func (t Table) boundHolds(row, field int) (fault.Text, bool) {
	f := t.Fields[field]
	at := t.find(f.Bound.Of)
	of, c := t.Rows[row][at], t.Rows[row][field]
	switch {
	case (c.Status == NoBase) != (of.Status == NoBase):
		return fault.Text{FR: "cette borne n’est sans objet qu’avec son taux", EN: "this bound is not applicable with its rate only"}, false
	case c.Status != Value:
		return fault.Text{}, true
	case of.Status != Value:
		return fault.Text{FR: "cette borne est publiée sans son taux", EN: "this bound is published without its rate"}, false
	case f.Bound.High && c.Number < of.Number, !f.Bound.High && c.Number > of.Number:
		return fault.Text{FR: "cette borne est du mauvais côté de son taux", EN: "this bound is on the wrong side of its rate"}, false
	case f.Bound.Method != OfAnswers:
		return fault.Text{}, true
	}
	by := t.Fields[at].Ratio
	low, high, ok := Wilson(t.Rows[row][t.find(by.Numerator)].Number, t.Rows[row][t.find(by.Denominator)].Number, by.Per, f.Decimals)
	want := low
	if f.Bound.High {
		want = high
	}
	if !ok || c.Number-want > 1 || want-c.Number > 1 { // one unit: other processors may round otherwise
		return fault.Text{FR: fmt.Sprintf("cette borne vaut %s d’après ses comptes", f.format(Number(want))), EN: fmt.Sprintf("this bound is %s from its counts", f.format(Number(want)))}, false
	}
	return fault.Text{}, true
}

func (b *Bound) words() fault.Text {
	side := fault.Text{FR: "borne basse", EN: "lower bound"}
	if b.High {
		side = fault.Text{FR: "borne haute", EN: "upper bound"}
	}
	how := fault.Text{FR: "intervalle de Wilson sur les réponses publiées", EN: "Wilson's interval on the published answers"}
	if b.Method == OfSample {
		how = fault.Text{FR: "intervalle de Student sur les groupes qui ont répondu, réduit de la part du champ qu’ils couvrent ; confondu avec le taux quand tous ont répondu", EN: "Student's interval over the groups that answered, reduced by the share of the frame that they cover; the rate itself where all answered"}
	}
	return fault.Text{FR: fmt.Sprintf("%s à %d %% : %s, arrondie vers l’extérieur", side.FR, b.Level, how.FR), EN: fmt.Sprintf("%s at %d %%: %s, rounded outwards", side.EN, b.Level, how.EN)}
}
