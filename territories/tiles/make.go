package tiles

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"

	"maillage/territories"
	"maillage/territories/mesh"
)

const (
	// extent is the side of a tile in its own units, a power of two.
	extentBits = 12
	extent     = 1 << extentBits
	// buffer is how far areas go beyond the tile, so that strokes along its side
	// do not show.
	buffer = 64
	// worldBits is the precision of the prepared layers: the world is 2^30 units
	// wide, 3.7 cm at the equator.
	worldBits = 30
	// tolerance is what a border may lose, in tile units: a quarter of a pixel
	// of a 512-pixel tile.
	tolerance = 2
)

// layer is a layer of the mesh, projected once to the plane of all tiles.
type layer struct {
	*mesh.Layer
	world      *mesh.Coverage
	boxes      []mesh.Box
	properties []geojson.Properties
	// zooms holds the layer simplified for each zoom. The borders of communes are
	// short and many: those are simplified for each tile instead, which gives the
	// same lines and saves the memory.
	zooms [MaxZoom + 1]func() *mesh.Coverage
}

func prepare(m *mesh.Mesh) map[territories.Kind]func() (*layer, error) {
	out := make(map[territories.Kind]func() (*layer, error))
	for _, kind := range mesh.LayerKinds() {
		out[kind] = sync.OnceValues(func() (*layer, error) { return newLayer(m, kind) })
	}
	return out
}

func newLayer(m *mesh.Mesh, kind territories.Kind) (*layer, error) {
	source, err := m.Layer(kind)
	if err != nil {
		return nil, err
	}
	l := &layer{Layer: source, world: source.Project(mesh.Plane{To: world, Mirrored: true}, 0)}
	l.boxes = l.world.Boxes()
	l.properties = make([]geojson.Properties, len(source.Refs))
	for face := range source.Refs {
		l.properties[face] = properties(m.Atlas(), source, face)
	}
	for z := MinZoom; z <= MaxZoom && kind != territories.KindCommune; z++ {
		l.zooms[z] = sync.OnceValue(func() *mesh.Coverage { return l.world.Project(zoomPlane(z), tolerance) })
	}
	return l, nil
}

// world projects microdegrees to Web Mercator, the world being 2^worldBits wide,
// from its upper left corner.
func world(v mesh.Vertex) mesh.Vertex {
	const size = 1 << worldBits
	lat := float64(v.Y) / 1e6 * math.Pi / 180
	x := (float64(v.X)/1e6 + 180) / 360
	y := (1 - math.Log(math.Tan(math.Pi/4+lat/2))/math.Pi) / 2
	return mesh.Vertex{X: int32(x * size), Y: int32(min(1, max(0, y)) * (size - 1))}
}

// zoomPlane is the world at a zoom: each tile is extent units wide, positions are
// rounded to whole units.
func zoomPlane(z int) mesh.Plane {
	shift := worldBits - extentBits - z
	half := int32(1) << shift >> 1
	return mesh.Plane{To: func(v mesh.Vertex) mesh.Vertex {
		return mesh.Vertex{X: (v.X + half) >> shift, Y: (v.Y + half) >> shift}
	}}
}

// window is a tile in the world.
type window struct {
	z      int
	origin mesh.Vertex // of the tile, in units of its zoom
	box    mesh.Box    // with the buffer, in units of the world
}

func newWindow(key Key) window {
	shift := worldBits - extentBits - key.Z
	w := window{z: key.Z, origin: mesh.Vertex{X: int32(key.X) << extentBits, Y: int32(key.Y) << extentBits}}
	at := func(tile int32, offset int) int32 { return int32((int64(tile) + int64(offset)) << shift) }
	w.box = mesh.Box{
		Min: mesh.Vertex{X: at(w.origin.X, -buffer), Y: at(w.origin.Y, -buffer)},
		Max: mesh.Vertex{X: at(w.origin.X, extent+buffer), Y: at(w.origin.Y, extent+buffer)},
	}
	return w
}

