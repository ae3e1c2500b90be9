package contours

import (
	"encoding/binary"
	"errors"
	"math"

	"github.com/paulmach/orb"
)

// A contour is kept as varints: the number of polygons; of each, its rings; of
// each ring, its points but the last, then each point minus the one before, in
// microdegrees, the first minus the last of the ring before.

const microdegrees = 1e6

var errDamaged = errors.New("a contour kept in the database is damaged")

func encode(area orb.MultiPolygon) []byte {
	var out []byte
	var x, y int64
	out = binary.AppendUvarint(out, uint64(len(area)))
	for _, polygon := range area {
		out = binary.AppendUvarint(out, uint64(len(polygon)))
		for _, ring := range polygon {
			out = binary.AppendUvarint(out, uint64(len(ring)-1))
			for _, p := range ring[:len(ring)-1] {
				nx, ny := int64(math.Round(p[0]*microdegrees)), int64(math.Round(p[1]*microdegrees))
				out = binary.AppendVarint(out, nx-x)
				out = binary.AppendVarint(out, ny-y)
				x, y = nx, ny
			}
		}
	}
	return out
}

// decoder reads what encode wrote; once failed it gives nothing.
type decoder struct {
	data   []byte
	failed bool
	x, y   int64
}

func decode(data []byte) (orb.MultiPolygon, error) {
	d := &decoder{data: data}
	area := make(orb.MultiPolygon, d.count())
	for i := range area {
		area[i] = make(orb.Polygon, d.count())
		for j := range area[i] {
			area[i][j] = d.ring()
		}
	}
	if d.failed || len(d.data) > 0 {
		return nil, errDamaged
	}
	return area, nil
}

func (d *decoder) count() int {
	n, size := binary.Uvarint(d.data)
	if size <= 0 || n > uint64(len(d.data)) {
		d.failed, d.data = true, nil
		return 0
	}
	d.data = d.data[size:]
	return int(n)
}

func (d *decoder) step() int64 {
	n, size := binary.Varint(d.data)
	if size <= 0 {
		d.failed, d.data = true, nil
		return 0
	}
	d.data = d.data[size:]
	return n
}

func (d *decoder) ring() orb.Ring {
	n := d.count()
	if n < 3 {
		d.failed = true
		return nil
	}
	ring := make(orb.Ring, n+1)
	for i := range n {
		d.x += d.step()
		d.y += d.step()
		ring[i] = orb.Point{float64(d.x) / microdegrees, float64(d.y) / microdegrees}
	}
	ring[n] = ring[0]
	return ring
}
