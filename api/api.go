// Package api is the door for programs: the operations under /v1, described by
// an OpenAPI 3.1 document. It turns requests into calls of the nouns' use cases
// and their answers into a contract of its own, which does not follow columns.
//
// It refuses to decide: who may do what is the policy's (every operation names
// its action), what is right is the nouns'. It refuses what it does not
// understand, whole, with every fault located, as RFC 9457 problems in the
// caller's language; it says nothing of its insides.
package api

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"maillage/accounts"
	"maillage/followup"
	"maillage/followup/absences"
	"maillage/followup/agenda"
	"maillage/followup/bounces"
	"maillage/followup/bulletin"
	"maillage/followup/calls"
	"maillage/followup/contacts"
	"maillage/followup/conventions"
	"maillage/followup/dossier"
	"maillage/followup/escalation"
	"maillage/followup/monday"
	"maillage/followup/prospects"
	"maillage/followup/quality"
	"maillage/followup/questions"
	"maillage/followup/tenure"
	"maillage/followup/webhooks"
	"maillage/indicators/access"
	"maillage/indicators/activity"
	"maillage/indicators/campaign"
	"maillage/indicators/delays"
	"maillage/indicators/figures"
	"maillage/indicators/funder"
	"maillage/indicators/markets"
	"maillage/indicators/microdata"
	"maillage/indicators/mirror"
	"maillage/indicators/publication"
	"maillage/matching"
	"maillage/matching/fairness"
	"maillage/matching/outlook"
	"maillage/matching/placement"
	"maillage/network"
	"maillage/opportunities"
	"maillage/people"
	"maillage/tenders"
	"maillage/territories"
	"maillage/territories/contours"
)

// Version is the version of the contract, not of the program.
const Version = "1.0.0"

// Config is what the door needs. The services are required; the rest has a default.
type Config struct {
	Services

	Now    func() time.Time           // default time.Now
	Log    *slog.Logger               // default discards
	Secure bool                       // the site is on HTTPS: say so to browsers
	Client func(*http.Request) string // the caller's address, for the limits; default that of the connection
	Pace   accounts.Pace              // of one client or account; default 20 a second, 200 at once
}

// Services are the nouns behind the door.
type Services struct {
	Atlas         *territories.Atlas
	Map           func() *contours.Map // what shapes are drawn from now; nil: shapes are not served
	Accounts      *accounts.Service
	Network       *network.Service
	Opportunities *opportunities.Service
	Matching      *matching.Service    // nil: no operation about matches
	Followup      *followup.Service    // nil: no answer to a match, and nothing of what becomes of it
	Contacts      *contacts.Service    // nil: no operation about contacts
	Dossier       *dossier.Service     // nil: no operation about what answers are made with
	Conventions   *conventions.Service // nil: no operation about what conventions bring
	Calls         *calls.Service       // nil: no operation about calls and who is interested
	Prospects     *prospects.Service   // nil: no operation about purchases that no notice tells
	Monday        *monday.Service      // nil: no operation about an officer's week
	Absences      *absences.Service    // nil: no operation about absences
	Reminders     *escalation.Service  // nil: no operation about reminders
	Tenures       *tenure.Service      // nil: no operation about what follows a meeting
	Placement     *placement.Service   // nil: no operation about people and positions
	Tenders       *tenders.Service     // nil: no operation about notices
	People        *people.Service      // nil: no operation about people in journeys
	Outlook       *outlook.Service     // nil: no operation about skills
	Fairness      *fairness.Service    // nil: no operation about fairness
	Campaigns     *campaign.Service    // nil: no operation about campaigns
	Jobs          JobRoom              // nil: no operation about jobs
	Figures       *figures.Service     // nil, or no Records: no operation about records and counts
	Webhooks      *webhooks.Service    // nil: no operation about webhooks
	Bounces       *bounces.Service     // nil: nothing about addresses that take no letters
	Bulletin      *bulletin.Service    // nil: no operation about the letters of the week
	Records       *microdata.Service
	Releases      *publication.Service // nil: no operation about releases
	Access        *access.Service      // nil: no operation about records under an agreement
	Mirror        *mirror.Service      // nil, or no Funder or Delays: no operation about one's own figures and times
	Funder        *funder.Service
	Delays        *delays.Service
	Markets       *markets.Service   // nil: no operation about what becomes of markets
	Activity      *activity.Service  // nil: no figures of the platform
	Quality       *quality.Service   // nil: no operation about certifications
	Agenda        *agenda.Service    // nil: no operation about the agenda
	Questions     *questions.Service // nil: no operation about the legal desk
}