// part cuts the faces of a tile out of the layer, in units of the tile.
func (l *layer) part(faces []int, w window) *mesh.Coverage {
	move := func(v mesh.Vertex) mesh.Vertex { return mesh.Vertex{X: v.X - w.origin.X, Y: v.Y - w.origin.Y} }
	if simplified := l.zooms[w.z]; simplified != nil {
		return simplified().Part(faces, mesh.Plane{To: move}, mesh.Exact)
	}
	zoom := zoomPlane(w.z)
	return l.world.Part(faces, mesh.Plane{To: func(v mesh.Vertex) mesh.Vertex { return move(zoom.To(v)) }}, tolerance)
}

func (t *Tiles) make(key Key) (Tile, error) {
	var layers mvt.Layers
	for _, kind := range key.kinds() {
		l, err := t.layers[kind]()
		if err != nil {
			return Tile{}, err
		}
		if features := l.features(newWindow(key)); len(features) > 0 {
			layers = append(layers, &mvt.Layer{Name: string(kind), Version: 2, Extent: extent, Features: features})
		}
	}
	if len(layers) == 0 {
		return Tile{ETag: etag(nil)}, nil
	}
	raw, err := mvt.Marshal(layers)
	if err != nil {
		return Tile{}, fmt.Errorf("encode: %w", err)
	}
	data, err := t.pack(raw)
	if err != nil {
		return Tile{}, err
	}
	return Tile{Data: data, ETag: etag(data)}, nil
}

// pack compresses without a date, so that equal tiles are equal bytes.
func (t *Tiles) pack(raw []byte) ([]byte, error) {
	zip, ok := t.zips.Get().(*gzip.Writer)
	if !ok {
		const level = 5
		zip, _ = gzip.NewWriterLevel(nil, level) // fails for an unknown level only
	}
	defer t.zips.Put(zip)
	var out bytes.Buffer
	zip.Reset(&out)
	if _, err := zip.Write(raw); err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	if err := zip.Close(); err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	return out.Bytes(), nil
}

// features are the areas of a layer in a tile, by code; those too small to have
// an area at this zoom are left out.
func (l *layer) features(w window) []*geojson.Feature {
	var faces []int
	for face, box := range l.boxes {
		if !box.Empty() && box.Meets(w.box) {
			faces = append(faces, face)
		}
	}
	part := l.part(faces, w)
	out := make([]*geojson.Feature, 0, len(faces))
	for i, face := range faces {
		whole := l.boxes[face].Within(w.box)
		if g := geometry(part.Shape(i), whole); g != nil {
			out = append(out, &geojson.Feature{
				ID: featureID(l.Refs[face].Code), Type: "Feature", Geometry: g, Properties: l.properties[face],
			})
		}
	}
	return out
}

// featureID makes a whole number of a code, the same in every vintage: its
// characters read in base 36.
func featureID(code string) uint64 {
	id, _ := strconv.ParseUint(code, 36, 64) // 0, "no identifier", if it were not one
	return id
}

// geometry gives a shape to the encoder, cut to the tile unless it lies within.
func geometry(s mesh.Shape, whole bool) orb.Geometry {
	out := make(orb.MultiPolygon, 0, len(s))
	for _, part := range s {
		polygon := make(orb.Polygon, 0, len(part))
		for i, ring := range part {
			r := cut(ring, whole)
			if r == nil && i == 0 {
				break
			}
			if r != nil {
				polygon = append(polygon, r)
			}
		}
		if len(polygon) > 0 {
			out = append(out, polygon)
		}
	}
	switch len(out) {
	case 0:
		return nil
	case 1:
		return out[0]
	}
	return out
}

func cut(ring mesh.Ring, whole bool) orb.Ring {
	out := make(orb.Ring, len(ring))
	for i, v := range ring {
		out[i] = orb.Point{float64(v.X), float64(v.Y)}
	}
	if whole {
		return out
	}
	bound := orb.Bound{Min: orb.Point{-buffer, -buffer}, Max: orb.Point{extent + buffer, extent + buffer}}
	out = clip.Ring(bound, out)
	for i, p := range out {
		out[i] = orb.Point{math.Round(p[0]), math.Round(p[1])}
	}
	if len(out) < 4 || area2(out) == 0 {
		return nil
	}
	return out
}

func area2(r orb.Ring) float64 {
	var sum float64
	for i := 1; i < len(r); i++ {
		sum += r[i-1][0]*r[i][1] - r[i][0]*r[i-1][1]
	}
	return sum
}
