// Package disclosure decides what of a table of figures may be published so that
// nothing can be learnt about a person or an enterprise: the primary rules, the
// secondary suppression over linked tables with their margins and hierarchies,
// the attack that a reader could make, and the certificate that the attack fails.
//
// It is pure: no database, no clock, no chance. The same input gives the same
// bytes whatever the number of processors. It refuses to publish on trust:
// what is called safe was attacked, over everything released before.
//
// The vocabulary and the rules are those of Hundepool et al., Statistical
// Disclosure Control (Wiley, 2012), chapter 4; the secondary suppression follows
// the idea of moving each protected cell (Kelly, Golden and Assad, Networks 22,
// 1992; Fischetti and Salazar, JASA 95, 2000): see suppress.go.
package disclosure

import (
	"fmt"
	"math"
)

// Status says what a reader gets of a cell.
type Status uint8

// The statuses. Primary and Secondary are for those who prepare the release
// alone: what is published says "suppressed" for both.
const (
	Published    Status = iota
	Primary             // unsafe by itself
	Secondary           // hidden so that no primary can be recomputed
	NotCollected        // nobody knows it: neither zero nor hidden
)

var statusNames = [...]string{"published", "primary", "secondary", "not_collected"}

func (s Status) String() string { return statusNames[s] }

// MarshalText writes the status as its name.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (s *Status) UnmarshalText(text []byte) error {
	got, err := ParseStatus(string(text))
	*s = got
	return err
}

// ParseStatus reads the name of a status.
func ParseStatus(name string) (Status, error) {
	for i, known := range statusNames {
		if known == name {
			return Status(i), nil
		}
	}
	return 0, fmt.Errorf("status %q: one of published, primary, secondary, not_collected", name)
}

// Hidden reports whether the release leaves the cell out though it is known.
func (s Status) Hidden() bool { return s == Primary || s == Secondary }

// Cell is one figure of a table, with what the primary rules need to judge it.
// What is not known is NaN, never zero: see Unknown.
type Cell struct {
	Codes        []string  // one for each dimension of its table, in their order
	Measure      string    // when the figure is one of another measure at these codes; empty: of its table's
	Value        float64   // in the unit of the measure
	Count        float64   // persons, or observations
	Contributors float64   // economic groups behind the value, not legal entities
	Top          []float64 // the largest contributions to the value in absolute value, decreasing; may be empty
	Given        Status    // NotCollected; Primary when the caller knows it unsafe; any, in a table to be checked
	Keep         bool      // never hidden as a secondary
	Cost         float64   // of hiding it, beside the others; 0 means by its size
	Ceiling      float64   // what anybody knows it cannot pass; 0 means nothing is known
	Line         int       // where it was read; 0 when it was computed
}

// Unknown is the value of what is not known.
func Unknown() float64 { return math.NaN() }

func known(x float64) bool { return !math.IsNaN(x) }
