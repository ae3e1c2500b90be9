package nomenclatures

import (
	"fmt"
	"slices"
	"strings"
)

// SectorInfo is one row of the crosswalk: a trade and the codes that mean it.
// The loose codes may mean it: they lead to the sector with less value.
type SectorInfo struct {
	Code             Sector
	Group            string // slug of the group
	GroupFR, GroupEN string
	FR, EN           string
	Staffing         bool // the sector lends staff: its trade is told by occupations

	CPV              []CPV // roots: each stands for everything below it
	NAF              []NAF
	ROME             []ROME
	Descriptors      []Descriptor
	LooseCPV         []CPV
	LooseNAF         []NAF
	LooseROME        []ROME
	LooseDescriptors []Descriptor
}

// Label is the name in "fr" or "en"; French for any other language.
func (s SectorInfo) Label(lang string) string {
	if lang == "en" {
		return s.EN
	}
	return s.FR
}

// Sectors lists every sector in the order of the crosswalk, group by group.
// The slices inside belong to the package: do not change them.
func Sectors() []SectorInfo { return slices.Clone(joined().sectors) }

// LookupSector finds a sector by its slug.
func LookupSector(s Sector) (SectorInfo, bool) {
	x := joined()
	i, ok := x.ordinal[s]
	if !ok {
		return SectorInfo{}, false
	}
	return x.sectors[i], true
}

// ParseSector accepts the slug of a sector of the crosswalk, or its French name.
func ParseSector(s string) (Sector, error) {
	text := strings.TrimSpace(s)
	x := joined()
	if _, ok := x.ordinal[Sector(strings.ToLower(text))]; ok {
		return Sector(strings.ToLower(text)), nil
	}
	folded := fold(text)
	for i := range x.sectors {
		if fold(x.sectors[i].FR) == folded {
			return x.sectors[i].Code, nil
		}
	}
	return "", fmt.Errorf("sector %q: not in the list of sectors", s)
}

// Label is the name in "fr" or "en", empty if the sector is unknown.
func (s Sector) Label(lang string) string {
	info, ok := LookupSector(s)
	if !ok {
		return ""
	}
	return info.Label(lang)
}

// SectorsOf gives the sectors that a code leads to, the surest first: those of
// which it is a code, then those it may mean. A CPV resolves to the most
// specific prefix that the crosswalk maps; one that lies above every mapped
// prefix gives none, because it names no single trade (SectorsUnder tells what
// it holds).
func SectorsOf(c Code) []Sector {
	n, ok := joined().find(c)
	if !ok {
		return nil
	}
	x := joined()
	return slices.Concat(x.codes(n.self), x.codes(n.strong), x.codes(n.loose))
}

// SectorsUnder gives the sectors mapped below a broad CPV, in the order of the
// crosswalk: what a buyer who wrote 90000000 may be asking for.
func SectorsUnder(c CPV) []Sector {
	n, ok := joined().find(c.Code())
	if !ok {
		return nil
	}
	return joined().codes(n.under)
}

// SilentDescriptor is the reason why a BOAMP descriptor says nothing of the
// trade, in French, and whether it is listed as such.
func SilentDescriptor(d Descriptor) (reason string, listed bool) {
	reason, listed = joined().silent[d]
	return reason, listed
}

// codes turns a mask into sectors, in the order of the crosswalk.
func (x *crosswalk) codes(m mask) []Sector {
	var out []Sector
	for i := range x.sectors {
		if m.has(i) {
			out = append(out, x.sectors[i].Code)
		}
	}
	return out
}
