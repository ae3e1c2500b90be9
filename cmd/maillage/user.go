package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"strings"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/network"
)

type userCmd struct {
	Add userAddCmd `cmd:"" help:"Invite somebody; prints a link that works once."`
}

type userAddCmd struct {
	Email         string `arg:"" help:"E-mail address."`
	Role          string `help:"admin, officer, member, employer, counsellor or researcher." required:""`
	SIRET         string `name:"siret" help:"Organisation, by its SIRET." xor:"organisation"`
	Organisation  int64  `help:"Organisation, by its number." xor:"organisation" placeholder:"ID"`
	Perimeter     string `help:"An officer's perimeter, in words (\"Drôme sauf Montélimar\") or as an expression." placeholder:"WORDS"`
	Name          string `help:"Name, with --password-stdin."`
	PasswordStdin bool   `help:"Make the account at once with the password read from the standard input, instead of a link."`
	Letter        bool   `help:"Send the link by e-mail instead of printing it (a process must be working)."`
	Site          string `help:"Public address of the site, for the link." env:"MAILLAGE_SITE" default:"http://localhost:8080"`
	JSON          bool   `name:"json" help:"Print JSON."`
}

// Run makes one account, or the place kept for it.
func (c *userAddCmd) Run(e *env) error {
	p, err := e.own(outside{site: c.Site})
	if err != nil {
		return err
	}
	defer p.close()
	in, err := c.invite(e, p)
	if err != nil {
		return err
	}
	switch {
	case c.PasswordStdin:
		return c.add(e, p, in)
	case c.Letter:
		row, err := p.accounts.Invite(e.system(), accounts.Scope{}, in)
		if err != nil {
			return err
		}
		return c.say(e, map[string]any{"invitation": row.ID}, "Invitation %d : la lettre partira avec la prochaine tâche.\n", row.ID)
	}
	row, secret, err := p.accounts.InviteByLink(e.system(), accounts.Scope{}, in)
	if err != nil {
		return err
	}
	link := p.accounts.InvitationLink(secret)
	return c.say(e, map[string]any{"invitation": row.ID, "link": link, "expires": row.ExpiresAt},
		"Lien à usage unique, valable jusqu’au %s :\n  %s\n", row.ExpiresAt.Format("02/01/2006 15:04 MST"), link)
}

func (c *userAddCmd) add(e *env, p *platform, in accounts.Invite) error {
	line, err := bufio.NewReader(e.in).ReadString('\n')
	if err != nil && line == "" {
		return fmt.Errorf("read the password from the standard input: %w", err)
	}
	u, err := p.accounts.AddUser(e.system(), in, c.Name, strings.TrimRight(line, "\r\n"))
	if err != nil {
		return err
	}
	return c.say(e, map[string]any{"user": u.ID, "role": u.Role}, "Compte %d créé.\n", u.ID)
}

func (c *userAddCmd) invite(e *env, p *platform) (accounts.Invite, error) {
	in := accounts.Invite{Email: c.Email, Role: accounts.Role(c.Role), OrganisationID: c.Organisation, SIRET: c.SIRET, Lang: e.lang}
	if c.SIRET != "" {
		id, err := organisationOf(e, p, c.SIRET)
		if err != nil {
			return in, err
		}
		in.OrganisationID = int64(id)
	} else if c.Organisation != 0 {
		if _, err := p.network.Get(e.ctx, network.ID(c.Organisation)); err != nil {
			return in, err
		}
	}
	if c.Perimeter == "" || json.Valid([]byte(c.Perimeter)) {
		in.Perimeter = c.Perimeter
		return in, nil
	}
	expr, err := p.atlas.ParseWords(c.Perimeter)
	if err != nil {
		return in, fmt.Errorf("read the perimeter: %w", err)
	}
	in.Perimeter = expr.String()
	return in, nil
}

// organisationOf finds the one organisation of an establishment.
func organisationOf(e *env, p *platform, text string) (network.ID, error) {
	siret, err := network.ParseSIRET(text)
	if err != nil {
		return 0, err
	}
	found, err := p.network.BySIRET(e.ctx, siret)
	if err != nil {
		return 0, err
	}
	switch len(found) {
	case 0:
		return 0, fault.NotFound("organisation", siret)
	case 1:
		return found[0].ID, nil
	}
	var ids []string
	for _, o := range found {
		ids = append(ids, fmt.Sprintf("%d (%s)", o.ID, o.Kind))
	}
	return 0, fmt.Errorf("SIRET %s is several organisations: %s; choose one with --organisation", siret, strings.Join(ids, ", "))
}

func (c *userAddCmd) say(e *env, asJSON any, format string, args ...any) error {
	if c.JSON {
		return e.json(asJSON)
	}
	e.printf(format, args...)
	return nil
}
