// Package browser is a headless Chromium for tests: people who visit a site as they
// would, by the words that they read on it. A visitor keeps an eye on what no page may
// do: an error in the console, a request that leaves the site. It is imported by tests
// only.
package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"maillage/internal/testkit"
)

// Patience is how long a page may take on a busy machine before a test gives up.
const Patience = 60 * time.Second

// Stop ends the browser that the tests of a package shared; its TestMain calls it.
func Stop() { chrome.stop() }

// chrome is the one browser of the package: each visitor gets a profile of its own in it.
var chrome sharedBrowser

type sharedBrowser struct {
	once sync.Once
	ctx  context.Context
	err  error
	end  func()
}

// Chromium finds the browser, or says where it looked.
func Chromium(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	testkit.Absent(t, "browser", "no chromium in PATH")
	return ""
}

// context starts the browser for the first that asks, without a word to anybody outside this machine.
func (b *sharedBrowser) context(t testing.TB) context.Context {
	t.Helper()
	path := Chromium(t)
	b.once.Do(func() {
		opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
			chromedp.DisableGPU, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
			chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("hide-scrollbars", true),
			chromedp.Flag("lang", "fr-FR"), chromedp.Flag("accept-lang", "fr-FR"),
			chromedp.Flag("enable-unsafe-swiftshader", true)) // draws the map without a graphics card
		allocated, cancelAllocator := chromedp.NewExecAllocator(context.Background(), opts...)
		ctx, cancel := chromedp.NewContext(allocated)
		b.ctx, b.end = ctx, func() { cancel(); cancelAllocator() }
		b.err = chromedp.Do(ctx)
	})
	if b.err != nil {
		t.Fatalf("start the browser: %v", b.err)
	}
	return b.ctx
}

func (b *sharedBrowser) stop() {
	if b.end != nil {
		b.end()
	}
}

// Visitor is one person at the site, with a browser profile of its own.
type Visitor struct {
	t   testing.TB
	url string
	ctx context.Context

	mu      sync.Mutex
	faults  []string        // what the console said, what left the site
	refused map[string]bool // addresses whose answer is meant to be an error
}

// Visit opens a profile; when the test ends, no page may have misbehaved.
func Visit(t testing.TB, url string) *Visitor {
	t.Helper()
	ctx, cancel := chromedp.NewContext(chrome.context(t), chromedp.WithNewBrowserContext())
	v := &Visitor{t: t, url: url, ctx: ctx, refused: map[string]bool{}}
	if err := chromedp.Listen(ctx, v.watch); err != nil {
		cancel()
		t.Fatalf("open a tab: %v", err)
	}
	t.Cleanup(func() {
		for _, fault := range v.Misbehaved() {
			t.Error(fault)
		}
		cancel()
	})
	v.Screen(1280, 900, "light")
	return v
}

// watch keeps what a page must not do.
func (v *Visitor) watch(event any) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if url := e.Request.URL; !strings.HasPrefix(url, v.url+"/") && !strings.HasPrefix(url, "data:") && !strings.HasPrefix(url, "blob:"+v.url) && url != "about:blank" {
			v.faults = append(v.faults, e.DocumentURL+" asks "+url)
		}
	case *network.EventResponseReceived:
		if e.Type == network.ResourceTypeDocument && e.Response.Status >= 400 {
			v.refused[e.Response.URL] = true // a page that says no is read by the test; a file that is absent is a fault
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			v.faults = append(v.faults, fmt.Sprintf("console: %s", words(e.Args)))
		}
	case *runtime.EventExceptionThrown:
		v.faults = append(v.faults, "exception: "+e.ExceptionDetails.Text+" "+describe(e.ExceptionDetails.Exception))
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError && (e.Entry.Source != log.EntrySourceNetwork || !v.refused[e.Entry.URL]) {
			v.faults = append(v.faults, fmt.Sprintf("%s: %s", e.Entry.URL, e.Entry.Text))
		}
	}
}

func words(args []*runtime.RemoteObject) string {
	var said []string
	for _, arg := range args {
		said = append(said, string(arg.Value)+arg.Description)
	}
	return strings.Join(said, " ")
}

// Misbehaved is what no page may have done.
func (v *Visitor) Misbehaved() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return append([]string(nil), v.faults...)
}

// Context is the tab's, for steps of another kind.
func (v *Visitor) Context() context.Context { return v.ctx }

// Do runs steps in the tab.
func (v *Visitor) Do(steps ...chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, Patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		v.t.Fatalf("%v\n%s", err, v.Seen())
	}
}

// Ask runs a script in the page and gives what it says; a promise is awaited.
func Ask[T any](v *Visitor, script string) T {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, Patience)
	defer cancel()
	said, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		v.t.Fatalf("%v\n%s", err, v.Seen())
	}
	return said
}

