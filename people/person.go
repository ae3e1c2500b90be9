// Package people holds people in insertion as pseudonymous journeys, each held
// by the structure that employs them and its counsellor (CIP): where they live
// to the commune, how and when they can move, what they wish, what they can do,
// when they are available, their dated rights and the agreements they gave,
// position by position.
//
// It refuses to hold why a person is eligible, their health, debts, justice or
// family, and any free text about them: such things have no field. What
// identifies is stored apart, encrypted with a key from the environment. A
// refusal has no motive and no effect.
package people

import (
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/internal/store"
	"maillage/nomenclatures"
	"maillage/territories"
)

// ID identifies a journey. It is never shown to anybody but the structure: what
// is shown is the Code.
type ID int64

// State is where a journey stands.
type State string

// The states of a journey. Only an active one is matched.
const (
	Active State = "active"
	Paused State = "paused" // for a while: nothing is proposed
	Ended  State = "ended"  // left the structure; see retention.go for what is kept and how long
)

// States lists them in the order of a journey.
func States() []State { return []State{Active, Paused, Ended} }

// Person is a journey. No field of it identifies anybody alone.
type Person struct {
	bun.BaseModel `bun:"table:people,alias:pe"`

	ID             ID                      `bun:"id,pk,autoincrement"`
	OrganisationID int64                   `bun:"organisation_id"` // the employing structure
	CounsellorID   *int64                  `bun:"counsellor_id"`   // user; nil: nobody yet
	Code           string                  `bun:"code"`            // pseudonym, "P-7K3M9", drawn at random, unique
	Key            string                  `bun:"key"`             // the structure's own number, unique in it where not empty: an import twice changes nothing
	State          State                   `bun:"state"`
	Commune        territories.CommuneCode `bun:"commune"`       // home; empty: unknown
	EnteredOn      string                  `bun:"entered_on"`    // first day of the journey, from which waiting counts; empty: unknown
	AvailableOn    string                  `bun:"available_on"`  // first day possible; empty: now
	ContractEnds   string                  `bun:"contract_ends"` // last day of the present contract; empty: unknown or none
	EndedOn        string                  `bun:"ended_on"`      // last day of the journey; empty while it runs
	ErasedAt       *time.Time              `bun:"erased_at"`     // when nothing but a row to count was left of it; nil: never
	Profile        Profile                 `bun:"profile"`
	LastProposed   *time.Time              `bun:"last_proposed_at"` // to an employer; nil: never
	Revision       int64                   `bun:"revision"`         // raised by every change that can alter a match
	CreatedAt      time.Time               `bun:"created_at"`
	UpdatedAt      time.Time               `bun:"updated_at"`
}

// Profile is what is matched of a person, kept as one JSON column: a million of
// them are read at once when a process starts.
type Profile struct {
	Mobility  []Mobility  `json:"mobility,omitempty"`
	Wished    []Wish      `json:"wished,omitempty"`    // in the person's order
	Held      []Held      `json:"held,omitempty"`      // occupations practised
	Aptitudes []Holding   `json:"aptitudes,omitempty"` // licences, certificates, skills
	Languages []Speaks    `json:"languages,omitempty"`
	Hours     WeeklyHours `json:"hours,omitzero"`
	Slots     Slots       `json:"slots,omitempty"` // when the person can work; 0: not said
	Split     *bool       `json:"split,omitempty"` // accepts split shifts; nil: not said
}

// Mode is a way of moving.
type Mode string

// The modes.
const (
	OnFoot  Mode = "foot"
	Bicycle Mode = "bicycle"
	Transit Mode = "transit"
	Moped   Mode = "moped"
	Car     Mode = "car"
	Carried Mode = "carried" // by a relative, a colleague, a shared transport
)

// Modes lists them from the nearest to the farthest reaching.
func Modes() []Mode { return []Mode{OnFoot, Bicycle, Transit, Moped, Carried, Car} }

// Mobility is how far a person goes by one mode. One of Km and Minutes is
// enough; 0 is not said.
type Mobility struct {
	Mode    Mode    `json:"mode"`
	Km      float64 `json:"km,omitempty"`
	Minutes int     `json:"minutes,omitempty"`
	Slots   Slots   `json:"slots,omitempty"` // when the mode works: no bus at night; 0: always
}

// The speeds that turn minutes into kilometres as the crow flies, in km/h door
// to door. They are stated assumptions of this project, shown as such: a
// person's own kilometres win.
// They are the engine's: what a person's page says is what is judged, which a test
// of matching/placement compares.
var speeds = map[Mode]float64{OnFoot: 3, Bicycle: 9, Transit: 15, Moped: 20, Carried: 30, Car: 30}

// Reach is how far the mode takes the person, in kilometres as the crow flies;
// 0: not said.
func (m Mobility) Reach() float64 {
	if m.Km > 0 {
		return m.Km
	}
	return speeds[m.Mode] * float64(m.Minutes) / 60
}

// Wish is an occupation that the person wishes.
type Wish struct {
	ROME        nomenclatures.ROME `json:"rome"`
	Appellation string             `json:"appellation,omitempty"` // number of the job title; empty: the whole occupation
}

// Held is an occupation practised.
type Held struct {
	ROME   nomenclatures.ROME `json:"rome"`
	Months int                `json:"months,omitempty"` // 0: not said
}

// Holding is a licence, a certificate or a skill that the person has.
type Holding struct {
	Code   nomenclatures.Aptitude `json:"code"`
	Level  nomenclatures.Mastery  `json:"level,omitempty"` // skills only
	On     string                 `json:"on,omitempty"`    // when it was seen or obtained; empty: not said
	Until  string                 `json:"until,omitempty"` // last day of validity; empty: none
	Source Source                 `json:"source,omitempty"`
}

// Source says who vouches for a skill.
type Source string

// The sources.
const (
	SelfSaid  Source = "self"     // the person says so
	Observed  Source = "observed" // by the supervisor, at work
	Certified Source = "certified"
)

// Speaks is a language with its level.
type Speaks struct {
	Language string                `json:"language"` // ISO 639-1
	Level    nomenclatures.Fluency `json:"level,omitempty"`
}

// WeeklyHours bounds the weekly hours wished; 0 is no bound.
type WeeklyHours struct {
	Min float64 `json:"min,omitempty"`
	Max float64 `json:"max,omitempty"`
}

// Slots is when in a week: seven days from Monday, four parts a day (morning
// 5–12, afternoon 12–18, evening 18–22, night 22–5), bit 4×day+part. 0 is not said.
type Slots = nomenclatures.Slots

// Changed asks that the matches of people be brought up to date.
type Changed struct {
	IDs []ID `json:"ids"`
}

// Kind names the job.
func (Changed) Kind() string { return "people.changed" }

// mostMerged bounds the people of one job made of several.
const mostMerged = 200

// Merge makes one job of those of a transaction.
func (c Changed) Merge(next store.Args) (store.Args, bool) {
	n, ok := next.(Changed)
	if !ok || len(c.IDs)+len(n.IDs) > mostMerged {
		return nil, false
	}
	return Changed{IDs: append(slices.Clip(c.IDs), n.IDs...)}, true
}
