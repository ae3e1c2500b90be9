package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"maillage/api"
	"maillage/demo"
	"maillage/internal/fault"
	"maillage/territories"
	"maillage/territories/contours"
	"maillage/territories/mesh"
	"maillage/territories/tiles"
	"maillage/web"
)

// site is the two doors and the tiles over one platform.
func (p *platform) site(c *serveCmd) (http.Handler, error) {
	base, err := mesh.Load()
	if err != nil {
		return nil, fmt.Errorf("load the map: %w", err)
	}
	maps := contours.NewMaps(p.store, base, contours.Config{Now: p.env.now})
	if _, err := maps.Map(p.env.ctx); err != nil {
		return nil, fmt.Errorf("read the contours: %w", err)
	}
	now := func() *contours.Map { return p.drawn(maps) }
	machines, err := api.New(api.Config{Now: p.env.now, Log: p.env.log, Secure: c.Secure, Client: client(c.Proxies), Services: api.Services{
		Atlas: p.atlas, Map: now, Accounts: p.accounts, Network: p.network, Opportunities: p.opportunities,
		Matching:    p.matching,
		Followup:    p.followup,
		Placement:   p.placement,
		Tenders:     p.tenders,
		People:      p.people,
		Outlook:     p.outlook,
		Fairness:    p.fairness,
		Campaigns:   p.campaigns,
		Jobs:        p.store,
		Figures:     p.figures,
		Records:     p.microdata,
		Releases:    p.releases,
		Access:      p.access,
		Mirror:      p.mirror,
		Funder:      p.funder,
		Delays:      p.delays,
		Markets:     p.markets,
		Activity:    p.activity,
		Quality:     p.quality,
		Agenda:      p.agenda,
		Questions:   p.questions,
		Contacts:    p.contacts,
		Dossier:     p.dossier,
		Prospects:   p.prospects,
		Calls:       p.calls,
		Conventions: p.conventions,
		Monday:      p.monday,
		Tenures:     p.tenures,
		Absences:    p.absences,
		Reminders:   p.escalation,
		Webhooks:    p.webhooks,
		Bounces:     p.bounces,
		Bulletin:    p.bulletin,
	}})
	if err != nil {
		return nil, err
	}
	people, err := web.New(web.Config{Demo: c.Demo, DemoLogins: demoLogins(c.Demo), Secure: c.Secure, FrameAncestors: c.FrameAncestors, Clock: p.env.now,
		Log: p.env.log, Client: client(c.Proxies),
		Tiles: tileHandler(maps), OpenAPI: machines.OpenAPI, Services: web.Services{
			Atlas: p.atlas, Map: now, Accounts: p.accounts, Opportunities: p.opportunities, Network: p.network,
			Matching:    p.matching,
			Followup:    p.followup,
			Placement:   p.placement,
			Tenders:     p.tenders,
			Sources:     p.sources,
			Jobs:        p.store,
			People:      p.people,
			Outlook:     p.outlook,
			Fairness:    p.fairness,
			Campaigns:   p.campaigns,
			Figures:     p.figures,
			Records:     p.microdata,
			Releases:    p.releases,
			Access:      p.access,
			Mirror:      p.mirror,
			Funder:      p.funder,
			Delays:      p.delays,
			Markets:     p.markets,
			Activity:    p.activity,
			Quality:     p.quality,
			Agenda:      p.agenda,
			Questions:   p.questions,
			Contacts:    p.contacts,
			Dossier:     p.dossier,
			Prospects:   p.prospects,
			Calls:       p.calls,
			Conventions: p.conventions,
			Monday:      p.monday,
			Tenures:     p.tenures,
			Absences:    p.absences,
			Reminders:   p.escalation,
			Webhooks:    p.webhooks,
			Bounces:     p.bounces,
			Bulletin:    p.bulletin,
			Daily:       p.daily,
		}})
	if err != nil {
		return nil, err
	}
	return doors(machines, people), nil
}

