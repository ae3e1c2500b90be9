package tiles

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"maillage/territories"
)

func TestWriteLayer(t *testing.T) {
	t.Parallel()
	m := indicative(t)
	set, err := m.Atlas().Of(territories.Ref{Kind: territories.KindDepartement, Code: "26"})
	if err != nil {
		t.Fatal(err)
	}
	for kind, want := range map[territories.Kind]int{territories.KindCommune: set.Len(), territories.KindDepartement: 1, territories.KindRegion: 1} {
		var out bytes.Buffer
		if err := WriteLayer(&out, m, kind, set); err != nil {
			t.Fatal(err)
		}
		fc, err := geojson.UnmarshalFeatureCollection(out.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if len(fc.Features) != want {
			t.Errorf("%d features of kind %s, want %d", len(fc.Features), kind, want)
		}
		f := fc.Features[0]
		if f.Properties["code"] == nil || f.Properties["name"] == nil || f.Properties["population"] == nil || f.ID == nil {
			t.Errorf("%s: id %v, %v", kind, f.ID, f.Properties)
		}
		if outer := rings(f.Geometry)[0]; !outer.Closed() || outer.Orientation() != orb.CCW {
			t.Errorf("%s: the outer ring is open or clockwise", kind)
		}
	}
}

func TestWriteLayerOfEverything(t *testing.T) {
	t.Parallel()
	m := indicative(t)
	var out bytes.Buffer
	if err := WriteLayer(&out, m, territories.KindDepartement, nil); err != nil {
		t.Fatal(err)
	}
	var fc struct {
		Features []struct {
			ID         string
			Geometry   json.RawMessage
			Properties map[string]any
		}
	}
	if err := json.Unmarshal(out.Bytes(), &fc); err != nil {
		t.Fatal(err)
	}
	nowhere := 0
	for _, f := range fc.Features {
		if string(f.Geometry) == "null" {
			nowhere++
		}
	}
	if len(fc.Features) != len(m.Atlas().Refs(territories.KindDepartement)) || nowhere == 0 || nowhere > 8 {
		t.Errorf("%d features, %d without a place", len(fc.Features), nowhere)
	}
}

func TestWriteArea(t *testing.T) {
	t.Parallel()
	m := indicative(t)
	var out bytes.Buffer
	set := m.Atlas().Within(orb.Point{4.89, 44.93}, 25)
	if err := WriteArea(&out, m, set, map[string]any{"name": `25 km "autour" de Valence`}); err != nil {
		t.Fatal(err)
	}
	f, err := geojson.UnmarshalFeature(out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if f.Properties["name"] != `25 km "autour" de Valence` || f.Geometry == nil {
		t.Errorf("%v", f.Properties)
	}
}

type full struct{}

var errFull = errors.New("disk full")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestWriteLayerSaysWhenItCannot(t *testing.T) {
	t.Parallel()
	if err := WriteLayer(full{}, indicative(t), territories.KindRegion, nil); !errors.Is(err, errFull) {
		t.Errorf("got %v", err)
	}
	if err := WriteLayer(full{}, indicative(t), territories.KindPostal, nil); err == nil {
		t.Error("postal codes were written as a layer")
	}
}

func BenchmarkWriteCommunes(b *testing.B) {
	m := indicative(b)
	var out bytes.Buffer
	for b.Loop() {
		out.Reset()
		if err := WriteLayer(&out, m, territories.KindCommune, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(out.Len())/1e6, "MB")
}
