package territories

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
)

// ExprError says where in its JSON a perimeter is wrong, and why.
type ExprError struct {
	Path   string // "any[2].radius.km"; empty for the whole
	Reason string
}

func (e *ExprError) Error() string {
	if e.Path == "" {
		return "perimeter: " + e.Reason
	}
	return "perimeter, at " + e.Path + ": " + e.Reason
}

// ParseExpr reads a perimeter written in the grammar of the design:
//
//	{"territory":"departement:26"}  {"neighbours":"epci:200040459"}
//	{"radius":{"commune":"26281","km":20}}  {"radius":{"lon":5.05,"lat":45.04,"km":20}}
//	{"polygon":GEOMETRY}  {"everywhere":true}  {"nowhere":true}
//	{"any":[…]}  {"both":[…]}  {"except":[base,minus]}
//	{"on":"2012-01-01","of":…}
//
// Unknown or repeated members, empty lists and anything after the end are
// refused with their place. Codes are checked for their shape here, for their
// existence by Compile, because that depends on the vintage.
func ParseExpr(b []byte) (Expr, error) {
	if len(b) > MaxText {
		return Expr{}, &ExprError{Reason: fmt.Sprintf("%d bytes, at most %d", len(b), MaxText)}
	}
	r := reader{}
	e, err := r.expr(b, "", 1)
	if err != nil {
		return Expr{}, err
	}
	if err := e.Check(); err != nil {
		return Expr{}, &ExprError{Reason: err.Error()}
	}
	return e, nil
}

// MarshalJSON writes the canonical text; an expression that Check refuses is
// an error, so that it is never stored.
func (e Expr) MarshalJSON() ([]byte, error) {
	if err := e.Check(); err != nil {
		return nil, err
	}
	return []byte(e.String()), nil
}

// UnmarshalJSON reads any writing of an expression; null is nowhere.
func (e *Expr) UnmarshalJSON(b []byte) (err error) {
	if string(bytes.TrimSpace(b)) == "null" {
		*e = Nowhere()
		return nil
	}
	*e, err = ParseExpr(b)
	return err
}

// reader counts the terms as it descends, so that a hostile text stops early.
type reader struct{ terms int }

func (r *reader) expr(b []byte, path string, depth int) (Expr, error) {
	fail := func(reason string) (Expr, error) { return Expr{}, &ExprError{Path: path, Reason: reason} }
	if depth > MaxDepth {
		return fail(fmt.Sprintf("nested more than %d deep", MaxDepth))
	}
	if r.terms++; r.terms > MaxTerms {
		return fail(fmt.Sprintf("more than %d terms", MaxTerms))
	}
	m, err := members(b)
	if err != nil {
		return fail(err.Error())
	}
	if on, dated := m["on"]; dated && len(m) == 2 && m["of"] != nil {
		return r.on(on, m["of"], path, depth)
	}
	if len(m) != 1 {
		return fail("want one of territory, radius, polygon, neighbours, everywhere, nowhere, any, both, except, or on with of")
	}
	for key, value := range m {
		return r.form(key, value, joinPath(path, key), depth)
	}
	return fail("empty")
}

