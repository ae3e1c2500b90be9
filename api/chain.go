package api

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzhttp"
	"golang.org/x/text/language"

	"maillage/accounts"
	"maillage/internal/fault"
)

// chain wraps the operations in what every answer owes: a number for the
// request, headers, a language, who asks, a pace, no forged write, an ETag, and
// a problem whatever happens.
func (s *Server) chain() http.Handler {
	forged := http.NewCrossOriginProtection()
	forged.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, r, fault.New(fault.KindForbidden, "cross-origin",
			"Cette requête vient d’un autre site.", "This request comes from another site."))
	}))
	inner := gzhttp.GzipHandler(forged.Handler(tagged(http.HandlerFunc(s.route))))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r = r.WithContext(s.entering(r))
		w.Header().Set("X-Request-Id", accounts.RequestFrom(r.Context()))
		defer s.recover(w, r)
		s.headers(w.Header())
		r, err := s.identified(r)
		if wait := s.limiter.Take(s.payer(r)); wait > 0 { // a bad token costs its client a turn
			err = accounts.TooMany(wait)
		}
		if err != nil {
			s.fail(w, r, err)
			return
		}
		inner.ServeHTTP(w, r)
	})
}

// entering gives the request its number and its language.
func (s *Server) entering(r *http.Request) context.Context {
	var b [8]byte
	_, _ = rand.Read(b[:])
	id := accounts.Nobody()
	id.Lang = spoken(r, "fr")
	return accounts.With(accounts.WithRequest(r.Context(), hex.EncodeToString(b[:])), id)
}

// spoken is what the caller asks for, French or English, or else.
func spoken(r *http.Request, otherwise string) string {
	asked, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil || len(asked) == 0 {
		return otherwise
	}
	_, i, confidence := language.NewMatcher([]language.Tag{language.French, language.English}).Match(asked...)
	if confidence == language.No {
		return otherwise
	}
	return [...]string{"fr", "en"}[i]
}

func (s *Server) headers(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Vary", "Authorization, Cookie, Accept-Language")
	if s.cfg.Secure {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
}

// identified puts who asks in the context. A token that is not good is refused;
// a session that is over is a visitor's.
func (s *Server) identified(r *http.Request) (*http.Request, error) {
	ctx := r.Context()
	id, err := s.identity(r)
	if err != nil {
		return r, err
	}
	if id.Lang == "" {
		id.Lang = "fr"
	}
	id.Lang = spoken(r, id.Lang)
	return r.WithContext(accounts.With(ctx, id)), nil
}

func (s *Server) identity(r *http.Request) (accounts.Identity, error) {
	if header := r.Header.Get("Authorization"); header != "" {
		secret, ok := bearer(header)
		if !ok {
			return accounts.Identity{}, fault.New(fault.KindUnauthenticated, "bad-token",
				"L’en-tête Authorization doit être « Bearer » suivi d’un jeton.", "The Authorization header must be “Bearer” and a token.")
		}
		id, err := s.cfg.Accounts.AuthenticateToken(r.Context(), secret)
		if fault.Is(err, fault.KindUnauthenticated) {
			err = fault.New(fault.KindUnauthenticated, "bad-token",
				"Ce jeton n’est pas valable : il est inconnu, révoqué ou expiré.", "This token is not good: unknown, revoked or expired.")
		}
		return id, err
	}
	secret := sessionOf(r)
	if secret == "" {
		return accounts.Nobody(), nil
	}
	id, err := s.cfg.Accounts.Authenticate(r.Context(), secret)
	if fault.Is(err, fault.KindUnauthenticated) {
		return accounts.Nobody(), nil
	}
	return id, err
}

func bearer(header string) (string, bool) {
	scheme, secret, ok := strings.Cut(header, " ")
	return strings.TrimSpace(secret), ok && strings.EqualFold(scheme, "Bearer")
}

// payer is whose turn a request takes: an account's, or the client's that has none.
func (s *Server) payer(r *http.Request) string {
	if id := accounts.From(r.Context()); id.SignedIn() {
		return "user " + strconv.FormatInt(int64(id.UserID), 10)
	}
	return "client " + s.cfg.Client(r)
}

// route answers with the operation, or says that there is none in a problem.
func (s *Server) route(w http.ResponseWriter, r *http.Request) {
	if _, pattern := s.mux.Handler(r); pattern != "" {
		s.mux.ServeHTTP(w, r)
		return
	}
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := s.mux.Handler(other); pattern != "" {
			allowed = append(allowed, method)
		}
	}
	status := http.StatusNotFound
	if len(allowed) > 0 {
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		status = http.StatusMethodNotAllowed
	}
	code, text := generic(status)
	s.fail(w, r, newProblem(r.Context(), status, code, text))
}

func (s *Server) recover(w http.ResponseWriter, r *http.Request) {
	cause := recover()
	if cause == nil {
		return
	}
	if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(cause)
	}
	s.cfg.Log.ErrorContext(r.Context(), "operation panicked", "route", r.Pattern,
		"request_id", accounts.RequestFrom(r.Context()), "panic", fmt.Sprint(cause), "stack", string(debug.Stack()))
	code, text := generic(http.StatusInternalServerError)
	s.fail(w, r, newProblem(r.Context(), http.StatusInternalServerError, code, text))
}

// fail answers a problem outside huma.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := problem(r.Context(), Operation{Method: r.Method}, err)
	if p.Status >= http.StatusInternalServerError {
		s.cfg.Log.ErrorContext(r.Context(), "request failed", "request_id", accounts.RequestFrom(r.Context()), "error", err)
	}
	for k, values := range p.headers {
		w.Header()[k] = values
	}
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	if r.Method != http.MethodHead {
		_ = json.NewEncoder(w).Encode(p)
	}
}
