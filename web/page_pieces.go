package web

import (
	"maillage/accounts"
	"maillage/followup"
	"maillage/followup/dossier"
	"maillage/matching"
)

// PiecesPage is what one answer is made of: what is missing, what is there, what
// it is written with, what was sent.
type PiecesPage struct {
	Page
	Heading, Lead string
	Whose         string // of who follows an enterprise up: its name
	Days          Days
	Answer        Link
	Missing, Have []ItemRow
	Aside         []ItemRow
	Note          string
	Picks         []PickForm
	Memo          string // the paragraphs that were chosen, one after the other
	Form          *PieceForm
	Archives      []ArchiveRow
	Freeze        string // where one more is asked; empty: nothing was handed in, or it is not the reader's
}

// ItemRow is one piece of an answer.
type ItemRow struct {
	Code, Name, Text string
	Quote            string
	Why              string
	State            Tag
	File, Href       string
	Action           string
	Decide           *Link // the gesture that says it is needed or not; nil: not the reader's
	Form             *PieceForm
	Open             bool // the form has something to correct
}

// PickForm chooses what an answer is written with.
type PickForm struct {
	Field  Field
	Action string
	What   string
	None   *Link
}

// ArchiveRow is what was sent once.
type ArchiveRow struct{ Name, Href, Text, Hash string }

// PiecesView is the list of an answer, on the page where it is decided.
type PiecesView struct {
	Heading, Said string
	Missing       []ItemRow
	All           Link
}

func piecesPath(id matching.ID) string { return answerPath(id) + "/pieces" }

func (s *Server) answerPieces(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	page, err := c.piecesPage(matching.ID(id), nil)
	if err != nil {
		return err
	}
	return c.show("pieces", page)
}

func (c *call) piecesPage(id matching.ID, errs map[string]string) (*PiecesPage, error) {
	list, err := c.s.cfg.Dossier.Checklist(c.r.Context(), id)
	if err != nil {
		return nil, err
	}
	kept, err := c.s.cfg.Matching.Kept(c.r.Context(), id)
	if err != nil {
		return nil, err
	}
	mine := c.who.Role == accounts.Member && c.ownID() == list.Organisation
	title, lot := c.T("pieces.title"), lotTitle(kept.Lot)
	page := &PiecesPage{Page: c.page(title, Crumb{c.T("nav.home"), "/"}, Crumb{clip(lot, 60), answerPath(id)}, Crumb{Text: title}), Heading: c.T("pieces.heading", "Title", lot),
		Lead: c.missingWords(list), Days: Days{NoDate: true, When: c.T("pieces.no_deadline")}, Answer: Link{c.T("pieces.back"), answerPath(id)}, Note: c.T("pieces.usual")}
	if list.Read {
		page.Note = c.T("pieces.read")
	}
	if list.Deadline != nil {
		page.Days = c.daysLeft(c.now, *list.Deadline)
	}
	if !mine {
		page.Whose = kept.Organisation.Name
	}
	c.sortItems(page, list, mine, errs)
	if list.Over {
		page.Missing = nil
	}
	if kept.Lot.Gone() {
		page.Lead, page.Days = c.goneWords(kept.Lot), c.goneDays(kept.Lot)
	}
	if mine {
		return page, c.fillOwn(page, list, errs)
	}
	return page, nil
}

// missingWords say in one sentence what is left to do.
func (c *call) missingWords(list *dossier.Checklist) string {
	n := len(list.Missing())
	if list.Over {
		return c.T("decision.closed")
	}
	if n == 0 {
		return c.T("pieces.whole")
	}
	return upperFirst(c.N("pieces.missing", n, "Count", c.Count(n)))
}

// sortItems puts each piece under what is to be done of it.
func (c *call) sortItems(page *PiecesPage, list *dossier.Checklist, mine bool, errs map[string]string) {
	for _, item := range list.Missing() {
		page.Missing = append(page.Missing, c.itemRow(list, &item, mine, errs))
	}
	for i := range list.Items {
		switch list.Items[i].Status {
		case dossier.Have:
			page.Have = append(page.Have, c.itemRow(list, &list.Items[i], mine, errs))
		case dossier.NotNeeded:
			page.Aside = append(page.Aside, c.itemRow(list, &list.Items[i], mine, errs))
		}
	}
}

