package web

import (
	"encoding/json"
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"maillage/territories"
	"maillage/territories/mesh"
)

// Map is a figure: a drawing of what is asked and what is offered, its legend and its list. The
// live map, where there is one, shows the same.
type Map struct {
	ID, Title, Desc string
	Drawing         mesh.Drawing
	Pins            []MapPin
	Legend          []LegendItem
	Live            string // address of the live map's areas; empty: the drawing alone
	Points          string // the live map's points, as JSON
	Copy            string // address of this very view
	Table           *MapTable
	Note            string // what the drawing cannot show
}

// Shown says whether there is something to draw.
func (m Map) Shown() bool { return m.Drawing.ViewBox != "" }

// MapPin is a thing of the list, or several that stand too close to be told apart.
type MapPin struct {
	Row     string // ties it to its row
	Label   string
	Title   string
	X, Y    int
	On      bool
	Several bool
}

// R is the pin's radius on the drawing.
func (p MapPin) R() int {
	switch {
	case p.Several:
		return 19 + 6*(len(p.Label)-2)
	case p.Label == "":
		return 10
	}
	return 21
}

// TextY is where the pin's label stands.
func (p MapPin) TextY() int { return p.Y + 9 }

// MapPoint is a thing to put on a map.
type MapPoint struct {
	Row, Label, Name, Href string
	At                     orb.Point
	On                     bool
}

// mapSpec says what to draw.
type mapSpec struct {
	id, title, desc string
	asked, offered  *territories.Perimeter
	window          *territories.Set // where to look when neither is drawn; nil: around the points, or the whole
	points          []MapPoint
	towns           int
	wide            bool // a page-wide map rather than a column
}

// ground is what maps are drawn from at this moment: official contours may be
// loaded while the server runs. It is nil where nothing is drawn.
func (s *Server) ground() *mesh.Mesh {
	if s.cfg.Map == nil {
		return nil
	}
	return s.cfg.Map().Mesh
}

// credits names who drew the official contours in use.
func (s *Server) credits() (out []string) {
	if s.cfg.Map == nil {
		return nil
	}
	for _, l := range s.cfg.Map().Layers {
		credit := l.Source
		if l.Licence != "" {
			credit += ", " + l.Licence
		}
		if !slices.Contains(out, credit) {
			out = append(out, credit)
		}
	}
	return out
}

// draw makes a figure; it is not Shown where no place is known.
func (s *Server) draw(spec mapSpec) Map {
	ground := s.ground()
	if ground == nil {
		return Map{}
	}
	asked, offered := setOf(spec.asked), setOf(spec.offered)
	bound, ok := ground.Window(asked, offered)
	if asked == nil && offered == nil {
		bound, ok = s.around(ground, spec)
	}
	if !ok {
		return Map{}
	}
	view := mesh.View{Bound: bound, Asked: asked, Offered: offered, Towns: spec.towns, Budget: 42_000}
	if view.Towns == 0 {
		view.Towns = 7
	}
	if spec.wide {
		view.Width, view.Height = 1296, 864
	}
	m := Map{ID: spec.id, Title: spec.title, Desc: spec.desc, Drawing: ground.Draw(view)}
	m.Pins = pins(m.Drawing.Frame, spec.points)
	besidePins(m.Drawing.Towns, m.Pins)
	if s.cfg.Tiles != nil && s.assets.bundled() {
		m.Live = "/carte?" + areas(spec.asked, spec.offered, bound)
		m.Points = points(spec.points)
	}
	return m
}

// around is a window on the points, or on a territory, or on mainland France.
func (s *Server) around(ground *mesh.Mesh, spec mapSpec) (orb.Bound, bool) {
	if spec.window != nil {
		if bound, ok := ground.Bound(spec.window); ok {
			return bound, true
		}
	}
	bound := orb.Bound{Min: orb.Point{181, 91}, Max: orb.Point{-181, -91}}
	for _, p := range spec.points {
		if mainland(p.At) {
			bound = bound.Extend(p.At)
		}
	}
	if bound.Min[0] > bound.Max[0] {
		return orb.Bound{Min: orb.Point{-5.2, 41.3}, Max: orb.Point{9.6, 51.1}}, true
	}
	return bound.Pad(0.15), true
}

