package webhooks

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// secretMark opens every secret, as the specification asks.
const secretMark = "whsec_"

// newSecret draws the 32 bytes of a key.
func newSecret(random io.Reader) (string, error) {
	var key [32]byte
	if _, err := io.ReadFull(random, key[:]); err != nil {
		return "", fmt.Errorf("draw a secret: %w", err)
	}
	return secretMark + base64.StdEncoding.EncodeToString(key[:]), nil
}

// Sign gives the headers of one attempt to send a body: the number of the message,
// the time of the attempt and, for each secret, an HMAC-SHA256 of the two and the
// body, joined by dots.
func Sign(id string, at time.Time, body string, secrets ...string) (map[string]string, error) {
	stamp := strconv.FormatInt(at.Unix(), 10)
	signatures := make([]string, len(secrets))
	for i, secret := range secrets {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretMark))
		if err != nil {
			return nil, fmt.Errorf("sign message %s: the secret cannot be read", id)
		}
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(id + "." + stamp + "." + body))
		signatures[i] = "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	return map[string]string{"webhook-id": id, "webhook-timestamp": stamp, "webhook-signature": strings.Join(signatures, " ")}, nil
}

// Schedule is the wait before each attempt: the first is made at once, the last
// three days and a few hours later.
func Schedule() []time.Duration {
	const s, m, h = time.Second, time.Minute, time.Hour
	return []time.Duration{0, 5 * s, 5 * m, 30 * m, 2 * h, 5 * h, 10 * h, 14 * h, 20 * h, 24 * h}
}
