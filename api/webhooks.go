package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"maillage/accounts"
	"maillage/followup/webhooks"
)

// WebhookInput is an address to tell, and of what.
type WebhookInput struct {
	Name   string   `json:"name" minLength:"1" maxLength:"120" example:"Notre logiciel de gestion"`
	URL    string   `json:"url" maxLength:"2000" doc:"A public address, in https." example:"https://outil.example.org/maillage"`
	Events []string `json:"events" minItems:"1" maxItems:"6" enum:"match.proposed,match.withdrawn,answer.changed,search.new,search.changed,search.cancelled"`
}

// WebhookView is an address of the caller.
type WebhookView struct {
	ID           int64      `json:"id"`
	Name         string     `json:"name"`
	URL          string     `json:"url"`
	Events       []string   `json:"events"`
	Off          string     `json:"off,omitempty" enum:"owner,failures,gone" doc:"Why nothing is sent; absent: it is on. failures: not one success in three days; gone: it answered 410."`
	OffAt        *time.Time `json:"off_at,omitempty"`
	FailingSince *time.Time `json:"failing_since,omitempty" doc:"The first failure since the last success."`
	OldUntil     *time.Time `json:"old_secret_until,omitempty" doc:"Until when the secret that was replaced signs too."`
	CreatedAt    time.Time  `json:"created_at"`
	Revision     int64      `json:"revision"`
}

// WebhookSecret is an address with its secret, given once.
type WebhookSecret struct {
	WebhookView
	Secret string `json:"secret" doc:"The key of the signatures, given this once." example:"whsec_…"`
}

// DeliveryView is a message to an address and what became of it.
type DeliveryView struct {
	ID       int64         `json:"id"`
	Key      string        `json:"webhook_id" doc:"The header webhook-id: one for all attempts." example:"msg_3_match_12_45"`
	Type     string        `json:"type" example:"match.proposed"`
	Body     string        `json:"body" doc:"What was signed and sent, to the byte."`
	State    string        `json:"state" enum:"pending,delivered,failed,dropped"`
	MadeAt   time.Time     `json:"created_at"`
	Attempts []AttemptView `json:"attempts" doc:"The latest first."`
}

// AttemptView is one request.
type AttemptView struct {
	At     time.Time `json:"at"`
	Status int       `json:"status,omitempty" doc:"Of the answer; absent: there was none."`
	Fault  string    `json:"fault,omitempty" enum:"address,dns,timeout,tls,connection" doc:"Why there was no answer."`
	TookMS int       `json:"took_ms"`
}

func (s *Server) webhooks() {
	const all, one = "/v1/me/webhooks", "/v1/me/webhooks/{id}"
	get, post, read, edit, tag := http.MethodGet, http.MethodPost, accounts.WebhookRead, accounts.WebhookEdit, tagFollowup
	add(s, Operation{ID: "list-my-webhooks", Method: get, Path: all, Tag: tag, Action: read, Summary: "List the addresses of my programs that are told what is new"}, s.listWebhooks)
	add(s, Operation{ID: "create-my-webhook", Method: post, Path: all, Tag: tag, Action: edit, Status: http.StatusCreated, Summary: "Have a program told what is new",
		About:   "As Standard Webhooks writes it: signed messages, sent again until they are taken. The secret is given this once. docs/webhooks.md says how to check a message.",
		Example: `{"name":"Notre logiciel","url":"https://outil.example.org/maillage","events":["match.proposed","search.new"]}`, Errors: []int{http.StatusConflict}}, s.createWebhook)
	add(s, Operation{ID: "get-my-webhook", Method: get, Path: one, Tag: tag, Action: read, Summary: "An address and how it fares"}, s.getWebhook)
	add(s, Operation{ID: "update-my-webhook", Method: http.MethodPut, Path: one, Tag: tag, Action: edit, Summary: "Change an address, its name or its events",
		Example: `{"name":"Notre logiciel","url":"https://outil.example.org/maillage","events":["match.proposed"]}`, Errors: []int{http.StatusPreconditionFailed}}, s.updateWebhook)
	add(s, Operation{ID: "delete-my-webhook", Method: http.MethodDelete, Path: one, Tag: tag, Action: edit, Status: http.StatusNoContent, Summary: "Delete an address and what it was told"}, s.deleteWebhook)
	add(s, Operation{ID: "switch-my-webhook", Method: http.MethodPut, Path: one + "/on", Tag: tag, Action: edit, Summary: "Turn an address on or off",
		About: "What happens while it is off is not told.", Example: `{"on":false}`}, s.switchWebhook)
	add(s, Operation{ID: "rotate-my-webhook-secret", Method: post, Path: one + "/secret", Tag: tag, Action: edit, Summary: "Draw another secret",
		About: "Given this once; the one before signs too for a day."}, s.rotateWebhook)
	add(s, Operation{ID: "test-my-webhook", Method: post, Path: one + "/test", Tag: tag, Action: edit, Status: http.StatusNoContent, Summary: "Send a message that tells nothing"}, s.testWebhook)
	add(s, Operation{ID: "list-my-webhook-deliveries", Method: get, Path: one + "/deliveries", Tag: tag, Action: read, Summary: "What an address was told, the latest first",
		About: "Kept for 90 days."}, s.listDeliveries)
	add(s, Operation{ID: "resend-my-webhook-delivery", Method: post, Path: one + "/deliveries/{delivery}/resend", Tag: tag, Action: edit, Status: http.StatusNoContent, Summary: "Send a message again that was not taken"}, s.resendDelivery)
}

