package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"maillage/internal/mail"
)

// mailBounces gives a stored message to the command, as a pipe of a mail server does.
func mailBounces(t *testing.T, database, name string, args ...string) (out, errs string, code int) {
	t.Helper()
	message, err := os.ReadFile(filepath.Join("testdata", "bounces", name+".eml"))
	if err != nil {
		t.Fatal(err)
	}
	var o, e bytes.Buffer
	code = run(context.Background(), append([]string{"--database", database, "mail", "bounces"}, args...), bytes.NewReader(message), &o, &e)
	return o.String(), e.String(), code
}

// TestMailBounces reads reports of a letter that was sent: its Message-ID in the files is the one
// that the key makes.
func TestMailBounces(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "m.db")
	if _, errs, code := user(database, "un train passe à l'aube\n", "alix@example.org", "--role", "admin", "--name", "Alix", "--password-stdin"); code != 0 {
		t.Fatal(errs)
	}
	fake := &mail.Fake{}
	var log bytes.Buffer
	e := newEnv(context.Background(), &cli{Lang: "fr", Database: database}, strings.NewReader(""), io.Discard, &log)
	p, err := e.own(outside{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	letter := mail.Message{To: "Alix@example.org", Subject: "Vos nouvelles", Text: "Bonjour", Key: "news-1"}
	sender := p.bounces.Guard(fake, false)
	if err := sender.Send(e.system(), letter); err != nil {
		t.Fatal(err)
	}

	out, errs, code := mailBounces(t, database, "several")
	if want := "Adresses : 2 ; suspendues : 0 ; à réessayer : 1 ; inconnues : 1.\n"; code != 0 || out != want {
		t.Errorf("late, and somebody else: exit %d: %s%s", code, out, errs)
	}
	if err := sender.Send(e.system(), letter); err != nil {
		t.Errorf("what is late suspends: %v", err)
	}
	for range 2 { // given again, as a mail server does whose pipe broke, it says and does the same
		out, errs, code := mailBounces(t, database, "gone", "--json")
		var got map[string]int
		if err := json.Unmarshal([]byte(out), &got); err != nil || code != 0 || got["recipients"] != 1 || got["suspended"] != 1 || got["later"]+got["unknown"] != 0 {
			t.Errorf("exit %d: %v: %s%s", code, err, out, errs)
		}
	}
	if err := sender.Send(e.system(), letter); err == nil || len(fake.Sent()) != 2 {
		t.Errorf("written to all the same: %d letters, %v", len(fake.Sent()), err)
	}
	var rows []struct {
		Suspensions, Trail int
	}
	if err := p.store.Read().NewRaw(`SELECT (SELECT count(*) FROM mail_suspensions) AS suspensions, (SELECT count(*) FROM audit_entries WHERE action = 'mail.report') AS trail`).Scan(e.ctx, &rows); err != nil || rows[0].Suspensions != 1 || rows[0].Trail != 1 {
		t.Errorf("twice is once: %+v %v", rows, err)
	}
	for name, says := range map[string]string{"reply": "it is not a multipart/report", "cut": "it is cut", "nobody": "it names no recipient"} {
		out, errs, code := mailBounces(t, database, name)
		if code != int(exitFailed) || out != "" || !strings.Contains(errs, "  body: Ce message n’est pas un rapport de remise (RFC 3464).") || !strings.Contains(errs, says) {
			t.Errorf("%s: exit %d: %s%s", name, code, out, errs)
		}
	}
}
