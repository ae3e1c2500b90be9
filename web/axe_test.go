package web

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"maillage/accounts"
)

// TestNoPageKeepsAnyoneOut runs axe on every page of every role. With MAILLAGE_SHOTS=folder it
// also leaves a picture of each, wide and narrow, light and dark.
func TestNoPageKeepsAnyoneOut(t *testing.T) {
	if testing.Short() {
		t.Skip("left out: the browser, in -short")
	}
	t.Parallel()
	source, shots := axeSource(t), os.Getenv("MAILLAGE_SHOTS")
	s := newSite(t)
	ctx := browser(t)
	looks := []look{{1280, 900, false, French}, {390, 800, true, English}}
	if shots != "" {
		looks = append(looks, look{390, 800, false, French}, look{1280, 900, true, French})
	}
	for _, role := range append(accounts.Roles(), accounts.Public) {
		if only := os.Getenv("MAILLAGE_SHOTS_ROLE"); only != "" && only != string(role) {
			continue
		}
		t.Run(string(role), func(t *testing.T) {
			t.Parallel()
			tab, cancel := chromedp.NewContext(ctx, chromedp.WithNewBrowserContext())
			defer cancel()
			if err := chromedp.Do(tab, enter(s, role)); err != nil {
				t.Fatalf("enter as %s: %v", role, err)
			}
			for _, path := range everyPage(s.visit(t, role), role) {
				for _, l := range looks {
					inspect(t, tab, s, path, l, source, shots, role)
				}
			}
		})
	}
}

// inspect opens one page in one look and holds it to axe and to the width of the screen.
func inspect(t *testing.T, tab context.Context, s *site, path string, l look, source, shots string, role accounts.Role) {
	t.Helper()
	if err := chromedp.Do(tab, l.set(s), chromedp.Navigate(s.URL+path)); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if shots != "" {
		picture(t, tab, filepath.Join(shots, fileName(role, path, l)))
	}
	found, err := axe(tab, source)
	if err != nil {
		t.Fatalf("axe on %s: %v", path, err)
	}
	for _, v := range found {
		t.Errorf("%s at %d: %s (%s), %s\n%s", path, l.width, v.ID, v.Help, v.Nodes[0].FailureSummary, v.Nodes[0].HTML)
	}
	overflow, err := chromedp.Run(tab, chromedp.Evaluate[int](`document.documentElement.scrollWidth - innerWidth`))
	if err != nil || overflow > 0 {
		t.Errorf("%s is %d px too wide at %d (%v)", path, overflow, l.width, err)
	}
}
