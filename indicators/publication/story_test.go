package publication_test

import (
	"bytes"
	"context"
	"testing"

	"maillage/indicators/publication"
	"maillage/indicators/release"
)

func TestAskApproveBuildVerify(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.fill(90, 1)
		r := h.publish(durable())
		if r.State != publication.Published {
			t.Fatalf("%s: %s", r.State, r.Reason)
		}
		v, file := h.latest()
		t.Logf("%+v", struct{ Shown, Hidden, Absent int }{v.Shown, v.Hidden, v.Absent})
		report, err := release.Verify(context.Background(), bytes.NewReader(file), int64(len(file)), publication.Attack)
		must(t, err)
		for _, c := range report.Checks {
			t.Log(c.Name, c.Outcome, c.Count)
		}
		if !report.Sound() {
			t.Errorf("%+v", report.Findings)
		}
	})
}
