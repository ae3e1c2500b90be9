package web

import (
	"slices"
	"strconv"
	"strings"

	"maillage/accounts"
	"maillage/indicators/campaign"
	"maillage/indicators/compute"
	"maillage/indicators/questionnaire"
)

// QuestionnairePage is a questionnaire: filled by its enterprise, read by its region.
type QuestionnairePage struct {
	Page
	Heading, Lead   string
	None            *Empty
	State           Tag
	Days            *Days
	Said            string // how far it is, and what it saves
	Rule            string // how the minutes are counted
	Left            string // what stops sending
	Width           int    // of the answered part, in hundredths
	Note            string // of the region, where it gave the questionnaire back
	Clash           bool
	Editable        bool
	Withdraw        bool // it was sent, and may be taken back
	Comments        bool // who looks may say a word
	To              string
	ID, Revision    int64
	Action          string
	Groups          []QuestionGroup
	Whole           QuestionView // words about the whole
	Return          *Field       // the region gives it back
	ReturnDo        string
	Tables          []Link
	Import          string
	Others          []Link // of other years
	Story           []string
	PersonalWarning string
}

// QuestionGroup is the questions of one register of the catalogue.
type QuestionGroup struct {
	ID, Name, About, Said string
	Items                 []QuestionView
}

// QuestionView is one question.
type QuestionView struct {
	ID, Code, Label, Help, Unit string
	Serves                      string // indicators of the catalogue
	Value                       string // in the field
	Read                        string // the value when the page was written
	ND                          bool
	Shown                       string // for who does not edit
	Revision                    int64
	From                        string // last year's answer, and where this one comes from
	Optional                    bool
	Explained                   string
	Open                        bool // a word of why is asked or given
	Wrong                       bool
	Notes                       []QuestionNote
	Comments                    []CommentView
	Talk                        string // how many words were said
	CanComment                  bool
	To                          string // who reads a word
}

// QuestionNote is what a check found, or what became of what was typed.
type QuestionNote struct {
	State State
	Text  string
}

// CommentView is a word that was said.
type CommentView struct{ By, When, Text string }

func (c *call) questionnairePage(f *campaign.Form, saved *campaign.Saved) *QuestionnairePage {
	q, own := f.Questionnaire, f.Questionnaire.OrganisationID == c.who.OrganisationID && c.who.Role == accounts.Member
	title, crumbs := c.T("camp.own_of", "Year", f.Campaign.Year), []Crumb{{c.T("nav.home"), "/"}}
	if !own {
		title = f.Name
		crumbs = append(crumbs, Crumb{c.T("nav.campaigns"), campaignsPath}, Crumb{c.T("camp.of", "Year", f.Campaign.Year), campaignPath(f.Campaign.Year)})
	}
	page := &QuestionnairePage{Page: c.page(title, append(crumbs, Crumb{Text: title})...), Heading: title, Lead: c.T("camp.lead_" + map[bool]string{true: "own", false: "region"}[own]),
		State: c.formTag(q), ID: int64(q.ID), Revision: q.Revision, Import: campaignPath(f.Campaign.Year) + "/import", PersonalWarning: c.T("camp.no_person")}
	page.Editable = own && f.Campaign.Answerable(q.State)
	page.Withdraw = own && q.State == campaign.Submitted && f.Campaign.State == campaign.Open
	page.Comments = c.may(accounts.QuestionnaireComment) && !over(f)
	page.To = c.T("camp.word_" + map[bool]string{true: "region", false: "enterprise"}[own])
	page.Action = ownCampaignPath
	if !own {
		page.Action = questionnairePath(f.Campaign.Year, q.ID)
	}
	if (q.State.Writable() || page.Withdraw) && f.Campaign.State == campaign.Open {
		days := c.closing(f.Campaign)
		page.Days = &days
	}
	c.fillQuestionnaire(page, f, saved)
	c.fillReview(page, f, own)
	if own { // the table of an officer is that of the whole perimeter, on the page of the campaign
		page.Tables = c.tableLinks(f.Campaign.Year)
	}
	return page
}

func (c *call) tableLinks(year int) []Link {
	return []Link{{c.T("camp.xlsx"), campaignPath(year) + "/reponses.xlsx"}, {c.T("camp.csv"), campaignPath(year) + "/reponses.csv"}}
}

