package main

import (
	"bytes"
	"context"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"maillage/accounts"
	"maillage/internal/testkit"
)

// The live map draws our own tiles: the threads of what is asked and offered are
// on it, no request leaves the site, the console says nothing, and it gives the
// drawing back.
func TestLiveMapDrawsOurTiles(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(filepath.Join(testkit.Root(), "web", "assets", "dist", "map.css")); err != nil {
		testkit.Absent(t, "browser", "the assets are not bundled: run make assets")
	}
	s := demoSite(t, false)
	v := s.as(t, accounts.Officer)
	v.open("/").press("Voir qui peut").follow("table.ranking .who-n a")
	drawn := v.count("figure.map > svg")
	v.do(chromedp.Click(chromedp.CSS("[data-live-toggle]")), chromedp.WaitVisible(chromedp.CSS("canvas.maplibregl-canvas")))
	if colours := v.settledColours("figure.map canvas.maplibregl-canvas"); colours < 12 {
		t.Errorf("the map shows %d colours: its tiles are not drawn", colours)
	}
	v.look("live-map")
	if ask[bool](v, `[...document.querySelectorAll("figure.map > svg")].some(e => e.checkVisibility())`) {
		t.Error("the drawing shows under the live map")
	}
	v.do(chromedp.Click(chromedp.CSS("[data-live-toggle]")), chromedp.WaitVisible(chromedp.CSS("figure.map > svg")))
	if v.count("figure.map > svg") != drawn {
		t.Error("the drawing did not come back")
	}

	v.open("/")
	v.do(chromedp.Click(chromedp.CSS("[data-live-toggle]")), chromedp.WaitVisible(chromedp.CSS("canvas.maplibregl-canvas")))
	v.settledColours("figure.map canvas.maplibregl-canvas")
	v.look("live-map-home")
}

// settling is how long a map may take between two steps of its drawing.
const settling = 400 * time.Millisecond

// settledColours waits until two pictures of an element are the same and counts its colours.
func (v *visitor) settledColours(selector string) int {
	v.t.Helper()
	var last []byte
	for range 40 {
		ctx, cancel := context.WithTimeout(v.Context(), patience)
		shot, err := chromedp.Run(ctx, chromedp.Screenshot(chromedp.CSS(selector)))
		cancel()
		if err != nil {
			v.t.Fatal(err)
		}
		if n := colours(v.t, shot); bytes.Equal(shot, last) && n > 2 {
			return n
		}
		last = shot
		v.do(chromedp.Sleep(settling))
	}
	return colours(v.t, last)
}

// colours counts the colours that cover more than a few points of a picture.
func colours(t testing.TB, shot []byte) int {
	t.Helper()
	picture, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[color.Color]int{}
	for y := picture.Bounds().Min.Y; y < picture.Bounds().Max.Y; y++ {
		for x := picture.Bounds().Min.X; x < picture.Bounds().Max.X; x++ {
			seen[picture.At(x, y)]++
		}
	}
	n := 0
	for _, points := range seen {
		if points > 20 {
			n++
		}
	}
	return n
}
