package disclosure

import "math"

// Rule names what makes a cell unsafe by itself. It is never published: knowing
// which rule fired bounds the value.
type Rule string

// The primary rules, in the order in which they are asked.
const (
	NoRule              Rule = ""
	MinimumCount        Rule = "minimum_count"
	MinimumContributors Rule = "minimum_contributors"
	DominanceRule       Rule = "dominance"
	PPercentRule        Rule = "p_percent"
	GroupDisclosure     Rule = "group_disclosure"
	GivenPrimary        Rule = "given"
)

// Dominance is the (n, k) rule: unsafe when the N largest contributors hold more
// than Percent of the value, strictly.
type Dominance struct {
	N       int     `json:"n"`
	Percent float64 `json:"percent"`
}

// Rules are the primary rules; a zero field asks nothing.
type Rules struct {
	MinimumCount        float64     `json:"minimum_count,omitempty"`        // unsafe when 0 < count < this
	MinimumContributors float64     `json:"minimum_contributors,omitempty"` // unsafe when 0 < contributors < this
	Dominance           []Dominance `json:"dominance,omitempty"`
	PPercent            float64     `json:"p_percent,omitempty"` // unsafe when the rest hides the largest to less than p % of it
	Group               *Group      `json:"group_disclosure,omitempty"`
}

// Group asks for group disclosure along one dimension, whose codes under the
// total share out everybody (exits by motive): at 100 % everybody of the group
// is known to have it; at 0 % nobody has.
//
// A rate is told by its numerator, its complement and its base: with Complement,
// a part is unsafe when those of the group who are not in it are fewer than the
// minimum count.
type Group struct {
	Dimension  string   `json:"dimension"`
	Codes      []string `json:"codes,omitempty"` // those that tell something; all when empty
	All        bool     `json:"at_100,omitempty"`
	None       bool     `json:"at_0,omitempty"`
	Complement bool     `json:"complement,omitempty"`
}

// Judge gives the first rule that makes the cell unsafe by itself, or NoRule.
// Group disclosure needs the neighbours of the cell: see Table.judge.
//
// Sources: thresholds, dominance and p %: Hundepool et al. 2012, § 4.2; the
// dominance is strict, as in the reference tables (max > 0.85 × total).
func (r Rules) Judge(c Cell) Rule {
	switch {
	case c.Given == NotCollected:
		return NoRule
	case under(c.Count, r.MinimumCount):
		return MinimumCount
	case under(c.Contributors, r.MinimumContributors):
		return MinimumContributors
	case r.dominated(c):
		return DominanceRule
	case r.estimable(c):
		return PPercentRule
	case c.Given == Primary:
		return GivenPrimary
	}
	return NoRule
}

func under(n, minimum float64) bool { return known(n) && n > 0 && n < minimum }

// dominated compares by absolute values: a loss is a contribution as a gain is, and one
// that others make up for is larger than what is left of both.
func (r Rules) dominated(c Cell) bool {
	for _, d := range r.Dominance {
		if len(c.Top) > 0 && c.most(d.N) > d.Percent/100*c.shared() {
			return true
		}
	}
	return false
}

// estimable is the p % rule: the second contributor, who knows its own part,
// would estimate the first within p %. Where there is no second, it counts as zero.
func (r Rules) estimable(c Cell) bool {
	if r.PPercent <= 0 || len(c.Top) == 0 {
		return false
	}
	rest := c.shared() - c.most(2)
	return c.Top[0] != 0 && rest < r.PPercent/100*math.Abs(c.Top[0])
}

// shared is what the largest contributions are compared with: the value, whatever its
// sign. Where it is below zero and they are not, the losses that made it so are not told:
// a share means nothing, and the rules are prudent, as the reference is.
func (c Cell) shared() float64 {
	if c.Top[0] < 0 {
		return math.Abs(c.Value)
	}
	return c.Value
}

// most is how much the n largest contributors can hold: a rank that is not told, of
// contributors who may be there, is as large as the last that is told at most.
func (c Cell) most(n int) float64 {
	told := len(c.Top)
	if known(c.Contributors) {
		n = min(n, max(told, int(c.Contributors)))
	}
	return largest(c.Top, n) + float64(max(0, n-told))*math.Abs(c.Top[told-1])
}

// largest adds up absolute values.
func largest(top []float64, n int) float64 {
	sum := 0.0
	for i := 0; i < n && i < len(top); i++ {
		sum += math.Abs(top[i])
	}
	return sum
}

// Margin is a distance around a value: a percentage of it, and never less than AtLeast.
type Margin struct {
	Percent float64 `json:"percent,omitempty"`
	AtLeast float64 `json:"at_least,omitempty"`
}

func (m Margin) of(value float64) float64 {
	return max(math.Abs(value)*m.Percent/100, m.AtLeast)
}

// Protection is the uncertainty that must remain about each primary cell: what
// a reader can deduce must contain [value − Lower, value + Upper] and be at
// least Sliding wide. Lower stops at what the cell cannot go under anyhow.
type Protection struct {
	Lower   Margin `json:"lower"`
	Upper   Margin `json:"upper"`
	Sliding Margin `json:"sliding"`
}
