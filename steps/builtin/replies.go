package builtin

// Replies: request and reply over two topics, tied by a correlation id.

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func replySteps(s *steps.Registry) {
	s.Then("every record of {topic} has exactly one reply in {topic}, by {string}", oneReply,
		steps.Claims(steps.InTheEnd), steps.FromJournal, steps.Checked(correlationIsNamed))
	s.Then("every record of {topic} has exactly one reply in {topic}, by {string}, at most {duration} later",
		oneReplyInTime, steps.Claims(steps.InTheEnd), steps.Checked(correlationIsNamed))
}

func correlationIsNamed(_ world.Surroundings, m steps.Match) error {
	by := m.Names("string")[0]
	if name, singular := strings.CutPrefix(by, "header."); singular {
		return fmt.Errorf("got %q, which would be a field of the value; did you mean \"headers.%s\"?", by, name)
	}
	if by == "" || by == "headers." {
		return fmt.Errorf("got %q, want headers.NAME, key, or a field", by)
	}
	return nil
}

// oneReply judges request and reply: each record of the first topic has one record in the second that has its
// correlation id, and none there answers what nobody asked. The id is a header, headers.NAME, whose bytes are compared;
// it may be key or a field of the JSON values as well. Every record of both topics must have one. Not looked at: what
// requests and replies hold beside the id, and the order of replies.
//
//	Given topic "requests" with 1 partition
//	And topic "replies" with 1 partition
//	And these records are in "requests":
//	  | value | headers.correlation-id |
//	  | 2 + 3 | a1                     |
//	And these records are in "replies":
//	  | value | headers.correlation-id |
//	  | 5     | a1                     |
//	Then every record of "requests" has exactly one reply in "replies", by "headers.correlation-id"
func oneReply(ctx context.Context, requests, replies *world.Topic, by string) error {
	if by != "key" && !strings.HasPrefix(by, "headers.") {
		if err := world.FromContext(ctx).NeedsValues(); err != nil {
			return err
		}
	}
	return judgeReplies(ctx, requests, replies, by, 0)
}

// oneReplyInTime judges the same, and how late replies are: the timestamp of each is at most that much after the one of
// its request. Both are those of the records, so of the clocks of who wrote them, unless a topic has LogAppendTime. Not
// looked at: what requests and replies hold beside the id, and the order of replies.
//
//	Given topic "requests" with 1 partition
//	And topic "replies" with 1 partition
//	And these records are in "requests":
//	  | value | headers.correlation-id | timestamp            |
//	  | 2 + 3 | a1                     | 2026-03-01T10:00:00Z |
//	And these records are in "replies":
//	  | value | headers.correlation-id | timestamp                |
//	  | 5     | a1                     | 2026-03-01T10:00:00.200Z |
//	Then every record of "requests" has exactly one reply in "replies", by "headers.correlation-id", at most 500ms later
func oneReplyInTime(ctx context.Context, requests, replies *world.Topic, by string, within time.Duration) error {
	return judgeReplies(ctx, requests, replies, by, within)
}

// judgeReplies reads the replies first, so that the request of each has been read.
func judgeReplies(ctx context.Context, requests, replies *world.Topic, by string, within time.Duration) error {
	judge := verdict.NewReplies(requests.Name, replies.Name, by, within)
	return judgeTopics(ctx, judge.Result,
		world.Feed{Topic: replies, See: judge.Reply, Gone: judge.Reply, Certain: verdict.AllBut(verdict.MissingReply),
			Once: true},
		world.Feed{Topic: requests, See: judge.Request, Gone: judge.Request, Unread: judge.Unread,
			Certain: verdict.AllBut(verdict.Unexpected), Once: true})
}
