package accounts_test

import (
	"context"
	"encoding/json"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"maillage/accounts"
)

// waiting reads the letters in the queue as the worker would, and takes them out of it.
func (h *house) waiting() []accounts.SendMail {
	h.t.Helper()
	var out []accounts.SendMail
	for _, row := range h.jobs() {
		var a accounts.SendMail
		must(h.t, json.Unmarshal(row.EncodedArgs, &a))
		out = append(out, a)
		_, err := h.st.Jobs().JobCancel(context.Background(), row.ID)
		must(h.t, err)
	}
	return out
}

func (h *house) jobs() []*rivertype.JobRow {
	h.t.Helper()
	list, err := h.st.Jobs().JobList(context.Background(), river.NewJobListParams().
		Kinds(accounts.SendMail{}.Kind()).States(rivertype.JobStateAvailable).OrderBy(river.JobListOrderByID, river.SortOrderAsc))
	must(h.t, err)
	return list.Jobs
}
