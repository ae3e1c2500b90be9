package territories

// Interval is a period during which a code named a commune: from its first
// day, until the day it ceased (excluded), which is zero while it lasts.
type Interval struct {
	From  Date   `json:"from"`
	Until Date   `json:"until"`
	Name  string `json:"name"`
}

// Held is a commune that holds a place, whole or in part.
type Held struct {
	Code CommuneCode `json:"code"`
	Name string      `json:"name"`
}

// Resolution answers what a code was on a date.
type Resolution struct {
	Code      CommuneCode
	On        Date
	Known     bool       // the code named a commune at some date
	Valid     bool       // it did on the date asked
	Name      string     // its name on that date, or the last it bore before, or its first
	Intervals []Interval // when it named a commune, in order
	HeldThen  []Held     // who held the place on that date; several when it was shared out
	Current   []Held     // who holds it in the vintage; several after a split
	Reason    Reason     // why, in words
}

// Reason is a sentence in both languages.
type Reason struct {
	FR string `json:"fr"`
	EN string `json:"en"`
}