func (c *call) itemRow(list *dossier.Checklist, item *dossier.Item, mine bool, errs map[string]string) ItemRow {
	code := string(item.Kind.Code)
	row := ItemRow{Code: code, Name: item.Kind.Name.In(string(c.Lang)), Text: c.itemWords(list, item), Quote: item.Quote, Why: c.T("pieces.why_" + string(item.Why)), State: c.statusTag(item.Status), Action: piecesPath(list.Match)}
	if item.Quote != "" {
		row.Why = ""
	}
	if item.Kind.Code == dossier.Other && item.Piece != nil {
		row.Name = item.Piece.Title
	} else if c.may(accounts.ChecklistEdit) {
		row.Decide = &Link{c.T("pieces.not_needed"), "inutile"}
		if item.Status == dossier.NotNeeded {
			row.Decide = &Link{c.T("pieces.needed"), "reprendre"}
		}
	}
	if !mine {
		return row
	}
	if item.Piece != nil && item.Piece.FileID != nil {
		row.File, row.Href = item.Piece.FileName, piecePath(item.Piece.ID)
	}
	if item.Status != dossier.NotNeeded && item.Kind.Code != dossier.Other {
		row.Open = len(errs) > 0 && c.form("nature") == code
		own := errs
		if !row.Open {
			own = nil
		}
		form := c.pieceForm("p-"+code, row.Action, code, own)
		row.Form = &form
	}
	return row
}

// itemWords say where a piece stands, and what to do.
func (c *call) itemWords(list *dossier.Checklist, item *dossier.Item) string {
	get := item.Kind.Get.In(string(c.Lang))
	switch item.Status {
	case dossier.ToObtain:
		return c.T("pieces.to_obtain", "Get", get)
	case dossier.ToRenew:
		if list.Deadline == nil {
			return c.T("pieces.ended", "Until", c.civilDay(item.Piece.ValidUntil), "Get", get)
		}
		return c.T("pieces.to_renew", "Until", c.civilDay(item.Piece.ValidUntil), "Day", c.civilDay(list.Day), "Get", get)
	case dossier.ToWrite:
		if item.Picked > 0 {
			return c.N("pieces.to_write_with", item.Picked, "Get", get)
		}
		return get
	case dossier.Have:
		return c.readyWords(item)
	}
	return ""
}

func (c *call) readyWords(item *dossier.Item) string {
	switch {
	case item.Piece == nil:
		return c.N("pieces.chosen", item.Picked)
	case item.Piece.ValidUntil != "":
		return c.T("pieces.valid", "Until", c.civilDay(item.Piece.ValidUntil))
	}
	return c.T("pieces.there")
}

func (c *call) statusTag(s dossier.Status) Tag {
	state := map[dossier.Status]State{dossier.ToObtain: Missed, dossier.ToRenew: Partial, dossier.ToWrite: Unknown, dossier.Have: Met, dossier.NotNeeded: Unknown}[s]
	return Tag{Text: c.T("pieces.status_" + string(s)), State: state}
}

// fillMine adds what the enterprise alone sees and does.
func (c *call) fillOwn(page *PiecesPage, list *dossier.Checklist, errs map[string]string) error {
	if err := c.fillPicks(page, list); err != nil {
		return err
	}
	form := c.pieceForm("ajouter", piecesPath(list.Match), "", errs)
	form.Kind = c.kindField(dossier.Answer, errs)
	form.Title = &Field{ID: "ajouter-titre", Name: "titre", Label: c.T("dossier.piece_title"), Hint: c.T("pieces.other_hint"), Value: c.formOr("titre", ""), Error: errs["titre"]}
	page.Form = &form
	id := "ajouter"
	for _, row := range page.Missing {
		if row.Open {
			id = "p-" + row.Code
		}
	}
	page.Errors = c.pieceErrors(id, errs)
	return c.fillArchives(page, list.Match)
}

