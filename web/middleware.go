package web

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/compress/gzhttp"
	"golang.org/x/text/language"

	"maillage/accounts"
	"maillage/internal/fault"
)

// maxBody bounds what a form may send; imports have their own door.
const maxBody = 1 << 20

// mostBytes bounds what a request sends: a form, or one that brings a file.
func mostBytes(r *http.Request) int64 {
	if uploads(r.URL.Path) {
		return maxUpload
	}
	return maxBody
}

// chain wraps the routes in what every answer owes: headers, bounds, no forged form, no panic.
func (s *Server) chain(next http.Handler) http.Handler {
	forged := http.NewCrossOriginProtection()
	forged.AddInsecureBypassPattern("POST " + stopPath + "{secret}") // mail programs post it from anywhere (RFC 8058): the secret is the proof, no cookie counts
	forged.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.fail(s.open(w, r), fault.New(fault.KindForbidden, "cross-origin",
			"Ce formulaire vient d’un autre site. Revenez à la page et recommencez.",
			"This form comes from another site. Go back to the page and try again."))
	}))
	pace := accounts.NewLimiter(accounts.Pace{Every: 100 * time.Millisecond, Burst: 300}, nil)
	packed := gzhttp.GzipHandler(forged.Handler(s.unhurried(pace, next)))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := rand.Text()[:12]
		r = r.WithContext(accounts.WithRequest(r.Context(), id))
		w.Header().Set("X-Request-Id", id)
		defer s.recover(w, r)
		s.headers(w.Header(), r)
		r.Body = http.MaxBytesReader(w, r.Body, mostBytes(r))
		packed.ServeHTTP(w, r)
	})
}

// unhurried slows down a client that asks for pages faster than anybody reads. Files and tiles are
// not counted: a map asks for dozens at once.
func (s *Server) unhurried(pace *accounts.Limiter, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/assets/") || strings.HasPrefix(r.URL.Path, "/tiles/") {
			next.ServeHTTP(w, r)
			return
		}
		c := s.open(w, r)
		if wait := pace.Take(c.client()); wait > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(int(wait.Seconds())+1))
			s.fail(c, fault.New(fault.KindTooMany, "too-fast", "Trop de demandes à la suite. Reprenez dans un instant.", "Too many requests in a row. Try again in a moment."))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// headers say what a page may do: only our own files, no inline script or style, no frame around
// it but where an operator allows one.
func (s *Server) headers(h http.Header, r *http.Request) {
	ancestors := "'none'"
	if s.cfg.FrameAncestors != "" && strings.HasPrefix(r.URL.Path, "/embed/") {
		ancestors = s.cfg.FrameAncestors
	}
	h.Set("Content-Security-Policy", "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; object-src 'none'; "+
		"base-uri 'none'; form-action 'self'; frame-ancestors "+ancestors)
	if ancestors == "'none'" {
		h.Set("X-Frame-Options", "DENY")
	}
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
	if s.cfg.Secure {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
}

func (s *Server) recover(w http.ResponseWriter, r *http.Request) {
	cause := recover()
	if cause == nil {
		return
	}
	if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(cause)
	}
	s.log.ErrorContext(r.Context(), "page panicked", "path", r.Pattern, "panic", fmt.Sprint(cause), "stack", string(debug.Stack()))
	s.fail(s.open(w, r), fmt.Errorf("panic: %v", cause))
}

// open starts answering a request: its language, its flash message. Who asks is added by serve.
func (s *Server) open(w http.ResponseWriter, r *http.Request) *call {
	c := &call{s: s, w: w, r: r, now: s.now(), Locale: s.locales[s.langOf(r)]}
	if cookie, err := r.Cookie(flashCookie); err == nil && r.Method == http.MethodGet {
		c.seen = cookie.Value
	}
	return c
}

// langOf is the visitor's choice, or what their browser asks for, or French.
func (s *Server) langOf(r *http.Request) Lang {
	if cookie, err := r.Cookie(langCookie); err == nil {
		if lang := Lang(cookie.Value); s.locales[lang] != nil {
			return lang
		}
	}
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil || len(tags) == 0 {
		return French
	}
	_, index, confidence := language.NewMatcher([]language.Tag{language.French, language.English}).Match(tags...)
	if confidence == language.No {
		return French
	}
	return Langs()[index]
}

// fail answers with an error page. The sentence is the fault's own; the cause goes to the log.
func (s *Server) fail(c *call, err error) {
	f := fault.Of(err)
	status := statusOf(f.Kind)
	if status >= http.StatusInternalServerError {
		s.log.ErrorContext(c.r.Context(), "page failed", "path", c.r.Pattern, "request", accounts.RequestFrom(c.r.Context()), "err", err)
	}
	if f.Kind == fault.KindUnauthenticated && c.r.Method == http.MethodGet {
		http.Redirect(c.w, c.r, "/connexion?"+query("retour", c.r.URL.RequestURI()), http.StatusSeeOther)
		return
	}
	page := &ErrorPage{Page: c.page(c.T("error.title", "Code", status)), Status: status, Said: f.Message.In(string(c.Lang))}
	if status >= http.StatusInternalServerError {
		page.Reference = accounts.RequestFrom(c.r.Context())
	}
	if err := c.showStatus(status, "error", page); err != nil {
		s.log.ErrorContext(c.r.Context(), "error page failed", "err", err)
		http.Error(c.w, page.Said, status)
	}
}

// ErrorPage says what went wrong and what to do.
type ErrorPage struct {
	Page
	Status    int
	Said      string
	Reference string // of the line in the log, to tell whoever helps
}

func statusOf(kind fault.Kind) int {
	switch kind {
	case fault.KindInvalid:
		return http.StatusUnprocessableEntity
	case fault.KindNotFound:
		return http.StatusNotFound
	case fault.KindConflict:
		return http.StatusConflict
	case fault.KindUnauthenticated:
		return http.StatusUnauthorized
	case fault.KindForbidden:
		return http.StatusForbidden
	case fault.KindPrecondition:
		return http.StatusPreconditionFailed
	case fault.KindTooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.KindTooMany:
		return http.StatusTooManyRequests
	case fault.KindUnavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}
