package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"maillage/accounts"
	"maillage/internal/fault"
)

// Operation is one address and method of the API, with the action of the
// policy that it asks for.
type Operation struct {
	ID      string
	Method  string
	Path    string
	Tag     string
	Summary string // a few words
	About   string // the rest; may be empty
	Action  accounts.Action
	Status  int    // of success; default 200
	Errors  []int  // beyond those that follow from its shape
	Body    int64  // most bytes of the request; default 1 MiB
	Example string // a body in JSON; the tests send it
	Gives   string // media type of an answer that is a file; default JSON
}

// maxBody bounds a JSON request.
const maxBody = 1 << 20

// add lays an operation: its policy is asked before the request is read, and
// whatever its handler returns becomes a problem.
func add[I, O any](s *Server, op Operation, handle func(ctx context.Context, in *I) (*O, error)) {
	if op.Body == 0 {
		op.Body = maxBody
	}
	s.ops = append(s.ops, op)
	h := s.described(op)
	if op.Example != "" {
		h.RequestBody = &huma.RequestBody{Content: map[string]*huma.MediaType{"application/json": {Example: json.RawMessage(op.Example)}}}
	}
	huma.Register(s.api, h, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, s.refused(ctx, op, err)
		}
		return out, nil
	})
}

func (s *Server) described(op Operation) huma.Operation {
	h := huma.Operation{OperationID: op.ID, Method: op.Method, Path: op.Path, Tags: []string{op.Tag}, Summary: op.Summary,
		Description: op.About, DefaultStatus: op.Status, MaxBodyBytes: op.Body, Errors: errorsOf(op),
		Extensions: map[string]any{"x-action": string(op.Action)},
		Middlewares: huma.Middlewares{func(hc huma.Context, next func(huma.Context)) {
			if err := accounts.Permits(accounts.From(hc.Context()), op.Action); err != nil {
				s.write(hc, problem(hc.Context(), op, err))
				return
			}
			if slices.Contains([]string{"person", "identity", "agreement", "proposal", "batch", "reach", "microdata"}, op.Action.Noun()) {
				hc.SetHeader("Cache-Control", "no-store") // what is said of a person stays in no cache
			}
			next(hc)
		}}}
	if op.Gives != "" {
		h.Responses = map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{op.Gives: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}}
	}
	switch {
	case public(op.Action):
	case bySession(op.Action):
		h.Security = []map[string][]string{{"session": {}}}
	default:
		h.Security = []map[string][]string{{"token": {}}, {"session": {}}}
	}
	return h
}

func public(a accounts.Action) bool { return accounts.ReachOf(accounts.Nobody(), a) > accounts.Never }

// bySession tells an action that no scope gives to a token.
func bySession(a accounts.Action) bool {
	return !slices.ContainsFunc(accounts.TokenScopes(), func(s accounts.TokenScope) bool {
		noun, _, _ := strings.Cut(string(s), ":")
		return noun == a.Noun()
	})
}

// errorsOf lists the statuses that an operation may answer besides its success.
func errorsOf(op Operation) []int {
	out := []int{http.StatusUnprocessableEntity, http.StatusTooManyRequests, http.StatusInternalServerError}
	if !public(op.Action) {
		out = append(out, http.StatusUnauthorized, http.StatusForbidden)
	}
	if strings.Contains(op.Path, "{") {
		out = append(out, http.StatusNotFound)
	}
	if op.Method != http.MethodGet {
		out = append(out, http.StatusBadRequest, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	}
	return append(out, op.Errors...)
}

// refused turns a handler's error into a problem and keeps the cause of ours in the log.
func (s *Server) refused(ctx context.Context, op Operation, err error) error {
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		err = fault.New(fault.KindUnavailable, "cancelled", "La requête a été abandonnée.", "The request was given up.").Because(err)
	}
	p := problem(ctx, op, err)
	if p.Status >= http.StatusInternalServerError {
		s.cfg.Log.ErrorContext(ctx, "operation failed", "operation", op.ID, "request_id", accounts.RequestFrom(ctx), "error", err)
	}
	return p
}

// write answers a problem from a place that has no handler's return.
func (s *Server) write(hc huma.Context, p *Problem) {
	for k, values := range p.headers {
		for _, v := range values {
			hc.SetHeader(k, v)
		}
	}
	hc.SetHeader("Content-Type", p.ContentType(""))
	hc.SetStatus(p.Status)
	_ = s.api.Marshal(hc.BodyWriter(), "application/json", p)
}
