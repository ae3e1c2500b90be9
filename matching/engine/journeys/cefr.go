package journeys

import (
	"fmt"
	"slices"
	"strings"
)

// CEFR is a level of the common European framework for languages; its zero value
// is not said.
type CEFR uint8

// The six levels.
const (
	A1 CEFR = iota + 1
	A2
	B1
	B2
	C1
	C2
)

var levels = [...]string{"", "A1", "A2", "B1", "B2", "C1", "C2"}

// ParseCEFR reads "B1".
func ParseCEFR(s string) (CEFR, error) {
	if i := slices.Index(levels[:], strings.ToUpper(strings.TrimSpace(s))); i > 0 {
		return CEFR(i), nil
	}
	return 0, fmt.Errorf("%q is no level of the CEFR: A1 to C2", s)
}

// String writes the level as ParseCEFR reads it.
func (l CEFR) String() string { return levels[min(int(l), len(levels)-1)] }

// MarshalText makes a level a JSON string.
func (l CEFR) MarshalText() ([]byte, error) { return []byte(l.String()), nil }
