package nomenclatures

import "slices"

// Occupations lists every occupation of the directory, in the order of the codes.
func Occupations() []ROME { return slices.Clone(tables().romeCodes) }

// OccupationsOf gives the occupations that a code leads to, and whether they are
// derived: a code of an occupation is itself; any other is worth the occupations
// of the first sector it leads to, as the crosswalk has them, and none where it
// leads to no sector.
func OccupationsOf(c Code) (all []ROME, derived bool) {
	if c.Scheme == SchemeROME {
		return []ROME{ROME(c.Value)}, false
	}
	sectors := SectorsOf(c)
	if len(sectors) == 0 {
		return nil, true
	}
	info, _ := LookupSector(sectors[0])
	return slices.Clone(info.ROME), true
}
