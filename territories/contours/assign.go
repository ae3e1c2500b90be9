package contours

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"

	"github.com/paulmach/orb"

	"maillage/territories"
	"maillage/territories/mesh"
)

// layer is a file taken: an area for each territory that has one.
type layer struct {
	kind    territories.Kind
	vintage string
	digest  string
	missing int
	rows    []row // by code
}

// mostListed bounds the lists of a report.
const mostListed = 100

// assign gives each feature to its territory. Features of former communes and of
// arrondissements are united by being parts of one area: the mesh drops the
// borders between two parts of one face.
func assign(atlas *territories.Atlas, in Input, features []feature) (*layer, Report, error) {
	if len(features) == 0 {
		return nil, Report{}, errNoFeature
	}
	kind, property, err := recognise(atlas, in.Layer, features)
	if err != nil {
		return nil, Report{}, err
	}
	a := &assigner{atlas: atlas, kind: kind, property: property, on: in.Vintage, areas: map[string]orb.MultiPolygon{}, by: map[string]int{}}
	a.report.Layer, a.report.Features = kind, len(features)
	a.report.Vintage = atlas.Vintage()
	if !in.Vintage.IsZero() {
		a.report.Vintage = in.Vintage.String()
	}
	for _, f := range features {
		a.take(f)
	}
	a.unite()
	if err := a.faults.err(); err != nil {
		return nil, a.report, err
	}
	l := a.layer()
	return l, a.report, nil
}

type assigner struct {
	atlas    *territories.Atlas
	kind     territories.Kind
	property string
	on       territories.Date
	areas    map[string]orb.MultiPolygon
	by       map[string]int // the feature that gave a code directly
	parts    []piece
	report   Report
	faults   faults
}

// piece is an area that waits to know whether its commune has one of its own.
type piece struct {
	code string
	area orb.MultiPolygon
}

func (a *assigner) take(f feature) {
	code := normal(a.kind, f.properties[a.property])
	if code == "" {
		a.faults.add(f.number, "no-code", "La propriété « "+a.property+" » manque.", "The property \""+a.property+"\" is missing.")
		return
	}
	on := a.on
	if on.IsZero() {
		on, _ = territories.ParseDate(a.atlas.Vintage())
	}
	to, how, w := holder(a.atlas, a.kind, code, on)
	if w == nil {
		w = a.misplaced(to, f.area)
	}
	if w != nil {
		a.faults.add(f.number, w.code, w.fr, w.en)
		return
	}
	a.examine(f, code)
	switch how {
	case direct:
		if first, twice := a.by[code]; twice {
			w := wrongf("twice", "%s est déjà dessiné par l’objet %d.", "%s is drawn by feature %d already.", code, first)
			a.faults.add(f.number, w.code, w.fr, w.en)
			return
		}
		a.by[code] = f.number
		a.areas[to] = append(a.areas[to], f.area...)
	case inherited:
		a.report.Inherited++
		a.areas[to] = append(a.areas[to], f.area...)
	case part:
		a.report.Parts++
		a.parts = append(a.parts, piece{to, f.area})
	}
}

// unite adds the parts whose whole is not in the file.
func (a *assigner) unite() {
	for _, p := range a.parts {
		if a.by[p.code] == 0 {
			a.areas[p.code] = append(a.areas[p.code], p.area...)
		}
	}
}

// misplaced tells an area that lies nowhere near its territory: most often,
// latitude was written before longitude. Territories without a point pass.
func (a *assigner) misplaced(code string, area orb.MultiPolygon) *wrong {
	set, err := a.atlas.Of(territories.Ref{Kind: a.kind, Code: code})
	if err != nil {
		return nil
	}
	const margin = 0.5 // degrees; the largest communes are wider than that only in Guyane
	bound, ok := a.atlas.Bound(set)
	if !ok || area.Bound().Intersects(bound.Pad(margin)) {
		return nil
	}
	return wrongf("misplaced", "Ce contour est loin de %s : la latitude est-elle écrite avant la longitude ?", "This contour lies far from %s: is latitude written before longitude?", code)
}

func (a *assigner) examine(f feature, code string) {
	for _, polygon := range f.area {
		for _, ring := range polygon {
			a.report.Points += len(ring)
			if at, crossed := cross(ring); crossed && len(a.report.Crossings) < mostListed {
				a.report.Crossings = append(a.report.Crossings, Crossing{f.number, code, at})
			}
		}
	}
}

// layer orders what was taken and completes the report.
func (a *assigner) layer() *layer {
	l := &layer{kind: a.kind, vintage: a.report.Vintage}
	sum := sha256.New()
	for _, code := range slices.Sorted(maps.Keys(a.areas)) {
		r := row{Layer: string(a.kind), Code: code, Geometry: encode(a.areas[code])}
		sum.Write([]byte(code + "\n"))
		sum.Write(r.Geometry)
		l.rows = append(l.rows, r)
	}
	l.digest = hex.EncodeToString(sum.Sum(nil))
	refs := a.atlas.Refs(a.kind)
	areas := make([]orb.MultiPolygon, len(refs))
	for i, ref := range refs {
		if areas[i] = a.areas[ref.Code]; areas[i] == nil {
			a.report.Missing++
			if len(a.report.MissingCodes) < mostListed {
				a.report.MissingCodes = append(a.report.MissingCodes, ref.Code)
			}
		}
	}
	_, a.report.Seams = mesh.Build(areas)
	a.report.Territories, a.report.Digest = len(l.rows), l.digest
	l.missing = a.report.Missing
	for i := range l.rows {
		l.rows[i].Digest = l.digest
	}
	return l
}
