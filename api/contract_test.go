package api_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2/validation"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"maillage/accounts"
	"maillage/api"
	"maillage/internal/testkit"
)

// go test ./api -update writes docs/openapi.json again after a wanted change of the contract.
var update = flag.Bool("update", false, "write docs/openapi.json again")

type document struct {
	OpenAPI string                          `json:"openapi"`
	Paths   map[string]map[string]operation `json:"paths"`
}

type operation struct {
	ID       string   `json:"operationId"`
	Summary  string   `json:"summary"`
	Tags     []string `json:"tags"`
	Action   string   `json:"x-action"`
	Security []any    `json:"security"`
	Body     struct {
		Content map[string]struct {
			Schema  map[string]any `json:"schema"`
			Example any            `json:"example"`
		} `json:"content"`
	} `json:"requestBody"`
	Responses map[string]struct {
		Content map[string]struct {
			Schema map[string]any `json:"schema"`
		} `json:"content"`
	} `json:"responses"`
}

func readDocument(t *testing.T, w *world) (doc document, text []byte) {
	t.Helper()
	text, err := w.door.OpenAPI()
	must(t, err)
	must(t, json.Unmarshal(text, &doc))
	return doc, text
}

func TestTheContractIsTheCommittedOne(t *testing.T) {
	t.Parallel()
	_, text := readDocument(t, newWorld(t, testkit.SQLite(t)))
	var pretty bytes.Buffer
	must(t, json.Indent(&pretty, text, "", "  "))
	pretty.WriteByte('\n')
	path := filepath.Join(testkit.Root(), "docs", "openapi.json")
	if *update {
		must(t, os.WriteFile(path, pretty.Bytes(), 0o644))
	}
	want, err := os.ReadFile(path)
	must(t, err)
	if !bytes.Equal(want, pretty.Bytes()) {
		t.Fatal("the contract differs from docs/openapi.json: if that is wanted, run go test ./api -update")
	}
}

func TestEveryOperationIsDescribed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	doc, _ := readDocument(t, w)
	if !strings.HasPrefix(doc.OpenAPI, "3.1") {
		t.Errorf("OpenAPI %s", doc.OpenAPI)
	}
	listed := map[string]api.Operation{}
	for _, op := range w.door.Operations() {
		listed[op.ID] = op
	}
	count := 0
	for path, methods := range doc.Paths {
		for method, op := range methods {
			count++
			own, known := listed[op.ID]
			if !known || own.Path != path || !strings.EqualFold(own.Method, method) || string(own.Action) != op.Action {
				t.Errorf("%s %s is %q with the action %q, not an operation of the door", method, path, op.ID, op.Action)
			}
			if op.Summary == "" || len(op.Tags) != 1 {
				t.Errorf("%s has no summary or tag", op.ID)
			}
			open := accounts.ReachOf(accounts.Nobody(), own.Action) > accounts.Never
			if open == (len(op.Security) > 0) {
				t.Errorf("%s: security %v", op.ID, op.Security)
			}
			if noun := own.Action.Noun(); !open && (noun == "session" || noun == "token") != (len(op.Security) == 1) {
				t.Errorf("%s: security %v", op.ID, op.Security)
			}
			for _, status := range []string{"422", "429", "500"} {
				if op.Responses[status].Content["application/problem+json"].Schema["$ref"] != "#/components/schemas/Problem" {
					t.Errorf("%s does not document its %s as a problem", op.ID, status)
				}
			}
			if media, takes := op.Body.Content["application/json"]; takes && (media.Example == nil || media.Schema == nil) && op.ID != "import-notices" {
				t.Errorf("%s has no example or no schema of its body", op.ID)
			}
			if _, says := op.Responses["401"]; says == open && op.ID != "sign-in" {
				t.Errorf("%s: is 401 documented? %v", op.ID, says)
			}
			if _, says := op.Responses["304"]; says != (method == "get") {
				t.Errorf("%s: is 304 documented? %v", op.ID, says)
			}
		}
	}
	if count < 60 {
		t.Errorf("%d operations", count)
	}
}

