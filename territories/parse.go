package territories

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
)

// ExprError says where in its JSON a perimeter is wrong, and why.
type ExprError struct {
	Path   string // "any[2].radius.km"; empty for the whole
	Reason Reason
}

func (e *ExprError) Error() string {
	if e.Path == "" {
		return "perimeter: " + e.Reason.EN
	}
	return "perimeter, at " + e.Path + ": " + e.Reason.EN
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
		return Expr{}, amiss("", unread("%d octets, au plus %d", "%d bytes, at most %d", len(b), MaxText))
	}
	r := reader{}
	e, err := r.expr(b, "", 1)
	if err != nil {
		return Expr{}, err
	}
	if err := e.Check(); err != nil {
		return Expr{}, amiss("", err)
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
	fail := func(err error) (Expr, error) { return Expr{}, amiss(path, err) }
	if depth > MaxDepth {
		return fail(unread("plus de %d niveaux", "nested more than %d deep", MaxDepth))
	}
	if r.terms++; r.terms > MaxTerms {
		return fail(unread("plus de %d termes", "more than %d terms", MaxTerms))
	}
	m, err := members(b)
	if err != nil {
		return fail(err)
	}
	if on, dated := m["on"]; dated && len(m) == 2 && m["of"] != nil {
		return r.on(on, m["of"], path, depth)
	}
	if len(m) != 1 {
		return fail(unread("il faut une forme parmi territory, radius, polygon, neighbours, everywhere, nowhere, any, both, except, ou on avec of",
			"want one of territory, radius, polygon, neighbours, everywhere, nowhere, any, both, except, or on with of"))
	}
	for key, value := range m {
		return r.form(key, value, joinPath(path, key), depth)
	}
	return fail(unread("vide", "empty"))
}

func joinPath(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func (r *reader) form(key string, value []byte, path string, depth int) (Expr, error) {
	fail := func(err error) (Expr, error) { return Expr{}, amiss(path, err) }
	switch key {
	case "everywhere", "nowhere":
		if string(bytes.TrimSpace(value)) != "true" {
			return fail(unread("sa valeur doit être true", "its value must be true"))
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
		return fail(unread("on et of vont ensemble", "on and of go together"))
	}
	return fail(unread("forme de périmètre inconnue", "unknown form of perimeter"))
}

func (r *reader) on(on, of []byte, path string, depth int) (Expr, error) {
	var text string
	err := json.Unmarshal(on, &text)
	d, derr := ParseDate(text)
	if err != nil || derr != nil {
		return Expr{}, amiss(joinPath(path, "on"), unread("une date écrite comme \"2012-01-01\" est attendue", "want a date written as \"2012-01-01\""))
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
		return Expr{}, amiss(path, unread("une liste d'au moins un périmètre est attendue", "want a list of one perimeter or more"))
	}
	if key == "except" && len(items) != 2 {
		return Expr{}, amiss(path, unread("deux périmètres sont attendus : la base, puis ce qui en est ôté", "want two perimeters: the base, then what is taken out"))
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
		return Ref{}, unread("un texte comme \"departement:26\" est attendu", "want a text such as \"departement:26\"")
	}
	return ParseRef(text)
}

func readRadius(value []byte, path string) (Expr, error) {
	fail := func(err error) (Expr, error) { return Expr{}, amiss(path, err) }
	m, err := members(value)
	if err != nil {
		return fail(err)
	}
	km, err := number(m["km"])
	if err != nil {
		return Expr{}, amiss(path+".km", err)
	}
	var e Expr
	switch {
	case len(m) == 2 && m["commune"] != nil:
		var text string
		if err := json.Unmarshal(m["commune"], &text); err != nil {
			return fail(unread("commune : le code INSEE est attendu comme un texte, \"26281\"", "commune: want the INSEE code as a text, \"26281\""))
		}
		code, err := ParseCommuneCode(text)
		if err != nil {
			return fail(err)
		}
		e = RadiusOf(code, km)
	case len(m) == 3 && m["lon"] != nil && m["lat"] != nil:
		lon, err := number(m["lon"])
		lat, err2 := number(m["lat"])
		if err != nil || err2 != nil {
			return fail(unread("lon et lat : des nombres de degrés sont attendus", "lon and lat: want numbers of degrees"))
		}
		e = RadiusAt(orb.Point{lon, lat}, km)
	default:
		return fail(unread("commune et km sont attendus, ou lon, lat et km", "want commune and km, or lon, lat and km"))
	}
	if err := e.Check(); err != nil {
		return fail(err)
	}
	return e, nil
}

func number(raw []byte) (float64, error) {
	if raw == nil {
		return 0, unread("absent", "missing")
	}
	var f *float64
	if err := json.Unmarshal(raw, &f); err != nil || f == nil {
		return 0, unread("un nombre est attendu", "want a number")
	}
	return *f, nil
}

func readPolygon(value []byte, path string) (Expr, error) {
	g, err := geojson.UnmarshalGeometry(value)
	if err != nil || g.Coordinates == nil {
		return Expr{}, amiss(path, unread("une géométrie GeoJSON de type Polygon ou MultiPolygon est attendue", "want a GeoJSON geometry of type Polygon or MultiPolygon"))
	}
	e := Polygon(g.Geometry())
	if err := e.Check(); err != nil {
		return Expr{}, amiss(path, err)
	}
	return e, nil
}

// members reads one JSON object and refuses a repeated name, which the
// standard decoder would silently settle in favour of the last.
func members(b []byte) (map[string]json.RawMessage, error) {
	dec := json.NewDecoder(bytes.NewReader(b))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, unread("un objet JSON est attendu", "want a JSON object")
	}
	out := map[string]json.RawMessage{}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, unread("JSON mal formé : le nom d'un membre est attendu", "malformed JSON: want the name of a member")
		}
		name, _ := key.(string)
		if out[name] != nil {
			return nil, unread("« %s » figure deux fois", "“%s” appears twice", name)
		}
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return nil, unread("JSON mal formé après « %s »", "malformed JSON after “%s”", name)
		}
		out[name] = raw
	}
	if _, err := dec.Token(); err != nil {
		return nil, unread("JSON mal formé : l'objet ne finit pas", "malformed JSON: the object does not end")
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, unread("quelque chose suit la fin de l'objet", "something follows the end of the object")
	}
	return out, nil
}
