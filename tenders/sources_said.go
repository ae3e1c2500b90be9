package tenders

import (
	"regexp"
	"time"

	"maillage/internal/fault"
	"maillage/tenders/fetch"
)

// Late tells whether an active source has gone three rounds without a success:
// one that was missed is no alarm.
func (f *Feed) Late(now time.Time) bool {
	return f.Enabled && f.LastSuccess != nil && now.Sub(*f.LastSuccess) > 3*f.Every()
}

// Failing tells whether an active source needs somebody.
func (f *Feed) Failing(now time.Time) bool {
	return f.Enabled && (f.LastError != "" || f.Late(now))
}

// UnderWay tells whether a run is under way; one left by a killed process is not.
func (f *Feed) UnderWay(now time.Time) bool {
	return f.RunningSince != nil && now.Sub(*f.RunningSince) < longestRun
}

// Why says the last error in plain words; what exactly was met stays in LastError.
func (f *Feed) Why() fault.Text { return saidOfRun(f.LastError) }

// Why says why the run stopped in plain words.
func (r *Run) Why() fault.Text { return saidOfRun(r.Error) }

// saidOfRun finds the first family that an error belongs to. It reads the text
// kept with the run, so that an old run is said as well as one of today.
func saidOfRun(text string) fault.Text {
	if text == "" {
		return fault.Text{}
	}
	for _, f := range failures {
		if f.mark.MatchString(text) {
			return f.said
		}
	}
	return fault.Text{FR: "Le passage s’est arrêté avant la fin.", EN: "The run stopped before its end."}
}

var failures = []struct {
	mark *regexp.Regexp
	said fault.Text
}{
	{regexp.MustCompile(`the body is cut before its end`), fault.Text{
		FR: "Ce que la source envoie s’arrête avant la fin. Ce qui a été lu est gardé, et le prochain passage redemande le tout.",
		EN: "What the source sends stops before its end. What was read is kept, and the next run asks for the whole again."}},
	{regexp.MustCompile(`the schema of .* is not the known one|the source has changed`), fault.Text{
		FR: "La source a changé : ce qu’elle envoie ne se lit plus. Rien n’est perdu, la lecture reprendra au même endroit.",
		EN: "The source has changed: what it sends cannot be read. Nothing is lost, reading will go on from the same place."}},
	{regexp.MustCompile(`this address may not be asked`), fault.Text{
		FR: "Cette adresse mène à un réseau privé ou n’est pas permise : rien n’a été demandé.",
		EN: "This address leads to a private network or is not allowed: nothing was asked."}},
	{regexp.MustCompile(`larger than the bound`), fault.Text{FR: "Ce que la source envoie dépasse la taille permise.", EN: "What the source sends is over the size allowed."}},
	{regexp.MustCompile(`answers (429|503)`), fault.Text{FR: "Le serveur est occupé et demande d’attendre. Le prochain passage réessaiera.", EN: "The server is busy and asks to wait. The next run will try again."}},
	{regexp.MustCompile(`answers (404|410)`), fault.Text{FR: "Il n’y a rien à cette adresse : elle a sans doute changé.", EN: "There is nothing at this address: it has probably changed."}},
	{regexp.MustCompile(`answers 4\d\d`), fault.Text{FR: "Le serveur refuse la demande.", EN: "The server refuses the request."}},
	{regexp.MustCompile(`answers 5\d\d`), fault.Text{FR: "Le serveur est en panne. Le prochain passage réessaiera.", EN: "The server fails. The next run will try again."}},
	{regexp.MustCompile(`the server sends nothing more|deadline exceeded|i/o timeout`), fault.Text{FR: "Le serveur est trop lent : il n’envoie plus rien.", EN: "The server is too slow: it sends nothing more."}},
	{regexp.MustCompile(`no such host`), fault.Text{FR: "Le nom de ce serveur n’existe pas, ou le réseau ne répond pas.", EN: "This server’s name does not exist, or the network does not answer."}},
	{regexp.MustCompile(`connection refused|connection reset|network is unreachable|unexpected EOF`), fault.Text{FR: "La connexion au serveur est coupée.", EN: "The connection to the server is cut."}},
	{regexp.MustCompile(`over the \d+ that its interface gives`), fault.Text{FR: "Un seul jour compte plus d’avis que l’interface n’en donne.", EN: "A single day holds more notices than the interface gives."}},
	{regexp.MustCompile(`read the folder`), fault.Text{FR: "Le dossier n’est pas lisible.", EN: "The folder cannot be read."}},
	{regexp.MustCompile(`context canceled`), fault.Text{FR: "Le passage a été interrompu. Le prochain reprendra.", EN: "The run was interrupted. The next one will go on."}},
}

// ReasonText says a code of the reasons of a report.
func ReasonText(code string) fault.Text {
	if said := families[code]; said != "" {
		return fault.Text{FR: said, EN: code}
	}
	return fault.Text{FR: code, EN: code}
}

// decpAddress is the consolidated file of the essential data (data.gouv.fr, data
// set 5cd57bf68b4c4179299eb0e9), by its lasting address.
const decpAddress = "https://www.data.gouv.fr/fr/datasets/r/16962018-5c31-4296-9454-5998585496d2"

// Proposed lists the national sources that a platform begins with, turned off.
func Proposed() []Feed {
	return []Feed{
		{Name: "boamp", Kind: fetch.BOAMP, URL: fetch.BOAMP.Address(), Seconds: 3600},
		{Name: "ted", Kind: fetch.TED, URL: fetch.TED.Address(), Seconds: 6 * 3600},
		{Name: "decp", Kind: fetch.DECP, URL: decpAddress, Seconds: 24 * 3600},
	}
}
