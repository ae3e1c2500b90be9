package contours

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// geometry is the geometry of a feature, its coordinates not read yet.
type geometry struct {
	Type        string
	Coordinates json.RawMessage
}

// wrong is what is wrong with a geometry, in both languages.
type wrong struct{ code, fr, en string }

func wrongf(code, fr, en string, args ...any) *wrong {
	return &wrong{code, fmt.Sprintf(fr, args...), fmt.Sprintf(en, args...)}
}

// area reads the coordinates and checks what every area must satisfy: rings of
// four points or more, closed, finite, in degrees. It counts the points read.
func (g *geometry) area() (orb.MultiPolygon, int, *wrong) {
	if g == nil {
		return nil, 0, wrongf("no-geometry", "Ce territoire n’a pas de contour.", "This territory has no geometry.")
	}
	var polygons [][][][]float64
	var err error
	switch g.Type {
	case "Polygon":
		polygons = make([][][][]float64, 1)
		err = json.Unmarshal(g.Coordinates, &polygons[0])
	case "MultiPolygon":
		err = json.Unmarshal(g.Coordinates, &polygons)
	default:
		return nil, 0, wrongf("not-an-area", "Il faut un Polygon ou un MultiPolygon, pas « %s ».", "A Polygon or a MultiPolygon is needed, not %q.", g.Type)
	}
	if err != nil {
		return nil, 0, wrongf("coordinates", "Ses coordonnées ne sont pas celles d’un %s.", "Its coordinates are not those of a %s.", g.Type)
	}
	return areaOf(polygons)
}

func areaOf(polygons [][][][]float64) (orb.MultiPolygon, int, *wrong) {
	points := 0
	out := make(orb.MultiPolygon, 0, len(polygons))
	for _, p := range polygons {
		polygon := make(orb.Polygon, 0, len(p))
		for _, r := range p {
			points += len(r)
			ring, w := ringOf(r)
			if w != nil {
				return nil, points, w
			}
			polygon = append(polygon, ring)
		}
		if len(polygon) > 0 {
			out = append(out, polygon)
		}
	}
	if len(out) == 0 {
		return nil, points, wrongf("no-geometry", "Ce territoire n’a pas de contour.", "This territory has no geometry.")
	}
	return out, points, nil
}

func ringOf(positions [][]float64) (orb.Ring, *wrong) {
	if len(positions) < 4 {
		return nil, wrongf("short-ring", "Un anneau n’a que %d points : il en faut quatre.", "A ring has only %d points: four are needed.", len(positions))
	}
	ring := make(orb.Ring, len(positions))
	for i, p := range positions {
		if len(p) < 2 || len(p) > 4 {
			return nil, wrongf("position", "Le point %d d’un anneau a %d nombres : il en faut deux.", "Point %d of a ring has %d numbers: two are needed.", i+1, len(p))
		}
		if !(math.Abs(p[0]) <= 180 && math.Abs(p[1]) <= 90) {
			return nil, wrongf("range", "Le point %d d’un anneau (%g, %g) n’est pas une longitude et une latitude.", "Point %d of a ring (%g, %g) is not a longitude and a latitude.", i+1, p[0], p[1])
		}
		ring[i] = orb.Point{p[0], p[1]}
	}
	if !ring.Closed() {
		return nil, wrongf("open-ring", "Un anneau n’est pas fermé : son dernier point n’est pas le premier.", "A ring is not closed: its last point is not the first.")
	}
	return ring, nil
}
