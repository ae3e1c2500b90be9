package contours

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/paulmach/orb"

	"maillage/internal/fault"
)

// feature is one feature of the file: its properties as texts, with their names
// in small letters, and its area.
type feature struct {
	number     int // from 1
	properties map[string]string
	area       orb.MultiPolygon
}

// read decodes the file one feature at a time. Faults of features are gathered,
// so that one run shows them all; a broken file ends at once.
func read(ctx context.Context, in Input) ([]feature, error) {
	limits := in.Limits.withDefaults()
	body, err := unpacked(in.Reader)
	if err != nil {
		return nil, err
	}
	r := &reader{ctx: ctx, limits: limits, progress: in.Progress}
	counted := &bounded{from: body, left: limits.Bytes}
	r.json = json.NewDecoder(counted)
	if err := r.collection(); err != nil {
		if counted.left < 0 {
			return nil, fault.TooLarge(fmt.Sprintf("%d MiB", limits.Bytes>>20))
		}
		return nil, err
	}
	return r.features, r.faults.err()
}

// unpacked sees through gzip.
func unpacked(from io.Reader) (io.Reader, error) {
	body := bufio.NewReaderSize(from, 1<<16)
	if head, _ := body.Peek(2); len(head) < 2 || head[0] != 0x1f || head[1] != 0x8b {
		return body, nil
	}
	zip, err := gzip.NewReader(body)
	if err != nil {
		return nil, broken("the gzip header", err)
	}
	return zip, nil
}

// bounded reads up to a number of bytes, then fails; left is negative once it has.
type bounded struct {
	from io.Reader
	left int64
}

var errTooLong = errors.New("the file is too long")

func (b *bounded) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, errTooLong
	}
	n, err := b.from.Read(p[:min(int64(len(p)), b.left+1)])
	b.left -= int64(n)
	if b.left < 0 {
		return 0, errTooLong
	}
	return n, err
}

type reader struct {
	ctx      context.Context
	limits   Limits
	progress func(int)
	json     *json.Decoder
	features []feature
	count    int
	points   int
	faults   faults
}

// collection walks the members of the FeatureCollection.
func (r *reader) collection() error {
	if err := r.expect('{'); err != nil {
		return err
	}
	seen := false
	for r.json.More() {
		name, err := r.json.Token()
		if err != nil {
			return r.broken(err)
		}
		switch name {
		case "type":
			err = r.isCollection()
		case "crs":
			err = r.isDegrees()
		case "features":
			seen = true
			err = r.list()
		default:
			err = r.skip()
		}
		if err != nil {
			return err
		}
	}
	if _, err := r.json.Token(); err != nil {
		return r.broken(err)
	}
	if !seen {
		return refused("features", "no-features", "Ce n’est pas une FeatureCollection GeoJSON : elle n’a pas de « features ».", "This is not a GeoJSON FeatureCollection: it has no \"features\".")
	}
	return nil
}

func (r *reader) isCollection() error {
	var kind string
	if err := r.json.Decode(&kind); err != nil {
		return r.broken(err)
	}
	if kind != "FeatureCollection" {
		return refused("type", "not-a-collection", "Il faut une FeatureCollection GeoJSON, pas "+kind+".", "A GeoJSON FeatureCollection is needed, not "+kind+".")
	}
	return nil
}

// isDegrees refuses another reference system than longitude and latitude, which
// older files name in a member that GeoJSON has since dropped.
func (r *reader) isDegrees() error {
	var crs struct {
		Properties struct{ Name string }
	}
	if err := r.json.Decode(&crs); err != nil {
		return r.broken(err)
	}
	name := crs.Properties.Name
	if name == "" || strings.HasSuffix(name, "CRS84") || strings.HasSuffix(name, ":4326") {
		return nil
	}
	return refused("crs", "not-degrees", "Les coordonnées sont en "+name+" : convertissez-les en longitude et latitude (WGS 84).",
		"Coordinates are in "+name+": convert them to longitude and latitude (WGS 84).")
}

func (r *reader) skip() error {
	var unread json.RawMessage
	if err := r.json.Decode(&unread); err != nil {
		return r.broken(err)
	}
	return nil
}

func (r *reader) expect(want json.Delim) error {
	got, err := r.json.Token()
	if err != nil {
		return r.broken(err)
	}
	if got != want {
		return refused("", "not-geojson", "Ce fichier n’est pas du GeoJSON.", "This file is not GeoJSON.")
	}
	return nil
}

func (r *reader) list() error {
	if err := r.expect('['); err != nil {
		return err
	}
	for r.json.More() {
		if err := r.ctx.Err(); err != nil {
			return fmt.Errorf("read contours: %w", err)
		}
		if err := r.one(); err != nil {
			return err
		}
	}
	_, err := r.json.Token()
	if err != nil {
		return r.broken(err)
	}
	return nil
}

// one reads the next feature. Only a file that is broken, or beyond its limits,
// is an error; what is wrong with the feature is noted.
func (r *reader) one() error {
	r.count++
	var raw struct {
		Type       string
		Properties map[string]any
		Geometry   *geometry
	}
	if err := r.json.Decode(&raw); err != nil {
		return r.broken(err)
	}
	if r.count > r.limits.Features {
		return fault.TooLarge(fmt.Sprintf("%d features", r.limits.Features))
	}
	area, points, wrong := raw.Geometry.area()
	if r.points += points; r.points > r.limits.Points {
		return fault.TooLarge(fmt.Sprintf("%d points", r.limits.Points))
	}
	if wrong != nil {
		r.faults.add(r.count, wrong.code, wrong.fr, wrong.en)
	} else {
		r.features = append(r.features, feature{r.count, texts(raw.Properties), area})
	}
	if r.progress != nil && r.count%500 == 0 {
		r.progress(r.count)
	}
	return nil
}

// texts keeps the properties that can be a code or a name. A number may have lost
// its leading zero: the reader of codes puts it back.
func texts(properties map[string]any) map[string]string {
	out := make(map[string]string, len(properties))
	for name, value := range properties {
		switch v := value.(type) {
		case string:
			out[strings.ToLower(name)] = strings.TrimSpace(v)
		case float64:
			out[strings.ToLower(name)] = fmt.Sprintf("%.0f", v)
		}
	}
	return out
}

// broken refuses a file that is not JSON from some byte on.
func (r *reader) broken(cause error) error {
	if errors.Is(cause, errTooLong) {
		return cause
	}
	where := fmt.Sprintf("byte %d, feature %d", r.json.InputOffset(), r.count)
	return broken(where, cause)
}

func broken(where string, cause error) error {
	return fault.Invalid(fault.At(where, "not-json", "Le fichier n’est pas lisible à partir d’ici.", "The file cannot be read from here on.")).Because(cause)
}

func refused(path, code, fr, en string) error {
	return fault.Invalid(fault.At(path, code, fr, en))
}
