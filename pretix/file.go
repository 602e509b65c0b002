package pretix

import (
	"context"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// maxFile bounds a file: the background of a badge has some 100 kB.
const maxFile = 20 << 20 // bytes

// File is a file that an object refers to, such as the background of a badge layout.
type File struct {
	Data        []byte
	ContentType string // media type, "application/octet-stream" when the server named none
}

// File fetches a file by its address. It may lie on another host than the API, with those who serve pretix' media, so no
// credentials are sent. Plain http is taken from the API's own address only.
func (c *Client) File(ctx context.Context, address string) (File, error) {
	what := call{name: "file", method: http.MethodGet}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && !c.serves(u) {
		return File{}, &Error{Class: Invalid, Call: what.name, Detail: "not the address of a file that may be fetched"}
	}
	req, err := http.NewRequestWithContext(ctx, what.method, u.String(), nil)
	if err != nil {
		return File{}, &Error{Class: Invalid, Call: what.name, Detail: "not an address"}
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return File{}, what.lost(err, false)
	}
	defer func() { _ = resp.Body.Close() }() // read to its end or given up
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxFile+1))
	switch {
	case err != nil:
		return File{}, what.lost(err, false)
	case resp.StatusCode == http.StatusNotFound || resp.StatusCode == http.StatusGone:
		return File{}, &Error{Class: NotFound, Call: what.name, Status: resp.StatusCode, Detail: "there is no such file"}
	case resp.StatusCode != http.StatusOK:
		return File{}, what.failed(answer{status: resp.StatusCode, header: resp.Header})
	case mediaType(resp.Header) == "text/html":
		return File{}, &Error{Class: Unavailable, Call: what.name, Status: resp.StatusCode, Detail: "a web page where a file was due"}
	case len(data) > maxFile:
		return File{}, &Error{Class: Invalid, Call: what.name, Detail: "the file is too long"}
	}
	return File{Data: data, ContentType: mediaType(resp.Header)}, nil
}

// serves says whether an address lies on the server of the API, reached the same way.
func (c *Client) serves(u *url.URL) bool {
	base, err := url.Parse(c.base)
	return err == nil && u.Scheme == base.Scheme && strings.EqualFold(u.Host, base.Host)
}

func mediaType(h http.Header) string {
	kind, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		return "application/octet-stream"
	}
	return kind
}
