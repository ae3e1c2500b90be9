package mesh

import "github.com/paulmach/orb"

// Degrees gives the shape in longitude and latitude, nil when it is empty.
func (s Shape) Degrees() orb.MultiPolygon {
	if len(s) == 0 {
		return nil
	}
	out := make(orb.MultiPolygon, len(s))
	for i, part := range s {
		out[i] = make(orb.Polygon, len(part))
		for j, ring := range part {
			out[i][j] = orb.Ring(degrees(ring))
		}
	}
	return out
}

func degrees(line []Vertex) []orb.Point {
	out := make([]orb.Point, len(line))
	for i, v := range line {
		out[i] = v.point()
	}
	return out
}

// Lines gives the borders that pick accepts, told the faces on both sides.
func (c *Coverage) Lines(pick func(left, right int32) bool) orb.MultiLineString {
	var out orb.MultiLineString
	for _, a := range c.arcs {
		if pick(a.Left, a.Right) {
			out = append(out, degrees(a.Points))
		}
	}
	return out
}
