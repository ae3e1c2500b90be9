package compute

// A quarter of pension is opened by a pay of so many hours at the minimum wage in the
// year, four at most: 200 hours until 2013, 150 since (social security code, R351-9, as
// changed by decree 2014-349). Who works in insertion is paid the minimum wage at least,
// so that paid hours give the quarters of a pay at that wage, and at least those of any
// other.
const (
	MostQuarters  = 4
	shorterSince  = 2014
	quarterHours  = 150
	quarterBefore = 200
)

// QuarterHours is how many paid hours open a quarter in a year.
func QuarterHours(year int) int64 {
	if year < shorterSince {
		return quarterBefore
	}
	return quarterHours
}

// quarters are those that paid hours of one person in a year open; hours in hundredths.
func quarters(paid int64, year int) int64 {
	return min(MostQuarters, max(0, paid)/(QuarterHours(year)*100))
}
