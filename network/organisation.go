// Package network holds who is in the federation and around it: organisations
// with their sites, dated legal statuses, activities and certifications; groups
// (GES), cooperation poles (PTCE) and sector partnerships; and the import of
// members from a file.
//
// It refuses to guess silently: a fact deduced from something else is marked
// assumed wherever it shows, and one that the member confirmed is never
// overwritten by an import. It holds no person: people in insertion have a noun
// of their own.
package network

import (
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/store"
	"maillage/nomenclatures"
	"maillage/territories"
)

// ID identifies an organisation.
type ID int64

// Role is what an organisation is to the federation.
type Role string

// The roles. An organisation has one; it may belong to several networks.
const (
	Federation Role = "federation"
	Regional   Role = "regional_association"
	Member     Role = "member"
	Employer   Role = "employer" // a sector employer: hotel, restaurant…
	Buyer      Role = "buyer"
	Partner    Role = "partner"
)

// Kind is the kind of social enterprise a member is. It says nothing of its
// rights: those come from its dated legal statuses.
type Kind string

// The kinds, by the names of the field.
const (
	KindAI       Kind = "AI"   // association intermédiaire
	KindACI      Kind = "ACI"  // atelier et chantier d'insertion
	KindEI       Kind = "EI"   // entreprise d'insertion
	KindETTI     Kind = "ETTI" // entreprise de travail temporaire d'insertion
	KindEITI     Kind = "EITI" // entreprise d'insertion par le travail indépendant
	KindGEIQ     Kind = "GEIQ" // groupement d'employeurs pour l'insertion et la qualification
	KindEA       Kind = "EA"   // entreprise adaptée
	KindESAT     Kind = "ESAT" // établissement et service d'accompagnement par le travail
	KindSAP      Kind = "SAP"  // services à la personne
	KindRegie    Kind = "RQ"   // régie de quartier
	KindTraining Kind = "OF"   // organisme de formation
	KindOther    Kind = "OTHER"
)

// Origin says where a fact comes from, from the weakest to the strongest.
type Origin string

// The origins. Only Confirmed resists an import; Assumed is never e-mailed on.
const (
	Assumed   Origin = "assumed"   // deduced, for example from the NAF code
	Declared  Origin = "declared"  // read in a file or a register
	Confirmed Origin = "confirmed" // said by the organisation itself
)

// Organisation is an enterprise, an association, a buyer… Its identity is (SIRET, kind).
type Organisation struct {
	bun.BaseModel `bun:"table:organisations,alias:o"`

	ID          ID                `bun:"id,pk,autoincrement"`
	Role        Role              `bun:"role"`
	Kind        Kind              `bun:"kind"` // empty unless a member
	SIRET       SIRET             `bun:"siret"`
	Name        string            `bun:"name"`
	Brand       string            `bun:"brand"`
	NAF         nomenclatures.NAF `bun:"naf"`
	Description string            `bun:"description"`
	Website     string            `bun:"website"`
	Email       string            `bun:"email"` // of the organisation, for its partners
	Phone       string            `bun:"phone"`
	ESSSince    string            `bun:"ess_since"`   // date (YYYY-MM-DD) since which it is of the social economy; empty: unknown
	Turnover    float64           `bun:"turnover"`    // euros a year, excluding taxes; 0: not said
	Insurance   float64           `bun:"insurance"`   // euros insured; 0: not said
	ExcludedBy  []SIRET           `bun:"excluded_by"` // buyers that exclude it from their contracts
	Active      bool              `bun:"active"`
	Findings    []Finding         `bun:"findings"`  // what the last import noticed
	Confirmed   []string          `bun:"confirmed"` // names of the fields that the organisation confirmed
	Source      string            `bun:"source"`    // "import", "demo", "account"…
	Digest      string            `bun:"digest"`    // of the row it was imported from: an unchanged row changes nothing
	Folded      string            `bun:"folded"`    // what a text search reads: names and town, without accents or case
	Revision    int64             `bun:"revision"`  // raised by every change that can alter a match
	CreatedAt   time.Time         `bun:"created_at"`
	UpdatedAt   time.Time         `bun:"updated_at"`

	// Who vouches for it: see countersign.go.
	OpenedBy        *int64     `bun:"opened_by"`  // the officer on whose word alone it is here; nil: nobody's
	AddressBy       *int64     `bun:"address_by"` // the account on whose word alone its address is; nil: nobody's
	CountersignedAt *time.Time `bun:"countersigned_at"`
	CountersignedBy *int64     `bun:"countersigned_by"`

	Sites          []Site          `bun:"rel:has-many,join:id=organisation_id"`
	Statuses       []Status        `bun:"rel:has-many,join:id=organisation_id"`
	Activities     []Activity      `bun:"rel:has-many,join:id=organisation_id"`
	Certifications []Certification `bun:"rel:has-many,join:id=organisation_id"`
	References     []Reference     `bun:"rel:has-many,join:id=organisation_id"`
	Memberships    []Membership    `bun:"rel:has-many,join:id=organisation_id"`
}

