// Package tenure tells what becomes of a person after the employer met them: an
// immersion or a mission to try, then in post at three and at six months, or gone.
// What comes before, from the card to the hiring, is package placement's.
//
// The state is a projection of events, never changed nor erased. It refuses to say
// "in post at three months" before three months of the job have passed, to ask it of a training or
// an immersion, which are no jobs, and to tell the
// motive of a leaving to anybody but the person's structure: an employer neither
// gives nor reads it. Nobody else reads anything here; there is no free text.
package tenure

import (
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/matching"
	"maillage/matching/placement"
	"maillage/opportunities"
)

// State is where a tenure stands; the empty one is that nothing was told yet.
type State string

// The states.
const (
	Nothing   State = ""
	Immersion State = "immersion" // PMSMP, Code du travail L5135-1
	Mission   State = "mission"
	Hired     State = "hired"     // in post as they were hired: a leaving told by mistake is taken back
	InPost3   State = "in_post_3" // still in post three months after the first day of the job
	InPost6   State = "in_post_6"
	Left      State = "left"
)

// States lists them in the order of a life.
func States() []State { return []State{Immersion, Mission, Hired, InPost3, InPost6, Left} }

// Motive is why somebody left. It is the structure's to know.
type Motive string

// The motives.
const (
	NoMotive    Motive = ""
	ContractEnd Motive = "contract_end"
	OtherJob    Motive = "other_job"
	Training    Motive = "training"
	Resigned    Motive = "resigned"
	TrialEnded  Motive = "trial_ended" // by either side
	Dismissed   Motive = "dismissed"
	OtherMotive Motive = "other"
)

// Motives lists them in the order of a form.
func Motives() []Motive {
	return []Motive{ContractEnd, OtherJob, Training, Resigned, TrialEnded, Dismissed, OtherMotive}
}

// next is the table of transitions; what is put right goes back by it.
func next(s State) []State {
	switch s {
	case Nothing:
		return []State{Immersion, Mission, InPost3, InPost6, Left}
	case Immersion:
		return []State{Mission, InPost3, InPost6, Left}
	case Mission:
		return []State{Immersion, InPost3, InPost6, Left}
	case Hired:
		return []State{InPost3, InPost6, Left}
	case InPost3:
		return []State{InPost6, Left}
	case InPost6:
		return []State{Left}
	case Left:
		return []State{Immersion, Mission, Hired, InPost3, InPost6} // said by mistake, or taken back
	}
	return nil
}

// Allows tells whether a tenure may go from a state to another; who left may be
// told to have left for another motive.
func (s State) Allows(to State) bool { return slices.Contains(next(s), to) || s == Left && to == Left }

// after is how many months after the first day of the job a state can be told; 0: before it too.
func (s State) after() int {
	switch s {
	case InPost3:
		return 3
	case InPost6:
		return 6
	}
	return 0
}

// trial tells what comes before a hiring.
func (s State) trial() bool { return s == Immersion || s == Mission }

// Tenure is what became of one proposal after the employer met the person.
type Tenure struct {
	bun.BaseModel `bun:"table:tenures,alias:te"`

	ProposalID placement.ID `bun:"proposal_id,pk"`
	State      State        `bun:"state"`
	Since      time.Time    `bun:"since"`
	Motive     Motive       `bun:"motive"` // of Left, for the structure alone
	Revision   int64        `bun:"revision"`
	UpdatedAt  time.Time    `bun:"updated_at"`
}

// Event is one step of a tenure; it is never changed.
type Event struct {
	bun.BaseModel `bun:"table:tenure_events,alias:tv"`

	ID         int64        `bun:"id,pk,autoincrement"`
	ProposalID placement.ID `bun:"proposal_id"`
	At         time.Time    `bun:"at"`
	ActorID    *int64       `bun:"actor_id"` // user
	From       State        `bun:"from_state"`
	To         State        `bun:"to_state"`
	Motive     Motive       `bun:"motive"`
}

// Text is the same words in both languages.
type Text = matching.Text

// Words says where a tenure stands: who was hired is told as such until more is, and
// who has a place in what is no job is not said to be hired.
func (l *Line) Words() Text {
	switch {
	case l.State != Nothing || l.HiredAt == nil:
		return l.State.Words()
	case l.Kind == opportunities.TrainingSession || l.Kind == opportunities.Immersion || l.Kind == opportunities.Mission:
		return placement.Taken(l.Kind, l.Over)
	}
	return Hired.Words()
}

// Words names a state.
func (s State) Words() Text {
	return map[State]Text{
		Nothing:   {FR: "rien de dit encore", EN: "nothing said yet"},
		Immersion: {FR: "en immersion", EN: "in immersion"},
		Mission:   {FR: "en mission", EN: "on a mission"},
		Hired:     {FR: "embauchée", EN: "hired"},
		InPost3:   {FR: "en poste à trois mois", EN: "in post at three months"},
		InPost6:   {FR: "en poste à six mois", EN: "in post at six months"},
		Left:      {FR: "n’est plus en poste", EN: "no longer in post"},
	}[s]
}

// MotiveWords says a motive.
func MotiveWords(m Motive) Text {
	return map[Motive]Text{
		ContractEnd: {FR: "fin du contrat", EN: "end of the contract"},
		OtherJob:    {FR: "autre emploi", EN: "another job"},
		Training:    {FR: "formation", EN: "training"},
		Resigned:    {FR: "démission", EN: "resignation"},
		TrialEnded:  {FR: "fin de la période d’essai", EN: "end of the trial period"},
		Dismissed:   {FR: "licenciement", EN: "dismissal"},
		OtherMotive: {FR: "autre motif", EN: "another motive"},
	}[m]
}