func (c *call) fillQuestionnaire(page *QuestionnairePage, f *campaign.Form, saved *campaign.Saved) {
	book := c.s.cfg.Campaigns.Book()
	t := f.Tally(book)
	page.Said = c.T("camp.said", "Answered", c.Num(t.Answered), "Asked", c.N("camp.questions", t.Asked))
	if t.Before > 0 {
		page.Said += " " + c.N("camp.saved", t.Before, "Minutes", c.minutes(t.Minutes))
	}
	page.Rule = c.N("camp.rule", book.Minutes)
	page.Width = 100 * t.Answered / max(1, t.Asked)
	if missing := t.Asked - t.Answered; missing > 0 && page.Editable {
		page.Left = c.N("camp.missing", missing)
	}
	if t.Stops > 0 && !over(f) {
		page.Left = joined(" ", page.Left, c.N("camp.stops", t.Stops))
	}
	page.Clash = saved != nil && len(saved.Clashes) > 0
	for _, i := range f.Items {
		v := c.questionView(f, i, saved)
		v.CanComment, v.To = page.Comments, page.To
		n := len(page.Groups)
		if id := "r-" + string(i.Question.Register); n == 0 || page.Groups[n-1].ID != id {
			page.Groups = append(page.Groups, QuestionGroup{ID: id, Name: i.Question.Register.Label().In(string(c.Lang)), About: i.Question.Register.About().In(string(c.Lang))})
			n++
		}
		page.Groups[n-1].Items = append(page.Groups[n-1].Items, v)
	}
	page.Whole = QuestionView{ID: questionID(""), CanComment: page.Comments, To: c.T("camp.word_whole"), Comments: c.commentViews(f, "")}
	page.Whole.Talk = c.N("camp.talk", len(page.Whole.Comments))
}

// fillReview adds what the region does, and the story.
func (c *call) fillReview(page *QuestionnairePage, f *campaign.Form, own bool) {
	q := f.Questionnaire
	if q.State == campaign.Returned && len(f.Events) > 0 {
		page.Note = f.Events[0].Note
	}
	for _, e := range f.Events {
		by := ""
		if e.ActorID != nil {
			by = f.Authors[*e.ActorID]
		}
		page.Story = append(page.Story, joined(", ", c.ShortDate(e.At), c.T("camp.event_"+string(e.Kind)), by, e.Note))
	}
	again := q.State == campaign.Frozen && f.Campaign.State == campaign.Closed
	if own || !c.may(accounts.QuestionnaireReview) || q.State != campaign.Submitted && !again {
		return
	}
	page.ReturnDo = c.T("camp.return")
	hint := c.T("camp.return_hint")
	if again {
		page.ReturnDo, hint = c.T("camp.reopen"), c.T("camp.reopen_hint")
	}
	page.Return = &Field{ID: "note", Name: "note", Kind: "area", Label: c.T("camp.return_note"), Hint: hint, Required: true, Rows: 2}
}

func (c *call) questionView(f *campaign.Form, i campaign.Item, saved *campaign.Saved) QuestionView {
	lang, q, a := string(c.Lang), i.Question, i.Answer
	v := QuestionView{ID: questionID(q.Code), Code: string(q.Code), Label: q.Label.In(lang), Help: q.Help.In(lang), Unit: c.T("camp.unit_" + string(q.Unit)), ND: a.Status == compute.ND,
		Value: c.answerText(a), Revision: a.Revision, Optional: i.Total, Explained: a.Explained, Wrong: i.Wrong != nil}
	v.Read, v.Shown = v.Value, c.shownAnswer(a)
	for _, id := range q.Serves() {
		v.Serves = joined(" ", v.Serves, string(id))
	}
	if i.Before.Status == compute.Collected {
		v.From = c.T("camp.last_year", "Value", c.hundredths(i.Before.Value))
	}
	if a.Typed != "" && a.Origin != "" {
		v.From = joined(" · ", v.From, c.originOf(f, a))
	}
	v.Notes = c.notes(i, over(f))
	if i.Sum != nil && !a.Given() {
		v.Notes = append(v.Notes, QuestionNote{Met, c.T("camp.sum", "Sum", c.hundredths(*i.Sum))})
	}
	v.Open = a.Explained != "" || slices.ContainsFunc(i.Findings, func(x campaign.Finding) bool { return x.Level == questionnaire.Confirm })
	v.Comments = c.commentViews(f, q.Code)
	v.Talk = c.N("camp.talk", len(v.Comments))
	c.amend(&v, f, saved)
	return v
}

// originOf says where an answer comes from, and who wrote it.
func (c *call) originOf(f *campaign.Form, a campaign.Answer) string {
	by := ""
	if a.ActorID != nil {
		by = f.Authors[*a.ActorID]
	}
	return joined(", ", c.T("camp.origin_"+string(a.Origin)), by)
}

// over tells a questionnaire that changes no more: its campaign is closed, or closes.
func over(f *campaign.Form) bool {
	return f.Campaign.State != campaign.Open && !f.Campaign.Answerable(f.Questionnaire.State)
}

