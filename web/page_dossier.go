package web

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"maillage/accounts"
	"maillage/followup/dossier"
	"maillage/internal/fault"
	"maillage/matching"
	"maillage/network"
)

// dossierPath is where an enterprise keeps what it hands in each time.
const dossierPath = "/dossier"

// maxUpload bounds a form that brings a file: the file, and what is told of it.
const maxUpload = dossier.MaxFile + 1<<16

// DossierPage is the pieces of an enterprise, each with the day until which it holds.
type DossierPage struct {
	Page
	Heading, Lead string
	Tabs          []Option
	Alert         string
	Pieces        []PieceRow
	Older         []PieceRow
	Absent        []AbsentRow
	Form          PieceForm
	Empty         Empty
}

// PieceRow is one paper.
type PieceRow struct {
	Name, Title   string
	Issued, Until string
	State         Tag
	File, Href    string // its name, and where it is downloaded; empty: kept elsewhere
	Remove        string
}

// AbsentRow is a piece that most calls ask for and that is not there.
type AbsentRow struct{ Name, Get string }

// PieceForm adds a paper: to the file, or to one answer.
type PieceForm struct {
	ID, Action          string
	Kind                *Field // nil: it is known
	Code                string // where it is known
	Title               *Field
	Issued, Until, File Field
}

func (c *call) dossierTabs(here string) []Option {
	var tabs []Option
	for _, tab := range [][2]string{{"pieces", dossierPath}, {"references", dossierPath + "/references"}, {"paragraphs", dossierPath + "/paragraphes"}, {"candidate", dossierPath + "/candidat"}} {
		tabs = append(tabs, Option{Text: c.T("dossier.tab_" + tab[0]), Value: tab[1], Selected: tab[0] == here})
	}
	return tabs
}

func (c *call) dossierCrumbs(title string) []Crumb {
	crumbs := []Crumb{{c.T("nav.home"), "/"}, {c.T("answers.title"), "/reponses"}}
	if title == "" {
		return append(crumbs, Crumb{Text: c.T("dossier.title")})
	}
	return append(crumbs, Crumb{c.T("dossier.title"), dossierPath}, Crumb{Text: title})
}

// ownID is the enterprise whose file is shown: the reader's.
func (c *call) ownID() network.ID { return network.ID(c.who.OrganisationID) }

func (s *Server) dossier(c *call) error {
	page, err := c.dossierPage(nil)
	if err != nil {
		return err
	}
	return c.show("dossier", page)
}

func (c *call) dossierPage(errs map[string]string) (*DossierPage, error) {
	if c.who.OrganisationID == 0 {
		return nil, c.notMember()
	}
	all, err := c.s.cfg.Dossier.Pieces(c.r.Context(), c.ownID())
	if err != nil {
		return nil, err
	}
	page := &DossierPage{Page: c.page(c.T("dossier.title"), c.dossierCrumbs("")...), Heading: c.T("dossier.title"), Lead: c.T("dossier.lead"), Tabs: c.dossierTabs("pieces"),
		Empty: Empty{Title: c.T("dossier.empty"), Text: c.T("dossier.empty_text"), Actions: []Link{{c.T("dossier.add"), "#ajouter"}}}}
	now, held := dossier.Current(all), map[dossier.Code]bool{}
	for i := range now {
		page.Pieces = append(page.Pieces, c.pieceRow(&now[i]))
		held[now[i].Kind] = true
	}
	for i := range all {
		if !has(now, all[i].ID) {
			page.Older = append(page.Older, c.pieceRow(&all[i]))
		}
	}
	for _, k := range c.s.cfg.Dossier.Book().Kinds() {
		if k.Usual && k.Scope == dossier.Kept && !held[k.Code] {
			page.Absent = append(page.Absent, AbsentRow{k.Name.In(string(c.Lang)), k.Get.In(string(c.Lang))})
		}
	}
	if n := c.endingSoon(now); n > 0 {
		page.Alert = c.N("dossier.ending", n)
	}
	page.Form = c.pieceForm("ajouter", dossierPath+"/pieces", "", errs)
	page.Form.Kind, page.Form.Title = c.kindField(dossier.Kept, errs), &Field{ID: "ajouter-titre", Name: "titre", Label: c.T("dossier.piece_title"), Hint: c.T("dossier.piece_title_hint"), Value: c.formOr("titre", ""), Error: errs["titre"]}
	page.Errors = c.pieceErrors("ajouter", errs)
	return page, nil
}

