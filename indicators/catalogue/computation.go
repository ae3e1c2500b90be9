package catalogue

// Computation names what to count for an indicator; the observatory has one
// function for each that it can do. Two indicators never share a name: each is a
// different count.
type Computation string

// The computations. What a survey or a model alone can give is named by how its
// answers are put together.
const (
	DistinctPersons    Computation = "distinct_persons"
	FullTimeEquivalent Computation = "full_time_equivalent"
	PermanentStaff     Computation = "permanent_staff"
	ExitsDurable       Computation = "exits_durable"
	ExitsTransition    Computation = "exits_transition"
	ExitsPositive      Computation = "exits_positive"
	ExitsDynamic       Computation = "exits_dynamic"
	ExitsObserved      Computation = "exits_observed"
	EmployedAfterSix   Computation = "employed_after_six_months"
	WomenShare         Computation = "women_share"
	PublicsAtEntry     Computation = "publics_at_entry"

	HoursPerPerson   Computation = "hours_per_person"
	PensionQuarters  Computation = "pension_quarters"
	HealthCover      Computation = "health_cover"
	Continuity       Computation = "continuity"
	TrainedShare     Computation = "trained_share"
	TwentyHours      Computation = "twenty_hours"
	BarriersLifted   Computation = "barriers_lifted"
	RightsOpened     Computation = "rights_opened"
	PairedChange     Computation = "paired_change"
	Participation    Computation = "participation"
	Certifications   Computation = "certifications"
	DistinctClients  Computation = "distinct_clients"
	MixedTeams       Computation = "mixed_teams"
	VolunteerHours   Computation = "volunteer_hours"
	NetOpinion       Computation = "net_opinion"
	OpenActivities   Computation = "open_activities"
	LocalPayroll     Computation = "local_payroll"
	LocalPurchases   Computation = "local_purchases"
	SelfFinancing    Computation = "self_financing"
	JobsCreated      Computation = "jobs_created"
	ClauseHours      Computation = "clause_hours"
	CommunesServed   Computation = "communes_served"
	ActiveProjects   Computation = "active_projects"
	Cooperations     Computation = "cooperations"
	PublicBodies     Computation = "public_bodies"
	TonnesReused     Computation = "tonnes_reused"
	WomenInBodies    Computation = "women_in_bodies"
	NetCostPerFTE    Computation = "net_cost_per_fte"
	DurableAfterYear Computation = "durable_after_twelve_months"
	TimeToDynamic    Computation = "time_to_dynamic_exit"
)
