package publication

import (
	"context"
	"fmt"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
)

// Trouble is what ended an attempt to build that may be made again.
type Trouble uint8

// An attempt breaks down, takes longer than it may, or is stopped with the process.
const (
	Broken Trouble = iota
	TooLong
	Interrupted
)

// Attempt is one try of a build, from 1, of so many, and what ended it.
type Attempt struct {
	Number, Most int
	Trouble      Trouble
}

// mostTooLong is how many times a build may take too long: another would too.
const mostTooLong = 2

// Last tells an attempt that no other follows.
func (a Attempt) Last() bool {
	return a.Trouble != Interrupted && (a.Number >= a.Most || a.Trouble == TooLong && a.Number >= mostTooLong)
}

// Stumble keeps on the request what ended an attempt, for who waits for it; the last
// one ends the request, which says why, and who asked is told. It asks no policy: it is
// for a worker.
func (s *Service) Stumble(ctx context.Context, job BuildRelease, a Attempt) error {
	ctx = accounts.With(ctx, accounts.TheSystem())
	if a.Last() {
		return s.fail(ctx, job.ID, a.end(job.ID))
	}
	why := a.reason()
	return s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		return markReason(ctx, tx, job.ID, why.FR+"\n"+why.EN, s.now())
	})
}

func (a Attempt) reason() fault.Text {
	switch a.Trouble {
	case Interrupted:
		return say(fmt.Sprintf("L’essai %d a été interrompu par l’arrêt du serveur. La préparation reprend d’elle-même.", a.Number),
			fmt.Sprintf("Attempt %d was interrupted when the server stopped. The build starts again by itself.", a.Number))
	case TooLong:
		return say(fmt.Sprintf("L’essai %d a été arrêté au bout du temps accordé. Un autre, le dernier, suit de lui-même.", a.Number),
			fmt.Sprintf("Attempt %d was stopped at the end of its time. Another, the last, follows by itself.", a.Number))
	case Broken:
	}
	return say(fmt.Sprintf("L’essai %d sur %d s’est arrêté sur une panne, que le journal du serveur décrit. Un autre suit de lui-même.", a.Number, a.Most),
		fmt.Sprintf("Attempt %d of %d stopped on a fault, which the log of the server describes. Another follows by itself.", a.Number, a.Most))
}

func (a Attempt) end(request int64) *fault.Error {
	why := say(fmt.Sprintf("La préparation s’est arrêtée à chacun des %d essais, le dernier sur une panne que le journal du serveur décrit, à la demande %d. Une fois la panne levée, l’administration peut approuver la demande de nouveau.", a.Number, request),
		fmt.Sprintf("The build stopped at each of %d attempts, at last on a fault which the log of the server describes, under request %d. Once it is mended, the administration may approve the request again.", a.Number, request))
	if a.Trouble == TooLong {
		why = say("La préparation a été arrêtée au bout du temps accordé, et un nouvel essai n’y changerait rien. Demandez moins d’années, de ventilations ou d’indicateurs.",
			"The build was stopped at the end of its time, and another attempt would not help. Ask for fewer years, breakdowns or indicators.")
	}
	return fault.Of(fault.Conflict("given_up", why.FR, why.EN))
}
