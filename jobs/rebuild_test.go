package jobs

import (
	"testing"
	"time"
)

func TestNightlyIsOnceANight(t *testing.T) {
	t.Parallel()
	for from, want := range map[string]string{
		"2026-11-23T02:59:59Z": "2026-11-23T03:00:00Z",
		"2026-11-23T03:00:00Z": "2026-11-24T03:00:00Z",
		"2026-12-31T23:00:00Z": "2027-01-01T03:00:00Z",
	} {
		at, err := time.Parse(time.RFC3339, from)
		if err != nil {
			t.Fatal(err)
		}
		if got := (nightly{hour: 3}).Next(at).Format(time.RFC3339); got != want {
			t.Errorf("after %s: %s, want %s", from, got, want)
		}
	}
}
