package tenders

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestDeadline(t *testing.T) {
	t.Parallel()
	boampLabel := func(zone string) reading { return reading{zone: zone, utcIsLabel: true} }
	cases := []struct {
		name, raw             string
		how                   reading
		instant, zone, warned string
	}{
		{"the body of a MAPA in summer", "2024-07-25T12:00:00", reading{zone: paris}, "2024-07-25T10:00:00Z", paris, ""},
		{"the body of a MAPA in winter", "2024-12-25T12:00:00", reading{zone: paris}, "2024-12-25T11:00:00Z", paris, ""},
		{"FNS prints a Paris clock as UTC", "2024-03-15T12:00:00+00:00", boampLabel(paris), "2024-03-15T11:00:00Z", paris, WarnWrongOffset},
		{"JOUE may be in UTC: the earlier", "2024-03-15T12:00:00+00:00", reading{zone: paris}, "2024-03-15T11:00:00Z", paris, WarnUTCOrLocal},
		{"old BOAMP hard-codes +01:00 in April", "2024-04-15T12:00:00+01:00", reading{zone: paris}, "2024-04-15T10:00:00Z", paris, WarnWrongOffset},
		{"a French eForms with +02:00 in winter", "2024-01-15+02:00 12:00:00+02:00", reading{zone: paris}, "2024-01-15T11:00:00Z", paris, WarnWrongOffset},
		{"a right offset", "2024-01-15+01:00 12:00:00+01:00", reading{zone: paris}, "2024-01-15T11:00:00Z", paris, ""},
		{"an eForms in Z", "2019-06-24Z 16:00:00Z", reading{zone: paris}, "2019-06-24T14:00:00Z", paris, WarnUTCOrLocal},
		{"La Réunion, no offset", "2024-07-10T12:00:00", reading{zone: "Indian/Reunion"}, "2024-07-10T08:00:00Z", "Indian/Reunion", ""},
		{"La Réunion, offset of Paris: the earlier", "2024-07-10T12:00:00+02:00", reading{zone: "Indian/Reunion"}, "2024-07-10T08:00:00Z", "Indian/Reunion", WarnParisOrLocal},
		{"Guadeloupe, offset of Paris: the earlier", "2024-07-10T12:00:00+02:00", reading{zone: "America/Guadeloupe"}, "2024-07-10T10:00:00Z", paris, WarnParisOrLocal},
		{"Guadeloupe, labelled UTC by BOAMP: the earlier", "2024-07-10T12:00:00+00:00", boampLabel("America/Guadeloupe"), "2024-07-10T10:00:00Z", paris, WarnLabelOrLocal},
		{"Guyane in winter, labelled UTC by BOAMP: the earlier", "2024-01-10T12:00:00+00:00", boampLabel("America/Cayenne"), "2024-01-10T11:00:00Z", paris, WarnLabelOrLocal},
		{"Guyane in winter, labelled as Paris", "2024-01-10T12:00:00+01:00", boampLabel("America/Cayenne"), "2024-01-10T11:00:00Z", paris, WarnParisOrLocal},
		{"La Réunion, labelled UTC by BOAMP: the earlier", "2024-01-10T12:00:00+00:00", boampLabel("Indian/Reunion"), "2024-01-10T08:00:00Z", "Indian/Reunion", WarnLabelOrLocal},
		{"Guadeloupe, in UTC by JOUE: the earlier", "2024-07-10T12:00:00+00:00", reading{zone: "America/Guadeloupe"}, "2024-07-10T12:00:00Z", "UTC", WarnUTCOrLocal},
		{"the hour that happens twice: the earlier", "2024-10-27T02:30:00", reading{zone: paris}, "2024-10-27T00:30:00Z", paris, WarnAmbiguousHour},
		{"the hour that does not happen: the earlier", "2024-03-31T02:30:00", reading{zone: paris}, "2024-03-31T00:30:00Z", paris, WarnAmbiguousHour},
		{"an offset settles the doubled hour", "2024-10-27T02:30:00+01:00", reading{zone: paris}, "2024-10-27T01:30:00Z", paris, ""},
		{"a day alone begins at midnight", "20190718", reading{zone: paris}, "2019-07-17T22:00:00Z", paris, WarnNoTime},
		{"the coded data of TED", "20190718 12:00", reading{zone: paris}, "2019-07-18T10:00:00Z", paris, ""},
		{"midnight written 24:00", "2019-07-18 24:00", reading{zone: paris}, "2019-07-18T22:00:00Z", paris, ""},
		{"La Réunion, the winter offset of Paris in summer", "2024-07-10T12:00:00+01:00", reading{zone: "Indian/Reunion"}, "2024-07-10T08:00:00Z", "Indian/Reunion", WarnParisOrLocal},
		{"Guyane, the winter offset of Paris in summer", "2024-07-10T12:00:00+01:00", reading{zone: "America/Cayenne"}, "2024-07-10T10:00:00Z", paris, WarnParisOrLocal},
		{"Guyane", "2024-07-10T12:00:00", reading{zone: "America/Cayenne"}, "2024-07-10T15:00:00Z", "America/Cayenne", ""},
		{"Martinique, its own offset", "2024-07-10T12:00:00-04:00", reading{zone: "America/Martinique"}, "2024-07-10T16:00:00Z", "America/Martinique", ""},
		{"Mayotte", "2024-01-10T12:00:00", reading{zone: "Indian/Mayotte"}, "2024-01-10T09:00:00Z", "Indian/Mayotte", ""},
		{"Saint-Pierre-et-Miquelon in summer", "2024-07-10T12:00:00", reading{zone: "America/Miquelon"}, "2024-07-10T14:00:00Z", "America/Miquelon", ""},
		{"Saint-Pierre-et-Miquelon in winter", "2024-01-10T12:00:00", reading{zone: "America/Miquelon"}, "2024-01-10T15:00:00Z", "America/Miquelon", ""},
		{"Saint-Barthélemy", "2024-01-10T12:00:00", reading{zone: "America/St_Barthelemy"}, "2024-01-10T16:00:00Z", "America/St_Barthelemy", ""},
		{"Saint-Martin", "2024-01-10T12:00:00", reading{zone: "America/Marigot"}, "2024-01-10T16:00:00Z", "America/Marigot", ""},
		{"Nouvelle-Calédonie", "2024-01-10T12:00:00", reading{zone: "Pacific/Noumea"}, "2024-01-10T01:00:00Z", "Pacific/Noumea", ""},
		{"Polynésie", "2024-01-10T12:00:00", reading{zone: "Pacific/Tahiti"}, "2024-01-10T22:00:00Z", "Pacific/Tahiti", ""},
		{"Wallis-et-Futuna", "2024-01-10T12:00:00", reading{zone: "Pacific/Wallis"}, "2024-01-10T00:00:00Z", "Pacific/Wallis", ""},
		{"TAAF", "2024-01-10T12:00:00", reading{zone: "Indian/Kerguelen"}, "2024-01-10T07:00:00Z", "Indian/Kerguelen", ""},
		{"a French date and hour", "15/03/2024 à 12h00", reading{zone: paris}, "2024-03-15T11:00:00Z", paris, ""},
		{"the day before the month", "05/07/2024 17:30", reading{zone: paris}, "2024-07-05T15:30:00Z", paris, ""},
		{"in words", "lundi 1er juillet 2024 à 16 heures", reading{zone: paris}, "2024-07-01T14:00:00Z", paris, ""},
		{"at noon", "15 août 2024 à midi", reading{zone: paris}, "2024-08-15T10:00:00Z", paris, ""},
		{"midnight ends the day", "15 décembre 2024, minuit", reading{zone: paris}, "2024-12-15T23:00:00Z", paris, ""},
		{"an hour without minutes", "2024-03-15 12h", reading{zone: paris}, "2024-03-15T11:00:00Z", paris, ""},
		{"an hour with blanks", "2024-03-15 12 h 30", reading{zone: paris}, "2024-03-15T11:30:00Z", paris, ""},
		{"a French day alone", "15/03/2024", reading{zone: paris}, "2024-03-14T23:00:00Z", paris, WarnNoTime},
		{"midnight at the end of a month", "2024-02-29 24:00", reading{zone: paris}, "2024-02-29T23:00:00Z", paris, ""},
		{"a foreign notice is trusted", "2024-05-02+03:00 10:00:00.0000000+03:00", reading{}, "2024-05-02T07:00:00Z", "+03:00", ""},
		{"a foreign notice without an offset", "2024-05-02 10:00", reading{}, "2024-05-02T08:00:00Z", paris, WarnUnknownZone},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p, err := parsePrinted(c.raw)
			if err != nil {
				t.Fatal(err)
			}
			d := p.deadline(c.how)
			if got := d.Instant.Format(time.RFC3339); got != c.instant || d.Zone != c.zone || d.Warning != c.warned {
				t.Errorf("%s: got %s %s %q, want %s %s %q", c.raw, got, d.Zone, d.Warning, c.instant, c.zone, c.warned)
			}
			if d.Raw != c.raw {
				t.Errorf("raw text %q became %q", c.raw, d.Raw)
			}
		})
	}
}

