package bbbsim

// traits is what the profiles decide.
type traits struct {
	listsGhosts       bool // attendees: everybody in memory, not only the connected
	countsGhosts      bool // participantCount: the same
	errorRedirect     bool // errorRedirectUrl is honoured …
	redirectsInvalid  bool // … for checksum and validation failures too
	oneChecksum       bool // a repeated checksum parameter is refused
	fullAsRedirect    bool // maxParticipantsReached redirects even with redirect=false
	refusesPlainBody  bool // unsupportedContentType
	joinsByGETOnly    bool
	honoursJoinLogout bool // logoutURL in join
	bbbVersion        string
}

func traitsOf(p Profile) traits {
	switch p {
	case Legacy25:
		return traits{listsGhosts: true, countsGhosts: true, fullAsRedirect: true, bbbVersion: "2.5.20"}
	case Ghost26:
		return traits{listsGhosts: true, bbbVersion: "2.6.5"}
	case Online27:
		return traits{errorRedirect: true, bbbVersion: "2.7.10"}
	}
	return traits{
		errorRedirect: true, redirectsInvalid: true, oneChecksum: true, refusesPlainBody: true,
		joinsByGETOnly: true, honoursJoinLogout: true, bbbVersion: "3.0.22",
	}
}
