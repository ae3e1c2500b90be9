package compute

import "slices"

// Measure is one thing counted. Indicators are made of measures, and disclosure
// control works on them: a rate is safe when what it divides is.
type Measure string

// What is counted of persons.
const (
	Workers        Measure = "workers" // persons of insertion with at least one hour in the year
	FTE            Measure = "fte"     // of insertion
	PaidHours      Measure = "hours.paid"
	Quarters       Measure = "pension.quarters"        // that paid hours open: see quarter.go
	Entrants       Measure = "entrants"                // whose first contract begins in the year
	Trained        Measure = "trained"                 // 7 hours of training or more, or an immersion
	TrainingUnsaid Measure = "workers.training_unsaid" // workers of the enterprises that did not say who was trained
	HealthUnsaid   Measure = "workers.health_unsaid"   // the same, of health cover
	RightsUnsaid   Measure = "workers.rights_unsaid"   // the same, of rights opened
	Certifications Measure = "certifications"
	SixMonthsIn    Measure = "continuity.followed" // entrants present at least six months
	NoGap          Measure = "continuity.kept"     // of which without a gap of more than 30 days
	ContractMonths Measure = "contract_months"
	FullerMonths   Measure = "contract_months.20h" // of which at least 20 hours a week
	HiredCount     Measure = "placements.hired"
	Immersions     Measure = "placements.immersion"
	Missions       Measure = "placements.mission"
)

// Exits, by what is decided of them, by category, and by the sums of categories
// under each definition.
const (
	ExitsObserved   Measure = "exits.observed"
	ExitsWithdrawn  Measure = "exits.withdrawn"
	ExitsIneligible Measure = "exits.ineligible"
	ExitsUndecided  Measure = "exits.undecided" // a fact that the rule asks for was not collected

	ExitsCDI         Measure = "exits.cdi"
	ExitsPublic      Measure = "exits.public"
	ExitsCreation    Measure = "exits.creation"
	ExitsOver6       Measure = "exits.over_6_months"
	ExitsAt6         Measure = "exits.at_6_months"
	ExitsUnder6      Measure = "exits.under_6_months"
	ExitsTimedUnsaid Measure = "exits.length_unsaid"
	ExitsAided       Measure = "exits.aided"
	ExitsTraining    Measure = "exits.training"
	ExitsSIAE        Measure = "exits.siae"
	ExitsOther       Measure = "exits.other"

	ExitsDurable         Measure = "exits.durable"
	ExitsDurableDares    Measure = "exits.durable.dares"
	ExitsTransition      Measure = "exits.transition"
	ExitsTransitionDares Measure = "exits.transition.dares"
	ExitsPositive        Measure = "exits.positive"
	ExitsDynamic         Measure = "exits.dynamic"
)

// What enterprises answer themselves.
const (
	PermanentPersons  Measure = "permanent.persons"
	PermanentFTE      Measure = "permanent.fte"
	PermanentStart    Measure = "permanent.fte.start" // on 1 January
	PermanentEnd      Measure = "permanent.fte.end"   // on 31 December
	HomeWorkerPersons Measure = "home_workers.persons"
	HomeWorkerFTE     Measure = "home_workers.fte"
	ManagerPersons    Measure = "managers.persons"
	ManagerFTE        Measure = "managers.fte"
	StaffPersons      Measure = "staff.persons" // everybody: the sum, unless it was collected itself
	StaffFTE          Measure = "staff.fte"
	StaffPersonsBegun Measure = "staff.persons.begun" // 1 for an enterprise of which a part of that total is known
	StaffFTEBegun     Measure = "staff.fte.begun"
	ClauseHours       Measure = "clause.hours"
	Enterprises       Measure = "enterprises"
	Cooperating       Measure = "cooperating" // in a GES or a PTCE

	FollowedAt6        Measure = "after_6_months.followed"
	EmployedAt6        Measure = "after_6_months.employed"
	FollowedAt12       Measure = "after_12_months.followed" // durable exits
	DurableAt12        Measure = "after_12_months.durable"
	HealthCovered      Measure = "health.covered"
	BarriersIdentified Measure = "barriers.identified"
	BarriersResolved   Measure = "barriers.resolved"
	RightsOpened       Measure = "rights.opened"
	ScalePairs         Measure = "autonomy.pairs"
	ScaleChange        Measure = "autonomy.change"
	BodyMembers        Measure = "bodies.participants"
	BodyEligible       Measure = "bodies.present_3_months"
	Clients            Measure = "clients.households_associations"
	TeamsMixed         Measure = "teams.mixed"
	Teams              Measure = "teams"
	VolunteerHours     Measure = "volunteers.hours"
	ClientsAsked       Measure = "clients.respondents"
	ClientsPositive    Measure = "clients.more_positive"
	ClientsNegative    Measure = "clients.less_positive"
	OpenEvents         Measure = "events.open"
	OpenParticipants   Measure = "events.open.participants" // from outside
	LocalPayroll       Measure = "payroll.local"
	Purchases          Measure = "purchases"
	LocalPurchases     Measure = "purchases.local"
	Sales              Measure = "sales"
	Income             Measure = "income"
	Innovations        Measure = "innovations"
	PublicBodies       Measure = "bodies.public"
	Tonnes             Measure = "tonnes"
	Positions          Measure = "boards.positions"
	PositionsOfWomen   Measure = "boards.women"
	PublicAid          Measure = "public.aid"
	Contributions      Measure = "public.contributions"
)

