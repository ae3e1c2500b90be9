package api_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/api"
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
	funded "maillage/indicators/markets"
	"maillage/indicators/microdata"
	"maillage/indicators/mirror"
	"maillage/indicators/publication"
	"maillage/internal/outbound"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/matching/fairness"
	"maillage/matching/outlook"
	"maillage/matching/placement"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/people"
	"maillage/tenders"
	"maillage/territories"
)

const password = "un train passe à l'aube"

// world is a seeded platform behind the door: two members, one in the Drôme
// and one in the Nord, an employer and an association, each with its people.
type world struct {
	t             *testing.T
	st            *store.Store
	clock         *testkit.Clock
	atlas         *territories.Atlas
	accounts      *accounts.Service
	network       *network.Service
	opportunities *opportunities.Service
	matching      *matching.Service
	tenders       *tenders.Service
	placement     *placement.Service
	placed        placed
	journeys      *people.Service
	campaigns     *campaign.Service
	quality       *quality.Service
	agenda        *agenda.Service
	desk          *questions.Service
	asked         [2]campaign.QuestionnaireID // near's, far's, once there is a campaign
	door          *api.Server

	association, near, far, employer *network.Organisation
	tender, need, draft              *opportunities.Opportunity
	call, north                      *opportunities.Opportunity // near's own; another's, in the Nord
	journey, theirs, spent           *people.Person             // near's; far's; near's, to be erased then deleted
	match, needMatch                 matching.ID                // of near with the tender's lot, with the need's
	tokens                           map[string]string
	sessions                         map[string]string
}

var atlas = sync.OnceValues(territories.Load)

func newWorld(t *testing.T, st *store.Store) *world {
	t.Helper()
	a, err := atlas()
	must(t, err)
	w := &world{t: t, st: st, clock: testkit.NewClock("2026-11-23T08:00:00Z"), atlas: a, tokens: map[string]string{}, sessions: map[string]string{}}
	now := w.clock.Now
	w.accounts, err = accounts.New(accounts.Config{Store: st, Now: now, Perimeter: accounts.PerimetersOf(a), Site: "https://maillage.example.org",
		Hardness: accounts.Hardness{Memory: 64, Passes: 1, Threads: 1}})
	must(t, err)
	w.network = network.NewService(network.Config{Store: st, Atlas: a, Now: now})
	w.opportunities = opportunities.NewService(opportunities.Config{Store: st, Atlas: a, Now: now})
	w.tenders = tenders.NewService(tenders.Config{Store: st, Atlas: a, Opportunities: w.opportunities, Now: now})
	w.matching = matching.NewService(matching.Config{Store: st, Atlas: a, Now: now})
	keys, err := people.ParseKeys("test:" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("k", 32))))
	must(t, err)
	w.journeys = people.NewService(people.Config{Store: st, Atlas: a, Keys: keys, Now: now})
	w.placement = placement.NewService(placement.Config{Store: st, Atlas: a, People: w.journeys, Now: now})
	w.campaigns, err = campaign.NewService(campaign.Config{Store: st, Atlas: a, Observ: microdata.NewService(microdata.Config{Store: st, Atlas: a, Now: now}), Now: now})
	must(t, err)
	w.agenda = agenda.NewService(agenda.Config{Store: st, Atlas: a, Now: now})
	w.desk, err = questions.NewService(questions.Config{Store: st, Atlas: a, Now: now})
	must(t, err)
	w.quality, err = quality.NewService(quality.Config{Store: st, Atlas: a, Network: w.network, Now: now})
	must(t, err)
	w.door, err = api.New(w.config())
	must(t, err)
	w.seed()
	return w
}

