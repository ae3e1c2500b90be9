package mesh

import (
	"testing"

	"github.com/paulmach/orb"
)

// square is a box of whole degrees, turning the wrong way on purpose.
func square(x, y, w, h float64) orb.Ring {
	return orb.Ring{{x, y}, {x, y + h}, {x + w, y + h}, {x + w, y}, {x, y}}
}

// frame is a square of three by three with the middle left out; it has a corner
// at each degree, to share with squares beside it.
func frame() orb.MultiPolygon {
	return orb.MultiPolygon{{
		{{0, 0}, {1, 0}, {2, 0}, {3, 0}, {3, 1}, {3, 2}, {3, 3}, {2, 3}, {1, 3}, {0, 3}, {0, 2}, {0, 1}, {0, 0}},
		{{1, 1}, {2, 1}, {2, 2}, {1, 2}, {1, 1}},
	}}
}

func one(r orb.Ring) orb.MultiPolygon { return orb.MultiPolygon{{r}} }

func shapeOf(t *testing.T, c *Coverage, f int, parts, holes int, area2 int64) {
	t.Helper()
	s := c.Shape(f)
	if len(s) != parts {
		t.Fatalf("face %d has %d parts, want %d: %v", f, len(s), parts, s)
	}
	var sum int64
	n := 0
	for _, part := range s {
		for i, r := range part {
			sum += r.Area2()
			if (r.Area2() > 0) != (i == 0) || r[0] != r[len(r)-1] {
				t.Errorf("ring %d of face %d turns the wrong way or is open: %v", i, f, r)
			}
		}
		n += len(part) - 1
	}
	if n != holes || sum != area2*1e12 {
		t.Errorf("face %d has %d holes and area %d, want %d and %d", f, n, sum, holes, area2*1e12)
	}
}

func TestBuildSharesBorders(t *testing.T) {
	t.Parallel()
	c, seams := Build([]orb.MultiPolygon{one(square(0, 0, 1, 1)), one(square(1, 0, 1, 1)), nil})
	if seams.Shared != 1 || seams.Open != 6 || seams.Overlaps != 0 {
		t.Errorf("seams %+v, want one shared border and six open", seams)
	}
	if got := c.Neighbours(0); len(got) != 1 || got[0] != 1 {
		t.Errorf("neighbours of 0: %v", got)
	}
	if !c.Empty(2) || c.Shape(2) != nil {
		t.Error("the face without an area has one")
	}
	shapeOf(t, c.Merge([]int32{0, 0, 0}, 1), 0, 1, 0, 4)
}

func TestShapeWithHoleAndIsland(t *testing.T) {
	t.Parallel()
	c, _ := Build([]orb.MultiPolygon{frame(), one(square(1, 1, 1, 1))})
	shapeOf(t, c, 0, 1, 1, 16)
	shapeOf(t, c, 1, 1, 0, 2)
	shapeOf(t, c.Merge([]int32{0, 0}, 1), 0, 1, 0, 18)
	shapeOf(t, c.Merge([]int32{0, Outside}, 1), 0, 1, 1, 16)
}

// Two squares that touch at a corner stay two parts; a ring of squares around a
// hole that touches the outside at a corner has simple rings all the same.
func TestShapesThatTouchThemselves(t *testing.T) {
	t.Parallel()
	c, _ := Build([]orb.MultiPolygon{append(one(square(0, 0, 1, 1)), one(square(1, 1, 1, 1))...)})
	shapeOf(t, c, 0, 2, 0, 4)

	var cells []orb.MultiPolygon
	for x := range 4 {
		for y := range 4 {
			cells = append(cells, one(square(float64(x), float64(y), 1, 1)))
		}
	}
	grid, _ := Build(cells)
	group := make([]int32, len(cells))
	group[1*4+1], group[2*4+2] = Outside, Outside // holes that touch at (2, 2)
	shapeOf(t, grid.Merge(group, 1), 0, 1, 2, 28)
	group[0] = Outside // opens the first hole's corner on the outside
	shapeOf(t, grid.Merge(group, 1), 0, 1, 2, 26)
}

func TestBuildReportsOverlaps(t *testing.T) {
	t.Parallel()
	c, seams := Build([]orb.MultiPolygon{one(square(0, 0, 1, 1)), one(square(0, 0, 1, 1))})
	if seams.Overlaps != 4 {
		t.Errorf("%+v, want four overlaps", seams)
	}
	shapeOf(t, c, 0, 1, 0, 2)
	shapeOf(t, c, 1, 1, 0, 2)
}

func TestUnderKeepsWhatIsMissing(t *testing.T) {
	t.Parallel()
	upper, _ := Build([]orb.MultiPolygon{one(square(0, 0, 2, 1)), nil, nil})
	lower, _ := Build([]orb.MultiPolygon{one(square(0, 0, 1, 1)), one(square(1, 0, 1, 1)), one(square(2, 0, 1, 1))})
	c := upper.Under(lower)
	shapeOf(t, c, 0, 1, 0, 4)
	shapeOf(t, c, 1, 1, 0, 2)
	shapeOf(t, c, 2, 1, 0, 2)
	if got := c.Neighbours(2); len(got) != 1 || got[0] != 1 {
		t.Errorf("neighbours of 2: %v", got)
	}
}

// A hole belongs to the smallest ring around it: an island in a lake has its own.
func TestHoleOfAnIslandInALake(t *testing.T) {
	t.Parallel()
	c, _ := Build([]orb.MultiPolygon{{
		{square(0, 0, 7, 7), square(1, 1, 5, 5)},
		{square(2, 2, 3, 3), square(3, 3, 1, 1)},
	}})
	shapeOf(t, c, 0, 2, 2, 2*(49-25+9-1))
	for _, part := range c.Shape(0) {
		if len(part) != 2 || part[0].Area2() == 98e12 && part[1].Area2() != -50e12 {
			t.Errorf("a hole is in the wrong ring: %v", part)
		}
	}
}