func mainland(p orb.Point) bool { return p[0] > -6 && p[0] < 10 && p[1] > 41 && p[1] < 52 }

func setOf(p *territories.Perimeter) *territories.Set {
	if p == nil || p.Set.Len() == 0 {
		return nil
	}
	return p.Set
}

// near is how close two pins may stand before they become one, and mostPins how many a drawing
// bears: past that, pins farther apart become one, until the map can be read.
const (
	near     = 30
	mostPins = 60
)

// pins places points in a drawing; those that would hide each other become one with their number.
func pins(frame mesh.Frame, points []MapPoint) []MapPin {
	apart := near
	all := gather(frame, points, apart)
	for len(all) > mostPins && len(all) < len(points) {
		apart += apart / 2
		all = gather(frame, points, apart)
	}
	return all
}

func gather(frame mesh.Frame, points []MapPoint, apart int) []MapPin {
	var all []MapPin
	var names [][]string
	for _, p := range points {
		x, y, inside := frame.Project(p.At)
		if !inside {
			continue
		}
		at := slices.IndexFunc(all, func(pin MapPin) bool {
			dx, dy := pin.X-x, pin.Y-y
			return dx*dx+dy*dy < apart*apart
		})
		if at < 0 {
			all = append(all, MapPin{Row: p.Row, Label: p.Label, Title: p.Name, X: x, Y: y, On: p.On})
			names = append(names, []string{p.Name})
			continue
		}
		names[at] = append(names[at], p.Name)
		all[at].Several, all[at].On = true, all[at].On || p.On
		all[at].Label = fmt.Sprintf("×%d", len(names[at]))
		if len(names[at]) <= pageSize { // a cluster of the whole country has no rows to point at
			all[at].Row += " " + p.Row
		}
	}
	for i := range all {
		all[i].Title = few(names[i])
	}
	return all
}

// few writes the first names of a cluster, and that there are others.
func few(names []string) string {
	if len(names) > 6 {
		return strings.Join(names[:6], ", ") + "…"
	}
	return strings.Join(names, ", ")
}

// areas is the query of the live map's areas.
func areas(asked, offered *territories.Perimeter, bound orb.Bound) string {
	q := url.Values{}
	if asked != nil {
		q.Set("demande", asked.Text)
	}
	if offered != nil {
		q.Set("offre", offered.Text)
	}
	q.Set("cadre", fmt.Sprintf("%.4f,%.4f,%.4f,%.4f", bound.Min[0], bound.Min[1], bound.Max[0], bound.Max[1]))
	return q.Encode()
}

// points is what the live map shows as dots.
func points(list []MapPoint) string {
	rows := make([][5]any, 0, len(list))
	for _, p := range list {
		rows = append(rows, [5]any{p.Row, p.At[0], p.At[1], p.Name, p.Href})
	}
	text, err := json.Marshal(rows)
	if err != nil { // numbers and strings only
		return "[]"
	}
	return string(text)
}

// crossing is the map of a lot and of a candidate's zone, with the three textures of its legend.
func (c *call) crossing(id string, asked, offered *territories.Perimeter, name string, points []MapPoint) Map {
	title := c.T("opp.map_title_lot")
	if offered != nil {
		title = c.T("opp.map_title", "Name", name)
	}
	m := c.s.draw(mapSpec{id: id, title: title, desc: c.T("opp.map_desc"), asked: asked, offered: offered, points: points})
	if !m.Shown() {
		return m
	}
	m.Copy = c.r.URL.RequestURI()
	m.Note = c.missing(m.Drawing)
	m.Legend = c.crossingLegend(asked, offered, name)
	if asked != nil {
		m.Table = c.crossingTable(asked, offered, name)
	}
	return m
}

