package mail

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/mail"
	"net/textproto"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// SMTP sends through a server, one connection a letter: they are few.
type SMTP struct {
	client *gomail.Client
	from   *mail.Address
	now    func() time.Time
}

func newSMTP(u *url.URL, from *mail.Address, now func() time.Time) (*SMTP, error) {
	opts := []gomail.Option{gomail.WithTimeout(20 * time.Second)}
	switch u.Scheme {
	case "smtp":
		opts = append(opts, gomail.WithTLSPortPolicy(gomail.TLSMandatory))
	case "smtps":
		opts = append(opts, gomail.WithSSLPort(false))
	case "smtp+plain":
		opts = append(opts, gomail.WithTLSPortPolicy(gomail.NoTLS))
	default:
		return nil, fmt.Errorf("configure mail: %q is not smtp, smtps or smtp+plain", u.Scheme)
	}
	if p := u.Port(); p != "" {
		port, err := strconv.Atoi(p)
		if err != nil {
			return nil, fmt.Errorf("configure mail: the port %q: %w", p, err)
		}
		opts = append(opts, gomail.WithPort(port))
	}
	if u.User != nil {
		password, _ := u.User.Password()
		opts = append(opts, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	client, err := gomail.NewClient(u.Hostname(), opts...)
	if err != nil {
		return nil, fmt.Errorf("configure mail: %w", err)
	}
	return &SMTP{client: client, from: from, now: now}, nil
}

// Send hands the letter to the server.
func (s *SMTP) Send(ctx context.Context, m Message) error {
	msg, err := compose(m, s.from, s.now())
	if err != nil {
		return fmt.Errorf("compose a letter: %w", err)
	}
	if err := s.client.DialAndSendWithContext(ctx, msg); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("send a letter: %w", ctx.Err())
		}
		return fmt.Errorf("send a letter: %w", withoutAddress(err))
	}
	return nil
}

// withoutAddress is why a letter did not go, as a log and a jobs row may keep
// it: the library's text names the recipient, a server's text may name anybody.
// Only the step, the code and the faults of the network are kept.
func withoutAddress(err error) error {
	var se *gomail.SendError
	if errors.As(err, &se) {
		if !se.IsTemp() && se.ErrorCode() >= 500 {
			if status := enhanced(se); se.Reason == gomail.ErrSMTPRcptTo && noMailbox(se.ErrorCode(), status) {
				return fmt.Errorf("the server answered %d %s: %w", se.ErrorCode(), status, ErrMailbox)
			}
			return fmt.Errorf("the server answered %d: %w", se.ErrorCode(), ErrRefused)
		}
		return fmt.Errorf("%s: the server answered %d", se.Reason, se.ErrorCode())
	}
	var said *textproto.Error
	if errors.As(err, &said) {
		return fmt.Errorf("the server answered %d", said.Code)
	}
	if strings.Contains(err.Error(), "@") {
		return errors.New("the server's answer is not kept: it names an address")
	}
	return err
}

// enhanced is the enhanced status of an answer, also of a server that writes one
// without having said that it does.
func enhanced(se *gomail.SendError) string {
	if status := se.EnhancedStatusCode(); status != "" {
		return status
	}
	if found := statusInText().FindStringSubmatch(se.Error()); found != nil {
		return found[1]
	}
	return ""
}

var statusInText = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\b5\d\d "?(5\.\d{1,3}\.\d{1,3})\b`) })

// noMailbox tells whether the answer to a recipient says that the mailbox is not
// there: by its enhanced status or, where the server gives none, by its code.
func noMailbox(code int, status string) bool {
	return goneStatus(status) || status == "" && (code == 550 || code == 551 || code == 553)
}

// goneStatus tells the enhanced statuses (RFC 3463) of a mailbox that is not there
// or not in use: those of an address (5.1.x, but for the sender's own, 5.1.7 and
// 5.1.8) and 5.2.1. What is full, too large or against a policy may be taken
// another day.
func goneStatus(status string) bool {
	return strings.HasPrefix(status, "5.1.") && status != "5.1.7" && status != "5.1.8" || status == "5.2.1"
}

// LocalID is the left of the Message-ID of a letter, of which its key decides.
func LocalID(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:16])
}

// compose makes the MIME message, text first and its HTML twin second.
func compose(m Message, from *mail.Address, at time.Time) (*gomail.Msg, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := msg.FromFormat(from.Name, from.Address); err != nil {
		return nil, fmt.Errorf("sender: %w", err)
	}
	if err := msg.AddToFormat(m.Name, m.To); err != nil {
		return nil, fmt.Errorf("the recipient's address cannot be read: %w", ErrRefused)
	}
	msg.Subject(m.Subject)
	msg.SetDateWithValue(at)
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	stoppable(msg, m.Stop)
	if m.Key != "" {
		msg.SetMessageIDWithValue(LocalID(m.Key) + "@" + domain(from.Address))
	} else {
		msg.SetMessageID()
	}
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	return msg, nil
}

// stoppable writes the headers by which a mail program ends such letters in one
// gesture. The gesture by POST needs HTTPS (RFC 8058, 3.1): on a site without it
// the address alone is given, whose page asks to confirm.
func stoppable(msg *gomail.Msg, address string) {
	if address == "" {
		return
	}
	msg.SetGenHeader("List-Unsubscribe", "<"+address+">")
	if strings.HasPrefix(address, "https://") {
		msg.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
}
