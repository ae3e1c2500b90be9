package api_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/api"
	"maillage/indicators/microdata"
	"maillage/internal/testkit"
	"maillage/network"
	"maillage/opportunities"
	"maillage/tenders"
)

// trial is how an operation is called: on a thing within the caller's reach,
// and on one beyond it where there is such a thing. {own}, {opp}, {lot} and
// {match} are the caller's; a leading ! marks an address of somebody else's.
type trial struct {
	path   string // default the operation's own, without parameters
	body   string
	kind   string // of the body; default JSON
	beyond string
	absent bool // the thing is not in the seed
	whole  bool // asks an officer for the whole country, which ours has not
}

func trials(w *world, spare accounts.UserID, invitation, session int64) map[string]trial {
	opp := func(verb string) trial {
		return trial{path: "/v1/opportunities/{opp}" + verb, beyond: "/v1/opportunities/{theirs}" + verb}
	}
	org := func(rest string) trial {
		return trial{path: "/v1/organisations/{own}" + rest, beyond: "/v1/organisations/" + id(w.far.ID) + rest}
	}
	person := func(rest string) trial {
		return trial{path: "/v1/people/" + id(w.journey.ID) + rest, beyond: "/v1/people/" + id(w.theirs.ID) + rest}
	}
	asked := func(rest string) trial {
		return trial{path: "/v1/questionnaires/" + id(w.asked[0]) + rest, beyond: "/v1/questionnaires/" + id(w.asked[1]) + rest}
	}
	update := opp("")
	update.body = ""
	zero := strconv.Itoa(1)
	edit := func(nouns string, near, far int) trial {
		return trial{path: fmt.Sprintf("/v1/%s/%d", nouns, near), beyond: fmt.Sprintf("/v1/%s/%d", nouns, far)}
	}
	gone := func(t trial) trial { t.absent = true; return t } // the first who may has removed it
	return map[string]trial{
		"search-territories":  {path: "/v1/territories?q=romans"},
		"get-territory":       {path: "/v1/territories/departement:26"},
		"get-territory-shape": {path: "/v1/territories/commune:26281/shape"},
		"resolve-commune":     {path: "/v1/communes/26281?on=2012-01-01"},
		"draw-layer":          {path: "/v1/layers/region"},
		"read-perimeter":      {}, "draw-perimeter": {}, "compare-perimeters": {},
		"list-sectors": {}, "list-aptitudes": {path: "/v1/aptitudes?q=chariot"}, "search-codes": {path: "/v1/codes?q=elagage"}, "compare-codes": {path: "/v1/codes/closeness?offered=cpv:77310000&asked=cpv:77300000"},
		"list-indicators": {}, "get-indicator": {path: "/v1/indicators/C07"},
		"list-datasets": {}, "get-dataset": {path: "/v1/datasets/obs-0000000000/1.0.0", absent: true}, "get-indicator-figures": {path: "/v1/indicators/C07/figures", absent: true},
		"list-reference-datasets": {}, "prepare-reference-dataset": {path: "/v1/reference-datasets/1999/prepare", absent: true}, "publish-reference-dataset": {path: "/v1/reference-datasets/1999/publish", absent: true},
		"list-dataset-requests": {}, "get-dataset-request": {path: "/v1/dataset-requests/999", absent: true}, "ask-dataset": {absent: true}, "decide-dataset": {path: "/v1/dataset-requests/999/decision", absent: true}, "cancel-dataset-request": {path: "/v1/dataset-requests/999/cancel", absent: true}, "withdraw-dataset": {path: "/v1/datasets/obs-0000000000/1.0.0/withdraw", absent: true},
		"list-microdata-agreements": {}, "get-microdata-agreement": {path: "/v1/microdata/agreements/999", absent: true}, "download-microdata": {path: "/v1/microdata/agreements/999/files", absent: true},
		"grant-microdata": {body: strings.Replace(grantExample, "USER", id(spare), 1)}, "revoke-microdata": {path: "/v1/microdata/agreements/999/revoke", absent: true}, "list-microdata-files": {}, "remake-microdata": {}, "list-microdata-uses": {},
		"get-own-mirror":    {path: "/v1/observatory/mirror?organisation={own}", beyond: "/v1/observatory/mirror?organisation=" + id(w.far.ID), absent: true},
		"get-funder-report": {path: "/v1/observatory/funder-report?organisation={own}", beyond: "/v1/observatory/funder-report?organisation=" + id(w.far.ID), absent: true}, "get-waiting-times": {}, "get-followup-figures": {path: "/v1/followup/figures?from=2026-01&until=2026-03"},
		"get-activity-report": {}, "list-observatory-batches": {}, "get-observatory-batch": {path: "/v1/observatory/batches/999", absent: true},
		"list-campaigns": {}, "get-campaign": {path: "/v1/campaigns/2025"}, "get-campaign-progress": {path: "/v1/campaigns/2025/progress"},
		"save-campaign": {path: "/v1/campaigns/2024", whole: true}, "open-campaign": {path: "/v1/campaigns/2025/open", whole: true}, "close-campaign": {path: "/v1/campaigns/2025/close", whole: true},
		"get-questionnaire": asked(""), "save-answer": asked("/answers/tonnes"), "submit-questionnaire": asked("/submit"), "withdraw-questionnaire": asked("/withdraw"), "export-answers": {path: "/v1/campaigns/2025/answers"}, "return-questionnaire": asked("/return"), "create-questionnaire-comment": asked("/comments"),
		"list-quality-labels": {}, "get-quality-figures": {}, "list-certifications": {}, "engage-certification": {body: `{"organisation":` + id(w.near.ID) + `,"label":"cedre","on":"2026-01-10"}`},
		"get-certification": edit("certifications", 1, 2), "record-certification-event": {path: "/v1/certifications/1/events", beyond: "/v1/certifications/2/events"},
		"void-certification-event": {path: "/v1/certifications/1/events/999/void", beyond: "/v1/certifications/2/events/999/void", absent: true},
		"list-agenda":              {}, "get-agenda-calendar": {}, "create-agenda-event": {body: w.exampleEvent()}, "get-agenda-event": {path: "/v1/agenda/1"},
		"update-agenda-event": {path: "/v1/agenda/1", beyond: "/v1/agenda/2", body: w.exampleEvent()}, "publish-agenda-event": {path: "/v1/agenda/1/publish", beyond: "/v1/agenda/2/publish"}, "cancel-agenda-event": {path: "/v1/agenda/1/cancel", beyond: "/v1/agenda/2/cancel"},
		"book-agenda-event": {path: "/v1/agenda/1/booking"}, "drop-agenda-booking": {path: "/v1/agenda/1/booking"}, "list-agenda-bookings": {path: "/v1/agenda/1/bookings", beyond: "/v1/agenda/2/bookings"}, "set-agenda-attendance": {path: "/v1/agenda/1/bookings/999/came", beyond: "/v1/agenda/2/bookings/999/came", absent: true},
		"link-my-calendar": {}, "unlink-my-calendar": {},
		"search-legal-answers": {path: "/v1/legal/answers?q=conges"}, "get-legal-answer": {path: "/v1/legal/answers/1"}, "find-related-answers": {}, "list-legal-questions": {}, "ask-legal-question": {},
		"get-legal-question": edit("legal/questions", 1, 2), "add-to-legal-question": {path: "/v1/legal/questions/1/words", beyond: "/v1/legal/questions/2/words"}, "take-legal-question": {path: "/v1/legal/questions/1/take", beyond: "/v1/legal/questions/2/take"},
		"answer-legal-question": {path: "/v1/legal/questions/1/answer", beyond: "/v1/legal/questions/2/answer"}, "ask-more-legal-question": {path: "/v1/legal/questions/1/ask-more", beyond: "/v1/legal/questions/2/ask-more"}, "close-legal-question": {path: "/v1/legal/questions/1/close", beyond: "/v1/legal/questions/2/close"},
		"publish-legal-answer": {path: "/v1/legal/questions/1/published", beyond: "/v1/legal/questions/2/published"}, "withdraw-legal-answer": {path: "/v1/legal/questions/3/published", beyond: "/v1/legal/questions/2/published"}, "get-legal-figures": {},
		"import-answers":     {body: "question;valeur\ntonnes;1\n", kind: "text/csv"},
		"list-organisations": {}, "get-organisation": {path: "/v1/organisations/" + id(w.near.ID)},
		"list-countersignatures": {}, "countersign-organisation": {path: "/v1/organisations/" + id(w.near.ID) + "/countersignature"},
		"create-organisation": {}, "update-organisation": {body: `{"role":"member","kind":"ACI","name":"Romans Espaces verts","email":"contact@example.org","sites":[{"main":true,"commune":"26281","city":"Romans-sur-Isère"}]}`, path: "/v1/organisations/" + id(w.near.ID), beyond: "/v1/organisations/" + id(w.far.ID)},
		"confirm-identity": org(""), "confirm-activities": org("/activities"), "confirm-statuses": org("/statuses"),
		"list-groups": {}, "get-group": {path: "/v1/groups/1"}, "create-group": {}, "update-group": edit("groups", 1, 2), "remove-group": gone(edit("groups", 1, 2)),
		"list-poles": {}, "get-pole": {path: "/v1/poles/1"}, "create-pole": {}, "update-pole": edit("poles", 1, 2), "remove-pole": gone(edit("poles", 1, 2)),
		"list-partnerships": {}, "get-partnership": {path: "/v1/partnerships/1"}, "create-partnership": {}, "update-partnership": edit("partnerships", 2, 1),
		"remove-partnership": gone(edit("partnerships", 2, 1)),
		"list-opportunities": {}, "list-releases": {}, "get-opportunity": {path: "/v1/opportunities/" + id(w.tender.ID)}, "get-lot": {path: "/v1/lots/" + id(w.tender.Lots[0].ID)},
		"list-opportunity-events": {path: "/v1/opportunities/{opp}/events", beyond: "/v1/opportunities/{theirs}/events"},
		"create-opportunity":      {}, "update-opportunity": update, "publish-opportunity": opp("/publish"), "close-opportunity": opp("/close"),
		"award-opportunity": opp("/award"), "cancel-opportunity": opp("/cancel"), "settle-forecast": opp("/forecast"),
		"list-lot-matches":          {path: "/v1/lots/{lot}/matches", beyond: "/v1/lots/{theirlot}/matches"},
		"list-organisation-matches": {path: "/v1/organisations/{own}/matches", beyond: "/v1/organisations/" + id(w.far.ID) + "/matches"},
		"read-organisation-what-if": {path: "/v1/organisations/{own}/what-if", beyond: "/v1/organisations/" + id(w.far.ID) + "/what-if"},
		"list-coverage-holes":       {path: "/v1/coverage/holes?territory=departement:26&sector=espaces-verts"},
		"read-skills-outlook":       {path: "/v1/skills/outlook?territory=departement:26"},
		"read-fairness-audit":       {},
		"start-pole-project":        gone(trial{path: "/v1/poles/1/projects", beyond: "/v1/poles/2/projects"}),
		"move-pole-project":         gone(trial{path: "/v1/poles/1/projects/999/state", beyond: "/v1/poles/2/projects/999/state"}),
		"compose-consortium":        {path: "/v1/lots/{lot}/composition", beyond: "/v1/lots/{theirlot}/composition"},
		"compose-tender":            {path: "/v1/opportunities/{opp}/composition", beyond: "/v1/opportunities/{theirs}/composition"},
		"create-consortium":         {path: "/v1/lots/{lot}/consortia", beyond: "/v1/lots/{theirlot}/consortia"},
		"list-consortia":            {path: "/v1/opportunities/{opp}/consortia"},
		"get-consortium":            edit("consortia", 1, 2),
		"update-consortium":         edit("consortia", 1, 2),
		"freeze-consortium":         {path: "/v1/consortia/1/freeze", beyond: "/v1/consortia/2/freeze"},
		"dissolve-consortium":       {path: "/v1/consortia/1/dissolve", beyond: "/v1/consortia/2/dissolve"},
		"get-match":                 {path: "/v1/matches/{match}"},
		"answer-match":              {path: "/v1/matches/{match}/answer"},
		"list-pursuits":             {},
		"get-pursuit":               {path: "/v1/matches/{match}/pursuit"},
		"step-pursuit":              {path: "/v1/matches/{match}/pursuit/steps", body: `{"steps":[{"state":"submitted"}]}`}, // to decide is the enterprise's alone
		"confirm-award":             {path: "/v1/matches/{match}/pursuit/award"},
		"list-tenures":              {},
		"tell-tenure":               {path: "/v1/tenures/none", absent: true},
		"list-contacts":             {},
		"get-monday":                {},
		"get-reminder-pace":         {},
		"set-reminder-pace":         {},
		"get-my-reminders":          {},
		"set-my-reminders":          {},
		"list-waiting":              {},
		"list-widenings":            {},
		"widen-lot":                 {path: "/v1/lots/{lot}/widening", beyond: "/v1/lots/{theirlot}/widening"},
		"list-absences":             {},
		"declare-absence":           {},
		"cancel-absence":            {path: "/v1/absences/999", absent: true},
		"sort-notice":               {path: "/v1/monday/notices/{opp}/sorting", beyond: "/v1/monday/notices/{theirs}/sorting", body: `{"act":"keep"}`},
		"list-notice-sortings":      {path: "/v1/monday/notices/{opp}/sorting", beyond: "/v1/monday/notices/{theirs}/sorting"},
		"create-contact":            {body: `{"key":"essai","organisation":` + id(w.near.ID) + `,"way":"call","outcome":"reached"}`},
		"keep-promise":              {path: "/v1/contacts/999/kept", absent: true},
		"publish-call":              {body: `{"key":"essai","kind":"takeover","title":"À reprendre","description":"Une équipe.","codes":["sector:espaces-verts"],"place":{"words":"Drôme"},"deadline":"2027-02-15T22:59:00Z","transferor":` + id(w.near.ID) + `,"handover":{"form":"transfer","assets":["team"],"turnover":"under_100k","motive":"size"}}`},
		"get-call":                  {path: "/v1/calls/999", absent: true}, "express-interest": {path: "/v1/calls/999/interest", body: `{"word":"Nous."}`, absent: true}, "withdraw-interest": {path: "/v1/calls/999/interest", absent: true},
		"settle-interest": {path: "/v1/interests/999/decision", absent: true}, "list-awaiting-interests": {}, "list-routed-positions": {}, "list-activity-editions": {}, "get-activity-now": {},
		"list-prospects": {}, "create-prospect": {body: `{"key":"essai","organisation":` + id(w.near.ID) + `,"market":"small","buyer":"Ville d’exemple","need":"Tontes","source":"buyer"}`}, "get-prospect": {path: "/v1/prospects/999", absent: true}, "update-prospect": {path: "/v1/prospects/999", absent: true},
		"set-prospect-aside": {path: "/v1/prospects/999/aside", absent: true}, "ask-quote": {path: "/v1/prospects/999/quotes", absent: true}, "step-quote": {path: "/v1/quotes/999/steps", absent: true}, "get-wins": {},
		"list-piece-kinds": {}, "list-pieces": {}, "create-piece": {}, "remove-piece": {path: "/v1/dossier/pieces/999", absent: true}, "download-piece": {path: "/v1/dossier/pieces/999/file", absent: true},
		"list-answer-references": {}, "save-answer-reference": {}, "remove-answer-reference": {path: "/v1/dossier/references/999"}, "list-paragraphs": {}, "write-paragraph": {},
		"get-paragraph": {path: "/v1/dossier/paragraphs/999", absent: true}, "retire-paragraph": {path: "/v1/dossier/paragraphs/999", absent: true}, "get-candidate": {}, "save-candidate": {},
		"get-answer-pieces": {path: "/v1/matches/{match}/pieces"}, "decide-answer-piece": {path: "/v1/matches/{match}/pieces/bank"}, "pick-for-answer": {path: "/v1/matches/{match}/picks/reference"},
		"list-answer-archives": {path: "/v1/matches/{match}/archives"}, "freeze-answer": {path: "/v1/matches/{match}/archives"}, "download-answer-archive": {path: "/v1/matches/{match}/archives/1", absent: true},
		"list-people-for-position":  {path: w.placed.path("/v1/positions/{lot}/people"), beyond: "/v1/positions/999/people"},
		"preview-card":              {path: w.placed.path("/v1/positions/{lot}/people/{person}/card"), beyond: w.placed.path("/v1/positions/{lot}/people/{stranger}/card")},
		"list-positions-for-person": {path: w.placed.path("/v1/people/{person}/positions"), beyond: w.placed.path("/v1/people/{stranger}/positions")},
		"what-if-person":            {path: w.placed.path("/v1/people/{person}/what-if"), beyond: w.placed.path("/v1/people/{stranger}/what-if")},
		"list-proposals":            {}, "get-proposal": {path: w.placed.path("/v1/proposals/{proposal}"), beyond: w.placed.path("/v1/proposals/{theirs}")},
		"create-proposal":   {body: w.placed.path(`{"person":{person},"position":{lot}}`)},
		"withdraw-proposal": {path: w.placed.path("/v1/proposals/{proposal}/withdraw"), beyond: w.placed.path("/v1/proposals/{theirs}/withdraw")},
		"list-needs":        {}, "list-received-proposals": {path: w.placed.path("/v1/needs/{lot}/proposals"), absent: true},
		"answer-proposal": {path: w.placed.path("/v1/needs/{lot}/proposals/{ref}/answer"), absent: true}, // withdrawn, and a member's need is another's
		"get-reach":       {}, "compute-batch": {}, "create-batch": {}, "list-batches": {}, "get-batch": {path: "/v1/batches/{batch}", beyond: w.placed.path("/v1/batches/{theirbatch}")},
		"recompute-batch":   {path: "/v1/batches/{batch}/recompute", beyond: w.placed.path("/v1/batches/{theirbatch}/recompute")},
		"settle-batch-line": {path: w.placed.path("/v1/batches/{minebatch}/lines/{line}"), beyond: w.placed.path("/v1/batches/{theirbatch}/lines/{theirline}")},
		"list-people":       {}, "create-person": {}, "list-people-alerts": {}, "import-people": {body: "numero;nom\nZ1;Exemple\n", kind: "text/csv"},
		"get-person": person(""), "update-person": person(""), "pause-person": person("/pause"), "resume-person": person("/resume"), "end-person": person("/end"),
		"get-person-export": person("/export"), "list-person-events": person("/events"), "get-person-identity": person("/identity"), "set-person-identity": person("/identity"),
		"set-person-traits": person("/traits"), "get-person-rights": person("/rights"), "set-person-rights": person("/rights"), "list-person-alerts": person("/alerts"),
		"list-person-agreements": person("/agreements"), "set-person-agreement": person(w.placed.path("/agreements/{lot}")), "list-position-agreements": {path: "/v1/positions/" + id(w.draft.Lots[0].ID) + "/agreements"},
		"erase-person": {path: "/v1/people/" + id(w.spent.ID) + "/erase", beyond: "/v1/people/" + id(w.theirs.ID) + "/erase"}, "delete-person": {path: "/v1/people/" + id(w.spent.ID), beyond: "/v1/people/" + id(w.theirs.ID)},
		"sign-in": {}, "sign-out": {}, "request-password-reset": {},
		"get-me": {}, "update-me": {}, "change-password": {},
		"list-my-sessions": {}, "end-my-session": {path: "/v1/me/sessions/" + id(session), absent: true}, "end-my-sessions": {},
		"list-my-tokens": {}, "create-my-token": {}, "revoke-my-token": {path: "/v1/me/tokens/999", absent: true},
		"list-my-searches": {}, "create-my-search": {}, "update-my-search": {path: "/v1/me/searches/999", absent: true}, "delete-my-search": {path: "/v1/me/searches/999", absent: true},
		"report-bounce": {body: "x", kind: "message/rfc822", absent: true}, "list-suspended-addresses": {}, "lift-suspended-address": {path: "/v1/mail/suspensions/999", absent: true}, "get-my-suspension": {}, "lift-my-suspension": {},
		"get-next-letter": {path: "/v1/letters/partners"}, "decide-next-letter": {path: "/v1/letters/partners"}, "list-letter-partners": {}, "add-letter-partner": {}, "remove-letter-partner": {path: "/v1/letter-partners/999", absent: true}, "lift-letter-partner": {path: "/v1/letter-partners/999/suspension", absent: true},
		"list-my-webhooks": {}, "create-my-webhook": {}, "get-my-webhook": {path: "/v1/me/webhooks/999", absent: true}, "update-my-webhook": {path: "/v1/me/webhooks/999", absent: true}, "delete-my-webhook": {path: "/v1/me/webhooks/999", absent: true},
		"switch-my-webhook": {path: "/v1/me/webhooks/999/on", absent: true}, "rotate-my-webhook-secret": {path: "/v1/me/webhooks/999/secret", absent: true}, "test-my-webhook": {path: "/v1/me/webhooks/999/test", absent: true},
		"list-my-webhook-deliveries": {path: "/v1/me/webhooks/999/deliveries", absent: true}, "resend-my-webhook-delivery": {path: "/v1/me/webhooks/999/deliveries/9/resend", absent: true},
		"link-my-search": {path: "/v1/me/searches/999/feeds", absent: true}, "unlink-my-search": {path: "/v1/me/searches/999/feeds", absent: true},
		"list-accounts": {}, "get-account": {path: "/v1/accounts/" + id(spare)}, "update-account": {path: "/v1/accounts/" + id(spare) + "/standing"},
		"disable-account": {path: "/v1/accounts/" + id(spare) + "/disable"}, "enable-account": {path: "/v1/accounts/" + id(spare) + "/enable"},
		"list-invitations":  {},
		"invite":            {body: `{"email":"second@example.org","role":"counsellor","organisation":` + id(int64(w.near.ID)) + `}`}, // a structure invites its counsellors, nobody else
		"resend-invitation": {path: "/v1/invitations/" + id(invitation) + "/resend"}, "withdraw-invitation": {path: "/v1/invitations/" + id(invitation)},
		"list-audit-entries": {}, "list-jobs": {}, "count-jobs": {}, "get-job": {path: "/v1/jobs/" + zero}, "retry-job": {path: "/v1/jobs/" + zero + "/retry"}, "cancel-job": {path: "/v1/jobs/" + zero + "/cancel"},
		"import-members": {body: "siret;nom\n", kind: "text/csv"}, "import-notices": {body: "<x/>", kind: "application/xml"}, "list-notice-imports": {},
		"list-quarantine": {}, "get-quarantined": {path: "/v1/quarantine/1"}, "retry-quarantined": {path: "/v1/quarantine/1/retry"},
		"get-openapi-json": {}, "get-openapi-yaml": {}, "read-reference": {}, "get-reference-style": {}, "read-problem": {path: "/problems/stale"},
	}
}