// drawn is what to draw maps from. Where the database does not answer the last
// map stands, and the log says so.
func (p *platform) drawn(maps *contours.Maps) *contours.Map {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(p.env.ctx), 5*time.Second)
	defer cancel()
	drawn, err := maps.Map(ctx)
	if err != nil {
		p.env.log.WarnContext(ctx, "the contours cannot be read: the last map stands", "error", err)
	}
	return drawn
}

// demoLogins are the accounts of the demonstration, which a visitor may enter with one gesture.
func demoLogins(is bool) []web.DemoLogin {
	var out []web.DemoLogin
	for _, p := range demo.Personas() {
		if is {
			out = append(out, web.DemoLogin{Email: p.Email, Password: demo.Password, Role: p.Role, Title: p.Title})
		}
	}
	return out
}

// doors sends each request to the door it knocks at.
func doors(machines, people http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/v1/"), r.URL.Path == "/v1", strings.HasPrefix(r.URL.Path, "/problems"):
			machines.ServeHTTP(w, r)
		default:
			people.ServeHTTP(w, r)
		}
	})
}

// client reads the caller's address: from the connection or, behind n trusted
// proxies, the n-th address from the right of X-Forwarded-For.
func client(proxies int) func(*http.Request) string {
	return func(r *http.Request) string {
		if hops := strings.Split(r.Header.Get("X-Forwarded-For"), ","); proxies > 0 && len(hops) >= proxies {
			if ip := net.ParseIP(strings.TrimSpace(hops[len(hops)-proxies])); ip != nil {
				return ip.String()
			}
		}
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		if err != nil {
			return r.RemoteAddr
		}
		return host
	}
}

// layers are the names of the layers in tile addresses; "all" is every layer that has a meaning at the zoom.
var layers = map[string]territories.Kind{
	"all": tiles.All, "communes": territories.KindCommune, "epci": territories.KindEPCI,
	"departements": territories.KindDepartement, "regions": territories.KindRegion,
}

// tileHandler answers /tiles/{layer}/{z}/{x}/{y}.mvt; everybody may look at the map.
func tileHandler(maps *contours.Maps) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /tiles/{layer}/{z}/{x}/{y}", func(w http.ResponseWriter, r *http.Request) {
		key, ok := tileKey(r)
		if !ok {
			http.NotFound(w, r)
			return
		}
		drawn, err := maps.Map(r.Context())
		if drawn == nil {
			http.Error(w, fault.Of(err).Message.In("en"), http.StatusInternalServerError)
			return
		}
		tile, err := drawn.Tiles.Tile(r.Context(), key)
		var outside *tiles.RangeError
		switch {
		case errors.As(err, &outside):
			http.NotFound(w, r)
		case err != nil:
			http.Error(w, fault.Of(err).Message.In("en"), http.StatusInternalServerError)
		default:
			sendTile(w, r, tile)
		}
	})
	return mux
}

func tileKey(r *http.Request) (tiles.Key, bool) {
	kind, ok := layers[r.PathValue("layer")]
	y, suffix := strings.CutSuffix(r.PathValue("y"), ".mvt")
	key := tiles.Key{Kind: kind}
	for _, n := range []struct {
		to   *int
		text string
	}{{&key.Z, r.PathValue("z")}, {&key.X, r.PathValue("x")}, {&key.Y, y}} {
		v, err := strconv.Atoi(n.text)
		if err != nil {
			return key, false
		}
		*n.to = v
	}
	return key, ok && suffix
}

func sendTile(w http.ResponseWriter, r *http.Request, tile tiles.Tile) {
	h := w.Header()
	h.Set("ETag", tile.ETag)
	h.Set("Cache-Control", "public, max-age=3600")
	h.Set("Content-Type", "application/vnd.mapbox-vector-tile")
	h.Set("Vary", "Accept-Encoding")
	switch {
	case r.Header.Get("If-None-Match") == tile.ETag:
		w.WriteHeader(http.StatusNotModified)
	case len(tile.Data) == 0:
		w.WriteHeader(http.StatusNoContent)
	default:
		h.Set("Content-Encoding", "gzip")
		_, _ = w.Write(tile.Data)
	}
}
