// Package card decides what may be told of a person to an employer before the
// two have met, so that what is told singles nobody out.
//
// A card is a set of claims: the structure, whom to call there, an occupation practised or wished,
// the aptitudes and languages that the position asks for, the weekly hours, that
// the person can be there at these hours, from when, and what a training would
// bring. Only what the position asks for is ever claimed: a language nobody
// asked for would tell an origin, not a strength.
//
// The attacker that is withstood is the employer, who knows the territory. It is
// supposed to hold the whole file of every person in a journey within reach of
// the position, and to look for who satisfies every claim. It may also
//
//   - meet, sooner or later, everybody else whom it is shown: those presented for
//     the same position, those of its other cards that run, those it met or hired
//     before are taken out of the crowd, and each card must keep its crowd without
//     them, the new one included;
//   - compare the cards of one position: two cards are two people, and with all
//     but one taken out, whom each card could be does not narrow what another is;
//   - know that two cards it was shown, months apart and under two labels, are
//     the same person: all that it was ever told is taken together, at the place and
//     the hours at which it was told, and who was presented beside any of these
//     cards is somebody else;
//   - change the place or the hours of its position, to ask again: a card says
//     nothing of the new ones (package placement ends it, whoever it is of).
//
// In each case K people at least must be left who could be the one: five, unless
// said otherwise. What a card does not claim tells nothing, because the counsellor
// may leave a claim out. Nobody is withstood who would also run this program over
// every file and compare what it would have kept: who holds every file learns
// nothing from a card.
//
// It refuses to show a commune, a code that could be followed from one position
// to another, a figure of merit, and anything about sex, age, origin, health or
// where somebody is housed: no claim of these can be written.
package card

import (
	"slices"
	"strconv"

	"maillage/nomenclatures"
)

// K is how many people a card must describe at least.
const K = 5

// Kind is what a claim is about.
type Kind string

// The kinds of claim.
const (
	Structure       Kind = "structure"        // Code: number of the organisation that employs the person
	Counsellor      Kind = "counsellor"       // Code: account of who is to be called; "0": whoever presents
	Practised       Kind = "practised"        // Code: a ROME occupation
	PractisedDomain Kind = "practised_domain" // Code: a major domain of the ROME, one letter
	Wished          Kind = "wished"           // the same, wished or practised
	WishedDomain    Kind = "wished_domain"
	PractisedNear   Kind = "practised_near" // an occupation close to the one asked, which Code names, or itself
	WishedNear      Kind = "wished_near"    // the same, wished or practised
	Aptitude        Kind = "aptitude"       // Code: an aptitude; Level: at least
	Language        Kind = "language"       // Code: ISO 639-1; Level: at least
	OtherLanguage   Kind = "other_language" // any but French
	Hours           Kind = "hours"          // Code: weekly hours that suit
	OnSite          Kind = "on_site"        // Code: number of the position, or of the scene of what was told, reached at its hours
	Available       Kind = "available"      // Code: a day (YYYY-MM-DD) from which the person is free at the latest
	From            Kind = "from"           // Code: the month (YYYY-MM) in which the person becomes free
	Trainable       Kind = "trainable"      // Code: an aptitude that the person has not, and a session gives
)

// Claim is one thing told of a person.
type Claim struct {
	Kind  Kind   `json:"kind"`
	Code  string `json:"code,omitempty"`
	Level uint8  `json:"level,omitempty"`
}

// Card is what is told, in the order in which it is read.
type Card []Claim

// Person is what the attacker knows of somebody: all that a claim may be about.
type Person struct {
	ID         int64
	Structure  int64
	Counsellor int64 // who accompanies the person; 0: nobody yet
	Practised  []nomenclatures.ROME
	Wished     []nomenclatures.ROME
	Aptitudes  map[nomenclatures.Aptitude]nomenclatures.Mastery
	Languages  map[string]nomenclatures.Fluency
	MinHours   float64 // a week; 0: no bound
	MaxHours   float64
	Near       func(position int64) bool // could plausibly be thought of for it; nil: for all
	OnSite     func(position int64) bool // can be there at its hours; nil: nowhere
	Available  string                    // first day (YYYY-MM-DD); empty: now
}

func (p *Person) near(position int64) bool { return p.Near == nil || p.Near(position) }

