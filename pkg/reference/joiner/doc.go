// Package joiner joins two topics by event time: each payment with the user as he or she was when it was made.
//
// It shows a stream-table join that gives the same answer in whatever order its two topics arrive, and gives it exactly
// once. Users are a table with versions: a record of user_events says what is known of the user, its key, from its
// timestamp on, until the next one; a tombstone removes the user from its timestamp on. A payment meets the version in
// force at its own timestamp. What comes of it is one record: in enriched_events, the payment with the user in it; or,
// where nobody was in force, in unmatched_payments, the payment as it came, with the reason in the header join-reason.
//
// # The rule
//
// The partition's clock is the newest timestamp it has processed, of either topic. It is no wall clock: it stands while
// nothing comes, and a run over recorded events does the same at any speed. A payment of time t is decided once the
// clock has reached t + wait, neither earlier nor later, whether its user is known already or not: until then a newer
// version that was in force at t may still come. The two topics are processed in the order of timestamps, as far as
// they are there: when the next record of one is not known yet, the other waits, until the first has been read to the
// end that it had after the other's record was fetched.
//
// So the order of arrival does not matter, if only no record of a user is appended after a record of either topic that
// is newer by wait or more. For suppose a user's record of time u comes in time by that measure, and a payment of time
// t >= u is decided before it is processed. Then the clock stood at t + wait >= u + wait, which some record R had, and
// R was processed before the user's record: either R, or a user's record newer still, stood before it in the users'
// topic, or that topic was read to its end after R was fetched and did not hold it yet. So one of them was appended
// first, and is newer by wait or more, which was excluded. A payment may come as late as it likes: within history, the
// versions of its time are still there.
//
// # Its limits
//
//   - A user who comes later than that takes part from then on, but payments of that time may be gone; a warning counts
//     such users.
//   - At most buffer payments of a partition wait. One more, and the oldest leaves unmatched, with the reason
//     buffer-full: memory is bounded, and nothing is ever joined with a version that could have changed. Which ones
//     these are depends on the order of arrival.
//   - Versions that were replaced more than history ago are forgotten. A payment of such a time leaves unmatched, with
//     the reason too-old, if its user has had older versions, and never meets a wrong one.
//   - When no more events come, the last payments wait: their time has not come.
//   - Timestamps are the producers' (message.timestamp.type=CreateTime).
//
// # Once each
//
// Results, offsets and what must be remembered are one transaction (package stateful): after a restart, a crash or a
// rebalance, whoever has the partition goes on with the same users, the same payments waiting and the same time, from
// where they were committed. What waits and is decided within one transaction never reaches the changelog.
//
// Both topics need the same number of partitions, and keys placed by the same partitioner, so that a payment and its
// user meet. Other numbers are refused; or, with repartition: true, payments are first brought to a topic with as many
// partitions as users have (repartition.go).
package joiner
