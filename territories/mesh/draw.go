package mesh

import (
	"fmt"

	"github.com/paulmach/orb"

	"maillage/territories"
)

// View says what to draw. Its zero size is that of the reference pages.
type View struct {
	// Bound is the window, in degrees; Window proposes one.
	Bound orb.Bound
	// Width and Height are in units of the drawing: 864 by 864 when zero.
	Width, Height int
	// Asked and Offered are the place of a lot and the zone of a member; either
	// may be nil.
	Asked, Offered *territories.Set
	// Towns bounds the number of labels of communes.
	Towns int
	// Budget is the most bytes of path data, 55,000 when zero: detail gives way.
	Budget int
}

// Drawing is a map as SVG path data, in whole units, each area apart so that the
// page gives it its texture. A path may be empty.
type Drawing struct {
	ViewBox string
	Frame   Frame
	// Cells is all land that is neither asked nor offered.
	Cells string
	// ZoneOnly is offered and not asked, LotOnly asked and not offered.
	ZoneOnly, LotOnly, Both string
	// Lines are the borders of Detail, those of the départements apart.
	Lines, DepartementBorders string
	// ZoneEdge and LotEdge run around what is offered and what is asked.
	ZoneEdge, LotEdge string
	// Detail is the finest level drawn: communes, EPCI, or départements.
	Detail territories.Kind
	// Towns and Departements are names to write.
	Towns, Departements []Label
	// Missing lists communes asked or offered that have no known place: the page
	// must say so. Elsewhere counts those that lie outside the window.
	Missing   []int
	Elsewhere int
}

// Size is the number of bytes of path data.
func (d *Drawing) Size() int {
	return len(d.Cells) + len(d.ZoneOnly) + len(d.LotOnly) + len(d.Both) + len(d.Lines) +
		len(d.DepartementBorders) + len(d.ZoneEdge) + len(d.LotEdge)
}

func (v View) withDefaults() View {
	if v.Width <= 0 {
		v.Width = 864
	}
	if v.Height <= 0 {
		v.Height = 864
	}
	if v.Budget <= 0 {
		v.Budget = 55_000
	}
	return v
}

// The classes of a commune in a drawing; their bits say offered and asked.
const (
	classNeither = iota
	classOffered
	classAsked
	classBoth
	classes
)

// Draw makes the map of a window. Where it would exceed the budget it draws the
// borders of EPCI rather than communes, then of départements, then smooths.
func (m *Mesh) Draw(v View) Drawing {
	v = v.withDefaults()
	p := m.picture(v)
	d := Drawing{
		ViewBox: fmt.Sprintf("0 0 %d %d", v.Width, v.Height),
		Frame:   p.frame,
	}
	d.Missing, d.Elsewhere = p.unseen(v)
	const fine, coarsest = 0.6, 20
	for _, level := range p.levels() {
		d.Detail = level
		p.draw(&d, level, fine)
		if d.Size() <= v.Budget {
			break
		}
	}
	for tolerance := 2 * fine; d.Size() > v.Budget && tolerance < coarsest; tolerance *= 2 {
		p.draw(&d, d.Detail, tolerance)
	}
	p.label(&d, v)
	return d
}

// picture is a view being drawn: which communes it shows and their class.
type picture struct {
	*Mesh
	frame Frame
	box   Box
	class []int32 // by ordinal, Outside when not shown
	shown int
	areas *Coverage // one face a class
}

func (m *Mesh) picture(v View) *picture {
	p := &picture{Mesh: m, frame: NewFrame(v.Bound, v.Width, v.Height), class: make([]int32, m.atlas.Len())}
	p.box = boxOf(p.frame.Bound)
	for ord := range p.class {
		p.class[ord] = Outside
		if !m.bounds[ord].Empty() && m.bounds[ord].Meets(p.box) {
			p.class[ord] = classOf(v, ord)
			p.shown++
		}
	}
	p.areas = m.communes.Merge(p.class, classes)
	return p
}

func classOf(v View, ord int) int32 {
	class := int32(classNeither)
	if v.Offered.Contains(ord) {
		class |= classOffered
	}
	if v.Asked.Contains(ord) {
		class |= classAsked
	}
	return class
}

// levels lists the details worth trying: what would be finer than the strokes
// that draw it is not.
func (p *picture) levels() []territories.Kind {
	levels := []territories.Kind{territories.KindCommune, territories.KindEPCI, territories.KindDepartement}
	switch {
	case p.shown > 15_000:
		return levels[2:]
	case p.shown > 4_000:
		return levels[1:]
	}
	return levels
}

func (p *picture) unseen(v View) (missing []int, elsewhere int) {
	v.Asked.Or(v.Offered).Each(func(ord int) bool {
		switch {
		case p.bounds[ord].Empty():
			missing = append(missing, ord)
		case p.class[ord] == Outside:
			elsewhere++
		}
		return true
	})
	return missing, elsewhere
}

// draw fills the paths of a drawing.
func (p *picture) draw(d *Drawing, level territories.Kind, tolerance float64) {
	areas := p.areas.Project(p.frame.plane(), tolerance)
	d.Cells, d.ZoneOnly = area(areas.Shape(classNeither)), area(areas.Shape(classOffered))
	d.LotOnly, d.Both = area(areas.Shape(classAsked)), area(areas.Shape(classBoth))
	d.ZoneEdge, d.LotEdge = edge(areas, classOffered), edge(areas, classAsked)
	d.DepartementBorders = p.borders(territories.KindDepartement, tolerance)
	d.Lines = ""
	if level != territories.KindDepartement {
		d.Lines = p.borders(level, tolerance)
	}
}

// edge is the border of all that has a bit of the class.
func edge(areas *Coverage, bit int32) string {
	has := func(class int32) bool { return class != Outside && class&bit != 0 }
	var lines [][]Vertex
	for _, a := range areas.arcs {
		if has(a.Left) != has(a.Right) {
			lines = append(lines, a.Points)
		}
	}
	return strokes(lines)
}

// borders draws the borders on land between the territories of a kind; those of
// the départements are left to their own path.
func (p *picture) borders(kind territories.Kind, tolerance float64) string {
	group := p.derived[kind]().group
	departement := p.derived[territories.KindDepartement]().group
	apart := kind != territories.KindDepartement
	var arcs []Arc
	for _, a := range p.communes.arcs {
		if a.Right == Outside || p.class[a.Left] == Outside || p.class[a.Right] == Outside {
			continue
		}
		if apart && departement[a.Left] != departement[a.Right] {
			continue
		}
		if a.Left, a.Right = group[a.Left], group[a.Right]; a.Left != a.Right {
			arcs = append(arcs, a)
		}
	}
	return p.frame.strokes(join(p.communes.nodes, orient(arcs)), tolerance)
}

// strokes draws arcs given in degrees.
func (f Frame) strokes(arcs []Arc, tolerance float64) string {
	lines := make([][]Vertex, len(arcs))
	for i, a := range arcs {
		line := make([]Vertex, len(a.Points))
		for j, v := range a.Points {
			line[j] = f.vertex(v)
		}
		lines[i] = simplify(line, tolerance)
	}
	return strokes(lines)
}
