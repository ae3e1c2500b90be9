package tenders

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"maillage/tenders/fetch"
)

func TestAFailureIsSaidInPlainWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		(&fetch.SchemaError{URL: "https://x", What: "no results"}).Error():                            "La source a changé",
		fmt.Errorf("after 5 attempts: %w", &fetch.StatusError{URL: "https://x", Status: 429}).Error(): "occupé",
		(&fetch.StatusError{URL: "https://x", Status: 500}).Error():                                   "en panne",
		(&fetch.StatusError{URL: "https://x", Status: 404}).Error():                                   "rien à cette adresse",
		(&fetch.StatusError{URL: "https://x", Status: 403}).Error():                                   "refuse",
		fetch.ErrAddress.Error():         "réseau privé",
		fetch.ErrTooLarge.Error():        "taille permise",
		context.Canceled.Error():         "interrompu",
		context.DeadlineExceeded.Error(): "trop lent",
		"something that was never seen":  "avant la fin",
	} {
		if got := saidOfRun(text); !strings.Contains(got.FR, want) || got.EN == "" {
			t.Errorf("%q is said %q", text, got.FR)
		}
	}
	if got := saidOfRun(""); got.FR != "" {
		t.Errorf("no error is said %q", got.FR)
	}
}

func TestASourceIsLateAfterThreeRounds(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	at := now.Add(-4 * time.Hour)
	f := Feed{Enabled: true, Seconds: 3600, LastSuccess: &at, RunningSince: &at}
	if !f.Late(now) || !f.Failing(now) || f.Late(now.Add(-2*time.Hour)) || f.UnderWay(now) || !f.UnderWay(at) {
		t.Errorf("%+v", f)
	}
	f.Enabled, f.LastError = false, "x"
	if f.Late(now) || f.Failing(now) {
		t.Error("a source that is off needs somebody")
	}
	for _, p := range Proposed() {
		if err := p.check(); err != nil || p.Enabled {
			t.Errorf("%s: %v", p.Name, err)
		}
	}
}
