package people

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"maillage/internal/fault"
)

// The rules of this file were read on 2026-11-30 in English translations of the
// code du travail published beside the French text (articles L5132-9, R5132-1-3,
// R5132-1-4, R5132-1-8, R5132-26-6) and in the consolidated French text
// (R5132-18 and the title of D5132-18-1). Two facts were not read in the law
// itself and are said so in their alerts: the initial 24 months of R5132-1-2,
// which R5132-1-8 quotes, and the 36 months of suspension, which is the bound of
// the teleservice « Les emplois de l’inclusion ».
const (
	sourcePass        = "Code du travail, R5132-1-2 et R5132-1-8"
	sourceSuspension  = "Code du travail, R5132-1-3"
	sourceTeleservice = "Téléservice « Les emplois de l’inclusion », durée de suspension"
	sourceClause      = "Validation de l’éligibilité à la clause d’insertion (facilitateur ou prescripteur)"
	sourceMedical     = "Code du travail, R5132-26-6"
	sourceHours       = "Code du travail, L5132-9, R5132-18 et D5132-18-1"
)

// The durations that the rules name, and how early to warn.
const (
	passMonths      = 24
	hoursMonths     = 24
	mostHours       = 480
	warnHours       = 400
	warnPassDays    = 120 // a prolongation is asked of a prescriber, who needs time
	warnDays        = 60
	soonDays        = 30
	endedPassMonths = 6 // after that, an ended pass is history
)

// Alerts tells what is due of a person's rights and obligations on a day, the
// most urgent first. It is computed: nothing is kept, so that a correction of a
// date corrects its alerts.
func Alerts(rights []Right, hours []MonthHours, on time.Time) []Alert {
	d := duty{rights: rights, hours: hours, on: dayOf(on)}
	d.pass()
	d.suspensions()
	d.clause()
	d.medical()
	d.aiHours()
	slices.SortStableFunc(d.out, func(a, b Alert) int {
		return cmp.Or(cmp.Compare(a.Due, b.Due), cmp.Compare(a.Kind, b.Kind))
	})
	return d.out
}

type duty struct {
	rights []Right
	hours  []MonthHours
	on     time.Time
	out    []Alert
}

func dayOf(t time.Time) time.Time {
	t = t.UTC()
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// parse reads a day already checked; the zero time where there is none.
func parse(day string) time.Time {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return time.Time{}
	}
	return t
}

// addMonths is the same day so many months later, the last of the month where
// that day does not exist there (31 January and one month: 28 February).
func addMonths(t time.Time, n int) time.Time {
	first := time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC).AddDate(0, n, 0)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1)
}

func (d *duty) of(kind RightKind) []Right {
	out := slices.DeleteFunc(slices.Clone(d.rights), func(r Right) bool { return r.Kind != kind || r.From == "" })
	slices.SortStableFunc(out, func(a, b Right) int { return cmp.Compare(a.From, b.From) })
	return out
}

// say adds an alert due on a day; how pressing it is follows from the days left.
func (d *duty) say(kind AlertKind, due time.Time, source, fr, en string) {
	left := int(due.Sub(d.on).Hours() / 24)
	severity := Notice
	switch {
	case left < 0:
		severity = Late
	case left <= soonDays:
		severity = Soon
	}
	d.out = append(d.out, Alert{Kind: kind, Severity: severity, Due: due.Format(time.DateOnly), Text: fault.Text{FR: fr, EN: en}, Source: source})
}

func (d *duty) within(due time.Time, days int) bool { return !due.After(d.on.AddDate(0, 0, days)) }

// PassEnd is the last day of the last pass: the one that is said, or 24 months,
// put off by the suspensions; then that of a prolongation that ends later. The
// second result is false where there is no pass. Suspensions are not added to a
// day that is said, since the teleservice puts it off itself.
func PassEnd(rights []Right, on time.Time) (time.Time, bool) {
	d := duty{rights: rights, on: dayOf(on)}
	passes := d.of(PassIAE)
	if len(passes) == 0 {
		return time.Time{}, false
	}
	pass := passes[len(passes)-1]
	end := parse(pass.Until)
	if pass.Until == "" {
		end = addMonths(parse(pass.From), passMonths).AddDate(0, 0, -1)
		end = end.AddDate(0, 0, d.suspendedDays(pass.From))
	}
	for _, r := range d.of(PassExtension) {
		if u := parse(r.Until); r.From >= pass.From && u.After(end) {
			end = u
		}
	}
	return end, true
}

