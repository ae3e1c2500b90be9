package accounts

import (
	"slices"
	"strings"
	"sync"

	"maillage/internal/fault"
	"maillage/territories"
)

// Action is one thing a caller may ask of a door: "noun.verb".
type Action string

// The actions. A route names exactly one.
const (
	HomeRead Action = "home.read" // "what awaits me"

	TerritoryRead    Action = "territory.read"
	NomenclatureRead Action = "nomenclature.read"
	StatisticsRead   Action = "statistics.read"

	// The observatory: its published figures are StatisticsRead.
	ObservatoryImport  Action = "observation.import"  // enterprises' records, by files
	ObservatoryRead    Action = "observation.read"    // batches, refused rows, counts before they are protected
	ObservatoryCompute Action = "observation.compute" // count a year again
	ObservatoryEdit    Action = "observation.edit"    // reference hours, breaks in series: the federation's
	ObservatoryTimes   Action = "observation.times"   // times to answer, by place
	ObservatoryOwn     Action = "observation.own"     // what an enterprise counts for, whole: its mirror, its report to who funds it

	// A campaign asks enterprises once a year; a questionnaire is one enterprise's.
	CampaignRead         Action = "campaign.read"        // the campaigns, and one's own part of their progress
	CampaignManage       Action = "campaign.manage"      // open, close: an officer's perimeter must be the whole country
	QuestionnaireRead    Action = "questionnaire.read"   // answers, findings, comments
	QuestionnaireAnswer  Action = "questionnaire.answer" // save, send
	QuestionnaireReview  Action = "questionnaire.review" // give back, reopen
	QuestionnaireComment Action = "questionnaire.comment"
	QuestionnaireImport  Action = "questionnaire.import" // answers of one or many enterprises, by a spreadsheet

	// Releases: what was published is StatisticsRead.
	ReleaseAsk         Action = "release.ask"
	ReleaseRequestRead Action = "release.request_read"
	ReleaseCancel      Action = "release.cancel"
	ReleaseDecide      Action = "release.decide" // approve, refuse, publish the federation's own
	ReleaseWithdraw    Action = "release.withdraw"

	// Records one by one, under an agreement: who grants reads none of them.
	MicrodataRead     Action = "microdata.read"     // agreements, what was done for their files, the log of their uses
	MicrodataDownload Action = "microdata.download" // the records, by the researcher whom an agreement names
	MicrodataGrant    Action = "microdata.grant"    // grant, revoke, make a file again; the log of every use

	OpportunityRead    Action = "opportunity.read"  // what is published
	OpportunityDraft   Action = "opportunity.draft" // drafts and withdrawn texts
	OpportunityHistory Action = "opportunity.history"
	OpportunityCreate  Action = "opportunity.create"
	OpportunityEdit    Action = "opportunity.edit"
	OpportunityPublish Action = "opportunity.publish"
	OpportunityClose   Action = "opportunity.close"
	OpportunityAward   Action = "opportunity.award"
	OpportunityCancel  Action = "opportunity.cancel"
	// OpportunityContact reads who answers for a position: for those who propose
	// people, and whose it is.
	OpportunityContact Action = "opportunity.contact"
	// OpportunityForecast says that an expected call is confirmed, or not to be expected.
	OpportunityForecast Action = "opportunity.forecast"

	OrganisationRead        Action = "organisation.read"    // published facts of a member
	OrganisationPrivate     Action = "organisation.private" // contacts, capacity, what is to be specified
	OrganisationCreate      Action = "organisation.create"
	AssociationCreate       Action = "association.create" // a federation or a regional association, whose officers are accounts
	OrganisationEdit        Action = "organisation.edit"
	OrganisationConfirm     Action = "organisation.confirm"     // the enterprise vouches for its activities and zone
	OrganisationUnsigned    Action = "organisation.unsigned"    // what of it rests on the word of an officer alone
	OrganisationCountersign Action = "organisation.countersign" // an administrator says that what an officer made up alone was looked at
	OrganisationImport      Action = "organisation.import"

	GroupRead       Action = "group.read"
	GroupEdit       Action = "group.edit"
	PoleRead        Action = "pole.read"
	PoleEdit        Action = "pole.edit"
	PoleJoin        Action = "pole.join" // a member joins the projects of its poles, or leaves them
	PartnershipRead Action = "partnership.read"
	PartnershipEdit Action = "partnership.edit"
	// PartnershipRouted reads the places that conventions bring to one's territory.
	PartnershipRouted Action = "partnership.routed"

	// A journey is its structure's: its counsellors', and nobody else's, whoever administers.
	PersonList   Action = "person.list"
	PersonRead   Action = "person.read" // profile, rights, alerts, history, the whole of what is recorded
	PersonEdit   Action = "person.edit" // profile, rights, traits; pause, end, erase, delete
	PersonImport Action = "person.import"
	// What identifies is a noun of its own, so that a token that reads journeys does not read names.
	PersonIdentity Action = "identity.read"
	PersonIdentify Action = "identity.edit"
	AgreementRead  Action = "agreement.read"
	AgreementWrite Action = "agreement.record" // asked, given, refused, withdrawn
	PeopleAudit    Action = "people.audit"     // outcomes by sex, age and neighbourhood: figures, never a person

	// Placement: which people suit a position, and presenting one, are the
	// structure's; the cards are the employer's, who is nobody else.
	ProposalPeople   Action = "proposal.people"   // people for a position, positions for a person, what would open more
	ProposalList     Action = "proposal.list"     // what the structure proposed
	ProposalCreate   Action = "proposal.create"   // prepare a card, present it
	ProposalWithdraw Action = "proposal.withdraw" // by the structure
	ProposalReceived Action = "proposal.received" // the cards, by the employer
	ProposalAnswer   Action = "proposal.answer"   // by the employer
	ProposalCount    Action = "proposal.count"    // how many are presented, awaited, answered: figures, never a card

	// A batch prepares whom to speak with about which positions, of the structure's
	// own people. An officer reads how far positions reach, never a batch.
	BatchCompute Action = "batch.compute" // nothing is kept
	BatchRead    Action = "batch.read"
	BatchEdit    Action = "batch.edit"   // keep one, compute it again
	BatchSettle  Action = "batch.settle" // to talk about, set aside, asked
	ReachRead    Action = "reach.read"   // how far positions reach, in bands

	MatchesOfLot          Action = "match.lot"          // every candidate of a lot
	MatchesOfOrganisation Action = "match.organisation" // every lot for an enterprise
	MatchRead             Action = "match.read"
	MatchAnswer           Action = "match.answer"
	MatchRebuild          Action = "match.rebuild"
	MatchCoverage         Action = "match.coverage" // what is asked and met by nobody, in the whole country

	// What becomes of a match after it is proposed: to decide is MatchAnswer, the
	// enterprise's own.
	PursuitRead   Action = "pursuit.read"
	PursuitFollow Action = "pursuit.follow" // answering, submitted, won, lost: by the enterprise, or who follows it up
	PursuitCount  Action = "pursuit.count"  // figures of a perimeter

	ContactRead Action = "contact.read" // who was called, what was said and promised: an officer's perimeter, or what one's own enterprise noted
	ContactNote Action = "contact.note"

	// The answer file: papers, references, paragraphs and what was sent are the
	// enterprise's alone; which pieces an answer lacks is also read by who follows it up.
	DossierRead   Action = "dossier.read"
	DossierEdit   Action = "dossier.edit"
	ChecklistRead Action = "checklist.read"
	ChecklistEdit Action = "checklist.edit" // a piece is needed or not

	// Calls for partners and activities to hand over, and who is interested: an
	// interest is settled by who speaks for the call, whoever administers.
	CallPublish     Action = "call.publish"
	InterestRead    Action = "interest.read"
	InterestExpress Action = "interest.express"
	InterestSettle  Action = "interest.settle"

	// Purchases that no notice tells, and their quotes: a quote is its enterprise's.
	ProspectRead Action = "prospect.read"
	ProspectEdit Action = "prospect.edit"

	// The officer's Monday: what is to do in a perimeter, and the notices to sort.
	MondayRead Action = "monday.read"
	MondaySort Action = "monday.sort" // keep, discard, assign, put back

	// Reminders and what they lead to: their pace is the federation's to set.
	ReminderRead Action = "reminder.read" // one's own: what was told, whether letters come
	ReminderEdit Action = "reminder.edit" // one's own: letters or none
	PaceRead     Action = "pace.read"
	PaceEdit     Action = "pace.edit"
	LotWiden     Action = "lot.widen" // look further for who could answer a lot

	// Addresses that take no letters; one's own is AccountChange.
	MailReport    Action = "mail.report"    // give a delivery report
	MailSuspended Action = "mail.suspended" // whose address takes none
	MailLift      Action = "mail.lift"      // say that one works again

	// The letters of the week of an association, and its partners who read one.
	BulletinRead      Action = "bulletin.read"
	BulletinDecide    Action = "bulletin.decide"    // a word, agree to it or hold it; add and remove readers
	BulletinSubscribe Action = "bulletin.subscribe" // ask for it, without an account

	// Programs that are told of what their owner may read: each account's own.
	WebhookRead Action = "webhook.read"
	WebhookEdit Action = "webhook.edit" // register, change, test, turn off, delete

	AbsenceRead    Action = "absence.read" // one's own and one's colleagues'
	AbsenceDeclare Action = "absence.declare"

	// What becomes of a person after they were met: their structure's, and the employer's without the motive.
	TenureRead Action = "tenure.read"
	TenureTell Action = "tenure.tell"

	SkillsOutlook Action = "skills.outlook" // what a territory asks against what its people hold: figures, the small ones withheld

	ConsortiumCompose Action = "consortium.compose" // who could answer a lot together; nothing is kept
	ConsortiumRead    Action = "consortium.read"
	ConsortiumEdit    Action = "consortium.edit" // make, change, freeze, dissolve

	// The follow-up of quality: what is certified is OrganisationRead and StatisticsRead.
	CertificationRead   Action = "certification.read"   // the path, its audits and decisions
	CertificationEnter  Action = "certification.enter"  // engage, record an audit, give up
	CertificationDecide Action = "certification.decide" // what a committee decides; suspend, restore, take away, void a mistake

	// The agenda: an event is its organiser's and the perimeters' that it concerns.
	AgendaRead     Action = "agenda.read"
	AgendaEdit     Action = "agenda.edit"     // make, publish, move, cancel; who comes
	AgendaRegister Action = "agenda.register" // book seats, give them back, one's own calendar

	// The legal desk: a question is its structure's and its desk's; what is
	// published is everybody's, and says nothing of who asked.
	AnswerRead     Action = "answer.read"
	QuestionRead   Action = "question.read"
	QuestionAsk    Action = "question.ask"    // ask, and answer what the desk asks
	QuestionAnswer Action = "question.answer" // take, answer, ask for more, close
	AnswerPublish  Action = "answer.publish"  // rewrite, publish, withdraw
	QuestionCount  Action = "question.count"  // figures by theme and region

	NoticeImport     Action = "notice.import"
	SourceRead       Action = "source.read"
	SourceEdit       Action = "source.edit" // add, change, run now, turn on or off
	QuarantineRead   Action = "quarantine.read"
	QuarantineSettle Action = "quarantine.settle" // retry or set aside
	ProcurementPairs Action = "procurement.pairs" // calls that may be one
	ProcurementJudge Action = "procurement.judge" // same or not, and back
	JobRead          Action = "job.read"
	JobRetry         Action = "job.retry"
	JobCancel        Action = "job.cancel"
	AuditRead        Action = "audit.read"

	AccountList   Action = "account.list"
	AccountInvite Action = "account.invite"
	AccountEdit   Action = "account.edit"   // role, organisation, perimeter, disable
	AccountSelf   Action = "account.self"   // who am I
	AccountChange Action = "account.change" // my name, my language, my password
	SessionSelf   Action = "session.self"   // my open sessions, ending them
	TokenSelf     Action = "token.self"     // my API tokens

	SessionOpen      Action = "session.open"      // sign in
	InvitationAccept Action = "invitation.accept" // with the link
	PasswordReset    Action = "password.reset"    // ask for the link, use it
	LetterStop       Action = "letter.stop"       // end letters of news, with the link in one

	DocumentationRead Action = "documentation.read" // the API reference, legal pages, health
	MetricsRead       Action = "metrics.read"       // the operator's, by a token or from the machine itself
)

