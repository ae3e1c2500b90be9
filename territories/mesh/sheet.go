package mesh

import (
	"fmt"

	"github.com/paulmach/orb"

	"maillage/territories"
)

// Area is one territory of a sheet: its path, and where a short label fits in it.
type Area struct {
	Ref  territories.Ref
	Path string
	X, Y int
}

// Inset is the frame of an overseas land, drawn at its own scale.
type Inset struct {
	Ref                 territories.Ref
	Name                string
	X, Y, Width, Height int
}

// Sheet is all territories of a kind, each an area of its own: mainland France and
// Corsica above, each overseas territory in an inset under them.
type Sheet struct {
	ViewBox string
	Areas   []Area // in the order of their codes
	Insets  []Inset
	Missing []territories.Ref // nothing tells where they are
}

// The sheet, in units of the drawing: as wide as a column's map.
const (
	sheetWidth, sheetMain = 864, 800
	insetHeight, insetGap = 150, 12
	insetName             = 28 // room for the name over an inset
	sheetTolerance        = 1.2
)

// Sheet draws the territories of a kind that is wide enough to be drawn whole: regions
// or départements. The same mesh gives the same sheet.
func (m *Mesh) Sheet(kind territories.Kind) (Sheet, error) {
	if kind != territories.KindRegion && kind != territories.KindDepartement {
		return Sheet{}, fmt.Errorf("a sheet of kind %q: region or departement", kind)
	}
	layer, err := m.Layer(kind)
	if err != nil {
		return Sheet{}, err
	}
	main, apart, missing := m.zones(layer)
	s := Sheet{ViewBox: fmt.Sprintf("0 0 %d %d", sheetWidth, sheetMain)}
	for _, face := range missing {
		s.Missing = append(s.Missing, layer.Refs[face])
	}
	s.add(layer, main, NewFrame(m.facesBound(layer, main), sheetWidth, sheetMain), 0, 0)
	if len(apart) == 0 {
		return s, nil
	}
	width := (sheetWidth - insetGap*(len(apart)-1)) / len(apart)
	for i, face := range apart {
		name, _ := m.atlas.Name(layer.Refs[face])
		in := Inset{layer.Refs[face], name, i * (width + insetGap), sheetMain + insetName, width, insetHeight}
		s.Insets = append(s.Insets, in)
		s.add(layer, []int{face}, NewFrame(m.facesBound(layer, []int{face}), width, insetHeight), in.X, in.Y)
	}
	s.ViewBox = fmt.Sprintf("0 0 %d %d", sheetWidth, sheetMain+insetName+insetHeight)
	return s, nil
}

// zones tells the faces of the mainland, those overseas, and those without a place.
func (m *Mesh) zones(l *Layer) (main, apart, missing []int) {
	overseas := make([]bool, len(l.Refs))
	for ord, face := range l.group {
		if face != Outside && zoneOf(m.atlas.Commune(ord)) != "metro" {
			overseas[face] = true
		}
	}
	for face := range l.Refs {
		switch {
		case l.Empty(face):
			missing = append(missing, face)
		case overseas[face]:
			apart = append(apart, face)
		default:
			main = append(main, face)
		}
	}
	return main, apart, missing
}

func (m *Mesh) facesBound(l *Layer, faces []int) orb.Bound {
	wanted := make([]bool, len(l.Refs))
	for _, face := range faces {
		wanted[face] = true
	}
	box := emptyBox
	for ord, face := range l.group {
		if face != Outside && wanted[face] {
			box = box.union(m.bounds[ord])
		}
	}
	return box.degrees()
}

// add draws some faces in a frame, moved to where it stands on the sheet.
func (s *Sheet) add(l *Layer, faces []int, f Frame, dx, dy int) {
	plane := Plane{To: func(v Vertex) Vertex {
		v = f.vertex(v)
		return Vertex{v.X + int32(dx), v.Y + int32(dy)}
	}, Mirrored: true}
	part := l.Part(faces, plane, sheetTolerance)
	for i, face := range faces {
		shape := part.Shape(i)
		x, y := shape.middle()
		s.Areas = append(s.Areas, Area{l.Refs[face], area(shape), x, y})
	}
}
