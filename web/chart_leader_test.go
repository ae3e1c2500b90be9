package web

import (
	"strings"
	"testing"
)

// Beside a figure that stands alone, what leads to its name is too short to be taken for data.
func TestTheLeaderIsNoSegment(t *testing.T) {
	t.Parallel()
	lines := []DrawnLine{{}, {}}
	spread(lines, besideNames([][2]float64{{449, 100}, {chartRight - 12, 150}}))
	for n, want := range []string{"M" + px(chartRight-leader+9) + " ", "M" + px(chartRight-3) + " "} {
		if !strings.HasPrefix(lines[n].From, want) {
			t.Errorf("%s, want %s", lines[n].From, want)
		}
	}
}
