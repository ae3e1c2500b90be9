package mesh

import "math"

// grain is how finely the widest place of an area is looked for, each way.
const grain = 28

// middle is a place well inside a shape, for a label: of a grid over its largest part,
// the point that is farthest from any border. It is 0, 0 of a shape without area.
func (s Shape) middle() (x, y int) {
	widest := s.largest()
	if widest == nil {
		return 0, 0
	}
	box := emptyBox
	for _, v := range widest[0] {
		box = box.extend(v)
	}
	best := -1.0
	for i := range grain {
		for j := range grain {
			px := int(box.Min.X) + (2*i+1)*int(box.Max.X-box.Min.X)/(2*grain)
			py := int(box.Min.Y) + (2*j+1)*int(box.Max.Y-box.Min.Y)/(2*grain)
			if d := widest.depth(px, py); d > best {
				best, x, y = d, px, py
			}
		}
	}
	return x, y
}

// part is one part of a shape: its outer ring, then its holes.
type part []Ring

func (s Shape) largest() (largest part) {
	var most int64
	for _, p := range s {
		if a := p[0].Area2(); a > most {
			most, largest = a, p
		}
	}
	return largest
}

// depth is how far a point is from the borders; below zero outside.
func (p part) depth(x, y int) float64 {
	in := false
	near := math.Inf(1)
	for _, r := range p {
		if r.contains(2*int64(x), 2*int64(y)) {
			in = !in
		}
		for i := 1; i < len(r); i++ {
			near = min(near, fromSegment(x, y, r[i-1], r[i]))
		}
	}
	if !in {
		return -near
	}
	return near
}

func fromSegment(x, y int, a, b Vertex) float64 {
	px, py, dx, dy := float64(x)-float64(a.X), float64(y)-float64(a.Y), float64(b.X)-float64(a.X), float64(b.Y)-float64(a.Y)
	along := 0.0
	if length := dx*dx + dy*dy; length > 0 {
		along = min(1, max(0, (px*dx+py*dy)/length))
	}
	return math.Hypot(px-along*dx, py-along*dy)
}
