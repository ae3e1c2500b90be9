package nomenclatures

import (
	"fmt"
	"slices"
	"strings"
)

var (
	slotDays  = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
	slotParts = []string{"morning", "afternoon", "evening", "night"}
)

// Names lists the parts of days as "mon-morning", in the order of the week.
func (s Slots) Names() []string {
	var out []string
	for day, d := range slotDays {
		for part, p := range slotParts {
			if s.Has(day, part) {
				out = append(out, d+"-"+p)
			}
		}
	}
	return out
}

// String is the names, parted by spaces; empty where nothing is said.
func (s Slots) String() string { return strings.Join(s.Names(), " ") }

// ParseSlots reads names of parts of days, in any order.
func ParseSlots(names ...string) (Slots, error) {
	var s Slots
	for _, name := range names {
		d, p, _ := strings.Cut(name, "-")
		day, part := slices.Index(slotDays, d), slices.Index(slotParts, p)
		if day < 0 || part < 0 {
			return 0, fmt.Errorf("part of a week %q: mon-morning, tue-afternoon… are expected", name)
		}
		s |= SlotAt(day, part)
	}
	return s, nil
}