func has(all []dossier.Piece, id dossier.PieceID) bool {
	for i := range all {
		if all[i].ID == id {
			return true
		}
	}
	return false
}

// ending counts the pieces that are over, or soon will be.
func (c *call) endingSoon(all []dossier.Piece) int {
	n := 0
	for i := range all {
		if s := c.pieceState(&all[i]).State; s == Missed || s == Partial {
			n++
		}
	}
	return n
}

func (c *call) pieceRow(p *dossier.Piece) PieceRow {
	row := PieceRow{Name: c.pieceName(p.Kind), Title: p.Title, Issued: c.civilDay(p.IssuedOn), Until: c.civilDay(p.ValidUntil), State: c.pieceState(p), Remove: dossierPath + "/pieces/" + revisionOf(int64(p.ID)) + "/retirer"}
	if p.FileID != nil {
		row.File, row.Href = p.FileName, piecePath(p.ID)
	}
	return row
}

func piecePath(id dossier.PieceID) string { return dossierPath + "/pieces/" + revisionOf(int64(id)) }

func (c *call) pieceName(code dossier.Code) string {
	k, known := c.s.cfg.Dossier.Book().Get(code)
	if !known {
		return string(code)
	}
	return k.Name.In(string(c.Lang))
}

// pieceState says how a piece stands today.
func (c *call) pieceState(p *dossier.Piece) Tag {
	today, soon := c.s.cfg.Dossier.Today(), c.now.In(c.zone).AddDate(0, 0, dossier.Soon).Format("2006-01-02")
	switch {
	case p.ValidUntil == "":
		return Tag{Text: c.T("dossier.no_end"), State: Met}
	case p.ValidUntil < today:
		return Tag{Text: c.T("dossier.over"), State: Missed}
	case p.ValidUntil <= soon:
		return Tag{Text: c.T("dossier.soon"), State: Partial}
	}
	return Tag{Text: c.T("dossier.holds"), State: Met}
}

func (c *call) kindField(scope dossier.Scope, errs map[string]string) *Field {
	f := &Field{ID: "ajouter-nature", Name: "nature", Kind: "select", Label: c.T("dossier.which"), Required: true, Error: errs["nature"], Options: []Option{{Text: c.T("dossier.choose")}}}
	for _, k := range c.s.cfg.Dossier.Book().Kinds() {
		if scope == dossier.Kept && k.Scope != dossier.Kept {
			continue
		}
		f.Options = append(f.Options, Option{Value: string(k.Code), Text: k.Name.In(string(c.Lang)), Selected: c.formOr("nature", "") == string(k.Code)})
	}
	return f
}

// pieceForm asks for a paper; id makes its fields those of this form alone.
func (c *call) pieceForm(id, action, code string, errs map[string]string) PieceForm {
	typed := func(name string) string {
		if code != "" && c.form("nature") != code {
			return ""
		}
		return c.formOr(name, "")
	}
	return PieceForm{ID: id, Action: action, Code: code,
		Issued: Field{ID: id + "-datee", Name: "datee", Kind: "date", Label: c.T("dossier.issued"), Value: typed("datee"), Error: errs["datee"], Short: true},
		Until:  Field{ID: id + "-jusqua", Name: "jusqua", Kind: "date", Label: c.T("dossier.until"), Hint: c.T("dossier.until_hint"), Value: typed("jusqua"), Error: errs["jusqua"], Short: true},
		File:   Field{ID: id + "-fichier", Name: "fichier", Kind: "file", Label: c.T("dossier.file"), Hint: c.T("dossier.file_hint"), Error: errs["fichier"]}}
}

func (c *call) pieceErrors(id string, errs map[string]string) []FieldError {
	prefixed := map[string]string{}
	for name, text := range errs {
		if name != "" {
			name = id + "-" + name
		}
		prefixed[name] = text
	}
	return summary(prefixed, id+"-nature", id+"-titre", id+"-datee", id+"-jusqua", id+"-fichier")
}

// draft reads a paper that was sent; wrong says why its file cannot be read.
func (c *call) draft(m matching.ID) (d dossier.Draft, wrong string, err error) {
	err = c.r.ParseMultipartForm(maxBody)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return d, fault.TooLarge("10" + nbsp + "Mo").Message.In(string(c.Lang)), nil
	}
	if err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return d, c.T("dossier.unread"), nil
	}
	d = dossier.Draft{Organisation: c.ownID(), Match: m, Kind: dossier.Code(c.form("nature")), Title: c.form("titre"), IssuedOn: c.form("datee"), ValidUntil: c.form("jusqua")}
	d.File, err = c.uploaded("fichier")
	return d, "", err
}

