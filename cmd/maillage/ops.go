package main

import (
	"context"
	"crypto/subtle"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"maillage/accounts"
	"maillage/internal/store"
)

// watch measures the requests and answers the operator's own addresses:
// /healthz (the process lives), /readyz (it can serve), /metrics.
type watch struct {
	store    *store.Store
	token    string // for /metrics; empty: direct loopback callers only
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
}

func newWatch(st *store.Store, token string) *watch {
	w := &watch{store: st, token: token, registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "maillage_http_request_seconds", Help: "Time to answer, by route and status.",
			Buckets: []float64{.005, .02, .05, .1, .25, .5, 1, 2.5, 5},
		}, []string{"route", "status"})}
	w.registry.MustRegister(w.requests, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), &jobGauge{store: st,
		desc: prometheus.NewDesc("maillage_jobs", "Jobs by kind and state.", []string{"kind", "state"}, nil)},
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "maillage_longest_write_seconds",
			Help: "The longest write transaction since the start; on SQLite more than one second makes others wait too long."},
			func() float64 { return st.LongestTx().Seconds() }))
	return w
}

// operatorRoute is an address of the operator's, with the action of the policy table that it needs.
type operatorRoute struct {
	pattern string
	action  accounts.Action
	handler http.Handler
}

// table is the operator's addresses.
func (w *watch) table() []operatorRoute {
	return []operatorRoute{
		{"GET /healthz", accounts.DocumentationRead, http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { say(rw, http.StatusOK, "ok") })},
		{"GET /readyz", accounts.DocumentationRead, http.HandlerFunc(w.ready)},
		{"GET /metrics", accounts.MetricsRead, promhttp.HandlerFor(w.registry, promhttp.HandlerOpts{})},
	}
}

// routes puts the operator's addresses beside the site.
func (w *watch) routes(site http.Handler) http.Handler {
	mux := http.NewServeMux()
	for _, r := range w.table() {
		mux.Handle(r.pattern, w.guarded(r.action, r.handler))
	}
	mux.Handle("/", w.measured(site))
	return mux
}

func (w *watch) ready(rw http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if err := w.store.Ping(ctx); err != nil {
		say(rw, http.StatusServiceUnavailable, "the database does not answer")
		return
	}
	say(rw, http.StatusOK, "ready")
}

func say(rw http.ResponseWriter, status int, text string) {
	rw.Header().Set("Content-Type", "text/plain; charset=utf-8")
	rw.Header().Set("Cache-Control", "no-store")
	rw.WriteHeader(status)
	_, _ = rw.Write([]byte(text + "\n"))
}

// guarded asks the policy; who may not is told that nothing is there.
func (w *watch) guarded(action accounts.Action, next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if accounts.Permits(w.caller(r), action) != nil {
			http.NotFound(rw, r)
			return
		}
		next.ServeHTTP(rw, r)
	})
}

// caller is the system for who bears the token or, without one, for a caller of
// this very machine that came through no proxy; a visitor otherwise.
func (w *watch) caller(r *http.Request) accounts.Identity {
	bearer, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	ours := w.token != "" && subtle.ConstantTimeCompare([]byte(bearer), []byte(w.token)) == 1
	if w.token == "" {
		ours = direct(r)
	}
	if ours {
		return accounts.TheSystem()
	}
	return accounts.Nobody()
}

func direct(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	ip := net.ParseIP(host)
	return err == nil && ip != nil && ip.IsLoopback() && r.Header.Get("X-Forwarded-For") == "" && r.Header.Get("Forwarded") == ""
}

// measured counts by the first word of the address, never by the whole: it may hold an identifier.
func (w *watch) measured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		start := time.Now()
		seen := &status{ResponseWriter: rw, code: http.StatusOK}
		next.ServeHTTP(seen, r)
		w.requests.WithLabelValues(route(r.URL.Path, seen.code), strconv.Itoa(seen.code)).Observe(time.Since(start).Seconds())
	})
}

// route names a family of addresses; what is not found has one name, so that strangers cannot make new ones.
func route(path string, code int) string {
	if code == http.StatusNotFound {
		return "none"
	}
	words := strings.SplitN(strings.TrimPrefix(path, "/"), "/", 3)
	if words[0] == "v1" && len(words) > 1 {
		return "/v1/" + words[1]
	}
	return "/" + words[0]
}

// status remembers the status that was written.
type status struct {
	http.ResponseWriter
	code int
}

func (s *status) WriteHeader(code int) { s.code = code; s.ResponseWriter.WriteHeader(code) }

// Unwrap lets http.ResponseController reach the writer below.
func (s *status) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// jobGauge asks the queue when it is scraped.
type jobGauge struct {
	store *store.Store
	desc  *prometheus.Desc
}

// Describe names the gauge.
func (g *jobGauge) Describe(ch chan<- *prometheus.Desc) { ch <- g.desc }

// Collect reads the queue; when the database does not answer there is no sample.
func (g *jobGauge) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	counts, err := g.store.JobCounts(ctx)
	if err != nil {
		return
	}
	for _, c := range counts {
		ch <- prometheus.MustNewConstMetric(g.desc, prometheus.GaugeValue, float64(c.Count), c.Kind, c.State)
	}
}
