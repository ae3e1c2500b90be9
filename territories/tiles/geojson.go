package tiles

import (
	"bufio"
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

// WriteLayer streams a FeatureCollection (RFC 7946) of the territories of a kind,
// by code: all of them, or those that hold a commune of the set when it is not
// nil. A territory without a known place has a null geometry.
func WriteLayer(w io.Writer, m *mesh.Mesh, kind territories.Kind, set *territories.Set) error {
	l, err := m.Layer(kind)
	if err != nil {
		return fmt.Errorf("write layer: %w", err)
	}
	out := bufio.NewWriter(w)
	out.WriteString(`{"type":"FeatureCollection","features":[`)
	for i, face := range l.Touching(set) {
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteByte('\n')
		if err := writeFeature(out, l.Refs[face].String(), properties(m.Atlas(), l, face), l.Shape(face).Degrees()); err != nil {
			return fmt.Errorf("write %s: %w", l.Refs[face], err)
		}
	}
	out.WriteString("\n]}\n")
	return out.Flush()
}

// WriteArea writes one Feature: the area of a set, its inner borders gone, with
// the properties given.
func WriteArea(w io.Writer, m *mesh.Mesh, set *territories.Set, properties map[string]any) error {
	out := bufio.NewWriter(w)
	if err := writeFeature(out, "", properties, m.Polygons(set)); err != nil {
		return fmt.Errorf("write area: %w", err)
	}
	out.WriteByte('\n')
	return out.Flush()
}

// writeFeature writes a feature; errors of the writer show when it is flushed.
func writeFeature(out *bufio.Writer, id string, properties map[string]any, area orb.MultiPolygon) error {
	text, err := json.Marshal(properties)
	if err != nil {
		return err
	}
	out.WriteString(`{"type":"Feature",`)
	if id != "" {
		out.WriteString(`"id":` + strconv.Quote(id) + `,`)
	}
	out.WriteString(`"properties":`)
	out.Write(text)
	out.WriteString(`,"geometry":`)
	writeGeometry(out, area)
	out.WriteByte('}')
	return nil
}

func writeGeometry(out *bufio.Writer, area orb.MultiPolygon) {
	switch len(area) {
	case 0:
		out.WriteString("null")
	case 1:
		out.WriteString(`{"type":"Polygon","coordinates":`)
		writePolygon(out, area[0])
		out.WriteByte('}')
	default:
		out.WriteString(`{"type":"MultiPolygon","coordinates":`)
		each(out, area, writePolygon)
		out.WriteByte('}')
	}
}

func writePolygon(out *bufio.Writer, p orb.Polygon) { each(out, p, writeRing) }

func writeRing(out *bufio.Writer, r orb.Ring) { each(out, r, writePoint) }

func writePoint(out *bufio.Writer, p orb.Point) {
	buf := append(out.AvailableBuffer(), '[')
	buf = strconv.AppendFloat(buf, p[0], 'f', -1, 64)
	buf = append(buf, ',')
	buf = strconv.AppendFloat(buf, p[1], 'f', -1, 64)
	out.Write(append(buf, ']'))
}

func each[S ~[]E, E any](out *bufio.Writer, items S, write func(*bufio.Writer, E)) {
	out.WriteByte('[')
	for i, item := range items {
		if i > 0 {
			out.WriteByte(',')
		}
		write(out, item)
	}
	out.WriteByte(']')
}
