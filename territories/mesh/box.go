package mesh

import (
	"math"

	"github.com/paulmach/orb"
)

// Box is the extent of a face, in the units of its coverage, bounds included.
type Box struct{ Min, Max Vertex }

// emptyBox holds nothing, and any box united with it is itself.
var emptyBox = Box{Vertex{math.MaxInt32, math.MaxInt32}, Vertex{math.MinInt32, math.MinInt32}}

// Empty reports that the box holds nothing.
func (b Box) Empty() bool { return b.Min.X > b.Max.X }

// Meets reports whether two boxes share a point.
func (b Box) Meets(o Box) bool {
	return b.Min.X <= o.Max.X && o.Min.X <= b.Max.X && b.Min.Y <= o.Max.Y && o.Min.Y <= b.Max.Y
}

func (b Box) union(o Box) Box {
	return Box{
		Vertex{min(b.Min.X, o.Min.X), min(b.Min.Y, o.Min.Y)},
		Vertex{max(b.Max.X, o.Max.X), max(b.Max.Y, o.Max.Y)},
	}
}

func (b Box) extend(v Vertex) Box { return b.union(Box{v, v}) }

func (b Box) degrees() orb.Bound { return orb.Bound{Min: b.Min.point(), Max: b.Max.point()} }

func boxOf(b orb.Bound) Box { return Box{vertexOf(b.Min), vertexOf(b.Max)} }

// Boxes gives the extent of each face; an empty face has an empty box.
func (c *Coverage) Boxes() []Box {
	out := make([]Box, c.faces)
	for i := range out {
		out[i] = emptyBox
	}
	for _, a := range c.arcs {
		box := emptyBox
		for _, v := range a.Points {
			box = box.extend(v)
		}
		out[a.Left] = out[a.Left].union(box)
		if a.Right != Outside {
			out[a.Right] = out[a.Right].union(box)
		}
	}
	return out
}

// Empty reports that a face has no border, hence no area.
func (c *Coverage) Empty(f int) bool { return c.first[f] == c.first[f+1] }

// Within reports whether the box lies wholly in another.
func (b Box) Within(o Box) bool {
	return b.Min.X >= o.Min.X && b.Max.X <= o.Max.X && b.Min.Y >= o.Min.Y && b.Max.Y <= o.Max.Y
}
