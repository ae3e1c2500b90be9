package nomenclatures

import "math/bits"

// Slots is when in a week: seven days from Monday, four parts a day, bit
// 4×day+part. 0 is not said.
type Slots uint32

// The parts of a day: 5–12, 12–18, 18–22 and 22–5 o'clock.
const (
	Morning = iota
	Afternoon
	Evening
	Night
)

// AllWeek is every part of every day.
const AllWeek Slots = 1<<28 - 1

// SlotAt is one part of one day, 0 being Monday.
func SlotAt(day, part int) Slots { return 1 << (4*day + part) }

// Every is one part on each of the days from one to another, both included.
func Every(first, last, part int) Slots {
	var s Slots
	for day := first; day <= last; day++ {
		s |= SlotAt(day, part)
	}
	return s
}

// Has tells whether a part of a day is among them.
func (s Slots) Has(day, part int) bool { return s&SlotAt(day, part) != 0 }

// Count is how many parts of days there are.
func (s Slots) Count() int { return bits.OnesCount32(uint32(s & AllWeek)) }
