package fairness

import (
	"encoding/json"
	"math"
)

// z is the quantile of 95 %.
const z = 1.959963984540054

// Interval is a lower and an upper bound, at 95 %.
type Interval struct {
	Low, High float64
}

// bounds is how an interval is written: what has no upper bound has none there.
type bounds struct {
	Low  float64  `json:"low"`
	High *float64 `json:"high"`
}

// MarshalJSON writes an infinite upper bound as null.
func (i Interval) MarshalJSON() ([]byte, error) {
	if math.IsInf(i.High, 1) {
		return json.Marshal(bounds{Low: i.Low})
	}
	return json.Marshal(bounds{i.Low, &i.High})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (i *Interval) UnmarshalJSON(text []byte) error {
	var b bounds
	if err := json.Unmarshal(text, &b); err != nil {
		return err
	}
	i.Low, i.High = b.Low, math.Inf(1)
	if b.High != nil {
		i.High = *b.High
	}
	return nil
}

// Wilson is the score interval of a rate of x in n (Wilson 1927); 0 to 1 where n is 0.
func Wilson(x, n int) Interval {
	if n == 0 {
		return Interval{0, 1}
	}
	p, m := float64(x)/float64(n), float64(n)
	centre := p + z*z/(2*m)
	half := z * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	scale := 1 + z*z/m
	return Interval{max(0, (centre-half)/scale), min(1, (centre+half)/scale)}
}

// Difference is the interval of a rate less another: Newcombe's hybrid score
// method (1998, method 10).
func Difference(x1, n1, x2, n2 int) Interval {
	p1, p2 := rate(x1, n1), rate(x2, n2)
	a, b := Wilson(x1, n1), Wilson(x2, n2)
	return Interval{p1 - p2 - math.Hypot(p1-a.Low, b.High-p2), p1 - p2 + math.Hypot(a.High-p1, p2-b.Low)}
}

// Ratio is a rate over another, with the MOVER-R interval on Wilson limits (Donner
// and Zou 2012); ok is false where the second is zero. High may be infinite.
func Ratio(x1, n1, x2, n2 int) (ratio float64, within Interval, ok bool) {
	if n1 == 0 || n2 == 0 || x2 == 0 {
		return 0, Interval{}, false
	}
	p1, p2 := rate(x1, n1), rate(x2, n2)
	a, b := Wilson(x1, n1), Wilson(x2, n2)
	low := (p1*p2 - root(p1*p2, a.Low*b.High*(2*p1-a.Low)*(2*p2-b.High))) / (b.High * (2*p2 - b.High))
	high := (p1*p2 + root(p1*p2, a.High*b.Low*(2*p1-a.High)*(2*p2-b.Low))) / (b.Low * (2*p2 - b.Low))
	if b.Low == 0 || high < 0 {
		high = math.Inf(1)
	}
	return p1 / p2, Interval{max(0, low), high}, true
}

func root(product, less float64) float64 { return math.Sqrt(max(0, product*product-less)) }

func rate(x, n int) float64 {
	if n == 0 {
		return 0
	}
	return float64(x) / float64(n)
}
