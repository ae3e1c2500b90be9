package figures_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"maillage/indicators/compute"
	"maillage/indicators/figures"
	"maillage/indicators/microdata"
	"maillage/internal/store"
)

const instant = "'2026-11-01 08:00:00+00:00'"

// campaign writes members of the platform and the campaign of a year that asks them,
// its answers not in yet.
func (h *house) campaign(year int, kinds map[int]compute.Kind) {
	h.t.Helper()
	yes, no := "1", "0"
	if h.st.Engine() == store.PostgreSQL {
		yes, no = "true", "false"
	}
	h.exec(fmt.Sprintf("INSERT INTO campaigns (id, year, opens_on, closes_on, state, kinds, indicators, questions, revision, created_at, updated_at) VALUES (1, %d, '2026-01-01', '2026-12-31', 'open', '[]', '[]', '[\"permanent.persons\",\"home_workers.persons\"]', 1, %s, %s)", year, instant, instant))
	for id, kind := range kinds {
		h.exec(fmt.Sprintf(`INSERT INTO organisations (id, role, kind, siret, name, brand, naf, description, website, email, phone, ess_since, turnover, insurance, excluded_by, active, findings, confirmed, source, digest, folded, revision, created_at, updated_at)
			VALUES (%d, 'member', '%s', '%014d', 'x', '', '', '', '', '', '', '', 0, 0, '[]', %s, '[]', '[]', 'demo', '', '', 1, %s, %s)`, id, kind, id, yes, instant, instant))
		h.exec(fmt.Sprintf("INSERT INTO questionnaires (campaign_id, organisation_id, kind, commune, region, state, responded, revision, updated_at) VALUES (1, %d, '%s', '26362', '84', 'not_started', %s, 1, %s)", id, kind, no, instant))
	}
}

func (h *house) row(year int, kind compute.Kind, m compute.Measure) *compute.Row {
	h.t.Helper()
	rows, err := h.Rows(system(), figures.Query{Years: []int{year}, Level: figures.Federation, Kinds: []compute.Kind{kind}, Measures: []compute.Measure{m}})
	must(h.t, err)
	if len(rows) != 1 {
		h.t.Fatalf("%d rows of %s in %d", len(rows), m, year)
	}
	return rows[0].Counts()
}

// Whom a campaign asks is of the frame of its year, whatever they answer; what it
// asked and has not come is awaited, and what it did not ask is not.
func TestTheFrameOfACampaignIsWhomItAsks(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		kinds := map[int]compute.Kind{}
		for id := 1; id <= 8; id++ {
			kinds[id] = compute.ACI
			if id > 6 {
				kinds[id] = compute.SAP
			}
		}
		h.campaign(2025, kinds)
		h.in(microdata.Enterprises, "entreprise;annee;type;siret;code_insee", "E-1;2025;ACI;00000000000001;26362", "E-2;2025;ACI;00000000000002;26362", "E-3;2025;ACI;00000000000003;26362")
		for _, e := range []string{"E-1", "E-2", "E-3"} {
			h.in(microdata.Answers, "entreprise;annee;question;valeur", e+";2025;permanent.persons;10", e+";2025;workers;20")
		}
		h.refresh()
		if r := h.row(2025, compute.ACI, compute.PermanentPersons); r.Frame != 6 || r.Responded != 3 || r.Awaited != 3 || r.At(compute.Total).Amount != 30 {
			t.Errorf("three of six: %+v", r)
		}
		if r := h.row(2025, compute.SAP, compute.HomeWorkerPersons); r.Status() != compute.Waiting || r.Frame != 2 {
			t.Errorf("asked, and nobody answered: %+v", r)
		}
		if r := h.row(2025, compute.SAP, compute.ManagerPersons); r.Status() != compute.ND || r.Frame != 2 {
			t.Errorf("nobody asked: %+v", r)
		}
		h.sameFromNothing(2025)
		h.reads(2025)

		h.in(microdata.Enterprises, "entreprise;annee;type;siret;code_insee", "F-4;2025;ACI;00000000000004;26362") // under a code of its own
		h.exec("UPDATE campaigns SET questions = '[\"permanent.persons\"]'")
		h.refresh()
		if a, b := h.row(2025, compute.ACI, compute.PermanentPersons), h.row(2025, compute.SAP, compute.HomeWorkerPersons); a.Frame != 6 || b.Status() != compute.ND {
			t.Errorf("a member is of the frame once, and what is asked may move: %+v, %+v", a, b)
		}
		h.sameFromNothing(2025)
	})
}

