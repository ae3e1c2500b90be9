package territories

import "strings"

// CommuneCode is an INSEE code of a commune or of a municipal arrondissement:
// five characters, "2A004" and "97105" included. It is never a postal code.
// A code alone names a place only together with a date.
type CommuneCode string

// ParseCommuneCode checks the shape of a code (not its existence, which
// depends on a date): a département's two characters, then three digits.
// Blanks around it are dropped and a Corsican letter is raised.
func ParseCommuneCode(s string) (CommuneCode, error) {
	c := strings.ToUpper(strings.TrimSpace(s))
	if len(c) != 5 || !digits(c[2:]) || !departementShape(c[:2]) {
		return "", unread("« %s » n'est pas le code INSEE d'une commune : cinq chiffres, ou 2A ou 2B et trois chiffres",
			"“%s” is not the INSEE code of a commune: five digits, or 2A or 2B and three digits", s)
	}
	return CommuneCode(c), nil
}

// Departement is the part of the code that names the département of that
// time: "26", "2A", "974", or "20" for Corsica before 1976.
func (c CommuneCode) Departement() string {
	switch {
	case len(c) != 5:
		return ""
	case c[:2] == "97" || c[:2] == "98":
		return string(c[:3])
	}
	return string(c[:2])
}

// arrondissement tells the 45 codes of the parts of Paris, Lyon and Marseille
// from their number alone.
func (c CommuneCode) arrondissement() bool {
	return c >= "75101" && c <= "75120" || c >= "13201" && c <= "13216" || c >= "69381" && c <= "69389"
}

// Kind says what a code is a code of. 584 values are both a commune and a
// former one, thousands both an INSEE and a postal code: a code without its
// kind means nothing.
type Kind string

// The kinds of territory. Region2015 and Federation2012 are history and
// presets; EPT lie inside the Métropole du Grand Paris and never add to the
// EPCI.
const (
	KindCommune        Kind = "commune"
	KindArrondissement Kind = "arrondissement"
	KindEPCI           Kind = "epci"
	KindEPT            Kind = "ept"
	KindDepartement    Kind = "departement"
	KindRegion         Kind = "region"
	KindRegion2015     Kind = "region2015"
	KindFederation2012 Kind = "federation2012"
	KindPostal         Kind = "postal"
)

// Kinds lists every kind, in the order in which territories are shown.
func Kinds() []Kind {
	return []Kind{
		KindCommune, KindArrondissement, KindEPCI, KindEPT, KindDepartement,
		KindRegion, KindRegion2015, KindFederation2012, KindPostal,
	}
}

// ParseKind reads the name of a kind, in lower case as in the grammar.
func ParseKind(s string) (Kind, error) {
	k := Kind(strings.ToLower(strings.TrimSpace(s)))
	for _, known := range Kinds() {
		if k == known {
			return k, nil
		}
	}
	return "", unread("« %s » n'est pas une sorte de territoire : commune, arrondissement, epci, ept, departement, region, region2015, federation2012 ou postal",
		"“%s” is not a kind of territory: commune, arrondissement, epci, ept, departement, region, region2015, federation2012 or postal", s)
}

// Ref names one territory: its kind and its code.
type Ref struct {
	Kind Kind
	Code string
}

// ParseRef reads "departement:26" and checks the shape of the code. The
// regions of the federation, which have no official code, are named by their
// name in small letters without accents: "federation2012:rhone-alpes".
func ParseRef(s string) (Ref, error) {
	kind, code, found := strings.Cut(s, ":")
	if !found {
		return Ref{}, unread("« %s » ne dit pas sa sorte : écrivez departement:26 ou postal:26100", "“%s” names no kind: write it as departement:26 or postal:26100", s)
	}
	k, err := ParseKind(kind)
	if err != nil {
		return Ref{}, err
	}
	return NewRef(k, code)
}

// NewRef is ParseRef for a kind already known.
func NewRef(k Kind, code string) (Ref, error) {
	r := Ref{Kind: k, Code: strings.ToUpper(strings.TrimSpace(code))}
	if k == KindFederation2012 {
		r.Code = strings.ReplaceAll(Fold(code), " ", "-")
	}
	if err := r.check(); err != nil {
		return Ref{}, err
	}
	return r, nil
}

// String writes the territory as the grammar does.
func (r Ref) String() string { return string(r.Kind) + ":" + r.Code }

// IsZero reports that nothing is named.
func (r Ref) IsZero() bool { return r == Ref{} }

// MarshalText and UnmarshalText let a Ref be a JSON string or map key.
func (r Ref) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (r *Ref) UnmarshalText(b []byte) (err error) {
	*r, err = ParseRef(string(b))
	return err
}

func (r Ref) check() error {
	c, ok := r.Code, false
	switch r.Kind {
	case KindCommune:
		_, err := ParseCommuneCode(c)
		return err
	case KindArrondissement:
		ok = CommuneCode(c).arrondissement() && len(c) == 5 && digits(c)
	case KindEPCI, KindEPT:
		ok = len(c) == 9 && digits(c)
	case KindDepartement:
		ok = len(c) == 2 && departementShape(c) || len(c) == 3 && digits(c) || c == "69D" || c == "69M"
	case KindRegion:
		ok = (len(c) == 2 || len(c) == 3) && digits(c)
	case KindRegion2015:
		ok = len(c) == 2 && digits(c)
	case KindFederation2012:
		ok = len(c) > 0 && len(c) <= 40 && strings.Trim(c, "abcdefghijklmnopqrstuvwxyz-") == ""
	case KindPostal:
		ok = len(c) == 5 && digits(c)
	}
	if !ok {
		return unread("« %s » n'est pas le code d'un territoire de la sorte %s", "“%s” is not the code of a territory of kind %s", c, r.Kind)
	}
	return nil
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func departementShape(s string) bool {
	return digits(s) || s == "2A" || s == "2B"
}
