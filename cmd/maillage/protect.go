package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"maillage/indicators/disclosure"
	"maillage/indicators/disclosure/spec"
	"maillage/internal/fault"
)

// exitUnsafe ends protect when something that must be hidden can be deduced.
const exitUnsafe exitCode = 6

// exitUnproved ends protect when nothing is found, by an attack that could not look everywhere.
const exitUnproved exitCode = 7

type protectCmd struct {
	Table       string `arg:"" help:"Table of figures (CSV)." placeholder:"TABLE.csv"`
	Spec        string `required:"" help:"Its specification (docs/protect.schema.json)." placeholder:"SPEC.json"`
	AttackOnly  bool   `name:"attack-only" help:"Hide nothing more: attack the statuses that the table gives."`
	Output      string `help:"Write the table as its readers get it, and each linked one as FILE.NAME.csv. Nothing is written of what is not safe." placeholder:"FILE.csv"`
	Certificate string `help:"Write the certificate." placeholder:"FILE.json"`
	Why         string `help:"Say what could be told instead of a hidden cell, given by its codes." placeholder:"CODE|CODE"`
	JSON        bool   `name:"json" help:"Print the result as JSON (docs/protected.schema.json)."`
}

// Run protects the table and prints the status of every cell; the exit code says whether it is safe.
func (c *protectCmd) Run(e *env) error {
	s, task, err := c.read()
	if err != nil {
		return err
	}
	work := disclosure.Protect
	if c.AttackOnly {
		work = disclosure.Check
	}
	o, err := work(e.ctx, task)
	if err != nil {
		return spec.Refused(err)
	}
	if err := s.Inconsistent(o.System.Warnings); err != nil {
		return err
	}
	if err := c.tell(e, o); err != nil {
		return err
	}
	switch {
	case o.Safe():
		return nil
	case !o.Proved() && o.Attack.Narrow == o.Attack.Unproved:
		return exitUnproved
	}
	return exitUnsafe
}

// read reads the specification and everything it names, relative to it.
func (c *protectCmd) read() (*spec.Spec, disclosure.Task, error) {
	text, err := os.ReadFile(c.Spec)
	if err != nil {
		return nil, disclosure.Task{}, err
	}
	s, err := spec.Parse(c.Spec, text)
	if err != nil {
		return nil, disclosure.Task{}, err
	}
	if c.AttackOnly && s.Status == "" && len(s.Suppressed) == 0 {
		return nil, disclosure.Task{}, fault.Invalid(fault.At(c.Spec+" status", "required",
			"--attack-only demande la colonne qui donne le statut de chaque cellule, ou les libellés de suppressed", "--attack-only needs the column that gives the status of each cell, or the labels of suppressed"))
	}
	task, err := s.Task(c.Table, func(name string) (io.ReadCloser, error) {
		if name != c.Table && !filepath.IsAbs(name) {
			name = filepath.Join(filepath.Dir(c.Spec), name)
		}
		return os.Open(name)
	})
	if err != nil {
		return s, task, err
	}
	return s, task, c.spares(s, task)
}

// spares refuses to write over a file that was read, or twice to the same file.
func (c *protectCmd) spares(s *spec.Spec, task disclosure.Task) error {
	taken := []string{c.Table, c.Spec}
	for _, name := range s.Files() {
		if !filepath.IsAbs(name) {
			name = filepath.Join(filepath.Dir(c.Spec), name)
		}
		taken = append(taken, name)
	}
	var written []string
	if c.Output != "" {
		for t, table := range task.Tables {
			written = append(written, c.published(t, table.Name))
		}
	}
	if c.Certificate != "" {
		written = append(written, c.Certificate)
	}
	for _, path := range written {
		if slices.ContainsFunc(taken, func(other string) bool { return sameFile(path, other) }) {
			return fault.Invalid(fault.At(path, "taken", "ce fichier est lu ou déjà écrit par la commande : rien n’est écrasé, donnez un autre nom",
				"this file is read, or written already, by the command: nothing is overwritten, give another name"))
		}
		taken = append(taken, path)
	}
	return nil
}

func sameFile(a, b string) bool {
	if x, err := os.Stat(a); err == nil {
		if y, err := os.Stat(b); err == nil {
			return os.SameFile(x, y)
		}
	}
	return filepath.Clean(a) == filepath.Clean(b)
}

// published is where a table is written: the first where asked, the others beside it.
func (c *protectCmd) published(t int, name string) string {
	if t == 0 {
		return c.Output
	}
	ext := filepath.Ext(c.Output)
	return strings.TrimSuffix(c.Output, ext) + "." + spec.Stem(name) + ext
}

func (c *protectCmd) tell(e *env, o *disclosure.Outcome) error {
	report, err := spec.NewReport(o)
	if err != nil {
		return err
	}
	if err := c.publish(e, o); err != nil {
		return err
	}
	if c.Certificate != "" {
		certificate := func(f *os.File) error { return (&env{out: f}).json(report.Certificate) }
		if err := writeFile(c.Certificate, certificate); err != nil {
			return err
		}
	}
	if c.Why != "" {
		return c.explain(e, o)
	}
	if c.JSON {
		return e.json(report)
	}
	c.print(e, o, report)
	return nil
}