func TestDatesThatAreNone(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"", "NC", "0222-01-01T12:00:00+00:00", "2024-13-01", "2024-00-12", "20000001 12:00", "2024-03-00", "00/03/2024", "12/00/2024", "2024-02-30", "2024-01-01T25:00", "32/07/2024", "12/13/2024", "2024-02-30 24:00", "2024-01-01 24:30", "15 brumaire 2024", "12/07/24", "15 mars 2024 ou 16 mars", "midi", "2024-01-01T12:61"} {
		if p, err := parsePrinted(raw); err == nil {
			t.Errorf("%q was read as %v", raw, p.wall)
		}
	}
}

// readingsOf lists every instant that what is printed may mean: the clock of the
// place on both sides of a change of hour, that of Paris where an overseas notice
// prints an offset of Paris or a mere label, and UTC where UTC is not a mere label. An offset in
// force at the place settles it.
func readingsOf(wall time.Time, offset *time.Duration, how reading) (list []time.Time) {
	clock := func(zone string) (both []time.Time) {
		for _, around := range []time.Duration{-24 * time.Hour, 24 * time.Hour} {
			_, sec := wall.Add(around).In(zoneOf(zone)).Zone()
			both = append(both, wall.Add(-time.Duration(sec)*time.Second))
		}
		return both
	}
	here := clock(how.zone)
	if here[0] != here[1] { // near a change of hour: keep what the clock of the place can show
		shown := here[:0:0]
		for _, t := range here {
			if t.In(zoneOf(how.zone)).Format(wallLayout) == wall.Format(wallLayout) {
				shown = append(shown, t)
			}
		}
		if len(shown) > 0 {
			here = shown
		}
	}
	if offset == nil {
		return here
	}
	stated := wall.Add(-*offset)
	if _, sec := stated.In(zoneOf(how.zone)).Zone(); time.Duration(sec)*time.Second == *offset {
		return []time.Time{stated}
	}
	switch {
	case *offset == 0 && !how.utcIsLabel:
		return append(here, stated)
	case how.zone != paris && (*offset == 0 || *offset == time.Hour || *offset == 2*time.Hour):
		first, _ := localInstant(wall, zoneOf(paris))
		return append(here, first)
	}
	return here
}

