package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/territories"
	"maillage/territories/tiles"
)

// Words is the same text in both languages.
type Words struct {
	FR string `json:"fr"`
	EN string `json:"en"`
}

// TerritoryHit is a territory found by its name.
type TerritoryHit struct {
	Ref         string `json:"ref" example:"commune:26281"`
	Kind        string `json:"kind" example:"commune"`
	Code        string `json:"code" example:"26281"`
	Name        string `json:"name" example:"Romans-sur-Isère"`
	Departement string `json:"departement,omitempty" example:"26" doc:"Tells homonyms apart."`
	Population  int64  `json:"population"`
}

// Territory is one territory of the vintage.
type Territory struct {
	Ref        string        `json:"ref" example:"departement:26"`
	Kind       string        `json:"kind"`
	Code       string        `json:"code"`
	Name       string        `json:"name"`
	Type       string        `json:"type,omitempty" doc:"Of a grouping: CC, CA, CU, ME."`
	Communes   int           `json:"communes"`
	Population int64         `json:"population"`
	BBox       []float64     `json:"bbox,omitempty" doc:"West, south, east, north of the representative points."`
	Vintage    string        `json:"vintage" example:"2026-01-01"`
	Commune    *CommuneFacts `json:"commune,omitempty" doc:"Of a commune."`
}

// CommuneFacts are what only a commune has.
type CommuneFacts struct {
	Departement string    `json:"departement"`
	Region      string    `json:"region"`
	EPCI        string    `json:"epci,omitempty"`
	EPT         string    `json:"ept,omitempty"`
	Postal      []string  `json:"postal"`
	SIREN       string    `json:"siren,omitempty"`
	Point       []float64 `json:"point,omitempty" doc:"Longitude, latitude of the representative point."`
	Km2         float64   `json:"km2,omitempty"`
}

// Perimeter is what an expression covers.
type Perimeter struct {
	Expression  json.RawMessage           `json:"expression" doc:"In its canonical form: equal perimeters have equal texts."`
	Words       Words                     `json:"words" doc:"The same, in words."`
	Communes    int                       `json:"communes"`
	Population  int64                     `json:"population"`
	CodesSHA256 string                    `json:"codes_sha256" doc:"SHA-256 of the sorted INSEE codes, each followed by a line feed."`
	BBox        *[4]float64               `json:"bbox,omitempty"`
	Vintage     string                    `json:"vintage"`
	Codes       []territories.CommuneCode `json:"codes,omitempty" doc:"INSEE codes, where they were asked."`
}

// PerimeterInput is a perimeter, as an expression or in words: one of the two.
type PerimeterInput struct {
	Expression json.RawMessage `json:"expression,omitempty" doc:"As the grammar writes it: {\"radius\":{\"commune\":\"26281\",\"km\":30}}."`
	Words      string          `json:"words,omitempty" maxLength:"2000" example:"Drôme sauf Montélimar, et 20 km autour de Valence"`
}

// Comparison is how x stands to y.
type Comparison struct {
	Relation      string  `json:"relation" enum:"equal,covers,within,overlaps,disjoint"`
	Communes      int     `json:"communes" doc:"In common."`
	Population    int64   `json:"population" doc:"In common."`
	CommunesOfX   float64 `json:"communes_of_x" doc:"Share of x's communes that are in y, 0 to 1."`
	CommunesOfY   float64 `json:"communes_of_y"`
	PopulationOfX float64 `json:"population_of_x" doc:"Share of x's inhabitants who are in y, 0 to 1."`
	PopulationOfY float64 `json:"population_of_y"`
}

// GeoJSON is an answer in that format.
type GeoJSON struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

type refInput struct {
	Ref string `path:"ref" maxLength:"120" example:"epci:200042901" doc:"kind:code."`
}

