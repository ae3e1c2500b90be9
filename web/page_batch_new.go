package web

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"maillage/matching/placement"
	"maillage/opportunities"
)

// BatchFormPage chooses the positions and the rules of a batch, shows what they
// give, and keeps it.
type BatchFormPage struct {
	Page
	Heading, Lead string
	Action        string
	Source        Field
	Partnership   *Field
	Where         Field
	Lots          *Field
	LotsOpen      bool
	Ticks         []Field
	PerPost, Most Field
	Objective     Field
	Result        *BatchResult
	Keep          []Option // hidden: what is kept is what is shown
}

// lotsOffered is how many positions a form lists to be ticked.
const lotsOffered = 60

func (s *Server) newBatch(c *call) error { return c.batchForm(nil) }

// batchForm shows the form, and what it gives once it was sent.
func (c *call) batchForm(failed error) error {
	rules, err := c.batchRules(c.r.URL.Query())
	if c.r.Method == http.MethodPost {
		rules, err = c.batchRules(c.r.PostForm)
	}
	page := &BatchFormPage{Page: c.page(c.T("prep.new"), Crumb{c.T("prep.title"), batchesPath}, Crumb{Text: c.T("prep.new")}), Heading: c.T("prep.new"), Lead: c.T("prep.new_lead"), Action: batchesPath + "/nouvelle"}
	if err == nil {
		err = failed
	}
	if asked := c.query("voir") != "" || c.r.Method == http.MethodPost; asked && err == nil {
		err = c.previewed(page, &rules)
	}
	errs := map[string]string{}
	if err != nil {
		fields, general, ok := c.faults(err)
		if !ok {
			return err
		}
		errs = formErrors(fields, general)
	}
	if err := c.fillBatchForm(page, rules, errs); err != nil {
		return err
	}
	page.Errors = summary(errs, "source", "partnership", "territory", "lots", "per_post", "most", "objective")
	return c.showForm(page, "batch_new", errs)
}

func (c *call) previewed(page *BatchFormPage, rules *placement.BatchRules) error {
	v, err := c.s.cfg.Placement.PreviewBatch(c.r.Context(), *rules)
	if err != nil {
		return err
	}
	rules.Seed = v.Rules.Seed
	page.Result = c.batchResult(v)
	q := batchQuery(*rules)
	q.Set("cle", "p-"+rand.Text())
	for _, name := range sortedKeys(q) {
		for _, value := range q[name] {
			page.Keep = append(page.Keep, Option{Value: value, Text: name})
		}
	}
	return nil
}

// batchRules reads the rules of an address or of a form.
func (c *call) batchRules(q url.Values) (placement.BatchRules, error) {
	n := func(name string) int64 {
		v, err := strconv.ParseInt(q.Get(name), 10, 64)
		if err != nil && q.Get(name) != "" {
			return -1 // refused, with what is expected
		}
		return v
	}
	r := placement.BatchRules{Source: placement.BatchSource(or(q.Get("postes"), string(placement.WithinReach))), Partnership: n("convention"), Mine: q.Get("miens") != "", Idle: q.Get("libres") != "",
		PerPost: int(n("par_place")), Most: int(n("par_personne")), Objective: or(q.Get("priorite"), objectives()[0]), Seed: n("tirage")}
	for _, text := range q["lot"] {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil && id > 0 {
			r.Lots = append(r.Lots, opportunities.LotID(id))
		}
	}
	where := q.Get("ou")
	if where == "" || r.Source != placement.OfTerritory {
		return r, nil
	}
	e, err := c.placeAsked(where)
	if r.Territory = where; err == nil {
		r.Territory = e.String()
	}
	return r, nil // what is not understood is refused by the service, beside the field
}

// batchQuery is the address of the rules.
func batchQuery(r placement.BatchRules) url.Values {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" && value != "0" {
			q.Set(name, value)
		}
	}
	set("postes", string(r.Source))
	set("convention", strconv.FormatInt(r.Partnership, 10))
	set("ou", r.Territory)
	set("priorite", r.Objective)
	set("par_place", strconv.Itoa(r.PerPost))
	set("par_personne", strconv.Itoa(r.Most))
	set("tirage", strconv.FormatInt(r.Seed, 10))
	if r.Mine {
		set("miens", "oui")
	}
	if r.Idle {
		set("libres", "oui")
	}
	for _, id := range r.Lots {
		q.Add("lot", strconv.FormatInt(int64(id), 10))
	}
	return q
}

