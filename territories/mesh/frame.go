package mesh

import (
	"math"

	"github.com/paulmach/orb"
)

// Frame fits a window of the globe into a drawing, in Web Mercator, so that a
// drawn map and a tiled one show the same shapes. Positions are whole units from
// the upper left corner.
type Frame struct {
	Width, Height int
	// Bound is the whole window shown, in degrees: at least the one asked for.
	Bound orb.Bound
	scale float64
	left  float64
	top   float64
}

// maxLatitude is where Web Mercator stops.
const maxLatitude = 85.05112878

// NewFrame centres a bound in a drawing of this size, with a margin of one part
// in twenty.
func NewFrame(bound orb.Bound, width, height int) Frame {
	left, top := mercator(orb.Point{bound.Min[0], bound.Max[1]})
	right, bottom := mercator(orb.Point{bound.Max[0], bound.Min[1]})
	const share = 0.9
	spanX, spanY := max(right-left, 1e-9), max(bottom-top, 1e-9)
	scale := share * min(float64(width)/spanX, float64(height)/spanY)
	f := Frame{Width: width, Height: height, scale: scale}
	f.left = (left+right)/2 - float64(width)/2/scale
	f.top = (top+bottom)/2 - float64(height)/2/scale
	f.Bound = orb.Bound{Min: f.at(0, float64(height)), Max: f.at(float64(width), 0)}
	return f
}

// mercator gives the position in radians, the second axis down.
func mercator(p orb.Point) (x, y float64) {
	lat := min(maxLatitude, max(-maxLatitude, p[1])) * math.Pi / 180
	return p[0] * math.Pi / 180, -math.Log(math.Tan(math.Pi/4 + lat/2))
}

// at is the place of a position of the drawing, in degrees.
func (f Frame) at(x, y float64) orb.Point {
	lat := 2*math.Atan(math.Exp(-(f.top+y/f.scale))) - math.Pi/2
	return orb.Point{(f.left + x/f.scale) * 180 / math.Pi, lat * 180 / math.Pi}
}

// Project gives where a place falls in the drawing, and whether it is inside.
func (f Frame) Project(p orb.Point) (x, y int, inside bool) {
	mx, my := mercator(p)
	x, y = int(math.Round((mx-f.left)*f.scale)), int(math.Round((my-f.top)*f.scale))
	return x, y, x >= 0 && y >= 0 && x <= f.Width && y <= f.Height
}

// vertex is Project for the corner of an area.
func (f Frame) vertex(v Vertex) Vertex {
	x, y, _ := f.Project(v.point())
	return Vertex{int32(x), int32(y)}
}

// plane is the drawing as the plane of a coverage.
func (f Frame) plane() Plane { return Plane{To: f.vertex, Mirrored: true} }
