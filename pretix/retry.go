package pretix

import (
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-resty/resty/v2"
)

// passing reports whether a failed GET is worth a second try at once: the connection broke, or a gateway had a moment.
// A time-out is not: somebody has waited for it already. An answer with Retry-After is not either: it asks for more patience.
func passing(resp *resty.Response, err error) bool {
	if err != nil {
		return !isTimeout(err) && !errors.Is(err, resty.ErrResponseBodyTooLarge)
	}
	switch resp.StatusCode() {
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return resp.Header().Get("Retry-After") == ""
	}
	return false
}

// isTooMuch tells an answer that did not come to its end from a server that was not reached.
func isTooMuch(err error) bool {
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return false
	}
	return isTimeout(err) || errors.Is(err, resty.ErrResponseBodyTooLarge)
}

func isTimeout(err error) bool {
	timeout, ok := errors.AsType[net.Error](err)
	return ok && timeout.Timeout()
}

// longestPause is the most that a Retry-After can ask for. Who asks for more, be it a slip in somebody's configuration, is
// asked again after it: a day without pretix would be a high price for politeness.
const longestPause = 10 * time.Minute

// retryAfter reads the header, which holds seconds or an HTTP date (then counted from the answer's own Date, so that
// our clock does not matter). 0 means absent, unreadable or past.
func retryAfter(h http.Header) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	seconds, err := strconv.ParseUint(value, 10, 31)
	switch {
	case err == nil:
		return min(time.Duration(seconds)*time.Second, longestPause)
	case errors.Is(err, strconv.ErrRange):
		return longestPause
	}
	until, now := headerTime(h, "Retry-After"), headerTime(h, "Date")
	if until.IsZero() || now.IsZero() {
		return 0
	}
	return min(max(0, until.Sub(now)), longestPause)
}
