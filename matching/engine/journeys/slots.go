package journeys

import (
	"math/bits"
	"time"
)

// Slots are parts of the days of a week: 28 bits, four a day from Monday.
type Slots uint32

// Part is a part of a day.
type Part uint8

// The parts of a day.
const (
	Morning   Part = iota // from 5 to 12
	Afternoon             // to 18
	Evening               // to 22
	Night                 // to 5
)

const parts = 4

// EveryWeek is all the parts of all the days.
const EveryWeek Slots = 1<<(7*parts) - 1

// SlotOf is one part of one day.
func SlotOf(day time.Weekday, part Part) Slots {
	return 1 << ((uint(day)+6)%7*parts + uint(part))
}

// Weekdays is these parts from Monday to Friday.
func Weekdays(of ...Part) (s Slots) {
	for day := time.Monday; day <= time.Friday; day++ {
		for _, p := range of {
			s |= SlotOf(day, p)
		}
	}
	return s
}

// Has says that every part of t is in s.
func (s Slots) Has(t Slots) bool { return t&^s == 0 }

// Len counts the parts.
func (s Slots) Len() int { return bits.OnesCount32(uint32(s & EveryWeek)) }
