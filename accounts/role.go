package accounts

import (
	"slices"

	"maillage/internal/fault"
)

// Role is what a person is here for. A user holds exactly one.
type Role string

// The roles. Public is anybody without an account, System is the program itself
// (a worker, a command): neither is ever given to a user.
const (
	Public     Role = "public"
	Admin      Role = "admin"
	Officer    Role = "officer"    // a regional association's development officer: a perimeter and an association
	Member     Role = "member"     // an enterprise of the network: an organisation
	Employer   Role = "employer"   // a sector employer: an organisation
	Counsellor Role = "counsellor" // CIP, who accompanies people in insertion: an organisation
	Researcher Role = "researcher"
	System     Role = "system"
)

// Roles lists what a user may be, in the order in which pages show them.
func Roles() []Role { return []Role{Admin, Officer, Member, Employer, Counsellor, Researcher} }

// ParseRole reads a role that a user may hold.
func ParseRole(s string) (Role, error) {
	if r := Role(s); slices.Contains(Roles(), r) {
		return r, nil
	}
	return "", fault.Invalid(fault.At("role", "unknown", "Ce rôle n’existe pas.", "There is no such role."))
}

// Label names the role for people.
func (r Role) Label() fault.Text {
	switch r {
	case Admin:
		return fault.Text{FR: "Administration", EN: "Administrator"}
	case Officer:
		return fault.Text{FR: "Chargé·e de développement", EN: "Development officer"}
	case Member:
		return fault.Text{FR: "Structure adhérente", EN: "Member enterprise"}
	case Employer:
		return fault.Text{FR: "Employeur de la filière", EN: "Sector employer"}
	case Counsellor:
		return fault.Text{FR: "Conseiller·ère en insertion (CIP)", EN: "Insertion counsellor (CIP)"}
	case Researcher:
		return fault.Text{FR: "Recherche", EN: "Researcher"}
	case System:
		return fault.Text{FR: "Maillage", EN: "Maillage"}
	default:
		return fault.Text{FR: "Public", EN: "Public"}
	}
}

// NeedsOrganisation tells whether the role means nothing without an organisation.
func (r Role) NeedsOrganisation() bool {
	return r == Officer || r == Member || r == Employer || r == Counsellor
}
