package web

import (
	"bytes"
	"io"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/matching"
	"maillage/matching/engine"
	"maillage/territories"
	"maillage/territories/tiles"
)

// holesMost bounds what leaves in one file.
const holesMost = 5000

func (c *call) canSeeHoles() bool {
	return c.may(accounts.MatchCoverage)
}

// allHoles reads every need of the filters.
func (c *call) allHoles() (*matching.Coverage, error) {
	q, warning := c.holesQuery()
	if warning != "" { // a place that is not understood is not the whole country
		return nil, fault.NotFound("territory", c.query("ou"))
	}
	q.Limit = holesMost
	return c.s.cfg.Matching.Coverage(c.r.Context(), q)
}

// holesTable is the list for a spreadsheet.
func (s *Server) holesTable(c *call) error {
	found, err := c.allHoles()
	if err != nil {
		return err
	}
	c.w.Header().Set("Content-Disposition", `attachment; filename="besoins-non-couverts-`+c.now.In(c.zone).Format("2006-01-02")+`.csv"`)
	return c.send("text/csv; charset=utf-8; header=present", func(w io.Writer) error {
		return matching.WriteHolesCSV(w, string(c.Lang), found.Holes, func(l engine.Lack) string { return c.T("holes.lack_" + string(l)) })
	})
}

// holesShapes is the list for a geographic information system: one area a territory, with its needs.
func (s *Server) holesShapes(c *call) error {
	ground := s.ground()
	if ground == nil {
		return fault.New(fault.KindUnavailable, "no-shapes", "Les contours ne sont pas disponibles sur ce serveur.", "Outlines are not available on this server.")
	}
	found, err := c.allHoles()
	if err != nil {
		return err
	}
	var order []territories.Ref
	by := map[territories.Ref][]*matching.Hole{}
	for i := range found.Holes {
		h := &found.Holes[i]
		if by[h.Territory] == nil {
			order = append(order, h.Territory)
		}
		by[h.Territory] = append(by[h.Territory], h)
	}
	return c.send("application/geo+json", func(w io.Writer) error {
		features := make([][]byte, 0, len(order))
		for _, ref := range order {
			var b bytes.Buffer
			if err := tiles.WriteArea(&b, ground, by[ref][0].Set, c.areaProperties(ref, by[ref])); err != nil {
				return err
			}
			features = append(features, bytes.TrimSpace(b.Bytes()))
		}
		_, err := w.Write(append(append([]byte(`{"type":"FeatureCollection","features":[`), bytes.Join(features, []byte(",\n"))...), "]}\n"...))
		return err
	})
}

func (c *call) areaProperties(ref territories.Ref, holes []*matching.Hole) map[string]any {
	type need struct {
		Key    string `json:"key"`
		Sector string `json:"sector"`
		Lack   string `json:"lack"`
		Lots   int    `json:"lots"`
		Unmet  int    `json:"unmet"`
	}
	needs, lots, unmet := []need{}, 0, 0
	for _, h := range holes {
		needs = append(needs, need{h.Key, h.Label.In(string(c.Lang)), string(h.Lack), len(h.Demand.Lots), len(h.Unmet)})
		lots, unmet = lots+len(h.Demand.Lots), unmet+len(h.Unmet)
	}
	return map[string]any{"ref": ref.String(), "name": holes[0].Place, "lots": lots, "unmet": unmet, "needs": needs}
}
