package templates

// noticeVersion names the wording of all consent notices, in all languages. A consent is stored with it, so it must
// change whenever the wording does; a test compares the wording's hash.
const noticeVersion = "2026-11"

// NoticeVersion returns the version of the consent notices, e.g. "2026-11". Pages with a notice post it as "seen".
func NoticeVersion() string { return noticeVersion }