// fillPicks offers the references and the paragraphs of the file.
func (c *call) fillPicks(page *PiecesPage, list *dossier.Checklist) error {
	d, ctx := c.s.cfg.Dossier, c.r.Context()
	picked, err := d.Picked(ctx, list.Match)
	if err != nil {
		return err
	}
	references, err := d.References(ctx, list.Organisation)
	if err != nil {
		return err
	}
	paragraphs, err := d.Paragraphs(ctx, list.Organisation)
	if err != nil {
		return err
	}
	chosen := map[int64]bool{}
	for _, r := range picked.References {
		chosen[int64(r.ID)] = true
	}
	refs := PickForm{What: "references", Action: piecesPath(list.Match), Field: Field{ID: "choix-references", Name: "choix", Kind: "checkbox", Label: c.T("pieces.pick_references")}}
	for i := range references {
		refs.Field.Options = append(refs.Field.Options, Option{Value: revisionOf(int64(references[i].ID)), Text: c.referenceWords(&references[i]), Selected: chosen[int64(references[i].ID)]})
	}
	chosen = map[int64]bool{}
	for _, p := range picked.Paragraphs {
		chosen[int64(p.ParagraphID)] = true
	}
	words := PickForm{What: "paragraphes", Action: piecesPath(list.Match), Field: Field{ID: "choix-paragraphes", Name: "choix", Kind: "checkbox", Label: c.T("pieces.pick_paragraphs")}}
	for _, p := range paragraphs {
		words.Field.Options = append(words.Field.Options, Option{Value: revisionOf(int64(p.ID)), Text: joined(" · ", c.T("dossier.theme_"+string(p.Theme)), p.Title), Selected: chosen[int64(p.ID)]})
	}
	if len(references) == 0 {
		refs.None = &Link{c.T("pieces.no_reference"), dossierPath + "/references"}
	}
	if len(paragraphs) == 0 {
		words.None = &Link{c.T("pieces.no_paragraph"), dossierPath + "/paragraphes"}
	}
	page.Picks, page.Memo = []PickForm{refs, words}, dossier.MemoText(picked.Paragraphs)
	return nil
}

func (c *call) fillArchives(page *PiecesPage, id matching.ID) error {
	all, err := c.s.cfg.Dossier.Archives(c.r.Context(), id)
	if err != nil {
		return err
	}
	for _, a := range all {
		page.Archives = append(page.Archives, ArchiveRow{Name: c.T("pieces.archive", "N", a.Number, "Date", c.When(a.FrozenAt, c.now)), Href: answerPath(id) + "/archives/" + revisionOf(int64(a.Number)),
			Text: c.T("pieces.archive_text", "Day", c.civilDay(a.SubmittedOn), "Size", c.size(a.Size)), Hash: a.SHA256})
	}
	p, err := c.s.cfg.Followup.Get(c.r.Context(), id)
	if err == nil && p.State.Answered() && p.State != followup.Answering {
		page.Freeze = answerPath(id) + "/archives"
	}
	return err
}

// size says how heavy a file is.
func (c *call) size(bytes int64) string {
	if bytes < 1<<20 {
		return c.T("pieces.kilobytes", "N", c.Num(int(max(1, bytes>>10))))
	}
	return c.T("pieces.megabytes", "N", c.Decimal(float64(bytes)/(1<<20), 1))
}

// piecesView is what the page of a decision shows of the list; nil for who may not read it.
func (c *call) piecesView(id matching.ID, state followup.State) (*PiecesView, error) {
	if c.s.cfg.Dossier == nil || !c.may(accounts.ChecklistRead) || state.Closed() {
		return nil, nil //nolint:nilnil // nothing to show
	}
	list, err := c.s.cfg.Dossier.Checklist(c.r.Context(), id)
	if err != nil {
		return nil, err
	}
	view := &PiecesView{Heading: c.T("pieces.title"), Said: c.missingWords(list), All: Link{c.T("pieces.all"), piecesPath(id)}}
	if state == followup.Submitted { // what is missing from it is missing no more
		view.Said = c.T("pieces.handed_in")
		return view, nil
	}
	if list.Over {
		return view, nil
	}
	if list.Deadline != nil && list.Left > 0 {
		view.Said += " " + upperFirst(c.N("decision.days_ahead", list.Left, "Count", c.Count(list.Left))) + "."
	}
	for _, item := range first(list.Missing(), piecesShown) {
		view.Missing = append(view.Missing, ItemRow{Name: item.Kind.Name.In(string(c.Lang)), Text: c.itemWords(list, &item), State: c.statusTag(item.Status)})
	}
	return view, nil
}

// piecesShown is how many missing pieces the page of a decision names.
const piecesShown = 5

func (c *call) referenceWords(r *dossier.Reference) string {
	amount := ""
	if r.Amount > 0 {
		amount = c.Money(r.Amount, "EUR")
	}
	return joined(", ", r.Object, r.Buyer, revisionOf(int64(r.Year)), amount)
}