// family tells which kinds a measure means something for.
type family uint8

const (
	ofAll family = iota
	ofInsertion
	ofHome
	ofContracts // those whose hours a week mean something: ACI and EI
)

func (f family) holds(k Kind) bool {
	switch f {
	case ofInsertion:
		return slices.Contains(InsertionKinds(), k)
	case ofHome:
		return k == SAP
	case ofContracts:
		return k == ACI || k == EI
	}
	return true
}

// unit is what one of a measure is.
type unit uint8

const (
	whole      unit = iota // persons, exits, enterprises: counted in ones
	hundredths             // hours, euros, tonnes: counted in hundredths
	fullTime               // FTE: counted in the fractions of References
)

// traits is what is known of a measure.
type traits struct {
	measure Measure
	family  family
	unit    unit
	section Section // from which records it is counted; "" : answered
	asked   bool    // may be answered by the enterprise itself
	signed  bool    // may be below zero
	joint   bool    // made of the lines of two others: see together.go
}

var book = withJoints(withOlder([]traits{
	{Workers, ofInsertion, whole, Hours, true, false, false}, {FTE, ofInsertion, fullTime, Hours, true, false, false}, {PaidHours, ofInsertion, hundredths, Hours, true, false, false}, {Quarters, ofInsertion, whole, Hours, false, false, false},
	{HoursUnder150, ofInsertion, whole, Hours, false, false, false}, {Hours150To599, ofInsertion, whole, Hours, false, false, false}, {Hours600To1039, ofInsertion, whole, Hours, false, false, false}, {HoursFrom1040, ofInsertion, whole, Hours, false, false, false},
	{Entrants, ofInsertion, whole, Contracts, false, false, false}, {Trained, ofInsertion, whole, Trainings, false, false, false}, {Certifications, ofInsertion, whole, Trainings, false, false, false},
	{SixMonthsIn, ofInsertion, whole, Contracts, false, false, false}, {NoGap, ofInsertion, whole, Contracts, false, false, false},
	{ContractMonths, ofContracts, whole, Contracts, false, false, false}, {FullerMonths, ofContracts, whole, Contracts, false, false, false},
	{HiredCount, ofInsertion, whole, Placements, false, false, false}, {Immersions, ofInsertion, whole, Placements, false, false, false}, {Missions, ofInsertion, whole, Placements, false, false, false},

	{ExitsObserved, ofInsertion, whole, Exits, false, false, false}, {ExitsWithdrawn, ofInsertion, whole, Exits, false, false, false},
	{ExitsIneligible, ofInsertion, whole, Exits, false, false, false}, {ExitsUndecided, ofInsertion, whole, Exits, false, false, false},
	{ExitsCDI, ofInsertion, whole, Exits, false, false, false}, {ExitsPublic, ofInsertion, whole, Exits, false, false, false}, {ExitsCreation, ofInsertion, whole, Exits, false, false, false},
	{ExitsOver6, ofInsertion, whole, Exits, false, false, false}, {ExitsAt6, ofInsertion, whole, Exits, false, false, false}, {ExitsUnder6, ofInsertion, whole, Exits, false, false, false},
	{ExitsTimedUnsaid, ofInsertion, whole, Exits, false, false, false}, {ExitsAided, ofInsertion, whole, Exits, false, false, false}, {ExitsTraining, ofInsertion, whole, Exits, false, false, false},
	{ExitsSIAE, ofInsertion, whole, Exits, false, false, false}, {ExitsOther, ofInsertion, whole, Exits, false, false, false},
	{ExitsDurable, ofInsertion, whole, Exits, false, false, false}, {ExitsDurableDares, ofInsertion, whole, Exits, false, false, false},
	{ExitsTransition, ofInsertion, whole, Exits, false, false, false}, {ExitsTransitionDares, ofInsertion, whole, Exits, false, false, false},
	{ExitsPositive, ofInsertion, whole, Exits, false, false, false}, {ExitsDynamic, ofInsertion, whole, Exits, false, false, false},

	{PermanentPersons, ofInsertion, whole, "", true, false, false}, {PermanentFTE, ofInsertion, fullTime, "", true, false, false},
	{PermanentStart, ofInsertion, fullTime, "", true, false, false}, {PermanentEnd, ofInsertion, fullTime, "", true, false, false},
	{HomeWorkerPersons, ofHome, whole, "", true, false, false}, {HomeWorkerFTE, ofHome, fullTime, "", true, false, false},
	{ManagerPersons, ofHome, whole, "", true, false, false}, {ManagerFTE, ofHome, fullTime, "", true, false, false},
	{StaffPersons, ofAll, whole, "", true, false, false}, {StaffFTE, ofAll, fullTime, "", true, false, false},
	{ClauseHours, ofInsertion, hundredths, Hours, true, false, false},
	{Enterprises, ofAll, whole, "", false, false, false}, {Cooperating, ofAll, whole, "", true, false, false},

	{FollowedAt6, ofInsertion, whole, "", true, false, false}, {EmployedAt6, ofInsertion, whole, "", true, false, false},
	{FollowedAt12, ofInsertion, whole, "", true, false, false}, {DurableAt12, ofInsertion, whole, "", true, false, false},
	{HealthCovered, ofInsertion, whole, "", true, false, false}, {BarriersIdentified, ofInsertion, whole, "", true, false, false}, {BarriersResolved, ofInsertion, whole, "", true, false, false},
	{RightsOpened, ofInsertion, whole, "", true, false, false}, {ScalePairs, ofInsertion, whole, "", true, false, false}, {ScaleChange, ofInsertion, hundredths, "", true, true, false},
	{BodyMembers, ofInsertion, whole, "", true, false, false}, {BodyEligible, ofInsertion, whole, "", true, false, false},
	{Clients, ofAll, whole, "", true, false, false}, {TeamsMixed, ofAll, whole, "", true, false, false}, {Teams, ofAll, whole, "", true, false, false},
	{VolunteerHours, ofAll, hundredths, "", true, false, false}, {ClientsAsked, ofAll, whole, "", true, false, false}, {ClientsPositive, ofAll, whole, "", true, false, false}, {ClientsNegative, ofAll, whole, "", true, false, false},
	{OpenEvents, ofAll, whole, "", true, false, false}, {OpenParticipants, ofAll, whole, "", true, false, false}, {LocalPayroll, ofAll, hundredths, "", true, false, false},
	{Purchases, ofAll, hundredths, "", true, false, false}, {LocalPurchases, ofAll, hundredths, "", true, false, false}, {Sales, ofAll, hundredths, "", true, false, false}, {Income, ofAll, hundredths, "", true, false, false},
	{Innovations, ofAll, whole, "", true, false, false}, {PublicBodies, ofAll, whole, "", true, false, false}, {Tonnes, ofAll, hundredths, "", true, false, false},
	{Positions, ofAll, whole, "", true, false, false}, {PositionsOfWomen, ofAll, whole, "", true, false, false},
	{PublicAid, ofInsertion, hundredths, "", true, false, false}, {Contributions, ofInsertion, hundredths, "", true, false, false},
	{TrainingUnsaid, ofInsertion, whole, "", false, false, false}, {HealthUnsaid, ofInsertion, whole, "", false, false, false}, {RightsUnsaid, ofInsertion, whole, "", false, false, false}, {StaffPersonsBegun, ofAll, whole, "", false, false, false}, {StaffFTEBegun, ofAll, whole, "", false, false, false},
}))

