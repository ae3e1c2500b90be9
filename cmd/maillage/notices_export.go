package main

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"

	"maillage/internal/fault"
	"maillage/opportunities"
	"maillage/tenders"
	"maillage/territories"
)

// publishing is how the platform signs what it publishes.
type publishing struct {
	OCIDPrefix string `name:"ocid-prefix" help:"Prefix of the OCDS identifiers of procurements, as the Open Contracting Partnership gave it (ocds-…)." env:"MAILLAGE_OCID_PREFIX" default:"ocds-000000" placeholder:"PREFIX"`
	Publisher  string `help:"Who publishes, in the OCDS release packages." env:"MAILLAGE_PUBLISHER" default:"Maillage" placeholder:"NAME"`
}

// at is the publication of a platform at a public address.
func (p publishing) at(site string) tenders.Publication {
	return tenders.Publication{Site: site, Prefix: p.OCIDPrefix, Name: p.Publisher}
}

type noticesExportCmd struct {
	publishing
	Site      string   `help:"Public address of the site, in the identifier of the package." env:"MAILLAGE_SITE" default:"http://localhost:8080"`
	Format    string   `help:"OCDS 1.1 release package." enum:"ocds" default:"ocds"`
	Territory string   `help:"Only what lies in part there: departement:26, epci:200040459." placeholder:"KIND:CODE"`
	Clause    []string `help:"Only these verdicts: reserved, execution, criterion, object, none, to_confirm." enum:"reserved,execution,criterion,object,none,to_confirm"`
	Source    []string `help:"Only these sources." enum:"boamp,ted,eforms,decp,ocds"`
	Open      bool     `help:"Only what can still be answered."`
	Output    string   `short:"o" help:"File to write; - is the standard output." default:"-" placeholder:"FILE"`
}

// Run writes one package of every procurement asked, and says on the standard
// error how many releases it holds.
func (c noticesExportCmd) Run(e *env) error {
	says := c.at(c.Site)
	if err := says.Check(); err != nil {
		return errors.New(fault.Of(err).Fields[0].Message.In(e.lang))
	}
	p, err := e.platform(outside{site: c.Site, says: says})
	if err != nil {
		return err
	}
	defer p.close()
	ask := tenders.Export{Filter: opportunities.Filter{Open: c.Open, Sources: c.Source}, Order: opportunities.Newest, Path: c.path}
	for _, v := range c.Clause {
		ask.Filter.Verdicts = append(ask.Filter.Verdicts, opportunities.Verdict(v))
	}
	if c.Territory != "" {
		ref, err := territories.ParseRef(c.Territory)
		if err == nil {
			_, err = p.atlas.Of(ref)
		}
		if err != nil {
			return fmt.Errorf("read the territory: %w", err)
		}
		ask.Filter.Territory = territories.In(ref)
	}
	count := 0
	err = e.toFile(c.Output, func(w io.Writer) error {
		count, err = p.tenders.Export(e.system(), w, ask)
		return err
	})
	if fault.Is(err, fault.KindNotFound) {
		return errors.New(fault.Of(err).Message.In(e.lang))
	}
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(e.errs, [2]string{"%d avis publiés\n", "%d notices released\n"}[langIndex(e.lang)], count)
	return nil
}

// path is where a platform answers the same package, a page at a time.
func (c noticesExportCmd) path(after string) string {
	q := url.Values{"clause": c.Clause, "source": c.Source}
	if c.Open {
		q.Set("open", "true")
	}
	if c.Territory != "" {
		q.Set("territory", c.Territory)
	}
	if after != "" {
		q.Set("after", after)
	}
	if len(q.Encode()) == 0 {
		return "/v1/releases"
	}
	return "/v1/releases?" + q.Encode()
}

// toFile writes to the standard output or to a file, which is there whole or
// not at all.
func (e *env) toFile(path string, write func(io.Writer) error) error {
	if path == "-" {
		return write(e.out)
	}
	temp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() { _ = os.Remove(temp.Name()) }()
	if err := errors.Join(write(temp), temp.Chmod(0o644), temp.Close()); err != nil {
		return err
	}
	if err := os.Rename(temp.Name(), path); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
