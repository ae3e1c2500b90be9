package mail_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	stdmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"maillage/internal/mail"
	"maillage/internal/testkit"
)

func at() time.Time { return time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC) }

func letter(t *testing.T) mail.Message {
	t.Helper()
	m, err := mail.Letter{Lang: "fr", Subject: "Votre invitation à rejoindre Maillage", Greeting: "Bonjour,",
		Paragraphs: []string{"Vous êtes invité·e <par> le réseau."},
		Button:     mail.Link{Label: "Ouvrir mon compte", URL: "https://maillage.example.org/invitation/abc"},
		After:      "Ce lien sert une seule fois.", Foot: "Aucun compte n’est ouvert sans vous."}.Message("zoe@structure.fr", "Zoé Martin")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestALetterSaysTheSameInBothForms(t *testing.T) {
	t.Parallel()
	m := letter(t)
	for _, s := range []string{"Bonjour,", "Ouvrir mon compte", "https://maillage.example.org/invitation/abc", "une seule fois", "sans vous"} {
		if !strings.Contains(m.Text, s) || !strings.Contains(m.HTML, s) {
			t.Errorf("%q is missing from one of the forms", s)
		}
	}
	if strings.Contains(m.HTML, "<par>") || !strings.Contains(m.Text, "<par>") {
		t.Error("the text of a letter is taken for HTML")
	}
}

func TestSendingThroughAServer(t *testing.T) {
	t.Parallel()
	r := testkit.NewRelay(t, "250 ok")
	s, err := mail.Open(mail.Config{URL: r.URL, From: "Maillage <ne-pas-repondre@exemple.fr>", Now: at})
	if err != nil {
		t.Fatal(err)
	}
	m := letter(t)
	m.Key = "invitation-1"
	for range 2 { // a job that runs twice
		if err := s.Send(context.Background(), m); err != nil {
			t.Fatal(err)
		}
	}
	got := r.Letters()
	if len(got) != 2 {
		t.Fatalf("%d letters", len(got))
	}
	one, err := stdmail.ReadMessage(strings.NewReader(got[0]))
	if err != nil {
		t.Fatal(err)
	}
	two, _ := stdmail.ReadMessage(strings.NewReader(got[1]))
	if id := one.Header.Get("Message-ID"); id == "" || id != two.Header.Get("Message-ID") || strings.Contains(id, "invitation") {
		t.Errorf("Message-ID %q then %q", id, two.Header.Get("Message-ID"))
	}
	to, err := one.Header.AddressList("To")
	if err != nil || to[0].Name != "Zoé Martin" || to[0].Address != "zoe@structure.fr" {
		t.Errorf("To: %v %v", to, err)
	}
	if when, _ := one.Header.Date(); !when.Equal(at()) {
		t.Errorf("Date: %v", when)
	}
	if kind := one.Header.Get("Content-Type"); !strings.HasPrefix(kind, "multipart/alternative") {
		t.Errorf("Content-Type: %s", kind)
	}
}

func TestARefusalForGoodIsToldApart(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]struct{ forGood, mailbox bool }{
		"550 no such box": {true, true}, "550 5.1.1 unknown": {true, true}, "550 5.2.1 disabled": {true, true},
		"550 5.7.1 blocked": {true, false}, "552 5.2.2 full": {true, false}, "554 policy": {true, false}, "451 later": {},
	} {
		r := testkit.NewRelay(t, answer)
		s, err := mail.Open(mail.Config{URL: r.URL})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Send(context.Background(), letter(t)); err == nil || errors.Is(err, mail.ErrRefused) != want.forGood || errors.Is(err, mail.ErrMailbox) != want.mailbox {
			t.Errorf("%s: %v", answer, err)
		}
	}
	s, _ := mail.Open(mail.Config{URL: "smtp+plain://127.0.0.1:1"})
	if err := s.Send(context.Background(), letter(t)); err == nil || errors.Is(err, mail.ErrRefused) {
		t.Errorf("nobody answers: %v", err)
	}
}

