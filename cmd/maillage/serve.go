package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"maillage/demo"
	"maillage/internal/fault"
)

type serveCmd struct {
	letters
	crew
	publishing
	Address        string `help:"Where to listen." default:"localhost:8080" env:"MAILLAGE_ADDRESS"`
	Demo           bool   `help:"Serve the demonstration federation; loads it on the first start."`
	Workers        bool   `help:"Run the background workers in this process." default:"true" negatable:""`
	Secure         bool   `help:"The site is reached over HTTPS only: cookies say so." env:"MAILLAGE_SECURE"`
	Proxies        int    `help:"How many trusted proxies stand in front; 0 reads the caller's address from the connection." env:"MAILLAGE_PROXIES"`
	MetricsToken   string `help:"Token for /metrics; without one, callers of this machine only." env:"MAILLAGE_METRICS_TOKEN"`
	FrameAncestors string `help:"Who may embed /embed pages, as a CSP source list." env:"MAILLAGE_FRAME_ANCESTORS"`
}

// Run serves until it is asked to stop, then lets requests and jobs end.
func (c *serveCmd) Run(e *env) error {
	// First, so that a taken address is told before anything is made; who calls meanwhile waits.
	listener, err := (&net.ListenConfig{}).Listen(e.ctx, "tcp", c.Address)
	if err != nil {
		return fmt.Errorf("listen on %s: %w (another program may be using this address: give --address)", c.Address, err)
	}
	defer func() { _ = listener.Close() }()
	out, err := c.outside("http://" + reached(c.Address, listener))
	if err != nil {
		return err
	}
	out.says = c.at(out.site)
	if err := out.says.Check(); err != nil {
		return errors.New(fault.Of(err).Fields[0].Message.In(e.lang))
	}
	if c.Demo {
		e.keys = demo.IdentityKey
	}
	p, err := e.platform(out)
	if err != nil {
		return err
	}
	defer p.close()
	if err := c.prepare(e, p, out); err != nil {
		return err
	}
	if err := e.noteVintage(p.store); err != nil {
		return err
	}
	site, err := p.site(c)
	if err != nil {
		return err
	}
	stop := func(context.Context) error { return nil }
	if c.Workers {
		pool, err := p.work(context.WithoutCancel(e.ctx), c.crew)
		if err != nil {
			return err
		}
		stop = pool.Stop
	}
	if err := c.welcome(e, p, out.site); err != nil {
		return err
	}
	e.log.Info("listening", "address", "http://"+reached(c.Address, listener))
	return serve(e, &http.Server{Handler: newWatch(p.store, c.MetricsToken).routes(site), ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout: 2 * time.Minute, WriteTimeout: 5 * time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}, listener, stop)
}

// reached is the address as people write it: the one asked for, with the port that the system
// chose where it was asked to (port 0).
func reached(asked string, listener net.Listener) string {
	if _, port, err := net.SplitHostPort(asked); err == nil && port == "0" {
		return listener.Addr().String()
	}
	return asked
}

// prepare loads the demonstration, or makes sure that this is not one.
func (c *serveCmd) prepare(e *env, p *platform, out outside) error {
	if !c.Demo {
		return p.refuseDemonstration(e.ctx)
	}
	start := time.Now()
	loaded, err := demo.Load(e.system(), demo.Config{Store: p.store, Atlas: p.atlas, Accounts: p.accounts, Network: p.network, Now: e.now, Site: out.site, Publisher: out.publisher})
	if loaded {
		e.log.Info("the demonstration federation is made", "seconds", time.Since(start).Round(time.Millisecond).Seconds())
	}
	return err
}

// refuseDemonstration keeps known passwords out of a real service: a database
// that holds the demonstration is served with --demo only.
func (p *platform) refuseDemonstration(ctx context.Context) error {
	is, err := demo.Is(ctx, p.store)
	if err != nil {
		return err
	}
	if is {
		return errors.New("this database holds the demonstration, whose passwords are public: serve it with --demo; for real data, give another --database")
	}
	return nil
}

// welcome says where to go and how to sign in.
func (c *serveCmd) welcome(e *env, p *platform, site string) error {
	e.printf("\nMaillage : %s\n", site)
	if c.Demo {
		e.printf("Démonstration (données inventées, rien n’est envoyé). Mot de passe de chaque compte : %s\n", demo.Password)
		for _, a := range demo.Personas() {
			e.printf("  %-34s %s\n", a.Email, a.Title)
		}
		e.printf("Les identités, inventées, sont scellées par la clé publique de la démonstration : %s\n", demo.IdentityKey)
		e.printf("\nCtrl-C pour arrêter.\n\n")
		return nil
	}
	if !p.people.SealsIdentities() {
		e.log.Warn("no MAILLAGE_IDENTITY_KEY: the identities of people in journeys cannot be kept nor read")
	}
	secret, first, err := p.accounts.FirstAdminToken(e.system())
	if err != nil {
		return err
	}
	if first {
		e.printf("Aucun compte encore. Lien à usage unique pour créer le premier administrateur (48 heures) :\n  %s\n\n", p.accounts.InvitationLink(secret))
	}
	return nil
}

// serve answers until the context ends, then stops gently: no new request, the running ones and the jobs end.
func serve(e *env, server *http.Server, listener net.Listener, stopWorkers func(context.Context) error) error {
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-e.ctx.Done():
	}
	e.log.Info("stopping: requests and jobs end first")
	ctx, cancel := context.WithTimeout(context.WithoutCancel(e.ctx), grace)
	defer cancel()
	return errors.Join(server.Shutdown(ctx), stopWorkers(ctx))
}
