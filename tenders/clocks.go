package tenders

import "fmt"

// clock is a limit to answer as it is printed, kept until the place is known
// whose clock it is: some notices give their place in words only, and these are
// read last.
type clock struct {
	printed
	lot        int  // its rank; wholeNotice for the notice
	utcIsLabel bool // see reading
	path       string
}

// wholeNotice is the rank of what is said of the whole notice.
const wholeNotice = -1

// keepClock keeps what is printed until the places are known.
func (d *draft) keepClock(c clock) {
	if len(d.clocks) < maxLots+maxList {
		d.clocks = append(d.clocks, c)
	}
}

// readClocks turns what is printed into instants, each in the zone of its place;
// of several limits of one lot the first is kept.
func (d *draft) readClocks() {
	for _, c := range d.clocks {
		target, field, place := &d.Deadline, "deadline", d.Place
		if c.lot != wholeNotice {
			lot := &d.Lots[c.lot]
			target, field = &lot.Deadline, fmt.Sprintf("lots[%d].deadline", c.lot)
			if lot.Place.Scope != PlaceUnknown || !isFrance(lot.Place.Country) {
				place = lot.Place
			}
		}
		read := c.deadline(reading{zone: d.zoneAt(place, c.utcIsLabel), utcIsLabel: c.utcIsLabel})
		if *target == nil || read.Instant.Before((*target).Instant) {
			*target = read
			d.from(field, c.path)
		}
	}
}

// zoneAt is the zone in which the clocks of a place are read: none abroad, whose
// offsets are trusted, unless the offset is a mere label.
func (d *draft) zoneAt(p Place, utcIsLabel bool) string {
	if isFrance(d.Buyer.Country) && isFrance(p.Country) {
		return d.places.zone(p.Departements)
	}
	if utcIsLabel {
		return paris
	}
	return ""
}

// lendDeadlines gives the lots without a limit that of the notice, and the
// notice the earliest of its lots.
func (d *draft) lendDeadlines() {
	for i := range d.Lots {
		if lot := &d.Lots[i]; lot.Deadline == nil && d.Deadline != nil {
			lot.Deadline = d.Deadline
			d.from(fmt.Sprintf("lots[%d].deadline", i), d.Provenance["deadline"])
		}
	}
	for i, lot := range d.Lots {
		if lot.Deadline != nil && (d.Deadline == nil || lot.Deadline.Instant.Before(d.Deadline.Instant)) {
			d.Deadline = lot.Deadline
			d.from("deadline", d.Provenance[fmt.Sprintf("lots[%d].deadline", i)])
		}
	}
}
