package main

import (
	"os"
	"testing"

	"github.com/chromedp/chromedp"

	"maillage/internal/testkit/browser"
)

// The pages are tested as people use them: the whole program over the
// demonstration, in a headless Chromium.

const patience = browser.Patience

// TestMain ends the browser that the tests shared.
func TestMain(m *testing.M) {
	code := m.Run()
	browser.Stop()
	os.Exit(code)
}

func chromium(t testing.TB) { t.Helper(); browser.Chromium(t) }

// visitor is one person at a site.
type visitor struct {
	*browser.Visitor
	t    testing.TB
	site *site
}

func (s *site) visit(t testing.TB) *visitor {
	t.Helper()
	return &visitor{browser.Visit(t, s.url), t, s}
}

func (v *visitor) do(steps ...chromedp.Action[chromedp.Void]) { v.t.Helper(); v.Do(steps...) }
func (v *visitor) leads(steps ...chromedp.Action[chromedp.Void]) int {
	v.t.Helper()
	return v.Leads(steps...)
}
func (v *visitor) seen() string              { return v.Seen() }
func (v *visitor) open(path string) *visitor { v.t.Helper(); v.Open(path); return v }
func (v *visitor) denied(path string, status int) *visitor {
	v.t.Helper()
	v.Denied(path, status)
	return v
}
func (v *visitor) screen(width, height int64, scheme string) {
	v.t.Helper()
	v.Screen(width, height, scheme)
}
func (v *visitor) withoutScripts() *visitor           { v.t.Helper(); v.WithoutScripts(); return v }
func (v *visitor) speak(lang string)                  { v.t.Helper(); v.Speak(lang) }
func (v *visitor) press(text string) *visitor         { v.t.Helper(); v.Press(text); return v }
func (v *visitor) pressIn(scope, text string) int     { v.t.Helper(); return v.PressIn(scope, text) }
func (v *visitor) unfold(scope, text string) *visitor { v.t.Helper(); v.Unfold(scope, text); return v }
func (v *visitor) choose(scope, text string) *visitor { v.t.Helper(); v.Choose(scope, text); return v }
func (v *visitor) fill(label, value string) *visitor  { v.t.Helper(); v.Fill(label, value); return v }
func (v *visitor) pick(id, option string)             { v.t.Helper(); v.Pick(id, option) }
func (v *visitor) text(selector string) string        { v.t.Helper(); return v.Text(selector) }
func (v *visitor) says(expected ...string) *visitor   { v.t.Helper(); v.Says(expected...); return v }
func (v *visitor) count(selector string) int          { v.t.Helper(); return v.Count(selector) }
func (v *visitor) path() string                       { v.t.Helper(); return v.Path() }
func (v *visitor) at(prefix string) *visitor          { v.t.Helper(); v.At(prefix); return v }
func (v *visitor) look(name string)                   { v.t.Helper(); v.Look(name) }
func (v *visitor) follow(selector string) *visitor    { v.t.Helper(); v.Follow(selector); return v }
func (v *visitor) unhurried(selector, text string)    { v.t.Helper(); v.Unhurried(selector, text) }
func (v *visitor) misbehaved() []string               { return v.Misbehaved() }

func ask[T any](v *visitor, script string) T { v.t.Helper(); return browser.Ask[T](v.Visitor, script) }

func navigate(s *site, path string) chromedp.Action[chromedp.Void] {
	return chromedp.Navigate(s.url + path)
}

func clearAndType(selector, text string) []chromedp.Action[chromedp.Void] {
	return browser.ClearAndType(selector, text)
}
