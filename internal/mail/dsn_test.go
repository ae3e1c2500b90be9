package mail_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"maillage/internal/mail"
)

// report is a delivery report as common servers write it.
func report(action, status, third string) string {
	return strings.ReplaceAll(`From: MAILER-DAEMON@mx.example.org
To: ne-pas-repondre@exemple.fr
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b/1"

--b/1
Content-Type: text/plain

The message could not be delivered to zoe@structure.fr.

--b/1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Mon, 30 Nov 2026 09:00:00 +0000

Final-Recipient: rfc822; moved@structure.fr
Original-Recipient: rfc822;zoe@structure.fr
Action: `+action+`
Status: `+status+`
Diagnostic-Code: smtp; 550 5.1.1 <zoe@structure.fr>: no such user

--b/1
Content-Type: `+third+`

From: Maillage <ne-pas-repondre@exemple.fr>
Message-ID: <0123abcd@exemple.fr>
Subject: Bonjour
--b/1--
`, "\n", "\r\n")
}

func TestADeliveryReportIsRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		action, status, third string
		gone                  bool
	}{
		{"failed", "5.1.1", "text/rfc822-headers", true},
		{"failed", "5.2.1 (disabled)", "message/rfc822", true},
		{"Failed", "5.1.10", "text/rfc822-headers", true},
		{"failed", "5.7.1", "text/rfc822-headers", false}, // against a policy: ours to put right
		{"failed", "5.2.2", "text/rfc822-headers", false}, // full
		{"delayed", "4.4.1", "text/rfc822-headers", false},
		{"delivered", "2.1.5", "text/rfc822-headers", false},
	} {
		got, err := mail.ReadReturned(strings.NewReader(report(c.action, c.status, c.third)))
		if err != nil || len(got) != 1 {
			t.Fatalf("%+v: %v %v", c, got, err)
		}
		if r := got[0]; r.Recipient != "zoe@structure.fr" || r.Letter != "0123abcd" || r.NoMailbox() != c.gone {
			t.Errorf("%+v: %+v", c, r)
		}
	}
	status := report("failed", "5.1.1", "text/rfc822-headers")
	fields := status[strings.Index(status, "Reporting-MTA"):]
	fields = fields[:strings.Index(fields, "\r\n--b")]
	coded := strings.Replace(status, "\r\n\r\n"+fields, "\r\nContent-Transfer-Encoding: base64\r\n\r\n"+base64.StdEncoding.EncodeToString([]byte(fields))+"\r\n", 1)
	coded = strings.Replace(coded, "message/delivery-status", "message/global-delivery-status", 1)
	if got, err := mail.ReadReturned(strings.NewReader(coded)); err != nil || len(got) != 1 || got[0].Recipient != "zoe@structure.fr" || !got[0].NoMailbox() {
		t.Errorf("in base64: %+v %v", got, err)
	}
	for name, text := range map[string]string{"a letter": "From: a@b.fr\r\nContent-Type: text/plain\r\n\r\nBonjour\r\n", "nothing": "", "no recipient": strings.ReplaceAll(report("failed", "5.1.1", "text/plain"), "rfc822;", "x400;"),
		"cut": report("failed", "5.1.1", "text/plain")[:400]} {
		if _, err := mail.ReadReturned(strings.NewReader(text)); !errors.Is(err, mail.ErrNoReport) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzReadReturned(f *testing.F) {
	f.Add(report("failed", "5.1.1", "text/rfc822-headers"))
	f.Fuzz(func(_ *testing.T, text string) { _, _ = mail.ReadReturned(strings.NewReader(text)) })
}
