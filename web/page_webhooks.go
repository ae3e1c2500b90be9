package web

import (
	"strconv"

	"maillage/accounts"
	"maillage/followup/webhooks"
	"maillage/internal/mail"
)

// webhooksPath is where somebody says which of their programs are told what is new.
const webhooksPath = "/mes-donnees/webhooks"

func webhookPath(id webhooks.ID) string {
	return webhooksPath + "/" + strconv.FormatInt(int64(id), 10)
}

// WebhooksPage lists the addresses of somebody, with the form of a new one.
type WebhooksPage struct {
	Page
	Heading, Lead string
	Rows          []WebhookRow
	Form          WebhookForm
}

// WebhookRow is one address.
type WebhookRow struct {
	Name, Href, URL, Events string
	State                   Tag
}

// WebhookForm is what an address is called, where it is and of what it is told.
type WebhookForm struct {
	Action, Revision, Button string
	Name, URL, Events        Field
}

// WebhookPage is one address, what it was told and how it went.
type WebhookPage struct {
	Page
	Heading, Href string
	State         Tag
	Said          []string
	Secret        string // just drawn: shown once
	On            bool
	Form          WebhookForm
	Deliveries    []DeliveryRow
	More          Pager
}

// DeliveryRow is one message and its attempts.
type DeliveryRow struct {
	What, When, Key, Body, Resend string
	State                         Tag
	Attempts                      []string
}

func (s *Server) webhooks(c *call) error {
	page, err := c.webhooksPage(nil)
	if err != nil {
		return err
	}
	return c.show("webhooks", page)
}

func (c *call) webhooksPage(errs map[string]string) (*WebhooksPage, error) {
	all, err := c.s.cfg.Webhooks.List(c.r.Context())
	if err != nil {
		return nil, err
	}
	title := c.T("webhook.title")
	page := &WebhooksPage{Page: c.page(title, Crumb{c.T("data.title"), "/mes-donnees"}, Crumb{Text: title}), Heading: title, Lead: c.T("webhook.lead"),
		Form: c.webhookForm(webhooksPath, webhooks.Webhook{EventList: string(webhooks.MatchProposed)}, errs)}
	page.Form.Button = c.T("webhook.register")
	page.Errors = summary(errs, "nom", "adresse", "evenements")
	for _, w := range all {
		page.Rows = append(page.Rows, WebhookRow{Name: w.Name, Href: webhookPath(w.ID), URL: w.URL, Events: c.eventWords(w), State: c.webhookState(w)})
	}
	return page, nil
}

// eventWords lists what an address is told.
func (c *call) eventWords(w webhooks.Webhook) (words string) {
	for _, t := range w.Events() {
		words = joined(" · ", words, c.T("webhook.type."+string(t)))
	}
	return words
}

func (c *call) webhookState(w webhooks.Webhook) Tag {
	switch {
	case w.Off != webhooks.On:
		return Tag{Text: c.T("webhook.off_" + string(w.Off)), State: Missed}
	case !w.FailingSince.IsZero():
		return Tag{Text: c.T("webhook.failing"), State: Partial}
	}
	return Tag{Text: c.T("webhook.on"), State: Met}
}

func (c *call) webhookForm(action string, w webhooks.Webhook, errs map[string]string) WebhookForm {
	name, url, chosen := w.Name, w.URL, map[string]bool{}
	for _, t := range w.Events() {
		chosen[string(t)] = true
	}
	if errs != nil {
		name, url, chosen = c.form("nom"), c.form("adresse"), map[string]bool{}
		for _, t := range c.r.PostForm["evenement"] {
			chosen[t] = true
		}
	}
	form := WebhookForm{Action: action, Revision: revisionOf(w.Revision), Button: c.T("webhook.save"),
		Name:   Field{ID: "nom", Name: "nom", Label: c.T("webhook.name"), Hint: c.T("webhook.name_hint"), Value: name, Required: true, Error: errs["nom"]},
		URL:    Field{ID: "adresse", Name: "adresse", Kind: "url", InputMode: "url", Label: c.T("webhook.url"), Hint: c.T("webhook.url_hint"), Value: url, Required: true, Error: errs["adresse"]},
		Events: Field{ID: "evenements", Name: "evenement", Kind: "checkbox", Label: c.T("webhook.events"), Hint: c.T("webhook.events_hint"), Error: errs["evenements"]}}
	for _, t := range webhooks.Types() {
		form.Events.Options = append(form.Events.Options, Option{Value: string(t), Text: c.T("webhook.type." + string(t)), Selected: chosen[string(t)]})
	}
	return form
}