// uploaded is the file of a form; nil where none was chosen.
func (c *call) uploaded(field string) (*dossier.Upload, error) {
	file, head, err := c.r.FormFile(field)
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return nil, nil //nolint:nilnil // the paper is kept elsewhere
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	content, err := io.ReadAll(io.LimitReader(file, dossier.MaxFile+1))
	if err != nil {
		return nil, err
	}
	return &dossier.Upload{Name: head.Filename, Content: content}, nil
}

func (s *Server) addPiece(c *call) error {
	errs, err := c.keepPiece(0)
	if err != nil {
		return err
	}
	if len(errs) == 0 {
		return c.to(dossierPath, "piece_kept")
	}
	page, err := c.dossierPage(errs)
	if err != nil {
		return err
	}
	return c.showForm(page, "dossier", errs)
}

// keepPiece keeps the paper of a form, or gives what is wrong with it by field.
func (c *call) keepPiece(m matching.ID) (map[string]string, error) {
	d, wrong, err := c.draft(m)
	if err != nil {
		return nil, err
	}
	if wrong != "" {
		return map[string]string{"fichier": wrong}, nil
	}
	_, err = c.s.cfg.Dossier.Keep(c.r.Context(), d)
	return c.fieldsOf(err, map[string]string{"kind": "nature", "title": "titre", "issued_on": "datee", "valid_until": "jusqua", "file": "fichier"})
}

// fieldsOf gives what is wrong with an input by the name of its question.
func (c *call) fieldsOf(err error, names map[string]string) (map[string]string, error) {
	if err == nil {
		return nil, nil //nolint:nilnil // nothing is wrong
	}
	fields, general, ok := c.faults(err)
	if !ok {
		return nil, err
	}
	errs := map[string]string{}
	for path, text := range fields {
		errs[names[path]] = text
	}
	if len(errs) == 0 {
		errs[""] = general
	}
	return errs, nil
}

func (s *Server) removePiece(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	if err := s.cfg.Dossier.Remove(c.r.Context(), dossier.PieceID(id)); err != nil {
		return err
	}
	back := c.form("retour")
	if back == "" {
		back = dossierPath
	}
	return c.to(localPath(back), "piece_removed")
}

// pieceFile sends a paper to keep, never to show: what somebody uploaded is not
// opened by the site.
func (s *Server) pieceFile(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	p, content, err := s.cfg.Dossier.Open(c.r.Context(), dossier.PieceID(id))
	if err != nil {
		return err
	}
	return c.download(p.FileName, p.MediaType, content)
}

// download sends bytes as an attachment that no cache keeps and no page runs.
func (c *call) download(name, kind string, content []byte) error {
	h := c.w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", attachment(name))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "private, no-store")
	_, err := c.w.Write(content)
	return err
}

// attachment names a file in a header, in any alphabet (RFC 6266).
func attachment(name string) string {
	if said := mime.FormatMediaType("attachment", map[string]string{"filename": name}); said != "" {
		return said
	}
	return "attachment"
}

// uploads tells the addresses that take a file.
func uploads(path string) bool {
	return path == dossierPath+"/pieces" || strings.HasPrefix(path, "/reponses/") && strings.HasSuffix(path, "/pieces")
}

// awaitPieces asks a member to renew what ends soon.
func (c *call) awaitPieces() ([]Await, error) {
	if c.s.cfg.Dossier == nil || !c.may(accounts.DossierRead) {
		return nil, nil
	}
	ending, err := c.s.cfg.Dossier.Expiring(c.r.Context(), c.ownID())
	if err != nil || len(ending) == 0 {
		return nil, err
	}
	var names []string
	for i := range ending {
		names = append(names, c.T("dossier.await_one", "Name", c.pieceName(ending[i].Kind), "Date", c.civilDay(ending[i].ValidUntil)))
	}
	return []Await{{Figure: c.Num(len(ending)), FigureWord: c.N("dossier.await_word", len(ending)), Title: c.N("dossier.await_title", len(ending)), Text: c.H("dossier.await_text", "Names", c.list(names)), Do: Link{c.T("dossier.await_do"), dossierPath}}}, nil
}
