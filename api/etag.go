package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"

	"maillage/internal/fault"
)

// tagged gives every successful read an ETag and answers 304 to who has it
// already. The tag is a digest of the answer, after the revision of the thing
// where there is one: what a caller may see is part of the answer, so two
// callers may have two tags, and both name the same revision for If-Match.
func tagged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			next.ServeHTTP(w, r)
			return
		}
		k := &kept{head: w.Header(), status: http.StatusOK}
		next.ServeHTTP(k, r)
		k.send(w, r)
	})
}

// kept holds an answer until it is whole.
type kept struct {
	head   http.Header
	status int
	body   bytes.Buffer
}

func (k *kept) Header() http.Header         { return k.head }
func (k *kept) WriteHeader(status int)      { k.status = status }
func (k *kept) Write(p []byte) (int, error) { return k.body.Write(p) }

func (k *kept) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	revision, _, _ := strings.Cut(strings.Trim(h.Get("ETag"), `"`), ".")
	if k.status == http.StatusOK {
		sum := sha256.Sum256(k.body.Bytes())
		etag := `"` + revision + "." + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
		h.Set("ETag", etag)
		if among(r.Header.Get("If-None-Match"), etag) {
			h.Del("Content-Type")
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	h.Set("Content-Length", strconv.Itoa(k.body.Len()))
	w.WriteHeader(k.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(k.body.Bytes())
	}
}

// among compares weakly, as If-None-Match asks (RFC 9110, 13.1.2).
func among(header, tag string) bool {
	for one := range strings.SplitSeq(header, ",") {
		if one = strings.TrimSpace(one); one == "*" || strings.TrimPrefix(one, "W/") == tag {
			return true
		}
	}
	return false
}

// tag is the ETag of a thing at a revision, before tagged adds the digest of
// the answer; after a write it stays so, and If-Match takes it.
func tag(revision int64) string { return `"` + strconv.FormatInt(revision, 10) + `."` }

// IfMatch is the condition of a write.
type IfMatch struct {
	IfMatch string `header:"If-Match" doc:"The ETag of what was read: the write is refused (412) if it has changed since. Absent or *: not checked." example:"\"12.9Jt2bE6sJcoN9M2n\""`
}

// revision reads the revision out of the condition; 0 does not check.
func (c IfMatch) revision() (int64, error) {
	text := strings.TrimSpace(c.IfMatch)
	if text == "" || text == "*" {
		return 0, nil
	}
	number, _, _ := strings.Cut(strings.Trim(text, `"`), ".")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n <= 0 || strings.HasPrefix(text, "W/") || strings.Contains(text, ",") {
		return 0, fault.Stale()
	}
	return n, nil
}
