package mesh

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the mesh itself
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

//go:generate sh -c "cd generate && npm ci --no-audit --no-fund && go run ./points > points.csv && node mesh.mjs points.csv && rm points.csv"

// packed is the indicative mesh as generate/mesh.mjs writes it: gzip of unsigned
// varints, signed values zigzagged.
//
//	stamp      CRC-32 of the communes' codes, each followed by a line feed
//	communes, edges, vertices
//	sides      an edge: left minus the left before; 0 for outside, or right minus left
//	refs       an edge: its two vertices; 0 for the next new one, or how far back
//	vertices   x then y minus those of the vertex before, in hundred-thousandths
//
//go:embed mesh.bin
var packed []byte

const (
	// fileUnit is what the file's unit is worth in microdegrees.
	fileUnit = 10
	// maxUnpacked bounds what a damaged file can make us read.
	maxUnpacked = 64 << 20
)

// errDamaged is for a mesh that cannot be what the generator wrote.
var errDamaged = errors.New("mesh file is damaged")

// Stamp ties a mesh to one list of communes in the order of their ordinals.
func Stamp(codes []string) uint32 {
	var sum uint32
	for _, code := range codes {
		sum = crc32.Update(sum, crc32.IEEETable, append([]byte(code), '\n'))
	}
	return sum
}

// decode unpacks a mesh file into the coverage of its communes.
func decode(data []byte) (c *Coverage, stamp uint32, err error) {
	raw, err := unpack(data)
	if err != nil {
		return nil, 0, err
	}
	r := &reader{data: raw}
	stamp = uint32(r.unsigned())
	faces, edges, vertices := r.count(), r.count(), r.count()
	if r.failed {
		return nil, 0, fmt.Errorf("%w: header", errDamaged)
	}
	arcs := make([]Arc, edges)
	r.readSides(arcs, faces)
	r.readRefs(arcs, vertices)
	points := r.readVertices(vertices)
	if r.failed || len(r.data) != 0 {
		return nil, 0, fmt.Errorf("%w: %d bytes left", errDamaged, len(r.data))
	}
	place(arcs, points)
	return newCoverage(faces, vertices, arcs), stamp, nil
}

func unpack(data []byte) ([]byte, error) {
	zip, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("open mesh: %w", err)
	}
	raw, err := io.ReadAll(io.LimitReader(zip, maxUnpacked))
	if err != nil {
		return nil, fmt.Errorf("unpack mesh: %w", err)
	}
	return raw, nil
}

// place gives each edge its two points out of one array.
func place(arcs []Arc, points []Vertex) {
	ends := make([]Vertex, 2*len(arcs))
	for i := range arcs {
		pair := ends[2*i : 2*i+2 : 2*i+2]
		pair[0], pair[1] = points[arcs[i].from], points[arcs[i].to]
		arcs[i].Points = pair
	}
}

// reader takes varints off the front; after a failure it gives zeros.
type reader struct {
	data   []byte
	failed bool
}

func (r *reader) unsigned() uint64 {
	v, n := binary.Uvarint(r.data)
	if n <= 0 {
		r.failed, r.data = true, nil
		return 0
	}
	r.data = r.data[n:]
	return v
}

func (r *reader) signed() int64 {
	v := r.unsigned()
	return int64(v>>1) ^ -int64(v&1)
}

// count reads a number of things that each take a byte or more further on.
func (r *reader) count() int {
	v := r.unsigned()
	if v > uint64(len(r.data)) {
		r.failed = true
		return 0
	}
	return int(v)
}

// within is a number that must lie below limit.
func (r *reader) within(v uint64, limit int) int32 {
	if v >= uint64(limit) {
		r.failed = true
		return 0
	}
	return int32(v)
}

func (r *reader) readSides(arcs []Arc, faces int) {
	left := uint64(0)
	for i := range arcs {
		left += r.unsigned()
		arcs[i].Left, arcs[i].Right = r.within(left, faces), Outside
		if step := r.unsigned(); step > 0 {
			arcs[i].Right = r.within(left+step, faces)
		}
	}
}

func (r *reader) readRefs(arcs []Arc, vertices int) {
	next := uint64(0)
	ref := func() int32 {
		back := r.unsigned()
		if back == 0 {
			next++
			return r.within(next-1, vertices)
		}
		return r.within(next-back, vertices)
	}
	for i := range arcs {
		arcs[i].from = ref()
		arcs[i].to = ref()
	}
}

func (r *reader) readVertices(n int) []Vertex {
	out := make([]Vertex, n)
	var x, y int64
	for i := range out {
		x += r.signed()
		y += r.signed()
		out[i] = Vertex{int32(x * fileUnit), int32(y * fileUnit)}
	}
	return out
}