func (c *call) webhookWish() webhooks.Wish {
	wish := webhooks.Wish{Name: c.form("nom"), URL: c.form("adresse")}
	for _, t := range c.r.PostForm["evenement"] {
		wish.Events = append(wish.Events, webhooks.Type(t))
	}
	return wish
}

// webhookFaults puts what was refused beside its field; false for any other error.
func (c *call) webhookFaults(err error) (map[string]string, bool) {
	fields, general, ok := c.faults(err)
	if !ok {
		return nil, false
	}
	errs := map[string]string{}
	for path, text := range fields {
		errs[or(map[string]string{"name": "nom", "url": "adresse", "events": "evenements"}[path], path)] = text
	}
	return formErrors(errs, general), true
}

// registerWebhook keeps an address and shows its secret, this once.
func (s *Server) registerWebhook(c *call) error {
	w, err := s.cfg.Webhooks.Register(c.r.Context(), c.webhookWish())
	if err != nil {
		errs, ok := c.webhookFaults(err)
		if !ok {
			return err
		}
		page, err := c.webhooksPage(errs)
		if err != nil {
			return err
		}
		return c.showForm(page, "webhooks", errs)
	}
	return c.webhookSecret(w)
}

func (c *call) webhookSecret(w *webhooks.Webhook) error {
	c.w.Header().Set("Cache-Control", "no-store")
	page, err := c.webhookPage(w, nil)
	if err != nil {
		return err
	}
	page.Secret, page.Here = w.Secret, webhookPath(w.ID)
	return c.show("webhook", page)
}

func (s *Server) webhook(c *call) error {
	w, err := c.ownWebhook()
	if err != nil {
		return err
	}
	page, err := c.webhookPage(w, nil)
	if err != nil {
		return err
	}
	return c.show("webhook", page)
}

func (c *call) ownWebhook() (*webhooks.Webhook, error) {
	id, err := c.id("id")
	if err != nil {
		return nil, err
	}
	return c.s.cfg.Webhooks.Get(c.r.Context(), webhooks.ID(id))
}

// deliveriesShown is how many messages a page lists.
const deliveriesShown = 20

func (c *call) webhookPage(w *webhooks.Webhook, errs map[string]string) (*WebhookPage, error) {
	all, err := c.s.cfg.Webhooks.Messages(c.r.Context(), w.ID, webhooks.MessageID(c.number("avant")), deliveriesShown+1)
	if err != nil {
		return nil, err
	}
	page := &WebhookPage{Page: c.page(w.Name, Crumb{c.T("data.title"), "/mes-donnees"}, Crumb{c.T("webhook.title"), webhooksPath}, Crumb{Text: w.Name}),
		Heading: w.Name, Href: webhookPath(w.ID), State: c.webhookState(*w), Said: c.webhookSaid(*w), On: w.Off == webhooks.On, Form: c.webhookForm(webhookPath(w.ID), *w, errs)}
	page.Errors = summary(errs, "nom", "adresse", "evenements")
	if len(all) > deliveriesShown {
		all = all[:deliveriesShown]
		page.More.Next = webhookPath(w.ID) + "?" + query("avant", strconv.FormatInt(int64(all[len(all)-1].ID), 10)) + "#envois"
	}
	for _, m := range all {
		page.Deliveries = append(page.Deliveries, c.deliveryRow(m, page.On))
	}
	return page, nil
}

// webhookSaid says where an address is and how it fares.
func (c *call) webhookSaid(w webhooks.Webhook) []string {
	said := []string{w.URL}
	switch {
	case w.Off != webhooks.On:
		said = append(said, c.T("webhook.off_since_"+string(w.Off), "When", c.When(w.OffAt, c.now)))
	case !w.FailingSince.IsZero():
		said = append(said, c.T("webhook.failing_since", "When", c.When(w.FailingSince, c.now)))
	}
	if c.now.Before(w.OldUntil) {
		said = append(said, c.T("webhook.old_until", "When", c.When(w.OldUntil, c.now)))
	}
	return said
}

