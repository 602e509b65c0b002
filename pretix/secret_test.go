package pretix_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/einlass/einlass/pretix"
)

func TestSecretsPrintAsDots(t *testing.T) {
	const secret = "tg4gn8nvqaww8wgx98wu7fajanmqa3h3"
	for _, value := range []any{pretix.Token(secret), pretix.TicketSecret(secret), pretix.OrderURL(secret), pretix.LinkSecret(secret)} {
		nested := map[string]any{"value": value, "list": []any{value}}
		encoded, err := json.Marshal(nested)
		if err != nil {
			t.Fatal(err)
		}
		var logged bytes.Buffer
		slog.New(slog.NewTextHandler(&logged, nil)).Info("test", "value", value, "nested", nested)
		slog.New(slog.NewJSONHandler(&logged, nil)).Info("test", "value", value, "nested", nested)
		text := fmt.Sprintf("%v %+v %#v %s %q %v %+v %#v", value, value, value, value, value, nested, nested, nested) +
			fmt.Sprintf("%x %X %d", value, value, value) + fmt.Errorf("x: %v", value).Error() + string(encoded) + logged.String()
		hexed := fmt.Sprintf("%x", secret)
		if strings.Contains(text, secret) || strings.Contains(strings.ToLower(text), hexed) || !strings.Contains(text, "…") {
			t.Errorf("%T shows itself: %s", value, text)
		}
		if revealed := value.(interface{ Reveal() string }).Reveal(); revealed != secret {
			t.Errorf("%T reveals %q", value, revealed)
		}
	}
}

func TestOwnersPrintNoSecret(t *testing.T) {
	client := dial(t, "https://pretix.example", nil)
	links := newVerifier(t, nil)
	text := fmt.Sprintf("%+v %#v %+v %#v", pretix.Config{Token: testToken}, pretix.LinkConfig{Secrets: []pretix.LinkSecret{linkSecret}}, client, links) +
		fmt.Sprintf("%s %q %x", links, links, links)
	if strings.Contains(text, testToken) || strings.Contains(text, linkSecret) || strings.Contains(text, fmt.Sprint([]byte(linkSecret))) {
		t.Error(text)
	}
}

// However a call fails, the error holds no address, token, ticket secret or order code.
func TestErrorsHoldNoSecret(t *testing.T) {
	echo := func(w http.ResponseWriter, r *http.Request) {
		says(400, fmt.Sprintf(`{"secret":["%s is no ticket"]}`, ticket))(w, r)
	}
	answers := map[string]http.HandlerFunc{
		"reset":    func(w http.ResponseWriter, _ *http.Request) { hangUp(w) },
		"silence":  silence,
		"bug":      says(500, ""),
		"html":     says(200, "<html>"+ticket, "Content-Type", "text/html"),
		"broken":   says(201, `{"status":"ok","position":"`+ticket+`"`),
		"types":    says(201, `{"status":"ok","position":"`+ticket+`"}`),
		"redirect": says(302, "", "Location", "https://elsewhere.example/TRF01"),
		"echo":     echo,
	}
	for name, answer := range answers {
		t.Run(name, func(t *testing.T) {
			address := listen(t, answer)
			client := dial(t, address, func(c *pretix.Config) { c.Timeout = 100 * time.Millisecond })
			_, orderErr := client.Order(t.Context(), "gutschein", "TRF01")
			_, redeemErr := client.Redeem(t.Context(), pretix.Redeem{Secret: ticket, Lists: []int64{1}, Nonce: "n"})
			for _, err := range []error{orderErr, redeemErr} {
				if err == nil {
					t.Fatal("no error")
				}
				text := fmt.Sprintf("%v %+v", err, err)
				for _, secret := range []string{testToken, "TRF01", "http://", "/api/v1"} {
					if strings.Contains(text, secret) {
						t.Errorf("%q is in %s", secret, text)
					}
				}
			}
			if text := redeemErr.Error(); strings.Contains(text, ticket) {
				t.Errorf("the ticket is in %s", text)
			}
		})
	}
}