func showWebhook(w webhooks.Webhook) WebhookView {
	v := WebhookView{ID: int64(w.ID), Name: w.Name, URL: w.URL, Events: texts(w.Events()), Off: string(w.Off), OffAt: instant(w.OffAt), FailingSince: instant(w.FailingSince), CreatedAt: w.CreatedAt.UTC(), Revision: w.Revision}
	v.OldUntil = instant(w.OldUntil)
	return v
}

// instant is nil for the zero one.
func instant(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return utc(&at)
}

func (in WebhookInput) wish() webhooks.Wish {
	return webhooks.Wish{Name: in.Name, URL: in.URL, Events: cast[webhooks.Type](in.Events)}
}

func (s *Server) listWebhooks(ctx context.Context, _ *Empty) (*Found[[]WebhookView], error) {
	rows, err := s.cfg.Webhooks.List(ctx)
	return found(each(rows, showWebhook)), err
}

func (s *Server) createWebhook(ctx context.Context, in *struct{ Body WebhookInput }) (*Made[WebhookSecret], error) {
	w, err := s.cfg.Webhooks.Register(ctx, in.Body.wish())
	if err != nil {
		return nil, err
	}
	view := showWebhook(*w)
	return &Made[WebhookSecret]{Location: "/v1/me/webhooks/" + strconv.FormatInt(view.ID, 10), Body: WebhookSecret{view, w.Secret}}, nil
}

func (s *Server) getWebhook(ctx context.Context, in *ByID) (*Found[WebhookView], error) {
	return shownWebhook(s.cfg.Webhooks.Get(ctx, webhooks.ID(in.ID)))
}

func shownWebhook(w *webhooks.Webhook, err error) (*Found[WebhookView], error) {
	if err != nil {
		return nil, err
	}
	return revised(showWebhook(*w), w.Revision), nil
}

func (s *Server) updateWebhook(ctx context.Context, in *struct {
	ByID
	IfMatch
	Body WebhookInput
}) (*Found[WebhookView], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	return shownWebhook(s.cfg.Webhooks.Change(ctx, webhooks.ID(in.ID), revision, in.Body.wish()))
}

func (s *Server) deleteWebhook(ctx context.Context, in *ByID) (*Nothing, error) {
	return none(s.cfg.Webhooks.Delete(ctx, webhooks.ID(in.ID)))
}

func (s *Server) switchWebhook(ctx context.Context, in *struct {
	ByID
	Body struct {
		On bool `json:"on"`
	}
}) (*Found[WebhookView], error) {
	return shownWebhook(s.cfg.Webhooks.Switch(ctx, webhooks.ID(in.ID), in.Body.On))
}

func (s *Server) rotateWebhook(ctx context.Context, in *ByID) (*Found[WebhookSecret], error) {
	w, err := s.cfg.Webhooks.Rotate(ctx, webhooks.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return revised(WebhookSecret{showWebhook(*w), w.Secret}, w.Revision), nil
}

func (s *Server) testWebhook(ctx context.Context, in *ByID) (*Nothing, error) {
	return none(s.cfg.Webhooks.Try(ctx, webhooks.ID(in.ID)))
}

func (s *Server) listDeliveries(ctx context.Context, in *struct {
	ByID
	Before int64 `query:"before" minimum:"0" doc:"The number of the last one seen."`
	Limit  int   `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many."`
}) (*Found[[]DeliveryView], error) {
	rows, err := s.cfg.Webhooks.Messages(ctx, webhooks.ID(in.ID), webhooks.MessageID(in.Before), in.Limit)
	return found(each(rows, showDelivery)), err
}

func showDelivery(m webhooks.Message) DeliveryView {
	return DeliveryView{ID: int64(m.ID), Key: m.Key, Type: string(m.Type), Body: m.Body, State: string(m.State), MadeAt: m.CreatedAt.UTC(), Attempts: each(m.Attempts, func(a webhooks.Attempt) AttemptView {
		return AttemptView{At: a.At.UTC(), Status: a.Status, Fault: string(a.Fault), TookMS: a.TookMS}
	})}
}

func (s *Server) resendDelivery(ctx context.Context, in *struct {
	ByID
	Delivery int64 `path:"delivery" minimum:"1"`
}) (*Nothing, error) {
	return none(s.cfg.Webhooks.Resend(ctx, webhooks.ID(in.ID), webhooks.MessageID(in.Delivery)))
}