func (s *Server) territories() {
	add(s, Operation{ID: "search-territories", Method: http.MethodGet, Path: "/v1/territories", Tag: tagTerritories, Action: accounts.TerritoryRead,
		Summary: "Find territories by name", About: "Accents and case do not matter, the last word may be unfinished; homonyms are told apart by their département."}, s.searchTerritories)
	add(s, Operation{ID: "get-territory", Method: http.MethodGet, Path: "/v1/territories/{ref}", Tag: tagTerritories, Action: accounts.TerritoryRead,
		Summary: "Read a territory", About: "A code that is no more is a 404 whose detail says who holds its place now."}, s.getTerritory)
	add(s, Operation{ID: "get-territory-shape", Method: http.MethodGet, Path: "/v1/territories/{ref}/shape", Tag: tagTerritories, Action: accounts.TerritoryRead,
		Summary: "Draw a territory", About: "A GeoJSON Feature (RFC 7946). Its outline is indicative unless official contours were loaded.", Errors: []int{http.StatusServiceUnavailable}}, s.drawTerritory)
	add(s, Operation{ID: "resolve-commune", Method: http.MethodGet, Path: "/v1/communes/{code}", Tag: tagTerritories, Action: accounts.TerritoryRead,
		Summary: "What an INSEE code was on a date", About: "From the INSEE's movements since 1943. An answer, never a bare 404: valid or not, since when, who holds the place then and now, and why."}, s.resolveCommune)
	add(s, Operation{ID: "draw-layer", Method: http.MethodGet, Path: "/v1/layers/{kind}", Tag: tagTerritories, Action: accounts.TerritoryRead,
		Summary: "Draw every territory of a kind", About: "A GeoJSON FeatureCollection, whole or inside a territory. Communes are drawn inside a territory only; the tiles have them all.", Errors: []int{http.StatusServiceUnavailable}}, s.drawLayer)
	add(s, Operation{ID: "read-perimeter", Method: http.MethodPost, Path: "/v1/perimeters", Tag: tagTerritories, Action: accounts.TerritoryRead,
		Summary: "Read a perimeter", Example: `{"words":"Drôme sauf Montélimar, et 20 km autour de Valence"}`, About: "From an expression or from words; nothing is stored."}, s.readPerimeter)
	add(s, Operation{ID: "draw-perimeter", Method: http.MethodPost, Path: "/v1/perimeters/shape", Tag: tagTerritories, Action: accounts.TerritoryRead,
		Summary: "Draw a perimeter", Example: `{"expression":{"radius":{"commune":"26281","km":30}}}`, About: "A GeoJSON Feature; nothing is stored.", Errors: []int{http.StatusServiceUnavailable}}, s.drawPerimeter)
	add(s, Operation{ID: "compare-perimeters", Method: http.MethodPost, Path: "/v1/perimeters/relation", Tag: tagTerritories, Action: accounts.TerritoryRead,
		Summary: "How one perimeter stands to another", Example: `{"x":{"words":"Drôme"},"y":{"expression":{"radius":{"commune":"26281","km":30}}}}`, About: "With what they share, both ways, by communes and by inhabitants."}, s.comparePerimeters)
}

func (s *Server) searchTerritories(_ context.Context, in *struct {
	Q           string   `query:"q" required:"true" minLength:"1" maxLength:"200" example:"romans" doc:"A name, or its beginning."`
	Kinds       []string `query:"kind" maxItems:"9" doc:"Only these kinds; several separated by commas."`
	Departement string   `query:"departement" maxLength:"3" doc:"Only inside this département."`
	Limit       int      `query:"limit" minimum:"1" maximum:"100" default:"10"`
}) (*Found[[]TerritoryHit], error) {
	opt := territories.SearchOptions{Departement: in.Departement, Limit: in.Limit}
	for _, k := range in.Kinds {
		kind, err := territories.ParseKind(k)
		if err != nil {
			return nil, fault.Invalid(fault.At("query.kind", "unknown", "« "+k+" » n’est pas un type de territoire.", "“"+k+"” is no kind of territory.")).Because(err)
		}
		opt.Kinds = append(opt.Kinds, kind)
	}
	return found(hits(s.cfg.Atlas.Search(in.Q, opt))), nil
}

