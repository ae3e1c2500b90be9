package web

import (
	"net/http"
	"net/url"
	"strings"

	"maillage/accounts"
	"maillage/internal/fault"
)

// Route is one address of the pages. Every one names the action of the policy table that it
// needs; the tests enumerate them.
type Route struct {
	Method, Path string
	Action       accounts.Action
	serve        func(*call) error
}

// Pattern is the route in the words of http.ServeMux.
func (r Route) Pattern() string {
	if strings.HasSuffix(r.Path, "/") {
		return r.Method + " " + r.Path + "{$}"
	}
	return r.Method + " " + r.Path
}

// Routes is the whole table.
func (s *Server) Routes() []Route {
	return []Route{
		{"GET", "/langue/{code}", accounts.DocumentationRead, s.changeLanguage},
		{"GET", "/carte", accounts.TerritoryRead, s.mapAreas},
	}
}

// mux lays the routes and answers 404 and 405 with pages.
func (s *Server) mux() http.Handler {
	mux := http.NewServeMux()
	for _, route := range s.Routes() {
		mux.HandleFunc(route.Pattern(), func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, route) })
	}
	mux.Handle("GET /assets/", s.assets)
	if s.cfg.Tiles != nil {
		mux.Handle("GET /tiles/", s.cfg.Tiles)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := mux.Handler(r); pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		s.absent(mux, w, r)
	})
}

// absent answers for an address that no route serves: 405 when another method would, 404 otherwise.
func (s *Server) absent(mux *http.ServeMux, w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := mux.Handler(other); pattern != "" {
			allowed = append(allowed, method)
		}
	}
	c := s.open(w, r)
	c.who = s.viewer(c)
	if len(allowed) == 0 {
		s.fail(c, fault.NotFound("page", r.URL.Path))
		return
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	page := &ErrorPage{Page: c.page(c.T("error.title", "Code", http.StatusMethodNotAllowed)), Status: http.StatusMethodNotAllowed, Said: c.T("error.method")}
	if err := c.showStatus(http.StatusMethodNotAllowed, "error", page); err != nil {
		s.fail(c, err)
	}
}

// serve answers one route: who asks, whether the policy lets them, then the page.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, route Route) {
	c := s.open(w, r)
	c.who = s.viewer(c)
	if c.seen != "" {
		http.SetCookie(w, s.cookie(flashCookie, "", -1))
	}
	if err := s.allow(c, route.Action); err != nil {
		s.fail(c, err)
		return
	}
	if err := route.serve(c); err != nil {
		s.fail(c, err)
	}
}

// changeLanguage remembers a language and returns to the page.
func (s *Server) changeLanguage(c *call) error {
	lang := Lang(c.r.PathValue("code"))
	if s.locales[lang] == nil {
		return fault.NotFound("language", lang)
	}
	http.SetCookie(c.w, s.cookie(langCookie, string(lang), 365*24*3600))
	return c.to(localPath(c.query("retour")), "")
}

// localPath keeps a redirection on this site: anything else becomes the first page.
func localPath(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n") {
		return "/"
	}
	return path
}

// query writes one parameter.
func query(name, value string) string { return url.Values{name: {value}}.Encode() }