func (c *call) fillBatchForm(page *BatchFormPage, r placement.BatchRules, errs map[string]string) error {
	page.Source = Field{ID: "source", Name: "postes", Label: c.T("prep.which"), Kind: "radio", Error: errs["source"]}
	for _, s := range placement.BatchSources() {
		page.Source.Options = append(page.Source.Options, Option{Value: string(s), Text: s.Words().In(string(c.Lang)), Selected: s == r.Source})
	}
	page.Objective = Field{ID: "objective", Name: "priorite", Label: c.T("prep.first"), Hint: c.T("prep.first_hint"), Kind: "radio", Error: errs["objective"]}
	for _, o := range objectives() {
		page.Objective.Options = append(page.Objective.Options, Option{Value: o, Text: placement.ObjectiveWords(o).In(string(c.Lang)), Selected: o == r.Objective})
	}
	page.Where = Field{ID: "territory", Name: "ou", Kind: "search", Label: c.T("prep.where"), Hint: c.T("prep.where_hint"), Value: c.placeText(r.Territory), Combo: "/suggestions/territoires", Error: errs["territory"]}
	page.PerPost = c.batchNumber("per_post", "par_place", r.PerPost, 3, errs)
	page.Most = c.batchNumber("most", "par_personne", r.Most, 1, errs)
	page.Ticks = append(page.Ticks, Field{ID: "mine", Name: "miens", Label: c.T("prep.mine"), Value: ticked(r.Mine)})
	page.Ticks = append(page.Ticks, Field{ID: "idle", Name: "libres", Label: c.T("prep.idle"), Value: ticked(r.Idle)})
	var err error
	if page.Partnership, err = c.conventionChoice(r.Partnership, errs); err != nil {
		return err
	}
	return c.lotChoice(page, r, errs)
}

func ticked(b bool) string {
	if b {
		return "oui"
	}
	return ""
}

func (c *call) batchNumber(id, name string, value, usual int, errs map[string]string) Field {
	f := Field{ID: id, Name: name, Kind: "number", Min: "1", Max: "10", Short: true, Required: true, Label: c.T("prep." + id), Hint: c.T("prep." + id + "_hint"), Error: errs[id], Value: strconv.Itoa(usual)}
	if value != 0 {
		f.Value = strconv.Itoa(value)
	}
	return f
}

// conventionChoice offers the conventions that are in force.
func (c *call) conventionChoice(chosen int64, errs map[string]string) (*Field, error) {
	all, err := c.s.cfg.Network.Partnerships(c.r.Context())
	if err != nil || len(all) == 0 {
		return nil, err
	}
	f := &Field{ID: "partnership", Name: "convention", Kind: "select", Label: c.T("prep.convention"), Error: errs["partnership"], Options: []Option{{Value: "", Text: c.T("prep.no_convention")}}}
	for _, p := range all {
		f.Options = append(f.Options, Option{Value: strconv.FormatInt(p.ID, 10), Text: p.Name, Selected: p.ID == chosen})
	}
	return f, nil
}

// lotChoice offers the positions that suit somebody, to be ticked one by one.
func (c *call) lotChoice(page *BatchFormPage, r placement.BatchRules, errs map[string]string) error {
	all, err := c.s.cfg.Placement.PreviewBatch(c.r.Context(), placement.BatchRules{Source: placement.WithinReach, Mine: r.Mine, Seed: 1})
	if err != nil {
		if _, _, refused := c.faults(err); !refused {
			return err
		}
		all = &placement.BatchView{} // too many to be ticked one by one
	}
	if len(all.Positions) == 0 {
		return nil
	}
	f := &Field{ID: "lots", Name: "lot", Kind: "checkbox", Label: c.T("prep.lots"), Error: errs["lots"]}
	for _, p := range all.Positions[:min(len(all.Positions), lotsOffered)] {
		f.Options = append(f.Options, Option{Value: strconv.FormatInt(int64(p.Position.Lot), 10), Text: c.headLine(p.Position), Selected: slices.Contains(r.Lots, p.Position.Lot)})
	}
	page.Lots, page.LotsOpen = f, r.Source == placement.ChosenLots || errs["lots"] != ""
	return nil
}

// keepBatch keeps what was shown; the same form sent twice keeps it once.
func (s *Server) keepBatch(c *call) error {
	rules, err := c.batchRules(c.r.PostForm)
	if err != nil {
		return err
	}
	v, err := s.cfg.Placement.KeepBatch(c.r.Context(), c.form("cle"), rules)
	if err != nil {
		if _, _, ok := c.faults(err); !ok {
			return err
		}
		return c.batchForm(err)
	}
	return c.to(batchPath(v.ID), "batch_kept")
}
