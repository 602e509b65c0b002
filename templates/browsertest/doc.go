// Package browsertest drives a real Chromium in tests: it opens pages as a phone or a desk would, listens to the console,
// takes pictures and asks axe-core for accessibility mistakes. It knows no page of ours.
//
//	browser := browsertest.Start(t)
//	page := browser.Page(t, browsertest.View{Width: 390, Height: 844, Dark: true, Language: "de"})
//	page.Open(server.URL + "/ticket?token=…")
//	page.Click("button")
//	page.WaitFor(`document.title.includes("Raum")`)
//	page.Screenshot("admitted")
//	page.NoErrors()
//	page.NoViolations()
//
// Start skips the test where there is no Chromium, and fails it when CI=true. The browser is $CHROMIUM or the first of
// chromium, chromium-browser and google-chrome in PATH. Pictures go to $EINLASS_ARTIFACTS, by default artifacts/ beside
// go.mod. Start reading at browser.go.
package browsertest
