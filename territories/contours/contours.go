// Package contours reads official contours of communes, EPCI, départements or
// régions from a GeoJSON file given by the operator, checks them, and keeps them
// in the database, where they replace the indicative mesh in tiles and maps.
//
// A file is taken whole or refused whole, every fault located by the number of
// its feature (from 1). Loading the same contours again changes nothing. What a
// file leaves out keeps its indicative area, and the report counts it. The
// platform ships no contour: their source and licence are what the operator says.
package contours

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"maillage/internal/store"
	"maillage/territories"
	"maillage/territories/mesh"
)

// Input is a file of contours to load.
type Input struct {
	// Reader gives GeoJSON, gzipped or not; Open gets one from a file or URL.
	Reader io.Reader
	// Layer is what the file draws: commune, epci, departement or region. Empty,
	// it is recognised from codes and names.
	Layer territories.Kind
	// Vintage is the date of the contours' list of communes. Zero, that of the
	// atlas. A commune merged since then gives its area to its heir.
	Vintage territories.Date
	// Source and Licence are kept beside the contours and shown with the map.
	Source, Licence string
	// Now is the date of the load.
	Now time.Time
	// Limits bound what is read; the zero value works.
	Limits Limits
	// Progress is told the number of features read, now and then; may be nil.
	Progress func(features int)
}

// Limits bound a file. Zero values mean the defaults.
type Limits struct {
	Bytes    int64 // once unpacked: 1 GiB
	Features int   // 100,000
	Points   int   // 8 million: communes drawn to 100 m are 1 to 3 million
}

func (l Limits) withDefaults() Limits {
	if l.Bytes == 0 {
		l.Bytes = 1 << 30
	}
	if l.Features == 0 {
		l.Features = 100_000
	}
	if l.Points == 0 {
		l.Points = 8_000_000
	}
	return l
}

// Report says what a load found and did.
type Report struct {
	Layer    territories.Kind `json:"layer"`
	Vintage  string           `json:"vintage"`
	Digest   string           `json:"digest"`  // of the contours, whatever their order in the file
	Changed  bool             `json:"changed"` // false when the same contours were already there
	Features int              `json:"features"`
	Points   int              `json:"points"`
	// Territories have a contour now; Missing have none in the file, and
	// MissingCodes names the first hundred.
	Territories  int      `json:"territories"`
	Missing      int      `json:"missing"`
	MissingCodes []string `json:"missing_codes"`
	// Inherited are features of communes that are no more, given to their heir;
	// Parts are municipal arrondissements, united into their commune or, where
	// the commune itself is in the file, left aside.
	Inherited int `json:"inherited"`
	Parts     int `json:"parts"`
	// Crossings are rings that cross themselves: drawn all the same.
	Crossings []Crossing `json:"crossings"`
	// Seams tells how well neighbours fit: few shared borders mean that the
	// borders of unions will show inner lines.
	Seams mesh.Seams `json:"seams"`
}

// Crossing is a ring that crosses itself, and where, in degrees.
type Crossing struct {
	Feature int       `json:"feature"`
	Code    string    `json:"code"`
	At      orb.Point `json:"at"`
}

// Load reads a file, checks it and keeps it. The error of a refused file is a
// fault that locates what is wrong; the report then tells what could be read.
func Load(ctx context.Context, st *store.Store, atlas *territories.Atlas, in Input) (Report, error) {
	if in.Layer != "" && !slices.Contains(mesh.LayerKinds(), in.Layer) {
		return Report{}, refused("layer", "no-such-layer",
			"L’échelon doit être commune, epci, departement ou region.", "The layer must be commune, epci, departement or region.")
	}
	features, err := read(ctx, in)
	if err != nil {
		return Report{}, err
	}
	layer, report, err := assign(atlas, in, features)
	if err != nil {
		return report, err
	}
	changed, err := save(ctx, st, layer, in)
	if err != nil {
		return report, fmt.Errorf("keep the contours of %s: %w", layer.kind, err)
	}
	report.Changed = changed
	return report, nil
}