// Reach is how far a role may go with an action; the zero value is refusal.
type Reach uint8

// The reaches, from none to all. A perimeter includes the officer's own
// association, whatever the place.
const (
	Never Reach = iota
	OwnAccount
	OwnOrganisation
	OwnPerimeter
	Anywhere
)

// Rule is one row of the policy.
type Rule struct {
	Action Action
	Write  bool // changes something: a token needs the noun's write scope
	Reach  map[Role]Reach
}

// Scope is what an action bears on. The zero value belongs to nobody and lies
// nowhere: only a reach of Anywhere passes it.
type Scope struct {
	Organisations []int64          // those to whom the thing belongs: a match has two, the enterprise and the buyer
	Place         *territories.Set // the communes it concerns
	Everywhere    bool             // the whole country, or no place is known: it touches every perimeter, to be read once published
	User          UserID           // the account it belongs to
}

// Of is the scope of what belongs to these organisations.
func Of(organisations ...int64) Scope { return Scope{Organisations: organisations} }

// In adds the place; nil says that no place is known.
func (s Scope) In(place *territories.Set) Scope {
	s.Place, s.Everywhere = place, place == nil
	return s
}

// OfUser is the scope of somebody's own account.
func OfUser(id UserID) Scope { return Scope{User: id} }

// Policy lists every rule, in the order of the actions above. What has no row is refused.
func Policy() []Rule { return slices.Clone(ruled().rows) }

