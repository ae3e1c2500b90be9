// Package calls is about what members look for in one another: partners, for a pole
// or for themselves, and somebody to take an activity over or to put it together
// with their own. Members say in a word that they are interested; who speaks for the
// call accepts them, or declines with a reason.
//
// It refuses to name who hands over to anybody but those whom they accept, to let a
// call stay open without a last day, and to have an interest settled by anybody but
// who speaks for the call. Every step of an interest is kept.
package calls

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"maillage/followup"
	"maillage/internal/fault"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
)

// Form is how an activity changes hands.
type Form string

// The forms.
const (
	Transfer      Form = "transfer"      // it goes to another enterprise (cession, reprise)
	Consolidation Form = "consolidation" // two put what they do together (fusion, mutualisation)
)

// Forms lists them in the order of a form.
func Forms() []Form { return []Form{Transfer, Consolidation} }

// Asset is something that is handed over.
type Asset string

// Assets lists what may be handed over, in the order of a form.
func Assets() []Asset {
	return []Asset{"customers", "team", "premises", "equipment", "stock", "approvals", "shares"}
}

// Band is a range of yearly turnover: a figure would tell who it is.
type Band string

// Bands lists them from the lowest.
func Bands() []Band {
	return []Band{"under_100k", "100k_250k", "250k_500k", "500k_1m", "1m_2m", "over_2m"}
}

// Motive is why an activity is handed over.
type Motive string

// Motives lists them in the order of a form.
func Motives() []Motive {
	return []Motive{"retirement", "refocus", "size", "difficulty", "end_of_approval", "merger", "other"}
}

// Handover is what is handed over, and on what terms.
type Handover struct {
	Form     Form    `json:"form"`
	Assets   []Asset `json:"assets"`
	Turnover Band    `json:"turnover"`
	Jobs     float64 `json:"jobs"` // full-time equivalents that go with it; 0: none
	Motive   Motive  `json:"motive"`
}

// Call is what a call says beyond its opportunity.
type Call struct {
	bun.BaseModel `bun:"table:calls,alias:ca"`

	OpportunityID opportunities.ID `bun:"opportunity_id,pk"`
	Key           string           `bun:"key"`
	PoleID        *int64           `bun:"pole_id"`
	AuthorID      *int64           `bun:"author_id"` // organisation that speaks for it; nil: administrators
	Handover      *Handover        `bun:"handover"`  // nil: partners are looked for
	CreatedAt     time.Time        `bun:"created_at"`
}

// Draft is a call before it is published.
type Draft struct {
	Key         string // of the gesture: again, it is the same call
	Kind        opportunities.Kind
	Title       string
	Description string
	Codes       []nomenclatures.Code
	Place       opportunities.Place
	Deadline    *time.Time
	DeadlineRaw opportunities.Deadline
	Pole        int64      // 0: of no pole
	Transferor  network.ID // of a takeover that an officer publishes; a member hands over its own
	Handover    *Handover
}

// maxKey bounds the key of a gesture, in bytes.
const maxKey = 100

// check refuses what is no call, every fault located; what its opportunity says is
// checked with it.
func (d *Draft) check(now time.Time) error {
	var f fault.List
	f.At(d.Kind != opportunities.PartnerCall && d.Kind != opportunities.Takeover, "kind", "unknown", "Une recherche de partenaires, ou une activité à reprendre.", "A call for partners, or an activity to hand over.")
	f.At(d.Key == "" || len(d.Key) > maxKey, "key", "required", "Il manque la clé de ce geste.", "The key of this gesture is missing.")
	f.At(strings.TrimSpace(d.Title) == "", "title", "required", "Donnez un titre.", "Give a title.")
	f.At(strings.TrimSpace(d.Description) == "", "description", "required", "Dites ce que vous cherchez.", "Say what you look for.")
	f.At(len(d.Codes) == 0, "codes", "required", "Choisissez un secteur : il dit qui peut répondre.", "Choose a sector: it tells who can answer.")
	f.At(d.Deadline == nil || !d.Deadline.After(now), "deadline", "required", "Donnez le dernier jour, à venir : l’appel se ferme de lui-même.", "Give the last day, still to come: the call closes by itself.")
	if d.Kind == opportunities.Takeover {
		d.checkHandover(&f)
	} else {
		f.At(d.Handover != nil, "handover", "not_expected", "Rien n’est cédé dans une recherche de partenaires.", "Nothing is handed over in a call for partners.")
	}
	return f.Err()
}