// grantExample opens a year to an account of research.
const grantExample = `{"user":USER,"institution":"Université d’essai","purpose":"research","reference":"ANR-25-0001","file":"exits","years":[2011],"from":"2026-11-01","until":"2027-11-30"}`

// records adds the imports of the observatory: a file that has its header and no row.
func records(all map[string]trial) map[string]trial {
	for _, sheet := range microdata.Sheets() {
		var header []string
		for _, c := range sheet.Columns() {
			header = append(header, c.Name)
		}
		all["import-observatory-"+string(sheet)] = trial{body: strings.Join(header, ";") + "\n", kind: "text/csv"}
	}
	return all
}

func id[T ~int64](n T) string { return strconv.FormatInt(int64(n), 10) }

// fill puts the caller's own things in an address.
func (w *world) fill(role, path string) string {
	own, opp, theirs, match := w.near.ID, w.tender, w.north, w.match
	switch role {
	case "employer":
		own, opp, theirs, match = w.employer.ID, w.need, w.tender, w.needMatch
	case "member":
		opp, theirs = w.call, w.need
	}
	return strings.NewReplacer("{own}", id(own), "{opp}", id(opp.ID), "{lot}", id(opp.Lots[0].ID), "{theirs}", id(theirs.ID),
		"{theirlot}", id(theirs.Lots[0].ID), "{match}", id(match), "{batch}", id(w.placed.mine.ID)).Replace(path)
}

