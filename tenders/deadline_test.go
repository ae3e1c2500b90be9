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
		{"Guadeloupe, labelled UTC by BOAMP", "2024-07-10T12:00:00+00:00", boampLabel("America/Guadeloupe"), "2024-07-10T16:00:00Z", "America/Guadeloupe", WarnWrongOffset},
		{"Guadeloupe, in UTC by JOUE: the earlier", "2024-07-10T12:00:00+00:00", reading{zone: "America/Guadeloupe"}, "2024-07-10T12:00:00Z", "UTC", WarnUTCOrLocal},
		{"the hour that happens twice: the earlier", "2024-10-27T02:30:00", reading{zone: paris}, "2024-10-27T00:30:00Z", paris, WarnAmbiguousHour},
		{"the hour that does not happen: the earlier", "2024-03-31T02:30:00", reading{zone: paris}, "2024-03-31T00:30:00Z", paris, WarnAmbiguousHour},
		{"an offset settles the doubled hour", "2024-10-27T02:30:00+01:00", reading{zone: paris}, "2024-10-27T01:30:00Z", paris, ""},
		{"a day alone begins at midnight", "20190718", reading{zone: paris}, "2019-07-17T22:00:00Z", paris, WarnNoTime},
		{"the coded data of TED", "20190718 12:00", reading{zone: paris}, "2019-07-18T10:00:00Z", paris, ""},
		{"midnight written 24:00", "2019-07-18 24:00", reading{zone: paris}, "2019-07-18T22:00:00Z", paris, ""},
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
	for _, raw := range []string{"", "NC", "0222-01-01T12:00:00+00:00", "2024-13-01", "2024-02-30", "2024-01-01T25:00", "12/07/2024", "2024-01-01T12:61"} {
		if p, err := parsePrinted(raw); err == nil {
			t.Errorf("%q was read as %v", raw, p.wall)
		}
	}
}

// TestDeadlineNeverLate: whatever is printed, the instant is never later than
// the clock read in the zone of the place, nor than what a credible offset says.
func TestDeadlineNeverLate(t *testing.T) {
	t.Parallel()
	zones := []string{paris, "America/Guadeloupe", "America/Martinique", "America/Cayenne", "Indian/Reunion", "Indian/Mayotte", "America/Miquelon", "Pacific/Noumea", "Pacific/Tahiti", "Pacific/Wallis"}
	rapid.Check(t, func(t *rapid.T) {
		wall := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 2*365*24*60).Draw(t, "minute")) * time.Minute)
		p := printed{raw: "x", wall: wall, anHour: true, anOffset: rapid.Bool().Draw(t, "an offset"),
			offset: time.Duration(rapid.SampledFrom([]int{0, 60, 120, 240, -240}).Draw(t, "offset")) * time.Minute}
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		d := p.deadline(reading{zone: zone, utcIsLabel: rapid.Bool().Draw(t, "label")})
		local, _ := localInstant(wall, zoneOf(zone))
		if stated := wall.Add(-p.offset); d.Instant.After(local) && !d.Instant.Equal(stated) {
			t.Fatalf("%v in %s: %v is later than %v", wall, zone, d.Instant, local)
		}
		if p.anOffset && d.Warning == WarnUTCOrLocal && d.Instant.After(wall.Add(-p.offset)) {
			t.Fatalf("%v in %s: %v is later than UTC", wall, zone, d.Instant)
		}
	})
}