func (d *Draft) checkHandover(f *fault.List) {
	h := Handover{}
	if d.Handover != nil {
		h = *d.Handover
	}
	f.At(d.Pole != 0, "pole", "not_expected", "Une cession ne se publie pas au nom d’un pôle : il dirait qui cède.", "A takeover is not published for a pole: that would tell who hands over.")
	f.At(!slices.Contains(Forms(), h.Form), "handover.form", "required", "Dites si l’activité est à reprendre ou à regrouper.", "Say whether it is to be taken over or put together.")
	f.At(len(h.Assets) == 0 || slices.ContainsFunc(h.Assets, func(a Asset) bool { return !slices.Contains(Assets(), a) }), "handover.assets", "required", "Dites ce qui est transmis.", "Say what is handed over.")
	f.At(!slices.Contains(Bands(), h.Turnover), "handover.turnover", "required", "Choisissez une tranche de chiffre d’affaires.", "Choose a band of turnover.")
	f.At(!(h.Jobs >= 0 && h.Jobs <= mostJobs), "handover.jobs", "range", "Un nombre d’emplois, zéro s’il n’y en a pas.", "A number of jobs, zero where there is none.")
	f.At(!slices.Contains(Motives(), h.Motive), "handover.motive", "required", "Dites pourquoi : un motif suffit.", "Say why: one reason is enough.")
}

const mostJobs = 10_000

// State is where an interest stands.
type State string

// The states. A declined one may be accepted after all, and who withdrew may come back.
const (
	Expressed State = "expressed"
	Accepted  State = "accepted"
	Declined  State = "declined"
	Withdrawn State = "withdrawn"
)

// allows is the table of transitions.
func (s State) allows(to State) bool {
	switch s {
	case Expressed:
		return to != Expressed
	case Accepted:
		return to == Withdrawn
	case Declined:
		return to == Accepted || to == Withdrawn
	case Withdrawn:
		return to == Expressed
	}
	return to == Expressed
}

// Reason is why an interest is declined.
type Reason string

// Reasons lists them in the order of a form.
func Reasons() []Reason {
	return []Reason{"found", "trade", "too_far", "size", "timing", "given_up", "other"}
}

// InterestID identifies an interest.
type InterestID int64

// Interest is a member that would answer a call.
type Interest struct {
	bun.BaseModel `bun:"table:interests,alias:it"`

	ID             InterestID       `bun:"id,pk,autoincrement"`
	OpportunityID  opportunities.ID `bun:"opportunity_id"`
	OrganisationID network.ID       `bun:"organisation_id"`
	Word           string           `bun:"word"`
	State          State            `bun:"state"`
	Reason         Reason           `bun:"reason"` // of a declined one
	Note           string           `bun:"note"`   // a word of who settled it
	Revision       int64            `bun:"revision"`
	CreatedAt      time.Time        `bun:"created_at"`
	UpdatedAt      time.Time        `bun:"updated_at"`
}

// InterestEvent is one step of an interest; it is never changed.
type InterestEvent struct {
	bun.BaseModel `bun:"table:interest_events,alias:ie"`

	ID         int64      `bun:"id,pk,autoincrement"`
	InterestID InterestID `bun:"interest_id"`
	At         time.Time  `bun:"at"`
	ActorID    *int64     `bun:"actor_id"`
	From       State      `bun:"from_state"`
	To         State      `bun:"to_state"`
	Reason     Reason     `bun:"reason"`
	Note       string     `bun:"note"`
}

// Decision is what who speaks for a call says of an interest.
type Decision struct {
	To     State  // Accepted or Declined
	Reason Reason // required of Declined
	Note   string
}

// longestWord bounds a word, in characters.
const longestWord = 1_000

func (d *Decision) check() error {
	var f fault.List
	d.Note = strings.TrimSpace(d.Note)
	f.At(d.To != Accepted && d.To != Declined, "state", "unknown", "Acceptez, ou déclinez.", "Accept, or decline.")
	f.At(d.To == Declined && !slices.Contains(Reasons(), d.Reason), "reason", "required", "Dites pourquoi : un motif suffit.", "Say why: one reason is enough.")
	f.At(d.To == Accepted && d.Reason != "", "reason", "not_expected", "Aucun motif ne va avec cette étape.", "No reason goes with this step.")
	f.At(utf8.RuneCountInString(d.Note) > longestWord, "note", "too_long", "1 000 caractères au plus.", "1,000 characters at most.")
	return f.Err()
}

func checkWord(word string) error {
	var f fault.List
	f.At(word == "", "word", "required", "Écrivez un mot : ce que vous apporteriez.", "Write a word: what you would bring.")
	f.At(utf8.RuneCountInString(word) > longestWord, "word", "too_long", "1 000 caractères au plus.", "1,000 characters at most.")
	return f.Err()
}

// words names the states for messages.
func (s State) words() followup.Text {
	switch s {
	case Accepted:
		return followup.Text{FR: "acceptée", EN: "accepted"}
	case Declined:
		return followup.Text{FR: "déclinée", EN: "declined"}
	case Withdrawn:
		return followup.Text{FR: "retirée", EN: "withdrawn"}
	case Expressed:
	}
	return followup.Text{FR: "en attente", EN: "waiting"}
}