func hits(found []territories.Hit) []TerritoryHit {
	out := make([]TerritoryHit, 0, len(found))
	for _, h := range found {
		out = append(out, TerritoryHit{Ref: h.Ref.String(), Kind: string(h.Ref.Kind), Code: h.Ref.Code,
			Name: h.Name, Departement: h.Departement, Population: h.Population})
	}
	return out
}

// territory reads a reference and its communes; path is where the request has it.
func (s *Server) territory(ctx context.Context, path, text string) (territories.Ref, *territories.Set, error) {
	ref, err := territories.ParseRef(text)
	if err != nil {
		return ref, nil, fault.Invalid(fault.At(path, "shape", "Un territoire s’écrit type:code (departement:26).", "A territory is written kind:code (departement:26).")).Because(err)
	}
	set, err := s.cfg.Atlas.Of(ref)
	if err != nil {
		return ref, nil, s.unknownTerritory(ctx, err)
	}
	return ref, set, nil
}

// unknownTerritory says what was perhaps meant.
func (s *Server) unknownTerritory(ctx context.Context, err error) error {
	var u *territories.UnknownError
	if !errors.As(err, &u) {
		return err
	}
	var fr, en []string
	for _, c := range u.Held {
		if name, ok := s.cfg.Atlas.Name(territories.Ref{Kind: territories.KindCommune, Code: string(c)}); ok {
			fr = append(fr, name+" ("+string(c)+")")
		}
	}
	if len(fr) > 0 {
		en = append([]string{"Its place is now held by " + strings.Join(fr, ", ") + "."}, en...)
		fr = []string{"Sa place est tenue aujourd’hui par " + strings.Join(fr, ", ") + "."}
	}
	var near []string
	for _, h := range u.Nearest {
		near = append(near, h.Ref.String()+" ("+h.Name+")")
	}
	if len(near) > 0 {
		fr = append(fr, "Peut-être : "+strings.Join(near, ", ")+".")
		en = append(en, "Perhaps: "+strings.Join(near, ", ")+".")
	}
	return fault.New(fault.KindNotFound, "unknown-territory",
		strings.Join(append([]string{"Ce territoire n’existe pas au " + s.cfg.Atlas.Vintage() + "."}, fr...), " "),
		strings.Join(append([]string{"There is no such territory on " + s.cfg.Atlas.Vintage() + "."}, en...), " ")).Because(err)
}

func (s *Server) getTerritory(ctx context.Context, in *refInput) (*Found[Territory], error) {
	ref, set, err := s.territory(ctx, "path.ref", in.Ref)
	if err != nil {
		return nil, err
	}
	a := s.cfg.Atlas
	name, _ := a.Name(ref)
	out := Territory{Ref: ref.String(), Kind: string(ref.Kind), Code: ref.Code, Name: name, Type: a.Type(ref),
		Communes: set.Len(), Population: a.Population(set), Vintage: a.Vintage()}
	if b, ok := a.Bound(set); ok {
		out.BBox = []float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
	}
	if ref.Kind == territories.KindCommune {
		if ord, ok := a.Ordinal(territories.CommuneCode(ref.Code)); ok {
			out.Commune = communeFacts(a.Commune(ord))
		}
	}
	return found(out), nil
}

func communeFacts(c *territories.Commune) *CommuneFacts {
	f := &CommuneFacts{Departement: c.Departement, Region: c.Region, EPCI: c.EPCI, EPT: c.EPT, Postal: c.Postal, SIREN: c.SIREN, Km2: c.Km2}
	if f.Postal == nil {
		f.Postal = []string{}
	}
	if c.HasPoint {
		f.Point = []float64{c.Point[0], c.Point[1]}
	}
	return f
}

