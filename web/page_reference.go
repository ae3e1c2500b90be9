package web

import (
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"

	"maillage/internal/fault"
)

// ReferencePage is the API's reference, rendered here from its OpenAPI description: it needs no
// script, nothing from elsewhere, and reads like the other pages. Every operation is
// listed; those of one noun (?sujet=) are told whole, since all of them weigh too much
// for a slow phone.
type ReferencePage struct {
	Page
	Heading, Lead string
	Groups        []OperationGroup
	Problem       *SchemaView // the body of every error
	Contents      []Link      // every noun
	Whole         bool        // the operations of one noun, told whole
}

// OperationGroup is the operations of one noun.
type OperationGroup struct {
	ID, Name, Description, Href string
	Operations                  []Operation
}

// Operation is one address and one method.
type Operation struct {
	ID, Method, Path, Summary, Description, Policy string
	Parameters                                     []Parameter
	Body                                           *SchemaView
	Responses                                      []ResponseView
	Errors                                         string // statuses that answer a problem
}

// Parameter is what an operation takes in its address or its headers.
type Parameter struct {
	Name, In, Type, Description string
	Required                    bool
}

// ResponseView is one answer of an operation.
type ResponseView struct {
	Status, Description string
	Schema              *SchemaView
}

// SchemaView is the fields of a body.
type SchemaView struct {
	Name   string
	Fields []Parameter
}

// The parts of an OpenAPI 3.1 document that the page reads.
type openAPI struct {
	Tags       []struct{ Name, Description string }   `json:"tags"`
	Paths      map[string]map[string]json.RawMessage  `json:"paths"`
	Components struct{ Schemas map[string]apiSchema } `json:"components"`
}

type apiOperation struct {
	OperationID string                                   `json:"operationId"`
	Summary     string                                   `json:"summary"`
	Description string                                   `json:"description"`
	Tags        []string                                 `json:"tags"`
	Parameters  []apiParameter                           `json:"parameters"`
	RequestBody *struct{ Content map[string]apiContent } `json:"requestBody"`
	Responses   map[string]struct {
		Description string
		Content     map[string]apiContent
	} `json:"responses"`
}

type apiParameter struct {
	Name, In, Description string
	Required              bool
	Schema                apiSchema
}

type apiContent struct{ Schema apiSchema }

type apiSchema struct {
	Ref         string               `json:"$ref"`
	Type        any                  `json:"type"`
	Format      string               `json:"format"`
	Description string               `json:"description"`
	Enum        []any                `json:"enum"`
	Items       *apiSchema           `json:"items"`
	Properties  map[string]apiSchema `json:"properties"`
	Required    []string             `json:"required"`
}

func (s *Server) reference(c *call) error {
	if s.cfg.OpenAPI == nil {
		return fault.New(fault.KindUnavailable, "no-openapi", s.locales[French].T("api.absent"), s.locales[English].T("api.absent"))
	}
	raw, err := s.cfg.OpenAPI()
	if err != nil {
		return fmt.Errorf("read the API's description: %w", err)
	}
	var doc openAPI
	if err := json.Unmarshal(raw, &doc); err != nil {
		return fmt.Errorf("parse the API's description: %w", err)
	}
	groups, err := c.groups(doc)
	if err != nil {
		return err
	}
	page := &ReferencePage{Page: c.page(c.T("api.title")), Heading: c.T("api.heading"), Lead: c.T("api.lead"), Groups: groups, Problem: doc.problem()}
	for _, g := range groups {
		page.Contents = append(page.Contents, Link{g.Name, g.Href})
	}
	if asked := c.query("sujet"); asked != "" {
		page.Groups = slices.DeleteFunc(groups, func(g OperationGroup) bool { return g.ID != asked })
		if len(page.Groups) == 0 {
			return fault.NotFound("operations", asked)
		}
		page.Whole, page.Heading = true, page.Groups[0].Name
		page.Crumbs = append(page.Crumbs, Crumb{c.T("api.title"), "/api"}, Crumb{Text: page.Heading})
	}
	return c.show("reference", page)
}

