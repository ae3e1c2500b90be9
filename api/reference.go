package api

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"maillage/accounts"
)

//go:embed reference.html reference.css
var referenceFiles embed.FS

// reference serves the document and the page that a person reads: our own
// server-rendered HTML, which needs no script and no other machine.
func (s *Server) reference() error {
	s.document()
	doc, err := s.api.OpenAPI().MarshalJSON()
	if err != nil {
		return fmt.Errorf("write the OpenAPI document: %w", err)
	}
	yaml, err := s.api.OpenAPI().YAML()
	if err != nil {
		return fmt.Errorf("write the OpenAPI document: %w", err)
	}
	page, err := s.page()
	if err != nil {
		return err
	}
	css, err := referenceFiles.ReadFile("reference.css")
	if err != nil {
		return err
	}
	s.file("get-openapi-json", "/v1/openapi.json", "application/openapi+json", doc)
	s.file("get-openapi-yaml", "/v1/openapi.yaml", "application/openapi+yaml", yaml)
	s.file("read-reference", "/v1/docs", "text/html; charset=utf-8", page)
	s.file("get-reference-style", "/v1/docs.css", "text/css; charset=utf-8", css)
	return s.problems()
}

// file serves bytes that anybody may read, with the policy like everything else.
func (s *Server) file(id, path, kind string, body []byte) {
	s.plain(Operation{ID: id, Method: http.MethodGet, Path: path, Action: accounts.DocumentationRead}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'")
		_, _ = w.Write(body)
	})
}

// plain lays an address that is no operation of the document.
func (s *Server) plain(op Operation, handle http.HandlerFunc) {
	s.ops = append(s.ops, op)
	s.mux.HandleFunc(op.Method+" "+op.Path, func(w http.ResponseWriter, r *http.Request) {
		if err := accounts.Permits(accounts.From(r.Context()), op.Action); err != nil {
			s.fail(w, r, err)
			return
		}
		handle(w, r)
	})
}

// document adds what every read answers, which no handler declares.
func (s *Server) document() {
	for _, item := range s.api.OpenAPI().Paths {
		if item.Get == nil {
			continue
		}
		item.Get.Parameters = append(item.Get.Parameters, &huma.Param{Name: "If-None-Match", In: "header", Schema: &huma.Schema{Type: huma.TypeString},
			Description: "The ETag of what you have: 304 if it is still so."})
		item.Get.Responses["304"] = &huma.Response{Description: "Not Modified"}
		ok := item.Get.Responses["200"]
		if ok.Headers == nil {
			ok.Headers = map[string]*huma.Param{}
		}
		ok.Headers["ETag"] = &huma.Param{Schema: &huma.Schema{Type: huma.TypeString}, Description: "Its version: for If-None-Match on a read, If-Match on a write."}
		if geo := ok.Content["application/json"]; geo != nil && geo.Schema != nil && geo.Schema.Ref == "" && geo.Schema.ContentEncoding != "" {
			ok.Content = map[string]*huma.MediaType{"application/geo+json": {Schema: &huma.Schema{Type: huma.TypeObject}}}
		}
	}
}

// The page's own model.
type refPage struct {
	Title, Version string
	Overview       template.HTML
	Sections       []refSection
	Schemas        []refSchema
}

type refSection struct {
	Name, Anchor, About string
	Operations          []refOperation
}

type refOperation struct {
	ID, Method, Path, Summary, Action string
	About                             template.HTML
	Public                            bool
	Try                               string
	Parameters                        []refField
	Body                              template.HTML
	Answers                           []refAnswer
}

type refAnswer struct {
	Status, Text string
	Shape        template.HTML
}

type refField struct {
	Name, In string
	Type     template.HTML
	Required bool
	About    template.HTML
}

type refSchema struct {
	Name   string
	Fields []refField
}

func (s *Server) page() ([]byte, error) {
	t, err := template.ParseFS(referenceFiles, "reference.html")
	if err != nil {
		return nil, fmt.Errorf("read the reference page: %w", err)
	}
	doc := s.api.OpenAPI()
	p := refPage{Title: doc.Info.Title, Version: doc.Info.Version, Overview: prose(doc.Info.Description)}
	for _, tag := range doc.Tags {
		sec := refSection{Name: tag.Name, Anchor: anchor(tag.Name), About: tag.Description}
		for _, op := range s.ops {
			if op.Tag == tag.Name {
				sec.Operations = append(sec.Operations, operationPage(op, find(doc, op)))
			}
		}
		p.Sections = append(p.Sections, sec)
	}
	schemas := doc.Components.Schemas.Map()
	for name := range schemas {
		p.Schemas = append(p.Schemas, refSchema{Name: name, Fields: fields(schemas[name])})
	}
	slices.SortFunc(p.Schemas, func(a, b refSchema) int { return strings.Compare(a.Name, b.Name) })
	var b bytes.Buffer
	if err := t.Execute(&b, p); err != nil {
		return nil, fmt.Errorf("write the reference page: %w", err)
	}
	return b.Bytes(), nil
}

