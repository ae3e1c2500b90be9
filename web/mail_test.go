package web

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/followup/bulletin"
	"maillage/followup/webhooks"
	post "maillage/internal/mail"
	"maillage/internal/testkit"
)

// arrived is a letter as a mail program reads it.
type arrived struct {
	header     mail.Header
	text, html string
}

func received(t *testing.T, raw string) arrived {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("Content-Type %q: %v", kind, err)
	}
	out := arrived{header: m.Header}
	for parts := multipart.NewReader(m.Body, params["boundary"]); ; {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(part.Header.Get("Content-Type"), "text/plain") {
			out.text = string(body)
		} else {
			out.html = string(body)
		}
	}
}

// TestLettersArrive: each kind of letter goes through a real conversation with a mail
// server; those of a subscription end by one gesture of a mail program (RFC 8058).
func TestLettersArrive(t *testing.T) {
	t.Parallel()
	letters := words(t)
	relay := testkit.NewRelay(t, "250 ok")
	sender, err := post.Open(post.Config{URL: relay.URL, From: "Maillage <ne-pas-repondre@exemple.fr>", Now: testkit.NewClock(monday).Now})
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range Langs() {
		zoe := accounts.User{Name: "Zoé Martin", Lang: string(lang)}
		for name, c := range map[string]struct {
			letter post.Letter
			stops  bool
		}{
			"reminders": {letters.Reminders(zoe, aDigest(), "s3cr3t"), true},
			"members":   {letters.Bulletin(zoe.Lang, zoe.Name, anIssue(bulletin.Members), "s3cr3t"), true},
			"partners":  {letters.Bulletin(zoe.Lang, "", anIssue(bulletin.Partners), "s3cr3t"), true},
			"alert":     {letters.Bulletin(zoe.Lang, zoe.Name, anIssue(bulletin.Alert), "s3cr3t"), true},
			"confirm":   {letters.Confirm(zoe.Lang, "Maillage Drôme", "s3cr3t"), false},
			"webhook":   {letters.WebhookOff(zoe, webhooks.Webhook{ID: 3, Name: "Notre logiciel", Off: webhooks.ByFailures, OffAt: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)}), false},
		} {
			m, err := c.letter.Message("zoe@exemple.fr", zoe.Name)
			if err != nil {
				t.Fatal(err)
			}
			before := len(relay.Letters())
			if err := sender.Send(t.Context(), m); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			got := received(t, relay.Letters()[before])
			same := func(a, b string) bool {
				return strings.TrimSpace(strings.ReplaceAll(a, "\r\n", "\n")) == strings.TrimSpace(b)
			}
			if !same(got.text, m.Text) || !same(got.html, m.HTML) {
				t.Errorf("%s (%s): what arrives is not what was written:\n%s", name, lang, got.text)
			}
			if subject, err := new(mime.WordDecoder).DecodeHeader(got.header.Get("Subject")); err != nil || subject != m.Subject {
				t.Errorf("%s: Subject %q %v", name, subject, err)
			}
			ends, how := got.header.Get("List-Unsubscribe"), got.header.Get("List-Unsubscribe-Post")
			if c.stops && (ends != "<https://maillage.example.org/desabonnement/s3cr3t>" || how != "List-Unsubscribe=One-Click") || !c.stops && ends+how != "" {
				t.Errorf("%s: List-Unsubscribe %q, %q", name, ends, how)
			}
		}
	}
}
