package nomenclatures

// Kinship says how one code relates to another; see the package comment.
type Kinship string

// The kinships, from the closest to the farthest.
const (
	Same        Kinship = "same"
	Child       Kinship = "child"
	Parent      Kinship = "parent"
	Sibling     Kinship = "sibling"
	SameSector  Kinship = "sector"
	SameGroup   Kinship = "group"
	NoneInSight Kinship = "none"
)

// kin is a Kinship by rank: on equal values the lower wins. Child and Parent
// never tie, since a pair is one or the other.
type kin uint8

const (
	kinSame kin = iota
	kinChild
	kinParent
	kinSibling
	kinSector
	kinGroup
	kinNone
)

var kinships = [...]Kinship{Same, Child, Parent, Sibling, SameSector, SameGroup, NoneInSight}

// The values. They are choices of this project, not measures; what matters is
// their order, which the tests hold:
//
//   - a code above another is worth what its depth is worth: "construction
//     work" says little of painting, "painting work" nearly all of it;
//   - two branches of a same CPV parent share less than a parent and its child,
//     and two that only share a division share nothing;
//   - the crosswalk is worth more when both sides are codes of the sector than
//     when one may only mean it.
var (
	// cpvDescent is by significant digits of the broader code.
	cpvDescent = [9]float64{2: 0.45, 3: 0.60, 4: 0.75, 5: 0.85, 6: 0.95, 7: 0.95}
	// cpvSiblings is by common leading digits.
	cpvSiblings = [9]float64{3: 0.30, 4: 0.50, 5: 0.65, 6: 0.70, 7: 0.75}
	// cpvHolds is what a sector is worth to a CPV above its prefixes, by the
	// significant digits of that CPV.
	cpvHolds = [9]float64{2: 0.45, 3: 0.50, 4: 0.55, 5: 0.65, 6: 0.70, 7: 0.70}
)

const (
	romeNear   = 0.70 // listed as close occupations in the crosswalk
	romeDomain = 0.40 // same professional domain, a letter and two digits
	nafClass   = 0.60 // same four digits
	nafGroup   = 0.40 // same three digits

	sectorIsCode   = 0.90 // a sector and one of its codes
	sectorMayBe    = 0.60 // a sector and a code that may mean it
	codesOfSector  = 0.80 // two codes of one sector
	codeAndLoose   = 0.50 // a code of the sector and one that may mean it
	looseAndLoose  = 0.35 // two codes that may both mean it
	looseAndHolder = 0.30 // a code that may mean a sector and a CPV that holds it
	sectorAbove    = 0.40 // a sector and a CPV near its prefixes that is another's first
	groupShared    = 0.25 // two sectors of one group
)

// Closeness says how what is offered relates to what is asked, and for how
// much: 1 is the same code, 0 nothing in common. The value does not depend on
// the direction; the kinship does (offered broader: Parent; narrower: Child). A
// code that its scheme cannot read is close to nothing, not even to itself.
func Closeness(offered, asked Code) (Kinship, float64) {
	x := joined()
	a, okA := x.find(offered)
	b, okB := x.find(asked)
	if !okA || !okB {
		return NoneInSight, 0
	}
	k, v := x.relate(a, b)
	return kinships[k], v
}

func (x *crosswalk) relate(a, b *node) (kin, float64) {
	if a == b || a.value == b.value && a.scheme == b.scheme {
		return kinSame, 1
	}
	best, value := kinNone, 0.0
	if a.scheme == b.scheme {
		best, value = x.inScheme(a, b)
	}
	if k, v := throughSectors(a, b); v > value || v == value && k < best {
		best, value = k, v
	}
	if value < groupShared && a.groups&b.groups != 0 {
		return kinGroup, groupShared
	}
	return best, value
}

// inScheme compares two different codes of one scheme by their structure.
func (x *crosswalk) inScheme(a, b *node) (kin, float64) {
	switch a.scheme {
	case SchemeCPV:
		return cpvTree(a, b)
	case SchemeROME:
		return x.romeTree(ROME(a.value), ROME(b.value))
	case SchemeNAF:
		return nafTree(a, b)
	}
	return kinNone, 0
}

func cpvTree(a, b *node) (kin, float64) {
	common := 0
	for common < 8 && a.value[common] == b.value[common] {
		common++
	}
	switch {
	case common >= a.significant && a.significant < b.significant:
		return kinParent, cpvDescent[a.significant]
	case common >= b.significant && b.significant < a.significant:
		return kinChild, cpvDescent[b.significant]
	case common >= 3:
		return kinSibling, cpvSiblings[common]
	}
	return kinNone, 0
}

func (x *crosswalk) romeTree(a, b ROME) (kin, float64) {
	switch {
	case x.near[[2]ROME{a, b}]:
		return kinSibling, romeNear
	case a[:3] == b[:3]:
		return kinSibling, romeDomain
	case a[0] == b[0]:
		return kinGroup, romeMajor
	}
	return kinNone, 0
}

const romeMajor = 0.15 // same major domain, the letter alone

// nafTree compares the digits of two codes that both say something: two codes
// that say nothing of the trade share no trade.
func nafTree(a, b *node) (kin, float64) {
	switch {
	case a.silent || b.silent:
		return kinNone, 0
	case a.value[:4] == b.value[:4]:
		return kinSibling, nafClass
	case a.value[:3] == b.value[:3]:
		return kinSibling, nafGroup
	}
	return kinNone, 0
}

// throughSectors compares what the crosswalk says of both. The cases are tried
// from the best value down.
func throughSectors(a, b *node) (kin, float64) {
	switch {
	case a.self.meets(b.strong) || a.strong.meets(b.self):
		return kinSector, sectorIsCode
	case a.strong.meets(b.strong):
		return kinSector, codesOfSector
	}
	kind, best := throughDepth(a, b)
	if v := throughLoose(a, b); v > best {
		kind, best = kinSector, v
	}
	return kind, best
}

// throughDepth compares a sector, or a code of it, with a CPV that lies above or
// below the prefixes of the sector. Of two CPV their own tree says it better.
func throughDepth(a, b *node) (kin, float64) {
	if a.scheme == b.scheme {
		return kinNone, 0
	}
	knownA, knownB := a.self.or(a.strong), b.self.or(b.strong)
	switch {
	case knownA.meets(b.under):
		return kinChild, holds(b)
	case a.under.meets(knownB):
		return kinParent, holds(a)
	case a.above.meets(knownB) || knownA.meets(b.above):
		return kinSibling, sectorAbove
	}
	return kinNone, 0
}

// holds is what a CPV is worth to a sector mapped below it. One that is itself
// the code of another sector asks for that trade first: a roofer's code holds the
// painting of roofs, and is not a painter's.
func holds(n *node) float64 {
	if n.significant > 2 && !n.strong.empty() {
		return sectorAbove
	}
	return cpvHolds[n.significant]
}

func throughLoose(a, b *node) float64 {
	switch {
	case a.self.meets(b.loose) || a.loose.meets(b.self):
		return sectorMayBe
	case a.strong.meets(b.loose) || a.loose.meets(b.strong):
		return codeAndLoose
	case a.loose.meets(b.loose):
		return looseAndLoose
	case a.scheme != b.scheme && (a.loose.meets(b.under) || a.under.meets(b.loose)):
		return looseAndHolder
	}
	return 0
}
