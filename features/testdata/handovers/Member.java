import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.StaleMemberEpochException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.serialization.StringDeserializer;
import sun.misc.Signal;

/**
 * A member of a consumer group, with Kafka's Java client, that works on a record for 2 ms: {@code Member PROTOCOL MS}. PROTOCOL
 * is consumer, for KIP-848, or an assignor of the classic protocol; each assignment takes so many milliseconds.
 */
public final class Member implements ConsumerRebalanceListener {
  private static final Map<String, String> ASSIGNORS =
      Map.of("range", "RangeAssignor", "cooperative-sticky", "CooperativeStickyAssignor");

  private static volatile boolean stopping;

  private final Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>();
  private final long slowness;
  private final KafkaConsumer<String, String> consumer;

  private Member(String protocol, long slowness) {
    this.slowness = slowness;
    Map<String, Object> settings = new HashMap<>(Map.of(
        "bootstrap.servers", System.getenv("KAFKA_BOOTSTRAP_SERVERS"), "group.id", System.getenv("KAFKA_GROUP_ID"),
        "auto.offset.reset", "earliest", "enable.auto.commit", "false", "max.poll.records", "50", "fetch.max.wait.ms", "100",
        "retry.backoff.ms", "20", "reconnect.backoff.ms", "20"));
    if (protocol.equals("consumer")) {
      settings.put("group.protocol", "consumer");
    } else {
      settings.putAll(Map.of("session.timeout.ms", "4000", "heartbeat.interval.ms", "200", "partition.assignment.strategy",
          "org.apache.kafka.clients.consumer." + ASSIGNORS.get(protocol)));
    }
    consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
  }

  public static void main(String[] args) throws Exception {
    Signal.handle(new Signal("TERM"), signal -> stopping = true);
    Member member = new Member(args[0], Long.parseLong(args[1]));
    try (member.consumer) {
      member.run();
    }
  }

  private void run() throws InterruptedException {
    consumer.subscribe(List.of(System.getenv("KAFKA_INPUT_TOPICS")), this);
    while (!stopping) {
      for (ConsumerRecord<String, String> r : poll()) {
        Thread.sleep(2);
        System.out.println("level=INFO msg=processed topic=" + r.topic() + " partition=" + r.partition() + " offset=" + r.offset()
            + " key=" + r.key());
        done.put(new TopicPartition(r.topic(), r.partition()), new OffsetAndMetadata(r.offset() + 1));
      }
      commit(done);
    }
  }

  /** Polls. To one that was frozen before it had read where to begin, the client says so, and joins again with the next poll. */
  private ConsumerRecords<String, String> poll() {
    try {
      return consumer.poll(Duration.ofMillis(100));
    } catch (UnknownMemberIdException | StaleMemberEpochException e) {
      System.out.println("level=WARN msg=poll error=" + e.getClass().getSimpleName());
      return ConsumerRecords.empty();
    }
  }

  /** Commits. What the group does not take, as it goes on without this member, is somebody else's. */
  private void commit(Map<TopicPartition, OffsetAndMetadata> marks) {
    try {
      if (!marks.isEmpty()) {
        consumer.commitSync(marks);
      }
    } catch (RebalanceInProgressException e) {
      System.out.println("level=WARN msg=commit text=\"the next one takes it\"");
    } catch (KafkaException e) {
      System.out.println("level=WARN msg=commit error=" + e.getClass().getSimpleName());
    }
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    System.out.println("level=INFO msg=assigned partitions=" + Arrays.toString(partitions.stream().map(TopicPartition::partition)
        .toArray()).replaceAll("[\\[\\] ]", ""));
    try {
      Thread.sleep(partitions.isEmpty() ? 0 : slowness);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> marks = new HashMap<>(done);
    marks.keySet().retainAll(partitions);
    commit(marks);
    done.keySet().removeAll(partitions);
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    done.keySet().removeAll(partitions);
  }
}
