package release

import (
	"encoding/json"
	"slices"
)

// certificate is certificate.json: what of disclosure control concerns these very files,
// and around it the certificate as disclosure control gave it.
type certificate struct {
	Format     string          `json:"format"`
	Dataset    string          `json:"dataset"`
	Version    string          `json:"version"`
	Tables     []certified     `json:"tables"`
	Disclosure json.RawMessage `json:"disclosure"`
}

// certified counts the figures of a table by status; it names no cell, and
// never why one is suppressed.
type certified struct {
	Name         string `json:"name"`
	SHA256       string `json:"csv_sha256"`
	Figures      int    `json:"figures"`
	Published    int    `json:"published"`
	Suppressed   int    `json:"suppressed"`
	NotCollected int    `json:"not_collected"`
	NoBase       int    `json:"not_applicable"`
	Awaited      int    `json:"awaited,omitempty"` // absent where there is none, as in the first certificates
}

const (
	certificateName   = "certificate.json"
	certificateFormat = "maillage-certificate/1"
)

// certify counts a table whose CSV is given.
func (t Table) certify(csv []byte) certified {
	c := certified{Name: t.Name, SHA256: sum(csv)}
	for i, f := range t.Fields {
		if !f.Measure() {
			continue
		}
		for _, row := range t.Rows {
			c.count(row[i].Status)
		}
	}
	return c
}

func (c *certified) count(s Status) {
	c.Figures++
	switch s {
	case Value:
		c.Published++
	case NotCollected:
		c.NotCollected++
	case Suppressed:
		c.Suppressed++
	case NoBase:
		c.NoBase++
	case Awaited:
		c.Awaited++
	}
}

func (d Dataset) writeCertificate(csvs map[string][]byte) ([]byte, error) {
	c := certificate{Format: certificateFormat, Dataset: d.ID, Version: d.Version, Disclosure: d.Certificate}
	for _, t := range d.Tables {
		c.Tables = append(c.Tables, t.certify(csvs[t.csvPath()]))
	}
	return indented(c)
}

// certificate checks that certificate.json is of this version, and of each table as
// it is published: the hash of its CSV and its figures counted by status.
func (v *verification) certificate() int {
	var c certificate
	if err := json.Unmarshal(v.files[certificateName], &c); err != nil {
		v.say(certificateName, "ce certificat ne se lit pas : %s", "this certificate does not read: %s", clip(err.Error()))
		return 0
	}
	if c.Format != certificateFormat || c.Dataset != v.dataset.ID || c.Version != v.dataset.Version {
		v.say(certificateName, "ce certificat est d’une autre publication", "this certificate is of another release")
	}
	v.dataset.Certificate = c.Disclosure
	for _, t := range v.dataset.Tables {
		own := t.certify(v.files[t.csvPath()])
		v.report.Tables = append(v.report.Tables, own)
		if !slices.Contains(c.Tables, own) {
			v.say(certificateName, "le certificat ne porte pas sur %s tel qu’il est publié", "the certificate is not about %s as it is published", t.csvPath())
		}
	}
	if len(c.Tables) != len(v.dataset.Tables) {
		v.say(certificateName, "le certificat porte sur d’autres tableaux", "the certificate is about other tables")
	}
	return len(v.dataset.Tables)
}
