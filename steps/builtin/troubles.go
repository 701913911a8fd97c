package builtin

// Troubles: what can be wrong with an HTTP service that the scenario stands in for.

import (
	"errors"
	"fmt"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/words"

	"github.com/kafkaspec/kafkaspec/pkg/stub"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

// serviceParts are what is wrong with services, and how long.
func serviceParts(s *steps.Registry) {
	steps.AddPart[lasting](s, "lasting", "how long something is wrong with an HTTP service",
		steps.Form("for {duration}", forTime),
		steps.Form("for the next {count} request(s)", forRequests))
	steps.AddPart[trouble](s, "trouble", "what is wrong with an HTTP service, for applications",
		steps.Form("is down", serviceIsDown),
		steps.Form("is down {lasting}", serviceIsDownFor),
		steps.Form("answers with status {status}", serviceAnswersStatus),
		steps.Form("answers with status {status} {lasting}", serviceAnswersStatusFor),
		steps.Form("is slow by {duration}", serviceIsSlow),
		steps.Form("is slow by {duration} {lasting}", serviceIsSlowFor),
		steps.Form("acts and loses its answers", serviceLosesAnswers),
		steps.Form("acts and loses its answers {lasting}", serviceLosesAnswersFor),
		steps.Form("keeps silent {lasting}", serviceKeepsSilentFor),
		steps.Form("is up again", serviceIsUp),
		steps.Form("has been asked", serviceHasBeenAsked))
}

// lasting is how long a trouble lasts.
type lasting struct {
	times int
	long  time.Duration
	words string // as the step says it
}

// forTime lasts so long, from the step on.
//
//	Given an HTTP service "payments"
//	And the HTTP service "payments" answers with status 503 for 1m
//	When the HTTP service "payments" is asked POST "/payments"
//	Then the answer has status 503
func forTime(d time.Duration) lasting { return lasting{long: d, words: " for " + d.String()} }

// forRequests lasts for so many requests. Where fewer come, the scenario is inconclusive.
//
//	Given an HTTP service "payments"
//	And the HTTP service "payments" is down for the next 1 request
//	Then the HTTP service "payments" does not answer GET "/health"
//	And the HTTP service "payments" answers GET "/health" with status 200
func forRequests(n int64) (lasting, error) {
	if n < 1 {
		return lasting{}, fmt.Errorf("got the next %d requests, want at least 1", n)
	}
	return lasting{times: int(n), words: " for the next " + words.Counted(n, "request")}, nil
}

// disturbs begins a trouble.
func disturbs(what stub.Trouble, words string, lasts lasting) trouble {
	what.Times, what.For = lasts.times, lasts.long
	return trouble{at: func(s *world.Service) error {
		what := what
		what.Name = fmt.Sprintf("the HTTP service %q %s%s", s.Name, words, lasts.words)
		return s.Disturb(what)
	}}
}

// serviceIsDown closes the connection of each request without an answer, until the service is up again.
//
//	Given an HTTP service "payments"
//	And the HTTP service "payments" is down
//	Then the HTTP service "payments" does not answer GET "/health"
func serviceIsDown() trouble { return serviceIsDownFor(lasting{}) }

// serviceIsDownFor closes the connections of so many requests, or for so long.
//
//	Given an HTTP service "payments"
//	And the HTTP service "payments" is down for the next 1 request
//	Then the HTTP service "payments" does not answer GET "/health"
//	And the HTTP service "payments" answers GET "/health" with status 200
func serviceIsDownFor(lasts lasting) trouble { return disturbs(stub.Down(), "is down", lasts) }

// serviceAnswersStatus gives a status in place of an answer, until the service is up again. With one of 400 or more the
// service has not acted.
//
//	Given an HTTP service "payments"
//	And the HTTP service "payments" answers with status 503
//	When the HTTP service "payments" is asked POST "/payments"
//	Then the answer has status 503
func serviceAnswersStatus(status int) trouble { return serviceAnswersStatusFor(status, lasting{}) }

// serviceAnswersStatusFor gives a status to so many requests, or for so long.
//
//	Given an HTTP service "payments"
//	And the HTTP service "payments" answers with status 503 for the next 2 requests
//	When the HTTP service "payments" is asked 2 times POST "/payments"
//	Then the answers have status 503
func serviceAnswersStatusFor(status int, lasts lasting) trouble {
	return disturbs(stub.Failing(status), fmt.Sprintf("answers with status %d", status), lasts)
}

// serviceIsSlow answers that much later, until the service is up again. It has acted at once.
//
//	Given an HTTP service "payments"
//	And the HTTP service "payments" is slow by 20ms
//	When the HTTP service "payments" is asked POST "/payments"
//	Then the answer has status 200
func serviceIsSlow(by time.Duration) trouble { return serviceIsSlowFor(by, lasting{}) }

// serviceIsSlowFor answers so many requests later, or all for so long.
//
//	Given an HTTP service "payments"
//	And the HTTP service "payments" is slow by 20ms for the next 1 request
//	When the HTTP service "payments" is asked POST "/payments"
//	Then the answer has status 200
func serviceIsSlowFor(by time.Duration, lasts lasting) trouble {
	return disturbs(stub.Slow(by), "is slow by "+by.String(), lasts)
}

// serviceLosesAnswers acts as it is asked, and closes the connection in place of the answer: the lost acknowledgement.
// It lasts until the service is up again. Such a request counts as one that the service has accepted.
//
//	Given topic "orders" with 1 partition
//	And these records are in "orders":
//	  | key | value |
//	  | o-1 | a     |
//	And an HTTP service "payments"
//	And the HTTP service "payments" acts and loses its answers
//	Then the HTTP service "payments" does not answer GET "/payments/o-1"
//	When the HTTP service "payments" is up again
//	And the HTTP service "payments" is asked POST "/payments/o-1"
//	Then every record of "orders" caused exactly one request to "payments"
func serviceLosesAnswers() trouble { return serviceLosesAnswersFor(lasting{}) }

// serviceLosesAnswersFor acts on so many requests without an answer, or on all for so long.
//
//	Given an HTTP service "payments"
//	And the HTTP service "payments" acts and loses its answers for the next 1 request
//	Then the HTTP service "payments" does not answer GET "/payments/o-1"
func serviceLosesAnswersFor(lasts lasting) trouble {
	return disturbs(stub.Lost(), "acts and loses its answers", lasts)
}

// serviceKeepsSilentFor takes requests and does not act or answer: so many, until the service is up again, or all for
// so long. Their connections are closed then.
//
//	Given an HTTP service "payments"
//	And the HTTP service "payments" keeps silent for 1s
//	Then the HTTP service "payments" does not answer GET "/health"
func serviceKeepsSilentFor(lasts lasting) trouble {
	return disturbs(stub.Silent(), "keeps silent", lasts)
}

// serviceIsUp ends what is wrong with the service.
//
//	Given an HTTP service "payments"
//	And the HTTP service "payments" answers with status 503
//	When the HTTP service "payments" is asked POST "/payments"
//	And the HTTP service "payments" is up again
//	And the HTTP service "payments" is asked POST "/payments"
//	Then the answer has status 200
func serviceIsUp() trouble { return trouble{at: (*world.Service).Up} }

// serviceHasBeenAsked waits for the first request to the service. Not looked at: what it was, and who asked.
//
//	Given an HTTP service "payments"
//	When the HTTP service "payments" is asked POST "/payments"
//	Then the HTTP service "payments" has been asked
func serviceHasBeenAsked() trouble {
	return trouble{at: func(s *world.Service) error {
		facts, err := s.Asked()
		if err == nil && len(facts) == 0 {
			err = errors.New("nobody has asked the service yet")
		}
		return err
	}, options: []steps.Option{steps.Awaited, steps.Claims(steps.Eventually)}}
}
