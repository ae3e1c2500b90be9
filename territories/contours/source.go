package contours

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/paulmach/orb"

	"maillage/internal/store"
	"maillage/territories"
	"maillage/territories/mesh"
	"maillage/territories/tiles"
)

// Source gives the mesh to draw from: the indicative one, its areas replaced by
// the official contours that the database holds. A territory that a layer leaves
// out keeps the area it had. Without any official layer it is base itself.
func Source(ctx context.Context, st *store.Store, base *mesh.Mesh) (*mesh.Mesh, error) {
	layers, err := InUse(ctx, st.Read())
	if err != nil {
		return nil, err
	}
	return source(ctx, st, base, layers)
}

func source(ctx context.Context, st *store.Store, base *mesh.Mesh, layers []Loaded) (*mesh.Mesh, error) {
	m := base
	for _, l := range layers { // communes first: the others may be filled from them
		if l.Layer == territories.KindCommune {
			areas, err := coverage(ctx, st, base.Atlas(), l)
			if err != nil {
				return nil, err
			}
			if m, err = mesh.New(base.Atlas(), areas.Under(base.Communes())); err != nil {
				return nil, fmt.Errorf("draw the communes: %w", err)
			}
		}
	}
	for _, l := range layers {
		if l.Layer == territories.KindCommune {
			continue
		}
		areas, err := coverage(ctx, st, base.Atlas(), l)
		if err != nil {
			return nil, err
		}
		merged, err := m.Layer(l.Layer)
		if err != nil {
			return nil, fmt.Errorf("draw the contours: %w", err)
		}
		if m, err = m.WithLayer(l.Layer, areas.Under(merged.Coverage)); err != nil {
			return nil, fmt.Errorf("draw the contours: %w", err)
		}
	}
	return m, nil
}

// coverage builds the areas of a layer, one face a territory of the atlas.
func coverage(ctx context.Context, st *store.Store, atlas *territories.Atlas, l Loaded) (*mesh.Coverage, error) {
	face := map[string]int{}
	for i, ref := range atlas.Refs(l.Layer) {
		face[ref.Code] = i
	}
	areas := make([]orb.MultiPolygon, len(face))
	err := areasOf(ctx, st.Read(), l, func(code string, geometry []byte) error {
		i, known := face[code]
		if !known {
			return nil // a territory of another vintage: it has no place here
		}
		area, err := decode(geometry)
		areas[i] = area
		return err
	})
	if err != nil {
		return nil, err
	}
	c, _ := mesh.Build(areas)
	return c, nil
}

// Map is what there is to draw from at a moment.
type Map struct {
	Mesh  *mesh.Mesh
	Tiles *tiles.Tiles
	// Layers names the official contours in use, for the notice beside the map;
	// none means that the map is indicative.
	Layers []Loaded
}

// Config says how often to look for newly loaded contours; its zero value works.
type Config struct {
	// Every is the time between two looks at the database: a minute when zero.
	Every time.Duration
	// Now is the clock: time.Now when nil.
	Now   func() time.Time
	Tiles tiles.Config
}

// Maps gives the current map of a process, and follows what another process
// loads. It is safe for concurrent use.
type Maps struct {
	st   *store.Store
	base *mesh.Mesh
	cfg  Config

	mu      sync.Mutex
	current *Map
	version string
	looked  time.Time
}

// NewMaps draws from base until official contours are found.
func NewMaps(st *store.Store, base *mesh.Mesh, cfg Config) *Maps {
	if cfg.Every == 0 {
		cfg.Every = time.Minute
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Maps{st: st, base: base, cfg: cfg}
}

// Map gives the current map. After a load, those who ask wait until the new one
// is built (a second or two for all communes). Where the database cannot be read
// the last map stands, and the error says so beside it when there is one.
func (m *Maps) Map(ctx context.Context) (*Map, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.cfg.Now()
	if m.current != nil && now.Sub(m.looked) < m.cfg.Every {
		return m.current, nil
	}
	layers, err := InUse(ctx, m.st.Read())
	if err != nil {
		return m.current, err
	}
	m.looked = now
	if v := version(layers); m.current == nil || v != m.version {
		// One caller's going away must not cost the others their map.
		drawn, err := source(context.WithoutCancel(ctx), m.st, m.base, layers)
		if err != nil {
			return m.current, err
		}
		m.current, m.version = &Map{drawn, tiles.New(drawn, m.cfg.Tiles), layers}, v
	}
	return m.current, nil
}

// version changes whenever what is drawn, or said beside it, does.
func version(layers []Loaded) string {
	var b strings.Builder
	for _, l := range layers {
		fmt.Fprintf(&b, "%s %s %s %q %q\n", l.Layer, l.Digest, l.Vintage, l.Source, l.Licence)
	}
	return b.String()
}
