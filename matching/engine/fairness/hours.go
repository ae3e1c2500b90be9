package fairness

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
)

// HoursTable is the time to a first answer, in one dimension.
type HoursTable struct {
	Dimension Dimension  `json:"dimension"`
	Few       bool       `json:"few"`
	Rows      []HoursRow `json:"rows"`
}

// HoursRow is one group: the hours within which the half and three quarters of
// its answers came, up to the next quarter of a day.
type HoursRow struct {
	Group  string   `json:"group"`
	Merged []string `json:"merged,omitempty"`
	N      int      `json:"n"`
	Half   int      `json:"half"`
	Most   int      `json:"most"`
}

// quarterOfDay is what hours are rounded up to: the median of a few is the very
// delay of one of them.
const quarterOfDay = 6

// delays are the hours of one group and the people whose they are.
type delays struct {
	hours []float64
	folk  map[int]bool
}

func hours(subjects []Subject, d Dimension, draw *rand.Rand) HoursTable {
	groups := d.Groups()
	all, taken := make([]*delays, len(groups)), newSample(draw)
	for i := range all {
		all[i] = newDelays()
	}
	for i := range subjects {
		s := &subjects[i]
		if s.Counted[Answered] && s.Yes[Answered] {
			all[place(groups, s.Groups[d])].add(s.Who, taken.of(s.Who), s.Hours)
		}
	}
	out := HoursTable{Dimension: d}
	var merged []string
	others := newDelays()
	for i, group := range groups {
		if len(all[i].folk) >= K {
			out.Rows = append(out.Rows, all[i].row(group, nil))
			continue
		}
		merged = append(merged, group)
		others.join(all[i])
	}
	if out.Few = len(out.Rows) == 0; !out.Few && len(others.folk) >= K {
		out.Rows = append(out.Rows, others.row("", merged))
	}
	return out
}

func newDelays() *delays { return &delays{folk: map[int]bool{}} }

func (d *delays) add(who, times int, hours float64) {
	for range times {
		d.hours = append(d.hours, hours)
		d.folk[who] = true
	}
}

func (d *delays) join(o *delays) {
	d.hours = append(d.hours, o.hours...)
	maps.Copy(d.folk, o.folk)
}

func (d *delays) row(group string, merged []string) HoursRow {
	slices.Sort(d.hours)
	return HoursRow{Group: group, Merged: merged, N: rounded(len(d.hours)), Half: quantile(d.hours, 0.5), Most: quantile(d.hours, 0.75)}
}

// quantile is within how many hours a part of sorted ones are, up to the next
// quarter of a day.
func quantile(sorted []float64, part float64) int {
	at := int(math.Ceil(part*float64(len(sorted)))) - 1
	return max(1, int(math.Ceil(sorted[max(0, at)]/quarterOfDay))) * quarterOfDay
}