// What the door says of an input is in both languages: every phrase that huma
// knows has its reading here.
func TestEveryPhraseOfHumaIsRead(t *testing.T) {
	t.Parallel()
	for _, msg := range []string{
		validation.MsgUnexpectedProperty, validation.MsgExpectedRFC3339DateTime, validation.MsgExpectedRFC1123DateTime, validation.MsgExpectedRFC3339Date,
		validation.MsgExpectedRFC3339Time, validation.MsgExpectedRFC5322Email, validation.MsgExpectedRFC5322EmailBare, validation.MsgExpectedRFC5890Hostname,
		validation.MsgExpectedRFC2673IPv4, validation.MsgExpectedRFC2373IPv6, validation.MsgExpectedRFCIPAddr, validation.MsgExpectedRFC3986URI,
		validation.MsgExpectedRFC3986AbsoluteURI, validation.MsgExpectedRFC4122UUID, validation.MsgExpectedRFC6570URITemplate, validation.MsgExpectedRFC6901JSONPointer,
		validation.MsgExpectedRFC6901RelativeJSONPointer, validation.MsgExpectedRegexp, validation.MsgExpectedMatchAtLeastOneSchema, validation.MsgExpectedMatchExactlyOneSchema,
		validation.MsgExpectedNotMatchSchema, validation.MsgExpectedPropertyNameInObject, validation.MsgExpectedBoolean, validation.MsgExpectedDuration, validation.MsgExpectedNumber,
		validation.MsgExpectedInteger, validation.MsgExpectedString, validation.MsgExpectedBase64String, validation.MsgExpectedArray, validation.MsgExpectedObject,
		validation.MsgExpectedArrayItemsUnique, validation.MsgExpectedOneOf, validation.MsgExpectedConst, validation.MsgExpectedMinimumNumber, validation.MsgExpectedExclusiveMinimumNumber,
		validation.MsgExpectedMaximumNumber, validation.MsgExpectedExclusiveMaximumNumber, validation.MsgExpectedNumberBeMultipleOf, validation.MsgExpectedMinLength,
		validation.MsgExpectedMaxLength, validation.MsgExpectedBePattern, validation.MsgExpectedMatchPattern, validation.MsgExpectedMinItems, validation.MsgExpectedMaxItems,
		validation.MsgExpectedMinProperties, validation.MsgExpectedMaxProperties, validation.MsgExpectedRequiredProperty, validation.MsgExpectedDependentRequiredProperty,
		validation.MsgExpectedResolvableSchemaRef,
		"unknown query parameter", "required query parameter is missing", "invalid integer", "invalid float", "invalid boolean",
		"invalid date/time for format 2006-01-02T15:04:05.999999999Z07:00",
	} {
		said := regexp.MustCompile(`%[vsd]`).ReplaceAllString(msg, "7")
		code, text := api.Reading(said)
		if code == "unreadable" || text.FR == "" || text.EN == "" || strings.Contains(text.FR, "{}") || strings.Contains(text.FR, "expected") {
			t.Errorf("%q reads as %s: %q, %q", said, code, text.FR, text.EN)
		}
	}
	if code, text := api.Reading("something with a secret in it"); code != "unreadable" || strings.Contains(text.EN, "secret") {
		t.Errorf("an unknown phrase reads as %s: %q", code, text.EN)
	}
}

// The explained answer is the one whose schema is published: the same on the
// command line, here and on the pages.
func TestTheExplainedAnswerFollowsItsSchema(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join(testkit.Root(), "docs", "match.schema.json"))
	must(t, err)
	for _, path := range []string{"/v1/lots/" + id(w.tender.Lots[0].ID) + "/matches?near=10&apart=10", "/v1/organisations/" + id(w.near.ID) + "/matches?near=10"} {
		a := w.ask("admin", "GET", path, nil).want(200)
		var v any
		a.into(&v)
		if err := schema.Validate(v); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// Every reference of the document leads somewhere, and every parameter of a
// path is declared.
func TestTheContractHoldsTogether(t *testing.T) {
	t.Parallel()
	_, text := readDocument(t, newWorld(t, testkit.SQLite(t)))
	var doc map[string]any
	must(t, json.Unmarshal(text, &doc))
	var walk func(at string, v any)
	walk = func(at string, v any) {
		switch v := v.(type) {
		case map[string]any:
			if ref, ok := v["$ref"].(string); ok && lookup(doc, ref) == nil {
				t.Errorf("%s: %s leads nowhere", at, ref)
			}
			for k, x := range v {
				walk(at+"/"+k, x)
			}
		case []any:
			for _, x := range v {
				walk(at, x)
			}
		}
	}
	walk("", doc)
	for path, methods := range doc["paths"].(map[string]any) {
		for _, name := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(path, -1) {
			for method, op := range methods.(map[string]any) {
				if declared, _ := json.Marshal(op.(map[string]any)["parameters"]); !strings.Contains(string(declared), `"in":"path","name":"`+name[1]+`"`) &&
					!regexp.MustCompile(`"name":"`+name[1]+`"`).Match(declared) {
					t.Errorf("%s %s does not declare %s", method, path, name[1])
				}
			}
		}
	}
}

func lookup(doc map[string]any, ref string) any {
	var at any = doc
	for part := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
		m, ok := at.(map[string]any)
		if !ok {
			return nil
		}
		at = m[part]
	}
	return at
}