// Server answers under /v1 and /problems.
type Server struct {
	cfg     Config
	api     huma.API
	mux     *http.ServeMux
	ops     []Operation
	limiter *accounts.Limiter
	handler http.Handler
}

// New lays the operations.
func New(cfg Config) (*Server, error) {
	if cfg.Atlas == nil || cfg.Accounts == nil || cfg.Network == nil || cfg.Opportunities == nil {
		return nil, errors.New("api: a service is missing")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Client == nil {
		cfg.Client = connection
	}
	if cfg.Pace == (accounts.Pace{}) {
		cfg.Pace = accounts.Pace{Every: 50 * time.Millisecond, Burst: 200}
	}
	speakProblems()
	s := &Server{cfg: cfg, mux: http.NewServeMux(), limiter: accounts.NewLimiter(cfg.Pace, cfg.Now)}
	s.api = humago.New(s.mux, description())
	s.territories()
	s.nomenclatures()
	s.indicators()
	if cfg.Figures != nil && cfg.Records != nil {
		s.observatory()
	}
	if cfg.Access != nil {
		s.microdata()
	}
	if cfg.Mirror != nil && cfg.Funder != nil && cfg.Delays != nil {
		s.ownFigures()
	}
	s.organisations()
	s.ties()
	s.opportunities()
	if cfg.Tenders != nil {
		s.releases()
	}
	if cfg.Matching != nil {
		s.matches()
		s.whatIfs()
		s.coverage()
		s.consortia()
		s.tenderComposition()
	}
	if cfg.Followup != nil {
		s.pursuits()
	}
	if cfg.Contacts != nil {
		s.contacts()
	}
	if cfg.Dossier != nil {
		s.dossier()
	}
	if cfg.Activity != nil {
		s.activityFigures()
	}
	if cfg.Conventions != nil {
		s.routed()
	}
	if cfg.Calls != nil {
		s.calls()
	}
	if cfg.Prospects != nil {
		s.prospects()
	}
	if cfg.Monday != nil {
		s.monday()
		s.triage()
	}
	if cfg.Markets != nil {
		s.markets()
	}
	if cfg.Absences != nil {
		s.absences()
	}
	if cfg.Reminders != nil {
		s.reminders()
	}
	if cfg.Webhooks != nil {
		s.webhooks()
	}
	if cfg.Bounces != nil {
		s.bounces()
	}
	if cfg.Bulletin != nil {
		s.bulletin()
	}
	if cfg.Tenures != nil {
		s.tenures()
	}
	if cfg.People != nil {
		s.people()
	}
	if cfg.Placement != nil {
		s.placement()
		s.batches()
	}
	if cfg.Outlook != nil {
		s.outlook()
	}
	if cfg.Fairness != nil {
		s.fairness()
	}
	if cfg.Campaigns != nil {
		s.campaigns()
	}
	if cfg.Releases != nil {
		s.datasets()
		s.references()
	}
	if cfg.Quality != nil {
		s.quality()
	}
	if cfg.Agenda != nil {
		s.agenda()
	}
	if cfg.Questions != nil {
		s.questions()
	}
	s.accounts()
	s.searches()
	s.admin()
	s.imports()
	if err := s.reference(); err != nil {
		return nil, fmt.Errorf("api: %w", err)
	}
	s.handler = s.chain()
	return s, nil
}

// ServeHTTP answers a request under /v1 or /problems.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// OpenAPI is the description of the API, in JSON.
func (s *Server) OpenAPI() ([]byte, error) { return s.api.OpenAPI().MarshalJSON() }

// Operations lists every operation with its action, in the order of the document.
func (s *Server) Operations() []Operation { return append([]Operation(nil), s.ops...) }

func description() huma.Config {
	c := huma.DefaultConfig("Maillage", Version)
	c.Info.Description = overview
	c.Info.License = &huma.License{Name: "EUPL-1.2", Identifier: "EUPL-1.2"}
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "", "", "" // served by reference
	c.CreateHooks = nil                                   // no $schema fields in the answers: the document is enough
	c.RejectUnknownQueryParameters = true
	c.NoFormatFallback = false
	c.Formats = map[string]huma.Format{"application/json": whole, "json": whole}
	c.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token": {Type: "http", Scheme: "bearer", Description: "An API token (it begins with mlg_), made in “my account”, with its scopes and its end."},
		"session": {Type: "apiKey", In: "cookie", Name: accounts.SessionCookie,
			Description: "The session of somebody signed in on the pages. Writes from another site are refused."},
	}
	c.Tags = tags()
	return c
}

