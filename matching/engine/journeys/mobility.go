package journeys

import "maillage/nomenclatures"

// Mode is a way of getting to work.
type Mode uint8

// The modes.
const (
	Walk Mode = iota + 1
	Bike
	Transit
	Car
	Moped
	Carried // car-pooling, on-demand transport: somebody else drives
)

var modeNames = [...]string{"", "walk", "bike", "transit", "car", "moped", "carried"}

// String names the mode.
func (m Mode) String() string { return modeNames[min(int(m), len(modeNames)-1)] }

// MarshalText makes a mode a JSON string.
func (m Mode) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// Mobility is one way in which a person can get to work.
type Mobility struct {
	Mode    Mode
	Km      float64             // as the crow flies; 0: not said
	Minutes int                 // door to door, where Km is not said; 0: not said
	Slots   nomenclatures.Slots // when it works: the last bus; 0: not said, taken for always
}

// speeds turn the minutes of a mode into kilometres as the crow flies. They are
// choices of this project, on the slow side: walking at 4 km/h, cycling at 12,
// and a third less by road than the straight line for the others.
var speeds = [...]float64{Walk: 3, Bike: 9, Transit: 15, Car: 30, Moped: 20, Carried: 30}

// unlimited is the range of a mode that nobody has measured.
const unlimited = 1e9

// reach is how far a mode goes; said is false when minutes or nothing tell it.
func (m Mobility) reach(otherwise float64) (km float64, said bool) {
	switch {
	case m.Km > 0:
		return m.Km, true
	case m.Minutes > 0 && int(m.Mode) < len(speeds):
		return speeds[m.Mode] * float64(m.Minutes) / 60, false
	}
	return otherwise, false
}