// Called is the name people know it by: the brand where there is one.
func (o *Organisation) Called() string {
	if o.Brand != "" {
		return o.Brand
	}
	return o.Name
}

// Communes are where its sites are, those that are placed.
func (o *Organisation) Communes(atlas *territories.Atlas) *territories.Set {
	var ords []uint32
	for _, site := range o.Sites {
		if ord, ok := atlas.Ordinal(site.Commune); ok {
			ords = append(ords, uint32(ord))
		}
	}
	return territories.SetOf(ords...)
}

// Scope is what an organisation is to the policy: itself, where its sites are. One
// that is placed nowhere touches no perimeter.
func (o *Organisation) Scope(atlas *territories.Atlas) accounts.Scope {
	return accounts.Of(int64(o.ID)).In(o.Communes(atlas))
}

// Finding is something an import noticed and a person may want to put right.
type Finding struct {
	Code   string `json:"code"` // "luhn", "far_from_postcode", "unknown_postcode", "no_point", "repeated_siret"…
	Detail string `json:"detail,omitempty"`
}

// Membership ties an organisation to a network (a federation or a regional association).
type Membership struct {
	bun.BaseModel `bun:"table:memberships,alias:m"`

	OrganisationID ID     `bun:"organisation_id,pk"`
	NetworkID      ID     `bun:"network_id,pk"`
	Since          string `bun:"since"` // date or empty
	Until          string `bun:"until"` // last day, or empty
}

// Site is a place of an organisation, on a commune.
type Site struct {
	bun.BaseModel `bun:"table:sites,alias:s"`

	ID             int64                   `bun:"id,pk,autoincrement"`
	OrganisationID ID                      `bun:"organisation_id"`
	Main           bool                    `bun:"main"`
	Address        string                  `bun:"address"`
	Postcode       string                  `bun:"postcode"`
	City           string                  `bun:"city"`    // as written in the source
	Commune        territories.CommuneCode `bun:"commune"` // empty where it could not be placed
	Lon            *float64                `bun:"lon"`
	Lat            *float64                `bun:"lat"`
}

// StatusKind is a legal status that opens rights in public procurement.
type StatusKind string

// The statuses. A convention or an agrément is dated; the kind of an enterprise alone gives no right.
const (
	ConventionAI    StatusKind = "convention_ai"   // L5132-7 of the labour code
	ConventionACI   StatusKind = "convention_aci"  // L5132-15
	ConventionEI    StatusKind = "convention_ei"   // L5132-5
	ConventionETTI  StatusKind = "convention_etti" // L5132-6
	ConventionEITI  StatusKind = "convention_eiti" // L5132-5-1
	AgrementEA      StatusKind = "agrement_ea"     // L5213-13
	AgrementESAT    StatusKind = "agrement_esat"   // L344-2 of the social action code
	Equivalent      StatusKind = "equivalent"      // "structure équivalente": its share of workers is declared with its proof
	StatusESS       StatusKind = "ess"             // enterprise of the social economy (law 2014-856, art. 1)
	LabelGEIQ       StatusKind = "label_geiq"      // not a SIAE as such
	DeclarationSAP  StatusKind = "declaration_sap" // home services: not a SIAE as such
	PrisonWorkshops StatusKind = "prison"          // L2113-13-1 of the public procurement code
)

