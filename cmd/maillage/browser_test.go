package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"maillage/demo"
	"maillage/internal/testkit"
)

// The pages are tested as people use them: the whole program over the
// demonstration, in a headless Chromium.

// chromium finds the browser, or says where it looked.
func chromium(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	testkit.Absent(t, "browser", "no chromium in PATH")
	return ""
}

// browser starts one Chromium for a test, without a word to anybody outside this machine.
func browser(t testing.TB) context.Context {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium(t)), chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("lang", "fr"),
		chromedp.WindowSize(1280, 1000))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 4*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// site is the demonstration, matched and served on loopback.
type site struct {
	*platform
	url string
}

// demonstration makes a site of its own for a test that writes.
func demonstration(t testing.TB) *site {
	t.Helper()
	c := &cli{Lang: "fr", Database: filepath.Join(t.TempDir(), "demo.db")}
	e := newEnv(context.Background(), c, strings.NewReader(""), &bytes.Buffer{}, &bytes.Buffer{})
	out, err := letters{}.outside("http://localhost")
	if err != nil {
		t.Fatal(err)
	}
	p, err := e.platform(out)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.close)
	if _, err := demo.Load(e.system(), demo.Config{Store: p.store, Atlas: p.atlas, Accounts: p.accounts, Network: p.network, Now: e.now}); err != nil {
		t.Fatal(err)
	}
	if err := p.matching.Rebuild(e.system(), nil); err != nil {
		t.Fatal(err)
	}
	pages, err := p.site(&serveCmd{Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(pages)
	t.Cleanup(server.Close)
	return &site{platform: p, url: server.URL}
}

func (s *site) signIn(ctx context.Context, t testing.TB, email string) {
	t.Helper()
	s.do(ctx, t,
		chromedp.Navigate(s.url+"/connexion"),
		chromedp.WaitVisible(`input[name=email]`),
		chromedp.SendKeys(`input[name=email]`, email),
		chromedp.SendKeys(`input[name=password]`, demo.Password),
		chromedp.Submit(`input[name=password]`),
		chromedp.WaitVisible(`form[action="/deconnexion"] button`),
	)
}

func (s *site) do(ctx context.Context, t testing.TB, actions ...chromedp.Action) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		var where, text string
		_ = chromedp.Run(ctx, chromedp.Location(&where), chromedp.Text("main", &text, chromedp.AtLeast(0)))
		t.Fatalf("at %s: %v\n%s", where, err, text)
	}
}

// axe finds what a person with a disability would stumble on; it must find nothing.
func (s *site) axe(ctx context.Context, t testing.TB, path string) {
	t.Helper()
	script := axeScript(t)
	if script == "" {
		return
	}
	var found string
	s.do(ctx, t, chromedp.Navigate(s.url+path), chromedp.WaitReady("main"),
		chromedp.Evaluate(script, nil),
		chromedp.Evaluate(`axe.run(document, {runOnly: ["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22aa","best-practice"]}).then(r =>
			JSON.stringify(r.violations.map(v => v.id + ": " + v.nodes.slice(0, 3).map(n => n.target.join(" ") + " " + (n.any[0]?.message ?? "")).join(" | "))))`,
			&found, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	var violations []string
	if err := json.Unmarshal([]byte(found), &violations); err != nil {
		t.Fatalf("%s: %v in %q", path, err, found)
	}
	for _, v := range violations {
		t.Errorf("%s: %s", path, v)
	}
}

// axeScript reads axe-core where `make assets` put it.
func axeScript(t testing.TB) string {
	t.Helper()
	script, err := os.ReadFile(filepath.Join(testkit.Root(), "web", "assets", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		if strings.Contains(os.Getenv("MAILLAGE_TEST_REQUIRE"), "browser") {
			t.Fatalf("axe-core is required: run make assets (%v)", err)
		}
		t.Log("left out: axe-core is absent, run make assets")
		return ""
	}
	return string(script)
}

// look keeps a picture of the page when MAILLAGE_TEST_PICTURES names a folder.
func (s *site) look(ctx context.Context, t testing.TB, name string) {
	t.Helper()
	dir := os.Getenv("MAILLAGE_TEST_PICTURES")
	if dir == "" {
		return
	}
	var png []byte
	s.do(ctx, t, chromedp.FullScreenshot(&png, 100))
	if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s.png", name)), png, 0o600); err != nil {
		t.Fatal(err)
	}
}
