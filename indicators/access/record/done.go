package record

import (
	"slices"
	"strings"

	"maillage/indicators/disclosure/anonymity"
)

// begin counts what was sent, for each file.
func (p *Protected) begin(sources []Source, all []row, aside int) {
	for _, k := range Kinds() {
		d := Done{Enterprises: len(sources)}
		for _, s := range sources {
			if k.sent(s.Counts) {
				d.Answered++
			}
		}
		for _, r := range all {
			if r.in&k.bit() != 0 {
				d.Collected++
			}
		}
		if k == Exits {
			d.SetAside = aside
		}
		p.Done[k] = d
	}
}

// report says what was done, for each file.
func (p *Protected) report(keys []anonymity.Key, rows []row, done *anonymity.Result) {
	levels := map[string]int{}
	for k, key := range keys {
		levels[key.Name] = max(done.Levels[k], p.Kept.Levels[key.Name])
	}
	p.Kept.Levels = levels
	for _, k := range Kinds() {
		d := p.Done[k]
		d.Levels, d.Before, d.After, d.Suppressed = levels, done.Before, done.After, map[string]int{}
		for n, i := range done.Origin {
			if rows[i].in&k.bit() == 0 {
				continue
			}
			d.Records++
			if !strings.HasPrefix(rows[i].keys[0], "dep-") {
				d.Moved++
			}
			for at, key := range keys {
				if done.Records[n].Keys[at] == "" {
					d.Suppressed[key.Name]++
				}
			}
		}
		d.Withheld = d.Collected - d.Records
		for _, v := range k.Variables() {
			if !slices.Contains(p.Columns, v.Name) {
				d.Untold = append(d.Untold, v.Name)
			}
		}
		p.Done[k] = d
	}
}
