package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

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

func (s *site) do(ctx context.Context, t testing.TB, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatalf("%v\n%s", err, s.seen(ctx))
	}
}

// seen is where the browser is and what it shows, for a failure.
func (s *site) seen(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href + "\n" + document.querySelector("main")?.innerText`))
	if err != nil {
		return err.Error()
	}
	return text
}

// value runs a script in the page and gives what it says.
func value[T any](ctx context.Context, t testing.TB, s *site, script string, opts ...chromedp.EvaluateOption) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, opts...))
	if err != nil {
		t.Fatalf("%v\n%s", err, s.seen(ctx))
	}
	return v
}

// axe finds what a person with a disability would stumble on; it must find nothing.
func (s *site) axe(ctx context.Context, t testing.TB, path string) {
	t.Helper()
	script := axeScript(t)
	if script == "" {
		return
	}
	s.do(ctx, t, chromedp.Navigate(s.url+path), chromedp.WaitReady("main"))
	value[bool](ctx, t, s, script+"; true")
	for _, v := range value[[]string](ctx, t, s, axeRun, chromedp.EvalAwaitPromise) {
		t.Errorf("%s: %s", path, v)
	}
}

// axeRun lists the violations, each with the first places it is found in.
const axeRun = `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(r =>
	r.violations.map(v => v.id + ": " + v.nodes.slice(0, 3).map(n => n.target.join(" ") + " " + (n.any[0]?.message ?? "")).join(" | ")))`

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
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s.png", name)), png, 0o600); err != nil {
		t.Fatal(err)
	}
}