// What a job that fails writes in its row and in the log is this text.
func TestAFailureNamesNobody(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{"450 4.2.1 <zoe@structure.fr> is full, ask postmaster@structure.fr", "550 5.1.1 <zoe@structure.fr> unknown"} {
		s, err := mail.Open(mail.Config{URL: testkit.NewRelay(t, answer).URL})
		if err != nil {
			t.Fatal(err)
		}
		err = s.Send(context.Background(), letter(t))
		if err == nil {
			t.Fatalf("%s: sent", answer)
		}
		var log strings.Builder
		slog.New(slog.NewJSONHandler(&log, nil)).Warn("job failed", "error", err)
		for _, text := range []string{err.Error(), fmt.Sprintf("%+v", err), log.String()} {
			if strings.Contains(text, "@") || strings.Contains(text, "zoe") || !strings.Contains(text, answer[:3]) {
				t.Errorf("%s: kept as %s", answer, text)
			}
		}
	}
}

func TestTheOutboxSendsNothingAndLosesNothing(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "outbox")
	s, err := mail.Open(mail.Config{Folder: dir, Now: at})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := s.Send(context.Background(), letter(t)); err != nil {
			t.Fatal(err)
		}
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	if len(files) != 3 {
		t.Fatalf("files: %v", files)
	}
	b, _ := os.ReadFile(files[0])
	m, err := stdmail.ReadMessage(strings.NewReader(string(b)))
	if err != nil || m.Header.Get("Auto-Submitted") != "auto-generated" {
		t.Fatalf("%v\n%s", err, b)
	}
	if info, _ := os.Stat(files[0]); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
}

func TestNoHeaderIsInjected(t *testing.T) {
	t.Parallel()
	f := &mail.Fake{}
	good := letter(t)
	for name, spoil := range map[string]func(*mail.Message){
		"subject": func(m *mail.Message) { m.Subject = "a\r\nBcc: eve@example.org" },
		"name":    func(m *mail.Message) { m.Name = "a\nBcc: eve@example.org" },
		"address": func(m *mail.Message) { m.To = "eve@example.org, zoe@structure.fr" },
		"empty":   func(m *mail.Message) { m.Text = "" },
	} {
		m := good
		spoil(&m)
		if err := f.Send(context.Background(), m); !errors.Is(err, mail.ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(f.Sent()) != 0 {
		t.Error("a spoilt letter went")
	}
}

func TestConfigurationFaultsSayNothingOfThePassword(t *testing.T) {
	t.Parallel()
	for _, cfg := range []mail.Config{
		{URL: "smtp://user:hunter2@"},
		{URL: "ftp://user:hunter2@host"},
		{URL: "smtp://user:hunter2@host:abc"},
		{URL: "::hunter2::"},
		{From: "nobody"},
	} {
		if _, err := mail.Open(cfg); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%+v: %v", cfg, err)
		}
	}
}

// A letter that can be ended says so in its headers; by one POST on HTTPS only (RFC 8058).
func TestALetterThatCanBeEndedSaysSo(t *testing.T) {
	t.Parallel()
	for address, want := range map[string][2]string{
		"":                           {"", ""},
		"https://example.org/fin/x_": {"<https://example.org/fin/x_>", "List-Unsubscribe=One-Click"},
		"http://localhost:8080/fin/": {"<http://localhost:8080/fin/>", ""},
	} {
		r := testkit.NewRelay(t, "250 ok")
		s, err := mail.Open(mail.Config{URL: r.URL})
		if err != nil {
			t.Fatal(err)
		}
		m := letter(t)
		m.Stop = address
		if err := s.Send(context.Background(), m); err != nil {
			t.Fatal(err)
		}
		got, err := stdmail.ReadMessage(strings.NewReader(r.Letters()[0]))
		if err != nil {
			t.Fatal(err)
		}
		if list := [2]string{got.Header.Get("List-Unsubscribe"), got.Header.Get("List-Unsubscribe-Post")}; list != want {
			t.Errorf("%q: %q", address, list)
		}
	}
	for _, spoiled := range []string{"https://a/\r\nBcc: eve@example.org", "https://a/> <mailto:eve@example.org", "javascript:x"} {
		m := letter(t)
		m.Stop = spoiled
		if err := (&mail.Fake{}).Send(context.Background(), m); !errors.Is(err, mail.ErrRefused) {
			t.Errorf("%q: %v", spoiled, err)
		}
	}
}