// publish writes the tables as their readers get them, if nothing can be deduced.
func (c *protectCmd) publish(e *env, o *disclosure.Outcome) error {
	if c.Output == "" {
		return nil
	}
	if !o.Safe() {
		e.complain(c.Output+" n’est pas écrit : la table n’est pas sûre", c.Output+" is not written: the table is not safe")
		return nil
	}
	for t, name := range o.Names() {
		if err := writeFile(c.published(t, name), func(f *os.File) error { return o.WritePublished(f, t) }); err != nil {
			return err
		}
	}
	return nil
}

func (c *protectCmd) print(e *env, o *disclosure.Outcome, r spec.Report) {
	w := func(fr, en string) string { return fault.Text{FR: fr, EN: en}.In(e.lang) }
	names := map[disclosure.Status]string{
		disclosure.Published: w("publiée", "published"), disclosure.Primary: w("primaire", "primary"),
		disclosure.Secondary: w("secondaire", "secondary"), disclosure.NotCollected: w("non collectée", "not collected"),
	}
	for _, cell := range o.Results() {
		label := disclosure.Label(cell.Codes)
		if len(o.Names()) > 1 {
			label = cell.Table + ": " + label
		}
		e.printf("%-13s %s\n", names[cell.Status], label)
	}
	for _, warning := range r.Warnings {
		e.printf("%s %s: %s\n", w("attention", "warning"), warning.Where, fault.Text{FR: warning.FR, EN: warning.EN}.In(e.lang))
	}
	n := r.Counts
	e.printf(w("\n%d cellules : %d publiées, %d primaires, %d secondaires, %d non collectées\n",
		"\n%d cells: %d published, %d primary, %d secondary, %d not collected\n"), n.Cells, n.Published, n.Primary, n.Secondary, n.NotCollected)
	for _, rule := range slices.Sorted(maps.Keys(r.Rules)) {
		e.printf("  %-20s %d\n", rule, r.Rules[rule])
	}
	e.printf(w("Attaque de %d cellules : %d retrouvées exactement, %d connues de trop près, largeur relative minimale %s\n",
		"Attack of %d cells: %d recovered exactly, %d known too closely, least relative width %s\n"),
		r.Attack.Attacked, r.Attack.Recovered, r.Attack.Narrow, width(r.Attack.MinimalWidth))
	if !r.Proved {
		e.printf("%s\n", unproved(o, w))
	}
	e.printf("%s\n", verdict(r.Safe, w))
}

func width(w *float64) string {
	if w == nil {
		return "∞"
	}
	return fmt.Sprintf("%g", *w)
}

// unproved says why the attack proves nothing.
func unproved(o *disclosure.Outcome, w func(fr, en string) string) string {
	if o.System.Model == disclosure.ImpliedTotals {
		return w("Rien n’est prouvé : ces tables se croisent en trop de cellules élémentaires. Regroupez des modalités, ou publiez moins de croisements.",
			"Nothing is proved: these tables cross in too many base cells. Gather some codes, or publish fewer breakdowns.")
	}
	return w("Rien n’est prouvé : un programme n’a pas donné de réponse pour certaines cellules.", "Nothing is proved: a program gave no answer about some cells.")
}

func verdict(safe bool, w func(fr, en string) string) string {
	if safe {
		return w("SÛR : l’attaque échoue sur toutes les cellules.", "SAFE: the attack fails on every cell.")
	}
	return w("PAS SÛR : ne publiez pas cette table.", "NOT SAFE: do not publish this table.")
}

// explain answers --why for a cell of the first table.
func (c *protectCmd) explain(e *env, o *disclosure.Outcome) error {
	x, err := o.Why(e.ctx, 0, asked(o, c.Why))
	if err != nil {
		return spec.Refused(err)
	}
	if c.JSON {
		return e.json(x)
	}
	w := func(fr, en string) string { return fault.Text{FR: fr, EN: en}.In(e.lang) }
	if !x.Hidden {
		e.printf("%s\n", w("Cette cellule n’est pas masquée.", "This cell is not hidden."))
		return nil
	}
	e.printf("%s\n", w("Masquée pour que personne ne soit reconnu, directement ou par calcul.", "Hidden so that nobody is recognised, directly or by calculation."))
	for _, a := range x.Alternatives {
		e.printf("  %s %s\n", w("à la place :", "instead:"), alternative(a))
	}
	return nil
}

// asked finds the codes of a cell of the first table by its label. A code may itself
// hold a bar; what is no cell's label is cut at each.
func asked(o *disclosure.Outcome, label string) []string {
	wanted := trimmed(label)
	for _, r := range o.Results() {
		if r.Table == o.Names()[0] && slices.Equal(trimmed(disclosure.Label(r.Codes)), wanted) {
			return r.Codes
		}
	}
	return wanted
}

func trimmed(label string) []string {
	parts := strings.Split(label, "|")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

func alternative(a disclosure.Alternative) string {
	if a.Merged == nil {
		return fmt.Sprintf("%s = %g", disclosure.Label(a.Codes), a.Value)
	}
	parts := make([]string, len(a.Merged))
	for i, codes := range a.Merged {
		parts[i] = disclosure.Label(codes)
	}
	return fmt.Sprintf("(%s) = %g", strings.Join(parts, ") + ("), a.Value)
}
