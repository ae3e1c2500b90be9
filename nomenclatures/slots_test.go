package nomenclatures

import (
	"strings"
	"testing"
)

func TestSlotsReadBackAsTheyAreSaid(t *testing.T) {
	t.Parallel()
	for _, s := range []Slots{0, SlotAt(0, Morning), SlotAt(6, Night), Every(0, 4, Morning) | Every(5, 6, Evening), AllWeek} {
		back, err := ParseSlots(s.Names()...)
		if err != nil || back != s {
			t.Errorf("%028b is said %q and read back %028b: %v", s, s, back, err)
		}
	}
	if _, err := ParseSlots("mon-noon"); err == nil {
		t.Error("mon-noon is read")
	}
}

func FuzzParseSlots(f *testing.F) {
	f.Add("mon-morning sun-night")
	f.Add("tue-")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseSlots(strings.Fields(text)...)
		if err != nil {
			return
		}
		if back, err := ParseSlots(s.Names()...); err != nil || back != s || s&^AllWeek != 0 {
			t.Errorf("%q is %v, read back %v: %v", text, s, back, err)
		}
	})
}