// Status is a legal status on dates, with what the convention finances.
type Status struct {
	bun.BaseModel `bun:"table:legal_statuses,alias:ls"`

	ID             int64      `bun:"id,pk,autoincrement"`
	OrganisationID ID         `bun:"organisation_id"`
	Kind           StatusKind `bun:"kind"`
	From           string     `bun:"valid_from"`  // first day, or empty: unknown
	Until          string     `bun:"valid_until"` // last day, or empty: still in force
	FTE            float64    `bun:"fte"`         // full-time equivalents financed; 0: not said
	Share          float64    `bun:"share"`       // share of disabled or disadvantaged workers, 0 to 1; for Equivalent
	Proof          string     `bun:"proof"`       // reference of the document
	Origin         Origin     `bun:"origin"`
}

// Mode is a way to deliver.
type Mode string

// The service modes.
const (
	Staffing  Mode = "mise_a_disposition" // lends workers
	Provision Mode = "prestation"         // of a service
	Supply    Mode = "fourniture"
	Agency    Mode = "mandataire" // home services: the household is the employer
)

// Activity is something an organisation does: codes, modes and zone hold together.
type Activity struct {
	bun.BaseModel `bun:"table:activities,alias:a"`

	ID             int64                `bun:"id,pk,autoincrement"`
	OrganisationID ID                   `bun:"organisation_id"`
	Label          string               `bun:"label"` // in the organisation's words; may be empty
	Codes          []nomenclatures.Code `bun:"codes"` // sectors, CPV or, for those who lend staff, occupations (ROME); empty: to be specified
	Modes          []Mode               `bun:"modes"` // empty: unknown
	Zone           string               `bun:"zone"`  // canonical perimeter expression; empty: unknown
	FTE            float64              `bun:"fte"`   // capacity it can put on one contract; 0: not said
	Hours          float64              `bun:"hours"`
	Amount         float64              `bun:"amount"` // euros excluding taxes, the largest contract it takes
	Origin         Origin               `bun:"origin"`
	ZoneOrigin     Origin               `bun:"zone_origin"`
}

// Certification is a quality label on dates.
type Certification struct {
	bun.BaseModel `bun:"table:certifications,alias:c"`

	ID             int64  `bun:"id,pk,autoincrement"`
	OrganisationID ID     `bun:"organisation_id"`
	Code           string `bun:"code"` // "cedre", "iso9001", "qualiopi", "rse-iae"…
	Name           string `bun:"name"`
	From           string `bun:"valid_from"`
	Until          string `bun:"valid_until"`
	Source         string `bun:"source"` // the path of certification that gave it; empty: declared, in a file or on a form
}

// Reference is something delivered or won: the track record.
type Reference struct {
	bun.BaseModel `bun:"table:track_records,alias:t"`

	ID             int64             `bun:"id,pk,autoincrement"`
	OrganisationID ID                `bun:"organisation_id"`
	Title          string            `bun:"title"`
	Code           nomenclatures.CPV `bun:"cpv"`
	Place          string            `bun:"place"` // perimeter expression, or empty
	Buyer          string            `bun:"buyer"`
	BuyerSIRET     SIRET             `bun:"buyer_siret"`  // or SIREN; empty: not said
	ReservedESS    bool              `bun:"reserved_ess"` // reserved to the social economy (public procurement code, L2113-15)
	Year           int               `bun:"year"`
	Amount         float64           `bun:"amount"`
	Source         string            `bun:"source"` // key of the procurement whose award says it; empty: the organisation, or whoever wrote it
}

// Changed asks for the matches of organisations to be brought up to date.
type Changed struct {
	IDs []ID `json:"ids"`
}

// Kind names the job.
func (Changed) Kind() string { return "organisations.changed" }

// mostMerged bounds the organisations of one job made of several.
const mostMerged = 200

// Merge makes one job of those of a transaction.
func (c Changed) Merge(next store.Args) (store.Args, bool) {
	n, ok := next.(Changed)
	if !ok || len(c.IDs)+len(n.IDs) > mostMerged {
		return nil, false
	}
	return Changed{IDs: append(slices.Clip(c.IDs), n.IDs...)}, true
}
