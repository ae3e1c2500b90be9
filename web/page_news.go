package web

import (
	"net/http"
	"strings"

	"maillage/opportunities"
)

// since tells what changed in an opportunity since the reader last looked, and
// remembers that they have. The page is worth more than its memory: where
// nothing can be written, the page is shown all the same.
func (c *call) since(o *opportunities.Opportunity) []EventRow {
	ctx, user := c.r.Context(), int64(c.who.UserID)
	if user == 0 || !c.looks() {
		return nil
	}
	fresh, err := c.s.cfg.Opportunities.SinceSeen(ctx, user, o.ID)
	if err != nil {
		c.s.log.WarnContext(ctx, "what changed is not known", "opportunity", int64(o.ID), "err", err)
		return nil
	}
	if err := c.s.cfg.Opportunities.Seen(ctx, user, o); err != nil {
		c.s.log.WarnContext(ctx, "a visit is not remembered", "opportunity", int64(o.ID), "err", err)
	}
	rows := make([]EventRow, 0, len(fresh.Changes))
	for _, f := range fresh.Changes {
		change := c.changeRow(f.Change)
		rows = append(rows, EventRow{What: upperFirst(change.Field), When: joined(", ", c.When(f.At, c.now), c.originWords(f.Origin)), Changes: []ChangeRow{change}})
	}
	return rows
}

// markChanged marks the rows of what changed since the reader last opened it; a
// list is worth more than its marks.
func (c *call) markChanged(rows []OppRow, items []*opportunities.Opportunity) {
	ids := make([]opportunities.ID, len(items))
	for i, o := range items {
		ids[i] = o.ID
	}
	changed, err := c.s.cfg.Opportunities.ChangedSinceSeen(c.r.Context(), int64(c.who.UserID), ids...)
	if err != nil {
		c.s.log.WarnContext(c.r.Context(), "what changed is not known", "err", err)
		return
	}
	for i, o := range items {
		if changed[o.ID] {
			rows[i].Tags = append([]Tag{{Text: c.T("opps.changed"), State: Partial, Icon: "clock"}}, rows[i].Tags...)
		}
	}
}

// looks tells somebody who reads from a browser that fetches ahead of them.
func (c *call) looks() bool {
	ahead := c.r.Header.Get("Sec-Purpose") + c.r.Header.Get("Purpose")
	return c.r.Method == http.MethodGet && !strings.Contains(ahead, "prefetch") && !strings.Contains(ahead, "preview")
}
