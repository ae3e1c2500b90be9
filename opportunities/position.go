package opportunities

import (
	"slices"

	"maillage/nomenclatures"
)

// The kinds of opportunity whose lots are positions: places for people. A job
// need has them too.
const (
	Mission         Kind = "mission"          // a person lent to a user enterprise by an AI or an ETTI
	Immersion       Kind = "immersion"        // PMSMP: to discover a trade in an enterprise
	TrainingSession Kind = "training_session" // dated, somewhere
)

// positionKinds are those that only people answer: no list of what enterprises
// can answer holds them, unless it asks for them.
func positionKinds() []Kind { return []Kind{Mission, Immersion, TrainingSession} }

// ForPeople tells whether only people answer a kind: enterprises are never
// matched to it. A job need is for both.
func (k Kind) ForPeople() bool { return k.HasPositions() && k != JobNeed }

// HasPositions tells whether the lots of a kind are places for people.
func (k Kind) HasPositions() bool {
	return k == JobNeed || k == Mission || k == Immersion || k == TrainingSession
}

// Employment is the contract that a position leads to.
type Employment string

// The kinds of employment.
const (
	Permanent    Employment = "cdi"
	FixedTerm    Employment = "cdd"
	InsertionCDD Employment = "cddi" // CDD d'insertion
	Temporary    Employment = "interim"
	Seasonal     Employment = "seasonal"
	Apprentice   Employment = "apprenticeship"
	Professional Employment = "professionalisation"
)

// Audience is for whom a training session is.
type Audience string

// The audiences of training: the matching of people reads the first only.
const (
	ForJourneys Audience = "journeys" // people in insertion
	ForStaff    Audience = "staff"    // the structures' permanent staff
)

// Aim is what an immersion is for (code du travail, L5135-1).
type Aim string

// The aims of an immersion, as the law lists them.
const (
	Discover Aim = "discover" // a trade or a sector
	Confirm  Aim = "confirm"  // a professional project
	Recruit  Aim = "recruit"  // to begin a recruitment
)

// Employments lists the contracts, in the order in which they are offered.
func Employments() []Employment {
	return []Employment{Permanent, FixedTerm, InsertionCDD, Temporary, Seasonal, Apprentice, Professional}
}

// Audiences lists for whom a training session may be.
func Audiences() []Audience { return []Audience{ForJourneys, ForStaff} }

// Aims lists what an immersion may be for.
func Aims() []Aim { return []Aim{Discover, Confirm, Recruit} }

// Terms is what a lot says when it is a place for people; how many, where,
// from when and until when are the lot's (Posts, Place, StartsOn, EndsOn), the
// occupations are its ROME codes.
type Terms struct {
	Contract  Employment          `json:"contract,omitempty"`
	Hours     float64             `json:"hours,omitempty"` // a week; 0: not said
	Slots     nomenclatures.Slots `json:"slots,omitempty"` // when; 0: not said
	Split     bool                `json:"split,omitempty"` // the day is cut in two
	Reach     float64             `json:"reach,omitempty"` // km as the crow flies within which people are looked for; 0: 50
	Beginner  bool                `json:"beginner,omitempty"`
	Aptitudes []Wanted            `json:"aptitudes,omitempty"`
	Languages []Speaking          `json:"languages,omitempty"`
	Contact   Contact             `json:"contact,omitzero"` // who answers, within 48 hours

	Aim Aim `json:"aim,omitempty"` // of an immersion

	// Of a training session; its length in hours is the lot's Hours.
	Audience Audience             `json:"audience,omitempty"`
	Outcomes []Gain               `json:"outcomes,omitempty"`
	Leads    []nomenclatures.ROME `json:"leads,omitempty"` // occupations it prepares for
}

// Wanted is an aptitude that a position requires or appreciates; for a training
// session, a prerequisite.
type Wanted struct {
	Code     nomenclatures.Aptitude `json:"code"`
	Level    nomenclatures.Mastery  `json:"level,omitempty"`
	Required bool                   `json:"required,omitempty"`
}

// Speaking is a language that a position requires or appreciates.
type Speaking struct {
	Language string                `json:"language"` // ISO 639-1
	Level    nomenclatures.Fluency `json:"level,omitempty"`
	Required bool                  `json:"required,omitempty"`
}

// Gain is what a training session gives.
type Gain struct {
	Code  nomenclatures.Aptitude `json:"code"`
	Level nomenclatures.Mastery  `json:"level,omitempty"`
}

// Contact is the person of the employer who answers: a professional address,
// never shown but to those who propose.
type Contact struct {
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
	Phone string `json:"phone,omitempty"`
}

// Requires lists the aptitudes that are required, Appreciates the others.
func (t *Terms) Requires() []Wanted { return t.wanted(true) }

// Appreciates lists the aptitudes that help without being required.
func (t *Terms) Appreciates() []Wanted { return t.wanted(false) }

func (t *Terms) wanted(required bool) (out []Wanted) {
	if t == nil {
		return nil
	}
	for _, w := range t.Aptitudes {
		if w.Required == required {
			out = append(out, w)
		}
	}
	return out
}

// Gives tells whether a training session gives an aptitude.
func (t *Terms) Gives(a nomenclatures.Aptitude) bool {
	return t != nil && slices.ContainsFunc(t.Outcomes, func(g Gain) bool { return g.Code == a })
}

// Shown is the terms without the contact: what anybody may read.
func (t *Terms) Shown() *Terms {
	if t == nil {
		return nil
	}
	shown := *t
	shown.Contact = Contact{}
	return &shown
}
