package web

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"maillage/accounts"
	"maillage/internal/testkit"
)

// browser is one Chromium for a test; the system's, found by name.
func browser(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		testkit.Absent(t, "browser", "no Chromium in PATH")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.Flag("disable-gpu", true), chromedp.Flag("no-first-run", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("enable-unsafe-swiftshader", true), chromedp.Flag("hide-scrollbars", true))
	allocated, cancelAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocated)
	t.Cleanup(func() { cancel(); cancelAllocator() })
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start the browser: %v", err)
	}
	return ctx
}

// look is how a page is looked at.
type look struct {
	width, height int64
	dark          bool
	lang          Lang
}

func (l look) set(s *site) chromedp.Action[chromedp.Void] {
	scheme := "light"
	if l.dark {
		scheme = "dark"
	}
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: l.width, Height: l.height, DeviceScaleFactor: 1, Mobile: l.width < 600})
		if err != nil {
			return err
		}
		if _, err = cdp.Call(ctx, t, network.SetCookie, network.SetCookieParams{Name: langCookie, Value: string(l.lang), URL: s.URL}); err != nil {
			return err
		}
		_, err = cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
		return err
	})
}

// enter signs in through the page of the demonstration.
func enter(s *site, role accounts.Role) chromedp.Action[chromedp.Void] {
	if role == accounts.Public {
		return chromedp.Navigate(s.URL + "/")
	}
	email := ""
	for _, login := range logins() {
		if login.Role == role {
			email = login.Email
		}
	}
	return chromedp.Steps(chromedp.Navigate(s.URL+"/connexion"), chromedp.Click(chromedp.CSS(fmt.Sprintf(`input[value=%q] + button`, email))), chromedp.WaitVisible(chromedp.CSS("details.menu")))
}

// violation is what axe found wrong.
type violation struct {
	ID, Impact, Help string
	Nodes            []struct {
		HTML           string `json:"html"`
		FailureSummary string `json:"failureSummary"`
	} `json:"nodes"`
}

// axe runs axe-core on the page, with every details open.
func axe(ctx context.Context, source string) ([]violation, error) {
	if err := chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("main details").forEach(d => d.open = true)`), chromedp.Evaluate[chromedp.Void](source+";0")); err != nil {
		return nil, err
	}
	raw, err := chromedp.Run(ctx, chromedp.Evaluate[string](`axe.run(document, {runOnly: ["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22aa","best-practice"]}).then(r => JSON.stringify(r.violations))`, chromedp.EvalAwaitPromise))
	if err != nil {
		return nil, err
	}
	var found []violation
	return found, json.Unmarshal([]byte(raw), &found)
}

// axeSource is axe-core as npm installed it; without it the browser tests do the rest.
func axeSource(t *testing.T) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("assets", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		testkit.Absent(t, "browser", "axe-core is not installed: run npm ci in web/assets")
	}
	return string(raw)
}

func fileName(role accounts.Role, path string, l look) string {
	name := strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, path), "-")
	theme := "light"
	if l.dark {
		theme = "dark"
	}
	return fmt.Sprintf("%s_%s_%d_%s.png", role, name, l.width, theme)
}

// picture keeps what the page looks like, whole.
func picture(t *testing.T, ctx context.Context, file string) {
	t.Helper()
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatalf("photograph: %v", err)
	}
	if err := os.WriteFile(file, png, 0o600); err != nil {
		t.Fatal(err)
	}
}