func joinPath(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func (r *reader) form(key string, value []byte, path string, depth int) (Expr, error) {
	fail := func(err error) (Expr, error) { return Expr{}, &ExprError{Path: path, Reason: err.Error()} }
	switch key {
	case "everywhere", "nowhere":
		if string(bytes.TrimSpace(value)) != "true" {
			return fail(fmt.Errorf("its value must be true"))
		}
		if key == "everywhere" {
			return Everywhere(), nil
		}
		return Nowhere(), nil
	case "territory", "neighbours":
		ref, err := readRef(value)
		if err != nil {
			return fail(err)
		}
		if key == "neighbours" {
			return NeighboursOf(ref), nil
		}
		return In(ref), nil
	case "radius":
		return readRadius(value, path)
	case "polygon":
		return readPolygon(value, path)
	case "any", "both", "except":
		return r.list(key, value, path, depth)
	case "on", "of":
		return fail(fmt.Errorf("on and of go together"))
	}
	return fail(fmt.Errorf("unknown form of perimeter"))
}

func (r *reader) on(on, of []byte, path string, depth int) (Expr, error) {
	var text string
	err := json.Unmarshal(on, &text)
	d, derr := ParseDate(text)
	if err != nil || derr != nil {
		return Expr{}, &ExprError{Path: joinPath(path, "on"), Reason: "want a date written as \"2012-01-01\""}
	}
	e, err := r.expr(of, joinPath(path, "of"), depth+1)
	if err != nil {
		return Expr{}, err
	}
	return On(d, e), nil
}

func (r *reader) list(key string, value []byte, path string, depth int) (Expr, error) {
	var items []json.RawMessage
	if err := json.Unmarshal(value, &items); err != nil || len(items) == 0 {
		return Expr{}, &ExprError{Path: path, Reason: "want a list of one perimeter or more"}
	}
	if key == "except" && len(items) != 2 {
		return Expr{}, &ExprError{Path: path, Reason: "want two perimeters: the base, then what is taken out"}
	}
	kids := make([]Expr, 0, len(items))
	for i, item := range items {
		e, err := r.expr(item, path+"["+strconv.Itoa(i)+"]", depth+1)
		if err != nil {
			return Expr{}, err
		}
		kids = append(kids, e)
	}
	switch key {
	case "any":
		return AnyOf(kids...), nil
	case "both":
		return BothOf(kids...), nil
	}
	return Except(kids[0], kids[1]), nil
}

func readRef(value []byte) (Ref, error) {
	var text string
	if err := json.Unmarshal(value, &text); err != nil {
		return Ref{}, fmt.Errorf("want a text such as \"departement:26\"")
	}
	return ParseRef(text)
}

func readRadius(value []byte, path string) (Expr, error) {
	fail := func(reason string) (Expr, error) { return Expr{}, &ExprError{Path: path, Reason: reason} }
	m, err := members(value)
	if err != nil {
		return fail(err.Error())
	}
	km, err := number(m["km"])
	if err != nil {
		return Expr{}, &ExprError{Path: path + ".km", Reason: err.Error()}
	}
	var e Expr
	switch {
	case len(m) == 2 && m["commune"] != nil:
		var text string
		if err := json.Unmarshal(m["commune"], &text); err != nil {
			return fail("commune: want the INSEE code as a text, \"26281\"")
		}
		code, err := ParseCommuneCode(text)
		if err != nil {
			return fail(err.Error())
		}
		e = RadiusOf(code, km)
	case len(m) == 3 && m["lon"] != nil && m["lat"] != nil:
		lon, err := number(m["lon"])
		lat, err2 := number(m["lat"])
		if err != nil || err2 != nil {
			return fail("lon and lat: want numbers of degrees")
		}
		e = RadiusAt(orb.Point{lon, lat}, km)
	default:
		return fail("want commune and km, or lon, lat and km")
	}
	if err := e.Check(); err != nil {
		return fail(err.Error())
	}
	return e, nil
}

func number(raw []byte) (float64, error) {
	if raw == nil {
		return 0, fmt.Errorf("missing")
	}
	var f *float64
	if err := json.Unmarshal(raw, &f); err != nil || f == nil {
		return 0, fmt.Errorf("want a number")
	}
	return *f, nil
}

func readPolygon(value []byte, path string) (Expr, error) {
	g, err := geojson.UnmarshalGeometry(value)
	if err != nil || g.Coordinates == nil {
		return Expr{}, &ExprError{Path: path, Reason: "want a GeoJSON geometry of type Polygon or MultiPolygon"}
	}
	e := Polygon(g.Geometry())
	if err := e.Check(); err != nil {
		return Expr{}, &ExprError{Path: path, Reason: err.Error()}
	}
	return e, nil
}

// members reads one JSON object and refuses a repeated name, which the
// standard decoder would silently settle in favour of the last.
func members(b []byte) (map[string]json.RawMessage, error) {
	dec := json.NewDecoder(bytes.NewReader(b))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, fmt.Errorf("want a JSON object")
	}
	out := map[string]json.RawMessage{}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, fmt.Errorf("malformed JSON: %w", err)
		}
		name, _ := key.(string)
		if out[name] != nil {
			return nil, fmt.Errorf("%q appears twice", name)
		}
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return nil, fmt.Errorf("malformed JSON after %q", name)
		}
		out[name] = raw
	}
	if _, err := dec.Token(); err != nil {
		return nil, fmt.Errorf("malformed JSON: the object does not end")
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fmt.Errorf("something follows the end of the object")
	}
	return out, nil
}
