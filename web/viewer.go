package web

import (
	"context"
	"net/http"

	"maillage/accounts"
	"maillage/accounts/daily"
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
	week "maillage/followup/monday"
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
	"maillage/internal/store"
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

// Services are the use cases that the pages call.
type Services struct {
	Atlas         *territories.Atlas
	Map           func() *contours.Map // what maps are drawn from now; nil: no drawn map, the lists say it all
	Accounts      *accounts.Service
	Opportunities *opportunities.Service
	Network       *network.Service
	Matching      *matching.Service
	Followup      *followup.Service
	Contacts      *contacts.Service // nil: no log of contacts
	Monday        *week.Service
	Absences      *absences.Service
	Reminders     *escalation.Service
	Dossier       *dossier.Service     // nil: no answer file
	Prospects     *prospects.Service   // nil: no purchase that no notice tells
	Calls         *calls.Service       // nil: nobody answers a call here
	Conventions   *conventions.Service // nil: no position is routed
	Tenures       *tenure.Service      // nil: nothing after a meeting
	Placement     *placement.Service   // nil: nobody is proposed
	Webhooks      *webhooks.Service    // nil: no program is told
	Bounces       *bounces.Service     // nil: nothing about addresses that take no letters
	Daily         *daily.Service       // nil: no letter of the day
	Bulletin      *bulletin.Service    // nil: no letter of the week
	Tenders       *tenders.Service
	Sources       *tenders.Sources
	People        *people.Service
	Jobs          JobRoom
	Outlook       *outlook.Service     // nil: no page of skills
	Fairness      *fairness.Service    // nil: no page of fairness
	Campaigns     *campaign.Service    // nil: no page of campaigns
	Series        SeriesSource         // nil: no value of an indicator is published yet
	Figures       *figures.Service     // nil: no report
	Records       *microdata.Service   // nil: nobody sends records
	Releases      *publication.Service // nil: nothing is released
	Access        *access.Service      // nil: nobody reads records under an agreement
	Mirror        *mirror.Service      // nil, as the next: no figures of one's own
	Funder        *funder.Service
	Delays        *delays.Service
	Markets       *markets.Service
	Activity      *activity.Service
	Quality       *quality.Service   // nil: no page of certifications
	Agenda        *agenda.Service    // nil: no agenda
	Questions     *questions.Service // nil: no legal desk
}

// JobRoom is what the page of background jobs needs of the store.
type JobRoom interface {
	Jobs() store.Jobs
	JobCounts(ctx context.Context) ([]store.JobCount, error)
}

// SessionCookie is the cookie that holds a session's secret.
const SessionCookie = "maillage_session"

// Viewer is the person in front of the page.
type Viewer struct {
	accounts.Identity
	Called string // the organisation's name, or the person's
	Place  string // "ACI, Crest (Drôme)", "Drôme et Ardèche"
}

// Known says whether somebody is signed in.
func (v Viewer) Known() bool { return v.SignedIn() }

// viewer reads the session and puts who asks in the request's context, where the use cases find it.
func (s *Server) viewer(c *call) Viewer {
	nobody := Viewer{Identity: accounts.Nobody()}
	nobody.Lang = string(c.Lang)
	cookie, err := c.r.Cookie(SessionCookie)
	if err != nil || s.cfg.Accounts == nil {
		return nobody
	}
	id, err := s.cfg.Accounts.Authenticate(c.r.Context(), cookie.Value)
	if err != nil || !id.SignedIn() {
		return nobody
	}
	id.Lang = string(c.Lang)
	c.r = c.r.WithContext(accounts.With(c.r.Context(), id))
	return c.introduced(id)
}

// introduced is how the header shows somebody: their enterprise and its place, or their role and
// its perimeter.
func (c *call) introduced(id accounts.Identity) Viewer {
	who := Viewer{Identity: id, Called: id.Name, Place: id.Role.Label().In(string(c.Lang))}
	switch {
	case id.Role == accounts.Officer:
		who.Place = joined(", ", who.Place, c.perimeterWords(id.PerimeterExpr))
	case id.OrganisationID != 0 && c.s.cfg.Network != nil:
		if o, err := c.s.cfg.Network.Get(c.r.Context(), network.ID(id.OrganisationID)); err == nil {
			who.Called, who.Place = o.Called(), c.kindAndPlace(o)
		}
	}
	return who
}

// allow asks the policy before the thing is read; the page asks again with its scope.
func (s *Server) allow(c *call, action accounts.Action) error {
	return accounts.Permits(c.who.Identity, action)
}

// nav is the menu of the person's role; the entry whose address starts the page's is current.
func (c *call) nav() []NavItem {
	entries := menu(c.who.Role)
	nav := make([]NavItem, 0, len(entries))
	best := -1
	for i, entry := range entries {
		nav = append(nav, NavItem{Text: c.T("nav." + entry[0]), Href: entry[1]})
		if under(c.r.URL.Path, entry[1]) && (best < 0 || len(entry[1]) > len(entries[best][1])) {
			best = i
		}
	}
	if best >= 0 {
		nav[best].Current = true
	}
	return nav
}

func menu(role accounts.Role) [][2]string {
	home := [2]string{"home", "/"}
	open, who, where := [2]string{"opportunities", "/marches"}, [2]string{"members", "/membres"}, [2]string{"territories", "/territoires"}
	seen := [2]string{"observatory", observatoryPath}
	switch role {
	case accounts.Member:
		return [][2]string{home, open, {"answers", "/reponses"}, {"enterprise", "/entreprise"}, {"campaign", ownCampaignPath}, {"mirror", mirrorPath}, who, seen}
	case accounts.Officer:
		return [][2]string{home, {"monday", mondayPath}, {"board", boardPath}, open, who, where, {"holes", holesPath}, {"skills", skillsPath}, {"duplicates", "/doublons"}, {"campaigns", campaignsPath}, seen}
	case accounts.Employer:
		return [][2]string{{"needs", "/"}, {"post", "/besoins/nouveau"}, who, seen}
	case accounts.Counsellor:
		return [][2]string{home, {"journeys", "/parcours"}, {"needs_all", "/marches"}, {"trainings", "/formations"}, {"skills", skillsPath}, who, where, seen}
	case accounts.Admin:
		return [][2]string{home, open, who, {"campaigns", campaignsPath}, {"jobs", "/admin/taches"}, {"sources", "/admin/sources"}, {"quarantine", "/admin/quarantaine"}, {"accounts", "/admin/comptes"}, {"pace", pacePath}, {"audit", "/admin/journal"}, {"requests", requestsPath}, {"microdata", grantsPath}, seen}
	case accounts.Researcher:
		return [][2]string{home, seen, {"requests", requestsPath}, {"microdata", microdataPath}, open, who, where, {"api", "/api"}}
	}
	return [][2]string{home, open, who, where, seen, {"api", "/api"}}
}

// under says whether a path is an entry of the menu or below it; "/" only is itself.
func under(path, entry string) bool {
	if entry == "/" {
		return path == "/"
	}
	return path == entry || len(path) > len(entry) && path[:len(entry)+1] == entry+"/"
}

// may tells whether the policy lets the reader do it somewhere.
func (c *call) may(a accounts.Action) bool { return accounts.Permits(c.who.Identity, a) == nil }

// session sets the cookie of a session just opened; an empty secret drops it.
func (c *call) session(opened accounts.Opened) {
	cookie := c.s.cookie(SessionCookie, opened.Secret, -1)
	if opened.Secret != "" {
		cookie.MaxAge = int(opened.Expires.Sub(c.now).Seconds())
	}
	http.SetCookie(c.w, cookie)
}