// groups gathers the operations by tag, in the order of the tags, then of the paths.
func (c *call) groups(doc openAPI) ([]OperationGroup, error) {
	var groups []OperationGroup
	index := map[string]int{}
	for _, tag := range doc.Tags {
		index[tag.Name] = len(groups)
		groups = append(groups, newGroup(tag.Name, tag.Description))
	}
	for _, path := range sortedKeys(doc.Paths) {
		for _, method := range []string{"get", "post", "put", "patch", "delete"} {
			raw, ok := doc.Paths[path][method]
			if !ok {
				continue
			}
			var op apiOperation
			if err := json.Unmarshal(raw, &op); err != nil {
				return nil, fmt.Errorf("parse %s %s: %w", method, path, err)
			}
			name := c.T("api.other")
			if len(op.Tags) > 0 {
				name = op.Tags[0]
			}
			at, ok := index[name]
			if !ok {
				at = len(groups)
				index[name] = at
				groups = append(groups, newGroup(name, ""))
			}
			groups[at].Operations = append(groups[at].Operations, doc.operation(method, path, op))
		}
	}
	return slices.DeleteFunc(groups, func(g OperationGroup) bool { return len(g.Operations) == 0 }), nil
}

func newGroup(name, description string) OperationGroup {
	id := slug(name)
	return OperationGroup{ID: id, Name: name, Description: description, Href: "/api?" + query("sujet", id)}
}

func (doc openAPI) operation(method, path string, op apiOperation) Operation {
	v := Operation{ID: slug(method + "-" + path), Method: strings.ToUpper(method), Path: path, Summary: op.Summary, Description: op.Description}
	for _, p := range op.Parameters {
		v.Parameters = append(v.Parameters, Parameter{Name: p.Name, In: p.In, Type: p.Schema.words(), Description: p.Description, Required: p.Required})
	}
	if op.RequestBody != nil {
		v.Body = doc.schema(op.RequestBody.Content)
	}
	for _, status := range sortedKeys(op.Responses) {
		answer := op.Responses[status]
		if _, ok := answer.Content[problemType]; ok { // each says the same: the page says it once
			v.Errors = joined(", ", v.Errors, status)
			continue
		}
		v.Responses = append(v.Responses, ResponseView{Status: status, Description: answer.Description, Schema: doc.schema(answer.Content)})
	}
	return v
}

// problemType is the body of every error (RFC 9457).
const problemType = "application/problem+json"

// problem is that body's fields; nil where the description has none.
func (doc openAPI) problem() *SchemaView {
	return doc.schema(map[string]apiContent{problemType: {Schema: apiSchema{Ref: "#/components/schemas/Problem"}}})
}

// schema reads the fields of the first content of a body; nil where there is none.
func (doc openAPI) schema(content map[string]apiContent) *SchemaView {
	kinds := sortedKeys(content)
	if len(kinds) == 0 {
		return nil
	}
	schema := content[kinds[0]].Schema
	v := &SchemaView{Name: schema.words()}
	if v.Name == "" {
		v.Name = kinds[0]
	}
	if schema.Items != nil {
		schema = *schema.Items
	}
	if named, ok := doc.Components.Schemas[refName(schema.Ref)]; ok {
		schema = named
	}
	for _, name := range sortedKeys(schema.Properties) {
		field := schema.Properties[name]
		v.Fields = append(v.Fields, Parameter{Name: name, Type: field.words(), Description: field.Description, Required: slices.Contains(schema.Required, name)})
	}
	if len(v.Fields) == 0 {
		return nil
	}
	return v
}

func refName(ref string) string { return ref[strings.LastIndexByte(ref, '/')+1:] }

// words says a type shortly: string (date-time), Lot, list of Lot.
func (s apiSchema) words() string {
	if s.Ref != "" {
		return refName(s.Ref)
	}
	kind := ""
	switch t := s.Type.(type) {
	case string:
		kind = t
	case []any:
		var names []string
		for _, one := range t {
			names = append(names, fmt.Sprint(one))
		}
		kind = strings.Join(names, " | ")
	}
	if s.Items != nil {
		return s.Items.words() + "[]"
	}
	if s.Format != "" {
		kind += " (" + s.Format + ")"
	}
	if len(s.Enum) > 0 {
		var values []string
		for _, one := range s.Enum {
			values = append(values, fmt.Sprint(one))
		}
		kind += " : " + strings.Join(values, ", ")
	}
	return kind
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

// slug makes an anchor of any text.
func slug(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}
