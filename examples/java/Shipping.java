import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Ships orders, as a member of a group. What is shipped is committed now and then, and before a partition is given up: the
 * next owner begins where this one ended.
 */
public class Shipping implements ConsumerRebalanceListener {
  protected final Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>(); // not committed yet
  private final Duration commitEvery = Duration.ofMillis(Long.parseLong(System.getenv("COMMIT_EVERY_MS")));
  private final KafkaConsumer<String, String> consumer;
  private volatile boolean stopping;

  public Shipping() {
    Properties config = new Properties();
    config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, System.getenv("BOOTSTRAP_SERVERS"));
    config.put(ConsumerConfig.CLIENT_ID_CONFIG, System.getenv("CLIENT_ID"));
    config.put(ConsumerConfig.GROUP_ID_CONFIG, System.getenv("GROUP_ID"));
    config.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 500);
    consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
  }

  public static void main(String[] args) {
    new Shipping().run();
  }

  public void run() {
    Thread main = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      stopping = true;
      try {
        main.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }));
    try (consumer) { // closing it gives its partitions up
      consumer.subscribe(List.of(System.getenv("ORDERS_TOPIC")), this);
      Instant committed = Instant.now();
      while (!stopping) {
        for (ConsumerRecord<String, String> order : consumer.poll(Duration.ofMillis(100))) {
          ship(order);
          done.put(new TopicPartition(order.topic(), order.partition()), new OffsetAndMetadata(order.offset() + 1));
        }
        if (Instant.now().isAfter(committed.plus(commitEvery))) {
          commit(done);
          committed = Instant.now();
        }
      }
    }
  }

  private void ship(ConsumerRecord<String, String> order) {
    System.out.printf("shipped %s/%d/%d%n", order.topic(), order.partition(), order.offset());
  }

  private void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
    try {
      consumer.commitSync(offsets);
      done.keySet().removeAll(List.copyOf(offsets.keySet()));
    } catch (RebalanceInProgressException e) {
      System.out.println("a rebalance goes on: what is shipped is committed with the next commit");
    } catch (CommitFailedException e) {
      System.out.println("the group went on without this member: " + e.getMessage());
    }
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    System.out.println("got " + partitions);
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> theirs = new HashMap<>(done);
    theirs.keySet().retainAll(partitions);
    commit(theirs);
    done.keySet().removeAll(partitions);
    System.out.println("gave up " + partitions);
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    done.keySet().removeAll(partitions); // another member's by now: nothing may be committed
    System.out.println("lost " + partitions);
  }
}
