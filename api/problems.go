package api

import (
	"html"
	"net/http"
	"strings"

	"maillage/accounts"
	"maillage/internal/fault"
)

// kindOfProblem is a problem that the machinery or several nouns answer: what
// it means and what to do. A noun's own conflicts tell it all in their detail.
type kindOfProblem struct {
	Code    string
	Status  int
	Meaning fault.Text
}

func kindsOfProblem() []kindOfProblem {
	return []kindOfProblem{
		{"invalid", 422, fault.Text{FR: "Une partie de ce qui a été envoyé est à corriger : errors situe chaque faute. Rien n’a été gardé.", EN: "Part of what was sent needs correcting: errors locates each fault. Nothing was kept."}},
		{"unreadable", 400, fault.Text{FR: "La requête n’est pas du HTTP ou du JSON lisible.", EN: "The request is not readable HTTP or JSON."}},
		{"unauthenticated", 401, fault.Text{FR: "Il faut dire qui l’on est : un jeton dans Authorization, ou une session.", EN: "Say who you are: a token in Authorization, or a session."}},
		{"bad-token", 401, fault.Text{FR: "Le jeton est inconnu, révoqué ou expiré.", EN: "The token is unknown, revoked or expired."}},
		{"bad-credentials", 401, fault.Text{FR: "L’adresse ou le mot de passe est incorrect.", EN: "The address or the password is wrong."}},
		{"forbidden", 403, fault.Text{FR: "Le compte, ou les portées du jeton, ne permettent pas cette action sur cet objet.", EN: "The account, or the scopes of the token, do not allow this on that thing."}},
		{"cross-origin", 403, fault.Text{FR: "Une écriture par session ne peut venir que de ce site.", EN: "A write with a session can only come from this site."}},
		{"not-found", 404, fault.Text{FR: "Il n’y a rien à cette adresse, ou rien que cet appelant puisse voir.", EN: "There is nothing at this address, or nothing that this caller may see."}},
		{"unknown-territory", 404, fault.Text{FR: "Le code ne désigne aucun territoire du millésime ; detail dit ce qu’il est devenu.", EN: "The code names no territory of the vintage; detail says what became of it."}},
		{"method-not-allowed", 405, fault.Text{FR: "L’adresse existe, pas avec cette méthode ; Allow dit lesquelles.", EN: "The address exists, not with this method; Allow says which."}},
		{"not-acceptable", 406, fault.Text{FR: "Le format demandé n’est pas disponible.", EN: "The format asked for is not available."}},
		{"stale", 412, fault.Text{FR: "L’objet a changé depuis la lecture (If-Match). Relire, puis recommencer.", EN: "The thing has changed since it was read (If-Match). Read it again, then start over."}},
		{"too-large", 413, fault.Text{FR: "Le corps dépasse la limite de l’opération.", EN: "The body is over the operation's limit."}},
		{"unsupported-media-type", 415, fault.Text{FR: "Le corps n’est pas dans un format que l’opération accepte.", EN: "The body is not in a format that the operation takes."}},
		{"too-many", 429, fault.Text{FR: "Trop de requêtes ou de tentatives ; Retry-After dit combien de secondes attendre.", EN: "Too many requests or attempts; Retry-After says how many seconds to wait."}},
		{"internal", 500, fault.Text{FR: "Une erreur de notre côté, enregistrée ; instance la désigne.", EN: "An error on our side, recorded; instance names it."}},
		{"no-shapes", 503, fault.Text{FR: "Ce serveur n’a pas de contours.", EN: "This server has no outlines."}},
		{"repeated-key", 409, fault.Text{FR: "Ce marché est déjà connu sous cette clé.", EN: "This procurement is already known under that key."}},
		{"vouched", 409, fault.Text{FR: "L’entreprise a confirmé ces informations : elle seule, ou l’administration, les modifie.", EN: "The organisation vouched for these facts: only it, or an administrator, changes them."}},
		{"transition", 409, fault.Text{FR: "L’état actuel ne mène pas à celui qui est demandé.", EN: "The present state does not lead to the one asked for."}},
		{"finished", 409, fault.Text{FR: "Ce qui est attribué ou annulé ne change plus.", EN: "What is awarded or cancelled no longer changes."}},
		{"deadline-passed", 409, fault.Text{FR: "La date limite est passée.", EN: "The deadline has passed."}},
		{"repeated-number", 409, fault.Text{FR: "Un autre parcours de la structure porte déjà ce numéro.", EN: "Another journey of the structure has this number."}},
		{"erased", 409, fault.Text{FR: "Le parcours a été effacé : il n’en reste qu’une ligne à compter.", EN: "The journey was erased: only a row to count is left."}},
		{"no-identity-key", 503, fault.Text{FR: "Ce serveur n’a pas de clé pour sceller les identités (MAILLAGE_IDENTITY_KEY).", EN: "This server has no key to seal identities (MAILLAGE_IDENTITY_KEY)."}},
		{"identity-key-missing", 503, fault.Text{FR: "L’identité est scellée par une clé que ce serveur n’a pas.", EN: "The identity is sealed with a key that this server has not."}},
		{"withdrawn", 409, fault.Text{FR: "La correspondance ne tient plus.", EN: "The match no longer holds."}},
		{"already-user", 409, fault.Text{FR: "L’adresse a déjà un compte.", EN: "The address already has an account."}},
		{"invitation-settled", 409, fault.Text{FR: "L’invitation a déjà été acceptée ou retirée.", EN: "The invitation was already accepted or withdrawn."}},
		{"last-admin", 409, fault.Text{FR: "Il faut toujours un compte d’administration.", EN: "There must always be an administrator."}},
		{"too-many-tokens", 409, fault.Text{FR: "Vingt jetons au plus par compte.", EN: "Twenty tokens at most for an account."}},
	}
}

// problems serves what each type of problem means, at the address of its type.
func (s *Server) problems() error {
	known := map[string]kindOfProblem{}
	for _, k := range kindsOfProblem() {
		known[k.Code] = k
	}
	s.plain(Operation{ID: "read-problem", Method: http.MethodGet, Path: "/problems/{code}", Action: accounts.DocumentationRead}, func(w http.ResponseWriter, r *http.Request) {
		k, ok := known[r.PathValue("code")]
		if !ok {
			s.fail(w, r, fault.NotFound("problem", r.PathValue("code")))
			return
		}
		lang := langOf(accounts.From(r.Context()).Lang)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Language", lang)
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'")
		_, _ = w.Write([]byte(problemPage(k, lang)))
	})
	return nil
}

func problemPage(k kindOfProblem, lang string) string {
	title := html.EscapeString(titleOf(k.Status).In(lang))
	return strings.Join([]string{`<!doctype html><html lang="` + lang + `"><head><meta charset="utf-8">`,
		`<meta name="viewport" content="width=device-width, initial-scale=1"><title>` + title + `</title><link rel="stylesheet" href="/v1/docs.css"></head>`,
		`<body><main><h1>` + title + `</h1><p class="address"><code>/problems/` + k.Code + `</code></p>`,
		`<p>` + html.EscapeString(k.Meaning.In(lang)) + `</p><p><a href="/v1/docs">API</a></p></main></body></html>`}, "\n")
}
