package disclosure

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

// Version changes with any rule that can change what is hidden.
const Version = "1.2.0"

// Certificate says how a release was protected and that the attack on it failed.
// It ships with the release. Where it is safe it is a function of what is published
// and of the parameters: it says how many cells are hidden, never how many of them
// were unsafe by themselves, nor which, nor by which rule, nor how an interval
// compares with the value in it. Each of these would help to tell the value.
type Certificate struct {
	Method   string           `json:"method"`
	Version  string           `json:"version"`
	Safe     bool             `json:"safe"`
	Proved   bool             `json:"proved"` // the attack could look everywhere; never safe otherwise
	Tables   []CertifiedTable `json:"tables"`
	Released []string         `json:"released_before"` // tables that the attack used too
	Model    Model            `json:"model"`
	Attack   CertifiedAttack  `json:"attack"`
}

// CertifiedTable is one published table: its parameters, counts and hash.
type CertifiedTable struct {
	Name         string     `json:"name"`
	Rules        Rules      `json:"rules"`
	Protection   Protection `json:"protection"`
	Cells        int        `json:"cells"`
	Published    int        `json:"published"`
	Suppressed   int        `json:"suppressed"`
	NotCollected int        `json:"not_collected"`
	SHA256       string     `json:"sha256"` // of the table as WritePublished writes it
}

// CertifiedAttack is what the attack found, as readers may know it: of what is safe
// the three last are zero.
type CertifiedAttack struct {
	Hidden    int `json:"hidden"` // figures, each once: any of them may be one that was attacked
	Recovered int `json:"recovered_exactly"`
	Narrow    int `json:"too_narrow"`
	Unproved  int `json:"unproved"` // of these, those about which a program gave no answer
}

const method = "primary rules; cell suppression by linear programming with clean-up; attack by the extremes of every protected cell"

// Certificate writes the certificate of the outcome. The same outcome gives the same bytes.
func (o *Outcome) Certificate() (Certificate, error) {
	c := Certificate{Method: method, Version: Version, Safe: o.Safe(), Proved: o.Proved(), Released: []string{}, Model: o.System.Model,
		Attack: CertifiedAttack{o.hidden(), o.Attack.Recovered, o.Attack.Narrow, o.Attack.Unproved}}
	for t := range o.System.grids {
		table, err := o.certified(t)
		if err != nil {
			return c, err
		}
		c.Tables = append(c.Tables, table)
	}
	for _, t := range o.task.Released {
		c.Released = append(c.Released, t.Name)
	}
	slices.Sort(c.Released)
	return c, nil
}

func (o *Outcome) certified(t int) (CertifiedTable, error) {
	var n Counts
	for _, at := range o.System.places[t] {
		n.count(o.System.Variables[at].Status)
	}
	hash := sha256.New()
	if err := o.WritePublished(hash, t); err != nil {
		return CertifiedTable{}, err
	}
	g := o.System.grids[t]
	return CertifiedTable{g.Name, g.Rules, g.Protection, n.Cells, n.Published, n.Primary + n.Secondary, n.NotCollected,
		hex.EncodeToString(hash.Sum(nil))}, nil
}

// hidden counts the figures of the tables that their readers do not get.
func (o *Outcome) hidden() int {
	n := o.Counts()
	return n.Primary + n.Secondary
}

// Names gives the names of the tables, in order.
func (o *Outcome) Names() []string {
	var names []string
	for _, g := range o.System.grids {
		names = append(names, g.Name)
	}
	return names
}
