package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river/rivertype"

	"maillage/internal/mail"
)

// letters is how mail leaves; without a server it is written to a folder.
type letters struct {
	SMTP       string `help:"Mail server: smtp://user:password@host:587. Without one, letters are written to the outbox folder." env:"MAILLAGE_SMTP" placeholder:"URL"`
	From       string `help:"Sender of letters." env:"MAILLAGE_MAIL_FROM" placeholder:"ADDRESS"`
	Site       string `help:"Public address of the site, for links in letters." env:"MAILLAGE_SITE" placeholder:"URL"`
	ReleasesBy string `help:"Who publishes the releases of the observatory, in their citation." env:"MAILLAGE_RELEASES_BY" placeholder:"NAME"`
}

func (l letters) outside(site string) (outside, error) {
	sender, err := mail.Open(mail.Config{URL: l.SMTP, From: l.From})
	if l.Site != "" {
		site = l.Site
	}
	return outside{mail: sender, site: site, publisher: l.ReleasesBy}, err
}

// crew is how the background workers work.
type crew struct {
	Count   int           `help:"Jobs at once." default:"4" env:"MAILLAGE_WORKERS"`
	Longest time.Duration `help:"The longest a job may take. On PostgreSQL, the jobs of a killed process start again a little later than that." default:"10m" env:"MAILLAGE_JOB_LONGEST"`
}

type workCmd struct {
	letters
	crew
	Drain bool `help:"End when no job is left to do, instead of waiting for more: for scripts, after an import."`
}

// Run works until it is asked to stop or, with --drain, until no job is left.
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
	if err := e.noteVintage(p.store); err != nil {
		return err
	}
	pool, err := p.work(context.WithoutCancel(e.ctx), c.crew)
	if err != nil {
		return err
	}
	e.log.Info("working", "workers", c.Count, "database", p.store.Engine())
	if c.Drain {
		err = p.drain(e)
	} else {
		<-e.ctx.Done()
	}
	e.log.Info("stopping: running jobs end first")
	ctx, cancel := context.WithTimeout(context.WithoutCancel(e.ctx), grace)
	defer cancel()
	return errors.Join(err, pool.Stop(ctx))
}

// drain waits until no job is left to do, those that wait to be tried again
// included, and tells how far it is. Jobs of a later date are not waited for.
func (p *platform) drain(e *env) error {
	bar := e.progress("jobs")
	defer bar.Done()
	most := 0
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		left, err := p.jobsLeft(e.ctx)
		switch {
		case e.ctx.Err() != nil:
			return fmt.Errorf("stopped while %d jobs were left: the next process goes on with them", max(left, 1))
		case err != nil || left == 0:
			return err
		}
		most = max(most, left)
		bar.Step(most-left, most)
		select {
		case <-e.ctx.Done():
		case <-tick.C:
		}
	}
}

// jobsLeft counts the jobs that wait, run, or wait to be tried again.
func (p *platform) jobsLeft(ctx context.Context) (int, error) {
	counts, err := p.store.JobCounts(ctx)
	left := 0
	for _, c := range counts {
		switch rivertype.JobState(c.State) {
		case rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateRetryable:
			left += c.Count
		}
	}
	return left, err
}

// grace is how long requests and jobs may take to end when the process is asked to stop.
const grace = 20 * time.Second
