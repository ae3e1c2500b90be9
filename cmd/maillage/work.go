package main

import (
	"context"
	"time"

	"maillage/internal/mail"
)

// letters is how mail leaves; without a server it is written to a folder.
type letters struct {
	SMTP string `help:"Mail server: smtp://user:password@host:587. Without one, letters are written to the outbox folder." env:"MAILLAGE_SMTP" placeholder:"URL"`
	From string `help:"Sender of letters." env:"MAILLAGE_MAIL_FROM" placeholder:"ADDRESS"`
	Site string `help:"Public address of the site, for links in letters." env:"MAILLAGE_SITE" placeholder:"URL"`
}

func (l letters) outside(site string) (outside, error) {
	sender, err := mail.Open(mail.Config{URL: l.SMTP, From: l.From})
	if l.Site != "" {
		site = l.Site
	}
	return outside{mail: sender, site: site}, err
}

type workCmd struct {
	letters
	Count int `help:"Jobs at once." default:"4" env:"MAILLAGE_WORKERS"`
}

// Run works until it is asked to stop.
func (c *workCmd) Run(e *env) error {
	out, err := c.outside("http://localhost:8080")
	if err != nil {
		return err
	}
	p, err := e.platform(out)
	if err != nil {
		return err
	}
	defer p.close()
	if err := p.refuseDemonstration(e.ctx); err != nil {
		return err
	}
	pool, err := p.work(context.WithoutCancel(e.ctx), c.Count)
	if err != nil {
		return err
	}
	e.log.Info("working", "workers", c.Count, "database", p.store.Engine())
	<-e.ctx.Done()
	e.log.Info("stopping: running jobs end first")
	ctx, cancel := context.WithTimeout(context.WithoutCancel(e.ctx), grace)
	defer cancel()
	return pool.Stop(ctx)
}

// grace is how long requests and jobs may take to end when the process is asked to stop.
const grace = 20 * time.Second