func find(doc *huma.OpenAPI, op Operation) *huma.Operation {
	item := doc.Paths[op.Path]
	switch op.Method {
	case http.MethodPost:
		return item.Post
	case http.MethodPut:
		return item.Put
	case http.MethodPatch:
		return item.Patch
	case http.MethodDelete:
		return item.Delete
	default:
		return item.Get
	}
}

func operationPage(op Operation, h *huma.Operation) refOperation {
	r := refOperation{ID: op.ID, Method: op.Method, Path: op.Path, Summary: op.Summary, Action: string(op.Action), About: prose(op.About), Public: public(op.Action), Try: try(op, h)}
	for _, p := range h.Parameters {
		r.Parameters = append(r.Parameters, refField{Name: p.Name, In: p.In, Type: shape(p.Schema), Required: p.Required, About: prose(p.Description)})
	}
	if h.RequestBody != nil {
		for kind, media := range h.RequestBody.Content {
			r.Body += template.HTML(template.HTMLEscapeString(kind)+" ") + shape(media.Schema)
		}
	}
	for status, answer := range h.Responses {
		a := refAnswer{Status: status, Text: answer.Description}
		for _, media := range answer.Content {
			a.Shape = shape(media.Schema)
		}
		r.Answers = append(r.Answers, a)
	}
	slices.SortFunc(r.Answers, func(a, b refAnswer) int { return strings.Compare(a.Status, b.Status) })
	return r
}

// try is a call of the operation, ready to be pasted: $MAILLAGE is the address
// of the site, $TOKEN an API token, session.txt the cookie of a session.
func try(op Operation, h *huma.Operation) string {
	path, query := op.Path, []string{}
	for _, p := range h.Parameters {
		example := fmt.Sprint(p.Example)
		if p.Example == nil && p.Schema != nil && len(p.Schema.Examples) > 0 {
			example = fmt.Sprint(p.Schema.Examples[0])
		} else if p.Example == nil {
			example = "1"
		}
		switch {
		case p.In == "path":
			path = strings.Replace(path, "{"+p.Name+"}", example, 1)
		case p.In == "query" && p.Required:
			query = append(query, p.Name+"="+url.QueryEscape(example))
		}
	}
	if len(query) > 0 {
		path += "?" + strings.Join(query, "&")
	}
	call := "curl"
	if op.Method != http.MethodGet {
		call += " -X " + op.Method
	}
	switch {
	case op.Action == accounts.SessionOpen:
		call += " -c session.txt"
	case public(op.Action):
	case bySession(op.Action):
		call += " -b session.txt"
	default:
		call += ` -H "Authorization: Bearer $TOKEN"`
	}
	if op.Example != "" {
		call += " \\\n  -H 'Content-Type: application/json' -d '" + strings.ReplaceAll(op.Example, "'", `'\''`) + "'"
	}
	return call + ` "$MAILLAGE` + path + `"`
}

func fields(sc *huma.Schema) []refField {
	var out []refField
	for name, p := range sc.Properties {
		out = append(out, refField{Name: name, Type: shape(p), Required: slices.Contains(sc.Required, name), About: prose(p.Description)})
	}
	slices.SortFunc(out, func(a, b refField) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// shape names a schema in a few words, with a link where it has a name.
func shape(sc *huma.Schema) template.HTML {
	switch {
	case sc == nil:
		return ""
	case sc.Ref != "":
		name := template.HTMLEscapeString(sc.Ref[strings.LastIndex(sc.Ref, "/")+1:])
		return template.HTML(`<a href="#schema-` + name + `">` + name + `</a>`)
	case sc.Type == huma.TypeArray:
		return "list of " + shape(sc.Items)
	case len(sc.Enum) > 0:
		var values []string
		for _, v := range sc.Enum {
			values = append(values, template.HTMLEscapeString(fmt.Sprint(v)))
		}
		return template.HTML(strings.Join(values, " | "))
	case sc.Type == "":
		return "any JSON"
	case sc.Type == huma.TypeObject && len(sc.Properties) > 0:
		var parts []string
		for _, f := range fields(sc) {
			parts = append(parts, template.HTMLEscapeString(f.Name)+": "+string(f.Type))
		}
		return template.HTML("{ " + strings.Join(parts, ", ") + " }")
	case sc.Format != "":
		return template.HTML(template.HTMLEscapeString(sc.Type + " (" + sc.Format + ")"))
	default:
		return template.HTML(template.HTMLEscapeString(sc.Type))
	}
}

var (
	coded  = regexp.MustCompile("`([^`]+)`")
	strong = regexp.MustCompile(`\*\*([^*]+)\*\*`)
)

// prose writes our own few marks: paragraphs, **strong** and `code`.
func prose(text string) template.HTML {
	if text == "" {
		return ""
	}
	var b strings.Builder
	for p := range strings.SplitSeq(text, "\n\n") {
		html := template.HTMLEscapeString(p)
		html = coded.ReplaceAllString(html, "<code>$1</code>")
		html = strong.ReplaceAllString(html, "<strong>$1</strong>")
		b.WriteString("<p>" + html + "</p>")
	}
	return template.HTML(b.String())
}

func anchor(name string) string { return strings.ToLower(strings.ReplaceAll(name, " ", "-")) }
