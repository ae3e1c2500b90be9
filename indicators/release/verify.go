package release

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"maillage/internal/fault"
)

// Attack tries again to find what a release suppresses, with the certificate that
// disclosure control gave. It answers nil when nothing can be found; its error is
// said to the reader. The caller plugs it in: this package knows no such method.
type Attack func(ctx context.Context, tables []Table, disclosure json.RawMessage) error

// Outcome is what a check came to.
type Outcome string

// The outcomes. A check is left out when what it needs did not hold or was not given.
const (
	Passed  Outcome = "passed"
	Failed  Outcome = "failed"
	LeftOut Outcome = "left-out"
	Differs Outcome = "differs" // no contradiction was found, and it is not what was written
)

// Check is one question asked of a release: what was looked at, how many times, with what outcome.
type Check struct {
	Name    string     `json:"name"`
	Outcome Outcome    `json:"outcome"`
	Count   int        `json:"count"`
	Label   fault.Text `json:"label"`
}

// Finding is one thing that does not hold. Line counts from 1; 0 says that there is none.
type Finding struct {
	Check   string     `json:"check"`
	File    string     `json:"file,omitempty"`
	Line    int        `json:"line,omitempty"`
	Column  string     `json:"column,omitempty"`
	Message fault.Text `json:"message"`
}

// Report is what Verify found.
type Report struct {
	Dataset   string      `json:"dataset"`
	Version   string      `json:"version"`
	Checks    []Check     `json:"checks"`
	Tables    []certified `json:"tables"`
	Findings  []Finding   `json:"findings"`
	More      int         `json:"more_findings"` // beyond those listed
	Differing []string    `json:"differing"`     // files that are not what this program makes of the others
	Tombstone *Tombstone  `json:"tombstone,omitempty"`
}

// Holds says that nothing contradicts anything, and that the version was not withdrawn.
func (r *Report) Holds() bool { return len(r.Findings) == 0 && r.Tombstone == nil }

// Sound says that it holds, and that every file is the one that was written: none was touched.
func (r *Report) Sound() bool { return r.Holds() && len(r.Differing) == 0 }

// maxFindings are listed; the others are counted.
const maxFindings = 200

// verification is one run of Verify.
type verification struct {
	ctx     context.Context
	report  *Report
	check   string // the one that runs
	failed  bool
	files   map[string][]byte
	dataset Dataset
	attack  Attack
	hasty   bool // the files are not made again
	again   map[string][]byte
}

// Verify checks a release, or recognises a tombstone. What it reads may be anybody's:
// it is bounded, and nothing is unpacked on the disk. The error says that nothing
// could be read at all; everything else is in the report. attack may be nil.
func Verify(ctx context.Context, r io.ReaderAt, size int64, attack Attack) (*Report, error) {
	v := &verification{ctx: ctx, attack: attack, report: &Report{Tables: []certified{}, Findings: []Finding{}, Differing: []string{}}}
	if t, ok := readTombstone(r, size); ok {
		v.report.Dataset, v.report.Version, v.report.Tombstone = t.Dataset, t.Version, t
		return v.report, nil
	}
	if err := v.all(r, size); err != nil {
		return nil, err
	}
	return v.report, ctx.Err()
}

// step is one check; those that come after one that is needed are left out when it fails.
type step struct {
	name   string
	label  fault.Text
	needed bool
	run    func() int
}

func (v *verification) all(r io.ReaderAt, size int64) error {
	var unreadable error
	open := func() int { n, err := v.open(r, size); unreadable = err; return n }
	stopped := false
	for _, s := range v.steps(open) {
		if stopped || v.ctx.Err() != nil || s.run == nil {
			v.report.Checks = append(v.report.Checks, Check{s.name, LeftOut, 0, s.label})
			continue
		}
		v.check, v.failed = s.name, false
		c := Check{s.name, Passed, s.run(), s.label}
		if unreadable != nil {
			return unreadable
		}
		if v.failed {
			c.Outcome, stopped = Failed, s.needed
		} else if s.name == "reproduced" && len(v.report.Differing) > 0 {
			c.Outcome = Differs
		}
		v.report.Checks = append(v.report.Checks, c)
	}
	return nil
}

func (v *verification) steps(open func() int) []step {
	text := func(fr, en string) fault.Text { return fault.Text{FR: fr, EN: en} }
	steps := []step{
		{"archive", text("l’archive se lit, sans piège ni octet en trop", "the archive reads, without a trap or an added byte"), true, open},
		{"sums", text("chaque fichier a son empreinte, aucun n’est en trop", "every file has its hash, none is added"), false, v.sums},
		{"described", text("datapackage.json décrit chaque fichier", "datapackage.json describes every file"), true, v.described},
		{"schema", text("les CSV suivent leur schéma", "the CSV files follow their schema"), true, v.csvs},
		{"agree", text("CSV, Parquet et XLSX disent la même chose, cellule par cellule", "CSV, Parquet and XLSX say the same, cell by cell"), false, v.agree},
		{"totals", text("les totaux dont tous les termes sont publiés ferment", "totals whose terms are all published close"), false, v.totals},
		{"rates", text("les taux viennent de leurs comptes publiés", "rates come from their published counts"), false, v.rates},
		{"certificate", text("le certificat porte sur ces tableaux", "the certificate is about these tables"), true, v.certificate},
		{"attack", text("l’essai d’attaque ne retrouve rien", "the attack finds nothing"), false, v.attacked()},
		{"alike", text("les descriptions disent la même chose : titre, version, dates, licence, couverture, chiffres", "the descriptions say the same: title, version, dates, licence, coverage, figures"), false, v.remade(v.alike)},
		{"reproduced", text("les fichiers se refont à l’octet près à partir des tableaux", "the files are made again from the tables, byte for byte"), false, v.remade(v.reproduced)},
	}
	return steps
}

func (v *verification) find(file string, line int, column string, message fault.Text) {
	v.failed = true
	if len(v.report.Findings) >= maxFindings {
		v.report.More++
		return
	}
	v.report.Findings = append(v.report.Findings, Finding{v.check, plain(file), line, clip(column), fault.Text{FR: plain(message.FR), EN: plain(message.EN)}})
}

// findErr locates an error as well as it says where it is.
func (v *verification) findErr(file string, err error) {
	var at located
	if asLocated(err, &at) {
		v.find(file, at.line, at.column, inWords(at.err))
		return
	}
	v.find(file, 0, "", inWords(err))
}

func (v *verification) say(file, fr, en string, args ...any) {
	v.find(file, 0, "", fault.Text{FR: fmt.Sprintf(fr, args...), EN: fmt.Sprintf(en, args...)})
}

// Where says where a finding is, in words: "data/exits.csv, line 12, column rate".
func (f Finding) Where(lang string) string {
	s := f.File
	if f.Line > 0 {
		s += fmt.Sprintf(pick(lang, ", ligne %d", ", line %d"), f.Line)
	}
	if f.Column != "" {
		s += pick(lang, ", colonne ", ", column ") + f.Column
	}
	return s
}
