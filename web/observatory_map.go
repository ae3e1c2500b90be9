package web

import (
	"strconv"
	"strings"
	"sync"

	"maillage/indicators/catalogue"
	"maillage/indicators/publication"
	"maillage/territories"
	"maillage/territories/mesh"
)

// sheets keeps the drawing of the regions of the map in use: it is dear to make.
type sheets struct {
	mu    sync.Mutex
	of    *mesh.Mesh
	sheet mesh.Sheet
}

// regions draws the regions of a map, once; false where nothing is drawn.
func (h *sheets) regions(ground *mesh.Mesh) (mesh.Sheet, bool, error) {
	if ground == nil {
		return mesh.Sheet{}, false, nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.of == ground {
		return h.sheet, true, nil
	}
	made, err := ground.Sheet(territories.KindRegion)
	if err != nil {
		return made, false, err
	}
	h.of, h.sheet = ground, made
	return made, true, nil
}

// areasOf maps the released figures of a year by region; nil where nothing is drawn or
// nothing is by region. Each area leads to its row, or to why it is hidden.
func (c *call) areasOf(i *catalogue.Indicator, t *publication.Table, shown released) (*AreasFigure, error) {
	sheet, drawn, err := c.s.sheets.regions(c.s.ground())
	if err != nil || !drawn {
		return nil, err
	}
	in := AreaMap{Values: map[string]AreaValue{}, ChartFrame: ChartFrame{ID: "carte", Title: c.T("map.areas", "Name", c.words(i.Label), "Year", strconv.Itoa(shown.year)), Desc: c.T("map.areas_desc")}}
	if t.Rate && strings.Contains(string(i.Unit), "percent") {
		in.Unit = "%"
	}
	for _, place := range shown.places {
		code, region := strings.CutPrefix(place, "R")
		r, there := shown.at[[2]string{place, shown.kind}]
		if !region || !there {
			continue
		}
		v := AreaValue{Name: c.words(c.s.cfg.Releases.PlaceName(place)), Value: c.readingValue(t, i, r), Href: "#" + rowID(place)}
		if v.Value.Status == Masked {
			v.Href = v.Value.Href
		}
		in.Values[code] = v
	}
	if len(in.Values) == 0 {
		return nil, nil //nolint:nilnil // an indicator of the whole federation has no map
	}
	if shown.kind != everything {
		in.Title += ", " + c.kindWord(shown.kind)
	}
	fig := c.drawAreas(in, sheet)
	return &fig, nil
}

// rowID names the row of a territory.
func rowID(place string) string { return "t-" + place }
