package matching

import (
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/network"
	"maillage/opportunities"
)

// ConsortiumID identifies a group of members that prepares an answer.
type ConsortiumID int64

// Form is what the members of a group owe the buyer (Code de la commande
// publique, R2142-20 and R2142-24).
type Form string

// The forms. The buyer may not ask for one before the award, and after it only
// where the contract needs it (R2142-22).
const (
	Joint       Form = "joint"        // conjoint: each does its part
	JointBacked Form = "joint_backed" // conjoint, the lead answering for each of the others
	JointLiable Form = "joint_liable" // solidaire: each answers for the whole
)

// Forms lists them in the order of a form.
func Forms() []Form { return []Form{JointBacked, Joint, JointLiable} }

// Stage is where a group stands.
type Stage string

// The stages. Between the deadline of applications and the signature the members
// may not change (R2142-26): a group that was handed in is frozen. The exceptions
// of that article, a restructuring or a member that fails for no fault of its own,
// are the buyer's to grant: such a group is dissolved here and another made.
const (
	GroupDraft     Stage = "draft"
	GroupFrozen    Stage = "frozen"
	GroupDissolved Stage = "dissolved"
)

// Consortium is a group of members that prepares an answer to a lot: a
// groupement momentané d'entreprises.
type Consortium struct {
	bun.BaseModel `bun:"table:consortia,alias:cs"`

	ID         ConsortiumID        `bun:"id,pk,autoincrement"`
	LotID      opportunities.LotID `bun:"lot_id"`
	Key        string              `bun:"key"` // whoever makes it twice with one key makes one
	Name       string              `bun:"name"`
	Form       Form                `bun:"form"`
	State      Stage               `bun:"state"`
	LeadID     network.ID          `bun:"lead_id"`   // the mandataire
	Exclusive  bool                `bun:"exclusive"` // it is said here that the buyer forbids several bids of one enterprise (R2142-21); it holds for every group for the lot
	Accounts   string              `bun:"accounts"`  // how they are paid: one account, or each its own
	Coverage   float64             `bun:"coverage"`  // of the needs by these members when they were chosen, 0..1
	CreatedBy  *int64              `bun:"created_by"`
	CreatedFor int64               `bun:"created_for"` // organisation of who composes it, then
	Revision   int64               `bun:"revision"`
	FrozenAt   *time.Time          `bun:"frozen_at"`
	CreatedAt  time.Time           `bun:"created_at"`
	UpdatedAt  time.Time           `bun:"updated_at"`

	Members []Partner `bun:"-"`
}

// Has says whether an organisation is in the group.
func (c *Consortium) Has(id network.ID) bool {
	return slices.ContainsFunc(c.Members, func(p Partner) bool { return p.OrganisationID == id })
}

// Partner is a member of a group with its part.
type Partner struct {
	bun.BaseModel `bun:"table:consortium_members,alias:cm"`

	ConsortiumID   ConsortiumID `bun:"consortium_id,pk"`
	OrganisationID network.ID   `bun:"organisation_id,pk"`
	Position       int          `bun:"position"`
	Share          float64      `bun:"share"` // of the work, 0..1; 0: not said
	Tasks          string       `bun:"tasks"` // what it does, in words
}

// GroupEvent is one entry of a group's history; it is never changed.
type GroupEvent struct {
	bun.BaseModel `bun:"table:consortium_events,alias:ce"`

	ID           int64        `bun:"id,pk,autoincrement"`
	ConsortiumID ConsortiumID `bun:"consortium_id"`
	At           time.Time    `bun:"at"`
	Kind         string       `bun:"kind"`     // "created", "changed", "frozen", "dissolved"
	ActorID      *int64       `bun:"actor_id"` // user; nil: a command
	Detail       GroupDetail  `bun:"detail"`
}

// GroupDetail is what an event says beyond its kind.
type GroupDetail struct {
	Fields  []string     `json:"fields,omitempty"` // that changed
	Joined  []network.ID `json:"joined,omitempty"`
	Left    []network.ID `json:"left,omitempty"`
	Members []network.ID `json:"members,omitempty"` // of a group that is frozen
	Asked   string       `json:"asked,omitempty"`   // digest of what was asked when it was made: see CreateConsortium
}

// GroupFlag is something to look at before a group is handed in.
type GroupFlag struct {
	Code          string       `json:"code"` // see Flag…
	Organisations []network.ID `json:"organisations"`
	Article       string       `json:"article,omitempty"`
	Blocks        bool         `json:"blocks"` // it must be settled before the group is frozen
}

// The flags.
const (
	// FlagElsewhere: a member is in another group for the same lot. The buyer may
	// forbid it in the documents of the consultation (R2142-21); a court read such
	// a ban lot by lot. It blocks where an officer says so in any group for the lot
	// that is not dissolved: the ban is the buyer's, and holds for all.
	FlagElsewhere = "elsewhere"
	// FlagAlone: a member has said that it is interested in the lot by itself.
	FlagAlone = "alone"
	// FlagSameInterest: an enterprise of the same legal unit or economic group
	// prepares another answer to the lot. Bids that are not independent may be an
	// agreement between competitors (Code de commerce, L420-1) or a way round the
	// limits of the buyer: never a bar by itself, always to be checked.
	FlagSameInterest = "same_interest"
	// FlagReservation: the lot is reserved, and a member lacks the status. The code
	// (L2113-12 to -15) does not say what a group must be: each member is asked to
	// qualify, to be checked with the buyer.
	FlagReservation = "reservation"
	// FlagReservationUnknown: nobody said enough of the statuses of a member for a
	// reserved lot. It does not block: the paper may be in the file of the bid.
	FlagReservationUnknown = "reservation_unknown"
	// FlagPartial: its members do not do all of the lot. It does not block: the rest may be
	// another partner's, or subcontracted (L2193-3).
	FlagPartial = "partial"
	// FlagUnfit: a member can be in no group for the lot any more: closed, excluded
	// by the buyer, the buyer itself or a holder of the contract.
	FlagUnfit = "unfit"
)
