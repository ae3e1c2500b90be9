package main

type mailCmd struct {
	Bounces mailBouncesCmd `cmd:"" help:"Read a delivery report (RFC 3464) from the standard input: the address that it says is gone is written to no more."`
}

type mailBouncesCmd struct {
	JSON bool `name:"json" help:"Print JSON."`
}

// Run reads one message, as a mail server pipes it.
func (c *mailBouncesCmd) Run(e *env) error {
	p, err := e.own(outside{})
	if err != nil {
		return err
	}
	defer p.close()
	out, err := p.bounces.Report(e.system(), e.in)
	if err != nil {
		return err
	}
	if c.JSON {
		return e.json(out)
	}
	e.printf("Adresses : %d ; suspendues : %d ; à réessayer : %d ; inconnues : %d.\n", out.Recipients, out.Suspended, out.Later, out.Unknown)
	return nil
}
