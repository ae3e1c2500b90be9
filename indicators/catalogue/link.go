package catalogue

// Scheme is a repertory of indicators kept by others.
type Scheme string

// The repertories that the catalogue links to.
const (
	IRIS Scheme = "iris" // IRIS+, Global Impact Investing Network
	SDG  Scheme = "sdg"  // a target of the sustainable development goals
	ESF  Scheme = "esf"  // common indicators of ESF+, Regulation (EU) 2021/1057, annex I
)

// Fit is how close the two definitions are.
type Fit string

// The fits, from the closest.
const (
	Same     Fit = "same"     // the same thing is counted
	Near     Fit = "near"     // a neighbour: read both definitions before comparing
	Towards  Fit = "towards"  // contributes to a goal, measures no target of it
	Contrast Fit = "contrast" // told by difference
)

// Link leads to an indicator of another repertory. It is verified when somebody
// read the other definition at its address; until then it is said to be checked.
type Link struct {
	Scheme   Scheme `json:"scheme"`
	Code     string `json:"code"`
	Title    string `json:"title,omitempty"` // its name there, in English as published
	Fit      Fit    `json:"fit"`
	Verified bool   `json:"verified"`
	At       string `json:"at,omitempty"`   // where it was read
	Note     *Text  `json:"note,omitempty"` // what differs
}