type book struct {
	rows []Rule
	by   map[Action]Rule
}

var ruled = sync.OnceValue(func() book {
	b := book{rows: table(), by: map[Action]Rule{}}
	for _, r := range b.rows {
		b.by[r.Action] = r
	}
	return b
})

// ReachOf tells how far somebody may go with an action: lists use it to choose
// what they show. A visitor's reach is everybody's.
func ReachOf(id Identity, a Action) Reach {
	r, known := ruled().by[a]
	if !known {
		return Never
	}
	if id.Role == System {
		return Anywhere
	}
	public := r.Reach[Public]
	if !id.SignedIn() {
		return public
	}
	if id.ByToken && !covers(id.TokenScopes, a.Noun(), r.Write) {
		return public
	}
	return max(public, r.Reach[id.Role])
}

// Allow decides whether somebody may do an action on a scope. It answers nil,
// fault.Unauthenticated where signing in could change the answer, or fault.Forbidden.
func Allow(id Identity, a Action, s Scope) error {
	if !widened(a) {
		s.Everywhere = false
	}
	if inReach(id, ReachOf(id, a), s) {
		return nil
	}
	if !id.SignedIn() {
		return fault.Unauthenticated()
	}
	return fault.Forbidden()
}

// Permits decides before the scope is known: may they do it to anything at
// all? A door asks it first, then Allow once the thing is read.
func Permits(id Identity, a Action) error {
	if ReachOf(id, a) > Never {
		return nil
	}
	if !id.SignedIn() {
		return fault.Unauthenticated()
	}
	return fault.Forbidden()
}

// Can is Allow for templates: it shows a gesture or not.
func Can(id Identity, a Action, s Scope) bool { return Allow(id, a, s) == nil }

func inReach(id Identity, r Reach, s Scope) bool {
	switch r {
	case Anywhere:
		return true
	case OwnPerimeter:
		return owns(id, s) || touches(id, s)
	case OwnOrganisation:
		return owns(id, s)
	case OwnAccount:
		return id.UserID != 0 && s.User == id.UserID
	default:
		return false
	}
}

// widened tells the actions to which Everywhere opens every perimeter: reading
// what is published. What has no place is not every officer's to change, nor to
// read before its time.
func widened(a Action) bool { return a != OpportunityDraft && !ruled().by[a].Write }

func owns(id Identity, s Scope) bool {
	return id.OrganisationID != 0 && slices.Contains(s.Organisations, id.OrganisationID)
}

func touches(id Identity, s Scope) bool {
	if id.Perimeter == nil || id.Perimeter.Len() == 0 {
		return false
	}
	return s.Everywhere || (s.Place != nil && id.Perimeter.Intersects(s.Place))
}

// Noun is the part before the dot: what a token's scope names.
func (a Action) Noun() string {
	noun, _, _ := strings.Cut(string(a), ".")
	return noun
}
