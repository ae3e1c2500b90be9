// Package web is the door for people: pages rendered on the server, in French and in English,
// that work from the keyboard, without JavaScript and on a phone. It turns requests into calls of
// the nouns' use cases and their answers into words. It refuses to decide anything: who may do
// what is the policy's, what fits what is the engine's; and it sends a visitor's browser to
// nobody else's address.
package web

import (
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// Config is what the pages need from the rest of the program.
type Config struct {
	// Demo shows on every page that the data are invented.
	Demo bool
	// DemoLogins are the accounts that a visitor of a demonstration may enter with one gesture.
	DemoLogins []DemoLogin
	// Secure marks the cookies for HTTPS only; leave it false on a plain http://localhost.
	Secure bool
	// FrameAncestors says who may embed /embed/ pages, as a CSP source list; empty is nobody.
	FrameAncestors string
	// Clock is the time that pages speak from; nil is the system's.
	Clock func() time.Time
	// Log receives faults, without personal data; nil is the default logger.
	Log *slog.Logger
	// Client reads the caller's address, for the limits; nil takes the connection's.
	Client func(*http.Request) string
	// Tiles serves /tiles/{layer}/{z}/{x}/{y}.mvt; nil leaves the live map out.
	Tiles http.Handler
	// OpenAPI gives the API's description in JSON, which the reference page reads; nil: no page.
	OpenAPI func() ([]byte, error)

	Services
}

// Server is the pages, ready to serve.
type Server struct {
	cfg     Config
	locales map[Lang]*Locale
	pages   pages
	assets  *assetStore
	log     *slog.Logger
	now     func() time.Time
	handler http.Handler

	everyone held[[]MapPoint] // where each member stands
	sheets   sheets           // the regions, drawn
}

// sources are what the program holds in itself to show pages.
type sources struct {
	locales map[Lang]*Locale
	assets  *assetStore
	pages   pages
}

// embedded parses every template and message, once in a process.
var embedded = sync.OnceValues(func() (*sources, error) {
	locales, err := loadLocales()
	if err != nil {
		return nil, fmt.Errorf("read the messages: %w", err)
	}
	assets, err := loadAssets()
	if err != nil {
		return nil, err
	}
	all, err := parsePages(locales, assets)
	if err != nil {
		return nil, err
	}
	return &sources{locales: locales, assets: assets, pages: all}, nil
})

// New lays the routes. It fails on the first template or message that is wrong.
func New(cfg Config) (*Server, error) {
	if cfg.Series == nil && cfg.Releases != nil {
		cfg.Series = published{cfg.Releases, cfg.Delays}
	}
	s := &Server{cfg: cfg, log: cfg.Log, now: cfg.Clock}
	if s.log == nil {
		s.log = slog.Default()
	}
	if s.now == nil {
		s.now = time.Now
	}
	shown, err := embedded()
	if err != nil {
		return nil, err
	}
	s.locales, s.assets, s.pages = shown.locales, shown.assets, shown.pages
	s.handler = s.chain(s.mux())
	return s, nil
}

// ServeHTTP answers a request for a page, an asset or a piece of a page.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }
