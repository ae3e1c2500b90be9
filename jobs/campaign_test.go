package jobs

import (
	"context"
	"fmt"
	"testing"

	"github.com/riverqueue/river"

	"maillage/accounts"
	"maillage/indicators/campaign"
)

// asked is what was asked of campaigns, and by whom.
type asked struct {
	done []string
	end  error
}

func (a *asked) note(ctx context.Context, what string) error {
	a.done = append(a.done, what+" "+string(accounts.From(ctx).Role))
	return a.end
}

func (a *asked) Make(ctx context.Context, id campaign.ID) error {
	return a.note(ctx, fmt.Sprint("make ", id))
}
func (a *asked) Settle(ctx context.Context, id campaign.ID) error {
	return a.note(ctx, fmt.Sprint("settle ", id))
}
func (a *asked) Tend(ctx context.Context) error { return a.note(ctx, "tend") }
func (a *asked) DeliverLetter(ctx context.Context, job campaign.SendLetter) error {
	return a.note(ctx, "letter "+string(job.Step))
}

func TestCampaignsAreTheSystems(t *testing.T) {
	t.Parallel()
	a := &asked{}
	for _, err := range []error{
		(&frameWorker{campaigns: a}).Work(t.Context(), &river.Job[campaign.Frame]{Args: campaign.Frame{ID: 4}}),
		(&freezeWorker{campaigns: a}).Work(t.Context(), &river.Job[campaign.Freeze]{Args: campaign.Freeze{ID: 4}}),
		(&tendWorker{campaigns: a}).Work(t.Context(), &river.Job[tendCampaigns]{}),
		(&postman[campaign.SendLetter]{deliver: a.DeliverLetter}).Work(t.Context(), &river.Job[campaign.SendLetter]{Args: campaign.SendLetter{Step: campaign.LastDay}}),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	if got := fmt.Sprint(a.done); got != "[make 4 system settle 4 system tend system letter last-day system]" {
		t.Error(got)
	}
}
