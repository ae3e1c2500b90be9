package accounts

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
)

// tokenMark opens every API token, so that a leaked one is recognised by
// whoever scans for secrets.
const tokenMark = "mlg_"

// NewSecret draws 256 bits and writes them for a URL (43 characters).
func NewSecret(random io.Reader) (string, error) {
	var b [32]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", fmt.Errorf("draw a secret: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b[:]), nil
}

// SecretDigest is what the database keeps of a secret. A fast hash is enough: the
// secret has 256 bits of its own. Looking one up by digest leaks nothing by
// its timing, since a caller cannot choose a digest.
func SecretDigest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// wellFormed spares the database a search for what cannot be a secret of ours.
func wellFormed(secret string) bool {
	b, err := base64.RawURLEncoding.DecodeString(secret)
	return err == nil && len(b) == 32
}

// isAPIToken recognises a bearer token of ours.
func isAPIToken(s string) bool {
	rest, ok := strings.CutPrefix(s, tokenMark)
	return ok && wellFormed(rest)
}