// TestDeadlineNeverLate: whatever is printed, the instant is one of the readings
// retained and later than none.
func TestDeadlineNeverLate(t *testing.T) {
	t.Parallel()
	zones := []string{paris, "America/Guadeloupe", "America/Martinique", "America/Cayenne", "America/St_Barthelemy", "America/Marigot", "Indian/Reunion", "Indian/Mayotte", "Indian/Kerguelen", "America/Miquelon", "Pacific/Noumea", "Pacific/Tahiti", "Pacific/Wallis"}
	rapid.Check(t, func(t *rapid.T) {
		wall := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 2*365*24*60).Draw(t, "minute")) * time.Minute)
		if rapid.Bool().Draw(t, "near a change of hour") {
			day := rapid.SampledFrom([]string{"2026-03-08", "2026-03-29", "2026-10-25", "2026-11-01"}).Draw(t, "day")
			start, _ := time.Parse("2006-01-02", day)
			wall = start.Add(time.Duration(rapid.IntRange(0, 5*60).Draw(t, "minute of the night")) * time.Minute)
		}
		p := printed{raw: "x", wall: wall, anHour: true, anOffset: rapid.Bool().Draw(t, "an offset"),
			offset: time.Duration(rapid.SampledFrom([]int{0, 60, 120, 240, -240, -180, 660, -600}).Draw(t, "offset")) * time.Minute}
		how := reading{zone: rapid.SampledFrom(zones).Draw(t, "zone"), utcIsLabel: rapid.Bool().Draw(t, "label")}
		var offset *time.Duration
		if p.anOffset {
			offset = &p.offset
		}
		d, among := p.deadline(how), false
		for _, r := range readingsOf(wall, offset, how) {
			if d.Instant.After(r) {
				t.Fatalf("%v in %s: %v is later than %v", wall, how.zone, d.Instant, r)
			}
			among = among || d.Instant.Equal(r)
		}
		if !among {
			t.Fatalf("%v in %s: %v is no reading", wall, how.zone, d.Instant)
		}
		if again, err := parsePrinted(d.Wall); err != nil || !again.wall.Equal(wall) {
			t.Fatalf("the wall clock %q is not that printed, %v", d.Wall, err)
		}
	})
}

