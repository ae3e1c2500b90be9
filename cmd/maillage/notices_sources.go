package main

import (
	"fmt"
	"time"

	"maillage/tenders"
	"maillage/tenders/fetch"
)

type noticesFetchCmd struct {
	Name string `arg:"" help:"The source, as \"notices sources\" lists it."`
	JSON bool   `help:"Print the report of each run as JSON, one a line."`
}

// Run makes runs of the source until nothing more is due; it ends with 5 when a
// record went to quarantine.
func (c noticesFetchCmd) Run(e *env) error {
	p, err := e.own(outside{})
	if err != nil {
		return err
	}
	defer p.close()
	refused := 0
	for more := true; more; {
		bar := e.progress("notices")
		var report tenders.Report
		report, more, err = p.sources.Run(e.system(), c.Name, tenders.ImportOptions{Progress: bar.Step,
			Refused: func(rec tenders.Record) { bar.Done(); sayRefused(e.errs, e.lang, rec) }})
		bar.Done()
		if err != nil {
			return err
		}
		refused += report.Quarantined + report.Failed
		if c.JSON {
			err = e.jsonLine(report)
		} else {
			err = noticesImportCmd{}.print(e, report)
		}
		if err != nil {
			return fmt.Errorf("print the run of %s: %w", c.Name, err)
		}
	}
	if refused > 0 {
		return exitRefused
	}
	return nil
}

type noticesSourcesCmd struct {
	List noticesSourcesListCmd `cmd:"" default:"1" help:"List the sources."`
	Add  noticesSourcesAddCmd  `cmd:"" help:"Add a source, or change it."`
	On   noticesSourcesOnCmd   `cmd:"" help:"Turn a source on."`
	Off  noticesSourcesOffCmd  `cmd:"" help:"Turn a source off."`
}

type noticesSourcesListCmd struct{}

// Run lists the sources, one a line.
func (noticesSourcesListCmd) Run(e *env) error {
	p, err := e.platform(outside{})
	if err != nil {
		return err
	}
	defer p.close()
	feeds, err := p.sources.Feeds(e.system())
	if err != nil {
		return err
	}
	for _, f := range feeds {
		state, last := [2]string{"arrêtée", "off"}, "-"
		if f.Enabled {
			state = [2]string{"active", "on"}
		}
		if f.LastSuccess != nil {
			last = f.LastSuccess.UTC().Format(time.RFC3339)
		}
		e.printf("%s\t%s\t%s\t%s\t%s\t%d\t%d\t%s\t%s\n", f.Name, f.Kind, state[langIndex(e.lang)], f.Every(), last, f.Records, f.Quarantined, f.URL, oneLine(f.LastError))
	}
	return nil
}

type noticesSourcesAddCmd struct {
	Name  string        `arg:"" help:"A name of small letters, digits and dashes."`
	Kind  string        `arg:"" help:"boamp, ted, decp, ocds or folder."`
	URL   string        `arg:"" optional:"" help:"Its address, or the path of a folder; BOAMP and TED have theirs."`
	Every time.Duration `help:"The time between two runs." default:"1h"`
	From  string        `help:"The first day of publication to fetch (2026-01-31); a week ago when not given." placeholder:"DAY"`
	Off   bool          `help:"Leave it turned off."`
}

// Run adds the source.
func (c noticesSourcesAddCmd) Run(e *env) error {
	p, err := e.own(outside{})
	if err != nil {
		return err
	}
	defer p.close()
	return p.sources.Configure(e.system(), tenders.Feed{Name: c.Name, Kind: fetch.Kind(c.Kind), URL: c.URL, Enabled: !c.Off, Seconds: int64(c.Every / time.Second), FirstDay: c.From})
}

type noticesSourcesOnCmd struct {
	Name string `arg:"" help:"The source."`
}

// Run turns the source on.
func (c noticesSourcesOnCmd) Run(e *env) error { return enableSource(e, c.Name, true) }

type noticesSourcesOffCmd struct {
	Name string `arg:"" help:"The source."`
}

// Run turns the source off; what it brought stays.
func (c noticesSourcesOffCmd) Run(e *env) error { return enableSource(e, c.Name, false) }

func enableSource(e *env, name string, on bool) error {
	p, err := e.own(outside{})
	if err != nil {
		return err
	}
	defer p.close()
	return p.sources.Enable(e.system(), name, on)
}
