package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// received is a message as a program that is told reads it.
type received struct {
	path, id, stamp, signature, body string
}

// verify checks a message as Standard Webhooks says, with nothing of ours.
func (m received) verify(secret string) error {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return err
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(m.id + "." + m.stamp + "." + m.body))
	if want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)); m.signature != want {
		return fmt.Errorf("the signature is %s, want %s", m.signature, want)
	}
	at, err := strconv.ParseInt(m.stamp, 10, 64)
	if age := time.Since(time.Unix(at, 0)); err != nil || age < -time.Minute || age > 5*time.Minute {
		return fmt.Errorf("sent %s ago: %w", age, err)
	}
	return nil
}

// receiver is a program of this machine, over TLS, that answers what it is given to answer.
type receiver struct {
	*httptest.Server
	answers chan int
	got     chan received
}

func newReceiver(t *testing.T) (r *receiver, authority string) {
	t.Helper()
	r = &receiver{answers: make(chan int, 10), got: make(chan received, 10)}
	r.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		r.got <- received{req.URL.Path, req.Header.Get("Webhook-Id"), req.Header.Get("Webhook-Timestamp"), req.Header.Get("Webhook-Signature"), string(body)}
		status := <-r.answers
		if status == http.StatusFound {
			w.Header().Set("Location", "/ailleurs")
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(r.Close)
	authority = filepath.Join(t.TempDir(), "authority.pem")
	if err := os.WriteFile(authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: r.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	return r, authority
}

// next is the message that comes, two minutes at most, and is answered a status.
func (r *receiver) next(t *testing.T, status int) received {
	t.Helper()
	r.answers <- status
	select {
	case m := <-r.got:
		return m
	case <-time.After(2 * time.Minute):
		t.Fatal("nothing came")
		return received{}
	}
}

// caller is a browser that was signed in, without scripts.
type caller struct {
	t    *testing.T
	site string
	http *http.Client
}

func (p *process) signedIn(t *testing.T, email, password string) *caller {
	t.Helper()
	p.ready(t)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &caller{t, "http://" + p.address(), &http.Client{Jar: jar}}
	c.post("/connexion", http.StatusOK, url.Values{"email": {email}, "mot_de_passe": {password}})
	return c
}

// send asks and gives the page that answers, its entities read.
func (c *caller) send(method, path, kind, body string, status int) string {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.site+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	res, err := c.http.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	page, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != status {
		c.t.Fatalf("%s %s: %d, want %d: %v\n%s", method, path, res.StatusCode, status, err, page)
	}
	return html.UnescapeString(string(page))
}

func (c *caller) post(path string, status int, form url.Values) string {
	c.t.Helper()
	return c.send(http.MethodPost, path, "application/x-www-form-urlencoded", form.Encode(), status)
}

// shows waits until a page says something.
func (c *caller) shows(path, what string) {
	c.t.Helper()
	until(c.t, func() bool { return strings.Contains(c.send(http.MethodGet, path, "", "", http.StatusOK), what) })
}

// TestAWebhookOfOnesOwnMachine follows messages of the built program to a program of this
// machine, which the operator opened by name: an event, signed; refused, then taken; a
// redirect that is not followed; a 410 that ends it. Without leave the address is refused.
func TestAWebhookOfOnesOwnMachine(t *testing.T) {
	t.Parallel()
	const email, password = "alix@example.org", "un train passe à l'aube"
	database := filepath.Join(t.TempDir(), "m.db")
	if _, errs, code := user(database, password+"\n", email, "--role", "admin", "--name", "Alix", "--password-stdin"); code != 0 {
		t.Fatal(errs)
	}
	program, authority := newReceiver(t)
	form := url.Values{"nom": {"Essai"}, "adresse": {program.URL + "/crochet"}, "evenement": {"search.new"}}

	closed := start(t, database, "--reach", "127.0.0.1/32") // of sources of notices, and of nothing else
	closed.signedIn(t, email, password).post("/mes-donnees/webhooks", http.StatusUnprocessableEntity, form)
	closed.stop(t)

	open := startWith(t, []string{"SSL_CERT_FILE=" + authority}, database, "--webhook-reach", "127.0.0.1/32")
	alix := open.signedIn(t, email, password)
	secret := regexp.MustCompile(`whsec_[A-Za-z0-9+/=]{44}`).FindString(alix.post("/mes-donnees/webhooks", http.StatusOK, form))
	path := regexp.MustCompile(`/mes-donnees/webhooks/\d+`).FindString(alix.send(http.MethodGet, "/mes-donnees/webhooks", "", "", http.StatusOK))
	alix.post("/recherches?quoi=haies", http.StatusOK, url.Values{"rythme": {"daily"}})
	var call struct {
		ID int64 `json:"id"`
	}
	draft := `{"kind":"private_purchase","title":"Taille des haies","place":{"words":"Romans-sur-Isère"},"codes":["cpv:77310000"],"lots":[{"number":"1","title":"Haies","modes":["prestation"]}]}`
	if err := json.Unmarshal([]byte(alix.send(http.MethodPost, "/v1/opportunities", "application/json", draft, http.StatusCreated)), &call); err != nil {
		t.Fatal(err)
	}
	alix.send(http.MethodPost, fmt.Sprintf("/v1/opportunities/%d/publish", call.ID), "application/json", "{}", http.StatusOK)

	first := program.next(t, http.StatusInternalServerError)
	again := program.next(t, http.StatusNoContent)
	if first.id == "" || again.id != first.id || again.body != first.body || again.stamp == first.stamp {
		t.Errorf("what was refused came again as %+v, was %+v", again, first)
	}
	if !strings.Contains(first.body, `"type":"search.new"`) || !strings.Contains(first.body, fmt.Sprintf(`"opportunity":%d`, call.ID)) {
		t.Errorf("it says %s", first.body)
	}
	alix.shows(path, "réponse 204")
	alix.post(path, http.StatusOK, url.Values{"faire": {"essayer"}})
	moved := program.next(t, http.StatusFound)
	last := program.next(t, http.StatusGone)
	for _, m := range []received{first, again, moved, last} {
		if err := m.verify(secret); err != nil || m.path != "/crochet" {
			t.Errorf("%s %s: %v", m.path, m.id, err)
		}
	}
	if moved.id == first.id || last.id != moved.id {
		t.Errorf("the trial came as %s, then as %s", moved.id, last.id)
	}
	alix.shows(path, "l’adresse a répondu qu’elle n’existe plus (410)")
	open.stop(t)
	if len(program.got) > 0 {
		t.Errorf("after 410 came %+v", <-program.got)
	}
}