// sameFromNothing holds what was counted as it came to a count from nothing.
func (h *house) sameFromNothing(year int) {
	h.t.Helper()
	kept := h.dump()
	if _, err := h.Rebuild(system(), year); err != nil {
		h.t.Fatal(err)
	}
	if again := h.dump(); again != kept {
		h.t.Error(apart(kept, again))
	}
}

// reads looks at the report and its file: a total over what is awaited is awaited.
func (h *house) reads(year int) {
	h.t.Helper()
	r, err := h.Report(system(), compute.COORACE)
	must(h.t, err)
	var b bytes.Buffer
	must(h.t, figures.WriteCSV(&b, r, &r.Workforce, "fr"))
	for _, want := range []string{
		fmt.Sprintf("iae_insertion,iae_total,dont salariés en parcours d’insertion,personnes,%d,60,publié,,C01,C01 v1,6,3,", year),
		fmt.Sprintf("iae_total,ensemble,Total insertion par l’activité économique,personnes,%d,90,publié,,,report v1,6,3,", year),
		fmt.Sprintf("proxim_home_workers,proxim_total,dont intervenants à domicile,personnes,%d,,attendu,,,report v1,2,0,", year),
		fmt.Sprintf("ensemble,,Ensemble,personnes,%d,,attendu,,,report v1,", year),
	} {
		if !strings.Contains(b.String(), want) {
			h.t.Errorf("%s\nis not in\n%s", want, b.String())
		}
	}
}

// The rule of presence of 2026 and reference hours that change are marked in the file.
func TestABreakIsMarkedInTheFile(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		var declared, left []string
		for _, year := range []int{2024, 2025, 2026} {
			for e := range 4 {
				declared = append(declared, fmt.Sprintf("E-%d;%d;ACI", e, year))
				for n, motive := range []string{"cdi", "creation", "contrat aide", "formation", "siae", "autre", "retrait", "cdd;90", "cdd;300"} {
					for i := range 2 {
						row := fmt.Sprintf("E-%d;S-%d;%d-06-01;%s", e, 1000*year%7000+100*n+i, year, motive)
						left = append(left, row+strings.Repeat(";", 4-strings.Count(row, ";"))+";oui")
					}
				}
			}
		}
		h.in(microdata.Enterprises, "entreprise;annee;type", declared...)
		h.in(microdata.Exits, "entreprise;salarie;date;motif;jours;constatee", left...)
		h.refresh()
		r, err := h.Report(context.WithoutCancel(system()), compute.Dares)
		must(t, err)
		var b bytes.Buffer
		must(t, figures.WriteCSV(&b, r, &r.Exits, "en"))
		for _, want := range []string{"dynamic,all_exits,Total dynamic exits,%,2025,88,published,56,C07,\"C07 v1, C08 v1\",4,4,,,,percent,published\n", "%,2026,88,published,56,C07,\"C07 v1, C08 v2\",4,4,\"In an ACI or an EI",
			"durable,dynamic,Exits to durable employment,%,2025,38,published,24,C04,\"C04 v2, C08 v1\"", "withdrawn,,Exits withdrawn from those observed,exits,2026,8,published,"} {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%s\nis not in\n%s", want, b.String())
			}
		}
	})
}
