package campaign_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"maillage/indicators/campaign"
	"maillage/indicators/compute"
	"maillage/internal/store"
	"maillage/internal/testkit"
)

// BenchmarkFiveHundredEnterprises lives a campaign of a federation of 500: the
// questionnaires made, half of them answered and sent, read as progress and as one
// table, then frozen. It reports each part and the longest write transaction.
func BenchmarkFiveHundredEnterprises(b *testing.B) {
	for b.Loop() {
		h := newHouse(b, testkit.SQLite(b))
		h.crowd(500)
		part := func(name string, do func()) {
			start := time.Now()
			do()
			b.ReportMetric(time.Since(start).Seconds(), name+"-s")
		}
		var c *campaign.Campaign
		part("make", func() { c = h.opened() })
		part("answer-and-send-250", func() { h.crowdAnswers(b, 250) })
		part("progress", func() { _, err := h.Progress(as(h.admins), 2026); must(b, err) })
		part("table", func() { h.out(h.admins, false) })
		_, err := h.Close(as(h.admins), 2026, 0)
		must(b, err)
		part("settle", func() { must(b, h.Settle(system(), c.ID)) })
		b.ReportMetric(h.st.LongestTx().Seconds(), "longest-write-s")
	}
}

// crowd adds members by hand, with no history.
func (h *house) crowd(n int) {
	h.t.Helper()
	must(h.t, h.st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error {
		for i := range n {
			_, err := tx.NewRaw(`INSERT INTO organisations (role, kind, siret, name, brand, naf, description, website, email, phone, ess_since, turnover, insurance, excluded_by, active, findings, confirmed, source, digest, folded, revision, created_at, updated_at)
				VALUES ('member', ?, '', ?, '', '', '', '', '', '', '', 0, 0, '[]', ?, '[]', '[]', 'demo', '', '', 1, ?, ?)`, compute.Kinds()[i%6], fmt.Sprintf("Structure %03d", i), true, h.clock.Now(), h.clock.Now()).Exec(ctx)
			if err != nil {
				return err
			}
		}
		return nil
	}))
}

func (h *house) crowdAnswers(b *testing.B, n int) {
	b.Helper()
	p, err := h.Progress(as(h.admins), 2026)
	must(b, err)
	for _, r := range p.Rows[:n] {
		f, err := h.Form(system(), r.ID)
		must(b, err)
		var entries []campaign.Entry
		for _, i := range f.Items {
			text := "0"
			if !i.Total {
				entries = append(entries, campaign.Entry{Question: i.Question.Code, Text: &text, Revision: campaign.AnyRevision})
			}
		}
		_, err = h.SaveAnswers(system(), r.ID, entries)
		must(b, err)
		_, err = h.Submit(system(), r.ID, 0)
		must(b, err)
	}
}
