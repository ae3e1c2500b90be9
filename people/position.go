package people

import (
	"context"
	"encoding/json"
	"time"

	"maillage/internal/fault"
	"maillage/internal/store"
)

// positionKinds are the kinds of opportunity whose lots are places for people.
// They, the states and the audience are package opportunities', named here by
// their values since the two nouns do not import each other.
var positionKinds = []string{"job_need", "mission", "immersion", "training_session"}

const (
	positionPublished = "published"
	forStaff          = "staff" // audience of a training
)

// asked is what of a position decides whether somebody in a journey may be asked about it.
type asked struct {
	Public    bool   `bun:"public"` // anybody may read it
	State     string `bun:"state"`
	Withdrawn bool   `bun:"withdrawn"`
	Posts     int    `bun:"posts"`
	Taken     int    `bun:"taken"` // places that somebody was hired for
	Terms     string `bun:"terms"`

	MovedAt *time.Time `bun:"moved_at"` // when its place or its hours last changed
}

// positionOpen refuses a position that nobody in a journey could take: to who
// may not read it, a draft is not there; what has ended, or is for the permanent
// staff, says so. One whose places are all taken asks nobody any more: who is
// under way there, asked or agreed, can still say. One that moved since scene was read is
// read again before anything is asked.
func positionOpen(ctx context.Context, tx store.Tx, position int64, underWay bool, scene string) error {
	found, err := positionAsked(ctx, tx, position)
	if err != nil {
		return err
	}
	switch {
	case len(found) == 0 || !found[0].Public:
		return fault.NotFound("position", position)
	case found[0].State != positionPublished || found[0].Withdrawn:
		return fault.Conflict("position-closed", "Ce poste n’est plus à pourvoir.", "This position can no longer be taken.")
	case found[0].audience() == forStaff:
		return fault.Conflict("staff-training", "Cette formation est pour les équipes permanentes.", "This training is for the permanent staff.")
	case !underWay && found[0].Taken >= max(1, found[0].Posts):
		return fault.Conflict("position-filled", "Toutes les places de ce poste sont pourvues.", "Every place of this position is filled.")
	case scene != "" && scene != SceneOf(found[0].MovedAt):
		return fault.Conflict("position-moved", "Le lieu ou les horaires de ce poste ont changé depuis que vous l’avez lu : relisez-les avec la personne, puis posez la question.",
			"The place or the hours of this position have changed since you read it: read them again with the person, then put the question.")
	}
	return nil
}

// audience is for whom a training is; empty where nothing is said.
func (p asked) audience() string {
	var terms struct {
		Audience string `json:"audience"`
	}
	if json.Unmarshal([]byte(p.Terms), &terms) != nil {
		return ""
	}
	return terms.Audience
}
