package mail

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"net/textproto"
	"strings"
)

// Returned is what a mail server reports of a letter that it could not deliver to
// somebody (RFC 3464).
type Returned struct {
	Recipient string
	Status    string // enhanced, as 5.1.1
	Failed    bool   // for good; false: it is late, and the server goes on trying
	Letter    string // left of the Message-ID of the letter; empty: the report does not say
}

// NoMailbox tells whether the mailbox is not there or not in use.
func (r Returned) NoMailbox() bool { return r.Failed && goneStatus(r.Status) }

// ErrNoReport says that a message reports nothing that is understood.
var ErrNoReport = errors.New("this message is no delivery report")

// The bounds of a report: its parts, and the recipients of one.
const (
	reportMost = 1 << 20
	partsMost  = 10
	groupsMost = 200
)

// ReadReturned reads what a delivery report says of each recipient.
func ReadReturned(r io.Reader) ([]Returned, error) {
	m, err := mail.ReadMessage(io.LimitReader(r, reportMost))
	if err != nil {
		return nil, fmt.Errorf("%w: it cannot be read", ErrNoReport)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/report" || !strings.EqualFold(params["report-type"], "delivery-status") {
		return nil, fmt.Errorf("%w: it is not a multipart/report of delivery-status", ErrNoReport)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	var found []Returned
	letter := ""
	for range partsMost {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%w: it is cut", ErrNoReport)
		}
		body, err := io.ReadAll(decoded(part))
		if err != nil {
			return nil, fmt.Errorf("%w: it is cut", ErrNoReport)
		}
		switch kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type")); kind {
		case "message/delivery-status", "message/global-delivery-status":
			found = append(found, groups(body)...)
		case "message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers":
			letter = letterOf(body)
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%w: it names no recipient", ErrNoReport)
	}
	for i := range found {
		found[i].Letter = letter
	}
	return found, nil
}

// decoded is a part as it was before its transfer: reports in UTF-8 may come in base64
// (RFC 6533), and multipart undoes quoted-printable alone.
func decoded(part *multipart.Part) io.Reader {
	if strings.EqualFold(strings.TrimSpace(part.Header.Get("Content-Transfer-Encoding")), "base64") {
		return base64.NewDecoder(base64.StdEncoding, part)
	}
	return part
}

// groups reads the fields of each recipient; the first group is of the whole.
func groups(body []byte) []Returned {
	in := textproto.NewReader(bufio.NewReader(bytes.NewReader(body)))
	var out []Returned
	for range groupsMost {
		fields, err := in.ReadMIMEHeader()
		if to := address(fields); to != "" {
			status, _, _ := strings.Cut(strings.TrimSpace(fields.Get("Status")), " ")
			action := strings.ToLower(strings.TrimSpace(fields.Get("Action")))
			out = append(out, Returned{Recipient: to, Status: status, Failed: action == "failed" && strings.HasPrefix(status, "5.")})
		}
		if err != nil {
			break
		}
	}
	return out
}

// address is the recipient that the letter was sent to or, where the report does
// not say it, the one it ended at.
func address(fields textproto.MIMEHeader) string {
	for _, name := range []string{"Original-Recipient", "Final-Recipient"} {
		kind, text, ok := strings.Cut(fields.Get(name), ";")
		if !ok || !strings.EqualFold(strings.TrimSpace(kind), "rfc822") && !strings.EqualFold(strings.TrimSpace(kind), "utf-8") {
			continue
		}
		if to, err := mail.ParseAddress(strings.TrimSpace(text)); err == nil {
			return to.Address
		}
	}
	return ""
}

func letterOf(body []byte) string {
	fields, _ := textproto.NewReader(bufio.NewReader(bytes.NewReader(body))).ReadMIMEHeader() // headers alone end without an empty line
	id, _, _ := strings.Cut(strings.Trim(fields.Get("Message-Id"), " <>"), "@")
	return id
}
