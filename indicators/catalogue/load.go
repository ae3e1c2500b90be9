package catalogue

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
)

//go:embed data/*.json
var files embed.FS

// Catalogue is every indicator, in the order of the registers. It is never changed.
type Catalogue struct {
	all []*Indicator
	by  map[ID]*Indicator
}

// Load reads the embedded catalogue, once. It fails on the first text, date or
// code that does not hold: a test reads it, so that a build that is tested never does.
var Load = sync.OnceValues(func() (*Catalogue, error) {
	c := &Catalogue{by: map[ID]*Indicator{}}
	for _, r := range Registers() {
		raw, err := files.ReadFile("data/" + strings.ToLower(string(r)) + ".json")
		if err != nil {
			return nil, fmt.Errorf("read the register %s: %w", r, err)
		}
		if err := c.read(r, raw); err != nil {
			return nil, fmt.Errorf("read the register %s: %w", r, err)
		}
	}
	return c, c.check()
})

func (c *Catalogue) read(r Register, raw []byte) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	var list []*Indicator
	if err := dec.Decode(&list); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the list")
	}
	for _, i := range list {
		if c.by[i.ID] != nil {
			return fmt.Errorf("%s is there twice", i.ID)
		}
		i.Register = r
		c.all, c.by[i.ID] = append(c.all, i), i
	}
	return nil
}

// All lists the indicators, the core first.
func (c *Catalogue) All() []*Indicator { return slices.Clone(c.all) }

// Get finds one; ok is false when there is none of that id.
func (c *Catalogue) Get(id ID) (*Indicator, bool) {
	i, ok := c.by[id]
	return i, ok
}

// Of lists the indicators of a register.
func (c *Catalogue) Of(r Register) []*Indicator {
	return slices.DeleteFunc(c.All(), func(i *Indicator) bool { return i.Register != r })
}