// as calls with a fresh session of a persona, from the pages' own site.
func (w *world) as(role, method, path, kind, body string) answer {
	w.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if body != "" {
		r.Header.Set("Content-Type", kind)
	}
	if role != "public" {
		w.clock.Advance(20 * time.Second) // as many sign-ins as there are calls
		o, err := w.accounts.SignIn(context.Background(), accounts.Credentials{Email: role + "@example.org", Password: password, Client: fmt.Sprint(method, path, role)})
		must(w.t, err)
		r.AddCookie(&http.Cookie{Name: accounts.SessionCookie, Value: o.Secret})
	}
	rec := httptest.NewRecorder()
	w.door.ServeHTTP(rec, r)
	return answer{w.t, rec.Code, rec.Header(), rec.Body.Bytes()}
}

// Every operation is called as every role, within its reach and beyond it, and
// answers as the one policy table says.
func TestEveryRouteObeysThePolicy(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	spare, err := w.accounts.AddUser(system(), accounts.Invite{Email: "spare@example.org", Role: accounts.Researcher}, "Spare", password)
	must(t, err)
	pending, err := w.accounts.Invite(system(), accounts.Scope{}, accounts.Invite{Email: "pending@example.org", Role: accounts.Member, OrganisationID: int64(w.near.ID)})
	must(t, err)
	junk := filepath.Join(t.TempDir(), "junk.xml")
	must(t, os.WriteFile(junk, []byte("<unknown/>"), 0o600))
	_, err = w.tenders.Import(system(), []string{junk, "../tenders/testdata/eforms-call.xml"}, tenders.ImportOptions{})
	must(t, err)
	w.groups()
	w.campaign()
	w.certified()
	w.planned()
	w.wondered()
	w.counts()
	all := records(trials(w, spare.ID, pending.ID, 999))
	for _, op := range w.door.Operations() {
		tr, ok := all[op.ID]
		if !ok {
			t.Errorf("%s %s (%s) has no trial", op.Method, op.Path, op.ID)
			continue
		}
		delete(all, op.ID)
		for _, role := range []string{"public", "admin", "officer", "member", "employer", "counsellor", "researcher"} {
			w.try(op, tr, role)
		}
	}
	for left := range all {
		t.Errorf("the trial %s is of no operation", left)
	}
}