func FuzzParsePrinted(f *testing.F) {
	for _, raw := range []string{"2024-03-15T12:00:00+00:00", "15/03/2024 à 12h00", "lundi 1er juillet 2024 à midi", "2024-01-01 24:00", "İ1/1/2024", "20000001 12:00"} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		p, err := parsePrinted(raw)
		if err != nil {
			return
		}
		if y := p.wall.Year(); y < 2000 || y > 2101 || p.raw != tidy(raw) {
			t.Errorf("%q was read as %v", raw, p.wall)
		}
	})
}

// TestZoneOfPlaces: every overseas territory has its own clock; several share the
// earliest, and a place that is partly in the metropole follows Paris.
func TestZoneOfPlaces(t *testing.T) {
	t.Parallel()
	p := testPlaces(t)
	for _, c := range []struct {
		zone         string
		departements []string
	}{
		{paris, nil}, {paris, []string{"26", "2A"}}, {paris, []string{"75", "974"}}, {paris, []string{"zz"}},
		{"America/Guadeloupe", []string{"971"}}, {"America/Martinique", []string{"972"}}, {"America/Cayenne", []string{"973"}},
		{"Indian/Reunion", []string{"974"}}, {"America/Miquelon", []string{"975"}}, {"Indian/Mayotte", []string{"976"}},
		{"America/St_Barthelemy", []string{"977"}}, {"America/Marigot", []string{"978"}}, {"Indian/Kerguelen", []string{"984"}},
		{"Pacific/Wallis", []string{"986"}}, {"Pacific/Tahiti", []string{"987"}}, {"Pacific/Noumea", []string{"988"}},
		{"Indian/Reunion", []string{"976", "974"}}, {"America/Cayenne", []string{"971", "972", "973"}},
	} {
		if got := p.zone(c.departements); got != c.zone {
			t.Errorf("%v: %s, want %s", c.departements, got, c.zone)
		}
	}
}