func (s *Server) resolveCommune(ctx context.Context, in *struct {
	Code string `path:"code" maxLength:"5" example:"26281" doc:"INSEE code, of today or of the past."`
	On   string `query:"on" format:"date" example:"2012-01-01" doc:"The date; today if absent."`
}) (*Found[territories.ResolveReport], error) {
	code, err := territories.ParseCommuneCode(in.Code)
	if err != nil {
		return nil, fault.Invalid(fault.At("path.code", "shape", "Un code INSEE a cinq signes (26281, 2A004).", "An INSEE code has five signs (26281, 2A004).")).Because(err)
	}
	on := territories.DateOf(s.cfg.Now())
	if in.On != "" {
		if on, err = territories.ParseDate(in.On); err != nil {
			return nil, fault.Invalid(fault.At("query.on", "date", "Une date est attendue, comme 2012-01-01.", "A date is expected, such as 2012-01-01.")).Because(err)
		}
	}
	return found(s.cfg.Atlas.Resolve(code, on).Report(langOf(accounts.From(ctx).Lang))), nil
}

func (s *Server) readPerimeter(ctx context.Context, in *struct {
	Codes bool `query:"codes" doc:"Give the INSEE codes too."`
	Body  PerimeterInput
}) (*Found[Perimeter], error) {
	p, err := s.compile(ctx, "", in.Body)
	if err != nil {
		return nil, err
	}
	return found(s.perimeter(p, in.Codes)), nil
}

func (s *Server) perimeter(p *territories.Perimeter, codes bool) Perimeter {
	a := s.cfg.Atlas
	r := a.ReportPerimeter(p)
	out := Perimeter{Expression: json.RawMessage(p.Text), Words: s.words(p.Expr), Communes: r.Communes, Population: r.Population,
		CodesSHA256: r.CodesSHA256, BBox: r.BBox, Vintage: r.Vintage}
	if codes {
		out.Codes = a.Codes(p.Set)
	}
	return out
}

func (s *Server) words(e territories.Expr) Words {
	return Words{FR: s.cfg.Atlas.Describe(e, "fr"), EN: s.cfg.Atlas.Describe(e, "en")}
}

// compile reads a perimeter; prefix locates its faults.
func (s *Server) compile(ctx context.Context, prefix string, in PerimeterInput) (*territories.Perimeter, error) {
	e, path, err := s.expression(prefix, in)
	if err != nil {
		return nil, err
	}
	p, err := s.cfg.Atlas.Compile(e)
	if err == nil {
		return p, nil
	}
	detail := fault.Of(s.unknownTerritory(ctx, err))
	if detail.Kind == fault.KindInternal {
		return nil, fault.Invalid(fault.At(path, "perimeter", "Ce périmètre ne peut pas être calculé.", "This perimeter cannot be worked out.")).Because(err)
	}
	return nil, fault.Invalid(fault.At(path, detail.Code, detail.Message.FR, detail.Message.EN)).Because(err)
}

func (s *Server) expression(prefix string, in PerimeterInput) (territories.Expr, string, error) {
	switch {
	case (len(in.Expression) > 0) == (in.Words != ""):
		return territories.Expr{}, "", fault.Invalid(fault.At("body."+prefix+"expression", "required",
			"Donnez une expression ou des mots, l’un des deux.", "Give an expression or words, one of the two."))
	case in.Words != "":
		path := "body." + prefix + "words"
		e, err := s.cfg.Atlas.ParseWords(in.Words)
		return e, path, unreadWords(path, err)
	default:
		path := "body." + prefix + "expression"
		e, err := territories.ParseExpr(in.Expression)
		return e, path, unreadExpr(path, err)
	}
}

func unreadExpr(path string, err error) error {
	if err == nil {
		return nil
	}
	var x *territories.ExprError
	if errors.As(err, &x) && x.Path != "" {
		path += "." + x.Path
	}
	return fault.Invalid(fault.At(path, "perimeter", "Cette expression n’est pas comprise.", "This expression is not understood.")).Because(err)
}