// suspendedDays counts the days of suspension since a day, one that runs until
// today included.
func (d *duty) suspendedDays(since string) int {
	n := 0
	for _, r := range d.of(PassSuspension) {
		if r.From < since {
			continue
		}
		if days := int(d.suspensionEnd(r).Sub(parse(r.From)).Hours()/24) + 1; days > 0 {
			n += days
		}
	}
	return n
}

func (d *duty) suspensionEnd(r Right) time.Time {
	if r.Until == "" {
		return d.on
	}
	return parse(r.Until)
}

// pass: it conditions a contract with a SIAE, not a job elsewhere. Its end can
// be put off by R5132-1-8: by the structure (an open-ended contract from 57, a
// training that ends after it) or by a prescriber (50 and over, up to 84 months;
// a recognised disabled worker, up to 60; exceptionally, in an ACI or an AI, by a year at a time up to 60).
func (d *duty) pass() {
	end, known := PassEnd(d.rights, d.on)
	if !known || addMonths(end, endedPassMonths).Before(d.on) || !d.within(end, warnPassDays) {
		return
	}
	day := [2]string{frenchDay(end), englishDay(end)}
	if end.Before(d.on) {
		d.say(AlertPassEnded, end, sourcePass,
			"Le PASS IAE est terminé depuis le "+day[0]+" : aucun nouveau contrat avec une SIAE sans prolongation accordée par un prescripteur. Un emploi ailleurs reste possible.",
			"The PASS IAE ended on "+day[1]+": no new contract with a SIAE without a prolongation granted by a prescriber. A job elsewhere stays possible.")
		return
	}
	d.say(AlertPassEnding, end, sourcePass,
		"Le PASS IAE se termine le "+day[0]+" : si le parcours doit continuer dans une SIAE, demandez la prolongation avant cette date ; sinon préparez la sortie. Il ne conditionne pas un emploi ailleurs.",
		"The PASS IAE ends on "+day[1]+": if the journey is to go on in a SIAE, ask for its prolongation before that day; otherwise prepare the exit. It conditions no job elsewhere.")
}

// suspensions: the prescription is suspended when the contract is, for more than
// 15 days, or has ended; after twelve months in a row the journey may be closed (R5132-1-3).
func (d *duty) suspensions() {
	all := d.of(PassSuspension)
	if len(all) == 0 {
		return
	}
	last := all[len(all)-1]
	from, end := parse(last.From), d.suspensionEnd(last)
	running := !from.After(d.on) && !end.Before(d.on)
	if running && last.Until != "" && d.within(end, soonDays) {
		d.say(AlertSuspension, end, sourceSuspension,
			"La suspension du PASS IAE se termine le "+frenchDay(end)+" : préparez la reprise, ou déclarez sa suite sur le téléservice.",
			"The suspension of the PASS IAE ends on "+englishDay(end)+": prepare the return, or declare what follows on the teleservice.")
	}
	if year := addMonths(d.began(all), 12); running && d.within(year, soonDays) {
		d.say(AlertSuspended12, year, sourceSuspension,
			"La suspension atteint douze mois de suite le "+frenchDay(year)+" : le parcours peut alors être clos par la structure ou un prescripteur. Voyez avec la personne ce qu’elle souhaite.",
			"The suspension reaches twelve months in a row on "+englishDay(year)+": the journey may then be closed by the structure or a prescriber. See with the person what they wish.")
	}
	d.thirtySix(all, running)
}

// began is the first day of the suspensions that follow each other up to the last.
func (d *duty) began(all []Right) time.Time {
	first := parse(all[len(all)-1].From)
	for i := len(all) - 2; i >= 0 && !d.suspensionEnd(all[i]).AddDate(0, 0, 1).Before(first); i-- {
		first = parse(all[i].From)
	}
	return first
}