func (w *world) config() api.Config {
	counts := figures.NewService(figures.Config{Store: w.st, Atlas: w.atlas, Now: w.clock.Now})
	releases := publication.NewService(publication.Config{Store: w.st, Atlas: w.atlas, Counts: counts, Now: w.clock.Now})
	log := contacts.NewService(contacts.Config{Store: w.st, Atlas: w.atlas, Now: w.clock.Now, Network: w.network, Opportunities: w.opportunities, Matching: w.matching})
	away, tenures := absences.NewService(absences.Config{Store: w.st, Now: w.clock.Now}), tenure.NewService(tenure.Config{Store: w.st, Now: w.clock.Now})
	shelf := dossier.Config{Store: w.st, Now: w.clock.Now, Network: w.network, Opportunities: w.opportunities, Matching: w.matching}
	keeper, err := dossier.NewKeeper(shelf)
	must(w.t, err)
	pursuits := followup.NewService(followup.Config{Store: w.st, Atlas: w.atlas, Now: w.clock.Now, Network: w.network, Opportunities: w.opportunities, Matching: w.matching, Handed: keeper})
	shelf.Followup = pursuits
	counted, err := funded.NewService(funded.Config{Store: w.st, Atlas: w.atlas, Now: w.clock.Now})
	must(w.t, err)
	published, err := activity.NewService(activity.Config{Store: w.st, Markets: counted, Now: w.clock.Now})
	must(w.t, err)
	files, err := dossier.NewService(shelf)
	must(w.t, err)
	return api.Config{Now: w.clock.Now, Pace: accounts.Pace{Every: time.Microsecond, Burst: 100_000},
		Services: api.Services{
			Atlas:         w.atlas,
			Accounts:      w.accounts,
			Network:       w.network,
			Opportunities: w.opportunities,
			Matching:      w.matching,
			Followup:      pursuits,
			Placement:     w.placement,
			Tenders:       w.tenders,
			People:        w.journeys,
			Jobs:          w.st,
			Campaigns:     w.campaigns,
			Quality:       w.quality,
			Agenda:        w.agenda,
			Questions:     w.desk,
			Outlook:       outlook.NewService(outlook.Config{Store: w.st, Atlas: w.atlas, People: w.journeys, Opportunities: w.opportunities, Now: w.clock.Now}),
			Access:        access.NewService(access.Config{Store: w.st, Atlas: w.atlas, Now: w.clock.Now}),
			Figures:       counts,
			Mirror:        mirror.NewService(mirror.Config{Figures: counts, Released: mirror.FromReleases(releases)}),
			Funder:        funder.NewService(funder.Config{Figures: counts, Now: w.clock.Now}),
			Activity:      published,
			Delays:        delays.NewService(delays.Config{Store: w.st, Atlas: w.atlas, Now: w.clock.Now}),
			Markets:       counted,
			Records:       microdata.NewService(microdata.Config{Store: w.st, Atlas: w.atlas, Now: w.clock.Now}),
			Releases:      releases,
			Fairness:      fairness.NewService(fairness.Config{Store: w.st, Atlas: w.atlas, People: w.journeys, Placement: w.placement, Now: w.clock.Now}),
			Tenures:       tenures,
			Absences:      away,
			Conventions:   conventions.NewService(conventions.Config{Store: w.st, Atlas: w.atlas, Now: w.clock.Now, Opportunities: w.opportunities}),
			Reminders:     escalation.NewService(escalation.Config{Store: w.st, Atlas: w.atlas, Now: w.clock.Now, Network: w.network, Opportunities: w.opportunities, Matching: w.matching, Followup: pursuits, Contacts: log, Tenures: tenures, Absences: away}),
			Webhooks:      webhooks.NewService(webhooks.Config{Store: w.st, Atlas: w.atlas, Now: w.clock.Now, Network: w.network, Opportunities: w.opportunities, Poster: outbound.NewPoster(outbound.Config{}), Site: "https://maillage.example.org"}),
			Bounces:       bounces.NewService(bounces.Config{Store: w.st, Atlas: w.atlas, Network: w.network, Now: w.clock.Now}),
			Bulletin:      bulletin.NewService(bulletin.Config{Store: w.st, Atlas: w.atlas, Network: w.network, Opportunities: w.opportunities, Matching: w.matching, Followup: pursuits, Agenda: w.agenda, Questions: w.desk, Now: w.clock.Now}),
			Contacts:      log,
			Dossier:       files,
			Calls:         calls.NewService(calls.Config{Store: w.st, Atlas: w.atlas, Now: w.clock.Now, Network: w.network, Opportunities: w.opportunities, Followup: pursuits}),
			Prospects:     prospects.NewService(prospects.Config{Store: w.st, Atlas: w.atlas, Now: w.clock.Now, Network: w.network, Matching: w.matching, Followup: pursuits}),
			Monday:        monday.NewService(monday.Config{Store: w.st, Now: w.clock.Now, Opportunities: w.opportunities, Matching: w.matching, Followup: pursuits, Contacts: log, Quality: w.quality}),
		}}
}

