package testkit

import (
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"testing"
)

// LetterText is the plain text of a letter to an address, "" when it is to somebody else.
func LetterText(t testing.TB, raw, to string) string {
	t.Helper()
	letter, err := netmail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatalf("read a letter: %v", err)
	}
	if !strings.Contains(letter.Header.Get("To"), to) {
		return ""
	}
	_, params, err := mime.ParseMediaType(letter.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	for parts := multipart.NewReader(letter.Body, params["boundary"]); ; {
		part, err := parts.NextRawPart()
		if err != nil {
			t.Fatalf("a letter to %s has no plain text: %v", to, err)
		}
		if !strings.HasPrefix(part.Header.Get("Content-Type"), "text/plain") {
			continue
		}
		var body io.Reader = part
		if part.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
			body = quotedprintable.NewReader(part)
		}
		text, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
}