func (w *world) try(op api.Operation, tr trial, role string) {
	w.t.Helper()
	who := accounts.Identity{UserID: 1, Role: accounts.Role(role), OrganisationID: 1}
	if role == "public" {
		who = accounts.Nobody()
	}
	if tr.path == "" {
		tr.path = op.Path
	}
	if tr.kind == "" {
		tr.kind = "application/json"
	}
	if tr.body == "" {
		tr.body = op.Example
	}
	reach := accounts.ReachOf(who, op.Action)
	if tr.whole && role == "officer" {
		reach = accounts.Never
	}
	got := w.as(role, op.Method, w.fill(role, tr.path), tr.kind, tr.body)
	switch {
	case reach == accounts.Never && role == "public":
		got.problem(http.StatusUnauthorized, "unauthenticated")
	case reach == accounts.Never:
		got.problem(http.StatusForbidden, "forbidden")
	case refusedByPolicy(got) && op.ID != "sign-in":
		w.t.Errorf("%s as %s: %d %s", op.ID, role, got.status, got.body)
	case got.status == http.StatusNotFound && !tr.absent:
		w.t.Errorf("%s as %s did not find %s: %s", op.ID, role, tr.path, got.body)
	case refusedInput(op, got) && tr.kind == "application/json":
		w.t.Errorf("%s as %s refuses its own example %s: %s", op.ID, role, tr.body, got.body)
	case got.status >= 500 && got.status != http.StatusServiceUnavailable: // no outlines in this world
		w.t.Errorf("%s as %s: %d %s", op.ID, role, got.status, got.body)
	}
	if tr.beyond == "" || reach == accounts.Never || reach == accounts.Anywhere {
		return
	}
	got = w.as(role, op.Method, w.fill(role, tr.beyond), tr.kind, tr.body)
	if got.status != http.StatusForbidden && got.status != http.StatusNotFound {
		w.t.Errorf("%s as %s beyond its reach: %d %s", op.ID, role, got.status, got.body)
	}
}

