package web

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"maillage/accounts"
)

// complaints gathers what a tab says went wrong: an exception, a refusal of the page's policy.
type complaints struct {
	mu   sync.Mutex
	said []string
}

func (c *complaints) hear(ev any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch e := ev.(type) {
	case *runtime.EventExceptionThrown:
		c.said = append(c.said, "exception: "+e.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		if e.Entry.Level == "error" {
			c.said = append(c.said, "log: "+e.Entry.Text+" "+e.Entry.URL)
		}
	}
}

func (c *complaints) none(t *testing.T) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, said := range c.said {
		t.Errorf("the browser says %s", said)
	}
	c.said = nil
}

// TestTheScriptsShortenTheGestures opens what the scripts add to pages that work without them.
func TestTheScriptsShortenTheGestures(t *testing.T) {
	if testing.Short() {
		t.Skip("left out: the browser, in -short")
	}
	t.Parallel()
	s := newSite(t)
	asked := &atomic.Int64{}
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/tiles/") {
			asked.Add(1)
		}
		s.web.ServeHTTP(w, r)
	})
	if !s.web.assets.bundled() {
		t.Skip("left out: the bundle is absent (npm run build in web/assets)")
	}
	heard := &complaints{}
	tab, cancel := chromedp.NewContext(browser(t), chromedp.WithNewBrowserContext(), chromedp.WithListener(heard.hear))
	defer cancel()
	if err := chromedp.Do(tab, enter(s, accounts.Member), look{1280, 900, false, French}.set(s)); err != nil {
		t.Fatal(err)
	}
	t.Run("a place is found as it is typed", func(t *testing.T) {
		run(t, tab, chromedp.Navigate(s.URL+"/marches"), chromedp.SendKeys(chromedp.CSS("#ou"), "Romans-sur"), shown("#ou + input + ul [role=option], .combo [role=option]"),
			chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.Enter))
		value := eval[string](t, tab, `document.querySelector("#ou").value`)
		if !strings.HasPrefix(value, "Romans-sur-Isère") {
			t.Errorf("the field holds %q", value)
		}
		heard.none(t)
	})
	t.Run("a zone is drawn as it is written", func(t *testing.T) {
		run(t, tab, chromedp.Navigate(s.URL+"/entreprise/activites/nouvelle"), chromedp.SendKeys(chromedp.CSS("#zone"), "15 km autour de Die"), shown("#zone-vue svg"))
		if text := eval[string](t, tab, `document.querySelector("#zone-vue").textContent`); !strings.Contains(text, "15 km autour de Die") {
			t.Errorf("the preview says %q", text)
		}
		heard.none(t)
	})
	t.Run("the live map opens on our own tiles", func(t *testing.T) {
		run(t, tab, chromedp.Navigate(s.URL+"/marches/1"), chromedp.Click(chromedp.CSS("[data-live-toggle]")), shown(".live canvas.maplibregl-canvas"))
		for range 300 { // the tiles are asked for by a worker, of which the page knows nothing
			if asked.Load() > 3 {
				break
			}
			time.Sleep(100 * time.Millisecond)
		}
		if asked.Load() <= 3 {
			t.Errorf("the live map asked for %d tiles", asked.Load())
		}
		if shots := os.Getenv("MAILLAGE_SHOTS"); shots != "" {
			time.Sleep(3 * time.Second) // the last tiles
			picture(t, tab, filepath.Join(shots, "live-map.png"))
		}
		others := eval[[]string](t, tab, `performance.getEntriesByType("resource").map(e => e.name).filter(n => !n.startsWith(location.origin) && !n.startsWith("blob:") && !n.startsWith("data:"))`)
		if len(others) > 0 {
			t.Errorf("the page asks others: %v", others)
		}
		heard.none(t)
	})
	t.Run("a row shows its place", func(t *testing.T) {
		run(t, tab, chromedp.Navigate(s.URL+"/membres"), chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll(".rows [data-row]")].find(r => document.querySelector(`+"`[data-pin~=\"${r.dataset.row}\"]`"+`)).querySelector("a").focus()`))
		until(t, tab, `document.querySelector(".pin.hot") !== null`)
		heard.none(t)
	})
}

func run(t *testing.T, tab context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	ctx, cancel := context.WithTimeout(tab, 60*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

func shown(selector string) chromedp.Action[chromedp.Void] {
	return chromedp.WaitVisible(chromedp.CSS(selector))
}

func eval[T any](t *testing.T, tab context.Context, script string) T {
	t.Helper()
	value, err := chromedp.Run(tab, chromedp.Evaluate[T](script))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// until waits for something to become true on the page.
func until(t *testing.T, tab context.Context, script string) {
	t.Helper()
	for range 200 {
		if eval[bool](t, tab, script) {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("it never became true that %s", script)
}
