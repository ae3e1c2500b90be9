package accounts

import (
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"maillage/internal/testkit"
)

func TestALimiterRefillsAndForgets(t *testing.T) {
	t.Parallel()
	clock := testkit.NewClock("2026-11-23T08:00:00Z")
	l := NewLimiter(Pace{Every: time.Second, Burst: 2}, clock.Now)
	for range 2 {
		if l.Take("a") != 0 {
			t.Fatal("the burst is refused")
		}
	}
	for range 3 { // a refused turn costs nothing
		if w := l.Take("a"); w != time.Second {
			t.Fatalf("wait %v", w)
		}
	}
	if l.Take("b") != 0 {
		t.Fatal("b pays for a")
	}
	clock.Advance(time.Second)
	if l.Take("a") != 0 || l.Take("a") == 0 {
		t.Fatal("one turn a second")
	}
	l.Forget("a")
	if l.Take("a") != 0 {
		t.Fatal("not forgotten")
	}
}

// Whatever the callers, the memory is bounded and nobody gets more than the pace.
func TestALimiterIsBoundedAndFair(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		clock := testkit.NewClock("2026-11-23T08:00:00Z")
		keys := rapid.IntRange(1, 5).Draw(t, "keys")
		burst := rapid.IntRange(1, 4).Draw(t, "burst")
		l := NewLimiter(Pace{Every: time.Second, Burst: burst, Keys: keys}, clock.Now)
		let := map[string]int{}
		start := clock.Now()
		for _, k := range rapid.SliceOf(rapid.IntRange(0, keys-1)).Draw(t, "calls") { // as many callers as are remembered
			if k == 0 {
				clock.Advance(300 * time.Millisecond)
			}
			if key := strconv.Itoa(k); l.Take(key) == 0 {
				let[key]++
			}
			if len(l.by) > keys || l.order.Len() != len(l.by) {
				t.Fatalf("%d keys kept, %d in order", len(l.by), l.order.Len())
			}
		}
		most := burst + int(clock.Now().Sub(start)/time.Second)
		for k, n := range let {
			if n > most {
				t.Fatalf("%s went %d times, at most %d", k, n, most)
			}
		}
		for i := range 20 {
			l.Take("new" + strconv.Itoa(i))
		}
		if len(l.by) > keys {
			t.Fatalf("%d keys kept", len(l.by))
		}
	})
}

func TestEmails(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"prenom@structure.fr":          "prenom@structure.fr",
		" Prenom.Nom@Structure.FR ":    "prenom.nom@structure.fr",
		"a+b@exemple.coop":             "a+b@exemple.coop",
		"contact@économie.fr":          "contact@xn--conomie-9xa.fr",
		"":                             "",
		"structure.fr":                 "",
		"a@b":                          "",
		"Nom <a@structure.fr>":         "",
		"a@structure.fr\r\nBcc: b@c.d": "",
		"a@structure.fr, b@c.fr":       "",
		"a@@structure.fr":              "",
	} {
		e, err := ParseEmail(in)
		if (err == nil) != (want != "") || (err == nil && e.Folded() != want) {
			t.Errorf("%q: %q %v, want %q", in, e.Folded(), err, want)
		}
	}
}

func FuzzParseEmail(f *testing.F) {
	f.Add("prenom@structure.fr")
	f.Add("\"a b\"@x.fr")
	f.Add("é@é.fr")
	f.Fuzz(func(t *testing.T, s string) {
		e, err := ParseEmail(s)
		if err != nil {
			return
		}
		again, err := ParseEmail(string(e))
		if err != nil || again.Folded() != e.Folded() {
			t.Fatalf("%q reads as %q, which reads as %q (%v)", s, e, again, err)
		}
	})
}
