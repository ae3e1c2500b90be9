package web

// Role is who somebody is on the platform: it chooses the first page and the menu.
type Role string

// The roles, as the policy table names them.
const (
	RolePublic     Role = "public"
	RoleMember     Role = "member"
	RoleOfficer    Role = "officer"
	RoleEmployer   Role = "employer"
	RoleCounsellor Role = "counsellor"
	RoleResearcher Role = "researcher"
	RoleAdmin      Role = "admin"
)

// Viewer is the person in front of the page.
type Viewer struct {
	ID           string
	Role         Role
	Name         string // of the organisation, or of the person
	Place        string // "ACI, Crest (Drôme)", "Drôme et Ardèche"
	Organisation string
}

// Known says whether somebody is signed in.
func (v Viewer) Known() bool { return v.Role != "" && v.Role != RolePublic }

// Services are the use cases that the pages call.
type Services struct{}

func (s *Server) viewer(*call) Viewer { return Viewer{Role: RolePublic} }

func (s *Server) allow(*call, string) error { return nil }

// nav is the menu of the person's role; the entry whose address starts the page's is current.
func (c *call) nav() []NavItem {
	items := map[Role][][2]string{
		RolePublic:     {{"home", "/"}, {"opportunities", "/marches"}, {"members", "/membres"}, {"territories", "/territoires"}, {"api", "/api"}},
		RoleMember:     {{"home", "/"}, {"opportunities", "/marches"}, {"answers", "/reponses"}, {"enterprise", "/entreprise"}, {"members", "/membres"}},
		RoleOfficer:    {{"home", "/"}, {"opportunities", "/marches"}, {"members", "/membres"}, {"territories", "/territoires"}},
		RoleEmployer:   {{"needs", "/"}, {"post", "/besoins/nouveau"}, {"members", "/membres"}},
		RoleCounsellor: {{"home", "/"}, {"needs_all", "/marches"}, {"members", "/membres"}, {"territories", "/territoires"}},
		RoleResearcher: {{"home", "/"}, {"opportunities", "/marches"}, {"territories", "/territoires"}, {"api", "/api"}},
		RoleAdmin:      {{"home", "/"}, {"jobs", "/admin/taches"}, {"quarantine", "/admin/quarantaine"}, {"accounts", "/admin/comptes"}, {"audit", "/admin/journal"}, {"opportunities", "/marches"}, {"members", "/membres"}},
	}[c.who.Role]
	nav := make([]NavItem, 0, len(items))
	best := -1
	for i, item := range items {
		nav = append(nav, NavItem{Text: c.T("nav." + item[0]), Href: item[1]})
		if under(c.r.URL.Path, item[1]) && (best < 0 || len(item[1]) > len(items[best][1])) {
			best = i
		}
	}
	if best >= 0 {
		nav[best].Current = true
	}
	return nav
}

// under says whether a path is an entry of the menu or below it; "/" only is itself.
func under(path, entry string) bool {
	if entry == "/" {
		return path == "/"
	}
	return path == entry || len(path) > len(entry) && path[:len(entry)+1] == entry+"/"
}