// refusedInput tells an example that its own operation does not understand. Two
// examples hold a password that is nobody's; a need is not an officer's tender.
func refusedInput(op api.Operation, a answer) bool {
	return (a.status == http.StatusUnprocessableEntity || a.status == http.StatusBadRequest) && op.ID != "change-password"
}

func refusedByPolicy(a answer) bool {
	return a.status == http.StatusUnauthorized || a.status == http.StatusForbidden
}

// A token without the scope of an action is refused what its owner may do.
func TestNoRouteForgetsTheScopesOfTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	id, err := w.accounts.Authenticate(context.Background(), w.sessions["admin"])
	must(t, err)
	_, narrow, err := w.accounts.CreateToken(accounts.With(context.Background(), id), "narrow", []string{"territory:read"}, time.Time{})
	must(t, err)
	all := trials(w, 1, 1, 1)
	for _, op := range w.door.Operations() {
		if accounts.ReachOf(accounts.Nobody(), op.Action) > accounts.Never {
			continue
		}
		tr := all[op.ID]
		path := op.Path
		if tr.path != "" {
			path = w.fill("admin", tr.path)
		}
		call(t, w.door, narrow, op.Method, path, tr.body).problem(http.StatusForbidden, "forbidden")
	}
}

func TestADraftIsItsPublishers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	path := "/v1/opportunities/" + id(w.draft.ID)
	for who, status := range map[string]int{"": 404, "member": 404, "far": 404, "researcher": 404, "employer": 200, "officer": 200, "admin": 200} {
		w.ask(who, "GET", path, nil).want(status)
		var list struct {
			Items []struct{ State string } `json:"items"`
		}
		w.ask(who, "GET", "/v1/opportunities?state=draft", nil).want(200).into(&list)
		if (len(list.Items) == 1) != (status == 200) {
			t.Errorf("%q sees %d drafts", who, len(list.Items))
		}
		w.ask(who, "GET", "/v1/lots/"+id(w.draft.Lots[0].ID), nil).want(status)
	}
	_, err := w.opportunities.Cancel(context.Background(), opportunities.By{}, w.draft.ID, 0)
	must(t, err)
	w.ask("", "GET", path, nil).want(404)
	w.ask("employer", "GET", path, nil).want(200)
}