// Satisfies tells whether every claim of a card is true of the person.
func (p *Person) Satisfies(c Card) bool {
	return !slices.ContainsFunc(c, func(claim Claim) bool { return !claim.Of(p) })
}

// Of tells whether a claim is true of a person. A claim of an unknown kind is
// true of nobody, so that it is never shown.
func (c Claim) Of(p *Person) bool {
	switch c.Kind {
	case Structure:
		return strconv.FormatInt(p.Structure, 10) == c.Code
	case Counsellor:
		return strconv.FormatInt(p.Counsellor, 10) == c.Code
	case Practised:
		return slices.Contains(p.Practised, nomenclatures.ROME(c.Code))
	case PractisedDomain:
		return inDomain(p.Practised, c.Code)
	case Wished:
		return slices.Contains(p.Practised, nomenclatures.ROME(c.Code)) || slices.Contains(p.Wished, nomenclatures.ROME(c.Code))
	case WishedDomain:
		return inDomain(p.Practised, c.Code) || inDomain(p.Wished, c.Code)
	case PractisedNear:
		return anyNear(p.Practised, c.Code)
	case WishedNear:
		return anyNear(p.Practised, c.Code) || anyNear(p.Wished, c.Code)
	case Aptitude:
		level, held := p.Aptitudes[nomenclatures.Aptitude(c.Code)]
		return held && uint8(level) >= c.Level
	case Trainable:
		_, held := p.Aptitudes[nomenclatures.Aptitude(c.Code)]
		return !held
	case Language:
		level, spoken := p.Languages[c.Code]
		return spoken && uint8(level) >= c.Level
	case OtherLanguage:
		return speaksAnother(p.Languages)
	}
	return c.ofTimes(p)
}

// ofTimes reads the claims about hours, places and days.
func (c Claim) ofTimes(p *Person) bool {
	switch c.Kind {
	case Hours:
		h, err := strconv.ParseFloat(c.Code, 64)
		return err == nil && h >= p.MinHours && (p.MaxHours == 0 || h <= p.MaxHours)
	case OnSite:
		position, err := strconv.ParseInt(c.Code, 10, 64)
		return err == nil && p.OnSite != nil && p.OnSite(position)
	case Available:
		return p.Available <= c.Code
	case From:
		return len(p.Available) > len(c.Code) && p.Available[:len(c.Code)] == c.Code
	}
	return false
}

func inDomain(codes []nomenclatures.ROME, domain string) bool {
	return slices.ContainsFunc(codes, func(r nomenclatures.ROME) bool { return r.MajorDomain() == domain })
}

// closeEnough is how close two occupations are that one may be said near the other:
// as much as makes the engine match them (0.40, one professional domain of the ROME).
const closeEnough = 0.40

func anyNear(codes []nomenclatures.ROME, asked string) bool {
	to := nomenclatures.Code{Scheme: nomenclatures.SchemeROME, Value: asked}
	return slices.ContainsFunc(codes, func(r nomenclatures.ROME) bool {
		_, v := nomenclatures.Closeness(nomenclatures.Code{Scheme: nomenclatures.SchemeROME, Value: string(r)}, to)
		return v >= closeEnough
	})
}

func speaksAnother(languages map[string]nomenclatures.Fluency) bool {
	for l := range languages {
		if l != french {
			return true
		}
	}
	return false
}

const french = "fr"

// Bare tells a card that says nothing of what the position asks: no occupation, no
// aptitude, no language, no training, not even that the person can be there.
func (c Card) Bare() bool {
	return !slices.ContainsFunc(c, func(claim Claim) bool {
		return !slices.Contains([]Kind{Structure, Counsellor, Hours, Available, From}, claim.Kind)
	})
}

// wider is the next more general claim; false when there is none but silence.
func (c Claim) wider() (Claim, bool) {
	switch c.Kind {
	case Practised, Wished:
		if domain := nomenclatures.ROME(c.Code).MajorDomain(); domain != "" {
			return Claim{Kind: c.Kind + "_domain", Code: domain}, true
		}
	case PractisedNear:
		return Claim{Kind: WishedNear, Code: c.Code}, true
	case Language:
		if c.Code != french {
			return Claim{Kind: OtherLanguage}, true
		}
	}
	return Claim{}, false
}
