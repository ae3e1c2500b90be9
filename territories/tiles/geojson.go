package tiles

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"maillage/territories"
	"maillage/territories/mesh"
)

// properties are what every feature says of its territory. A population that no
// census gives is left out.
func properties(atlas *territories.Atlas, l *mesh.Layer, face int) geojson.Properties {
	ref := l.Refs[face]
	name, _ := atlas.Name(ref)
	p := geojson.Properties{"code": ref.Code, "name": name}
	if l.Population[face] >= 0 {
		p["population"] = l.Population[face]
	}
	return p
}

// flushAt is how much text is gathered before it is written on.
const flushAt = 1 << 16

// WriteLayer streams a FeatureCollection (RFC 7946) of the territories of a kind,
// by code: all of them, or those that hold a commune of the set when it is not
// nil. A territory without a known place has a null geometry.
func WriteLayer(w io.Writer, m *mesh.Mesh, kind territories.Kind, set *territories.Set) error {
	l, err := m.Layer(kind)
	if err != nil {
		return fmt.Errorf("write layer: %w", err)
	}
	text := []byte(`{"type":"FeatureCollection","features":[`)
	for i, face := range l.Touching(set) {
		if i > 0 {
			text = append(text, ',')
		}
		text, err = appendFeature(append(text, '\n'), l.Refs[face].String(), properties(m.Atlas(), l, face), l.Shape(face).Degrees())
		if err != nil {
			return fmt.Errorf("write %s: %w", l.Refs[face], err)
		}
		if len(text) < flushAt {
			continue
		}
		if _, err := w.Write(text); err != nil {
			return fmt.Errorf("write layer: %w", err)
		}
		text = text[:0]
	}
	if _, err := w.Write(append(text, "\n]}\n"...)); err != nil {
		return fmt.Errorf("write layer: %w", err)
	}
	return nil
}

// WriteArea writes one Feature: the area of a set, its inner borders gone, with
// the properties given.
func WriteArea(w io.Writer, m *mesh.Mesh, set *territories.Set, properties map[string]any) error {
	text, err := appendFeature(nil, "", properties, m.Polygons(set))
	if err != nil {
		return fmt.Errorf("write area: %w", err)
	}
	if _, err := w.Write(append(text, '\n')); err != nil {
		return fmt.Errorf("write area: %w", err)
	}
	return nil
}

func appendFeature(text []byte, id string, properties map[string]any, area orb.MultiPolygon) ([]byte, error) {
	named, err := json.Marshal(properties)
	if err != nil {
		return nil, err
	}
	text = append(text, `{"type":"Feature",`...)
	if id != "" {
		text = append(text, `"id":`...)
		text = append(strconv.AppendQuote(text, id), ',')
	}
	text = append(append(text, `"properties":`...), named...)
	text = appendGeometry(append(text, `,"geometry":`...), area)
	return append(text, '}'), nil
}

func appendGeometry(text []byte, area orb.MultiPolygon) []byte {
	switch len(area) {
	case 0:
		return append(text, "null"...)
	case 1:
		text = append(text, `{"type":"Polygon","coordinates":`...)
		return append(appendPolygon(text, area[0]), '}')
	}
	text = append(text, `{"type":"MultiPolygon","coordinates":`...)
	return append(appendEach(text, area, appendPolygon), '}')
}

func appendPolygon(text []byte, p orb.Polygon) []byte { return appendEach(text, p, appendRing) }

func appendRing(text []byte, r orb.Ring) []byte { return appendEach(text, r, appendPoint) }

func appendPoint(text []byte, p orb.Point) []byte {
	text = strconv.AppendFloat(append(text, '['), p[0], 'f', -1, 64)
	text = strconv.AppendFloat(append(text, ','), p[1], 'f', -1, 64)
	return append(text, ']')
}

func appendEach[S ~[]E, E any](text []byte, items S, one func([]byte, E) []byte) []byte {
	text = append(text, '[')
	for i, item := range items {
		if i > 0 {
			text = append(text, ',')
		}
		text = one(text, item)
	}
	return append(text, ']')
}
