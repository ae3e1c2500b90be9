package outlook

// Tension is what is asked against what is held, in one word.
type Tension string

// The words. They are a choice of this project: a quarter more on one side.
const (
	Lack    Tension = "lack"    // more is asked than held
	Balance Tension = "balance" // about the same
	Offer   Tension = "offer"   // more is held than asked: to be put forward
	Unsaid  Tension = "unsaid"  // nothing may be said: too few hold it
)

// margin is how much more one side must be.
const margin = 1.25

// tension compares a demand in people with a figure: with what is sure of it. It
// reads nothing but the protected figure, so that the word tells no more than it;
// sure says that every number that may hide in the figure leads to the same word.
// Where nothing of the figure is shown and a hidden number may change the word,
// there is none, and nothing is sure. Both must be of the same territory.
func tension(asked float64, held Figure) (t Tension, sure bool) {
	if asked == 0 && held.None() {
		return Unsaid, true
	}
	low, high := word(asked, float64(held.Low)), word(asked, float64(held.High))
	if low != high && held.None() {
		return Unsaid, false
	}
	return low, low == high
}

func word(asked, held float64) Tension {
	switch {
	case asked > margin*held:
		return Lack
	case held > margin*asked:
		return Offer
	}
	return Balance
}
