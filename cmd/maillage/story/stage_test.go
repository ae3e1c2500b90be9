package story

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/internal/testkit/browser"
)

// TestMain builds the program once, and ends the browser.
func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "maillage-story-")
	if err != nil {
		panic(err)
	}
	program = filepath.Join(dir, "maillage")
	if out, err := exec.Command("go", "build", "-o", program, "maillage/cmd/maillage").CombinedOutput(); err != nil {
		panic(fmt.Sprintf("build the program: %v: %s", err, out))
	}
	code := m.Run()
	browser.Stop()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

var program string

// stage is a federation that runs the program: its database, its mail server, and an
// address that stays while the process behind it ends and starts again at another time.
type stage struct {
	t        *testing.T
	url      string
	database string
	mail     *testkit.Relay
	now      string            // RFC 3339
	done     map[string]string // how often jobs of a kind were done, when it was last asked

	visitors []*browser.Visitor // who came since the process started

	behind atomic.Pointer[url.URL]
	server *exec.Cmd
	said   *testkit.Transcript
}

func open(t *testing.T, engine store.Engine) *stage {
	t.Helper()
	browser.Chromium(t)
	s := &stage{t: t, database: testkit.EmptyURL(t, engine), mail: testkit.NewRelay(t, "250 ok"), done: map[string]string{}}
	front := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(s.behind.Load())
		r.Out.Host = r.In.Host
	}})
	s.url = front.URL
	t.Cleanup(front.Close)
	t.Cleanup(func() {
		if s.server != nil {
			_ = s.server.Process.Kill()
			_ = s.server.Wait()
		}
		if t.Failed() && s.said != nil {
			t.Logf("the process said:\n%s", s.said)
		}
	})
	return s
}

// visit is somebody at the site, who leaves it before the process ends.
func (s *stage) visit() *browser.Visitor {
	s.t.Helper()
	v := browser.Visit(s.t, s.url)
	s.visitors = append(s.visitors, v)
	return v
}

// at moves the time: the process ends as an operator ends it, and starts again then.
func (s *stage) at(instant string) {
	s.t.Helper()
	s.stop()
	s.now, s.said = instant, &testkit.Transcript{}
	s.server = s.command("serve", "--address", "127.0.0.1:0", "--site", s.url, "--smtp", s.mail.URL, "--from", "Maillage <ne-pas-repondre@maillage.example>")
	s.server.Stdout, s.server.Stderr = s.said, s.said
	if err := s.server.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.wait("the process to listen", func() bool {
		found := listens.FindStringSubmatch(s.said.String())
		if found == nil {
			return false
		}
		to, err := url.Parse(found[1])
		s.behind.Store(to)
		return err == nil
	})
	s.wait("the process to be ready", func() bool {
		r, err := http.Get(s.url + "/readyz")
		if err != nil {
			return false
		}
		_ = r.Body.Close()
		return r.StatusCode == http.StatusOK
	})
	s.settled("activity.publish", "bulletin.write")
}

// settled waits until this process did some jobs and none is left to do, as its figures
// for operators say.
func (s *stage) settled(kinds ...string) {
	s.t.Helper()
	s.wait("the jobs to end", func() bool {
		r, err := http.Get(s.url + "/metrics")
		if err != nil {
			return false
		}
		defer func() { _ = r.Body.Close() }()
		raw, err := io.ReadAll(r.Body)
		if err != nil || waiting.Match(raw) {
			return false
		}
		now := map[string]string{}
		for _, kind := range kinds {
			found := regexp.MustCompile(`maillage_jobs\{kind="` + regexp.QuoteMeta(kind) + `",state="completed"\} (\d+)`).FindSubmatch(raw)
			if found == nil || string(found[1]) == s.done[kind] {
				return false
			}
			now[kind] = string(found[1])
		}
		maps.Copy(s.done, now)
		return true
	})
}

// waiting is a job that is left.
var waiting = regexp.MustCompile(`maillage_jobs\{kind="[^"]*",state="(available|pending|running|retryable)"\} [1-9]`)

// listens is where the process says that it listens; its site has another address.
var listens = regexp.MustCompile(`address=(http://\S+)`)

func (s *stage) stop() {
	s.t.Helper()
	if s.server == nil {
		return
	}
	for _, v := range s.visitors { // a page that still asks for a file would find nobody there
		v.Do(chromedp.Navigate("about:blank"))
	}
	s.visitors = nil
	if err := s.server.Process.Signal(syscall.SIGTERM); err != nil {
		s.t.Fatal(err)
	}
	if err := s.server.Wait(); err != nil {
		s.t.Errorf("the process did not end gently: %v", err)
	}
	s.server = nil
}

func (s *stage) command(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(context.Background(), program, append(args, "--database", s.database, "--rehearse", s.now)...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "TMPDIR=" + os.Getenv("TMPDIR")}
	return cmd
}

// run is a command of the operator, which must go well.
func (s *stage) run(args ...string) string {
	s.t.Helper()
	out, err := s.command(args...).CombinedOutput()
	if err != nil {
		s.t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// wait gives something three minutes to come: letters of the day leave a minute after the start.
func (s *stage) wait(what string, done func() bool) {
	s.t.Helper()
	for range 1800 {
		if done() {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	s.t.Fatalf("%s: it does not come in three minutes", what)
}

// letter is the next letter that reached an address and says something.
func (s *stage) letter(to, what string) (text string) {
	s.t.Helper()
	s.wait("a letter to "+to+" with "+what, func() bool {
		for _, raw := range s.mail.Letters() {
			if text = plainText(s.t, raw, to); strings.Contains(text, what) {
				return true
			}
		}
		return false
	})
	return text
}

// letters counts those that reached an address and say something.
func (s *stage) letters(to, what string) (n int) {
	s.t.Helper()
	for _, raw := range s.mail.Letters() {
		if strings.Contains(plainText(s.t, raw, to), what) {
			n++
		}
	}
	return n
}

// plainText is what a letter to somebody says, its spaces being equal; to somebody else, nothing.
func plainText(t *testing.T, raw, to string) string {
	t.Helper()
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(testkit.LetterText(t, raw, to))
}