func (w *world) seed() {
	w.t.Helper()
	ctx := accounts.With(context.Background(), accounts.TheSystem())
	w.association = w.organisation(&network.Organisation{Role: network.Regional, Name: "Association régionale", Sites: site("26362", "Valence")})
	near := member("Romans Espaces verts", "26281", "Romans-sur-Isère", "departement:26")
	near.Email = "contact@example.org" // at whose domain its first counsellor may be invited
	w.near = w.organisation(near)
	w.far = w.organisation(member("Lille Espaces verts", "59350", "Lille", "departement:59"))
	w.employer = w.organisation(&network.Organisation{Role: network.Employer, Name: "Hôtel du Vercors", Sites: site("26281", "Romans-sur-Isère")})
	deadline := w.clock.Now().Add(30 * 24 * time.Hour)
	w.tender = w.published(&opportunities.Opportunity{Kind: opportunities.Tender, Title: "Entretien des espaces verts", BuyerName: "Ville de Romans", Source: "demo",
		Place: drome(), Codes: []nomenclatures.Code{cpv("77310000")}, Deadline: &deadline})
	own := int64(w.employer.ID)
	w.need = w.published(&opportunities.Opportunity{Kind: opportunities.PrivatePurchase, Title: "Taille des haies de l'hôtel", Source: "employer", BuyerID: &own, PublisherID: &own,
		Place: drome(), Codes: []nomenclatures.Code{cpv("77310000")}, Deadline: &deadline})
	nearOwn, farOwn := int64(w.near.ID), int64(w.far.ID)
	w.call = w.published(&opportunities.Opportunity{Kind: opportunities.PartnerCall, Title: "Cherche un partenaire", Source: "member", PublisherID: &nearOwn, Place: drome()})
	w.north = w.published(&opportunities.Opportunity{Kind: opportunities.Tender, Title: "Espaces verts de Lille", Source: "demo", PublisherID: &farOwn,
		Place: place("commune:59350"), Codes: []nomenclatures.Code{cpv("77310000")}, Deadline: &deadline})
	var err error
	w.draft, err = w.opportunities.Create(ctx, opportunities.By{}, &opportunities.Opportunity{Kind: opportunities.JobNeed, Title: "Deux cuisiniers", Source: "employer", BuyerID: &own, PublisherID: &own, Place: drome()})
	must(w.t, err)
	must(w.t, w.matching.RefreshLots(ctx, []opportunities.LotID{w.tender.Lots[0].ID, w.need.Lots[0].ID}))
	w.ties(ctx)
	w.match, w.needMatch = w.matchOf(ctx, w.tender), w.matchOf(ctx, w.need)
	w.people(ctx)
	w.journey, w.theirs, w.spent = w.begin(ctx, w.near.ID, "A1"), w.begin(ctx, w.far.ID, "A1"), w.begin(ctx, w.near.ID, "A2")
	w.present(ctx)
}

func (w *world) begin(ctx context.Context, in network.ID, number string) *people.Person {
	w.t.Helper()
	p, err := w.journeys.Create(ctx, &people.Person{OrganisationID: int64(in), Key: number, Commune: "26281", EnteredOn: "2026-01-05"})
	must(w.t, err)
	return p
}

// ties makes a group and a pole on each side, a national frame (1) and its convention in the Drôme (2).
func (w *world) ties(ctx context.Context) {
	w.t.Helper()
	for _, m := range []*network.Organisation{w.near, w.far} {
		_, err := w.network.SaveGroup(ctx, &network.Group{Name: "Groupe " + m.Name, Members: []network.ID{m.ID}})
		must(w.t, err)
		_, err = w.network.SavePole(ctx, &network.Pole{Name: "Pôle " + m.Name, Stage: network.StageActive, Territory: m.Activities[0].Zone, Members: []network.ID{m.ID}})
		must(w.t, err)
	}
	frame, err := w.network.SavePartnership(ctx, &network.Partnership{Name: "Hôtels et restaurants"})
	must(w.t, err)
	_, err = w.network.SavePartnership(ctx, &network.Partnership{Name: "Convention de la Drôme", ParentID: &frame.ID, Territory: w.near.Activities[0].Zone, Signatories: []network.ID{w.near.ID}})
	must(w.t, err)
}

// matchOf is the match of near with the one lot of an opportunity.
func (w *world) matchOf(ctx context.Context, o *opportunities.Opportunity) matching.ID {
	w.t.Helper()
	answer, err := w.matching.MatchesOfLot(ctx, o.Lots[0].ID, matching.Query{})
	must(w.t, err)
	if len(answer.Matches) == 0 || answer.Matches[0].Organisation.ID != w.near.ID || answer.Matches[0].Match == 0 {
		w.t.Fatalf("the seed has no match: %+v", answer)
	}
	return answer.Matches[0].Match
}

