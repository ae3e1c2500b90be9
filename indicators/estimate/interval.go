package estimate

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Interval is what an estimate may be, with its level of confidence (0.95).
type Interval struct {
	Low, High float64
	Level     float64
}

// ErrLevel refuses a level of confidence that is not between 0 and 1.
var ErrLevel = errors.New("the level of confidence is between 0 and 1")

// ErrEmpty refuses to estimate from nothing.
var ErrEmpty = errors.New("nothing to estimate from")

// quantile is the two-sided normal quantile of a level: 1.96 for 0.95.
func quantile(level float64) (float64, error) {
	if !(level > 0 && level < 1) {
		return 0, ErrLevel
	}
	return distuv.UnitNormal.Quantile((1 + level) / 2), nil
}

// Proportion is Wilson's score interval without continuity correction for so many
// successes among n, as shares (E. B. Wilson, Probable inference, the law of
// succession, and statistical inference, JASA 22, 1927). It stays within 0 and 1 and
// holds for few answers and for shares near the ends, where the usual one does not.
func Proportion(successes, n int, level float64) (Interval, error) {
	z, err := quantile(level)
	if err != nil {
		return Interval{}, err
	}
	if n <= 0 || successes < 0 || successes > n {
		return Interval{}, ErrEmpty
	}
	size, p := float64(n), float64(successes)/float64(n)
	middle := (p + z*z/(2*size)) / (1 + z*z/size)
	half := z / (1 + z*z/size) * math.Sqrt(p*(1-p)/size+z*z/(4*size*size))
	low, high := max(middle-half, 0), min(middle+half, 1)
	if successes == 0 {
		low = 0 // exactly: the subtraction leaves a crumb
	}
	if successes == n {
		high = 1
	}
	return Interval{low, high, level}, nil
}

// Mean is the mean of values and Student's interval around it, with n - 1 degrees of
// freedom (Student, The probable error of a mean, Biometrika 6, 1908). At least two
// values are needed. For two waves of one questionnaire, give the differences.
func Mean(values []float64, level float64) (mean float64, in Interval, err error) {
	if !(level > 0 && level < 1) {
		return 0, Interval{}, ErrLevel
	}
	n := float64(len(values))
	if n < 2 {
		return 0, Interval{}, ErrEmpty
	}
	for _, v := range values {
		mean += v / n
	}
	squares := 0.0
	for _, v := range values {
		squares += (v - mean) * (v - mean)
	}
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: n - 1}.Quantile((1 + level) / 2)
	half := t * math.Sqrt(squares/(n-1)/n)
	return mean, Interval{mean - half, mean + half, level}, nil
}

// Quotient is Student's interval around the sum of some figures over the sum of others,
// one pair for each unit that answered out of so many asked: linearised, and reduced by
// the share of the frame that answered, so that everybody's answer leaves no doubt
// (W. G. Cochran, Sampling Techniques, third edition, 1977, 6.4). Units that are asked
// and did not answer are taken to be like those that did.
func Quotient(above, below []float64, answered, asked int, level float64) (Interval, error) {
	if len(above) != len(below) || len(below) < 2 || answered > asked || answered <= 0 {
		return Interval{}, ErrEmpty
	}
	sum, base := 0.0, 0.0
	for i := range above {
		sum, base = sum+above[i], base+below[i]
	}
	if base <= 0 {
		return Interval{}, ErrEmpty
	}
	quotient, each := sum/base, base/float64(len(below))
	residuals := make([]float64, len(above))
	for i := range above {
		residuals[i] = (above[i] - quotient*below[i]) / each
	}
	_, in, err := Mean(residuals, level)
	if err != nil {
		return Interval{}, err
	}
	half := (in.High - in.Low) / 2 * math.Sqrt(1-float64(answered)/float64(asked))
	return Interval{quotient - half, quotient + half, level}, nil
}