// Seen is where the browser is and what it shows, for a failure.
func (v *Visitor) Seen() string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(v.ctx), 5*time.Second)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href + "\n" + document.querySelector("main")?.innerText`))
	if err != nil {
		return err.Error()
	}
	return text
}

// Leads runs steps that load a page and gives its status.
func (v *Visitor) Leads(steps ...chromedp.Action[chromedp.Void]) int {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, Patience)
	defer cancel()
	response, err := chromedp.RunResponse(ctx, steps...)
	if err != nil {
		v.t.Fatalf("%v\n%s", err, v.Seen())
	}
	if response == nil { // a place in the same page
		return 200
	}
	return int(response.Status)
}

// Open goes to an address of the site, which must answer well.
func (v *Visitor) Open(path string) *Visitor {
	v.t.Helper()
	if status := v.Leads(chromedp.Navigate(v.url + path)); status != 200 {
		v.t.Fatalf("%s answers %d\n%s", path, status, v.Seen())
	}
	return v
}

// Denied goes to an address that must answer with this status.
func (v *Visitor) Denied(path string, status int) *Visitor {
	v.t.Helper()
	if got := v.Leads(chromedp.Navigate(v.url + path)); got != status {
		v.t.Errorf("%s answers %d, want %d\n%s", path, got, status, v.Seen())
	}
	return v
}

// Screen sets the window and the colours that the person prefers.
func (v *Visitor) Screen(width, height int64, scheme string) {
	v.t.Helper()
	v.Do(chromedp.EmulateViewport(width, height), chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
		return err
	}))
}

// WithoutScripts turns the page's scripts off, as some people and networks do.
func (v *Visitor) WithoutScripts() *Visitor {
	v.t.Helper()
	v.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
	return v
}

// Speak chooses the language of the pages.
func (v *Visitor) Speak(lang string) {
	v.t.Helper()
	v.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.SetCookie, network.SetCookieParams{Name: "langue", Value: lang, URL: v.url})
		return err
	}))
}

// errNothing is what find says of words that no element shows.
var errNothing = errors.New("nothing shows these words")

// find marks the visible element that shows these words, for a click with the
// mouse; scope narrows it. An exact text wins over one that starts so, and that
// over one that holds it.
func (v *Visitor) find(scope, elements, text string) (string, error) {
	mark := fmt.Sprintf("t%d", time.Now().UnixNano())
	script := fmt.Sprintf(`(() => {
		const plain = s => s.replace(/[\s\u00a0\u202f]+/g, " ").trim();
		const all = [...document.querySelectorAll(%q)].flatMap(root => [...root.querySelectorAll(%q)]).filter(e => e.checkVisibility() && !e.closest("[aria-hidden=true]"));
		const named = e => plain(e.textContent), shown = e => plain(e.innerText);
		const found = all.find(e => shown(e) === %[3]q || named(e) === %[3]q) ?? all.find(e => named(e).startsWith(%[3]q)) ?? all.find(e => named(e).includes(%[3]q));
		found?.setAttribute("data-found", %[4]q);
		return Boolean(found);
	})()`, scope, elements, text, mark)
	if !Ask[bool](v, script) {
		return "", fmt.Errorf("%w: %s", errNothing, text)
	}
	return fmt.Sprintf(`[data-found=%q]`, mark), nil
}

// Press clicks the button or link with these words, which loads a page that must answer well.
func (v *Visitor) Press(text string) *Visitor {
	v.t.Helper()
	if status := v.PressIn("body", text); status != 200 {
		v.t.Fatalf("%q leads to %d\n%s", text, status, v.Seen())
	}
	return v
}

// PressIn is press within a part of the page; it gives the status.
func (v *Visitor) PressIn(scope, text string) int {
	v.t.Helper()
	found, err := v.find(scope, "button, a[href]", text)
	if err != nil {
		v.t.Fatalf("%v\n%s", err, v.Seen())
	}
	return v.Leads(chromedp.Click(chromedp.CSS(found)))
}

// Unfold opens the details with this summary.
func (v *Visitor) Unfold(scope, text string) *Visitor {
	v.t.Helper()
	found, err := v.find(scope, "summary", text)
	if err != nil {
		v.t.Fatalf("%v\n%s", err, v.Seen())
	}
	v.Do(chromedp.Click(chromedp.CSS(found)), chromedp.WaitReady(chromedp.CSS("details[open] > "+found)))
	return v
}

// Choose clicks the radio button or the checkbox with these words.
func (v *Visitor) Choose(scope, text string) *Visitor {
	v.t.Helper()
	found, err := v.find(scope, "label.choice", text)
	if err != nil {
		v.t.Fatalf("%v\n%s", err, v.Seen())
	}
	v.Do(chromedp.Click(chromedp.CSS(found)))
	return v
}

// Fill types into the field with this label, or picks that option of a list;
// what was there goes.
func (v *Visitor) Fill(label, value string) *Visitor {
	v.t.Helper()
	found, err := v.find("main", "label[for]", label)
	if err != nil {
		v.t.Fatalf("%v\n%s", err, v.Seen())
	}
	field := Ask[struct{ ID, Type string }](v, fmt.Sprintf(`(() => { const f = document.querySelector(%q).control; if (f.type != "select-one") f.value = ""; return {ID: f.id, Type: f.type}; })()`, found))
	at := chromedp.CSS("#" + field.ID)
	switch field.Type {
	case "select-one":
		v.Pick(field.ID, value)
	case "date", "datetime-local":
		v.Do(chromedp.SetValue(at, value))
	default:
		v.Do(chromedp.SendKeys(at, value))
	}
	return v
}

func (v *Visitor) Pick(id, option string) {
	v.t.Helper()
	if !Ask[bool](v, fmt.Sprintf(`(() => {
		const plain = s => s.replace(/[\s\u00a0\u202f]+/g, " ").trim();
		const list = document.getElementById(%q), found = [...list.options].find(o => plain(o.text).startsWith(%q));
		if (found) { list.value = found.value; list.dispatchEvent(new Event("change", {bubbles: true})); }
		return Boolean(found);
	})()`, id, option)) {
		v.t.Fatalf("the list %s has no option %q", id, option)
	}
}

// Text is what a part of the page shows, spaces of any kind being equal.
func (v *Visitor) Text(selector string) string {
	v.t.Helper()
	return Ask[string](v, fmt.Sprintf(`[...document.querySelectorAll(%q)].map(e => e.innerText).join("\n").replace(/[\s\u00a0\u202f]+/g, " ").trim()`, selector))
}

// Says expects words on the page.
func (v *Visitor) Says(expected ...string) *Visitor {
	v.t.Helper()
	shown := v.Text("main")
	for _, text := range expected {
		if !strings.Contains(strings.ToLower(shown), strings.ToLower(text)) {
			v.t.Errorf("%s does not say %q:\n%s", v.Path(), text, shown)
		}
	}
	return v
}

// Count is how many elements a selector finds.
func (v *Visitor) Count(selector string) int {
	v.t.Helper()
	return Ask[int](v, fmt.Sprintf(`document.querySelectorAll(%q).length`, selector))
}

// Path is where the visitor is, without the site.
func (v *Visitor) Path() string {
	v.t.Helper()
	return Ask[string](v, `location.pathname + location.search`)
}

// At expects the page's address to start so.
func (v *Visitor) At(prefix string) *Visitor {
	v.t.Helper()
	if path := v.Path(); !strings.HasPrefix(path, prefix) {
		v.t.Fatalf("at %s, want %s…\n%s", path, prefix, v.Seen())
	}
	return v
}

// Look keeps a picture of the page when MAILLAGE_TEST_PICTURES names a folder.
func (v *Visitor) Look(name string) {
	v.t.Helper()
	dir := os.Getenv("MAILLAGE_TEST_PICTURES")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(v.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		v.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o600); err != nil {
		v.t.Fatal(err)
	}
}

// Follow clicks the first link that a selector finds, and gives the visitor on its page.
func (v *Visitor) Follow(selector string) *Visitor {
	v.t.Helper()
	if v.Count(selector) == 0 {
		v.t.Fatalf("no %s on %s\n%s", selector, v.Path(), v.Seen())
	}
	if status := v.Leads(chromedp.Click(chromedp.CSS(selector))); status != 200 {
		v.t.Fatalf("%s leads to %d\n%s", selector, status, v.Seen())
	}
	return v
}

// ClearAndType replaces what a field holds, key by key.
func ClearAndType(selector, text string) []chromedp.Action[chromedp.Void] {
	empty := fmt.Sprintf(`document.querySelector(%q).value = ""`, selector)
	return []chromedp.Action[chromedp.Void]{chromedp.Evaluate[chromedp.Void](empty), chromedp.SendKeys(chromedp.CSS(selector), text)}
}

// Unhurried waits until a part of the page, that a script fills, says these words.
func (v *Visitor) Unhurried(selector, text string) {
	v.t.Helper()
	v.Do(chromedp.Poll[chromedp.Void](fmt.Sprintf(`document.querySelector(%q)?.innerText.includes(%q)`, selector, text), chromedp.WithPollingTimeout(Patience)))
}

func describe(thrown *runtime.RemoteObject) string {
	if thrown == nil {
		return ""
	}
	return thrown.Description
}
