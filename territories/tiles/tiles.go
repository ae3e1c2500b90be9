// Package tiles serves the map of the territories to programs that draw it:
// Mapbox vector tiles of the communes, EPCI, départements and régions from zoom 4
// to 12, and GeoJSON of the same. It draws from a mesh, indicative or official;
// borders are simplified once for both sides, so that neighbours never gape.
//
// Bytes are a function of the mesh and the tile alone: the same request gives the
// same answer on every machine, and its ETag can be trusted. It refuses zooms
// outside its range and tiles outside the world; it knows nothing of HTTP.
package tiles

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync"

	"golang.org/x/sync/singleflight"

	"maillage/territories"
	"maillage/territories/mesh"
)

// The zooms served. Beyond MaxZoom a client enlarges the last tile.
const (
	MinZoom = 4
	MaxZoom = 12
)

// All asks for every layer that has a meaning at the zoom.
const All territories.Kind = ""

// MinZoomOf is the zoom from which a layer is part of the tiles of All: before,
// its areas would be specks. Asked alone, a layer is served at every zoom.
func MinZoomOf(kind territories.Kind) int {
	switch kind {
	case territories.KindCommune:
		return 7
	case territories.KindEPCI:
		return 5
	}
	return MinZoom
}

// Key names a tile: the layer (or All), then zoom, column and row as in the
// usual XYZ scheme.
type Key struct {
	Kind    territories.Kind
	Z, X, Y int
}

// Tile is a vector tile. Data is gzipped, and empty where the tile holds nothing
// (HTTP says 204). ETag is quoted.
type Tile struct {
	Data []byte
	ETag string
}

// Config bounds what is kept; its zero value works.
type Config struct {
	// CacheBytes is the most bytes of tiles kept in memory: 64 MiB when zero,
	// none when negative.
	CacheBytes int64
}

// Tiles makes and keeps tiles of one mesh. It is safe for concurrent use.
type Tiles struct {
	mesh   *mesh.Mesh
	layers map[territories.Kind]func() (*layer, error)
	cache  *cache
	flight singleflight.Group
	zips   sync.Pool
}

// New serves a mesh. Layers are prepared when first asked for.
func New(m *mesh.Mesh, cfg Config) *Tiles {
	if cfg.CacheBytes == 0 {
		cfg.CacheBytes = 64 << 20
	}
	return &Tiles{mesh: m, layers: prepare(m), cache: newCache(cfg.CacheBytes)}
}

// Tile gives a tile, from memory where it was made before. The error tells a
// caller's mistake: a kind without a layer, a zoom or a place out of range.
func (t *Tiles) Tile(ctx context.Context, key Key) (Tile, error) {
	if err := key.check(); err != nil {
		return Tile{}, err
	}
	if tile, ok := t.cache.get(key); ok {
		return tile, nil
	}
	if err := ctx.Err(); err != nil {
		return Tile{}, fmt.Errorf("make tile %s: %w", key, err)
	}
	made, err, _ := t.flight.Do(key.String(), func() (any, error) {
		tile, err := t.make(key)
		if err == nil {
			t.cache.put(key, tile)
		}
		return tile, err
	})
	if err != nil {
		return Tile{}, fmt.Errorf("make tile %s: %w", key, err)
	}
	return made.(Tile), nil
}

// RangeError is a tile that cannot exist.
type RangeError struct{ Key Key }

func (e *RangeError) Error() string {
	return fmt.Sprintf("there is no tile %s: zoom goes from %d to %d, column and row from 0 to 2^zoom - 1", e.Key, MinZoom, MaxZoom)
}

// KindError is a layer that does not exist.
type KindError struct{ Kind territories.Kind }

func (e *KindError) Error() string {
	return fmt.Sprintf("there is no layer %q: commune, epci, departement or region", string(e.Kind))
}

// String writes the tile as its address would.
func (k Key) String() string {
	kind := k.Kind
	if kind == All {
		kind = "all"
	}
	return fmt.Sprintf("%s/%d/%d/%d", kind, k.Z, k.X, k.Y)
}

func (k Key) check() error {
	if k.Z < MinZoom || k.Z > MaxZoom || k.X < 0 || k.Y < 0 || k.X >= 1<<k.Z || k.Y >= 1<<k.Z {
		return &RangeError{k}
	}
	if len(k.kinds()) == 0 {
		return &KindError{k.Kind}
	}
	return nil
}

// kinds lists the layers of a tile, from the widest to the finest.
func (k Key) kinds() []territories.Kind {
	var out []territories.Kind
	for _, kind := range mesh.LayerKinds() {
		if kind == k.Kind || k.Kind == All && k.Z >= MinZoomOf(kind) {
			out = append(out, kind)
		}
	}
	return out
}

func etag(data []byte) string {
	sum := sha256.Sum256(data)
	return `"` + hex.EncodeToString(sum[:12]) + `"`
}