func (c *call) crossingLegend(asked, offered *territories.Perimeter, name string) []LegendItem {
	a, o := setOf(asked), setOf(offered)
	switch {
	case a == nil && o == nil:
		return nil
	case o == nil:
		return []LegendItem{{SwatchAsked, c.H("opp.legend_asked_all", "N", c.N("communes", a.Len()))}}
	case a == nil:
		return []LegendItem{{SwatchOffered, c.H("member.legend_zone", "N", c.N("communes", o.Len()), "People", c.Num(int(offered.Population)))}}
	}
	both := a.AndLen(o)
	legend := []LegendItem{}
	if left := a.Len() - both; left > 0 {
		legend = append(legend, LegendItem{SwatchAsked, c.H("opp.legend_asked", "N", c.N("communes", left))})
	}
	legend = append(legend, LegendItem{SwatchOffered, c.H("opp.legend_offered", "Name", name)})
	if both > 0 {
		share := 0.0
		if asked.Population > 0 {
			share = float64(c.s.cfg.Atlas.SharedPopulation(a, o)) / float64(asked.Population)
		}
		legend = append(legend, LegendItem{SwatchBoth, c.H("opp.legend_both", "N", c.N("communes", both), "Share", c.Percent(share))})
	}
	return legend
}

// listed is how many communes a figure lists before it stops.
const listed = 40

func (c *call) crossingTable(asked, offered *territories.Perimeter, name string) *MapTable {
	o := setOf(offered)
	t := &MapTable{
		Summary: c.T("opp.list_communes"), Caption: c.T("opp.map_title", "Name", name),
		Head: []string{c.T("opp.commune"), c.T("opp.people")}, Numbers: []bool{false, true},
	}
	if o == nil {
		t.Caption = c.T("opp.map_title_lot")
	} else {
		t.Head, t.Numbers = append(t.Head, c.T("opp.zone")), append(t.Numbers, false)
	}
	for _, ord := range c.mostPeopled(asked.Set, listed) {
		commune := c.s.cfg.Atlas.Commune(ord)
		row := []string{commune.Name, c.Num(commune.Population)}
		if o != nil {
			row = append(row, map[bool]string{true: c.T("opp.covered"), false: c.T("opp.outside")}[o.Contains(ord)])
		}
		t.Rows = append(t.Rows, row)
	}
	t.Rest = c.rest(asked.Set)
	return t
}

func (c *call) rest(set *territories.Set) string {
	if set.Len() <= listed {
		return ""
	}
	return c.T("member.zone_list_more", "N", c.Num(set.Len()-listed))
}

// zoneMap is the map of where an enterprise works.
func (c *call) zoneMap(id string, zone *territories.Perimeter, name string, points []MapPoint) Map {
	if zone == nil && len(points) == 0 {
		return Map{}
	}
	m := c.s.draw(mapSpec{id: id, title: c.T("member.zone_title", "Name", name), desc: c.T("member.zone_desc"), offered: zone, points: points})
	if !m.Shown() || zone == nil {
		return m
	}
	m.Note = c.missing(m.Drawing)
	m.Legend = c.crossingLegend(nil, zone, name)
	m.Table = &MapTable{Summary: c.T("member.zone_list"), Caption: c.T("member.zone_title", "Name", name),
		Head: []string{c.T("opp.commune"), c.T("opp.people")}, Numbers: []bool{false, true}, Rest: c.rest(zone.Set)}
	for _, ord := range c.mostPeopled(zone.Set, listed) {
		commune := c.s.cfg.Atlas.Commune(ord)
		m.Table.Rows = append(m.Table.Rows, []string{commune.Name, c.Num(commune.Population)})
	}
	return m
}

// missing says which communes have no known place, and how many lie out of the window.
func (c *call) missing(d mesh.Drawing) string {
	if n := len(d.Missing); n > 0 {
		return c.N("territory.missing", n)
	}
	return ""
}