// withOlder adds, to each count of observed exits, the one under the older rule of presence.
func withOlder(all []traits) []traits {
	apart := []Measure{ExitsWithdrawn, ExitsIneligible, ExitsUndecided}
	for _, t := range slices.Clone(all) {
		if t.section == Exits && !slices.Contains(apart, t.measure) {
			t.measure = t.measure.older()
			all = append(all, t)
		}
	}
	return all
}

func traitsOf(m Measure) (traits, bool) {
	i := slices.IndexFunc(book, func(t traits) bool { return t.measure == m })
	if i < 0 {
		return traits{}, false
	}
	return book[i], true
}

// Measures lists every measure, in the order in which they are kept.
func Measures() []Measure {
	out := make([]Measure, len(book))
	for i, t := range book {
		out[i] = t.measure
	}
	return out
}

// Questions lists what an enterprise of a kind may answer itself; AllKinds, every question.
func Questions(k Kind) []Measure {
	var out []Measure
	for _, t := range book {
		if t.asked && (k == AllKinds || t.family.holds(k)) {
			out = append(out, t.measure)
		}
	}
	return out
}

// Whole tells a measure that is counted in ones, Signed one that may be below zero.
func (m Measure) Whole() bool { t, _ := traitsOf(m); return t.unit == whole }

// Signed tells a measure that may be below zero.
func (m Measure) Signed() bool { t, _ := traitsOf(m); return t.signed }

// Applies tells whether a measure means something for a kind.
func (m Measure) Applies(k Kind) bool { t, ok := traitsOf(m); return ok && t.family.holds(k) }
