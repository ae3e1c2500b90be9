package api

// Reading lets the tests read what huma says.
var Reading = reading