func unreadWords(path string, err error) error {
	if err == nil {
		return nil
	}
	var w *territories.WordsError
	if !errors.As(err, &w) {
		return fault.Invalid(fault.At(path, "perimeter", "Ces mots ne sont pas compris.", "These words are not understood.")).Because(err)
	}
	fr, en := "« "+w.Part+" » : "+w.Reason.FR, "“"+w.Part+"”: "+w.Reason.EN
	var other []string
	for _, h := range w.Alternatives {
		other = append(other, h.Name+" ("+h.Ref.String()+")")
	}
	if len(other) > 0 {
		fr, en = sentence(fr)+" Peut-être : "+strings.Join(other, ", ")+".", sentence(en)+" Perhaps: "+strings.Join(other, ", ")+"."
	}
	return fault.Invalid(fault.At(path, "perimeter", fr, en)).Because(err)
}

// sentence ends a text with a stop.
func sentence(text string) string { return strings.TrimRight(text, ". ") + "." }

func (s *Server) comparePerimeters(ctx context.Context, in *struct {
	Body struct {
		X PerimeterInput `json:"x"`
		Y PerimeterInput `json:"y"`
	}
}) (*Found[Comparison], error) {
	x, err := s.compile(ctx, "x.", in.Body.X)
	if err != nil {
		return nil, err
	}
	y, err := s.compile(ctx, "y.", in.Body.Y)
	if err != nil {
		return nil, err
	}
	r := s.cfg.Atlas.Relate(x.Set, y.Set)
	return found(Comparison{Relation: string(r.Kind), Communes: r.Communes, Population: r.Population, CommunesOfX: r.CommunesOfX,
		CommunesOfY: r.CommunesOfY, PopulationOfX: r.PopulationOfX, PopulationOfY: r.PopulationOfY}), nil
}

func (s *Server) drawTerritory(ctx context.Context, in *refInput) (*GeoJSON, error) {
	ref, set, err := s.territory(ctx, "path.ref", in.Ref)
	if err != nil {
		return nil, err
	}
	name, _ := s.cfg.Atlas.Name(ref)
	return s.area(set, map[string]any{"ref": ref.String(), "name": name})
}

func (s *Server) drawPerimeter(ctx context.Context, in *struct{ Body PerimeterInput }) (*GeoJSON, error) {
	p, err := s.compile(ctx, "", in.Body)
	if err != nil {
		return nil, err
	}
	return s.area(p.Set, map[string]any{"words": s.cfg.Atlas.Describe(p.Expr, langOf(accounts.From(ctx).Lang))})
}

func (s *Server) area(set *territories.Set, properties map[string]any) (*GeoJSON, error) {
	if s.cfg.Map == nil {
		return nil, noShapes()
	}
	var b bytes.Buffer
	if err := tiles.WriteArea(&b, s.cfg.Map().Mesh, set, properties); err != nil {
		return nil, err
	}
	return &GeoJSON{ContentType: "application/geo+json", Body: b.Bytes()}, nil
}

func noShapes() error {
	return fault.New(fault.KindUnavailable, "no-shapes", "Les contours ne sont pas disponibles sur ce serveur.", "Outlines are not available on this server.")
}

func (s *Server) drawLayer(ctx context.Context, in *struct {
	Kind string `path:"kind" enum:"commune,epci,departement,region" example:"departement"`
	In   string `query:"in" maxLength:"120" example:"region:84" doc:"Only the territories that hold a commune of this one."`
}) (*GeoJSON, error) {
	if s.cfg.Map == nil {
		return nil, noShapes()
	}
	if in.Kind == string(territories.KindCommune) && in.In == "" { // ten megabytes: tiles are for that
		return nil, fault.Invalid(fault.At("query.in", "required", "Pour les communes, dites dans quel territoire (in=departement:26).",
			"For communes, say inside which territory (in=departement:26)."))
	}
	var within *territories.Set
	if in.In != "" {
		var err error
		if _, within, err = s.territory(ctx, "query.in", in.In); err != nil {
			return nil, err
		}
	}
	var b bytes.Buffer
	if err := tiles.WriteLayer(&b, s.cfg.Map().Mesh, territories.Kind(in.Kind), within); err != nil {
		return nil, err
	}
	return &GeoJSON{ContentType: "application/geo+json", Body: b.Bytes()}, nil
}