func (w *world) people(ctx context.Context) {
	w.t.Helper()
	perimeter := territories.In(territories.Ref{Kind: territories.KindDepartement, Code: "26"}).String()
	for name, in := range map[string]accounts.Invite{
		"admin":      {Role: accounts.Admin},
		"officer":    {Role: accounts.Officer, OrganisationID: int64(w.association.ID), Perimeter: perimeter},
		"member":     {Role: accounts.Member, OrganisationID: int64(w.near.ID)},
		"far":        {Role: accounts.Member, OrganisationID: int64(w.far.ID)},
		"employer":   {Role: accounts.Employer, OrganisationID: int64(w.employer.ID)},
		"counsellor": {Role: accounts.Counsellor, OrganisationID: int64(w.near.ID)},
		"researcher": {Role: accounts.Researcher},
	} {
		in.Email = name + "@example.org"
		_, err := w.accounts.AddUser(ctx, in, "Personne "+strings.ToUpper(name[:1]), password)
		must(w.t, err)
		o, err := w.accounts.SignIn(ctx, accounts.Credentials{Email: in.Email, Password: password, Client: name})
		must(w.t, err)
		w.sessions[name] = o.Secret
		_, secret, err := w.accounts.CreateToken(accounts.With(ctx, o.Identity), "tests", everyScope(), time.Time{})
		must(w.t, err)
		w.tokens[name] = secret
	}
}

func everyScope() []string {
	var out []string
	for _, s := range accounts.TokenScopes() {
		out = append(out, string(s))
	}
	return out
}

func (w *world) organisation(o *network.Organisation) *network.Organisation {
	w.t.Helper()
	o.Active, o.Source = true, "demo"
	out, err := w.network.Save(context.Background(), o, 0)
	must(w.t, err)
	return out
}

func (w *world) published(o *opportunities.Opportunity) *opportunities.Opportunity {
	w.t.Helper()
	made, err := w.opportunities.Create(context.Background(), opportunities.By{}, o)
	must(w.t, err)
	out, err := w.opportunities.Publish(context.Background(), opportunities.By{}, made.ID, 0)
	must(w.t, err)
	return out
}

func member(name, commune, city, zone string) *network.Organisation {
	ref, _ := territories.ParseRef(zone)
	return &network.Organisation{Role: network.Member, Kind: network.KindACI, Name: name, Email: "contact@example.org", Sites: site(commune, city),
		Activities: []network.Activity{{Label: "Espaces verts", Codes: []nomenclatures.Code{cpv("77310000")}, Modes: []network.Mode{network.Provision},
			Zone: territories.In(ref).String(), Origin: network.Declared, ZoneOrigin: network.Declared}}}
}

func site(commune, city string) []network.Site {
	return []network.Site{{Main: true, City: city, Commune: territories.CommuneCode(commune)}}
}

func drome() opportunities.Place { return place("commune:26281") }

func place(text string) opportunities.Place {
	ref, _ := territories.ParseRef(text)
	return opportunities.Place{Scope: opportunities.InCommunes, Perimeter: territories.In(ref).String()}
}

func cpv(code string) nomenclatures.Code {
	c, _ := nomenclatures.NewCode(nomenclatures.SchemeCPV, code)
	return c
}

// answer is a response read whole.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   []byte
}

// ask calls the door as somebody ("" is a visitor) with a token. body is JSON, a value, or nil.
func (w *world) ask(who, method, path string, body any, header ...string) answer {
	w.t.Helper()
	return call(w.t, w.door, w.tokens[who], method, path, body, header...)
}

func call(t *testing.T, door http.Handler, token, method, path string, body any, header ...string) answer {
	t.Helper()
	var in io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		in = strings.NewReader(b)
	default:
		text, err := json.Marshal(b)
		must(t, err)
		in = bytes.NewReader(text)
	}
	r := httptest.NewRequest(method, path, in)
	if in != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	rec := httptest.NewRecorder()
	door.ServeHTTP(rec, r)
	return answer{t, rec.Code, rec.Header(), rec.Body.Bytes()}
}

func (a answer) want(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("status %d, want %d: %s", a.status, status, a.body)
	}
	return a
}

func (a answer) into(v any) answer {
	a.t.Helper()
	if err := json.Unmarshal(a.body, v); err != nil {
		a.t.Fatalf("%v in %s", err, a.body)
	}
	return a
}

func (a answer) problem(status int, code string) api.Problem {
	a.t.Helper()
	var p api.Problem
	a.want(status).into(&p)
	if p.Code != code || p.Status != status || p.Type != "/problems/"+code || p.Title == "" || p.Detail == "" ||
		a.header.Get("Content-Type") != "application/problem+json" {
		a.t.Fatalf("problem %+v (%s), want %s", p, a.header.Get("Content-Type"), code)
	}
	return p
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
