package compute

import "slices"

// Band is who was paid so many hours in a year: From or more, fewer than Below.
type Band struct {
	Measure     Measure
	Name        string // of the part of R1.1: under_150
	From, Below int64  // hours; Below is 0 of the last one
}

// Who is in each band of hours. A median is a person's own hours: it is published as the
// band in which it falls, which the numbers of the bands give and nothing else does. Their
// bounds are choices of this project: 150 hours open a quarter of pension, 600 the four of
// a year, and 1,040 are twenty hours in each of its weeks (R1.6).
const (
	HoursUnder150  Measure = "workers.hours.under_150"
	Hours150To599  Measure = "workers.hours.150_to_599"
	Hours600To1039 Measure = "workers.hours.600_to_1039"
	HoursFrom1040  Measure = "workers.hours.from_1040"
)

// HourBands are those of a year, from the lowest. They share out the workers.
func HourBands() []Band {
	return []Band{{HoursUnder150, "under_150", 0, 150}, {Hours150To599, "150_to_599", 150, 600}, {Hours600To1039, "600_to_1039", 600, 1040}, {HoursFrom1040, "from_1040", 1040, 0}}
}

// HourBand is the band that a measure counts; false: none.
func HourBand(m Measure) (Band, bool) {
	all := HourBands()
	i := slices.IndexFunc(all, func(b Band) bool { return b.Measure == m })
	if i < 0 {
		return Band{}, false
	}
	return all[i], true
}

// bandOf is the band of the hours paid to one person, in hundredths.
func bandOf(paid int64) Measure {
	for _, b := range HourBands() {
		if b.Below == 0 || paid < b.Below*100 {
			return b.Measure
		}
	}
	return ""
}

// MedianBand is the band of the person in the middle of those counted in each band, in
// their order; of an even number, of the one below. False where they are nobody, or where a
// band is missing.
func MedianBand(persons []int64) (Band, bool) {
	if len(persons) != len(HourBands()) {
		return Band{}, false
	}
	var all, below int64
	for _, n := range persons {
		all += n
	}
	for i, b := range HourBands() {
		if below += persons[i]; all > 0 && 2*below >= all {
			return b, true
		}
	}
	return Band{}, false
}
