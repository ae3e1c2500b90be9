package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"maillage/accounts"
	"maillage/internal/fault"
)

// Problem is an error as RFC 9457 writes it.
type Problem struct {
	Type     string    `json:"type" format:"uri-reference" example:"/problems/not-found" doc:"Stable name of the kind of problem; the address tells more about it."`
	Title    string    `json:"title" example:"Introuvable" doc:"The kind of problem, in the caller's language."`
	Status   int       `json:"status" example:"404" doc:"HTTP status."`
	Detail   string    `json:"detail,omitempty" example:"Cet élément n’existe pas ou n’est plus accessible." doc:"What happened, in the caller's language."`
	Instance string    `json:"instance,omitempty" format:"uri" example:"urn:maillage:request:5f0c1d2e3a4b5968" doc:"The request, to be quoted when asking for help."`
	Code     string    `json:"code" example:"not-found" doc:"The last part of the type."`
	Errors   []Located `json:"errors,omitempty" doc:"Every fault of the input."`

	headers http.Header
}

// Located is one fault of an input.
type Located struct {
	Location string `json:"location" example:"body.lots[0].title" doc:"Where: body, query, path or header, then the field."`
	Code     string `json:"code" example:"required" doc:"Stable name of the fault."`
	Detail   string `json:"detail" example:"Donnez un titre." doc:"What to correct, in the caller's language."`
}

// Error makes a Problem an error; it says no more than the caller is told.
func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders are those that go with the status.
func (p *Problem) GetHeaders() http.Header { return p.headers }

// ContentType is that of problems.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// statusOf maps the families of faults once.
func statusOf(k fault.Kind) int {
	switch k {
	case fault.KindInvalid:
		return http.StatusUnprocessableEntity
	case fault.KindNotFound:
		return http.StatusNotFound
	case fault.KindConflict:
		return http.StatusConflict
	case fault.KindUnauthenticated:
		return http.StatusUnauthorized
	case fault.KindForbidden:
		return http.StatusForbidden
	case fault.KindPrecondition:
		return http.StatusPreconditionFailed
	case fault.KindTooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.KindTooMany:
		return http.StatusTooManyRequests
	case fault.KindUnavailable:
		return http.StatusServiceUnavailable
	default:
		return http.StatusInternalServerError
	}
}

// problem turns any error of an operation into what the caller may hear of it.
func problem(ctx context.Context, op Operation, err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	f := fault.Of(err)
	p = newProblem(ctx, statusOf(f.Kind), f.Code, f.Message)
	lang := accounts.From(ctx).Lang
	for _, field := range f.Fields {
		p.Errors = append(p.Errors, Located{Location: op.located(field.Path), Code: field.Code, Detail: field.Message.In(lang)})
	}
	switch p.Status {
	case http.StatusTooManyRequests:
		p.headers.Set("Retry-After", strconv.Itoa(accounts.WaitOf(err)))
	case http.StatusUnauthorized:
		p.headers.Set("WWW-Authenticate", `Bearer realm="maillage"`)
	}
	return p
}

func newProblem(ctx context.Context, status int, code string, detail fault.Text) *Problem {
	lang := accounts.From(ctx).Lang
	p := &Problem{Type: "/problems/" + code, Title: titleOf(status).In(lang), Status: status, Code: code,
		Detail: detail.In(lang), headers: http.Header{}}
	if id := accounts.RequestFrom(ctx); id != "" {
		p.Instance = "urn:maillage:request:" + id
	}
	p.headers.Set("Content-Language", langOf(lang))
	p.headers.Set("Cache-Control", "no-store")
	return p
}

func langOf(lang string) string {
	if lang == "en" {
		return "en"
	}
	return "fr"
}

// located says where a noun's field is in the request, unless it says so itself: in
// the path where the path names it, in the query of an operation that reads no body,
// else in the body.
func (op Operation) located(path string) string {
	for _, p := range []string{"body.", "query.", "path.", "header.", "line "} {
		if strings.HasPrefix(path, p) {
			return path
		}
	}
	switch {
	case strings.Contains(op.Path, "{"+path+"}"):
		return "path." + path
	case path == "after", path == "limit", op.Method == http.MethodGet, op.Method == http.MethodHead, op.Method == http.MethodDelete:
		return "query." + path
	}
	return "body." + path
}

