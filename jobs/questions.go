package jobs

import (
	"context"

	"maillage/followup/questions"
)

// LegalDesk sends the letters of the legal desk.
type LegalDesk interface {
	DeliverLetter(ctx context.Context, job questions.SendLetter) error
}