// mostPeopled lists the communes of a set by population, the largest first, at most so many.
func (c *call) mostPeopled(set *territories.Set, most int) []int {
	ords := make([]int, 0, set.Len())
	set.Each(func(ord int) bool { ords = append(ords, ord); return true })
	atlas := c.s.cfg.Atlas
	slices.SortFunc(ords, func(a, b int) int {
		if d := atlas.Commune(b).Population - atlas.Commune(a).Population; d != 0 {
			return d
		}
		return a - b
	})
	return ords[:min(most, len(ords))]
}

// compile reads a stored perimeter expression; nil where there is none or it no longer compiles.
func (s *Server) compile(expr string) *territories.Perimeter {
	if expr == "" || s.cfg.Atlas == nil {
		return nil
	}
	p, err := s.cfg.Atlas.CompileText(expr)
	if err != nil {
		return nil
	}
	return p
}

// mostAreas is how many communes the live map fills one by one; a wider place is told by its edge.
const mostAreas = 6000

// mapAreas answers the live map: which communes are asked, which offered, and the window.
func (s *Server) mapAreas(c *call) error {
	answer := struct {
		Asked       []territories.CommuneCode `json:"asked,omitempty"`
		Offered     []territories.CommuneCode `json:"offered,omitempty"`
		Bounds      []float64                 `json:"bounds,omitempty"`
		Points      json.RawMessage           `json:"points,omitempty"`
		Edges       map[string]any            `json:"edges,omitempty"` // GeoJSON lines around what is asked and offered
		Attribution string                    `json:"attribution"`
	}{Attribution: strings.Join(append([]string{"INSEE, IGN, Etalab"}, s.credits()...), " ; ")}
	answer.Edges = map[string]any{}
	for name, into := range map[string]*[]territories.CommuneCode{"demande": &answer.Asked, "offre": &answer.Offered} {
		p := s.compile(c.query(name))
		if p == nil {
			continue
		}
		if p.Set.Len() <= mostAreas {
			*into = s.cfg.Atlas.Codes(p.Set)
		}
		if ground := s.ground(); ground != nil {
			edge := map[string]string{"demande": "asked", "offre": "offered"}[name]
			answer.Edges[edge] = geojson.NewGeometry(ground.Boundary(p.Set))
		}
	}
	if c.query("membres") != "" {
		members, err := s.everyone.get(c.now, c.memberPoints)
		if err != nil {
			return err
		}
		answer.Points = json.RawMessage(points(members))
	}
	var w, so, e, n float64
	if _, err := fmt.Sscanf(c.query("cadre"), "%f,%f,%f,%f", &w, &so, &e, &n); err == nil {
		answer.Bounds = []float64{w, so, e, n}
	}
	return c.json(answer)
}

// mapClass is a drawn area: its path is written once and used with each of its classes.
type mapClass struct {
	Name, D string
	Classes []string
}

// Areas lists the drawn areas from the ground up.
func (m Map) Areas() []mapClass {
	d := m.Drawing
	all := []mapClass{
		{"c", d.Cells, []string{"cells"}},
		{"z", d.ZoneOnly, []string{"zone-t", "zone"}},
		{"l", d.LotOnly, []string{"lot-t", "lot"}},
		{"b", d.Both, []string{"both", "both-x"}},
		{"f", d.Lines, []string{"lines"}},
		{"d", d.DepartementBorders, []string{"dep"}},
		{"y", d.ZoneEdge, []string{"zone-edge"}},
		{"x", d.LotEdge, []string{"lot-edge"}},
	}
	drawn := all[:0]
	for _, area := range all {
		if area.D != "" {
			drawn = append(drawn, area)
		}
	}
	return drawn
}

// LegendItem says what a texture means here.
type LegendItem struct {
	Swatch Swatch
	Text   template.HTML
}
