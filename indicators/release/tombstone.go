package release

import (
	"encoding/json"
	"io"
	"time"

	"maillage/internal/fault"
)

const tombstoneFormat = "maillage-tombstone/1"

// maxTombstone bounds what is read to recognise one, in bytes.
const maxTombstone = 64 << 10

// Tombstone takes the place of a version that was withdrawn: its address still answers,
// and says why there is nothing more to read, and what to read instead.
type Tombstone struct {
	Format      string     `json:"format"`
	Dataset     string     `json:"dataset"`
	Version     string     `json:"version"`
	Title       fault.Text `json:"title"`
	WithdrawnOn string     `json:"withdrawn_on"` // 2006-01-02
	Reason      fault.Text `json:"reason"`
	Successor   string     `json:"successor,omitempty"` // a version of the same dataset
	SHA256      string     `json:"sha256"`              // of the ZIP that was withdrawn
	Cite        fault.Text `json:"cite"`                // how it was cited
}

// Bury makes the tombstone of a version. archive is the hash of its ZIP, as 64
// hexadecimal digits; successor may be empty.
func Bury(d Dataset, archive string, on time.Time, reason fault.Text, successor string) ([]byte, error) {
	t := Tombstone{Format: tombstoneFormat, Dataset: d.ID, Version: d.Version, Title: d.Title, WithdrawnOn: day(on), Reason: reason,
		Successor: successor, SHA256: archive, Cite: fault.Text{FR: d.cite("fr"), EN: d.cite("en")}}
	if faults := t.faults(); len(faults) > 0 {
		return nil, fault.Invalid(faults...)
	}
	return indented(t)
}

func (t Tombstone) faults() []fault.Field {
	c := &checker{}
	c.want(slug.MatchString(t.Dataset), "dataset")
	c.want(semver.MatchString(t.Version), "version")
	c.want(both(t.Title), "title")
	c.want(both(t.Reason), "reason")
	c.want(t.Successor == "" || semver.MatchString(t.Successor) && t.Successor != t.Version, "successor")
	c.want(hash(t.SHA256), "sha256")
	_, err := time.Parse(time.DateOnly, t.WithdrawnOn)
	c.want(err == nil, "withdrawn_on")
	return c.faults
}

// readTombstone recognises a tombstone: a small JSON that says it is one and is whole.
func readTombstone(r io.ReaderAt, size int64) (*Tombstone, bool) {
	if size > maxTombstone {
		return nil, false
	}
	var t Tombstone
	if err := json.NewDecoder(io.NewSectionReader(r, 0, size)).Decode(&t); err != nil {
		return nil, false
	}
	return &t, t.Format == tombstoneFormat && len(t.faults()) == 0
}