// whole is huma's JSON, less the one character that a JSON text may name and
// PostgreSQL keeps in no text.
var whole = huma.Format{Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: func(data []byte, v any) error {
	if nul.Match(data) {
		return errNUL
	}
	return huma.DefaultJSONFormat.Unmarshal(data, v)
}}

var (
	nul    = regexp.MustCompile(`(?:^|[^\\])(?:\\\\)*\\u0000`) // the backslash is not itself written by another
	errNUL = errors.New("a text with the character U+0000")
)

// schemaName keeps apart the types of the two markets that have the same name.
func schemaName(t reflect.Type, hint string) string {
	name, of := huma.DefaultSchemaNamer(t, hint), t
	for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
		of = of.Elem()
	}
	if path := of.PkgPath(); strings.Contains(path, "/placement") || strings.Contains(path, "/journeys") {
		return "Placement" + name
	}
	return name
}

const overview = `The operations of Maillage: territories, members, opportunities, matches and who may see them.

**Who speaks.** Reading what is public needs nothing. The rest needs ` + "`Authorization: Bearer mlg_…`" + ` (an API token) or the session of the pages. Each operation names its action in the one policy table (` + "`x-action`" + `).

**Lists** are cut in pages: follow the ` + "`Link`" + ` header with ` + "`rel=\"next\"`" + `, or give ` + "`next`" + ` as ` + "`after`" + `. A cursor is opaque and stays good while rows come and go.

**Versions.** Reads answer an ` + "`ETag`" + `; send it back in ` + "`If-None-Match`" + ` to read only what changed, and in ` + "`If-Match`" + ` on a write so that it is refused (412) if somebody wrote first.

**Faults** are RFC 9457 problems, in the language of ` + "`Accept-Language`" + ` (French or English): ` + "`type`" + ` and ` + "`code`" + ` are stable, ` + "`errors`" + ` locates each fault. Bad input is refused whole. An unknown query parameter is a fault.

**Pace.** 20 requests a second, 200 at once; beyond, 429 with ` + "`Retry-After`" + `.

**Names.** Dates are ` + "`2026-12-31`" + `, instants RFC 3339 in UTC, amounts euros excluding taxes, distances kilometres, points longitude then latitude (WGS 84). A territory is ` + "`kind:code`" + ` (` + "`departement:26`" + `), a code of a trade ` + "`scheme:value`" + ` (` + "`cpv:77310000`" + `).`

func tags() []*huma.Tag {
	return []*huma.Tag{
		{Name: tagTerritories, Description: "Communes and groupings of one vintage; codes on a date; perimeters."},
		{Name: tagNomenclatures, Description: "Sectors of activity and the codes (CPV, NAF, ROME, descriptors) that mean them."},
		{Name: tagOrganisations, Description: "Members, employers, buyers and partners of the federation."},
		{Name: tagTies, Description: "Groups (GES), cooperation poles (PTCE) and sector partnerships."},
		{Name: tagOpportunities, Description: "Tenders, purchases, job needs, insertion hours and calls for partners, with their lots."},
		{Name: tagMatches, Description: "Who can answer a lot, which lots suit an enterprise, and why; the enterprise's answer."},
		{Name: tagPeople, Description: "Journeys of people in insertion, for the counsellors of their structure alone; who they are is sealed apart."},
		{Name: tagFollowup, Description: "What becomes of a match after it is proposed: the answer, its partners, what was won or lost and why."},
		{Name: tagPlacement, Description: "People in a journey and positions: who suits and why, for their structure; the cards and their answers, for the employer."},
		{Name: tagCampaigns, Description: "Yearly campaigns, and the questionnaire of each enterprise: answers, checks, comments."},
		{Name: tagQuality, Description: "Certifications: what is followed, each enterprise's path, and how many hold what."},
		{Name: tagAgenda, Description: "Meetings, trainings for staff and committees: who comes, who waits."},
		{Name: tagQuestions, Description: "Questions of the structures to their network, and the answers that are published, without who asked."},
		{Name: tagIndicators, Description: "What the federation measures of its social utility: indicators and their dated definitions."},
		{Name: tagAccounts, Description: "My account, my tokens; invitations and roles."},
		{Name: tagAdmin, Description: "Jobs, quarantine, imports and the audit trail."},
	}
}

const (
	tagTerritories   = "Territories"
	tagNomenclatures = "Nomenclatures"
	tagOrganisations = "Organisations"
	tagTies          = "Poles and partnerships"
	tagOpportunities = "Opportunities"
	tagMatches       = "Matches"
	tagPlacement     = "Placement"
	tagFollowup      = "Follow-up"
	tagIndicators    = "Indicators"
	tagAccounts      = "Accounts"
	tagAdmin         = "Administration"
)

func connection(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