func (d *duty) thirtySix(all []Right, running bool) {
	passes := d.of(PassIAE)
	since := all[0].From
	if len(passes) > 0 {
		since = passes[len(passes)-1].From
	}
	const most = 36 * 365 / 12
	left := most - d.suspendedDays(since)
	if !running || left > warnDays {
		return
	}
	due := d.on.AddDate(0, 0, left)
	d.say(AlertSuspended36, due, sourceTeleservice,
		"Les suspensions du PASS IAE approchent trente-six mois au total (le "+frenchDay(due)+") : vérifiez sur le téléservice ce qui reste possible.",
		"The suspensions of the PASS IAE near thirty-six months in all (on "+englishDay(due)+"): check on the teleservice what is still possible.")
}

// clause: another thing than the PASS IAE; who holds a pass may not be validated
// for a clause, and the reverse.
func (d *duty) clause() {
	all := d.of(ClauseEligible)
	if len(all) == 0 || all[len(all)-1].Until == "" {
		return
	}
	end := parse(all[len(all)-1].Until)
	if !d.within(end, warnDays) || addMonths(end, endedPassMonths).Before(d.on) {
		return
	}
	fr := "L’éligibilité à la clause d’insertion est validée jusqu’au " + frenchDay(end)
	en := "Eligibility for insertion clauses is validated until " + englishDay(end)
	d.say(AlertClauseEnding, end, sourceClause,
		fr+" : faites-la confirmer par le facilitateur avant de compter des heures. Elle ne dépend pas du PASS IAE.",
		en+": have it confirmed by the facilitator before hours are counted. It does not depend on the PASS IAE.")
}

// medical: the visit of a person provided by an AI is organised at the first
// provision, or within the month after; it may be for up to three jobs (R5132-26-6).
func (d *duty) medical() {
	visits := d.of(MedicalVisit)
	if first := d.of(FirstMission); len(first) > 0 && len(visits) == 0 {
		due := addMonths(parse(first[0].From), 1)
		d.say(AlertMedical, due, sourceMedical,
			"La visite médicale est à organiser dès la première mise à disposition, au plus tard le "+frenchDay(due)+" ; elle peut valoir pour trois emplois.",
			"The medical visit is to be organised at the first provision, on "+englishDay(due)+" at the latest; it may be for up to three jobs.")
		return
	}
	if len(visits) == 0 || visits[len(visits)-1].Until == "" {
		return
	}
	next := parse(visits[len(visits)-1].Until)
	if d.within(next, warnDays) {
		d.say(AlertMedicalNext, next, sourceMedical,
			"La prochaine visite médicale est prévue au plus tard le "+frenchDay(next)+" : prenez rendez-vous.",
			"The next medical visit is due on "+englishDay(next)+" at the latest: make an appointment.")
	}
}

// aiHours: 480 hours with user enterprises over 24 months from the first
// provision, unless the prefect lets the AI go beyond (L5132-9, R5132-18, D5132-18-1).
func (d *duty) aiHours() {
	total, until := d.counted()
	if total < warnHours {
		return
	}
	left := max(0, mostHours-total)
	d.say(AlertHours, until, sourceHours,
		fmt.Sprintf("%s h chez des entreprises utilisatrices sur 480, jusqu’au %s : il reste %s h, sauf dérogation du préfet. Les particuliers et les organismes non lucratifs ne comptent pas.", frenchNumber(total), frenchDay(until), frenchNumber(left)),
		fmt.Sprintf("%g h with user enterprises out of 480, until %s: %g h are left, unless the prefect lets the AI go beyond. Individuals and non-profit bodies do not count.", total, englishDay(until), left))
	last := &d.out[len(d.out)-1]
	last.Severity = Soon
	if left == 0 {
		last.Severity = Late
	}
}

// counted sums the period of 24 months that runs on the day, and tells its last
// day. A period begins with the first month provided, the next with the first
// one after its end.
func (d *duty) counted() (total float64, until time.Time) {
	hours := slices.DeleteFunc(slices.Clone(d.hours), func(h MonthHours) bool { return h.Hours <= 0 || h.Derogated })
	slices.SortFunc(hours, func(a, b MonthHours) int { return cmp.Compare(a.Month, b.Month) })
	var end time.Time
	for _, h := range hours {
		month := parse(h.Month + "-01")
		if month.After(d.on) {
			break
		}
		if end.IsZero() || !month.Before(end) {
			total, end = 0, addMonths(month, hoursMonths)
		}
		total += h.Hours
	}
	if !d.on.Before(end) {
		return 0, end
	}
	return total, end.AddDate(0, 0, -1)
}