func TestPrivateFactsAreShownToThoseConcerned(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	for who, private := range map[string]bool{"": false, "far": false, "employer": false, "researcher": false, "member": true, "officer": true, "counsellor": true, "admin": true} {
		got := string(w.ask(who, "GET", "/v1/organisations/"+id(w.near.ID), nil).want(200).body)
		if strings.Contains(got, "contact@example.org") != private {
			t.Errorf("%q reads %s", who, got)
		}
	}
}

func TestWhyAMemberDeclinesIsNotTheBuyers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	match, lot := "/v1/matches/"+id(w.needMatch), "/v1/lots/"+id(w.need.Lots[0].ID)+"/matches"
	w.ask("far", "PUT", match+"/answer", `{"reply":"interested"}`).problem(404, "not-found")
	w.ask("member", "PUT", match+"/answer", `{"reply":"not_for_us"}`).problem(422, "invalid")
	w.ask("member", "PUT", match+"/answer", `{"reply":"not_for_us","motive":"price","note":"trop bas pour nous"}`).want(200)
	for who, told := range map[string]bool{"employer": false, "member": true, "officer": true} {
		got := string(w.ask(who, "GET", match, nil).want(200).body)
		if !strings.Contains(got, "not_for_us") || strings.Contains(got, "trop bas") != told || strings.Contains(got, "price") != told {
			t.Errorf("%s reads %s", who, got)
		}
		if who == "member" {
			continue
		}
		got = string(w.ask(who, "GET", lot, nil).want(200).body)
		if !strings.Contains(got, "not_for_us") || strings.Contains(got, "trop bas") != told {
			t.Errorf("%s reads the ranking %s", who, got)
		}
	}
}