// titleOf names each status that this door answers.
func titleOf(status int) fault.Text {
	switch status {
	case http.StatusBadRequest:
		return fault.Text{FR: "Requête illisible", EN: "Unreadable request"}
	case http.StatusUnauthorized:
		return fault.Text{FR: "Identification nécessaire", EN: "Sign in first"}
	case http.StatusForbidden:
		return fault.Text{FR: "Action non autorisée", EN: "Not allowed"}
	case http.StatusNotFound:
		return fault.Text{FR: "Introuvable", EN: "Not found"}
	case http.StatusMethodNotAllowed:
		return fault.Text{FR: "Méthode non permise", EN: "Method not allowed"}
	case http.StatusNotAcceptable:
		return fault.Text{FR: "Format de réponse indisponible", EN: "Answer format not available"}
	case http.StatusRequestTimeout:
		return fault.Text{FR: "Requête trop lente", EN: "Request too slow"}
	case http.StatusConflict:
		return fault.Text{FR: "Impossible dans l’état actuel", EN: "Not possible in the present state"}
	case http.StatusPreconditionFailed:
		return fault.Text{FR: "Modifié entre-temps", EN: "Changed meanwhile"}
	case http.StatusRequestEntityTooLarge:
		return fault.Text{FR: "Trop volumineux", EN: "Too large"}
	case http.StatusUnsupportedMediaType:
		return fault.Text{FR: "Format de requête inconnu", EN: "Unknown request format"}
	case http.StatusUnprocessableEntity:
		return fault.Text{FR: "Informations à corriger", EN: "Input to correct"}
	case http.StatusTooManyRequests:
		return fault.Text{FR: "Trop de requêtes", EN: "Too many requests"}
	case http.StatusServiceUnavailable:
		return fault.Text{FR: "Momentanément indisponible", EN: "Not available for now"}
	default:
		return fault.Text{FR: "Erreur de notre côté", EN: "Error on our side"}
	}
}

// generic is the sentence of what the machinery refuses before any noun is asked.
func generic(status int) (code string, text fault.Text) {
	switch status {
	case http.StatusUnprocessableEntity:
		f := fault.Invalid()
		return f.Code, f.Message
	case http.StatusBadRequest:
		return "unreadable", fault.Text{FR: "La requête ne peut pas être lue : vérifiez que son corps n’est pas vide, et qu’il est ce que l’opération attend, du JSON ou un fichier.", EN: "The request cannot be read: check that its body is not empty, and is what the operation takes, JSON or a file."}
	case http.StatusMethodNotAllowed:
		return "method-not-allowed", fault.Text{FR: "Cette adresse n’accepte pas cette méthode ; l’en-tête Allow dit lesquelles.", EN: "This address does not take this method; the Allow header says which."}
	case http.StatusNotAcceptable:
		return "not-acceptable", fault.Text{FR: "Cette adresse ne répond qu’en JSON.", EN: "This address answers in JSON only."}
	case http.StatusRequestTimeout:
		return "too-slow", fault.Text{FR: "Le corps de la requête a mis trop de temps à arriver.", EN: "The body of the request took too long to arrive."}
	case http.StatusRequestEntityTooLarge:
		return "too-large", fault.Text{FR: "Le corps de la requête est trop volumineux.", EN: "The body of the request is too large."}
	case http.StatusUnsupportedMediaType:
		return "unsupported-media-type", fault.Text{FR: "Ce format n’est pas accepté ici : envoyez du JSON.", EN: "This format is not taken here: send JSON."}
	case http.StatusNotFound:
		return "not-found", fault.Text{FR: "Il n’y a rien à cette adresse.", EN: "There is nothing at this address."}
	default:
		f := fault.Of(errors.New("unknown"))
		return f.Code, f.Message
	}
}

// speakProblems makes huma's own refusals problems too. It is a global of
// huma's; this door is its only user.
var speakProblems = sync.OnceFunc(func() {
	huma.NewErrorWithContext = func(hc huma.Context, status int, msg string, errs ...error) huma.StatusError {
		ctx := context.Background()
		if hc != nil {
			ctx = hc.Context()
		}
		p := refusal(ctx, status, msg, errs...)
		for k := range p.headers {
			if hc != nil {
				hc.SetHeader(k, p.headers.Get(k))
			}
		}
		return p
	}
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		return refusal(context.Background(), status, msg, errs...)
	}
})

// refusal is a problem found by huma while reading the request. Its English is
// translated; anything it does not say of the input stays unsaid.
func refusal(ctx context.Context, status int, msg string, errs ...error) *Problem {
	if status < 400 || status >= 500 {
		status = http.StatusInternalServerError
	}
	code, text := generic(status)
	p := newProblem(ctx, status, code, text)
	if status >= 500 {
		return p
	}
	lang := accounts.From(ctx).Lang
	for _, err := range errs {
		var d huma.ErrorDetailer
		if !errors.As(err, &d) {
			continue
		}
		detail := d.ErrorDetail()
		code, text := reading(detail.Message)
		p.Errors = append(p.Errors, Located{Location: detail.Location, Code: code, Detail: text.In(lang)})
	}
	if len(p.Errors) == 0 && strings.HasPrefix(msg, "request body is required") {
		p.Errors = []Located{{Location: "body", Code: "required", Detail: fault.Text{FR: "Le corps de la requête manque.", EN: "The body of the request is missing."}.In(lang)}}
	}
	return p
}
