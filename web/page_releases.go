package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"maillage/internal/fault"
	"maillage/opportunities"
	"maillage/tenders"
)

// releasesMost is how many procurements leave in one package; it leads to the next.
const releasesMost = 5000

// releasesPath is the package of the list of the address that begins at a
// cursor. It holds the filters alone: it is in the identifier of the package.
func (c *call) releasesPath(after string) string {
	kept := url.Values{}
	for _, name := range []string{"quoi", "ou", "secteur", "clause", "nature", "remise"} {
		if value := c.query(name); value != "" {
			kept.Set(name, value)
		}
	}
	if after != "" {
		kept.Set("apres", after)
	}
	link := url.URL{Path: "/marches.ocds.json", RawQuery: kept.Encode()}
	return link.String()
}

// releasesOf is where a list leaves as releases; empty where none of what is
// shown came of a notice.
func (c *call) releasesOf(shown []*opportunities.Opportunity) string {
	if c.s.cfg.Tenders == nil || !slices.ContainsFunc(shown, tenders.IsReleasable) {
		return ""
	}
	return c.releasesPath("")
}

// listReleases answers with the list as an OCDS release package, as it is read.
func (s *Server) listReleases(c *call) error {
	f, err := c.understood()
	if err != nil {
		return err
	}
	if s.cfg.Tenders == nil {
		return tenders.NoRelease()
	}
	out := &unbegun{ResponseWriter: c.w, name: "marches-" + c.now.In(c.zone).Format("2006-01-02") + ".ocds.json"}
	_, err = s.cfg.Tenders.Export(c.r.Context(), out, tenders.Export{Filter: f, Order: opportunities.Soonest, After: c.query("apres"), Most: releasesMost, Path: c.releasesPath})
	if err == nil || !out.begun {
		return err
	}
	if fault.Of(err).Kind == fault.KindInternal && !errors.Is(err, context.Canceled) {
		s.log.ErrorContext(c.r.Context(), "a release package is cut short", "err", err)
	}
	panic(http.ErrAbortHandler) // half a package must not look whole
}

// unbegun is an answer that is still a page until the first byte of the file.
type unbegun struct {
	http.ResponseWriter
	name  string
	begun bool
}

func (u *unbegun) Write(p []byte) (int, error) {
	if !u.begun {
		h := u.Header()
		h.Set("Content-Type", "application/json")
		h.Set("Content-Disposition", `attachment; filename="`+u.name+`"`)
		h.Set("Cache-Control", "private, no-cache")
		u.begun = true
	}
	return u.ResponseWriter.Write(p)
}