func TestAnOfficerPublishesInItsPerimeter(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	draft := func(place string) string {
		return `{"kind":"tender","title":"Entretien","place":{"words":"` + place + `"},"codes":["cpv:77310000"],"deadline":"2026-12-20T11:00:00Z"}`
	}
	w.ask("officer", "POST", "/v1/opportunities", draft("Lille")).problem(403, "forbidden")
	made := w.ask("officer", "POST", "/v1/opportunities", draft("Valence")).want(201)
	var o api.Opportunity
	made.into(&o)
	if o.State != "draft" || o.Publisher == nil || *o.Publisher != int64(w.association.ID) || made.header.Get("Location") != "/v1/opportunities/"+id(o.ID) {
		t.Fatalf("made %+v at %s", o, made.header.Get("Location"))
	}
	w.ask("officer", "POST", "/v1/opportunities/"+id(o.ID)+"/publish", nil, "If-Match", made.header.Get("ETag")).want(200).into(&o)
	if !o.Open {
		t.Fatalf("published %+v", o)
	}
	w.ask("employer", "POST", "/v1/opportunities", draft("Valence")).problem(422, "invalid")
}

func TestNobodyPublishesUnderAnothersName(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	body := func(kind string) string {
		return `{"kind":"` + kind + `","title":"Entretien","place":{"country":true},"buyer":{"id":` + id(w.far.ID) + `,"name":"Ville de Lyon","siret":"21690123100011"}}`
	}
	for who, org := range map[string]*network.Organisation{"member": w.near, "employer": w.employer} {
		var o api.Opportunity
		made := w.ask(who, "POST", "/v1/opportunities", body("private_purchase")).want(201)
		made.into(&o)
		own := func() {
			t.Helper()
			if o.Source != who || o.Buyer.ID == nil || *o.Buyer.ID != int64(org.ID) || o.Buyer.Name != org.Name || o.Buyer.SIRET != string(org.SIRET) {
				t.Errorf("%s publishes %+v, source %s", who, o.Buyer, o.Source)
			}
		}
		own()
		path := "/v1/opportunities/" + id(o.ID)
		w.ask(who, "PUT", path, body("tender"), "If-Match", made.header.Get("ETag")).problem(422, "invalid")
		w.ask(who, "PUT", path, body("private_purchase"), "If-Match", made.header.Get("ETag")).want(200).into(&o)
		own()
		w.ask("officer", "GET", path, nil).problem(404, "not-found")
		w.ask("officer", "PUT", path, body("private_purchase"), "If-Match", made.header.Get("ETag")).problem(404, "not-found")
		w.ask(who, "POST", "/v1/opportunities", body("tender")).problem(422, "invalid")
	}
	w.ask("member", "POST", "/v1/opportunities", body("job_need")).problem(422, "invalid")
	w.ask("employer", "POST", "/v1/opportunities", body("partner_call")).problem(422, "invalid")
	w.ask("officer", "POST", "/v1/opportunities", body("tender")).want(201)
}

func system() context.Context { return accounts.With(context.Background(), accounts.TheSystem()) }