func (c *call) deliveryRow(m webhooks.Message, on bool) DeliveryRow {
	row := DeliveryRow{What: c.T("webhook.type." + string(m.Type)), When: c.When(m.CreatedAt, c.now), Key: m.Key, Body: m.Body, State: Tag{Text: c.T("webhook.state_" + string(m.State)), State: deliveryMark(m.State)}}
	if on && (m.State == webhooks.Failed || m.State == webhooks.Dropped) {
		row.Resend = strconv.FormatInt(int64(m.ID), 10)
	}
	for _, a := range m.Attempts {
		said := c.T("webhook.status", "Status", a.Status)
		if a.Fault != "" {
			said = c.T("webhook.fault_" + string(a.Fault))
		}
		row.Attempts = append(row.Attempts, c.T("webhook.attempt", "When", c.When(a.At, c.now), "Said", said, "Took", a.TookMS))
	}
	return row
}

func deliveryMark(s webhooks.State) State {
	switch s {
	case webhooks.Delivered:
		return Met
	case webhooks.Failed:
		return Missed
	case webhooks.Pending, webhooks.Dropped:
	}
	return Unknown
}

// changeWebhook does what the button says.
func (s *Server) changeWebhook(c *call) error {
	w, err := c.ownWebhook()
	if err != nil {
		return err
	}
	ctx, back := c.r.Context(), webhookPath(w.ID)
	done := func(err error, path, flash string) error {
		if err != nil {
			return err
		}
		return c.to(path, flash)
	}
	switch c.form("faire") {
	case "essayer":
		return done(s.cfg.Webhooks.Try(ctx, w.ID), back+"#envois", "webhook_tested")
	case "secret":
		w, err := s.cfg.Webhooks.Rotate(ctx, w.ID)
		if err != nil {
			return err
		}
		return c.webhookSecret(w)
	case "arreter":
		_, err := s.cfg.Webhooks.Switch(ctx, w.ID, false)
		return done(err, back, "webhook_off")
	case "reprendre":
		_, err := s.cfg.Webhooks.Switch(ctx, w.ID, true)
		return done(err, back, "webhook_on")
	case "supprimer":
		return done(s.cfg.Webhooks.Delete(ctx, w.ID), webhooksPath, "webhook_deleted")
	case "renvoyer":
		message, err := strconv.ParseInt(c.form("envoi"), 10, 64)
		if err != nil {
			message = 0 // there is none
		}
		return done(s.cfg.Webhooks.Resend(ctx, w.ID, webhooks.MessageID(message)), back+"#envois", "webhook_resent")
	}
	return c.saveWebhook(w)
}

func (c *call) saveWebhook(w *webhooks.Webhook) error {
	revision, err := c.revision()
	if err != nil {
		return err
	}
	_, err = c.s.cfg.Webhooks.Change(c.r.Context(), w.ID, revision, c.webhookWish())
	if err == nil {
		return c.to(webhookPath(w.ID), "webhook_changed")
	}
	errs, ok := c.webhookFaults(err)
	if !ok {
		return err
	}
	page, err := c.webhookPage(w, errs)
	if err != nil {
		return err
	}
	return c.showForm(page, "webhook", errs)
}

// WebhookOff is the letter that tells the owner of an address that nothing is sent
// to it any more.
func (l *Letters) WebhookOff(to accounts.User, w webhooks.Webhook) mail.Letter {
	c, lang := l.spoken(to.Lang)
	return mail.Letter{Lang: string(lang), Subject: c.T("letters.webhook_subject", "Name", w.Name), Greeting: c.T("letters.hello", "Name", to.Name),
		Paragraphs: []string{c.T("letters.webhook_"+string(w.Off), "Name", w.Name), c.T("letters.webhook_text")},
		Button:     mail.Link{Label: c.T("letters.webhook_do"), URL: l.site + webhookPath(w.ID)}, Foot: c.T("letters.webhook_why")}
}
