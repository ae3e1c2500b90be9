package nomenclatures

import (
	"fmt"
	"strings"
)

// ROME is an occupation of the operational directory of France Travail: a
// letter and four digits, K2204. The letter is the major domain, the letter
// with two digits the professional domain.
type ROME string

// NAF is an activity of the French nomenclature rev. 2 (INSEE, 2008): four
// digits and a letter, without the dot, 8121Z.
type NAF string

// Descriptor is a subject code of the BOAMP, a number without leading zero.
type Descriptor string

// Sector is a trade of the insertion enterprises, the slug of the crosswalk.
type Sector string

// Scheme names a nomenclature.
type Scheme string

// The schemes that can be compared with one another.
const (
	SchemeSector     Scheme = "sector"
	SchemeCPV        Scheme = "cpv"
	SchemeNAF        Scheme = "naf"
	SchemeROME       Scheme = "rome"
	SchemeDescriptor Scheme = "descriptor"
)

// Schemes lists them in a fixed order.
func Schemes() []Scheme {
	return []Scheme{SchemeSector, SchemeCPV, SchemeNAF, SchemeROME, SchemeDescriptor}
}

// Code is a code with its scheme, the common currency of this package.
type Code struct {
	Scheme Scheme `json:"scheme"`
	Value  string `json:"value"`
}

// Code gives the scheme beside the value.
func (c CPV) Code() Code { return Code{SchemeCPV, string(c)} }

// Code gives the scheme beside the value.
func (c ROME) Code() Code { return Code{SchemeROME, string(c)} }

// Code gives the scheme beside the value.
func (c NAF) Code() Code { return Code{SchemeNAF, string(c)} }

// Code gives the scheme beside the value.
func (c Descriptor) Code() Code { return Code{SchemeDescriptor, string(c)} }

// Code gives the scheme beside the value.
func (c Sector) Code() Code { return Code{SchemeSector, string(c)} }

// String is "cpv:90911200", the form that ParseCode reads.
func (c Code) String() string { return string(c.Scheme) + ":" + c.Value }

// Label is the French name of the code, empty where the tables lack it.
func (c Code) Label() string {
	switch c.Scheme {
	case SchemeCPV:
		return CPV(c.Value).Label()
	case SchemeROME:
		return ROME(c.Value).Label()
	case SchemeNAF:
		return NAF(c.Value).Label()
	case SchemeDescriptor:
		return Descriptor(c.Value).Label()
	case SchemeSector:
		return Sector(c.Value).Label("fr")
	}
	return ""
}

// ParseCode reads "scheme:value", with the tolerance of each scheme's Parse.
func ParseCode(s string) (Code, error) {
	scheme, value, ok := strings.Cut(s, ":")
	if !ok {
		return Code{}, fmt.Errorf("code %q: a scheme is expected before a colon, as in cpv:90911200", s)
	}
	return NewCode(Scheme(strings.ToLower(strings.TrimSpace(scheme))), value)
}

// NewCode checks a value against its scheme and puts it in its usual form.
func NewCode(scheme Scheme, value string) (Code, error) {
	switch scheme {
	case SchemeCPV:
		return coded(ParseCPV(value))
	case SchemeROME:
		return coded(ParseROME(value))
	case SchemeNAF:
		return coded(ParseNAF(value))
	case SchemeDescriptor:
		return coded(ParseDescriptor(value))
	case SchemeSector:
		return coded(ParseSector(value))
	}
	return Code{}, fmt.Errorf("scheme %q: sector, cpv, naf, rome or descriptor is expected", scheme)
}

func coded[T interface{ Code() Code }](c T, err error) (Code, error) {
	if err != nil {
		return Code{}, err
	}
	return c.Code(), nil
}

// ParseROME reads "K2204", "k 2204". The code need not be in the table, whose
// version is that of the date in NOTICE; Known tells.
func ParseROME(s string) (ROME, error) {
	c := strings.ToUpper(strings.Join(strings.Fields(s), ""))
	if len(c) != 5 || c[0] < 'A' || c[0] > 'N' || !allDigits(c[1:]) {
		return "", fmt.Errorf("ROME %q: a letter from A to N and four digits are expected", s)
	}
	return ROME(c), nil
}

// Known reports whether the occupation is in the table.
func (c ROME) Known() bool { _, ok := tables().rome[c]; return ok }

// Label is the name of the occupation, empty if unknown.
func (c ROME) Label() string { return tables().rome[c] }

// Domain is the professional domain, "K22" for K2204.
func (c ROME) Domain() string { return c.head(3) }

// MajorDomain is the letter, "K" for K2204.
func (c ROME) MajorDomain() string { return c.head(1) }

// MajorDomainLabel names the major domain in "fr" or "en".
func (c ROME) MajorDomainLabel(lang string) string {
	return tables().heading("rome "+c.MajorDomain(), lang)
}

func (c ROME) head(n int) string {
	if len(c) != 5 {
		return ""
	}
	return string(c[:n])
}

// Appellations are the everyday job titles filed under the occupation, in
// order of their number.
func (c ROME) Appellations() []string { return tables().appellationsOf(c) }

// ParseNAF reads "8121Z", "81.21Z", "81.21 z". Whether INSEE lists it is not
// checked: only the codes that this project names have a label.
func ParseNAF(s string) (NAF, error) {
	c := strings.ToUpper(strings.ReplaceAll(strings.Join(strings.Fields(s), ""), ".", ""))
	if len(c) != 5 || !allDigits(c[:4]) || c[4] < 'A' || c[4] > 'Z' || c[:2] == "00" {
		return "", fmt.Errorf("NAF %q: four digits and a letter are expected", s)
	}
	return NAF(c), nil
}

// Label is our short French wording of the activity, empty if not listed.
func (c NAF) Label() string { return tables().naf[c].label }

// Dotted is the printed form, "81.21Z".
func (c NAF) Dotted() string {
	if len(c) != 5 {
		return string(c)
	}
	return string(c[:2] + "." + c[2:])
}

// Telling reports whether the NAF says something of the trade. False for the
// codes that name a legal form, a public or a holding rather than a trade
// (88.99B, 94.99Z, 78.xx…) and for a code the tables do not know: an
// enterprise that has only such a code stays "to be specified".
func Telling(c NAF) bool {
	row, ok := tables().naf[c]
	return ok && row.silent == ""
}

// Silence is the reason why a NAF says nothing of the trade, in French, and
// whether it is listed as such.
func Silence(c NAF) (reason string, listed bool) {
	row := tables().naf[c]
	return row.silent, row.silent != ""
}

// ParseDescriptor reads a number, with or without leading zeros.
func ParseDescriptor(s string) (Descriptor, error) {
	c := strings.TrimLeft(strings.TrimSpace(s), "0")
	if !allDigits(c) || len(c) > 4 {
		return "", fmt.Errorf("descriptor %q: a number of at most four digits is expected", s)
	}
	return Descriptor(c), nil
}

// Label is the wording of the BOAMP, empty if the descriptor was never observed.
func (c Descriptor) Label() string { return tables().descriptors[c] }

// Known reports whether the descriptor is in the table.
func (c Descriptor) Known() bool { _, ok := tables().descriptors[c]; return ok }