// notes are what is wrong and what the checks found. Once it is over, they ask nothing.
func (c *call) notes(i campaign.Item, over bool) []QuestionNote {
	var out []QuestionNote
	if i.Wrong != nil && !over {
		out = append(out, QuestionNote{Missed, i.Wrong.In(string(c.Lang))})
	}
	for _, x := range i.Findings {
		note := QuestionNote{Missed, x.Text.In(string(c.Lang)) + " " + c.held(x)}
		if x.Level == questionnaire.Confirm {
			note.State = Partial
		}
		if x.Level == questionnaire.Confirm && (x.Explained || !over) {
			note.Text += " " + c.T(map[bool]string{true: "camp.explained", false: "camp.confirm"}[x.Explained])
		}
		out = append(out, note)
	}
	return out
}

// held says the two sides of a finding.
func (c *call) held(x campaign.Finding) string {
	if x.Check == "jump" || x.Check == "out_of_line" {
		return c.T("camp.moves", "Left", c.signed(x.Left), "Right", c.signed(x.Right))
	}
	return c.T("camp.against", "Left", c.hundredths(x.Left), "Right", c.hundredths(x.Right))
}

// signed is a percentage in hundredths with its sign.
func (c *call) signed(v int64) string {
	text := c.Decimal(float64(v)/100, 1)
	if v > 0 {
		text = "+" + text
	}
	if c.Lang == English {
		return text + "%"
	}
	return text + nbsp + "%"
}

// amend puts back what was typed and not kept, with the reason.
func (c *call) amend(v *QuestionView, f *campaign.Form, saved *campaign.Saved) {
	if saved == nil {
		return
	}
	for _, clash := range saved.Clashes {
		if string(clash.Entry.Question) != v.Code || clash.Entry.Text == nil {
			continue
		}
		by := c.T("camp.somebody")
		if id := clash.Theirs.ActorID; id != nil && f.Authors[*id] != "" {
			by = f.Authors[*id]
		}
		theirs := or(c.shownAnswer(clash.Theirs), c.T("camp.nothing"))
		v.Notes = append([]QuestionNote{{Missed, c.T("camp.clash", "By", by, "Theirs", theirs, "Mine", *clash.Entry.Text)}}, v.Notes...)
		v.Value, v.ND = *clash.Entry.Text, *clash.Entry.Text == "ND"
		if v.ND {
			v.Value = ""
		}
	}
	for _, field := range saved.Faults {
		if field.Path == v.Code {
			v.Notes, v.Open, v.Explained = append(v.Notes, QuestionNote{Missed, field.Message.In(string(c.Lang))}), true, c.form("e-"+v.Code)
			v.Value = or(c.form("v-"+v.Code), v.Value)
		}
	}
}

func (c *call) commentViews(f *campaign.Form, code compute.Measure) []CommentView {
	var out []CommentView
	for _, w := range f.Comments {
		if w.Question == code {
			out = append(out, CommentView{joined(", ", f.Authors[w.AuthorID], c.T("camp.side_"+string(w.Side))), c.Ago(w.At, c.now), w.Text})
		}
	}
	return out
}

// answerText is an answer as it is typed again, thousands apart; what could not
// be read, as it was typed; nothing for ND, which has its own box.
func (c *call) answerText(a campaign.Answer) string {
	switch {
	case a.Unread():
		return a.Typed
	case a.Status == compute.Collected:
		return c.hundredths(a.Value)
	}
	return ""
}

// shownAnswer is an answer for who reads it.
func (c *call) shownAnswer(a campaign.Answer) string {
	if a.Status == compute.ND {
		return c.T("camp.nd")
	}
	return c.answerText(a)
}

// hundredths writes an amount, thousands parted by a space in both languages, so
// that it is read back as it was.
func (c *call) hundredths(v int64) string {
	sign := ""
	if v < 0 {
		sign, v = "−", -v
	}
	whole := strconv.FormatInt(v/100, 10)
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + nbsp + whole[i:]
	}
	if rest := strings.TrimRight(strconv.FormatInt(100+v%100, 10)[1:], "0"); rest != "" {
		comma := ","
		if c.Lang == English {
			comma = "."
		}
		whole += comma + rest
	}
	return sign + whole
}

// formTag says where a questionnaire is.
func (c *call) formTag(q *campaign.Questionnaire) Tag {
	at := q.Standing()
	state := map[campaign.Standing]State{campaign.Standing(campaign.NotStarted): Unknown, campaign.Standing(campaign.InProgress): Partial, campaign.Standing(campaign.Submitted): Met,
		campaign.Standing(campaign.Returned): Missed, campaign.Kept: Met, campaign.Unanswered: Unknown}[at]
	return Tag{Text: c.T("camp.state_" + string(at)), State: state}
}
